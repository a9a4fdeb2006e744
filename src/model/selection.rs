//! What the user chose. Nothing here was looked up.

use std::collections::BTreeMap;

use super::{Inquiry, Migration, SystemChoice};
use crate::values::{RoleArn, text};

/// The two roles of a Quilt stack (S0-04, S0-05).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RoleKind {
    /// `T4BucketReadRole`.
    Read,
    /// `T4BucketWriteRole`.
    Write,
}

impl RoleKind {
    /// Both, in the order they are shown.
    pub const BOTH: [Self; 2] = [Self::Read, Self::Write];

    /// The logical id of the stack resource, and the name of the stack parameter (S0-20, C31).
    #[must_use]
    pub const fn logical_id(self) -> &'static str {
        match self {
            Self::Read => "T4BucketReadRole",
            Self::Write => "T4BucketWriteRole",
        }
    }

    /// The field below `quilt` in `config.json` (S0-23).
    #[must_use]
    pub const fn config_field(self) -> &'static str {
        match self {
            Self::Read => "readRoleArn",
            Self::Write => "writeRoleArn",
        }
    }

    /// "read" or "write".
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// Where credentials come from: an entry of the AWS profile list.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum CredentialSource {
    /// A named AWS profile, used alone: keys in the environment never shadow it.
    Profile(String),
    /// `AWS_ACCESS_KEY_ID` and its companions.
    Environment,
    /// The container's credentials endpoint (ECS, EKS).
    Container,
    /// The instance metadata service (EC2).
    Instance,
}

impl CredentialSource {
    /// As the list and the header show it.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Profile(name) => name.clone(),
            Self::Environment => "(environment)".into(),
            Self::Container => "(container)".into(),
            Self::Instance => "(instance)".into(),
        }
    }
}

/// What the user chose: on the screen, by flags, or preselected by the world.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Selection {
    /// Where credentials come from; `None` until chosen.
    pub source: Option<CredentialSource>,
    /// The region, if a flag or the screen set one; otherwise it follows from the rest.
    pub region: Option<String>,
    /// The config profile; the name of a folder below `benchling-webhook/`.
    pub config_profile: String,
    /// Look for Quilt stacks in every region of the partition, and not only in the one that all calls go to.
    pub all_regions: bool,
    /// Name or ARN of the Quilt stack.
    pub stack: Option<String>,
    /// Name or ARN of the secret.
    pub secret: Option<String>,
    /// Role ARNs that the user typed; they win over what the stack says.
    pub typed_roles: BTreeMap<RoleKind, RoleArn>,
    /// The workload: a typed role ARN, or the stack of the webhook.
    pub workload: WorkloadChoice,
    /// The external ID to send with the live AssumeRole.
    pub external_id: Option<String>,
    /// `DurationSeconds` to ask for, in seconds (C15).
    pub duration_seconds: u32,
    /// What a diagnosis asks. `None`: nobody asked for one.
    pub inquiry: Option<Inquiry>,
    /// What the secret is made from, what for, and where it goes.
    pub migration: Migration,
    /// The system that is looked at. `None`: the Quilt webhook.
    pub system: Option<SystemChoice>,
}

/// Which identity will assume the roles in production.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum WorkloadChoice {
    /// The task role of the webhook's stack, whose name follows from the config profile.
    #[default]
    WebhookStack,
    /// Another stack's task role.
    Stack(String),
    /// The webhook's stack, as `config.json` or its last deployment names it: nobody chose it, and look-ups need the name.
    Named(String),
    /// A typed role ARN.
    Role(RoleArn),
}

impl Selection {
    /// The config profile that the webhook package uses when none is named.
    pub const DEFAULT_CONFIG_PROFILE: &'static str = "default";
    /// What is asked for when nothing else is said, in seconds (C15).
    pub const DEFAULT_DURATION: u32 = 3_600;

    /// Nothing chosen yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            config_profile: Self::DEFAULT_CONFIG_PROFILE.into(),
            duration_seconds: Self::DEFAULT_DURATION,
            ..Self::default()
        }
    }

    /// The name of the webhook's own stack (`facts`: the webhook package's naming).
    #[must_use]
    pub fn webhook_stack(&self) -> String {
        match &self.workload {
            WorkloadChoice::Stack(name) | WorkloadChoice::Named(name) => name.clone(),
            _ if self.config_profile == Self::DEFAULT_CONFIG_PROFILE => "BenchlingWebhookStack".into(),
            _ => format!("BenchlingWebhookStack-{}", self.config_profile),
        }
    }
}

/// Why a config profile cannot have this name, as a sentence; `None` when it can.
///
/// The name becomes a folder: letters, digits, `-` and `_` alone, as the webhook package allows.
#[must_use]
pub fn config_profile_fault(name: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !name.is_empty() && name.len() <= 128 && name.chars().all(plain) {
        return None;
    }
    let shown = text::elide_end(&text::safe(name), 60);
    Some(if name.is_empty() {
        "A config profile needs a name, for example default.".into()
    } else if name.contains(['/', '\\']) || name.chars().all(|c| c == '.') {
        format!("`{shown}` is a path, not the name of a config profile: use letters, digits, - and _ alone.")
    } else {
        format!("`{shown}` cannot be the name of a config profile: use at most 128 letters, digits, - and _.")
    })
}

/// Why a text cannot be an external ID, as a clause; `None` when it can.
///
/// Source: STS API Reference, AssumeRole, ExternalId: 2 to 1224 characters of `[\w+=,.@:\/-]` (C18).
#[must_use]
pub fn external_id_fault(text: &str) -> Option<&'static str> {
    let allowed = text.chars().all(|c| c.is_ascii_alphanumeric() || "_+=,.@:/-".contains(c));
    let fits = (2..=1224).contains(&text.len()) && allowed;
    (!fits).then_some("an external ID has 2 to 1224 letters, digits and _+=,.@:/-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_config_profile_is_a_name_and_no_path() {
        for name in ["default", "dev", "Sales_2-b"] {
            assert_eq!(config_profile_fault(name), None, "{name}");
        }
        for path in ["../default", "a/b", "/etc", "..", ".", "a\\b"] {
            assert!(config_profile_fault(path).unwrap().contains("is a path"), "{path}");
        }
        assert!(config_profile_fault("").unwrap().contains("needs a name"));
        assert!(config_profile_fault("ünï").is_some() && config_profile_fault(&"x".repeat(200)).is_some());
    }
}
