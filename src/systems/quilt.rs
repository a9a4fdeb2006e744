//! A Quilt stack and the Benchling webhook: where each value stands, by exact key, and which source gave it.
//!
//! Keys are compared whole. "Any output that contains Queue" would take a dead-letter queue for the packager's.

use crate::model::facts::Stack;
use crate::model::selection::RoleKind;
use crate::model::{Facts, Selection};
use crate::values::Arn;

/// The logical id that CDK gives the webhook's task role: it follows from the place `TaskDefinition/TaskRole` in the template, so that every
/// deployment of the webhook has it.
pub const TASK_ROLE: &str = "TaskDefinitionTaskRoleFD40A61D";

/// A value of the service that a stack's outputs give (C13, S3-34 to S3-37).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Service {
    /// The catalog's host name, without protocol.
    Catalog,
    /// The Athena database.
    Database,
    /// The URL of the packager's queue.
    QueueUrl,
    /// The ARN of the packager's queue.
    QueueArn,
    /// The bucket that packages go to. Real Quilt stacks name none: the secret's `USER_BUCKET` does.
    Bucket,
}

impl Service {
    /// All of them, in the order they are shown.
    pub const ALL: [Self; 5] = [Self::Catalog, Self::Database, Self::QueueUrl, Self::QueueArn, Self::Bucket];

    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Catalog => "catalog",
            Self::Database => "database",
            Self::QueueUrl => "queue URL",
            Self::QueueArn => "queue ARN",
            Self::Bucket => "bucket",
        }
    }
}

/// A value and where it came from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sourced {
    /// The value.
    pub value: String,
    /// "stack output QuiltWebHost", "stack resource BucketWritePolicy".
    pub source: String,
}

/// The output keys that may hold a value, best first (C13, C32).
#[must_use]
pub const fn candidates(service: Service) -> &'static [&'static str] {
    match service {
        Service::Catalog => &["QuiltWebHost", "Catalog", "CatalogDomain", "ApiGatewayEndpoint"],
        Service::Database => &["UserAthenaDatabaseName"],
        Service::QueueUrl => &["PackagerQueueUrl"],
        Service::QueueArn => &["PackagerQueueArn"],
        Service::Bucket => &["UserBucket", "BucketName"],
    }
}

/// A value of the service, from the first output that holds one.
///
/// A queue's URL and ARN say the same: where the stack has only one of them, the other is made from it. A catalog loses its protocol
/// and trailing slash, since readers want the bare host name.
#[must_use]
pub fn service(stack: &Stack, service: Service) -> Option<Sourced> {
    let sourced = |value: String, key: &str| Sourced { value, source: format!("stack output {key}") };
    let (key, value) = match (first_output(stack, candidates(service)), service) {
        (Some(found), _) => found,
        (None, Service::QueueUrl) => {
            let (key, arn) = first_output(stack, candidates(Service::QueueArn))?;
            return Some(sourced(queue_url(arn)?, key));
        }
        (None, Service::QueueArn) => {
            let (key, url) = first_output(stack, candidates(Service::QueueUrl))?;
            return Some(sourced(queue_arn(url)?, key));
        }
        _ => return None,
    };
    let value = if service == Service::Catalog { bare_host(value) } else { value };
    Some(sourced(value.to_owned(), key))
}

fn first_output<'a>(stack: &'a Stack, keys: &[&'static str]) -> Option<(&'static str, &'a str)> {
    keys.iter().find_map(|key| Some((*key, stack.output(key).filter(|value| !value.is_empty())?)))
}

/// A host name without protocol, path or trailing slash: `https://quilt.example.com/` and `quilt.example.com` are one catalog.
#[must_use]
pub fn bare_host(text: &str) -> &str {
    let text = text.trim();
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(text);
    host.split('/').next().unwrap_or(host)
}

/// `https://sqs.REGION.amazonaws.com/ACCOUNT/NAME` of a queue's ARN.
fn queue_url(arn: &str) -> Option<String> {
    let arn = Arn::parse(arn).ok().filter(|arn| arn.service == "sqs")?;
    let suffix = if arn.partition == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" };
    Some(format!("https://sqs.{}.{suffix}/{}/{}", arn.region, arn.account, arn.resource))
}

