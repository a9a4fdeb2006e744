//! The sandbox: AWS as one JSON file describes it, spoken to over the real SDK clients.
//!
//! A [`World`] is what there is: accounts with users, roles, stacks and secrets; the files of the user's home; what is
//! selected; and what must come out of it. [`World::client`] is an HTTP client for the SDK. Nothing leaves the process: the
//! client reads each signed request, finds the caller by the access key in its `Authorization` header, asks
//! `policy` whether the caller may, and answers as AWS does, in the service's own dialect, errors and paging included.
//!
//! | file | what |
//! |---|---|
//! | `world`, `catalogue` | loading, and what the rest of the program asks a world for; the worlds by name |
//! | `description` | what a world file may say |
//! | `state` | the world as it is now: writes applied, sessions issued |
//! | `client`, `exchange` | the seam to the SDK; one request read, one answer written |
//! | `identity`, `policies`, `auth` | who calls, what limits them, and whether they may |
//! | `session`, `service` | temporary credentials; how each service words what is wrong with them |
//! | `sts`, `iam`, `cloudformation`, `secretsmanager`, `s3`, `ecr` | one service each |
//! | `benchling` | the token endpoint of Benchling, which is no part of AWS |
//!
//! The sandbox decides with rolecall's own evaluator, so it cannot prove it: each world also *states*, from AWS's documentation,
//! the answer for every principal and role ([`StatedAnswer`]), before and after edits of their policies ([`StatedFix`]), and sandbox,
//! evaluator and an independent reference are held to that. A world with an access path also states its diagnosis ([`StatedDiagnosis`]).

mod auth;
mod benchling;
mod catalogue;
mod client;
mod cloudformation;
mod description;
mod ecr;
mod exchange;
mod fault;
mod iam;
mod identity;
mod ids;
mod moment;
mod page;
mod policies;
mod query;
mod s3;
mod secretsmanager;
mod service;
mod session;
mod state;
mod sts;
#[cfg(test)]
mod tests;
mod world;
mod xml;

pub use client::SandboxClient;
pub use description::diagnosis::StatedDiagnosis;
pub use description::expectation::{Edge, ExpectedFinding, PolicyEdit, StatedAnswer, StatedCode, StatedFix};
pub use fault::{Failure, Fault};
pub use state::LoggedCall;
pub use world::{Keys, World, WorldError};
