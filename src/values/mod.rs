//! Values that every other room uses: ARNs, account ids, durations, redacted strings, text made safe to print.

pub mod access_key;
pub mod account;
pub mod arn;
pub mod json;
pub mod lifetime;
pub mod mask;
pub mod regions;
pub mod registry;
pub mod secret_text;
pub mod shell;
pub mod text;
pub mod time;

pub use account::AccountId;
pub use arn::{Arn, ArnError, PrincipalArn, RoleArn, StackArn};
pub use registry::Registry;
pub use secret_text::SecretText;
