//! What is in the texts, and what is not: gaps, external IDs, statements, secrets.

use std::collections::BTreeSet;

use regex_lite::Regex;
use serde_json::{Value, json};

use super::*;
use crate::judge::scene::{ACCOUNT, SECRET_ARN, STACK_ARN, Scene, TASK_ROLE, denied, role_arn, trusts};
use crate::model::facts::{HopFacts, SecretContent};
use crate::model::selection::{RoleKind, WorkloadChoice};
use crate::model::{Fact, Hop, Inquiry};
use crate::policy::{Answer, Case, NamedPolicy, Policy, Readable, evaluate};
use crate::values::time::Timestamp;
use crate::values::{PrincipalArn, RoleArn};

mod languages;

const EXTERNAL_ID: &str = "7f9c-canary-external-id";

fn about(scene: &Scene, wish: &Wish) -> Subject {
    subject(&scene.facts, &scene.selection, &scene.judge(), None, wish)
}

fn every(scene: &Scene, wish: &Wish) -> Vec<Text> {
    let subject = about(scene, wish);
    let mut all = all(&subject);
    all.extend(named(&subject, Name::CallerPolicy));
    all
}

fn one(scene: &Scene, wish: &Wish, name: Name) -> Text {
    named(&about(scene, wish), name).remove(0)
}

fn placeholders(text: &str) -> BTreeSet<String> {
    let shape = Regex::new("<[a-z][a-z0-9-]*>").unwrap();
    shape.find_iter(text).map(|found| found.as_str().to_owned()).collect()
}

/// A path that somebody named, its roles trusting the principal or the role before.
fn chain(external_id: Option<&str>) -> Scene {
    let mut scene = Scene::healthy();
    let arns = [RoleKind::Read, RoleKind::Write].map(role_arn);
    let mut hops: Vec<Hop> = arns.iter().map(|arn| Hop::to(arn.to_string())).collect();
    hops[1].external_id = external_id.map(str::to_owned);
    hops[1].tags.insert("team".into(), "data".into());
    scene.facts.path.hops = arns
        .iter()
        .map(|arn| {
            let kind = if arn == &arns[0] { RoleKind::Read } else { RoleKind::Write };
            let detail = crate::judge::scene::detail(kind, &trusts("arn:aws:iam::111122223333:role/quilt-ecs"));
            HopFacts { detail: Fact::Known(detail), ..HopFacts::default() }
        })
        .collect();
    let principal = PrincipalArn::parse("arn:aws:sts::444455556666:assumed-role/Jump/alice").unwrap();
    scene.selection.inquiry = Some(Inquiry { hops, principal: Some(principal), ..Inquiry::default() });
    scene
}

fn scenes() -> Vec<(&'static str, Scene)> {
    let nothing = Scene { facts: Facts::new(Timestamp::UNIX_EPOCH), selection: Selection::new() };
    let mut unreadable = Scene::untouched();
    for kind in RoleKind::BOTH {
        unreadable.facts.role_mut(kind).detail = denied("iam:GetRole");
    }
    unreadable.facts.workload.arn = denied("cloudformation:DescribeStackResource");
    unreadable.facts.stack = denied("cloudformation:DescribeStacks");
    unreadable.facts.secret = denied("secretsmanager:DescribeSecret");
    let mut typed = Scene::untouched();
    typed.selection.workload = WorkloadChoice::Role(RoleArn::parse(TASK_ROLE).unwrap());
    typed.selection.external_id = Some(EXTERNAL_ID.into());
    vec![
        ("nothing", nothing),
        ("healthy", Scene::healthy()),
        ("untouched", Scene::untouched()),
        ("not deployed", Scene::untouched().not_deployed()),
        ("unreadable", unreadable),
        ("typed", typed),
        ("chain", chain(Some(EXTERNAL_ID))),
    ]
}

#[test]
fn a_placeholder_stands_for_what_is_said_to_be_unknown_and_nothing_else() {
    for (name, scene) in scenes() {
        let texts = every(&scene, &Wish::default());
        assert!(texts.len() > 5, "{name}");
        for text in texts {
            let said: BTreeSet<String> = text.gaps.iter().map(|gap| gap.placeholder.clone()).collect();
            assert_eq!(placeholders(&text.body), said, "{name}: {:?} {:?}\n{}", text.name, text.of, text.body);
            assert!(text.body.ends_with('\n') && !text.body.contains("\n\n\n"), "{name}: {:?}", text.name);
            for why in text.gaps.iter().map(|gap| &gap.why).chain(&text.notes) {
                assert!(why.len() > 15, "{name}: {why}");
            }
        }
    }
}

