//! What is chosen when the user has not chosen: the same for the screen and for `check`. Pure.

use crate::model::facts::{SourceEntry, Stack};
use crate::model::selection::CredentialSource;
use crate::model::{Facts, Selection};
use crate::systems::quilt::{self, Wanted};

/// Fills in what `facts` make certain enough, and changes nothing that was chosen.
pub fn preselect(facts: &Facts, selection: &mut Selection) {
    if selection.source.is_none() {
        selection.source = source(facts);
    }
    if selection.stack.is_none() {
        selection.stack = stack(facts);
    }
    if selection.secret.is_none() {
        selection.secret = secret(facts, selection);
    }
}

/// `AWS_PROFILE`; else keys in the environment, as every AWS tool would take them; else the only AWS profile, or `default`.
#[must_use]
pub fn source(facts: &Facts) -> Option<CredentialSource> {
    let entries = facts.sources.known()?;
    let has = |source: &CredentialSource| entries.iter().any(|entry| entry.source == *source);
    let named = facts.machine.known().and_then(|machine| machine.environment.get("AWS_PROFILE"));
    if let Some(name) = named {
        return Some(CredentialSource::Profile(name.clone()));
    }
    let ambient =
        entries.iter().find(|entry| !matches!(entry.source, CredentialSource::Profile(_)) && entry.fault.is_none());
    if let Some(entry) = ambient {
        return Some(entry.source.clone());
    }
    let default = CredentialSource::Profile("default".into());
    if has(&default) {
        return Some(default);
    }
    let mut usable = entries.iter().filter(|entry: &&SourceEntry| entry.fault.is_none());
    match (usable.next(), usable.next()) {
        (Some(only), None) => Some(only.source.clone()),
        _ => None,
    }
}

/// The stack that `config.json` names; else the only Quilt stack there is. Once all stacks are known: half a list proves nothing.
#[must_use]
pub fn stack(facts: &Facts) -> Option<String> {
    if let Some(arn) = config_text(facts, "/quilt/stackArn") {
        return Some(arn);
    }
    let stacks = facts.stacks.known()?;
    let catalog = facts.machine.known().and_then(|machine| machine.quilt3_catalog.as_deref());
    if let Some(stack) = catalog.and_then(|catalog| stacks.iter().find(|stack| serves(stack, catalog))) {
        return Some(stack.arn.to_string());
    }
    let mut quilt = stacks.iter().filter(|stack| stack.is_quilt());
    match (quilt.next(), quilt.next()) {
        (Some(only), None) => Some(only.arn.to_string()),
        _ => None,
    }
}

fn serves(stack: &Stack, catalog: &str) -> bool {
    let bare = |text: &str| text.trim_start_matches("https://").trim_end_matches('/').to_owned();
    stack.output("QuiltWebHost").is_some_and(|host| bare(host) == bare(catalog))
}

/// The secret that `config.json` names; else the stack's own; else the one with the suggested name.
#[must_use]
pub fn secret(facts: &Facts, selection: &Selection) -> Option<String> {
    if let Some(arn) = config_text(facts, "/benchling/secretArn") {
        return Some(arn);
    }
    if let Some(found) = quilt::resource(facts, Wanted::BenchlingSecret) {
        return Some(found.value);
    }
    Some(quilt::suggested_secret_name(&selection.config_profile))
}

fn config_text(facts: &Facts, pointer: &str) -> Option<String> {
    let config: serde_json::Value = serde_json::from_str(facts.config.known()?.text.expose()).ok()?;
    config.pointer(pointer)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Fact;
    use crate::model::facts::{Machine, SourceKind};
    use crate::values::StackArn;

    fn entry(name: &str) -> SourceEntry {
        SourceEntry {
            source: CredentialSource::Profile(name.into()),
            kind: SourceKind::StaticKeys,
            region: None,
            account: None,
            role: None,
            sso_token: None,
            fault: None,
        }
    }

    fn quilt(name: &str) -> Stack {
        Stack {
            arn: StackArn::parse(&format!("arn:aws:cloudformation:us-east-1:111122223333:stack/{name}/1")).unwrap(),
            status: "CREATE_COMPLETE".into(),
            status_reason: None,
            created: None,
            updated: None,
            outputs: vec![("QuiltWebHost".into(), format!("{name}.example.com"))],
            parameters: Vec::new(),
        }
    }

    #[test]
    fn only_what_is_certain_is_chosen() {
        let mut facts = Facts::new("2026-03-04T12:00:00Z".parse().unwrap());
        facts.sources = Fact::Known(vec![entry("a"), entry("b")]);
        assert_eq!(source(&facts), None);
        facts.sources = Fact::Known(vec![entry("a")]);
        assert_eq!(source(&facts), Some(CredentialSource::Profile("a".into())));
        facts.stacks = Fact::Known(vec![quilt("one"), quilt("two")]);
        assert_eq!(stack(&facts), None);
        facts.machine =
            Fact::Known(Machine { quilt3_catalog: Some("https://two.example.com/".into()), ..Machine::default() });
        assert!(stack(&facts).unwrap().contains("stack/two/"));
    }

    #[test]
    fn what_was_chosen_stays() {
        let mut facts = Facts::new("2026-03-04T12:00:00Z".parse().unwrap());
        facts.stacks = Fact::Known(vec![quilt("one")]);
        let mut selection = Selection { stack: Some("mine".into()), ..Selection::new() };
        preselect(&facts, &mut selection);
        assert_eq!(selection.stack.as_deref(), Some("mine"));
        assert_eq!(selection.secret.as_deref(), Some("benchling-webhook-prod"));
    }
}
