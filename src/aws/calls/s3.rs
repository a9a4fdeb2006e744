//! S3: whether a bucket can be reached and listed. Nothing is read from it but one key's name, which is dropped.

use aws_sdk_s3::config::{Builder, Region};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::http::Response;

use crate::aws::Connection;
use crate::aws::error::from_sdk;
use crate::aws::operations::needed_action;
use crate::model::{AwsError, ErrorKind};

/// The header by which S3 says where a bucket is, also when it refuses (S3 API reference, HeadBucket).
const BUCKET_REGION: &str = "x-amz-bucket-region";

/// What came of asking for a bucket.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Head {
    /// Its region, as far as S3 told: also with a refusal.
    pub region: Option<String>,
    /// Whether it is there and may be listed.
    pub outcome: Result<(), AwsError>,
}

/// `s3:HeadBucket`, in the region of the connection, and once more in the bucket's own where S3 says that it is another.
pub async fn head_bucket(connection: &Connection, bucket: &str) -> Head {
    let head = head_bucket_in(connection, bucket, None).await;
    match &head.region {
        Some(region) if head.outcome.is_err() && *region != connection.region.name => {
            let region = region.clone();
            let there = head_bucket_in(connection, bucket, Some(&region)).await;
            Head { region: there.region.or(Some(region)), outcome: there.outcome }
        }
        _ => head,
    }
}

async fn head_bucket_in(connection: &Connection, bucket: &str, region: Option<&str>) -> Head {
    let call = connection.s3().head_bucket().bucket(bucket).customize().config_override(in_region(region));
    match call.send().await {
        Ok(answer) => Head { region: answer.bucket_region().map(str::to_owned), outcome: Ok(()) },
        Err(error) => Head { region: bucket_region(&error), outcome: Err(of_head(bucket, &error)) },
    }
}

/// `s3:ListObjectsV2` of at most one key. Returns whether the bucket holds any.
///
/// # Errors
/// What S3 refused.
pub async fn list_one(connection: &Connection, bucket: &str, region: Option<&str>) -> Result<bool, AwsError> {
    let call = connection.s3().list_objects_v2().bucket(bucket).max_keys(1);
    let answer = call.customize().config_override(in_region(region)).send().await;
    answer.map(|answer| !answer.contents().is_empty()).map_err(|error| from_sdk("s3:ListObjectsV2", &error))
}

fn in_region(region: Option<&str>) -> Builder {
    let mut config = Builder::new();
    if let Some(region) = region {
        config = config.region(Region::new(region.to_owned()));
    }
    config
}

fn bucket_region<E>(error: &SdkError<E, Response>) -> Option<String> {
    error.raw_response()?.headers().get(BUCKET_REGION).map(str::to_owned)
}

/// An answer to HEAD has no body, and so neither a code nor a message: its status is all there is.
fn of_head<E>(bucket: &str, error: &SdkError<E, Response>) -> AwsError
where
    E: std::error::Error + aws_sdk_s3::error::ProvideErrorMetadata + Send + Sync + 'static,
{
    const OPERATION: &str = "s3:HeadBucket";
    let from_sdk = from_sdk(OPERATION, error);
    let Some(status) = error.raw_response().map(|response| response.status().as_u16()) else { return from_sdk };
    let (kind, message) = match status {
        403 => (ErrorKind::Denied, format!("S3 refuses bucket {bucket} (HTTP 403, without a reason)")),
        404 => (ErrorKind::NotFound, format!("there is no bucket {bucket}")),
        301 | 307 => (ErrorKind::Other, format!("bucket {bucket} is in another region, and S3 does not say in which")),
        400 => (ErrorKind::Invalid, format!("S3 cannot make sense of the request for bucket {bucket} (HTTP 400)")),
        _ => return from_sdk,
    };
    let missing_action = (kind == ErrorKind::Denied).then(|| needed_action(OPERATION).to_owned());
    AwsError { kind, message, missing_action, code: None, chain: Vec::new(), ..from_sdk }
}
