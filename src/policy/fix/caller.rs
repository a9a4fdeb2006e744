//! What the caller's own policies lack: its identity policies and its permissions boundary.
//!
//! A statement is widened only where that gives nothing but this role: it allows nothing but the STS actions, or names nothing but this
//! role. Else the caller gets a statement of its own.

use serde_json::{Value, json};

use super::document::{actions, element, statement, texts};
use super::edit::{Edit, Target, add, push, replace};
use super::refusal::Refusal;
use super::trust::mend;
use super::view::{Pair, Place, Row, TRIES, Work};
use crate::policy::case::Case;
use crate::policy::decision::Layer;
use crate::values::{PrincipalArn, RoleArn};

/// The actions that an AssumeRole may need.
const OURS: [&str; 3] = ["sts:assumerole", "sts:tagsession", "sts:setsourceidentity"];

pub(super) fn cure(work: &Work, pair: &Pair) -> Result<Work, Refusal> {
    if is_service_linked(&work.case.caller) {
        return Err(
            Refusal::noted("the caller is a role linked to a service, which alone keeps its policies").on(pair.layer)
        );
    }
    let allows = pair.allows();
    let mut refusal = None;
    for row in allows.iter().filter(|row| granting(row)).take(TRIES) {
        // The caller is held to the conditions of what grants it.
        match mend(work, pair.action, row.place) {
            Ok(next) => return Ok(next),
            Err(why) => refusal = refusal.or(Some(why)),
        }
    }
    if let Some(refusal) = refusal {
        return Err(refusal);
    }
    let editable = || allows.iter().filter(|row| target(&work.case, row.place).is_some());
    if let Some(row) = editable().find(|row| is_ours(work, row) && other_path(work, row.place).is_some()) {
        return mend(work, pair.action, row.place);
    }
    for row in editable().filter(|row| is_ours(work, row) || is_only_role(work, row)).take(TRIES) {
        if let Ok(next) = mend(work, pair.action, row.place) {
            return Ok(next);
        }
    }
    own_statement(work, pair)
}

/// Misses nothing but conditions.
fn granting(row: &&Row) -> bool {
    !row.tried.fails("Action") && !row.tried.fails("Resource")
}

fn is_service_linked(caller: &PrincipalArn) -> bool {
    match caller {
        PrincipalArn::Role(role) => role.path().starts_with("/aws-service-role/"),
        PrincipalArn::Session { role, .. } => role.starts_with("AWSServiceRoleFor"),
        _ => false,
    }
}

/// The part that holds a statement, where it may be edited. AWS keeps its managed policies; what is edited in a group's policy holds
/// for all of the group.
fn target(case: &Case, place: Place) -> Option<Target> {
    match place.layer {
        Layer::Trust => Some(Target::Trust),
        Layer::Identity => {
            let name = &case.identity.read()?.get(place.policy)?.name;
            (!is_of_aws(name) && !name.contains(" of group ")).then_some(Target::Identity(place.policy))
        }
        Layer::Boundary => {
            let name = &case.boundary.read()?.as_ref()?.name;
            (!is_of_aws(name)).then_some(Target::Boundary)
        }
        _ => None,
    }
}

fn is_of_aws(name: &str) -> bool {
    name.starts_with("arn:") && name.contains(":iam::aws:policy/")
}

fn json_of(work: &Work, place: Place) -> Option<(&Value, &Value)> {
    let policy = work.policy(place)?.as_json();
    Some((policy, statement(policy, place.statement)?))
}

/// Misses the resource only, and allows nothing but the STS actions, so that one more role gives nothing else.
fn is_ours(work: &Work, row: &Row) -> bool {
    let Some((_, statement)) = json_of(work, row.place) else { return false };
    let actions = texts(statement.get("Action"));
    !row.tried.fails("Action")
        && statement.get("Resource").is_some()
        && !actions.is_empty()
        && actions.iter().all(|action| OURS.contains(&action.to_ascii_lowercase().as_str()))
}

