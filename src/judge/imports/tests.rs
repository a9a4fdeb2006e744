use std::path::PathBuf;

use proptest::prelude::*;

use crate::judge::scene::{VALUES, denied};
use crate::judge::{Judgement, judge};
use crate::model::facts::{Ancestor, ConfigFile, ImportContent, Imported};
use crate::model::{
    AwsError, ErrorKind, Fact, Facts, Finding, ImportSource, Reader, Selection, Severity, VersionChoice,
};
use crate::secret::Key;
use crate::values::time::Timestamp;

fn text(text: &str) -> Fact<ImportContent> {
    with_mode(text, None)
}

fn with_mode(text: &str, mode: Option<u32>) -> Fact<ImportContent> {
    Fact::Known(ImportContent::Text { text: text.into(), version_id: None, mode })
}

fn env(name: &str) -> ImportSource {
    ImportSource::EnvFile(PathBuf::from(name))
}

fn file(name: &str) -> ImportSource {
    ImportSource::File(PathBuf::from(name))
}

fn secret(id: &str, version: VersionChoice) -> ImportSource {
    ImportSource::Secret { id: id.into(), version }
}

/// Only the sources are known: no credentials, no stack, no secret, no `config.json`.
fn of(sources: &[(ImportSource, Fact<ImportContent>)]) -> (Facts, Selection) {
    let (mut facts, mut selection) = (Facts::new(Timestamp::UNIX_EPOCH), Selection::new());
    for (source, content) in sources {
        selection.migration.imports.push(source.clone());
        facts.migration.imports.push(Imported { source: source.clone(), content: content.clone() });
    }
    (facts, selection)
}

fn judged(sources: &[(ImportSource, Fact<ImportContent>)]) -> Judgement {
    let (facts, selection) = of(sources);
    let judged = judge(&facts, &selection);
    assert!(!format!("{judged:?}").contains("canary"), "{judged:#?}");
    judged
}

fn find<'j>(judged: &'j Judgement, id: &str, subject: &str) -> &'j Finding {
    let found = judged.findings.iter().find(|finding| finding.id == id && finding.subject == subject);
    found.unwrap_or_else(|| panic!("no {id} about {subject}: {:#?}", judged.findings))
}

fn all_lines(finding: &Finding) -> String {
    [vec![finding.claim.clone()], finding.evidence.clone()].concat().join("\n")
}

/// All but the key that shipped versions do not have, under the names of earlier versions.
const OLD: &str = "BENCHLING_TENANT=acme
BENCHLING_CLIENT_ID=wqFabcdefgYe
BENCHLING_CLIENT_SECRET='canary-client-secret'
BENCHLING_APP_DEFINITION_ID=appdef_wqFabc
LOG_LEVEL=INFO
PKG_PREFIX=benchling
PKG_KEY=experiment_id
QUILT_USER_BUCKET=quilt-user-bucket
ENABLE_WEBHOOK_VERIFICATION=true
WEBHOOK_ALLOW_LIST=
QUILT_CATALOG=quilt.example.com
";

#[test]
fn no_source_no_finding() {
    assert_eq!(judged(&[]).findings, []);
    let pending = judged(&[(env("prod.env"), Fact::Pending(None)), (env("other.env"), text(OLD))]);
    assert_eq!(pending.findings.len(), 1, "what is missing is not known before all was read: {pending:#?}");
}

#[test]
fn an_env_file_is_judged_without_anything_else() {
    let judged = judged(&[(env("prod.env"), text(OLD))]);
    let read = find(&judged, "secret/source", "env file prod.env");
    assert_eq!(read.severity, Severity::Info);
    assert_eq!(read.claim, "Env file prod.env was read as environment variables: it gives 10 of 11 keys.");
    let lines = all_lines(read);
    assert!(lines.contains("TENANT: a value under the name BENCHLING_TENANT"), "{lines}");
    assert!(lines.contains("QUILT_CATALOG. Remove them after the migration."), "{lines}");
    let missing = find(&judged, "secret/keys", "env file prod.env");
    assert_eq!(missing.severity, Severity::Error);
    assert_eq!(missing.claim, "1 of 11 keys is not given by env file prod.env: ECR_REPOSITORY_NAME.");
    assert_eq!(missing.fixes[0].command.as_deref(), Some("rolecall secret --env-file prod.env"));
}

