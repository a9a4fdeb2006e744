//! IAM: roles, the policies of a principal, MFA devices, the simulator. Policy documents arrive percent-encoded.

mod simulate;
mod users;

use std::future::Future;

use aws_sdk_iam::types::{AttachedPolicy, Group, Role};
use futures::future::try_join_all;
use futures::stream::{self, StreamExt, TryStreamExt};
use percent_encoding::percent_decode_str;

use super::timestamp;
use crate::aws::Connection;
use crate::aws::error::from_sdk;
use crate::model::facts::{MfaDevice, RoleDetail};
use crate::model::{AwsError, ErrorKind};
use crate::policy::NamedPolicy;
use crate::policy::document::Policy;
use crate::values::RoleArn;

pub use simulate::{Key, Question, simulate};
pub use users::{User, access_keys, attached_to_role, attached_to_user, user};

/// How many documents of one principal are fetched at once.
const AT_ONCE: usize = 8;

/// `iam:GetRole`, in the account of whoever asks: it takes a name, not an ARN.
///
/// # Errors
/// Of kind `NotFound` when that account has no such role.
pub async fn role(connection: &Connection, name: &str) -> Result<RoleDetail, AwsError> {
    const OPERATION: &str = "iam:GetRole";
    let answer = connection.iam.get_role().role_name(name).send().await.map_err(|error| from_sdk(OPERATION, &error))?;
    let role = answer.role().ok_or_else(|| AwsError::local(ErrorKind::Other, OPERATION, "the answer holds no role"))?;
    from_sdk_role(role).map_err(|reason| AwsError::local(ErrorKind::Other, OPERATION, reason))
}

fn from_sdk_role(role: &Role) -> Result<RoleDetail, String> {
    let arn = RoleArn::parse(role.arn())
        .map_err(|error| format!("the role's ARN `{}` cannot be read: {error}", role.arn()))?;
    let trust_text = decode(role.assume_role_policy_document().unwrap_or_default());
    Ok(RoleDetail {
        arn,
        role_id: role.role_id().to_owned(),
        created: timestamp(role.create_date()),
        max_session_duration: role.max_session_duration().and_then(|seconds| u32::try_from(seconds).ok()),
        trust: Policy::parse(&trust_text).map_err(|error| error.to_string()),
        trust_text,
        boundary_arn: role
            .permissions_boundary()
            .and_then(|boundary| boundary.permissions_boundary_arn())
            .map(str::to_owned),
    })
}

fn decode(document: &str) -> String {
    percent_decode_str(document).decode_utf8_lossy().into_owned()
}

fn named(operation: &str, name: String, document: &str) -> Result<NamedPolicy, AwsError> {
    let policy = Policy::parse(&decode(document))
        .map_err(|error| AwsError::local(ErrorKind::Other, operation, format!("{name} cannot be read: {error}")))?;
    Ok(NamedPolicy { name, policy })
}

/// The SDK gives users, roles and groups operations of their own, alike but for their names: lists the inline policies and
/// the attached ones at once, then fetches every document. `$of` is added to the name of an inline policy.
macro_rules! policies_of {
    ($connection:ident, $who:ident, $field:ident, $list:ident = $list_action:literal, $get:ident = $get_action:literal,
     $attached:ident = $attached_action:literal, $of:expr) => {{
        let inline = async {
            let names: Vec<String> = $connection
                .iam
                .$list()
                .$field($who)
                .into_paginator()
                .items()
                .send()
                .try_collect()
                .await
                .map_err(|error| from_sdk($list_action, &error))?;
            in_order(names.into_iter().map(|name| async move {
                let answer = $connection.iam.$get().$field($who).policy_name(&name).send().await;
                let answer = answer.map_err(|error| from_sdk($get_action, &error))?;
                named($get_action, format!("inline policy {name}{}", $of), answer.policy_document())
            }))
            .await
        };
        let attached = async {
            let policies: Vec<AttachedPolicy> = $connection
                .iam
                .$attached()
                .$field($who)
                .into_paginator()
                .items()
                .send()
                .try_collect()
                .await
                .map_err(|error| from_sdk($attached_action, &error))?;
            managed($connection, policies).await
        };
        futures::try_join!(inline, attached).map(|(mut inline, attached)| {
            inline.extend(attached);
            inline
        })
    }};
}

