//! The printed policy, held to rolecall's own evaluator: what it allows, and what it does not.

use clap::Parser;
use serde_json::{Value, json};

use super::{INLINE_OF_GROUP, INLINE_OF_ROLE, INLINE_OF_USER, LARGEST_MANAGED, Scope, document, fits, size};
use crate::aws::operations::{Level, OPERATIONS, On};
use crate::cli::{Cli, Reach};
use crate::model::system::Asked;
use crate::policy::document::Policy;
use crate::policy::{Authorization, Context, NamedPolicy, Query, authorize};
use crate::values::PrincipalArn;

const USER: &str = "arn:aws:iam::111122223333:user/alice";
const STACK: &str = "arn:aws:cloudformation:us-east-1:111122223333:stack/quilt-prod/5f0c";
const WEBHOOK: &str = "arn:aws:cloudformation:us-east-1:111122223333:stack/BenchlingWebhookStack/7e1d";
const SECRET: &str = "arn:aws:secretsmanager:us-east-1:111122223333:secret:benchling-webhook-prod-AbCdEf";
const TASK_ROLE: &str = "arn:aws:iam::111122223333:role/BenchlingWebhookStack-TaskRole-1AB2C3D4E5F6";
const MANAGED: &str = "arn:aws:iam::111122223333:policy/team/Boundary";

/// What the two walks send: the action, and the resource as AWS resolves it.
const READS: [(&str, &str); 31] = [
    ("sts:AssumeRole", "arn:aws:iam::111122223333:role/ReadQuiltV2-quilt-prod"),
    ("sts:AssumeRole", "arn:aws:iam::111122223333:role/ReadWriteQuiltV2-quilt-prod"),
    ("sts:AssumeRole", "arn:aws:iam::111122223333:role/quilt-prod-T4BucketReadRole-1X2Y3Z"),
    ("cloudformation:DescribeStacks", STACK),
    ("cloudformation:DescribeStacks", WEBHOOK),
    ("cloudformation:DescribeStacks", "arn:aws:cloudformation:us-east-1:111122223333:stack/quilt-prod-iam/*"),
    ("cloudformation:DescribeStackResource", STACK),
    ("cloudformation:ListStackResources", WEBHOOK),
    ("iam:GetRole", "arn:aws:iam::111122223333:role/ReadQuiltV2-quilt-prod"),
    ("iam:GetRole", TASK_ROLE),
    ("iam:ListRolePolicies", TASK_ROLE),
    ("iam:GetRolePolicy", TASK_ROLE),
    ("iam:ListAttachedRolePolicies", TASK_ROLE),
    ("iam:SimulatePrincipalPolicy", TASK_ROLE),
    ("iam:SimulatePrincipalPolicy", USER),
    ("iam:SimulatePrincipalPolicy", "arn:aws:iam::111122223333:role/ReadWriteQuiltV2-quilt-prod"),
    ("iam:ListMFADevices", USER),
    ("iam:GetUser", USER),
    ("iam:ListUserPolicies", USER),
    ("iam:GetUserPolicy", USER),
    ("iam:ListAttachedUserPolicies", USER),
    ("iam:ListGroupsForUser", USER),
    ("iam:ListGroupPolicies", "arn:aws:iam::111122223333:group/platform"),
    ("iam:GetGroupPolicy", "arn:aws:iam::111122223333:group/platform"),
    ("iam:ListAttachedGroupPolicies", "arn:aws:iam::111122223333:group/platform"),
    ("iam:GetPolicy", MANAGED),
    ("iam:GetPolicyVersion", MANAGED),
    ("iam:GetPolicyVersion", "arn:aws:iam::aws:policy/AdministratorAccess"),
    ("secretsmanager:DescribeSecret", SECRET),
    ("secretsmanager:DescribeSecret", "arn:aws:secretsmanager:us-east-1:111122223333:secret:benchling-webhook-prod"),
    ("secretsmanager:GetSecretValue", SECRET),
];

const LISTS: [(&str, &str); 3] =
    [("cloudformation:DescribeStacks", "*"), ("cloudformation:ListStacks", "*"), ("secretsmanager:ListSecrets", "*")];

const WRITES: [(&str, &str); 5] = [
    ("secretsmanager:CreateSecret", "arn:aws:secretsmanager:us-east-1:111122223333:secret:benchling-webhook-prod"),
    ("secretsmanager:CreateSecret", SECRET),
    ("secretsmanager:TagResource", SECRET),
    ("secretsmanager:PutSecretValue", SECRET),
    ("secretsmanager:UpdateSecretVersionStage", SECRET),
];

