//! The sources of a migration: what each was read as, where two of them differ, what stands elsewhere, and whether what they give is right.
//!
//! Nothing here needs a look-up in AWS: files, standard input and the environment are judged by themselves.

mod source;
mod values;

use std::collections::BTreeMap;

use super::view::View;
use crate::migrate::sources::{Place, Value};
use crate::migrate::{Gathered, Offer, gathered, reader};
use crate::model::finding::Fix;
use crate::model::{Finding, ImportSource, Reader, Severity, VersionChoice};
use crate::secret::Key;
use crate::values::mask::{self, Mask};
use crate::values::{shell, text};

/// The most offers of one key that are listed.
const MOST_OFFERS: usize = 12;

pub(super) fn judge(view: &View<'_>) -> Vec<Finding> {
    let asked = &view.selection.migration.imports;
    if asked.is_empty() {
        return Vec::new();
    }
    let gathered = gathered(view.facts, view.selection);
    let mut findings = Vec::new();
    for (asked, source) in asked.iter().zip(&gathered.sources) {
        findings.extend(source::judge(view, asked, source));
    }
    let reader = reader::chosen(view.facts, view.selection).0;
    findings.extend(gathered.merged.conflicts().map(|key| conflict(key, &gathered, reader)));
    findings.extend(references(view, &gathered));
    findings.extend(values::judge(view, &gathered));
    // What follows is to be about what was judged, and not about the secret of the selection.
    let mut instead = vec![(view.rolecall("secret"), screen(view))];
    instead.extend(Reader::ALL.map(|reader| {
        let plain = view.rolecall_job(&["secret", "check", "--reader", reader.word()]);
        let again = with(&plain, &sources(view, true));
        (plain, again)
    }));
    for fix in findings.iter_mut().flat_map(|finding| &mut finding.fixes) {
        if let Some((_, command)) = instead.iter().find(|(plain, _)| fix.command.as_ref() == Some(plain)) {
            fix.command = Some(command.clone());
        }
    }
    findings
}

/// The command that opens the screen with the same sources, but for those that cannot be read again.
fn screen(view: &View<'_>) -> String {
    with(&view.rolecall("secret"), &sources(view, false))
}

/// A command with more words behind it.
fn with(command: &str, words: &[String]) -> String {
    if words.is_empty() {
        return command.to_owned();
    }
    format!("{command} {}", shell::command(words.iter().map(String::as_str)))
}

/// The flags that name the sources again. Standard input can be given again to a command that is `piped` to, and what was pasted to none.
fn sources(view: &View<'_>, piped: bool) -> Vec<String> {
    let is_no_stdin = |source: &&ImportSource| !matches!(source, ImportSource::Stdin(_) | ImportSource::StdinBytes(_));
    let named = view.selection.migration.imports.iter().filter(|source| piped || is_no_stdin(source));
    named.flat_map(ImportSource::flags).collect()
}

/// A value, as far as it may be seen.
fn masked(key: Key, offer: &Offer) -> String {
    match (key.mask(), offer.value.expose()) {
        (_, "") => "empty".into(),
        // Two masks of one look would say that the values are the same.
        (Mask::Full, _) => "not shown".into(),
        (mask, value) => text::elide_end(&mask::masked(&text::safe(value), mask), 120),
    }
}

/// Two sources, or two names in one, that give a key different values.
fn conflict(key: Key, gathered: &Gathered, reader: Reader) -> Finding {
    let offers = gathered.merged.offers(key);
    let counts = offers.first();
    let other = offers.iter().find(|offer| counts.is_some_and(|counts| counts.value != offer.value));
    let shown = |finding: Finding| {
        let shown = offers.iter().take(MOST_OFFERS);
        let line = |offer: &Offer| format!("{}: {}", words(key, offer), masked(key, offer));
        shown.fold(finding, |finding, offer| finding.because(line(offer))).because("values are compared to the letter")
    };
    let warning = |claim: String| shown(Finding::new(Severity::Warning, "secret/conflict", key.name(), claim));
    if let (Some(counts), Some(other)) = (counts, other)
        && counts.source == other.source
    {
        return within(key, [counts, other], gathered, reader, warning);
    }
    let called = |offer: Option<&Offer>| offer.map(|offer| words(key, offer)).unwrap_or_default();
    let (first, second) = (called(counts), called(other));
    warning(format!("{key} has two values: {first} and {second} differ; the first counts unless another is chosen."))
        .because("the source that is named first counts")
        .cure(Fix::advice(format!(
            "If the other one is meant, name {} before {}, or choose it on the screen.",
            label(other),
            label(counts)
        )))
}

