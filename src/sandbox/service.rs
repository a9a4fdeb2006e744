//! The services that the sandbox has, and how each words what is wrong with credentials.

use super::exchange::ServiceError;
use crate::values::regions;

/// A service.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Service {
    /// Security Token Service.
    Sts,
    /// Identity and Access Management.
    Iam,
    /// CloudFormation.
    CloudFormation,
    /// Secrets Manager.
    SecretsManager,
    /// Simple Storage Service.
    S3,
    /// Elastic Container Registry.
    Ecr,
}

/// How a service is spoken to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Dialect {
    /// The query protocol: a form goes out, XML of this namespace comes back.
    Query(&'static str),
    /// JSON 1.1, the operation in a header.
    Json,
    /// Paths and methods; XML comes back.
    Rest,
}

impl Service {
    /// The service behind a host name, for example `sts.us-east-1.amazonaws.com`.
    pub(super) fn of_host(host: &str) -> Option<Self> {
        let name = host.strip_suffix(".amazonaws.com")?;
        if bucket_of_host(host).is_some() {
            return Some(Self::S3);
        }
        let mut labels = name.split('.');
        match (labels.next()?, labels.next()) {
            // Of another region there is no such host.
            ("sts", Some(region)) if !regions::is_listed(region) => None,
            ("sts", _) => Some(Self::Sts),
            ("iam", _) => Some(Self::Iam),
            ("cloudformation", _) => Some(Self::CloudFormation),
            ("secretsmanager", _) => Some(Self::SecretsManager),
            ("s3", _) => Some(Self::S3),
            ("api", Some("ecr")) => Some(Self::Ecr),
            _ => None,
        }
    }

    /// The prefix of its IAM actions.
    pub(super) const fn prefix(self) -> &'static str {
        match self {
            Self::Sts => "sts",
            Self::Iam => "iam",
            Self::CloudFormation => "cloudformation",
            Self::SecretsManager => "secretsmanager",
            Self::S3 => "s3",
            Self::Ecr => "ecr",
        }
    }

    /// How it is spoken to.
    pub(super) const fn dialect(self) -> Dialect {
        match self {
            Self::Sts => Dialect::Query("https://sts.amazonaws.com/doc/2011-06-15/"),
            Self::Iam => Dialect::Query("https://iam.amazonaws.com/doc/2010-05-08/"),
            Self::CloudFormation => Dialect::Query("http://cloudformation.amazonaws.com/doc/2010-05-15/"),
            Self::SecretsManager | Self::Ecr => Dialect::Json,
            Self::S3 => Dialect::Rest,
        }
    }

    /// Whether resource control policies reach its resources (AWS Organizations User Guide, "List of AWS services that support RCPs").
    pub(super) const fn has_rcps(self) -> bool {
        matches!(self, Self::Sts | Self::S3 | Self::SecretsManager | Self::Ecr)
    }

    /// A refusal, in the code and status that this service uses.
    pub(super) fn denied(self, message: impl Into<String>) -> ServiceError {
        match self.dialect() {
            Dialect::Json => ServiceError::new(400, "AccessDeniedException", message),
            Dialect::Query(_) | Dialect::Rest => ServiceError::new(403, "AccessDenied", message),
        }
    }

    /// Credentials that nobody has, or whose token is not theirs.
    pub(super) fn unknown_key(self) -> ServiceError {
        let message = "The security token included in the request is invalid.";
        match self.dialect() {
            Dialect::Json => ServiceError::new(400, "UnrecognizedClientException", message),
            Dialect::Query(_) => ServiceError::new(403, "InvalidClientTokenId", message),
            Dialect::Rest => {
                let message = "The AWS Access Key Id you provided does not exist in our records.";
                ServiceError::new(403, "InvalidAccessKeyId", message)
            }
        }
    }

    /// Credentials that have ended.
    pub(super) fn expired(self) -> ServiceError {
        let message = "The security token included in the request is expired";
        match self.dialect() {
            Dialect::Json => ServiceError::new(400, "ExpiredTokenException", message),
            Dialect::Query(_) => ServiceError::new(403, "ExpiredToken", message),
            Dialect::Rest => ServiceError::new(400, "ExpiredToken", "The provided token has expired."),
        }
    }

    /// A request whose date is too far off; `message` compares the times.
    pub(super) fn skewed(self, message: String) -> ServiceError {
        match self.dialect() {
            Dialect::Json => ServiceError::new(400, "InvalidSignatureException", message),
            Dialect::Query(_) => ServiceError::new(403, "SignatureDoesNotMatch", message),
            Dialect::Rest => {
                let message = "The difference between the request time and the current time is too large.";
                ServiceError::new(403, "RequestTimeTooSkewed", message)
            }
        }
    }
}

/// The bucket that a host names: `bucket.s3.us-east-1.amazonaws.com`. A bucket may have dots; `s3.…` alone names none.
pub(super) fn bucket_of_host(host: &str) -> Option<&str> {
    let name = host.strip_suffix(".amazonaws.com")?;
    let (bucket, rest) = name.split_once(".s3.").or_else(|| Some((name.strip_suffix(".s3")?, "")))?;
    // Access points and the like have hosts of their own.
    (!bucket.is_empty() && rest.split('.').all(|label| label != "s3")).then_some(bucket)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_names_service_and_bucket() {
        for (host, service, bucket) in [
            ("sts.us-east-1.amazonaws.com", Some(Service::Sts), None),
            ("sts.amazonaws.com", Some(Service::Sts), None),
            ("api.ecr.eu-west-1.amazonaws.com", Some(Service::Ecr), None),
            ("s3.eu-west-1.amazonaws.com", Some(Service::S3), None),
            ("s3.amazonaws.com", Some(Service::S3), None),
            ("quilt-acme.s3.us-east-1.amazonaws.com", Some(Service::S3), Some("quilt-acme")),
            ("my.sts.bucket.s3.amazonaws.com", Some(Service::S3), Some("my.sts.bucket")),
            ("ecr.us-east-1.amazonaws.com", None, None),
            ("sts.example.com", None, None),
        ] {
            assert_eq!((Service::of_host(host), bucket_of_host(host)), (service, bucket), "{host}");
        }
    }
}
