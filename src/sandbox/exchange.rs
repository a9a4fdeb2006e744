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
use super::xml::Xml;
use crate::values::time::Timestamp;

/// The services that the sandbox has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Service {
    /// Security Token Service.
    Sts,
    /// Identity and Access Management.
    Iam,
    /// CloudFormation.
    CloudFormation,
    /// Secrets Manager.
    SecretsManager,
}

impl Service {
    /// The service behind a host name, for example `sts.us-east-1.amazonaws.com`.
    fn of_host(host: &str) -> Option<Self> {
        let name = host.strip_suffix(".amazonaws.com")?;
        match name.split('.').next()? {
            "sts" => Some(Self::Sts),
            "iam" => Some(Self::Iam),
            "cloudformation" => Some(Self::CloudFormation),
            "secretsmanager" => Some(Self::SecretsManager),
            _ => None,
        }
    }

    /// The prefix of its IAM actions.
    pub(super) const fn prefix(self) -> &'static str {
        match self {
            Self::Sts => "sts",
            Self::Iam => "iam",
            Self::CloudFormation => "cloudformation",
            Self::SecretsManager => "secretsmanager",
        }
    }

    /// The XML namespace of its answers; `None` for a service that speaks JSON.
    const fn namespace(self) -> Option<&'static str> {
        match self {
            Self::Sts => Some("https://sts.amazonaws.com/doc/2011-06-15/"),
            Self::Iam => Some("https://iam.amazonaws.com/doc/2010-05-08/"),
            Self::CloudFormation => Some("http://cloudformation.amazonaws.com/doc/2010-05-15/"),
            Self::SecretsManager => None,
        }
    }

    /// A refusal, in the code and status that this service uses.
    pub(super) fn denied(self, message: impl Into<String>) -> ServiceError {
        match self {
            Self::SecretsManager => ServiceError::new(400, "AccessDeniedException", message),
            _ => ServiceError::new(403, "AccessDenied", message),
        }
    }
}

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
}

impl Request {
    /// Reads a request. `Err` is the host, when it belongs to no service of the sandbox.
    pub(super) fn read(request: &HttpRequest) -> Result<Self, String> {
        let uri: http::Uri = request.uri().parse().unwrap_or_default();
        let host = uri.host().unwrap_or_default();
        let service = Service::of_host(host).ok_or_else(|| host.to_owned())?;
        let headers = request.headers();
        let bytes = request.body().bytes().unwrap_or_default();
        let (operation, body) = if service.namespace().is_some() {
            let form = Form::parse(bytes);
            (form.get("Action").unwrap_or_default().to_owned(), Body::Form(form))
        } else {
            let target = headers.get("x-amz-target").unwrap_or_default();
            let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
            (operation, Body::Json(serde_json::from_slice(bytes).unwrap_or(Value::Null)))
        };
        Ok(Self {
            service,
            operation,
            signature: headers.get("authorization").and_then(Signature::read),
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
}

impl ServiceError {
    /// An error.
    pub(super) fn new(status: u16, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { status, code: code.into(), message: message.into() }
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
}

/// Dresses an answer for its service.
pub(super) fn respond(
    service: Service,
    operation: &str,
    outcome: Result<Content, ServiceError>,
    request_id: &str,
    now: Timestamp,
) -> Result<HttpResponse, String> {
    let namespace = service.namespace().unwrap_or_default();
    let (status, content_type, body) = match outcome {
        Ok(Content::Json(body)) => (200, JSON, body.to_string()),
        Ok(Content::Xml(result)) => (200, XML, query_answer(operation, namespace, &result, request_id)),
        Err(error) if service.namespace().is_some() => (error.status, XML, query_error(&error, namespace, request_id)),
        Err(error) => (error.status, JSON, json!({"__type": error.code, "Message": error.message}).to_string()),
    };
    page(status, content_type, body, request_id, now)
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
