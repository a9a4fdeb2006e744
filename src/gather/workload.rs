//! The identity that will assume the roles in production: the task role of the webhook's stack, or a typed one.

use super::{Sink, principal};
use crate::aws::calls::cloudformation as cfn;
use crate::aws::{Connection, Surroundings};
use crate::model::facts::StackResource;
use crate::model::selection::WorkloadChoice;
use crate::model::{Fact, Selection};
use crate::store;
use crate::values::{PrincipalArn, RoleArn};

pub(super) async fn run(here: &Surroundings, connection: &Connection, selection: &Selection, sink: &Sink) {
    if let WorkloadChoice::Role(role) = &selection.workload {
        sink.land(|facts| {
            facts.webhook = Fact::NotAsked;
            facts.workload.source = "typed".into();
        });
        return of_role(connection, role.clone(), sink).await;
    }
    let name = deployed_name(here, selection).unwrap_or_else(|| selection.webhook_stack());
    let (stack, resources) = tokio::join!(cfn::stack(connection, &name), cfn::resources(connection, &name));
    let owner = stack.as_ref().ok().map(|stack| (stack.arn.partition().to_owned(), stack.arn.account().clone()));
    sink.land(move |facts| facts.webhook = Fact::from_result(stack));
    let role = match resources {
        Ok(resources) => task_role(&resources).map(|(id, resource)| (id.clone(), resource.physical_id.clone())),
        Err(error) => return sink.land(move |facts| unknown(facts, Fact::from_error(error))),
    };
    let Some(((id, role_name), (partition, account))) = role.zip(owner) else {
        return sink.land(|facts| unknown(facts, Fact::Absent));
    };
    match RoleArn::compose(&partition, &account, &role_name) {
        Ok(arn) => {
            sink.land(move |facts| facts.workload.source = format!("resource {id} of stack {name}"));
            of_role(connection, arn, sink).await;
        }
        Err(_) => sink.land(|facts| unknown(facts, Fact::Absent)),
    }
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

/// `deployment.stackName` of `config.json`, when nothing else was said.
fn deployed_name(here: &Surroundings, selection: &Selection) -> Option<String> {
    if selection.workload != WorkloadChoice::WebhookStack {
        return None;
    }
    let root = store::config_root(&here.config_home);
    let file = store::read_config(&root, &selection.config_profile).ok()??;
    let config: serde_json::Value = serde_json::from_str(file.text.expose()).ok()?;
    config.pointer("/deployment/stackName")?.as_str().filter(|name| !name.is_empty()).map(str::to_owned)
}

/// The task's own role, not the one that starts it: CDK names them `…TaskRole…` and `…ExecutionRole…`.
fn task_role(resources: &[(String, StackResource)]) -> Option<&(String, StackResource)> {
    resources.iter().find(|(id, resource)| {
        resource.resource_type == "AWS::IAM::Role" && id.contains("TaskRole") && !id.contains("Execution")
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
