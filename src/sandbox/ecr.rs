//! Elastic Container Registry: GetAuthorizationToken and DescribeImages.
//!
//! Source: Amazon ECR API Reference, the pages of both.

use aws_smithy_types::base64;
use jiff::SignedDuration;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::auth::{self, Access};
use super::exchange::{Call, ServiceError};
use super::ids;
use super::page::page;
use super::state::{PARTITION, State};
use crate::values::time::Timestamp;

/// Answers a call to ECR.
///
/// # Errors
/// As AWS answers.
pub(super) fn serve(state: &mut State, call: &Call, input: &Value) -> Result<Value, ServiceError> {
    match call.operation.as_str() {
        "GetAuthorizationToken" => token(state, call),
        "DescribeImages" => images(state, call, input),
        other => Err(ServiceError::new(400, "UnknownOperationException", format!("`{other}` is not known"))),
    }
}

/// "The authorization token is valid for 12 hours", and is for the caller's own registry.
fn token(state: &mut State, call: &Call) -> Result<Value, ServiceError> {
    auth::require(state, call, "ecr:GetAuthorizationToken", "*", Some("*"))?;
    let password = ids::token(200, &format!("registry {}/{}", call.account(), state.next_serial()));
    let expires = call.now.checked_add(SignedDuration::from_hours(12)).unwrap_or(Timestamp::MAX);
    Ok(json!({"authorizationData": [{
        "authorizationToken": base64::encode(format!("AWS:{password}")),
        "expiresAt": expires.as_second(),
        "proxyEndpoint": format!("https://{}.dkr.ecr.{}.amazonaws.com", call.account(), call.region),
    }]}))
}

fn images(state: &State, call: &Call, input: &Value) -> Result<Value, ServiceError> {
    let text = |name: &str| input.get(name).and_then(Value::as_str);
    let owner = text("registryId").unwrap_or_else(|| call.account());
    let name = text("repositoryName").unwrap_or_default();
    let region = state.accounts.get(owner).and_then(|account| account.regions.get(&call.region));
    let repository = region.and_then(|region| region.repositories.get(name));
    let arn = format!("arn:{PARTITION}:ecr:{}:{owner}:repository/{name}", call.region);
    let shared = repository.is_some_and(|repository| repository.shared_with.contains(call.account()));
    let access =
        Access { action: "ecr:DescribeImages", resource: &arn, shown: Some(&arn), owner, shared, keys: Vec::new() };
    auth::permit(state, call, &access)?;
    let repository = repository.ok_or_else(|| {
        let message = format!("The repository with name '{name}' does not exist in the registry with id '{owner}'");
        ServiceError::new(400, "RepositoryNotFoundException", message)
    })?;
    let all: Vec<_> = repository.images.iter().collect();
    let most = input.get("maxResults").and_then(Value::as_u64).and_then(|most| usize::try_from(most).ok());
    let found = page(&all, text("nextToken"), most.unwrap_or(100)).ok_or_else(|| {
        ServiceError::new(
            400,
            "InvalidParameterException",
            "Invalid parameter at 'nextToken' failed to satisfy constraint",
        )
    })?;
    let details: Vec<Value> = found
        .items
        .iter()
        .map(|(tag, pushed)| {
            let digest: String =
                Sha256::digest(format!("{arn}:{tag}")).iter().map(|byte| format!("{byte:02x}")).collect();
            json!({
                "registryId": owner,
                "repositoryName": name,
                "imageDigest": format!("sha256:{digest}"),
                "imageTags": [tag],
                "imagePushedAt": pushed.resolve(state.loaded).as_second(),
            })
        })
        .collect();
    let mut answer = json!({"imageDetails": details});
    if let (Some(next), Some(members)) = (found.next, answer.as_object_mut()) {
        members.insert("nextToken".to_owned(), next.into());
    }
    Ok(answer)
}
