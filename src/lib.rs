//! rolecall sets up and diagnoses AWS role-based access.
//!
//! ```text
//!  Selection          what the user chose: AWS profile, region, config profile, stack, secret
//!     |  gather       credentials first, then all reads, concurrent; each fact lands as soon as its call answers
//!  Facts              looked up: not asked, pending, known, absent, denied (and which action is missing), failed
//!     |  judge        pure functions of facts
//!  Findings, verdicts
//!     |  plan         pure function of facts and the user's draft
//!  Plan               changes, each with a redacted before and after, and what it replaces
//!     |  confirm      only the review makes a Confirmed<Plan>
//!  apply              writes, reports each change, then everything is gathered again: the proof
//! ```
//!
//! Rooms, each knowing only those before it:
//!
//! - [`values`], [`policy`], [`model`]
//! - [`role_set`], [`secret`], [`systems`], [`config`], [`judge`], [`plan`], [`answers`], [`preselect`], [`explain`], [`message`],
//!   [`migrate`], [`startup`], [`wording`], [`handover`]
//! - `aws`, `store`, `sandbox`
//! - `gather`, `apply`
//! - `log`, `report`, `check`, `tui`, `plain`, with `cli` for the command line and `commands` for what needs no screen
//!
//! The first two rows are pure: no AWS client, no tokio, no terminal, no file. Without the default feature `app` the
//! crate is just them.

pub mod model;
pub mod policy;
pub mod values;

pub mod answers;
pub mod config;
pub mod explain;
pub mod handover;
pub mod judge;
pub mod message;
pub mod migrate;
pub mod plan;
pub mod preselect;
pub mod role_set;
pub mod secret;
pub mod startup;
pub mod systems;
pub mod wording;

#[cfg(feature = "app")]
pub mod aws;
#[cfg(feature = "app")]
pub mod sandbox;
#[cfg(feature = "app")]
pub mod store;

#[cfg(feature = "app")]
pub mod apply;
#[cfg(feature = "app")]
pub mod gather;

#[cfg(feature = "app")]
pub mod check;
#[cfg(feature = "app")]
pub mod cli;
#[cfg(feature = "app")]
pub mod commands;
#[cfg(feature = "app")]
pub mod log;
#[cfg(feature = "app")]
pub mod plain;
#[cfg(feature = "app")]
pub mod report;
#[cfg(feature = "app")]
pub mod tui;