/// The ARN of a queue's URL.
fn queue_arn(url: &str) -> Option<String> {
    let (host, path) = url.strip_prefix("https://sqs.")?.split_once('/')?;
    let (region, suffix) = host.split_once('.')?;
    let (account, name) = path.split_once('/')?;
    let partition = match suffix {
        "amazonaws.com.cn" => "aws-cn",
        _ if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    };
    Some(format!("arn:{partition}:sqs:{region}:{account}:{name}"))
}

/// Whether a text is the URL of a queue, as the webhook package wants it.
#[must_use]
pub fn is_queue_url(text: &str) -> bool {
    queue_arn(text).and_then(|arn| Arn::parse(&arn).ok()).is_some_and(|arn| {
        arn.account.len() == 12 && arn.account.bytes().all(|b| b.is_ascii_digit()) && !arn.resource.is_empty()
    })
}

/// A resource of the stack that `config.json` names beside the outputs (C6).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Wanted {
    /// `quilt.athenaUserWorkgroup`: a name.
    AthenaWorkgroup,
    /// `quilt.bucketWritePolicyArn`.
    BucketWritePolicy,
    /// `quilt.athenaUserPolicyArn`.
    AthenaUserPolicy,
    /// The secret of an integrated stack: an ARN.
    BenchlingSecret,
}

impl Wanted {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::AthenaWorkgroup, Self::BucketWritePolicy, Self::AthenaUserPolicy, Self::BenchlingSecret];

    /// Logical ids, best first. Stacks before Quilt 1.65 have the workgroup under its older id.
    #[must_use]
    pub const fn logical_ids(self) -> &'static [&'static str] {
        match self {
            Self::AthenaWorkgroup => &["BenchlingAthenaWorkgroup", "UserAthenaNonManagedRoleWorkgroup"],
            Self::BucketWritePolicy => &["BucketWritePolicy"],
            Self::AthenaUserPolicy => &["UserAthenaNonManagedRolePolicy"],
            Self::BenchlingSecret => &["BenchlingSecret"],
        }
    }

    const fn resource_type(self) -> &'static str {
        match self {
            Self::AthenaWorkgroup => "AWS::Athena::WorkGroup",
            Self::BucketWritePolicy | Self::AthenaUserPolicy => "AWS::IAM::ManagedPolicy",
            Self::BenchlingSecret => "AWS::SecretsManager::Secret",
        }
    }

    /// Outputs that say the same; they are asked first, since whoever wrote them meant them to be read.
    const fn outputs(self) -> &'static [&'static str] {
        match self {
            Self::BenchlingSecret => &["BenchlingSecretArn", "BenchlingSecret"],
            _ => &[],
        }
    }
}

/// The logical ids of a Quilt stack that are looked up one by one, however many resources it has.
pub const RESOURCES: &[&str] = &[
    RoleKind::Read.logical_id(),
    RoleKind::Write.logical_id(),
    "BenchlingAthenaWorkgroup",
    "UserAthenaNonManagedRoleWorkgroup",
    "UserAthenaNonManagedRolePolicy",
    "BucketWritePolicy",
    "BenchlingSecret",
];

/// The type of a role's stack resource (S0-20).
pub const ROLE_TYPE: &str = "AWS::IAM::Role";

/// A resource that the stack has: its physical id, a name for a workgroup and an ARN for the others.
#[must_use]
pub fn resource(facts: &Facts, wanted: Wanted) -> Option<Sourced> {
    if let Some((key, value)) = facts.stack.known().and_then(|stack| first_output(stack, wanted.outputs())) {
        return Some(Sourced { value: value.to_owned(), source: format!("stack output {key}") });
    }
    let resources = facts.resources.known()?;
    wanted.logical_ids().iter().find_map(|id| {
        let found = resources.get(*id).filter(|found| found.resource_type == wanted.resource_type())?;
        Some(Sourced { value: found.physical_id.clone(), source: format!("stack resource {id}") })
    })
}

