//! The policies that `rolecall permissions` prints, proven: with exactly one of them both walks end as they do for an administrator, and
//! with any one action less the result says that this action is missing, and nothing that is not so.
//!
//! One set of tests for both places: the sandbox, which enforces every action and answers within the process, and the emulator over HTTP.

mod place;
mod walk;

use std::process::Command;

use rolecall::cli::Reach;
use rolecall::model::{Finding, Severity};
use serde_json::Value;

use place::{Place, administrator, conventional, printed};
use walk::{Walked, Written, key};

/// Worlds of the sandbox: one where the secret is created, one where it gets a new version.
const WORLDS: [&str; 2] = ["quilt-no-secret", "quilt-healthy"];

/// Without it the live test is refused: this person cannot assume the roles, and that is no "not known".
const LIVE: &str = "sts:AssumeRole";

/// What only a webhook needs whose task role has another logical id than its template gives it.
const SPARE: &str = "cloudformation:ListStackResources";

/// What only makes the secret, and what only changes one.
const CREATES: [&str; 2] = ["secretsmanager:CreateSecret", "secretsmanager:TagResource"];
const CHANGES: [&str; 2] = ["secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage"];

/// What only a diagnosis needs.
const OF_DIAGNOSIS: [&str; 2] = ["iam:ListMFADevices", "iam:SimulatePrincipalPolicy"];

/// The policy without one action.
fn without(policy: &Value, action: &str) -> Value {
    let mut policy = policy.clone();
    let statements = policy["Statement"].as_array_mut().unwrap();
    for statement in statements.iter_mut() {
        if let Some(actions) = statement["Action"].as_array_mut() {
            actions.retain(|one| one != action);
        }
    }
    statements.retain(|statement| {
        statement["Action"] != *action && statement["Action"].as_array().is_none_or(|actions| !actions.is_empty())
    });
    policy
}

fn actions(policy: &Value) -> Vec<String> {
    let mut all: Vec<String> = policy["Statement"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|statement| match &statement["Action"] {
            Value::String(one) => vec![one.clone()],
            many => many.as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect(),
        })
        .collect();
    all.sort();
    all.dedup();
    all
}

/// The actions without which a walk is to miss something.
fn of_walks(policy: &Value) -> Vec<String> {
    actions(policy).into_iter().filter(|action| !OF_DIAGNOSIS.contains(&action.as_str())).collect()
}

/// Somebody with exactly this policy finds what an administrator finds.
async fn finds_the_same(place: &Place, policy: &Value) {
    let (limited, full) = (place.read(policy).await, place.read(&administrator()).await);
    assert_eq!(limited.findings().join("\n"), full.findings().join("\n"), "{place:?}");
    assert_eq!(limited.verdicts(), full.verdicts(), "{place:?}");
    assert!(full.findings().len() > 15 && !full.verdicts().is_empty(), "{place:?}: {:?}", full.findings());
    assert!(limited.facts.secrets.known().is_some() && limited.facts.stacks.known().is_some(), "{place:?}");
}

fn names(finding: &Finding, action: &str) -> bool {
    let texts = finding.evidence.iter().chain(finding.fixes.iter().map(|fix| &fix.what));
    texts.chain([&finding.claim]).any(|text| text.contains(action))
}

/// Whether an administrator finds it too, though in other words: told by another place, or as a fault where here it is only a word.
fn is_found(full: &Walked, finding: &Finding) -> bool {
    full.judgement.findings.iter().any(|found| {
        let worse = found.severity <= finding.severity && finding.severity != Severity::Ok;
        found.id == finding.id && found.subject == finding.subject && (found.severity == finding.severity || worse)
    })
}

/// What is wrong with the read walk without one action: its absence is to be said, and nothing claimed that an administrator does not find.
async fn faults_of_reading(place: &Place, policy: &Value, action: &str, full: &Walked) -> Vec<String> {
    let walked = place.read(&without(policy, action)).await;
    let findings = &walked.judgement.findings;
    let told = findings.iter().any(|finding| names(finding, action) && (finding.unknown || action == LIVE));
    let known = full.findings();
    let wrong = findings
        .iter()
        .filter(|finding| !finding.unknown && !known.contains(&key(finding)) && !is_found(full, finding))
        .filter(|finding| action != LIVE || finding.id != "assume/live")
        .map(|finding| format!("{place:?} without {action}: claimed, and not so: {}", key(finding)));
    // What one action would have told, another one may tell as well.
    let missed = action != SPARE || walked.findings() != known;
    let silent = (!told && missed).then(|| format!("{place:?} without {action}: not said"));
    wrong.chain(silent).collect()
}

/// What is wrong with the write walk without one action: the plan is to be carried out all the same, or to stop with that action's name
/// and to leave the secret as it was.
async fn faults_of_writing(
    place: &Place,
    policy: &Value,
    action: &str,
    needed: bool,
    before: Option<&str>,
) -> Vec<String> {
    let (walked, written, after) = place.write(&without(policy, action)).await;
    let mut faults = Vec::new();
    // What could not be looked up is said by the findings, what could not be written by the plan or its report.
    let found = walked.judgement.findings.iter().any(|finding| finding.unknown && names(finding, action));
    let told = written.text().contains(action) || (found && !needed);
    if (needed || !written.is_complete()) && !told {
        faults.push(format!("{place:?} without {action}: not said: {}", written.text()));
    }
    if !written.is_complete() && after.version().as_deref() != before {
        faults.push(format!("{place:?} without {action}: the secret has changed: {}", written.text()));
    }
    faults
}

