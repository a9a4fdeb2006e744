use std::collections::BTreeMap;

use super::*;
use crate::model::facts::{AccessKeyFacts, KeyUse, PrincipalDetail, Simulation};
use crate::model::{AwsError, ErrorKind};
use crate::policy::Policy;
use crate::policy::lint::Boundaries;
use crate::values::PrincipalArn;
use crate::values::time::Timestamp;

const NOW: &str = "2026-03-04T12:00:00Z";
const POLICY: &str = "arn:aws:iam::111122223333:policy/Launch";

fn question() -> Question {
    let jobs = Expectation {
        what: "launch Batch jobs".into(),
        actions: vec!["batch:SubmitJob".into(), "batch:CancelJob".into()],
        resources: vec!["*".into()],
        context: BTreeMap::new(),
        allowed: true,
        trouble: Severity::Error,
    };
    let keys = Expectation {
        what: "make access keys".into(),
        actions: vec!["iam:CreateAccessKey".into()],
        allowed: false,
        trouble: Severity::Warning,
        ..jobs.clone()
    };
    Question {
        carries: Some(vec!["Launch".into()]),
        reaches: Some(Boundaries::default()),
        expectations: vec![jobs, keys],
        lists_keys: true,
        ..Question::of("batch-user", "batch", Asked::User("batch".into()))
    }
}

fn simulated(action: &str, decision: &str) -> Simulated {
    Simulated { resource: "*".into(), answer: Simulation::of(action, decision) }
}

fn key(id: &str, created: &str) -> AccessKeyFacts {
    AccessKeyFacts {
        id: id.into(),
        active: true,
        created: Some(created.parse().unwrap()),
        last_used: Fact::Known(KeyUse {
            at: "2026-03-02T12:00:00Z".parse().unwrap(),
            service: "batch".into(),
            region: "eu-west-1".into(),
        }),
    }
}

/// Everything as it should be.
fn healthy() -> PrincipalLook {
    let arn = PrincipalArn::parse("arn:aws:iam::111122223333:user/batch").unwrap();
    let allows = r#"{"Statement": {"Effect": "Allow", "Action": "batch:*", "Resource": "*"}}"#;
    let mut look = PrincipalLook {
        id: "batch-user".into(),
        found: Fact::Known(PrincipalDetail { arn: arn.clone(), created: None }),
        attached: Fact::Known(vec![AttachedPolicy { name: "Launch".into(), arn: POLICY.into() }]),
        access_keys: Fact::Known(vec![key("AKIAIOSFODNN7EXAMPLE", "2026-02-20T12:00:00Z")]),
        simulated: vec![
            Fact::Known(vec![simulated("batch:SubmitJob", "allowed"), simulated("batch:CancelJob", "allowed")]),
            Fact::Known(vec![simulated("iam:CreateAccessKey", "implicitDeny")]),
        ],
        ..PrincipalLook::default()
    };
    look.policies.arn = Fact::Known(arn);
    look.policies.policies =
        Fact::Known(vec![NamedPolicy { name: POLICY.into(), policy: Policy::parse(allows).unwrap() }]);
    look.policies.boundary = Fact::Known(None);
    look
}

fn findings(look: PrincipalLook) -> Vec<Finding> {
    let mut facts = Facts::new(NOW.parse::<Timestamp>().unwrap());
    facts.system.principals = vec![look];
    judge(&[question()], &facts, |action| {
        action.starts_with("batch:").then(|| Fix::command("Allow it.", "print batch"))
    })
}

fn told(look: PrincipalLook) -> Vec<String> {
    findings(look).iter().map(|finding| format!("{} {}", finding.severity.word(), finding.id)).collect()
}

/// The one finding of an id.
fn one(look: PrincipalLook, id: &str) -> Finding {
    let mut all: Vec<Finding> = findings(look).into_iter().filter(|finding| finding.id == id).collect();
    assert_eq!(all.len(), 1, "{all:#?}");
    all.remove(0)
}

