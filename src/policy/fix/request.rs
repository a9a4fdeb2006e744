//! What the caller can say differently: the request is its own.

use serde_json::{Value, json};

use super::edit::{Edit, Target, add, remove};
use super::refusal::Refusal;
use super::view::Work;
use crate::policy::case::Case;
use crate::policy::decision::Layer;
use crate::policy::pattern;
use crate::policy::request::{LONGEST, LONGEST_CHAINED, SHORTEST, is_session_name};
use crate::values::{PrincipalArn, RoleArn};

/// The region whose STS cannot be switched off (IAM User Guide, "Manage AWS STS in an AWS Region").
const ALWAYS_ON: &str = "us-east-1";
/// The longest name of a session, in characters (STS API Reference, AssumeRole, RoleSessionName).
const LONGEST_NAME: usize = 64;
/// The session name of a request that has none.
pub(super) const SESSION_NAME: &str = "rolecall";

/// Cures what the request itself, or the credentials, are refused for.
pub(super) fn cure(work: &Work, slug: &'static str) -> Result<Work, Refusal> {
    let case = &work.case;
    let edit = match slug {
        "duration_over_max" | "role_chaining_duration" | "duration_under_min" => Some(duration(case, slug)),
        "session_name_invalid" => {
            let name = valid_session_name(case.request.session_name.as_deref().unwrap_or_default());
            let what = match end_of_a_service(&name).and_then(|seconds| name.strip_suffix(seconds)?.strip_suffix('_')) {
                Some(own) => format!("name the session {own}, which is {name} once the service has added its end"),
                None => format!("name the session {name}"),
            };
            Some(Edit::new(Target::Request, add(&["session_name"], json!(name)), what))
        }
        "sts_region_disabled"
            if case.caller.partition() == "aws" && case.request.region.as_deref() != Some(ALWAYS_ON) =>
        {
            let what = format!("call STS in {ALWAYS_ON}, where it cannot be switched off");
            Some(Edit::new(Target::Request, add(&["region"], json!(ALWAYS_ON)), what))
        }
        "role_arn_malformed" => role_arn(&case.role_arn),
        _ => None,
    };
    let layer = match slug {
        "sts_region_disabled" | "caller_token_expired" | "caller_key_invalid" | "clock_skew" | "secret_key_wrong" => {
            Layer::Credentials
        }
        _ => Layer::Request,
    };
    edit.and_then(|edit| work.with(&[edit])).ok_or_else(|| Refusal::because(layer, slug))
}

/// The longest that is allowed, but no longer than was asked for; 3,600 s where the role's limit is not known, which none is below.
fn duration(case: &Case, slug: &str) -> Edit {
    let chained =
        slug == "role_chaining_duration" || matches!(case.caller, PrincipalArn::Session { .. } | PrincipalArn::Role(_));
    let longest =
        case.max_session_duration.unwrap_or(LONGEST_CHAINED).min(if chained { LONGEST_CHAINED } else { LONGEST });
    let seconds = if slug == "duration_under_min" { SHORTEST } else { longest.max(SHORTEST) };
    Edit::new(Target::Request, add(&["duration_seconds"], json!(seconds)), format!("ask for {seconds} s"))
}

/// What a service adds to a session's name to tell its sessions apart: `_` and the seconds since 1970 (S2-25).
fn end_of_a_service(name: &str) -> Option<&str> {
    let (_, seconds) = name.rsplit_once('_')?;
    (seconds.len() == 10 && seconds.bytes().all(|b| b.is_ascii_digit())).then_some(seconds)
}

/// Every character that AWS refuses becomes a hyphen. An end that a service adds stays: whoever chooses the name cannot leave it out.
fn valid_session_name(name: &str) -> String {
    let valid = |c: char| if c.is_ascii_alphanumeric() || "_+=,.@-".contains(c) { c } else { '-' };
    let end = end_of_a_service(name).map(|seconds| format!("_{seconds}")).unwrap_or_default();
    let head = name.strip_suffix(&end).unwrap_or(name);
    let mut whole: String = head.chars().map(valid).take(LONGEST_NAME - end.len()).collect();
    whole.push_str(&end);
    if is_session_name(&whole) { whole } else { SESSION_NAME.to_owned() }
}

