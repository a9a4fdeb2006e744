//! From the SDK's errors to ours. The SDK does not model most STS errors, so codes are matched, not types.

use std::error::Error;

use aws_sdk_sts::error::ProvideErrorMetadata;
use aws_sdk_sts::operation::RequestId;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::http::Response;

use super::operations;
use crate::model::{AwsError, ErrorKind};

/// Turns the failure of `operation` (`sts:AssumeRole`) into an [`AwsError`].
pub fn from_sdk<E>(operation: &str, error: &SdkError<E, Response>) -> AwsError
where
    E: Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    let meta = error.as_service_error().map(ProvideErrorMetadata::meta);
    let code = meta.and_then(|meta| meta.code()).map(str::to_owned);
    let mut chain = chain(error);
    let message = meta
        .and_then(|meta| meta.message())
        .map(str::to_owned)
        .unwrap_or_else(|| chain.last().cloned().unwrap_or_else(|| error.to_string()));
    if code.is_some() {
        // The SDK's own frame around an answer says nothing that code and message do not.
        chain.retain(|text| {
            !text.contains(&message)
                && !["service error", "unhandled error", "Error { code"].iter().any(|frame| text.starts_with(frame))
        });
    }
    let kind = code.as_deref().map_or_else(|| transport_kind(error), |code| kind_of(code, &message, operation));
    // The code alone: a message may repeat what was sent, an external ID for instance.
    tracing::info!(operation, kind = ?kind, code = code.as_deref(), request_id = error.request_id(), "refused");
    let denied = (kind == ErrorKind::Denied).then(|| missing_action(&message, operation));
    AwsError {
        kind,
        message,
        request_id: error.request_id().map(str::to_owned),
        operation: operation.to_owned(),
        missing_action: denied,
        code,
        chain,
    }
}

/// Which action was missing: the one the message names, `kms:Decrypt` for a KMS refusal, else the one that the operation needs.
fn missing_action(message: &str, operation: &str) -> String {
    if let Some((_, rest)) = message.split_once("not authorized to perform: ") {
        let action: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || ":-".contains(*c)).collect();
        if action.contains(':') {
            return action;
        }
    }
    if message.contains("Access to KMS is not allowed") {
        // To store a value Secrets Manager makes a data key first (its User Guide, "Secret encryption and decryption").
        let stores = matches!(operation, "secretsmanager:CreateSecret" | "secretsmanager:PutSecretValue");
        return if stores { "kms:GenerateDataKey and kms:Decrypt" } else { "kms:Decrypt" }.into();
    }
    operations::needed_action(operation).to_owned()
}

/// The kind that an error code stands for (`facts`: AWS error codes; API references of IAM, STS, CloudFormation, Secrets Manager, S3 and ECR).
#[must_use]
pub fn kind_of(code: &str, message: &str, operation: &str) -> ErrorKind {
    match code {
        "AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" | "UnauthorizedAccess" => ErrorKind::Denied,
        "NoSuchEntity"
        | "NoSuchEntityException"
        | "ResourceNotFoundException"
        | "NoSuchBucket"
        | "RepositoryNotFoundException" => ErrorKind::NotFound,
        // CloudFormation has no code of its own for a stack or resource that is not there.
        "ValidationError" if operation.starts_with("cloudformation:") && message.contains("does not exist") => {
            ErrorKind::NotFound
        }
        "ExpiredToken"
        | "ExpiredTokenException"
        | "InvalidClientTokenId"
        | "UnrecognizedClientException"
        | "SignatureDoesNotMatch"
        | "InvalidSignatureException"
        | "RequestExpired"
        | "IncompleteSignature"
        | "MissingAuthenticationToken"
        | "AuthFailure"
        | "InvalidAccessKeyId"
        | "OptInRequired"
        | "UnauthorizedException"
        | "ForbiddenException" => ErrorKind::Credentials,
        "Throttling"
        | "ThrottlingException"
        | "ThrottledException"
        | "TooManyRequestsException"
        | "RequestLimitExceeded"
        | "RequestThrottled"
        | "PriorRequestNotComplete"
        | "SlowDown" => ErrorKind::Throttled,
        "RegionDisabledException" => ErrorKind::RegionDisabled,
        "ResourceExistsException" | "ConcurrentModificationException" => ErrorKind::Conflict,
        "ValidationError"
        | "ValidationException"
        | "InvalidParameterException"
        | "InvalidRequestException"
        | "InvalidParameterValue"
        | "InvalidInput"
        | "MalformedPolicyDocument"
        | "PackedPolicyTooLarge" => ErrorKind::Invalid,
        _ => ErrorKind::Other,
    }
}

fn transport_kind<E>(error: &SdkError<E, Response>) -> ErrorKind {
    match error {
        SdkError::DispatchFailure(failure) if failure.is_user() => ErrorKind::Guard,
        SdkError::DispatchFailure(_) | SdkError::TimeoutError(_) | SdkError::ResponseError(_) => ErrorKind::Network,
        _ => ErrorKind::Other,
    }
}

/// The messages of an error and all its sources, outermost first, each once.
#[must_use]
pub fn chain(error: &(dyn Error + 'static)) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(current) = next {
        let text = current.to_string();
        if !text.is_empty() && !texts.iter().any(|known| known.contains(&text)) {
            texts.push(text);
        }
        next = current.source();
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_decide_the_kind() {
        for (code, message, operation, kind) in [
            ("AccessDenied", "", "sts:AssumeRole", ErrorKind::Denied),
            ("ExpiredToken", "", "sts:GetCallerIdentity", ErrorKind::Credentials),
            ("ValidationError", "Stack with id q does not exist", "cloudformation:DescribeStacks", ErrorKind::NotFound),
            ("ValidationError", "Request ARN is invalid", "sts:AssumeRole", ErrorKind::Invalid),
            ("Throttling", "Rate exceeded", "sts:AssumeRole", ErrorKind::Throttled),
            ("Surprise", "", "iam:GetRole", ErrorKind::Other),
        ] {
            assert_eq!(kind_of(code, message, operation), kind, "{code} {message}");
        }
    }

    #[test]
    fn the_missing_action_is_the_one_aws_names() {
        let message =
            "User: arn:aws:iam::111122223333:user/a is not authorized to perform: iam:GetRole on resource: role x";
        assert_eq!(missing_action(message, "iam:GetRole"), "iam:GetRole");
        assert_eq!(missing_action("Access to KMS is not allowed", "secretsmanager:GetSecretValue"), "kms:Decrypt");
        let stored = missing_action("Access to KMS is not allowed", "secretsmanager:CreateSecret");
        assert_eq!(stored, "kms:GenerateDataKey and kms:Decrypt");
        assert_eq!(missing_action("denied", "secretsmanager:GetSecretValue"), "secretsmanager:GetSecretValue");
        assert_eq!(missing_action("Access Denied", "s3:ListObjectsV2"), "s3:ListBucket");
    }
}
