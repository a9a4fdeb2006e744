//! Every demo world through the real binary: `check` gives exactly the findings that the world states.

use std::process::Command;

use rolecall::model::verdict::Party;
use rolecall::policy::Answer;
use rolecall::report::{FailOn, Report};
use rolecall::sandbox::World;
use serde_json::Value;

use crate::demo::check_in;
use crate::said::flat;

/// The exit code of `check` in each world without an access path (design: 0 fine, 1 findings, 3 could not tell).
const CODES: &[(&str, i32)] = &[
    ("quilt-untouched", 1),
    ("quilt-no-secret", 1),
    ("quilt-healthy", 0),
    ("fresh-account", 1),
    ("secret-broken", 1),
    ("secret-migration", 1),
    ("secret-not-json", 1),
    ("secret-binary", 1),
    ("secret-nested", 1),
    ("secret-deleted", 1),
    ("secret-other-region", 1),
    ("secret-denied", 3),
    ("secret-kms-denied", 3),
    ("secret-too-large", 0),
    ("secret-stack-owned", 0),
    ("secret-replicated", 0),
    ("secret-replica", 0),
    ("secret-rotated", 0),
    ("secret-pending", 0),
    ("secret-shipped", 1),
    ("secret-both", 0),
    ("secret-tried-works", 0),
    ("secret-tried-refused", 1),
    ("secret-tried-unreached", 0),
    ("webhook-not-deployed", 1),
    ("several-stacks", 1),
    ("quilt-integrated", 1),
    ("quilt-standalone", 0),
    ("roles-missing", 1),
    ("roles-in-iam-stack", 1),
    ("role-arns-typed", 1),
    ("stack-rolled-back", 1),
    ("wrong-account", 1),
    ("read-only-operator", 3),
    ("expired-login", 3),
    ("slow-network", 0),
    ("throttled", 0),
    ("flaky", 3),
    ("big-account", 0),
    ("hostile-names", 1),
    ("megatests-healthy", 0),
    ("megatests-no-user", 1),
    ("megatests-policy-missing", 1),
    ("megatests-policy-extra", 0),
    ("megatests-efs-prefix", 0),
    ("megatests-overlap", 0),
    ("megatests-s3-wide", 0),
    ("megatests-pass-role", 0),
    ("megatests-op-account", 1),
    ("megatests-keys-shadow", 0),
    ("megatests-both-sets", 1),
    ("megatests-token-beside-keys", 0),
    ("megatests-keys-old", 0),
    ("megatests-unread", 3),
    ("megatests-no-key", 1),
    ("megatests-batch-user", 1),
    ("megatests-op-account-alone", 0),
    ("megatests-keys-environment", 0),
    ("megatests-boundary", 1),
    ("megatests-pulumi", 1),
    ("megatests-as-built", 0),
    ("wave-healthy", 0),
    ("wave-caller", 1),
    ("wave-trust", 1),
    ("wave-external-id", 1),
    ("wave-registry-account", 1),
    ("wave-jump-role", 0),
    ("wave-jump-duration", 1),
    ("wave-ecr-denied", 1),
    ("wave-sts-region-off", 1),
    ("wave-clock-skew", 3),
    ("wave-static-key", 0),
    ("wave-role-missing", 1),
    ("wave-jump-external-id", 1),
    ("wave-jump-no-external-id", 1),
    ("wave-jump-untrusted", 1),
    ("wave-no-external-id", 1),
    ("wave-external-id-malformed", 1),
    ("wave-unread", 3),
    ("wave-registry-region", 0),
    ("wave-no-registry", 0),
    ("wave-customer-keys", 1),
    ("sre-roles-healthy", 0),
    ("sre-roles-not-json", 1),
    ("sre-roles-duration", 1),
    ("sre-roles-session-name", 1),
    ("sre-roles-account-id", 1),
    ("sre-roles-default-role", 1),
    ("sre-roles-caching-off", 1),
    ("sre-roles-chaining-off", 0),
    ("sre-roles-denied", 1),
    ("sre-roles-many", 1),
    ("sre-roles-region-off", 1),
    ("sre-roles-duration-limits", 1),
    ("sre-roles-chain-hour", 1),
    ("sre-roles-half-pair", 1),
    ("sre-roles-single-role", 1),
    ("sre-roles-single-refused", 1),
    ("sre-roles-single-twice", 0),
    ("sre-roles-json-file", 0),
    ("sre-roles-partition", 1),
];

