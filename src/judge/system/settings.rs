//! Whether a system's settings are there, keep their rules, and say the same wherever they stand.

use std::collections::BTreeSet;

use crate::model::facts::{SettingsPlace, SettingsSource};
use crate::model::finding::Fix;
use crate::model::{Facts, Finding, Severity};
use crate::systems::{self, Given, Secrecy, Setting, Settings, System};
use crate::values::access_key;
use crate::values::text::{elide_end, safe};

/// The longest value that a sentence shows, in columns.
const LONGEST: usize = 80;

/// So many paths and principals are named that are not asked about.
const SEVERAL: usize = 4;

pub(super) fn judge(system: &dyn System, settings: &Settings, facts: &Facts) -> Vec<Finding> {
    let Some(sources) = facts.system.settings.known() else { return Vec::new() };
    let mut findings: Vec<Finding> = sources.iter().filter_map(unreadable).collect();
    findings.extend(sources.iter().filter_map(|source| holds_nothing(system, source)));
    findings.extend(sources.iter().flat_map(twice));
    let not_asked = systems::not_asked(system, settings, facts);
    for setting in system.settings() {
        match settings.given(setting.name) {
            None if setting.required => findings.push(missing(setting)),
            None => {}
            Some(given) => findings.extend(fault(settings, setting, given, &not_asked)),
        }
        let others = settings.overruled().iter().filter(|other| other.setting == setting.name);
        findings.extend(others.filter_map(|other| differs(setting, settings.given(setting.name)?, other)));
    }
    findings
}

fn unreadable(source: &SettingsSource) -> Option<Finding> {
    let why = source.fault.as_deref()?;
    let place = source.place.words();
    let severity = match source.place {
        SettingsPlace::File(_) => Severity::Error,
        _ => Severity::Warning,
    };
    let finding = Finding::new(severity, "settings/source", &place, format!("{place} cannot be used as it is: {why}."));
    Some(finding.cure(Fix::advice("Correct the file, or name another one.")))
}

/// A file that was named, could be read, and says nothing of this system.
fn holds_nothing(system: &dyn System, source: &SettingsSource) -> Option<Finding> {
    let SettingsPlace::File(_) = source.place else { return None };
    let is_known = |name: &String| system.settings().iter().any(|setting| setting.variables.contains(&name.as_str()));
    if source.fault.is_some() || source.values.keys().any(is_known) {
        return None;
    }
    let place = source.place.words();
    let claim = format!("{place} holds no setting of {}.", system.title());
    let finding = Finding::new(Severity::Warning, "settings/source", &place, claim);
    let names: Vec<&str> = system.settings().iter().filter_map(|setting| setting.variables.first().copied()).collect();
    Some(finding.cure(Fix::advice(format!("Name another file, or set in it what is read: {}.", names.join(", ")))))
}

fn twice(source: &SettingsSource) -> impl Iterator<Item = Finding> {
    let place = source.place.words();
    source.twice.iter().map(move |name| {
        let claim = format!("{name} stands more than once in {place}, with other values: the last one counts.");
        Finding::new(Severity::Warning, "settings/source", &place, claim).cure(Fix::advice("Leave one of them."))
    })
}

fn missing(setting: &Setting) -> Finding {
    let claim = format!("{} is not set.", setting.label);
    let finding = Finding::new(Severity::Error, "settings/missing", setting.label, claim).because(setting.help);
    let names = setting.variables.join(", ");
    let names = if names.is_empty() { String::new() } else { format!(", or set {names}") };
    finding.cure(Fix::advice(format!("Give it with --set {}=…{names}.", setting.name)))
}

/// What cannot be used, and what is not asked for that.
fn fault(settings: &Settings, setting: &Setting, given: &Given, not_asked: &[(&[&str], String)]) -> Option<Finding> {
    let why = settings.fault(setting.name)?;
    let claim = format!("{} ({}) cannot be used: {why}.", given.name, given.place.words());
    let finding = Finding::new(Severity::Error, "settings/value", setting.label, claim);
    let finding = match setting.secrecy {
        Secrecy::Shown => finding.because(format!("it is {}", shown(given))),
        Secrecy::ExternalId | Secrecy::Presence => finding,
    };
    let waiting: BTreeSet<&str> =
        not_asked.iter().filter(|(names, _)| names.contains(&setting.name)).map(|(_, label)| label.as_str()).collect();
    let finding = match waiting.len() {
        0 => finding,
        1..=SEVERAL => {
            let labels: Vec<String> = waiting.into_iter().map(|label| elide_end(&safe(label), LONGEST)).collect();
            finding.because(format!("nothing was asked of AWS about {}", labels.join(", ")))
        }
        many => finding.because(format!("nothing was asked of AWS about {many} paths and principals")),
    };
    Some(finding.because(setting.help).cure(Fix::advice(corrected(given))))
}

/// What is typed stands nowhere else.
fn corrected(given: &Given) -> String {
    match given.place {
        SettingsPlace::Typed => format!("Correct {}, which was typed: --set {}=…", given.name, given.name),
        _ => format!("Correct {} in {}.", given.name, given.place.words()),
    }
}

fn differs(setting: &Setting, counts: &Given, other: &Given) -> Option<Finding> {
    // A dotted file that the environment overrules is the usual way of things; only that they differ is worth knowing.
    let severity = if matches!(counts.place, SettingsPlace::Typed) { Severity::Info } else { Severity::Warning };
    let claim = format!(
        "{} stands in two places with two values: {} of {} counts, {} of {} does not.",
        setting.label,
        counts.name,
        counts.place.words(),
        other.name,
        other.place.words()
    );
    let finding = Finding::new(severity, "settings/differs", setting.label, claim);
    Some(match setting.secrecy {
        Secrecy::Shown => finding.because(format!("{} against {}", shown(counts), shown(other))),
        Secrecy::ExternalId | Secrecy::Presence => finding,
    })
}

fn shown(given: &Given) -> String {
    elide_end(&safe(&access_key::withheld(given.value.expose())), LONGEST)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_file_that_says_nothing_and_a_name_that_says_two_things_are_told() {
        let system = crate::systems::find("wave").unwrap();
        let source = |name: &str, twice: &[&str]| SettingsSource {
            place: SettingsPlace::File("x.env".into()),
            values: BTreeMap::from([(name.to_owned(), "x".into())]),
            twice: twice.iter().map(|&name| name.to_owned()).collect(),
            fault: None,
        };
        let told = holds_nothing(system, &source("AWS_AUTH_ROLES", &[])).unwrap();
        assert_eq!((told.severity, told.id.as_str()), (Severity::Warning, "settings/source"));
        assert!(told.claim.starts_with("x.env holds no setting of"), "{}", told.claim);
        assert_eq!(holds_nothing(system, &source("AWS_ROLE_ARN", &[])), None);
        let told: Vec<Finding> = twice(&source("AWS_ROLE_ARN", &["AWS_ROLE_ARN"])).collect();
        assert!(told.len() == 1 && told[0].claim.contains("the last one counts"), "{told:?}");
    }
}
