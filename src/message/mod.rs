//! AWS error messages read offline: what one tells, what it leaves open, and what to look at next.
//!
//! `unwrap` takes the message out of what tools put around it; the patterns in `assets/aws-errors.json`, the most telling first, say
//! what it is; `next` fills the commands in; `inquiry` makes it the question of a diagnosis. A message alone never proves a cause where AWS names one policy of several.

mod facts;
mod hint;
mod inquiry;
mod lines;
mod next;
mod patterns;
mod text;
mod unwrap;

#[cfg(test)]
mod tests;

pub use inquiry::{NoInquiry, inquiry};
pub use text::text;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use crate::policy::{Cause, Layer};
use crate::values::AccountId;
use facts::Facts;
use next::Step;
use patterns::{Found, TABLE};
use unwrap::{Bare, Unwrapped};

/// The JSON Schema of a [`Reading`], draft 2020-12.
pub const SCHEMA: &str = include_str!("../../assets/schema/message.json");

/// The longest text that is read, in bytes; what is beyond is not looked at.
pub const LONGEST: usize = 64 << 10;

/// What a message says; serializes as the published form.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Reading {
    /// Whether it is one of the known messages.
    pub known: bool,
    /// Which one, for example `denied_bare`.
    pub id: Option<&'static str>,
    /// One or two sentences: what it tells.
    pub summary: String,
    /// What it leaves open.
    pub open: Vec<String>,
    /// What to look at next, in order.
    pub next: Vec<Step>,
    /// The cause, where the message leaves no other.
    pub cause: Option<Cause>,
    /// The side that refuses, where the message names it.
    pub layer: Option<Layer>,
    /// The message without what tools put around it.
    pub message: String,
    /// The tools whose wrapping was found, for example `AWS CLI`.
    pub wrapped_by: Vec<&'static str>,
    /// `AccessDenied`, …; not every tool passes it on.
    pub code: Option<String>,
    /// `sts:AssumeRole`, or the bare name where the service is not told.
    pub operation: Option<String>,
    /// To find the call in CloudTrail.
    pub request_id: Option<String>,
    /// The ARN that AWS saw.
    pub caller: Option<String>,
    /// Its account.
    pub caller_account: Option<AccountId>,
    /// The action that was refused.
    pub action: Option<String>,
    /// The resource that the message names.
    pub resource: Option<String>,
    /// The role to assume.
    pub role_arn: Option<String>,
    /// Its account.
    pub role_account: Option<AccountId>,
    /// The kind of policy that the message blames.
    pub policy_type: Option<String>,
    /// And its ARN.
    pub policy_arn: Option<String>,
    /// Who says that AWS says so.
    pub source: Option<&'static str>,
}

/// Reads a message as people have it: with what the AWS CLI, an SDK, Terraform, CDK or GitHub Actions put around it.
#[must_use]
pub fn read(text: &str) -> Reading {
    let (bare, found) = most_telling(unwrap::unwrap(beginning(text)));
    let (pattern, captured) = match found {
        Some(Found { pattern, captured, .. }) => (Some(pattern), captured),
        None => (None, BTreeMap::new()),
    };
    let mut facts = Facts { fields: captured };
    facts.complete(&bare);
    let (cause, layer) = pattern.map(|pattern| pattern.cause(&facts.fields)).unwrap_or_default();
    let summary = match pattern {
        Some(pattern) => facts.filled(&pattern.tells),
        None => unknown(&facts),
    };
    let steps = pattern.map_or_else(|| TABLE.of_unknown(), |pattern| pattern.next.as_slice());
    let mut next = next::steps(steps, &facts);
    if next.is_empty() {
        next = next::steps(TABLE.of_unknown(), &facts);
    }
    let (caller, role) = (facts.caller(), facts.role());
    Reading {
        known: pattern.is_some(),
        id: pattern.map(|pattern| pattern.id.as_str()),
        summary,
        open: pattern.map(|pattern| pattern.open.iter().map(|text| facts.filled(text)).collect()).unwrap_or_default(),
        next,
        cause,
        layer,
        caller_account: caller.map(|caller| caller.account().clone()),
        role_account: role.as_ref().map(|role| role.account().clone()),
        role_arn: role.map(|role| role.to_string()),
        caller: facts.take("caller"),
        action: facts.take("action"),
        resource: facts.take("resource"),
        policy_type: facts.take("policy_type"),
        policy_arn: facts.take("policy_arn"),
        message: bare.message,
        wrapped_by: bare.wrapped_by,
        code: bare.code,
        operation: bare.operation,
        request_id: bare.request_id,
        source: pattern.map(|pattern| pattern.source.as_str()),
    }
}

/// Of all that a message may be, what tells most.
fn most_telling(unwrapped: Unwrapped) -> (Bare, Option<Found>) {
    let best = |candidates: Vec<Bare>| {
        let read = candidates.into_iter().map(|bare| {
            let found = TABLE.find(&bare);
            (bare, found)
        });
        read.min_by_key(|(_, found)| found.as_ref().map_or((usize::MAX, 0, Reverse(0)), Found::rank))
    };
    let as_pasted = best(unwrapped.as_pasted);
    let Some(rejoined) = best(unwrapped.rejoined) else { return as_pasted.unwrap_or_default() };
    // A name that a line's end has cut is the shorter one.
    let told = |one: &(Bare, Option<Found>)| {
        one.1.as_ref().map_or((usize::MAX, 0, Reverse(0)), |found| {
            let (rank, broken, _) = found.rank();
            (rank, broken, Reverse(found.captured.values().map(String::len).sum()))
        })
    };
    match as_pasted {
        Some(pasted) if told(&pasted) <= told(&rejoined) => pasted,
        _ => rejoined,
    }
}

/// As much of a text as is read.
fn beginning(text: &str) -> &str {
    text.get(..text.floor_char_boundary(LONGEST)).unwrap_or_default()
}

fn unknown(facts: &Facts) -> String {
    match facts.fields.get("code") {
        Some(code) => format!("rolecall does not know this message, though its error code is {code}."),
        None => "rolecall does not know this message.".into(),
    }
}
