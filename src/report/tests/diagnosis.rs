//! A diagnosis in a report: a cross-account path that is denied for its external ID, with every kind of fact there is.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;

use super::*;
use crate::explain::{self, Element};
use crate::judge::scene::{ACCOUNT, Scene, error};
use crate::model::facts::{
    CallerIdentity, Experiment, ExperimentKind, HopFacts, MfaDevice, PrincipalFacts, Probe, ProbeKind, RoleDetail,
    Simulation,
};
use crate::model::{Hop, Inquiry, LiveCall};
use crate::policy::{Effect, NamedPolicy, Policy, evaluate};
use crate::values::{AccountId, PrincipalArn, RoleArn, SecretText};

pub const TARGET: &str = "arn:aws:iam::444455556666:role/Target";

/// Names that would be markup anywhere.
pub const HOSTILE: &str = "<img src=x onerror=alert(1)>|`](https://evil.example)**_&amp;";

fn detail(trust: &str) -> RoleDetail {
    RoleDetail {
        arn: RoleArn::parse(TARGET).unwrap(),
        role_id: "AROAEXAMPLE".into(),
        created: Some("2026-01-02T03:04:05Z".parse().unwrap()),
        max_session_duration: Some(3_600),
        trust_text: trust.into(),
        trust: Policy::parse(trust).map_err(|error| error.to_string()),
        boundary_arn: None,
    }
}

fn call(outcome: Result<Timestamp, AwsError>) -> LiveCall {
    let at = "2026-03-04T12:00:00Z".parse().unwrap();
    LiveCall { at, took: Duration::from_millis(84), session_name: "rolecall-111122223333-1".into(), outcome }
}

fn refusal() -> AwsError {
    let message = format!(
        "User: arn:aws:iam::{ACCOUNT}:user/operator is not authorized to perform: sts:AssumeRole on resource: {TARGET}"
    );
    error(ErrorKind::Denied, "sts:AssumeRole", "AccessDenied", &message)
}

fn trust() -> String {
    json!({"Version": "2012-10-17", "Statement": [{
        "Sid": HOSTILE, "Effect": "Allow", "Principal": {"AWS": [format!("arn:aws:iam::{ACCOUNT}:root"), "arn:aws:iam::777788889999:user/other"]},
        "Action": "sts:AssumeRole", "Condition": {"StringEquals": {"sts:ExternalId": "canary-wanted"}},
    }]})
    .to_string()
}

fn policy(name: &str, document: Value) -> NamedPolicy {
    NamedPolicy { name: name.into(), policy: Policy::from_json(&document).unwrap() }
}