#[test]
fn what_could_not_be_read_names_what_it_needs() {
    let (_, scene) = scenes().swap_remove(4);
    let why = |name: Name, placeholder: &str| {
        let texts = named(&about(&scene, &Wish::default()), name);
        let gap = texts.into_iter().flat_map(|text| text.gaps).find(|gap| gap.placeholder == placeholder);
        gap.unwrap_or_else(|| panic!("{placeholder}")).why
    };
    assert!(why(Name::TrustPolicy, "<task-role-arn>").contains("cloudformation:DescribeStackResource"));
    assert!(why(Name::ContainerEnv, "<quilt-stack-arn>").contains("cloudformation:DescribeStacks"));
    let trust = one(&scene, &Wish::default(), Name::TrustPolicy);
    assert!(trust.notes.iter().any(|note| note.contains("iam:GetRole") && note.contains("new role")), "{trust:?}");
    let absent = one(&Scene::untouched().not_deployed(), &Wish::default(), Name::TrustPolicy);
    assert!(absent.gaps[0].why.contains("after the deployment"), "{absent:?}");
}

#[test]
fn the_two_sides_together_let_the_caller_in() {
    for (name, scene) in [("untouched", Scene::untouched()), ("chain", chain(Some(EXTERNAL_ID)))] {
        let subject = about(&scene, &Wish { shows_external_ids: true, ..Wish::default() });
        let policies = named(&subject, Name::CallerPolicy);
        let mut trusts = named(&subject, Name::TrustPolicy).into_iter();
        for (edge, caller) in subject.edges.iter().zip(policies) {
            for role in &edge.roles {
                let trust = Policy::parse(&trusts.next().unwrap().body).unwrap();
                let own = Policy::parse(&caller.body).unwrap();
                let role_arn = role.arn.known().unwrap();
                let mut case = Case {
                    trust: Readable::Read(Some(trust)),
                    identity: Readable::Read(vec![NamedPolicy { name: String::new(), policy: own }]),
                    boundary: Readable::Read(None),
                    session: Readable::Read(None),
                    scps: Readable::Read(Vec::new()),
                    rcps: Readable::Read(Vec::new()),
                    ..Case::new(edge.caller.principal.known().unwrap().clone(), role_arn.to_string())
                };
                if edge.actions.len() > 1 {
                    case.request.tags.insert("team".into(), "data".into());
                    case.request.external_id = Some(EXTERNAL_ID.into());
                }
                let decision = evaluate(&case, scene.facts.observed_at);
                assert_eq!(decision.verdict, Answer::Allow, "{name} {role_arn}: {:?}", decision.unknowns);
                // A second account takes nothing but this principal and this role.
                let other = PrincipalArn::parse("arn:aws:iam::999988887777:role/Other").unwrap();
                let stranger = Case { caller: other, ..case };
                assert_eq!(evaluate(&stranger, scene.facts.observed_at).verdict, Answer::Deny, "{name} {role_arn}");
            }
        }
    }
}

