//! The ARN of whoever calls.

use std::fmt;

use super::{Arn, ArnError, RoleArn, check_name, check_path};
use crate::values::AccountId;

/// Who calls: the shapes `sts:GetCallerIdentity` returns, and a role as policies name it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PrincipalArn {
    /// `arn:aws:iam::111122223333:root`.
    Root {
        /// Partition of the ARN.
        partition: String,
        /// The account.
        account: AccountId,
    },
    /// `arn:aws:iam::111122223333:user/path/name`.
    User {
        /// Partition of the ARN.
        partition: String,
        /// The account.
        account: AccountId,
        /// `/` or `/path/`.
        path: String,
        /// The user name.
        name: String,
    },
    /// A role.
    Role(RoleArn),
    /// `arn:aws:sts::111122223333:assumed-role/name/session`: carries no path.
    Session {
        /// Partition of the ARN.
        partition: String,
        /// The account.
        account: AccountId,
        /// The role's name, without its path.
        role: String,
        /// The session name.
        session: String,
    },
    /// `arn:aws:sts::111122223333:federated-user/name`.
    FederatedUser {
        /// Partition of the ARN.
        partition: String,
        /// The account.
        account: AccountId,
        /// The federated user's name.
        name: String,
    },
}

impl PrincipalArn {
    /// Reads the ARN of a principal.
    ///
    /// # Errors
    /// [`ArnError`] says which part is wrong.
    pub fn parse(text: &str) -> Result<Self, ArnError> {
        let arn = Arn::parse(text)?;
        if arn.service == "sts" {
            return Self::parse_sts(text);
        }
        let (arn, account) = Arn::checked(text, "iam")?;
        if !arn.region.is_empty() {
            return Err(ArnError::Region(arn.region));
        }
        if arn.resource == "root" {
            return Ok(Self::Root { partition: arn.partition, account });
        }
        if let Some(rest) = arn.resource.strip_prefix("user/") {
            let (path, name) =
                rest.rsplit_once('/').map_or(("/".to_owned(), rest), |(path, name)| (format!("/{path}/"), name));
            check_name("user name", name, 64)?;
            check_path(&path)?;
            return Ok(Self::User { partition: arn.partition, account, path, name: name.to_owned() });
        }
        RoleArn::parse(text).map(Self::Role).map_err(|error| match error {
            ArnError::Resource { found, .. } => {
                ArnError::Resource { found, wanted: "a user, role, role session or account root" }
            }
            other => other,
        })
    }

    fn parse_sts(text: &str) -> Result<Self, ArnError> {
        let (arn, account) = Arn::checked(text, "sts")?;
        let mut parts = arn.resource.splitn(3, '/');
        match (parts.next(), parts.next(), parts.next()) {
            (Some("assumed-role"), Some(role), Some(session)) => {
                check_name("role name", role, 64)?;
                check_name("session name", session, 64)?;
                Ok(Self::Session {
                    partition: arn.partition,
                    account,
                    role: role.to_owned(),
                    session: session.to_owned(),
                })
            }
            (Some("federated-user"), Some(name), None) => {
                Ok(Self::FederatedUser { partition: arn.partition, account, name: name.to_owned() })
            }
            _ => Err(ArnError::Resource {
                found: format!("`{}`", arn.resource),
                wanted: "a role session (`assumed-role/NAME/SESSION`)",
            }),
        }
    }

    /// The account the principal belongs to.
    #[must_use]
    pub const fn account(&self) -> &AccountId {
        match self {
            Self::Root { account, .. }
            | Self::User { account, .. }
            | Self::Session { account, .. }
            | Self::FederatedUser { account, .. } => account,
            Self::Role(role) => role.account(),
        }
    }

    /// `aws`, `aws-cn` or `aws-us-gov`.
    #[must_use]
    pub fn partition(&self) -> &str {
        match self {
            Self::Root { partition, .. }
            | Self::User { partition, .. }
            | Self::Session { partition, .. }
            | Self::FederatedUser { partition, .. } => partition,
            Self::Role(role) => role.partition(),
        }
    }

    /// `user/alice`, `role/Name`, `role/Name (session s1)`, `root`: short, for pictures and sentences.
    #[must_use]
    pub fn short(&self) -> String {
        match self {
            Self::Root { .. } => "root".into(),
            Self::User { name, .. } => format!("user/{name}"),
            Self::Role(role) => format!("role/{}", role.name()),
            Self::Session { role, session, .. } => format!("role/{role} (session {session})"),
            Self::FederatedUser { name, .. } => format!("federated-user/{name}"),
        }
    }
}

impl fmt::Display for PrincipalArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root { partition, account } => write!(f, "arn:{partition}:iam::{account}:root"),
            Self::User { partition, account, path, name } => {
                write!(f, "arn:{partition}:iam::{account}:user{path}{name}")
            }
            Self::Role(role) => role.fmt(f),
            Self::Session { partition, account, role, session } => {
                write!(f, "arn:{partition}:sts::{account}:assumed-role/{role}/{session}")
            }
            Self::FederatedUser { partition, account, name } => {
                write!(f, "arn:{partition}:sts::{account}:federated-user/{name}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn principals_print_as_they_were_read() {
        for text in [
            "arn:aws:iam::111122223333:root",
            "arn:aws:iam::111122223333:user/team/alice",
            "arn:aws:iam::111122223333:role/Name",
            "arn:aws:sts::111122223333:assumed-role/Name/session@example.com",
            "arn:aws:sts::111122223333:federated-user/bob",
        ] {
            assert_eq!(PrincipalArn::parse(text).unwrap().to_string(), text);
        }
    }
}
