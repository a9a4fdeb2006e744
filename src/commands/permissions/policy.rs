//! The policy document out of the table of operations.

use serde_json::{Value, json};

use super::scope::Scope;
use crate::aws::operations::{Level, OPERATIONS, On};
use crate::cli::Reach;

/// What AWS counts of a policy: every character but white space (IAM User Guide, "IAM and AWS STS quotas").
#[must_use]
pub fn size(policy: &Value) -> usize {
    // Compact JSON has no white space, and neither has an ARN or an action.
    policy.to_string().len()
}

/// The least policy: a statement for each set of resources. What is asked on the same ones shares one, so that it fits into a user.
#[must_use]
pub fn document(scope: &Scope, reach: Reach) -> Value {
    let mut statements: Vec<(On, Vec<String>, Vec<&str>)> = Vec::new();
    for sent in OPERATIONS.iter().filter(|sent| is_within(sent.level, reach)) {
        for (action, on) in sent.needs {
            let resources = scope.resources(*on);
            match statements.iter_mut().find(|(_, known, _)| *known == resources) {
                Some((.., actions)) if actions.contains(action) => {}
                Some((.., actions)) => actions.push(action),
                None if resources.is_empty() => {}
                None => statements.push((*on, resources, vec![action])),
            }
        }
    }
    let statements: Vec<Value> = statements
        .into_iter()
        .map(|(on, resources, actions)| {
            json!({"Sid": sid(on, reach), "Effect": "Allow", "Action": one_or_all(&actions), "Resource": one_or_all(&resources)})
        })
        .collect();
    json!({"Version": "2012-10-17", "Statement": statements})
}

const fn is_within(level: Level, reach: Reach) -> bool {
    match level {
        Level::Credentials | Level::Asked => false,
        Level::Read => true,
        Level::Write => matches!(reach, Reach::Write),
    }
}

fn one_or_all<T: Into<Value> + Clone>(values: &[T]) -> Value {
    match values {
        [one] => one.clone().into(),
        many => Value::Array(many.iter().cloned().map(Into::into).collect()),
    }
}

/// Letters and digits alone are allowed (IAM User Guide, "IAM JSON policy elements: Sid").
const fn sid(on: On, reach: Reach) -> &'static str {
    match on {
        On::EveryStack => "List",
        On::Stacks => "ReadStacks",
        On::QuiltStack => "ReadQuiltStack",
        On::WebhookStack => "ReadWebhookStack",
        On::Roles => "TryRoles",
        On::Callers => "ReadCallers",
        On::OwnUser => "ReadOwnUser",
        On::AskedUsers => "ReadUsers",
        On::Groups => "ReadOwnGroups",
        On::ManagedPolicies => "ReadPolicies",
        On::EverySecret => "ListSecrets",
        On::Secret if matches!(reach, Reach::Write) => "WriteSecret",
        On::Secret => "ReadSecret",
        On::Probed => "Probe",
    }
}
