//! External IDs of every length that AWS takes, sent and wanted, and every report searched for them.

use rolecall::model::Selection;
use rolecall::report::{Masks, ReportFormat, render};
use rolecall::sandbox::World;
use serde_json::{Value, json};

use crate::demo::check_in;

/// AWS takes 2 to 1224 characters; 160 is as much as a sentence shows of another value, 1000 as much as evidence does.
const LENGTHS: [usize; 12] = [2, 7, 8, 15, 80, 159, 160, 161, 400, 1_000, 1_001, 1_224];

const FORMATS: [ReportFormat; 4] = [ReportFormat::Text, ReportFormat::Json, ReportFormat::Markdown, ReportFormat::Html];

/// So long, of two letters that stand side by side in no other text.
fn id(letters: &str, length: usize) -> String {
    letters.chars().cycle().take(length).collect()
}

/// The world, its trust policy wanting these, with this one sent.
fn world(wanted: &[String]) -> World {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/sandbox/wave-external-id.json");
    let mut world: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut replaced = 0;
    replace(&mut world, &json!(wanted), &mut replaced);
    assert!(replaced > 0, "the world asks for an external ID");
    World::from_json(&world.to_string()).unwrap()
}

fn replace(value: &mut Value, wanted: &Value, replaced: &mut usize) {
    match value {
        Value::Array(all) => all.iter_mut().for_each(|one| replace(one, wanted, replaced)),
        Value::Object(members) => {
            for (name, one) in members {
                if name == "sts:ExternalId" {
                    *one = wanted.clone();
                    *replaced += 1;
                } else {
                    replace(one, wanted, replaced);
                }
            }
        }
        _ => {}
    }
}

fn sending(world: &World, id: &str) -> Selection {
    let mut selection = world.selection();
    selection.system.as_mut().unwrap().typed.insert("external-id".into(), id.into());
    selection
}

#[test]
fn no_report_holds_a_part_of_an_external_id_however_long_it_is() {
    for length in LENGTHS {
        let (sent, wanted) = (id("Qz", length), id("Jx", length));
        let world = world(std::slice::from_ref(&wanted));
        let (checked, _) = check_in(&world, sending(&world, &sent));
        let told = checked.judgement.findings.iter().any(|finding| finding.claim.contains(&sent));
        assert!(told, "{length}: a sentence says what was sent, whole: {:?}", checked.judgement.findings);
        for format in FORMATS {
            let text = render(&checked.report(), format, &Masks::default());
            for letters in ["Qz", "Jx"] {
                assert!(!text.contains(letters), "{length}, {format:?}: {letters}\n{text}");
            }
            let shown = render(&checked.report_with_external_ids(), format, &Masks::default());
            assert!(shown.contains("Qz") && shown.contains("Jx"), "{length}, {format:?}: asked for, they are shown");
        }
    }
}

#[test]
fn several_long_ones_in_one_sentence_are_masked_before_it_is_cut() {
    let wanted = ["Jx", "Kv", "Wq", "Xj"].map(|letters| id(letters, 1_224));
    let world = world(&wanted);
    let (checked, _) = check_in(&world, sending(&world, &id("Qz", 1_224)));
    for format in FORMATS {
        let text = render(&checked.report(), format, &Masks::default());
        for letters in ["Qz", "Jx", "Kv", "Wq", "Xj"] {
            assert!(!text.contains(&letters.repeat(2)), "{format:?}: {letters}\n{text}");
        }
    }
}
