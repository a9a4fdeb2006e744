//! The principals that a system asks about: whether they are there, what they carry, and what they may do.
//!
//! What they may do is what IAM's simulator says: identity policies, boundary and service control policies. It does not look at the policies of
//! buckets and other resources, which may allow a principal of their own account more (IAM API reference, SimulatePrincipalPolicy).

use std::collections::BTreeMap;

use crate::judge::view::unanswered;
use crate::model::facts::{AttachedPolicy, PrincipalLook, Simulated};
use crate::model::finding::Fix;
use crate::model::system::{Asked, Expectation, Question};
use crate::model::{Fact, Facts, Finding, Severity};
use crate::policy::{Authorization, Context, Effect, NamedPolicy, Query, authorize};
use crate::values::text::counted;
use crate::values::time::ago;

use super::{grants, keys};

/// `allowing` gives the text that allows an action, where the system has one.
pub(super) fn judge(questions: &[Question], facts: &Facts, allowing: impl Fn(&str) -> Option<Fix>) -> Vec<Finding> {
    let looks = questions.iter().filter_map(|question| Some((question, facts.system.principal(&question.id)?)));
    looks.flat_map(|(question, look)| of(question, look, facts, &allowing)).collect()
}

fn of(
    question: &Question,
    look: &PrincipalLook,
    facts: &Facts,
    allowing: &impl Fn(&str) -> Option<Fix>,
) -> Vec<Finding> {
    let exists = exists(question, look, facts);
    if matches!(look.found, Fact::Absent) {
        // Of what is not there everything else would be said to be missing too.
        return exists.into_iter().collect();
    }
    let expected = question.expectations.iter().zip(&look.simulated);
    exists
        .into_iter()
        .chain(policies(question, look))
        .chain(expected.filter_map(|(expectation, simulated)| told(question, look, expectation, simulated, allowing)))
        .chain(keys::judge(question, look, facts.observed_at))
        .chain(grants::judge(question, look))
        .collect()
}

fn exists(question: &Question, look: &PrincipalLook, facts: &Facts) -> Option<Finding> {
    const ID: &str = "principal/exists";
    let label = &question.label;
    match &look.found {
        Fact::Known(detail) => {
            let finding = Finding::new(Severity::Ok, ID, label, format!("{label} exists."));
            let finding = finding.because(detail.arn.to_string());
            Some(match detail.created {
                Some(created) => finding.because(format!("made {}", ago(created, facts.observed_at))),
                None => finding,
            })
        }
        Fact::Absent if look.namesake.is_some() => {
            let (asked, namesake) = (look.policies.arn.known()?, look.namesake.as_ref()?);
            let claim = format!("There is no {asked}: what has that name is {namesake}.");
            let cure = Fix::advice(format!("Give {namesake}, if that is who is meant."));
            let finding = Finding::new(Severity::Error, ID, label, claim);
            Some(finding.because("within an account a name is given once, whatever its path").cure(cure))
        }
        Fact::Absent => {
            let account = look.policies.arn.known().map(|arn| arn.account().grouped());
            let account = account.map(|account| format!(" in account {account}")).unwrap_or_default();
            let kind = if matches!(question.who, Asked::User(_)) { "user" } else { "principal" };
            let claim = format!("There is no {kind} {label}{account}.");
            let advice = "Choose credentials of the account that has it, or have it made by whatever deploys it.";
            let finding = Finding::new(Severity::Error, ID, label, claim);
            Some(finding.because("IAM answers for the account of whoever asks").cure(Fix::advice(advice)))
        }
        other => unanswered(other, ID, label, &format!("Whether {label} exists")),
    }
}

