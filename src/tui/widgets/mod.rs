//! The parts that screens are put together from, one per file.

pub mod diff;
pub mod footer;
pub mod header;
pub mod help;
pub mod json;
pub mod list;
pub mod page;
pub mod path;
pub mod prompt;
pub mod row;
pub mod stepper;