/// Whether a Quilt stack runs the webhook itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Integration {
    /// It knows nothing of a webhook: the webhook is a stack of its own.
    None,
    /// It could, and is told not to.
    Off(&'static str),
    /// It does.
    On,
}

/// The parameters that switch the built-in webhook on, newest name first.
const SWITCHES: [&str; 2] = ["BenchlingWebhook", "BenchlingIntegration"];

/// The logical id of the task role of the built-in webhook.
pub const BUILT_IN_TASK_ROLE: &str = "BenchlingTaskRole";

/// What the stack's parameter says; without one, a stack that has a secret for the webhook runs it.
#[must_use]
pub fn integration(facts: &Facts) -> Integration {
    let Some(stack) = facts.stack.known() else { return Integration::None };
    match switch(stack) {
        Some((_, value)) if value.eq_ignore_ascii_case("enabled") => Integration::On,
        Some((key, _)) => Integration::Off(key),
        None if resource(facts, Wanted::BenchlingSecret).is_some() => Integration::On,
        None => Integration::None,
    }
}

/// The parameter that switches the built-in webhook, and what it is set to.
#[must_use]
pub fn switch(stack: &Stack) -> Option<(&'static str, &str)> {
    SWITCHES.iter().find_map(|key| Some((*key, stack.parameter(key)?)))
}

/// The secret that the built-in webhook reads; none when it is switched off, since then nobody reads it.
#[must_use]
pub fn own_secret(facts: &Facts) -> Option<Sourced> {
    resource(facts, Wanted::BenchlingSecret).filter(|_| integration(facts) == Integration::On)
}

/// The stack output that holds a role's ARN (C31).
#[must_use]
pub const fn role_output(kind: RoleKind) -> &'static str {
    match kind {
        RoleKind::Read => "T4BucketReadRoleArn",
        RoleKind::Write => "T4BucketWriteRoleArn",
    }
}

/// The stack that owns the roles where IAM is kept apart from the application (C31).
#[must_use]
pub fn iam_stack(stack: &str) -> String {
    format!("{stack}-iam")
}

/// What the webhook logs (CloudWatch) where it assumed a role (S0-18), as `docker/src/auth/role_manager.py` of its package has it.
pub const LOG_ASSUMED: &str = "Role assumed successfully";

/// What it logs where it could not assume a role.
pub const LOG_REFUSED: &str = "Failed to assume role";

/// What it logs where it was given no role.
pub const LOG_NO_ROLE: &str = "Using default AWS credentials (no role ARN provided)";

/// The pattern of the specified task-role policy (S0-29). It matches names that CloudFormation makes up, and none of the names that real
/// Quilt stacks give their roles (C4).
#[must_use]
pub const fn specified_pattern(kind: RoleKind) -> &'static str {
    match kind {
        RoleKind::Read => "arn:aws:iam::*:role/*-T4BucketReadRole-*",
        RoleKind::Write => "arn:aws:iam::*:role/*-T4BucketWriteRole-*",
    }
}

/// The beginning of the specified secret name, `benchling-webhook-{environment}` (S3-08). A suggestion, never a rule (C11).
pub const SECRET_NAME_PREFIX: &str = "benchling-webhook-";

/// `benchling-webhook-{environment}`. The default config profile is the one that production uses.
#[must_use]
pub fn suggested_secret_name(config_profile: &str) -> String {
    let environment = match config_profile {
        "" | Selection::DEFAULT_CONFIG_PROFILE => "prod",
        other => other,
    };
    format!("{SECRET_NAME_PREFIX}{environment}")
}

