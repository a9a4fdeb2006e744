//! The roles that the AWS files and the environment name, with what goes with each call.

use aws_config::profile::Profile;

use super::Surroundings;
use super::profiles::AwsFiles;
use crate::model::Hop;
use crate::model::facts::KnownRole;
use crate::model::selection::CredentialSource;
use crate::role_set;

/// The most AWS profiles that are followed by `source_profile`; the SDK refuses more.
const LONGEST_CHAIN: usize = 10;

/// Every role that is named, and a sentence for each variable that should name some and does not.
#[must_use]
pub fn list(here: &Surroundings, files: &AwsFiles) -> (Vec<KnownRole>, Vec<String>) {
    let mut roles: Vec<KnownRole> =
        files.names().into_iter().filter_map(|name| of_profile(files, files.profile(name)?)).collect();
    let environment = &here.environment;
    if let Some(arn) = environment.get("AWS_ROLE_ARN") {
        let hop = Hop { session_name: environment.get("AWS_ROLE_SESSION_NAME").map(str::to_owned), ..Hop::to(arn) };
        roles.push(of_environment(hop, "AWS_ROLE_ARN"));
    }
    let mut faults = Vec::new();
    if let Some(text) = environment.get("AWS_AUTH_ROLES") {
        match role_set::read(text) {
            Ok(set) => {
                for role in &set.roles {
                    match role.hop(here.clock.now()) {
                        hop if hop.role_arn.is_empty() => {
                            faults.push(format!("AWS_AUTH_ROLES: its entry {} is no role.", role.name));
                        }
                        hop => roles.push(of_environment(hop, &format!("AWS_AUTH_ROLES, {}", role.name))),
                    }
                }
            }
            Err(why) => faults.push(format!("AWS_AUTH_ROLES names no roles: {why}.")),
        }
    }
    (roles, faults)
}

fn of_environment(hop: Hop, from: &str) -> KnownRole {
    KnownRole { hops: vec![hop], from: from.to_owned(), source: None, mfa_serial: None }
}

/// The path of an AWS profile that assumes a role: from where its credentials begin to the role itself. `None`: it assumes none, or the
/// files do not say whose credentials it begins with.
fn of_profile(files: &AwsFiles, profile: &Profile) -> Option<KnownRole> {
    let mut hops = Vec::new();
    let mut at = profile;
    let mut mfa_serial = None;
    let source = loop {
        // A token of a web identity takes another call than sts:AssumeRole.
        let Some(role) = at.get("role_arn").filter(|_| at.get("web_identity_token_file").is_none()) else {
            break Some(CredentialSource::Profile(at.name().to_owned()));
        };
        if hops.len() == LONGEST_CHAIN {
            return None;
        }
        hops.insert(0, hop(at, role));
        mfa_serial = mfa_serial.or_else(|| at.get("mfa_serial").map(str::to_owned));
        match (at.get("source_profile"), at.get("credential_source")) {
            // An AWS profile may hold the keys beside the role that it assumes with them.
            (Some(name), _) if name == at.name() => return None,
            (Some(name), _) => at = files.profile(name)?,
            (None, Some("Environment")) => break Some(CredentialSource::Environment),
            (None, Some("EcsContainer")) => break Some(CredentialSource::Container),
            (None, Some("Ec2InstanceMetadata")) => break Some(CredentialSource::Instance),
            (None, _) => break None,
        }
    };
    (!hops.is_empty()).then(|| KnownRole { hops, from: format!("AWS profile {}", profile.name()), source, mfa_serial })
}

