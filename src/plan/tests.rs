use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::model::facts::{
    Ancestor, CallerIdentity, ConfigFile, Credentials, Keeping, Machine, RoleFound, RoleSource, Secret, SecretContent,
    SecretSummary, SecretValue, Stack, StackResource,
};
use crate::model::plan::{ConfigChange, EditValue, FieldChange, FieldKind, SecretChange};
use crate::model::selection::RoleKind;
use crate::model::{AwsError, ErrorKind, Fact, Reader};
use crate::secret::Key;
use crate::values::{AccountId, PrincipalArn, RoleArn, SecretText, StackArn};

mod config;
mod file;
mod secret;

const CANARY: &str = "canary-client-secret";
const SECRET_ARN: &str = "arn:aws:secretsmanager:us-east-1:111122223333:secret:benchling-webhook-prod-AbCdEf";
const PATH: &str = "/home/ada/.config/benchling-webhook/default/config.json";

/// A stack with both roles, no secret, no file.
fn before_onboarding() -> Facts {
    let mut facts = Facts::new("2026-03-04T12:00:00Z".parse().unwrap());
    facts.machine =
        Fact::Known(Machine { config_root: "/home/ada/.config/benchling-webhook".into(), ..Machine::default() });
    facts.credentials = Fact::Known(Credentials {
        prefix: "AKIA".into(),
        expires: None,
        provider: "profile".into(),
        region: "us-east-1".into(),
        region_from: "flag".into(),
    });
    let outputs = [
        ("QuiltWebHost", "https://quilt.example.com/"),
        ("UserAthenaDatabaseName", "userathenadatabase-1"),
        ("PackagerQueueUrl", "https://sqs.us-east-1.amazonaws.com/111122223333/packager"),
    ];
    facts.stack = Fact::Known(Stack {
        arn: StackArn::parse("arn:aws:cloudformation:us-east-1:111122223333:stack/quilt-prod/1-2-3").unwrap(),
        status: "UPDATE_COMPLETE".into(),
        status_reason: None,
        created: None,
        updated: None,
        outputs: outputs.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec(),
        parameters: Vec::new(),
    });
    let policy = "arn:aws:iam::111122223333:policy/BucketWrite";
    facts.resources = Fact::Known(BTreeMap::from([(
        "BucketWritePolicy".to_owned(),
        StackResource { resource_type: "AWS::IAM::ManagedPolicy".into(), physical_id: policy.into() },
    )]));
    for kind in RoleKind::BOTH {
        let name = if kind == RoleKind::Read { "ReadQuiltV2-quilt-prod" } else { "ReadWriteQuiltV2-quilt-prod" };
        facts.role_mut(kind).found = Fact::Known(RoleFound {
            arn: RoleArn::parse(&format!("arn:aws:iam::111122223333:role/{name}")).unwrap(),
            composed: false,
            source: RoleSource::StackResource(kind.logical_id().into()),
        });
    }
    facts.config = Fact::Absent;
    facts.secrets = Fact::Known(Vec::new());
    facts.secret = Fact::Absent;
    facts
}

