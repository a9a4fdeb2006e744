//! CloudFormation.

use aws_sdk_cloudformation::types::Stack as SdkStack;

use super::timestamp;
use crate::aws::Connection;
use crate::aws::error::from_sdk;
use crate::model::AwsError;
use crate::model::facts::{Stack, StackResource};
use crate::values::StackArn;

/// `cloudformation:DescribeStacks` of one stack, by name or ARN.
///
/// # Errors
/// Of kind `NotFound` when there is no such stack.
pub async fn stack(connection: &Connection, name_or_arn: &str) -> Result<Stack, AwsError> {
    const OPERATION: &str = "cloudformation:DescribeStacks";
    let answer = connection
        .cloudformation
        .describe_stacks()
        .stack_name(name_or_arn)
        .send()
        .await
        .map_err(|error| from_sdk(OPERATION, &error))?;
    answer.stacks().iter().find_map(from_sdk_stack).ok_or_else(|| {
        AwsError::local(crate::model::ErrorKind::NotFound, OPERATION, format!("stack {name_or_arn} does not exist"))
    })
}

/// `cloudformation:DescribeStacks` of every stack of the region, page after page; `landed` is called after each page
/// with what it brought and how many came before.
///
/// # Errors
/// The first page that fails.
pub async fn stacks(connection: &Connection, mut landed: impl FnMut(&[Stack], usize)) -> Result<Vec<Stack>, AwsError> {
    let mut stacks: Vec<Stack> = Vec::new();
    let mut pages = connection.cloudformation.describe_stacks().into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| from_sdk("cloudformation:DescribeStacks", &error))?;
        let before = stacks.len();
        stacks.extend(page.stacks().iter().filter_map(from_sdk_stack));
        landed(stacks.get(before..).unwrap_or_default(), before);
    }
    Ok(stacks)
}

/// `cloudformation:DescribeStackResource`: one resource by its logical id, whatever the number of resources.
///
/// # Errors
/// Of kind `NotFound` when the stack has no such resource.
pub async fn resource(connection: &Connection, stack: &str, logical_id: &str) -> Result<StackResource, AwsError> {
    const OPERATION: &str = "cloudformation:DescribeStackResource";
    let answer = connection
        .cloudformation
        .describe_stack_resource()
        .stack_name(stack)
        .logical_resource_id(logical_id)
        .send()
        .await
        .map_err(|error| from_sdk(OPERATION, &error))?;
    let detail = answer.stack_resource_detail().ok_or_else(|| {
        AwsError::local(crate::model::ErrorKind::NotFound, OPERATION, format!("{stack} has no resource {logical_id}"))
    })?;
    Ok(StackResource {
        resource_type: detail.resource_type().unwrap_or_default().to_owned(),
        physical_id: detail.physical_resource_id().unwrap_or_default().to_owned(),
    })
}

/// `cloudformation:ListStackResources`, page after page: every resource, which DescribeStackResources would cut at 100 (C2).
///
/// # Errors
/// The first page that fails.
pub async fn resources(connection: &Connection, stack: &str) -> Result<Vec<(String, StackResource)>, AwsError> {
    let mut resources = Vec::new();
    let mut pages = connection.cloudformation.list_stack_resources().stack_name(stack).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| from_sdk("cloudformation:ListStackResources", &error))?;
        resources.extend(page.stack_resource_summaries().iter().map(|summary| {
            let resource = StackResource {
                resource_type: summary.resource_type().unwrap_or_default().to_owned(),
                physical_id: summary.physical_resource_id().unwrap_or_default().to_owned(),
            };
            (summary.logical_resource_id().unwrap_or_default().to_owned(), resource)
        }));
    }
    Ok(resources)
}

/// A stack whose id is no ARN cannot be used for anything and is left out.
fn from_sdk_stack(stack: &SdkStack) -> Option<Stack> {
    let pair = |key: Option<&str>, value: Option<&str>| Some((key?.to_owned(), value.unwrap_or_default().to_owned()));
    Some(Stack {
        arn: StackArn::parse(stack.stack_id()?).ok()?,
        status: stack.stack_status().map(|status| status.as_str().to_owned()).unwrap_or_default(),
        status_reason: stack.stack_status_reason().map(str::to_owned),
        created: stack.creation_time().and_then(timestamp),
        updated: stack.last_updated_time().and_then(timestamp),
        outputs: stack.outputs().iter().filter_map(|output| pair(output.output_key(), output.output_value())).collect(),
        parameters: stack
            .parameters()
            .iter()
            .filter_map(|parameter| pair(parameter.parameter_key(), parameter.parameter_value()))
            .collect(),
    })
}
