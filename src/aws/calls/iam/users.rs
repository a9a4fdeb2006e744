//! Who a user is, what is attached to it by name, and its access keys.

use aws_sdk_iam::types::{AccessKeyMetadata, AttachedPolicy as Attached, StatusType};

use super::{in_order, timestamp};
use crate::aws::Connection;
use crate::aws::error::from_sdk;
use crate::model::facts::{AccessKeyFacts, AttachedPolicy, KeyUse, PrincipalDetail};
use crate::model::{AwsError, ErrorKind, Fact};
use crate::values::{PrincipalArn, SecretText};

/// A user as IAM has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct User {
    /// Its ARN, path included, and its age.
    pub detail: PrincipalDetail,
    /// The policy ARN of its permissions boundary.
    pub boundary_arn: Option<String>,
}

/// `iam:GetUser`.
///
/// # Errors
/// Of kind `NotFound` when the caller's account has no such user.
pub async fn user(connection: &Connection, name: &str) -> Result<User, AwsError> {
    const OPERATION: &str = "iam:GetUser";
    let unreadable = |what: String| AwsError::local(ErrorKind::Other, OPERATION, what);
    let answer = connection.iam.get_user().user_name(name).send().await.map_err(|error| from_sdk(OPERATION, &error))?;
    let user = answer.user().ok_or_else(|| unreadable("the answer holds no user".into()))?;
    let arn = PrincipalArn::parse(user.arn())
        .map_err(|error| unreadable(format!("the user's ARN `{}` cannot be read: {error}", user.arn())))?;
    let boundary = user.permissions_boundary().and_then(|boundary| boundary.permissions_boundary_arn());
    Ok(User {
        detail: PrincipalDetail { arn, created: timestamp(user.create_date()) },
        boundary_arn: boundary.map(str::to_owned),
    })
}

/// `iam:ListAttachedUserPolicies`, page after page: what is attached to the user itself, not to its groups.
///
/// # Errors
/// The first page that fails.
pub async fn attached_to_user(connection: &Connection, user: &str) -> Result<Vec<AttachedPolicy>, AwsError> {
    let pages = connection.iam.list_attached_user_policies().user_name(user).into_paginator().items().send();
    let all: Vec<Attached> =
        pages.try_collect().await.map_err(|error| from_sdk("iam:ListAttachedUserPolicies", &error))?;
    Ok(all.iter().map(attached).collect())
}

/// `iam:ListAttachedRolePolicies`, page after page.
///
/// # Errors
/// The first page that fails.
pub async fn attached_to_role(connection: &Connection, role: &str) -> Result<Vec<AttachedPolicy>, AwsError> {
    let pages = connection.iam.list_attached_role_policies().role_name(role).into_paginator().items().send();
    let all: Vec<Attached> =
        pages.try_collect().await.map_err(|error| from_sdk("iam:ListAttachedRolePolicies", &error))?;
    Ok(all.iter().map(attached).collect())
}

fn attached(policy: &Attached) -> AttachedPolicy {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    AttachedPolicy { name: text(policy.policy_name()), arn: text(policy.policy_arn()) }
}

/// `iam:ListAccessKeys` of a user, page after page, each key with `iam:GetAccessKeyLastUsed`. When one was last used may stay unknown by itself.
///
/// # Errors
/// The first page that fails.
pub async fn access_keys(connection: &Connection, user: &str) -> Result<Vec<AccessKeyFacts>, AwsError> {
    let pages = connection.iam.list_access_keys().user_name(user).into_paginator().items().send();
    let keys: Vec<AccessKeyMetadata> =
        pages.try_collect().await.map_err(|error| from_sdk("iam:ListAccessKeys", &error))?;
    in_order(keys.into_iter().map(|key| async move {
        let id = key.access_key_id().unwrap_or_default();
        Ok(AccessKeyFacts {
            last_used: last_used(connection, id).await,
            id: SecretText::new(id),
            active: key.status() == Some(&StatusType::Active),
            created: key.create_date().and_then(timestamp),
        })
    }))
    .await
}

/// `Absent`: never.
async fn last_used(connection: &Connection, key: &str) -> Fact<KeyUse> {
    let answer = connection.iam.get_access_key_last_used().access_key_id(key).send().await;
    match answer.map_err(|error| from_sdk("iam:GetAccessKeyLastUsed", &error)) {
        // Of a key that was just listed this is no answer about its use.
        Err(error) if error.kind == ErrorKind::NotFound => Fact::Failed(error),
        Err(error) => Fact::from_error(error),
        Ok(answer) => match answer.access_key_last_used() {
            Some(used) => used.last_used_date().and_then(timestamp).map_or(Fact::Absent, |at| {
                Fact::Known(KeyUse { at, service: used.service_name().to_owned(), region: used.region().to_owned() })
            }),
            None => Fact::Absent,
        },
    }
}
