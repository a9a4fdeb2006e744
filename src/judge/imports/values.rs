//! What the sources give, judged as the secret they would make: all that is missing at once, each value with where it stood.

use super::super::secret::keys::{self, Subject};
use super::super::view::View;
use super::{screen, short, words};
use crate::migrate::sources::{Import, Value, old_names};
use crate::migrate::{Gathered, reader};
use crate::model::finding::Fix;
use crate::model::{Fact, Finding, Reader, Severity};
use crate::secret::{self, Document, Key, KeyRow};
use crate::values::json;
use crate::values::text::counted;

pub(super) fn judge(view: &View<'_>, gathered: &Gathered) -> Vec<Finding> {
    let waits = |fact: &Fact<_>| !fact.is_settled();
    if gathered.sources.iter().any(|source| waits(&source.import)) {
        return Vec::new();
    }
    let read: Vec<&Import> =
        gathered.sources.iter().filter_map(|source| source.import.known()?.as_ref().ok()).collect();
    let reader = reader::judged(view.selection);
    if let ([source], [Import { document: Some(document), .. }]) = (gathered.sources.as_slice(), read.as_slice()) {
        // A secret is judged as it stands: extra keys, duplicates, spelling.
        return keys::judge(view, &Subject::source(&short(&source.label)), document, reader);
    }
    if read.iter().all(|import| import.given.is_empty()) {
        return Vec::new();
    }
    of_merged(view, gathered, reader)
}

/// The sources together make a secret of the spelling that is asked about.
fn of_merged(view: &View<'_>, gathered: &Gathered, reader: Reader) -> Vec<Finding> {
    let Some(document) = document(gathered, reader) else { return Vec::new() };
    let rows = secret::rows(Some(&document), reader);
    let kept = kept(view);
    let missing: Vec<&KeyRow> =
        rows.iter().filter(|row| is_missing(row, gathered) && !kept.contains(&row.key)).collect();
    let subject = subject(gathered);
    let mut findings = Vec::new();
    for row in rows.iter().filter(|row| !is_missing(row, gathered) && row.severity < Severity::Info) {
        let Some(offer) = gathered.merged.offers(row.key).first() else { continue };
        let mut finding = keys::value(view, &Subject::source(&short(&offer.label)), row, &document);
        if offer.name != row.key.name() {
            finding = finding.because(format!("it stands in {}", words(row.key, offer)));
        }
        findings.push(finding);
    }
    findings.extend(keys::open_webhook(view, &Subject::source(&subject), &rows));
    if missing.is_empty() {
        let whole = findings.is_empty();
        findings.insert(0, complete(view, gathered, &subject));
        if whole {
            let verb = if gathered.sources.len() == 1 { "gives" } else { "give" };
            let claim = format!("All values that {subject} {verb} are valid.");
            findings.push(Finding::new(Severity::Ok, "secret/values", &subject, claim));
        }
    } else {
        findings.insert(0, lacking(view, gathered, &subject, &missing));
    }
    findings
}

/// The secret that the offers which count would make. `None` cannot be: it is JSON by its making.
fn document(gathered: &Gathered, reader: Reader) -> Option<Document> {
    let mut members = Vec::new();
    for key in Key::ALL {
        let Some(offer) = gathered.merged.offers(key).first() else { continue };
        let value = json::quoted(offer.value.expose());
        let capital = reader.reads_capitals().then(|| key.name());
        let small = reader.reads_small_letters().then(|| key.shipped_name()).flatten();
        // The key that shipped runtimes do not know has one name.
        let only = (capital.is_none() && small.is_none()).then(|| key.name());
        let names = [capital, small, only].into_iter().flatten();
        members.extend(names.map(|name| format!("{}: {value}", json::quoted(name))));
    }
    let text = zeroize::Zeroizing::new(format!("{{{}}}", members.join(", ")));
    Document::parse(&text.as_str().into()).ok()
}

/// A key is missing where its row is one of a key that the reader needs, and no source gives it.
fn is_missing(row: &KeyRow, gathered: &Gathered) -> bool {
    !row.present && row.severity == Severity::Error && gathered.merged.offers(row.key).is_empty()
}