#[test]
fn what_is_missing_is_said_at_once_with_the_names_it_was_looked_for_under() {
    let judged = judged(&[(env("prod.env"), text("TENANT=\nLOG_LEVEL=INFO\nCLIENT_SECRET\n"))]);
    let missing = find(&judged, "secret/keys", "env file prod.env");
    assert!(
        missing.claim.starts_with("10 of 11 keys are not given by env file prod.env: CLIENT_ID, "),
        "{}",
        missing.claim
    );
    let lines = all_lines(missing);
    for words in [
        "TENANT: TENANT is empty in env file prod.env",
        "USER_BUCKET as BENCHLING_PKG_BUCKET or QUILT_USER_BUCKET",
        "TENANT as BENCHLING_TENANT",
    ] {
        assert!(lines.contains(words), "{words}: {lines}");
    }
}

#[test]
fn values_are_judged_where_they_stand() {
    let given = format!(
        "{}ECR_REPOSITORY_NAME=quiltdata/benchling\n",
        OLD.replace("INFO", "verbose").replace("=acme", "=two words")
    );
    let judged = judged(&[(env("prod.env"), text(&given))]);
    let level = find(&judged, "secret/values", "LOG_LEVEL of env file prod.env");
    assert_eq!(level.severity, Severity::Error);
    assert_eq!(level.fixes[0].command.as_deref(), Some("rolecall secret --env-file prod.env"), "{level:#?}");
    let tenant = find(&judged, "secret/values", "TENANT of env file prod.env");
    assert!(all_lines(tenant).contains("it stands in BENCHLING_TENANT of env file prod.env"), "{tenant:#?}");
    assert_eq!(find(&judged, "secret/keys", "env file prod.env").severity, Severity::Ok);
}

#[test]
fn values_that_are_right_are_said_to_be() {
    let whole = format!("{OLD}ECR_REPOSITORY_NAME=quiltdata/benchling\n");
    let right = judged(&[(env("prod.env"), text(&whole))]);
    for id in ["secret/keys", "secret/values"] {
        assert_eq!(find(&right, id, "env file prod.env").severity, Severity::Ok, "{id}");
    }
    assert!(right.findings.iter().all(|finding| finding.severity >= Severity::Info), "{right:#?}");
    let (first, second) = whole.split_at(whole.find("PKG_PREFIX").unwrap());
    let right = judged(&[(env("a.env"), text(first)), (env("b.env"), text(second))]);
    let values = find(&right, "secret/values", "the sources together");
    assert_eq!(values.claim, "All values that the sources together give are valid.");
}

#[test]
fn to_judge_it_for_another_reader_the_source_is_named_again() {
    let small = VALUES.to_lowercase();
    let stdin = ImportSource::Stdin(small.as_str().into());
    for (source, flags) in [(file("it is.json"), "--file 'it is.json'"), (stdin, "-")] {
        let label = source.label();
        let judged = judged(&[(source, text(&small))]);
        let dialect = find(&judged, "secret/dialect", &label);
        let commands: Vec<&str> = dialect.fixes.iter().filter_map(|fix| fix.command.as_deref()).collect();
        let wanted = format!("rolecall secret check --reader shipped {flags}");
        assert!(commands.contains(&wanted.as_str()), "{wanted}: {commands:?}");
    }
}

#[test]
fn two_sources_that_differ_are_shown_masked_and_the_first_counts() {
    let other =
        OLD.replace("acme", "acme-test").replace("canary-client-secret", "canary-other").replace("wqFabc", "wqFxyz");
    let judged = judged(&[(env("a.env"), text(OLD)), (env("b.env"), text(&other))]);
    let tenant = find(&judged, "secret/conflict", "TENANT");
    assert_eq!(tenant.severity, Severity::Warning);
    assert_eq!(
        tenant.claim,
        "TENANT has two values: BENCHLING_TENANT of env file a.env and BENCHLING_TENANT of env file b.env differ; the first counts unless another is chosen."
    );
    assert_eq!(
        tenant.evidence[..2],
        ["BENCHLING_TENANT of env file a.env: acme", "BENCHLING_TENANT of env file b.env: acme-test"]
    );
    assert!(tenant.fixes[0].what.contains("name env file b.env before env file a.env"), "{tenant:#?}");
    let client_secret = find(&judged, "secret/conflict", "CLIENT_SECRET");
    assert!(client_secret.evidence[0].ends_with("a.env: not shown"), "{client_secret:#?}");
    let client_id = find(&judged, "secret/conflict", "CLIENT_ID");
    assert!(client_id.evidence[0].ends_with(": wqF***Ye"), "{client_id:#?}");
    let conflicts = judged.findings.iter().filter(|finding| finding.id == "secret/conflict").count();
    assert_eq!(conflicts, 4, "{judged:#?}");
}