/// The exit code of `check` in a world: of a path alone, 0 where the principal that was asked about is let in,
/// 1 where it is refused, 3 where it is not known.
fn code(name: &str, world: &World) -> i32 {
    let asked = |party: Party| world.diagnosis().iter().filter(move |one| one.party == party);
    let party = if asked(Party::Workload).next().is_some() { Party::Workload } else { Party::Operator };
    match CODES.iter().find(|(known, _)| *known == name) {
        Some((_, code)) => *code,
        None if asked(party).any(|one| one.verdict == Answer::Deny) => 1,
        None if asked(party).next().is_some() && asked(party).all(|one| one.verdict == Answer::Allow) => 0,
        None => 3,
    }
}

/// Worlds in which time passes: they run in this process, on a clock that jumps.
const SLOW: [&str; 7] = [
    "slow-network",
    "throttled",
    "flaky",
    "big-account",
    "deny-recently-changed",
    "secret-tried-unreached",
    "sre-roles-many",
];

/// The report of a slow world, in both forms.
fn slowly(name: &str) -> Report {
    let world = World::load(name).unwrap();
    check_in(&world, world.selection()).0.report()
}

fn check(world: &str, arguments: &[&str]) -> (i32, String) {
    if SLOW.contains(&world) {
        let report = slowly(world);
        let json = arguments.contains(&"json");
        let text = if json { rolecall::report::json(&report) } else { rolecall::report::text(&report) };
        return (i32::from(report.exit_code(FailOn::Error)), text);
    }
    let home = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_rolecall"))
        .args(["check", &format!("--demo={world}")])
        .args(arguments)
        .env_clear()
        .env("HOME", home.path())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{world}: standard error stays empty");
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn each_world_gives_exactly_its_findings() {
    let schema = jsonschema::validator_for(&serde_json::from_str(rolecall::report::SCHEMA).unwrap()).unwrap();
    for name in World::names() {
        let (actual, text) = check(name, &["--format", "json"]);
        let report: Value = serde_json::from_str(&text).unwrap();
        let faults: Vec<String> =
            schema.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert_eq!(faults, Vec::<String>::new(), "{name}: the report is as its schema says");
        let found: Vec<String> = report["findings"].as_array().unwrap().iter().map(line).collect();
        let world = World::load(name).unwrap();
        let stated: Vec<String> = world
            .expected()
            .iter()
            .map(|finding| format!("{} {} {}", finding.severity.word(), finding.id, finding.subject))
            .collect();
        let (mut found, mut stated) = (found, stated);
        found.sort();
        stated.sort();
        assert_eq!(found.join("\n"), stated.join("\n"), "{name}");
        assert_eq!(actual, code(name, &world), "{name}: exit code");
    }
}

fn line(finding: &Value) -> String {
    let text = |key: &str| finding[key].as_str().unwrap();
    format!("{} {} {}", text("severity"), text("id"), text("subject"))
}

/// With nothing but GetCallerIdentity allowed nothing is claimed to be wrong: each finding is right, or says which action would tell.
#[test]
fn what_may_not_be_read_is_unknown_and_names_what_it_needs() {
    let (_, text) = check("read-only-operator", &["--format", "json"]);
    let report: Value = serde_json::from_str(&text).unwrap();
    for finding in report["findings"].as_array().unwrap() {
        let claim = finding["claim"].as_str().unwrap();
        let evidence = finding["evidence"].as_array().unwrap().iter().filter_map(Value::as_str);
        let honest = finding["unknown"] == true
            && std::iter::once(claim)
                .chain(evidence)
                .any(|text| text.contains(" it needs ") || text.contains(" it up needs "));
        // The operator's own call was made, and refused.
        let tried = finding["id"] == "assume/live" && finding["severity"] == "info";
        assert!(finding["severity"] == "ok" || honest || tried, "{finding}");
    }
    let of_webhook = |verdict: &&Value| verdict["party"] == "workload";
    let verdicts = report["verdicts"].as_array().unwrap();
    assert!(verdicts.iter().filter(of_webhook).all(|verdict| verdict["verdict"] == "unknown"), "{verdicts:?}");
}

#[test]
fn an_ended_login_is_cured_by_one_command() {
    let (_, text) = check("expired-login", &["--format", "json"]);
    let report: Value = serde_json::from_str(&text).unwrap();
    let found = report["findings"].as_array().unwrap().iter().find(|finding| finding["severity"] == "error").unwrap();
    let commands: Vec<&Value> = found["fixes"].as_array().unwrap().iter().map(|fix| &fix["command"]).collect();
    assert_eq!(commands, ["aws sso login --profile staging"]);
    let calls = report["calls"].as_array().unwrap();
    assert_eq!(calls.len(), 1, "nothing was asked with credentials that do not work: {calls:#?}");
}

/// What answers at the second or third attempt is known as if it had answered at once; what never answers is unknown.
#[test]
fn what_passes_leaves_no_trace_in_the_findings() {
    let healthy: Value = serde_json::from_str(&check("quilt-healthy", &["--format", "json"]).1).unwrap();
    let lines = |report: &Value| report["findings"].as_array().unwrap().iter().map(line).collect::<Vec<String>>();
    for (name, attempts) in [("slow-network", 1), ("throttled", 2)] {
        let report = serde_json::to_value(slowly(name)).unwrap();
        assert_eq!(lines(&report), lines(&healthy), "{name}");
        let calls = report["calls"].as_array().unwrap();
        assert_eq!(calls.iter().filter_map(|call| call["attempt"].as_u64()).max(), Some(attempts), "{name}");
    }
    let flaky = serde_json::to_value(slowly("flaky")).unwrap();
    let tried = |operation: &str| {
        let calls = flaky["calls"].as_array().unwrap().iter();
        calls.filter(|call| call["operation"] == operation).filter_map(|call| call["attempt"].as_u64()).max()
    };
    assert_eq!(tried("secretsmanager:GetSecretValue"), Some(3));
    assert_eq!(tried("cloudformation:DescribeStacks"), Some(3));
    let unread =
        flaky["findings"].as_array().unwrap().iter().find(|finding| finding["id"] == "secret/readable").unwrap();
    assert_eq!(unread["unknown"], true);
}

/// A role that can be assumed and may not do its work is no "allowed": the first sentence says so, in every form.
#[test]
fn what_is_wrong_behind_an_open_path_stands_in_the_first_sentence() {
    let pull = "The role can be assumed, but it may not get a registry's token or pull from my-image: 4 errors.";
    for (arguments, told) in [
        (&[][..], pull),
        (&["--set", "registry=foo"], "The role can be assumed, but there is 1 error: registry (typed) cannot be used"),
    ] {
        for format in ["text", "markdown", "html"] {
            let (code, text) = check("wave-ecr-denied", &[arguments, &["--format", format]].concat());
            let flat = text.replace("&#39;", "'").replace("&#x27;", "'");
            let flat = flat.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(flat.replace('\\', "").contains(told), "{format}: {text}");
            assert!(code == 1 && !flat.contains("Allowed. "), "{format}: {text}");
        }
    }
    let (_, many) = check("sre-roles-caching-off", &[]);
    assert!(many.contains("All 8 roles can be assumed, but there is 1 error: With caching off"), "{many}");
    assert!(check("wave-healthy", &[]).1.contains("Allowed. Everything that was checked is right."));
}

#[test]
fn fail_on_warning_fails_earlier() {
    assert_eq!(check("quilt-healthy", &["--fail-on", "error"]).0, 0);
    let (_, text) = check("quilt-healthy", &["--format", "json"]);
    let report: Value = serde_json::from_str(&text).unwrap();
    let warned = report["findings"].as_array().unwrap().iter().any(|finding| finding["severity"] == "warning");
    assert_eq!(check("quilt-healthy", &["--fail-on", "warning"]).0, i32::from(warned));
}

#[test]
fn the_text_says_the_same_as_the_json() {
    let says_the_same = |name: &&str| {
        let (_, json) = check(name, &["--format", "json"]);
        let (_, text) = check(name, &[]);
        let text = without_times(&flat(&text));
        for finding in serde_json::from_str::<Value>(&json).unwrap()["findings"].as_array().unwrap() {
            if matches!(finding["severity"].as_str(), Some("error" | "warning")) {
                let claim = flat(finding["claim"].as_str().unwrap());
                assert!(text.contains(&without_times(&claim)), "{name}: {claim}\n{text}");
            }
        }
    };
    // Most of the time a world waits for answers that take their time: several wait together.
    let names = World::names();
    std::thread::scope(|scope| {
        for some in names.chunks(names.len().div_ceil(6)) {
            scope.spawn(move || some.iter().for_each(says_the_same));
        }
    });
}

/// Between two runs a clock goes on: how far it is off, how old a role is.
fn without_times(text: &str) -> String {
    let (mut plain, mut digits) = (String::new(), false);
    for c in text.chars() {
        if !(c.is_ascii_digit() && digits) {
            plain.push(if c.is_ascii_digit() { '#' } else { c });
        }
        digits = c.is_ascii_digit();
    }
    plain
}

#[test]
fn a_closed_pipe_is_no_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rolecall"))
        .args(["check", "--demo=quilt-healthy"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn without_a_terminal_the_full_screen_program_names_check() {
    for arguments in [&["--demo"][..], &["setup", "--demo"], &["secret", "--demo"]] {
        let output = Command::new(env!("CARGO_BIN_EXE_rolecall"))
            .args(arguments)
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(output.stdout.is_empty());
        assert!(String::from_utf8_lossy(&output.stderr).contains("rolecall check"));
    }
}

#[test]
fn wrong_usage_is_said_and_nothing_is_begun() {
    for (arguments, word) in [
        (&["check", "--demo=no-such-world"][..], "quilt-untouched"),
        (&["check", "--demo", "--profile", "../etc"], "../etc"),
        (&["check", "--demo", "--stack", "arn:aws:cloudformation:us-east-1:1:stack/x/1"], "12 digits"),
        (&["check", "--demo", "--principal", "arn:aws:iam:111122223333:role/x"], "one colon"),
        (&["check", "--demo", "--external-id", "a b"], "2 to 1224"),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_rolecall")).args(arguments).output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(text.contains(word), "{arguments:?}: {text}");
        assert!(output.stdout.is_empty());
    }
}

/// Reading a FIFO blocks for ever: a demo that looked at the user's files would never end.
#[test]
fn a_demo_touches_no_file_of_the_users() {
    let home = tempfile::tempdir().unwrap();
    for file in [
        ".aws/config",
        ".aws/credentials",
        ".config/benchling-webhook/default/config.json",
        ".local/share/Quilt/config.yml",
    ] {
        let path = home.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_rolecall"))
        .args(["check", "--demo=quilt-healthy", "--format", "json"])
        .env_clear()
        .env("HOME", home.path())
        .env("AWS_PROFILE", "poisoned")
        .env("AWS_ACCESS_KEY_ID", "AKIAPOISONED")
        .env("AWS_SECRET_ACCESS_KEY", "poisoned")
        .env("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
        .env("AWS_REGION", "mars-north-1")
        .env("XDG_CONFIG_HOME", home.path().join(".config"))
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while child.try_wait().unwrap().is_none() {
        assert!(std::time::Instant::now() < deadline, "it waits on a file of the user's");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(!text.contains("poisoned") && !text.contains("mars-north-1"));
}

#[test]
fn all_regions_are_searched_on_request_and_a_stack_is_only_chosen_when_it_is_the_one() {
    let (code, text) = check("several-stacks", &["--all-regions"]);
    assert_eq!(code, 3, "which stack is meant could not be told: {text}");
    assert!(text.contains("There are 2 Quilt stacks in 34 regions, and none is chosen yet."), "{text}");
    let europe = "arn:aws:cloudformation:eu-central-1:111122223333:stack/quilt-eu/8d41b7e0-03c2-11f0-9e5d-0a7b6c5d4e3f";
    assert!(text.contains(&format!("rolecall check --stack {europe} --aws-profile staging")), "{text}");

    let (_, text) = check("several-stacks", &["--stack", europe]);
    assert!(text.contains("eu-central-1, from stack ARN"), "{text}");
    assert!(text.contains("The read role is ReadQuiltV2-quilt-eu"), "{text}");
}
