//! The seam to the SDK: an HTTP client whose connections end in the world.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

use super::benchling::{self, Question};
use super::exchange::{Body, Call, Content, Request, ServiceError, page, redirect, respond, truncated};
use super::fault::Failure;
use super::service::Service;
use super::state::{LoggedCall, State};
use super::{cloudformation, ecr, iam, identity, s3, secretsmanager, sts};

/// The SDK's HTTP client over a world. Clones share the world's state.
#[derive(Clone)]
pub struct SandboxClient {
    state: Arc<Mutex<State>>,
}

impl SandboxClient {
    pub(super) const fn new(state: Arc<Mutex<State>>) -> Self {
        Self { state }
    }

    /// The world behind it, for tests that look at what no call tells.
    #[cfg(test)]
    pub(super) fn state(&self) -> &Mutex<State> {
        &self.state
    }
}

/// Nothing of the world's keys and secrets.
impl fmt::Debug for SandboxClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SandboxClient")
    }
}

impl HttpClient for SandboxClient {
    fn http_connector(&self, settings: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        let patience = settings.read_timeout();
        SharedHttpConnector::new(Connector { state: Arc::clone(&self.state), patience })
    }
}

struct Connector {
    state: Arc<Mutex<State>>,
    patience: Option<Duration>,
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SandboxConnector")
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let state = Arc::clone(&self.state);
        let patience = self.patience;
        HttpConnectorFuture::new(async move {
            let _under_way = UnderWay::new(&state);
            if let Some(question) = Question::read(&request) {
                let (failure, delay) = arrive(&mut lock(&state), benchling::OPERATION.into(), String::new(), 1);
                wait(delay, failure.as_ref(), patience).await?;
                return of_benchling(&lock(&state), &question, failure);
            }
            let request = Request::read(&request).map_err(|host| {
                ConnectorError::other(format!("the sandbox has no network: `{host}` cannot be reached").into(), None)
            })?;
            let access_key_id = request.signature.as_ref().map(|signature| signature.access_key_id.clone());
            let (failure, delay) =
                arrive(&mut lock(&state), request.action(), access_key_id.unwrap_or_default(), request.attempt);
            wait(delay, failure.as_ref(), patience).await?;
            let answer = answer(&mut lock(&state), &request, failure);
            answer.map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}

/// Counts a call for as long as it is being answered, or until nobody waits for it any more.
struct UnderWay(Arc<Mutex<State>>);

impl UnderWay {
    fn new(state: &Arc<Mutex<State>>) -> Self {
        let mut world = lock(state);
        world.under_way += 1;
        world.busiest = world.busiest.max(world.under_way);
        Self(Arc::clone(state))
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut world = lock(&self.0);
        world.under_way = world.under_way.saturating_sub(1);
    }
}

/// A panic elsewhere leaves the world as it was; it is still a world.
pub(super) fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn of_benchling(state: &State, question: &Question, failure: Option<Failure>) -> Result<HttpResponse, ConnectorError> {
    let cut = failure == Some(Failure::Truncated);
    let answer = benchling::answer(state.benchling.as_ref(), question, failure, state.now());
    let response = answer.map_err(|error| ConnectorError::io(error.into()))?;
    Ok(if cut { truncated(response) } else { response })
}

fn arrive(state: &mut State, operation: String, access_key_id: String, attempt: u32) -> (Option<Failure>, Duration) {
    let failure = state.strike(&operation, attempt);
    let delay = Duration::from_millis(state.latency_ms(&operation));
    state.log.push(LoggedCall { operation, access_key_id });
    (failure, delay)
}

async fn wait(delay: Duration, failure: Option<&Failure>, patience: Option<Duration>) -> Result<(), ConnectorError> {
    let gives_up = match failure {
        Some(Failure::Silence) => patience,
        _ => patience.filter(|patience| *patience < delay),
    };
    if let Some(patience) = gives_up {
        tokio::time::sleep(patience).await;
        return Err(ConnectorError::timeout(format!("no answer within {} ms", patience.as_millis()).into()));
    }
    match failure {
        Some(Failure::Silence) => std::future::pending().await,
        Some(Failure::Connection) => Err(ConnectorError::io("connection refused".into())),
        _ => {
            if !delay.is_zero() {
                tokio::time::sleep(delay).await;
            }
            match failure {
                Some(Failure::Reset) => Err(ConnectorError::io("connection reset by peer".into())),
                _ => Ok(()),
            }
        }
    }
}

fn answer(state: &mut State, request: &Request, failure: Option<Failure>) -> Result<HttpResponse, String> {
    let now = state.now();
    let request_id = state.request_id();
    let cut = failure == Some(Failure::Truncated);
    let outcome = match failure {
        Some(Failure::Page { status, body }) => return page(status, "text/html", body, &request_id, now),
        Some(Failure::Redirect { status, location }) => return redirect(status, location, &request_id, now),
        Some(Failure::Error { status, code, message }) => Err(ServiceError::new(status, code, message)),
        _ => serve(state, request),
    };
    let response = respond(request.service, &request.operation, outcome, &request_id, now)?;
    Ok(if cut { truncated(response) } else { response })
}

fn serve(state: &mut State, request: &Request) -> Result<Content, ServiceError> {
    let now = state.now();
    let caller = identity::caller(state, request.service, request.signature.as_ref(), request.token.as_deref(), now)?;
    let region = request.signature.as_ref().map(|signature| signature.region.clone()).unwrap_or_default();
    let call = Call { service: request.service, operation: request.operation.clone(), region, caller, now };
    match (&request.body, request.service) {
        (Body::Form(form), Service::Sts) => sts::serve(state, &call, form).map(Content::Xml),
        (Body::Form(form), Service::Iam) => iam::serve(state, &call, form).map(Content::Xml),
        (Body::Form(form), Service::CloudFormation) => cloudformation::serve(state, &call, form).map(Content::Xml),
        (Body::Json(input), Service::SecretsManager) => secretsmanager::serve(state, &call, input).map(Content::Json),
        (Body::Json(input), Service::Ecr) => ecr::serve(state, &call, input).map(Content::Json),
        (Body::Rest(rest), Service::S3) => s3::serve(state, &call, rest),
        _ => Err(ServiceError::gap("a request in another service's dialect")),
    }
}