/// Two names of one source: which of them counts, and why, depends on what the source is.
fn within(
    key: Key,
    [counts, other]: [&Offer; 2],
    gathered: &Gathered,
    reader: Reader,
    warning: impl Fn(String) -> Finding,
) -> Finding {
    let (first, second, label) = (short(&counts.name), short(&other.name), short(&counts.label));
    let import = gathered.sources.get(counts.source).and_then(|source| source.import.known()?.as_ref().ok());
    let finding = warning(format!("{key} has two values in {label}: {first} counts before {second}."));
    if import.is_none_or(|import| import.document.is_none()) {
        let what = format!("Leave only one of the two for {key} in {label}, or type what is meant on the screen.");
        return finding.cure(Fix::advice(what));
    }
    let why = match reader {
        Reader::Specification => "the specification reads the names in capitals",
        Reader::Shipped => "shipped runtimes read the names in small letters",
        Reader::Both => "of the two spellings the capitals count; shipped runtimes read the small letters today",
    };
    let cure = match reader {
        Reader::Both => format!(
            "Both spellings are written with the value of {first}. If that of {second} is meant, give {first} the same value in {label}."
        ),
        _ => format!("If the value of {second} is meant, put it under {first} in {label}."),
    };
    finding.because(why).cure(Fix::advice(cure))
}

fn label(offer: Option<&Offer>) -> String {
    offer.map(|offer| short(&offer.label)).unwrap_or_default()
}

/// "env file prod.env", or where the name there is another one, "BENCHLING_TENANT of env file prod.env".
fn words(key: Key, offer: &Offer) -> String {
    if offer.name == key.name() {
        short(&offer.label)
    } else {
        format!("{} of {}", short(&offer.name), short(&offer.label))
    }
}

/// A name or label inside a sentence: safe, and no longer than a line.
fn short(label: &str) -> String {
    text::elide_middle(&text::safe(label), 100)
}

/// Values that a container gets from elsewhere: shown, and never followed unasked.
fn references(view: &View<'_>, gathered: &Gathered) -> Vec<Finding> {
    let mut seen: BTreeMap<(Key, String), Finding> = BTreeMap::new();
    for source in &gathered.sources {
        let Some(Ok(import)) = source.import.known() else { continue };
        for given in &import.given {
            if let Value::Reference(from) = &given.value
                && seen.len() < MOST_OFFERS
            {
                seen.entry((given.key, from.clone())).or_insert_with(|| {
                    let found = Reference { key: given.key, name: &given.name, label: &source.label, from };
                    found.judged(view, gathered.merged.offers(given.key).first())
                });
            }
        }
    }
    seen.into_values().collect()
}

struct Reference<'r> {
    key: Key,
    name: &'r str,
    label: &'r str,
    from: &'r str,
}

impl Reference<'_> {
    fn judged(&self, view: &View<'_>, offer: Option<&Offer>) -> Finding {
        let Self { key, name, label, from } = self;
        let place = Place::of(from);
        let what = match &place {
            Place::Secret { arn, key: Some(inner), .. } => {
                format!("key {} of secret {}", short(inner), short(crate::values::arn::secret_name(arn)))
            }
            Place::Secret { arn, key: None, .. } => format!("secret {}", short(crate::values::arn::secret_name(arn))),
            Place::Parameter { name, .. } => format!("parameter {}", short(name)),
        };
        let claim = format!("{key} stands elsewhere: {} takes it from {what}.", short(label));
        let finding = Finding::new(Severity::Info, "secret/reference", key.name(), claim)
            .because(format!("{} is taken from {}", short(name), text::elide_end(&text::safe(from), 400)))
            .because("a reference is shown and not followed");
        let finding = match offer {
            Some(offer) => finding.because(format!("a value is given by {}", words(*key, offer))),
            None => finding,
        };
        finding.cure(self.cure(view, &place))
    }

    fn cure(&self, view: &View<'_>, place: &Place) -> Fix {
        let in_region = |words: Vec<&str>, region: Option<&str>| match region {
            Some(region) => view.aws(&[words.as_slice(), &["--region", region]].concat()),
            None => view.aws_regional(&words),
        };
        match place {
            Place::Secret { arn, version, region, .. } => {
                let mut words = vec!["secretsmanager", "get-secret-value", "--secret-id", arn];
                match version {
                    VersionChoice::Current => {}
                    VersionChoice::Id(id) => words.extend(["--version-id", id]),
                    VersionChoice::Stage(stage) => words.extend(["--version-stage", stage]),
                }
                words.extend(["--query", "SecretString", "--output", "text"]);
                let what = "This prints what stands there. A secret that holds the keys themselves can be named as a source, too.";
                Fix::command(what, in_region(words, Some(region)))
            }
            Place::Parameter { name, region } => {
                let words = vec!["ssm", "get-parameter", "--name", name, "--with-decryption"];
                let words = [words.as_slice(), &["--query", "Parameter.Value", "--output", "text"]].concat();
                Fix::command("This prints what stands there.", in_region(words, region.as_deref()))
            }
        }
    }
}

#[cfg(test)]
mod tests;