#[test]
fn one_source_can_contradict_itself() {
    let judged = judged(&[(env("a.env"), text("BENCHLING_TENANT=old\nTENANT=new\n"))]);
    let tenant = find(&judged, "secret/conflict", "TENANT");
    assert_eq!(tenant.evidence[..2], ["env file a.env: new", "BENCHLING_TENANT of env file a.env: old"]);
    assert_eq!(tenant.claim, "TENANT has two values in env file a.env: TENANT counts before BENCHLING_TENANT.");
    assert!(!all_lines(tenant).contains("named first"), "{tenant:#?}");
    assert!(tenant.fixes[0].what.starts_with("Leave only one of the two for TENANT in env file a.env"), "{tenant:#?}");
    let containers = r#"{"containerDefinitions": [{"name": "x", "environment": [{"name": "TENANT", "value": "a"}]},
        {"name": "y", "environment": [{"name": "TENANT", "value": "b"}]}]}"#;
    let judged = super::tests::judged(&[(file("task.json"), text(containers))]);
    let claim = &find(&judged, "secret/conflict", "TENANT").claim;
    assert!(claim.ends_with("file task.json: TENANT of container x counts before TENANT of container y."), "{claim}");
}

#[test]
fn a_secret_in_two_spellings_counts_by_the_reader_that_is_asked_about() {
    let both = r#"{"TENANT": "acme", "tenant": "zeta"}"#;
    for (reader, claim, value, cure) in [
        (Reader::Specification, "TENANT counts before tenant.", "acme", "put it under TENANT in file both.json."),
        (Reader::Shipped, "tenant counts before TENANT.", "zeta", "put it under tenant in file both.json."),
        (Reader::Both, "TENANT counts before tenant.", "acme", "give TENANT the same value in file both.json."),
    ] {
        let (facts, mut selection) = of(&[(file("both.json"), text(both))]);
        selection.migration.reader = Some(reader);
        let judged = judge(&facts, &selection);
        let tenant = find(&judged, "secret/conflict", "TENANT");
        assert_eq!(tenant.claim, format!("TENANT has two values in file both.json: {claim}"));
        assert!(tenant.evidence[0].ends_with(&format!(": {value}")), "{tenant:#?}");
        assert!(tenant.fixes[0].what.ends_with(cure), "{tenant:#?}");
        let draft = crate::plan::Draft::from_facts(&facts, &selection);
        assert_eq!(draft.values[&Key::Tenant].expose(), value, "what is written is what is judged");
    }
}

#[test]
fn a_reference_is_shown_with_the_command_that_reads_it() {
    let arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:hook-AbCdEf";
    let task = format!(
        r#"{{"containerDefinitions": [{{"secrets": [
            {{"name": "CLIENT_SECRET", "valueFrom": "{arn}:secret:AWSPREVIOUS:"}},
            {{"name": "TENANT", "valueFrom": "/prod/tenant"}}]}}]}}"#
    );
    let judged = judged(&[(file("task.json"), text(&task)), (env("b.env"), text("TENANT=acme"))]);
    let read = find(&judged, "secret/source", "file task.json");
    assert!(read.claim.ends_with("it gives none of the 11 keys, and says where 2 more stand."), "{read:#?}");
    let secret = find(&judged, "secret/reference", "CLIENT_SECRET");
    assert_eq!(secret.severity, Severity::Info);
    assert_eq!(secret.claim, "CLIENT_SECRET stands elsewhere: file task.json takes it from key secret of secret hook.");
    assert_eq!(
        secret.fixes[0].command.as_deref().unwrap(),
        format!(
            "aws secretsmanager get-secret-value --secret-id {arn} --version-stage AWSPREVIOUS --query SecretString --output text --region eu-west-1"
        )
    );
    let tenant = find(&judged, "secret/reference", "TENANT");
    assert!(tenant.evidence.iter().any(|line| line == "a value is given by env file b.env"), "{tenant:#?}");
    let command = tenant.fixes[0].command.as_deref().unwrap();
    assert!(command.starts_with("aws ssm get-parameter --name /prod/tenant --with-decryption"), "{command}");
    let missing = find(&judged, "secret/keys", "the sources together");
    assert!(all_lines(missing).contains("CLIENT_SECRET: file task.json takes it from elsewhere"), "{missing:#?}");
    assert!(!all_lines(missing).contains("CLIENT_SECRET as"), "it was found: {missing:#?}");
}