fn denied<T>(action: &str) -> Fact<T> {
    Fact::Denied { action: action.into(), error: AwsError::local(ErrorKind::Denied, action, "no") }
}

#[test]
fn what_is_right_is_said_to_be_right() {
    assert_eq!(
        told(healthy()),
        [
            "ok principal/exists",
            "ok principal/policies",
            "ok principal/expected",
            "ok principal/unexpected",
            "ok principal/access-keys",
            "ok policy/lint"
        ]
    );
    let keys = one(healthy(), "principal/access-keys");
    assert_eq!(keys.claim, "batch has 1 access key; it is 12 days old.");
    assert_eq!(keys.evidence, ["AKIA…MPLE: active, made 12 days ago, last used 2 days ago, for batch in eu-west-1"]);
    assert!(!format!("{keys:?}").contains("IOSFODNN"), "an id is never shown whole");
}

#[test]
fn of_what_is_not_there_nothing_else_is_said() {
    let look = PrincipalLook { found: Fact::Absent, ..healthy() };
    assert_eq!(told(look.clone()), ["error principal/exists"]);
    assert_eq!(one(look, "principal/exists").claim, "There is no user batch in account 1111-2222-3333.");
}

#[test]
fn what_may_not_be_read_is_unknown_and_names_the_action() {
    let mut look = healthy();
    look.found = denied("iam:GetUser");
    look.attached = denied("iam:ListAttachedUserPolicies");
    look.access_keys = denied("iam:ListAccessKeys");
    look.simulated = vec![denied("iam:SimulatePrincipalPolicy"); 2];
    look.policies.policies = denied("iam:ListUserPolicies");
    for (finding, needs) in findings(look).iter().zip([
        "iam:GetUser",
        "iam:ListAttachedUserPolicies",
        "iam:SimulatePrincipalPolicy",
        "iam:SimulatePrincipalPolicy",
        "iam:ListAccessKeys",
    ]) {
        assert!(finding.unknown && finding.severity == Severity::Info && finding.claim.contains(needs), "{finding:#?}");
    }
}

#[test]
fn without_the_simulator_the_policies_that_were_read_are_evidence_and_no_answer() {
    let mut look = healthy();
    look.simulated = vec![denied("iam:SimulatePrincipalPolicy"); 2];
    let finding = one(look.clone(), "principal/expected");
    assert!(finding.unknown && finding.evidence.iter().any(|line| line.contains("allow all of it")), "{finding:#?}");
    look.policies.policies = Fact::Known(Vec::new());
    let finding = one(look, "principal/expected");
    let refusing = "the policies that were read do not allow batch:SubmitJob, batch:CancelJob";
    assert!(finding.unknown && finding.evidence.iter().any(|line| line == refusing), "{finding:#?}");
}

