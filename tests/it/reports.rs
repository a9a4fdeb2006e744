//! Reports as a user has them written: into files, in each format.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use rolecall::explain::save;
use rolecall::report::{self, Masks, ReportFormat};
use rolecall::sandbox::World;
use serde_json::Value;

use crate::demo::check_in;
use crate::raw_bytes::{Sink, strangers};

const ROLE: &str = "arn:aws:iam::111122223333:role/ReadQuiltV2-quilt-prod";

fn check(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rolecall"))
        .args(["check", "--demo=quilt-untouched"])
        .args(arguments)
        .env_clear()
        .current_dir(folder)
        .output()
        .unwrap()
}

#[test]
fn the_ending_of_a_name_is_the_format_and_the_file_is_the_owners_alone() {
    let folder = tempfile::tempdir().unwrap();
    let written = |name: &str, arguments: &[&str]| {
        let output = check(folder.path(), &[&["-o", name], arguments].concat());
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(output.stdout.is_empty());
        let path = folder.path().join(name);
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{name}");
        std::fs::read_to_string(path).unwrap()
    };
    assert!(written("a.md", &[]).starts_with("# Role-based access of stack quilt-prod\n"));
    assert!(written("a.html", &[]).starts_with("<!DOCTYPE html>"));
    assert!(serde_json::from_str::<Value>(&written("a.json", &[])).is_ok());
    assert!(written("a.txt", &[]).contains("\nErrors\n") && written("a", &[]).contains("\nErrors\n"));
    std::fs::set_permissions(folder.path().join("a"), std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(written("a", &["--format", "markdown"]).starts_with("# "), "a flag wins, and the file is replaced");
    std::os::unix::fs::symlink("a.md", folder.path().join("link.html")).unwrap();
    assert!(written("link.html", &[]).starts_with("<!DOCTYPE html>"));
    assert!(folder.path().join("link.html").is_symlink(), "what a link leads to is written");

    let nowhere = check(folder.path(), &["-o", "no/such/folder.md"]);
    assert_eq!(nowhere.status.code(), Some(70));
    assert!(String::from_utf8_lossy(&nowhere.stderr).contains("no/such/folder.md cannot be written"));
    let device = check(folder.path(), &["-o", "/dev/stdout", "--format", "json"]);
    assert!(serde_json::from_slice::<Value>(&device.stdout).is_ok(), "what is no file is written to as it is");
}

#[test]
fn a_diagnosed_case_can_be_taken_out_of_the_report_and_replayed() {
    let folder = tempfile::tempdir().unwrap();
    let asked = ["--role", ROLE, "--external-id", "canary-id-42", "--format", "json"];
    for masks in [&[][..], &["--mask-accounts"]] {
        let output = check(folder.path(), &[&asked[..], masks].concat());
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(!text.contains("canary-id-42") && text.contains("<external-id-1>"));
        assert_eq!(text.contains("111122223333"), masks.is_empty());
        let report: Value = serde_json::from_str(&text).unwrap();
        let verdict = &report["verdicts"][0];
        std::fs::write(folder.path().join("case.json"), verdict["case"].to_string()).unwrap();
        let explained = Command::new(env!("CARGO_BIN_EXE_rolecall"))
            .args(["explain", "case.json", "--format", "json"])
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert_eq!(String::from_utf8_lossy(&explained.stderr), "");
        let answer: Value = serde_json::from_slice(&explained.stdout).unwrap();
        assert_eq!((&answer["verdict"], &answer["cause"]), (&verdict["verdict"], &verdict["cause"]));
    }
    let shown = check(folder.path(), &[&asked[..], &["--show-external-ids"]].concat());
    assert!(String::from_utf8_lossy(&shown.stdout).contains("canary-id-42"));
}

/// Whatever a world holds, every format of its report is text alone, follows its schema, and holds no external ID and no secret.
#[test]
fn every_world_prints_in_every_format() {
    let schema = jsonschema::validator_for(&serde_json::from_str(report::SCHEMA).unwrap()).unwrap();
    for name in World::names() {
        let world = World::load(name).unwrap();
        let (checked, _) = check_in(&world, world.selection());
        let hops = checked.facts.path.hops.iter().filter_map(|hop| hop.detail.known());
        let roles = checked.facts.roles.values().filter_map(|role| role.detail.known());
        let mut hidden: Vec<String> = hops
            .chain(roles)
            .flat_map(|detail| save::external_ids(&serde_json::from_str(&detail.trust_text).unwrap_or_default()))
            .chain(world.selection().inquiry.into_iter().flat_map(|asked| asked.hops).filter_map(|hop| hop.external_id))
            .filter(|id| id.len() > 5)
            .collect();
        hidden.push("demo-client-secret".into());
        let report = checked.report();
        for (format, accounts) in ReportFormat::ALL.into_iter().flat_map(|format| [(format, false), (format, true)]) {
            let text = report::render(&report, format, &Masks { accounts });
            let place = format!("{name}, {format:?}, accounts masked: {accounts}");
            assert_eq!(strangers(text.as_bytes(), Sink::Text), Vec::<String>::new(), "{place}");
            for secret in &hidden {
                assert!(!text.contains(secret.as_str()), "{place}: {secret}");
            }
            match format {
                ReportFormat::Json => {
                    let value: Value = serde_json::from_str(&text).unwrap();
                    let faults: Vec<String> =
                        schema.iter_errors(&value).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
                    assert_eq!(faults, Vec::<String>::new(), "{place}");
                }
                ReportFormat::Html => {
                    let page = scraper::Html::parse_document(&text);
                    let loads =
                        scraper::Selector::parse("script, img, link, a, iframe, [src], [href], [style]").unwrap();
                    assert_eq!(page.select(&loads).count(), 0, "{place}");
                }
                ReportFormat::Markdown => {
                    for event in pulldown_cmark::Parser::new_ext(&text, pulldown_cmark::Options::ENABLE_TABLES) {
                        use pulldown_cmark::{Event, Tag};
                        let strange = matches!(
                            event,
                            Event::Html(_) | Event::InlineHtml(_) | Event::Start(Tag::Link { .. } | Tag::Image { .. })
                        );
                        assert!(!strange, "{place}: {event:?}");
                    }
                }
                ReportFormat::Text => {}
            }
        }
    }
}