/// What would give power over an account, its roles or its secrets.
const POWERFUL: [&str; 30] = [
    "iam:UpdateAssumeRolePolicy",
    "iam:PutRolePolicy",
    "iam:PutUserPolicy",
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    "iam:CreatePolicyVersion",
    "iam:SetDefaultPolicyVersion",
    "iam:CreateAccessKey",
    "iam:AddUserToGroup",
    "iam:PassRole",
    "iam:EnableMFADevice",
    "iam:DeactivateMFADevice",
    "iam:DeleteRole",
    "iam:ListUsers",
    "iam:ListRoles",
    "iam:GetAccountAuthorizationDetails",
    "sts:GetFederationToken",
    "secretsmanager:DeleteSecret",
    "secretsmanager:PutResourcePolicy",
    "secretsmanager:RotateSecret",
    "secretsmanager:UpdateSecret",
    "secretsmanager:RestoreSecret",
    "secretsmanager:BatchGetSecretValue",
    "cloudformation:CreateStack",
    "cloudformation:UpdateStack",
    "cloudformation:DeleteStack",
    "kms:Decrypt",
    "s3:GetObject",
    "s3:ListBucket",
    "ecr:GetAuthorizationToken",
];

fn policy(arguments: &[&str], reach: Reach) -> Value {
    policy_with(arguments, reach, None)
}

fn policy_with(arguments: &[&str], reach: Reach, config: Option<&Value>) -> Value {
    let word = if reach == Reach::Write { "write" } else { "read" };
    let cli = Cli::parse_from(["rolecall", "permissions", word].iter().chain(arguments));
    let Some(crate::cli::Command::Permissions(options)) = &cli.command else { panic!("another command") };
    let scope = Scope::new(&cli.global, options.caller.as_ref(), config).unwrap();
    document(&scope.for_path(&options.role), options.what)
}

fn allows(policy: &Value, principal: &str, action: &str, resource: &str) -> bool {
    let principal = PrincipalArn::parse(principal).unwrap();
    let mut context = Context::new();
    if let PrincipalArn::User { name, .. } = &principal {
        context.set("aws:username", name.clone());
    }
    let named = NamedPolicy { name: "printed".into(), policy: Policy::from_json(policy).unwrap() };
    let query = Query { principal: &principal, action, resource, context: &context };
    match authorize(&[named], None, &query) {
        Authorization::Allowed => true,
        Authorization::ImplicitDeny => false,
        other => panic!("{action} on {resource}: {other:?}"),
    }
}

const NARROW: [&str; 8] = ["--stack", STACK, "--secret", SECRET, "--for", USER, "--principal", TASK_ROLE];

#[test]
fn both_walks_are_allowed_by_convention_and_by_name() {
    for arguments in [&[][..], &NARROW, &["--stack", "quilt-prod", "--secret", "benchling-webhook-prod"]] {
        let (read, write) = (policy(arguments, Reach::Read), policy(arguments, Reach::Write));
        for (action, resource) in READS {
            // One secret by its ARN: it is there.
            if action == "secretsmanager:DescribeSecret" && resource != SECRET && arguments.contains(&SECRET) {
                continue;
            }
            assert!(allows(&read, USER, action, resource), "{arguments:?}: {action} on {resource}");
        }
        for (action, resource) in LISTS {
            assert_eq!(allows(&read, USER, action, resource), arguments.is_empty(), "{arguments:?}: {action}");
        }
        for (action, resource) in WRITES {
            // An ARN has a suffix: its secret is there, and a new version is all that can be asked.
            let creates = resource != SECRET && arguments.contains(&SECRET);
            assert_eq!(allows(&write, USER, action, resource), !creates, "{arguments:?}: {action} on {resource}");
            assert!(!allows(&read, USER, action, resource), "{arguments:?}: {action} on {resource}");
        }
    }
}

#[test]
fn nothing_powerful_is_allowed_and_nothing_elsewhere() {
    let elsewhere = [
        ("sts:AssumeRole", "arn:aws:iam::111122223333:role/OrganizationAccountAccessRole"),
        ("sts:AssumeRole", TASK_ROLE),
        ("iam:GetRole", "arn:aws:iam::111122223333:role/Administrator"),
        ("iam:GetRolePolicy", "arn:aws:iam::111122223333:role/ReadQuiltV2-quilt-prod"),
        ("iam:GetUser", "arn:aws:iam::111122223333:user/bob"),
        ("iam:ListMFADevices", "arn:aws:iam::111122223333:user/bob"),
        ("iam:SimulatePrincipalPolicy", "arn:aws:iam::111122223333:role/Administrator"),
        ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-east-1:111122223333:secret:payroll-AbCdEf"),
        ("secretsmanager:PutSecretValue", "arn:aws:secretsmanager:us-east-1:111122223333:secret:payroll-AbCdEf"),
        ("cloudformation:ListStackResources", STACK),
    ];
    let (any, narrow) = (policy(&[], Reach::Write), policy(&NARROW, Reach::Write));
    for policy in [&any, &narrow] {
        for action in POWERFUL {
            for resource in ["*", STACK, SECRET, TASK_ROLE, USER, MANAGED] {
                assert!(!allows(policy, USER, action, resource), "{action} on {resource}");
            }
        }
        for (action, resource) in elsewhere {
            assert!(!allows(policy, USER, action, resource), "{action} on {resource}");
        }
    }
    for (action, resource) in [
        ("cloudformation:DescribeStackResource", WEBHOOK),
        ("iam:GetRole", "arn:aws:iam::111122223333:role/ReadQuiltV2-other"),
        ("iam:GetUser", "arn:aws:iam::444455556666:user/alice"),
        (
            "secretsmanager:GetSecretValue",
            "arn:aws:secretsmanager:us-east-1:111122223333:secret:benchling-webhook-x-AbCdEf",
        ),
    ] {
        assert!(allows(&any, "arn:aws:iam::444455556666:user/alice", action, resource), "{action} on {resource}");
        assert!(!allows(&narrow, USER, action, resource), "{action} on {resource}");
    }
}