/// The second colon between `iam` and the account.
fn role_arn(written: &str) -> Option<Edit> {
    let right = RoleArn::one_colon_short(written)?;
    let what = format!("write the role's ARN with two colons behind iam: {right}");
    Some(Edit::new(Target::RoleArn, add::<&str>(&[], json!(right)), what))
}

/// What the request could say about one condition key (in lower case), given what a policy expects. Each is to be tried.
pub(super) fn alternatives(work: &Work, key: &str, expected: &[String]) -> Vec<Vec<Edit>> {
    let case = &work.case;
    let each = |valid: &dyn Fn(&str) -> bool, field, name: &str, words: &str| -> Vec<Vec<Edit>> {
        let values = expected.iter().filter(|value| valid(value));
        values.map(|value| set(case, field, name, Some(value), &format!("{words} {value}"))).collect()
    };
    match key {
        "sts:externalid" => {
            let mut ways = each(&is_external_id, "external_id", "sts:ExternalId", "send the external ID");
            ways.push(set(case, "external_id", "sts:ExternalId", None, "send no external ID"));
            ways
        }
        "sts:sourceidentity" => {
            // It needs an action of its own, as tags do: the request says so also where `context` gives the key.
            let values = expected.iter().filter(|value| is_session_name(value));
            let ways = values.map(|value| {
                let what = format!("set the source identity to {value}");
                let mut edits =
                    vec![Edit::new(Target::Request, add(&["source_identity"], json!(value)), what.as_str())];
                edits.extend(in_context(case, "sts:SourceIdentity", Some(json!(value)), &what));
                edits
            });
            ways.collect()
        }
        "aws:requestedregion" => each(&is_region, "region", "aws:RequestedRegion", "call STS in"),
        "sts:rolesessionname" => {
            let context = work.context();
            let base = valid_session_name(context.value(key).unwrap_or(SESSION_NAME));
            let filled = expected.iter().map(|value| value.replace('*', &base).replace('?', "x"));
            let names = expected.iter().cloned().chain(filled).filter(|name| is_session_name(name));
            names
                .map(|name| {
                    set(case, "session_name", "sts:RoleSessionName", Some(&name), &format!("name the session {name}"))
                })
                .collect()
        }
        "aws:tagkeys" => unwanted_tags(case, expected),
        _ => key.strip_prefix("aws:requesttag/").map(|tag| with_tag(work, tag, expected)).unwrap_or_default(),
    }
}

/// Sets or takes out a field of the request; its condition key as well where the case gives that as it is.
fn set(case: &Case, field: &str, key: &str, value: Option<&str>, what: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    if case.context.is_none() {
        edits.push(Edit::new(Target::Request, add(&[field], json!(value)), what));
    }
    edits.extend(in_context(case, key, value.map(|value| json!(value)), what));
    edits
}

/// The edit of `context`, or of `extra_context` where that tells the key. Letter case of keys does not count.
fn in_context(case: &Case, key: &str, value: Option<Value>, what: &str) -> Option<Edit> {
    let (target, keys) = match (&case.context, &case.extra_context) {
        (Some(keys), _) => (Target::Context, keys),
        (None, Some(keys)) => (Target::ExtraContext, keys),
        (None, None) => return None,
    };
    let known = keys.keys().find(|known| known.eq_ignore_ascii_case(key));
    if target == Target::ExtraContext && known.is_none() {
        return None;
    }
    let operation = match (value, known) {
        (Some(value), _) => add(&[known.map_or(key, String::as_str)], value),
        (None, Some(known)) => remove(&[known.as_str()]),
        (None, None) => return None,
    };
    Some(Edit::new(target, operation, what))
}

