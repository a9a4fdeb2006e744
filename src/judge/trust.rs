//! The roles' trust policies: whether they let the workload in, and what else they say.

use super::verdict::{NOT_DEPLOYED, lets_any_role_in, role_stack, trust_alone, workload_external_id};
use super::view::View;
use crate::model::facts::RoleFacts;
use crate::model::finding::Fix;
use crate::model::selection::RoleKind;
use crate::model::verdict::Party;
use crate::model::{Finding, Severity};
use crate::policy::fix::Cure;
use crate::policy::{self, Answer, Decision, Layer};
use crate::systems::quilt;
use crate::values::{PrincipalArn, RoleArn};

mod lint;

pub(super) fn judge(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (kind, role, arn) in view.found_roles() {
        findings.extend(workload(view, kind, role, arn));
        findings.extend(awaited(view, kind, role, arn));
        findings.extend(operator(view, role, arn));
        findings.extend(lint::judge(view, kind, role));
    }
    findings
}

/// What the trust policy alone says to one party.
enum Side {
    Lets,
    Refuses(Decision),
    Unsure(Decision),
    Unread,
    /// There is no such role, which has a finding of its own.
    NoRole,
}

fn side(view: &View<'_>, role: &RoleFacts, party: Party) -> Side {
    match trust_alone(view.facts, view.selection, role, party) {
        None => Side::Unread,
        Some(decision) if decision.causes.iter().any(|cause| cause.cause.0 == "role_not_found") => Side::NoRole,
        Some(decision) if decision.blocked_by.contains(&Layer::Trust) => Side::Refuses(decision),
        Some(decision) if decision.verdict == Answer::Unknown => Side::Unsure(decision),
        Some(_) => Side::Lets,
    }
}

/// The trust policy must let the workload in (S0-41, C33).
fn workload(view: &View<'_>, kind: RoleKind, role: &RoleFacts, arn: &RoleArn) -> Option<Finding> {
    let verdict = view.verdict(Party::Workload, arn)?;
    let who = view.facts.workload.arn.known()?;
    let name = arn.name();
    Some(match side(view, role, Party::Workload) {
        Side::Refuses(decision) if is_external_id(&decision) => external_id(view, kind, arn, &decision, who),
        Side::Refuses(decision) if decision.causes.iter().any(|cause| cause.cause.0 == "role_not_found") => {
            return None;
        }
        Side::Refuses(decision) => not_trusted(view, kind, arn, &decision, who),
        Side::Lets => {
            let claim = format!("The trust policy of {name} lets {} in.", who.short());
            let finding = Finding::new(Severity::Ok, "trust/task-role", name, claim).because(who.to_string());
            if view.is_named(kind) && verdict.decision.verdict != Answer::Deny {
                finding.because(logged(quilt::LOG_ASSUMED))
            } else {
                finding
            }
        }
        Side::Unsure(decision) => unsure(name, who, &decision),
        Side::Unread => unread(view, role, arn, who)?,
        Side::NoRole => return None,
    })
}

fn not_trusted(view: &View<'_>, kind: RoleKind, arn: &RoleArn, decision: &Decision, who: &PrincipalArn) -> Finding {
    let (name, short) = (arn.name(), who.short());
    let finding = Finding::new(
        view.role_severity(kind),
        "trust/task-role",
        name,
        format!("The trust policy of {name} does not let {short} in."),
    );
    let mut finding = finding.because(&decision.summary).because(format!("cause: {}", decision.cause.0));
    if view.is_named(kind) {
        finding = finding.because(consequence(view, kind)).because(logged(quilt::LOG_REFUSED));
    }
    let cure = view.verdict(Party::Workload, arn).and_then(|verdict| verdict.cure.as_ref());
    let proven = cure.zip(cure.and_then(Cure::proof));
    let proven = proven.map(|(cure, proof)| super::cure::steps(cure, policy::fix::Fix::is_of_trust, proof));
    let proven = proven.unwrap_or_default();
    if proven.is_empty() {
        return finding
            .cure(Fix::advice(format!("Ask the owner of {name} to let {who} in by its trust policy.")))
            .cure(Fix::advice(owner(view, kind)))
            .cure(Fix::command("To see the policy:", show_trust(view, arn)));
    }
    proven.into_iter().fold(finding, Finding::cure)
}

/// What will be left to do once the webhook is deployed. Nothing of it can be done before: IAM refuses a trust policy that names a
/// principal that does not exist (IAM User Guide, AWS JSON policy elements: Principal).
fn awaited(view: &View<'_>, kind: RoleKind, role: &RoleFacts, arn: &RoleArn) -> Option<Finding> {
    let verdict = view.verdict(Party::Workload, arn)?;
    if verdict.decision.cause != NOT_DEPLOYED {
        return None;
    }
    let name = arn.name();
    if lets_any_role_in(view.facts, view.selection, role)? {
        let account = view.identity()?.account.grouped();
        let claim = format!(
            "The trust policy of {name} lets in every role of account {account}, so also the webhook's once it is deployed."
        );
        return Some(Finding::new(Severity::Ok, "trust/after-deployment", name, claim));
    }
    let claim = format!("The trust policy of {name} has to let the webhook's task role in, once that exists.");
    Some(
        Finding::new(Severity::Info, "trust/after-deployment", name, claim)
            .because(
                "it cannot be done before: IAM refuses a principal that does not exist (Invalid principal in policy)",
            )
            .because(
                "until then webhooks 0.8 to 0.9 that are given this role stop at start-up; later ones work without it",
            )
            .cure(Fix::command(
                "After the deployment, this names the task role and what the trust policy lacks:",
                view.rolecall("check"),
            ))
            .cure(Fix::advice(owner(view, kind))),
    )
}

