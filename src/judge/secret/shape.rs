//! What a document is beyond its keys: which spelling it speaks, keys that stand twice, keys a level too deep, its size.

use super::super::view::View;
use super::subject::Subject;
use crate::model::finding::Fix;
use crate::model::{Finding, Reader, Severity};
use crate::secret::{self, Dialect, Document, DocumentFault, Key, KeyRow};
use crate::values::text;
use crate::values::text::counted;

/// The most that a secret's value may have, in bytes (Secrets Manager quotas, "Secret value size").
const LARGEST: usize = 65_536;
/// From here on one value more may be too many, in bytes: nine tenths.
const NEARLY: usize = LARGEST / 10 * 9;

/// The text is no JSON object. The fault says where, and shows nothing of it.
pub(in crate::judge) fn fault(view: &View<'_>, subject: &Subject, fault: &DocumentFault) -> Finding {
    let (id, cure) = match fault {
        DocumentFault::NotAnObject { quoted: true, .. } => {
            ("secret/is-object", "Write the object itself, without the quotes around it and the backslashes in it.")
        }
        DocumentFault::NotAnObject { .. } => ("secret/is-object", "Write one object with the keys at its top."),
        DocumentFault::ByteOrderMark => {
            ("secret/json", "Save it as UTF-8 without a byte order mark, or write it again.")
        }
        DocumentFault::Empty => ("secret/json", "Fill it in, each value checked."),
        DocumentFault::Syntax { .. } => ("secret/json", "Correct that place, or write it again, each value checked."),
    };
    Finding::new(
        Severity::Error,
        id,
        &subject.name,
        format!("{} cannot be read by any runtime: {fault}.", subject.words),
    )
    .because(format!("expected {{\"CLIENT_ID\": \"…\", …}} with {}", counted(Key::ALL.len(), "key")))
    .cure(subject.cure(view, cure))
}

/// Of a key that stands twice the last one counts for every reader in use; which one was meant nobody can tell.
pub(super) fn duplicates(view: &View<'_>, subject: &Subject, document: &Document) -> Vec<Finding> {
    let key_of = |name: &str| Key::from_name(name).or_else(|| Key::from_shipped_name(name));
    let (ours, others): (Vec<&String>, Vec<&String>) =
        document.duplicates().iter().partition(|name| key_of(name).is_some());
    let finding = |about: String, claim: String| {
        Finding::new(Severity::Warning, "secret/duplicate-keys", about, claim)
            .because("readers take the last one; whoever looks at the text may take another")
    };
    let each = ours.into_iter().filter_map(|name| {
        let claim = format!("{name}{} stands more than once; the last value counts.", subject.of());
        let cure = subject.cure(view, &format!("Write {name} once, with the value that is meant."));
        Some(finding(subject.key(key_of(name)?), claim).cure(cure))
    });
    let each: Vec<Finding> = each.collect();
    let rest = (!others.is_empty()).then(|| {
        let names: Vec<String> = others.iter().map(|name| text::elide_end(&text::safe(name), 60)).collect();
        let (verb, which) = if names.len() == 1 { ("stands", "It is") } else { ("stand", "They are") };
        let claim = format!("{}{} {verb} more than once; the last value counts.", names.join(", "), subject.behind());
        let cure = format!("{which} written once, with the last value, when the secret is written.");
        finding(subject.name.clone(), claim).cure(subject.cure(view, &cure))
    });
    each.into_iter().chain(rest).collect()
}

/// Keys in an object of the object, where no reader looks: a fault where the top has no value for them, else worth knowing.
pub(super) fn nested(view: &View<'_>, subject: &Subject, document: &Document, rows: &[KeyRow]) -> Vec<Finding> {
    document
        .nested()
        .filter_map(|(name, inner)| {
            let key_of = |name: &str| Key::from_name(name).or_else(|| Key::from_shipped_name(name));
            let held: Vec<Key> = inner.entries().filter_map(|(name, _)| key_of(name)).collect();
            (!held.is_empty()).then(|| too_deep(view, subject, &text::elide_end(&text::safe(name), 60), &held, rows))
        })
        .collect()
}

