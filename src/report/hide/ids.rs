//! External IDs: every one that is known, wherever it stands.

use std::collections::BTreeSet;

use regex_lite::Regex;
use serde_json::Value;

use super::Hide;
use super::command::quoted;
use crate::explain::save;
use crate::judge::Judgement;
use crate::model::{Facts, Selection};
use crate::policy::{Case, Failed};
use crate::values::json;
use crate::values::text::{replace_words, safe, safe_whole};

/// Stands where a document was left out of a report.
const WITHHELD: &str = "The document holds an external ID, which reports leave out: the screen has the command, and so has a report that was asked to show external IDs.";

/// Masks external IDs, and makes every text safe to print.
pub(in crate::report) struct ExternalIds {
    /// By number, from 1.
    known: Vec<String>,
    /// In every form in which one may stand in a text, with its placeholder.
    words: Vec<(String, String)>,
}

impl ExternalIds {
    /// Shows them: texts are made safe to print, and nothing else.
    pub const fn shown() -> Self {
        Self { known: Vec::new(), words: Vec::new() }
    }

    /// The chosen external IDs first, then those that policies ask for, then those of messages.
    pub fn find(facts: &Facts, selection: &Selection, judgement: &Judgement) -> Self {
        let mut seen = BTreeSet::new();
        let mut known: Vec<String> = Vec::new();
        let mut add = |id: String| {
            if !id.is_empty() && seen.insert(id.clone()) {
                known.push(id);
            }
        };
        selection.external_id.iter().cloned().for_each(&mut add);
        let inquiry = selection.inquiry.as_ref();
        inquiry.iter().flat_map(|inquiry| &inquiry.hops).filter_map(|hop| hop.external_id.clone()).for_each(&mut add);
        let roles = facts.roles.values().filter_map(|role| role.detail.known());
        let hops = facts.path.hops.iter().filter_map(|hop| hop.detail.known());
        for detail in roles.chain(hops) {
            let document = serde_json::from_str::<Value>(&detail.trust_text).unwrap_or_default();
            save::external_ids(&document).into_iter().for_each(&mut add);
        }
        for verdict in judgement.verdicts.iter().chain(&judgement.path) {
            verdict.case.iter().flat_map(|case| of_case(case)).for_each(&mut add);
            let failed = verdict.decision.deciding.iter().flat_map(|deciding| &deciding.failed);
            failed.filter(is_about_external_id).flat_map(values).filter(|id| is_telling(id)).for_each(&mut add);
        }
        let pasted = inquiry.and_then(|inquiry| inquiry.message.as_ref());
        pasted.iter().flat_map(|message| in_message(message.expose())).for_each(&mut add);
        let words = known.iter().enumerate().flat_map(|(index, id)| forms(id, index + 1)).collect();
        Self { known, words }
    }

    /// Those that are masked, by number.
    pub fn known(&self) -> &[String] {
        &self.known
    }

    /// Whether they are left as they are.
    pub const fn are_shown(&self) -> bool {
        self.words.is_empty()
    }
}

impl Hide for ExternalIds {
    fn line(&self, text: &str) -> String {
        // Before it is cut and escaped, and after: either may be the form in which one stands.
        replace_words(&safe(&replace_words(text, &self.words)), &self.words)
    }

    fn command(&self, text: &str) -> String {
        let masked = replace_words(&safe_whole(&replace_words(text, &self.words)), &self.words);
        quoted(&masked, self.words.iter().map(|(_, placeholder)| placeholder.as_str()))
    }

    fn value(&self, text: &str) -> String {
        replace_words(text, &self.words)
    }

    fn of_case(&self, text: &str) -> String {
        text.to_owned()
    }

    fn withheld(&self) -> &'static str {
        WITHHELD
    }
}

fn of_case(case: &Case) -> Vec<String> {
    save::external_ids(&save::case(case))
}

fn is_about_external_id(failed: &&Failed) -> bool {
    let is_null = failed.operator.as_ref().is_some_and(|operator| operator.eq_ignore_ascii_case("Null"));
    !is_null && failed.key.as_ref().is_some_and(|key| key.eq_ignore_ascii_case("sts:ExternalId"))
}

fn values(failed: &Failed) -> impl Iterator<Item = String> {
    failed.expected.iter().chain(failed.actual.iter().flatten()).cloned()
}

/// `*` alone tells nothing, and stands in every policy.
fn is_telling(id: &str) -> bool {
    !id.chars().all(|c| "*?".contains(c))
}

/// What a message calls an external ID.
fn in_message(text: &str) -> Vec<String> {
    const NAMED: &str =
        r#"(?i)(?:--external-id(?:\s+|=)|\bexternal_?id["']?\s*[=:]\s*)["']?([A-Za-z0-9_+=,.@:/-]{2,1224})"#;
    let found = Regex::new(NAMED).map(|named| {
        let all = named.captures_iter(text).filter_map(|captures| captures.get(1));
        all.map(|id| id.as_str().to_owned()).collect()
    });
    found.unwrap_or_default()
}

/// As it is; as it is printed; within JSON; within JSON that a shell quotes.
fn forms(id: &str, number: usize) -> Vec<(String, String)> {
    let quoted = json::quoted(id);
    let in_json = quoted.trim_matches('"').to_owned();
    let in_shell = in_json.replace('\'', r"'\''");
    let forms = BTreeSet::from([id.to_owned(), safe_whole(id).into_owned(), in_json, in_shell]);
    let placeholder = format!("<external-id-{number}>");
    forms.into_iter().filter(|form| !form.is_empty()).map(|form| (form, placeholder.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(known: &[&str]) -> ExternalIds {
        let words = known.iter().enumerate().flat_map(|(index, id)| forms(id, index + 1)).collect();
        ExternalIds { known: known.iter().map(|&id| id.to_owned()).collect(), words }
    }

    #[test]
    fn each_form_of_an_external_id_is_replaced() {
        let ids = ids(&["cust-42", "a\u{1b}'\"b"]);
        assert_eq!(ids.line("got cust-42, wants a\u{1b}'\"b"), "got <external-id-1>, wants <external-id-2>");
        assert_eq!(ids.line("safe: a\\u{1b}'\"b"), "safe: <external-id-2>");
        assert_eq!(ids.command("aws x --external-id cust-42"), "aws x --external-id '<external-id-1>'");
        assert_eq!(ids.command(r#"aws x '{"a": "a\u001b'\''\"b"}'"#), r#"aws x '{"a": "<external-id-2>"}'"#);
        assert_eq!(ids.line("cust-421 of account 4242"), "cust-421 of account 4242");
    }

    #[test]
    fn a_command_line_tells_its_external_id() {
        assert_eq!(in_message("aws sts assume-role --external-id cust-42 --role-arn x"), ["cust-42"]);
        assert_eq!(in_message("{\"ExternalId\": \"cust-42\"} external_id = 'b/7'"), ["cust-42", "b/7"]);
        assert_eq!(in_message("the external ID is not what sts:ExternalId asks for"), Vec::<String>::new());
    }
}
