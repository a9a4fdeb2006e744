//! IAM policies: what they say, whether they allow an `sts:AssumeRole`, and why.
//!
//! [`Case`] is the question, [`evaluate`] the decision, [`Decision`] the answer with its reasons as data.
//! [`authorize`] answers the narrower question of identity policies for any action.
//!
//! A [`document`] is parsed once; a [`statement`] is tried whole, never only up to its first failing element; the statements of one
//! layer are judged together (`evaluate.rs`); the layers are put together for the three actions an AssumeRole may need
//! (`assume_role.rs`) and become a decision with its reasons (`decide.rs`). What is not known stays unknown all the way.

pub mod apart;
mod assume_role;
mod authorize;
pub mod case;
pub mod case_json;
mod cause;
pub mod condition;
mod decide;
pub mod decision;
mod derived;
pub mod document;
mod evaluate;
pub mod explain;
pub mod fix;
pub mod lint;
mod live;
pub mod pattern;
pub mod principal;
mod request;
pub mod service;
pub(crate) mod sides;
pub mod statement;
mod trace;
mod truth;
pub mod variable;
pub mod wants;

#[cfg(test)]
mod tests;

pub use assume_role::{evaluate, verdict};
pub use authorize::{Authorization, Query, authorize};
pub use case::{Case, Level, LiveError, NamedPolicy, Readable, Request};
#[cfg(test)]
pub(crate) use cause::page_of;
pub use cause::{CAUSES, paragraph};
pub use condition::Context;
pub use decision::{Answer, Cause, Deciding, Decision, Effect, Failed, Layer, LayerCause, Leaning, Unknown};
pub use document::{Policy, PolicyError};
pub use live::{settled_by_error, sts_off_for};
pub use request::{LONGEST as LONGEST_SESSION, LONGEST_CHAINED, SHORTEST as SHORTEST_SESSION, is_session_name};
pub use trace::{Trace, Traced, trace};
