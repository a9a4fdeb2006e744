//! What a diagnosis sends beside the live chain: the simulator, experiments, probes, MFA. In the sandbox, where every answer is stated,
//! and over real HTTP.

use std::sync::Arc;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use rolecall::aws::{Clock, Demo, Surroundings};
use rolecall::gather::{Ask, Gatherer};
use rolecall::model::facts::{ExperimentKind, HopFacts, Probe, ProbeKind};
use rolecall::model::inquiry::{MfaCode, ProbeTarget};
use rolecall::model::selection::CredentialSource;
use rolecall::model::verdict::Party;
use rolecall::model::{ErrorKind, Fact, Facts, Hop, Inquiry, Selection};
use rolecall::sandbox::World;
use rolecall::values::{PrincipalArn, SecretText};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::emulator::{Account, Emulator};
use crate::headless;
use crate::personas::{self, allow, policy};

const ALICE: &str = "arn:aws:iam::111122223333:user/alice";
const CI: &str = "arn:aws:iam::111122223333:user/ci";
const TARGET: &str = "arn:aws:iam::444455556666:role/Target";
const SERIAL: &str = "arn:aws:iam::111122223333:mfa/alice";

/// One run of the program, which may look the path up again and again.
struct Run {
    gatherer: Gatherer,
    selection: Selection,
    facts: Facts,
    _home: Option<tempfile::TempDir>,
}

impl Run {
    fn new(here: Arc<Surroundings>, selection: Selection, home: Option<tempfile::TempDir>) -> Self {
        let facts = Facts::new(here.clock.now());
        Self { gatherer: Gatherer::new(here), selection, facts, _home: home }
    }

    /// In a world: alice may do everything in her account, Target trusts her in another one. `patch` is a JSON Merge Patch.
    fn in_world(patch: &Value, inquiry: Inquiry) -> Self {
        let mut world = world();
        merge(&mut world, patch);
        let world = World::from_json(&world.to_string()).unwrap().without_latency();
        let home = tempfile::tempdir().unwrap();
        world.install_files(home.path()).unwrap();
        let demo =
            Demo { world: "two accounts".into(), selection: world.selection(), environment: world.environment() };
        let client = SharedHttpClient::new(world.client());
        let here = Surroundings::of_demo(home.path().to_owned(), client, Clock::System, demo).shared();
        let selection = Selection { inquiry: Some(inquiry), ..world.selection() };
        Self::new(here, selection, Some(home))
    }

    async fn ask(&mut self) {
        self.ask_for(Ask::Path).await;
    }

    async fn ask_for(&mut self, ask: Ask) {
        let (out, mut landings) = mpsc::unbounded_channel();
        self.gatherer.run(ask, 0, self.selection.clone(), out, CancellationToken::new()).await;
        while let Some(landing) = landings.recv().await {
            (landing.land)(&mut self.facts);
        }
    }

    fn inquiry(&mut self) -> &mut Inquiry {
        self.selection.inquiry.as_mut().unwrap()
    }

    fn hop(&self) -> &HopFacts {
        &self.facts.path.hops[0]
    }

    fn is_allowed(&self) -> bool {
        self.hop().live.known().unwrap().outcome.is_ok()
    }

    fn experiments(&self) -> Vec<(ExperimentKind, bool)> {
        self.hop().experiments.iter().map(|one| (one.kind, one.call.outcome.is_ok())).collect()
    }

    fn sent(&self, operation: &str) -> usize {
        self.facts.calls.iter().filter(|call| call.operation == operation).count()
    }
}