/// The beginning of the name that the webhook package gives a secret (C11).
pub const SHIPPED_SECRET_NAME_PREFIX: &str = "quiltdata/benchling-webhook/";

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::model::Fact;
    use crate::model::facts::StackResource;
    use crate::values::{StackArn, time::Timestamp};

    fn stack(outputs: &[(&str, &str)]) -> Stack {
        Stack {
            arn: StackArn::parse("arn:aws:cloudformation:us-east-1:111122223333:stack/quilt-prod/1").unwrap(),
            status: "CREATE_COMPLETE".into(),
            status_reason: None,
            created: None,
            updated: None,
            outputs: outputs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            parameters: Vec::new(),
        }
    }

    #[test]
    fn outputs_are_found_by_exact_key_only() {
        let decoys = stack(&[
            ("IcebergDatabase", "zz-iceberg"),
            ("DeadLetterQueueUrl", "https://sqs.us-east-1.amazonaws.com/111122223333/dead"),
            ("UserAthenaDatabaseName", "userathena"),
            ("ZDatabase", "last"),
        ]);
        assert_eq!(service(&decoys, Service::Database).unwrap().value, "userathena");
        assert_eq!(service(&decoys, Service::QueueUrl), None);
    }

    #[test]
    fn the_first_candidate_wins_and_is_named() {
        let both = stack(&[("Catalog", "old.example.com"), ("QuiltWebHost", "https://quilt.example.com/")]);
        let catalog = service(&both, Service::Catalog).unwrap();
        assert_eq!(
            (catalog.value.as_str(), catalog.source.as_str()),
            ("quilt.example.com", "stack output QuiltWebHost")
        );
        let empty = stack(&[("UserBucket", ""), ("BucketName", "quilt-user")]);
        assert_eq!(service(&empty, Service::Bucket).unwrap().source, "stack output BucketName");
    }

    #[test]
    fn a_queue_says_the_same_twice() {
        let arn = stack(&[("PackagerQueueArn", "arn:aws:sqs:us-east-1:111122223333:packager")]);
        let url = service(&arn, Service::QueueUrl).unwrap();
        assert_eq!(url.value, "https://sqs.us-east-1.amazonaws.com/111122223333/packager");
        assert_eq!(url.source, "stack output PackagerQueueArn");
        let back = stack(&[("PackagerQueueUrl", &url.value)]);
        assert_eq!(service(&back, Service::QueueArn).unwrap().value, "arn:aws:sqs:us-east-1:111122223333:packager");
        assert!(is_queue_url(&url.value) && !is_queue_url("https://example.com/queue"));
    }

    #[test]
    fn a_switched_off_webhook_has_no_secret_of_its_own() {
        let mut facts = Facts::new(Timestamp::UNIX_EPOCH);
        let mut quilt =
            stack(&[("BenchlingSecretArn", "arn:aws:secretsmanager:us-east-1:111122223333:secret:own-AbCdEf")]);
        for (switch, expected) in [
            (None, Integration::On),
            (Some(("BenchlingWebhook", "Enabled")), Integration::On),
            (Some(("BenchlingIntegration", "Disabled")), Integration::Off("BenchlingIntegration")),
        ] {
            quilt.parameters = switch.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
            facts.stack = Fact::Known(quilt.clone());
            assert_eq!(integration(&facts), expected, "{switch:?}");
            assert_eq!(own_secret(&facts).is_some(), expected == Integration::On, "{switch:?}");
        }
        facts.stack = Fact::Known(stack(&[]));
        assert_eq!(integration(&facts), Integration::None);
    }

    #[test]
    fn resources_need_the_right_type_and_prefer_the_newer_id() {
        let mut facts = Facts::new(Timestamp::UNIX_EPOCH);
        let resource_of =
            |kind: &str, id: &str| StackResource { resource_type: kind.into(), physical_id: id.to_owned() };
        facts.resources = Fact::Known(BTreeMap::from([
            ("UserAthenaNonManagedRoleWorkgroup".to_owned(), resource_of("AWS::Athena::WorkGroup", "old")),
            ("BucketWritePolicy".to_owned(), resource_of("AWS::S3::Bucket", "no-policy")),
        ]));
        assert_eq!(resource(&facts, Wanted::AthenaWorkgroup).unwrap().value, "old");
        assert_eq!(resource(&facts, Wanted::BucketWritePolicy), None);
        for wanted in Wanted::ALL {
            assert!(wanted.logical_ids().iter().all(|id| RESOURCES.contains(id)));
        }
    }
}
