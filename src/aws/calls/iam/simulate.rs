//! IAM's policy simulator.

use aws_sdk_iam::types::{ContextEntry, ContextKeyTypeEnum, EvaluationResult, PolicyEvaluationDecisionType};

use crate::aws::Connection;
use crate::aws::error::from_sdk;
use crate::model::facts::Simulation;
use crate::model::{AwsError, ErrorKind};
use crate::policy::Effect;

/// What the simulator is asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question<'a> {
    /// The ARN of a user or a role. That of a session is refused.
    pub principal: &'a str,
    /// One or more actions.
    pub actions: &'a [&'a str],
    /// What they are done to.
    pub resource: &'a str,
    /// The condition keys of the request, as far as they are known.
    pub context: &'a [Key],
}

/// A condition key and its value, of the type that the simulator wants to be told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Key {
    /// One text.
    Text(String, String),
    /// A list of texts.
    Texts(String, Vec<String>),
    /// True or false.
    Flag(String, bool),
    /// A whole number.
    Number(String, u64),
}

/// `iam:SimulatePrincipalPolicy`, page after page: an answer for each action, in the order of the answers.
///
/// # Errors
/// What AWS refused, or an answer without any result.
pub async fn simulate(connection: &Connection, question: &Question<'_>) -> Result<Vec<Simulation>, AwsError> {
    const OPERATION: &str = "iam:SimulatePrincipalPolicy";
    let context = question.context.iter().map(entry).collect();
    let mut pages = connection
        .iam
        .simulate_principal_policy()
        .policy_source_arn(question.principal)
        .set_action_names(Some(question.actions.iter().map(|action| (*action).to_owned()).collect()))
        .resource_arns(question.resource)
        .set_context_entries(Some(context))
        .into_paginator()
        .items()
        .send();
    let mut answers = Vec::new();
    while let Some(result) = pages.next().await {
        answers.push(simulation(&result.map_err(|error| from_sdk(OPERATION, &error))?));
    }
    if answers.is_empty() {
        return Err(AwsError::local(ErrorKind::Other, OPERATION, "the simulator answered without a result"));
    }
    Ok(answers)
}

fn entry(key: &Key) -> ContextEntry {
    let (name, values, kind) = match key {
        Key::Text(name, value) => (name, vec![value.clone()], ContextKeyTypeEnum::String),
        Key::Texts(name, values) => (name, values.clone(), ContextKeyTypeEnum::StringList),
        Key::Flag(name, value) => (name, vec![value.to_string()], ContextKeyTypeEnum::Boolean),
        Key::Number(name, value) => (name, vec![value.to_string()], ContextKeyTypeEnum::Numeric),
    };
    ContextEntry::builder().context_key_name(name).set_context_key_values(Some(values)).context_key_type(kind).build()
}

/// One resource is asked about, so that the whole answer is that of the resource; missing keys and the boundary stand with the resource alone
/// (IAM API reference, EvaluationResult).
fn simulation(result: &EvaluationResult) -> Simulation {
    let decision = result.eval_decision();
    // AWS does not say what a statement's effect is. "If only one statement denies that operation … the deny statement is the only entry".
    let effect = if *decision == PolicyEvaluationDecisionType::ExplicitDeny { Effect::Deny } else { Effect::Allow };
    let of_resource = result.resource_specific_results().first();
    let mut matched = result.matched_statements();
    let mut missing: Vec<String> = result.missing_context_values().to_vec();
    let mut boundary = result.permissions_boundary_decision_detail();
    if let Some(resource) = of_resource {
        if matched.is_empty() {
            matched = resource.matched_statements();
        }
        missing.extend(resource.missing_context_values().iter().cloned());
        boundary = boundary.or_else(|| resource.permissions_boundary_decision_detail());
    }
    missing.sort();
    missing.dedup();
    let mut policies: Vec<(String, Effect)> = Vec::new();
    for id in matched.iter().filter_map(|statement| statement.source_policy_id()) {
        if !policies.iter().any(|(known, _)| known == id) {
            policies.push((id.to_owned(), effect));
        }
    }
    Simulation {
        action: result.eval_action_name().to_owned(),
        decision: decision.as_str().to_owned(),
        allowed_by_organizations: result
            .organizations_decision_detail()
            .map(|organizations| organizations.allowed_by_organizations()),
        allowed_by_boundary: boundary.map(|boundary| boundary.allowed_by_permissions_boundary()),
        matched: policies,
        missing_context: missing,
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_iam::types::{
        OrganizationsDecisionDetail, PermissionsBoundaryDecisionDetail, ResourceSpecificResult, Statement,
    };

    use super::*;

    #[test]
    fn what_stands_with_the_resource_is_read_as_well() {
        let resource = ResourceSpecificResult::builder()
            .eval_resource_name("arn:aws:iam::111122223333:role/R")
            .eval_resource_decision(PolicyEvaluationDecisionType::ImplicitDeny)
            .missing_context_values("aws:SourceIp")
            .permissions_boundary_decision_detail(
                PermissionsBoundaryDecisionDetail::builder().allowed_by_permissions_boundary(false).build(),
            )
            .build()
            .unwrap();
        let allow = Statement::builder().source_policy_id("user_alice_Assume").build();
        let result = EvaluationResult::builder()
            .eval_action_name("sts:AssumeRole")
            .eval_decision(PolicyEvaluationDecisionType::ImplicitDeny)
            .matched_statements(allow.clone())
            .matched_statements(allow)
            .missing_context_values("aws:SourceIp")
            .organizations_decision_detail(
                OrganizationsDecisionDetail::builder().allowed_by_organizations(true).build(),
            )
            .resource_specific_results(resource)
            .build()
            .unwrap();
        let expected = Simulation {
            action: "sts:AssumeRole".into(),
            decision: "implicitDeny".into(),
            allowed_by_organizations: Some(true),
            allowed_by_boundary: Some(false),
            matched: vec![("user_alice_Assume".into(), Effect::Allow)],
            missing_context: vec!["aws:SourceIp".into()],
        };
        assert_eq!(simulation(&result), expected);
    }

    #[test]
    fn a_statement_behind_an_explicit_deny_denies() {
        let result = EvaluationResult::builder()
            .eval_action_name("sts:AssumeRole")
            .eval_decision(PolicyEvaluationDecisionType::ExplicitDeny)
            .matched_statements(Statement::builder().source_policy_id("Guardrail").build())
            .build()
            .unwrap();
        let told = simulation(&result);
        assert_eq!(told.matched, [("Guardrail".to_owned(), Effect::Deny)]);
        assert_eq!((told.allowed_by_organizations, told.allowed_by_boundary), (None, None));
    }
}