#[test]
fn one_secret_is_judged_as_it_stands() {
    let spoiled = VALUES.replacen('{', r#"{"TENNANT": "canary", "TENANT": "x", "#, 1);
    for source in [file("secret.json"), secret("webhook", VersionChoice::Stage("AWSPREVIOUS".into()))] {
        let label = source.label();
        let right = judged(&[(source.clone(), text(VALUES))]);
        assert_eq!(find(&right, "secret/values", &label).severity, Severity::Ok);
        let judged = judged(&[(source, text(&spoiled))]);
        assert!(find(&judged, "secret/extra-keys", &label).evidence.iter().any(|line| line.contains("TENNANT")));
        find(&judged, "secret/duplicate-keys", &format!("TENANT of {label}"));
    }
    let large = VALUES.replacen('{', &format!(r#"{{"X": "{}", "#, "x".repeat(66_000)), 1);
    let judged = judged(&[(file("secret.json"), text(&large))]);
    let too_large = judged.findings.iter().find(|finding| finding.claim.contains("too large")).unwrap();
    assert_eq!((too_large.id.as_str(), too_large.severity), ("secret/source", Severity::Error));
}

#[test]
fn what_of_a_secret_is_left_behind_is_named() {
    let foreign = VALUES.replacen('{', r#"{"OTHER": "canary", "\u001b[1mN": 1, "#, 1);
    let behind = |facts: &Facts, selection: &Selection, label: &str| {
        let judged = judge(facts, selection);
        assert!(!format!("{judged:?}").contains("canary"), "{judged:#?}");
        let extra = find(&judged, "secret/extra-keys", label);
        assert!(!all_lines(extra).contains("kept on writing"), "{extra:#?}");
        let read = find(&judged, "secret/source", label);
        let line = read.evidence.iter().find(|line| line.starts_with("Not taken along"));
        assert!(line.is_none_or(|line| !crate::values::text::has_unsafe(line)), "{line:?}");
        line.cloned()
    };
    let (mut facts, mut selection) = of(&[(file("dup.json"), text(&foreign))]);
    let all = behind(&facts, &selection, "file dup.json").unwrap();
    assert!(all.starts_with("Not taken along, for they are none of the webhook's keys: OTHER, "), "{all}");
    facts.secret = Fact::Known(crate::judge::scene::secret(r#"{"OTHER": "canary", "N": 2}"#));
    selection.secret = Some("benchling-webhook-prod".into());
    let rest = behind(&facts, &selection, "file dup.json").unwrap();
    assert!(!rest.contains("OTHER"), "the secret holds it with the same value, and keeps it: {rest}");
    let own = secret("benchling-webhook-prod", VersionChoice::Current);
    let label = own.label();
    let (facts, mut selection) = of(&[(own, text(&foreign))]);
    assert!(behind(&facts, &selection, &label).is_some());
    selection.secret = Some("benchling-webhook-prod".into());
    assert_eq!(behind(&facts, &selection, &label), None, "what is written to keeps what it holds");
}

#[test]
fn every_way_of_being_no_source_is_told_apart() {
    let failed = |kind, code: &str, message: &str| {
        let mut error = AwsError::local(kind, "secretsmanager:GetSecretValue", message);
        error.code = Some(code.into());
        Fact::Failed(error)
    };
    let current = || secret("webhook-AbC123", VersionChoice::Current);
    for (source, content, severity, unknown, words) in [
        (env("a.env"), Fact::Absent, Severity::Error, false, "There is no env file a.env."),
        (
            env("a.env"),
            text("canary words"),
            Severity::Error,
            false,
            "cannot be used: line 1, column 13: there is no =",
        ),
        (env("a.env"), text(""), Severity::Error, false, "Env file a.env cannot be used: it is empty."),
        (file("s.json"), text("{\"A\": canary"), Severity::Error, false, "cannot be used: it is not JSON: "),
        (
            file("s.json"),
            Fact::Known(ImportContent::Binary(3)),
            Severity::Error,
            false,
            "it is not UTF-8 text, 3 bytes",
        ),
        (
            env("a.env"),
            failed(ErrorKind::Other, "", "a.env could not be read: permission denied"),
            Severity::Error,
            false,
            "Env file a.env cannot be used: a.env could not be read: permission denied.",
        ),
        (env("a.env"), text("X=canary"), Severity::Warning, false, "it gives none of the 11 keys"),
        (
            ImportSource::Environment,
            Fact::Known(ImportContent::Variables(Vec::new())),
            Severity::Warning,
            false,
            "The environment was read as environment variables: it gives none",
        ),
        (
            ImportSource::Config,
            Fact::Absent,
            Severity::Error,
            false,
            "There is no config.json of config profile default.",
        ),
        (current(), Fact::Absent, Severity::Error, false, "There is no secret webhook-AbC123 with a current version"),
        (
            secret("w", VersionChoice::Id("9".into())),
            Fact::Absent,
            Severity::Error,
            false,
            "There is no version 9 of secret w",
        ),
        (
            secret("w", VersionChoice::Stage("S".into())),
            Fact::Absent,
            Severity::Error,
            false,
            "No version of secret w carries S",
        ),
        (
            current(),
            denied("secretsmanager:GetSecretValue"),
            Severity::Info,
            true,
            "needs secretsmanager:GetSecretValue",
        ),
        (current(), denied("kms:Decrypt"), Severity::Info, true, "needs kms:Decrypt"),
        (current(), failed(ErrorKind::Network, "", "no answer"), Severity::Warning, true, "AWS could not be reached"),
        (
            current(),
            failed(ErrorKind::Invalid, "InvalidRequestException", "it was marked for deletion."),
            Severity::Error,
            false,
            "is scheduled for deletion and cannot be read",
        ),
        (current(), Fact::Known(ImportContent::Binary(3)), Severity::Error, false, "it is binary, 3 bytes"),
    ] {
        let label = source.label();
        let (mut facts, selection) = of(&[(source.clone(), content.clone())]);
        if source == ImportSource::Config {
            facts.config = Fact::Absent;
        }
        let judged = judge(&facts, &selection);
        assert!(!format!("{judged:?}").contains("canary"), "{judged:#?}");
        let finding = find(&judged, "secret/source", &label);
        assert_eq!((finding.severity, finding.unknown), (severity, unknown), "{finding:#?}");
        assert!(finding.claim.contains(words), "{words}: {finding:#?}");
        assert!(!finding.fixes.is_empty(), "{finding:#?}");
    }
    let suffix = judged(&[(current(), Fact::Absent)]);
    assert!(all_lines(find(&suffix, "secret/source", "secret webhook-AbC123")).contains("is webhook meant?"));
    let cancelled = failed(ErrorKind::Cancelled, "", "cancelled");
    assert_eq!(judged(&[(current(), cancelled.clone()), (env("a.env"), cancelled)]).findings, []);
}

#[test]
fn a_file_that_others_may_read_is_told_if_it_holds_the_client_secret() {
    for (mode, holds, told) in [(0o600, true, false), (0o640, true, true), (0o644, true, true), (0o644, false, false)] {
        let content = if holds { OLD } else { "TENANT=acme" };
        let judged = judged(&[(env("it's.env"), with_mode(content, Some(mode)))]);
        let found = judged.findings.iter().find(|finding| finding.id == "secret/source-mode");
        assert_eq!(found.is_some(), told, "{mode:o} {holds}");
        if let Some(found) = found {
            assert_eq!(found.fixes[0].command.as_deref(), Some(r"chmod 600 'it'\''s.env'"));
        }
    }
}

#[test]
fn shipped_runtimes_need_no_repository_and_the_secret_fills_gaps() {
    let (mut facts, mut selection) = of(&[(env("prod.env"), text(OLD))]);
    facts.secret = Fact::Known(crate::judge::scene::secret(VALUES));
    selection.secret = Some("benchling-webhook-prod".into());
    let judged = judge(&facts, &selection);
    let keys = find(&judged, "secret/keys", "env file prod.env");
    assert_eq!(keys.severity, Severity::Ok);
    assert_eq!(keys.evidence, ["held by the secret: ECR_REPOSITORY_NAME"]);
    for reader in Reader::ALL {
        selection.migration.reader = Some(reader);
        facts.secret = Fact::NotAsked;
        let judged = judge(&facts, &selection);
        let severity = find(&judged, "secret/keys", "env file prod.env").severity;
        assert_eq!(severity == Severity::Ok, reader == Reader::Shipped, "{reader:?}");
    }
}

#[test]
fn config_json_is_a_source_like_any_other() {
    let (mut facts, selection) = of(&[(ImportSource::Config, Fact::NotAsked)]);
    let path = PathBuf::from("/c/default/config.json");
    let own = r#"{"_inherits": "base", "benchling": {"tenant": "acme", "clientSecret": "canary"}}"#;
    facts.config = Fact::Known(ConfigFile { path, text: own.into(), mode: None });
    let path = PathBuf::from("/c/base/config.json");
    let base = ConfigFile { path, text: r#"{"benchling": {"clientId": "c"}}"#.into(), mode: None };
    facts.ancestors = Fact::Known(vec![Ancestor { name: "base".into(), file: Fact::Known(base) }]);
    let judged = judge(&facts, &selection);
    assert!(!format!("{judged:?}").contains("canary"));
    let read = find(&judged, "secret/source", "config.json");
    assert_eq!(read.claim, "Config.json was read as a config.json: it gives 3 of 11 keys.");
    assert!(all_lines(read).contains("CLIENT_ID: a value under the name benchling.clientId of config profile base"));
}

proptest! {
    /// Whatever is in a source, and whatever it is called: no value of ours leaves, and nothing reaches the terminal raw.
    #[test]
    fn nothing_of_a_source_is_printed_raw(
        name in prop::sample::select(vec!["CLIENT_SECRET", "BENCHLING_CLIENT_SECRET", "client_secret"]),
        around in "\\PC{0,10}|[\u{1b}\u{202e}\u{0}a-z]{0,10}",
        path in "\\PC{1,10}|[\u{1b}\u{202e}a-z]{1,10}",
        rest in "(?s).{0,80}",
    ) {
        let value = format!("{around}canary77");
        let json = serde_json::json!({name: value, "TENANT": rest, &*rest: around}).to_string();
        let task = serde_json::json!([{"name": name, "value": value}, {"name": rest, "valueFrom": around},
            {"name": "TENANT", "valueFrom": rest}]).to_string();
        let lines = format!("{name}='{}'\nTENANT={rest}", value.replace('\'', ""));
        for content in [json, task, lines] {
            for source in [file(&path), env(&path), secret(&path, VersionChoice::Current)] {
                let (facts, selection) = of(&[(source, with_mode(&content, Some(0o644))), (file("b"), text(&content))]);
                for finding in judge(&facts, &selection).findings {
                    let printed = format!("{finding:?}");
                    prop_assert!(!printed.contains("canary77"), "{}", printed);
                    for line in [vec![finding.claim, finding.subject], finding.evidence].concat() {
                        prop_assert!(!crate::values::text::has_unsafe(&line), "{:?}", line);
                    }
                }
            }
        }
    }

    /// What counts for a key is what the first source with a value says, whatever other sources say of other keys.
    #[test]
    fn sources_that_say_nothing_of_a_key_change_nothing_for_it(order in Just((0..6usize).collect::<Vec<_>>()).prop_shuffle()) {
        let texts = ["TENANT=a", "TENANT=b", "LOG_LEVEL=INFO", "PKG_KEY=k", "X=y", "TENANT="];
        let sources: Vec<_> = order.iter().map(|at| (env(&format!("{at}.env")), text(texts[*at]))).collect();
        let (facts, selection) = of(&sources);
        let merged = crate::migrate::gathered(&facts, &selection).merged;
        let first = order.iter().find(|at| **at < 2).unwrap();
        let chosen = merged.chosen(Key::Tenant, &std::collections::BTreeMap::new()).unwrap();
        prop_assert_eq!(&chosen.label, &format!("env file {first}.env"));
        prop_assert_eq!(merged.conflicts().collect::<Vec<_>>(), [Key::Tenant]);
        prop_assert_eq!(Key::ALL.into_iter().filter(|key| merged.offers(*key).is_empty()).count(), 8);
    }
}
