//! Secrets Manager: secrets, their versions, and the staging labels that a compare-and-swap is made of.
//!
//! Rules and error codes: Secrets Manager API reference, the page of each operation.

mod create;
mod find;
mod read;
mod stages;
mod write;

use serde_json::{Value, json};

use super::description::secret::Content;
use super::exchange::{Call, ServiceError};
use super::ids;
use super::state::State;
use crate::values::time::Timestamp;

/// Answers a call to Secrets Manager.
///
/// # Errors
/// As AWS answers.
pub(super) fn serve(state: &mut State, call: &Call, input: &Value) -> Result<Value, ServiceError> {
    match call.operation.as_str() {
        "ListSecrets" => read::list(state, call, input),
        "DescribeSecret" => read::describe(state, call, input),
        "GetSecretValue" => read::value(state, call, input),
        "CreateSecret" => create::create(state, call, input),
        "PutSecretValue" => write::put(state, call, input),
        "UpdateSecretVersionStage" => write::move_stage(state, call, input),
        other => Err(ServiceError::new(400, "UnknownOperationException", format!("`{other}` is not known"))),
    }
}

/// A text of the request.
fn text<'a>(input: &'a Value, name: &str) -> Option<&'a str> {
    input.get(name).and_then(Value::as_str)
}

/// A text that must be there.
fn required<'a>(input: &'a Value, name: &str) -> Result<&'a str, ServiceError> {
    text(input, name)
        .filter(|text| !text.is_empty())
        .ok_or_else(|| parameter(format!("You must provide a value for the {name} parameter.")))
}

/// `InvalidParameterException`.
fn parameter(message: impl Into<String>) -> ServiceError {
    ServiceError::new(400, "InvalidParameterException", message)
}

/// `InvalidRequestException`.
fn request(message: impl Into<String>) -> ServiceError {
    ServiceError::new(400, "InvalidRequestException", message)
}

/// `ResourceNotFoundException`.
fn not_found(message: impl Into<String>) -> ServiceError {
    ServiceError::new(400, "ResourceNotFoundException", message)
}

/// `ResourceExistsException`.
fn exists(message: impl Into<String>) -> ServiceError {
    ServiceError::new(400, "ResourceExistsException", message)
}

/// The value that a request brings: a text, bytes, or neither.
fn content(input: &Value) -> Result<Option<Content>, ServiceError> {
    match (text(input, "SecretString"), text(input, "SecretBinary")) {
        (Some(_), Some(_)) => Err(parameter("You can't specify both a SecretString and a SecretBinary.")),
        (Some(text), None) if text.len() > 65_536 => Err(parameter("SecretString is longer than 65536 bytes.")),
        (Some(text), None) => Ok(Some(Content::Text(text.into()))),
        (None, Some(binary)) => Ok(Some(Content::Binary(binary.into()))),
        (None, None) => Ok(None),
    }
}

/// `ClientRequestToken`, which becomes the version's id; the SDK always sends one.
fn version_id(state: &mut State, input: &Value) -> Result<String, ServiceError> {
    match text(input, "ClientRequestToken") {
        Some(token) if (32..=64).contains(&token.len()) => Ok(token.to_owned()),
        Some(_) => Err(parameter("ClientRequestToken must have a length between 32 and 64.")),
        None => Ok(ids::uuid(&format!("version {}", state.next_serial()))),
    }
}

/// Seconds since 1970, as JSON 1.1 writes a time.
fn seconds(time: Timestamp) -> Value {
    json!(time.as_second())
}
