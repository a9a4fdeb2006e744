//! Amazon Resource Names: one parser for every shape rolecall reads (resolution C7).
//!
//! Source: IAM User Guide, "Identify AWS resources with Amazon Resource Names (ARNs)" and "IAM identifiers".

mod principal;
mod role;
mod stack;

use std::fmt;

use thiserror::Error;

pub use principal::PrincipalArn;
pub use role::RoleArn;
pub use stack::StackArn;

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
}
