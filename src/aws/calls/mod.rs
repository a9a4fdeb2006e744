//! One file per service: each function is one AWS operation, paged to its end, with our types and our error.

pub mod benchling;
pub mod cloudformation;
pub mod ecr;
pub mod iam;
pub mod s3;
pub mod secretsmanager;
pub mod sts;
pub mod sts_session;

use aws_smithy_types::DateTime;

use crate::values::time::Timestamp;

/// The SDK's date as ours.
fn timestamp(at: &DateTime) -> Option<Timestamp> {
    Timestamp::new(at.secs(), i32::try_from(at.subsec_nanos()).ok()?).ok()
}
