//! Where the specifications contradict each other, and which way holds.

/// One path judged by several kinds of evidence; sessions and their limits.
mod access;
/// Files, words, budgets and texts.
mod conduct;
/// The secret and the environment.
mod secret;
/// What a stack tells, and of the roles in it.
mod stack;
