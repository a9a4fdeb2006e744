//! One request as it arrives, one answer as AWS writes it.

use std::io;
use std::pin::Pin;
use std::task::Poll;

use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http_body::Frame;
use jiff::fmt::rfc2822::DateTimePrinter;
use serde_json::{Value, json};

use super::identity::{Caller, Signature};
use super::query::Form;
use super::s3::{self, Rest};
use super::service::{Dialect, Service};
use super::xml::Xml;
use crate::values::time::Timestamp;

/// A request, read.
pub(super) struct Request {
    /// Which service it goes to.
    pub service: Service,
    /// Without the service, for example `GetRole`.
    pub operation: String,
    /// Who signed it.
    pub signature: Option<Signature>,
    /// `X-Amz-Security-Token`.
    pub token: Option<String>,
    /// Attempt within its call, from 1: the `attempt` of `amz-sdk-request`.
    pub attempt: u32,
    /// What it asks.
    pub body: Body,
}

/// What a request asks.
pub(super) enum Body {
    /// Query protocol.
    Form(Form),
    /// JSON 1.1.
    Json(Value),
    /// A path and its query.
    Rest(Rest),
}

impl Request {
    /// Reads a request. `Err` is the host, when it belongs to no service of the sandbox.
    pub(super) fn read(request: &HttpRequest) -> Result<Self, String> {
        let uri: http::Uri = request.uri().parse().unwrap_or_default();
        let host = uri.host().unwrap_or_default();
        let service = Service::of_host(host).ok_or_else(|| host.to_owned())?;
        let headers = request.headers();
        let bytes = request.body().bytes().unwrap_or_default();
        let (operation, body) = match service.dialect() {
            Dialect::Query(_) => {
                let form = Form::parse(bytes);
                (form.get("Action").unwrap_or_default().to_owned(), Body::Form(form))
            }
            Dialect::Json => {
                let target = headers.get("x-amz-target").unwrap_or_default();
                let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
                (operation, Body::Json(serde_json::from_slice(bytes).unwrap_or(Value::Null)))
            }
            Dialect::Rest => {
                let rest = Rest::read(&uri);
                (s3::operation(request.method(), &rest), Body::Rest(rest))
            }
        };
        let signature = headers.get("authorization").and_then(Signature::read);
        Ok(Self {
            service,
            operation,
            signature: signature.map(|signature| signature.dated(headers.get("x-amz-date"))),
            token: headers.get("x-amz-security-token").map(ToOwned::to_owned),
            attempt: headers.get("amz-sdk-request").and_then(attempt).unwrap_or(1),
            body,
        })
    }

    /// For example `sts:AssumeRole`.
    pub(super) fn action(&self) -> String {
        format!("{}:{}", self.service.prefix(), self.operation)
    }
}

/// `attempt=2; max=3`.
fn attempt(header: &str) -> Option<u32> {
    header.split(';').find_map(|part| part.trim().strip_prefix("attempt="))?.parse().ok()
}

/// A call whose caller is known.
pub(super) struct Call {
    /// Which service.
    pub service: Service,
    /// Which operation.
    pub operation: String,
    /// The region it was signed for.
    pub region: String,
    /// Who calls.
    pub caller: Caller,
    /// When, UTC.
    pub now: Timestamp,
}

impl Call {
    /// The caller's account.
    pub(super) fn account(&self) -> &str {
        self.caller.arn.account().as_str()
    }
}

/// An error as a service sends it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct ServiceError {
    /// HTTP status.
    pub status: u16,
    /// The error code.
    pub code: String,
    /// The message.
    pub message: String,
    /// Headers beside those that every answer has.
    pub headers: Vec<(&'static str, String)>,
}

impl ServiceError {
    /// An error.
    pub(super) fn new(status: u16, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { status, code: code.into(), message: message.into(), headers: Vec::new() }
    }

    /// The same with a header.
    pub(super) fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// `ValidationError`, as the query services send it.
    pub(super) fn validation(message: impl Into<String>) -> Self {
        Self::new(400, "ValidationError", message)
    }

    /// The sandbox itself is at a loss: a gap in it, never an answer of AWS.
    pub(super) fn gap(message: impl std::fmt::Display) -> Self {
        Self::new(501, "SandboxGap", format!("the sandbox cannot answer this: {message}"))
    }
}

