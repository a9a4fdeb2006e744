//! What to look at next: commands that only read, with the names of the message filled in as single words of a shell.

use serde::Serialize;

use super::facts::Facts;
use super::patterns::{self, Next, TABLE};
use crate::values::shell;

/// One thing to look at or do.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Step {
    /// What it shows, and with whose credentials.
    pub what: String,
    /// A command that reads. Names that the message does not tell stand in capitals, such as `ROLE_NAME`.
    pub command: Option<String>,
}

pub(super) fn steps(all: &[Next], facts: &Facts) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for step in all.iter().filter_map(|next| TABLE.step(next)).filter(|step| applies(step, facts)) {
        let command = step.command.as_deref().map(|words| command(words, facts));
        if command.is_none() || steps.iter().all(|known| known.command != command) {
            steps.push(Step { what: facts.filled(&step.what), command });
        }
    }
    steps
}

fn applies(step: &patterns::Step, facts: &Facts) -> bool {
    let has = |name: &str| facts.fields.contains_key(name);
    let told = ["caller_user", "caller_role", "caller_other"].into_iter().any(has);
    let policy_type = facts.fields.get("policy_type").map(|kind| kind.replace(' ', "-")).unwrap_or_default();
    let of_sts = facts.fields.get("action").is_none_or(|action| action.starts_with("sts:"));
    step.when.split_whitespace().all(|word| match word {
        "sts" => of_sts,
        "other" => !of_sts,
        // A caller that the message does not name may be either.
        "user" => !told || has("caller_user"),
        "role" => !told || has("caller_role"),
        "encoded" | "org_policy" | "iam_policy" | "principal_role" | "principal_user" => has(word),
        kind => policy_type.contains(kind),
    })
}

fn command(words: &[String], facts: &Facts) -> String {
    let words: Vec<String> = words.iter().map(|word| filled(word, facts)).collect();
    shell::command(words.iter().map(String::as_str))
}

/// A word of a command: a name, filled in, or in capitals when it is not known.
fn filled(word: &str, facts: &Facts) -> String {
    let Some(name) = word.strip_prefix('{').and_then(|word| word.strip_suffix('}')) else { return word.to_owned() };
    match facts.fields.get(name) {
        // Nothing that a command would take for an option.
        Some(value) if !value.is_empty() && !value.starts_with('-') => value.clone(),
        _ => name.to_uppercase(),
    }
}
