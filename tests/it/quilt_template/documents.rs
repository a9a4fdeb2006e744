//! The templates themselves.

use serde_json::{Map, Value, json};

use super::TaskPolicy;
use crate::personas::{allow, policy};

/// Resources that only take up room, as the other 200 of a real stack do.
const FILLERS: usize = 110;

/// The Quilt template with this trust policy on both roles.
pub fn quilt_template(trust: &Value) -> Value {
    let mut resources = Map::new();
    for number in 0..FILLERS {
        resources.insert(format!("Handle{number:03}"), json!({ "Type": "AWS::CloudFormation::WaitConditionHandle" }));
    }
    let Value::Object(own) = quilt_resources(trust) else { panic!("resources are an object") };
    resources.extend(own);
    json!({ "Description": "Quilt Data Package Management", "Resources": resources, "Outputs": quilt_outputs() })
}

fn quilt_resources(trust: &Value) -> Value {
    let ecs = policy(&[json!({
        "Effect": "Allow", "Principal": { "Service": "ecs-tasks.amazonaws.com" }, "Action": "sts:AssumeRole"
    })]);
    let s3_read = policy(&[allow(&["s3:GetObject", "s3:ListBucket"])]);
    let s3_write = policy(&[allow(&["s3:GetObject", "s3:ListBucket", "s3:PutObject"])]);
    let athena = policy(&[allow(&["athena:StartQueryExecution", "athena:GetQueryResults"])]);
    let named = |name: &str, trust: &Value| {
        json!({ "Type": "AWS::IAM::Role", "Properties": {
            "RoleName": { "Fn::Sub": format!("{name}-${{AWS::StackName}}") }, "AssumeRolePolicyDocument": trust
        } })
    };
    let managed =
        |document: &Value| json!({ "Type": "AWS::IAM::ManagedPolicy", "Properties": { "PolicyDocument": document } });
    let workgroup = |name: &str| json!({ "Type": "AWS::Athena::WorkGroup", "Properties": { "Name": { "Fn::Sub": format!("{name}-${{AWS::StackName}}") } } });
    json!({
        "AmazonECSTaskExecutionRole": { "Type": "AWS::IAM::Role", "Properties": { "AssumeRolePolicyDocument": ecs } },
        "ManagedUserRole": { "Type": "AWS::IAM::Role", "Properties": { "Path": "/quilt/", "AssumeRolePolicyDocument": ecs } },
        "T4BucketReadRole": named("ReadQuiltV2", trust),
        "T4BucketWriteRole": named("ReadWriteQuiltV2", trust),
        "BucketReadPolicy": managed(&s3_read),
        "BucketWritePolicy": managed(&s3_write),
        "UserAthenaNonManagedRolePolicy": managed(&athena),
        "TabulatorOpenQueryPolicy": managed(&athena),
        "UserAthenaNonManagedRoleWorkgroup": workgroup("QuiltUserAthena"),
        "TabulatorOpenQueryWorkGroup": workgroup("QuiltTabulatorOpenQuery"),
        "UserAthenaDatabase": { "Type": "AWS::Glue::Database", "Properties": {
            "CatalogId": { "Ref": "AWS::AccountId" }, "DatabaseInput": { "Name": { "Fn::Sub": "userathenadatabase-${AWS::StackName}" } }
        } },
        "UserAthenaResultsBucket": { "Type": "AWS::S3::Bucket" },
        "PackagerQueue": { "Type": "AWS::SQS::Queue" },
        "EventBus": { "Type": "AWS::Events::EventBus", "Properties": { "Name": { "Fn::Sub": "quilt-${AWS::StackName}" } } },
        "CanaryNotificationsTopic": { "Type": "AWS::SNS::Topic" },
    })
}

/// Every output of a real stack; those whose resources no test needs have the value they would have.
fn quilt_outputs() -> Value {
    let outputs = [
        ("QuiltWebHost", json!({ "Fn::Sub": "${AWS::StackName}.quilt.example.com" })),
        ("RegistryHost", json!({ "Fn::Sub": "${AWS::StackName}-registry.quilt.example.com" })),
        ("S3ProxyHost", json!({ "Fn::Sub": "${AWS::StackName}-s3-proxy.quilt.example.com" })),
        ("UserAthenaDatabaseName", json!({ "Ref": "UserAthenaDatabase" })),
        ("PackagerQueueArn", json!({ "Fn::GetAtt": ["PackagerQueue", "Arn"] })),
        (
            "PackagerQueueUrl",
            json!({ "Fn::Sub": "https://sqs.${AWS::Region}.amazonaws.com/${AWS::AccountId}/${PackagerQueue.QueueName}" }),
        ),
        ("RegistryRoleARN", json!({ "Fn::GetAtt": ["AmazonECSTaskExecutionRole", "Arn"] })),
        ("EventBusArn", json!({ "Fn::GetAtt": ["EventBus", "Arn"] })),
        ("CanaryNotificationsTopic", json!({ "Ref": "CanaryNotificationsTopic" })),
        ("TabulatorOpenQueryWorkGroup", json!({ "Ref": "TabulatorOpenQueryWorkGroup" })),
        ("TabulatorOpenQueryPolicyArn", json!({ "Ref": "TabulatorOpenQueryPolicy" })),
        ("OutboundSecurityGroup", json!("sg-0123456789abcdef0")),
        ("LoadBalancerDNSName", json!({ "Fn::Sub": "${AWS::StackName}-1.${AWS::Region}.elb.amazonaws.com" })),
        ("LoadBalancerCanonicalHostedZoneID", json!("Z35SXDOTRQ7X7K")),
        ("TemplateBuildMetadata", json!(r#"{"git_tag": "1.64.2", "variant": "stable"}"#)),
    ];
    outputs.into_iter().map(|(key, value)| (key.to_owned(), json!({ "Value": value }))).collect::<Map<_, _>>().into()
}

/// The webhook's template.
pub fn webhook_template(task_policy: TaskPolicy) -> Value {
    let resources = match task_policy {
        TaskPolicy::Wildcard => {
            json!(["arn:aws:iam::*:role/*-T4BucketReadRole-*", "arn:aws:iam::*:role/*-T4BucketWriteRole-*"])
        }
        TaskPolicy::RealNames => json!(["arn:aws:iam::*:role/ReadQuiltV2-*", "arn:aws:iam::*:role/ReadWriteQuiltV2-*"]),
        TaskPolicy::Nothing => json!([]),
    };
    let ecs =
        json!({ "Effect": "Allow", "Principal": { "Service": "ecs-tasks.amazonaws.com" }, "Action": "sts:AssumeRole" });
    let mut role = json!({ "AssumeRolePolicyDocument": policy(&[ecs]) });
    if task_policy != TaskPolicy::Nothing {
        let assume = json!({ "Effect": "Allow", "Action": "sts:AssumeRole", "Resource": resources });
        role["Policies"] = json!([{ "PolicyName": "AssumeQuiltRoles", "PolicyDocument": policy(&[assume]) }]);
    }
    json!({
        "Description": "Benchling webhook",
        "Resources": {
            "TaskRole": { "Type": "AWS::IAM::Role", "Properties": role },
            "LogGroup": { "Type": "AWS::Logs::LogGroup" },
            "TaskDefinition": { "Type": "AWS::ECS::TaskDefinition", "Properties": {
                "TaskRoleArn": { "Fn::GetAtt": ["TaskRole", "Arn"] },
                "ContainerDefinitions": [{ "Name": "webhook", "Image": "quiltdata/benchling", "Memory": 512 }]
            } }
        }
    })
}
