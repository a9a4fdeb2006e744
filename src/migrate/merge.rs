//! Several sources, one value per key: where it stood, and where two sources differ.

use std::collections::BTreeMap;

use super::Source;
use super::sources::{Given, Value};
use crate::model::Reader;
use crate::secret::Key;
use crate::values::SecretText;

/// A value that a source offers for a key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Offer {
    /// The source: its place in the selection.
    pub source: usize,
    /// How the source is called.
    pub label: String,
    /// What the source calls the key.
    pub name: String,
    /// The value.
    pub value: SecretText,
}

/// What all sources offer.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Merged {
    offers: BTreeMap<Key, Vec<Offer>>,
    /// Keys whose value a container gets from elsewhere: the source's label, and where from.
    pub references: BTreeMap<Key, Vec<(String, String)>>,
}

impl Merged {
    /// What is offered for a key, in the order of the sources; an empty value only where it is one.
    #[must_use]
    pub fn offers(&self, key: Key) -> &[Offer] {
        self.offers.get(&key).map_or(&[], Vec::as_slice)
    }

    /// The offer that counts: that of the preferred source, else the first.
    #[must_use]
    pub fn chosen(&self, key: Key, prefer: &BTreeMap<Key, usize>) -> Option<&Offer> {
        let offers = self.offers(key);
        let preferred = prefer.get(&key).and_then(|source| offers.iter().find(|offer| offer.source == *source));
        preferred.or_else(|| offers.first())
    }

    /// Whether two offers differ, be they of two sources or of two names in one. Values are compared to the letter.
    #[must_use]
    pub fn differs(&self, key: Key) -> bool {
        let offers = self.offers(key);
        offers.iter().any(|offer| offers.first().is_some_and(|first| first.value != offer.value))
    }

    /// The keys that are offered two values, in the order of the specification.
    pub fn conflicts(&self) -> impl Iterator<Item = Key> {
        Key::ALL.into_iter().filter(|key| self.differs(*key))
    }
}

/// Puts sources together. Within one source the key's own name comes before its other names; in a secret's JSON the name that its reader
/// looks for first does, so that the value which counts is the one that a runtime takes today.
#[must_use]
pub fn merge(sources: &[Source], reader: Reader) -> Merged {
    let mut merged = Merged::default();
    for (index, source) in sources.iter().enumerate() {
        let Some(Ok(import)) = source.import.known() else { continue };
        let mut given: Vec<&Given> = import.given.iter().collect();
        let reader = import.document.as_ref().map_or(Reader::Specification, |_| reader);
        given.sort_by_key(|given| rank(given, reader));
        for given in given {
            match &given.value {
                Value::Reference(from) => {
                    merged.references.entry(given.key).or_default().push((source.label.clone(), from.clone()));
                }
                Value::Text(value) if value.is_empty() && !given.key.may_be_empty() => {}
                Value::Text(value) => merged.offers.entry(given.key).or_default().push(Offer {
                    source: index,
                    label: source.label.clone(),
                    name: given.name.clone(),
                    value: value.clone(),
                }),
            }
        }
    }
    merged
}

/// The place of a name among those of its key: what the reader looks for, in its order, then the key's own, then any other.
fn rank(given: &Given, reader: Reader) -> usize {
    let mut names = given.key.names(reader);
    names.push(given.key.name());
    names.iter().position(|name| *name == given.name).unwrap_or(names.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::sources;
    use crate::model::facts::ImportContent;
    use crate::model::{Fact, ImportSource};

    fn of(label: &str, text: &str) -> Source {
        let content = ImportContent::Text { text: text.into(), version_id: None, mode: None };
        let read = sources::read(&ImportSource::File(label.into()), &content);
        Source { label: label.into(), import: Fact::Known(read) }
    }

    #[test]
    fn of_two_spellings_in_a_secret_the_readers_own_counts() {
        let json =
            of("both.json", r#"{"TENANT": "capital", "clientId": "variant", "tenant": "small", "client_id": "c"}"#);
        let lines = of("prod.env", "tenant=small\nBENCHLING_TENANT=old\nTENANT=capital\n");
        for (reader, from_json) in
            [(Reader::Specification, "capital"), (Reader::Both, "capital"), (Reader::Shipped, "small")]
        {
            for (source, wanted) in [(&json, from_json), (&lines, "capital")] {
                let merged = merge(std::slice::from_ref(source), reader);
                let chosen = merged.chosen(Key::Tenant, &BTreeMap::new()).unwrap();
                assert_eq!(chosen.value.expose(), wanted, "{reader:?} {}", source.label);
                assert!(merged.differs(Key::Tenant));
            }
            let merged = merge(&[of("x.env", "LOG_LEVEL=INFO"), json.clone()], reader);
            let client_id = merged.chosen(Key::ClientId, &BTreeMap::new()).unwrap();
            let wanted = if reader == Reader::Specification { "variant" } else { "c" };
            assert_eq!(client_id.value.expose(), wanted, "{reader:?}");
        }
    }
}