/// What it carries, against what it must.
fn policies(question: &Question, look: &PrincipalLook) -> Vec<Finding> {
    const ID: &str = "principal/policies";
    let label = &question.label;
    let unread = unanswered(&look.policies.policies, ID, label, &format!("All that {label} is allowed"));
    let Some(wanted) = &question.carries else { return unread.into_iter().collect() };
    let Some(attached) = look.attached.known() else {
        let listed = unanswered(&look.attached, ID, label, &format!("Which policies are attached to {label}"));
        return listed.or(unread).into_iter().collect();
    };
    let missing: Vec<&str> =
        wanted.iter().filter(|name| attached.iter().all(|one| one.name != **name)).map(String::as_str).collect();
    let further: Vec<String> = beyond(wanted, attached, look.policies.policies.known().map(Vec::as_slice));
    let number = match wanted.len() {
        1 => "policy".to_owned(),
        several => counted(several, "policy"),
    };
    let mut findings: Vec<Finding> = unread.into_iter().collect();
    if missing.is_empty() && further.is_empty() {
        let claim = format!("Attached to {label} are exactly its {number}: {}.", wanted.join(", "));
        findings.push(Finding::new(Severity::Ok, ID, label, claim));
    }
    if !missing.is_empty() {
        let part = if wanted.len() == 1 { String::new() } else { format!("{} of ", missing.len()) };
        let claim = format!("{label} lacks {part}its {number}: {}.", missing.join(", "));
        let advice = "Have them attached by whatever deploys the principal: what is attached by hand, its next run may take away.";
        let names: Vec<&str> = attached.iter().map(|one| one.name.as_str()).collect();
        let there = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        let finding = Finding::new(Severity::Error, ID, label, claim).because(format!("attached: {there}"));
        findings.push(finding.cure(Fix::advice(advice)));
    }
    if !further.is_empty() {
        let claim = format!("{label} carries {} beyond its {number}.", counted(further.len(), "policy"));
        let finding = Finding::new(Severity::Warning, ID, label, claim);
        let finding = further.into_iter().fold(finding, Finding::because);
        findings.push(finding.cure(Fix::advice(
            "Take away what nobody can say the purpose of; what the principal needs belongs into one of its policies.",
        )));
    }
    findings
}

/// What is attached beside what is wanted, and what is inline or comes from a group.
fn beyond(wanted: &[String], attached: &[AttachedPolicy], all: Option<&[NamedPolicy]>) -> Vec<String> {
    let attached_too = attached.iter().filter(|one| !wanted.contains(&one.name));
    let elsewhere = all.unwrap_or_default().iter().filter(|policy| attached.iter().all(|one| one.arn != policy.name));
    attached_too
        .map(|one| format!("attached: {}", one.arn))
        .chain(elsewhere.map(|policy| {
            let group = if policy.name.starts_with("arn:") { "from a group: " } else { "" };
            format!("{group}{}", policy.name)
        }))
        .collect()
}

/// What the simulator says of one expectation.
fn told(
    question: &Question,
    look: &PrincipalLook,
    expectation: &Expectation,
    simulated: &Fact<Vec<Simulated>>,
    allowing: &impl Fn(&str) -> Option<Fix>,
) -> Option<Finding> {
    let id = if expectation.allowed { "principal/expected" } else { "principal/unexpected" };
    let (label, what) = (&question.label, &expectation.what);
    let Some(answers) = simulated.known() else {
        let whether = format!("Whether {label} may {what}");
        if matches!(simulated, Fact::Absent) {
            let claim = format!(
                "{whether} is not known: the simulator finds it only by its whole ARN, which needs iam:GetUser."
            );
            return Some(Finding::new(Severity::Info, id, label, claim).not_known());
        }
        let finding = unanswered(simulated, id, label, &whether)?;
        return Some(match own_side(look, expectation) {
            Some(line) => finding.because(line),
            None => finding,
        });
    };
    let judged = if expectation.allowed { wanted } else { unwanted };
    let mut finding = judged(question, expectation, answers);
    if expectation.allowed && finding.severity <= Severity::Warning {
        let refused = answers.iter().filter(|one| !one.answer.allows());
        let fix = refused.map(|one| one.answer.action.as_str()).find_map(allowing);
        finding.fixes.extend(fix);
    }
    let of_resource = resource_policy(&expectation.actions);
    Some(finding.because(format!(
        "by IAM's simulator, which knows identity policies, boundary and SCPs, and no {of_resource} policy"
    )))
}

/// Whose policy the simulator does not look at.
fn resource_policy(actions: &[String]) -> &'static str {
    let all = |service: &str| actions.iter().all(|action| action.starts_with(service));
    if all("ecr:") {
        "repository's"
    } else if all("s3:") {
        "bucket's"
    } else {
        "resource's"
    }
}

