//! The 11 keys as the sources give them: each with its faults, and which source it is from.

use super::sources::Value;
use super::{Gathered, Offer};
use crate::model::{Reader, Severity};
use crate::secret::{self, Document, Key, KeyRow};
use crate::values::json::quoted;
use crate::values::text::{elide_end, safe};

/// One key, and where its value stood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct JudgedKey {
    /// The key, its value and its faults.
    pub row: KeyRow,
    /// What a source offers for it, the one that counts.
    pub offer: Option<Offer>,
}

/// Judges what the sources give together, of two that differ the first. A single secret's JSON is judged as it stands there.
#[must_use]
pub fn keys(gathered: &Gathered, reader: Reader) -> Vec<JudgedKey> {
    if let Some(document) = only_document(gathered) {
        return secret::rows(Some(document), reader)
            .into_iter()
            .map(|row| JudgedKey { offer: row.present.then(|| offer(gathered, row.key)).flatten(), row })
            .collect();
    }
    let written = written(gathered, reader);
    secret::rows(written.as_ref(), reader).into_iter().map(|row| of_several(gathered, reader, row)).collect()
}

/// The secret as it stands in the only source, where that is one.
#[must_use]
pub fn only_document(gathered: &Gathered) -> Option<&Document> {
    match gathered.sources.as_slice() {
        [only] => document_of(gathered, 0).filter(|_| only.import.known().is_some()),
        _ => None,
    }
}

fn document_of(gathered: &Gathered, source: usize) -> Option<&Document> {
    gathered.sources.get(source)?.import.known()?.as_ref().ok()?.document.as_ref()
}

fn offer(gathered: &Gathered, key: Key) -> Option<Offer> {
    gathered.merged.offers(key).first().cloned()
}

/// What would be written of it, as far as there are values.
fn written(gathered: &Gathered, reader: Reader) -> Option<Document> {
    let mut members = Vec::new();
    for key in Key::ALL {
        let value = match gathered.merged.offers(key).first() {
            Some(offer) => quoted(offer.value.expose()),
            None if stands_empty(gathered, key) => quoted(""),
            None => continue,
        };
        let names =
            [reader.reads_capitals().then(|| key.name()), key.shipped_name().filter(|_| reader.reads_small_letters())];
        members.extend(names.into_iter().flatten().map(|name| format!("{}:{value}", quoted(name))));
    }
    Document::parse(&format!("{{{}}}", members.join(",")).into()).ok()
}

/// Whether a source names a key and gives it no value: that is no offer, and not the same as missing.
fn stands_empty(gathered: &Gathered, key: Key) -> bool {
    let read = gathered.sources.iter().filter_map(|source| source.import.known()?.as_ref().ok());
    read.flat_map(|import| &import.given)
        .any(|given| given.key == key && matches!(&given.value, Value::Text(text) if text.is_empty()))
}

/// A value that stands in a secret's JSON may be no text there; one that a container gets from elsewhere is none that can be judged.
fn of_several(gathered: &Gathered, reader: Reader, row: KeyRow) -> JudgedKey {
    let offer = offer(gathered, row.key);
    let there = offer.as_ref().and_then(|offer| {
        let document = document_of(gathered, offer.source)?;
        secret::rows(Some(document), reader).into_iter().find(|there| there.key == row.key && there.present)
    });
    if let Some(there) = there {
        return JudgedKey { row: there, offer };
    }
    match (&offer, gathered.merged.references.get(&row.key).and_then(|from| from.first())) {
        (None, Some((_, from))) => {
            let message = format!("not read: the container gets it from {}", elide_end(&safe(from), 90));
            JudgedKey { row: KeyRow { message, severity: Severity::Error, ..row }, offer }
        }
        _ => JudgedKey { row, offer },
    }
}

/// Whether a value of the source is only referred to.
#[must_use]
pub fn refers(gathered: &Gathered, source: usize) -> usize {
    let import = gathered.sources.get(source).and_then(|source| source.import.known()?.as_ref().ok());
    import.map_or(0, |import| import.given.iter().filter(|given| matches!(given.value, Value::Reference(_))).count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::sources::Given;
    use crate::migrate::{Import, Shape, Source, merge};
    use crate::model::Fact;

    fn source(label: &str, document: Option<&str>, values: &[(Key, Value)]) -> Source {
        let import = Import {
            shape: if document.is_some() { Shape::Secret } else { Shape::Variables },
            given: values
                .iter()
                .map(|(key, value)| Given { key: *key, name: key.name().into(), value: value.clone() })
                .collect(),
            document: document.map(|text| Document::parse(&text.into()).unwrap()),
            remarks: Vec::new(),
            leftovers: Vec::new(),
        };
        Source { label: label.into(), import: Fact::Known(Ok(import)) }
    }

    fn gathered(sources: Vec<Source>) -> Gathered {
        let merged = merge::merge(&sources, Reader::Specification);
        Gathered { sources, merged }
    }

    fn of(keys: &[JudgedKey], key: Key) -> &JudgedKey {
        keys.iter().find(|judged| judged.row.key == key).unwrap()
    }

    #[test]
    fn of_two_that_differ_the_first_is_judged_and_a_third_fills_what_is_missing() {
        let text = |value: &str| Value::Text(value.into());
        let all = gathered(vec![
            source("a", None, &[(Key::LogLevel, text("info"))]),
            source("b", None, &[(Key::LogLevel, text("INFO")), (Key::Tenant, text("acme"))]),
        ]);
        let keys = keys(&all, Reader::Specification);
        let level = of(&keys, Key::LogLevel);
        assert_eq!((level.row.severity, level.offer.as_ref().unwrap().label.as_str()), (Severity::Error, "a"));
        assert_eq!(of(&keys, Key::Tenant).offer.as_ref().unwrap().label, "b");
        assert_eq!(of(&keys, Key::PkgKey).row.severity, Severity::Error);
    }

    #[test]
    fn what_stands_empty_is_not_called_missing() {
        let all = gathered(vec![source("a", None, &[(Key::PkgPrefix, Value::Text("".into()))])]);
        let keys = keys(&all, Reader::Specification);
        let (empty, missing) = (&of(&keys, Key::PkgPrefix).row, &of(&keys, Key::PkgKey).row);
        assert_eq!((empty.severity, empty.present), (Severity::Error, true));
        assert!(!empty.message.contains("missing") && missing.message.contains("missing"), "{}", empty.message);
    }

    #[test]
    fn a_reference_is_no_value_and_says_where_it_leads() {
        let all =
            gathered(vec![source("task.json", None, &[(Key::ClientSecret, Value::Reference("arn:x:CLIENT".into()))])]);
        let keys = keys(&all, Reader::Specification);
        assert!(of(&keys, Key::ClientSecret).row.message.contains("gets it from arn:x:CLIENT"));
        assert_eq!(refers(&all, 0), 1);
    }

    #[test]
    fn what_stands_in_json_without_quotes_is_seen_beside_other_sources_too() {
        let verification = (Key::EnableWebhookVerification, Value::Text("true".into()));
        let json = source("secret.json", Some(r#"{"ENABLE_WEBHOOK_VERIFICATION": true}"#), &[verification]);
        let all = gathered(vec![json, source("b", None, &[(Key::Tenant, Value::Text("acme".into()))])]);
        let keys = keys(&all, Reader::Specification);
        assert_eq!(of(&keys, Key::EnableWebhookVerification).row.severity, Severity::Warning);
    }
}
