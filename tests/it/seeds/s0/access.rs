use rolecall::check::Checked;
use rolecall::judge;
use rolecall::model::inquiry::ProbeTarget;
use rolecall::model::selection::RoleKind;
use rolecall::model::verdict::Party;
use rolecall::model::{Hop, Inquiry, Selection, Severity};
use rolecall::policy::Answer;
use serde_json::json;

use crate::seeds::scene::{READ, Scene, TASK_ROLE, WRITE, finding, rolecall, says, verdict, with_id};

/// The path to a role, and the bucket read and written with its session.
fn probed(role: &str) -> Checked {
    let scene = Scene::of("secret-tried-works");
    let bucket = ProbeTarget::Bucket { name: "quilt-acme-user-bucket".into(), writes: true };
    let inquiry = Inquiry { probes: vec![bucket], ..Inquiry::of_role(role, "typed") };
    scene.check_as(Selection { inquiry: Some(inquiry), ..scene.world.selection() })
}

fn may(checked: &Checked, action: &str) -> bool {
    let probes = with_id(checked, "hop/probe");
    let probe = probes.iter().find(|probe| probe.claim.contains(action));
    probe.unwrap_or_else(|| panic!("{action} was not tried: {probes:?}")).severity == Severity::Ok
}

#[test]
fn s0_04_the_read_role_reads_the_bucket_and_writes_nothing() {
    let checked = probed(READ);
    assert!(may(&checked, "s3:HeadBucket") && may(&checked, "s3:ListObjectsV2"));
    assert!(!may(&checked, "s3:PutObject"));
}

#[test]
fn s0_05_the_write_role_reads_and_writes_the_bucket() {
    let checked = probed(WRITE);
    assert!(may(&checked, "s3:HeadBucket") && may(&checked, "s3:ListObjectsV2") && may(&checked, "s3:PutObject"));
}

#[test]
fn s0_08_rolecall_makes_the_call_that_the_containers_boto3_makes() {
    let scene = Scene::of("secret-tried-works");
    let checked = scene.check();
    for kind in RoleKind::BOTH {
        let live = checked.facts.role(kind).unwrap().live.known().unwrap();
        assert!(live.outcome.is_ok(), "{kind:?}: {live:?}");
    }
    let bucket = finding(&checked, "secret/bucket-access", "USER_BUCKET");
    assert_eq!(bucket.severity, Severity::Ok, "and S3 was asked with each session: {}", says(bucket));
}

#[test]
fn s0_12_each_role_has_a_verdict_for_the_webhook_and_a_live_call() {
    let checked = Scene::of("quilt-no-secret").check();
    for role in [READ, WRITE] {
        let webhook = verdict(&checked, Party::Workload, role);
        assert_eq!(webhook.principal.as_deref(), Some(TASK_ROLE));
        assert!(webhook.live.is_none(), "only the webhook itself could make its call");
        assert!(verdict(&checked, Party::Operator, role).live.is_some());
    }
}

#[test]
fn s0_13_the_session_name_to_look_for_in_cloudtrail_is_told() {
    let checked = Scene::of("quilt-untouched").check();
    for kind in RoleKind::BOTH {
        let role = checked.facts.role(kind).unwrap();
        let sent = &role.live.known().unwrap().session_name;
        let told = says(finding(&checked, "assume/live", role.found.known().unwrap().arn.name()));
        assert!(told.contains(&format!("session name {sent}, to find the call in CloudTrail")), "{told}");
    }
}

#[test]
fn s0_14_the_task_role_must_be_allowed_to_assume_each_role() {
    let allowed = Scene::of("quilt-no-secret").check();
    assert_eq!(finding(&allowed, "caller/may-assume", "ReadQuiltV2-quilt-prod").severity, Severity::Ok);
    let across = json!({"extends": "role-arns-typed", "accounts": {"111122223333": {"roles": {
        "BenchlingWebhookStack-TaskRole-1AB2C3D4E5F6": {"inline": {"TaskDefinitionTaskRoleDefaultPolicy282E4B81": null}}
    }}}});
    let denied = Scene::patched(across).check();
    let told = finding(&denied, "caller/may-assume", "QuiltDataWrite");
    assert!(matches!(told.severity, Severity::Warning | Severity::Error), "{told:?}");
    let words = says(told);
    assert!(
        words.contains("role/BenchlingWebhookStack-TaskRole-1AB2C3D4E5F6 may not assume QuiltDataWrite"),
        "{words}"
    );
    assert!(words.contains("sts:AssumeRole") && words.contains("arn:aws:iam::444455556666:role/QuiltDataWrite"));
}

/// The specified patterns, held against a name of the specification and against the name that the real template gives.
#[test]
fn s0_29_the_specified_patterns_match_the_specified_names_and_no_real_one() {
    let folder = tempfile::tempdir().unwrap();
    let case = |role: &str| {
        let path = folder.path().join("case.json");
        let text = json!({
            "caller_arn": TASK_ROLE, "caller_credential": "long_term", "role_arn": role,
            "identity_policies": [{"Version": "2012-10-17", "Statement": [{
                "Effect": "Allow", "Action": "sts:AssumeRole",
                "Resource": ["arn:aws:iam::*:role/*-T4BucketReadRole-*", "arn:aws:iam::*:role/*-T4BucketWriteRole-*"]
            }]}],
            "trust_policy": {"Version": "2012-10-17", "Statement": [{
                "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "sts:AssumeRole"
            }]},
            "request": {"duration_seconds": 3600}, "permission_boundary": null, "session_policy": null, "scps": [], "rcps": []
        });
        std::fs::write(&path, text.to_string()).unwrap();
        rolecall(&["explain", path.to_str().unwrap()])
    };
    case("arn:aws:iam::111122223333:role/quilt-stack-T4BucketReadRole-ABC123").expect(0);
    let refused = case(READ).expect(1);
    assert!(refused.flat().contains("*-T4BucketReadRole-*"), "{}", refused.out);
}

