//! The webhook's secret: its 11 keys, the rule of each, and what a given secret makes of them (S3-02 to S3-24). Pure.
//!
//! The keys in capitals are the specification (C10). The shipped runtimes read the same values under names in small letters;
//! [`dialect()`] tells which spelling a secret speaks, [`rows()`] judges all 11 keys at once.

pub mod dialect;
pub mod document;
pub mod key;
pub mod nearest;
pub mod rows;
pub mod rules;

pub use dialect::{Dialect, dialect};
pub use document::{Document, DocumentFault, Entry};
pub use key::Key;
pub use rows::{Extra, KeyRow, extras, rows};
pub use rules::ValueFault;
