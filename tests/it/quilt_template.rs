//! CloudFormation templates shaped as Quilt's, and their deployment.
//!
//! Names of roles, outputs and resources are those of a real Quilt stack, and there are more resources than one page
//! of ListStackResources holds, with the roles on the second page.

mod documents;
#[cfg(test)]
mod tests;

use std::time::{Duration, Instant};

use aws_sdk_cloudformation::types::{Capability, StackStatus};
use rolecall::values::{AccountId, RoleArn};
use serde_json::{Value, json};

use crate::emulator::Account;
use crate::personas::policy;
use documents::{quilt_template, webhook_template};

/// How long a deployment may take.
const DEPLOY_LIMIT: Duration = Duration::from_secs(60);

/// The external ID of [`Trust::ExternalId`].
pub const EXTERNAL_ID: &str = "quilt-42";

/// Whom both roles trust.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Trust {
    /// The account itself: whoever its identity policies allow.
    AccountRoot,
    /// One role.
    Role(RoleArn),
    /// The account, for whoever sends [`EXTERNAL_ID`].
    ExternalId,
    /// ECS tasks only: no person, no AssumeRole call.
    ServiceOnly,
    /// The account, but this user is denied.
    ExplicitDeny(String),
    /// Another account.
    OtherAccount(AccountId),
}

impl Trust {
    /// The trust policy, in a role of `account`.
    pub fn document(&self, account: &AccountId) -> Value {
        let root = |account: &AccountId| json!({ "AWS": format!("arn:aws:iam::{account}:root") });
        let statement = |effect: &str, principal: Value| json!({ "Effect": effect, "Principal": principal, "Action": "sts:AssumeRole" });
        policy(&match self {
            Self::AccountRoot => vec![statement("Allow", root(account))],
            Self::Role(role) => vec![statement("Allow", json!({ "AWS": role.to_string() }))],
            Self::ExternalId => {
                let mut conditional = statement("Allow", root(account));
                conditional["Condition"] = json!({ "StringEquals": { "sts:ExternalId": EXTERNAL_ID } });
                vec![conditional]
            }
            Self::ServiceOnly => vec![statement("Allow", json!({ "Service": "ecs-tasks.amazonaws.com" }))],
            Self::ExplicitDeny(user) => {
                vec![statement("Allow", root(account)), statement("Deny", json!({ "AWS": user }))]
            }
            Self::OtherAccount(other) => vec![statement("Allow", root(other))],
        })
    }
}

/// A Quilt stack that was deployed.
#[derive(Clone, Debug)]
pub struct QuiltStack {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// `ReadQuiltV2-<stack>`.
    pub read_role: RoleArn,
    /// `ReadWriteQuiltV2-<stack>`.
    pub write_role: RoleArn,
    /// The catalog's host, as output `QuiltWebHost` has it.
    pub catalog: String,
    /// The Athena database, as output `UserAthenaDatabaseName` has it.
    pub database: String,
    /// The packager's queue, as output `PackagerQueueUrl` has it.
    pub queue_url: String,
}

/// Deploys a Quilt stack whose roles trust `trust`, and waits until it is complete.
pub async fn deploy_quilt(account: &Account, name: &str, trust: &Trust) -> QuiltStack {
    let template = quilt_template(&trust.document(account.id()));
    let stack = deploy(account, name, &template).await;
    let output = |key: &str| {
        let found = stack.outputs().iter().find(|output| output.output_key() == Some(key));
        found.and_then(|output| output.output_value()).unwrap_or_else(|| panic!("no output {key}")).to_owned()
    };
    let role = |name: String| RoleArn::compose("aws", account.id(), &name).unwrap();
    QuiltStack {
        name: name.to_owned(),
        arn: stack.stack_id().unwrap().to_owned(),
        read_role: role(format!("ReadQuiltV2-{name}")),
        write_role: role(format!("ReadWriteQuiltV2-{name}")),
        catalog: output("QuiltWebHost"),
        database: output("UserAthenaDatabaseName"),
        queue_url: output("PackagerQueueUrl"),
    }
}

/// What the webhook's task role may do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TaskPolicy {
    /// The documented wildcard, `*-T4BucketReadRole-*`: it does not match the roles' real names.
    Wildcard,
    /// Assume the roles by their real names.
    RealNames,
    /// Nothing.
    Nothing,
}

/// Deploys a webhook stack with a task role, and waits; gives the role.
pub async fn deploy_webhook(account: &Account, name: &str, task_policy: TaskPolicy) -> RoleArn {
    let stack = deploy(account, name, &webhook_template(task_policy)).await;
    let resource = account.clients().cloudformation.describe_stack_resource().stack_name(stack.stack_id().unwrap());
    let detail = resource.logical_resource_id("TaskRole").send().await.unwrap().stack_resource_detail.unwrap();
    RoleArn::compose("aws", account.id(), detail.physical_resource_id().unwrap()).unwrap()
}

/// Deploys stacks that are nobody's concern: `count` of them, named `other-000` and on, with one resource each.
pub async fn deploy_others(account: &Account, count: usize) {
    let template = json!({ "Resources": { "Handle": { "Type": "AWS::CloudFormation::WaitConditionHandle" } } });
    for number in 0..count {
        deploy(account, &format!("other-{number:03}"), &template).await;
    }
}

/// Deploys a template and waits until the stack is complete.
pub async fn deploy(account: &Account, name: &str, template: &Value) -> aws_sdk_cloudformation::types::Stack {
    let cloudformation = account.clients().cloudformation;
    let create = cloudformation.create_stack().stack_name(name).template_body(template.to_string());
    create.capabilities(Capability::CapabilityNamedIam).send().await.unwrap();
    let deadline = Instant::now() + DEPLOY_LIMIT;
    loop {
        let found = cloudformation.describe_stacks().stack_name(name).send().await.unwrap();
        let stack = found.stacks.unwrap().remove(0);
        match stack.stack_status().unwrap() {
            StackStatus::CreateComplete => return stack,
            StackStatus::CreateInProgress if Instant::now() < deadline => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            status => panic!("stack {name} is {status}: {:?}", stack.stack_status_reason()),
        }
    }
}
