//! Cases as JSON: absent means not known, `null` or `[]` means known to be none.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use thiserror::Error;

use super::case::{Case, CredentialKind, Level, LiveError, NamedPolicy, Readable, Request};
use super::document::{Policy, PolicyError};
use crate::values::{ArnError, PrincipalArn};

/// Why a JSON value is no case. `Display` names the field.
#[derive(Debug, Error)]
pub enum CaseError {
    /// A field is missing or of the wrong kind.
    #[error("not an access case: {0}")]
    Shape(#[from] serde_json::Error),
    /// `caller_arn` is none.
    #[error("caller_arn: {0}")]
    Caller(#[from] ArnError),
    /// A policy that cannot be read.
    #[error("{field}: {error}")]
    Policy {
        /// For example `identity_policies/0`.
        field: String,
        /// What is wrong with it.
        error: PolicyError,
    },
}

/// The fields as they stand in JSON. `Option<Option<…>>`: absent, null, or there.
#[derive(Deserialize)]
struct Raw {
    caller_arn: String,
    caller_credential: Option<Kind>,
    #[serde(default, deserialize_with = "present")]
    identity_policies: Option<Option<Vec<Value>>>,
    #[serde(default)]
    identity_policy_names: Option<Vec<String>>,
    #[serde(default, deserialize_with = "present")]
    permission_boundary: Option<Option<Value>>,
    permission_boundary_name: Option<String>,
    #[serde(default, deserialize_with = "present")]
    session_policy: Option<Option<Value>>,
    session_policy_name: Option<String>,
    #[serde(default, deserialize_with = "present")]
    scps: Option<Option<Vec<RawLevel>>>,
    #[serde(default, deserialize_with = "present")]
    rcps: Option<Option<Vec<RawLevel>>>,
    role_arn: String,
    #[serde(default, deserialize_with = "present")]
    trust_policy: Option<Option<Value>>,
    trust_policy_readable: Option<bool>,
    max_session_duration: Option<u32>,
    role_age_seconds: Option<u64>,
    get_role_arn: Option<String>,
    request: RawRequest,
    extra_context: Option<BTreeMap<String, OneOrMany>>,
    context: Option<BTreeMap<String, OneOrMany>>,
    live_error: Option<RawError>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    LongTerm,
    Temporary,
}

#[derive(Deserialize)]
struct RawLevel {
    #[serde(default)]
    target: String,
    policies: Vec<RawPolicy>,
}

#[derive(Deserialize)]
struct RawPolicy {
    #[serde(default)]
    name: String,
    policy: Value,
}

#[derive(Deserialize)]
struct RawRequest {
    external_id: Option<String>,
    duration_seconds: Option<u32>,
    session_name: Option<String>,
    mfa: Option<bool>,
    mfa_age_seconds: Option<u64>,
    #[serde(default)]
    tags: Option<BTreeMap<String, Option<String>>>,
    #[serde(default)]
    transitive_tag_keys: Option<Vec<String>>,
    source_ip: Option<String>,
    region: Option<String>,
    source_identity: Option<String>,
}

#[derive(Deserialize)]
struct RawError {
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
    operation: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(Scalar),
    Many(Vec<Scalar>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Scalar {
    Text(String),
    Bool(bool),
    Number(serde_json::Number),
}

/// A field that is there, be it null.
fn present<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

impl Case {
    /// Reads a case. Fields that are no part of the question (`name`, `expected`, …) are passed over.
    ///
    /// # Errors
    /// [`CaseError`] names the field at fault.
    pub fn from_json(value: &Value) -> Result<Self, CaseError> {
        let raw = Raw::deserialize(value)?;
        let trust = if raw.trust_policy_readable == Some(false) { None } else { raw.trust_policy };
        let names = raw.identity_policy_names.unwrap_or_default();
        Ok(Self {
            caller: PrincipalArn::parse(&raw.caller_arn)?,
            credential: raw.caller_credential.map(|kind| match kind {
                Kind::LongTerm => CredentialKind::LongTerm,
                Kind::Temporary => CredentialKind::Temporary,
            }),
            identity_is_null: matches!(raw.identity_policies, Some(None)),
            identity: readable(raw.identity_policies, |policies| {
                let policies = policies.unwrap_or_default();
                policies
                    .iter()
                    .enumerate()
                    .map(|(i, policy)| {
                        let name = names.get(i).map_or("", String::as_str);
                        named(name, policy, format!("identity_policies/{i}"))
                    })
                    .collect()
            })?,
            boundary: readable(raw.permission_boundary, |policy| {
                optional(raw.permission_boundary_name.as_deref(), policy.as_ref(), "permission_boundary")
            })?,
            session: readable(raw.session_policy, |policy| {
                optional(raw.session_policy_name.as_deref(), policy.as_ref(), "session_policy")
            })?,
            scps: readable(raw.scps, |levels| self::levels(levels, "scps"))?,
            rcps: readable(raw.rcps, |levels| self::levels(levels, "rcps"))?,
            role_arn: raw.role_arn,
            trust: readable(trust, |policy| {
                policy.map(|policy| named("", &policy, "trust_policy".into()).map(|named| named.policy)).transpose()
            })?,
            max_session_duration: raw.max_session_duration,
            request: request(raw.request),
            extra_context: raw.extra_context.map(keys),
            context: raw.context.map(keys),
            live_error: raw.live_error.map(|error| LiveError {
                code: error.code,
                message: error.message,
                operation: error.operation,
            }),
            role_age_seconds: raw.role_age_seconds,
            get_role_arn: raw.get_role_arn,
        })
    }
}

fn readable<T, U>(field: Option<T>, read: impl FnOnce(T) -> Result<U, CaseError>) -> Result<Readable<U>, CaseError> {
    field.map(read).transpose().map(Readable::from)
}

fn named(name: &str, policy: &Value, field: String) -> Result<NamedPolicy, CaseError> {
    Policy::from_json(policy)
        .map(|policy| NamedPolicy { name: name.to_owned(), policy })
        .map_err(|error| CaseError::Policy { field, error })
}

fn optional(name: Option<&str>, policy: Option<&Value>, field: &str) -> Result<Option<NamedPolicy>, CaseError> {
    policy.map(|policy| named(name.unwrap_or_default(), policy, field.to_owned())).transpose()
}

fn levels(levels: Option<Vec<RawLevel>>, field: &str) -> Result<Vec<Level>, CaseError> {
    let levels = levels.unwrap_or_default().into_iter().enumerate();
    levels
        .map(|(i, level)| {
            let policies = level.policies.iter().enumerate();
            let policies =
                policies.map(|(j, one)| named(&one.name, &one.policy, format!("{field}/{i}/policies/{j}/policy")));
            Ok(Level { target: level.target, policies: policies.collect::<Result<_, CaseError>>()? })
        })
        .collect()
}

/// Reads the `request` of a case.
pub(super) fn read_request(value: &Value) -> Result<Request, CaseError> {
    Ok(request(RawRequest::deserialize(value)?))
}

/// The `request` of a case as it is read; what was not sent is null.
pub(crate) fn request_json(request: &Request) -> Value {
    json!({
        "external_id": request.external_id,
        "duration_seconds": request.duration_seconds,
        "session_name": request.session_name,
        "mfa": request.mfa,
        "mfa_age_seconds": request.mfa_age_seconds,
        "tags": request.tags,
        "transitive_tag_keys": request.transitive_tag_keys,
        "source_ip": request.source_ip,
        "region": request.region,
        "source_identity": request.source_identity,
    })
}

/// Condition keys of a case as they are read.
pub(crate) fn keys_json(keys: &BTreeMap<String, Vec<String>>) -> Value {
    Value::Object(keys.iter().map(|(key, values)| (key.clone(), json!(values))).collect::<Map<_, _>>())
}

/// Reads the condition keys of a case.
pub(super) fn read_keys(value: &Value) -> Result<BTreeMap<String, Vec<String>>, CaseError> {
    Ok(keys(BTreeMap::deserialize(value)?))
}

fn request(raw: RawRequest) -> Request {
    let tags = raw.tags.unwrap_or_default().into_iter();
    Request {
        external_id: raw.external_id,
        duration_seconds: raw.duration_seconds,
        session_name: raw.session_name,
        mfa: raw.mfa,
        mfa_age_seconds: raw.mfa_age_seconds,
        // A null tag was not sent.
        tags: tags.filter_map(|(key, value)| Some((key, value?))).collect(),
        transitive_tag_keys: raw.transitive_tag_keys.unwrap_or_default(),
        source_ip: raw.source_ip,
        region: raw.region,
        source_identity: raw.source_identity,
    }
}

fn keys(raw: BTreeMap<String, OneOrMany>) -> BTreeMap<String, Vec<String>> {
    let text = |scalar| match scalar {
        Scalar::Text(text) => text,
        Scalar::Bool(value) => value.to_string(),
        Scalar::Number(number) => number.to_string(),
    };
    raw.into_iter()
        .map(|(key, value)| match value {
            OneOrMany::One(one) => (key, vec![text(one)]),
            OneOrMany::Many(many) => (key, many.into_iter().map(text).collect()),
        })
        .collect()
}
