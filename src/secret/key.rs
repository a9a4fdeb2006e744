//! The 11 keys of the secret.

use std::fmt;

use crate::model::Reader;
use crate::values::mask::Mask;

/// A key of the secret, in the order of the specification (S3-11 to S3-21).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Key {
    /// OAuth client id of the Benchling app.
    ClientId,
    /// OAuth client secret of the Benchling app.
    ClientSecret,
    /// The part of the Benchling address before `.benchling.com`.
    Tenant,
    /// Id of the Benchling app's definition.
    AppDefinitionId,
    /// Python logging level.
    LogLevel,
    /// First part of the names of the packages.
    PkgPrefix,
    /// Metadata key that links a package to an entry.
    PkgKey,
    /// S3 bucket the packages go to.
    UserBucket,
    /// ECR repository of the webhook's image.
    EcrRepositoryName,
    /// Whether signatures of webhooks are verified.
    EnableWebhookVerification,
    /// Addresses that may call the webhook.
    WebhookAllowList,
}

impl Key {
    /// All 11, in the order of the specification.
    pub const ALL: [Self; 11] = [
        Self::ClientId,
        Self::ClientSecret,
        Self::Tenant,
        Self::AppDefinitionId,
        Self::LogLevel,
        Self::PkgPrefix,
        Self::PkgKey,
        Self::UserBucket,
        Self::EcrRepositoryName,
        Self::EnableWebhookVerification,
        Self::WebhookAllowList,
    ];

