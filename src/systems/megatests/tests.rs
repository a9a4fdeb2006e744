use std::sync::Arc;

use super::*;
use crate::model::facts::{AccessKeyFacts, CallerIdentity, SettingsPlace, SettingsSource};
use crate::model::system::SystemPlan;
use crate::model::{AwsError, ErrorKind, Fact, Selection, SystemChoice};
use crate::policy::lint::grants;
use crate::policy::{Authorization, Context, NamedPolicy, Policy, Query, authorize};
use crate::values::time::Timestamp;
use crate::values::{AccountId, SecretText};

const KEY: &str = "AKIAIOSFODNN7EXAMPLE";

fn facts(environment: &[(&str, &str)]) -> Facts {
    let mut facts = Facts::new(Timestamp::UNIX_EPOCH);
    facts.identity = Fact::Known(CallerIdentity {
        account: AccountId::parse("111122223333").unwrap(),
        arn: PrincipalArn::parse("arn:aws:iam::111122223333:user/deployer").unwrap(),
        user_id: String::new(),
    });
    facts.system.settings = Fact::Known(vec![SettingsSource {
        place: SettingsPlace::Environment,
        values: environment.iter().map(|(name, value)| ((*name).to_owned(), SecretText::new(*value))).collect(),
        twice: Vec::new(),
        fault: None,
    }]);
    facts.system.principals = vec![PrincipalLook {
        id: BATCH.into(),
        access_keys: Fact::Known(vec![AccessKeyFacts {
            id: KEY.into(),
            active: true,
            created: None,
            last_used: Fact::Absent,
        }]),
        ..PrincipalLook::default()
    }];
    facts
}

