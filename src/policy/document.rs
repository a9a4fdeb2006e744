//! Policy documents.

/// A policy document.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Policy {}
