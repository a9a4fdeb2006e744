//! Specification 0: the roles of a Quilt stack.

/// Who may assume the roles, and what a session may do.
mod access;
/// How it behaves: severities, words, files that stay as they are.
mod conduct;
/// What is written into `config.json`.
mod config;
/// Where the roles are found.
mod discovery;
/// What is handed over to whoever deploys the webhook.
mod texts;
