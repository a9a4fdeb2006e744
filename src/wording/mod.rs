//! What is said of a plan, of what became of it, of a cure and of an access path: the same words on the screen, in plain mode and in reports.
//! Pure.

pub mod access;
pub mod checklist;
pub mod credentials;
pub mod cure;
pub mod done;
pub mod review;
pub mod sides;