fn answers() -> [(Key, &'static str); 11] {
    [
        (Key::ClientId, "wqFabcdefgYe"),
        (Key::ClientSecret, CANARY),
        (Key::Tenant, "quilt-dtt"),
        (Key::AppDefinitionId, "appdef_wqFabc123"),
        (Key::LogLevel, "INFO"),
        (Key::PkgPrefix, "benchling"),
        (Key::PkgKey, "experiment_id"),
        (Key::UserBucket, "quilt-user-bucket"),
        (Key::EcrRepositoryName, "quiltdata/benchling"),
        (Key::EnableWebhookVerification, "true"),
        (Key::WebhookAllowList, ""),
    ]
}

fn answered(facts: &Facts) -> Draft {
    let mut draft = Draft::from_facts(facts, &Selection::new());
    for (key, value) in answers() {
        draft.set(key, value);
    }
    draft
}

fn plan_of(facts: &Facts, draft: &Draft) -> Plan {
    plan(facts, &Selection::new(), draft)
}

fn secret_change(plan: &Plan) -> &SecretChange {
    plan.changes
        .iter()
        .find_map(|change| if let Change::Secret(change) = change { Some(change) } else { None })
        .unwrap()
}

fn config_change(plan: &Plan) -> &ConfigChange {
    plan.changes
        .iter()
        .find_map(|change| if let Change::Config(change) = change { Some(change) } else { None })
        .unwrap()
}

fn with_secret(facts: &mut Facts, text: &str) {
    facts.secret = Fact::Known(Secret {
        name: "benchling-webhook-prod".into(),
        arn: SECRET_ARN.into(),
        deleted: None,
        versions: vec![("v-1".into(), vec!["AWSCURRENT".into()])],
        kms_key: None,
        owning_service: None,
        tags: Vec::new(),
        stack: None,
        kept: Keeping::default(),
        value: Fact::Known(SecretValue {
            version_id: "v-1".into(),
            created: None,
            content: SecretContent::Text(text.into()),
        }),
    });
}

fn with_config(facts: &mut Facts, text: &str) {
    facts.config = Fact::Known(ConfigFile { path: PATH.into(), text: text.into(), mode: Some(0o600) });
}

/// The facts after a plan was carried out, an hour later.
fn carried_out(mut facts: Facts, plan: &Plan) -> Facts {
    assert_eq!(plan.blocked, Vec::<String>::new());
    for change in &plan.changes {
        match change {
            Change::Secret(change) => with_secret(&mut facts, change.content.expose()),
            Change::File(_) => unreachable!("no walk of these tests writes a file"),
            Change::Config(change) => {
                let old = change.replaces.as_ref().filter(|_| !change.replaces_unreadable).map(SecretText::expose);
                with_config(&mut facts, &edit::apply(old, &change.edits, Some(SECRET_ARN)).unwrap());
            }
        }
    }
    facts.observed_at = "2026-03-04T13:00:00Z".parse().unwrap();
    facts
}

fn config_text(facts: &Facts) -> String {
    facts.config.known().unwrap().text.expose().to_owned()
}

fn field<'p>(fields: &'p [FieldChange], name: &str) -> &'p FieldChange {
    fields.iter().find(|field| field.name == name).unwrap_or_else(|| panic!("no field {name}"))
}

fn shown(fields: &[FieldChange], name: &str) -> (FieldKind, String, String) {
    let found = field(fields, name).clone();
    (found.kind, found.before, found.after)
}

#[test]
fn the_secret_comes_first_and_the_file_names_it() {
    let facts = before_onboarding();
    let plan = plan_of(&facts, &answered(&facts));
    assert_eq!(plan.blocked, Vec::<String>::new());
    assert!(matches!(plan.changes[..], [Change::Secret(_), Change::Config(_)]));
    assert_eq!(field(&config_change(&plan).fields, "benchling.secretArn").after, "the ARN of the new secret");
    assert!(config_text(&carried_out(facts, &plan)).contains(SECRET_ARN));
}

#[test]
fn a_second_run_is_empty() {
    let facts = before_onboarding();
    let plan = plan_of(&facts, &answered(&facts));
    let after = carried_out(facts, &plan);
    let again = plan_of(&after, &Draft::from_facts(&after, &Selection::new()));
    assert!(again.is_empty() && again.blocked.is_empty(), "{again:?}");
}

#[test]
fn the_same_plan_has_the_same_id_at_any_time() {
    let facts = before_onboarding();
    let draft = answered(&facts);
    let first = plan_of(&facts, &draft);
    let mut later = facts.clone();
    later.observed_at = "2026-09-09T09:09:09Z".parse().unwrap();
    assert_eq!(plan_of(&later, &draft).id, first.id);
    assert_eq!(first.id.len(), 16);
    let mut other = draft.clone();
    other.set(Key::ClientSecret, "another-client-secret");
    assert_ne!(plan_of(&facts, &other).id, first.id);
    let mut less = draft;
    less.leave_out.insert("quilt.readRoleArn".into());
    assert_ne!(plan_of(&facts, &less).id, first.id);
}

#[test]
fn all_that_blocks_is_told_at_once() {
    let mut facts = before_onboarding();
    facts.stack = Fact::NotAsked;
    let mut draft = answered(&facts);
    draft.values.remove(&Key::Tenant);
    draft.set(Key::LogLevel, "info");
    draft.set(Key::WebhookAllowList, "10.0.0.1, 300.1.1.1");
    assert_eq!(
        plan_of(&facts, &draft).blocked,
        [
            "TENANT has no value yet; the secret needs all 11.",
            "LOG_LEVEL is not valid: not in capitals; INFO?",
            "WEBHOOK_ALLOW_LIST is not valid: 300.1.1.1 is no address: each of its numbers is 0 to 255, without zeros in front.",
            "config.json needs quilt.catalog, and no Quilt stack is chosen.",
            "config.json needs quilt.database, and no Quilt stack is chosen.",
            "config.json needs quilt.queueUrl, and no Quilt stack is chosen.",
            "config.json needs quilt.region, and no Quilt stack is chosen.",
            "config.json needs benchling.tenant, and TENANT has no value yet.",
        ]
    );
    draft.write_config = false;
    assert_eq!(plan_of(&facts, &draft).blocked.len(), 3);
    (draft.write_secret, draft.write_config) = (false, false);
    let nothing = plan_of(&facts, &draft);
    assert!(nothing.is_empty() && nothing.blocked.is_empty());
}

