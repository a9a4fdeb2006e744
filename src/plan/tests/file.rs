//! What becomes of a file in place of Secrets Manager.

use std::path::PathBuf;

use super::*;
use crate::model::facts::TargetFile;
use crate::model::plan::FileChange;

fn to(path: &str) -> Selection {
    let mut selection = Selection::new();
    selection.migration.to_file = Some(path.into());
    selection
}

/// Nothing of AWS was looked up.
fn offline(file: Fact<TargetFile>) -> Facts {
    let mut facts = Facts::new("2026-03-04T12:00:00Z".parse().unwrap());
    facts.migration.file = file;
    facts
}

fn holding(text: &str, mode: u32) -> Facts {
    offline(Fact::Known(TargetFile { text: text.into(), mode: Some(mode) }))
}

fn filled(facts: &Facts, selection: &Selection) -> Draft {
    let mut draft = Draft::from_facts(facts, selection);
    for (key, value) in answers() {
        draft.set(key, value);
    }
    draft
}

fn file_change(plan: &Plan) -> &FileChange {
    assert_eq!(plan.blocked, Vec::<String>::new());
    let [Change::File(change)] = &plan.changes[..] else { panic!("{:?}", plan.changes) };
    change
}

#[test]
fn a_new_file_has_the_eleven_keys_and_needs_nothing_of_aws() {
    let (facts, selection) = (offline(Fact::Absent), to("/home/ada/secret.json"));
    let plan = plan(&facts, &selection, &filled(&facts, &selection));
    let change = file_change(&plan);
    assert_eq!(change.path, PathBuf::from("/home/ada/secret.json"));
    assert_eq!((&change.replaces, change.tightens_mode), (&None, None));
    let written: serde_json::Map<String, Json> = serde_json::from_str(change.content.expose()).unwrap();
    assert!(written.keys().map(String::as_str).eq(Key::ALL.map(Key::name)));
    let printed = format!("{plan:?}");
    assert!(!printed.contains(CANARY), "{printed}");
    let mut known = facts;
    known.identity = before_onboarding().identity;
    assert_eq!(super::plan(&known, &selection, &filled(&known, &selection)).id, plan.id);
}

#[test]
fn written_once_it_is_left_alone_and_a_mode_for_others_is_tightened() {
    let (facts, selection) = (offline(Fact::Absent), to("/home/ada/secret.json"));
    let text = file_change(&plan(&facts, &selection, &filled(&facts, &selection))).content.clone();
    let spaced = text.expose().replace('\n', " \n");
    for (there, mode) in [(text.expose(), 0o600), (&spaced, 0o400)] {
        let facts = holding(there, mode);
        let again = plan(&facts, &selection, &Draft::from_facts(&facts, &selection));
        assert!(again.is_empty() && again.blocked.is_empty(), "{again:?}");
    }
    let facts = holding(&spaced, 0o644);
    let tightened = plan(&facts, &selection, &Draft::from_facts(&facts, &selection));
    let change = file_change(&tightened);
    assert!(change.only_tightens_mode() && change.content.expose() == spaced);
    assert!(change.fields.iter().all(|field| field.kind == FieldKind::Same));
}

#[test]
fn what_it_holds_is_kept_but_for_what_changes_and_what_cannot_be_read_is_replaced_whole() {
    let selection = to("secret.json");
    let facts = holding(r#"{"mine" : 1e2, "tenant": "quilt-dtt"}"#, 0o600);
    let plan = plan(&facts, &selection, &filled(&facts, &selection));
    let change = file_change(&plan);
    assert!(change.content.expose().contains(r#""mine" : 1e2,"#));
    assert_eq!(field(&change.fields, "tenant").kind, FieldKind::Same, "small letters: both are written");
    assert_eq!(change.replaces.as_ref().unwrap().expose(), r#"{"mine" : 1e2, "tenant": "quilt-dtt"}"#);

    let facts = holding("not json", 0o600);
    let plan = super::plan(&facts, &selection, &filled(&facts, &selection));
    let line = field(&file_change(&plan).fields, "(the whole content)");
    assert_eq!(line.after, "kept as a backup");
    assert_eq!(file_change(&plan).replaces.as_ref().unwrap().expose(), "not json");
}

#[test]
fn no_config_and_nothing_that_was_not_read_is_written_over() {
    let mut facts = offline(Fact::Absent);
    facts.machine =
        Fact::Known(Machine { config_root: "/home/ada/.config/benchling-webhook".into(), ..Machine::default() });
    for path in ["config.json", "/x/CONFIG.JSON", "/home/ada/.config/benchling-webhook/default/secret.json"] {
        let plan = plan(&facts, &to(path), &filled(&facts, &to(path)));
        assert!(plan.changes.is_empty());
        assert_eq!(
            plan.blocked,
            [format!(
                "The secret is not written to {path}: that is where the webhook's own config.json belongs. Name another file."
            )]
        );
    }
    let selection = to("a/b.json");
    let error = AwsError::local(ErrorKind::Other, "file", "a/b.json is a symbolic link");
    for (file, why) in [
        (Fact::NotAsked, "The file a/b.json is still being read."),
        (Fact::Failed(error), "The file a/b.json cannot be written: a/b.json is a symbolic link."),
    ] {
        let facts = offline(file);
        assert_eq!(plan(&facts, &selection, &filled(&facts, &selection)).blocked, [why]);
    }
}
