//! The identity that will assume the roles in production: the task role of the webhook's stack, the one that the Quilt stack has when the
//! webhook is built into it, or a typed one.

use super::config::Config;
use super::{Sink, principal};
use crate::aws::calls::cloudformation as cfn;
use crate::aws::{Connection, Surroundings};
use crate::model::facts::{Stack, StackResource};
use crate::model::selection::WorkloadChoice;
use crate::model::{AwsError, ErrorKind, Fact, Selection};
use crate::systems::quilt;
use crate::values::{PrincipalArn, RoleArn, StackArn};

pub(super) async fn run(here: &Surroundings, connection: &Connection, selection: &Selection, sink: &Sink) {
    if let WorkloadChoice::Role(role) = &selection.workload {
        sink.land(|facts| {
            facts.webhook = Fact::NotAsked;
            facts.workload.source = "typed".into();
        });
        return of_role(connection, role.clone(), sink).await;
    }
    let config = Config::read(here, selection);
    let name = selection.webhook_stack();
    let (stack, resource, built_in) =
        tokio::join!(cfn::stack(connection, &name), task_role_of(connection, &name), built_in(connection, selection));
    let deployed = !matches!(&stack, Err(error) if error.kind == ErrorKind::NotFound);
    if let Some(built_in) = built_in.filter(|_| !deployed || config.is_integrated() == Some(true)) {
        sink.land(move |facts| {
            facts.webhook = Fact::NotAsked;
            facts.workload.source = built_in.source;
        });
        return of_role(connection, built_in.role, sink).await;
    }
    let found = found(&stack, resource, &name);
    sink.land(move |facts| facts.webhook = Fact::from_result(stack));
    match found {
        Ok(Found { role, source }) => {
            sink.land(move |facts| facts.workload.source = source);
            of_role(connection, role, sink).await;
        }
        Err(arn) => sink.land(move |facts| unknown(facts, arn)),
    }
}

struct Found {
    role: RoleArn,
    source: String,
}

/// The task role of a webhook that the Quilt stack itself runs. Not asked when another stack was chosen for the webhook.
async fn built_in(connection: &Connection, selection: &Selection) -> Option<Found> {
    let unchosen = matches!(selection.workload, WorkloadChoice::WebhookStack | WorkloadChoice::Named(_));
    let stack = selection.stack.as_deref().filter(|_| unchosen)?;
    let id = quilt::BUILT_IN_TASK_ROLE;
    let arn = async {
        match StackArn::parse(stack) {
            Ok(arn) => Some(arn),
            Err(_) => cfn::stack(connection, stack).await.ok().map(|stack| stack.arn),
        }
    };
    let (resource, arn) = tokio::join!(cfn::resource(connection, stack, id), arn);
    let (resource, arn) = (resource.ok()?, arn?);
    if resource.resource_type != quilt::ROLE_TYPE {
        return None;
    }
    let role = RoleArn::compose(arn.partition(), arn.account(), &resource.physical_id).ok()?;
    Some(Found { role, source: format!("resource {id} of stack {}, which has the webhook built in", arn.name()) })
}

/// The task role of a stack, or why there is none.
fn found(
    stack: &Result<Stack, AwsError>,
    resource: Result<Option<(String, StackResource)>, AwsError>,
    name: &str,
) -> Result<Found, Fact<PrincipalArn>> {
    let (id, resource) = resource.map_err(Fact::from_error)?.ok_or(Fact::Absent)?;
    let arn = &stack.as_ref().map_err(|error| Fact::from_error(error.clone()))?.arn;
    let role = RoleArn::compose(arn.partition(), arn.account(), &resource.physical_id).map_err(|_| Fact::Absent)?;
    Ok(Found { role, source: format!("resource {id} of stack {name}") })
}

/// The task role of a stack: asked for by the logical id that the webhook's template gives it, which takes one call in a stack of any size,
/// and at the same time looked for page by page, for a stack whose template names it otherwise. What finds it first answers.
async fn task_role_of(connection: &Connection, stack: &str) -> Result<Option<(String, StackResource)>, AwsError> {
    let (named, listed) = (cfn::resource(connection, stack, quilt::TASK_ROLE), cfn::resources(connection, stack));
    tokio::pin!(named, listed);
    let resources = tokio::select! {
        answer = &mut named => match answer {
            Ok(resource) if resource.resource_type == quilt::ROLE_TYPE => {
                return Ok(Some((quilt::TASK_ROLE.to_owned(), resource)));
            }
            // Not there, or not allowed: the list tells.
            _ => listed.await,
        },
        resources = &mut listed => resources,
    };
    Ok(task_role(&resources?).cloned())
}

/// No ARN, and why.
fn unknown(facts: &mut crate::model::Facts, arn: Fact<PrincipalArn>) {
    facts.workload.arn = arn;
    facts.workload.role = Fact::NotAsked;
    facts.workload.policies = Fact::NotAsked;
    facts.workload.boundary = Fact::NotAsked;
}

async fn of_role(connection: &Connection, role: RoleArn, sink: &Sink) {
    let read = principal::read(connection, &PrincipalArn::Role(role.clone())).await;
    // IAM knows the role's path, the stack does not.
    let arn = match &read.role {
        Fact::Known(detail) if detail.arn.account() == role.account() => detail.arn.clone(),
        _ => role,
    };
    sink.land(move |facts| {
        facts.workload.arn = Fact::Known(PrincipalArn::Role(arn));
        facts.workload.role = read.role;
        facts.workload.policies = read.policies;
        facts.workload.boundary = read.boundary;
    });
}

/// The task's own role, not the one that starts it: CDK names them `…TaskRole…` and `…ExecutionRole…`.
fn task_role(resources: &[(String, StackResource)]) -> Option<&(String, StackResource)> {
    resources.iter().find(|(id, resource)| {
        resource.resource_type == quilt::ROLE_TYPE && id.contains("TaskRole") && !id.contains("Execution")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_execution_role_is_not_the_task_role() {
        let role = |id: &str| {
            (id.to_owned(), StackResource { resource_type: "AWS::IAM::Role".into(), physical_id: format!("{id}-1") })
        };
        let resources =
            [role("TaskDefinitionExecutionRole8D61C2FB"), role("LogRole"), role("TaskDefinitionTaskRoleFD40A61D")];
        assert_eq!(task_role(&resources).unwrap().0, "TaskDefinitionTaskRoleFD40A61D");
    }
}