#[test]
fn trouble_with_roles_never_blocks() {
    let mut facts = before_onboarding();
    facts.roles.clear();
    let plan = plan_of(&facts, &answered(&facts));
    assert_eq!((plan.blocked.len(), plan.changes.len()), (0, 2));
    assert!(!config_text(&carried_out(facts, &plan)).contains("RoleArn"));
}

#[test]
fn no_secret_value_is_in_what_is_shown_or_printed() {
    let facts = before_onboarding();
    let mut draft = answered(&facts);
    draft.client_secret_in_config = true;
    let plan = plan_of(&facts, &draft);
    let printed = format!("{plan:?} {draft:?}");
    assert!(!printed.contains(CANARY) && !printed.contains("wqFabc"), "{printed}");
    let lines = [secret_change(&plan).fields.clone(), config_change(&plan).fields.clone()].concat();
    assert!(lines.iter().all(|line| !line.after.contains("wqFabc") && !line.after.contains(CANARY)));
    assert_eq!(shown(&lines, "CLIENT_ID").2, "wqF***Ye");
    assert_eq!(shown(&lines, "benchling.appDefinitionId").2, "appdef_***");
    assert_eq!(shown(&lines, "benchling.clientSecret").2, "********");
}

#[test]
fn what_is_usual_is_not_filled_in_and_what_was_typed_stays() {
    let mut facts = before_onboarding();
    let mut draft = Draft::from_facts(&facts, &Selection::new());
    assert_eq!(draft.values, BTreeMap::new());
    assert_eq!(draft.secret_name, "benchling-webhook-prod");
    draft.set(Key::Tenant, "typed");
    with_secret(&mut facts, r#"{"tenant": "there", "LOG_LEVEL": "DEBUG", "log_level": "INFO"}"#);
    let config = r#"{"packages": {"prefix": "from-config", "bucket": ""}, "security": {"enableVerification": true}}"#;
    with_config(&mut facts, config);
    if let Fact::Known(stack) = &mut facts.stack {
        stack.outputs.push(("UserBucket".into(), "from-stack".into()));
    }
    draft.refill(&facts, &Selection::new());
    let values: Vec<(Key, &str)> = draft.values.iter().map(|(key, value)| (*key, value.expose())).collect();
    assert_eq!(
        values,
        [
            (Key::Tenant, "typed"),
            (Key::LogLevel, "DEBUG"),
            (Key::PkgPrefix, "from-config"),
            (Key::UserBucket, "from-stack"),
            (Key::EnableWebhookVerification, "true")
        ]
    );
}

fn any_extra() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![any::<bool>().prop_map(Json::from), "[a-z ]{0,6}".prop_map(Json::from), Just(json!(null))];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop::collection::btree_map("[a-z]{1,3}", inner, 0..3)
            .prop_map(|members| Json::Object(members.into_iter().collect()))
    })
}

