//! SimulatePrincipalPolicy: what a principal's own side says to actions, without calling them.
//!
//! It looks at identity policies, the permissions boundary and SCPs, at trust policies and RCPs never. Of conditions it knows what the
//! caller of it tells. One result per action; each resource has its own part in it (IAM API reference, SimulatePrincipalPolicy and
//! EvaluationResult).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{action, no_such_entity};
use crate::policy::condition::Context;
use crate::policy::{Authorization, NamedPolicy, Policy, Query, authorize};
use crate::sandbox::auth;
use crate::sandbox::exchange::{Call, ServiceError};
use crate::sandbox::page::page;
use crate::sandbox::policies::{self, Limits};
use crate::sandbox::query::Form;
use crate::sandbox::state::State;
use crate::sandbox::xml::Xml;
use crate::values::PrincipalArn;

/// Answers the call.
///
/// # Errors
/// As AWS answers.
pub(super) fn principal(state: &State, call: &Call, form: &Form) -> Result<Xml, ServiceError> {
    let source = form.required("PolicySourceArn")?;
    let arn = PrincipalArn::parse(source).ok().filter(|arn| !matches!(arn, PrincipalArn::Session { .. }));
    let Some(arn) = arn else {
        return Err(ServiceError::new(400, "InvalidInput", format!("Invalid Entity Arn: {source}")));
    };
    auth::require(state, call, &action(call), source, Some(source))?;
    if arn.account().as_str() != call.account() {
        let reason = format!("because no resource-based policy allows the {} action", action(call));
        return Err(auth::refusal(call, &action(call), Some(source), &reason));
    }
    let simulated = Simulated { limits: subject(state, call, source, &arn)?, arn: &arn, told: told(form) };
    let asked = form.members("ResourceArns", None);
    let resources = if asked.is_empty() { vec!["*".to_owned()] } else { asked };
    let actions = form.members("ActionNames", None);
    let size = form.number("MaxItems")?.map_or(100, |size| usize::try_from(size).unwrap_or(100).clamp(1, 1_000));
    let found = page(&actions, form.get("Marker"), size).ok_or_else(|| ServiceError::validation("Invalid Marker."))?;
    let mut results = Vec::new();
    for action in found.items {
        let parts: Result<Vec<Part>, ServiceError> = resources.iter().map(|one| simulated.part(action, one)).collect();
        results.push((action, parts?));
    }
    let mut xml = Xml::new();
    xml.list("EvaluationResults", &results, |xml, (action, parts)| write(xml, action, parts));
    xml.text("IsTruncated", if found.next.is_some() { "true" } else { "false" });
    xml.optional("Marker", found.next.as_deref());
    Ok(xml)
}

/// Whose policies are simulated.
fn subject(state: &State, call: &Call, source: &str, arn: &PrincipalArn) -> Result<Limits, ServiceError> {
    let account = call.account();
    match arn {
        PrincipalArn::User { name, .. } if state.exists(arn) => policies::of_user(state, account, name),
        PrincipalArn::Role(role) if state.exists(arn) => policies::of_role(state, account, role.name()),
        PrincipalArn::User { name, .. } => Err(no_such_entity(format!("The user with name {name} cannot be found."))),
        PrincipalArn::Role(role) => Err(no_such_entity(format!("The role with name {} cannot be found.", role.name()))),
        _ => Err(ServiceError::new(400, "InvalidInput", format!("Invalid Entity Arn: {source}"))),
    }
}

/// `ContextEntries`.
fn told(form: &Form) -> Vec<(String, Vec<String>)> {
    let keys = form.members("ContextEntries", Some("ContextKeyName"));
    let values = |index: usize| form.members(&format!("ContextEntries.member.{}.ContextKeyValues", index + 1), None);
    keys.into_iter().enumerate().map(|(index, key)| (key, values(index))).collect()
}

struct Simulated<'a> {
    limits: Limits,
    arn: &'a PrincipalArn,
    told: Vec<(String, Vec<String>)>,
}

