//! Trying a secret's values in worlds: what is sent, to whom, how often, and that nothing secret of it is anywhere.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use rolecall::check::Checked;
use rolecall::model::facts::Trial;
use rolecall::model::{Selection, Trials};
use rolecall::report::{Masks, ReportFormat, render};
use rolecall::sandbox::World;
use serde_json::{Value, json};
use tracing_subscriber::fmt::MakeWriter;

use crate::demo::check_in;

const ID: &str = "canaryId7f3a";
const SECRET: &str = "canary-client-secret-91c2";
const TOKEN: &str = "canary-token-5b8d";
/// `canaryId7f3a:canary-client-secret-91c2` in Base64, as the header has it.
const BASIC: &str = "Y2FuYXJ5SWQ3ZjNhOmNhbmFyeS1jbGllbnQtc2VjcmV0LTkxYzI";

/// The world in which everything works, with canaries for values and what is patched over it.
fn world(patch: Value) -> World {
    let values = json!({"CLIENT_ID": ID, "CLIENT_SECRET": SECRET});
    let mut whole = json!({
        "extends": "secret-tried-works",
        "accounts": {"111122223333": {"regions": {"us-east-1": {"secrets": {"benchling-webhook-production": {"versions": {
            "9a2e6f14-37bd-4c58-ae02-1f8d7c6b5a49": {"json": values}
        }}}}}}},
        "benchling": {"client_id": ID, "client_secret": SECRET, "token": TOKEN},
    });
    merge(&mut whole, patch);
    World::from_json(&whole.to_string()).unwrap()
}

fn merge(target: &mut Value, patch: Value) {
    match patch {
        Value::Object(patch) if target.is_object() => {
            for (key, value) in patch {
                merge(&mut target[&key], value);
            }
        }
        other => *target = other,
    }
}

fn asked(world: &World) -> usize {
    world.calls().iter().filter(|call| call.operation == "benchling:CreateToken").count()
}

fn outcome(checked: &Checked) -> &Trial {
    &checked.facts.migration.benchling.known().unwrap().outcome
}

fn secret_with(values: Value) -> Value {
    json!({"accounts": {"111122223333": {"regions": {"us-east-1": {"secrets": {"benchling-webhook-production": {"versions": {
        "9a2e6f14-37bd-4c58-ae02-1f8d7c6b5a49": {"json": values}
    }}}}}}}})
}

#[test]
fn benchling_is_asked_once_and_only_where_it_was_asked_for() {
    for trials in [Trials::default(), Trials { bucket: true, benchling: false }] {
        let world = world(json!({}));
        let mut selection = world.selection();
        selection.migration.trials = trials;
        let (checked, _) = check_in(&world, selection);
        assert_eq!(asked(&world), 0, "{trials:?}");
        assert!(checked.facts.migration.benchling.known().is_none());
    }
    let world = world(json!({}));
    let (checked, _) = check_in(&world, world.selection());
    assert_eq!((asked(&world), outcome(&checked)), (1, &Trial::Works));
    let call = checked.facts.calls.iter().find(|call| call.operation == "benchling:CreateToken").unwrap();
    assert_eq!((call.host.as_str(), call.status, call.server_date), ("acme.benchling.com", Some(200), None));
}

#[test]
fn what_benchling_does_not_decide_is_unknown() {
    for (failure, word) in [
        (
            json!({"failure": "redirect", "status": 302, "location": "https://login.example.com/x?secret=canary"}),
            "https://login.example.com/x (HTTP 302)",
        ),
        (
            json!({"failure": "redirect", "status": 307, "location": "https://evil.benchling.com/api/v2/token"}),
            "not followed",
        ),
        (json!({"failure": "page", "status": 503, "body": "<html>"}), "HTTP 503"),
        (json!({"failure": "page", "status": 200, "body": "<html>"}), "no token"),
        (json!({"failure": "error", "status": 429, "code": "rate_limit_exceeded"}), "slow down"),
        (json!({"failure": "error", "status": 400, "code": "invalid_request"}), "invalid_request"),
        (json!({"failure": "connection"}), "connection refused"),
        (json!({"failure": "reset"}), "connection reset"),
        (json!({"failure": "truncated"}), "middle of the answer"),
        (json!({"failure": "silence"}), "no answer within 10"),
    ] {
        let mut fault = json!({"operation": "benchling:CreateToken"});
        merge(&mut fault, failure);
        let world = world(json!({"faults": [fault]}));
        let (checked, took) = check_in(&world, world.selection());
        let Trial::Unreached(why) = outcome(&checked) else { panic!("{:?}", outcome(&checked)) };
        assert!(why.contains(word) && !why.contains("canary"), "{fault}: {why}");
        assert_eq!(asked(&world), 1, "{fault}: asked once, and nobody else");
        assert!(took.as_secs() <= 11, "{fault}: {took:?}");
    }
    let refused = world(json!({"faults": [
        {"operation": "benchling:CreateToken", "failure": "error", "status": 401, "code": "invalid_client",
         "message": format!("client {ID} with {SECRET}")}
    ]}));
    let (checked, _) = check_in(&refused, refused.selection());
    let Trial::Refused(words) = outcome(&checked) else { panic!("refused") };
    assert!(!words.contains("canary"), "{words}");
}

