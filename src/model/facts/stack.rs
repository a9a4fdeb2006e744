//! A CloudFormation stack and its resources.

use crate::values::StackArn;
use crate::values::time::Timestamp;

/// A CloudFormation stack as DescribeStacks returns it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stack {
    /// The ARN (`StackId`).
    pub arn: StackArn,
    /// `CREATE_COMPLETE`, …
    pub status: String,
    /// `StackStatusReason`.
    pub status_reason: Option<String>,
    /// UTC.
    pub created: Option<Timestamp>,
    /// UTC.
    pub updated: Option<Timestamp>,
    /// Outputs in the order AWS returned them.
    pub outputs: Vec<(String, String)>,
    /// Parameters in the order AWS returned them.
    pub parameters: Vec<(String, String)>,
}

impl Stack {
    /// The value of an output by its exact key.
    #[must_use]
    pub fn output(&self, key: &str) -> Option<&str> {
        self.outputs.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// The value of a parameter by its exact key.
    #[must_use]
    pub fn parameter(&self, key: &str) -> Option<&str> {
        self.parameters.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// A Quilt stack has output `QuiltWebHost`, or `UserAthenaDatabaseName` and a packager queue.
    #[must_use]
    pub fn is_quilt(&self) -> bool {
        self.output("QuiltWebHost").is_some()
            || (self.output("UserAthenaDatabaseName").is_some()
                && (self.output("PackagerQueueUrl").is_some() || self.output("PackagerQueueArn").is_some()))
    }
}

/// A resource of a stack.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StackResource {
    /// `AWS::IAM::Role`, …
    pub resource_type: String,
    /// The physical id: for a role its *name* (C3), for a managed policy its ARN.
    pub physical_id: String,
}
