//! Whole decisions: recorded cases, tables of our own, and laws that hold for every case.

mod cases;
mod decisions;
pub(in crate::policy) mod documented;
mod laws;