#[test]
fn no_statement_of_a_trust_policy_is_lost() {
    for (before, statements) in [
        (
            json!({"Statement": {"Sid": "One", "Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "sts:AssumeRole", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}),
            1,
        ),
        (json!({"Version": "2008-10-17", "Id": "kept", "Statement": []}), 0),
        (
            json!({"Statement": [{"Effect": "Deny", "Principal": {"AWS": "444455556666"}, "Action": "*"}, {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}),
            2,
        ),
    ] {
        let mut scene = Scene::untouched();
        scene.trust(RoleKind::Read, &before.to_string());
        let text = one(&scene, &Wish::default(), Name::TrustPolicy);
        let after: Value = serde_json::from_str(&text.body).unwrap();
        let list = after["Statement"].as_array().unwrap();
        let kept = match &before["Statement"] {
            Value::Array(all) => all.clone(),
            one => vec![one.clone()],
        };
        assert_eq!((kept.len(), &list[..kept.len()]), (statements, kept.as_slice()));
        assert_eq!(
            list[kept.len()..],
            [json!({"Effect": "Allow", "Principal": {"AWS": TASK_ROLE}, "Action": "sts:AssumeRole"})]
        );
        assert_eq!((after.get("Id"), after.get("Version")), (before.get("Id"), before.get("Version")));
    }
    let healthy = one(&Scene::healthy(), &Wish::default(), Name::TrustPolicy);
    assert_eq!(healthy.body, crate::values::json::printed(&serde_json::from_str::<Value>(&trusts(TASK_ROLE)).unwrap()));
    assert!(healthy.notes.iter().any(|note| note.contains("already")), "{healthy:?}");
}

#[test]
fn external_ids_and_the_client_secret_stay_out() {
    for (name, mut scene) in scenes() {
        scene.trust(
            RoleKind::Read,
            &json!({"Statement": {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"sts:ExternalId": "other-canary-id"}}}})
            .to_string(),
        );
        for text in every(&scene, &Wish::default()) {
            let all = format!("{}{:?}{:?}{}", text.body, text.notes, text.gaps, text.title);
            assert!(!all.contains("canary"), "{name}: {:?}: {all}", text.name);
        }
    }
    let (_, typed) = scenes().swap_remove(5);
    let wish = Wish { shows_external_ids: true, ..Wish::default() };
    for name in [Name::TrustPolicy, Name::AwsCommands, Name::Cdk, Name::Terraform] {
        let (open, shown) = (one(&typed, &Wish::default(), name), one(&typed, &wish, name));
        assert!(open.body.contains("<external-id>") && !shown.body.contains("<external-id>"), "{name:?}");
        assert!(shown.body.contains(EXTERNAL_ID) && shown.gaps.is_empty(), "{name:?}: {:?}", shown.gaps);
    }
}

#[test]
fn a_withheld_external_id_of_the_present_policy_is_warned_of_and_no_command_holds_it() {
    let mut scene = Scene::untouched();
    scene.trust(
        RoleKind::Read,
        &json!({"Statement": {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": "other-canary-id"}}}})
        .to_string(),
    );
    let trust = one(&scene, &Wish::default(), Name::TrustPolicy);
    assert_eq!(trust.gaps[0].placeholder, "<external-id-1>");
    assert!(trust.gaps[0].why.contains("do not put this policy in the place"), "{trust:?}");
    // The commands make the policy of what is there, so that nothing has to be filled in.
    assert!(one(&scene, &Wish::default(), Name::AwsCommands).gaps.is_empty());
}

#[test]
fn no_statement_goes_around_a_condition_of_the_owners() {
    let caller = json!({"AWS": TASK_ROLE});
    let statement = |effect: &str, condition: Value| json!({"Effect": effect, "Principal": caller, "Action": "sts:AssumeRole", "Condition": condition});
    let wanted = json!({"StringEquals": {"sts:ExternalId": "other-canary-id"}});
    for (statements, cause) in [
        (json!([statement("Allow", wanted)]), "external_id_missing"),
        (json!([statement("Allow", json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}}))]), "mfa"),
        (json!([statement("Deny", json!({}))]), "explicit_deny_trust"),
    ] {
        let mut scene = Scene::untouched();
        let before = json!({"Version": "2012-10-17", "Statement": statements});
        scene.trust(RoleKind::Read, &before.to_string());
        let wish = Wish { shows_external_ids: true, roles: vec![role_arn(RoleKind::Read)], ..Wish::default() };
        let trust = one(&scene, &wish, Name::TrustPolicy);
        assert_eq!(serde_json::from_str::<Value>(&trust.body).unwrap(), before);
        assert!(trust.partial && trust.notes.iter().any(|note| note.contains(cause)), "{trust:?}");
        let commands = one(&scene, &wish, Name::AwsCommands).body;
        assert!(!commands.contains("update-assume-role-policy") && commands.contains(cause), "{commands}");
        assert!(!one(&scene, &wish, Name::Cdk).body.contains("assumeRolePolicy"));
        assert!(!one(&scene, &wish, Name::Terraform).body.contains("principals {"));
    }
}

#[test]
fn only_what_is_lacking_is_added() {
    let mut scene = chain(None);
    let trusts_read = trusts(&role_arn(RoleKind::Read).to_string());
    scene.facts.path.hops[1].detail = Fact::Known(crate::judge::scene::detail(RoleKind::Write, &trusts_read));
    let text = &named(&about(&scene, &Wish::default()), Name::TrustPolicy)[1];
    let document: Value = serde_json::from_str(&text.body).unwrap();
    assert_eq!(document["Statement"][1]["Action"], "sts:TagSession", "{}", text.body);
    assert_eq!(document["Statement"].as_array().unwrap().len(), 2);
}

#[test]
fn a_diagnosis_that_names_nobody_is_about_whoever_asks() {
    let mut scene = chain(None);
    scene.selection.inquiry.as_mut().unwrap().principal = None;
    let subject = about(&scene, &Wish::default());
    assert_eq!(subject.edges[0].caller.principal.to_string(), "arn:aws:iam::111122223333:user/operator");
    let notes = named(&subject, Name::CallerPolicy).remove(0).notes;
    assert!(notes.iter().any(|note| note.contains("is you")), "{notes:?}");
}

#[test]
fn the_webhook_is_asked_for_no_external_id() {
    let mut scene = Scene::untouched();
    scene.selection.external_id = Some(EXTERNAL_ID.into());
    let wish = Wish { shows_external_ids: true, ..Wish::default() };
    for name in [Name::TrustPolicy, Name::AwsCommands, Name::Cdk, Name::Terraform] {
        let text = one(&scene, &wish, name);
        assert!(!text.body.contains("xternal"), "{name:?}: {}", text.body);
        assert!(text.notes.iter().any(|note| note.contains("the webhook sends none")), "{name:?}: {:?}", text.notes);
    }
}

#[test]
fn the_specified_pattern_is_said_to_miss_the_roles() {
    let says = |scene: &Scene| {
        let text = one(scene, &Wish::default(), Name::TaskRolePolicy);
        text.notes.iter().any(|note| note.contains("*-T4BucketReadRole-*"))
            && text.notes.iter().any(|note| note.contains("covers other roles, not ReadQuiltV2-quilt-prod"))
    };
    assert!(says(&Scene::untouched()) && !says(&Scene::healthy()));
}

#[test]
fn each_hop_of_a_chain_has_its_caller() {
    let subject = about(&chain(None), &Wish::default());
    let callers: Vec<String> = subject.edges.iter().map(|edge| edge.caller.principal.to_string()).collect();
    assert_eq!(callers, ["arn:aws:iam::444455556666:role/Jump", role_arn(RoleKind::Read).to_string().as_str()]);
    let policies = named(&subject, Name::CallerPolicy);
    let of = |index: usize| serde_json::from_str::<Value>(&policies[index].body).unwrap()["Statement"][0].clone();
    assert_eq!(of(0)["Resource"], role_arn(RoleKind::Read).to_string());
    assert_eq!(of(1)["Action"], json!(["sts:AssumeRole", "sts:TagSession"]));
    assert!(!all(&subject).iter().any(|text| text.name == Name::ContainerEnv && !subject.is_of_service));
    let second = Wish { roles: vec![role_arn(RoleKind::Write)], ..Wish::default() };
    let only = about(&chain(None), &second);
    assert_eq!(
        (only.edges.len(), only.edges[0].caller.principal.to_string()),
        (1, role_arn(RoleKind::Read).to_string())
    );
    // A permission set's role has a path that a session does not show.
    let mut scene = chain(None);
    let sso = "arn:aws:sts::444455556666:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/alice";
    scene.selection.inquiry.as_mut().unwrap().principal = Some(PrincipalArn::parse(sso).unwrap());
    let trust = one(&scene, &Wish::default(), Name::TrustPolicy);
    assert_eq!(trust.gaps[0].placeholder, "<role-arn-with-path>");
}

#[test]
fn wished_roles_and_principals_take_the_place_of_those_that_were_found() {
    let other = RoleArn::parse("arn:aws:iam::999988887777:role/team/Other").unwrap();
    let user = PrincipalArn::parse("arn:aws:iam::111122223333:user/Wave").unwrap();
    let wish = Wish {
        roles: vec![role_arn(RoleKind::Write), other.clone()],
        principal: Some(user.clone()),
        shows_external_ids: true,
        tags_session: true,
        new_roles: false,
    };
    let mut scene = Scene::untouched();
    scene.selection.external_id = Some(EXTERNAL_ID.into());
    let trust = named(&about(&scene, &wish), Name::TrustPolicy);
    let added = |text: &Text, kept: usize| {
        let document: Value = serde_json::from_str(&text.body).unwrap();
        Value::from(document["Statement"].as_array().unwrap()[kept..].to_vec())
    };
    let principal = json!({"AWS": user.to_string()});
    let statements = json!([
        {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": EXTERNAL_ID}}},
        {"Effect": "Allow", "Principal": principal, "Action": "sts:TagSession"},
    ]);
    assert_eq!((added(&trust[0], 1), added(&trust[1], 0)), (statements.clone(), statements));
    assert!(trust[0].notes[0].contains("as it was read") && trust[1].notes[0].contains("It was not looked up"));
    assert!(trust[0].is_whole() && trust[1].partial && trust[1].gaps.is_empty());
    let new = Wish { new_roles: true, ..wish.clone() };
    assert!(named(&about(&scene, &new), Name::TrustPolicy).iter().all(Text::is_whole));
    let policy: Value = serde_json::from_str(&one(&scene, &wish, Name::CallerPolicy).body).unwrap();
    assert_eq!(policy["Statement"][0]["Resource"], json!([role_arn(RoleKind::Write).to_string(), other.to_string()]));
    assert!(one(&scene, &wish, Name::AwsCommands).body.contains("aws iam put-user-policy --user-name Wave"));
}

#[test]
fn a_policy_that_is_there_is_not_written_over() {
    let mut scene = Scene::untouched();
    let own = scene.facts.workload.policies.known().unwrap()[0].policy.clone();
    let taken = |name: &str| NamedPolicy { name: format!("inline policy {name}"), policy: own.clone() };
    scene.facts.workload.policies = Fact::Known(vec![taken("AssumeRoles"), taken("AssumeRoles-2")]);
    assert!(one(&scene, &Wish::default(), Name::AwsCommands).body.contains("--policy-name AssumeRoles-3 "));
}

#[test]
fn both_styles_of_environment_lead_to_the_same_services() {
    let texts = named(&about(&Scene::healthy(), &Wish::default()), Name::ContainerEnv);
    let body = |style, form| &texts.iter().find(|text| text.of == Some(of(style, form))).unwrap().body;
    let read = |body: &str| -> Vec<(String, String)> {
        body.lines()
            .map(|line| line.split_once('=').unwrap())
            .map(|(name, value)| (name.into(), value.into()))
            .collect()
    };
    let two = read(body(Style::SecretsOnly, Form::EnvFile));
    assert_eq!(
        two,
        [("QuiltStackARN".into(), STACK_ARN.into()), ("BenchlingSecret".into(), "benchling-webhook-prod".into())]
    );
    let many = read(body(Style::ServiceEnvars, Form::EnvFile));
    let names: Vec<&str> = many.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "AWS_REGION",
            "QUILT_WEB_HOST",
            "ATHENA_USER_DATABASE",
            "PACKAGER_SQS_URL",
            "QUILT_READ_ROLE_ARN",
            "QUILT_WRITE_ROLE_ARN",
            "BenchlingSecret",
            "LOG_LEVEL"
        ]
    );
    assert_eq!(many[4].1, role_arn(RoleKind::Read).to_string());
    for style in Style::ALL {
        let list: Vec<Value> = serde_json::from_str(body(style, Form::Ecs)).unwrap();
        let text = |one: &Value, key: &str| one[key].as_str().unwrap().to_owned();
        let of_ecs: Vec<_> = list.iter().map(|one| (text(one, "name"), text(one, "value"))).collect();
        assert_eq!(of_ecs, read(body(style, Form::EnvFile)), "an env file says the same as an ECS task definition");
    }
    assert!(!texts.iter().any(|text| text.body.contains(SECRET_ARN)), "the secret goes by its name");
}

#[test]
fn expected_answers_are_masked_as_the_specification_shows() {
    let scene = Scene::healthy();
    let answer = |name| serde_json::from_str::<Value>(&one(&scene, &Wish::default(), name).body).unwrap();
    let config = answer(Name::ConfigBody);
    assert_eq!(config["benchling"], json!({"tenant": "acme", "client_id": "wqF***Ye", "has_app_definition": true}));
    assert_eq!(config["quilt"]["bucket"], "quilt-***");
    assert_eq!(config["quilt"]["queue_arn"], "arn:aws:sqs:***");
    assert_eq!(config["parameters"]["webhook_verification"], true);
    let health = answer(Name::Health);
    assert_eq!((&health["config_parameters"], &health["config_source"]), (&json!(11), &json!("secrets-only-mode")));
    let mut short = Scene::healthy();
    if let Fact::Known(secret) = &mut short.facts.secret
        && let Fact::Known(value) = &mut secret.value
    {
        value.content = SecretContent::Text(r#"{"TENANT": "\u202eacme"}"#.into());
    }
    short.facts.config = Fact::Absent;
    let text = one(&short, &Wish::default(), Name::ConfigBody);
    assert!(placeholders(&text.body).contains("<tenant>"), "{}", text.body);
}
