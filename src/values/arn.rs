//! Amazon Resource Names: one parser for every shape rolecall reads (resolution C7).
//!
//! Source: IAM User Guide, "Identify AWS resources with Amazon Resource Names (ARNs)" and "IAM identifiers".

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::AccountId;

/// What is wrong with a text that should be an ARN. Each message names the part at fault.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ArnError {
    /// The text is empty.
    #[error("the ARN is empty")]
    Empty,
    /// White space or a control character inside.
    #[error("an ARN holds no spaces or control characters")]
    Whitespace,
    /// It does not begin with `arn:`.
    #[error("an ARN begins with `arn:`")]
    NoPrefix,
    /// Fewer than six parts.
    #[error("an ARN has six parts separated by colons, this has {found}")]
    TooFewParts {
        /// How many parts were found.
        found: usize,
    },
    /// IAM ARNs have an empty region: `arn:aws:iam:111122223333:…` is one colon short.
    #[error("one colon is missing: an IAM ARN has two between `iam` and the account id (`iam::`)")]
    OneColonShort,
    /// The partition is none that AWS has.
    #[error("partition `{0}` is not one of aws, aws-cn, aws-us-gov")]
    Partition(String),
    /// The service is another one.
    #[error("this is an ARN of `{found}`, not of `{wanted}`")]
    Service {
        /// The service in the text.
        found: String,
        /// The service that was wanted.
        wanted: &'static str,
    },
    /// An IAM ARN names no region.
    #[error("an IAM ARN names no region, this names `{0}`")]
    Region(String),
    /// The account is not 12 digits.
    #[error("account id `{0}` is not 12 digits")]
    Account(String),
    /// Another kind of resource.
    #[error("this names {found}, not {wanted}")]
    Resource {
        /// What the resource part is, in words.
        found: String,
        /// What was wanted, in words.
        wanted: &'static str,
    },
    /// The name breaks IAM's character rules.
    #[error("{what} `{name}` is not valid: {rule}")]
    Name {
        /// "role name", "path", …
        what: &'static str,
        /// The text at fault.
        name: String,
        /// The rule it breaks.
        rule: &'static str,
    },
}

/// Any ARN, split at its first five colons.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Arn {
    /// `aws`, `aws-cn`, `aws-us-gov`; not checked here.
    pub partition: String,
    /// For example `iam`.
    pub service: String,
    /// Empty for global services.
    pub region: String,
    /// Empty where a service has none (S3 buckets).
    pub account: String,
    /// The rest, colons included.
    pub resource: String,
}

impl Arn {
    /// Splits a text into the six parts of an ARN.
    ///
    /// # Errors
    /// [`ArnError`] names the part at fault.
    pub fn parse(text: &str) -> Result<Self, ArnError> {
        if text.is_empty() {
            return Err(ArnError::Empty);
        }
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(ArnError::Whitespace);
        }
        if !text.starts_with("arn:") {
            return Err(ArnError::NoPrefix);
        }
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let [_, partition, service, region, account, resource] = parts.as_slice() else {
            if let [_, _, "iam", account, _] = parts.as_slice()
                && AccountId::parse(account).is_some()
            {
                return Err(ArnError::OneColonShort);
            }
            return Err(ArnError::TooFewParts { found: parts.len() });
        };
        Ok(Self {
            partition: (*partition).to_owned(),
            service: (*service).to_owned(),
            region: (*region).to_owned(),
            account: (*account).to_owned(),
            resource: (*resource).to_owned(),
        })
    }

    fn checked(text: &str, service: &'static str) -> Result<(Self, AccountId), ArnError> {
        let arn = Self::parse(text)?;
        if !PARTITIONS.contains(&arn.partition.as_str()) {
            return Err(ArnError::Partition(arn.partition));
        }
        if arn.service != service {
            return Err(ArnError::Service { found: arn.service, wanted: service });
        }
        let account = AccountId::parse(&arn.account).ok_or_else(|| ArnError::Account(arn.account.clone()))?;
        Ok((arn, account))
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { partition, service, region, account, resource } = self;
        write!(f, "arn:{partition}:{service}:{region}:{account}:{resource}")
    }
}

/// The name of a secret, from its ARN: Secrets Manager adds a hyphen and six random characters to it, which a partial ARN may lack. A text that
/// is no secret's ARN is taken for a name and comes back as it is.
///
/// Source: AWS Secrets Manager API Reference, CreateSecret, "ARN".
#[must_use]
pub fn secret_name(text: &str) -> &str {
    let Some((_, name)) = text.strip_prefix("arn:").and_then(|rest| rest.split_once(":secret:")) else { return text };
    match name.rsplit_once('-') {
        Some((stem, suffix)) if suffix.len() == 6 && suffix.bytes().all(|b| b.is_ascii_alphanumeric()) => stem,
        _ => name,
    }
}

/// The partitions that a customer can have an account in.
pub const PARTITIONS: [&str; 3] = ["aws", "aws-cn", "aws-us-gov"];

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

fn check_name(what: &'static str, name: &str, longest: usize) -> Result<(), ArnError> {
    let fits = !name.is_empty() && name.len() <= longest;
    let characters = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"+=,.@_-".contains(&b));
    if fits && characters {
        return Ok(());
    }
    Err(ArnError::Name { what, name: name.to_owned(), rule: "1 to 64 letters, digits and +=,.@_-" })
}

fn check_path(path: &str) -> Result<(), ArnError> {
    if path.len() <= 512 && path.bytes().all(|b| (0x21..=0x7e).contains(&b)) {
        return Ok(());
    }
    Err(ArnError::Name { what: "path", name: path.to_owned(), rule: "at most 512 printable characters" })
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

    #[test]
    fn a_secrets_name_loses_its_random_suffix() {
        let arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:";
        for (rest, name) in [
            ("benchling-webhook-prod-AbCdEf", "benchling-webhook-prod"),
            ("quiltdata/benchling-webhook/default/acme-1a2B3c", "quiltdata/benchling-webhook/default/acme"),
            ("benchling-webhook", "benchling-webhook"),
        ] {
            assert_eq!(secret_name(&format!("{arn}{rest}")), name);
        }
        assert_eq!(secret_name("my-secret-AbCdEf"), "my-secret-AbCdEf");
    }

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
