//! The two roles as things: found where, of which account, known to IAM.

use super::view::{View, lasting, unanswered};
use crate::model::facts::{RoleDetail, RoleFacts, RoleFound, RoleSource};
use crate::model::finding::Fix;
use crate::model::selection::RoleKind;
use crate::model::{Fact, Finding, Severity};
use crate::systems::quilt;
use crate::values::RoleArn;

pub(super) fn judge(view: &View<'_>) -> Vec<Finding> {
    RoleKind::BOTH.into_iter().flat_map(|kind| one(view, kind)).collect()
}

fn one(view: &View<'_>, kind: RoleKind) -> Vec<Finding> {
    let Some(role) = view.facts.role(kind) else { return Vec::new() };
    let mut findings: Vec<Finding> = discovered(view, kind, role).into_iter().collect();
    findings.extend(role.wrong_type.as_ref().map(|found| wrong_type(kind, found)));
    findings.extend(malformed(view, kind));
    if let Some(found) = role.found.known() {
        findings.extend(account(view, found));
        findings.extend(exists(view, kind, role, found));
    }
    findings
}

/// Missing roles warn and never stop anybody (S0-21, C5).
fn discovered(view: &View<'_>, kind: RoleKind, role: &RoleFacts) -> Option<Finding> {
    let id = kind.logical_id();
    match &role.found {
        Fact::Known(found) => {
            let name = found.arn.name();
            let claim = match found.source {
                RoleSource::Typed => format!("The {} role is {name}, as it was typed.", kind.word()),
                _ => format!("The {} role is {name}, from {}.", kind.word(), found.source.words()),
            };
            Some(Finding::new(Severity::Ok, "role/discovered", name, claim).because(found.arn.to_string()))
        }
        Fact::Absent => Some(not_found(view, kind)),
        other => unanswered(other, "role/discovered", id, &format!("The {} role", kind.word())),
    }
}

fn not_found(view: &View<'_>, kind: RoleKind) -> Finding {
    let (id, output) = (kind.logical_id(), quilt::role_output(kind));
    let stack = view.stack_arn().map_or_else(|| "the stack".to_owned(), |arn| arn.name().to_owned());
    let iam = quilt::iam_stack(&stack);
    Finding::new(Severity::Warning, "role/discovered", id, format!("{stack} tells of no {} role.", kind.word()))
        .because(format!(
            "asked: stack resource {id}, stack parameter {id}, stack output {output}, output {output} of {iam}, config.json"
        ))
        .because(stand_in(view, kind))
        .because(format!("its log (CloudWatch) then says: {}", quilt::LOG_NO_ROLE))
        .cure(Fix::advice("Type the role's ARN, if you know it; or leave it out of config.json."))
}

