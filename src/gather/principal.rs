//! The policies of a principal: what it may do by its own side.

use crate::aws::Connection;
use crate::aws::calls::iam;
use crate::model::Fact;
use crate::model::facts::{PrincipalDetail, RoleDetail};
use crate::policy::NamedPolicy;
use crate::values::PrincipalArn;

/// What was read of a principal.
pub(super) struct Read {
    pub(super) role: Fact<RoleDetail>,
    pub(super) policies: Fact<Vec<NamedPolicy>>,
    pub(super) boundary: Fact<Option<NamedPolicy>>,
}

impl Read {
    /// Whether AWS asked to slow down instead of answering a part of it.
    pub(super) fn is_passing(&self) -> bool {
        let errors = [self.role.error(), self.policies.error(), self.boundary.error()];
        errors.into_iter().flatten().any(super::path::is_passing)
    }
}

/// What IAM has of the principal itself, without its policies.
pub(super) struct Who {
    pub(super) found: Fact<PrincipalDetail>,
    /// `Absent` for what is no role.
    pub(super) role: Fact<RoleDetail>,
    /// The policy ARN of its boundary.
    pub(super) boundary_arn: Fact<Option<String>>,
}

/// Reads a user's or a role's policies and boundary. A session's are those of its role.
pub(super) async fn read(connection: &Connection, arn: &PrincipalArn) -> Read {
    let who = async {
        let who = who(connection, arn).await;
        (who.role, boundary(connection, who.boundary_arn).await)
    };
    let ((role, boundary), policies) = tokio::join!(who, policies(connection, arn));
    Read { role, policies, boundary }
}

/// `iam:GetUser` or `iam:GetRole`.
pub(super) async fn who(connection: &Connection, arn: &PrincipalArn) -> Who {
    let role = match arn {
        PrincipalArn::User { name, .. } => {
            let user = Fact::from_result(iam::user(connection, name).await);
            return Who {
                found: user.clone().map(|user| user.detail),
                role: Fact::Absent,
                boundary_arn: user.map(|user| user.boundary_arn),
            };
        }
        // The account's root has no policies of its own and may do everything but what the organization forbids.
        PrincipalArn::Root { .. } => {
            let found = Fact::Known(PrincipalDetail { arn: arn.clone(), created: None });
            return Who { found, role: Fact::Absent, boundary_arn: Fact::Known(None) };
        }
        PrincipalArn::FederatedUser { .. } => {
            return Who { found: Fact::NotAsked, role: Fact::Absent, boundary_arn: Fact::NotAsked };
        }
        PrincipalArn::Role(role) => role.name(),
        PrincipalArn::Session { role, .. } => role,
    };
    let role = Fact::from_result(iam::role(connection, role).await);
    Who {
        found: role.clone().map(|role| PrincipalDetail { arn: PrincipalArn::Role(role.arn), created: role.created }),
        boundary_arn: role.clone().map(|role| role.boundary_arn),
        role,
    }
}

/// Inline, then attached, then those of its groups.
pub(super) async fn policies(connection: &Connection, arn: &PrincipalArn) -> Fact<Vec<NamedPolicy>> {
    Fact::from_result(match arn {
        PrincipalArn::User { name, .. } => iam::user_policies(connection, name).await,
        PrincipalArn::Role(role) => iam::role_policies(connection, role.name()).await,
        PrincipalArn::Session { role, .. } => iam::role_policies(connection, role).await,
        PrincipalArn::Root { .. } => Ok(Vec::new()),
        PrincipalArn::FederatedUser { .. } => return Fact::NotAsked,
    })
}

/// The policy that the boundary's ARN names.
pub(super) async fn boundary(connection: &Connection, arn: Fact<Option<String>>) -> Fact<Option<NamedPolicy>> {
    match arn {
        Fact::Known(Some(arn)) => Fact::from_result(iam::managed_policy(connection, &arn).await.map(Some)),
        none => none.map(|_| None),
    }
}
