//! Why a side of a path allows or refuses, in one line: made from the evaluator's data.

use crate::policy::{Deciding, Decision, Effect, Failed};
use crate::wording::sides::on_trust_side;

/// The reason of one side.
pub fn of_side(decision: &Decision, trust: bool) -> String {
    let refused = decision.causes.iter().find(|cause| on_trust_side(cause.layer) == trust);
    let on_side = |deciding: &&Deciding| on_trust_side(deciding.layer) == trust;
    if let Some(cause) = refused {
        let decided = decision.deciding.iter().filter(on_side).find(|deciding| deciding.layer == cause.layer);
        return decided.map_or_else(|| words(cause.cause.0), of_statement);
    }
    let missed = decision.deciding.iter().filter(on_side).find(|deciding| !deciding.failed.is_empty());
    if let Some(allows) = decision.deciding.iter().filter(on_side).find(|deciding| deciding.failed.is_empty()) {
        return of_statement(allows);
    }
    if let Some(missed) = missed {
        return of_statement(missed);
    }
    let unread = decision.unknowns.iter().find(|unknown| unknown.needs.starts_with("iam:GetRole") == trust);
    unread
        .map_or_else(|| "nothing more is needed".into(), |unknown| format!("{}: needs {}", unknown.what, unknown.needs))
}

/// What a statement did. Statements are counted from 1, as people count.
fn of_statement(deciding: &Deciding) -> String {
    let name = deciding.name.as_deref().filter(|name| !name.is_empty());
    let whose = name.map(|name| format!(" of {name}")).unwrap_or_default();
    let number = deciding.statement + 1;
    match (deciding.effect, deciding.failed.first()) {
        (Effect::Deny, _) => format!("denied by statement {number}{whose}"),
        (Effect::Allow, None) => format!("allowed by statement {number}{whose}"),
        (Effect::Allow, Some(failed)) => format!("{}; statement {number}{whose}", of_failure(failed)),
    }
}

fn of_failure(failed: &Failed) -> String {
    match failed.element {
        "Principal" => match failed.expected.as_slice() {
            [one] => format!("names {} only", short(one)),
            several => format!("names {} principals, this is none of them", several.len()),
        },
        "Resource" => match failed.expected.as_slice() {
            [one] => format!("allows {}, which does not match", short(one)),
            [one, rest @ ..] => format!("allows {} and {} more, none matches", short(one), rest.len()),
            [] => "allows no resource".into(),
        },
        "Action" => format!("allows {}, not this action", failed.expected.join(", ")),
        _ => {
            let operator = failed.operator.as_deref().unwrap_or("condition");
            let key = failed.key.as_deref().unwrap_or_default();
            let wants = failed.expected.join(" or ");
            let got = failed.actual.as_ref().map_or_else(|| "nothing".to_owned(), |actual| actual.join(", "));
            format!("{operator} {key} wants {wants}, got {got}")
        }
    }
}

/// An ARN by its last part, which tells roles of one account apart.
fn short(arn: &str) -> &str {
    arn.split_once(":role/").map_or(arn, |(_, name)| name)
}

/// The slug of a cause, for the few that no statement tells of.
fn words(cause: &str) -> String {
    match cause {
        "identity_missing" => "no statement allows sts:AssumeRole on this role".into(),
        "role_not_found" => "there is no such role".into(),
        other => other.replace('_', " "),
    }
}
