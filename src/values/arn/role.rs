//! The ARN of an IAM role.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Arn, ArnError, check_name, check_path};
use crate::values::AccountId;

/// The ARN of an IAM role, strictly: known partition, 12 digits, optional path, IAM's name characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RoleArn {
    partition: String,
    account: AccountId,
    path: String,
    name: String,
}

impl RoleArn {
    /// Reads a role ARN.
    ///
    /// # Errors
    /// [`ArnError`] says which part is wrong: a session, user or instance profile is named as what it is.
    pub fn parse(text: &str) -> Result<Self, ArnError> {
        let (arn, account) = Arn::checked(text, "iam").map_err(|error| match error {
            ArnError::Service { found, .. } if found == "sts" => {
                ArnError::Resource { found: "a role session".into(), wanted: "a role" }
            }
            other => other,
        })?;
        if !arn.region.is_empty() {
            return Err(ArnError::Region(arn.region));
        }
        let Some(rest) = arn.resource.strip_prefix("role/") else {
            let kind = arn.resource.split('/').next().unwrap_or_default();
            let found = if kind.is_empty() { "nothing".to_owned() } else { format!("`{kind}`") };
            return Err(ArnError::Resource { found, wanted: "a role" });
        };
        let (path, name) =
            rest.rsplit_once('/').map_or(("/".to_owned(), rest), |(path, name)| (format!("/{path}/"), name));
        check_name("role name", name, 64)?;
        check_path(&path)?;
        Ok(Self { partition: arn.partition, account, path, name: name.to_owned() })
    }

    /// The role that an ARN means which is one colon short: `arn:aws:iam:111122223333:role/x`. `None`: that is not what is wrong with it.
    #[must_use]
    pub fn one_colon_short(text: &str) -> Option<Self> {
        let (start, end) = text.split_once(":iam:")?;
        let is_short = Arn::parse(text) == Err(ArnError::OneColonShort);
        Self::parse(&format!("{start}:iam::{end}")).ok().filter(|_| is_short)
    }

    /// Puts a role ARN together from what a stack tells: the name alone. The path is taken to be `/`, which may be wrong (C3).
    ///
    /// # Errors
    /// [`ArnError`] when the name is none that IAM accepts.
    pub fn compose(partition: &str, account: &AccountId, name: &str) -> Result<Self, ArnError> {
        Self::parse(&format!("arn:{partition}:iam::{account}:role/{name}"))
    }

    /// `aws`, `aws-cn` or `aws-us-gov`.
    #[must_use]
    pub fn partition(&self) -> &str {
        &self.partition
    }

    /// The account that owns the role.
    #[must_use]
    pub const fn account(&self) -> &AccountId {
        &self.account
    }

    /// `/`, or `/team/`: begins and ends with a slash.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The name, without the path.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for RoleArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { partition, account, path, name } = self;
        write!(f, "arn:{partition}:iam::{account}:role{path}{name}")
    }
}

impl From<RoleArn> for String {
    fn from(arn: RoleArn) -> Self {
        arn.to_string()
    }
}

impl TryFrom<String> for RoleArn {
    type Error = ArnError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn role_arns_print_as_they_were_read() {
        for text in [
            "arn:aws:iam::111122223333:role/ReadQuiltV2-tf-rc",
            "arn:aws-cn:iam::111122223333:role/team/sub/Name",
            "arn:aws-us-gov:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123",
        ] {
            assert_eq!(RoleArn::parse(text).unwrap().to_string(), text);
        }
        let role = RoleArn::parse("arn:aws:iam::111122223333:role/team/sub/Name").unwrap();
        assert_eq!((role.path(), role.name()), ("/team/sub/", "Name"));
    }

    #[test]
    fn a_wrong_role_arn_says_what_is_wrong() {
        for (text, part) in [
            ("", "empty"),
            ("role/Name", "begins with"),
            ("arn:aws:iam:111122223333:role/Name", "one colon"),
            ("arn:aws:iam::11112222333:role/Name", "12 digits"),
            ("arn:aws:iam::111122223333:user/alice", "`user`"),
            ("arn:aws:sts::111122223333:assumed-role/Name/s", "a role session"),
            ("arn:aws:iam:us-east-1:111122223333:role/Name", "names no region"),
            ("arn:azure:iam::111122223333:role/Name", "partition"),
            ("arn:aws:iam::111122223333:role/", "role name"),
            ("arn:aws:iam::111122223333:role/Na me", "no spaces"),
            ("arn:aws:iam::111122223333:role/Name;rm", "role name"),
            ("arn:aws:s3:::bucket", "of `s3`"),
        ] {
            let message = RoleArn::parse(text).unwrap_err().to_string();
            assert!(message.contains(part), "{text}: {message}");
        }
    }
}
