use crate::judge::scene::{Scene, TASK_ROLE, all, denied, find, trusts};
use crate::model::selection::{RoleKind, WorkloadChoice};
use crate::model::{Fact, Severity};
use crate::values::RoleArn;

#[test]
fn an_untouched_stack_refuses_the_webhook_and_says_why() {
    let judged = Scene::untouched().judge();
    let refused = all(&judged, "trust/task-role");
    assert_eq!(refused.len(), 2);
    let first = refused[0];
    assert_eq!((first.severity, first.subject.as_str()), (Severity::Warning, "ReadQuiltV2-quilt-prod"));
    assert_eq!(first.claim, "The trust policy of ReadQuiltV2-quilt-prod does not let role/webhook-task in.");
    assert!(first.evidence[0].contains("statement 1"), "{:?}", first.evidence);
    assert!(first.fixes[0].what.contains(TASK_ROLE));
    assert!(first.fixes.iter().any(|fix| fix.what.contains("make the same edit in its template")));
}

#[test]
fn a_role_that_config_names_and_does_not_trust_the_webhook_is_an_error() {
    let mut scene = Scene::healthy();
    scene.trust(RoleKind::Write, &trusts("arn:aws:iam::111122223333:role/other"));
    let judged = scene.judge();
    let refused: Vec<_> = all(&judged, "trust/task-role").into_iter().filter(|f| f.severity != Severity::Ok).collect();
    assert_eq!(refused.len(), 1);
    assert_eq!((refused[0].severity, refused[0].subject.as_str()), (Severity::Error, "ReadWriteQuiltV2-quilt-prod"));
    assert!(refused[0].evidence.iter().any(|line| line.contains("0.8 to 0.9 stop at start-up")));
}

#[test]
fn what_a_webhook_that_is_not_there_yet_will_lack_waits_for_its_deployment() {
    let judged = Scene::untouched().not_deployed().judge();
    let waits = all(&judged, "trust/after-deployment");
    assert_eq!(waits.len(), 2);
    assert!(waits.iter().all(|finding| finding.severity == Severity::Info && !finding.unknown));
    assert!(waits[0].evidence[0].contains("IAM refuses a principal that does not exist"), "{:?}", waits[0].evidence);
    assert_eq!(
        waits[0].fixes[0].command.as_deref(),
        Some("rolecall check --aws-profile staging --stack quilt-prod --secret benchling-webhook-prod")
    );
    assert!(
        all(&Scene::untouched().judge(), "trust/after-deployment").is_empty(),
        "a webhook that is there has a verdict"
    );
}

#[test]
fn a_trust_policy_that_lets_in_the_account_lets_in_the_webhook_to_come() {
    let mut scene = Scene::untouched().not_deployed();
    scene.trust(RoleKind::Read, &trusts("arn:aws:iam::111122223333:root"));
    scene.trust(RoleKind::Write, &trusts("arn:aws:iam::444455556666:root"));
    let judged = scene.judge();
    let severities: Vec<Severity> = all(&judged, "trust/after-deployment").iter().map(|f| f.severity).collect();
    assert_eq!(severities, [Severity::Info, Severity::Ok], "worst first: the write role, then the read role");
}

#[test]
fn the_operator_being_refused_is_as_it_should_be() {
    let judged = Scene::healthy().judge();
    let operator = all(&judged, "trust/principal");
    assert_eq!(operator.len(), 2);
    assert!(operator.iter().all(|f| f.severity == Severity::Info && f.claim.contains("as it should be")));
    let advised = judged.findings.iter().flat_map(|f| &f.fixes).any(|fix| fix.what.contains("user/operator"));
    assert!(!advised, "nobody is told to trust a person");
}

#[test]
fn an_external_id_is_cured_in_the_request() {
    let asks = format!(
        r#"{{"Statement":{{"Effect":"Allow","Principal":{{"AWS":"{TASK_ROLE}"}},"Action":"sts:AssumeRole",
            "Condition":{{"StringEquals":{{"sts:ExternalId":"cust-42"}}}}}}}}"#
    );
    let mut scene = Scene::healthy();
    scene.trust(RoleKind::Write, &asks);
    let judged = scene.judge();
    let finding = find(&judged, "trust/external-id");
    assert!(finding.claim.contains("role/webhook-task sends none"), "{}", finding.claim);
    scene.selection.external_id = Some("cust-24".into());
    scene.selection.workload = WorkloadChoice::Role(RoleArn::parse(TASK_ROLE).unwrap());
    let judged = scene.judge();
    let finding = find(&judged, "trust/external-id");
    assert!(finding.claim.contains("another external ID"), "{}", finding.claim);
    assert!(finding.fixes.iter().all(|fix| !fix.what.contains("trust policy")));
    scene.selection.external_id = Some("cust-42".into());
    assert!(all(&scene.judge(), "trust/external-id").is_empty());
}

#[test]
fn without_the_trust_policy_nothing_is_blamed() {
    let mut scene = Scene::healthy();
    scene.facts.role_mut(RoleKind::Read).detail = denied("iam:GetRole");
    let judged = scene.judge();
    let unknown = all(&judged, "trust/task-role").into_iter().find(|f| f.unknown).unwrap();
    assert_eq!((unknown.severity, unknown.subject.as_str()), (Severity::Info, "ReadQuiltV2-quilt-prod"));
    assert!(unknown.claim.contains("iam:GetRole"));
}

#[test]
fn a_condition_that_cannot_be_judged_leaves_it_open() {
    let open = format!(
        r#"{{"Statement":{{"Effect":"Allow","Principal":{{"AWS":"{TASK_ROLE}"}},"Action":"sts:AssumeRole",
            "Condition":{{"StringNewKind":{{"aws:PrincipalArn":"x"}}}}}}}}"#
    );
    let mut scene = Scene::healthy();
    scene.trust(RoleKind::Read, &open);
    let judged = scene.judge();
    let finding = all(&judged, "trust/task-role").into_iter().find(|f| f.subject.starts_with("ReadQ")).unwrap();
    assert!(finding.unknown, "{finding:#?}");
}

#[test]
fn dead_and_foreign_principals_are_pointed_out() {
    let text = format!(
        r#"{{"Statement":{{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{{"AWS":["{TASK_ROLE}","AROAEXAMPLEID",
            "arn:aws:iam::712023778557:user/staff-1","arn:aws:iam::712023778557:user/staff-2"]}}}}}}"#
    );
    let mut scene = Scene::healthy();
    scene.trust(RoleKind::Read, &text);
    let judged = scene.judge();
    assert_eq!(find(&judged, "trust/deleted-principal").severity, Severity::Warning);
    let foreign = find(&judged, "trust/foreign-principal");
    assert_eq!(foreign.severity, Severity::Info);
    assert!(foreign.claim.contains("2 principals of account 7120-2377-8557"), "{}", foreign.claim);
}

#[test]
fn a_trust_policy_that_is_no_policy_says_so() {
    let mut scene = Scene::healthy();
    scene.trust(RoleKind::Read, "[]");
    let judged = scene.judge();
    assert!(find(&judged, "trust/document").unknown);
    scene.facts.role_mut(RoleKind::Read).detail = Fact::Pending(None);
    assert!(all(&scene.judge(), "trust/task-role").iter().all(|f| f.subject.starts_with("ReadWrite")));
}
