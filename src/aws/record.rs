//! The call log: every HTTP exchange, the credential chain's own included, and the guard in front of it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;

use super::connect::ATTEMPTS;
use super::guard::Guard;
use super::operations::BENCHLING_TOKEN;
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
    ended: VecDeque<CallRecord>,
    running: Vec<Running>,
    waiting: Vec<Waiting>,
    begun: u64,
}

/// A call between two attempts.
#[derive(Debug)]
struct Waiting {
    invocation: String,
    next: u32,
    since: Instant,
}

/// The longest pause before an attempt: the SDK waits up to 1 s before the second and up to 2 s before the third. What waits longer was
/// given up.
const LONGEST_PAUSE: Duration = Duration::from_millis(2_100);

impl Recorder {
    /// Every exchange that has ended, in the order of ending.
    #[must_use]
    pub fn calls(&self) -> Vec<CallRecord> {
        self.lock().ended.iter().cloned().collect()
    }

    /// The calls under way, oldest first.
    #[must_use]
    pub fn running(&self) -> Vec<Running> {
        self.lock().running.clone()
    }

    /// The highest attempt that a call under way is in, or waits for. 1 when nothing is tried again.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        let log = self.lock();
        let waiting = log.waiting.iter().filter(|call| call.since.elapsed() < LONGEST_PAUSE).map(|call| call.next);
        log.running.iter().map(|call| call.attempt).chain(waiting).max().unwrap_or(1)
    }

    /// Lists a wait among the calls under way, in `words`, until the answer is dropped.
    #[must_use]
    pub fn pause(&self, words: &str) -> Pause {
        Pause { _listed: self.begin(words.to_owned(), 1, None) }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Log> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, operation: String, attempt: u32, invocation: Option<&str>) -> OnTheWire {
        let mut log = self.lock();
        log.waiting.retain(|call| Some(call.invocation.as_str()) != invocation && call.since.elapsed() < LONGEST_PAUSE);
        log.begun += 1;
        let number = log.begun;
        log.running.push(Running { operation, attempt, since: Instant::now(), number });
        OnTheWire { recorder: self.clone(), number }
    }
}

/// A wait that is listed among the calls under way.
pub struct Pause {
    _listed: OnTheWire,
}

/// Takes the call off the list of running ones, also when it is cancelled.
struct OnTheWire {
    recorder: Recorder,
    number: u64,
}

impl OnTheWire {
    fn end(self, record: CallRecord, tried_again: Option<String>) {
        let mut log = self.recorder.lock();
        if let Some(invocation) = tried_again.filter(|_| record.attempt < ATTEMPTS) {
            log.waiting.push(Waiting { invocation, next: record.attempt + 1, since: Instant::now() });
        }
        if log.ended.len() >= KEPT {
            log.ended.pop_front();
        }
        log.ended.push_back(record);
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
        let invocation = request.headers().get("amz-sdk-invocation-id").map(str::to_owned);
        if let Err(refusal) = guard.check(&operation, invocation.as_deref()) {
            tracing::warn!(operation = %operation.full_name(), "held back");
            return HttpConnectorFuture::ready(Err(ConnectorError::user(refusal.into())));
        }
        let name = operation.full_name();
        let host = wire::host(&request);
        let attempt = attempt(&request);
        let inner = self.inner.clone();
        HttpConnectorFuture::new(async move {
            let wire = recorder.begin(name.clone(), attempt, invocation.as_deref());
            let (started, clock_started) = (clock.now(), Instant::now());
            let result = inner.call(request).await;
            let duration = clock_started.elapsed();
            // What the SDK did not send, nobody tries again.
            let (result, passing) = if invocation.is_some() { look(result).await } else { (result, false) };
            let tried_again = invocation.filter(|_| passing);
            let record = record(name, host, started, duration, attempt, &result);
            log(&record);
            wire.end(record, tried_again);
            result
        })
    }
}

