//! Every operation that rolecall may send, and what IAM asks of whoever sends it: the one table behind the guard and behind
//! `rolecall permissions`.
//!
//! The guard lets nothing out that is not here, so that a new call cannot be made without saying which permission it needs.
//! Source of actions and resource types: AWS Service Authorization Reference, the pages of STS, CloudFormation, IAM, Secrets
//! Manager, S3 and ECR; what an operation needs beyond the action of its own name stands in its API reference.

/// Whether an operation changes anything.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    /// Sent by the credential chain for itself, before there is an identity that could be allowed anything.
    Credentials,
    /// Reads, and `sts:AssumeRole`.
    Read,
    /// Sent to others than AWS, and only where the user said yes to that very question.
    Asked,
    /// Sent only for a plan that the user confirmed.
    Write,
}

/// What an action is asked on. Each is a statement of the printed policy, or shares one with others on the same resources.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum On {
    /// All stacks of a region: the list cannot be asked of fewer.
    EveryStack,
    /// The Quilt stack, the stack its roles may be in, and the webhook's.
    Stacks,
    /// The Quilt stack.
    QuiltStack,
    /// The webhook's stack.
    WebhookStack,
    /// The two roles.
    Roles,
    /// The workload's role and that of whoever runs rolecall: those whose own policies matter.
    Callers,
    /// The user who runs rolecall.
    OwnUser,
    /// The users that a system asks about.
    AskedUsers,
    /// The groups of those users.
    Groups,
    /// Managed policies that are attached to any of them, or are their boundary.
    ManagedPolicies,
    /// All secrets of a region: the list cannot be asked of fewer.
    EverySecret,
    /// The secret.
    Secret,
    /// What the session of an assumed role is tried on: its role needs the permission, not whoever runs rolecall.
    Probed,
}

/// A permission that an operation needs.
pub type Need = (&'static str, On);

/// One operation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sent {
    /// As it is recognised on the wire: `iam:GetRole`.
    pub operation: &'static str,
    /// Whether it changes anything.
    pub level: Level,
    /// What IAM asks for. Empty: nothing, which is said in [`OPERATIONS`].
    pub needs: &'static [Need],
}

const fn chain(operation: &'static str) -> Sent {
    Sent { operation, level: Level::Credentials, needs: &[] }
}

const fn read(operation: &'static str, needs: &'static [Need]) -> Sent {
    Sent { operation, level: Level::Read, needs }
}

const fn asked(operation: &'static str) -> Sent {
    Sent { operation, level: Level::Asked, needs: &[] }
}

const fn write(operation: &'static str, needs: &'static [Need]) -> Sent {
    Sent { operation, level: Level::Write, needs }
}

/// Creates the secret. With tags it needs TagResource as well (API reference, CreateSecret).
pub const CREATE_SECRET: Sent = write(
    "secretsmanager:CreateSecret",
    &[("secretsmanager:CreateSecret", On::Secret), ("secretsmanager:TagResource", On::Secret)],
);
/// Puts a new version beside the current one.
pub const PUT_SECRET_VALUE: Sent =
    write("secretsmanager:PutSecretValue", &[("secretsmanager:PutSecretValue", On::Secret)]);
/// Makes a version the current one.
pub const MOVE_STAGE: Sent =
    write("secretsmanager:UpdateSecretVersionStage", &[("secretsmanager:UpdateSecretVersionStage", On::Secret)]);

/// A token for the client credentials, which nobody keeps. Nothing of IAM's is asked for: it goes to Benchling.
pub const BENCHLING_TOKEN: Sent = asked("benchling:CreateToken");

