//! AssumeRole: decided by rolecall's evaluator, refused in AWS's words.

use super::case::case;
use super::issue::{Kind, issue};
use super::wanted::Wanted;
use super::{mfa, region};
use crate::policy::{Answer, Case, Decision, Effect, Layer, evaluate};
use crate::sandbox::auth;
use crate::sandbox::exchange::{Call, ServiceError};
use crate::sandbox::query::Form;
use crate::sandbox::session::Holder;
use crate::sandbox::state::{PARTITION, State, role_id};
use crate::sandbox::xml::Xml;
use crate::values::RoleArn;

/// Answers the call.
///
/// # Errors
/// As AWS answers.
pub(super) fn assume(state: &mut State, call: &Call, form: &Form) -> Result<Xml, ServiceError> {
    let mut wanted = Wanted::read(form)?;
    if let Ok(role) = RoleArn::parse(&wanted.role_arn) {
        region::on(state, call, role.account().as_str())?;
    }
    compatible(call, &wanted)?;
    if mfa::given(state, call, form)? {
        wanted.request.mfa = Some(true);
        wanted.request.mfa_age_seconds = Some(0);
    }
    let case = case(state, call, &wanted.role_arn, &wanted.request)?;
    let decision = evaluate(&case, call.now);
    match decision.verdict {
        Answer::Deny => return Err(refusal(call, &wanted.role_arn, &decision)),
        Answer::Unknown => return Err(ServiceError::gap(decision.summary)),
        Answer::Allow if is_new(state, &case) => {
            return Err(auth::refusal(call, "sts:AssumeRole", Some(&wanted.role_arn), ""));
        }
        Answer::Allow => {}
    }
    answer(state, call, wanted, &case)
}

/// A session hands on its transitive tags and its source identity as they are.
fn compatible(call: &Call, wanted: &Wanted) -> Result<(), ServiceError> {
    let Some(session) = &call.caller.session else { return Ok(()) };
    if session.inherited_tags().any(|(key, _)| wanted.request.tags.contains_key(key)) {
        let message = "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the \
             calling session.";
        return Err(ServiceError::new(400, "InvalidParameterValue", message));
    }
    match (&session.source_identity, &wanted.request.source_identity) {
        (Some(kept), Some(other)) if kept != other => {
            Err(ServiceError::validation("The source identity is already set for this assume role session"))
        }
        _ => Ok(()),
    }
}

/// Whether STS has not heard of the role's present trust policy yet.
fn is_new(state: &State, case: &Case) -> bool {
    let arn = RoleArn::parse(&case.role_arn).ok();
    let role = arn.as_ref().and_then(|arn| state.role(arn.account().as_str(), arn.name()));
    let known_from = role.map_or(0, |role| u64::from(role.denied_until_age_seconds));
    case.role_age_seconds.is_some_and(|age| age < known_from)
}

/// The refusal as AWS words it: for a trust policy bare, as in nearly every real log. Of several policy types one is named: an explicit
/// deny before all others, then in the order in which AWS evaluates them.
fn refusal(call: &Call, role: &str, decision: &Decision) -> ServiceError {
    match decision.cause.0 {
        "duration_over_max" => {
            let message = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
            return ServiceError::validation(message);
        }
        "role_chaining_duration" => {
            let message =
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.";
            return ServiceError::validation(message);
        }
        "root_cannot_assume" => {
            return ServiceError::new(403, "AccessDenied", "Roles may not be assumed by root accounts.");
        }
        _ => {}
    }
    let action = refused_action(decision);
    let denied = |layer: Layer| {
        decision.deciding.iter().any(|one| one.layer == layer && one.effect == Effect::Deny && one.failed.is_empty())
    };
    let blocked = |layer: Layer| decision.blocked_by.contains(&layer);
    let explicit = [Layer::Rcp, Layer::Scp, Layer::Identity, Layer::Boundary, Layer::Session];
    let implicit = [Layer::Scp, Layer::Request, Layer::Trust, Layer::Identity, Layer::Boundary, Layer::Session];
    let reason = if let Some(kind) = explicit.into_iter().find(|layer| denied(*layer)).and_then(kind) {
        let article = if kind.starts_with('i') { "an" } else { "a" };
        format!("with an explicit deny in {article} {kind}")
    } else {
        let first = implicit.into_iter().find(|layer| blocked(*layer));
        first.and_then(kind).map(|kind| format!("because no {kind} allows the {action} action")).unwrap_or_default()
    };
    auth::refusal(call, action, Some(role), &reason)
}

/// A policy type in the words of a refusal. `None`: nothing is said of it.
const fn kind(layer: Layer) -> Option<&'static str> {
    match layer {
        Layer::Credentials | Layer::Request | Layer::Trust => None,
        Layer::Identity => Some("identity-based policy"),
        Layer::Boundary => Some("permissions boundary"),
        Layer::Session => Some("session policy"),
        Layer::Scp => Some("service control policy"),
        Layer::Rcp => Some("resource control policy"),
    }
}

fn refused_action(decision: &Decision) -> &'static str {
    match decision.cause.0 {
        "tag_session_missing_trust" | "tag_session_missing_identity" => "sts:TagSession",
        "set_source_identity_missing" => "sts:SetSourceIdentity",
        _ => "sts:AssumeRole",
    }
}

/// Makes the session, and remembers it.
fn answer(state: &mut State, call: &Call, wanted: Wanted, case: &Case) -> Result<Xml, ServiceError> {
    let arn = RoleArn::parse(&wanted.role_arn).map_err(ServiceError::gap)?;
    let account = arn.account().to_string();
    let role = state.role(&account, arn.name()).ok_or_else(|| ServiceError::gap("the role is gone"))?;
    let assumed_id = format!("{}:{}", role_id(&account, arn.name(), role), wanted.session_name);
    let assumed_arn = format!("arn:{PARTITION}:sts::{account}:assumed-role/{}/{}", arn.name(), wanted.session_name);
    let kept = call.caller.session.as_ref().and_then(|session| session.source_identity.clone());
    let kind = Kind {
        holder: Holder::Role { role: arn.name().to_owned(), session: wanted.session_name },
        account,
        seconds: wanted.request.duration_seconds.unwrap_or(3_600),
        policy: wanted.policy,
        tags: case.request.tags.clone(),
        transitive_tag_keys: case.request.transitive_tag_keys.iter().cloned().collect(),
        source_identity: wanted.request.source_identity.or(kept),
        mfa: None,
    };
    let (session, credentials) = issue(state, call, kind);
    let mut xml = Xml::new();
    credentials.write(&mut xml);
    xml.element("AssumedRoleUser", |xml| {
        xml.text("AssumedRoleId", &assumed_id);
        xml.text("Arn", &assumed_arn);
    });
    xml.optional("SourceIdentity", session.source_identity.as_deref());
    if session.policy.is_some() || !session.tags.is_empty() {
        xml.text("PackedPolicySize", "6");
    }
    state.sessions.insert(credentials.access_key_id, session);
    Ok(xml)
}
