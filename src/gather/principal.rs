//! The policies of a principal: what it may do by its own side.

use crate::aws::Connection;
use crate::aws::calls::iam;
use crate::model::facts::RoleDetail;
use crate::model::{AwsError, Fact};
use crate::policy::NamedPolicy;
use crate::values::PrincipalArn;

/// What was read of a principal.
pub(super) struct Read {
    pub(super) role: Fact<RoleDetail>,
    pub(super) policies: Fact<Vec<NamedPolicy>>,
    pub(super) boundary: Fact<Option<NamedPolicy>>,
}

/// Reads a user's or a role's policies and boundary. A session's are those of its role.
pub(super) async fn read(connection: &Connection, arn: &PrincipalArn) -> Read {
    match arn {
        PrincipalArn::User { name, .. } => user(connection, name).await,
        PrincipalArn::Role(role) => of_role(connection, role.name()).await,
        PrincipalArn::Session { role, .. } => of_role(connection, role).await,
        // The account's root has no policies of its own and may do everything but what the organization forbids.
        PrincipalArn::Root { .. } => {
            Read { role: Fact::Absent, policies: Fact::Known(Vec::new()), boundary: Fact::Known(None) }
        }
        PrincipalArn::FederatedUser { .. } => {
            Read { role: Fact::Absent, policies: Fact::NotAsked, boundary: Fact::NotAsked }
        }
    }
}

async fn user(connection: &Connection, name: &str) -> Read {
    let boundary = async { with_document(connection, iam::user_boundary(connection, name).await).await };
    let (policies, boundary) = tokio::join!(iam::user_policies(connection, name), boundary);
    Read { role: Fact::Absent, policies: Fact::from_result(policies), boundary: Fact::from_result(boundary) }
}

async fn of_role(connection: &Connection, name: &str) -> Read {
    let detail = async {
        let detail = iam::role(connection, name).await;
        let boundary_arn = detail.as_ref().map(|detail| detail.boundary_arn.clone()).map_err(Clone::clone);
        (Fact::from_result(detail), with_document(connection, boundary_arn).await)
    };
    let ((role, boundary), policies) = tokio::join!(detail, iam::role_policies(connection, name));
    Read { role, policies: Fact::from_result(policies), boundary: Fact::from_result(boundary) }
}

async fn with_document(
    connection: &Connection,
    arn: Result<Option<String>, AwsError>,
) -> Result<Option<NamedPolicy>, AwsError> {
    match arn? {
        None => Ok(None),
        Some(arn) => iam::managed_policy(connection, &arn).await.map(Some),
    }
}
