//! The fields of an access case: which there are and of what kind, so that a wrong one is named in plain words.

use serde_json::{Map, Value};

use crate::policy::document::kind_of;

/// What a field may hold.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Flag,
    /// A whole number up to this one.
    Whole(u64),
    Credential,
    /// A policy; what is in it is for the policy's own reader.
    Policy,
    List(&'static Self),
    /// Names with a text, or null for "not sent".
    Tags,
    /// Condition keys with one value or a list.
    Keys,
    Object(&'static [Field]),
    /// Ignored as input.
    Any,
}

struct Field {
    name: &'static str,
    kind: Kind,
    /// Neither absent nor null.
    required: bool,
}

const fn field(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, required: false }
}

const fn required(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, required: true }
}

const SECONDS: Kind = Kind::Whole(u32::MAX as u64);

const CASE: &[Field] = &[
    field("name", Kind::Any),
    required("caller_arn", Kind::Text),
    field("caller_account", Kind::Any),
    field("caller_credential", Kind::Credential),
    field("identity_policies", Kind::List(&Kind::Policy)),
    field("identity_policy_names", Kind::List(&Kind::Text)),
    field("permission_boundary", Kind::Policy),
    field("permission_boundary_name", Kind::Text),
    field("session_policy", Kind::Policy),
    field("session_policy_name", Kind::Text),
    field("scps", Kind::List(&Kind::Object(LEVEL))),
    field("rcps", Kind::List(&Kind::Object(LEVEL))),
    required("role_arn", Kind::Text),
    field("trust_policy", Kind::Policy),
    field("trust_policy_readable", Kind::Flag),
    field("max_session_duration", SECONDS),
    field("role_age_seconds", Kind::Whole(u64::MAX)),
    field("get_role_arn", Kind::Text),
    required("request", Kind::Object(REQUEST)),
    field("extra_context", Kind::Keys),
    field("context", Kind::Keys),
    field("live_error", Kind::Object(LIVE_ERROR)),
    field("expected", Kind::Any),
    field("cause", Kind::Any),
    field("explanation", Kind::Any),
    field("minimal_fix", Kind::Any),
    field("kind", Kind::Any),
    field("verified", Kind::Any),
    field("notes", Kind::Any),
];

const LEVEL: &[Field] = &[field("target", Kind::Text), required("policies", Kind::List(&Kind::Object(ATTACHED)))];

const ATTACHED: &[Field] = &[field("name", Kind::Text), required("policy", Kind::Policy)];

const REQUEST: &[Field] = &[
    field("external_id", Kind::Text),
    field("duration_seconds", SECONDS),
    field("session_name", Kind::Text),
    field("mfa", Kind::Flag),
    field("mfa_age_seconds", Kind::Whole(u64::MAX)),
    field("tags", Kind::Tags),
    field("transitive_tag_keys", Kind::List(&Kind::Text)),
    field("source_ip", Kind::Text),
    field("region", Kind::Text),
    field("source_identity", Kind::Text),
];

const LIVE_ERROR: &[Field] = &[field("code", Kind::Text), field("message", Kind::Text), field("operation", Kind::Text)];

/// What is wrong with the shape of a case: the path to the value, and the problem in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Misshapen {
    pub path: Vec<String>,
    pub problem: String,
}

/// The first field that is missing or of the wrong kind.
pub(super) fn fault(case: &Value) -> Option<Misshapen> {
    check(case, Kind::Object(CASE), &mut Vec::new()).err()
}

/// Fields that no case has and that are therefore passed over.
pub(super) fn strays(case: &Value) -> Vec<String> {
    let of = |value: Option<&Value>, fields: &[Field], prefix: &str| -> Vec<String> {
        let members = value.and_then(Value::as_object).into_iter().flat_map(Map::keys);
        members
            .filter(|name| fields.iter().all(|field| field.name != *name))
            .map(|name| format!("{prefix}{name}"))
            .collect()
    };
    let mut all = of(Some(case), CASE, "");
    all.extend(of(case.get("request"), REQUEST, "request/"));
    all
}

fn check(value: &Value, kind: Kind, path: &mut Vec<String>) -> Result<(), Misshapen> {
    let wanted = |words: &str| {
        Err(Misshapen { path: path.clone(), problem: format!("{words} is needed, this is {}", kind_of(value)) })
    };
    match (kind, value) {
        (Kind::Any | Kind::Policy, _) | (Kind::Text, Value::String(_)) | (Kind::Flag, Value::Bool(_)) => Ok(()),
        (Kind::Text, _) => wanted("a text"),
        (Kind::Flag, _) => wanted("true or false"),
        (Kind::Whole(most), Value::Number(number)) if number.as_u64().is_some_and(|number| number <= most) => Ok(()),
        (Kind::Whole(_), _) => wanted("a whole number"),
        (Kind::Credential, Value::String(text)) if text == "long_term" || text == "temporary" => Ok(()),
        (Kind::Credential, _) => wanted("\"long_term\" or \"temporary\""),
        (Kind::List(inner), Value::Array(list)) => {
            each(list.iter().enumerate(), path, |one, path| check(one, *inner, path))
        }
        (Kind::List(_), _) => wanted("a list"),
        (Kind::Tags, Value::Object(members)) => {
            each(members, path, |one, path| if one.is_null() { Ok(()) } else { check(one, Kind::Text, path) })
        }
        (Kind::Keys, Value::Object(members)) => each(members, path, |one, path| match one {
            Value::Array(list) => each(list.iter().enumerate(), path, |one, path| scalar(one, path)),
            other => scalar(other, path),
        }),
        (Kind::Object(fields), Value::Object(members)) => object(fields, members, path),
        (Kind::Tags | Kind::Keys | Kind::Object(_), _) => wanted("an object"),
    }
}

fn object(fields: &[Field], members: &Map<String, Value>, path: &mut Vec<String>) -> Result<(), Misshapen> {
    for field in fields {
        match members.get(field.name) {
            None if field.required => {
                let problem = format!("`{}` is missing", field.name);
                return Err(Misshapen { path: path.clone(), problem });
            }
            None => {}
            Some(Value::Null) if !field.required => {}
            Some(value) => {
                path.push(field.name.to_owned());
                check(value, field.kind, path)?;
                path.pop();
            }
        }
    }
    Ok(())
}

fn each<'a, K: ToString>(
    members: impl IntoIterator<Item = (K, &'a Value)>,
    path: &mut Vec<String>,
    check: impl Fn(&Value, &mut Vec<String>) -> Result<(), Misshapen>,
) -> Result<(), Misshapen> {
    for (key, value) in members {
        path.push(key.to_string());
        check(value, path)?;
        path.pop();
    }
    Ok(())
}

fn scalar(value: &Value, path: &[String]) -> Result<(), Misshapen> {
    match value {
        Value::String(_) | Value::Bool(_) | Value::Number(_) => Ok(()),
        other => {
            let problem = format!("a text or a list of texts is needed, this is {}", kind_of(other));
            Err(Misshapen { path: path.to_vec(), problem })
        }
    }
}
