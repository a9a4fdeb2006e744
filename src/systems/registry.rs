//! The systems there are.

use super::{PathPlan, Settings, System};
use crate::model::system::SystemPlan;
use crate::model::{Facts, Selection, SystemChoice};

/// The systems beside the Quilt webhook, in the order of the list at home.
pub static ALL: &[&dyn System] = &[&super::wave::Wave, &super::sre_roles::SreRoles, &super::megatests::Megatests];

/// The word for the Quilt webhook, whose walk is the program's first.
pub const QUILT: &str = "quilt";

/// Every word that names a system, the Quilt webhook's first.
pub static NAMES: std::sync::LazyLock<Vec<&'static str>> =
    std::sync::LazyLock::new(|| std::iter::once(QUILT).chain(ALL.iter().map(|system| system.name())).collect());

/// The system of that name. `None`: the Quilt webhook, or none at all.
#[must_use]
pub fn find(name: &str) -> Option<&'static dyn System> {
    ALL.iter().copied().find(|system| system.name() == name)
}

/// The system that is looked at, with its settings.
#[must_use]
pub fn chosen(facts: &Facts, selection: &Selection) -> Option<(&'static dyn System, Settings)> {
    let choice = selection.system.as_ref()?;
    let system = find(&choice.name)?;
    Some((system, Settings::of(system.settings(), Some(choice), facts)))
}

/// What is to be looked up for the chosen system.
#[must_use]
pub fn plan(facts: &Facts, selection: &Selection) -> SystemPlan {
    let (Some(choice), Some((system, settings))) = (&selection.system, chosen(facts, selection)) else {
        return SystemPlan::default();
    };
    SystemPlan { paths: paths(system, &settings, choice, facts), questions: system.questions(&settings, facts) }
}

/// The access paths of a system, walked by whom and read with what the user chose.
#[must_use]
pub fn paths(system: &dyn System, settings: &Settings, choice: &SystemChoice, facts: &Facts) -> Vec<PathPlan> {
    as_chosen(system.paths(settings, facts), choice)
}

/// The access paths of the chosen system as they shall be: what texts are made from.
#[must_use]
pub fn intended(facts: &Facts, selection: &Selection) -> Vec<PathPlan> {
    let (Some(choice), Some((system, settings))) = (&selection.system, chosen(facts, selection)) else {
        return Vec::new();
    };
    as_chosen(system.intended(&settings, facts), choice)
}

fn as_chosen(mut paths: Vec<PathPlan>, choice: &SystemChoice) -> Vec<PathPlan> {
    for path in &mut paths {
        path.inquiry.principal = choice.principal.clone().or(path.inquiry.principal.take());
        path.inquiry.inspectors.extend(choice.inspectors.iter().cloned());
    }
    paths
}

/// The systems that hand over a text of that name: two may, each its own.
pub fn of_text(word: &str) -> impl Iterator<Item = &'static dyn System> {
    ALL.iter().copied().filter(move |system| system.text_names().contains(&word))
}

/// The words of all texts that systems alone hand over, each once.
#[must_use]
pub fn texts_of() -> Vec<&'static str> {
    let mut words = Vec::new();
    for word in ALL.iter().flat_map(|system| system.text_names()) {
        if !words.contains(word) {
            words.push(*word);
        }
    }
    words
}
