//! The systems there are.

use super::{PathPlan, Settings, System};
use crate::model::system::SystemPlan;
use crate::model::{Facts, Selection, SystemChoice};
use crate::values::regions::partition_of;

/// The systems beside the Quilt webhook, in the order of the list at home where none has stronger signs than another.
pub static ALL: &[&dyn System] = &[&super::wave::Wave, &super::sre_roles::SreRoles, &super::megatests::Megatests];

/// The word for the Quilt webhook, whose walk is the program's first.
pub const QUILT: &str = "quilt";

/// What the Quilt webhook is called among the systems.
pub const QUILT_TITLE: &str = "Quilt and its webhook";

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
    chosen(facts, selection).map(|(system, settings)| plan_of(system, &settings, facts, selection)).unwrap_or_default()
}

/// As [`plan`], of the settings that the chosen system has: its questions, and its access paths, walked by whom and read with what the user chose.
/// Nothing that is made of a setting which cannot be used.
#[must_use]
pub fn plan_of(system: &dyn System, settings: &Settings, facts: &Facts, selection: &Selection) -> SystemPlan {
    let (mut paths, mut questions) = (system.paths(settings, facts), system.questions(settings, facts));
    questions.retain(|question| are_sound(settings, question.settings));
    if let Some(choice) = &selection.system {
        paths = as_chosen(paths, settings, choice);
    }
    // What has not the form of a region is part of no host.
    let calls_in = system.calls_in(settings).filter(|calls| partition_of(&calls.region).is_some());
    SystemPlan { paths, questions, calls_in }
}

/// The access paths that are not looked at because of a setting that cannot be used.
#[must_use]
pub fn left_out(system: &dyn System, settings: &Settings, facts: &Facts) -> Vec<PathPlan> {
    if settings.are_sound() {
        return Vec::new();
    }
    let mut paths = system.paths(settings, facts);
    paths.retain(|path| !are_sound(settings, path.settings));
    paths
}

/// What is not asked because of a setting that cannot be used: the names of those settings, and what people call the path or the principal.
#[must_use]
pub fn not_asked(system: &dyn System, settings: &Settings, facts: &Facts) -> Vec<(&'static [&'static str], String)> {
    if settings.are_sound() {
        return Vec::new();
    }
    let paths = left_out(system, settings, facts).into_iter().map(|path| (path.settings, path.label));
    let questions = system.questions(settings, facts).into_iter().map(|question| (question.settings, question.label));
    paths.chain(questions.filter(|(names, _)| !are_sound(settings, names))).collect()
}

fn are_sound(settings: &Settings, names: &[&str]) -> bool {
    names.iter().all(|name| settings.fault(name).is_none())
}

/// The access paths of the chosen system as they shall be: what texts are made from.
#[must_use]
pub fn intended(facts: &Facts, selection: &Selection) -> Vec<PathPlan> {
    let (Some(choice), Some((system, settings))) = (&selection.system, chosen(facts, selection)) else {
        return Vec::new();
    };
    as_chosen(system.intended(&settings, facts), &settings, choice)
}

fn as_chosen(mut paths: Vec<PathPlan>, settings: &Settings, choice: &SystemChoice) -> Vec<PathPlan> {
    paths.retain(|path| are_sound(settings, path.settings));
    for path in &mut paths {
        path.inquiry.principal = choice.principal.clone().or(path.inquiry.principal.take());
        path.inquiry.inspectors.extend(choice.inspectors.iter().cloned());
    }
    paths
}

/// The systems that hand over a text of that name: two may, each its own.
pub fn of_text(word: &str) -> impl Iterator<Item = &'static dyn System> {
    ALL.iter().copied().filter(move |system| system.text_names().iter().any(|(own, _)| *own == word))
}

/// The words of all texts that systems alone hand over, each once.
#[must_use]
pub fn texts_of() -> Vec<&'static str> {
    let mut words = Vec::new();
    for (word, _) in ALL.iter().flat_map(|system| system.text_names()) {
        if !words.contains(word) {
            words.push(*word);
        }
    }
    words
}
