//! What is chosen when the user has not chosen: the same for the screen and for `check`. Pure.

use std::sync::Arc;

use crate::config::{Config, webhook_stack};
use crate::migrate;
use crate::model::facts::{SourceEntry, Stack};
use crate::model::selection::{CredentialSource, WorkloadChoice};
use crate::model::{Facts, Selection};
use crate::systems::{self, quilt};

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

/// Why a stack was preselected.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StackReason {
    /// `quilt.stackArn` of `config.json` names it.
    Config,
    /// It serves the catalog that `config.json` names.
    ConfigCatalog(String),
    /// It serves the catalog that quilt3 is configured for.
    Quilt3(String),
    /// There is no other Quilt stack.
    Only,
}

impl StackReason {
    /// What is so of the stack, in words; the catalog is not made safe to print.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Config => "config.json names it".into(),
            Self::ConfigCatalog(host) => format!("config.json names its catalog, {host}"),
            Self::Quilt3(host) => format!("quilt3 is configured for its catalog, {host}"),
            Self::Only => "the only Quilt stack here".into(),
        }
    }
}

/// The stack that `config.json` names; else the one of the catalog that `config.json` or quilt3 names; else the only Quilt stack there is. Once
/// all stacks are known: half a list proves nothing.
#[must_use]
pub fn stack(facts: &Facts) -> Option<String> {
    stack_and_reason(facts).map(|(stack, _)| stack)
}

/// As [`stack`], with the reason.
#[must_use]
pub fn stack_and_reason(facts: &Facts) -> Option<(String, StackReason)> {
    let config = Config::of(facts);
    let named = |path: &[&str]| config.as_ref().and_then(|config| config.text(path)).map(str::to_owned);
    if let Some(arn) = named(&["quilt", "stackArn"]) {
        return Some((arn, StackReason::Config));
    }
    let stacks = facts.stacks.known()?;
    let quilt3 = facts.machine.known().and_then(|machine| machine.quilt3_catalog.clone());
    let catalogs = [
        named(&["quilt", "catalog"])
            .map(|url| (quilt::bare_host(&url).to_lowercase(), StackReason::ConfigCatalog as fn(_) -> _)),
        quilt3.map(|url| (quilt::bare_host(&url).to_lowercase(), StackReason::Quilt3 as fn(_) -> _)),
    ];
    for (host, reason) in catalogs.into_iter().flatten() {
        if let Some(stack) = single(stacks.iter().filter(|stack| serves(stack, &host))) {
            return Some((stack.arn.to_string(), reason(host)));
        }
    }
    let only = single(stacks.iter().filter(|stack| stack.is_quilt()))?;
    Some((only.arn.to_string(), StackReason::Only))
}

/// The one that there is; `None` for none and for several, since a choice between them would be a guess.
fn single<'s>(mut stacks: impl Iterator<Item = &'s Stack>) -> Option<&'s Stack> {
    match (stacks.next(), stacks.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

fn serves(stack: &Stack, host: &str) -> bool {
    !host.is_empty() && stack.output("QuiltWebHost").is_some_and(|own| quilt::bare_host(own).to_lowercase() == host)
}

/// The secret that `config.json` names; else the stack's own; else the one with the suggested name.
#[must_use]
pub fn secret(facts: &Facts, selection: &Selection) -> Option<String> {
    if let Some(arn) = Config::of(facts).and_then(|config| Some(config.text(&["benchling", "secretArn"])?.to_owned())) {
        return Some(arn);
    }
    if let Some(found) = quilt::own_secret(facts) {
        return Some(found.value);
    }
    Some(quilt::suggested_secret_name(&selection.config_profile))
}

/// The selection as the look-ups need it: with the name of the webhook's stack, which `config.json` may tell, and with the values that are tried,
/// if any are; of a system, with what is to be looked up for it. What the user chose stays as it is.
#[must_use]
pub fn for_gathering(facts: &Facts, selection: &Selection) -> Selection {
    let mut selection = selection.clone();
    if selection.workload == WorkloadChoice::WebhookStack {
        selection.workload = WorkloadChoice::Named(webhook_stack(facts, &selection));
    }
    if selection.migration.trials.any() {
        selection.migration.tried = migrate::trial::values(facts, &selection);
    }
    let plan = selection.system.is_some().then(|| Arc::new(systems::plan(facts, &selection)));
    if let Some((system, plan)) = selection.system.as_mut().zip(plan) {
        system.plan = plan;
    }
    selection
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Fact;
    use crate::model::facts::{ConfigFile, Machine, SourceKind};
    use crate::values::StackArn;

    fn entry(name: &str) -> SourceEntry {
        SourceEntry {
            source: CredentialSource::Profile(name.into()),
            kind: SourceKind::StaticKeys,
            region: None,
            account: None,
            role: None,
            sso_token: None,
            login: None,
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
        let reason = stack_and_reason(&facts).unwrap().1;
        assert_eq!(reason.words(), "quilt3 is configured for its catalog, two.example.com");
        facts.stacks = Fact::Known(vec![quilt("two"), quilt("two")]);
        assert_eq!(stack(&facts), None, "two stacks of one catalog: a choice would be a guess");
        facts.stacks = Fact::Known(vec![quilt("one")]);
        assert_eq!(stack_and_reason(&facts).unwrap().1, StackReason::Only);
    }

    #[test]
    fn the_files_catalog_goes_before_quilt3s() {
        let mut facts = Facts::new("2026-03-04T12:00:00Z".parse().unwrap());
        facts.stacks = Fact::Known(vec![quilt("one"), quilt("two")]);
        facts.machine = Fact::Known(Machine { quilt3_catalog: Some("two.example.com".into()), ..Machine::default() });
        let file = |text: &str| {
            Fact::Known(ConfigFile { path: "/c/default/config.json".into(), text: text.into(), mode: None })
        };
        facts.config = file(r#"{"quilt": {"catalog": "https://One.example.com/"}}"#);
        assert_eq!(stack_and_reason(&facts).unwrap().1, StackReason::ConfigCatalog("one.example.com".into()));
        facts.config = file(r#"{"quilt": {"stackArn": "arn:x", "catalog": "one.example.com"}}"#);
        assert_eq!(stack_and_reason(&facts), Some(("arn:x".into(), StackReason::Config)));
    }

    #[test]
    fn the_look_ups_learn_the_webhooks_stack_and_the_choice_stays() {
        let mut facts = Facts::new("2026-03-04T12:00:00Z".parse().unwrap());
        let text = r#"{"deployment": {"stackName": "Mine"}}"#.into();
        facts.config = Fact::Known(ConfigFile { path: "/c/default/config.json".into(), text, mode: None });
        let asked = for_gathering(&facts, &Selection::new());
        assert_eq!(asked.workload, WorkloadChoice::Named("Mine".into()));
        let typed = Selection { workload: WorkloadChoice::Stack("Typed".into()), ..Selection::new() };
        assert_eq!(for_gathering(&facts, &typed), typed);
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
