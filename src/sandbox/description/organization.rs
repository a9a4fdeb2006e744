//! Policies of an organization, as they come down to one account.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// The policies attached at one level: the root, an organizational unit, or the account itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct OrganizationLevel {
    /// What they are attached to: `Root`, `ou-prod`, the account id.
    pub target: String,
    /// Documents, by name. AWS's own FullAWSAccess of SCPs is no exception: without an Allow at each level nothing is allowed.
    pub policies: BTreeMap<String, Value>,
}