/// Source: AWS SDKs and Tools Reference Guide, "Assume role credential provider".
fn hop(profile: &Profile, role: &str) -> Hop {
    let get = |key: &str| profile.get(key).map(str::to_owned);
    Hop {
        external_id: get("external_id"),
        duration_seconds: profile.get("duration_seconds").and_then(|text| text.parse().ok()),
        session_name: get("role_session_name"),
        ..Hop::to(role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::{Environment, profiles};

    async fn listed(config: &str, variables: &[(&str, &str)]) -> (Vec<KnownRole>, Vec<String>) {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(home.path().join(".aws")).unwrap();
        std::fs::write(home.path().join(".aws/config"), config).unwrap();
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let here = Surroundings::of_user(Environment::new(variables), home.path().to_owned());
        list(&here, &profiles::read(&here).await)
    }

    #[tokio::test]
    async fn an_aws_profile_gives_the_hop_with_what_goes_with_the_call() {
        let (roles, _) = listed(
            "[profile base]\nregion=us-east-1\n\
             [profile partner]\nrole_arn=arn:aws:iam::444455556666:role/Target\nsource_profile=base\nexternal_id=cust-42\n\
             duration_seconds=900\nrole_session_name=ci\nmfa_serial=arn:aws:iam::111122223333:mfa/ci\n",
            &[],
        )
        .await;
        let [role] = roles.as_slice() else { panic!("{roles:?}") };
        assert_eq!(role.from, "AWS profile partner");
        assert_eq!(role.source, Some(CredentialSource::Profile("base".into())));
        assert_eq!(role.mfa_serial.as_deref(), Some("arn:aws:iam::111122223333:mfa/ci"));
        let hop = Hop {
            external_id: Some("cust-42".into()),
            duration_seconds: Some(900),
            session_name: Some("ci".into()),
            ..Hop::to("arn:aws:iam::444455556666:role/Target")
        };
        assert_eq!(role.hops, [hop]);
    }

    #[tokio::test]
    async fn a_role_that_rests_on_a_role_is_a_chain_and_a_circle_is_nothing() {
        let (roles, _) = listed(
            "[profile base]\nregion=us-east-1\n\
             [profile jump]\nrole_arn=arn:aws:iam::111122223333:role/Jump\nsource_profile=base\n\
             [profile far]\nrole_arn=arn:aws:iam::444455556666:role/Far\nsource_profile=jump\n\
             [profile a]\nrole_arn=arn:aws:iam::444455556666:role/A\nsource_profile=b\n\
             [profile b]\nrole_arn=arn:aws:iam::444455556666:role/B\nsource_profile=a\n",
            &[],
        )
        .await;
        let far = roles.iter().find(|role| role.from == "AWS profile far").unwrap();
        let arns: Vec<&str> = far.hops.iter().map(|hop| hop.role_arn.as_str()).collect();
        assert_eq!(arns, ["arn:aws:iam::111122223333:role/Jump", "arn:aws:iam::444455556666:role/Far"]);
        assert_eq!(far.source, Some(CredentialSource::Profile("base".into())));
        assert_eq!(roles.len(), 2, "{roles:?}");
    }

    #[tokio::test]
    async fn the_environment_names_roles_and_a_variable_that_does_not_parse_is_told() {
        let (roles, faults) = listed(
            "",
            &[
                ("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/Pod"),
                (
                    "AWS_AUTH_ROLES",
                    r#"{"prod": {"role_arn": "arn:aws:iam::123456789012:role/SRERole", "account_id": "123456789012"}}"#,
                ),
            ],
        )
        .await;
        let froms: Vec<&str> = roles.iter().map(|role| role.from.as_str()).collect();
        assert_eq!((froms, faults.len()), (vec!["AWS_ROLE_ARN", "AWS_AUTH_ROLES, prod"], 0));
        let session = roles[1].hops[0].session_name.as_deref().unwrap();
        assert!(session.starts_with("SREBotSession_"), "what the service would call it: {session}");
        for (text, part) in [("{", "not JSON"), ("3", "a number"), (r#"{"prod": {}}"#, "its entry prod is no role")] {
            let (roles, faults) = listed("", &[("AWS_AUTH_ROLES", text)]).await;
            assert!(roles.is_empty() && faults[0].contains(part), "{text}: {faults:?}");
        }
    }
}
