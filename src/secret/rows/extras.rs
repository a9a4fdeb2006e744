//! Keys that a secret holds beyond those that are read.

use super::super::nearest::{Spelling, nearest};
use super::super::{Document, Key};
use crate::model::Reader;
use crate::values::text;

/// A key that the reader does not look for; it is ignored and kept on writing (S3-23, C8).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Extra {
    /// Its name, safe to print.
    pub name: String,
    /// The key whose other spelling it is: one that another runtime reads.
    pub spells: Option<Key>,
    /// What it was probably meant to be, or who reads it.
    pub hint: Option<String>,
}

/// The keys that this reader does not look for, in order.
#[must_use]
pub fn extras(document: &Document, reader: Reader) -> Vec<Extra> {
    let read = |name: &str| Key::ALL.into_iter().any(|key| key.names(reader).contains(&name));
    document
        .entries()
        .filter(|(name, _)| !read(name))
        .map(|(name, _)| Extra {
            name: text::elide_end(&text::safe(name), 60),
            spells: Key::from_name(name).or_else(|| Key::from_shipped_name(name)),
            hint: hint(name, document, reader),
        })
        .collect()
}

fn hint(name: &str, document: &Document, reader: Reader) -> Option<String> {
    if let Some(key) = Key::from_name(name) {
        return Some(match key.shipped_name() {
            Some(shipped) => format!("what the specification calls `{shipped}`"),
            None => "asked for by the specification, not read by shipped runtimes".into(),
        });
    }
    let there = |key: Key| key.names(reader).iter().any(|name| document.get(name).is_some());
    match (nearest(name), name) {
        (Some((key, Spelling::Shipped)), _) => Some(format!("what shipped runtimes call {key}")),
        (Some((key, _)), _) => {
            let meant = key.names(reader).first().copied().unwrap_or(key.name());
            Some(if there(key) {
                format!("looks like {meant}, which is there too")
            } else {
                format!("did you mean {meant}?")
            })
        }
        (None, "workflow") => Some("read by shipped runtimes from 0.13".into()),
        (None, "queue_url") => Some("read by shipped runtimes 0.7.2 to 0.9.9".into()),
        (None, _) => None,
    }
}
