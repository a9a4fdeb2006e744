//! A case with placeholders for its external IDs: equal ones stay equal, different ones stay different, so that the verdict stays what it
//! was. Where it cannot, that is said.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::policy::condition::Operator;
use crate::policy::{Case, Decision, condition, evaluate, pattern};
use crate::values::text::replace_words;

/// Said of a case that still holds one.
const LEFT: &str = "An external ID also stands in a name, a tag or an ARN of the case, and was left there.";

/// The shortest external ID that is looked for outside its own places: a shorter one stands in any text.
const TELLING: usize = 4;

/// A case without its external IDs.
#[derive(Clone, PartialEq, Debug)]
pub struct Masked {
    /// The published form, with `external-id-1` and so on.
    pub case: Value,
    /// What is not as in the case itself, a sentence each; empty: the verdict and its cause are the same.
    pub remarks: Vec<String>,
    /// An external ID is a word of the case's own language, and could not be taken out of it.
    pub leaves_some: bool,
}

/// The published form of a case with placeholders for external IDs, judged as of `now`. `known` are external IDs that have a number
/// already: the first is `external-id-1`.
#[must_use]
pub fn masked(case: &Case, known: &[String], now: Timestamp) -> Masked {
    let mut value = super::case(case);
    let mut ids = Ids { known: known.to_vec(), literals: Vec::new() };
    places(&mut value, &mut |text, is_pattern| {
        if !is_pattern {
            ids.literal(text);
        }
    });
    places(&mut value, &mut |text, is_pattern| *text = if is_pattern { ids.pattern(text) } else { ids.literal(text) });
    let words = words(&ids);
    let mut everywhere = value.clone();
    replace(&mut everywhere, &words);
    // In names, tags and ARNs they are replaced alike, so that what matched there matches still.
    if !stands(&everywhere, &words) && changed(case, &everywhere, now).is_none() {
        return Masked { case: everywhere, remarks: Vec::new(), leaves_some: false };
    }
    let leaves_some = stands(&value, &words);
    let left = leaves_some.then(|| LEFT.to_owned());
    let remarks = [changed(case, &value, now), left].into_iter().flatten().collect();
    Masked { case: value, remarks, leaves_some }
}

/// Every external ID that a case or a policy holds, each once; patterns as well.
#[must_use]
pub fn external_ids(value: &Value) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    places(&mut value.clone(), &mut |text, _| {
        if !found.contains(text) {
            found.push(text.clone());
        }
    });
    found
}

/// The external IDs met so far.
struct Ids {
    /// By number, from 1.
    known: Vec<String>,
    /// Those that stand for themselves.
    literals: Vec<String>,
}

impl Ids {
    fn number(&mut self, text: &str) -> usize {
        let at = self.known.iter().position(|id| id.eq_ignore_ascii_case(text)).unwrap_or_else(|| {
            self.known.push(text.to_owned());
            self.known.len() - 1
        });
        at + 1
    }

    /// The placeholder of an external ID. Two that differ in letter case alone have placeholders that do, too.
    fn literal(&mut self, text: &str) -> String {
        let number = self.number(text);
        if !self.literals.iter().any(|id| id == text) {
            self.literals.push(text.to_owned());
        }
        let alike = self.literals.iter().filter(|id| id.eq_ignore_ascii_case(text));
        let variant = alike.take_while(|id| *id != text).count();
        format!("{}-{number}", cased("external-id", variant))
    }

    /// A pattern that matches the same of the placeholders as `text` matches of the external IDs, as far as one pattern can.
    fn pattern(&mut self, text: &str) -> String {
        let matched: Vec<String> = self.literals.iter().filter(|id| pattern::matches(text, id)).cloned().collect();
        match matched.as_slice() {
            [] => format!("?xternal-id-{}", self.number(text)),
            [one] => self.literal(one).replacen(['e', 'E'], "?", 1),
            all if all.len() == self.literals.len() => "external-id-*".into(),
            [first, ..] => self.literal(first).replacen(['e', 'E'], "?", 1),
        }
    }
}

/// The text with the letters in upper case that `variant` has a bit for.
fn cased(text: &str, variant: usize) -> String {
    let is_upper = |at: usize| variant.checked_shr(u32::try_from(at).unwrap_or(u32::MAX)).unwrap_or(0) & 1 == 1;
    text.chars().enumerate().map(|(at, c)| if is_upper(at) { c.to_ascii_uppercase() } else { c }).collect()
}

