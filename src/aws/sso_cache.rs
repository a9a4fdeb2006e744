//! Whether an SSO login still lives, from the token cache that the AWS CLI and the SDKs share. The token itself is not kept.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha1::{Digest, Sha1};

use crate::model::facts::SsoToken;
use crate::values::time::Timestamp;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cached {
    expires_at: Timestamp,
}

/// The file that holds the token of an SSO session name or, for older AWS profiles, a start URL.
/// Source: AWS SDKs and Tools Reference Guide, "IAM Identity Center credential provider".
#[must_use]
pub fn file(home: &Path, session_or_url: &str) -> PathBuf {
    let name: String = Sha1::digest(session_or_url.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    home.join(".aws/sso/cache").join(format!("{name}.json"))
}

/// Reads the token's end.
#[must_use]
pub fn token(home: &Path, session_or_url: &str, now: Timestamp) -> SsoToken {
    let cached =
        std::fs::read(file(home, session_or_url)).ok().and_then(|bytes| serde_json::from_slice::<Cached>(&bytes).ok());
    match cached {
        None => SsoToken::Missing,
        Some(cached) if cached.expires_at > now => SsoToken::Live(cached.expires_at),
        Some(cached) => SsoToken::Expired(cached.expires_at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cached_token_lives_until_it_expires() {
        let home = tempfile::tempdir().unwrap();
        let path = file(home.path(), "corp");
        assert!(path.ends_with(".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json"));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, r#"{"accessToken":"canary","expiresAt":"2026-03-04T12:00:00Z"}"#).unwrap();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert!(matches!(token(home.path(), "corp", at("2026-03-04T11:00:00Z")), SsoToken::Live(_)));
        assert!(matches!(token(home.path(), "corp", at("2026-03-04T13:00:00Z")), SsoToken::Expired(_)));
        assert_eq!(token(home.path(), "other", at("2026-03-04T13:00:00Z")), SsoToken::Missing);
    }
}