fn with_view<T>(facts: &Facts, use_it: impl FnOnce(&View<'_>) -> T) -> T {
    let choice = SystemChoice { plan: Arc::new(SystemPlan::default()), ..SystemChoice::of("megatests") };
    let settings = Settings::of(SETTINGS, Some(&choice), facts);
    let selection = Selection { system: Some(choice), ..Selection::default() };
    use_it(&View { facts, selection: &selection, settings: &settings, rows: &[], shows_external_ids: false })
}

fn judged(facts: &Facts) -> Vec<(Severity, String)> {
    let findings = with_view(facts, |view| Megatests.judge(view));
    findings.into_iter().map(|finding| (finding.severity, finding.id)).collect()
}

fn severity(environment: &[(&str, &str)], id: &str) -> Option<Severity> {
    judged(&facts(environment)).into_iter().find(|(_, known)| known == id).map(|(severity, _)| severity)
}

#[test]
fn an_account_of_1password_is_told_and_beside_a_token_it_is_an_error() {
    let id = "megatests/op-account";
    assert_eq!(severity(&[], id), None);
    assert_eq!(severity(&[("OP_ACCOUNT", "nf-core")], id), Some(Severity::Warning));
    let both = [("OP_ACCOUNT", "nf-core"), ("OP_SERVICE_ACCOUNT_TOKEN", "ops_x")];
    assert_eq!(severity(&both, id), Some(Severity::Error));
}

/// A file of settings becomes the environment of whatever is run with it, and what is typed says what one would hold.
#[test]
fn conflicts_of_a_file_and_of_what_is_typed_are_judged_too() {
    let place = SettingsPlace::File("prod.env".into());
    let values = [
        ("OP_ACCOUNT", "nf-core"),
        ("OP_SERVICE_ACCOUNT_TOKEN", "t"),
        ("AWS_ACCESS_KEY_ID", KEY),
        ("AWS_PROFILE", "x"),
    ];
    let mut of_file = facts(&values);
    of_file.system.settings = of_file.system.settings.map(|mut sources| {
        sources[0].place = place;
        sources
    });
    let found = with_view(&of_file, |view| Megatests.judge(view));
    let severity = |id: &str| found.iter().find(|finding| finding.id == id).map(|finding| finding.severity);
    assert_eq!(severity("megatests/op-account"), Some(Severity::Error), "{found:#?}");
    assert_eq!(severity("megatests/keys-shadow"), Some(Severity::Warning));
    assert_eq!(severity("megatests/both-sets"), Some(Severity::Error));
    let cures: Vec<_> = found.iter().flat_map(|finding| &finding.fixes).collect();
    assert!(cures.iter().all(|cure| cure.command.is_none()), "unset takes nothing out of a file: {cures:#?}");
    assert!(cures.iter().any(|cure| cure.what.ends_with("It stands in: prod.env.")), "{cures:#?}");

    let facts = facts(&[("OP_SERVICE_ACCOUNT_TOKEN", "t")]);
    let typed = BTreeMap::from([("op-account".to_owned(), "nf-core".to_owned())]);
    let choice = SystemChoice { typed, ..SystemChoice::of("megatests") };
    let settings = Settings::of(SETTINGS, Some(&choice), &facts);
    let selection = Selection { system: Some(choice), ..Selection::default() };
    let view = View { facts: &facts, selection: &selection, settings: &settings, rows: &[], shows_external_ids: false };
    assert!(
        Megatests
            .judge(&view)
            .iter()
            .any(|finding| finding.id == "megatests/op-account" && finding.severity == Severity::Error)
    );
}

#[test]
fn variables_that_wave_has_too_are_no_sign_alone() {
    let sign = |environment: &[(&str, &str)]| with_view(&facts(environment), |view| Megatests.signs(view.settings));
    assert_eq!(sign(&[("TOWER_ACCESS_TOKEN", "t"), ("TOWER_WORKSPACE_ID", "42")]), None);
    let told = sign(&[("TOWER_WORKSPACE_ID", "42"), ("GITHUB_TOKEN", "t")]);
    assert_eq!(told.as_deref(), Some("TOWER_WORKSPACE_ID and GITHUB_TOKEN in environment"));
    assert_eq!(sign(&[("OP_ACCOUNT", "nf-core")]).as_deref(), Some("OP_ACCOUNT in environment"));
    let wave = |environment: &[(&str, &str)]| {
        let wave = &crate::systems::wave::Wave;
        wave.signs(&Settings::of(wave.settings(), None, &facts(environment)))
    };
    assert_eq!(wave(&[("TOWER_ACCESS_TOKEN", "t"), ("TOWER_WORKSPACE_ID", "42")]), None);
    assert_eq!(
        wave(&[("AWS_ROLE_ARN", "arn:aws:iam::444455556666:role/A")]).as_deref(),
        Some("AWS_ROLE_ARN in environment")
    );
}

#[test]
fn the_two_sets_are_told_apart_by_the_keys_that_iam_lists() {
    let id = "megatests/both-sets";
    assert_eq!(severity(&[], id), Some(Severity::Ok));
    assert_eq!(severity(&[("AWS_ACCESS_KEY_ID", KEY)], id), Some(Severity::Error));
    assert_eq!(severity(&[("AWS_ACCESS_KEY_ID", "AKIAI44QH8DHBEXAMPLE")], id), Some(Severity::Ok));
    let beside_token = [("AWS_ACCESS_KEY_ID", "AKIAI44QH8DHBEXAMPLE"), ("TOWER_ACCESS_TOKEN", "t")];
    assert_eq!(severity(&beside_token, id), Some(Severity::Warning));

    let mut unread = facts(&beside_token);
    let error = AwsError::local(ErrorKind::Denied, "iam:ListAccessKeys", "no");
    unread.system.principals[0].access_keys = Fact::Denied { action: "iam:ListAccessKeys".into(), error };
    assert!(judged(&unread).contains(&(Severity::Info, id.to_owned())), "it may be either's");
    unread.system.settings =
        facts(&[("AWS_ACCESS_KEY_ID", "ASIAIOSFODNN7EXAMPLE"), ("TOWER_ACCESS_TOKEN", "t")]).system.settings;
    assert!(judged(&unread).contains(&(Severity::Warning, id.to_owned())), "a temporary key is no user's");
}

#[test]
fn whoever_is_the_batch_user_is_told_so_and_not_asked_to_deploy_it() {
    let mut facts = facts(&[]);
    let arn = PrincipalArn::parse("arn:aws:iam::111122223333:user/TowerForge-AWSMegatests").unwrap();
    facts.identity = facts.identity.map(|caller| CallerIdentity { arn, ..caller });
    assert!(judged(&facts).contains(&(Severity::Error, "megatests/both-sets".to_owned())));
    let asked = with_view(&facts, |view| Megatests.questions(view.settings, view.facts).len());
    assert_eq!(asked, 1);
}

#[test]
fn keys_of_the_environment_shadow_its_aws_profile() {
    let id = "megatests/keys-shadow";
    assert_eq!(severity(&[("AWS_PROFILE", "infra")], id), None);
    assert_eq!(severity(&[("AWS_PROFILE", "infra"), ("AWS_ACCESS_KEY_ID", KEY)], id), Some(Severity::Warning));
}

/// The infrastructure's keys are in 1Password; what is worse of the same keys has a finding of its own (S4-05).
#[test]
fn keys_of_the_environment_alone_are_told_and_each_is_told_of_once() {
    let id = "megatests/keys-environment";
    const OTHER: &str = "AKIAI44QH8DHBEXAMPLE";
    let of = |more: &[(&str, &str)]| severity(&[&[("AWS_ACCESS_KEY_ID", OTHER)], more].concat(), id);
    assert_eq!(severity(&[], id), None);
    assert_eq!(of(&[]), Some(Severity::Warning));
    assert_eq!(severity(&[("AWS_ACCESS_KEY_ID", "ASIAIOSFODNN7EXAMPLE")], id), Some(Severity::Info));
    assert_eq!((of(&[("AWS_PROFILE", "infra")]), of(&[("TOWER_ACCESS_TOKEN", "t")])), (None, None));
    assert_eq!(severity(&[("AWS_ACCESS_KEY_ID", KEY)], id), None, "the Batch user's: both sets");
    let mut unread = facts(&[("AWS_ACCESS_KEY_ID", OTHER)]);
    unread.system.principals.clear();
    assert!(judged(&unread).contains(&(Severity::Warning, id.to_owned())), "whosever it is");
}

/// The account may stand in Pulumi's configuration too, and is named as it stands.
#[test]
fn what_is_typed_or_configured_is_named_as_it_stands() {
    let mut configured = facts(&[("pulumi-onepassword:account", "nf-core"), ("OP_SERVICE_ACCOUNT_TOKEN", "t")]);
    configured.system.settings = configured.system.settings.map(|mut sources| {
        sources[0].place = SettingsPlace::File("Pulumi.dev.yaml".into());
        sources
    });
    let told = with_view(&configured, op_account).unwrap();
    assert_eq!(told.severity, Severity::Error);
    assert!(told.claim.starts_with("pulumi-onepassword:account is set beside"), "{told:#?}");
    assert!(told.fixes[0].what.ends_with("It stands in: Pulumi.dev.yaml."), "{told:#?}");

    let facts = facts(&[]);
    let typed = BTreeMap::from([("op-account".to_owned(), "nf-core".to_owned())]);
    let choice = SystemChoice { typed, ..SystemChoice::of("megatests") };
    let settings = Settings::of(SETTINGS, Some(&choice), &facts);
    let selection = Selection { system: Some(choice), ..Selection::default() };
    let view = View { facts: &facts, selection: &selection, settings: &settings, rows: &[], shows_external_ids: false };
    let told = op_account(&view).unwrap();
    assert!(told.claim.starts_with("OP_ACCOUNT is set") && told.evidence[0] == "op-account, which was typed");
    assert!(told.fixes[0].what.contains("It was typed: --set op-account=…"), "{told:#?}");
}

#[test]
fn settings_that_cannot_be_right_are_told() {
    let fault = |name: &str, text: &str| (SETTINGS.iter().find(|one| one.name == name).unwrap().fault)(text);
    assert!(fault("workspace", "nf-core").is_some() && fault("workspace", "59994744926013").is_none());
    assert!(fault("user", "a/b").is_some() && fault("user", USER).is_none());
    assert!(fault("region", "Ireland").is_some() && fault("region", REGION).is_none());
    assert!(fault("bucket", "s3://x").is_some() && fault("bucket", BUCKET).is_none());
}

/// An environment is sourced: nothing in it runs, and what cannot be used is said to be so.
#[test]
fn what_cannot_be_used_is_quoted_told_and_not_asked_about() {
    let typed = |name: &str, value: &str| {
        let typed = BTreeMap::from([(name.to_owned(), value.to_owned())]);
        let choice = SystemChoice { typed, ..SystemChoice::of("megatests") };
        let facts = facts(&[]);
        let settings = Settings::of(SETTINGS, Some(&choice), &facts);
        let selection = Selection { system: Some(choice), ..Selection::default() };
        let view =
            View { facts: &facts, selection: &selection, settings: &settings, rows: &[], shows_external_ids: false };
        let plan = crate::systems::plan_of(&Megatests, &settings, &facts, &selection);
        (Megatests.texts(&view), plan.questions.into_iter().map(|question| question.who).collect::<Vec<_>>())
    };
    for (value, line) in
        [("$(id)", "TOWER_WORKSPACE_ID='<tower-workspace-id>'\n"), ("a b", "TOWER_WORKSPACE_ID='a b'\n")]
    {
        let (texts, _) = typed("workspace", value);
        assert!(texts[0].body.contains(line), "{}", texts[0].body);
        assert!(texts[0].notes.iter().any(|note| note.starts_with("Platform workspace cannot be used")), "{texts:#?}");
    }
    for (name, value) in [
        ("user", "bad name!"),
        ("bucket", "s3://nf-core-awsmegatests"),
        ("bucket", "UPPER"),
        ("bucket", "bad..dots"),
        ("bucket", "192.168.1.1"),
        ("policies", ",,"),
        ("policies", "[\"x\"]"),
    ] {
        assert_eq!(typed(name, value).1, [Asked::Operator], "{name}={value}: nothing is known of the Batch user");
    }
    assert_eq!(typed("bucket", "my-bucket.x1").1.len(), 2);
    assert_eq!(names("arn:aws:iam::444455556666:policy/a/One, Two").collect::<Vec<_>>(), ["One", "Two"]);
}

/// What is refused names the text that allows it.
#[test]
fn every_action_of_its_work_stands_in_a_text() {
    let facts = facts(&[]);
    let (texts, questions) =
        with_view(&facts, |view| (Megatests.texts(view), Megatests.questions(view.settings, view.facts)));
    let wanted = questions[0].expectations.iter().filter(|expectation| expectation.allowed);
    for action in wanted.flat_map(|expectation| &expectation.actions) {
        let command = Megatests.allowing(action).and_then(|fix| fix.command).unwrap();
        let text = texts.iter().find(|text| command.contains(&format!(" {} ", text.name.word()))).unwrap();
        assert!(text.body.contains(&format!("\"{action}\"")), "{action}: {command}");
    }
    assert!(Megatests.allowing("iam:CreateAccessKey").is_none());
}

#[test]
fn no_text_holds_a_key_or_a_token() {
    let facts =
        facts(&[("AWS_ACCESS_KEY_ID", KEY), ("TOWER_ACCESS_TOKEN", "canary-token"), ("TOWER_WORKSPACE_ID", "42")]);
    let texts = with_view(&facts, |view| Megatests.texts(view));
    assert!(texts.iter().all(|text| !text.body.contains(KEY) && !text.body.contains("canary")), "{texts:#?}");
    let environment = &texts[0];
    assert!(
        environment.body.contains("TOWER_WORKSPACE_ID=42\n")
            && environment.body.contains("TOWER_ACCESS_TOKEN=<platform-token>\n")
    );
    assert_eq!(environment.gaps.len(), 3);
    let names: Vec<&str> = texts.iter().map(|text| text.name.word()).collect();
    assert!(names.iter().all(|name| Megatests.text_names().iter().any(|(word, _)| word == name)), "{names:?}");
}

/// The policies that are handed over let the user do its work, and the lints that they were made against find nothing.
#[test]
fn the_least_policies_are_enough_and_no_more() {
    let facts = facts(&[]);
    let (texts, questions) =
        with_view(&facts, |view| (Megatests.texts(view), Megatests.questions(view.settings, view.facts)));
    let policies: Vec<NamedPolicy> = texts
        .iter()
        .filter(|text| text.language == Language::Json)
        .map(|text| NamedPolicy { name: text.name.word().into(), policy: Policy::parse(&text.body).unwrap() })
        .collect();
    let question = &questions[0];
    assert_eq!(grants(&policies, question.reaches.as_ref().unwrap()), []);
    assert_eq!(policies.len(), question.carries.clone().unwrap().len());
    let principal = PrincipalArn::parse("arn:aws:iam::111122223333:user/TowerForge-AWSMegatests").unwrap();
    let context = Context::new();
    let mut asked = 0;
    for expectation in &question.expectations {
        for action in &expectation.actions {
            let resource = &expectation.resources[0];
            let query = Query { principal: &principal, action, resource, context: &context };
            let expected = if expectation.allowed { Authorization::Allowed } else { Authorization::ImplicitDeny };
            assert_eq!(authorize(&policies, None, &query), expected, "{action} on {resource}");
            asked += 1;
        }
    }
    assert!(asked > 70, "{asked}");
}
