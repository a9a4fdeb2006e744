//! One file per system that rolecall knows: which access paths, values and checks belong to it.

pub mod accounts;
pub mod quilt;
