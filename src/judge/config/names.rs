//! Names in `config.json` that no reader knows: most often a slip of the fingers.

use super::super::view::View;
use crate::config::Config;
use crate::config::fields::{SECTIONS, is_known_at_top, known};
use crate::model::finding::Fix;
use crate::model::{Finding, Severity};
use crate::secret::nearest::distance;
use crate::values::text::counted;

pub(super) fn judge(view: &View<'_>, config: &Config) -> Option<Finding> {
    let top: Vec<&str> = config.top().filter(|name| !is_known_at_top(name)).collect();
    // Below the top readers allow anything, so that only what looks like a known name that is missing is worth a word.
    let slips: Vec<(String, String)> = SECTIONS.iter().flat_map(|(section, _)| slips(config, section)).collect();
    if top.is_empty() && slips.is_empty() {
        return None;
    }
    let names = top.iter().map(|name| (*name).to_owned()).chain(slips.iter().map(|(name, _)| name.clone()));
    let names: Vec<String> = names.collect();
    let claim = format!(
        "{} has {} that no reader knows: {}.",
        view.config_words(),
        counted(names.len(), "name"),
        names.join(", ")
    );
    let mut finding = Finding::new(Severity::Warning, "config/extra-keys", &view.selection.config_profile, claim);
    for name in &top {
        let meant = near(name, known(None)).filter(|meant| config.own(&[meant]).is_none());
        finding = finding.because(match meant {
            Some(meant) => format!("{name}: is {meant} meant?"),
            None => format!("{name}: version 0.8.2 refuses other names at the top, newer ones pass it over"),
        });
    }
    for (name, meant) in &slips {
        finding = finding.because(format!("{name}: is {meant} meant?"));
    }
    Some(finding.cure(Fix::advice("Correct the name, or take it out; rolecall keeps what it does not know.")))
}

fn slips(config: &Config, section: &str) -> Vec<(String, String)> {
    let unknown = config.below(section).filter(|name| !known(Some(section)).any(|known| known == *name));
    unknown
        .filter_map(|name| {
            let meant = near(name, known(Some(section)))?;
            config.own(&[section, meant]).is_none().then(|| (format!("{section}.{name}"), format!("{section}.{meant}")))
        })
        .collect()
}

/// The known name that differs by case alone, or by a slip or two.
fn near(name: &str, known: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let folded = name.to_lowercase().replace(['_', '-'], "");
    let slips = |known: &str| distance(&known.to_lowercase().replace('_', ""), &folded);
    let found = known.map(|known| (slips(known), known)).min_by_key(|(slips, _)| *slips)?;
    (found.0 <= if name.len() < 8 { 1 } else { 2 }).then_some(found.1)
}