/// Denied for its external ID, for the operator and for a named principal.
pub fn denied_path() -> Scene {
    let mut scene = Scene::healthy();
    let hop = Hop {
        external_id: Some("canary-sent".into()),
        tags: BTreeMap::from([("team".to_owned(), HOSTILE.to_owned())]),
        transitive_tag_keys: vec!["team".into()],
        ..Hop::to(TARGET)
    };
    let worker = PrincipalArn::parse(&format!("arn:aws:iam::{ACCOUNT}:role/worker")).unwrap();
    scene.facts.path.roles = vec![TARGET.into()];
    scene.facts.path.workload = PrincipalFacts {
        arn: Fact::Known(worker.clone()),
        policies: Fact::Known(vec![policy(
            HOSTILE,
            json!({"Statement": {"Effect": "Allow", "Action": ["sts:AssumeRole", "sts:TagSession"], "Resource": TARGET}}),
        )]),
        boundary: Fact::Known(None),
        ..PrincipalFacts::default()
    };
    scene.facts.path.inspectors = BTreeMap::from([
        (
            "audit".to_owned(),
            Fact::Known(CallerIdentity {
                account: AccountId::parse("444455556666").unwrap(),
                arn: PrincipalArn::parse("arn:aws:iam::444455556666:user/auditor").unwrap(),
                user_id: "AIDAAUDIT".into(),
            }),
        ),
        ("gone".to_owned(), denied("sts:GetCallerIdentity")),
    ]);
    scene.facts.path.mfa_devices =
        Fact::Known(vec![MfaDevice { serial: format!("arn:aws:iam::{ACCOUNT}:u2f/user/operator/key") }]);
    scene.facts.path.hops = vec![HopFacts {
        detail: Fact::Known(detail(&trust())),
        read_by: "AWS profile audit".into(),
        live: Fact::Known(call(Err(refusal()))),
        simulated: BTreeMap::from([
            (
                Party::Operator,
                Fact::Known(Simulation {
                    action: "sts:AssumeRole".into(),
                    decision: "allowed".into(),
                    allowed_by_organizations: Some(true),
                    allowed_by_boundary: None,
                    matched: vec![(HOSTILE.into(), Effect::Allow)],
                    missing_context: vec!["aws:SourceIp".into()],
                }),
            ),
            (Party::Workload, denied("iam:SimulatePrincipalPolicy")),
        ]),
        experiments: vec![Experiment {
            kind: ExperimentKind::WithoutTags,
            reason: "Tags need sts:TagSession on both sides.".into(),
            call: call(Err(refusal())),
        }],
        probes: vec![Probe {
            action: "s3:ListBucket".into(),
            resource: HOSTILE.into(),
            how: ProbeKind::Live,
            outcome: Err(error(ErrorKind::Denied, "s3:ListBucket", "AccessDenied", "Access Denied")),
            took: Duration::from_millis(31),
        }],
        ..HopFacts::default()
    }];
    scene.selection.inquiry = Some(Inquiry {
        hops: vec![hop],
        principal: Some(worker),
        inspectors: vec!["audit".into(), "gone".into()],
        message: Some(SecretText::new(format!(
            "aws sts assume-role --external-id canary-typed\nAWS_SECRET_ACCESS_KEY=canary-secret-key ASIACANARYCANARY1234\nAn error occurred (AccessDenied) when calling the AssumeRole operation: User: arn:aws:iam::{ACCOUNT}:role/worker is not authorized to perform: sts:AssumeRole on resource: {TARGET}"
        ))),
        source: "pasted message".into(),
        ..Inquiry::default()
    });
    scene
}

/// As [`denied_path`], for the operator alone, who can send what is wanted.
pub fn curable_path() -> Scene {
    let mut scene = denied_path();
    let inquiry = scene.selection.inquiry.as_mut().unwrap();
    inquiry.principal = None;
    inquiry.hops = vec![Hop { external_id: Some("canary-sent".into()), ..Hop::to(TARGET) }];
    scene.facts.path.workload = PrincipalFacts::default();
    scene
}

/// The same once the external ID fits.
pub fn allowed_path() -> Scene {
    let mut scene = denied_path();
    let hop = &mut scene.facts.path.hops[0];
    hop.live = Fact::Known(call(Ok("2026-03-04T13:00:00Z".parse().unwrap())));
    hop.experiments.clear();
    for hop in &mut scene.selection.inquiry.as_mut().unwrap().hops {
        hop.external_id = Some("canary-wanted".into());
        hop.tags.clear();
        hop.transitive_tag_keys.clear();
    }
    scene
}

/// Two hops; of the second nothing may be read.
pub fn chain() -> Scene {
    let mut scene = allowed_path();
    let next = "arn:aws:iam::777788889999:role/Next";
    scene.facts.path.roles.push(next.into());
    scene.facts.path.hops.push(HopFacts {
        detail: denied("iam:GetRole"),
        live: Fact::Known(call(Err(refusal()))),
        ..HopFacts::default()
    });
    scene.selection.inquiry.as_mut().unwrap().hops.push(Hop::to(next));
    scene
}

fn json_of(scene: &Scene) -> Value {
    serde_json::from_str(&json(&report(scene))).unwrap()
}

