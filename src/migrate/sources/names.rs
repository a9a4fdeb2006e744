//! What the name of an environment variable means for the secret.

use crate::secret::Key;
use crate::secret::nearest::{Spelling, nearest};

/// What a variable's name means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Meaning {
    /// A key of the secret.
    Key(Key),
    /// Perhaps one: it is offered and not taken.
    Perhaps(Key),
    /// A variable of an earlier version that is no part of the secret.
    Leftover,
    /// None of ours.
    Foreign,
}

/// Names that earlier versions of the webhook gave the values of the secret.
///
/// Source: the issue of S3-53, and the webhook's own `.env.example` and settings tables of 0.6 to 0.9 for those with `PKG`, `LOG_LEVEL` and
/// `WEBHOOK` in them.
const OLD: [(&str, Key); 11] = [
    ("BENCHLING_TENANT", Key::Tenant),
    ("BENCHLING_CLIENT_ID", Key::ClientId),
    ("BENCHLING_CLIENT_SECRET", Key::ClientSecret),
    ("BENCHLING_APP_DEFINITION_ID", Key::AppDefinitionId),
    ("BENCHLING_LOG_LEVEL", Key::LogLevel),
    ("BENCHLING_PKG_PREFIX", Key::PkgPrefix),
    ("BENCHLING_PKG_KEY", Key::PkgKey),
    ("BENCHLING_PKG_BUCKET", Key::UserBucket),
    ("QUILT_USER_BUCKET", Key::UserBucket),
    ("BENCHLING_ENABLE_WEBHOOK_VERIFICATION", Key::EnableWebhookVerification),
    ("BENCHLING_WEBHOOK_ALLOW_LIST", Key::WebhookAllowList),
];

/// Variables of the deployment that names every service: they are none of the secret's, and the service goes on reading them (S0-02, S0-27).
const STAY: [&str; 3] = ["QUILT_WEB_HOST", "QUILT_READ_ROLE_ARN", "QUILT_WRITE_ROLE_ARN"];

/// What a variable's name means. Only what is beyond doubt is a key: the key's own name in whatever case and with whatever separators, the
/// shipped runtimes' name for it, or a name of an earlier version.
#[must_use]
pub fn meaning(name: &str) -> Meaning {
    let documented = OLD.iter().find(|(old, _)| *old == name).map(|(_, key)| *key);
    if let Some(key) = documented.or_else(|| Key::from_name(name)).or_else(|| Key::from_shipped_name(name)) {
        return Meaning::Key(key);
    }
    if STAY.contains(&name) {
        return Meaning::Foreign;
    }
    match nearest(name) {
        Some((key, Spelling::Variant)) if is_own_name(key, name) => Meaning::Key(key),
        Some((key, _)) => Meaning::Perhaps(key),
        None if is_of_the_products(name) => Meaning::Leftover,
        None => Meaning::Foreign,
    }
}

/// The names that earlier versions gave a key, beside those it has in the secret.
#[must_use]
pub fn old_names(key: Key) -> Vec<&'static str> {
    OLD.iter().filter(|(_, meant)| *meant == key).map(|(name, _)| *name).collect()
}

/// Whether a name is the key's own, but for case and separators. `S3_BUCKET` is not `USER_BUCKET`, whatever it may hold.
fn is_own_name(key: Key, name: &str) -> bool {
    let letters = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
    };
    letters(name) == letters(key.name())
}

fn is_of_the_products(name: &str) -> bool {
    let begins = |prefix: &str| name.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix));
    begins("BENCHLING_") || begins("QUILT_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_every_version_are_known_and_nothing_is_guessed() {
        for (name, wanted) in [
            ("TENANT", Meaning::Key(Key::Tenant)),
            ("tenant", Meaning::Key(Key::Tenant)),
            ("BENCHLING_TENANT", Meaning::Key(Key::Tenant)),
            ("BENCHLING_CLIENT_ID", Meaning::Key(Key::ClientId)),
            ("BENCHLING_CLIENT_SECRET", Meaning::Key(Key::ClientSecret)),
            ("BENCHLING_APP_DEFINITION_ID", Meaning::Key(Key::AppDefinitionId)),
            ("QUILT_USER_BUCKET", Meaning::Key(Key::UserBucket)),
            ("BENCHLING_PKG_BUCKET", Meaning::Key(Key::UserBucket)),
            ("PKG_PREFIX", Meaning::Key(Key::PkgPrefix)),
            ("PKG_KEY", Meaning::Key(Key::PkgKey)),
            ("LOG_LEVEL", Meaning::Key(Key::LogLevel)),
            ("ENABLE_WEBHOOK_VERIFICATION", Meaning::Key(Key::EnableWebhookVerification)),
            ("WEBHOOK_ALLOW_LIST", Meaning::Key(Key::WebhookAllowList)),
            ("ECR_REPOSITORY_NAME", Meaning::Key(Key::EcrRepositoryName)),
            ("Client-Id", Meaning::Key(Key::ClientId)),
            ("TENNANT", Meaning::Perhaps(Key::Tenant)),
            ("S3_BUCKET", Meaning::Perhaps(Key::UserBucket)),
            ("QUILT_CLIENT_ID", Meaning::Perhaps(Key::ClientId)),
            ("BENCHLING_TEST_ENTRY", Meaning::Leftover),
            ("BENCHLING_SECRETS", Meaning::Leftover),
            ("QUILT_CATALOG", Meaning::Leftover),
            ("quilt_database", Meaning::Leftover),
            ("QUILT_WRITE_ROLE_ARN", Meaning::Foreign),
            ("QUILT_WEB_HOST", Meaning::Foreign),
            ("QuiltStackARN", Meaning::Foreign),
            ("BenchlingSecret", Meaning::Foreign),
            ("AWS_SECRET_ACCESS_KEY", Meaning::Foreign),
            ("HOME", Meaning::Foreign),
            ("PATH", Meaning::Foreign),
            ("", Meaning::Foreign),
        ] {
            assert_eq!(meaning(name), wanted, "{name}");
        }
    }
}