/// One action on one resource.
struct Part {
    resource: String,
    decision: Outcome,
    /// Ids of the policies whose statements matched.
    matched: Vec<String>,
    missing: BTreeSet<String>,
    /// `None` outside of an organization.
    by_organization: Option<bool>,
    /// `None` without a boundary.
    by_boundary: Option<bool>,
}

/// The mildest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Allowed,
    Implicit,
    Explicit,
}

impl Outcome {
    const fn word(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Implicit => "implicitDeny",
            Self::Explicit => "explicitDeny",
        }
    }

    fn of(authorization: Authorization) -> Result<Self, ServiceError> {
        match authorization {
            Authorization::Allowed => Ok(Self::Allowed),
            Authorization::ImplicitDeny => Ok(Self::Implicit),
            Authorization::ExplicitDeny => Ok(Self::Explicit),
            Authorization::Unknown(what) => Err(ServiceError::gap(what)),
        }
    }
}

impl Simulated<'_> {
    /// The keys of the principal itself, and those that were told.
    fn context(&self) -> Context<'static> {
        let mut context = Context::new();
        context.set("aws:PrincipalArn", self.arn.to_string());
        context.set("aws:PrincipalAccount", self.arn.account().as_str().to_owned());
        if let PrincipalArn::User { name, .. } = self.arn {
            context.set("aws:username", name.clone());
        }
        for (key, values) in &self.told {
            context.set_many(key.clone(), values.clone());
        }
        context
    }

    fn part(&self, action: &str, resource: &str) -> Result<Part, ServiceError> {
        let context = self.context();
        let query = Query { principal: self.arn, action, resource, context: &context };
        let judge = |policies: &[NamedPolicy]| Outcome::of(authorize(policies, None, &query));
        let identity = judge(&self.limits.identity)?;
        let boundary = self.limits.boundary.as_ref().map(|one| judge(std::slice::from_ref(one))).transpose()?;
        let levels: Vec<Outcome> =
            self.limits.scps.iter().map(|level| judge(&level.policies)).collect::<Result<_, _>>()?;
        let organization = levels.iter().copied().max();
        let decision = [Some(identity), boundary, organization].into_iter().flatten().max().unwrap_or(identity);
        let (mut matched, mut missing) = (Vec::new(), BTreeSet::new());
        for policy in self.limits.identity.iter().chain(&self.limits.boundary) {
            for statement in statements(policy) {
                let single = |statement: &Value| single(policy, statement);
                let outcome = judge(&single(&statement)?)?;
                if outcome == identity && outcome != Outcome::Implicit {
                    matched.push(self.source_id(&policy.name));
                }
                if let Some(keys) = self.unmet(&statement)
                    && judge(&single(&without_condition(statement))?)? != Outcome::Implicit
                {
                    missing.extend(keys);
                }
            }
        }
        Ok(Part {
            resource: resource.to_owned(),
            decision,
            matched,
            missing,
            by_organization: organization.map(|outcome| outcome == Outcome::Allowed),
            by_boundary: boundary.map(|outcome| outcome == Outcome::Allowed),
        })
    }

    /// The condition keys of a statement that were not told. `None`: there is none.
    fn unmet(&self, statement: &Value) -> Option<BTreeSet<String>> {
        let context = self.context();
        let operators = statement.get("Condition")?.as_object()?.values();
        let keys = operators.filter_map(Value::as_object).flat_map(|keys| keys.keys());
        let unmet: BTreeSet<String> = keys.filter(|key| context.value(key).is_none()).cloned().collect();
        (!unmet.is_empty()).then_some(unmet)
    }

    /// As the simulator names a policy: a managed one by its name, an inline one with whose it is.
    fn source_id(&self, name: &str) -> String {
        match (name.strip_prefix("inline policy "), self.arn) {
            (Some(inline), PrincipalArn::Role(role)) => format!("role_{}_{inline}", role.name()),
            (Some(inline), PrincipalArn::User { name, .. }) => format!("user_{name}_{inline}"),
            (Some(inline), _) => inline.to_owned(),
            (None, _) => name.rsplit('/').next().unwrap_or_default().to_owned(),
        }
    }
}

