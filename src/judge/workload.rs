//! The workload: which identity will assume the roles in production.

use super::view::{View, unanswered};
use crate::model::finding::Fix;
use crate::model::selection::WorkloadChoice;
use crate::model::{Fact, Finding, Severity};
use crate::systems::accounts;
use crate::systems::quilt::{self, Integration};
use crate::values::shell;

pub(super) fn judge(view: &View<'_>) -> Vec<Finding> {
    let facts = view.facts;
    let typed = matches!(view.selection.workload, WorkloadChoice::Role(_));
    let stack = crate::config::webhook_stack(facts, view.selection);
    let mut findings = Vec::new();
    if !typed {
        match &facts.webhook {
            Fact::Known(webhook) => findings.push(super::stack::status(view, webhook)),
            Fact::NotAsked if facts.workload.arn.known().is_some() => {}
            Fact::Absent => {
                return vec![
                    elsewhere(view, &stack)
                        .or_else(|| nowhere(view, &stack))
                        .unwrap_or_else(|| not_deployed(view, &stack)),
                ];
            }
            other => {
                findings.extend(unanswered(
                    other,
                    "workload/readable",
                    &stack,
                    &format!("The webhook's stack {stack}"),
                ));
                return findings;
            }
        }
    }
    match &facts.workload.arn {
        Fact::Known(arn) => {
            let name = arn.short();
            let finding = Finding::new(
                Severity::Ok,
                "workload/role",
                &name,
                format!("In production {name} will assume the roles."),
            );
            let finding = finding.because(arn.to_string());
            findings.push(if facts.workload.source.is_empty() {
                finding
            } else {
                finding.because(format!("from {}", facts.workload.source))
            });
            findings.extend(gone(view, &name));
        }
        Fact::Absent if !typed => findings.push(no_task_role(&stack)),
        other => findings.extend(unanswered(other, "workload/readable", &stack, "The webhook's task role")),
    }
    findings
}

/// The Quilt stack is of another account: that this one has no webhook tells nothing.
fn elsewhere(view: &View<'_>, stack: &str) -> Option<Finding> {
    let quilt = accounts::stack_elsewhere(view.facts, view.selection)?;
    let claim = format!(
        "Whether the webhook is deployed is not known: it belongs beside {}, in account {}.",
        quilt.name(),
        quilt.account().grouped()
    );
    let advice = format!("Choose an AWS profile of account {}.", quilt.account().grouped());
    Some(Finding::new(Severity::Info, "workload/readable", stack, claim).cure(Fix::advice(advice)).not_known())
}

/// No Quilt stack is chosen, so nobody knows yet which region the webhook belongs to.
fn nowhere(view: &View<'_>, stack: &str) -> Option<Finding> {
    if view.selection.stack.is_some() {
        return None;
    }
    let region = view.region_words();
    let claim = format!("There is no webhook in {region}; whether it is deployed shows when a Quilt stack is chosen.");
    let finding = Finding::new(Severity::Info, "workload/deployed", stack, claim);
    Some(
        finding
            .because(format!("there is no stack {stack} in {region}"))
            .cure(Fix::advice("Choose the stack first."))
            .not_known(),
    )
}

fn not_deployed(view: &View<'_>, stack: &str) -> Finding {
    let finding = Finding::new(
        Severity::Info,
        "workload/deployed",
        stack,
        "The webhook is not deployed yet, so whether it can assume the roles is not known.",
    )
    .because(format!("there is no stack {stack}; its task role is made by the deployment"))
    .because("this stops nothing: config.json and secret are written before the deployment");
    let finding = match (quilt::integration(view.facts), view.stack()) {
        (Integration::Off(key), Some(quilt)) => {
            finding.because(format!("the webhook built into {} is switched off (parameter {key})", quilt.arn.name()))
        }
        _ => finding,
    };
    finding
        .cure(Fix::command(
            "Write config.json and the secret first, then deploy:",
            shell::command([
                "npx",
                "@quiltdata/benchling-webhook",
                "deploy",
                "--profile",
                &view.selection.config_profile,
            ]),
        ))
        .cure(Fix::command("After the deployment, ask again:", view.rolecall("check")))
        .not_known()
}

fn no_task_role(stack: &str) -> Finding {
    Finding::new(
        Severity::Warning,
        "workload/role",
        stack,
        format!("Stack {stack} has no role that looks like the webhook's task role."),
    )
    .because("looked for a resource of type AWS::IAM::Role that is an ECS task role")
    .cure(Fix::advice("Give the task role's ARN (`--principal ARN`)."))
    .not_known()
}

/// A role that was typed, or that the stack names, and that IAM does not have.
fn gone(view: &View<'_>, name: &str) -> Option<Finding> {
    let account = view.facts.workload.arn.known()?.account();
    let own = view.identity().is_some_and(|identity| &identity.account == account);
    (own && matches!(view.facts.workload.role, Fact::Absent)).then(|| {
        Finding::new(
            Severity::Warning,
            "workload/exists",
            name,
            format!("There is no {name} in account {}.", account.grouped()),
        )
        .because("iam:GetRole answered NoSuchEntity")
        .cure(Fix::advice("Correct the ARN of the workload, or deploy the webhook again."))
    })
}

#[cfg(test)]
mod tests {
    use crate::judge::scene::{Scene, find};
    use crate::model::selection::WorkloadChoice;
    use crate::model::{Fact, Severity};
    use crate::values::RoleArn;

    #[test]
    fn a_webhook_that_is_not_deployed_stops_nothing() {
        let scene = Scene::healthy().not_deployed();
        let judged = scene.judge();
        let finding = find(&judged, "workload/deployed");
        assert_eq!((finding.severity, finding.unknown), (Severity::Info, true));
        assert!(finding.claim.contains("not deployed yet"));
        assert!(!judged.findings.iter().any(|f| f.id.starts_with("trust/task-role")));
        assert!(judged.verdicts.iter().any(|v| v.principal.is_none() && v.evaluated.is_none()));
    }

    #[test]
    fn a_stack_that_may_not_be_read_leaves_the_workload_open() {
        let mut scene = Scene::healthy().not_deployed();
        scene.facts.webhook = crate::judge::scene::denied("cloudformation:DescribeStacks");
        scene.facts.workload.arn = Fact::NotAsked;
        let judged = scene.judge();
        let finding = find(&judged, "workload/readable");
        assert!(finding.unknown && finding.claim.contains("cloudformation:DescribeStacks"));
    }

    #[test]
    fn a_webhook_without_a_task_role_is_not_called_undeployed() {
        let mut scene = Scene::healthy();
        scene.facts.workload.arn = Fact::Absent;
        let judged = scene.judge();
        assert_eq!(find(&judged, "workload/role").severity, Severity::Warning);
        let verdict = judged.verdicts.iter().find(|v| v.principal.is_none()).unwrap();
        assert_ne!(verdict.decision.cause, crate::judge::NOT_DEPLOYED);
    }

    #[test]
    fn a_typed_workload_needs_no_webhook_stack() {
        let mut scene = Scene::healthy();
        let arn = "arn:aws:iam::111122223333:role/webhook-task";
        scene.selection.workload = WorkloadChoice::Role(RoleArn::parse(arn).unwrap());
        scene.facts.webhook = Fact::NotAsked;
        assert_eq!(find(&scene.judge(), "workload/role").severity, Severity::Ok);
        scene.facts.workload.role = Fact::Absent;
        assert_eq!(find(&scene.judge(), "workload/exists").severity, Severity::Warning);
    }
}
