use crate::judge::scene::{Scene, all, denied, error, find, quilt_stack};
use crate::model::facts::Stack;
use crate::model::{ErrorKind, Fact, Severity};
use crate::values::StackArn;

fn with(change: impl FnOnce(&mut Stack)) -> Scene {
    let mut scene = Scene::healthy();
    let mut stack = quilt_stack();
    change(&mut stack);
    scene.facts.stack = Fact::Known(stack);
    scene
}

#[test]
fn status_decides_how_bad_it_is() {
    for (status, severity) in [
        ("CREATE_COMPLETE", Severity::Ok),
        ("UPDATE_COMPLETE", Severity::Ok),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", Severity::Ok),
        ("UPDATE_ROLLBACK_COMPLETE", Severity::Warning),
        ("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", Severity::Warning),
        ("ROLLBACK_FAILED", Severity::Error),
        ("CREATE_FAILED", Severity::Error),
        ("CREATE_IN_PROGRESS", Severity::Error),
        ("IMPORT_ROLLBACK_COMPLETE", Severity::Warning),
        ("DELETE_FAILED", Severity::Error),
        ("DELETE_COMPLETE", Severity::Error),
        ("SOMETHING_NEW", Severity::Warning),
        ("UPDATE_IN_PROGRESS", Severity::Warning),
        ("UPDATE_ROLLBACK_FAILED", Severity::Error),
        ("ROLLBACK_COMPLETE", Severity::Error),
        ("DELETE_IN_PROGRESS", Severity::Error),
        ("REVIEW_IN_PROGRESS", Severity::Error),
    ] {
        let mut scene = with(|stack| stack.status = status.into());
        scene.facts.webhook = Fact::NotAsked;
        assert_eq!(find(&scene.judge(), "stack/status").severity, severity, "{status}");
    }
}

#[test]
fn absent_outputs_weigh_differently() {
    let judged = with(|stack| stack.outputs.retain(|(key, _)| key == "QuiltWebHost")).judge();
    let of = |subject: &str| all(&judged, "stack/outputs").into_iter().find(|f| f.subject == subject).unwrap().clone();
    assert_eq!(of("database").severity, Severity::Error);
    assert!(of("queue URL").evidence[0].contains("PackagerQueueUrl"));
    assert_eq!(of("bucket").severity, Severity::Info);
    let judged = with(|stack| stack.outputs.retain(|(key, _)| key != "QuiltWebHost")).judge();
    let catalog = all(&judged, "stack/outputs").into_iter().find(|f| f.subject == "catalog").unwrap();
    assert_eq!(catalog.severity, Severity::Warning);
    assert!(catalog.evidence[0].contains("QuiltWebHost, Catalog, CatalogDomain, ApiGatewayEndpoint"));
}

#[test]
fn a_stack_that_is_not_there_says_where_it_was_looked_for() {
    let mut scene = Scene::healthy();
    scene.selection.stack = Some("quilt-dev".into());
    scene.facts.stack = Fact::Absent;
    scene.facts.stacks = Fact::Known(vec![quilt_stack()]);
    let judged = scene.judge();
    let finding = find(&judged, "stack/exists");
    assert_eq!(finding.severity, Severity::Error);
    assert!(finding.claim.contains("quilt-dev in region us-east-1"), "{}", finding.claim);
    assert!(finding.evidence.iter().any(|line| line.contains("quilt-prod")));
    assert!(finding.fixes.iter().any(|fix| fix.command.as_ref().is_some_and(|c| c.contains("--region us-east-1"))));
}

#[test]
fn an_account_without_quilt_is_told_how_many_were_looked_at() {
    let mut scene = Scene::healthy();
    scene.selection.stack = None;
    scene.facts.stack = Fact::NotAsked;
    let other = Stack { outputs: Vec::new(), ..quilt_stack() };
    scene.facts.stacks = Fact::Known(vec![other; 130]);
    let judged = scene.judge();
    let finding = find(&judged, "stack/quilt");
    assert_eq!((finding.severity, finding.subject.as_str()), (Severity::Error, "us-east-1"));
    assert!(finding.claim.contains("None of the 130 stacks"), "{}", finding.claim);
}

#[test]
fn stacks_of_several_regions_are_named_with_their_region_and_none_is_chosen() {
    let mut scene = Scene::healthy();
    scene.selection.stack = None;
    scene.facts.stack = Fact::NotAsked;
    let europe = StackArn::parse("arn:aws:cloudformation:eu-central-1:111122223333:stack/quilt-eu/1").unwrap();
    scene.facts.stacks = Fact::Known(vec![quilt_stack(), Stack { arn: europe.clone(), ..quilt_stack() }]);
    for region in ["us-east-1", "eu-central-1", "sa-east-1"] {
        scene.facts.regions.insert(region.into(), Fact::Known(usize::from(region != "sa-east-1")));
    }
    let judged = scene.judge();
    let finding = find(&judged, "stack/quilt");
    assert_eq!((finding.severity, finding.unknown), (Severity::Info, true));
    assert!(finding.claim.contains("2 Quilt stacks in 3 regions"), "{}", finding.claim);
    assert!(finding.evidence.iter().any(|line| line.starts_with("quilt-eu in eu-central-1")));
    let command = format!("rolecall check --stack {europe} --aws-profile staging");
    assert!(finding.fixes.iter().any(|fix| fix.command.as_ref() == Some(&command)), "{:#?}", finding.fixes);
    assert!(all(&judged, "stack/regions").is_empty());
}