#[test]
fn values_that_cannot_be_right_are_not_sent() {
    for (values, word) in [
        (json!({"TENANT": "acme.evil.example.com"}), "TENANT is not valid"),
        (json!({"TENANT": "https://evil.example.com/acme.benchling.com"}), "TENANT is not valid"),
        (json!({"CLIENT_SECRET": "<your secret>"}), "CLIENT_SECRET is not valid"),
        (json!({"CLIENT_ID": null}), "CLIENT_ID has no value"),
    ] {
        let world = world(secret_with(values));
        let (checked, _) = check_in(&world, world.selection());
        let Trial::Unreached(why) = outcome(&checked) else { panic!("{:?}", outcome(&checked)) };
        assert!(why.contains("was not asked") && why.contains(word), "{why}");
        assert_eq!(asked(&world), 0);
    }
    let url = world(secret_with(json!({"TENANT": "https://acme.benchling.com/"})));
    let (checked, _) = check_in(&url, url.selection());
    assert_eq!(outcome(&checked), &Trial::Works, "a tenant that certainly means a name is cut to it");
    let elsewhere = world(secret_with(json!({"TENANT": "umbrella"})));
    let (checked, _) = check_in(&elsewhere, elsewhere.selection());
    let Trial::Unreached(why) = outcome(&checked) else { panic!("unreached") };
    assert!(why.contains("no tenant of that name"), "{why}");
}

#[test]
fn a_bucket_that_is_not_there_is_told_from_one_that_refuses() {
    let gone = world(
        json!({"accounts": {"111122223333": {"regions": {"us-east-1": {"buckets": {"quilt-acme-user-bucket": null}}}}}}),
    );
    let (checked, _) = check_in(&gone, gone.selection());
    let found: Vec<_> =
        checked.judgement.findings.iter().filter(|finding| finding.id == "secret/bucket-access").collect();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].claim.contains("does not exist"), "{}", found[0].claim);
    // With nothing readable of AWS Benchling is asked all the same: it has nothing to do with AWS.
    let refused = World::load("secret-tried-refused").unwrap();
    let (checked, _) = check_in(&refused, refused.selection());
    let trials = &checked.facts.migration.bucket;
    assert_eq!(trials.len(), 3, "the operator and both roles: {trials:?}");
    assert!(trials.iter().all(|trial| trial.region.as_deref() == Some("eu-west-1")), "{trials:?}");
    let refused: Vec<_> = trials.iter().filter(|trial| matches!(trial.outcome, Trial::Refused(_))).collect();
    assert_eq!(refused.iter().map(|trial| trial.role.map(|role| role.word())).collect::<Vec<_>>(), [Some("read")]);
}

/// Every line that anybody traced, the SDK's own at the finest level too.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[test]
fn client_secret_and_token_are_nowhere() {
    for (patch, selection) in [
        (json!({}), None),
        (json!({"benchling": {"client_secret": "another"}}), None),
        (
            json!({"faults": [{"operation": "benchling:CreateToken", "failure": "page", "status": 400, "body": format!("{{\"error\":\"invalid_client\",\"error_description\":\"{SECRET} {TOKEN}\"}}")}]}),
            None::<Selection>,
        ),
    ] {
        let world = world(patch);
        let lines = Lines::default();
        let subscriber =
            tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false).with_writer(lines.clone());
        let (checked, _) = tracing::subscriber::with_default(subscriber.finish(), || {
            check_in(&world, selection.unwrap_or_else(|| world.selection()))
        });
        assert_eq!(asked(&world), 1);
        let traced = String::from_utf8_lossy(&lines.0.lock().unwrap()).into_owned();
        assert!(traced.contains("benchling:CreateToken"), "the call itself is traced");
        let reported = checked.report_with_external_ids();
        let mut said = String::new();
        for format in ReportFormat::ALL {
            let _ = writeln!(said, "{}", render(&reported, format, &Masks::default()));
        }
        let _ = writeln!(said, "{:?} {:?} {:?}", checked.facts, checked.selection, checked.judgement);
        for canary in [SECRET, TOKEN, BASIC] {
            assert!(!said.contains(canary), "{canary} is in a report or in Debug");
        }
        // The SDK traces what Secrets Manager answered, which the program's log never takes; the request to Benchling is in no trace at all.
        for canary in [TOKEN, BASIC] {
            assert!(!traced.contains(canary), "{canary} was traced");
        }
        let own: String = traced.lines().filter(|line| line.contains(" rolecall")).collect();
        assert!(!own.contains("canary"), "an event of ours holds a value");
    }
}
