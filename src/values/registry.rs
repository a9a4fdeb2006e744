//! The host name of a private registry of Amazon ECR.

use super::AccountId;
use super::regions::partition_of;

/// A private registry, and a repository of it where one is named.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Registry {
    /// The account that owns it.
    pub account: AccountId,
    /// The region it is in.
    pub region: String,
    /// The repository, without tag and digest.
    pub repository: Option<String>,
}

impl Registry {
    /// What is said of a text that is none, as a clause.
    pub const FORM: &str = "a registry host is ACCOUNT.dkr.ecr.REGION.amazonaws.com";

    /// Reads a host, a repository below it or the name of an image: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/app:latest`.
    /// `None`: it is none of ECR's, or the host is one of another partition than the region's.
    ///
    /// Source: Amazon ECR User Guide, "Amazon ECR private registry" and "Amazon ECR endpoints" (FIPS, and the dual-stack `dkr-ecr … on.aws`);
    /// Amazon Web Services in China, "Endpoints and ARNs" (`amazonaws.com.cn`). S1-27.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix("https://").unwrap_or(text);
        let (host, rest) = text.split_once('/').map_or((text, ""), |(host, rest)| (host, rest));
        let (account, host) = host.split_once('.')?;
        let account = AccountId::parse(account)?;
        let stacks = [("dkr.ecr.", false), ("dkr.ecr-fips.", false), ("dkr-ecr.", true), ("dkr-ecr-fips.", true)];
        let (service, dual) = stacks.into_iter().find(|(service, _)| host.starts_with(service))?;
        let host = host.strip_prefix(service)?;
        let (region, suffix) = host.split_once('.')?;
        let china = partition_of(region)? == "aws-cn";
        let expected = match (dual, china) {
            (false, false) => "amazonaws.com",
            (false, true) => "amazonaws.com.cn",
            (true, false) => "on.aws",
            (true, true) => "on.amazonwebservices.com.cn",
        };
        if suffix != expected {
            return None;
        }
        let repository = repository(rest)?;
        Some(Self { account, region: region.to_owned(), repository })
    }

    /// The host name of an account's registry in a region (Amazon ECR User Guide, "Amazon ECR private registry").
    #[must_use]
    pub fn host(account: &str, region: &str) -> String {
        let end = if partition_of(region) == Some("aws-cn") { ".cn" } else { "" };
        format!("{account}.dkr.ecr.{region}.amazonaws.com{end}")
    }

    /// Its host name.
    #[must_use]
    pub fn host_name(&self) -> String {
        Self::host(self.account.as_str(), &self.region)
    }

    /// The partition that it is in.
    #[must_use]
    pub fn partition(&self) -> &'static str {
        partition_of(&self.region).unwrap_or("aws")
    }

    /// The repository's ARN; of a registry alone that of all its repositories.
    #[must_use]
    pub fn arn(&self) -> String {
        let repository = self.repository.as_deref().unwrap_or("*");
        format!("arn:{}:ecr:{}:{}:repository/{repository}", self.partition(), self.region, self.account)
    }
}

/// A repository's name without tag and digest. `None`: it is no name.
///
/// Source: Amazon ECR API Reference, CreateRepository, repositoryName: `(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*`. Which
/// separators follow each other ECR itself judges.
fn repository(text: &str) -> Option<Option<String>> {
    let name = text.split(['@', ':']).next().unwrap_or_default().trim_end_matches('/');
    if name.is_empty() {
        return text.chars().all(|c| c == '/').then_some(None);
    }
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-/".contains(c);
    (name.len() <= 256 && name.chars().all(fits)).then(|| Some(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_whole_in_every_partition() {
        for (region, host) in [
            ("eu-west-1", "444455556666.dkr.ecr.eu-west-1.amazonaws.com"),
            ("cn-north-1", "444455556666.dkr.ecr.cn-north-1.amazonaws.com.cn"),
        ] {
            assert_eq!(Registry::host("444455556666", region), host);
            assert_eq!(Registry::parse(host).map(|registry| registry.region).as_deref(), Some(region));
        }
    }

    #[test]
    fn account_region_and_repository_are_read_off_the_host() {
        for (text, region, repository, partition) in [
            ("924133642166.dkr.ecr.eu-west-1.amazonaws.com", "eu-west-1", None, "aws"),
            ("924133642166.dkr.ecr.eu-west-1.amazonaws.com/", "eu-west-1", None, "aws"),
            ("924133642166.dkr.ecr.eu-west-1.amazonaws.com/team/app:latest", "eu-west-1", Some("team/app"), "aws"),
            ("924133642166.dkr.ecr.eu-west-1.amazonaws.com/app@sha256:00ff", "eu-west-1", Some("app"), "aws"),
            ("https://924133642166.dkr.ecr.us-east-1.amazonaws.com/app", "us-east-1", Some("app"), "aws"),
            ("924133642166.dkr.ecr-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1", None, "aws-us-gov"),
            ("924133642166.dkr.ecr.cn-north-1.amazonaws.com.cn/app", "cn-north-1", Some("app"), "aws-cn"),
            ("924133642166.dkr-ecr.eu-west-1.on.aws/app", "eu-west-1", Some("app"), "aws"),
        ] {
            let registry = Registry::parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((registry.account.as_str(), registry.region.as_str()), ("924133642166", region), "{text}");
            assert_eq!((registry.repository.as_deref(), registry.partition()), (repository, partition), "{text}");
        }
    }

    #[test]
    fn what_is_no_registry_of_ecr_is_none() {
        for text in [
            "",
            "docker.io/library/alpine",
            "public.ecr.aws/team/app",
            "92413364216.dkr.ecr.eu-west-1.amazonaws.com",
            "924133642166.dkr.ecr.eu-west-1.example.com",
            "924133642166.dkr.ecr.eu-west-1.amazonaws.com.cn",
            "924133642166.dkr.ecr.cn-north-1.amazonaws.com",
            "924133642166.dkr.ecr.amazonaws.com",
            "924133642166.dkr.ecr.eu-west-1.amazonaws.com/Team App",
            "924133642166.dkr.ecr.eu-west-1.amazonaws.com/:latest",
            "924133642166.s3.eu-west-1.amazonaws.com",
        ] {
            assert_eq!(Registry::parse(text), None, "{text}");
        }
    }
}
