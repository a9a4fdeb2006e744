//! External IDs: every one that is known, wherever it stands.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex_lite::Regex;
use serde_json::Value;

use super::Hide;
use super::command::quoted;
use crate::explain::save;
use crate::judge::Judgement;
use crate::model::selection::external_id_fault;
use crate::model::{Facts, Selection};
use crate::policy::explain::LONGEST as SENTENCE;
use crate::policy::{Case, Failed};
use crate::systems::{self, Secrecy};
use crate::values::AccountId;
use crate::values::json;
use crate::values::text::{elide_middle, replace_words, safe, safe_whole};

/// Stands where a document was left out of a report.
const WITHHELD: &str = "The document holds an external ID, which reports leave out: the screen has the command, and so has a report that was asked to show external IDs.";

/// Masks external IDs, and makes every text safe to print.
pub(in crate::report) struct ExternalIds {
    /// By number, from 1.
    known: Vec<String>,
    /// In every form in which one may stand in a text, with its placeholder.
    words: Vec<(String, String)>,
    /// Those that are a word of other texts as well, longest first: they are replaced where they are said to be external IDs, and nowhere else.
    plain: Vec<(String, String)>,
    /// Finds those words: a system may have thousands. `None`: there is none.
    finder: Option<AhoCorasick>,
    /// They were asked for. That none is known says nothing of what stands in a text that could not be read.
    shown: bool,
}

impl ExternalIds {
    /// Shows them: texts are made safe to print, and nothing else.
    pub const fn shown() -> Self {
        Self { known: Vec::new(), words: Vec::new(), plain: Vec::new(), finder: None, shown: true }
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
        of_system(facts, selection).into_iter().for_each(&mut add);
        let inquiry = selection.inquiry.as_ref();
        inquiry.iter().flat_map(|inquiry| &inquiry.hops).filter_map(|hop| hop.external_id.clone()).for_each(&mut add);
        let roles = facts.roles.values().filter_map(|role| role.detail.known());
        let paths = facts.system.paths.iter().filter_map(|look| look.facts.shown()).flat_map(|path| &path.hops);
        let hops = facts.path.hops.iter().chain(paths).filter_map(|hop| hop.detail.known());
        for detail in roles.chain(hops) {
            let document = serde_json::from_str::<Value>(&detail.trust_text).unwrap_or_default();
            save::external_ids(&document).into_iter().for_each(&mut add);
        }
        for verdict in judgement.verdicts.iter().chain(&judgement.path).chain(judgement.system.verdicts()) {
            verdict.case.iter().flat_map(|case| of_case(case)).for_each(&mut add);
            let failed = verdict.decision.deciding.iter().flat_map(|deciding| &deciding.failed);
            failed.filter(is_about_external_id).flat_map(values).filter(|id| is_telling(id)).for_each(&mut add);
        }
        let pasted = inquiry.and_then(|inquiry| inquiry.message.as_ref());
        pasted.iter().flat_map(|message| in_message(message.expose())).for_each(&mut add);
        let names = names(facts, selection);
        Self::of(known, &names)
    }

    fn of(known: Vec<String>, names: &[String]) -> Self {
        let (mut words, mut plain) = (Vec::new(), Vec::new());
        for (index, id) in known.iter().enumerate() {
            let list = if is_plain(id, names) { &mut plain } else { &mut words };
            list.extend(forms(id, index + 1));
        }
        plain.sort_by_key(|(word, _): &(String, String)| std::cmp::Reverse(word.len()));
        let finder = AhoCorasick::new(words.iter().map(|(word, _)| word)).ok().filter(|_| !words.is_empty());
        Self { known, words, plain, finder, shown: false }
    }

    /// With placeholders in place of external IDs.
    fn masked(&self, text: &str) -> String {
        self.plain.iter().fold(self.telling(text), |text, (word, with)| placed(&text, word, with))
    }

    /// With placeholders in place of those that are no word of other texts.
    fn telling(&self, text: &str) -> String {
        let Some(finder) = &self.finder else { return replace_words(text, &self.words) };
        let found: BTreeSet<usize> =
            finder.find_overlapping_iter(text).map(|found| found.pattern().as_usize()).collect();
        if found.is_empty() {
            return text.to_owned();
        }
        let words: Vec<(String, String)> = found.into_iter().filter_map(|word| self.words.get(word).cloned()).collect();
        replace_words(text, &words)
    }

    /// Whether a text is an external ID that is masked, and nothing else.
    pub fn is_known(&self, text: &str) -> bool {
        self.known.iter().any(|id| id == text)
    }

    /// Those that are masked, by number.
    pub fn known(&self) -> &[String] {
        &self.known
    }

    /// Whether they are left as they are.
    pub const fn are_shown(&self) -> bool {
        self.shown
    }
}

