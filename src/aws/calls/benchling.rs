//! Benchling's token endpoint: whether it takes the client id and the client secret. The token that it gives is dropped where it is read.
//!
//! Source: Benchling API reference, "Create token" (client id and secret in the `Authorization` header; 400 and 401 carry
//! `{"error": {"type": …, "message": …}}`), and RFC 6749, sections 4.4 and 5.2 (`{"error": …, "error_description": …}`).
//!
//! It is sent through the HTTP client, and not through the SDK's orchestrator: that writes whole requests into its trace.

use std::time::Duration;

use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_runtime::client::auth::no_auth::{NO_AUTH_SCHEME_ID, NoAuthScheme};
use aws_smithy_runtime::client::identity::IdentityCache;
use aws_smithy_runtime::client::identity::no_auth::NoAuthIdentityResolver;
use aws_smithy_runtime::client::orchestrator::endpoints::StaticUriEndpointResolver;
use aws_smithy_runtime::client::retries::strategy::NeverRetryStrategy;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::http::{HttpClient, HttpConnector, HttpConnectorSettings, SharedHttpConnector};
use aws_smithy_runtime_api::client::identity::SharedIdentityResolver;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::{RuntimeComponents, RuntimeComponentsBuilder};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use serde::Deserialize;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::aws::connect::CONNECT;
use crate::aws::{Connector, error};
use crate::migrate::trial::TokenRequest;
use crate::model::Trials;
use crate::model::facts::Trial;
use crate::values::text::{elide_end, safe};

const OPERATION: &str = "benchling:CreateToken";
/// All of it: connecting, sending, reading the answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest answer that is read, in bytes. A token has some thousand.
const LONGEST_ANSWER: usize = 64 * 1024;
/// How much of an error's own words is shown, in columns.
const LONGEST_WORDS: usize = 300;
/// Error types that are about the client id and the client secret (RFC 6749, section 5.2; Benchling's 400 and 401). Others are about the
/// request, and so say nothing of the values.
const ABOUT_THE_VALUES: [&str; 3] = ["invalid_client", "unauthorized_client", "invalid_grant"];

/// Asks for a token, once, and says what came of it. Redirects are not followed.
pub async fn token(connector: &Connector, trials: Trials, request: &TokenRequest) -> Trial {
    let client = match connector.asking(trials, &request.host).await {
        Ok(client) => client,
        Err(error) => return Trial::Unreached(error.message),
    };
    let answer = async {
        let sent = http(request)?;
        let response = connect(&client)?.call(sent).await.map_err(|error| no_answer(&error))?;
        read(response, request).await
    };
    let outcome = match tokio::time::timeout(PATIENCE, answer).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(why)) => Trial::Unreached(shown(&why, request)),
        Err(_) => Trial::Unreached(format!("no answer within {} s", PATIENCE.as_secs())),
    };
    tracing::info!(operation = OPERATION, works = outcome == Trial::Works, "tried");
    outcome
}

fn http(request: &TokenRequest) -> Result<HttpRequest, String> {
    let mut http = HttpRequest::new(SdkBody::from("grant_type=client_credentials"));
    let pair = Zeroizing::new(format!("{}:{}", request.client_id.expose(), request.client_secret.expose()));
    // The values may not be in what is said of a header that cannot be made.
    let unsendable = "the request cannot be made";
    http.set_method("POST").map_err(|_| unsendable)?;
    http.set_uri(format!("https://{}/api/v2/token", request.host)).map_err(|_| unsendable)?;
    let headers = http.headers_mut();
    headers.insert("content-type", "application/x-www-form-urlencoded");
    headers.insert("accept", "application/json");
    headers.insert("user-agent", concat!("rolecall/", env!("CARGO_PKG_VERSION")));
    let basic = format!("Basic {}", aws_smithy_types::base64::encode(pair.as_bytes()));
    headers.try_insert("authorization", basic).map_err(|_| unsendable)?;
    Ok(http)
}

/// A connection as the SDK's clients have it. What only the SDK's orchestrator asks for is there because it must be.
fn connect(client: &impl HttpClient) -> Result<SharedHttpConnector, String> {
    let settings = HttpConnectorSettings::builder().connect_timeout(CONNECT).read_timeout(PATIENCE).build();
    Ok(client.http_connector(&settings, &components().map_err(|error| error.to_string())?))
}

