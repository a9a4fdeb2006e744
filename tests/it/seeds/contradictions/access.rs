use std::collections::BTreeSet;

use rolecall::check::Checked;
use rolecall::model::inquiry::ProbeTarget;
use rolecall::model::verdict::Party;
use rolecall::model::{Inquiry, Selection, Severity};
use rolecall::policy::Answer;
use rolecall::values::PrincipalArn;
use serde_json::json;

use crate::seeds::scene::{READ, Scene, TASK_ROLE, WRITE, finding, print, rolecall, says, verdict, with_id};

/// The access path to a role, as somebody would ask for it.
fn asked(world: &str, change: impl FnOnce(&mut Inquiry)) -> Checked {
    let scene = Scene::of(world);
    let mut inquiry = scene.world.selection().inquiry.unwrap_or_else(|| Inquiry::of_role(READ, "typed"));
    change(&mut inquiry);
    scene.check_as(Selection { inquiry: Some(inquiry), ..scene.world.selection() })
}

/// The trust policy is judged, in layers that stand apart; each may be unknown, and is then no fault.
#[test]
fn c1_live_call_trust_and_callers_side_are_three_answers() {
    let checked = asked("quilt-untouched", |inquiry| inquiry.principal = PrincipalArn::parse(TASK_ROLE).ok());
    let you = verdict(&checked, Party::Operator, READ);
    assert!(you.live.as_ref().unwrap().outcome.is_err());
    assert_eq!(you.evidence.trust.as_ref().unwrap().verdict, Answer::Deny);
    assert_eq!(you.evidence.caller.as_ref().unwrap().verdict, Answer::Allow);
    let webhook = verdict(&checked, Party::Workload, READ);
    assert!(webhook.live.is_none(), "your own call says nothing of the webhook");
    assert_eq!(webhook.evidence.trust.as_ref().unwrap().verdict, Answer::Deny);
    assert_eq!(webhook.evidence.caller.as_ref().unwrap().verdict, Answer::Deny);
    assert!(webhook.evidence.simulated.known().is_some());

    let blind = Scene::of("read-only-operator").check();
    let you = verdict(&blind, Party::Operator, READ);
    assert!(you.live.is_some() && you.evidence.trust.is_none() && you.evidence.caller.is_none());
    let told = finding(&blind, "role/exists", "ReadQuiltV2-quilt-prod");
    assert!(told.unknown && says(told).contains("needs iam:GetRole"), "{told:?}");
}

/// A configured role that cannot be assumed is an error with what each release does; an unconfigured one is a warning.
#[test]
fn c5_what_a_runtime_does_with_a_role_it_cannot_assume_is_told() {
    let untrusting = json!({"trust": {"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::712023778557:user/quilt-dev-1"}, "Action": "sts:AssumeRole"
    }]}});
    let checked = Scene::patched(json!({"extends": "quilt-healthy", "accounts": {"111122223333": {"roles": {
        "ReadWriteQuiltV2-quilt-prod": untrusting
    }}}}))
    .check();
    let told = finding(&checked, "trust/task-role", "ReadWriteQuiltV2-quilt-prod");
    assert_eq!(told.severity, Severity::Error);
    let words = says(told);
    assert!(words.contains("webhooks 0.8 to 0.9 stop at start-up when they cannot assume it"), "{words}");
    let unconfigured = Scene::of("quilt-untouched").check();
    assert_eq!(finding(&unconfigured, "trust/task-role", "ReadWriteQuiltV2-quilt-prod").severity, Severity::Warning);
}

/// An hour unless something else is asked for, 15 minutes at least, used until five minutes before its end.
#[test]
fn c15_a_session_lasts_an_hour_and_is_used_until_five_minutes_before() {
    for (asked_for, minutes) in [(None, 54..=55), (Some(900), 9..=10)] {
        let checked = asked("secret-tried-works", |inquiry| inquiry.hops[0].duration_seconds = asked_for);
        let life = finding(&checked, "hop/session-life", "ReadQuiltV2-quilt-prod");
        let told: u32 = life.claim.split_whitespace().rev().nth(1).unwrap().parse().unwrap();
        assert!(minutes.contains(&told), "{}", life.claim);
        assert!(says(life).contains("usable life is the expiry minus 5 minutes, never under a minute"));
    }
    // One session serves every call behind it, and nothing of it is written.
    let scene = Scene::of("wave-healthy");
    let before = scene.files();
    let checked = scene.check();
    let of = |operation: &str| checked.facts.calls.iter().filter(|call| call.operation == operation).count();
    assert_eq!(of("sts:AssumeRole"), 1);
    assert!(of("ecr:GetAuthorizationToken") == 1 && of("ecr:DescribeImages") == 1);
    assert_eq!(scene.files(), before);
    let scene = Scene::of("secret-tried-works");
    let bucket = || ProbeTarget::Bucket { name: "quilt-acme-user-bucket".into(), writes: true };
    let inquiry = Inquiry { probes: vec![bucket()], ..Inquiry::of_role(READ, "typed") };
    let before = scene.files();
    let tried = scene.check_as(Selection { inquiry: Some(inquiry), ..scene.world.selection() });
    assert!(with_id(&tried, "hop/probe").len() >= 3, "several calls with the session");
    let calls = scene.world.calls();
    let by_role =
        calls.iter().filter(|call| call.operation.starts_with("s3:") && call.access_key_id.starts_with("ASIA"));
    let sessions: BTreeSet<&str> = by_role.map(|call| call.access_key_id.as_str()).collect();
    assert_eq!(sessions.len(), 1, "and it is one session: {sessions:?}");
    assert_eq!(scene.files(), before, "which is kept nowhere");
    let short = asked("secret-tried-works", |inquiry| inquiry.hops[0].duration_seconds = Some(60));
    assert!(says(finding(&short, "hop/denied", "ReadQuiltV2-quilt-prod")).contains("the least is 900 s"));
}

