//! The way to AWS: one place builds the SDK's configuration, one client below it guards and records every exchange.

pub mod calls;
pub mod connect;
pub mod credentials;
pub mod error;
pub mod guard;
pub mod http;
pub mod known_roles;
pub mod operations;
pub mod profiles;
pub mod record;
pub mod region;
pub mod sso_cache;
pub mod surroundings;
pub mod wire;

pub use connect::{ATTEMPTS, Connection, Connector};
pub use guard::Guard;
pub use record::Recorder;
pub use surroundings::{Clock, Demo, Environment, ReadOnly, Surroundings};