/// The keys that the secret which is there holds already: whoever names sources means those and what the secret holds.
fn kept(view: &View<'_>) -> Vec<Key> {
    let document = Document::current(view.facts);
    let holds = |key: &Key| {
        document
            .as_ref()
            .and_then(|document| document.value(*key))
            .is_some_and(|it| key.may_be_empty() || !it.is_empty())
    };
    Key::ALL.into_iter().filter(holds).collect()
}

/// "env file prod.env", or of several "the sources together".
fn subject(gathered: &Gathered) -> String {
    match gathered.sources.as_slice() {
        [source] => short(&source.label),
        _ => "the sources together".into(),
    }
}

fn complete(view: &View<'_>, gathered: &Gathered, subject: &str) -> Finding {
    let kept: Vec<&str> =
        kept(view).into_iter().filter(|key| gathered.merged.offers(*key).is_empty()).map(Key::name).collect();
    let claim = format!("Every key that is needed is given by {subject}.");
    if kept.is_empty() {
        return Finding::new(Severity::Ok, "secret/keys", subject, claim);
    }
    let claim = format!("Every key that is needed is given by {subject}, or held by the secret that is there.");
    Finding::new(Severity::Ok, "secret/keys", subject, claim)
        .because(format!("held by the secret: {}", kept.join(", ")))
}

/// All that is missing in one finding, each with where it was looked for.
fn lacking(view: &View<'_>, gathered: &Gathered, subject: &str, missing: &[&KeyRow]) -> Finding {
    let list: Vec<&str> = missing.iter().map(|row| row.key.name()).collect();
    let (number, all) = (missing.len(), Key::ALL.len());
    let are = if number == 1 { "is" } else { "are" };
    let claim = format!("{number} of {all} keys {are} not given by {subject}: {}.", list.join(", "));
    let unread: Vec<String> = gathered
        .sources
        .iter()
        .filter(|source| !matches!(source.import.known(), Some(Ok(_))))
        .map(|source| short(&source.label))
        .collect();
    let finding = Finding::new(Severity::Error, "secret/keys", subject, claim)
        .because("the service stops at start-up when a key is missing");
    let mut finding = missing.iter().fold(finding, |finding, row| match why(row.key, gathered) {
        Some(why) => finding.because(format!("{}: {why}", row.key)),
        None => finding,
    });
    if !unread.is_empty() {
        let one = if unread.len() == 1 { "it may stand" } else { "they may stand" };
        finding = finding.because(format!("{one} in what could not be read: {}", unread.join(", ")));
    }
    // What a container gets from elsewhere was found by one of its names.
    let sought = missing.iter().filter(|row| !gathered.merged.references.contains_key(&row.key));
    let known_as: Vec<String> = sought.filter_map(|row| names_of(row.key)).collect();
    if !known_as.is_empty() {
        finding = finding.because(format!("looked for as well: {}", known_as.join("; ")));
    }
    let what = format!("Add {} to a source, or type what is left on the screen.", counted(number, "key"));
    finding.cure(Fix::command(what, screen(view)))
}

/// What a source says of a key that it gives no value for.
fn why(key: Key, gathered: &Gathered) -> Option<String> {
    if let Some((label, _)) = gathered.merged.references.get(&key).and_then(|all| all.first()) {
        return Some(format!("{} takes it from elsewhere", short(label)));
    }
    gathered.sources.iter().find_map(|source| {
        let import = source.import.known()?.as_ref().ok()?;
        let empty = |value: &Value| matches!(value, Value::Text(text) if text.is_empty());
        let given = import.given.iter().find(|given| given.key == key && empty(&given.value))?;
        Some(format!("{} is empty in {}", short(&given.name), short(&source.label)))
    })
}

/// The names of earlier versions under which a value would have been found.
fn names_of(key: Key) -> Option<String> {
    let names = old_names(key);
    (!names.is_empty()).then(|| format!("{key} as {}", names.join(" or ")))
}
