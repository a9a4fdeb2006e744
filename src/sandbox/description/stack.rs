//! CloudFormation stacks of a world.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::sandbox::moment::Moment;

/// A stack. Its ARN follows from account, region, name and id.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct Stack {
    /// The UUID at the end of the ARN; follows from the rest where it is not given.
    #[serde(default)]
    pub id: Option<String>,
    /// For example `UPDATE_COMPLETE`.
    #[serde(default = "complete")]
    pub status: String,
    /// Why it has that status.
    #[serde(default)]
    pub status_reason: Option<String>,
    /// The template's description.
    #[serde(default)]
    pub description: Option<String>,
    /// When it was made.
    #[serde(default)]
    pub created: Moment,
    /// When it was last changed.
    #[serde(default)]
    pub updated: Option<Moment>,
    /// Outputs.
    #[serde(default)]
    pub outputs: BTreeMap<String, String>,
    /// Parameters.
    #[serde(default)]
    pub parameters: BTreeMap<String, String>,
    /// Tags.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// Resources, by logical id.
    #[serde(default)]
    pub resources: BTreeMap<String, Resource>,
    /// So many further resources, spread over the alphabet.
    #[serde(default)]
    pub filler_resources: usize,
}

/// A resource of a stack.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct Resource {
    /// For example `AWS::IAM::Role`.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// For a role its name, for a queue its URL, and so on.
    pub physical_id: String,
    /// For example `CREATE_COMPLETE`.
    #[serde(default = "complete")]
    pub status: String,
}

fn complete() -> String {
    "CREATE_COMPLETE".into()
}
