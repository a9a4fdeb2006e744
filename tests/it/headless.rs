//! The program's own gathering, judging and writing against the emulator, over real HTTP.

use std::path::Path;
use std::sync::Arc;

use rolecall::aws::{Clock, Environment, Surroundings};
use rolecall::check::{self, Checked};
use rolecall::model::facts::RoleSource;
use rolecall::model::selection::{CredentialSource, RoleKind, WorkloadChoice};
use rolecall::model::verdict::Party;
use rolecall::model::{ErrorKind, Fact, Selection, Severity, Verdict};
use rolecall::policy::{Answer, Leaning};
use rolecall::report::FailOn;

use crate::emulator::{Account, Emulator, Keys, REGION};
use crate::personas;
use crate::quilt_template::{EXTERNAL_ID, TaskPolicy, Trust, deploy_others, deploy_quilt, deploy_webhook};

/// Where the program runs for these keys: a home of its own, and the emulator in place of AWS.
pub fn surroundings(account: &Account, keys: &Keys, home: &Path) -> Arc<Surroundings> {
    let variables = account.environment(keys).into_iter().map(|(name, value)| (name.to_owned(), value));
    Surroundings { clock: Clock::System, ..Surroundings::of_user(Environment::new(variables), home.to_owned()) }
        .shared()
}

pub fn selection(stack: Option<&str>) -> Selection {
    Selection {
        source: Some(CredentialSource::Environment),
        region: Some(REGION.into()),
        stack: stack.map(str::to_owned),
        ..Selection::new()
    }
}

async fn checked(account: &Account, keys: &Keys, selection: Selection) -> Checked {
    let home = tempfile::tempdir().unwrap();
    check::run(surroundings(account, keys, home.path()), selection).await
}

fn verdict(checked: &Checked, party: Party, role: &str) -> Verdict {
    let found = checked.judgement.verdicts.iter().find(|verdict| verdict.party == party && verdict.role_arn == role);
    found.unwrap_or_else(|| panic!("no verdict for {party:?} on {role}")).clone()
}

