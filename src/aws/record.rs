//! The call log: every HTTP exchange, the credential chain's own included, and the guard in front of it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

use super::guard::Guard;
use super::surroundings::Clock;
use super::wire;
use crate::model::CallRecord;
use crate::values::time::Timestamp;

/// The most exchanges that are kept; older ones are dropped first.
const KEPT: usize = 10_000;

/// A call that is under way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Running {
    /// `sts:AssumeRole`.
    pub operation: String,
    /// Attempt within its call, from 1.
    pub attempt: u32,
    /// For how long.
    pub since: Instant,
    number: u64,
}

/// Collects the exchanges of every client that was made with it.
#[derive(Clone, Debug, Default)]
pub struct Recorder(Arc<Mutex<Log>>);

#[derive(Debug, Default)]
struct Log {
    ended: Vec<CallRecord>,
    running: Vec<Running>,
    begun: u64,
}

impl Recorder {
    /// Every exchange that has ended, in the order of ending.
    #[must_use]
    pub fn calls(&self) -> Vec<CallRecord> {
        self.lock().ended.clone()
    }

    /// The calls under way, oldest first.
    #[must_use]
    pub fn running(&self) -> Vec<Running> {
        self.lock().running.clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Log> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, operation: String, attempt: u32) -> OnTheWire {
        let mut log = self.lock();
        log.begun += 1;
        let number = log.begun;
        log.running.push(Running { operation, attempt, since: Instant::now(), number });
        OnTheWire { recorder: self.clone(), number }
    }
}

/// Takes the call off the list of running ones, also when it is cancelled.
struct OnTheWire {
    recorder: Recorder,
    number: u64,
}

impl OnTheWire {
    fn end(self, record: CallRecord) {
        let mut log = self.recorder.lock();
        if log.ended.len() >= KEPT {
            log.ended.remove(0);
        }
        log.ended.push(record);
    }
}

impl Drop for OnTheWire {
    fn drop(&mut self) {
        self.recorder.lock().running.retain(|call| call.number != self.number);
    }
}

/// An HTTP client that asks the guard first, then passes on, and records.
#[derive(Clone, Debug)]
pub struct Watched {
    inner: SharedHttpClient,
    guard: Guard,
    recorder: Recorder,
    clock: Clock,
}

impl Watched {
    /// Puts guard and recorder in front of `inner`.
    #[must_use]
    pub fn new(inner: SharedHttpClient, guard: Guard, recorder: Recorder, clock: Clock) -> Self {
        Self { inner, guard, recorder, clock }
    }
}

impl HttpClient for Watched {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(WatchedConnector {
            inner: self.inner.http_connector(settings, components),
            watched: self.clone(),
        })
    }
}

#[derive(Debug)]
struct WatchedConnector {
    inner: SharedHttpConnector,
    watched: Watched,
}

impl HttpConnector for WatchedConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let Watched { guard, recorder, clock, .. } = self.watched.clone();
        let operation = wire::operation(&request);
        let invocation = request.headers().get("amz-sdk-invocation-id");
        if let Err(refusal) = guard.check(&operation, invocation) {
            return HttpConnectorFuture::ready(Err(ConnectorError::user(refusal.into())));
        }
        let name = operation.full_name();
        let host = wire::host(&request);
        let attempt = attempt(&request);
        let inner = self.inner.clone();
        HttpConnectorFuture::new(async move {
            let wire = recorder.begin(name.clone(), attempt);
            let (started, clock_started) = (clock.now(), Instant::now());
            let result = inner.call(request).await;
            wire.end(record(name, host, started, clock_started.elapsed(), attempt, &result));
            result
        })
    }
}

fn record(
    operation: String,
    host: String,
    started: Timestamp,
    duration: Duration,
    attempt: u32,
    result: &Result<HttpResponse, ConnectorError>,
) -> CallRecord {
    let response = result.as_ref().ok();
    let header = |name: &str| response.and_then(|response| response.headers().get(name)).map(str::to_owned);
    CallRecord {
        operation,
        host,
        started,
        duration,
        attempt,
        status: response.map(|response| response.status().as_u16()),
        request_id: header("x-amzn-requestid").or_else(|| header("x-amz-request-id")),
        server_date: header("date").as_deref().and_then(http_date),
        failure: result.as_ref().err().map(ToString::to_string),
    }
}

/// `Wed, 04 Mar 2026 12:00:00 GMT`.
fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::parse(text).ok().map(|zoned| zoned.timestamp())
}

/// `amz-sdk-request: attempt=2; max=3`.
fn attempt(request: &HttpRequest) -> u32 {
    request
        .headers()
        .get("amz-sdk-request")
        .and_then(|value| value.split(';').find_map(|part| part.trim().strip_prefix("attempt=")))
        .and_then(|number| number.parse().ok())
        .unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cancelled_call_is_no_longer_running() {
        let recorder = Recorder::default();
        let wire = recorder.begin("sts:AssumeRole".into(), 1);
        assert_eq!(recorder.running().len(), 1);
        drop(wire);
        assert!(recorder.running().is_empty() && recorder.calls().is_empty());
    }

    #[test]
    fn the_servers_date_is_read() {
        assert_eq!(http_date("Wed, 04 Mar 2026 12:00:00 GMT").unwrap().to_string(), "2026-03-04T12:00:00Z");
    }
}