proptest! {
    /// Whatever stood in the file and the secret before, carrying a plan out once is enough, and what was unknown is still there.
    #[test]
    fn carrying_out_once_is_enough(
        extra in prop::collection::btree_map("x[a-z]{1,3}", any_extra(), 0..3),
        top in prop::sample::subsequence(vec!["quilt", "benchling", "packages", "deployment", "integratedStack", "_metadata"], 0..=6),
        odd in any_extra(),
        secret_extra in prop::collection::btree_map("(x[a-z]{1,3}|tenant|client_id|log_level|TENANT|enable_webhook_verification)", "[a-z]{1,5}", 0..4),
        has in (any::<bool>(), any::<bool>(), any::<bool>()),
    ) {
        let mut facts = before_onboarding();
        let mut config: serde_json::Map<String, Json> = extra.clone().into_iter().collect();
        config.extend(top.iter().map(|name| ((*name).to_owned(), odd.clone())));
        if has.0 {
            let text = if has.2 { json!(config).to_string() } else { serde_json::to_string_pretty(&config).unwrap() };
            with_config(&mut facts, &text);
        }
        if has.1 {
            with_secret(&mut facts, &json!(secret_extra).to_string());
        }
        let first = plan_of(&facts, &answered(&facts));
        let after = carried_out(facts, &first);
        let again = plan_of(&after, &Draft::from_facts(&after, &Selection::new()));
        prop_assert!(again.is_empty() && again.blocked.is_empty(), "{:?}", again);

        let written: Json = serde_json::from_str(&config_text(&after)).unwrap();
        if has.0 {
            for (name, value) in &extra {
                prop_assert_eq!(&written[name], value);
            }
        }
        if has.1 {
            let SecretContent::Text(text) = &after.secret.known().unwrap().value.known().unwrap().content else { panic!() };
            let secret: Json = serde_json::from_str(text.expose()).unwrap();
            for (name, value) in secret_extra.iter().filter(|(name, _)| name.starts_with('x')) {
                prop_assert_eq!(&secret[name], value);
            }
        }
    }
}

#[test]
fn credentials_of_another_account_write_nothing_at_all() {
    let mut facts = before_onboarding();
    let other = "arn:aws:iam::444455556666:user/ada";
    facts.identity = Fact::Known(CallerIdentity {
        account: AccountId::parse("444455556666").unwrap(),
        arn: PrincipalArn::parse(other).unwrap(),
        user_id: "AIDAEXAMPLE".into(),
    });
    let plan = plan(&facts, &Selection::new(), &answered(&facts));
    assert!(plan.changes.is_empty(), "not even shown");
    assert_eq!(plan.blocked.len(), 1);
    assert!(plan.blocked[0].contains("stack quilt-prod names account 1111-2222-3333"), "{:?}", plan.blocked);
}

#[test]
fn a_role_of_another_account_is_written_as_it_is() {
    let mut facts = before_onboarding();
    facts.identity = Fact::Known(CallerIdentity {
        account: AccountId::parse("111122223333").unwrap(),
        arn: PrincipalArn::parse("arn:aws:iam::111122223333:user/ada").unwrap(),
        user_id: "AIDAEXAMPLE".into(),
    });
    let arn = RoleArn::parse("arn:aws:iam::444455556666:role/Data").unwrap();
    facts.role_mut(RoleKind::Write).found =
        Fact::Known(RoleFound { arn: arn.clone(), composed: false, source: RoleSource::Typed });
    let plan = plan(&facts, &Selection::new(), &answered(&facts));
    assert_eq!(plan.blocked, Vec::<String>::new());
    let Some(Change::Config(config)) = plan.changes.last() else { panic!("{:?}", plan.changes) };
    let written = config.edits.iter().find(|edit| edit.path == ["quilt", "writeRoleArn"]).unwrap();
    assert_eq!(written.value, EditValue::Json(json!(arn.to_string())));
}

#[test]
fn a_webhook_that_quilt_runs_has_no_stack_of_its_own() {
    let mut facts = before_onboarding();
    let own = "arn:aws:secretsmanager:us-east-1:111122223333:secret:BenchlingSecret-abc-AbCdEf";
    let Fact::Known(stack) = &mut facts.stack else { panic!("there is a stack") };
    stack.outputs.push(("BenchlingSecretArn".into(), own.into()));
    stack.parameters = vec![("BenchlingWebhook".into(), "Enabled".into())];
    facts.secret = Fact::Known(Secret {
        name: "BenchlingSecret-abc".into(),
        arn: own.into(),
        deleted: None,
        versions: Vec::new(),
        kms_key: None,
        owning_service: None,
        tags: Vec::new(),
        stack: Some("quilt-prod".into()),
        kept: Keeping::default(),
        value: Fact::Absent,
    });
    let selection = Selection { secret: Some(own.into()), ..Selection::new() };
    let plan = plan(&facts, &selection, &answered(&facts));
    assert_eq!(plan.blocked, Vec::<String>::new());
    let Some(Change::Config(config)) = plan.changes.last() else { panic!("{:?}", plan.changes) };
    let value = |path: &[&str]| config.edits.iter().find(|edit| edit.path == path).map(|edit| edit.value.clone());
    assert_eq!(value(&["integratedStack"]), Some(EditValue::Json(json!(true))));
    assert_eq!(value(&["deployment", "stackName"]), None);
}
