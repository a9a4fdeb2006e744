//! rolecall sets up and diagnoses AWS role-based access.

pub mod model;
pub mod policy;
pub mod values;
