//! Access cases in, answers out: what `rolecall explain` does, short of files and terminals.
//!
//! [`Elements`] cuts the input into cases, one in memory at a time; [`read`] makes a [`crate::policy::Case`] of one, or says at which line
//! and column it is none; [`Answer`] is the published answer, [`text`] the same for people. [`save`] writes a case that is read back.

mod answer;
mod input;
mod read;
pub mod save;
mod shape;
mod spans;
mod text;

#[cfg(test)]
mod tests;

pub use answer::{Answer, worst};
pub use input::{Element, Elements, InputError, LONGEST};
pub use read::{CaseFault, Named, read};
pub use text::{tally, text};

/// The JSON Schema of one access case or a list of them, draft 2020-12.
pub const CASE_SCHEMA: &str = include_str!("../../assets/schema/case.json");
/// The JSON Schema of one answer or a list of them, draft 2020-12.
pub const ANSWER_SCHEMA: &str = include_str!("../../assets/schema/answer.json");