fn statements(policy: &NamedPolicy) -> Vec<Value> {
    match policy.policy.to_json().get("Statement") {
        Some(Value::Array(many)) => many.clone(),
        Some(one) => vec![one.clone()],
        None => Vec::new(),
    }
}

/// A policy of this one statement.
fn single(policy: &NamedPolicy, statement: &Value) -> Result<[NamedPolicy; 1], ServiceError> {
    let version = policy.policy.to_json().get("Version").cloned().unwrap_or_else(|| json!("2008-10-17"));
    let document = json!({"Version": version, "Statement": [statement]});
    let parsed = Policy::from_json(&document).map_err(ServiceError::gap)?;
    Ok([NamedPolicy { name: policy.name.clone(), policy: parsed }])
}

fn without_condition(mut statement: Value) -> Value {
    if let Some(members) = statement.as_object_mut() {
        members.remove("Condition");
    }
    statement
}

/// The result of one action: over all resources, and for each.
fn write(xml: &mut Xml, action: &str, parts: &[Part]) {
    let specific = parts.iter().any(|part| part.resource != "*");
    let worst = parts.iter().map(|part| part.decision).max().unwrap_or(Outcome::Implicit);
    let all = |allowed: fn(&Part) -> Option<bool>| parts.iter().filter_map(allowed).reduce(|one, other| one && other);
    xml.text("EvalActionName", action);
    xml.text("EvalResourceName", shape(action));
    xml.text("EvalDecision", worst.word());
    let matched: BTreeSet<&String> =
        parts.iter().filter(|part| part.decision == worst).flat_map(|part| &part.matched).collect();
    matched_statements(xml, matched.into_iter());
    let missing: BTreeSet<&String> = parts.iter().flat_map(|part| &part.missing).collect();
    xml.list("MissingContextValues", missing, |xml, key| xml.content(key));
    organization(xml, all(|part| part.by_organization));
    boundary(xml, all(|part| part.by_boundary));
    if !specific {
        return;
    }
    xml.element("EvalDecisionDetails", |_| {});
    xml.list("ResourceSpecificResults", parts, |xml, part| {
        xml.text("EvalResourceName", &part.resource);
        xml.text("EvalResourceDecision", part.decision.word());
        matched_statements(xml, part.matched.iter());
        xml.list("MissingContextValues", &part.missing, |xml, key| xml.content(key));
        boundary(xml, part.by_boundary);
    });
}

fn matched_statements<'a>(xml: &mut Xml, ids: impl Iterator<Item = &'a String>) {
    xml.list("MatchedStatements", ids, |xml, id| {
        xml.text("SourcePolicyId", id);
        xml.text("SourcePolicyType", "IAM Policy");
    });
}

fn organization(xml: &mut Xml, allowed: Option<bool>) {
    let Some(allowed) = allowed else { return };
    xml.element("OrganizationsDecisionDetail", |xml| {
        xml.text("AllowedByOrganizations", if allowed { "true" } else { "false" });
    });
}

fn boundary(xml: &mut Xml, allowed: Option<bool>) {
    let Some(allowed) = allowed else { return };
    xml.element("PermissionsBoundaryDecisionDetail", |xml| {
        xml.text("AllowedByPermissionsBoundary", if allowed { "true" } else { "false" });
    });
}

/// The ARN template of the action's resource type: "this is not a specific customer-provided resource ARN".
fn shape(action: &str) -> &'static str {
    match action {
        "sts:AssumeRole" | "sts:TagSession" | "sts:SetSourceIdentity" => {
            "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}"
        }
        "s3:ListBucket" => "arn:${Partition}:s3:::${BucketName}",
        "s3:PutObject" | "s3:GetObject" => "arn:${Partition}:s3:::${BucketName}/${KeyName}",
        _ => "*",
    }
}
