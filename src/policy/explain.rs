//! The one place that makes sentences from a decision. Statements and policies are counted from 1 here.

use super::case::Case;
use super::decision::{Answer, Deciding, Decision, Effect, Layer, LayerCause, Leaning};
use crate::values::text::{capitalized, elide_middle, safe_whole};
use crate::values::{PrincipalArn, RoleArn};

mod sentence;

/// The whole decision in one or two sentences, of any length: three external IDs of a policy alone may have thousands of characters.
#[must_use]
pub fn summary(case: &Case, decision: &Decision) -> String {
    let text = match decision.verdict {
        Answer::Allow => allowed(case, decision),
        Answer::Deny => denied(case, decision),
        Answer::Unknown => open(case, decision),
    };
    safe_whole(&text).into_owned()
}

/// Why one layer refuses, as a sentence without its full stop.
#[must_use]
pub fn why(case: &Case, decision: &Decision, cause: &LayerCause) -> String {
    safe_whole(&sentence::of(case, decision, cause)).into_owned()
}

fn allowed(case: &Case, decision: &Decision) -> String {
    let at = |layer| decision.deciding.iter().find(|one| one.layer == layer && one.effect == Effect::Allow);
    let trust = at(Layer::Trust)
        .map_or_else(|| "the trust policy names the caller".to_owned(), |one| format!("{} admits it", place(one)));
    let caller = case.caller.short();
    match at(Layer::Identity) {
        Some(one) => format!("{caller} may assume {}: {trust}, and {} allows sts:AssumeRole.", role(case), place(one)),
        None => format!("{caller} may assume {}: {trust}; within one account that is enough.", role(case)),
    }
}

fn denied(case: &Case, decision: &Decision) -> String {
    let first = decision.causes.iter().find(|cause| cause.cause == decision.cause);
    let Some(first) = first else { return format!("{} may not assume {}.", case.caller.short(), role(case)) };
    let others: Vec<&str> =
        decision.causes.iter().filter(|cause| cause.layer != first.layer).map(|cause| side(cause.layer)).collect();
    let main = capitalized(&sentence::of(case, decision, first));
    if others.is_empty() { format!("{main}.") } else { format!("{main}. Refused as well by {}.", and(&others)) }
}

fn open(case: &Case, decision: &Decision) -> String {
    let unknown: Vec<&str> = decision.unknowns.iter().map(|unknown| unknown.what.as_str()).collect();
    let missing =
        |words: &str| if unknown.is_empty() { String::new() } else { format!("; {words}: {}", listed(&unknown)) };
    let (not_read, not_known) = (missing("not read"), missing("not known"));
    match (decision.cause.0, decision.leaning) {
        ("trust_policy_wrong_account", _) => format!(
            "iam:GetRole answered for {}, not for {}: the trust policy that counts was not read.",
            case.get_role_arn.as_deref().unwrap_or("another role"),
            case.role_arn,
        ),
        ("iam_reads_need_mfa", _) => {
            format!("IAM refuses these credentials: GetSessionToken made them without MFA{not_read}.")
        }
        ("recently_changed", _) => {
            let age = case.role_age_seconds.map(|age| format!(" The role is {age} s old.")).unwrap_or_default();
            format!("Everything read allows it, yet AWS denied the call.{age} Try again in a minute.")
        }
        (_, Some(Leaning::Allow)) => format!("Allowed by everything readable{not_read}."),
        (_, Some(Leaning::Deny)) if case.live_error.is_some() => {
            format!("AWS denied the call, and nothing that could be read says why{not_known}.")
        }
        (_, Some(Leaning::Deny)) => {
            let against = decision.deciding.iter().find(|one| one.effect == Effect::Allow && !one.failed.is_empty());
            let against = against.map_or("what could be read", |one| side(one.layer));
            format!("Not decided, though {against} does not allow it{not_known}.")
        }
        _ => format!("Whether {} may assume {} cannot be said{not_known}.", case.caller.short(), role(case)),
    }
}

