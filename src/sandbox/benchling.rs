//! Benchling's token endpoint, as far as a world has a tenant there. Everybody else is somewhere the sandbox has no way to.
//!
//! Source: Benchling API reference, "Create token"; RFC 6749, sections 4.4 and 5.2.

use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use serde_json::json;

use super::description::Benchling;
use super::exchange::{page, redirect};
use super::fault::Failure;
use super::query::Form;
use crate::values::time::Timestamp;

/// What such a call is called, for faults and in the log of a world.
pub(super) const OPERATION: &str = "benchling:CreateToken";
const JSON: &str = "application/json";

/// A question to Benchling.
pub(super) struct Question {
    tenant: String,
    path: String,
    method: String,
    /// Who asks, as the Basic scheme has it: name and password with a colon between.
    pair: Option<String>,
    grant: Option<String>,
}

impl Question {
    /// Reads a request; `None`: it goes elsewhere.
    pub(super) fn read(request: &HttpRequest) -> Option<Self> {
        let uri: http::Uri = request.uri().parse().ok()?;
        let tenant = uri.host()?.strip_suffix(".benchling.com")?.to_owned();
        let basic = request.headers().get("authorization").and_then(|value| value.strip_prefix("Basic "));
        let pair = basic.and_then(|text| String::from_utf8(aws_smithy_types::base64::decode(text).ok()?).ok());
        let form = Form::parse(request.body().bytes().unwrap_or_default());
        Some(Self {
            tenant,
            path: uri.path().to_owned(),
            method: request.method().to_owned(),
            pair,
            grant: form.get("grant_type").map(str::to_owned),
        })
    }
}

/// The answer of a world's tenant. `Err`: nobody can be reached, and why.
pub(super) fn answer(
    world: Option<&Benchling>,
    question: &Question,
    failure: Option<Failure>,
    now: Timestamp,
) -> Result<HttpResponse, String> {
    let Some(world) = world else {
        return Err(format!("the sandbox has no network: `{}.benchling.com` cannot be reached", question.tenant));
    };
    match failure {
        Some(Failure::Page { status, body }) => return page(status, "text/html", body, "", now),
        Some(Failure::Redirect { status, location }) => return redirect(status, location, "", now),
        Some(Failure::Error { status, code, message }) => return refusal(status, &code, &message, now),
        _ => {}
    }
    if question.tenant != world.tenant || question.path != "/api/v2/token" || question.method != "POST" {
        return page(404, "text/html", "<html>Page not found</html>".into(), "", now);
    }
    if question.grant.as_deref() != Some("client_credentials") {
        return refusal(400, "unsupported_grant_type", "Unsupported grant type.", now);
    }
    let known = format!("{}:{}", world.client_id.0.expose(), world.client_secret.0.expose());
    if question.pair.as_ref() != Some(&known) {
        return refusal(401, "invalid_client", "Client authentication failed.", now);
    }
    let token = json!({"access_token": world.token.0.expose(), "token_type": "Bearer", "expires_in": 900});
    page(200, JSON, token.to_string(), "", now)
}

fn refusal(status: u16, code: &str, message: &str, now: Timestamp) -> Result<HttpResponse, String> {
    let body = json!({"error": {"type": code, "message": message, "userMessage": message}});
    page(status, JSON, body.to_string(), "", now)
}
