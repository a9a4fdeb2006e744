//! Edits of the parts of a case.

use std::fmt;

use json_patch::jsonptr::PointerBuf;
use json_patch::{AddOperation, MoveOperation, PatchOperation, RemoveOperation, ReplaceOperation};
use serde_json::{Value, json};

use crate::policy::case::{Case, NamedPolicy, Readable};
use crate::policy::case_json;
use crate::policy::document::Policy;

/// A part of a case that can be edited.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Target {
    Trust,
    /// One of the caller's policies, counted from 0.
    Identity(usize),
    /// The list of them.
    Identities,
    Boundary,
    Request,
    /// Condition keys that the case gives as they are.
    Context,
    ExtraContext,
    RoleArn,
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Trust => "trust_policy",
            Self::Identity(index) => return write!(f, "identity_policies/{index}"),
            Self::Identities => "identity_policies",
            Self::Boundary => "permission_boundary",
            Self::Request => "request",
            Self::Context => "context",
            Self::ExtraContext => "extra_context",
            Self::RoleArn => "role_arn",
        })
    }
}

impl Target {
    /// As [`Target`] is displayed.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let all = [
            Self::Trust,
            Self::Identities,
            Self::Boundary,
            Self::Request,
            Self::Context,
            Self::ExtraContext,
            Self::RoleArn,
        ];
        let one = || Some(Self::Identity(text.strip_prefix("identity_policies/")?.parse().ok()?));
        all.into_iter().find(|target| target.to_string() == text).or_else(one)
    }
}

/// An edit of one part.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Edit {
    pub target: Target,
    pub operations: Vec<PatchOperation>,
    /// In a sentence, without its full stop.
    pub what: String,
}

impl Edit {
    pub(super) fn new(target: Target, operation: PatchOperation, what: impl Into<String>) -> Self {
        Self { target, operations: vec![operation], what: what.into() }
    }

    /// The case after the edit. `None`: the patch does not fit, or leaves something that is no such part.
    pub(super) fn apply(&self, case: &Case) -> Option<Case> {
        let mut part = part(case, self.target)?;
        json_patch::patch(&mut part, &self.operations).ok()?;
        with_part(case, self.target, part)
    }
}

/// Edits of the same part become one, in the place of the first. Parts do not depend on each other.
pub(super) fn by_target(edits: Vec<Edit>) -> Vec<Edit> {
    let mut merged: Vec<Edit> = Vec::new();
    for edit in edits {
        match merged.iter_mut().find(|known| known.target == edit.target) {
            Some(known) => {
                known.operations.extend(edit.operations);
                if known.what != edit.what {
                    known.what = format!("{}; {}", known.what, edit.what);
                }
            }
            None => merged.push(edit),
        }
    }
    for edit in &mut merged {
        let what = crate::values::text::safe_whole(&edit.what).into_owned();
        let mut letters = what.chars();
        let first = letters.next().map(char::to_uppercase);
        edit.what = first.into_iter().flatten().chain(letters).chain(std::iter::once('.')).collect();
    }
    merged
}

pub(super) fn pointer<T: AsRef<str>>(tokens: &[T]) -> PointerBuf {
    PointerBuf::from_tokens(tokens.iter().map(AsRef::as_ref))
}

pub(super) fn add<T: AsRef<str>>(tokens: &[T], value: Value) -> PatchOperation {
    PatchOperation::Add(AddOperation { path: pointer(tokens), value })
}

pub(super) fn replace<T: AsRef<str>>(tokens: &[T], value: Value) -> PatchOperation {
    PatchOperation::Replace(ReplaceOperation { path: pointer(tokens), value })
}

pub(super) fn remove<T: AsRef<str>>(tokens: &[T]) -> PatchOperation {
    PatchOperation::Remove(RemoveOperation { path: pointer(tokens) })
}

pub(super) fn rename<T: AsRef<str>>(from: &[T], to: &[T]) -> PatchOperation {
    PatchOperation::Move(MoveOperation { from: pointer(from), path: pointer(to) })
}

/// Adds to what may be one value or a list of them.
pub(super) fn push(current: &Value, tokens: &[String], value: Value) -> PatchOperation {
    if current.is_array() {
        let mut end = tokens.to_vec();
        end.push("-".into());
        add(&end, value)
    } else {
        replace(tokens, json!([current, value]))
    }
}

/// A part of a case, as its JSON has it.
pub(super) fn part(case: &Case, target: Target) -> Option<Value> {
    Some(match target {
        Target::Trust => case.trust.read()?.as_ref()?.to_json(),
        Target::Identity(index) => case.identity.read()?.get(index)?.policy.to_json(),
        Target::Identities if case.identity_is_null => Value::Null,
        Target::Identities => case.identity.read()?.iter().map(|one| one.policy.to_json()).collect(),
        Target::Boundary => case.boundary.read()?.as_ref()?.policy.to_json(),
        Target::Request => case_json::request_json(&case.request),
        Target::Context => case_json::keys_json(case.context.as_ref()?),
        Target::ExtraContext => case_json::keys_json(case.extra_context.as_ref()?),
        Target::RoleArn => Value::String(case.role_arn.clone()),
    })
}

fn with_part(case: &Case, target: Target, value: Value) -> Option<Case> {
    let mut case = case.clone();
    let policy = |value: &Value| Policy::from_json(value).ok();
    match target {
        Target::Trust => case.trust = Readable::Read(Some(policy(&value)?)),
        Target::Identity(index) => match &mut case.identity {
            Readable::Read(policies) => policies.get_mut(index)?.policy = policy(&value)?,
            Readable::Unread => return None,
        },
        Target::Identities => {
            let before = case.identity.read()?;
            let name = |index: usize| before.get(index).map(|one| one.name.clone()).unwrap_or_default();
            let list = value.as_array()?.iter().enumerate();
            let list = list.map(|(index, one)| Some(NamedPolicy { name: name(index), policy: policy(one)? }));
            case.identity = Readable::Read(list.collect::<Option<_>>()?);
            case.identity_is_null = false;
        }
        Target::Boundary => match &mut case.boundary {
            Readable::Read(Some(boundary)) => boundary.policy = policy(&value)?,
            _ => return None,
        },
        Target::Request => case.request = case_json::read_request(&value).ok()?,
        Target::Context => case.context = Some(case_json::read_keys(&value).ok()?),
        Target::ExtraContext => case.extra_context = Some(case_json::read_keys(&value).ok()?),
        Target::RoleArn => case.role_arn = value.as_str()?.to_owned(),
    }
    Some(case)
}
