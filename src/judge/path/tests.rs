use super::*;
use crate::judge::scene::{ACCOUNT, Scene};
use crate::model::facts::{HopFacts, RoleDetail};
use crate::model::{AwsError, Hop, Inquiry};
use crate::policy::document::Policy;
use crate::values::{PrincipalArn, RoleArn};

const TARGET: &str = "arn:aws:iam::444455556666:role/Target";

fn detail(arn: &str, trust: &str) -> RoleDetail {
    RoleDetail {
        arn: RoleArn::parse(arn).unwrap(),
        role_id: "AROAEXAMPLE".into(),
        created: None,
        max_session_duration: Some(3_600),
        trust_text: trust.into(),
        trust: Policy::parse(trust).map_err(|error| error.to_string()),
        boundary_arn: None,
    }
}

fn trusting(condition: &str) -> String {
    format!(
        r#"{{"Statement":[{{"Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::{ACCOUNT}:root"}},"Action":"sts:AssumeRole"{condition}}}]}}"#
    )
}

fn scene(hop: Hop, facts: HopFacts) -> Scene {
    let mut scene = Scene::healthy();
    scene.facts.path.roles = vec![hop.role_arn.clone()];
    scene.facts.path.hops = vec![facts];
    scene.selection.inquiry = Some(Inquiry { hops: vec![hop], ..Inquiry::default() });
    scene
}

fn refused(code: &str, message: &str) -> Fact<LiveCall> {
    let mut error = AwsError::local(ErrorKind::Denied, "sts:AssumeRole", message);
    error.code = Some(code.into());
    Fact::Known(LiveCall {
        at: "2026-03-04T12:00:00Z".parse().unwrap(),
        took: std::time::Duration::from_millis(84),
        session_name: "s1".into(),
        outcome: Err(error),
    })
}

#[test]
fn a_missing_external_id_is_seen_on_both_kinds_of_evidence() {
    let trust = trusting(r#","Condition":{"StringEquals":{"sts:ExternalId":"cust-42"}}"#);
    let facts = HopFacts {
        detail: Fact::Known(detail(TARGET, &trust)),
        live: refused(
            "AccessDenied",
            "User: arn:aws:iam::111122223333:user/operator is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::444455556666:role/Target",
        ),
        ..HopFacts::default()
    };
    let judged = scene(Hop::to(TARGET), facts).judge();
    let verdict = &judged.path[0];
    assert_eq!((verdict.party, verdict.decision.cause.0), (Party::Operator, "external_id_missing"));
    assert_eq!(verdict.evidence.trust.as_ref().unwrap().verdict, Answer::Deny);
    assert!(!verdict.disagreement && verdict.evidence.told.is_some());
    assert!(verdict.next.iter().any(|step| step.command.as_deref().is_some_and(|c| c.contains("lookup-events"))));
    assert!(judged.findings.iter().any(|f| f.id == "hop/denied" && f.severity == crate::model::Severity::Error));
}

#[test]
fn a_refusal_nobody_can_explain_stays_unknown() {
    let mut error = AwsError::local(ErrorKind::Denied, "iam:GetRole", "denied");
    error.code = Some("AccessDenied".into());
    let facts = HopFacts {
        detail: Fact::Denied { action: "iam:GetRole".into(), error },
        live: refused(
            "AccessDenied",
            "User: arn:aws:iam::111122223333:user/operator is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::444455556666:role/Target",
        ),
        ..HopFacts::default()
    };
    let judged = scene(Hop::to(TARGET), facts).judge();
    assert_eq!(judged.path[0].decision.verdict, Answer::Unknown);
    assert_eq!(judged.path[0].decision.cause.0, "trust_policy_unreadable");
}

#[test]
fn a_role_of_the_same_name_elsewhere_is_not_believed() {
    let other = format!("arn:aws:iam::{ACCOUNT}:role/Target");
    let facts = HopFacts { detail: Fact::Known(detail(&other, &trusting(""))), ..HopFacts::default() };
    let judged = scene(Hop::to(TARGET), facts).judge();
    assert_eq!(judged.path[0].decision.cause.0, "trust_policy_wrong_account");
    assert!(judged.path[0].evidence.trust.is_none());
    assert!(judged.findings.iter().any(|f| f.id == "hop/same-name-role"));
}

#[test]
fn expired_credentials_give_a_verdict_without_an_identity() {
    let mut scene = scene(Hop::to(TARGET), HopFacts::default());
    let mut error = AwsError::local(
        ErrorKind::Credentials,
        "sts:GetCallerIdentity",
        "The security token included in the request is expired",
    );
    error.code = Some("ExpiredToken".into());
    scene.facts.identity = Fact::Failed(error);
    let judged = scene.judge();
    let verdict = &judged.path[0];
    assert_eq!((verdict.decision.verdict, verdict.decision.cause.0), (Answer::Deny, "caller_token_expired"));
    assert_eq!(verdict.principal, None);
}

#[test]
fn the_operator_is_not_judged_twice_and_asks_about_himself() {
    let facts = HopFacts { detail: Fact::Known(detail(TARGET, &trusting(""))), ..HopFacts::default() };
    let mut scene = scene(Hop::to(TARGET), facts);
    let operator = scene.facts.identity.known().unwrap().arn.clone();
    scene.selection.inquiry.as_mut().unwrap().principal = Some(operator);
    let judged = scene.judge();
    assert_eq!(judged.path.len(), 1);
    assert!(is_asked_about(&scene.facts, scene.selection.inquiry.as_ref().unwrap(), Party::Operator));
    let other = PrincipalArn::parse("arn:aws:iam::111122223333:role/task").unwrap();
    scene.selection.inquiry.as_mut().unwrap().principal = Some(other);
    assert_eq!(scene.judge().path.len(), 2);
}
