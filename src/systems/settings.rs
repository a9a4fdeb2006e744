//! A system's settings: what it reads from where, resolved by weight: typed, then files, then the environment, then `.env`.

use crate::model::facts::{SettingsPlace, SettingsSource};
use crate::model::{Facts, SystemChoice};
use crate::values::SecretText;

/// One setting of a system.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The word for it: `external-id`. On the command line `--set external-id=…`.
    pub name: &'static str,
    /// As a form calls it.
    pub label: &'static str,
    /// The names that it stands under in environments, `.env` files and JSON, best first.
    pub variables: &'static [&'static str],
    /// What may be seen of it.
    pub secrecy: Secrecy,
    /// The system cannot be looked at without it.
    pub required: bool,
    /// What counts where nothing is set.
    pub unset: Option<&'static str>,
    /// Why a value cannot be one, as a clause: "a registry host is ACCOUNT.dkr.ecr.REGION.amazonaws.com". `None`: it can.
    pub fault: fn(&str) -> Option<String>,
    /// What it is, in a sentence, for a form and for help.
    pub help: &'static str,
}

impl Setting {
    /// One that may be seen and need not be there; any value is one.
    #[must_use]
    pub const fn of(
        name: &'static str,
        label: &'static str,
        variables: &'static [&'static str],
        help: &'static str,
    ) -> Self {
        Self { name, label, variables, secrecy: Secrecy::Shown, required: false, unset: None, fault: |_| None, help }
    }

    /// The same, with a rule for its value.
    #[must_use]
    pub const fn ruled(self, fault: fn(&str) -> Option<String>) -> Self {
        Self { fault, ..self }
    }

    /// The same, for which a value counts where nothing is set.
    #[must_use]
    pub const fn or(self, unset: &'static str) -> Self {
        Self { unset: Some(unset), ..self }
    }

    /// The same, of which less may be seen.
    #[must_use]
    pub const fn hidden(self, secrecy: Secrecy) -> Self {
        Self { secrecy, ..self }
    }
}

/// What may be seen of a setting.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Secrecy {
    /// All of it.
    Shown,
    /// It is an external ID, or holds some: masked in reports unless asked for.
    ExternalId,
    /// Only whether it is set: a token, a key. It is never typed and never written.
    Presence,
}

/// A setting with its value and where it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Given {
    /// The setting's name.
    pub setting: &'static str,
    /// The name that it stands under there: `AWS_ROLE_ARN`. The setting's own where it was typed.
    pub name: String,
    /// Its value, without white space around it.
    pub value: SecretText,
    /// Where.
    pub place: SettingsPlace,
}