/// Misses the action only, and names nothing but this role.
fn is_only_role(work: &Work, row: &Row) -> bool {
    let Some((_, statement)) = json_of(work, row.place) else { return false };
    !row.tried.fails("Resource")
        && statement.get("Action").is_some()
        && texts(statement.get("Resource")) == [work.case.role_arn.as_str()]
}

/// A resource that means this role and has another path, which a role has none but one of.
fn other_path(work: &Work, place: Place) -> Option<usize> {
    let (_, statement) = json_of(work, place)?;
    let role = RoleArn::parse(&work.case.role_arn).ok()?;
    texts(statement.get("Resource")).iter().position(|text| {
        RoleArn::parse(text).is_ok_and(|other| {
            (other.partition(), other.account(), other.name()) == (role.partition(), role.account(), role.name())
        })
    })
}

/// Adds an action to a statement.
pub(super) fn add_action(work: &Work, place: Place, action: &str) -> Option<Edit> {
    let target = target(&work.case, place)?;
    let (policy, statement) = json_of(work, place)?;
    let tokens = element(policy, place.statement, &["Action"]);
    let what = format!("add {action} to {}", words(target, place));
    match statement.get("Action") {
        Some(current) => Some(Edit::new(target, push(current, &tokens, json!(action)), what)),
        None if statement.get("NotAction").is_none() => Some(Edit::new(target, add(&tokens, json!(action)), what)),
        None => None,
    }
}

/// Adds the role to the resources of a statement, in the place of its ARN with another path if that stands there.
pub(super) fn add_resource(work: &Work, place: Place) -> Option<Edit> {
    if place.layer == Layer::Trust {
        return None;
    }
    let target = target(&work.case, place)?;
    let (policy, statement) = json_of(work, place)?;
    let current = statement.get("Resource")?;
    let role = &work.case.role_arn;
    let mut tokens = element(policy, place.statement, &["Resource"]);
    match other_path(work, place) {
        Some(index) => {
            if current.is_array() {
                tokens.push(index.to_string());
            }
            let what = format!("give the exact ARN {role} in {}", words(target, place));
            Some(Edit::new(target, replace(&tokens, json!(role)), what))
        }
        None => {
            let what = format!("add {role} to the resources of {}", words(target, place));
            Some(Edit::new(target, push(current, &tokens, json!(role)), what))
        }
    }
}

fn words(target: Target, place: Place) -> String {
    let number = place.statement + 1;
    match target {
        Target::Identity(policy) => format!("statement {number} of identity policy {}", policy + 1),
        Target::Boundary => format!("statement {number} of the permissions boundary"),
        _ => format!("trust statement {number}"),
    }
}

/// A statement for exactly this role: in a policy of its own, or in the boundary, of which there is but one.
fn own_statement(work: &Work, pair: &Pair) -> Result<Work, Refusal> {
    let pairs = work.pairs();
    let wanted: Vec<&str> = pairs
        .iter()
        .filter(|other| other.layer == pair.layer && other.refuses && !other.denies)
        .filter(|other| !other.allows().iter().any(granting))
        .map(|other| other.action)
        .collect();
    let role = &work.case.role_arn;
    let new = json!({"Effect": "Allow", "Action": actions(&wanted), "Resource": role});
    let what = |whom: &str| format!("allow {} on {role} to {}{whom}", wanted.join(" and "), work.case.caller.short());
    let edit = if pair.layer == Layer::Identity {
        let document = json!({"Version": "2012-10-17", "Statement": [new]});
        let operation =
            if work.case.identity_is_null { add::<&str>(&[], json!([document])) } else { add(&["-"], document) };
        Some(Edit::new(Target::Identities, operation, what("")))
    } else {
        let boundary = work.case.boundary.read().and_then(Option::as_ref);
        boundary.filter(|boundary| !is_of_aws(&boundary.name)).and_then(|boundary| {
            let current = boundary.policy.as_json().get("Statement")?;
            let operation = push(current, &["Statement".to_owned()], new);
            Some(Edit::new(Target::Boundary, operation, what(" in its permissions boundary")))
        })
    };
    edit.and_then(|edit| work.with(&[edit])).ok_or_else(|| Refusal::of(pair.layer))
}
