use std::collections::BTreeSet;

use rolecall::check::Checked;
use rolecall::judge;
use rolecall::model::inquiry::ProbeTarget;
use rolecall::model::selection::RoleKind;
use rolecall::model::verdict::Party;
use rolecall::model::{Hop, Inquiry, Selection, Severity};
use rolecall::policy::Answer;
use serde_json::json;

use crate::seeds::scene::{
    READ, Scene, TASK_ROLE, WRITE, finding, of_config, planned, rolecall, says, verdict, with_id,
};

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
    assert_eq!(bucket.severity, Severity::Ok, "{}", says(bucket));
    let calls = scene.world.calls();
    let listed: BTreeSet<&str> = calls
        .iter()
        .filter(|call| call.operation == "s3:ListObjectsV2")
        .map(|call| call.access_key_id.as_str())
        .collect();
    assert_eq!(listed.len(), 3, "you, and each role: {listed:?}");
    for role in [READ, WRITE] {
        let asked = listed.iter().any(|key| scene.world.is_of_role(key, role));
        assert!(asked, "S3 was asked with a session of {role}: {listed:?}");
    }
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

/// The Quilt stack without one of its roles.
fn without(logical_id: &str) -> Scene {
    Scene::patched(json!({"extends": "quilt-no-secret", "accounts": {"111122223333": {"regions": {
        "us-east-1": {"stacks": {"quilt-prod": {"resources": {logical_id: null}}}}
    }}}}))
}

#[test]
fn s0_33_which_role_serves_reading_and_which_writing_is_explained() {
    let paragraph = judge::paragraph("role/discovered").unwrap();
    for words in ["reading takes the read role", "writing takes the write role"] {
        assert!(paragraph.contains(words), "{words}: {paragraph}");
    }
    let checked = Scene::of("quilt-no-secret").check();
    let read = finding(&checked, "role/discovered", "ReadQuiltV2-quilt-prod");
    let write = finding(&checked, "role/discovered", "ReadWriteQuiltV2-quilt-prod");
    assert!(read.claim.starts_with("The read role is") && write.claim.starts_with("The write role is"));
    for (missing, serves, field, arn) in [
        ("T4BucketWriteRole", "the read role serves", "quilt.readRoleArn", READ),
        ("T4BucketReadRole", "the webhook uses its task role's own permissions", "quilt.writeRoleArn", WRITE),
    ] {
        let checked = without(missing).check();
        let told = says(finding(&checked, "role/discovered", missing));
        assert!(told.contains(&format!("without it {serves}")), "{missing}: {told}");
        let plan = planned(&checked);
        let roles: Vec<(&str, &str)> = of_config(&plan)
            .fields
            .iter()
            .filter(|field| field.name.ends_with("RoleArn"))
            .map(|field| (field.name.as_str(), field.after.as_str()))
            .collect();
        assert_eq!(roles, [(field, arn)], "the one that is there is written, and nothing for the other");
    }
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
    assert!(paragraph.contains("Making packages in the bucket needs writing"), "{paragraph}");
    let checked = without("T4BucketWriteRole").check();
    let missing = finding(&checked, "role/discovered", "T4BucketWriteRole");
    assert_eq!(missing.severity, Severity::Warning);
    let told = says(missing);
    for words in ["without it the read role serves by the specification", "use their task role's own permissions"] {
        assert!(told.contains(words), "{words}: {told}");
    }
    let neither = says(finding(&Scene::of("roles-missing").check(), "role/discovered", "T4BucketWriteRole"));
    assert!(!neither.contains("the read role serves"), "there is none: {neither}");
    let read = verdict(&checked, Party::Workload, READ);
    assert_ne!(read.decision.verdict, Answer::Deny, "the read role serves all the same");
}

/// For a role that the webhook is given, the line is told that its log has once it was assumed, or was not; without a role the third one.
#[test]
fn s0_18_the_line_that_the_webhook_logs_at_start_up_is_told() {
    let name = "ReadWriteQuiltV2-quilt-prod";
    let logs = |checked: &Checked, id: &str, subject: &str| {
        says(finding(checked, id, subject)).lines().find(|line| line.contains("(CloudWatch)")).map(str::to_owned)
    };
    let given = logs(&Scene::of("quilt-healthy").check(), "trust/task-role", name).unwrap();
    assert!(given.ends_with(": Role assumed successfully"), "{given}");
    let untrusting = json!({"extends": "quilt-healthy", "accounts": {"111122223333": {"roles": {name: {"trust": {
        "Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::712023778557:user/quilt-dev-1"}, "Action": "sts:AssumeRole"
        }]
    }}}}}});
    let refused = logs(&Scene::patched(untrusting).check(), "trust/task-role", name).unwrap();
    assert!(refused.ends_with(": Failed to assume role"), "{refused}");
    let none = logs(&Scene::of("roles-missing").check(), "role/discovered", "T4BucketWriteRole").unwrap();
    assert!(none.ends_with(": Using default AWS credentials (no role ARN provided)"), "{none}");
    let not_given = logs(&Scene::of("quilt-untouched").check(), "trust/task-role", name);
    assert_eq!(not_given, None, "no webhook was given this role");
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
