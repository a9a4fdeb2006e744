//! The ARN of a CloudFormation stack.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Arn, ArnError};
use crate::values::AccountId;

/// The ARN of a CloudFormation stack, from which region, account and name are read (S3-32).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct StackArn {
    partition: String,
    region: String,
    account: AccountId,
    name: String,
    id: String,
}

impl StackArn {
    /// Reads a stack ARN.
    ///
    /// # Errors
    /// [`ArnError`] says which part is wrong.
    pub fn parse(text: &str) -> Result<Self, ArnError> {
        let (arn, account) = Arn::checked(text, "cloudformation")?;
        let rest = arn
            .resource
            .strip_prefix("stack/")
            .ok_or_else(|| ArnError::Resource { found: format!("`{}`", arn.resource), wanted: "a stack" })?;
        let (name, id) = rest.split_once('/').ok_or(ArnError::Name {
            what: "stack",
            name: rest.to_owned(),
            rule: "the ARN ends with stack/NAME/ID",
        })?;
        if name.is_empty() || id.is_empty() || arn.region.is_empty() {
            return Err(ArnError::Name {
                what: "stack",
                name: rest.to_owned(),
                rule: "expected arn:aws:cloudformation:region:account:stack/name/id",
            });
        }
        Ok(Self { partition: arn.partition, region: arn.region, account, name: name.to_owned(), id: id.to_owned() })
    }

    /// The partition.
    #[must_use]
    pub fn partition(&self) -> &str {
        &self.partition
    }

    /// The region, for example `us-east-1`.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The account.
    #[must_use]
    pub const fn account(&self) -> &AccountId {
        &self.account
    }

    /// The stack's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for StackArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { partition, region, account, name, id } = self;
        write!(f, "arn:{partition}:cloudformation:{region}:{account}:stack/{name}/{id}")
    }
}

impl From<StackArn> for String {
    fn from(arn: StackArn) -> Self {
        arn.to_string()
    }
}

impl TryFrom<String> for StackArn {
    type Error = ArnError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stack_arns_tell_region_account_and_name() {
        let text =
            "arn:aws:cloudformation:us-east-1:712023778557:stack/quilt-staging/e51b0c10-10c9-11ee-9b41-12fda87498a3";
        let stack = StackArn::parse(text).unwrap();
        assert_eq!((stack.region(), stack.name()), ("us-east-1", "quilt-staging"));
        assert_eq!(stack.account().as_str(), "712023778557");
        assert_eq!(stack.to_string(), text);
        assert!(StackArn::parse("arn:aws:cloudformation:us-east-1:712023778557:stack/quilt").is_err());
        assert!(StackArn::parse("arn:aws:cloudformation::712023778557:stack/quilt/1").is_err());
    }
}
