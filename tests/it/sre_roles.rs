//! The SRE bot's roles over real HTTP: a dozen of them, some that refuse, some with external IDs, some asked for too long. Each gets the class
//! of error that the bot would raise, and what is wrong before any call is told as well.

use rolecall::aws::{Clock, Environment, Surroundings};
use rolecall::check::{self, Checked};
use rolecall::model::selection::CredentialSource;
use rolecall::model::{Selection, SystemChoice};
use rolecall::policy::Answer;
use serde_json::{Map, Value, json};

use crate::emulator::{Account, Emulator};
use crate::personas::{self, Persona, policy};

const EXTERNAL_ID: &str = "sre-bot-7f3a9c";

struct Stage {
    bot: Account,
    owner: Account,
    caller: Persona,
    audit: Persona,
}

impl Stage {
    async fn new(emulator: &'static Emulator) -> Self {
        let (bot, owner) = (emulator.account(), emulator.account());
        let own = policy(&[personas::allow(&["sts:AssumeRole", "iam:Get*", "iam:List*"])]);
        let caller = personas::user(&bot, "sre-bot", Some(&own)).await;
        let reads = policy(&[personas::allow(&["iam:Get*", "iam:List*"])]);
        let audit = personas::user(&owner, "audit", Some(&reads)).await;
        Self { bot, owner, caller, audit }
    }

    /// A role of the other account, and its entry.
    async fn role(&self, name: &str, lets_in: bool, external_id: Option<&str>) -> Value {
        let account = if lets_in { self.bot.id() } else { self.owner.id() };
        let mut statement = json!({
            "Effect": "Allow", "Principal": { "AWS": format!("arn:aws:iam::{account}:root") }, "Action": "sts:AssumeRole"
        });
        if let Some(id) = external_id {
            statement["Condition"] = json!({ "StringEquals": { "sts:ExternalId": id } });
        }
        let document = policy(&[statement]).to_string();
        let call = self.owner.clients().iam.create_role().role_name(name).assume_role_policy_document(document);
        let arn = call.send().await.unwrap().role.unwrap().arn;
        json!({ "role_arn": arn, "account_id": self.owner.id().to_string() })
    }

    async fn check(&self, variables: &[(&str, &str)]) -> Checked {
        let home = tempfile::tempdir().unwrap();
        let keys = [("sre-bot", &self.caller.keys), ("audit", &self.audit.keys)];
        self.bot.write_aws_profiles(home.path(), &keys);
        let endpoint = [("AWS_ENDPOINT_URL", self.bot.endpoint())];
        let variables = endpoint.iter().chain(variables).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let here = Surroundings::of_user(Environment::new(variables), home.path().to_owned());
        let here = Surroundings { clock: Clock::System, ..here }.shared();
        let system = SystemChoice { inspectors: vec!["audit".into()], ..SystemChoice::of("sre-roles") };
        let selection = Selection {
            source: Some(CredentialSource::Profile("sre-bot".into())),
            system: Some(system),
            ..Selection::new()
        };
        check::run(here, selection).await
    }
}

/// Everything that is said of a role.
fn said(checked: &Checked, role: &str) -> String {
    let of_role = checked.judgement.findings.iter().filter(|finding| finding.subject == role);
    let lines = of_role.map(|finding| {
        format!("{} {}: {} {}", finding.severity.word(), finding.id, finding.claim, finding.evidence.join("; "))
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dozen_roles_at_once_and_each_has_its_own_answer() {
    let Some(emulator) = Emulator::shared() else { return };
    let stage = Stage::new(emulator).await;
    let mut roles = Map::new();
    for name in ["prod", "staging", "dev", "tools", "logs", "cost"] {
        roles.insert(name.into(), stage.role(name, true, None).await);
    }
    for name in ["locked", "foreign"] {
        roles.insert(name.into(), stage.role(name, false, None).await);
    }
    for (name, sent) in [("partner", Some(EXTERNAL_ID)), ("stranger", Some("other")), ("silent", None)] {
        let mut entry = stage.role(name, true, Some(EXTERNAL_ID)).await;
        entry["external_id"] = json!(sent);
        roles.insert(name.into(), entry);
    }
    let mut long = stage.role("long", true, None).await;
    long["duration_seconds"] = json!(7_200);
    roles.insert("long".into(), long);
    roles["cost"]["account_id"] = json!(stage.bot.id().to_string());
    let text = Value::Object(roles).to_string();
    let checked = stage.check(&[("AWS_AUTH_ROLES", &text), ("AWS_PROFILE", "sre-bot")]).await;

    assert_eq!(checked.judgement.system.rows.len(), 12);
    for row in &checked.judgement.system.rows {
        let refused = ["locked", "foreign", "stranger", "silent"].contains(&row.id.as_str());
        // The emulator gives a session of any length.
        assert_eq!(row.live.as_ref().unwrap().outcome.is_err(), refused, "{}: {:?}", row.id, row.live);
        let told = said(&checked, &row.id);
        let class =
            "the service raises AuthenticationError; as it is built, AssumeRoleError, ASSUME_ROLE_FAILED_AccessDenied";
        assert_eq!(told.contains(class), refused, "{}: {told}", row.id);
        assert_eq!(told.contains("error hop/denied"), refused, "{}: {told}", row.id);
    }
    assert!(
        said(&checked, "long").contains("error sre-roles/duration: long asks for 7200 s"),
        "{}",
        said(&checked, "long")
    );
    assert!(said(&checked, "cost").contains("error sre-roles/account"), "{}", said(&checked, "cost"));
    let report = rolecall::report::json(&checked.report());
    assert!(!report.contains(EXTERNAL_ID), "external IDs stay out of reports");
}

/// The three tests that the specification asks for (S2-39).
#[tokio::test(flavor = "multi_thread")]
async fn default_credentials_a_role_that_is_given_and_one_that_is_refused() {
    let Some(emulator) = Emulator::shared() else { return };
    let stage = Stage::new(emulator).await;
    let plain = stage.check(&[]).await;
    let told = said(&plain, "user/sre-bot");
    assert!(told.contains("ok sre-roles/caller") && told.contains("as user/sre-bot, in us-east-1."), "{told}");
    assert_eq!(plain.facts.credentials.known().unwrap().region, "us-east-1");

    let roles = json!({ "test": stage.role("TestRole", true, None).await, "invalid": stage.role("InvalidRole", false, None).await });
    let checked = stage.check(&[("AWS_AUTH_ROLES", &roles.to_string())]).await;
    let row = |name: &str| checked.judgement.system.rows.iter().find(|row| row.id == name).unwrap();
    assert!(row("test").live.as_ref().unwrap().outcome.is_ok());
    assert_eq!(row("test").answer().unwrap().verdict, Answer::Allow);
    assert!(row("invalid").live.as_ref().unwrap().outcome.is_err());
    assert!(said(&checked, "invalid").contains("the service raises AuthenticationError"));
}