#[test]
fn policies_are_compared_by_name_and_what_comes_from_elsewhere_is_told() {
    let mut look = healthy();
    let further = AttachedPolicy { name: "Admin".into(), arn: "arn:aws:iam::aws:policy/Admin".into() };
    look.attached = Fact::Known(vec![further]);
    let all: Vec<Finding> = findings(look).into_iter().filter(|finding| finding.id == "principal/policies").collect();
    assert_eq!((all[0].severity, all[0].claim.as_str()), (Severity::Error, "batch lacks its policy: Launch."));
    assert_eq!(all[1].evidence, ["attached: arn:aws:iam::aws:policy/Admin", &format!("from a group: {POLICY}")]);

    let mut look = healthy();
    let inline =
        NamedPolicy { name: "inline policy Trial".into(), policy: Policy::parse(r#"{"Statement": []}"#).unwrap() };
    look.policies.policies = look.policies.policies.map(|mut all| {
        all.push(inline);
        all
    });
    let finding = one(look, "principal/policies");
    assert_eq!((finding.severity, finding.evidence), (Severity::Warning, vec!["inline policy Trial".to_owned()]));
}

#[test]
fn a_refusal_names_the_side_that_refuses() {
    for (change, side) in [
        ((|_| {}) as fn(&mut Simulation), "no policy of it allows: batch:SubmitJob"),
        (|answer| answer.allowed_by_boundary = Some(false), "refused by the permissions boundary: batch:SubmitJob"),
        (
            |answer| answer.allowed_by_organizations = Some(false),
            "refused by the organization's service control policies: batch:SubmitJob",
        ),
        (
            |answer| {
                answer.decision = "explicitDeny".into();
                answer.matched = vec![("Guard".into(), Effect::Deny)];
            },
            "denied by Guard: batch:SubmitJob",
        ),
    ] {
        let mut refused = simulated("batch:SubmitJob", "implicitDeny");
        change(&mut refused.answer);
        let mut look = healthy();
        look.simulated[0] = Fact::Known(vec![refused, simulated("batch:CancelJob", "allowed")]);
        let finding = one(look, "principal/expected");
        assert_eq!((finding.severity, finding.unknown), (Severity::Error, false));
        assert_eq!(finding.claim, "batch may not launch Batch jobs: 1 of 2 actions is refused.");
        assert_eq!(finding.evidence[0], side);
        assert!(
            finding.fixes.iter().any(|fix| fix.command.as_deref() == Some("print batch")),
            "the text that allows it"
        );
    }
}

#[test]
fn what_depends_on_the_call_is_not_called_a_refusal() {
    let mut open = simulated("batch:SubmitJob", "implicitDeny");
    open.answer.missing_context = vec!["aws:SourceIp".into()];
    let mut look = healthy();
    look.simulated[0] = Fact::Known(vec![open, simulated("batch:CancelJob", "allowed")]);
    let finding = one(look, "principal/expected");
    assert!(finding.unknown && finding.severity == Severity::Info, "{finding:#?}");
    assert_eq!(finding.evidence[0], "depends on aws:SourceIp: batch:SubmitJob");
}

#[test]
fn what_should_not_be_allowed_is_told_with_the_policy_that_allows_it() {
    let mut allowed = simulated("iam:CreateAccessKey", "allowed");
    allowed.answer.matched = vec![("Admin".into(), Effect::Allow)];
    let mut look = healthy();
    look.simulated[1] = Fact::Known(vec![allowed]);
    let finding = one(look, "principal/unexpected");
    assert_eq!((finding.severity, finding.evidence[0].as_str()), (Severity::Warning, "iam:CreateAccessKey, by Admin"));
}

#[test]
fn keys_are_counted_and_dated() {
    let old = key("AKIAIOSFODNN7EXAMPLE", "2025-08-02T12:00:00Z");
    let unused = AccessKeyFacts { last_used: Fact::Absent, ..key("AKIAI44QH8DHBEXAMPLE", "2026-03-04T11:00:00Z") };
    let inactive = AccessKeyFacts { active: false, ..old.clone() };
    for (keys, severity, claim) in [
        (vec![], Severity::Info, "batch has no access key."),
        (vec![old.clone()], Severity::Info, "batch has 1 access key; the oldest that works is 214 days old."),
        (vec![inactive.clone()], Severity::Info, "batch has 1 access key, 0 of them active."),
        (vec![inactive, unused.clone()], Severity::Ok, "batch has 2 access keys, 1 of them active; it was made today."),
        (vec![unused.clone(), unused], Severity::Info, "batch has 2 access keys; all were made today."),
    ] {
        let finding = one(PrincipalLook { access_keys: Fact::Known(keys), ..healthy() }, "principal/access-keys");
        assert_eq!((finding.severity, finding.claim.as_str()), (severity, claim));
        assert!(finding.evidence.iter().all(|line| !line.contains("EXAMPLE")), "{finding:#?}");
    }
}

/// Whoever works with keys of its own can do nothing without one that is active (S4-21).
#[test]
fn where_keys_are_needed_none_that_works_is_an_error_with_what_makes_one() {
    let makes = Fix::command("Make one.", "make-a-key");
    let question = Question { needs_key: Some(makes.clone()), ..question() };
    let inactive = AccessKeyFacts { active: false, ..key("AKIAIOSFODNN7EXAMPLE", "2026-02-20T12:00:00Z") };
    let judged = |keys: Vec<AccessKeyFacts>| {
        let look = PrincipalLook { access_keys: Fact::Known(keys), ..healthy() };
        keys::judge(&question, &look, NOW.parse().unwrap()).unwrap()
    };
    let none = judged(Vec::new());
    assert_eq!((none.severity, none.claim.as_str()), (Severity::Error, "batch has no access key."));
    assert_eq!(none.fixes, std::slice::from_ref(&makes));
    let off = judged(vec![inactive.clone()]);
    assert_eq!((off.severity, off.fixes.last()), (Severity::Error, Some(&makes)));
    assert!(off.fixes[0].what.contains("why the key was made inactive"), "{off:#?}");
    let works = judged(vec![inactive.clone(), AccessKeyFacts { active: true, ..inactive }]);
    assert_eq!((works.severity, works.fixes.len()), (Severity::Ok, 0));
}

/// What one action is asked for is said of one action.
#[test]
fn a_single_action_is_spoken_of_as_one() {
    for (decision, claim) in [
        ("allowed", "batch may launch Batch jobs: its one action is allowed."),
        ("implicitDeny", "batch may not launch Batch jobs: its one action is refused."),
    ] {
        let mut look = healthy();
        look.simulated[0] = Fact::Known(vec![simulated("batch:SubmitJob", decision)]);
        assert_eq!(one(look, "principal/expected").claim, claim);
    }
}

/// IAM answers a third key with LimitExceeded: room has to be made before another one can be.
#[test]
fn of_two_keys_one_goes_before_another_is_made() {
    let old = key("AKIAIOSFODNN7EXAMPLE", "2025-08-02T12:00:00Z");
    let other = AccessKeyFacts { id: "AKIAI44QH8DHBOTHERS".into(), ..old.clone() };
    let unused = AccessKeyFacts { last_used: Fact::Absent, ..other.clone() };
    let inactive = AccessKeyFacts { active: false, ..other.clone() };
    for (keys, cure) in [
        (vec![old.clone()], "Make a new key"),
        (
            vec![old.clone(), unused],
            "IAM gives a user two access keys at most: first delete AKIA…HERS, which was never used. Then make a new key",
        ),
        (
            vec![old.clone(), inactive],
            "IAM gives a user two access keys at most: first delete AKIA…HERS, which is inactive. Then make a new key",
        ),
        (vec![old, other], "IAM gives a user two access keys at most: first see which of them nothing needs"),
    ] {
        let finding = one(PrincipalLook { access_keys: Fact::Known(keys), ..healthy() }, "principal/access-keys");
        assert!(finding.fixes[0].what.starts_with(cure), "{finding:#?}");
    }
}

#[test]
fn a_policy_that_grants_for_nothing_is_a_finding_under_its_own_name() {
    let mut look = healthy();
    let text =
        r#"{"Statement": {"Effect": "Allow", "Action": ["efs:CreateFileSystem", "iam:PassRole"], "Resource": "*"}}"#;
    look.policies.policies =
        Fact::Known(vec![NamedPolicy { name: POLICY.into(), policy: Policy::parse(text).unwrap() }]);
    let lints: Vec<Finding> = findings(look).into_iter().filter(|finding| finding.id == "policy/lint").collect();
    assert!(lints.iter().all(|lint| lint.subject == "Launch" && lint.severity == Severity::Warning), "{lints:#?}");
    assert!(lints.iter().any(|lint| lint.fixes[0].what.contains("elasticfilesystem:")), "{lints:#?}");
}
