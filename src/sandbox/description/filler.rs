//! Stacks, resources and secrets that only fill pages: the ones that matter are then not on the first.

use std::collections::{BTreeMap, BTreeSet};

use super::secret::{Content, Secret, Version};
use super::stack::{Resource, Stack};
use crate::sandbox::ids;
use crate::sandbox::moment::Moment;

/// Logical ids and types as a large application stack has them, over the whole alphabet.
const RESOURCES: [(&str, &str); 12] = [
    ("AuditTrailSubscription", "AWS::SNS::Subscription"),
    ("BucketScannerTask", "AWS::ECS::TaskDefinition"),
    ("CanaryAlarm", "AWS::CloudWatch::Alarm"),
    ("DuckDBSelectLambda", "AWS::Lambda::Function"),
    ("EsIngestQueue", "AWS::SQS::Queue"),
    ("GlueTableUpdater", "AWS::Lambda::Permission"),
    ("ManifestIndexerRule", "AWS::Events::Rule"),
    ("NginxLogGroup", "AWS::Logs::LogGroup"),
    ("PkgPushRole", "AWS::IAM::Role"),
    ("SearchHandlerLambda", "AWS::Lambda::Function"),
    ("TabulatorPolicy", "AWS::IAM::ManagedPolicy"),
    ("VpcEndpointSecurityGroup", "AWS::EC2::SecurityGroup"),
];

/// What other teams deploy.
const STACKS: [&str; 8] = [
    "vpc-baseline",
    "datadog-forwarder",
    "billing-exports",
    "ci-runners",
    "genomics-batch",
    "notebook-server",
    "static-site",
    "alarm-router",
];

/// What other teams keep secret.
const SECRETS: [&str; 6] = ["api-key", "database", "oauth-client", "signing-key", "smtp", "webhook-token"];

/// The oldest filler stack was made ten years ago.
const OLDEST: i64 = 1_200;

/// Adds `count` resources to a stack.
pub(in crate::sandbox) fn resources(stack: &mut Stack, stack_name: &str) {
    for (index, (id, resource_type)) in RESOURCES.iter().cycle().take(stack.filler_resources).enumerate() {
        let logical_id = format!("{id}{index:03}");
        let resource = Resource {
            resource_type: (*resource_type).to_owned(),
            physical_id: format!("{stack_name}-{logical_id}-{:08X}", index.wrapping_mul(2_654_435_761) & 0xffff_ffff),
            status: "CREATE_COMPLETE".into(),
        };
        stack.resources.entry(logical_id).or_insert(resource);
    }
}

/// Makes `count` stacks, the youngest a week old.
pub(in crate::sandbox) fn stacks(count: usize) -> BTreeMap<String, Stack> {
    STACKS
        .iter()
        .cycle()
        .take(count)
        .zip(0_i64..)
        .map(|(kind, index)| {
            let stack = Stack {
                id: Some(ids::uuid(&format!("filler {index}"))),
                status: if index % 17 == 11 { "UPDATE_ROLLBACK_COMPLETE" } else { "CREATE_COMPLETE" }.into(),
                status_reason: None,
                description: None,
                created: Moment::days_ago(7 + 3 * (index % OLDEST)),
                updated: None,
                outputs: BTreeMap::from([("ExportPrefix".into(), format!("{kind}-{index:03}"))]),
                parameters: BTreeMap::new(),
                tags: BTreeMap::new(),
                resources: BTreeMap::new(),
                filler_resources: 0,
            };
            (format!("{kind}-{index:03}"), stack)
        })
        .collect()
}

/// Makes `count` secrets, each with one version.
pub(in crate::sandbox) fn secrets(count: usize) -> BTreeMap<String, Secret> {
    let version = |index: i64| Version {
        stages: BTreeSet::from(["AWSCURRENT".to_owned()]),
        created: Moment::days_ago(1 + index % OLDEST),
        content: Content::Text("demo-filler-value".into()),
    };
    SECRETS
        .iter()
        .cycle()
        .zip(STACKS.iter().cycle().skip(3))
        .take(count)
        .zip(0_i64..)
        .map(|((kind, team), index)| {
            let name = format!("{team}/{kind}-{index:04}");
            let secret = Secret {
                suffix: Some(ids::token(6, &name)),
                description: None,
                created: Moment::days_ago(1 + index % OLDEST),
                deleted: None,
                kms_key: None,
                owning_service: None,
                primary_region: None,
                replicas: BTreeMap::new(),
                rotation: None,
                tags: BTreeMap::new(),
                versions: BTreeMap::from([(ids::uuid(&name), version(index))]),
            };
            (name, secret)
        })
        .collect()
}