/// What serves in place of a role that is missing (S0-22, S0-55). No release knows the read role.
fn stand_in(view: &View<'_>, kind: RoleKind) -> &'static str {
    let is_read_there = view.facts.role(RoleKind::Read).is_some_and(|read| read.found.known().is_some());
    if kind == RoleKind::Write && is_read_there {
        "without it the read role serves by the specification; webhooks 0.8 to 0.9 know none and use their task role's own permissions"
    } else {
        "without it the webhook uses its task role's own permissions, and says so in its log"
    }
}

fn wrong_type(kind: RoleKind, found: &str) -> Finding {
    let id = kind.logical_id();
    Finding::new(
        Severity::Warning,
        "role/resource-type",
        id,
        format!("Stack resource {id} is of type {found}, not {}.", quilt::ROLE_TYPE),
    )
    .because("a resource counts as the role only by its logical id and its type together")
    .cure(Fix::advice("Type the role's ARN, or correct the template."))
}

/// Texts that should be role ARNs and are not: in `config.json`, in the stack's outputs and parameters (C7).
fn malformed(view: &View<'_>, kind: RoleKind) -> Vec<Finding> {
    let field = format!("quilt.{}", kind.config_field());
    let in_config = view.configured_role(kind).map(|text| (field, text.to_owned(), Severity::Error));
    let output = quilt::role_output(kind);
    let in_stack = view.stack().into_iter().flat_map(|stack| {
        let output = stack.output(output).map(|text| (format!("stack output {output}"), text));
        let id = kind.logical_id();
        let parameter = stack.parameter(id).map(|text| (format!("stack parameter {id}"), text));
        [output, parameter].into_iter().flatten()
    });
    in_config
        .into_iter()
        .chain(
            in_stack
                .filter(|(_, text)| !text.is_empty())
                .map(|(what, text)| (what, text.to_owned(), Severity::Warning)),
        )
        .filter_map(|(what, text, severity)| {
            let fault = RoleArn::parse(&text).err()?;
            Some(
                Finding::new(severity, "role/arn-format", &what, format!("{what} is no role ARN: {fault}."))
                    .because("expected arn:aws:iam::ACCOUNT:role/NAME")
                    .because(format!("received {text}"))
                    .cure(Fix::advice("Correct it, or take it out: the role is optional.")),
            )
        })
        .collect()
}

fn account(view: &View<'_>, found: &RoleFound) -> Option<Finding> {
    let stack = view.stack_arn().filter(|stack| stack.account() != found.arn.account())?;
    let name = found.arn.name();
    let claim = format!(
        "{name} is of account {}, stack {} of account {}.",
        found.arn.account().grouped(),
        stack.name(),
        stack.account().grouped()
    );
    Some(
        Finding::new(Severity::Info, "role/account", name, claim)
            .because("across accounts both sides must allow: the role's trust policy and the caller's own policy"),
    )
}

/// What IAM says of it. `iam:GetRole` takes a name only, so that its answer counts for the caller's own account alone.
fn exists(view: &View<'_>, kind: RoleKind, role: &RoleFacts, found: &RoleFound) -> Option<Finding> {
    let name = found.arn.name();
    let foreign = view.identity().is_some_and(|identity| &identity.account != found.arn.account());
    match &role.detail {
        Fact::Known(detail) if detail.arn.account() != found.arn.account() => Some(other_account(found)),
        Fact::Known(detail) if !found.composed && detail.arn != found.arn => {
            Some(other_path(view, kind, found, detail))
        }
        Fact::Known(detail) => Some(there(found, detail)),
        Fact::Absent | Fact::Denied { .. } if foreign => Some(other_account(found)),
        Fact::Absent => Some(gone(view, kind, found)),
        Fact::Denied { action, .. } => {
            let claim = if found.composed {
                format!("The ARN of {name} was put together from its name; whether it has a path is not known.")
            } else {
                format!("Whether {name} exists, and whom it trusts, is not known.")
            };
            Some(
                Finding::new(Severity::Info, "role/exists", name, claim)
                    .because(format!("reading it needs {action}, which you are not allowed"))
                    .cure(Fix::advice(format!("Allow {action} on {} to the identity that runs rolecall.", found.arn)))
                    .not_known(),
            )
        }
        other => unanswered(other, "role/exists", name, &format!("Role {name}")),
    }
}

fn there(found: &RoleFound, detail: &RoleDetail) -> Finding {
    let name = detail.arn.name();
    let mut finding =
        Finding::new(Severity::Ok, "role/exists", name, format!("IAM knows {name}.")).because(detail.arn.to_string());
    if found.composed {
        finding = finding.because(format!("from {}, which gives the name alone", found.source.words()));
    }
    if let Some(seconds) = detail.max_session_duration {
        finding = finding.because(format!("longest session {}", lasting(seconds)));
    }
    match detail.created {
        Some(at) => finding.because(format!("created {}", at.strftime("%F %T UTC"))),
        None => finding,
    }
}

fn gone(view: &View<'_>, kind: RoleKind, found: &RoleFound) -> Finding {
    let name = found.arn.name();
    let finding = Finding::new(
        view.role_severity(kind),
        "role/exists",
        name,
        format!("There is no role {name} in account {}.", found.arn.account().grouped()),
    )
    .because(format!("{} says {}", found.source.words(), found.arn))
    .because("iam:GetRole answered NoSuchEntity; sts:AssumeRole would only say AccessDenied");
    match found.source {
        RoleSource::Typed | RoleSource::Config => finding.cure(Fix::advice("Correct the ARN, or take it out.")),
        _ => finding
            .cure(Fix::advice("The role was deleted outside its stack: update the stack so that it is made again.")),
    }
}

fn other_account(found: &RoleFound) -> Finding {
    let (name, account) = (found.arn.name(), found.arn.account());
    let claim = format!("Whether {name} exists is not known: it belongs to account {}.", account.grouped());
    Finding::new(Severity::Info, "role/exists", name, claim)
        .because("iam:GetRole takes a name only and answers for the caller's own account")
        .cure(Fix::advice(format!(
            "Choose an AWS profile of account {} that may read the role, or ask the role's owner.",
            account.grouped()
        )))
        .not_known()
}

fn other_path(view: &View<'_>, kind: RoleKind, found: &RoleFound, detail: &RoleDetail) -> Finding {
    let name = found.arn.name();
    Finding::new(
        view.role_severity(kind),
        "role/exists",
        name,
        format!("The ARN given for {name} does not exist: the role has another path."),
    )
    .because(format!("given by {}: {}", found.source.words(), found.arn))
    .because(format!("IAM knows: {}", detail.arn))
    .cure(Fix::advice(format!("Use {}.", detail.arn)))
}

#[cfg(test)]
mod tests;
