//! What a role's trust policy lacks.

use serde_json::{Value, json};

use super::condition;
use super::document::{actions, element, statement, texts};
use super::edit::{Edit, Target, add, push, replace};
use super::refusal::Refusal;
use super::view::{Pair, Place, Row, TRIES, Work};
use crate::policy::assume_role::ASSUME_ROLE;
use crate::policy::condition::Context;
use crate::policy::decision::{Failed, Layer};
use crate::policy::pattern;
use crate::policy::principal::{Caller, Names, Principal, PrincipalKind};
use crate::policy::truth::Truth;
use crate::values::{PrincipalArn, RoleArn};

/// A statement that names the caller and grants the action is mended, by its conditions. Else one that grants the action to others takes
/// the caller in, under the conditions it sets for them. Only where the policy grants the action to no AWS principal does the caller get
/// it beside what there is, and nobody else does.
pub(super) fn cure(work: &Work, pair: &Pair) -> Result<Work, Refusal> {
    if let Some(note) = unmodifiable(&work.case.role_arn) {
        return Err(Refusal::noted(note).on(Layer::Trust));
    }
    let (named, others): (Vec<&Row>, Vec<&Row>) =
        pair.allows().into_iter().partition(|row| !row.tried.fails("Principal"));
    let grants = |row: &&Row| !row.tried.fails("Action");
    let (granting, lacking): (Vec<&Row>, Vec<&Row>) = named.into_iter().partition(grants);
    if !granting.is_empty() {
        return first_mended(work, pair, &granting).unwrap_or_else(|| Err(Refusal::of(Layer::Trust)));
    }
    // What more goes with the session hangs on the statement that lets the caller in, not on those of others.
    if pair.action == ASSUME_ROLE || lacking.is_empty() {
        let joined = first_mended(work, pair, &others.into_iter().filter(grants).collect::<Vec<_>>());
        match joined {
            Some(Ok(next)) => return Ok(next),
            Some(Err(refusal)) if grants_aws(work, pair) => return Err(refusal),
            _ => {}
        }
    }
    if let Some(row) = lacking.iter().find(|row| names_only_caller(work, row)) {
        return mend(work, pair.action, row.place);
    }
    beside(work, pair, lacking.first().copied())
}

/// The first statement that can be mended, else why the nearest cannot.
fn first_mended(work: &Work, pair: &Pair, rows: &[&Row]) -> Option<Result<Work, Refusal>> {
    let mut tried = rows.iter().take(TRIES).map(|row| mend(work, pair.action, row.place));
    let first = tried.next()?;
    Some(if first.is_ok() { first } else { tried.find(Result::is_ok).unwrap_or(first) })
}

/// Whether nobody else gains from one more action in a statement.
fn names_only_caller(work: &Work, row: &Row) -> bool {
    let is_caller = |principal: &Principal| {
        let grants = principal.grants(&Caller::new(&work.case.caller));
        grants.own == Truth::Yes || grants.role == Truth::Yes
    };
    work.statement(row.place).is_some_and(|one| !one.has_not_principal() && one.principals().iter().all(is_caller))
}

/// Whether an Allow grants the action to any AWS principal, so that its conditions are what the owner asks of them.
fn grants_aws(work: &Work, pair: &Pair) -> bool {
    let is_aws = |principal: &Principal| principal.kind == PrincipalKind::Aws;
    let to_aws = |row: &Row| {
        work.statement(row.place).is_none_or(|one| one.has_not_principal() || one.principals().iter().any(is_aws))
    };
    pair.allows().into_iter().any(|row| !row.tried.fails("Action") && to_aws(row))
}

/// Roles whose trust policy nobody can change.
fn unmodifiable(role: &str) -> Option<&'static str> {
    let role = RoleArn::parse(role).ok()?;
    if role.path().starts_with("/aws-service-role/") {
        Some("the role is linked to a service, which alone keeps its trust policy")
    } else if role.path().starts_with("/aws-reserved/") || role.name().starts_with("AWSReservedSSO_") {
        Some(
            "the role belongs to IAM Identity Center, which keeps its trust policy: it is assumed by signing in, not by other principals",
        )
    } else {
        None
    }
}

/// Cures everything that failed in one statement.
pub(super) fn mend(work: &Work, action: &'static str, place: Place) -> Result<Work, Refusal> {
    const ELEMENTS: usize = 16;
    let tried = |work: &Work| Some(work.pair(action, place.layer)?.row(place)?.tried.clone());
    let mut work = work.clone();
    let mut before = tried(&work).ok_or_else(Refusal::default)?;
    for _ in 0..ELEMENTS {
        let Some(failed) = before.failed.first().cloned() else { break };
        let is_same = |other: &Failed| {
            (other.element, &other.operator, &other.key) == (failed.element, &failed.operator, &failed.key)
        };
        let next = ways(&work, action, place, &failed)?.into_iter().take(TRIES).find_map(|edits| {
            let next = work.with(&edits)?;
            let tried = tried(&next)?;
            let is_better = tried.failed.len() <= before.failed.len() && !tried.failed.iter().any(is_same);
            is_better.then_some((next, tried))
        });
        (work, before) = next.ok_or_else(|| Refusal::at(place, &failed))?;
    }
    if before.outcome == Truth::Yes { Ok(work) } else { Err(Refusal::of(place.layer)) }
}

