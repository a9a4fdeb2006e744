//! The chosen credentials, resolved once, by themselves, and then handed to every client.
//!
//! The chosen AWS profile is used alone, through the SDK's own provider for it: the default chain would let keys in the
//! environment win, and inside an operation its time-out would cut a login short.

use std::error::Error;
use std::time::Duration;

use aws_config::ecs::EcsCredentialsProvider;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_runtime_api::client::http::HttpClient;
use aws_smithy_types::error::ErrorMetadata;
use aws_types::region::Region;
use aws_types::request_id::RequestId;

use super::Surroundings;
use super::error::{chain, kind_of};
use super::profiles::{self, env_config_files};
use crate::model::facts::SourceKind;
use crate::model::selection::CredentialSource;
use crate::model::{AwsError, ErrorKind};

/// How long credentials may take: a credential process may ask its user something. Seconds.
pub const LONGEST: Duration = Duration::from_secs(120);

/// What the resolving is recorded under.
const OPERATION: &str = "credentials";

/// Resolves the credentials of `source`.
///
/// # Errors
/// Of kind [`ErrorKind::Credentials`] (or what the credential chain's own call was refused with), with every cause in its chain.
pub async fn resolve(
    here: &Surroundings,
    source: &CredentialSource,
    kind: SourceKind,
    region: &str,
    http: impl HttpClient + 'static,
) -> Result<Credentials, AwsError> {
    if here.demo.is_some()
        && kind == SourceKind::Sso
        && let Some(credentials) = of_demo_login(here, source).await
    {
        return Ok(credentials);
    }
    if here.demo.is_some() && !matches!(kind, SourceKind::StaticKeys | SourceKind::AssumeRole) {
        let message = format!("a demo world has no credentials of this kind ({})", kind.words());
        return Err(AwsError::local(ErrorKind::Credentials, OPERATION, message));
    }
    let config = ProviderConfig::empty()
        .with_http_client(http)
        .with_sleep_impl(TokioSleep::new())
        .with_time_source(here.clock)
        .with_region(Some(Region::new(region.to_owned())));
    let resolving = async {
        match source {
            CredentialSource::Profile(name) => {
                let provider = ProfileFileCredentialsProvider::builder()
                    .configure(&config)
                    .profile_files(env_config_files(here))
                    .profile_name(name)
                    .build();
                provider.provide_credentials().await.map_err(|error| from_provider(&error))
            }
            CredentialSource::Environment => from_environment(here),
            CredentialSource::Container => EcsCredentialsProvider::builder()
                .configure(&config)
                .build()
                .provide_credentials()
                .await
                .map_err(|error| from_provider(&error)),
            CredentialSource::Instance => ImdsCredentialsProvider::builder()
                .configure(&config)
                .build()
                .provide_credentials()
                .await
                .map_err(|error| from_provider(&error)),
        }
    };
    tokio::time::timeout(LONGEST, resolving).await.unwrap_or_else(|_| {
        let message = format!("no credentials from {} within {} s", source.label(), LONGEST.as_secs());
        Err(AwsError::local(ErrorKind::Credentials, OPERATION, message))
    })
}

/// What an SSO login once handed out. A demo world has no portal to ask and may not look into the user's own token cache, which the SDK's
/// provider would do: it keeps these keys beside the SSO settings of the same AWS profile.
async fn of_demo_login(here: &Surroundings, source: &CredentialSource) -> Option<Credentials> {
    let CredentialSource::Profile(name) = source else { return None };
    let files = profiles::read(here).await;
    let section = files.profile(name)?;
    let get = |key: &str| section.get(key).map(str::to_owned);
    let (id, key) = (get("aws_access_key_id")?, get("aws_secret_access_key")?);
    Some(Credentials::new(id, key, get("aws_session_token"), None, "demo"))
}

fn from_environment(here: &Surroundings) -> Result<Credentials, AwsError> {
    let get = |name: &str| here.environment.get(name);
    match (get("AWS_ACCESS_KEY_ID"), get("AWS_SECRET_ACCESS_KEY")) {
        (Some(id), Some(key)) => {
            let token = get("AWS_SESSION_TOKEN").map(str::to_owned);
            Ok(Credentials::new(id, key, token, None, "environment"))
        }
        _ => Err(AwsError::local(
            ErrorKind::Credentials,
            OPERATION,
            "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set",
        )),
    }
}

/// The provider's error with its whole chain: an AccessDenied of a `role_arn` profile is only found at its end.
fn from_provider(error: &CredentialsError) -> AwsError {
    let chain = chain(error);
    let answer = answer(error);
    let (code, message) = match answer.and_then(|answer| Some((answer.code()?, answer.message()?))) {
        Some((code, message)) => (Some(code.to_owned()), message.to_owned()),
        None => service_error(&chain).unwrap_or_else(|| (None, chain.join(": "))),
    };
    let network = chain.iter().any(|text| text.contains("dispatch failure") || text.contains("timed out"));
    let kind = match &code {
        Some(code) => kind_of(code, &message, "sts:AssumeRole"),
        None if network => ErrorKind::Network,
        None => ErrorKind::Credentials,
    };
    AwsError {
        kind,
        code,
        message,
        request_id: answer.and_then(RequestId::request_id).map(str::to_owned),
        operation: OPERATION.to_owned(),
        missing_action: (kind == ErrorKind::Denied).then(|| "sts:AssumeRole".to_owned()),
        chain,
    }
}

/// What a service answered, at the end of the chain.
fn answer(error: &CredentialsError) -> Option<&ErrorMetadata> {
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(current) = next {
        if let Some(metadata) = current.downcast_ref::<ErrorMetadata>() {
            return Some(metadata);
        }
        next = current.source();
    }
    None
}

/// An error metadata's text in the chain: `AccessDenied: User … is not authorized …`, or its debug form.
fn service_error(chain: &[String]) -> Option<(Option<String>, String)> {
    chain.iter().rev().find_map(|text| {
        let (code, message) = text.split_once(": ")?;
        let code = code.rsplit([' ', '(']).next()?;
        let looks_like_code = code.len() > 5
            && code.chars().all(|c| c.is_ascii_alphanumeric())
            && code.starts_with(|c: char| c.is_ascii_uppercase());
        (looks_like_code && kind_of(code, message, "") != ErrorKind::Other)
            .then(|| (Some(code.to_owned()), message.to_owned()))
    })
}
