use crate::judge::scene::{Scene, denied, error, trusts};
use crate::judge::{Judgement, NOT_DEPLOYED};
use crate::model::selection::RoleKind;
use crate::model::verdict::{Party, Verdict};
use crate::model::{ErrorKind, Fact};
use crate::policy::{Answer, Layer, Leaning, evaluate};

fn of(judgement: &Judgement, party: Party) -> &Verdict {
    judgement.verdicts.iter().find(|v| v.party == party && v.role_arn.contains("/ReadQuiltV2")).unwrap()
}

#[test]
fn a_healthy_webhook_is_allowed_by_everything_readable() {
    let judged = Scene::healthy().judge();
    assert_eq!(judged.verdicts.len(), 4);
    let workload = of(&judged, Party::Workload);
    assert_eq!((workload.decision.verdict, workload.decision.leaning), (Answer::Unknown, Some(Leaning::Allow)));
    assert_eq!(workload.principal.as_deref(), Some("arn:aws:iam::111122223333:role/webhook-task"));
    assert_eq!(of(&judged, Party::Operator).decision.verdict, Answer::Deny);
}

#[test]
fn the_live_call_proves_the_operator_and_nobody_else() {
    let mut scene = Scene::untouched();
    scene.live(RoleKind::Read, Ok("2026-03-04T13:00:00Z".parse().unwrap()));
    let judged = scene.judge();
    let operator = of(&judged, Party::Operator);
    assert_eq!((operator.decision.verdict, operator.disagreement), (Answer::Allow, true));
    assert_eq!(operator.evaluated.as_ref().unwrap().verdict, Answer::Deny);
    let workload = of(&judged, Party::Workload);
    assert_eq!(workload.decision.verdict, Answer::Deny);
    assert!(workload.live.is_none() && workload.decision.blocked_by.contains(&Layer::Trust));
}

#[test]
fn a_refusal_that_nothing_readable_explains_is_a_deny_and_a_disagreement() {
    let mut scene = Scene::healthy();
    scene.trust(RoleKind::Read, &trusts("arn:aws:iam::111122223333:user/operator"));
    let message = "User: x is not authorized to perform: sts:AssumeRole on resource: y";
    scene.live(RoleKind::Read, Err(error(ErrorKind::Denied, "sts:AssumeRole", "AccessDenied", message)));
    let judged = scene.judge();
    let operator = of(&judged, Party::Operator);
    assert_eq!((operator.decision.verdict, operator.disagreement), (Answer::Deny, true));
    assert_eq!(operator.decision.cause.0, "scp_unreadable");
    scene.live(RoleKind::Read, Err(error(ErrorKind::Throttled, "sts:AssumeRole", "Throttling", "Rate exceeded")));
    let judged = scene.judge();
    let operator = of(&judged, Party::Operator);
    assert_eq!((operator.decision.verdict, operator.disagreement), (Answer::Unknown, false));
}

#[test]
fn without_the_trust_policy_a_refusal_still_counts() {
    let mut scene = Scene::healthy();
    scene.facts.role_mut(RoleKind::Read).detail = denied("iam:GetRole");
    scene.live(RoleKind::Read, Err(error(ErrorKind::Denied, "sts:AssumeRole", "AccessDenied", "not authorized")));
    let judged = scene.judge();
    let operator = of(&judged, Party::Operator);
    assert_eq!((operator.decision.verdict, operator.disagreement), (Answer::Deny, false));
    assert_eq!(operator.decision.cause.0, "trust_policy_unreadable");
    assert_eq!(of(&judged, Party::Workload).decision.verdict, Answer::Unknown);
}

#[test]
fn a_webhook_that_is_not_deployed_has_an_open_verdict() {
    let judged = Scene::healthy().not_deployed().judge();
    let workload = of(&judged, Party::Workload);
    assert_eq!((workload.decision.verdict, workload.decision.cause), (Answer::Unknown, NOT_DEPLOYED));
    assert!(workload.principal.is_none() && workload.evaluated.is_none());
}

#[test]
fn nothing_is_judged_from_what_is_under_way() {
    let mut scene = Scene::healthy();
    scene.facts.workload.policies = Fact::Pending(None);
    assert!(scene.judge().verdicts.iter().all(|v| v.party == Party::Operator));
    for kind in RoleKind::BOTH {
        scene.facts.role_mut(kind).detail = Fact::Pending(None);
    }
    assert!(scene.judge().verdicts.is_empty());
    scene.facts.role_mut(RoleKind::Read).found = Fact::NotAsked;
    assert!(scene.judge().findings.iter().all(|f| f.subject != "ReadQuiltV2-quilt-prod"));
}

#[test]
fn a_role_that_is_not_there_is_refused_for_that() {
    let mut scene = Scene::healthy();
    scene.facts.role_mut(RoleKind::Read).detail = Fact::Absent;
    let judged = scene.judge();
    assert_eq!(of(&judged, Party::Workload).decision.cause.0, "role_not_found");
    assert!(judged.findings.iter().all(|f| f.id != "trust/task-role" || f.subject != "ReadQuiltV2-quilt-prod"));
}

/// Both roles are cured in one policy of the caller: either patch and either command must leave the other's cure in place.
#[test]
fn the_second_cure_of_one_policy_holds_the_first() {
    let mut scene = Scene::healthy();
    scene.workload_may(&["arn:aws:iam::111122223333:role/something-else"]);
    for kind in RoleKind::BOTH {
        scene.trust(kind, &trusts("arn:aws:iam::111122223333:root"));
    }
    let judged = scene.judge();
    let of_workload: Vec<&Verdict> = judged.verdicts.iter().filter(|v| v.party == Party::Workload).collect();
    let [read, write] = of_workload.as_slice() else { panic!("two roles: {of_workload:?}") };
    let second = write.cure.as_ref().unwrap().fixes.first().unwrap();
    assert_eq!(second.target, "identity_policies/0");
    for verdict in [read, write] {
        let as_it_is = verdict.case.as_ref().unwrap();
        let after = second.applied(as_it_is).expect("the patch fits the policy that is there");
        let answer = evaluate(&after, scene.facts.observed_at);
        assert_ne!(answer.verdict, Answer::Deny, "{}", answer.summary);
    }
}