/// "trust statement 2 (Vendor)", "statement 1 of identity policy 2 (AssumeCustomer)".
#[must_use]
pub fn place(one: &Deciding) -> String {
    let sid = one.sid.as_deref().map(|sid| format!(" ({})", elide_middle(sid, 40))).unwrap_or_default();
    let number = one.statement + 1;
    let name = one.name.as_deref().map(|name| elide_middle(name, 60));
    let of = match one.layer {
        Layer::Trust => return format!("trust statement {number}{sid}"),
        Layer::Identity => {
            format!("identity policy {}{}", one.policy + 1, name.map(|name| format!(" ({name})")).unwrap_or_default())
        }
        Layer::Boundary => "the permissions boundary".into(),
        Layer::Session => "the session policy".into(),
        Layer::Scp => format!("SCP {}", name.unwrap_or_else(|| (one.policy + 1).to_string())),
        Layer::Rcp => format!("RCP {}", name.unwrap_or_else(|| (one.policy + 1).to_string())),
        Layer::Credentials | Layer::Request => "the request".into(),
    };
    format!("statement {number}{sid} of {of}")
}

/// The role, with its account where that is another one.
fn role(case: &Case) -> String {
    RoleArn::parse(&case.role_arn).map_or_else(
        |_| case.role_arn.clone(),
        |role| {
            let name = format!("role{}{}", role.path(), role.name());
            if role.account() == case.caller.account() {
                name
            } else {
                format!("{name} of {}", role.account().grouped())
            }
        },
    )
}

/// A layer as the one who refuses.
const fn side(layer: Layer) -> &'static str {
    match layer {
        Layer::Credentials => "the caller's credentials",
        Layer::Request => "the request",
        Layer::Trust => "the trust policy",
        Layer::Identity => "the caller's identity policies",
        Layer::Boundary => "the permissions boundary",
        Layer::Session => "the session policy",
        Layer::Scp => "the SCPs",
        Layer::Rcp => "the RCPs",
    }
}

/// The longest value that a sentence shows, in columns.
pub const LONGEST: usize = 160;

/// "a, b and 2 more".
pub(super) fn listed<T: AsRef<str>>(texts: &[T]) -> String {
    some(&texts.iter().map(|text| elide_middle(text.as_ref(), LONGEST)).collect::<Vec<_>>())
}

fn some(texts: &[String]) -> String {
    const SHOWN: usize = 3;
    let shown = texts.get(..SHOWN).unwrap_or(texts);
    match texts.len().saturating_sub(SHOWN) {
        0 => and(shown),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn and<T: AsRef<str>>(texts: &[T]) -> String {
    match texts {
        [] => "nothing".into(),
        [one] => one.as_ref().into(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}

/// "one of" where a policy lists several.
fn either(values: &[String], listed: impl Fn(&[String]) -> String) -> String {
    match values {
        [_] => listed(values),
        many => format!("one of {}", listed(many)),
    }
}

/// Values in which white space would not be seen stand in quotation marks.
fn quoted(values: &[String]) -> String {
    listed(&values.iter().map(|value| in_marks(value)).collect::<Vec<_>>())
}

/// As [`quoted`], never shortened: of an external ID that is cut, a report could not tell that it is one, and would show its ends. One that is
/// longer than any that STS takes is not shown at all.
fn whole(values: &[String]) -> String {
    let shown = |value: &String| match value.chars().count() {
        ..=LONGEST_EXTERNAL_ID => in_marks(value),
        length => format!("a text of {length} characters"),
    };
    some(&values.iter().map(shown).collect::<Vec<_>>())
}

/// In characters (STS API Reference, AssumeRole, ExternalId).
const LONGEST_EXTERNAL_ID: usize = 1_224;

fn in_marks(value: &str) -> String {
    if value.trim() == value && !value.is_empty() { value.to_owned() } else { format!("\"{value}\"") }
}

/// "user/alice", "role/Caller": the name that a policy should hold.
fn caller(case: &Case) -> String {
    match &case.caller {
        PrincipalArn::Session { role, .. } => format!("role/{role}"),
        other => other.short(),
    }
}
