//! No external ID and no control character leaves in a report.

use serde_json::Value;

use super::{PathVerdict, Report, fix};
use crate::model::{AwsError, Facts, Finding, Selection};
use crate::policy::Failed;
use crate::values::text::{safe, safe_whole};

/// Masks every external ID that is known, and makes every text safe to print.
pub(super) fn clean(report: &mut Report, facts: &Facts, selection: &Selection) {
    let ids = external_ids(facts, selection, report);
    let masked = |text: &mut String| {
        for (number, id) in ids.iter().enumerate() {
            replace_word(text, id, &format!("<external-id-{}>", number + 1));
        }
    };
    let mut clean = |text: &mut String| {
        *text = safe(text).into_owned();
        masked(text);
    };
    let mut clean_command = |command: &mut String| {
        *command = safe_whole(command).into_owned();
        masked(command);
    };
    for finding in &mut report.findings {
        finding.fixes.iter_mut().for_each(|fix| fix::command(&mut fix.what, &mut fix.command, &mut clean_command));
    }
    for fix in report.verdicts.iter_mut().flat_map(|verdict| verdict.fixes.iter_mut().flatten()) {
        fix.clean_commands(&mut clean_command);
    }
    let chosen = &mut report.selection;
    let options = [
        &mut chosen.aws_profile,
        &mut chosen.region,
        &mut chosen.region_from,
        &mut chosen.stack,
        &mut chosen.stack_from,
        &mut chosen.secret,
        &mut chosen.workload,
        &mut chosen.external_id,
    ];
    options.into_iter().flatten().for_each(&mut clean);
    clean(&mut chosen.config_profile);
    for role in &mut chosen.roles {
        clean(&mut role.source);
    }
    if let Some(who) = &mut report.identity {
        clean(&mut who.arn);
        clean(&mut who.user_id);
    }
    report.findings.iter_mut().for_each(|finding| of_finding(finding, &mut clean));
    report.verdicts.iter_mut().for_each(|verdict| of_verdict(verdict, &mut clean));
    for call in &mut report.calls {
        clean(&mut call.operation);
        clean(&mut call.host);
        call.request_id.iter_mut().chain(call.failure.iter_mut()).for_each(&mut clean);
    }
}

fn of_finding(finding: &mut Finding, clean: &mut impl FnMut(&mut String)) {
    clean(&mut finding.subject);
    clean(&mut finding.claim);
    finding.evidence.iter_mut().for_each(&mut *clean);
    for fix in &mut finding.fixes {
        clean(&mut fix.what);
    }
}

fn of_verdict(verdict: &mut PathVerdict, clean: &mut impl FnMut(&mut String)) {
    let decision = &mut verdict.decision;
    clean(&mut decision.summary);
    for deciding in &mut decision.deciding {
        deciding.name.iter_mut().chain(deciding.sid.iter_mut()).for_each(&mut *clean);
        for failed in &mut deciding.failed {
            failed.expected.iter_mut().chain(failed.actual.iter_mut().flatten()).for_each(&mut *clean);
            failed.operator.iter_mut().chain(failed.key.iter_mut()).for_each(&mut *clean);
        }
    }
    for unknown in &mut decision.unknowns {
        clean(&mut unknown.what);
        clean(&mut unknown.needs);
    }
    if let Some(evaluated) = &mut verdict.evaluated {
        clean(&mut evaluated.summary);
    }
    verdict.fixes.iter_mut().flatten().for_each(|fix| fix.clean(clean));
    if let Some(none) = &mut verdict.no_fix {
        [&mut none.reason, &mut none.owner, &mut none.next_step].into_iter().for_each(&mut *clean);
    }
    if let Some(error) = verdict.live.as_mut().and_then(|live| live.error.as_mut()) {
        of_error(error, clean);
    }
}

fn of_error(error: &mut AwsError, clean: &mut impl FnMut(&mut String)) {
    clean(&mut error.message);
    clean(&mut error.operation);
    error.chain.iter_mut().for_each(&mut *clean);
    [&mut error.code, &mut error.request_id, &mut error.missing_action].into_iter().flatten().for_each(clean);
}

/// The chosen external ID, then those that trust policies ask for, each once; the longest is replaced first where one holds another.
fn external_ids(facts: &Facts, selection: &Selection, report: &Report) -> Vec<String> {
    let chosen = selection.external_id.iter().cloned();
    let asked = facts.roles.values().filter_map(|role| role.detail.known()).flat_map(|detail| {
        serde_json::from_str(&detail.trust_text).map(|document| in_policy(&document)).unwrap_or_default()
    });
    let about_external_id =
        |failed: &&Failed| failed.key.as_ref().is_some_and(|key| key.eq_ignore_ascii_case("sts:ExternalId"));
    let failed = report
        .verdicts
        .iter()
        .flat_map(|verdict| &verdict.decision.deciding)
        .flat_map(|deciding| &deciding.failed)
        .filter(about_external_id)
        .flat_map(|failed| failed.expected.iter().chain(failed.actual.iter().flatten()).cloned());
    let mut ids: Vec<String> = Vec::new();
    for id in chosen.chain(asked).chain(failed) {
        if !id.is_empty() && !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

/// The values of every condition on `sts:ExternalId`, in whatever operator.
fn in_policy(document: &Value) -> Vec<String> {
    match document {
        Value::Array(all) => all.iter().flat_map(in_policy).collect(),
        Value::Object(members) => members
            .iter()
            .flat_map(
                |(key, value)| {
                    if key.eq_ignore_ascii_case("sts:ExternalId") { texts(value) } else { in_policy(value) }
                },
            )
            .collect(),
        _ => Vec::new(),
    }
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(all) => all.iter().flat_map(texts).collect(),
        Value::Number(number) => vec![number.to_string()],
        _ => Vec::new(),
    }
}

/// Replaces `word` where it stands alone: an external ID of two digits must not garble every account id.
fn replace_word(text: &mut String, word: &str, with: &str) {
    let part = |c: char| c.is_ascii_alphanumeric();
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once(word) {
        let last = before.chars().next_back().or_else(|| out.chars().next_back());
        let joined =
            (last.is_some_and(part) && word.starts_with(part)) || (after.starts_with(part) && word.ends_with(part));
        out.push_str(before);
        out.push_str(if joined { word } else { with });
        rest = after;
    }
    out.push_str(rest);
    *text = out;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_words_are_replaced() {
        for (text, out) in [
            ("wants 42, got 421 of account 4242", "wants <x>, got 421 of account 4242"),
            ("42", "<x>"),
            ("\"42\"=42", "\"<x>\"=<x>"),
            ("", ""),
        ] {
            let mut text = text.to_owned();
            replace_word(&mut text, "42", "<x>");
            assert_eq!(text, out);
        }
    }

    #[test]
    fn external_ids_are_found_wherever_a_policy_asks_for_them() {
        let document = serde_json::json!({"Statement": [
            {"Condition": {"StringEquals": {"STS:externalid": ["a-1", "b-2"]}}},
            {"Condition": {"StringLike": {"sts:ExternalId": "c-*"}}},
        ]});
        assert_eq!(in_policy(&document), ["a-1", "b-2", "c-*"]);
    }
}
