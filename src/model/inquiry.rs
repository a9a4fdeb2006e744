//! What a diagnosis asks: an access path, and who shall walk it.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::policy::Request;
use crate::values::{PrincipalArn, Registry, RoleArn, SecretText};

/// One role to assume, and what goes with the call.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Hop {
    /// The role's ARN as it was given; it may be malformed, which is then what is wrong.
    pub role_arn: String,
    /// `ExternalId`; sent only when set.
    pub external_id: Option<String>,
    /// `DurationSeconds`, in seconds. `None`: what [`Hop::DEFAULT_DURATION`] says.
    pub duration_seconds: Option<u32>,
    /// `RoleSessionName`. `None`: one of rolecall's own, to be found in CloudTrail.
    pub session_name: Option<String>,
    /// Session tags.
    pub tags: BTreeMap<String, String>,
    /// Keys of the tags that the next session inherits.
    pub transitive_tag_keys: Vec<String>,
    /// `SourceIdentity`.
    pub source_identity: Option<String>,
}

impl Hop {
    /// What is asked for when nothing else is said, in seconds (C15).
    pub const DEFAULT_DURATION: u32 = 3_600;

    /// A hop to a role, with nothing that goes with the call.
    #[must_use]
    pub fn to(role_arn: impl Into<String>) -> Self {
        Self { role_arn: role_arn.into(), ..Self::default() }
    }

    /// The role it names; of an ARN one colon short, the role that is meant. `None`: no role can be made out.
    #[must_use]
    pub fn role(&self) -> Option<RoleArn> {
        RoleArn::parse(&self.role_arn).ok().or_else(|| RoleArn::one_colon_short(&self.role_arn))
    }

    /// The part of a case that the hop decides. Who calls, from where and with what MFA is not known here.
    #[must_use]
    pub fn request(&self) -> Request {
        Request {
            external_id: self.external_id.clone(),
            duration_seconds: Some(self.duration_seconds.unwrap_or(Self::DEFAULT_DURATION)),
            session_name: self.session_name.clone(),
            tags: self.tags.clone(),
            transitive_tag_keys: self.transitive_tag_keys.clone(),
            source_identity: self.source_identity.clone(),
            ..Request::default()
        }
    }
}

/// A code of an MFA device, as it is typed: it works once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MfaCode {
    /// The device's serial number or ARN.
    pub serial: String,
    /// Six digits.
    pub code: SecretText,
}

impl MfaCode {
    /// A code of a device, as it was typed. `None`: it is not six digits.
    #[must_use]
    pub fn typed(serial: &str, code: &str) -> Option<Self> {
        let code = code.trim();
        let is_code = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
        is_code.then(|| Self { serial: serial.to_owned(), code: code.into() })
    }
}

/// What is tried with the session of the last hop.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ProbeTarget {
    /// A bucket: `s3:ListBucket` by HeadBucket and a list of one key; with `writes` also `s3:PutObject`, simulated.
    Bucket {
        /// Its name.
        name: String,
        /// Whether the role is meant to write.
        writes: bool,
    },
    /// A registry: a token, and one DescribeImages where a repository is named.
    Registry {
        /// The account that owns it, 12 digits.
        account: String,
        /// Its region.
        region: String,
        /// A repository in it.
        repository: Option<String>,
    },
}

impl ProbeTarget {
    /// Reads `s3://BUCKET`, `s3+write://BUCKET` or `ecr://ACCOUNT.dkr.ecr.REGION.amazonaws.com[/REPOSITORY]`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        match scheme {
            "s3" | "s3+write" => {
                let name = rest.trim_end_matches('/');
                let is_name = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
                let fits = (3..=255).contains(&name.len()) && name.chars().all(is_name);
                fits.then(|| Self::Bucket { name: name.to_owned(), writes: scheme == "s3+write" })
            }
            "ecr" => Registry::parse(rest).map(Self::from),
            _ => None,
        }
    }
}

impl From<Registry> for ProbeTarget {
    fn from(registry: Registry) -> Self {
        let Registry { account, region, repository } = registry;
        Self::Registry { account: account.to_string(), region, repository }
    }
}

/// How long a session is kept at most.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Keeps {
    /// So long, whatever the session's own end.
    pub most: Duration,
    /// The setting that says so: "AWS_AUTH_CACHE_TTL".
    pub by: &'static str,
}

/// What is to be diagnosed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Inquiry {
    /// One or more roles, each assumed with the session of the one before.
    pub hops: Vec<Hop>,
    /// Who walks the path in production: judged beside the operator. `None`: the operator alone.
    pub principal: Option<PrincipalArn>,
    /// AWS profiles that may read an account that the operator's own credentials cannot: asked where these are of another account.
    pub inspectors: Vec<String>,
    /// The error message that began it, as it was pasted. It may hold what only its owner should see.
    pub message: Option<SecretText>,
    /// What is tried with the session of the last hop, beside GetCallerIdentity.
    pub probes: Vec<ProbeTarget>,
    /// How long whoever walks the path keeps a session at most, where there is such a limit.
    pub keeps: Option<Keeps>,
    /// The user agreed to one more try, with the external ID that the trust policy wants.
    pub tries_wanted_external_id: bool,
    /// A code, when one was typed.
    pub mfa: Option<MfaCode>,
    /// Says where the path came from, to be shown: "pasted message", "stack quilt-prod", "typed".
    pub source: String,
}

impl Inquiry {
    /// A path of one role.
    #[must_use]
    pub fn of_role(role_arn: impl Into<String>, source: impl Into<String>) -> Self {
        Self { hops: vec![Hop::to(role_arn)], source: source.into(), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_probe_is_written_as_an_address() {
        let bucket = |name: &str, writes| Some(ProbeTarget::Bucket { name: name.into(), writes });
        assert_eq!(ProbeTarget::parse("s3://quilt-user-bucket"), bucket("quilt-user-bucket", false));
        assert_eq!(ProbeTarget::parse("s3+write://b.c-d/"), bucket("b.c-d", true));
        let registry = ProbeTarget::parse("ecr://712023778557.dkr.ecr.us-east-1.amazonaws.com/quiltdata/benchling");
        let Some(ProbeTarget::Registry { account, region, repository }) = registry else { panic!("{registry:?}") };
        assert_eq!((account.as_str(), region.as_str()), ("712023778557", "us-east-1"));
        assert_eq!(repository.as_deref(), Some("quiltdata/benchling"));
        for wrong in ["", "bucket", "s3://", "s3://a b", "ecr://example.com", "ecr://1.dkr.ecr.us-east-1.amazonaws.com"]
        {
            assert_eq!(ProbeTarget::parse(wrong), None, "{wrong}");
        }
    }
}
