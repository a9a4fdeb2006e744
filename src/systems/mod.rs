//! One file per system that rolecall knows: which settings, access paths, questions, judgements and texts belong to it.
//!
//! [`quilt`] has a walk of its own, which the rest of the program grew around; the others are a [`System`] each, and everything that asks,
//! judges, draws or prints them knows that trait alone.

pub mod accounts;
pub mod causes;
mod environment;
pub mod megatests;
pub mod quilt;
mod registry;
mod rows;
mod settings;
mod signs;
pub mod sre_roles;
mod system;
pub mod wave;

pub use registry::{
    ALL, NAMES, QUILT, QUILT_TITLE, chosen, find, intended, left_out, not_asked, of_text, plan, plan_of, texts_of,
};
pub use rows::{PathRow, RowAnswer, RowLive, RowState, Standing};
pub use settings::{Given, Secrecy, Setting, Settings};
pub use signs::{Strength, sign, signs};
pub use system::{System, View};

pub use crate::model::system::{Asked, Expectation, PathPlan, Question};
