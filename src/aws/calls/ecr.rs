//! ECR: whether images could be pulled. No image is.

use aws_sdk_ecr::config::{Builder, Region};

use super::timestamp;
use crate::aws::Connection;
use crate::aws::error::from_sdk;
use crate::model::{AwsError, ErrorKind};
use crate::values::time::Timestamp;

/// What may be known of a registry's token.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Authorization {
    /// When it ends, UTC.
    pub expires: Option<Timestamp>,
    /// `https://111122223333.dkr.ecr.us-east-1.amazonaws.com`.
    pub endpoint: String,
}

/// `ecr:GetAuthorizationToken`. The token itself is dropped at once.
///
/// # Errors
/// What AWS refused.
pub async fn authorization(connection: &Connection, region: &str) -> Result<Authorization, AwsError> {
    const OPERATION: &str = "ecr:GetAuthorizationToken";
    let call = connection.ecr().get_authorization_token().customize().config_override(in_region(region));
    let answer = call.send().await.map_err(|error| from_sdk(OPERATION, &error))?;
    let data = answer.authorization_data().first();
    let data = data.ok_or_else(|| AwsError::local(ErrorKind::Other, OPERATION, "the answer holds no token"))?;
    Ok(Authorization {
        expires: data.expires_at().and_then(timestamp),
        endpoint: data.proxy_endpoint().unwrap_or_default().to_owned(),
    })
}

/// `ecr:DescribeImages` of at most one image. Returns whether the repository holds any.
///
/// # Errors
/// Of kind `NotFound` when the registry has no such repository.
pub async fn holds_images(
    connection: &Connection,
    account: &str,
    region: &str,
    repository: &str,
) -> Result<bool, AwsError> {
    let call = connection.ecr().describe_images().registry_id(account).repository_name(repository).max_results(1);
    let answer = call.customize().config_override(in_region(region)).send().await;
    answer.map(|answer| !answer.image_details().is_empty()).map_err(|error| from_sdk("ecr:DescribeImages", &error))
}

fn in_region(region: &str) -> Builder {
    Builder::new().region(Region::new(region.to_owned()))
}