/// The evaluator allows as far as it can see: SCPs and RCPs are never readable here.
fn allows(verdict: &Verdict) -> bool {
    let evaluated = verdict.evaluated.as_ref().unwrap();
    evaluated.verdict == Answer::Allow
        || (evaluated.verdict == Answer::Unknown && evaluated.leaning == Some(Leaning::Allow))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_trust_variant_is_judged_as_the_live_call_answers() {
    let Some(emulator) = Emulator::shared() else { return };
    let account = emulator.account();
    let other = emulator.account();
    let operator = personas::operator(&account).await;
    let webhook = deploy_webhook(&account, "BenchlingWebhookStack", TaskPolicy::RealNames).await;
    let variants = [
        ("root", Trust::AccountRoot, None, true, true),
        ("role", Trust::Role(webhook.clone()), None, false, true),
        // The webhook's runtime sends no external ID, whatever the operator typed.
        ("external-id", Trust::ExternalId, Some(EXTERNAL_ID), true, false),
        ("external-id-wrong", Trust::ExternalId, Some("other"), false, false),
        ("service", Trust::ServiceOnly, None, false, false),
        ("explicit-deny", Trust::ExplicitDeny(operator.arn.clone()), None, false, true),
        ("other-account", Trust::OtherAccount(other.id().clone()), None, false, false),
    ];
    for (name, trust, external_id, operator_allowed, workload_allowed) in variants {
        let stack = deploy_quilt(&account, &format!("quilt-{name}"), &trust).await;
        let selection = Selection { external_id: external_id.map(str::to_owned), ..selection(Some(&stack.name)) };
        let checked = checked(&account, &operator.keys, selection).await;
        for role in [stack.read_role.to_string(), stack.write_role.to_string()] {
            let you = verdict(&checked, Party::Operator, &role);
            let live = you.live.as_ref().unwrap();
            assert_eq!(live.outcome.is_ok(), operator_allowed, "{name}: the live call on {role}");
            assert_eq!(allows(&you), operator_allowed, "{name}: the operator on {role}: {:?}", you.evaluated);
            assert!(!you.disagreement, "{name}: live and evaluated agree");
            let webhook = verdict(&checked, Party::Workload, &role);
            assert_eq!(allows(&webhook), workload_allowed, "{name}: the webhook on {role}: {:?}", webhook.evaluated);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_are_found_among_more_than_a_hundred_resources_and_stacks_over_several_pages() {
    let Some(emulator) = Emulator::shared() else { return };
    let account = emulator.account();
    let operator = personas::operator(&account).await;
    let stack = deploy_quilt(&account, "quilt-prod", &Trust::AccountRoot).await;
    deploy_others(&account, 110).await;
    // No stack is named: the only Quilt stack of all pages is found.
    let checked = checked(&account, &operator.keys, selection(None)).await;
    assert_eq!(checked.facts.stacks.known().unwrap().len(), 111);
    assert_eq!(checked.selection.stack.as_deref(), Some(stack.arn.as_str()));
    for (kind, arn) in [(RoleKind::Read, &stack.read_role), (RoleKind::Write, &stack.write_role)] {
        let found = checked.facts.role(kind).unwrap().found.known().unwrap();
        assert_eq!((&found.arn, found.composed), (arn, false));
        assert_eq!(found.source, RoleSource::StackResource(kind.logical_id().into()));
    }
    assert_eq!(checked.facts.workload.arn, Fact::Absent, "no webhook is deployed");
    let workload = verdict(&checked, Party::Workload, &stack.read_role.to_string());
    assert_eq!((workload.decision.verdict, workload.principal), (Answer::Unknown, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_read_is_said_to_be_unknown_and_never_blamed_on_the_stack() {
    let Some(emulator) = Emulator::shared() else { return };
    let account = emulator.account();
    let stack = deploy_quilt(&account, "quilt-prod", &Trust::AccountRoot).await;
    deploy_webhook(&account, "BenchlingWebhookStack", TaskPolicy::RealNames).await;
    let nopolicy = personas::nopolicy(&account).await;
    let noiam = personas::noiam(&account).await;
    let nosecret = personas::nosecret(&account).await;
    for (persona, action) in [
        (&nopolicy, "cloudformation:DescribeStacks"),
        (&noiam, "iam:GetRole"),
        (&nosecret, "secretsmanager:DescribeSecret"),
    ] {
        let checked = checked(&account, &persona.keys, selection(Some(&stack.name))).await;
        let unknown: Vec<_> = checked.judgement.findings.iter().filter(|finding| finding.unknown).collect();
        assert!(
            unknown
                .iter()
                .any(|finding| finding.claim.contains(action)
                    || finding.evidence.iter().any(|line| line.contains(action))),
            "{}: {unknown:?}",
            persona.name
        );
        assert!(unknown.iter().all(|finding| finding.severity != Severity::Error), "{}: {unknown:?}", persona.name);
        let identity = checked.facts.identity.known().unwrap();
        assert_eq!(identity.arn.to_string(), persona.arn);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_arn_is_composed_when_it_may_not_be_read() {
    let Some(emulator) = Emulator::shared() else { return };
    let account = emulator.account();
    let stack = deploy_quilt(&account, "quilt-prod", &Trust::AccountRoot).await;
    let noiam = personas::noiam(&account).await;
    let checked = checked(&account, &noiam.keys, selection(Some(&stack.name))).await;
    let found = checked.facts.role(RoleKind::Read).unwrap().found.known().unwrap();
    assert_eq!((&found.arn, found.composed), (&stack.read_role, true));
    let you = verdict(&checked, Party::Operator, &stack.read_role.to_string());
    assert!(you.live.unwrap().outcome.is_ok(), "the live call proves what could not be read");
}

#[tokio::test(flavor = "multi_thread")]
async fn denied_by_an_own_policy_is_seen_on_the_callers_side() {
    let Some(emulator) = Emulator::shared() else { return };
    let account = emulator.account();
    let stack = deploy_quilt(&account, "quilt-prod", &Trust::AccountRoot).await;
    let denied = personas::denied(&account).await;
    let checked = checked(&account, &denied.keys, selection(Some(&stack.name))).await;
    let you = verdict(&checked, Party::Operator, &stack.read_role.to_string());
    assert_eq!(you.live.as_ref().unwrap().outcome.as_ref().unwrap_err().kind, ErrorKind::Denied);
    let evaluated = you.evaluated.unwrap();
    assert_eq!((evaluated.verdict, evaluated.cause.0), (Answer::Deny, "explicit_deny_identity"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_typed_workload_is_evaluated_with_its_own_policies() {
    let Some(emulator) = Emulator::shared() else { return };
    let account = emulator.account();
    let operator = personas::operator(&account).await;
    let webhook = deploy_webhook(&account, "some-service", TaskPolicy::Wildcard).await;
    let stack = deploy_quilt(&account, "quilt-prod", &Trust::ServiceOnly).await;
    let selection = Selection { workload: WorkloadChoice::Role(webhook.clone()), ..selection(Some(&stack.name)) };
    let checked = checked(&account, &operator.keys, selection).await;
    let verdict = verdict(&checked, Party::Workload, &stack.read_role.to_string());
    assert_eq!(verdict.principal, Some(webhook.to_string()));
    let layers: Vec<_> = verdict.decision.blocked_by.iter().map(|layer| layer.word()).collect();
    assert_eq!(layers, ["trust"], "only a service is trusted; in one account nothing else is asked for");
    let second = checked.judgement.findings.iter().find(|finding| finding.id == "caller/pattern-covers-role");
    assert!(second.is_some(), "and the wildcard of its own policy does not match the real names");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_can_be_judged_with_a_key_that_aws_does_not_accept() {
    let Some(emulator) = Emulator::shared() else { return };
    let account = emulator.account();
    let operator = personas::operator(&account).await;
    personas::deactivate(&account, &operator).await;
    let checked = checked(&account, &operator.keys, selection(None)).await;
    assert_eq!(checked.facts.identity.error().unwrap().kind, ErrorKind::Credentials);
    assert_eq!(checked.report().exit_code(FailOn::Error), 3);
    assert_eq!(checked.facts.stacks, Fact::NotAsked, "nothing more is asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_sends_reads_and_assume_role_only() {
    let Some(emulator) = Emulator::shared() else { return };
    let account = emulator.account();
    let operator = personas::operator(&account).await;
    let stack = deploy_quilt(&account, "quilt-prod", &Trust::AccountRoot).await;
    let checked = checked(&account, &operator.keys, selection(Some(&stack.name))).await;
    let sent: Vec<_> = checked.facts.calls.iter().map(|call| call.operation.as_str()).collect();
    assert!(sent.len() > 10, "{sent:?}");
    for operation in &sent {
        let name = operation.split(':').nth(1).unwrap();
        let reads = ["Get", "List", "Describe"].iter().any(|prefix| name.starts_with(prefix)) || name == "AssumeRole";
        assert!(reads, "{operation}");
    }
    assert_eq!(sent.iter().filter(|operation| **operation == "sts:AssumeRole").count(), 2);
}