fn merge(into: &mut Value, patch: &Value) {
    match (into, patch) {
        (Value::Object(into), Value::Object(patch)) => {
            for (key, value) in patch {
                merge(into.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (into, patch) => *into = patch.clone(),
    }
}

fn trusting(actions: &[&str], condition: Option<Value>) -> Value {
    let mut statement = json!({"Effect": "Allow", "Principal": {"AWS": ALICE}, "Action": actions});
    if let Some(condition) = condition {
        statement["Condition"] = condition;
    }
    json!({"Version": "2012-10-17", "Statement": [statement]})
}

fn world() -> Value {
    let role = "role/Target";
    assert!(TARGET.ends_with(role));
    json!({
        "about": "Alice in one account, a role that trusts her in another.",
        "accounts": {
            "111122223333": {
                "users": {
                    "alice": {
                        "access_keys": {"AKIADEMOALICE0000001": {"secret": "demo/alice/secret"}},
                        "inline": {"Everything": policy(&[allow(&["*"])])},
                        "mfa_devices": [{"serial": SERIAL, "code": "246810"}],
                    },
                    "ci": {},
                },
                "regions": {"eu-west-1": {"buckets": {"acme-archive": {"shared_with": ["444455556666"]}}}},
            },
            "444455556666": {
                "users": {"auditor": {
                    "access_keys": {"AKIADEMOAUDITOR00001": {"secret": "demo/auditor/secret"}},
                    "inline": {"Read": policy(&[allow(&["iam:Get*", "iam:List*", "iam:Simulate*"])])},
                }},
                "roles": {"Target": {
                    "created": "-90d",
                    "max_session_duration": 7200,
                    "trust": trusting(&["sts:AssumeRole"], None),
                    "inline": {"Read": policy(&[
                        json!({"Effect": "Allow", "Action": "s3:ListBucket", "Resource": ["arn:aws:s3:::acme-data", "arn:aws:s3:::acme-archive"]}),
                        json!({"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::acme-data/*"}),
                        allow(&["ecr:GetAuthorizationToken", "ecr:DescribeImages"]),
                    ])},
                }},
                "regions": {"us-east-1": {
                    "buckets": {"acme-data": {"objects": ["a/1"]}, "acme-payroll": {"objects": ["b"]}},
                    "repositories": {"webhook": {"images": {"1.0.0": "-3d"}}},
                }},
            },
        },
        "home": {
            ".aws/config": ["[profile ops]", "region = us-east-1", "[profile audit]", "region = us-east-1"],
            ".aws/credentials": [
                "[ops]",
                "aws_access_key_id = AKIADEMOALICE0000001",
                "aws_secret_access_key = demo/alice/secret",
                "[audit]",
                "aws_access_key_id = AKIADEMOAUDITOR00001",
                "aws_secret_access_key = demo/auditor/secret",
            ],
        },
        "selection": {"aws_profile": "ops"},
    })
}

/// With the auditor, who reads the role's account.
fn inquiry(hop: Hop) -> Inquiry {
    Inquiry { hops: vec![hop], inspectors: vec!["audit".into()], ..Inquiry::default() }
}

fn target() -> Hop {
    Hop::to(TARGET)
}

fn tagged() -> Hop {
    Hop { tags: [("team".to_owned(), "data".to_owned())].into(), ..target() }
}

fn told(probe: &Probe) -> (String, String, bool) {
    (probe.action.clone(), probe.resource.clone(), probe.outcome.is_ok())
}

#[tokio::test]
async fn probes_are_made_with_the_session_and_writing_is_only_simulated() {
    let targets = [
        "s3+write://acme-data",
        "s3+write://acme-archive",
        "s3://acme-payroll",
        "s3://acme-missing",
        "ecr://444455556666.dkr.ecr.us-east-1.amazonaws.com/webhook",
    ];
    let probes = targets.iter().map(|target| ProbeTarget::parse(target).unwrap()).collect();
    let mut run = Run::in_world(&json!({}), Inquiry { probes, ..inquiry(target()) });
    // The second time nothing of the first is left.
    for _ in 0..2 {
        run.ask().await;
        let probes = &run.hop().probes;
        let expected = [
            ("sts:GetCallerIdentity", "", true),
            ("s3:HeadBucket", "acme-data", true),
            ("s3:ListObjectsV2", "acme-data", true),
            ("s3:PutObject", "acme-data", true),
            ("s3:HeadBucket", "acme-archive", true),
            ("s3:ListObjectsV2", "acme-archive", true),
            ("s3:PutObject", "acme-archive", false),
            ("s3:HeadBucket", "acme-payroll", false),
            ("s3:ListObjectsV2", "acme-payroll", false),
            ("s3:HeadBucket", "acme-missing", false),
            ("s3:ListObjectsV2", "acme-missing", false),
            ("ecr:GetAuthorizationToken", "444455556666.dkr.ecr.us-east-1.amazonaws.com", true),
            ("ecr:DescribeImages", "webhook", true),
        ];
        let expected = expected.map(|(action, resource, done)| (action.to_owned(), resource.to_owned(), done));
        assert_eq!(probes.iter().map(told).collect::<Vec<_>>(), expected, "{probes:#?}");
    }
    let probes = &run.hop().probes;
    assert!(probes[0].outcome.as_ref().unwrap().contains("assumed-role/Target/"));
    assert!(probes[4].outcome.as_ref().unwrap().contains("eu-west-1"), "S3 sent it to the bucket's own region");
    for (number, kind, missing) in [
        (6, ErrorKind::Denied, Some("s3:PutObject")),
        (7, ErrorKind::Denied, Some("s3:ListBucket")),
        (8, ErrorKind::Denied, Some("s3:ListBucket")),
        (9, ErrorKind::NotFound, None),
        (10, ErrorKind::NotFound, None),
    ] {
        let error = probes[number].outcome.as_ref().unwrap_err();
        assert_eq!((error.kind, error.missing_action.as_deref()), (kind, missing), "{error:?}");
    }
    let simulated: Vec<usize> =
        (0..probes.len()).filter(|number| probes[*number].how == ProbeKind::Simulated).collect();
    assert_eq!(simulated, [3, 6]);
    assert!(!run.facts.calls.iter().any(|call| call.operation.contains("Put")), "nothing is written");
}

#[tokio::test]
async fn the_simulator_speaks_for_both_parties_and_names_the_missing_action() {
    let ci = policy(&[json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": TARGET})]);
    let patch = json!({"accounts": {"111122223333": {"users": {"ci": {"inline": {"Assume": ci}}}}}});
    let principal = Some(PrincipalArn::parse(CI).unwrap());
    let mut run = Run::in_world(&patch, Inquiry { principal, ..inquiry(tagged()) });
    run.ask().await;
    let simulated = &run.hop().simulated;
    assert!(simulated[&Party::Operator].known().unwrap().allows());
    let of_ci = simulated[&Party::Workload].known().unwrap();
    assert_eq!((of_ci.action.as_str(), of_ci.decision.as_str()), ("sts:TagSession", "implicitDeny"));
    run.inquiry().hops = vec![target()];
    run.ask().await;
    assert!(run.hop().simulated[&Party::Workload].known().unwrap().allows());
}

#[tokio::test]
async fn nobody_simulates_root_and_a_denial_names_its_action() {
    let silent = json!({"accounts": {"111122223333": {"users": {"alice": {
        "inline": {"Everything": policy(&[allow(&["sts:*"])])}
    }}}}});
    let principal = Some(PrincipalArn::parse("arn:aws:iam::111122223333:root").unwrap());
    let mut run = Run::in_world(&silent, Inquiry { principal, ..inquiry(target()) });
    run.ask().await;
    let simulated = &run.hop().simulated;
    assert!(!simulated.contains_key(&Party::Workload));
    let Fact::Denied { action, .. } = &simulated[&Party::Operator] else { panic!("{simulated:?}") };
    assert_eq!(action, "iam:SimulatePrincipalPolicy");
}

#[tokio::test]
async fn without_tags_it_is_allowed_and_the_refusal_stands() {
    let mut run = Run::in_world(&json!({}), inquiry(tagged()));
    run.ask().await;
    assert!(!run.is_allowed());
    assert_eq!(run.experiments(), [(ExperimentKind::WithoutTags, true)]);
    run.inquiry().hops = vec![target()];
    run.ask().await;
    assert!(run.is_allowed());
    assert_eq!(run.experiments(), [], "those of the call before are gone");
}

#[tokio::test]
async fn an_hour_is_tried_where_more_was_refused() {
    let mut run = Run::in_world(&json!({}), inquiry(Hop { duration_seconds: Some(43_200), ..target() }));
    run.ask().await;
    assert!(!run.is_allowed());
    assert_eq!(run.experiments(), [(ExperimentKind::OneHour, true)]);
}

#[tokio::test]
async fn the_wanted_external_id_is_tried_only_after_agreement() {
    let condition = json!({"StringEquals": {"sts:ExternalId": "acme-1"}});
    let trust = trusting(&["sts:AssumeRole"], Some(condition));
    let patch = json!({"accounts": {"444455556666": {"roles": {"Target": {"trust": trust}}}}});
    let mut run = Run::in_world(&patch, inquiry(target()));
    run.ask().await;
    assert_eq!(run.experiments(), []);
    run.inquiry().tries_wanted_external_id = true;
    run.ask().await;
    assert!(!run.is_allowed());
    assert_eq!(run.experiments(), [(ExperimentKind::WantedExternalId, true)]);
    assert!(!format!("{:?}", run.hop().experiments).contains("acme-1"), "nothing of it is kept");
}

#[tokio::test]
async fn where_sts_is_switched_off_us_east_1_answers() {
    let off = json!({"accounts": {"444455556666": {"sts_regions_off": ["eu-north-1"]}}});
    let mut run = Run::in_world(&off, inquiry(target()));
    run.selection.region = Some("eu-north-1".into());
    run.ask().await;
    let error = run.hop().live.known().unwrap().outcome.as_ref().unwrap_err();
    assert_eq!(error.kind, ErrorKind::RegionDisabled);
    assert_eq!(run.experiments(), [(ExperimentKind::UsEast1, true)]);
    let reason = &run.hop().experiments[0].reason;
    assert!(reason.starts_with("STS is switched off in eu-north-1 for account 4444-5555-6666"), "{reason}");
}

#[tokio::test]
async fn where_only_the_callers_account_has_sts_off_the_call_works() {
    let off = json!({"accounts": {"111122223333": {"sts_regions_off": ["eu-north-1"]}}});
    let mut run = Run::in_world(&off, inquiry(target()));
    run.selection.region = Some("eu-north-1".into());
    run.ask().await;
    assert!(run.is_allowed());
    assert_eq!(run.experiments(), []);
}

#[tokio::test]
async fn a_young_role_is_asked_once_more_after_ten_seconds_and_the_wait_can_be_cancelled() {
    let young = json!({"accounts": {"444455556666": {"roles": {"Target": {
        "created": "-5s", "denied_until_age_seconds": 12
    }}}}});
    let mut run = Run::in_world(&young, inquiry(target()));
    let cancel = CancellationToken::new();
    let (out, mut landings) = mpsc::unbounded_channel();
    let recorder = run.gatherer.connector().recorder().clone();
    let look = run.gatherer.run(Ask::Path, 0, run.selection.clone(), out, cancel.clone());
    let watch = async {
        while recorder.running().iter().all(|call| !call.operation.contains("once more")) {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        cancel.cancel();
    };
    tokio::join!(look, watch);
    let mut waited_for = None;
    while let Some(landing) = landings.recv().await {
        (landing.land)(&mut run.facts);
        let pauses = run.facts.path.hops.first().and_then(|hop| hop.pause.shown().cloned());
        waited_for = pauses.or(waited_for);
    }
    assert!(waited_for.is_some_and(|reason| reason.contains("ten seconds later")));
    assert!(recorder.running().is_empty() && !run.hop().pause.is_pending());
    assert_eq!(run.experiments(), []);
    run.ask().await;
    assert!(!run.is_allowed(), "the refusal stands");
    assert_eq!(run.experiments(), [(ExperimentKind::OnceMore, true)]);
}

fn wants_mfa() -> Value {
    let trust = trusting(&["sts:AssumeRole"], Some(json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}})));
    json!({"accounts": {"444455556666": {"roles": {"Target": {"trust": trust}}}}})
}

fn code(code: &str) -> Option<MfaCode> {
    Some(MfaCode { serial: SERIAL.into(), code: SecretText::new(code) })
}

#[tokio::test]
async fn a_code_is_sent_once_and_its_session_is_used_until_it_ends() {
    let mut run = Run::in_world(&wants_mfa(), inquiry(target()));
    run.ask().await;
    assert!(!run.is_allowed());
    let devices = run.facts.path.mfa_devices.known().unwrap();
    assert_eq!(devices.iter().map(|device| device.serial.as_str()).collect::<Vec<_>>(), [SERIAL]);
    assert_eq!(run.facts.path.mfa_session, Fact::NotAsked);
    run.inquiry().mfa = code("246810");
    for _ in 0..3 {
        run.ask().await;
        assert!(run.is_allowed(), "{:?}", run.hop().live);
        assert!(run.facts.path.mfa_session.known().is_some());
    }
    assert_eq!(run.sent("sts:GetSessionToken"), 1);
}

#[tokio::test]
async fn a_wrong_code_is_told_and_not_sent_again() {
    let mut run = Run::in_world(&wants_mfa(), Inquiry { mfa: code("000000"), ..inquiry(target()) });
    for _ in 0..2 {
        run.ask().await;
        let error = run.facts.path.mfa_session.error().unwrap();
        assert!(
            error.message.contains("invalid MFA one time pass code") && error.missing_action.is_none(),
            "{error:?}"
        );
        assert!(!run.is_allowed(), "the path is walked all the same");
    }
    assert_eq!(run.sent("sts:GetSessionToken"), 1);
    run.inquiry().mfa = code("246810");
    run.ask().await;
    assert!(run.is_allowed());
}

#[tokio::test]
async fn without_mfa_in_play_nobody_asks_for_devices_and_a_configured_one_needs_no_permission() {
    let mut run = Run::in_world(&json!({}), inquiry(target()));
    run.ask().await;
    assert_eq!((run.sent("iam:ListMFADevices"), &run.facts.path.mfa_devices), (0, &Fact::NotAsked));
    let config = json!({
        "home": {".aws/config": ["[profile ops]", format!("mfa_serial = {SERIAL}"), "[profile audit]", "region = us-east-1"]},
        "accounts": {"111122223333": {"users": {"alice": {"inline": {"Everything": policy(&[allow(&["sts:*"])])}}}}},
    });
    let mut run = Run::in_world(&config, inquiry(target()));
    run.ask().await;
    assert_eq!(run.facts.path.mfa_devices.known().unwrap()[0].serial, SERIAL);
}

#[tokio::test]
async fn a_session_cannot_use_a_code_and_none_is_sent() {
    let patch = json!({
        "sessions": [{
            "access_key_id": "ASIADEMOALICE0000001", "secret_access_key": "demo/session", "session_token": "demo-token",
            "user": ALICE, "expires": "+1h",
        }],
        "home": {".aws/credentials": [
            "[ops]", "aws_access_key_id = ASIADEMOALICE0000001", "aws_secret_access_key = demo/session", "aws_session_token = demo-token",
        ]},
    });
    let mut run = Run::in_world(&patch, Inquiry { hops: vec![target()], mfa: code("246810"), ..Inquiry::default() });
    run.ask().await;
    let error = run.facts.path.mfa_session.error().unwrap();
    assert!(error.message.contains("temporary"), "{error:?}");
    assert_eq!(run.sent("sts:GetSessionToken"), 0);
}

#[tokio::test]
async fn an_aws_profile_that_would_need_a_code_says_what_to_do_instead() {
    let mut patch = wants_mfa();
    let role = format!("[profile ops]\nsource_profile = base\nrole_arn = {TARGET}\nmfa_serial = {SERIAL}\n");
    let keys = "[base]\naws_access_key_id = AKIADEMOALICE0000001\naws_secret_access_key = demo/alice/secret\n";
    patch["home"] = json!({".aws/config": role + "[profile base]\nregion = us-east-1\n", ".aws/credentials": keys});
    let mut run = Run::in_world(&patch, Inquiry { hops: vec![target()], ..Inquiry::default() });
    run.ask_for(Ask::Identity).await;
    let error = run.facts.credentials.error().unwrap();
    assert_eq!(error.kind, ErrorKind::Denied, "{error:#?}");
    let told = format!("choose AWS profile base and diagnose {TARGET}");
    assert!(error.message.contains("mfa_serial") && error.message.contains(&told), "{error}");
}

/// A role that whoever is in the account may assume, in an account with a bucket and a registry.
async fn seeded(account: &Account) -> String {
    let trust = policy(&[json!({
        "Effect": "Allow", "Principal": {"AWS": format!("arn:aws:iam::{}:root", account.id())}, "Action": "sts:AssumeRole",
    })]);
    let clients = account.clients();
    let role = clients.iam.create_role().role_name("Prober").assume_role_policy_document(trust.to_string());
    let arn = role.send().await.unwrap().role.unwrap().arn;
    let own = policy(&[allow(&["s3:ListBucket", "ecr:GetAuthorizationToken", "ecr:DescribeImages"])]);
    let put = clients.iam.put_role_policy().role_name("Prober").policy_name("Read");
    put.policy_document(own.to_string()).send().await.unwrap();
    arn
}

#[tokio::test(flavor = "multi_thread")]
async fn over_http_probes_simulation_and_experiments_answer_as_in_the_sandbox() {
    let Some(emulator) = Emulator::shared() else { return };
    let account = emulator.account();
    let role = seeded(&account).await;
    let bucket = format!("probed-{}", account.id());
    account.clients().s3.create_bucket().bucket(&bucket).send().await.unwrap();
    account.clients().ecr.create_repository().repository_name("webhook").send().await.unwrap();
    let own = policy(&[allow(&["sts:AssumeRole", "iam:Get*", "iam:List*", "iam:SimulatePrincipalPolicy"])]);
    let person = personas::user(&account, "operator", Some(&own)).await;
    let targets = [
        format!("s3+write://{bucket}"),
        format!("s3://missing-{}", account.id()),
        format!("ecr://{}.dkr.ecr.us-east-1.amazonaws.com/webhook", account.id()),
    ];
    let probes: Vec<ProbeTarget> = targets.iter().map(|target| ProbeTarget::parse(target).unwrap()).collect();
    let home = tempfile::tempdir().unwrap();
    let here = headless::surroundings(&account, &person.keys, home.path());
    let hops = vec![Hop::to(&role)];
    let selection =
        Selection { inquiry: Some(Inquiry { hops, probes, ..Inquiry::default() }), ..headless::selection(None) };
    assert_eq!(selection.source, Some(CredentialSource::Environment));
    let mut run = Run::new(here, selection, Some(home));
    run.ask().await;
    assert!(run.is_allowed(), "{:?}", run.hop().live);
    let probes = &run.hop().probes;
    let told: Vec<(&str, bool)> = probes.iter().map(|probe| (probe.action.as_str(), probe.outcome.is_ok())).collect();
    let expected = [
        ("sts:GetCallerIdentity", true),
        ("s3:HeadBucket", true),
        ("s3:ListObjectsV2", true),
        ("s3:PutObject", false),
        ("s3:HeadBucket", false),
        ("s3:ListObjectsV2", false),
        ("ecr:GetAuthorizationToken", true),
        ("ecr:DescribeImages", true),
    ];
    assert_eq!(told, expected, "{probes:#?}");
    assert!(run.hop().simulated[&Party::Operator].known().unwrap().allows());
    for number in [4, 5] {
        assert_eq!(probes[number].outcome.as_ref().unwrap_err().kind, ErrorKind::NotFound, "{:?}", probes[number]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn over_http_devices_are_listed_and_a_session_is_asked_for_once() {
    let Some(emulator) = Emulator::shared() else { return };
    let account = emulator.account();
    let trust = policy(&[json!({
        "Effect": "Allow",
        "Principal": {"AWS": format!("arn:aws:iam::{}:root", account.id())},
        "Action": "sts:AssumeRole",
        "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    })]);
    let role = account.clients().iam.create_role().role_name("Guarded").assume_role_policy_document(trust.to_string());
    let role = role.send().await.unwrap().role.unwrap().arn;
    let own = policy(&[allow(&["sts:AssumeRole", "iam:Get*", "iam:List*"])]);
    let person = personas::user(&account, "operator", Some(&own)).await;
    let home = tempfile::tempdir().unwrap();
    let here = headless::surroundings(&account, &person.keys, home.path());
    let inquiry = Inquiry { hops: vec![Hop::to(&role)], mfa: code("123456"), ..Inquiry::default() };
    let selection = Selection { inquiry: Some(inquiry), ..headless::selection(None) };
    let mut run = Run::new(here, selection, Some(home));
    for _ in 0..2 {
        run.ask().await;
        assert!(run.facts.path.mfa_session.is_settled());
        assert!(run.facts.path.mfa_devices.is_settled(), "{:?}", run.facts.path.mfa_devices);
    }
    assert_eq!(run.sent("sts:GetSessionToken"), 1);
}