#[test]
fn s0_33_which_role_serves_reading_and_which_writing_is_explained() {
    let paragraph = judge::paragraph("role/discovered").unwrap();
    for words in ["reading takes the read role", "writing takes the write role", "task role's own permissions"] {
        assert!(paragraph.contains(words), "{words}: {paragraph}");
    }
    let checked = Scene::of("quilt-no-secret").check();
    let read = finding(&checked, "role/discovered", "ReadQuiltV2-quilt-prod");
    let write = finding(&checked, "role/discovered", "ReadWriteQuiltV2-quilt-prod");
    assert!(read.claim.starts_with("The read role is") && write.claim.starts_with("The write role is"));
}

#[test]
fn s0_34_how_long_assuming_takes_is_measured_and_the_budget_is_told() {
    let report = rolecall(&["check", "--demo=secret-tried-works", "--format", "json"]).json();
    let live: Vec<&str> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["id"] == "assume/live")
        .map(|finding| finding["claim"].as_str().unwrap())
        .collect();
    assert_eq!(live.len(), 2);
    for claim in live {
        let took = claim.rsplit_once(", in ").and_then(|(_, took)| took.strip_suffix(" ms.")).unwrap_or(claim);
        // This world's STS takes 84 ms.
        assert!((84..2_000).contains(&took.parse::<u32>().unwrap()), "{claim}");
    }
    assert!(judge::paragraph("assume/live").unwrap().contains("100 ms"));
}

#[test]
fn s0_35_less_than_fifteen_minutes_is_no_session_and_an_hour_is_the_default() {
    let scene = Scene::of("secret-tried-works");
    for (asked, denied) in [(None, false), (Some(900), false), (Some(899), true)] {
        let hop = Hop { duration_seconds: asked, ..Hop::to(READ) };
        let inquiry = Inquiry { hops: vec![hop], ..Inquiry::of_role(READ, "typed") };
        let checked = scene.check_as(Selection { inquiry: Some(inquiry), ..scene.world.selection() });
        let operator = verdict(&checked, Party::Operator, READ);
        assert_eq!(operator.decision.cause.0 == "duration_under_min", denied, "{asked:?}: {:?}", operator.decision);
        let life = with_id(&checked, "hop/session-life");
        let expected = match asked {
            None => Some("asked for 1 hour"),
            Some(900) => Some("asked for 900 seconds"),
            _ => None,
        };
        assert_eq!(life.first().map(|finding| says(finding).contains(expected.unwrap_or("-"))), expected.map(|_| true));
    }
}

#[test]
fn s0_41_a_trust_policy_without_the_task_role_is_told_and_cured() {
    let checked = Scene::of("quilt-untouched").check();
    for name in ["ReadQuiltV2-quilt-prod", "ReadWriteQuiltV2-quilt-prod"] {
        let told = finding(&checked, "trust/task-role", name);
        assert_eq!(told.severity, Severity::Warning);
        let words = says(told);
        assert!(words.contains("does not let role/BenchlingWebhookStack-TaskRole-1AB2C3D4E5F6 in"), "{words}");
        assert!(words.contains("aws iam update-assume-role-policy") && words.contains("proven"), "{words}");
    }
}

#[test]
fn s0_42_every_try_has_a_session_name_of_its_own_account_and_second() {
    let checked = Scene::of("role-arns-typed").check();
    for (kind, account) in [(RoleKind::Read, "111122223333"), (RoleKind::Write, "444455556666")] {
        let live = checked.facts.role(kind).unwrap().live.known().unwrap();
        assert_eq!(live.session_name, format!("rolecall-{account}-{}", live.at.as_second()));
    }
}

#[test]
fn s0_55_the_write_role_is_optional_and_what_stands_in_for_it_is_told() {
    let paragraph = judge::paragraph("role/discovered").unwrap();
    assert!(
        paragraph.contains("Without the write role, the read role or the task role's own permissions"),
        "{paragraph}"
    );
    let scene = Scene::patched(json!({"extends": "quilt-no-secret", "accounts": {"111122223333": {"regions": {
        "us-east-1": {"stacks": {"quilt-prod": {"resources": {"T4BucketWriteRole": null}}}}
    }}}}));
    let checked = scene.check();
    assert_eq!(finding(&checked, "role/discovered", "T4BucketWriteRole").severity, Severity::Warning);
    let read = verdict(&checked, Party::Workload, READ);
    assert_ne!(read.decision.verdict, Answer::Deny, "the read role serves all the same");
}

/// Nobody needs `iam:GetRole` to go on: without it the trust policy is not known, and that alone is said.
#[test]
fn s0_58_a_trust_policy_that_may_not_be_read_is_unknown_and_stops_nothing() {
    let checked = Scene::of("read-only-operator").check();
    let told = finding(&checked, "role/exists", "ReadQuiltV2-quilt-prod");
    assert!(told.unknown && told.severity == Severity::Info, "{told:?}");
    assert!(says(told).contains("iam:GetRole"), "{}", says(told));
    assert!(checked.judgement.findings.iter().all(|finding| finding.severity > Severity::Warning));
}
