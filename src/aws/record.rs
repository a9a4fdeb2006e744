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
    /// Every exchange that has ended, in the order of ending; also those that were given up.
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
        Pause { _listed: self.list(words.to_owned(), 1, None, None) }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Log> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, sent: Sent, invocation: Option<&str>) -> OnTheWire {
        self.list(sent.operation.clone(), sent.attempt, invocation, Some(sent))
    }

    fn list(&self, operation: String, attempt: u32, invocation: Option<&str>, sent: Option<Sent>) -> OnTheWire {
        let mut log = self.lock();
        log.waiting.retain(|call| Some(call.invocation.as_str()) != invocation && call.since.elapsed() < LONGEST_PAUSE);
        log.begun += 1;
        let number = log.begun;
        log.running.push(Running { operation, attempt, since: Instant::now(), number });
        OnTheWire { recorder: self.clone(), number, sent }
    }
}

/// What was sent.
struct Sent {
    operation: String,
    host: String,
    attempt: u32,
    started: Timestamp,
    since: Instant,
}

/// A wait that is listed among the calls under way.
pub struct Pause {
    _listed: OnTheWire,
}

/// Takes the call off the list of running ones, also when it is cancelled: then it is recorded as given up.
struct OnTheWire {
    recorder: Recorder,
    number: u64,
    /// The call, until its end is recorded. `None`: a wait, which is no call.
    sent: Option<Sent>,
}

impl OnTheWire {
    fn end(mut self, took: Duration, result: &Result<HttpResponse, ConnectorError>, tried_again: Option<String>) {
        let Some(sent) = self.sent.take() else { return };
        let record = sent.ended(took, Some(result));
        log(&record);
        let mut log = self.recorder.lock();
        if let Some(invocation) = tried_again.filter(|_| record.attempt < ATTEMPTS) {
            log.waiting.push(Waiting { invocation, next: record.attempt + 1, since: Instant::now() });
        }
        log.keep(record);
    }
}

impl Drop for OnTheWire {
    fn drop(&mut self) {
        let record = self.sent.take().map(|sent| {
            let waited = sent.since.elapsed();
            sent.ended(waited, None)
        });
        record.iter().for_each(log);
        let mut log = self.recorder.lock();
        log.running.retain(|call| call.number != self.number);
        record.into_iter().for_each(|record| log.keep(record));
    }
}

impl Log {
    fn keep(&mut self, record: CallRecord) {
        if self.ended.len() >= KEPT {
            self.ended.pop_front();
        }
        self.ended.push_back(record);
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
        let (operation, host, attempt) = (operation.full_name(), wire::host(&request), attempt(&request));
        let inner = self.inner.clone();
        HttpConnectorFuture::new(async move {
            let sent = Sent { operation, host, attempt, started: clock.now(), since: Instant::now() };
            let wire = recorder.begin(sent, invocation.as_deref());
            let begun = Instant::now();
            let result = inner.call(request).await;
            let took = begun.elapsed();
            // What the SDK did not send, nobody tries again.
            let (result, passing) = if invocation.is_some() { look(result).await } else { (result, false) };
            wire.end(took, &result, invocation.filter(|_| passing));
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
        given_up = record.given_up.then_some(true),
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

impl Sent {
    /// The record of it, `duration` after it was sent. `None`: nobody waited for its end.
    fn ended(self, duration: Duration, result: Option<&Result<HttpResponse, ConnectorError>>) -> CallRecord {
        let response = result.and_then(|result| result.as_ref().ok());
        // The clock that is compared with is AWS's alone.
        let of_aws = self.operation != BENCHLING_TOKEN.operation;
        let header = |name: &str| response.and_then(|response| response.headers().get(name)).map(str::to_owned);
        CallRecord {
            operation: self.operation,
            host: self.host,
            started: self.started,
            duration,
            attempt: self.attempt,
            status: response.map(|response| response.status().as_u16()),
            request_id: header("x-amzn-requestid").or_else(|| header("x-amz-request-id")),
            server_date: header("date").as_deref().and_then(http_date).filter(|_| of_aws),
            failure: result.and_then(|result| result.as_ref().err()).map(ToString::to_string),
            given_up: result.is_none(),
        }
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

    fn sent() -> Sent {
        let started = "2026-03-04T12:00:00Z".parse().unwrap();
        let host = "sts.us-east-1.amazonaws.com".into();
        Sent { operation: "sts:AssumeRole".into(), host, attempt: 1, started, since: Instant::now() }
    }

    #[test]
    fn a_cancelled_call_is_no_longer_running_and_recorded_as_given_up() {
        let recorder = Recorder::default();
        let wire = recorder.begin(sent(), None);
        assert!(recorder.running().len() == 1 && recorder.calls().is_empty());
        drop(wire);
        let given_up: Vec<_> = recorder.calls().into_iter().map(|call| (call.operation, call.given_up)).collect();
        assert_eq!(given_up, [("sts:AssumeRole".to_owned(), true)]);
        let pause = recorder.pause("ten seconds");
        assert_eq!(recorder.running().first().map(|call| call.operation.clone()).as_deref(), Some("ten seconds"));
        drop(pause);
        assert!(recorder.running().is_empty() && recorder.calls().len() == 1, "a wait is no call");
        let answer = Ok(HttpResponse::new(200.try_into().unwrap(), SdkBody::empty()));
        recorder.begin(sent(), None).end(Duration::ZERO, &answer, None);
        let last = recorder.calls().pop().unwrap();
        assert_eq!((recorder.calls().len(), last.status, last.given_up), (2, Some(200), false), "once, as answered");
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
