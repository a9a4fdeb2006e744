//! IAM's service prefixes: what stands before the colon of an action.
//!
//! Source: AWS Service Authorization Reference, by way of `assets/iam-service-prefixes.txt`, which names its date. AWS adds services: a
//! prefix that is not in the list may be one by now.

use std::sync::LazyLock;

const LIST: &str = include_str!("../../assets/iam-service-prefixes.txt");

/// The prefixes in order.
static PREFIXES: LazyLock<Vec<&str>> = LazyLock::new(|| LIST.lines().filter(|line| !line.starts_with('#')).collect());

/// What services are called that bear another prefix: by their own names, their commands, their endpoints or older names. In order.
const CALLED: [(&str, &str); 46] = [
    ("alb", "elasticloadbalancing"),
    ("amp", "aps"),
    ("apigatewayv2", "apigateway"),
    ("appconfigdata", "appconfig"),
    ("asg", "autoscaling"),
    ("aurora", "rds"),
    ("certificatemanager", "acm"),
    ("cloudwatchevents", "events"),
    ("cloudwatchlogs", "logs"),
    ("configservice", "config"),
    ("containerregistry", "ecr"),
    ("costexplorer", "ce"),
    ("cwlogs", "logs"),
    ("directoryservice", "ds"),
    ("docdb", "rds"),
    ("documentdb", "rds"),
    ("dynamo", "dynamodb"),
    ("efs", "elasticfilesystem"),
    ("elasticcontainerregistry", "ecr"),
    ("elasticsearch", "es"),
    ("elb", "elasticloadbalancing"),
    ("elbv2", "elasticloadbalancing"),
    ("emr", "elasticmapreduce"),
    ("eventbridge", "events"),
    ("fargate", "ecs"),
    ("iamidentitycenter", "sso"),
    ("identitycenter", "sso"),
    ("keyspaces", "cassandra"),
    ("lexv2", "lex"),
    ("loadbalancing", "elasticloadbalancing"),
    ("managedprometheus", "aps"),
    ("msk", "kafka"),
    ("nlb", "elasticloadbalancing"),
    ("opensearchserverless", "aoss"),
    ("parameterstore", "ssm"),
    ("pinpoint", "mobiletargeting"),
    ("prometheus", "aps"),
    ("resourcegroupstaggingapi", "tag"),
    ("sagemakerruntime", "sagemaker"),
    ("secretmanager", "secretsmanager"),
    ("secrets", "secretsmanager"),
    ("sesv2", "ses"),
    ("sfn", "states"),
    ("stepfunctions", "states"),
    ("systemsmanager", "ssm"),
    ("vpc", "ec2"),
];

/// All prefixes that are known, in order, in lower case.
pub fn prefixes() -> impl Iterator<Item = &'static str> {
    PREFIXES.iter().copied()
}

/// The day the list is of: `2026-09-23`.
#[must_use]
pub fn as_of() -> &'static str {
    LIST.lines().find_map(|line| line.strip_prefix("# As of ")).unwrap_or_default()
}

/// Whether the list has a prefix. "The prefix and the action name are case insensitive" (IAM User Guide, "IAM JSON policy elements: Action").
#[must_use]
pub fn is_known(prefix: &str) -> bool {
    PREFIXES.binary_search(&prefix.to_ascii_lowercase().as_str()).is_ok()
}

/// The prefix of the service that something which is no prefix was meant to name: `elasticfilesystem` of `efs`.
#[must_use]
pub fn meant(written: &str) -> Option<&'static str> {
    let lower = written.to_ascii_lowercase();
    let called = |name: &str| CALLED.iter().find(|(one, _)| *one == name).map(|(_, prefix)| *prefix);
    let spelled = |name: &str| prefixes().find(|prefix| letters(prefix) == name);
    let plain = letters(&lower);
    let short = plain.strip_prefix("amazon").or_else(|| plain.strip_prefix("aws")).unwrap_or(&plain);
    called(&lower).or_else(|| called(short)).or_else(|| spelled(&plain)).or_else(|| spelled(short))
}

/// Without hyphens, blanks and the like.
fn letters(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_whole_and_in_order() {
        let all: Vec<&str> = prefixes().collect();
        assert!((440..600).contains(&all.len()), "{}", all.len());
        assert!(all.iter().zip(all.iter().skip(1)).all(|(one, next)| one < next), "sorted, each once");
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        for prefix in all {
            assert!(!prefix.is_empty() && prefix.chars().all(fits), "{prefix}");
        }
        assert!(as_of().parse::<jiff::civil::Date>().is_ok(), "{}", as_of());
    }

    #[test]
    fn old_and_new_services_are_known_by_their_prefix() {
        for prefix in [
            "a4b",
            "aws-marketplace",
            "batch",
            "bedrock",
            "cassandra",
            "cognito-idp",
            "dsql",
            "ec2",
            "ecr",
            "ecs",
            "elasticfilesystem",
            "elasticloadbalancing",
            "elasticmapreduce",
            "es",
            "events",
            "execute-api",
            "fsx",
            "iam",
            "IAM",
            "importexport",
            "iot1click",
            "kms",
            "lambda",
            "logs",
            "mobiletargeting",
            "opsworks",
            "organizations",
            "rds-db",
            "s3",
            "s3express",
            "s3tables",
            "sdb",
            "secretsmanager",
            "ses",
            "ssm",
            "ssmmessages",
            "sso",
            "states",
            "STS",
            "sumerian",
            "tag",
            "xray",
        ] {
            assert!(is_known(prefix), "{prefix}");
        }
        for none in ["efs", "", "elb", "emr", "# As of", "s3:", "s3*", "amazon", "secrets"] {
            assert!(!is_known(none), "{none}");
        }
    }

    #[test]
    fn what_was_meant_is_told() {
        for (written, expected) in [
            ("efs", Some("elasticfilesystem")),
            ("EFS", Some("elasticfilesystem")),
            ("AmazonEFS", Some("elasticfilesystem")),
            ("elastic-file-system", Some("elasticfilesystem")),
            ("secrets-manager", Some("secretsmanager")),
            ("step-functions", Some("states")),
            ("aws-lambda", Some("lambda")),
            ("accessanalyzer", Some("access-analyzer")),
            ("cloud watch", Some("cloudwatch")),
            ("frobnicate", None),
            ("", None),
            ("aws", None),
        ] {
            assert_eq!(meant(written), expected, "{written}");
        }
    }

    #[test]
    fn a_name_of_the_table_is_no_prefix_and_what_it_stands_for_is_one() {
        for (called, prefix) in CALLED {
            assert!(!is_known(called), "{called} is a prefix of its own");
            assert!(is_known(prefix), "{prefix}");
        }
    }
}