fn wanted(question: &Question, expectation: &Expectation, answers: &[Simulated]) -> Finding {
    const ID: &str = "principal/expected";
    let (label, what) = (&question.label, &expectation.what);
    let (mut refused, mut open) = (BTreeMap::<String, Vec<&str>>::new(), BTreeMap::<String, Vec<&str>>::new());
    let (mut refusals, mut doubts) = (0, 0);
    for one in answers.iter().filter(|one| !one.answer.allows()) {
        let on = if one.resource == "*" { String::new() } else { format!(" on {}", one.resource) };
        let missing = &one.answer.missing_context;
        if missing.is_empty() || one.answer.decision == "explicitDeny" {
            refusals += 1;
            refused.entry(format!("{}{on}", side(one))).or_default().push(&one.answer.action);
        } else {
            doubts += 1;
            open.entry(format!("depends on {}{on}", missing.join(", "))).or_default().push(&one.answer.action);
        }
    }
    let lines = refused.into_iter().chain(open).map(|(why, actions)| format!("{why}: {}", actions.join(", ")));
    let total = answers.len();
    let finding = match (refusals, doubts) {
        (0, 0) => {
            let claim = format!("{label} may {what}: {} allowed.", part(total, total));
            Finding::new(Severity::Ok, ID, label, claim)
        }
        (0, _) => {
            let claim = format!("Whether {label} may {what} is not known: it depends on what the call itself brings.");
            Finding::new(Severity::Info, ID, label, claim).not_known()
        }
        _ => {
            let claim = format!("{label} may not {what}: {} refused.", part(refusals, total));
            Finding::new(expectation.trouble, ID, label, claim)
                .cure(Fix::advice("Allow what is refused where the evidence says that it is refused."))
        }
    };
    lines.fold(finding, Finding::because)
}

fn unwanted(question: &Question, expectation: &Expectation, answers: &[Simulated]) -> Finding {
    const ID: &str = "principal/unexpected";
    let (label, what) = (&question.label, &expectation.what);
    let allowed: Vec<&Simulated> = answers.iter().filter(|one| one.answer.allows()).collect();
    if allowed.is_empty() {
        return Finding::new(Severity::Ok, ID, label, format!("{label} may not {what}, as it should be."));
    }
    let share = part(allowed.len(), answers.len());
    let claim = format!("{label} may {what}, which it should not: {share} allowed.");
    let finding = Finding::new(expectation.trouble, ID, label, claim);
    let line = |one: &Simulated| {
        let by: Vec<&str> = one.answer.matched.iter().map(|(policy, _)| policy.as_str()).collect();
        let by = if by.is_empty() { String::new() } else { format!(", by {}", by.join(" and ")) };
        let on = if one.resource == "*" { String::new() } else { format!(" on {}", one.resource) };
        format!("{}{on}{by}", one.answer.action)
    };
    let finding = allowed.into_iter().map(line).fold(finding, Finding::because);
    finding.cure(Fix::advice("Take these actions out of the policies named, or narrow their resources; a policy of AWS's own is detached, since nobody else can change it."))
}

/// "its one action is", "all of 28 actions are", "1 of 28 actions is".
fn part(some: usize, all: usize) -> String {
    match (some, all) {
        (1, 1) => "its one action is".to_owned(),
        _ if some == all => format!("all of {all} actions are"),
        (1, _) => format!("1 of {all} actions is"),
        _ => format!("{some} of {all} actions are"),
    }
}

/// Which side says no.
fn side(one: &Simulated) -> String {
    let answer = &one.answer;
    if answer.allowed_by_organizations == Some(false) {
        return "refused by the organization's service control policies".into();
    }
    if answer.allowed_by_boundary == Some(false) {
        return "refused by the permissions boundary".into();
    }
    let denying =
        answer.matched.iter().filter(|(_, effect)| *effect == Effect::Deny).map(|(policy, _)| policy.as_str());
    let denying: Vec<&str> = denying.collect();
    match (answer.decision.as_str(), denying.is_empty()) {
        ("explicitDeny", false) => format!("denied by {}", denying.join(" and ")),
        ("explicitDeny", true) => "denied by one of its policies".into(),
        _ => "no policy of it allows".into(),
    }
}

/// What its own policies say, where they could be read and the simulator could not be asked. It is no proof: SCPs and resource policies may
/// say otherwise.
fn own_side(look: &PrincipalLook, expectation: &Expectation) -> Option<String> {
    let policies = look.policies.policies.known()?;
    let boundary = look.policies.boundary.known()?;
    let principal = look.found.known().map(|detail| &detail.arn).or_else(|| look.policies.arn.known())?;
    let mut context = Context::new();
    for (key, value) in &expectation.context {
        context.set(key, value.clone());
    }
    let mut not_allowed = Vec::new();
    for resource in &expectation.resources {
        for action in &expectation.actions {
            let query = Query { principal, action, resource, context: &context };
            match authorize(policies, boundary.as_ref(), &query) {
                Authorization::Allowed => {}
                Authorization::Unknown(_) => return None,
                Authorization::ImplicitDeny | Authorization::ExplicitDeny => not_allowed.push(action.as_str()),
            }
        }
    }
    Some(match not_allowed.as_slice() {
        [] => "the policies that were read allow all of it; service control policies were not looked at".to_owned(),
        some => format!("the policies that were read do not allow {}", some.join(", ")),
    })
}

#[cfg(test)]
mod tests;
