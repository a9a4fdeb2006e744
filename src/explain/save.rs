//! A case in its published form, which [`super::read`] reads back: what was not read stays absent.

mod masked;

use serde_json::{Map, Value, json};

use crate::policy::case::CredentialKind;
use crate::policy::{Case, Level, NamedPolicy, Readable, case_json};

pub use masked::{Masked, external_ids, masked};

/// The published form of a case. Reading it gives an equal case.
#[must_use]
pub fn case(case: &Case) -> Value {
    let mut out = Map::new();
    out.insert("caller_arn".into(), case.caller.to_string().into());
    let credential = case.credential.map(|kind| match kind {
        CredentialKind::LongTerm => "long_term",
        CredentialKind::Temporary => "temporary",
    });
    put(&mut out, "caller_credential", credential);
    identity(&mut out, case);
    policy(&mut out, "permission_boundary", &case.boundary);
    policy(&mut out, "session_policy", &case.session);
    put(&mut out, "scps", case.scps.read().map(|levels| self::levels(levels)));
    put(&mut out, "rcps", case.rcps.read().map(|levels| self::levels(levels)));
    out.insert("role_arn".into(), case.role_arn.clone().into());
    let trust = case.trust.read().map(|policy| policy.as_ref().map_or(Value::Null, crate::policy::Policy::to_json));
    put(&mut out, "trust_policy", trust);
    put(&mut out, "max_session_duration", case.max_session_duration);
    put(&mut out, "role_age_seconds", case.role_age_seconds);
    put(&mut out, "get_role_arn", case.get_role_arn.clone());
    out.insert("request".into(), sent(case_json::request_json(&case.request)));
    put(&mut out, "extra_context", case.extra_context.as_ref().map(case_json::keys_json));
    put(&mut out, "context", case.context.as_ref().map(case_json::keys_json));
    let error = case.live_error.as_ref().map(|error| {
        let mut told = Map::new();
        told.insert("code".into(), error.code.clone().into());
        told.insert("message".into(), error.message.clone().into());
        put(&mut told, "operation", error.operation.clone());
        told
    });
    put(&mut out, "live_error", error);
    Value::Object(out)
}

fn put<T: Into<Value>>(out: &mut Map<String, Value>, name: &str, value: Option<T>) {
    out.extend(value.map(|value| (name.to_owned(), value.into())));
}

fn identity(out: &mut Map<String, Value>, case: &Case) {
    let Some(policies) = case.identity.read() else { return };
    let documents: Value = policies.iter().map(|one| one.policy.to_json()).collect();
    let is_null = case.identity_is_null && policies.is_empty();
    out.insert("identity_policies".into(), if is_null { Value::Null } else { documents });
    if policies.iter().any(|one| !one.name.is_empty()) {
        out.insert("identity_policy_names".into(), policies.iter().map(|one| one.name.as_str()).collect());
    }
}

fn policy(out: &mut Map<String, Value>, name: &str, policy: &Readable<Option<NamedPolicy>>) {
    let Some(policy) = policy.read() else { return };
    out.insert(name.to_owned(), policy.as_ref().map_or(Value::Null, |named| named.policy.to_json()));
    let called = policy.as_ref().filter(|named| !named.name.is_empty()).map(|named| named.name.clone());
    put(out, &format!("{name}_name"), called);
}

fn levels(levels: &[Level]) -> Value {
    let of = |level: &Level| {
        let policies = level.policies.iter().map(|one| json!({"name": one.name, "policy": one.policy.as_json()}));
        json!({"target": level.target, "policies": policies.collect::<Vec<_>>()})
    };
    levels.iter().map(of).collect()
}

/// What was not sent is left out.
fn sent(request: Value) -> Value {
    let Value::Object(members) = request else { return request };
    let is_nothing = |value: &Value| match value {
        Value::Null => true,
        Value::Array(all) => all.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    };
    Value::Object(members.into_iter().filter(|(_, value)| !is_nothing(value)).collect())
}

#[cfg(test)]
mod tests;