impl Hide for ExternalIds {
    fn line(&self, text: &str) -> String {
        // Before it is cut and escaped, and after: either may be the form in which one stands.
        self.masked(&safe(&self.masked(text)))
    }

    fn command(&self, text: &str) -> String {
        let masked = self.masked(&safe_whole(&self.masked(text)));
        let placeholders: BTreeSet<&str> = self
            .words
            .iter()
            .chain(&self.plain)
            .map(|(_, placeholder)| placeholder.as_str())
            .filter(|placeholder| masked.contains(placeholder))
            .collect();
        quoted(&masked, placeholders.iter().copied())
    }

    fn value(&self, text: &str) -> String {
        let whole = self.plain.iter().find(|(word, _)| word == text);
        whole.map_or_else(|| self.masked(text), |(_, placeholder)| placeholder.clone())
    }

    fn external_id(&self, text: &str) -> String {
        match self.known.iter().position(|id| id == text) {
            Some(index) => placeholder(index + 1),
            None => self.line(text),
        }
    }

    fn of_case(&self, text: &str) -> String {
        text.to_owned()
    }

    fn withheld(&self) -> &'static str {
        WITHHELD
    }
}

/// Those of a system's settings and of what goes with its calls.
fn of_system(facts: &Facts, selection: &Selection) -> Vec<String> {
    let Some((system, settings)) = systems::chosen(facts, selection) else { return Vec::new() };
    // What holds several is none itself: the word null is no external ID.
    let is_one = |name: &str| {
        let known = system.settings().iter().find(|setting| setting.name == name);
        known.is_some_and(|setting| setting.secrecy == Secrecy::ExternalId) && !system.has_parts(name)
    };
    let all = settings.all().iter().chain(settings.overruled()).filter(|given| is_one(given.setting));
    let given =
        all.map(|given| given.value.expose()).filter(|text| external_id_fault(text).is_none() && !is_literal(text));
    let sent = systems::plan(facts, selection).paths.into_iter().flat_map(|path| path.inquiry.hops);
    given.map(str::to_owned).chain(sent.filter_map(|hop| hop.external_id)).collect()
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

/// JSON that holds nothing: `null` in the place of a set of roles is no external ID.
fn is_literal(text: &str) -> bool {
    matches!(text, "null" | "true" | "false")
}

/// What people and AWS call things here: roles, paths, the caller, accounts.
fn names(facts: &Facts, selection: &Selection) -> Vec<String> {
    let paths = systems::plan(facts, selection).paths;
    let hops = paths.iter().map(|path| &path.inquiry).chain(&selection.inquiry).flat_map(|inquiry| &inquiry.hops);
    let arns = hops.map(|hop| hop.role_arn.clone());
    let caller = facts.identity.known().map(|who| who.arn.to_string());
    let found = facts.roles.values().filter_map(|role| role.found.known()).map(|found| found.arn.to_string());
    let labels = paths.iter().map(|path| path.label.clone());
    arns.chain(labels).chain(caller).chain(found).collect()
}

/// Whether it may well be a word of other texts: it is short, a word of a language, an account id, or a part of a name. Replaced everywhere it
/// would garble sentences, and where it is missing would tell what it is.
fn is_plain(id: &str, names: &[String]) -> bool {
    let rest = id.strip_prefix(|c: char| c.is_ascii_alphabetic()).unwrap_or(id);
    let is_word = id.len() <= LONGEST_WORD && rest.bytes().all(|b| b.is_ascii_lowercase());
    id.len() < SHORTEST_TELLING
        || is_word
        || AccountId::parse(id).is_some()
        || names.iter().any(|name| name.contains(id))
}

/// An external ID of fewer characters is looked for in its places alone.
const SHORTEST_TELLING: usize = 8;

/// Few words of a language are longer, in characters.
const LONGEST_WORD: usize = 14;

/// Replaces a word where it stands in quotes of its own, or after words that announce an external ID.
fn placed(text: &str, word: &str, with: &str) -> String {
    let part = |c: char| c.is_ascii_alphanumeric() || "_+=,.@:/-".contains(c);
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, after)) = rest.split_once(word) {
        out.push_str(before);
        let quote = |c: char| "\"'`".contains(c);
        let opens = out.chars().next_back();
        let ends = !after.trim_start_matches([',', '.', ':']).starts_with(part);
        let is_quoted = opens.is_some_and(|open| quote(open) && after.starts_with(open))
            || (out.ends_with("\\\"") && after.starts_with("\\\""));
        let is_whole = !opens.is_some_and(|c| c.is_ascii_alphanumeric() || c == '-' || c == '/') && ends;
        out.push_str(if is_quoted || (is_whole && is_announced(&out)) { with } else { word });
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Whether what stands before a word says that an external ID follows: `--external-id `, `sts:ExternalId like `, `the request sent `.
fn is_announced(before: &str) -> bool {
    static ANNOUNCED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let words = r#"(?i)(?:external[ _-]?id|the request sent|<external-id-\d+>(?: or|,| and))["']?\s*[:=]?\s*(?:(?:other than|not like|like|is)\s+)?\[?["']?$"#;
        Regex::new(words).ok()
    });
    let from = before.char_indices().rev().nth(NEAR).map_or(0, |(at, _)| at);
    let near = before.get(from..).unwrap_or_default();
    ANNOUNCED.as_ref().is_some_and(|announced| announced.is_match(near))
}

