//! What is to be said of a set and of its entries before anything is called, and of a duration once the role is known.

use std::collections::BTreeSet;

use super::{ACCOUNT, ARN, By, Fault, Field, NamedRole, RoleSet, RoleSetFault, Roles, SET};
use crate::model::finding::Fix;
use crate::model::{Finding, Hop, Severity};
use crate::policy::{LONGEST_CHAINED, is_session_name};
use crate::values::RoleArn;
use crate::values::text::{elide_end, safe};
use crate::values::time::Timestamp;

/// A set of one role, in the shape of the variable.
const SHAPE: &str = r#"{"NAME": {"role_arn": "arn:aws:iam::ACCOUNT:role/ROLE", "account_id": "ACCOUNT"}}"#;

/// The most names that a sentence lists.
const MOST_NAMES: usize = 8;

/// What the service makes of its roles as a whole: of a text that is no JSON, and of one entry that it refuses, comes a set without any role.
/// `place` is where the set stands.
#[must_use]
pub fn of_set(roles: &Roles, place: &str, now: Timestamp) -> Vec<Finding> {
    let mut findings = vec![match &roles.fault {
        Some(fault) => unread(fault, roles, place, now),
        None => whole(roles, now),
    }];
    if roles.single.as_ref().is_some_and(|single| single.is_refused(now)) {
        // A service that does not start reads nothing.
        findings.retain(|finding| finding.severity == Severity::Error);
        let claim = "The service does not start: it refuses the role that the single variables name.";
        findings.push(
            Finding::new(Severity::Error, "sre-roles/roles", ARN, claim)
                .because("what it is refused for stands with the role")
                .cure(Fix::advice("Correct them.")),
        );
    }
    let twice = roles.set.twice.iter().map(|name| (name.as_str(), "the last one counts"));
    let both = roles.single.iter().filter(|single| roles.set.get(&single.name).is_some());
    let both = both.map(|single| (single.name.as_str(), "the one of AWS_AUTH_DEFAULT_ROLE_ARN counts"));
    findings.extend(twice.chain(both).map(|(name, counts)| {
        let claim = format!("{} is the name of two roles: {counts}.", short(name));
        let finding = Finding::new(Severity::Warning, "sre-roles/duplicate", name, claim);
        finding.because("a name stands for one role").cure(Fix::advice("Give one of them another name."))
    }));
    findings
}

/// What stands for the role that is meant where none is named: `named` is the specification's variable, which no service reads; the two that it
/// reads must stand together (C24).
#[must_use]
pub fn of_default(roles: &Roles, named: Option<&str>, pair: (bool, bool)) -> Vec<Finding> {
    let found = |severity, about: &str, claim: String| Finding::new(severity, "sre-roles/default-role", about, claim);
    let default = "AWS_AUTH_DEFAULT_ROLE";
    let fix = Fix::advice(format!(
        "Set {ARN} and {ACCOUNT}: `rolecall print --system sre-roles auth-environment` writes them."
    ));
    let named = named.map(|name| match roles.get(name) {
        Some(_) => found(
            Severity::Warning,
            default,
            format!("{default} is the specification's: the service does not read it."),
        ),
        None => found(Severity::Error, default, format!("{default} is {}, and no role has that name.", short(name)))
            .because("the service does not read it, whatever it names"),
    });
    let half = match pair {
        (true, false) => Some((ARN, ACCOUNT)),
        (false, true) => Some((ACCOUNT, ARN)),
        _ => None,
    };
    let half = half.map(|(there, missing)| {
        let claim = format!("{there} is set without {missing}: the service passes over the role, and says nothing.");
        found(Severity::Error, there, claim).because("the service reads the role only where both are set")
    });
    named.into_iter().chain(half).map(|finding| finding.cure(fix.clone())).collect()
}

/// What the service runs with where it takes no role of the set: the single one, if it is there. `None`: with nothing, since it refuses that
/// one and does not start.
fn without_the_set(roles: &Roles, now: Timestamp) -> Option<String> {
    match &roles.single {
        Some(single) if single.is_refused(now) => None,
        Some(single) => Some(format!("runs with the role {} alone, and NONE of {SET}", short(&single.name))),
        None => Some("runs with NO ROLES".to_owned()),
    }
}

fn unread(fault: &RoleSetFault, roles: &Roles, place: &str, now: Timestamp) -> Finding {
    let then = match (fault, without_the_set(roles, now)) {
        (RoleSetFault::Neither(_), _) => "The service does not start with it.".to_owned(),
        (RoleSetFault::Json(_), Some(runs)) if roles.single.is_none() => {
            format!("The service logs that and {runs} at all.")
        }
        (RoleSetFault::Json(_), Some(runs)) => format!("The service logs that and {runs}."),
        (RoleSetFault::Json(_), None) => "The service logs that.".to_owned(),
    };
    let claim = format!("{SET} names no roles: {fault}. {then}");
    let finding =
        Finding::new(Severity::Error, "sre-roles/roles", SET, claim).because(format!("it stands in: {place}"));
    finding.cure(Fix::advice(format!("Correct it; its shape is {SHAPE}.")))
}