#[test]
fn a_region_that_did_not_answer_is_named_and_one_that_is_switched_off_is_not_held_against_the_search() {
    let mut scene = Scene::healthy();
    let regions = &mut scene.facts.regions;
    let off =
        |code: &str| Fact::Failed(error(ErrorKind::Credentials, "cloudformation:DescribeStacks", code, "invalid"));
    regions.insert("us-east-1".into(), Fact::Known(3));
    regions.insert("me-south-1".into(), off("UnrecognizedClientException"));
    assert!(all(&scene.judge(), "stack/regions").is_empty(), "an account without that region");
    let regions = &mut scene.facts.regions;
    regions.insert("eu-west-1".into(), denied("cloudformation:DescribeStacks"));
    regions.insert("sa-east-1".into(), off("InvalidClientTokenId"));
    let judged = scene.judge();
    let finding = find(&judged, "stack/regions");
    assert!(finding.unknown && finding.claim.starts_with("2 of 4 regions"), "{}", finding.claim);
    let left_out = "not switched on in this account, so left out: me-south-1";
    for part in ["eu-west-1: needs cloudformation:DescribeStacks", "sa-east-1: ", left_out] {
        assert!(finding.evidence.iter().any(|line| line.starts_with(part)), "{part}: {:?}", finding.evidence);
    }
}

#[test]
fn a_region_without_quilt_says_how_to_search_the_others() {
    let mut scene = Scene::healthy();
    scene.selection.stack = None;
    scene.facts.stack = Fact::NotAsked;
    scene.facts.stacks = Fact::Known(Vec::new());
    let command = Some("rolecall check --all-regions --aws-profile staging".to_owned());
    assert!(find(&scene.judge(), "stack/quilt").fixes.iter().any(|fix| fix.command == command));
    scene.facts.regions.insert("us-east-1".into(), Fact::Known(0));
    assert!(find(&scene.judge(), "stack/quilt").fixes.iter().all(|fix| fix.command != command), "they were searched");
}

#[test]
fn a_failed_update_names_the_command_that_shows_why() {
    let mut scene = with(|stack| stack.status = "UPDATE_ROLLBACK_COMPLETE".into());
    scene.facts.webhook = Fact::NotAsked;
    let judged = scene.judge();
    let commands: Vec<&str> =
        find(&judged, "stack/status").fixes.iter().filter_map(|fix| fix.command.as_deref()).collect();
    assert_eq!(commands.len(), 1);
    assert!(
        commands[0].starts_with("aws cloudformation describe-stack-events --stack-name quilt-prod"),
        "{commands:?}"
    );
}

#[test]
fn missing_permission_and_failure_are_not_errors_of_the_stack() {
    let mut scene = Scene::healthy();
    scene.facts.stack = denied("cloudformation:DescribeStacks");
    let judged = scene.judge();
    let finding = find(&judged, "stack/readable");
    assert_eq!((finding.severity, finding.unknown), (Severity::Info, true));
    assert!(finding.claim.contains("cloudformation:DescribeStacks"));
    scene.facts.stack = Fact::Failed(error(ErrorKind::Network, "cloudformation:DescribeStacks", "", "timed out"));
    let judged = scene.judge();
    let finding = find(&judged, "stack/readable");
    assert_eq!((finding.severity, finding.unknown), (Severity::Warning, true));
}

#[test]
fn a_malformed_arn_says_what_is_wrong_in_it() {
    for (given, word) in [
        ("arn:aws:cloudformation:us-east-1:11112222333:stack/quilt/1", "12 digits"),
        ("arn:aws:cloudformation:us-east-1:111122223333:stack/quilt", "stack/NAME/ID"),
        ("quilt prod", "a stack name is a letter"),
    ] {
        let mut scene = Scene::healthy();
        scene.selection.stack = Some(given.into());
        let judged = scene.judge();
        let finding = find(&judged, "stack/arn-format");
        assert!(finding.claim.contains(word), "{}", finding.claim);
        assert!(
            finding.evidence.iter().any(|line| line.contains("arn:aws:cloudformation:region:account:stack/name/id"))
        );
    }
}

#[test]
fn a_stack_of_another_region_is_an_error() {
    let judged = with(|stack| {
        stack.arn = StackArn::parse("arn:aws:cloudformation:eu-west-1:111122223333:stack/quilt-prod/1").unwrap();
    })
    .judge();
    assert!(find(&judged, "stack/region").claim.contains("in eu-west-1, but calls go to us-east-1"));
    assert_eq!(find(&judged, "secret/region").severity, Severity::Error);
}

#[test]
fn an_output_made_to_deceive_is_shown_as_it_is() {
    let judged = with(|stack| stack.status_reason = Some("\u{1b}[2Jgone".into())).judge();
    let finding = all(&judged, "stack/status")[0];
    assert_eq!(finding.evidence[0], "\\u{1b}[2Jgone");
}
