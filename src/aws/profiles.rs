//! The list of places credentials can come from: the AWS profiles of both files, environment, container and instance.

use std::path::Path;

use aws_config::profile::{Profile, ProfileSet};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_types::os_shim_internal::{Env, Fs};

use super::{Surroundings, sso_cache};
use crate::model::facts::{SourceEntry, SourceKind, SsoToken};
use crate::model::selection::CredentialSource;
use crate::values::{AccountId, RoleArn};

/// The most AWS profiles that are followed by `source_profile`.
const LONGEST_CHAIN: usize = 10;

/// The AWS files as they were read.
#[derive(Debug, Default)]
pub struct AwsFiles {
    profiles: Option<ProfileSet>,
    /// A file and what is wrong with it, each as a sentence.
    pub faults: Vec<String>,
}

impl AwsFiles {
    /// One AWS profile.
    #[must_use]
    pub fn profile(&self, name: &str) -> Option<&Profile> {
        self.profiles.as_ref()?.get_profile(name)
    }

    /// The names of all, in order.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.profiles.as_ref().map(|set| set.profiles().collect()).unwrap_or_default();
        names.sort_unstable();
        names
    }

    /// The region that an AWS profile names.
    #[must_use]
    pub fn region(&self, name: &str) -> Option<&str> {
        self.profile(name)?.get("region")
    }
}

/// The SDK's description of the two files, for its own providers. A file that does not exist counts as an empty one: the
/// SDK would refuse a path that it was given and cannot open.
#[must_use]
pub fn env_config_files(here: &Surroundings) -> EnvConfigFiles {
    [(EnvConfigFileKind::Config, &here.aws_config_file), (EnvConfigFileKind::Credentials, &here.aws_credentials_file)]
        .into_iter()
        .fold(EnvConfigFiles::builder(), |files, (kind, path)| {
            if path.exists() { files.with_file(kind, path) } else { files.with_contents(kind, "") }
        })
        .build()
}

/// Reads both files. A file that is not there is no fault; one that cannot be read or parsed is.
pub async fn read(here: &Surroundings) -> AwsFiles {
    let mut faults = Vec::new();
    for (kind, path) in [
        (EnvConfigFileKind::Config, &here.aws_config_file),
        (EnvConfigFileKind::Credentials, &here.aws_credentials_file),
    ] {
        if let Err(reason) = check_file(kind, path).await {
            faults.push(format!("{}: {reason}", path.display()));
        }
    }
    if !faults.is_empty() {
        return AwsFiles { profiles: None, faults };
    }
    let env = Env::from_slice(&[]);
    match aws_config::profile::load(&Fs::real(), &env, &env_config_files(here), None).await {
        Ok(profiles) => AwsFiles { profiles: Some(profiles), faults },
        Err(error) => AwsFiles { profiles: None, faults: vec![one_line(&error)] },
    }
}

/// Reads one file by itself, so that a fault is told of the right one.
async fn check_file(kind: EnvConfigFileKind, path: &Path) -> Result<(), String> {
    match tokio::fs::read(path).await {
        Ok(bytes) if std::str::from_utf8(&bytes).is_err() => return Err("it is not UTF-8 text".into()),
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.to_string()),
    }
    let files = EnvConfigFiles::builder().with_file(kind, path).build();
    aws_config::profile::load(&Fs::real(), &Env::from_slice(&[]), &files, None)
        .await
        .map(|_| ())
        .map_err(|error| one_line(&error))
}

