//! What is handed over, and read back as it was.

use std::process::Command;

use rolecall::judge::paragraph;
use rolecall::model::Severity;
use serde_json::{Value, json};

use super::{HEALTHY, names, troubles, typed, with, with_file};
use crate::said::flat;
use crate::seeds::scene::{Scene, print, says, with_id};

/// A role that wants an external ID.
const LOGS: &str = "arn:aws:iam::777788889999:role/LogReader";

/// What a shell has in a variable after it has read a file.
fn in_a_shell(body: &str, variable: &str) -> String {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("env"), body).unwrap();
    let script = format!("set -a; . ./env; printenv {variable}");
    let output = Command::new("sh").args(["-c", &script]).current_dir(home.path()).env_clear().output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim_end_matches('\n').to_owned()
}

fn environment(arguments: &[&str]) -> String {
    print(HEALTHY, &[&["auth-environment", "--show-external-ids"], arguments].concat()).expect(0).out
}

#[test]
fn s2_33_caching_is_written_and_switched_off_it_is_an_error() {
    assert!(environment(&[]).lines().any(|line| line == "AWS_AUTH_ENABLE_CACHING=true"));
    let checked = Scene::of("sre-roles-caching-off").check();
    let told = &with_id(&checked, "sre-roles/caching")[0];
    assert_eq!(told.severity, Severity::Error);
    assert!(says(told).contains("CLIENT_CREATION_FAILED"));
    let odd = with(json!({"AWS_AUTH_ENABLE_CACHING": "on"})).check();
    assert!(
        troubles(&odd).contains(&"settings/value Caching".to_owned()),
        "on is off for the bot: {:?}",
        troubles(&odd)
    );
}

#[test]
fn s2_34_the_environment_goes_to_both_services_and_comes_back_whole() {
    let body = environment(&[
        "--set",
        "default-role=dev",
        "--set",
        "roles.prod.note's=arn:aws:iam::444455556666:role/SREReadOnly",
    ]);
    assert!(body.contains("sre-bot-web") && body.contains("sre-bot-api"));
    for line in [
        "# AWS_AUTH_DEFAULT_ROLE=dev in the specification; the service reads:",
        "AWS_AUTH_DEFAULT_ACCOUNT_ID=666677778888",
    ] {
        assert!(body.lines().any(|one| one == line), "{line}: {body}");
    }
    let roles: Value = serde_json::from_str(&in_a_shell(&body, "AWS_AUTH_ROLES")).unwrap();
    assert_eq!(roles["partner-logs"]["external_id"], "sre-bot-7f3a9c");
    assert_eq!(roles["prod.note's"]["account_id"], "444455556666", "a quote in a name survives the shell");
    assert_eq!(in_a_shell(&body, "AWS_AUTH_DEFAULT_ROLE_NAME"), "dev");
    // And our own reader takes it back, as python-dotenv and Compose would.
    let back = with_file(".env", &environment(&[]));
    let healthy = Scene::of(HEALTHY).check();
    assert_eq!((names(&back), troubles(&back)), (names(&healthy), troubles(&healthy)));
    let document = print(HEALTHY, &["auth-roles-json", "--show-external-ids"]).expect(0).out;
    let back = with_file("roles.json", &document);
    assert_eq!((names(&back), troubles(&back)), (names(&healthy), troubles(&healthy)));
}

#[test]
fn s2_37_every_error_has_a_page_and_a_cure() {
    for fault in [
        "not-json",
        "duration",
        "session-name",
        "account-id",
        "default-role",
        "caching-off",
        "chaining-off",
        "denied",
        "region-off",
        "duration-limits",
        "chain-hour",
        "half-pair",
        "single-role",
        "single-refused",
        "single-twice",
        "partition",
    ] {
        let checked = Scene::of(&format!("sre-roles-{fault}")).check();
        let errors = checked.judgement.findings.iter().filter(|finding| finding.severity <= Severity::Warning);
        let mut count = 0;
        for error in errors {
            count += 1;
            assert!(paragraph(&error.id).is_some_and(|text| text.contains("Cure:")), "{}", error.id);
            assert!(!error.fixes.is_empty(), "{fault}: {error:?}");
        }
        assert!(count > 0, "{fault}");
    }
}

#[test]
fn s2_46_no_text_holds_a_credential_and_a_policy_that_is_too_wide_is_told() {
    for arguments in [
        &["auth-environment"][..],
        &["auth-roles-json"],
        &["caller-policy", "--role", LOGS],
        &["aws-commands", "--role", LOGS],
    ] {
        let (name, said) = (arguments[0], print(HEALTHY, arguments));
        assert!(!said.out.is_empty(), "{name}: {}", said.err);
        let all = format!("{}{}", said.out, said.err);
        assert!(!all.contains("AKIA") && !all.contains("demo/sre-bot/secret"), "{name}");
        assert!(!all.contains("sre-bot-7f3a9c"), "{name}: an external ID is shown only when asked for");
    }
    let one = print(HEALTHY, &["caller-policy", "--role", LOGS]).expect(0).json();
    assert_eq!(one["Statement"][0]["Resource"], LOGS, "one role by its ARN, and no pattern");
    for name in ["auth-environment", "auth-roles-json"] {
        let entry =
            format!(r#"roles.x={{"role_arn": "{LOGS}", "account_id": "777788889999", "externalId": "canary-5"}}"#);
        let said = print(HEALTHY, &[name, "--set", &entry]);
        assert!(
            !said.out.contains("canary-5") && flat(&said.err).contains("Members that nobody reads"),
            "{}",
            said.err
        );
    }
    let withheld = print(HEALTHY, &["auth-environment"]);
    assert!(flat(&format!("{}{}", withheld.out, withheld.err)).contains("<external-id-of-partner-logs>"));
    let wide = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}]});
    let users = json!({"sre-bot": {"inline": {"AssumeSreRoles": wide}}});
    let scene = Scene::patched(
        json!({"extends": HEALTHY, "about": "Wide.", "expected": [], "accounts": {"111122223333": {"users": users}}}),
    );
    assert!(!with_id(&scene.check(), "hop/too-open").is_empty());
    assert_eq!(troubles(&typed(&[("caching", "true")])), [""; 0]);
}