/// A session tag with one of the expected values.
fn with_tag(work: &Work, tag: &str, expected: &[String]) -> Vec<Vec<Edit>> {
    let case = &work.case;
    let tags = &case.request.tags;
    // Condition keys have no letter case, session tags keep theirs: as the policy writes it, where that can be told.
    let name = tags.keys().find(|known| known.eq_ignore_ascii_case(tag)).cloned().or_else(|| written_tag(case, tag));
    let name = name.unwrap_or_else(|| tag.to_owned());
    let values = expected.iter().filter(|value| is_tag_value(value));
    values
        .map(|value| {
            let what = format!("send the session tag {name}={value}");
            let operation = if tags.is_empty() {
                add(&["tags"], json!({name.as_str(): value}))
            } else {
                add(&["tags", name.as_str()], json!(value))
            };
            let mut edits = vec![Edit::new(Target::Request, operation, what.as_str())];
            edits.extend(in_context(case, &format!("aws:RequestTag/{name}"), Some(json!(value)), &what));
            let mut keys = keys_sent(case);
            if !keys.iter().any(|key| key.eq_ignore_ascii_case(&name)) {
                keys.push(name.clone());
                edits.extend(in_context(case, "aws:TagKeys", Some(json!(keys)), &what));
            }
            edits
        })
        .collect()
}

/// The tag's name as the trust policy writes it.
fn written_tag(case: &Case, lower: &str) -> Option<String> {
    let statements = case.trust.read()?.as_ref()?.statements();
    let keys = statements.iter().flat_map(|statement| statement.conditions()).map(|condition| condition.key.as_str());
    let tags =
        keys.filter_map(|key| key.split_once('/')).filter(|(prefix, _)| prefix.eq_ignore_ascii_case("aws:RequestTag"));
    tags.map(|(_, tag)| tag).find(|tag| tag.eq_ignore_ascii_case(lower)).map(str::to_owned)
}

/// The keys of the session tags, as the condition context has them.
fn keys_sent(case: &Case) -> Vec<String> {
    let given = case.context.as_ref().or(case.extra_context.as_ref()).and_then(|keys| {
        keys.iter().find(|(key, _)| key.eq_ignore_ascii_case("aws:TagKeys")).map(|(_, values)| values.clone())
    });
    given.unwrap_or_else(|| case.request.tags.keys().cloned().collect())
}

/// Without the tags that no expected value covers.
fn unwanted_tags(case: &Case, expected: &[String]) -> Vec<Vec<Edit>> {
    let is_wanted = |key: &&String| expected.iter().any(|value| pattern::matches(value, key));
    let sent = keys_sent(case);
    let (kept, unwanted): (Vec<&String>, Vec<&String>) = sent.iter().partition(is_wanted);
    if unwanted.is_empty() {
        return Vec::new();
    }
    let mut edits = Vec::new();
    for key in unwanted {
        let what = format!("send no session tag {key}");
        if case.request.tags.contains_key(key) {
            edits.push(Edit::new(Target::Request, remove(&["tags", key.as_str()]), what.as_str()));
        }
        edits.extend(in_context(case, &format!("aws:RequestTag/{key}"), None, &what));
    }
    let kept = (!kept.is_empty()).then(|| json!(kept));
    edits.extend(in_context(case, "aws:TagKeys", kept, "leave the other tags"));
    vec![edits]
}

/// What STS takes as `ExternalId` (AWS STS API Reference, "AssumeRole"): 2 to 1,224 characters of `[\w+=,.@:\/-]`.
fn is_external_id(text: &str) -> bool {
    (2..=1_224).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_+=,.@:/-".contains(&b))
}

fn is_region(text: &str) -> bool {
    text.contains('-') && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// What STS takes as the value of a session tag: at most 256 characters of `[\p{L}\p{Z}\p{N}_.:/=+\-@]`. It takes none as well, but AWS
/// does not say whether an empty value equals the empty value of a variable, so nothing is cured with one.
fn is_tag_value(text: &str) -> bool {
    (1..=256).contains(&text.chars().count())
        && text.chars().all(|c| c.is_alphanumeric() || c == ' ' || "_.:/=+-@".contains(c))
}