/// The innermost reason, which names file and line, on one line.
fn one_line(error: &(dyn std::error::Error + 'static)) -> String {
    let reason = super::error::chain(error).pop().unwrap_or_else(|| error.to_string());
    reason.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The state of the login that an AWS profile rests on, from the files as they are now. `None`: it rests on none.
pub async fn login_of(here: &Surroundings, source: &CredentialSource) -> Option<SsoToken> {
    let CredentialSource::Profile(name) = source else { return None };
    let files = read(here).await;
    entry(here, &files, files.profile(name)?).sso_token
}

/// Every entry of the list: the environment first where it has credentials, then the AWS profiles by name.
#[must_use]
pub fn list(here: &Surroundings, files: &AwsFiles) -> Vec<SourceEntry> {
    let mut entries = ambient(here);
    entries.extend(files.names().into_iter().filter_map(|name| Some(entry(here, files, files.profile(name)?))));
    entries
}

/// Credentials that the process itself was given.
fn ambient(here: &Surroundings) -> Vec<SourceEntry> {
    let environment = &here.environment;
    let region = environment.get("AWS_REGION").or_else(|| environment.get("AWS_DEFAULT_REGION")).map(str::to_owned);
    let plain = |source, kind| SourceEntry {
        source,
        kind,
        region: region.clone(),
        account: None,
        role: None,
        sso_token: None,
        login: None,
        fault: None,
    };
    let mut entries = Vec::new();
    if environment.has("AWS_ACCESS_KEY_ID") {
        let mut keys = plain(CredentialSource::Environment, SourceKind::Environment);
        keys.fault = (!environment.has("AWS_SECRET_ACCESS_KEY"))
            .then(|| "AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is not".into());
        entries.push(keys);
    }
    if environment.has("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
        || environment.has("AWS_CONTAINER_CREDENTIALS_FULL_URI")
    {
        entries.push(plain(CredentialSource::Container, SourceKind::Container));
    }
    if here.demo.is_none() && is_ec2() && environment.get("AWS_EC2_METADATA_DISABLED") != Some("true") {
        entries.push(plain(CredentialSource::Instance, SourceKind::Instance));
    }
    entries
}

/// Whether this is an EC2 instance, from what the firmware says; no request is made for it.
/// Source: EC2 User Guide, "Detect whether a host is an EC2 instance".
fn is_ec2() -> bool {
    ["/sys/devices/virtual/dmi/id/sys_vendor", "/sys/devices/virtual/dmi/id/board_vendor"]
        .iter()
        .any(|file| std::fs::read_to_string(file).is_ok_and(|vendor| vendor.trim() == "Amazon EC2"))
}

fn entry(here: &Surroundings, files: &AwsFiles, profile: &Profile) -> SourceEntry {
    let get = |key: &str| profile.get(key).map(str::to_owned);
    let kind = kind(profile);
    let role_arn = get("role_arn");
    let account = profile
        .get("sso_account_id")
        .and_then(AccountId::parse)
        .or_else(|| role_arn.as_deref().and_then(|arn| RoleArn::parse(arn).ok()).map(|arn| arn.account().clone()))
        .or_else(|| profile.get("aws_account_id").and_then(AccountId::parse));
    let base = base(files, profile);
    let base_kind = self::kind(base);
    let start = base.get("sso_session").or_else(|| base.get("sso_start_url"));
    SourceEntry {
        source: CredentialSource::Profile(profile.name().to_owned()),
        kind,
        region: get("region"),
        account,
        role: role_arn.or_else(|| get("sso_role_name")),
        sso_token: (base_kind == SourceKind::Sso)
            .then(|| sso_cache::token(&here.home, start.unwrap_or_default(), here.clock.now())),
        login: matches!(base_kind, SourceKind::Sso | SourceKind::Login).then(|| base.name().to_owned()),
        fault: fault(files, profile, kind),
    }
}

/// Where the credentials of an AWS profile begin: at the end of its chain of `source_profile`.
fn base<'a>(files: &'a AwsFiles, profile: &'a Profile) -> &'a Profile {
    let mut at = profile;
    // Longer chains are refused by the SDK; a circle ends here too.
    for _ in 0..LONGEST_CHAIN {
        let source = at.get("source_profile").filter(|_| kind(at) == SourceKind::AssumeRole);
        match source.filter(|source| *source != at.name()).and_then(|source| files.profile(source)) {
            Some(next) => at = next,
            None => break,
        }
    }
    at
}

/// The order is the SDK's own: a role wins over keys, keys over SSO.
fn kind(profile: &Profile) -> SourceKind {
    let has = |key: &str| profile.get(key).is_some();
    if has("role_arn") {
        return if has("web_identity_token_file") { SourceKind::WebIdentity } else { SourceKind::AssumeRole };
    }
    for (key, kind) in [
        ("sso_account_id", SourceKind::Sso),
        ("sso_session", SourceKind::Sso),
        ("sso_start_url", SourceKind::Sso),
        ("login_session", SourceKind::Login),
        ("credential_process", SourceKind::Process),
        ("aws_access_key_id", SourceKind::StaticKeys),
    ] {
        if has(key) {
            return kind;
        }
    }
    SourceKind::None
}

fn fault(files: &AwsFiles, profile: &Profile, kind: SourceKind) -> Option<String> {
    match kind {
        SourceKind::None => Some("names no credentials".into()),
        SourceKind::StaticKeys if profile.get("aws_secret_access_key").is_none() => {
            Some("has an access key id and no secret access key".into())
        }
        SourceKind::AssumeRole => match (profile.get("source_profile"), profile.get("credential_source")) {
            (Some(source), _) if files.profile(source).is_none() => {
                Some(format!("source_profile {source} does not exist"))
            }
            (None, None) => Some("has a role_arn, but neither source_profile nor credential_source".into()),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::Environment;

    async fn listed(home: &Path, environment: Environment) -> (Vec<SourceEntry>, Vec<String>) {
        let here = Surroundings::of_user(environment, home.to_owned());
        let files = read(&here).await;
        (list(&here, &files), files.faults)
    }

    fn write(home: &Path, file: &str, text: &str) {
        std::fs::create_dir_all(home.join(".aws")).unwrap();
        std::fs::write(home.join(".aws").join(file), text).unwrap();
    }

    #[tokio::test]
    async fn one_file_alone_is_enough() {
        let home = tempfile::tempdir().unwrap();
        write(home.path(), "credentials", "[default]\naws_access_key_id=AKIA1\naws_secret_access_key=canary\n");
        let (entries, faults) = listed(home.path(), Environment::default()).await;
        assert_eq!(faults, Vec::<String>::new());
        assert_eq!(entries.len(), 1);
        assert_eq!((entries[0].kind, entries[0].fault.clone()), (SourceKind::StaticKeys, None));
    }

    #[tokio::test]
    async fn every_kind_is_told_apart() {
        let home = tempfile::tempdir().unwrap();
        write(
            home.path(),
            "config",
            "[profile sso]\nsso_session=corp\nsso_account_id=111122223333\nsso_role_name=Admin\n\
             [sso-session corp]\nsso_region=us-east-1\nsso_start_url=https://corp.awsapps.com/start\n\
             [profile role]\nrole_arn=arn:aws:iam::444455556666:role/R\nsource_profile=gone\n\
             [profile process]\ncredential_process=/bin/true\n[profile empty]\nregion=eu-west-1\n",
        );
        let (entries, faults) =
            listed(home.path(), Environment::new([("AWS_ACCESS_KEY_ID".into(), "AKIA".into())])).await;
        assert_eq!(faults, Vec::<String>::new());
        let kinds: Vec<_> =
            entries.iter().map(|entry| (entry.source.label(), entry.kind, entry.fault.is_some())).collect();
        assert_eq!(
            kinds,
            [
                ("(environment)".to_owned(), SourceKind::Environment, true),
                ("empty".to_owned(), SourceKind::None, true),
                ("process".to_owned(), SourceKind::Process, false),
                ("role".to_owned(), SourceKind::AssumeRole, true),
                ("sso".to_owned(), SourceKind::Sso, false),
            ]
        );
    }

    #[tokio::test]
    async fn a_role_rests_on_the_login_of_its_source() {
        let home = tempfile::tempdir().unwrap();
        write(
            home.path(),
            "config",
            "[profile base]\nsso_session=corp\nsso_account_id=111122223333\nsso_role_name=Admin\n\
             [sso-session corp]\nsso_region=us-east-1\nsso_start_url=https://corp.awsapps.com/start\n\
             [profile role]\nrole_arn=arn:aws:iam::444455556666:role/R\nsource_profile=base\n\
             [profile circle]\nrole_arn=arn:aws:iam::444455556666:role/R\nsource_profile=circle2\n\
             [profile circle2]\nrole_arn=arn:aws:iam::444455556666:role/R\nsource_profile=circle\n",
        );
        let here = Surroundings::of_user(Environment::default(), home.path().to_owned());
        let (entries, _) = listed(home.path(), Environment::default()).await;
        let of = |name: &str| entries.iter().find(|entry| entry.source.label() == name).unwrap();
        assert_eq!((of("role").login.as_deref(), &of("role").sso_token), (Some("base"), &Some(SsoToken::Missing)));
        assert_eq!(of("circle").login, None);
        let cache = sso_cache::file(home.path(), "corp");
        std::fs::create_dir_all(cache.parent().unwrap()).unwrap();
        std::fs::write(cache, r#"{"expiresAt":"2999-01-01T00:00:00Z"}"#).unwrap();
        let seen = login_of(&here, &CredentialSource::Profile("role".into())).await;
        assert!(matches!(seen, Some(SsoToken::Live(_))), "{seen:?}");
    }

    #[tokio::test]
    async fn a_file_that_does_not_parse_is_named_with_its_line() {
        let home = tempfile::tempdir().unwrap();
        write(home.path(), "config", "[profile x\nregion = y\n");
        let (entries, faults) = listed(home.path(), Environment::default()).await;
        assert!(entries.is_empty());
        assert!(faults[0].contains(".aws/config") && faults[0].contains("line 1"), "{faults:?}");
    }
}