/// All of them.
pub const OPERATIONS: &[Sent] = &[
    chain("sts:AssumeRoleWithWebIdentity"),
    chain("sso:GetRoleCredentials"),
    chain("sso-oidc:CreateToken"),
    chain("signin:CreateOAuth2Token"),
    chain("metadata:token"),
    chain("metadata:credentials"),
    // "No permissions are required to perform this operation" (STS API reference, GetCallerIdentity).
    read("sts:GetCallerIdentity", &[]),
    // "You cannot use policies to control authentication operations" (IAM User Guide, "Permissions for GetSessionToken").
    read("sts:GetSessionToken", &[]),
    read("sts:AssumeRole", &[("sts:AssumeRole", On::Roles)]),
    // Without a name it needs ListStacks too, and both on everything (CloudFormation API reference, DescribeStacks).
    read(
        "cloudformation:DescribeStacks",
        &[
            ("cloudformation:DescribeStacks", On::EveryStack),
            ("cloudformation:ListStacks", On::EveryStack),
            ("cloudformation:DescribeStacks", On::Stacks),
        ],
    ),
    read("cloudformation:DescribeStackResource", &[("cloudformation:DescribeStackResource", On::QuiltStack)]),
    read("cloudformation:ListStackResources", &[("cloudformation:ListStackResources", On::WebhookStack)]),
    read("iam:GetRole", &[("iam:GetRole", On::Roles), ("iam:GetRole", On::Callers)]),
    read("iam:ListRolePolicies", &[("iam:ListRolePolicies", On::Callers)]),
    read("iam:GetRolePolicy", &[("iam:GetRolePolicy", On::Callers)]),
    read("iam:ListAttachedRolePolicies", &[("iam:ListAttachedRolePolicies", On::Callers)]),
    read("iam:GetUser", &[("iam:GetUser", On::OwnUser), ("iam:GetUser", On::AskedUsers)]),
    read("iam:ListUserPolicies", &[("iam:ListUserPolicies", On::OwnUser), ("iam:ListUserPolicies", On::AskedUsers)]),
    read("iam:GetUserPolicy", &[("iam:GetUserPolicy", On::OwnUser), ("iam:GetUserPolicy", On::AskedUsers)]),
    read(
        "iam:ListAttachedUserPolicies",
        &[("iam:ListAttachedUserPolicies", On::OwnUser), ("iam:ListAttachedUserPolicies", On::AskedUsers)],
    ),
    read("iam:ListGroupsForUser", &[("iam:ListGroupsForUser", On::OwnUser), ("iam:ListGroupsForUser", On::AskedUsers)]),
    read("iam:ListAccessKeys", &[("iam:ListAccessKeys", On::AskedUsers)]),
    read("iam:GetAccessKeyLastUsed", &[("iam:GetAccessKeyLastUsed", On::AskedUsers)]),
    read("iam:ListGroupPolicies", &[("iam:ListGroupPolicies", On::Groups)]),
    read("iam:GetGroupPolicy", &[("iam:GetGroupPolicy", On::Groups)]),
    read("iam:ListAttachedGroupPolicies", &[("iam:ListAttachedGroupPolicies", On::Groups)]),
    read("iam:ListMFADevices", &[("iam:ListMFADevices", On::OwnUser)]),
    // Of callers for sts:AssumeRole, of the roles themselves for what their session would be allowed to write.
    read(
        "iam:SimulatePrincipalPolicy",
        &[
            ("iam:SimulatePrincipalPolicy", On::Callers),
            ("iam:SimulatePrincipalPolicy", On::OwnUser),
            ("iam:SimulatePrincipalPolicy", On::AskedUsers),
            ("iam:SimulatePrincipalPolicy", On::Roles),
        ],
    ),
    read("iam:GetPolicy", &[("iam:GetPolicy", On::ManagedPolicies)]),
    read("iam:GetPolicyVersion", &[("iam:GetPolicyVersion", On::ManagedPolicies)]),
    read("secretsmanager:ListSecrets", &[("secretsmanager:ListSecrets", On::EverySecret)]),
    read("secretsmanager:DescribeSecret", &[("secretsmanager:DescribeSecret", On::Secret)]),
    read("secretsmanager:GetSecretValue", &[("secretsmanager:GetSecretValue", On::Secret)]),
    // Both need ListBucket (S3 API reference, HeadBucket and ListObjectsV2).
    read("s3:HeadBucket", &[("s3:ListBucket", On::Probed)]),
    read("s3:ListObjectsV2", &[("s3:ListBucket", On::Probed)]),
    read("ecr:GetAuthorizationToken", &[("ecr:GetAuthorizationToken", On::Probed)]),
    read("ecr:DescribeImages", &[("ecr:DescribeImages", On::Probed)]),
    BENCHLING_TOKEN,
    CREATE_SECRET,
    PUT_SECRET_VALUE,
    MOVE_STAGE,
];

/// The row of an operation.
#[must_use]
pub fn find(operation: &str) -> Option<&'static Sent> {
    OPERATIONS.iter().find(|sent| sent.operation == operation)
}

/// The IAM action that an operation needs first: mostly the one of its own name.
#[must_use]
pub fn needed_action(operation: &str) -> &str {
    find(operation).and_then(|sent| sent.needs.first()).map_or(operation, |(action, _)| action)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// What each function of `calls` says it sends: the name that its errors carry.
    fn named_by_calls() -> BTreeSet<&'static str> {
        let sources = [
            include_str!("calls/benchling.rs"),
            include_str!("calls/cloudformation.rs"),
            include_str!("calls/ecr.rs"),
            include_str!("calls/iam.rs"),
            include_str!("calls/iam/simulate.rs"),
            include_str!("calls/iam/users.rs"),
            include_str!("calls/s3.rs"),
            include_str!("calls/secretsmanager.rs"),
            include_str!("calls/sts.rs"),
            include_str!("calls/sts_session.rs"),
        ];
        let is_operation = |text: &&str| {
            text.split_once(':').is_some_and(|(service, name)| {
                ["benchling", "cloudformation", "ecr", "iam", "s3", "secretsmanager", "sts"].contains(&service)
                    && name.starts_with(|c: char| c.is_ascii_uppercase())
                    && name.chars().all(|c| c.is_ascii_alphanumeric())
            })
        };
        sources.into_iter().flat_map(|source| source.split('"')).filter(is_operation).collect()
    }

    #[test]
    fn the_table_holds_what_is_called_and_nothing_else() {
        let listed: BTreeSet<&str> =
            OPERATIONS.iter().filter(|sent| sent.level != Level::Credentials).map(|sent| sent.operation).collect();
        assert_eq!(named_by_calls(), listed);
        assert_eq!(OPERATIONS.len(), OPERATIONS.iter().map(|sent| sent.operation).collect::<BTreeSet<_>>().len());
    }

    #[test]
    fn every_operation_needs_the_action_of_its_name_but_a_few() {
        let others = [
            "sts:GetCallerIdentity",
            "sts:GetSessionToken",
            "s3:HeadBucket",
            "s3:ListObjectsV2",
            "benchling:CreateToken",
        ];
        for sent in OPERATIONS.iter().filter(|sent| sent.level != Level::Credentials) {
            let own = sent.needs.iter().any(|(action, _)| *action == sent.operation);
            assert_eq!(own, !others.contains(&sent.operation), "{}", sent.operation);
        }
        assert_eq!(needed_action("s3:HeadBucket"), "s3:ListBucket");
        assert_eq!(needed_action("sts:GetSessionToken"), "sts:GetSessionToken");
    }
}