/// The settings of one system, resolved. Values are never empty.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// What counts, in the system's order.
    given: Vec<Given>,
    /// What stands elsewhere too and does not count, by weight: of the same setting, with another value.
    overruled: Vec<Given>,
    /// What was typed for a part of a setting: its name, the part, the text.
    parts: Vec<(&'static str, String, SecretText)>,
    /// Of what counts, why it cannot be used.
    faults: Vec<(&'static str, String)>,
}

impl Settings {
    /// Resolves them.
    #[must_use]
    pub fn of(known: &[Setting], choice: Option<&SystemChoice>, facts: &Facts) -> Self {
        let mut settings = Self::default();
        let sources = facts.system.settings.shown().map(Vec::as_slice).unwrap_or_default();
        for setting in known {
            let typed = choice.and_then(|choice| choice.typed.get(setting.name));
            let typed =
                typed.map(|text| given(setting, setting.name, &SecretText::new(text.clone()), SettingsPlace::Typed));
            let mut found = typed.into_iter().chain(sources.iter().flat_map(|source| standing(setting, source)));
            let parts = choice.iter().flat_map(|choice| &choice.typed).filter_map(|(name, text)| {
                let part = name.strip_prefix(setting.name)?.strip_prefix('.')?;
                Some((setting.name, part.to_owned(), SecretText::new(text.clone())))
            });
            settings.parts.extend(parts);
            let Some(first) = found.next() else { continue };
            settings
                .overruled
                .extend(found.filter(|other| other.value != first.value && !other.value.expose().is_empty()));
            // What was typed and left empty takes the setting away.
            if !first.value.expose().is_empty() {
                settings.faults.extend((setting.fault)(first.value.expose()).map(|why| (setting.name, why)));
                settings.given.push(first);
            }
        }
        settings
    }

    /// A value.
    #[must_use]
    pub fn get(&self, setting: &str) -> Option<&str> {
        self.given(setting).map(|given| given.value.expose())
    }

    /// A value and where it stands.
    #[must_use]
    pub fn given(&self, setting: &str) -> Option<&Given> {
        self.given.iter().find(|given| given.setting == setting)
    }

    /// Why a value that counts cannot be used, as a clause: it does not keep its setting's rule.
    #[must_use]
    pub fn fault(&self, setting: &str) -> Option<&str> {
        self.faults.iter().find(|(name, _)| *name == setting).map(|(_, why)| why.as_str())
    }

    /// Whether all that counts can be used.
    #[must_use]
    pub const fn are_sound(&self) -> bool {
        self.faults.is_empty()
    }

    /// A value that can be used. What cannot is as good as not known: neither sent to AWS nor written into a text.
    #[must_use]
    pub fn sound(&self, setting: &str) -> Option<&str> {
        self.get(setting).filter(|_| self.fault(setting).is_none())
    }

    /// Everything that counts.
    #[must_use]
    pub fn all(&self) -> &[Given] {
        &self.given
    }

    /// What stands elsewhere too, with another value, and does not count.
    #[must_use]
    pub fn overruled(&self) -> &[Given] {
        &self.overruled
    }

    /// What was typed for parts of a setting that holds several things: of `roles.prod.external_id` the part `prod.external_id`, and the text.
    /// An empty one takes the part away.
    pub fn parts(&self, setting: &str) -> impl Iterator<Item = (&str, &str)> {
        let of_setting = self.parts.iter().filter(move |(name, ..)| *name == setting);
        of_setting.map(|(_, part, text)| (part.as_str(), text.expose()))
    }

    /// Whether a value that counts stands in this machine's environment or in `.env` here: nobody has named it.
    #[must_use]
    pub fn is_found_here(&self, setting: &str) -> bool {
        let here = |given: &Given| matches!(given.place, SettingsPlace::Environment | SettingsPlace::DotEnv(_));
        self.given(setting).is_some_and(here)
    }
}

/// What a source gives for a setting: every name of it that stands there, best first. An empty value is none.
fn standing<'a>(setting: &'a Setting, source: &'a SettingsSource) -> impl Iterator<Item = Given> + 'a {
    setting.variables.iter().filter_map(|name| {
        let value = source.values.get(*name).filter(|value| !value.expose().trim().is_empty())?;
        Some(given(setting, name, value, source.place.clone()))
    })
}

fn given(setting: &Setting, name: &str, value: &SecretText, place: SettingsPlace) -> Given {
    let value = SecretText::new(value.expose().trim().to_owned());
    Given { setting: setting.name, name: name.to_owned(), value, place }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::model::Fact;
    use crate::values::time::Timestamp;

    const ROLE: Setting = Setting {
        name: "role",
        label: "Role",
        variables: &["AWS_ROLE_ARN", "ROLE"],
        secrecy: Secrecy::Shown,
        required: true,
        unset: None,
        fault: |_| None,
        help: "",
    };

    fn facts(sources: &[(SettingsPlace, &[(&str, &str)])]) -> Facts {
        let mut facts = Facts::new(Timestamp::UNIX_EPOCH);
        let source = |(place, values): &(SettingsPlace, &[(&str, &str)])| SettingsSource {
            place: place.clone(),
            values: values.iter().map(|(name, value)| ((*name).to_owned(), SecretText::new(*value))).collect(),
            twice: Vec::new(),
            fault: None,
        };
        facts.system.settings = Fact::Known(sources.iter().map(source).collect());
        facts
    }

    #[test]
    fn what_weighs_more_counts_and_what_differs_is_kept_to_be_told() {
        let facts = facts(&[
            (SettingsPlace::File("prod.env".into()), &[("AWS_ROLE_ARN", " file ")]),
            (SettingsPlace::Environment, &[("AWS_ROLE_ARN", "file"), ("ROLE", "other")]),
        ]);
        let settings = Settings::of(&[ROLE], None, &facts);
        assert_eq!(
            (settings.get("role"), settings.given("role").unwrap().place.words().as_str()),
            (Some("file"), "prod.env")
        );
        let others: Vec<&str> = settings.overruled().iter().map(|given| given.name.as_str()).collect();
        assert_eq!(others, ["ROLE"], "the same value twice is no difference");
    }

    #[test]
    fn what_is_typed_wins_and_typed_empty_takes_away() {
        let facts = facts(&[(SettingsPlace::Environment, &[("AWS_ROLE_ARN", "there")])]);
        let typed = |text: &str| SystemChoice {
            typed: BTreeMap::from([("role".to_owned(), text.to_owned())]),
            ..SystemChoice::of("x")
        };
        assert_eq!(Settings::of(&[ROLE], Some(&typed("mine")), &facts).get("role"), Some("mine"));
        assert_eq!(Settings::of(&[ROLE], Some(&typed("")), &facts).get("role"), None);
        assert!(Settings::of(&[ROLE], None, &facts).is_found_here("role"));
    }
}
