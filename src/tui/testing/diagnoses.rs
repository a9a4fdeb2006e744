//! Diagnoses by hand: facts as a diagnosis finds them, judged by the real judge.

use super::*;
use crate::model::facts::{HopFacts, PathFacts, PrincipalFacts, Probe, ProbeKind, Simulation};
use crate::model::verdict::Party;
use crate::model::{CallRecord, Hop, Inquiry};
use crate::tui::engine::Ask;

pub const HUB: &str = "arn:aws:iam::111122223333:role/Hub";
pub const SPOKE: &str = "arn:aws:iam::444455556666:role/Spoke";
pub const TARGET: &str = "arn:aws:iam::444455556666:role/Target";

const CUSTOMER: &str = r#"{"Version":"2012-10-17","Statement":[
    {"Sid":"Console","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:user/admin"},"Action":"sts:AssumeRole"},
    {"Sid":"Vendor","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole",
        "Condition":{"StringEquals":{"sts:ExternalId":"cust-42"}}},
    {"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:username":"intern"}}}]}"#;

pub(super) fn trusting(principal: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"{principal}"}},"Action":"sts:AssumeRole"}}]}}"#
    )
}

fn may_assume(role: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Sid":"Logs","Effect":"Allow","Action":["logs:CreateLogGroup","logs:PutLogEvents"],"Resource":"*"}},
        {{"Sid":"Assume","Effect":"Allow","Action":"sts:AssumeRole","Resource":"{role}"}}]}}"#
    )
}

pub(super) fn role(arn: &str, trust: &str) -> HopFacts {
    HopFacts {
        detail: Fact::Known(detail(&RoleArn::parse(arn).unwrap(), trust)),
        read_by: "AWS profile audit".into(),
        ..HopFacts::default()
    }
}

fn live(outcome: Result<Timestamp, AwsError>) -> Fact<LiveCall> {
    Fact::Known(LiveCall {
        at: now(),
        took: std::time::Duration::from_millis(91),
        session_name: "rolecall-ci-1772625600".into(),
        outcome,
    })
}

pub(super) fn session() -> Fact<LiveCall> {
    live(Ok("2026-03-04T13:00:00Z".parse().unwrap()))
}

pub(super) fn refused(role: &str, because: &str) -> Fact<LiveCall> {
    let message = format!(
        "User: arn:aws:iam::111122223333:user/ci is not authorized to perform: sts:AssumeRole on resource: {role}{because}"
    );
    live(Err(AwsError {
        code: Some("AccessDenied".into()),
        request_id: Some("5c1d7a40-9a36-4f7a-8d2c-6d9b7b1f0e11".into()),
        ..AwsError::local(ErrorKind::Denied, "sts:AssumeRole", message)
    }))
}

fn call(operation: &str, host: &str, status: u16, millis: u64, attempt: u32) -> CallRecord {
    CallRecord {
        operation: operation.into(),
        host: host.into(),
        started: now(),
        duration: std::time::Duration::from_millis(millis),
        attempt,
        status: Some(status),
        request_id: Some("5c1d7a40-9a36-4f7a-8d2c-6d9b7b1f0e11".into()),
        server_date: None,
        failure: None,
        given_up: false,
    }
}

/// The diagnosis of a path, with the facts of each hop.
pub fn of(hops: Vec<Hop>, found: Vec<HopFacts>) -> App {
    let mut selection = Selection::new();
    selection.source = Some(CredentialSource::Profile("ci".into()));
    let roles = hops.iter().map(|hop| hop.role_arn.clone()).collect();
    selection.inquiry = Some(Inquiry { hops, source: "typed".into(), ..Inquiry::default() });
    let mut app = App::new(now(), selection, Setting { demo: None, ..setting() });
    app.facts = facts();
    let ci = PrincipalArn::parse("arn:aws:iam::111122223333:user/ci").unwrap();
    app.facts.identity = Fact::Known(CallerIdentity {
        account: AccountId::parse("111122223333").unwrap(),
        arn: ci.clone(),
        user_id: "AIDAEXAMPLE".into(),
    });
    app.facts.operator.arn = Fact::Known(ci);
    let first = app.selection.inquiry.as_ref().unwrap().hops[0].role_arn.clone();
    app.facts.operator.policies = Fact::Known(vec![named("inline policy AssumeCustomer", &may_assume(&first))]);
    app.facts.path = PathFacts { roles, hops: found, ..PathFacts::default() };
    app.facts.calls = vec![
        call("sts:GetCallerIdentity", "sts.us-east-1.amazonaws.com", 200, 48, 1),
        call("iam:GetRole", "iam.amazonaws.com", 500, 1_204, 1),
        call("iam:GetRole", "iam.amazonaws.com", 200, 66, 2),
        call("iam:ListAttachedUserPolicies", "iam.amazonaws.com", 200, 71, 1),
        call("sts:AssumeRole", "sts.us-east-1.amazonaws.com", 403, 91, 1),
    ];
    app.route = Route::Diagnose;
    app.derive();
    app
}

fn named(name: &str, text: &str) -> NamedPolicy {
    NamedPolicy { name: name.into(), policy: Policy::parse(text).unwrap() }
}

/// The trust policy asks for another external ID.
pub fn external_id() -> App {
    let hop = Hop { external_id: Some("cust-24".into()), ..Hop::to(TARGET) };
    of(vec![hop], vec![HopFacts { live: refused(TARGET, ""), ..role(TARGET, CUSTOMER) }])
}