/// Every policy of a role, inline first, then attached.
///
/// # Errors
/// The first read that fails: with a policy missing, nothing could be said about the principal.
pub async fn role_policies(connection: &Connection, role: &str) -> Result<Vec<NamedPolicy>, AwsError> {
    policies_of!(
        connection,
        role,
        role_name,
        list_role_policies = "iam:ListRolePolicies",
        get_role_policy = "iam:GetRolePolicy",
        list_attached_role_policies = "iam:ListAttachedRolePolicies",
        ""
    )
}

/// Every policy of a user: inline, attached, and those of the user's groups.
///
/// # Errors
/// The first read that fails.
pub async fn user_policies(connection: &Connection, user: &str) -> Result<Vec<NamedPolicy>, AwsError> {
    let own = async {
        policies_of!(
            connection,
            user,
            user_name,
            list_user_policies = "iam:ListUserPolicies",
            get_user_policy = "iam:GetUserPolicy",
            list_attached_user_policies = "iam:ListAttachedUserPolicies",
            ""
        )
    };
    let (mut all, of_groups) = futures::try_join!(own, groups_policies(connection, user))?;
    all.extend(of_groups);
    Ok(all)
}

async fn groups_policies(connection: &Connection, user: &str) -> Result<Vec<NamedPolicy>, AwsError> {
    let groups: Vec<Group> = connection
        .iam
        .list_groups_for_user()
        .user_name(user)
        .into_paginator()
        .items()
        .send()
        .try_collect()
        .await
        .map_err(|error| from_sdk("iam:ListGroupsForUser", &error))?;
    let lists = try_join_all(groups.iter().map(|group| group_policies(connection, group.group_name()))).await?;
    Ok(lists.into_iter().flatten().collect())
}

async fn group_policies(connection: &Connection, group: &str) -> Result<Vec<NamedPolicy>, AwsError> {
    policies_of!(
        connection,
        group,
        group_name,
        list_group_policies = "iam:ListGroupPolicies",
        get_group_policy = "iam:GetGroupPolicy",
        list_attached_group_policies = "iam:ListAttachedGroupPolicies",
        format!(" of group {group}")
    )
}

async fn managed(connection: &Connection, policies: Vec<AttachedPolicy>) -> Result<Vec<NamedPolicy>, AwsError> {
    in_order(
        policies
            .into_iter()
            .map(|attached| async move { managed_policy(connection, attached.policy_arn().unwrap_or_default()).await }),
    )
    .await
}

/// The default version of a managed policy: `iam:GetPolicy`, then `iam:GetPolicyVersion`.
///
/// # Errors
/// The read that failed.
pub async fn managed_policy(connection: &Connection, arn: &str) -> Result<NamedPolicy, AwsError> {
    const OPERATION: &str = "iam:GetPolicyVersion";
    let policy =
        connection.iam.get_policy().policy_arn(arn).send().await.map_err(|error| from_sdk("iam:GetPolicy", &error))?;
    let version = policy.policy().and_then(|policy| policy.default_version_id()).unwrap_or("v1");
    let answer = connection
        .iam
        .get_policy_version()
        .policy_arn(arn)
        .version_id(version)
        .send()
        .await
        .map_err(|error| from_sdk(OPERATION, &error))?;
    let document = answer.policy_version().and_then(|version| version.document()).unwrap_or_default();
    named(OPERATION, arn.to_owned(), document)
}

/// `iam:ListMFADevices` of a user, page after page. Only devices that are in use are listed.
///
/// # Errors
/// The first page that fails.
pub async fn mfa_devices(connection: &Connection, user: &str) -> Result<Vec<MfaDevice>, AwsError> {
    let devices = connection.iam.list_mfa_devices().user_name(user).into_paginator().items().send();
    let devices: Vec<_> = devices.try_collect().await.map_err(|error| from_sdk("iam:ListMFADevices", &error))?;
    Ok(devices.iter().map(|device| MfaDevice { serial: device.serial_number().to_owned() }).collect())
}

/// Runs the futures a few at a time and keeps their order.
async fn in_order<T, F>(futures: impl Iterator<Item = F>) -> Result<Vec<T>, AwsError>
where
    F: Future<Output = Result<T, AwsError>>,
{
    stream::iter(futures).buffered(AT_ONCE).try_collect().await
}