fn whole(roles: &Roles, now: Timestamp) -> Finding {
    let set = &roles.set;
    let found = |severity, claim: String| Finding::new(severity, "sre-roles/roles", SET, claim);
    let no_object = |role: &NamedRole| role.unfit.iter().any(|(field, _)| *field == Field::Entry);
    if set.is_list || set.roles.iter().any(no_object) {
        let claim =
            format!("The service does not start: {SET} must be an object of objects, and this has another shape.");
        return found(Severity::Error, claim).cure(Fix::advice(format!("Write each role by its name: {SHAPE}.")));
    }
    let refused: Vec<String> =
        set.roles.iter().filter(|role| role.is_refused(now)).map(|role| short(&role.name)).collect();
    let count = roles.all().count();
    match (refused.len(), count) {
        (0, 0) => found(Severity::Info, "No role is named: the service calls AWS as itself alone.".into()),
        (0, 1) => found(Severity::Ok, "The service reads one role.".into()),
        (0, _) => found(Severity::Ok, format!("The service reads {count} roles.")),
        (_, _) => {
            let runs = without_the_set(roles, now).map(|runs| format!(" and {runs}")).unwrap_or_default();
            let claim = format!(
                "The service refuses {}{runs}: one entry that it refuses takes all {} of {SET} with it.",
                listed(&refused),
                set.roles.len()
            );
            let why = "what each entry is refused for stands with the entry";
            found(Severity::Error, claim).because(why).cure(Fix::advice("Correct what it refuses, or take it out."))
        }
    }
}

/// Members that the service passes over, by their names alone: of each that is one of its own in another spelling, which one; of all others
/// once that they are there.
#[must_use]
pub fn of_others(set: &RoleSet) -> Vec<Finding> {
    let found = |severity, about: &str, claim: String| Finding::new(severity, "sre-roles/member", about, claim);
    let mut findings = Vec::new();
    let mut unknown = BTreeSet::new();
    for role in &set.roles {
        for other in role.others.keys() {
            let Some(field) = NamedRole::meant_by(other) else {
                unknown.insert(short(other));
                continue;
            };
            let (name, other, word) = (short(&role.name), short(other), field.word());
            let claim = format!("{name} has {other}, which the service does not read: it reads {word}.");
            let cure = Fix::advice(format!("Call it {word}, or take it out."));
            let finding =
                found(Severity::Warning, &role.name, claim).because("it passes over a member that it does not know");
            findings.push(finding.cure(cure));
        }
    }
    if !unknown.is_empty() {
        let names: Vec<String> = unknown.into_iter().collect();
        let claim = format!("Nobody reads what stands beside the roles' own members: {}.", listed(&names));
        findings.push(found(Severity::Info, SET, claim));
    }
    findings
}

/// What is wrong with one entry, a finding each.
#[must_use]
pub fn of_role(role: &NamedRole, is_single: bool, now: Timestamp) -> Vec<Finding> {
    role.faults(now).iter().map(|fault| of_fault(role, is_single, fault, now)).collect()
}

fn of_fault(role: &NamedRole, is_single: bool, fault: &Fault, now: Timestamp) -> Finding {
    let partition = fault.field == Field::RoleArn && RoleArn::parse(&role.role_arn).is_ok();
    let (severity, id) = match fault.field {
        Field::RoleArn if partition => (Severity::Error, "sre-roles/partition"),
        Field::Entry | Field::RoleArn | Field::ExternalId => (Severity::Error, "sre-roles/role"),
        Field::AccountId => (Severity::Error, "sre-roles/account"),
        Field::SessionName => (Severity::Error, "sre-roles/session-name"),
        Field::Duration => (Severity::Error, "sre-roles/duration"),
    };
    let then = match fault.by {
        By::Reader if is_single || fault.field == Field::Entry => "the service does not start with it",
        By::Reader => "the service refuses it when it reads its settings",
        By::Sts => "the service lets it pass, and STS refuses the call",
        By::Nobody => "the service never compares them, so that nobody else would notice",
    };
    let claim = match fault.by {
        By::Nobody => format!("{} can be used, and is labelled wrongly: {}.", short(&role.name), fault.why),
        By::Reader | By::Sts => format!("{} cannot be used as it stands: {}.", short(&role.name), fault.why),
    };
    let member = match fault.field {
        _ if is_single => "the single variables".to_owned(),
        Field::Entry => format!("the entry {} of {SET}", short(&role.name)),
        field => format!("{} of {} in {SET}", field.word(), short(&role.name)),
    };
    let shorter = role.shorter_name(now).filter(|_| fault.field == Field::SessionName && fault.by == By::Sts);
    let advice = match shorter.filter(|name| is_session_name(name)) {
        Some(name) => format!("Correct {member}: {name} is short enough with the suffix on."),
        None => format!("Correct {member}."),
    };
    Finding::new(severity, id, &role.name, claim).because(then).cure(Fix::advice(advice))
}

/// A session asked for that is longer than the role allows, or than one that a role session is given (C17). `longest` is the role's
/// MaxSessionDuration in seconds, if it could be read.
#[must_use]
pub fn too_long(role: &NamedRole, longest: Option<u32>, by_a_session: bool) -> Option<Finding> {
    let asked = role.duration_seconds.map_or(Some(Hop::DEFAULT_DURATION), |seconds| seconds.try_into().ok())?;
    let chained = by_a_session.then_some(LONGEST_CHAINED);
    let limit = chained.into_iter().chain(longest).min().filter(|limit| asked > *limit)?;
    let whose =
        if chained == Some(limit) { "a role session may ask for" } else { "the role's MaxSessionDuration allows" };
    let claim = format!("{} asks for {asked} s, and {whose} {limit} s at most.", short(&role.name));
    let fix = Fix::advice(format!("Write {limit} or less as its duration_seconds."));
    let why = "STS refuses a longer session than it may give, and shortens none";
    Some(Finding::new(Severity::Error, "sre-roles/duration", &role.name, claim).because(why).cure(fix))
}

fn short(name: &str) -> String {
    safe(&elide_end(name, 40)).into_owned()
}

fn listed(names: &[String]) -> String {
    let named = names.iter().take(MOST_NAMES).cloned().collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(MOST_NAMES).filter(|more| *more > 0) {
        Some(more) => format!("{named} and {more} more"),
        None => named,
    }
}