/// One exchange is one line. Its host says which region; nothing of its content is there.
fn log(record: &CallRecord) {
    tracing::info!(
        operation = %record.operation,
        host = %record.host,
        attempt = record.attempt,
        ms = u64::try_from(record.duration.as_millis()).unwrap_or(u64::MAX),
        status = record.status,
        request_id = record.request_id.as_deref(),
        failure = record.failure.as_deref(),
        "call"
    );
}

/// Whether the SDK tries a call again after this: no answer, a server's fault, or being asked to slow down. Services say the last with
/// status 400 and a code in the body, which is read here; it is short.
async fn look(result: Result<HttpResponse, ConnectorError>) -> (Result<HttpResponse, ConnectorError>, bool) {
    let mut response = match result {
        Ok(response) => response,
        Err(error) => {
            let passing = error.is_io() || error.is_timeout();
            return (Err(error), passing);
        }
    };
    match response.status().as_u16() {
        429 | 500.. => return (Ok(response), true),
        400 | 403 => {}
        _ => return (Ok(response), false),
    }
    match ByteStream::new(response.take_body()).collect().await {
        Ok(body) => {
            let body = body.into_bytes();
            let throttled = SLOW_DOWN.iter().any(|code| body.windows(code.len()).any(|part| part == code.as_bytes()));
            *response.body_mut() = SdkBody::from(body);
            (Ok(response), throttled)
        }
        Err(error) => (Err(ConnectorError::io(error.into())), true),
    }
}

/// Parts of the codes that ask to slow down (AWS SDKs and Tools Reference Guide, "Retry behavior").
const SLOW_DOWN: [&str; 6] = [
    "Throttling",
    "ThrottledException",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "PriorRequestNotComplete",
];

fn record(
    operation: String,
    host: String,
    started: Timestamp,
    duration: Duration,
    attempt: u32,
    result: &Result<HttpResponse, ConnectorError>,
) -> CallRecord {
    let response = result.as_ref().ok();
    // The clock that is compared with is AWS's alone.
    let of_aws = operation != BENCHLING_TOKEN.operation;
    let header = |name: &str| response.and_then(|response| response.headers().get(name)).map(str::to_owned);
    CallRecord {
        operation,
        host,
        started,
        duration,
        attempt,
        status: response.map(|response| response.status().as_u16()),
        request_id: header("x-amzn-requestid").or_else(|| header("x-amz-request-id")),
        server_date: header("date").as_deref().and_then(http_date).filter(|_| of_aws),
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
        let wire = recorder.begin("sts:AssumeRole".into(), 1, None);
        assert_eq!(recorder.running().len(), 1);
        drop(wire);
        let pause = recorder.pause("ten seconds");
        assert_eq!(recorder.running().first().map(|call| call.operation.clone()).as_deref(), Some("ten seconds"));
        drop(pause);
        assert!(recorder.running().is_empty() && recorder.calls().is_empty());
    }

    #[tokio::test]
    async fn a_call_between_two_attempts_is_known_to_be_tried_again() {
        let response =
            |status: u16, body: &'static str| Ok(HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body)));
        let throttled = "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>";
        for (result, passing) in [
            (response(400, throttled), true),
            (response(400, r#"{"__type":"ThrottlingException"}"#), true),
            (response(503, ""), true),
            (response(403, "<Code>AccessDenied</Code>"), false),
            (response(200, "Throttling"), false),
            (Err(ConnectorError::io("reset".into())), true),
            (Err(ConnectorError::user("held back".into())), false),
        ] {
            assert_eq!(look(result).await.1, passing);
        }
        let (kept, _) = look(response(400, throttled)).await;
        assert_eq!(kept.unwrap().body().bytes(), Some(throttled.as_bytes()), "the SDK still has the whole answer");
    }

    #[test]
    fn the_servers_date_is_read() {
        assert_eq!(http_date("Wed, 04 Mar 2026 12:00:00 GMT").unwrap().to_string(), "2026-03-04T12:00:00Z");
    }
}