#[test]
fn everything_that_the_screen_shows_is_in_the_json() {
    let told = json_of(&denied_path());
    let of = |party: &str| told["verdicts"].as_array().unwrap().iter().find(|one| one["party"] == party).unwrap();
    for party in ["operator", "workload"] {
        let verdict = of(party);
        assert_eq!((&verdict["verdict"], &verdict["hop_index"]), (&json!("deny"), &json!(0)), "{party}");
        assert_eq!(verdict["evidence"]["trust"]["verdict"], "deny", "{party}");
        assert_eq!(verdict["evidence"]["caller"]["verdict"], "allow", "{party}: {:#}", verdict["evidence"]);
        assert!(!verdict["tried"][0]["statements"].as_array().unwrap().is_empty());
    }
    assert_eq!(of("operator")["live"]["error"]["code"], "AccessDenied");
    assert_eq!(of("operator")["evidence"]["simulated"]["decision"], "allowed");
    assert_eq!(of("workload")["evidence"]["simulated"]["needs"], "iam:SimulatePrincipalPolicy");
    assert_eq!(of("workload")["evidence"]["message"]["pasted"], true);
    assert!(of("workload")["fixes"].is_array() || of("workload")["no_fix"].is_object());
    let hop = &told["diagnosis"]["hops"][0];
    assert_eq!((&hop["external_id"], &hop["read_by"]), (&json!("<external-id-1>"), &json!("AWS profile audit")));
    assert_eq!(
        (&hop["experiments"][0]["what"], &hop["probes"][0]["simulated"]),
        (&json!("without session tags"), &json!(false))
    );
    assert_eq!(told["diagnosis"]["mfa"]["devices"][0]["gives_codes"], false);
    assert_eq!(told["diagnosis"]["inspectors"][1]["unread"]["needs"], "sts:GetCallerIdentity");
    assert_eq!(told["rolecall_version"], env!("CARGO_PKG_VERSION"));
    let session = &json_of(&allowed_path())["diagnosis"]["hops"][0]["session"];
    assert_eq!(session["usable_until"], "2026-03-04T12:55:00Z");
}

/// Taken out of the report, the case gives the same verdict, with and without account ids.
#[test]
fn the_case_in_a_report_can_be_replayed() {
    for scene in [denied_path(), curable_path(), allowed_path(), chain()] {
        let report = report(&scene);
        for accounts in [false, true] {
            let told: Value = serde_json::from_str(&render(&report, ReportFormat::Json, &Masks { accounts })).unwrap();
            for verdict in told["verdicts"].as_array().unwrap() {
                let text = verdict["case"].to_string().into_bytes();
                let named = explain::read(&Element { text, index: None, line: 1, column: 1 }).unwrap();
                let again = evaluate(&named.case, scene.facts.observed_at);
                assert_eq!(verdict.get("case_remarks"), None);
                // The live call counts for the verdict, and is in the case where it was refused.
                if verdict["live"]["expires"].is_null() {
                    assert_eq!(json!(again.cause), verdict["cause"], "{verdict:#}");
                }
            }
        }
    }
}

#[test]
fn external_ids_are_shown_to_whoever_asks() {
    let scene = denied_path();
    let shown = Report::with_external_ids(&scene.facts, &scene.selection, &scene.judge());
    let told = json(&shown);
    assert!(told.contains("canary-sent") && told.contains("canary-wanted") && !told.contains("external-id-1"));
    assert!(
        !told.contains("canary-secret-key") && !told.contains("ASIACANARY"),
        "secrets of a message are not asked for"
    );
}

#[test]
fn a_verdict_on_the_diagnosed_path_decides_the_exit_code() {
    assert_eq!(exits(&denied_path()).0, 1);
    let mut nobody = denied_path();
    nobody.facts.identity = Fact::Failed(error(
        ErrorKind::Credentials,
        "sts:GetCallerIdentity",
        "ExpiredToken",
        "The security token included in the request is expired",
    ));
    nobody.facts.path.hops[0].live = Fact::NotAsked;
    assert_eq!(exits(&nobody).0, 1, "credentials that do not work are the verdict");
    let mut open = denied_path();
    open.facts.path.hops[0].detail = denied("iam:GetRole");
    open.facts.path.hops[0].live = Fact::NotAsked;
    open.selection.inquiry.as_mut().unwrap().message = None;
    open.facts.path.hops[0].probes.clear();
    assert_eq!(exits(&open).0, 3);
}

#[test]
fn people_read_a_diagnosis() {
    insta::assert_snapshot!("denied_text", text(&report(&denied_path())));
    insta::assert_snapshot!(
        "curable_markdown",
        render(&report(&curable_path()), ReportFormat::Markdown, &Masks::default())
    );
    insta::assert_snapshot!("chain_text", text(&report(&chain())));
    insta::assert_snapshot!(
        "denied_markdown",
        render(&report(&denied_path()), ReportFormat::Markdown, &Masks { accounts: true })
    );
}
