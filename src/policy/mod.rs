//! IAM policies: what they say, whether they allow an `sts:AssumeRole`, and why.
//!
//! [`Case`] is the question, [`evaluate`] the decision, [`Decision`] the answer with its reasons as data.
//! [`authorize`] answers the narrower question of identity policies for any action.

pub mod case;
pub mod decision;
pub mod document;

pub use case::{Case, Level, NamedPolicy, Readable, Request};
pub use decision::{Answer, Cause, Deciding, Decision, Effect, Failed, Layer, LayerCause, Leaning, Unknown};