    /// As the secret spells it; case matters (S3-10).
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ClientId => "CLIENT_ID",
            Self::ClientSecret => "CLIENT_SECRET",
            Self::Tenant => "TENANT",
            Self::AppDefinitionId => "APP_DEFINITION_ID",
            Self::LogLevel => "LOG_LEVEL",
            Self::PkgPrefix => "PKG_PREFIX",
            Self::PkgKey => "PKG_KEY",
            Self::UserBucket => "USER_BUCKET",
            Self::EcrRepositoryName => "ECR_REPOSITORY_NAME",
            Self::EnableWebhookVerification => "ENABLE_WEBHOOK_VERIFICATION",
            Self::WebhookAllowList => "WEBHOOK_ALLOW_LIST",
        }
    }

    /// As the shipped runtimes spell it; they know no ECR repository.
    #[must_use]
    pub const fn shipped_name(self) -> Option<&'static str> {
        Some(match self {
            Self::ClientId => "client_id",
            Self::ClientSecret => "client_secret",
            Self::Tenant => "tenant",
            Self::AppDefinitionId => "app_definition_id",
            Self::LogLevel => "log_level",
            Self::PkgPrefix => "pkg_prefix",
            Self::PkgKey => "pkg_key",
            Self::UserBucket => "user_bucket",
            Self::EcrRepositoryName => return None,
            Self::EnableWebhookVerification => "enable_webhook_verification",
            Self::WebhookAllowList => "webhook_allow_list",
        })
    }

    /// The names under which a reader looks for it, that of the specification first. None: it does not.
    #[must_use]
    pub fn names(self, reader: Reader) -> Vec<&'static str> {
        let capitals = reader.reads_capitals().then_some(self.name());
        let small = self.shipped_name().filter(|_| reader.reads_small_letters());
        capitals.into_iter().chain(small).collect()
    }

    /// The key of that exact name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.name() == name)
    }

    /// The key that the shipped runtimes spell so.
    #[must_use]
    pub fn from_shipped_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.shipped_name() == Some(name))
    }

    /// Where the same value stands in `config.json`.
    #[must_use]
    pub const fn config_path(self) -> Option<&'static [&'static str]> {
        Some(match self {
            Self::ClientId => &["benchling", "clientId"],
            Self::ClientSecret => &["benchling", "clientSecret"],
            Self::Tenant => &["benchling", "tenant"],
            Self::AppDefinitionId => &["benchling", "appDefinitionId"],
            Self::LogLevel => &["logging", "level"],
            Self::PkgPrefix => &["packages", "prefix"],
            Self::PkgKey => &["packages", "metadataKey"],
            Self::UserBucket => &["packages", "bucket"],
            Self::EcrRepositoryName => &["deployment", "ecrRepository"],
            Self::EnableWebhookVerification => &["security", "enableVerification"],
            Self::WebhookAllowList => &["security", "webhookAllowList"],
        })
    }

    /// How much of a value may be seen unasked (S3-59).
    #[must_use]
    pub const fn mask(self) -> Mask {
        match self {
            Self::ClientSecret => Mask::Full,
            Self::ClientId | Self::AppDefinitionId => Mask::Partial,
            _ => Mask::Open,
        }
    }

    /// What a value must be, in one line.
    #[must_use]
    pub const fn rule(self) -> &'static str {
        match self {
            Self::ClientId => "client ID of the Benchling app: printable characters without spaces",
            Self::ClientSecret => "client secret of the Benchling app: printable characters without spaces",
            Self::Tenant => "the name before .benchling.com: small letters, digits, hyphens",
            Self::AppDefinitionId => "appdef_ and what follows it in the Benchling app's definition",
            Self::LogLevel => "DEBUG, INFO, WARNING, ERROR or CRITICAL, in capitals",
            Self::PkgPrefix => "letters, digits, - and _: the part of a package's name before the /",
            Self::PkgKey => "letters, digits, . - and _: the metadata key that holds the entry's id",
            Self::UserBucket => "name of an S3 bucket, without s3://",
            Self::EcrRepositoryName => "name of an ECR repository, without registry and tag",
            Self::EnableWebhookVerification => "true or false, as a text",
            Self::WebhookAllowList => "IP addresses and CIDR blocks with commas between; empty: any address",
        }
    }

    /// What the specification shows as an example (S3-45); no value anyone should use as it is.
    #[must_use]
    pub const fn sample(self) -> &'static str {
        match self {
            Self::ClientId | Self::ClientSecret | Self::Tenant | Self::AppDefinitionId => "...",
            Self::LogLevel => "INFO",
            Self::PkgPrefix => "benchling",
            Self::PkgKey => "experiment_id",
            Self::UserBucket => "my-bucket",
            Self::EcrRepositoryName => "quiltdata/benchling",
            Self::EnableWebhookVerification => "true",
            Self::WebhookAllowList => "",
        }
    }

    /// What most installations use: to be offered, never to be filled in unasked (S3-63).
    #[must_use]
    pub const fn suggested(self) -> Option<&'static str> {
        match self {
            Self::ClientId | Self::ClientSecret | Self::Tenant | Self::AppDefinitionId | Self::UserBucket => None,
            _ => Some(self.sample()),
        }
    }

    /// Whether an empty value is one: of the allow list alone (C9).
    #[must_use]
    pub const fn may_be_empty(self) -> bool {
        matches!(self, Self::WebhookAllowList)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eleven_keys_that_find_themselves() {
        for key in Key::ALL {
            assert_eq!(Key::from_name(key.name()), Some(key));
            assert_eq!(key.shipped_name().and_then(Key::from_shipped_name), key.shipped_name().map(|_| key));
            assert_eq!(key.shipped_name().unwrap_or("ecr_repository_name").to_uppercase(), key.name());
        }
        assert_eq!(Key::from_name("client_id"), None);
    }

    /// S3-24: the README's table says what the program judges by.
    #[test]
    fn the_readme_documents_every_key() {
        let readme = include_str!("../../README.md");
        for key in Key::ALL {
            let shipped = key.shipped_name().map_or_else(|| "not read".to_owned(), |name| format!("`{name}`"));
            let row = format!("| `{key}` | {} | {shipped} |", key.rule());
            assert!(readme.contains(&row), "{row}");
        }
    }

    #[test]
    fn what_is_suggested_is_valid() {
        for key in Key::ALL {
            if let Some(value) = key.suggested() {
                assert_eq!(crate::secret::rules::check(key, value), vec![], "{key}");
            }
        }
    }
}
