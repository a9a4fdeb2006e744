//! Accounts that do not belong together: said before anything else, since every other finding would follow from it.

use super::super::view::View;
use crate::model::facts::SourceEntry;
use crate::model::finding::Fix;
use crate::model::selection::CredentialSource;
use crate::model::{Finding, Selection, Severity};
use crate::systems::accounts::{self, Place};
use crate::values::{AccountId, shell};

/// One finding for all places that name another account than the caller's: what is read and written would not belong together.
pub(super) fn judge(view: &View<'_>) -> Option<Finding> {
    let mine = &view.identity()?.account;
    let places = accounts::places(view.facts, view.selection);
    let (ours, foreign): (Vec<&Place>, Vec<&Place>) = places.iter().partition(|place| place.account == *mine);
    let other = &foreign.first()?.account;
    let one = foreign.iter().all(|place| place.account == *other);
    let names = listed(&foreign);
    let verb = if names.contains(" and ") { "name" } else { "names" };
    let whose = if one { format!("account {}", other.grouped()) } else { "other accounts".into() };
    let claim = format!("You are in account {}, but {names} {verb} {whose}.", mine.grouped());
    let mut finding = Finding::new(Severity::Error, super::MIXED_ACCOUNTS, view.source_words(), claim);
    finding = finding.because(format!("{}: account {}", view.source_words(), mine.grouped()));
    for place in &places {
        finding = finding.because(format!("{}: account {}", place.what, place.account.grouped()));
    }
    for (kind, _, arn) in view.found_roles() {
        finding = finding.because(format!("{} role {}: account {}", kind.word(), arn.name(), arn.account().grouped()));
    }
    finding = finding
        .because("what is read with these credentials is not what the webhook uses, and nothing is written with them")
        .cure(other_profile(view, other));
    let configured = foreign.iter().any(|place| place.what.ends_with("config.json"));
    Some(if configured && (!one || !ours.is_empty()) {
        finding.cure(Fix::advice(
            "Or correct the place that names the wrong account. If the webhook runs in another account than Quilt on purpose, check each with an AWS profile of its own account.",
        ))
    } else if configured {
        finding.cure(Fix::advice(
            "Or choose another config profile (`--profile`), if this account is the one that is meant.",
        ))
    } else {
        finding
    })
}

/// "stack quilt-prod, the secret and config.json": each once, fields of the file as the file.
fn listed(places: &[&Place]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for place in places {
        let name = if place.what.ends_with("config.json") { "config.json" } else { place.what.as_str() };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn other_profile(view: &View<'_>, account: &AccountId) -> Fix {
    let entries = view.facts.sources.known().map(Vec::as_slice).unwrap_or_default();
    let named = |entry: &SourceEntry| match &entry.source {
        CredentialSource::Profile(name) if entry.account.as_ref() == Some(account) => Some(name.clone()),
        _ => None,
    };
    match entries.iter().find_map(named) {
        Some(name) => {
            let mut words = vec!["rolecall", "setup", "--aws-profile", &name];
            let config_profile = view.selection.config_profile.as_str();
            if config_profile != Selection::DEFAULT_CONFIG_PROFILE {
                words.extend(["--profile", config_profile]);
            }
            Fix::command(
                format!("AWS profile {name} is of account {}: choose it.", account.grouped()),
                shell::command(words),
            )
        }
        None => Fix::advice(format!(
            "Choose an AWS profile of account {}, or correct the place that names it.",
            account.grouped()
        )),
    }
}