#[test]
fn every_action_of_the_table_is_in_the_policy_and_no_other() {
    let mut wanted: Vec<&str> = OPERATIONS
        .iter()
        .filter(|sent| sent.level != Level::Credentials)
        .flat_map(|sent| sent.needs.iter())
        .filter(|(_, on)| ![On::Probed, On::AskedUsers].contains(on))
        .map(|(action, _)| *action)
        .collect();
    let policy = policy(&[], Reach::Write);
    let mut printed: Vec<String> = policy["Statement"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|statement| match &statement["Action"] {
            Value::String(one) => vec![one.clone()],
            many => many.as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect(),
        })
        .collect();
    for list in [&mut wanted as &mut dyn Sorted, &mut printed] {
        list.sort_and_dedup();
    }
    assert_eq!(wanted, printed);
    assert!(!printed.iter().any(|action| action.contains('*') || action == "sts:GetCallerIdentity"));
}

trait Sorted {
    fn sort_and_dedup(&mut self);
}

impl<T: Ord> Sorted for Vec<T> {
    fn sort_and_dedup(&mut self) {
        self.sort();
        self.dedup();
    }
}

#[test]
fn sids_are_unique_and_plain() {
    for arguments in [&[][..], &NARROW] {
        let policy = policy(arguments, Reach::Write);
        let mut sids: Vec<&str> =
            policy["Statement"].as_array().unwrap().iter().map(|one| one["Sid"].as_str().unwrap()).collect();
        assert!(sids.iter().all(|sid| sid.bytes().all(|b| b.is_ascii_alphanumeric())), "{sids:?}");
        let count = sids.len();
        sids.sort_and_dedup();
        assert_eq!(sids.len(), count);
    }
}

#[test]
fn a_role_that_runs_it_reads_itself_and_no_user() {
    let role = "arn:aws:iam::111122223333:role/ops/Deployer";
    let session = "arn:aws:sts::111122223333:assumed-role/Deployer/alice";
    for given in [role, session] {
        let policy = policy(&["--for", given], Reach::Read);
        assert!(allows(&policy, session, "iam:GetRole", role), "{given}");
        assert!(allows(&policy, session, "iam:GetRolePolicy", role), "{given}");
        for (action, resource) in
            [("iam:GetUser", USER), ("iam:ListGroupPolicies", "arn:aws:iam::111122223333:group/platform")]
        {
            assert!(!allows(&policy, session, action, resource), "{given}: {action}");
        }
    }
    let own = "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0a1b";
    assert!(allows(&policy(&[], Reach::Read), own, "iam:GetRole", own));
}

#[test]
fn a_config_profile_narrows_to_what_its_file_names() {
    let roles = ["arn:aws:iam::111122223333:role/x/Reader", "arn:aws:iam::111122223333:role/x/Writer"];
    let config = json!({
        "quilt": {"stackArn": STACK, "readRoleArn": roles[0], "writeRoleArn": roles[1]},
        "benchling": {"secretArn": SECRET},
        "deployment": {"stackName": "my-webhook"}
    });
    let policy = policy_with(&["--profile", "dev"], Reach::Read, Some(&config));
    for role in roles {
        assert!(allows(&policy, USER, "sts:AssumeRole", role));
    }
    let own_stack = "arn:aws:cloudformation:us-east-1:111122223333:stack/my-webhook/1";
    assert!(allows(&policy, USER, "cloudformation:ListStackResources", own_stack));
    assert!(allows(&policy, USER, "secretsmanager:GetSecretValue", SECRET));
    assert!(!allows(&policy, USER, "sts:AssumeRole", "arn:aws:iam::111122223333:role/ReadQuiltV2-quilt-prod"));
    assert!(!allows(&policy, USER, "secretsmanager:ListSecrets", "*"));
}

