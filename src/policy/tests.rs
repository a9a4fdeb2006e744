//! Whole decisions: recorded cases, tables of our own, and laws that hold for every case.

mod cases;
mod decisions;
mod documented;
mod laws;