/// The second of three roles refuses the first.
pub fn broken_chain() -> App {
    let own = |arn: &str, next: &str| PrincipalFacts {
        arn: Fact::Known(PrincipalArn::parse(arn).unwrap()),
        source: String::new(),
        policies: Fact::Known(vec![named("inline policy Next", &may_assume(next))]),
        boundary: Fact::Known(None),
        role: Fact::NotAsked,
    };
    let hub =
        HopFacts { live: session(), own: own(HUB, SPOKE), ..role(HUB, &trusting("arn:aws:iam::111122223333:user/ci")) };
    let spoke = HopFacts {
        live: refused(SPOKE, " because no resource-based policy allows the sts:AssumeRole action"),
        own: own(SPOKE, TARGET),
        ..role(SPOKE, &trusting("arn:aws:iam::111122223333:role/OldHub"))
    };
    let target = role(TARGET, &trusting(SPOKE));
    of([HUB, SPOKE, TARGET].map(Hop::to).into(), vec![hub, spoke, target])
}

/// Allowed, for anybody of three accounts without an external ID; probes were made.
pub fn too_open() -> App {
    let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111122223333:root",
        "arn:aws:iam::777788889999:root"]},"Action":"sts:AssumeRole"}]}"#;
    let probe = |action: &str, resource: &str, how, outcome| Probe {
        action: action.into(),
        resource: resource.into(),
        how,
        outcome,
        took: std::time::Duration::from_millis(38),
    };
    let missing = AwsError {
        code: Some("AccessDenied".into()),
        ..AwsError::local(ErrorKind::Denied, "s3:ListBucket", "not authorized to perform: s3:ListBucket")
    };
    let simulated = Simulation { allowed_by_organizations: Some(true), ..Simulation::of("sts:AssumeRole", "allowed") };
    let hop = HopFacts {
        live: session(),
        simulated: BTreeMap::from([(Party::Operator, Fact::Known(simulated))]),
        probes: vec![
            probe("sts:GetCallerIdentity", "", ProbeKind::Live, Ok("assumed-role/Target/rolecall".into())),
            probe("s3:ListBucket", "quilt-user-bucket", ProbeKind::Live, Err(missing)),
            probe("s3:PutObject", "quilt-user-bucket", ProbeKind::Simulated, Ok("allowed".into())),
        ],
        ..role(TARGET, trust)
    };
    of(vec![Hop::to(TARGET)], vec![hop])
}

/// The trust policy could not be read, and no call tells: the workload is asked about.
pub fn leaning() -> App {
    let mut app =
        of(vec![Hop::to(TARGET)], vec![HopFacts { live: refused(TARGET, ""), ..role(TARGET, &trusting("*")) }]);
    let task = PrincipalArn::parse("arn:aws:iam::111122223333:role/webhook-task").unwrap();
    app.selection.inquiry.as_mut().unwrap().principal = Some(task.clone());
    app.facts.path.workload = PrincipalFacts {
        arn: Fact::Known(task),
        policies: Fact::Known(vec![named("inline policy Assume", &may_assume(TARGET))]),
        boundary: Fact::Known(None),
        ..PrincipalFacts::default()
    };
    app.derive();
    app
}

/// Every policy allows, and AWS refuses.
pub fn disagreement() -> App {
    let trust = trusting("arn:aws:iam::111122223333:user/ci");
    of(vec![Hop::to(TARGET)], vec![HopFacts { live: refused(TARGET, ""), ..role(TARGET, &trust) }])
}

/// The token has expired, so nobody knows who calls.
pub fn expired() -> App {
    let mut app = of(vec![Hop::to(TARGET)], vec![HopFacts::default()]);
    let error = AwsError {
        code: Some("ExpiredToken".into()),
        ..AwsError::local(
            ErrorKind::Credentials,
            "sts:GetCallerIdentity",
            "The security token included in the request is expired",
        )
    };
    app.facts.identity = Fact::Failed(error);
    app.facts.operator = PrincipalFacts::default();
    app.facts.calls = vec![call("sts:GetCallerIdentity", "sts.us-east-1.amazonaws.com", 403, 48, 1)];
    app.derive();
    app
}

/// A service control policy refuses, as the message says.
pub fn refused_by_scp() -> App {
    let because = " with an explicit deny in a service control policy: arn:aws:organizations::999988887777:policy/o-a1b2c3/service_control_policy/p-x1y2z3";
    let trust = trusting("arn:aws:iam::111122223333:user/ci");
    of(vec![Hop::to(TARGET)], vec![HopFacts { live: refused(TARGET, because), ..role(TARGET, &trust) }])
}

/// Asked, and nothing has answered yet.
pub fn begun() -> App {
    let mut app = of(vec![Hop::to(TARGET)], vec![HopFacts::default()]);
    app.facts = Facts::new(now());
    app.facts.path.begin(vec![TARGET.into()]);
    app.ask(Ask::Path);
    app.derive();
    app
}

#[test]
fn every_scene_is_what_it_is_called() {
    let cause = |app: &App, at: usize| app.judgement.path[at].decision.cause.0;
    assert_eq!(cause(&external_id(), 0), "external_id_mismatch");
    let chain = broken_chain();
    assert_eq!((cause(&chain, 0), cause(&chain, 1)), ("ok", "principal_not_listed"));
    assert!(too_open().judgement.findings.iter().any(|finding| finding.id == "hop/too-open"));
    assert_eq!(leaning().judgement.path[0].decision.leaning, Some(crate::policy::Leaning::Allow));
    assert!(disagreement().judgement.path[0].disagreement);
    assert_eq!(cause(&expired(), 0), "caller_token_expired");
    let scp = refused_by_scp();
    assert_eq!(cause(&scp, 0), "scp_explicit_deny");
    assert!(scp.judgement.path[0].cure.as_ref().unwrap().no_fix.is_some());
    assert!(begun().judgement.path.is_empty());
}