/// So many characters before an external ID may announce it.
const NEAR: usize = 60;

fn placeholder(number: usize) -> String {
    format!("<external-id-{number}>")
}

/// As it is; as it is printed; within JSON; within JSON that a shell quotes.
fn forms(id: &str, number: usize) -> Vec<(String, String)> {
    let quoted = json::quoted(id);
    let in_json = quoted.trim_matches('"').to_owned();
    let in_shell = in_json.replace('\'', r"'\''");
    // A sentence about a condition shows the middle of a long one no more.
    let cut = elide_middle(id, SENTENCE);
    let forms = BTreeSet::from([id.to_owned(), safe_whole(id).into_owned(), in_json, in_shell, cut]);
    let placeholder = placeholder(number);
    forms.into_iter().filter(|form| !form.is_empty()).map(|form| (form, placeholder.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(known: &[&str]) -> ExternalIds {
        ExternalIds::of(
            known.iter().map(|&id| id.to_owned()).collect(),
            &["arn:aws:iam::444455556666:role/WaveEcrAccess".to_owned()],
        )
    }

    #[test]
    fn a_long_one_is_replaced_where_a_sentence_has_cut_it() {
        let long = format!("SECRETSTART{}SECRETEND", "x".repeat(200));
        let ids = ids(&[&long]);
        let told = format!("the request sent {}.", elide_middle(&long, SENTENCE));
        assert!(told.contains("SECRETSTART"), "{told}");
        assert_eq!(ids.line(&told), "the request sent <external-id-1>.");
    }

    #[test]
    fn each_form_of_an_external_id_is_replaced() {
        let ids = ids(&["cust-4242", "a\u{1b}'\"b-of-them"]);
        assert_eq!(ids.line("got cust-4242, wants a\u{1b}'\"b-of-them"), "got <external-id-1>, wants <external-id-2>");
        assert_eq!(ids.line("safe: a\\u{1b}'\"b-of-them"), "safe: <external-id-2>");
        assert_eq!(ids.command("aws x --external-id cust-4242"), "aws x --external-id '<external-id-1>'");
        assert_eq!(ids.command(r#"aws x '{"a": "a\u001b'\''\"b-of-them"}'"#), r#"aws x '{"a": "<external-id-2>"}'"#);
        assert_eq!(ids.line("cust-42421 of account 4242"), "cust-42421 of account 4242");
    }

    #[test]
    fn one_that_is_a_word_of_other_texts_is_replaced_in_its_places_alone() {
        let ids = ids(&["a", "WaveEcrAccess", "production"]);
        for text in [
            "WaveEcrAccess may get a registry's token.",
            "arn:aws:iam::444455556666:role/WaveEcrAccess",
            "WaveEcrAccess wants another external ID than is sent.",
            "in production the named principal calls",
            "the external ID is not a word of production",
        ] {
            assert_eq!(ids.line(text), text);
        }
        for (text, out) in [
            (
                "requires sts:ExternalId WaveEcrAccess; the request sent a.",
                "requires sts:ExternalId <external-id-2>; the request sent <external-id-1>.",
            ),
            (
                "requires sts:ExternalId like a or production",
                "requires sts:ExternalId like <external-id-1> or <external-id-3>",
            ),
            ("sends external ID production", "sends external ID <external-id-3>"),
            (
                r#"{"sts:ExternalId": ["a", "production"]}"#,
                r#"{"sts:ExternalId": ["<external-id-1>", "<external-id-3>"]}"#,
            ),
        ] {
            assert_eq!(ids.line(text), out);
        }
        assert_eq!(
            ids.command("aws x --role-arn a --external-id a"),
            "aws x --role-arn a --external-id '<external-id-1>'"
        );
        assert_eq!(
            (ids.external_id("WaveEcrAccess").as_str(), ids.value("a").as_str()),
            ("<external-id-2>", "<external-id-1>")
        );
    }

    #[test]
    fn a_command_line_tells_its_external_id() {
        assert_eq!(in_message("aws sts assume-role --external-id cust-42 --role-arn x"), ["cust-42"]);
        assert_eq!(in_message("{\"ExternalId\": \"cust-42\"} external_id = 'b/7'"), ["cust-42", "b/7"]);
        assert_eq!(in_message("the external ID is not what sts:ExternalId asks for"), Vec::<String>::new());
    }
}