async fn is_written(place: &Place, policy: &Value) -> Written {
    let (_, written, after) = place.write(policy).await;
    assert!(written.is_complete(), "{place:?}: {written:#?}");
    assert!(after.version().is_some(), "{place:?}: what was written can be read");
    written
}

#[test]
fn standard_output_is_the_policy_and_nothing_else() {
    for (arguments, reach) in [(&["permissions"][..], Reach::Read), (&["permissions", "write"], Reach::Write)] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
        let output = command.args(arguments).env_clear().env("HOME", "/nowhere").env("CI", "1").output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        assert_eq!(serde_json::from_slice::<Value>(&output.stdout).unwrap(), conventional(reach));
        let notes = String::from_utf8(output.stderr).unwrap();
        assert!(notes.contains("sts:GetCallerIdentity") && notes.contains("kms:Decrypt"), "{notes}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_read_policy_alone_the_findings_are_an_administrators() {
    for world in WORLDS {
        finds_the_same(&Place::Sandbox(world), &conventional(Reach::Read)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_any_one_action_the_read_walk_says_which() {
    let policy = conventional(Reach::Read);
    let place = Place::Sandbox("quilt-healthy");
    let full = place.read(&administrator()).await;
    let mut faults = Vec::new();
    for action in of_walks(&policy) {
        faults.extend(faults_of_reading(&place, &policy, &action, &full).await);
    }
    assert_eq!(faults.join("\n"), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_is_not_there_is_found_missing_with_the_read_policy_alone() {
    let place = Place::Sandbox("quilt-no-secret");
    let policy = conventional(Reach::Read);
    let full = place.read(&administrator()).await;
    assert!(full.judgement.findings.iter().any(|finding| finding.id == "secret/exists"));
    let mut faults = Vec::new();
    for action in ["secretsmanager:DescribeSecret", "cloudformation:ListStacks", "cloudformation:DescribeStacks"] {
        faults.extend(faults_of_reading(&place, &policy, action, &full).await);
    }
    assert_eq!(
        faults.join(
            "
"
        ),
        ""
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_write_policy_alone_the_secret_is_created_and_changed() {
    for world in WORLDS {
        is_written(&Place::Sandbox(world), &conventional(Reach::Write)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_any_one_action_the_write_walk_writes_or_says_which() {
    let policy = conventional(Reach::Write);
    let mut faults = Vec::new();
    for (world, needed) in WORLDS.into_iter().zip([CREATES, CHANGES]) {
        let place = Place::Sandbox(world);
        let before = place.read(&administrator()).await.version();
        for action in actions(&policy) {
            let needed = needed.contains(&action.as_str());
            faults.extend(faults_of_writing(&place, &policy, &action, needed, before.as_deref()).await);
        }
    }
    assert_eq!(faults.join("\n"), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_read_policy_writes_nothing() {
    for world in WORLDS {
        let (_, written, _) = Place::Sandbox(world).write(&conventional(Reach::Read)).await;
        assert!(!written.is_complete() && written.text().contains("needs secretsmanager:"), "{written:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_narrowed_to_names_finds_the_same_of_what_it_names() {
    let user = "arn:aws:iam::111122223333:user/operator";
    let role = "arn:aws:iam::111122223333:role/BenchlingWebhookStack-TaskRole-1AB2C3D4E5F6";
    let policy = printed(&[
        "read",
        "--stack",
        "quilt-prod",
        "--secret",
        "benchling-webhook-production",
        "--for",
        user,
        "--principal",
        role,
    ]);
    let place = Place::Sandbox("quilt-healthy");
    let full = place.read(&administrator()).await;
    let limited = place.read(&policy).await;
    // Only the two lists are not known: nothing but what is named may be listed.
    let known: Vec<String> = limited.judgement.findings.iter().filter(|finding| !finding.unknown).map(key).collect();
    let lists: Vec<&str> = limited
        .judgement
        .findings
        .iter()
        .filter(|finding| finding.unknown && !full.findings().contains(&key(finding)))
        .map(|finding| finding.id.as_str())
        .collect();
    assert!(known.iter().all(|key| full.findings().contains(key)), "{known:?}");
    assert_eq!(lists, ["stack/readable", "secret/readable"]);
}

/// The emulator lists stacks for whoever may describe them, without cloudformation:ListStacks, which AWS asks for as well.
const NOT_ASKED_BY_THE_EMULATOR: &str = "cloudformation:ListStacks";

#[tokio::test(flavor = "multi_thread")]
async fn over_http_the_read_policy_suffices_and_a_missing_action_is_named() {
    let Some(place) = Place::emulator(true).await else { return };
    let policy = conventional(Reach::Read);
    finds_the_same(&place, &policy).await;
    let full = place.read(&administrator()).await;
    let mut faults = Vec::new();
    for action in of_walks(&policy).iter().filter(|action| *action != NOT_ASKED_BY_THE_EMULATOR) {
        faults.extend(faults_of_reading(&place, &policy, action, &full).await);
    }
    assert_eq!(faults.join("\n"), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn over_http_the_write_policy_suffices_and_a_missing_action_is_named() {
    let policy = conventional(Reach::Write);
    for (has_secret, needed) in [(false, CREATES), (true, CHANGES)] {
        let Some(place) = Place::emulator(has_secret).await else { return };
        is_written(&place, &policy).await;
        // The emulator tags without secretsmanager:TagResource.
        for action in needed.into_iter().filter(|action| *action != "secretsmanager:TagResource") {
            let (_, written, after) = place.write(&without(&policy, action)).await;
            assert!(written.text().contains(action), "without {action}: {written:#?}");
            assert_eq!(after.version().is_some(), has_secret, "without {action}: {written:#?}");
        }
    }
}
