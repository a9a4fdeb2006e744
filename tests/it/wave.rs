//! Wave's role over real HTTP: the three causes that AWS refuses with one message, a jump role, and a registry's token.

use std::collections::BTreeMap;
use std::path::Path;

use rolecall::check::{self, Checked};
use rolecall::model::selection::CredentialSource;
use rolecall::model::{Selection, Severity, SystemChoice};
use serde_json::json;

use crate::emulator::{Account, Emulator, REGION};
use crate::headless::surroundings;
use crate::personas::{self, Persona, policy};

const EXTERNAL_ID: &str = "5d1c7a52-3f0e-4b6a-9c8d-2e7f1a90b3c4";

struct Stage {
    wave: Account,
    customer: Account,
    audit: Persona,
}

impl Stage {
    async fn new(emulator: &'static Emulator) -> Self {
        let (wave, customer) = (emulator.account(), emulator.account());
        let reads = policy(&[personas::allow(&["iam:Get*", "iam:List*"])]);
        let audit = personas::user(&customer, "audit", Some(&reads)).await;
        Self { wave, customer, audit }
    }

    /// A user of Wave's account that may assume these roles, and read IAM.
    async fn user(&self, name: &str, roles: &[&str]) -> Persona {
        let reads = personas::allow(&["iam:Get*", "iam:List*"]);
        let assume = json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": roles});
        let statements = if roles.is_empty() { vec![reads] } else { vec![reads, assume] };
        personas::user(&self.wave, name, Some(&policy(&statements))).await
    }

    fn arn(&self, role: &str) -> String {
        format!("arn:aws:iam::{}:role/{role}", self.customer.id())
    }

    /// A role that trusts a principal with the external ID, and may do this.
    async fn role(account: &Account, name: &str, principal: &str, allowed: serde_json::Value) -> String {
        let trust = policy(&[json!({
            "Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": EXTERNAL_ID}},
        })]);
        let iam = account.clients().iam;
        let made = iam.create_role().role_name(name).assume_role_policy_document(trust.to_string()).send().await;
        let put =
            iam.put_role_policy().role_name(name).policy_name("own").policy_document(policy(&[allowed]).to_string());
        put.send().await.unwrap();
        made.unwrap().role.unwrap().arn
    }

    async fn check(&self, home: &Path, caller: &Persona, typed: &[(&str, &str)]) -> Checked {
        self.wave.write_aws_profiles(home, &[("wave", &caller.keys), ("audit", &self.audit.keys)]);
        let typed: BTreeMap<String, String> =
            typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let choice = SystemChoice { typed, inspectors: vec!["audit".into()], ..SystemChoice::of("wave") };
        let selection = Selection {
            source: Some(CredentialSource::Profile("wave".into())),
            region: Some(REGION.into()),
            system: Some(choice),
            ..Selection::new()
        };
        check::run(surroundings(&self.wave, &caller.keys, home), selection).await
    }
}

fn pulls() -> serde_json::Value {
    personas::allow(&["ecr:GetAuthorizationToken", "ecr:DescribeImages"])
}

/// Caller, trust, external ID.
fn three(checked: &Checked) -> Vec<Severity> {
    let of = |id: &str| checked.judgement.findings.iter().filter(|one| one.id == id).map(|one| one.severity).collect();
    let all: Vec<Vec<Severity>> = ["wave/caller", "wave/trust", "wave/external-id"].map(of).into();
    all.concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_cause_is_told_apart_over_http() {
    use Severity::{Error, Ok};
    let Some(emulator) = Emulator::shared() else { return };
    let stage = Stage::new(emulator).await;
    let allowed = stage.user("allowed", &[&stage.arn("Pull"), &stage.arn("Closed")]).await;
    let silent = stage.user("silent", &[]).await;
    let both = format!("arn:aws:iam::{}:root", stage.wave.id());
    let open = Stage::role(&stage.customer, "Pull", &both, pulls()).await;
    let closed = Stage::role(&stage.customer, "Closed", &silent.arn, pulls()).await;
    for (caller, role, id, expected) in [
        (&allowed, &open, EXTERNAL_ID, [Ok, Ok, Ok]),
        (&silent, &open, EXTERNAL_ID, [Error, Ok, Ok]),
        (&allowed, &closed, EXTERNAL_ID, [Ok, Error, Ok]),
        (&allowed, &open, "another-id", [Ok, Ok, Error]),
        (&allowed, &closed, "another-id", [Ok, Error, Error]),
    ] {
        let home = tempfile::tempdir().unwrap();
        let checked = stage.check(home.path(), caller, &[("role", role), ("external-id", id)]).await;
        assert_eq!(three(&checked), expected, "{} {role} {id}: {:#?}", caller.name, checked.judgement.findings);
        let live = checked.judgement.system.rows[0].live.as_ref().unwrap();
        assert_eq!(live.outcome.is_ok(), expected == [Ok; 3], "the call itself");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_comes_through_the_role_and_through_a_jump_role() {
    let Some(emulator) = Emulator::shared() else { return };
    let stage = Stage::new(emulator).await;
    let jump = format!("arn:aws:iam::{}:role/Jump", stage.wave.id());
    let caller = stage.user("wave", &[&stage.arn("Pull"), &jump]).await;
    let direct = Stage::role(&stage.customer, "Pull", &caller.arn, pulls()).await;
    let on = json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": stage.arn("Behind")});
    assert_eq!(Stage::role(&stage.wave, "Jump", &caller.arn, on).await, jump);
    let behind = Stage::role(&stage.customer, "Behind", &jump, pulls()).await;
    let host = format!("{}.dkr.ecr.{REGION}.amazonaws.com", stage.customer.id());
    let straight = [("role", direct.as_str()), ("external-id", EXTERNAL_ID), ("registry", &host)];
    let through = [
        ("role", behind.as_str()),
        ("external-id", EXTERNAL_ID),
        ("registry", &host),
        ("jump-role", &jump),
        ("jump-external-id", EXTERNAL_ID),
    ];
    for (typed, hops) in [(&straight[..], 1), (&through[..], 2)] {
        let home = tempfile::tempdir().unwrap();
        let checked = stage.check(home.path(), &caller, typed).await;
        let path = checked.facts.system.paths[0].facts.known().unwrap();
        assert_eq!(path.hops.len(), hops);
        let probes = &path.hops.last().unwrap().probes;
        let token = probes.iter().find(|probe| probe.action == "ecr:GetAuthorizationToken").unwrap();
        assert!(token.outcome.is_ok(), "{:?}", token.outcome);
        assert_eq!(three(&checked), vec![Severity::Ok; 3 * hops], "{:#?}", checked.judgement.findings);
    }
}