#[test]
fn for_one_path_it_holds_what_its_diagnosis_needs_and_no_stack_or_secret() {
    let (first, last) = ("arn:aws:iam::111122223333:role/team/First", "arn:aws:iam::444455556666:role/Last");
    let walker = "arn:aws:iam::111122223333:user/ci";
    let arguments = ["--role", first, "--role", last, "--for", USER, "--principal", walker];
    let policy = policy(&arguments, Reach::Read);
    for (action, resource) in [
        ("sts:AssumeRole", first),
        ("sts:AssumeRole", last),
        ("iam:GetRole", last),
        ("iam:GetRolePolicy", first),
        ("iam:SimulatePrincipalPolicy", first),
        ("iam:SimulatePrincipalPolicy", USER),
        ("iam:SimulatePrincipalPolicy", walker),
        ("iam:GetUserPolicy", walker),
        ("iam:ListMFADevices", USER),
        ("iam:GetPolicyVersion", MANAGED),
    ] {
        assert!(allows(&policy, USER, action, resource), "{action} on {resource}");
    }
    for (action, resource) in [
        ("iam:GetRolePolicy", last),
        ("iam:GetUser", "arn:aws:iam::111122223333:user/bob"),
        ("iam:GetRole", TASK_ROLE),
        ("sts:AssumeRole", "arn:aws:iam::111122223333:role/ReadQuiltV2-quilt-prod"),
        ("cloudformation:DescribeStacks", STACK),
        ("secretsmanager:GetSecretValue", SECRET),
    ] {
        assert!(!allows(&policy, USER, action, resource), "{action} on {resource}");
    }
}

#[test]
fn a_wildcard_in_a_name_is_refused() {
    let cli = Cli::parse_from(["rolecall", "permissions", "--secret", "*"]);
    assert!(Scope::new(&cli.global, None, None).unwrap_err().contains("wildcard"));
    let cli = Cli::parse_from(["rolecall", "permissions", "--profile", "dev"]);
    let config = json!({"benchling": {"secretArn": "arn:aws:secretsmanager:us-east-1:111122223333:secret:*"}});
    assert!(Scope::new(&cli.global, None, Some(&config)).is_err());
}

#[test]
fn other_partitions_have_their_own_arns() {
    for (region, begin) in [("cn-north-1", "arn:aws-cn:"), ("us-gov-west-1", "arn:aws-us-gov:")] {
        let text = policy(&["--region", region], Reach::Write).to_string();
        assert!(text.contains(begin) && !text.contains("arn:aws:"), "{region}: {text}");
    }
}

#[test]
fn where_the_policy_fits_is_said() {
    for reach in [Reach::Read, Reach::Write] {
        let size = size(&policy(&[], reach));
        assert!(size <= INLINE_OF_USER, "{reach:?}: {size}");
    }
    assert!(fits(INLINE_OF_USER).contains("put-user-policy"));
    let larger = fits(INLINE_OF_USER + 1);
    assert!(larger.contains("create-policy") && !larger.contains("put-user-policy"), "{larger}");
    assert!(larger.contains("put-group-policy"), "{larger}");
    assert!(!fits(INLINE_OF_GROUP + 1).contains("put-group-policy"));
    for (size, role) in [(LARGEST_MANAGED + 1, "fits into a role alone"), (INLINE_OF_ROLE + 1, "fits nowhere")] {
        let told = fits(size);
        assert!(told.contains(role) && told.contains("--by-account") && !told.contains("create-policy"), "{told}");
    }
}

#[test]
fn whoever_a_system_asks_about_is_read_by_name_by_arn_and_as_oneself() {
    let cli = Cli::parse_from(["rolecall", "permissions", "--for", USER]);
    let Some(crate::cli::Command::Permissions(options)) = &cli.command else { panic!("another command") };
    let scope = Scope::new(&cli.global, options.caller.as_ref(), None).unwrap();
    let role = PrincipalArn::parse(TASK_ROLE).unwrap();
    let asked = [Asked::User("batch".into()), Asked::Principal(role), Asked::Operator];
    let policy = document(&scope.asking_about(&asked), Reach::Read);
    for (action, on) in [
        ("iam:ListAccessKeys", "arn:aws:iam::111122223333:user/batch"),
        ("iam:ListAttachedUserPolicies", "arn:aws:iam::111122223333:user/team/batch"),
        ("iam:SimulatePrincipalPolicy", TASK_ROLE),
        ("iam:ListAttachedRolePolicies", TASK_ROLE),
        ("iam:SimulatePrincipalPolicy", USER),
    ] {
        assert!(allows(&policy, USER, action, on), "{action} on {on}: {policy}");
    }
    for (action, on) in [("iam:ListAccessKeys", USER), ("cloudformation:ListStacks", "*")] {
        assert!(!allows(&policy, USER, action, on), "{action} on {on}: {policy}");
    }
}