fn components() -> Result<RuntimeComponents, aws_smithy_runtime_api::client::runtime_components::BuildError> {
    RuntimeComponentsBuilder::new("rolecall")
        .with_auth_scheme_option_resolver(Some(StaticAuthSchemeOptionResolver::new(vec![NO_AUTH_SCHEME_ID])))
        .with_auth_scheme(NoAuthScheme::default())
        .with_identity_resolver(NO_AUTH_SCHEME_ID, SharedIdentityResolver::new(NoAuthIdentityResolver::new()))
        .with_identity_cache(Some(IdentityCache::no_cache()))
        .with_endpoint_resolver(Some(StaticUriEndpointResolver::uri(String::new())))
        .with_retry_strategy(Some(NeverRetryStrategy::new()))
        .with_sleep_impl(Some(SharedAsyncSleep::new(TokioSleep::new())))
        .build()
}

/// The innermost reason, which is the one that helps: a name that does not resolve, a certificate that is not trusted.
fn no_answer(failure: &ConnectorError) -> String {
    let chain = error::chain(failure);
    chain.last().cloned().unwrap_or_else(|| failure.to_string())
}

async fn read(mut response: HttpResponse, request: &TokenRequest) -> Result<Trial, String> {
    let status = response.status().as_u16();
    if (300..400).contains(&status) {
        let to = response.headers().get("location").map_or_else(|| "somewhere else".to_owned(), without_query);
        return Err(format!(
            "it wanted to send the request on to {to} (HTTP {status}), and redirects are not followed"
        ));
    }
    let body = body(response.take_body()).await?;
    if status == 200 {
        return match serde_json::from_slice::<Token<'_>>(&body) {
            Ok(token) if !token.access_token.is_empty() => Ok(Trial::Works),
            _ => Err("it answered HTTP 200, but with no token: something else answers for it".into()),
        };
    }
    let said = Said::read(&body);
    let words = said.words(request);
    let about_values = said.kind.as_deref().is_some_and(|kind| ABOUT_THE_VALUES.contains(&kind));
    if matches!(status, 400 | 401) && about_values {
        return Ok(Trial::Refused(format!("HTTP {status}{words}")));
    }
    let meaning = match status {
        404 => "; perhaps there is no tenant of that name",
        403 => "; the values were not what it looked at, perhaps the address that asks was",
        407 => "; a proxy on the way wants to know who asks",
        429 => "; it asks to slow down: try again in a minute",
        500.. => "; it fails itself: try again later",
        _ => "",
    };
    Err(format!("it answered HTTP {status}{words}{meaning}"))
}

/// The whole answer, in memory that is wiped when it is dropped.
async fn body(body: SdkBody) -> Result<Zeroizing<Vec<u8>>, String> {
    let mut stream = ByteStream::new(body);
    let mut read = Zeroizing::new(Vec::with_capacity(8 * 1024));
    while let Some(part) = stream.next().await {
        let part = part.map_err(|_| "the connection was lost in the middle of the answer")?;
        if read.len() + part.len() > LONGEST_ANSWER {
            return Err(format!("its answer is longer than {} KiB", LONGEST_ANSWER / 1024));
        }
        read.extend_from_slice(&part);
    }
    Ok(read)
}

/// No `Debug`: it borrows the token.
#[derive(Deserialize)]
struct Token<'a> {
    #[serde(borrow)]
    access_token: std::borrow::Cow<'a, str>,
}

/// What an error's body says.
#[derive(Default)]
struct Said {
    kind: Option<String>,
    message: Option<String>,
}

impl Said {
    fn read(body: &[u8]) -> Self {
        let document: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        let error = document.get("error");
        match error {
            Some(Value::Object(error)) => Self {
                kind: text(error.get("type")),
                message: text(error.get("message")).or_else(|| text(error.get("userMessage"))),
            },
            _ => Self {
                kind: text(error),
                message: text(document.get("error_description")).or(text(document.get("message"))),
            },
        }
    }

    /// ", invalid_client: …"; empty where the body says nothing.
    fn words(&self, request: &TokenRequest) -> String {
        let said = [&self.kind, &self.message].into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(": ");
        if said.is_empty() { said } else { format!(", {}", shown(&said, request)) }
    }
}

/// A text of theirs, safe to print: never one that repeats what was sent.
fn shown(text: &str, request: &TokenRequest) -> String {
    let (id, secret) = (request.client_id.expose(), request.client_secret.expose());
    let pair = Zeroizing::new(aws_smithy_types::base64::encode(format!("{id}:{secret}")));
    let encoded = |value: &str| form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>();
    let repeats = |value: &str| text.contains(value) || text.contains(&encoded(value));
    if [id, secret, pair.as_str()].into_iter().any(repeats) {
        return "its words repeat what was sent, and are not shown".into();
    }
    elide_end(safe(text).trim_end_matches('.'), LONGEST_WORDS)
}