/// A good answer, before it is dressed for its service.
pub(super) enum Content {
    /// What goes inside `<…Result>`.
    Xml(Xml),
    /// The whole body.
    Json(Value),
    /// A whole body of XML, perhaps none, and the headers that belong to it.
    Rest {
        /// Empty for an answer that has no body.
        body: String,
        /// Headers beside those that every answer has.
        headers: Vec<(&'static str, String)>,
    },
}

/// Dresses an answer for its service.
pub(super) fn respond(
    service: Service,
    operation: &str,
    outcome: Result<Content, ServiceError>,
    request_id: &str,
    now: Timestamp,
) -> Result<HttpResponse, String> {
    let (status, content_type, body, headers) = match (outcome, service.dialect()) {
        (Ok(Content::Json(body)), _) => (200, JSON, body.to_string(), Vec::new()),
        (Ok(Content::Rest { body, headers }), _) => (200, s3::XML, body, headers),
        (Ok(Content::Xml(result)), dialect) => {
            let Dialect::Query(namespace) = dialect else {
                return Err("an answer in another service's dialect".into());
            };
            (200, XML, query_answer(operation, namespace, &result, request_id), Vec::new())
        }
        (Err(error), Dialect::Query(namespace)) => {
            (error.status, XML, query_error(&error, namespace, request_id), error.headers)
        }
        (Err(error), Dialect::Json) => {
            let body = json!({"__type": error.code, "Message": error.message}).to_string();
            (error.status, JSON, body, error.headers)
        }
        (Err(error), Dialect::Rest) => {
            (error.status, s3::XML, s3::error_body(operation, &error, request_id), error.headers)
        }
    };
    let mut response = page(status, content_type, body, request_id, now)?;
    for (name, value) in headers {
        response.headers_mut().try_insert(name, value).map_err(|error| error.to_string())?;
    }
    if service == Service::S3 {
        let id = request_id.to_owned();
        response.headers_mut().try_insert("x-amz-request-id", id).map_err(|error| error.to_string())?;
    }
    Ok(response)
}

/// An answer with that very body, and the headers that AWS sends.
pub(super) fn page(
    status: u16,
    content_type: &'static str,
    body: String,
    request_id: &str,
    now: Timestamp,
) -> Result<HttpResponse, String> {
    let status = StatusCode::try_from(status).map_err(|error| error.to_string())?;
    let mut response = HttpResponse::new(status, SdkBody::from(body));
    let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&now).map_err(|error| error.to_string())?;
    let headers = response.headers_mut();
    headers.insert("content-type", content_type);
    headers.try_insert("x-amzn-requestid", request_id.to_owned()).map_err(|error| error.to_string())?;
    headers.insert("date", date);
    Ok(response)
}

/// An answer that sends the request on.
pub(super) fn redirect(
    status: u16,
    location: String,
    request_id: &str,
    now: Timestamp,
) -> Result<HttpResponse, String> {
    let mut response = page(status, "text/html", String::new(), request_id, now)?;
    response.headers_mut().try_insert("location", location).map_err(|error| error.to_string())?;
    Ok(response)
}

/// The same answer, with the connection lost in the middle of its body.
pub(super) fn truncated(response: HttpResponse) -> HttpResponse {
    response.map(|body| {
        let bytes = body.bytes().unwrap_or_default();
        let half = bytes.get(..bytes.len() / 2).unwrap_or_default();
        SdkBody::from_body_1_x(Cut { half: Some(Bytes::copy_from_slice(half)) })
    })
}

/// A body that ends too early.
struct Cut {
    half: Option<Bytes>,
}

impl http_body::Body for Cut {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Poll::Ready(Some(match self.half.take() {
            Some(half) => Ok(Frame::data(half)),
            None => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "connection closed before message completed")),
        }))
    }
}

const XML: &str = "text/xml";
const JSON: &str = "application/x-amz-json-1.1";

fn query_answer(operation: &str, namespace: &str, result: &Xml, request_id: &str) -> String {
    Xml::document(&format!("{operation}Response"), namespace, |xml| {
        xml.element(&format!("{operation}Result"), |xml| {
            xml.push(result);
        });
        xml.element("ResponseMetadata", |xml| {
            xml.text("RequestId", request_id);
        });
    })
}

fn query_error(error: &ServiceError, namespace: &str, request_id: &str) -> String {
    Xml::document("ErrorResponse", namespace, |xml| {
        xml.element("Error", |xml| {
            xml.text("Type", if error.status < 500 { "Sender" } else { "Receiver" });
            xml.text("Code", &error.code);
            xml.text("Message", &error.message);
        });
        xml.text("RequestId", request_id);
    })
}