/// What might cure one failed element, the smallest first.
fn ways(work: &Work, action: &str, place: Place, failed: &Failed) -> Result<Vec<Vec<Edit>>, Refusal> {
    Ok(match failed.element {
        "Principal" if place.layer == Layer::Trust => vec![vec![name_caller(work, place)?]],
        "Action" => super::caller::add_action(work, place, action).into_iter().map(|edit| vec![edit]).collect(),
        "Resource" => super::caller::add_resource(work, place).into_iter().map(|edit| vec![edit]).collect(),
        "Condition" => condition::ways(work, place, failed),
        _ => Vec::new(),
    })
}

/// The caller as a trust policy should name it: the user, or the role behind the session.
pub(super) fn caller_name(work: &Work) -> Result<String, Refusal> {
    let caller = &work.case.caller;
    let PrincipalArn::Session { partition, account, role, .. } = caller else { return Ok(caller.to_string()) };
    if let Some(known) = known_role(&work.context(), caller) {
        return Ok(known);
    }
    if role.starts_with("AWSReservedSSO_") || role.starts_with("AWSServiceRoleFor") {
        let note = "a trust policy must name the role with its path, which the session's ARN does not show: iam:GetRole in the caller's account tells it";
        return Err(Refusal::noted(note).on(Layer::Trust));
    }
    Ok(format!("arn:{partition}:iam::{account}:role/{role}"))
}

/// The role behind a session with its path, where the case tells it.
fn known_role(context: &Context, caller: &PrincipalArn) -> Option<String> {
    let PrincipalArn::Session { account, role, .. } = caller else { return None };
    let known = RoleArn::parse(context.value("aws:PrincipalArn")?).ok()?;
    (known.account() == account && known.name() == role).then(|| known.to_string())
}

fn name_caller(work: &Work, place: Place) -> Result<Edit, Refusal> {
    let name = caller_name(work)?;
    let find = || {
        let parsed = work.statement(place)?;
        let policy = work.policy(place)?.as_json();
        let principal = statement(policy, place.statement)?.get("Principal")?;
        let number = place.statement + 1;
        let added = format!("name {name} in trust statement {number}");
        let at = |tokens: &[&str]| element(policy, place.statement, tokens);
        let Value::Object(kinds) = principal else {
            let both = json!({"AWS": [principal, name]});
            return Some(Edit::new(Target::Trust, replace(&at(&["Principal"]), both), added));
        };
        let Some(listed) = kinds.get("AWS") else {
            return Some(Edit::new(Target::Trust, add(&at(&["Principal", "AWS"]), json!(name)), added));
        };
        let stale = parsed.principals().iter().find(|one| stands_for(one, &work.case.caller, &name));
        let Some(stale) = stale else {
            return Some(Edit::new(Target::Trust, push(listed, &at(&["Principal", "AWS"]), json!(name)), added));
        };
        let mut tokens = at(&["Principal", "AWS"]);
        if listed.is_array() {
            let index = texts(Some(listed)).iter().position(|text| *text == stale.written)?;
            tokens.push(index.to_string());
        }
        let what = format!("replace {} by {name} in trust statement {number}", stale.written);
        Some(Edit::new(Target::Trust, replace(&tokens, json!(name)), what))
    };
    find().ok_or_else(|| Refusal::of(Layer::Trust))
}

/// Whether a principal was meant for the caller and can never match it: another session of its role, the id that is left of a deleted
/// principal of its kind, a pattern, which IAM refuses.
fn stands_for(principal: &Principal, caller: &PrincipalArn, name: &str) -> bool {
    match (&principal.names, caller) {
        (Names::Arn(PrincipalArn::Session { role: named, account, .. }), PrincipalArn::Session { role, .. }) => {
            named == role && account == caller.account()
        }
        (Names::Deleted, PrincipalArn::User { .. }) => principal.written.starts_with("AIDA"),
        (Names::Deleted, _) => principal.written.starts_with("AROA"),
        (Names::Nobody, _) if principal.kind == PrincipalKind::Aws => {
            principal.written.contains(['*', '?']) && pattern::matches(&principal.written, name)
        }
        _ => false,
    }
}

/// A statement for the caller alone; under the conditions of the one that names it, if one does.
fn beside(work: &Work, pair: &Pair, like: Option<&Row>) -> Result<Work, Refusal> {
    let name = caller_name(work)?;
    let pairs = work.pairs();
    let lacking = pairs.iter().filter(|pair| pair.layer == Layer::Trust && pair.refuses && !pair.denies);
    let wanted: Vec<&str> = if like.is_some() {
        vec![pair.action]
    } else {
        lacking.filter(|pair| !grants_aws(work, pair)).map(|pair| pair.action).collect()
    };
    let mut new = json!({"Effect": "Allow", "Principal": {"AWS": name}, "Action": actions(&wanted)});
    let condition =
        like.and_then(|row| statement(work.policy(row.place)?.as_json(), row.place.statement)?.get("Condition"));
    if let (Some(condition), Some(new)) = (condition, new.as_object_mut()) {
        new.insert("Condition".into(), condition.clone());
    }
    let policy = work.case.trust.read().and_then(Option::as_ref).ok_or_else(Refusal::default)?;
    let place = Place { layer: Layer::Trust, level: None, policy: 0, statement: policy.statements().len() };
    let what = format!("add a trust statement that allows {} to {name}", wanted.join(" and "));
    let edit = policy
        .as_json()
        .get("Statement")
        .map(|current| Edit::new(Target::Trust, push(current, &["Statement".to_owned()], new), what));
    let next = edit.and_then(|edit| work.with(&[edit])).ok_or_else(|| Refusal::of(Layer::Trust))?;
    mend(&next, pair.action, place)
}
