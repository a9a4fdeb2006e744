//! Which values are tried, and whether they can be: what is sent to a place of the user's follows from valid values alone.

use std::collections::BTreeMap;

use super::gathered;
use crate::model::migration::TrialValues;
use crate::model::selection::RoleKind;
use crate::model::{Facts, Selection, Severity};
use crate::secret::{Document, Key, rules};
use crate::values::SecretText;

/// The domain of every Benchling tenant.
pub const BENCHLING: &str = ".benchling.com";

/// Everything that trials are made with: values as the sources of the selection offer them, else as the secret holds them under either
/// spelling. A role counts where AWS gave the operator a session of it.
#[must_use]
pub fn values(facts: &Facts, selection: &Selection) -> TrialValues {
    let (gathered, there) = (gathered(facts, selection), Document::current(facts));
    let value = |key| {
        let offered = gathered.merged.offers(key).first().map(|offer| offer.value.clone());
        offered.or_else(|| there.as_ref()?.value(key))
    };
    let assumed = |kind: RoleKind| {
        let role = facts.role(kind)?;
        role.live.known()?.outcome.as_ref().ok()?;
        Some((kind, role.found.known()?.arn.clone()))
    };
    TrialValues {
        bucket: value(Key::UserBucket),
        tenant: value(Key::Tenant),
        client_id: value(Key::ClientId),
        client_secret: value(Key::ClientSecret),
        roles: RoleKind::BOTH.into_iter().filter_map(assumed).collect(),
    }
}

/// The same with the values of a draft, as far as it has any: those that were typed, and those that would be written.
pub fn of_draft(values: &mut TrialValues, draft: &BTreeMap<Key, SecretText>) {
    for (value, key) in [
        (&mut values.bucket, Key::UserBucket),
        (&mut values.tenant, Key::Tenant),
        (&mut values.client_id, Key::ClientId),
        (&mut values.client_secret, Key::ClientSecret),
    ] {
        if let Some(drafted) = draft.get(&key) {
            *value = Some(drafted.clone());
        }
    }
}

/// What Benchling is asked with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TokenRequest {
    /// `<tenant>.benchling.com`, and never any other place.
    pub host: String,
    /// The client id.
    pub client_id: SecretText,
    /// The client secret.
    pub client_secret: SecretText,
}

/// The request for a token, if the values can be sent. A tenant that certainly means a name, a URL for instance, is cut to it.
///
/// # Errors
/// Why nothing is sent, as a clause that names the key and none of its value.
pub fn token_request(values: &TrialValues) -> Result<TokenRequest, String> {
    let tenant = present(Key::Tenant, values.tenant.as_ref())?;
    let slug = rules::repaired(Key::Tenant, tenant).unwrap_or_else(|| tenant.clone());
    // Even what is only a warning for the service would be another host here.
    if let Some(fault) = rules::check(Key::Tenant, slug.expose()).first() {
        return Err(format!("TENANT is not valid: {}", fault.message));
    }
    let client_id = valid(Key::ClientId, present(Key::ClientId, values.client_id.as_ref())?)?;
    let client_secret = valid(Key::ClientSecret, present(Key::ClientSecret, values.client_secret.as_ref())?)?;
    if client_id.expose().contains(':') {
        // RFC 7617, section 2: the first colon ends the name.
        return Err("CLIENT_ID has a colon in it, which HTTP's Basic scheme cannot carry".into());
    }
    Ok(TokenRequest { host: format!("{}{BENCHLING}", slug.expose()), client_id, client_secret })
}

/// The bucket, if its name is one.
///
/// # Errors
/// Why nothing is sent, as a clause.
pub fn bucket(values: &TrialValues) -> Result<String, String> {
    let bucket = valid(Key::UserBucket, present(Key::UserBucket, values.bucket.as_ref())?)?;
    Ok(bucket.expose().to_owned())
}

fn present(key: Key, value: Option<&SecretText>) -> Result<&SecretText, String> {
    value.ok_or_else(|| format!("{key} has no value"))
}

fn valid(key: Key, value: &SecretText) -> Result<SecretText, String> {
    let fault = rules::check(key, value.expose()).into_iter().find(|fault| fault.severity == Severity::Error);
    fault.map_or_else(|| Ok(value.clone()), |fault| Err(format!("{key} is not valid: {}", fault.message)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::scene::Scene;
    use crate::model::Fact;

    fn with(tenant: &str, id: &str, secret: &str) -> TrialValues {
        TrialValues {
            tenant: Some(tenant.into()),
            client_id: Some(id.into()),
            client_secret: Some(secret.into()),
            ..TrialValues::default()
        }
    }

    #[test]
    fn only_a_tenants_own_host_is_ever_asked() {
        for (tenant, host) in [
            ("acme", "acme.benchling.com"),
            ("Acme", "acme.benchling.com"),
            ("https://acme.benchling.com/home?x=1", "acme.benchling.com"),
            ("acme.benchling.com", "acme.benchling.com"),
        ] {
            assert_eq!(token_request(&with(tenant, "wqF4hT8mZsYe", "abc123def")).unwrap().host, host);
        }
        for tenant in [
            "acme corp",
            "acme.example.com",
            "https://evil.example.com/acme.benchling.com",
            "acme.evil.example.com#.benchling.com",
            "user@acme.benchling.com",
            "a.b.benchling.com",
            "acme/../x",
            "acme\r\nHost: evil",
            "...",
            "",
        ] {
            let why = token_request(&with(tenant, "wqF4hT8mZsYe", "abc123def")).unwrap_err();
            assert!(why.starts_with("TENANT "), "{tenant}: {why}");
        }
    }

    #[test]
    fn what_cannot_be_right_is_not_sent_and_none_of_it_is_told() {
        for (id, secret, key) in [
            ("", "canary-secret", "CLIENT_ID"),
            ("appdef_canary", "canary-secret", "CLIENT_ID"),
            ("canary:id", "canary-secret", "CLIENT_ID"),
            ("wqF4hT8mZsYe", "canary secret", "CLIENT_SECRET"),
            ("wqF4hT8mZsYe", "<canary>", "CLIENT_SECRET"),
        ] {
            let why = token_request(&with("acme", id, secret)).unwrap_err();
            assert!(why.starts_with(key) && !why.contains("canary"), "{why}");
        }
        let none = TrialValues { client_secret: None, ..with("acme", "wqF4hT8mZsYe", "x") };
        assert_eq!(token_request(&none).unwrap_err(), "CLIENT_SECRET has no value");
        assert!(bucket(&TrialValues { bucket: Some("s3://x".into()), ..none }).unwrap_err().contains("USER_BUCKET"));
    }

    #[test]
    fn the_secrets_values_are_tried_and_roles_that_could_be_assumed() {
        let mut scene = Scene::healthy();
        let found = values(&scene.facts, &scene.selection);
        assert_eq!(found.tenant, Some("acme".into()));
        assert_eq!(bucket(&found).unwrap(), "quilt-user-bucket");
        scene.live(RoleKind::Write, Ok(scene.facts.observed_at));
        scene.live(
            RoleKind::Read,
            Err(crate::model::AwsError::local(crate::model::ErrorKind::Denied, "sts:AssumeRole", "no")),
        );
        let roles = values(&scene.facts, &scene.selection).roles;
        assert_eq!(roles.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), [RoleKind::Write]);
        scene.facts.secret = Fact::Absent;
        assert_eq!(values(&scene.facts, &scene.selection).tenant, None);
    }
}