#[test]
fn c16_session_names_stay_within_64_characters() {
    let own = Scene::of("role-arns-typed").check();
    let names = own.judgement.verdicts.iter().filter_map(|verdict| Some(verdict.live.as_ref()?.session_name.clone()));
    for name in names {
        let parts: Vec<&str> = name.split('-').collect();
        assert!(matches!(parts.as_slice(), ["rolecall", account, epoch] if account.len() == 12 && epoch.len() >= 10));
        assert!(name.len() <= 64, "{name}");
    }
    for (length, refused) in [(64, false), (65, true)] {
        let checked = asked("secret-tried-works", |inquiry| inquiry.hops[0].session_name = Some("n".repeat(length)));
        let decision = &verdict(&checked, Party::Operator, READ).decision;
        assert_eq!(decision.cause.0 == "session_name_invalid", refused, "{length}: {}", decision.summary);
        assert!(!refused || decision.summary.contains("2 to 64"), "{}", decision.summary);
    }
}

/// 900 to 43200 seconds is what STS takes; the role's own maximum and the hour of a chain are what counts.
#[test]
fn c17_the_roles_maximum_and_the_chains_hour_cap_the_duration() {
    for (world, cause, role, ask) in [
        ("deny-duration-over-max", "duration_over_max", "NightlyExport", "Ask for 7200 s"),
        ("deny-role-chaining-duration", "role_chaining_duration", "Notebook", "Ask for 3600 s"),
    ] {
        let checked = Scene::of(world).check();
        let told = says(finding(&checked, "hop/denied", role));
        assert!(told.contains(&format!("cause: {cause}")) && told.contains(ask), "{world}: {told}");
    }
    for (seconds, denied) in [(7_200, false), (7_201, true)] {
        let checked = asked("deny-duration-over-max", |inquiry| inquiry.hops[0].duration_seconds = Some(seconds));
        assert_eq!(with_id(&checked, "hop/denied").len(), usize::from(denied), "{seconds}");
    }
}

/// Optional, held to AWS's rule, and what a trust policy asks for already stays to the letter.
#[test]
fn c18_an_external_id_is_optional_checked_and_never_changed() {
    let policy = |id: &str| {
        let of = ["print", "trust-policy", "--new-role", "--role", READ, "--principal", TASK_ROLE];
        rolecall(&[&of[..], &["--external-id", id, "--show-external-ids"]].concat())
    };
    for right in ["ab", "b3-acme:exchange/1=2,3.4@5+6_7", &"x".repeat(1_224)] {
        let condition = policy(right).expect(0).json()["Statement"][0]["Condition"].clone();
        assert_eq!(condition, json!({"StringEquals": {"sts:ExternalId": right}}));
    }
    for wrong in ["a", "white space", "semi;colon", &"x".repeat(1_225)] {
        assert!(policy(wrong).expect(2).flat().contains("2 to 1224 letters"), "{wrong}");
    }
    let without =
        rolecall(&["print", "trust-policy", "--new-role", "--role", READ, "--principal", TASK_ROLE]).expect(0);
    assert!(!without.out.contains("ExternalId"), "{}", without.out);
    let kept = print("deny-external-id-mismatch", &["trust-policy", "--show-external-ids"]);
    assert!(kept.out.contains("\"sts:ExternalId\": \"b3-acme-exchange\""), "{}", kept.out);
}

/// A session's ARN has lost its role's path, and a trust policy that names the role has it.
#[test]
fn c30_a_session_is_its_role_and_what_is_left_of_a_deleted_one_is_nobody() {
    let scene = Scene::of("deny-external-id-mismatch");
    let checked = scene.check();
    let session = checked.facts.identity.known().unwrap().arn.to_string();
    assert!(session.contains(":assumed-role/AWSReservedSSO_") && !session.contains("aws-reserved"), "{session}");
    let role = &checked.judgement.path[0].role_arn;
    let you = verdict(&checked, Party::Operator, role);
    assert_eq!(you.decision.cause.0, "external_id_mismatch", "the principal itself matched: {}", you.decision.summary);

    let deleted = Scene::of("deny-principal-deleted").check();
    let told = says(finding(&deleted, "hop/denied", "LakeReader"));
    assert!(told.contains("AROADBQP57FF2AEXAMPLE: what is left of a deleted user or role"), "{told}");
}

/// What a new user meets first: nobody let the webhook in, and the trust policy that is handed over cures it.
#[test]
fn c33_an_untouched_stack_denies_the_webhook_and_the_handed_over_policy_cures_it() {
    let first = rolecall::sandbox::World::DEFAULT;
    let before = Scene::of(first).check();
    for role in [READ, WRITE] {
        let webhook = verdict(&before, Party::Workload, role);
        assert_eq!((webhook.decision.verdict, webhook.decision.cause.0), (Answer::Deny, "principal_not_listed"));
    }
    let policy = print(first, &["trust-policy"]).expect(0).json();
    let roles = json!({"ReadQuiltV2-quilt-prod": {"trust": policy}, "ReadWriteQuiltV2-quilt-prod": {"trust": policy}});
    let after = Scene::patched(json!({"extends": first, "accounts": {"111122223333": {"roles": roles}}})).check();
    for role in [READ, WRITE] {
        assert_ne!(verdict(&after, Party::Workload, role).decision.verdict, Answer::Deny, "{role}");
    }
    assert!(with_id(&after, "trust/task-role").iter().all(|finding| finding.severity == Severity::Ok));
}