/// What a runtime does with a role of its configuration that it cannot assume (C5).
fn consequence(view: &View<'_>, kind: RoleKind) -> String {
    let field =
        if view.configured_role(kind).is_some() { "config.json names this role" } else { "you chose this role" };
    format!("{field}: webhooks 0.8 to 0.9 stop at start-up when they cannot assume it, later ones ignore it")
}

/// Where the webhook itself says how assuming a role went (S0-18).
fn logged(line: &str) -> String {
    format!("to be expected in the log of a webhook that is to assume it (CloudWatch): {line}")
}

/// Who may change the role: what a stack made is changed in its template.
fn owner(view: &View<'_>, kind: RoleKind) -> String {
    let found = view.facts.role(kind).and_then(|role| role.found.known());
    match found.and_then(|found| role_stack(view.facts, found)) {
        Some(stack) => format!(
            "The role belongs to stack {stack}: change its template. A change made in IAM is drift, and the next update of the stack takes it back."
        ),
        None => "Whoever made the role changes it there; a change made beside its template is drift.".into(),
    }
}

fn show_trust(view: &View<'_>, arn: &RoleArn) -> String {
    view.aws(&["iam", "get-role", "--role-name", arn.name(), "--query", "Role.AssumeRolePolicyDocument"])
}

fn is_external_id(decision: &Decision) -> bool {
    decision.causes.iter().any(|cause| cause.layer == Layer::Trust && cause.cause.0.starts_with("external_id_"))
}

/// An external ID is cured in the request, never in the trust policy: that is its owner's.
fn external_id(view: &View<'_>, kind: RoleKind, arn: &RoleArn, decision: &Decision, who: &PrincipalArn) -> Finding {
    let name = arn.name();
    let sent = workload_external_id(view.selection).is_some();
    let claim = if sent {
        format!("The trust policy of {name} asks for another external ID than the one chosen.")
    } else {
        format!("The trust policy of {name} asks for an external ID, and {} sends none.", who.short())
    };
    let finding = Finding::new(view.role_severity(kind), "trust/external-id", name, claim);
    let finding = finding.because(&decision.summary);
    if sent {
        finding.cure(Fix::advice("Send the external ID that the role's owner gave you (`--external-id`)."))
    } else {
        finding.because("the webhook has no setting for an external ID").cure(Fix::advice(
            "Ask the role's owner for a statement of its own for the webhook's task role, without that condition.",
        ))
    }
}

fn unsure(name: &str, who: &PrincipalArn, decision: &Decision) -> Finding {
    let claim = format!("Whether the trust policy of {name} lets {} in is not known.", who.short());
    let finding = Finding::new(Severity::Info, "trust/task-role", name, claim);
    decision
        .unknowns
        .iter()
        .fold(finding, |finding, unknown| finding.because(format!("{}; needs {}", unknown.what, unknown.needs)))
        .not_known()
}

fn unread(view: &View<'_>, role: &RoleFacts, arn: &RoleArn, who: &PrincipalArn) -> Option<Finding> {
    let name = arn.name();
    if let Some(Err(fault)) = role.detail.known().map(|detail| &detail.trust) {
        return Some(
            Finding::new(
                Severity::Warning,
                "trust/document",
                name,
                format!("The trust policy of {name} cannot be understood: {fault}."),
            )
            .because("AWS keeps trust policies as it was given them; this one is no policy that rolecall can read")
            .cure(Fix::command("To see the policy:", show_trust(view, arn)))
            .not_known(),
        );
    }
    if !role.detail.is_settled() {
        return None;
    }
    let account = arn.account().grouped();
    let claim = format!(
        "Whether {name} trusts {} is not known: reading the trust policy needs iam:GetRole in account {account}.",
        who.short(),
    );
    // GetRole answers for the caller's own account: no permission opens another one's roles.
    let foreign = view.identity().is_some_and(|identity| &identity.account != arn.account());
    let cure = if foreign {
        format!("Choose an AWS profile of account {account} that may read the role, or ask the role's owner.")
    } else {
        format!("Allow iam:GetRole on {arn}, or choose an AWS profile that may read it.")
    };
    Some(
        Finding::new(Severity::Info, "trust/task-role", name, claim)
            .because("a live call of yours proves you alone, not the webhook")
            .cure(Fix::advice(cure))
            .not_known(),
    )
}

/// The operator's side, as information: production trusts no person, and should not.
fn operator(view: &View<'_>, role: &RoleFacts, arn: &RoleArn) -> Option<Finding> {
    view.verdict(Party::Operator, arn)?;
    let (who, name) = (view.identity()?.arn.short(), arn.name());
    match side(view, role, Party::Operator) {
        Side::Refuses(decision) => {
            let claim = format!(
                "The trust policy of {name} does not let you in, as it should be: production trusts no person."
            );
            let finding = Finding::new(Severity::Info, "trust/principal", name, claim);
            Some(finding.because(&decision.summary))
        }
        Side::Lets => Some(
            Finding::new(
                Severity::Info,
                "trust/principal",
                name,
                format!("The trust policy of {name} lets {who} in, too."),
            )
            .because("production needs no person in a trust policy"),
        ),
        Side::Unsure(_) | Side::Unread | Side::NoRole => None,
    }
}

#[cfg(test)]
mod tests;