fn too_deep(view: &View<'_>, subject: &Subject, name: &str, held: &[Key], rows: &[KeyRow]) -> Finding {
    let lacking = rows.iter().filter(|row| held.contains(&row.key) && row.value.is_none());
    let number = counted(held.len(), "key");
    match lacking.map(|row| row.severity).min() {
        Some(severity) => {
            let claim = format!("{} holds {number} one level too deep, in the object `{name}`.", subject.words);
            let what = format!("Write the keys of `{name}` at the top: what the top lacks is filled in from there.");
            Finding::new(severity, "secret/nested", &subject.name, claim)
                .because("a reader looks for its keys at the top of the object, and for texts alone")
                .cure(subject.cure(view, &what))
        }
        None => {
            let claim =
                format!("{} holds {number} in the object `{name}` as well, where no reader looks.", subject.words);
            Finding::new(Severity::Info, "secret/nested", &subject.name, claim)
                .because("what the reader takes stands at the top, and that counts")
        }
    }
}

/// Which spelling it speaks, where that is not the reader's own (C10).
pub(super) fn dialect(view: &View<'_>, subject: &Subject, document: &Document, reader: Reader) -> Option<Finding> {
    let (spelling, differing) = (secret::dialect(document), differing(document, reader));
    if document.entries().next().is_none() || spelling.suits(reader) && differing.is_empty() {
        return None;
    }
    let words = &subject.words;
    let claim = match spelling {
        Dialect::Both => format!("{words} holds {}.", spelling.words()),
        Dialect::Unrecognised => format!("{words} holds none of the webhook's keys, in any spelling."),
        _ => format!("{words} is spelled for {}.", spelling.words()),
    };
    let finding = Finding::new(Severity::Info, "secret/dialect", &subject.name, claim);
    let finding = secret::dialect::releases(document).into_iter().chain(differing).fold(finding, Finding::because);
    let asked = |reader: Reader| view.rolecall_job(&["secret", "check", "--reader", reader.word()]);
    Some(match spelling {
        Dialect::Both | Dialect::Specification if spelling.suits(reader) => finding,
        Dialect::Both => finding.cure(Fix::command("Judge both spellings.", asked(Reader::Both))),
        Dialect::Unrecognised => finding
            .because("it may be another application's")
            .cure(Fix::advice("Choose the secret that is meant, or write the webhook's keys beside what is there.")),
        Dialect::Shipped | Dialect::Legacy | Dialect::Specification => {
            let other = if spelling == Dialect::Specification { Reader::Specification } else { Reader::Shipped };
            finding
                .because("the specification asks for 11 keys in capitals; shipped runtimes read names in small letters")
                .cure(subject.cure(view, "Write both spellings: every runtime accepts that."))
                .cure(Fix::command("Or, if that is the runtime you have, judge it for that one.", asked(other)))
        }
    })
}

/// Keys whose other spelling, which this reader does not look at, holds something else.
fn differing(document: &Document, reader: Reader) -> Vec<String> {
    let pair = |key: Key| {
        Some((document.get(key.name())?.text(), key.shipped_name(), document.get(key.shipped_name()?)?.text()))
    };
    Key::ALL
        .into_iter()
        .filter(|_| reader != Reader::Both)
        .filter_map(|key| Some((key, pair(key)?)))
        .filter(|(_, (capitals, _, small))| capitals != small)
        .filter_map(|(key, (_, name, _))| Some(format!("`{}` holds another value than {key}", name?)))
        .collect()
}

/// Secrets Manager takes no more than 64 KiB, whatever the keys are.
pub(in crate::judge) fn size(view: &View<'_>, subject: &Subject, bytes: usize) -> Option<Finding> {
    let severity = match bytes {
        0..NEARLY => return None,
        NEARLY..=LARGEST => Severity::Warning,
        _ => Severity::Error,
    };
    let claim = if severity == Severity::Error {
        format!("{} has {bytes} bytes, more than the {LARGEST} that a secret may have.", subject.words)
    } else {
        format!("{} has {bytes} bytes; a secret may have {LARGEST}.", subject.words)
    };
    Some(
        Finding::new(severity, "secret/size", &subject.name, claim)
            .because("the values that the webhook reads need a small part of that")
            .cure(subject.cure(
                view,
                "Move what is none of the webhook's to a secret of its own, and shorten what is too long.",
            )),
    )
}
