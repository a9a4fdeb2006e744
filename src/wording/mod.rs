//! What the walk says of a plan and of what became of it: the same words on the screen and in plain mode. Pure.

pub mod done;
pub mod review;
