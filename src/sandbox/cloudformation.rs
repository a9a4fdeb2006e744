//! CloudFormation: stacks, their outputs and their resources.

use super::auth;
use super::description::stack::{Resource, Stack};
use super::exchange::{Call, ServiceError};
use super::page::page;
use super::query::Form;
use super::state::{PARTITION, State, stack_arn};
use super::sts::whole_seconds;
use super::xml::Xml;

/// Stacks on a page. AWS cuts at one megabyte; three calls for 123 stacks were seen.
const STACKS_PER_PAGE: usize = 50;
/// Resources on a page (API reference, ListStackResources: 1 MB; 100 in practice).
const RESOURCES_PER_PAGE: usize = 100;

/// Answers a call to CloudFormation.
///
/// # Errors
/// As AWS answers.
pub(super) fn serve(state: &State, call: &Call, form: &Form) -> Result<Xml, ServiceError> {
    match call.operation.as_str() {
        "DescribeStacks" => match form.get("StackName") {
            Some(name) => describe_stack(state, call, name),
            None => describe_stacks(state, call, form),
        },
        "DescribeStackResource" => describe_resource(state, call, form),
        "ListStackResources" => list_resources(state, call, form),
        other => Err(ServiceError::new(
            400,
            "InvalidAction",
            format!("Could not find operation {other} for version 2010-05-15"),
        )),
    }
}

/// A stack of the caller's account and region.
struct Found<'a> {
    name: &'a str,
    arn: String,
    stack: &'a Stack,
}

/// Finds a stack by name or ARN, once the caller may do the call's action on it.
fn find<'a>(state: &'a State, call: &Call, wanted: &str) -> Result<Option<Found<'a>>, ServiceError> {
    let (account, region) = (call.account(), call.region.as_str());
    let name = wanted.split('/').nth(1).unwrap_or(wanted);
    let found = state
        .stacks(account, region)
        .and_then(|stacks| stacks.get_key_value(name))
        .map(|(name, stack)| Found { name, arn: stack_arn(account, region, name, stack), stack })
        .filter(|found| found.name == wanted || found.arn == wanted);
    let arn = found.as_ref().map_or_else(
        || format!("arn:{PARTITION}:cloudformation:{region}:{account}:stack/{name}/*"),
        |found| found.arn.clone(),
    );
    auth::require(state, call, &format!("cloudformation:{}", call.operation), &arn, Some(&arn))?;
    Ok(found)
}

fn describe_stack(state: &State, call: &Call, wanted: &str) -> Result<Xml, ServiceError> {
    let found = find(state, call, wanted)?.ok_or_else(|| no_stack(wanted))?;
    let mut xml = Xml::new();
    xml.list("Stacks", [found], |xml, found| write_stack(state, xml, &found));
    Ok(xml)
}

/// Without a name the caller needs ListStacks and DescribeStacks on everything (API reference, DescribeStacks).
fn describe_stacks(state: &State, call: &Call, form: &Form) -> Result<Xml, ServiceError> {
    auth::require(state, call, "cloudformation:DescribeStacks", "*", None)?;
    auth::require(state, call, "cloudformation:ListStacks", "*", None)?;
    let (account, region) = (call.account(), call.region.as_str());
    let mut stacks: Vec<(&String, &Stack)> = state.stacks(account, region).into_iter().flatten().collect();
    stacks.sort_by_cached_key(|(_, stack)| std::cmp::Reverse(stack.created.resolve(state.loaded)));
    let found = page(&stacks, form.get("NextToken"), STACKS_PER_PAGE).ok_or_else(bad_token)?;
    let mut xml = Xml::new();
    xml.list("Stacks", found.items, |xml, (name, stack)| {
        write_stack(state, xml, &Found { name, arn: stack_arn(account, region, name, stack), stack });
    });
    xml.optional("NextToken", found.next.as_deref());
    Ok(xml)
}

fn write_stack(state: &State, xml: &mut Xml, found: &Found<'_>) {
    let stack = found.stack;
    xml.text("StackId", &found.arn);
    xml.text("StackName", found.name);
    xml.optional("Description", stack.description.as_deref());
    if !stack.parameters.is_empty() {
        pairs(xml, "Parameters", "ParameterKey", "ParameterValue", &stack.parameters);
    }
    xml.text("CreationTime", &whole_seconds(stack.created.resolve(state.loaded)));
    if let Some(updated) = stack.updated {
        xml.text("LastUpdatedTime", &whole_seconds(updated.resolve(state.loaded)));
    }
    xml.text("StackStatus", &stack.status);
    xml.optional("StackStatusReason", stack.status_reason.as_deref());
    xml.text("DisableRollback", "false");
    xml.element("NotificationARNs", |_| {});
    if !stack.outputs.is_empty() {
        pairs(xml, "Outputs", "OutputKey", "OutputValue", &stack.outputs);
    }
    if !stack.tags.is_empty() {
        pairs(xml, "Tags", "Key", "Value", &stack.tags);
    }
}

fn pairs(xml: &mut Xml, list: &str, key: &str, value: &str, items: &std::collections::BTreeMap<String, String>) {
    xml.list(list, items, |xml, (name, text)| {
        xml.text(key, name);
        xml.text(value, text);
    });
}

fn describe_resource(state: &State, call: &Call, form: &Form) -> Result<Xml, ServiceError> {
    let wanted = form.required("StackName")?;
    let id = form.required("LogicalResourceId")?;
    let found = find(state, call, wanted)?
        .ok_or_else(|| ServiceError::validation(format!("Stack '{wanted}' does not exist")))?;
    let resource =
        found.stack.resources.get(id).ok_or_else(|| {
            ServiceError::validation(format!("Resource {id} does not exist for stack {}", found.name))
        })?;
    let mut result = Xml::new();
    result.element("StackResourceDetail", |xml| {
        xml.text("StackId", &found.arn);
        xml.text("StackName", found.name);
        write_resource(state, xml, &found, id, resource);
        xml.text("Metadata", "{}");
    });
    Ok(result)
}

fn list_resources(state: &State, call: &Call, form: &Form) -> Result<Xml, ServiceError> {
    let wanted = form.required("StackName")?;
    let found = find(state, call, wanted)?.ok_or_else(|| no_stack(wanted))?;
    let resources: Vec<(&String, &Resource)> = found.stack.resources.iter().collect();
    let part = page(&resources, form.get("NextToken"), RESOURCES_PER_PAGE).ok_or_else(bad_token)?;
    let mut xml = Xml::new();
    xml.list("StackResourceSummaries", part.items, |xml, (id, resource)| {
        write_resource(state, xml, &found, id, resource);
    });
    xml.optional("NextToken", part.next.as_deref());
    Ok(xml)
}

fn write_resource(state: &State, xml: &mut Xml, found: &Found<'_>, id: &str, resource: &Resource) {
    xml.text("LogicalResourceId", id);
    xml.text("PhysicalResourceId", &resource.physical_id);
    xml.text("ResourceType", &resource.resource_type);
    let changed = found.stack.updated.unwrap_or(found.stack.created);
    xml.text("LastUpdatedTimestamp", &whole_seconds(changed.resolve(state.loaded)));
    xml.text("ResourceStatus", &resource.status);
    xml.element("DriftInformation", |xml| {
        xml.text("StackResourceDriftStatus", "NOT_CHECKED");
    });
}

fn no_stack(wanted: &str) -> ServiceError {
    ServiceError::validation(format!("Stack with id {wanted} does not exist"))
}

fn bad_token() -> ServiceError {
    ServiceError::validation("NextToken is not valid")
}