/// Hands every external ID of a case to `act`, and whether it is a pattern.
fn places(case: &mut Value, act: &mut impl FnMut(&mut String, bool)) {
    if let Some(Value::String(sent)) = case.pointer_mut("/request/external_id") {
        act(sent, false);
    }
    for name in ["context", "extra_context"] {
        let members = case.get_mut(name).and_then(Value::as_object_mut).into_iter().flatten();
        for (_, values) in members.filter(|(key, _)| is_meant(key)) {
            texts(values, &mut |text| act(text, false));
        }
    }
    conditions(case, act);
}

/// `sts:ExternalId`, and what is written in its place by mistake: `aws:ExternalId`, `sts:external_id`.
fn is_meant(key: &str) -> bool {
    let name = key.rsplit(':').next().unwrap_or(key);
    let letters: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    letters.eq_ignore_ascii_case("ExternalId")
}

fn conditions(value: &mut Value, act: &mut impl FnMut(&mut String, bool)) {
    match value {
        Value::Array(all) => all.iter_mut().for_each(|one| conditions(one, act)),
        Value::Object(members) => {
            for (name, inner) in members {
                match inner {
                    Value::Object(operators) if name == "Condition" => of_operators(operators, act),
                    _ => conditions(inner, act),
                }
            }
        }
        _ => {}
    }
}

fn of_operators(operators: &mut Map<String, Value>, act: &mut impl FnMut(&mut String, bool)) {
    for (written, keys) in operators {
        let operator = Operator::parse(written);
        // `Null` asks whether there is one.
        if operator.is_some_and(condition::Operator::is_null) {
            continue;
        }
        let takes_patterns = operator.is_some_and(condition::Operator::takes_wildcards);
        let keys = keys.as_object_mut().into_iter().flatten().filter(|(key, _)| is_meant(key));
        for (_, values) in keys {
            texts(values, &mut |text| {
                // Nothing of an external ID is in it: `*` alone, or a variable of the request.
                let is_open = text.contains("${") || text.chars().all(|c| "*?".contains(c));
                if !is_open {
                    act(text, takes_patterns && text.contains(['*', '?']));
                }
            });
        }
    }
}

/// One text or a list of them; a number becomes its text, as which it is compared.
fn texts(value: &mut Value, act: &mut impl FnMut(&mut String)) {
    match value {
        Value::String(text) => act(text),
        Value::Array(all) => all.iter_mut().for_each(|one| texts(one, act)),
        Value::Number(number) => {
            let mut text = number.to_string();
            act(&mut text);
            *value = Value::String(text);
        }
        _ => {}
    }
}

/// Replaces the words in every text.
fn replace(value: &mut Value, words: &[(String, String)]) {
    match value {
        Value::String(text) => *text = replace_words(text, words),
        Value::Array(all) => all.iter_mut().for_each(|one| replace(one, words)),
        Value::Object(members) => members.iter_mut().for_each(|(_, one)| replace(one, words)),
        _ => {}
    }
}

/// What is replaced outside the places of external IDs. A short one stands in any text, and a placeholder is none.
fn words(ids: &Ids) -> Vec<(String, String)> {
    let is_telling = |id: &&String| id.chars().count() >= TELLING && !id.starts_with("external-id-");
    ids.literals
        .iter()
        .filter(is_telling)
        .filter_map(|id| {
            let number = ids.known.iter().position(|known| known.eq_ignore_ascii_case(id))? + 1;
            Some((id.clone(), format!("external-id-{number}")))
        })
        .collect()
}

/// Says so when the placeholders make another verdict.
fn changed(case: &Case, masked: &Value, now: Timestamp) -> Option<String> {
    let told = |decision: &Decision| format!("{:?} ({})", decision.verdict, decision.cause.0).to_lowercase();
    let Ok(read) = Case::from_json(masked) else {
        return Some("With placeholders in place of its external IDs the case can no longer be read.".into());
    };
    let (before, after) = (evaluate(case, now), evaluate(&read, now));
    let same = (before.verdict, before.leaning, before.cause, &before.causes)
        == (after.verdict, after.leaning, after.cause, &after.causes);
    (!same).then(|| {
        format!(
            "With placeholders in place of the external IDs the verdict is {}, not {}: a condition looks at more of an external ID than whether it is the same as another.",
            told(&after),
            told(&before)
        )
    })
}

/// Whether one of the words is still there, be it as the name of a member.
fn stands(value: &Value, words: &[(String, String)]) -> bool {
    match value {
        Value::String(text) => replace_words(text, words) != *text,
        Value::Array(all) => all.iter().any(|one| stands(one, words)),
        Value::Object(members) => {
            members.iter().any(|(name, one)| replace_words(name, words) != *name || stands(one, words))
        }
        _ => false,
    }
}