/// Where a redirect leads, without what may carry a secret.
fn without_query(location: &str) -> String {
    let (scheme, rest) = location.split_once("://").unwrap_or(("", location));
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (authority, path) = rest.split_once('/').map_or((rest, ""), |(authority, path)| (authority, path));
    let host = authority.rsplit('@').next().unwrap_or_default();
    match (scheme, host) {
        ("", _) => rest.to_owned(),
        (scheme, host) if path.is_empty() => format!("{scheme}://{host}"),
        (scheme, host) => format!("{scheme}://{host}/{path}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> TokenRequest {
        TokenRequest {
            host: "acme.benchling.com".into(),
            client_id: "canaryid1".into(),
            client_secret: "canary+s/2".into(),
        }
    }

    async fn answered(status: u16, body: &'static str) -> Result<Trial, String> {
        read(HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body)), &request()).await
    }

    #[test]
    fn the_request_carries_the_credentials_in_its_header_alone() {
        let http = http(&request()).unwrap();
        assert_eq!((http.method(), http.uri()), ("POST", "https://acme.benchling.com/api/v2/token"));
        assert_eq!(http.body().bytes(), Some(&b"grant_type=client_credentials"[..]));
        let sent = http.headers().get("authorization").unwrap().strip_prefix("Basic ").unwrap();
        assert_eq!(aws_smithy_types::base64::decode(sent).unwrap(), b"canaryid1:canary+s/2");
        assert!(!format!("{:?}", request()).contains("canary"));
    }

    #[tokio::test]
    async fn each_answer_means_what_it_says_and_no_more() {
        let works = answered(200, r#"{"access_token":"canary-token","token_type":"Bearer","expires_in":900}"#).await;
        assert_eq!(works, Ok(Trial::Works));
        for (status, body, words) in [
            (
                401,
                r#"{"error":{"type":"invalid_client","message":"Client authentication failed."}}"#,
                "HTTP 401, invalid_client: Client authentication failed",
            ),
            (
                400,
                r#"{"error":"invalid_client","error_description":"unknown client"}"#,
                "HTTP 400, invalid_client: unknown client",
            ),
            (400, r#"{"error":{"type":"unauthorized_client","message":"no"}}"#, "HTTP 400, unauthorized_client: no"),
        ] {
            assert_eq!(answered(status, body).await, Ok(Trial::Refused(words.into())));
        }
        for (status, body, word) in [
            (200, "<html>Welcome to the hotel</html>", "no token"),
            (200, r#"{"access_token":""}"#, "no token"),
            (400, r#"{"error":{"type":"invalid_request","message":"no grant"}}"#, "invalid_request"),
            (401, "<html>Proxy login</html>", "HTTP 401"),
            (403, "", "HTTP 403"),
            (404, "<html>", "no tenant"),
            (429, "", "slow down"),
            (503, "", "later"),
            (302, "", "not followed"),
        ] {
            let why = answered(status, body).await.unwrap_err();
            assert!(why.contains(word), "{status}: {why}");
        }
    }

    #[tokio::test]
    async fn words_that_repeat_what_was_sent_are_not_shown() {
        for body in [
            r#"{"error":{"type":"invalid_client","message":"unknown client canaryid1"}}"#,
            r#"{"error":{"type":"invalid_client","message":"wrong secret canary+s/2"}}"#,
            r#"{"error":{"type":"invalid_client","message":"wrong secret canary%2Bs%2F2"}}"#,
            r#"{"error":{"type":"invalid_client","message":"Basic Y2FuYXJ5aWQxOmNhbmFyeStzLzI="}}"#,
        ] {
            let Ok(Trial::Refused(words)) = answered(401, body).await else { panic!("refused") };
            assert!(!words.contains("canary") && !words.contains("Y2Fu") && words.contains("not shown"), "{words}");
        }
        let Ok(Trial::Refused(words)) =
            answered(401, "{\"error\":{\"type\":\"invalid_client\",\"message\":\"a\\u001b[31m\"}}").await
        else {
            panic!("refused")
        };
        assert!(!words.contains('\u{1b}'), "{words}");
    }

    #[tokio::test]
    async fn an_answer_without_end_is_not_read_to_it() {
        let long: &'static str = Box::leak("x".repeat(LONGEST_ANSWER + 1).into_boxed_str());
        assert!(answered(200, long).await.unwrap_err().contains("longer than 64 KiB"));
    }

    #[test]
    fn a_redirect_is_told_without_what_may_carry_a_secret() {
        for (location, shown) in [
            ("https://login.example.com/sso?state=canary#x", "https://login.example.com/sso"),
            ("https://user:canary@evil.example.com/", "https://evil.example.com"),
            ("/login?next=canary", "/login"),
        ] {
            assert_eq!(without_query(location), shown);
        }
    }
}
