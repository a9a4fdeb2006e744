use serde_json::{Value, json};

use super::*;
use crate::policy::Policy;

const BUCKET: &str = "nf-core-awsmegatests";

fn named(name: &str, statement: Value) -> NamedPolicy {
    let policy = Policy::from_json(&json!({"Version": "2012-10-17", "Statement": statement})).unwrap();
    NamedPolicy { name: name.into(), policy }
}

fn megatests() -> Vec<NamedPolicy> {
    let recorded = [
        ("TowerForge-Forge-Policy", include_str!("../../../../tests/cases/megatests-forge.json")),
        ("TowerForge-Launch-Policy", include_str!("../../../../tests/cases/megatests-launch.json")),
        ("TowerForge-S3-Policy", include_str!("../../../../tests/cases/megatests-s3.json")),
    ];
    let policy = |(name, text): (&str, &str)| NamedPolicy { name: name.into(), policy: Policy::parse(text).unwrap() };
    recorded.into_iter().map(policy).collect()
}

fn one_bucket() -> Boundaries {
    Boundaries { buckets: Some(vec![BUCKET.into()]), ..Boundaries::default() }
}

/// Rule, and policy and statement counted from 1.
fn told(lints: &[GrantLint]) -> Vec<(&'static str, usize, Option<usize>)> {
    lints.iter().map(|lint| (lint.rule, lint.index + 1, lint.statement.map(|statement| statement + 1))).collect()
}

fn rules(statements: Value, wants: &Boundaries) -> Vec<&'static str> {
    grants(&[named("P", statements)], wants).iter().map(|lint| lint.rule).collect()
}

fn allow(action: Value, resource: Value) -> Value {
    json!({"Effect": "Allow", "Action": action, "Resource": resource})
}

fn find<'a>(lints: &'a [GrantLint], rule: &str) -> &'a GrantLint {
    lints.iter().find(|lint| lint.rule == rule).unwrap()
}

#[test]
fn the_three_recorded_policies_give_what_was_found_by_hand() {
    let lints = grants(&megatests(), &one_bucket());
    assert_eq!(
        told(&lints),
        [
            ("passes_any_role", 1, Some(1)),
            ("changes_any_role", 1, Some(1)),
            ("other_buckets", 1, Some(2)),
            ("unknown_service", 1, Some(1)),
            ("action_twice", 1, None),
            ("policy_covered", 2, None),
            ("policy_overlaps", 3, None),
        ]
    );
    assert_eq!(find(&lints, "passes_any_role").actions, ["iam:PassRole"]);
    assert_eq!(
        find(&lints, "changes_any_role").actions,
        ["iam:CreateRole", "iam:AttachRolePolicy", "iam:PutRolePolicy"]
    );
    assert_eq!(find(&lints, "other_buckets").actions, ["s3:Get*", "s3:List*"]);
    assert_eq!(
        find(&lints, "other_buckets").what,
        "Statement 2 (Sid TowerLaunch0) of TowerForge-Forge-Policy allows reading on every bucket, beyond nf-core-awsmegatests (s3:Get* and s3:List*)."
    );
    let efs = find(&lints, "unknown_service");
    assert_eq!((efs.kind, efs.actions.len()), (GrantKind::Dead, 9));
    assert!(efs.actions.iter().all(|action| action.starts_with("efs:")));
    assert!(efs.what.contains("allows 9 actions with efs:") && efs.what.contains("elasticfilesystem"), "{}", efs.what);
    assert_eq!(
        find(&lints, "action_twice").actions,
        ["batch:DescribeJobQueues", "batch:DescribeComputeEnvironments", "ec2:DescribeInstanceTypes"]
    );
    let launch = find(&lints, "policy_covered");
    assert_eq!(launch.actions.len(), 26);
    assert_eq!(
        launch.what,
        "Every one of the 26 actions of TowerForge-Launch-Policy is allowed by TowerForge-Forge-Policy too: without TowerForge-Launch-Policy \
         this principal could do no less."
    );
    assert_eq!(find(&lints, "policy_overlaps").actions, ["s3:ListBucket", "s3:GetObject"]);
}

#[test]
fn what_is_meant_is_no_lint() {
    let [_, launch, s3]: [NamedPolicy; 3] = megatests().try_into().unwrap();
    assert_eq!(grants(&[launch.clone(), s3.clone()], &one_bucket()), []);
    let meant = [
        "batch:*",
        "ecs:Describe*",
        "ec2:Describe*",
        "logs:*",
        "ses:SendRawEmail",
        "secretsmanager:ListSecrets",
        "S3:*",
    ];
    let wants = Boundaries { actions: Some(meant.map(str::to_owned).to_vec()), ..one_bucket() };
    assert_eq!(grants(&[launch.clone(), s3.clone()], &wants), []);
    let fewer = Boundaries { actions: Some(vec!["s3:*".into(), "logs:Get*".into()]), ..one_bucket() };
    let lints = grants(&[launch, s3], &fewer);
    assert_eq!(told(&lints), [("action_not_meant", 1, Some(1))]);
    assert_eq!(lints[0].actions.len(), 25, "all but logs:Get*");
    assert!(!lints[0].actions.contains(&"logs:Get*".to_owned()));
}

#[test]
fn an_action_needs_a_service() {
    for (action, expected) in [
        (json!("efs:CreateFileSystem"), vec!["unknown_service"]),
        (json!("EFS:*"), vec!["unknown_service"]),
        (json!(["frobnicate:Run", "efs:TagResource"]), vec!["unknown_service", "unknown_service"]),
        (json!("elasticfilesystem:CreateFileSystem"), vec![]),
        (json!("ElasticFileSystem:*"), vec![]),
        (json!("elastic*:Create*"), vec![]),
        (json!("e?s:Create*"), vec![]),
    ] {
        assert_eq!(rules(allow(action.clone(), json!("*")), &Boundaries::default()), expected, "{action}");
    }
    let lints = grants(&[named("", allow(json!("frobnicate:Run"), json!("*")))], &Boundaries::default());
    let what = &lints[0].what;
    assert!(what.contains("Statement 1 of policy 1 allows 1 action with frobnicate:"), "{what}");
    assert!(what.contains("unless AWS has added it since") && what.contains(crate::policy::service::as_of()), "{what}");
    let deny = json!({"Effect": "Deny", "Action": "efs:DeleteFileSystem", "Resource": "*"});
    let lints = grants(&[named("Guard", deny)], &Boundaries::default());
    assert!(
        lints[0].what.contains("denies 1 action") && lints[0].what.contains("forbids nothing"),
        "{}",
        lints[0].what
    );
}

#[test]
fn roles_are_passed_and_changed_within_limits_or_not() {
    let to = |service: &str| json!({"StringEquals": {"iam:PassedToService": service}});
    let bounded = json!({"StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::111122223333:policy/Edge"}});
    let policy_arn = json!({"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnlyAccess"}});
    for (action, resource, condition, expected) in [
        ("iam:PassRole", "*", json!({}), vec!["passes_any_role"]),
        ("IAM:passrole", "arn:aws:iam::111122223333:role/*", json!({}), vec!["passes_any_role"]),
        ("iam:Pass*", "arn:aws:iam::*:*", json!({}), vec!["passes_any_role"]),
        ("iam:*", "*", json!({}), vec!["passes_any_role", "changes_any_role"]),
        ("iam:PassRole", "*", to("ec2.amazonaws.com"), vec![]),
        ("iam:PassRole", "*", json!({"StringLike": {"iam:PassedToService": "*"}}), vec!["passes_any_role"]),
        (
            "iam:PassRole",
            "*",
            json!({"StringEqualsIfExists": {"iam:PassedToService": "ec2.amazonaws.com"}}),
            vec!["passes_any_role"],
        ),
        (
            "iam:PassRole",
            "*",
            json!({"StringNotEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}),
            vec!["passes_any_role"],
        ),
        ("iam:PassRole", "*", json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}}), vec!["passes_any_role"]),
        ("iam:PassRole", "arn:aws:iam::111122223333:role/Batch-*", json!({}), vec![]),
        ("iam:PassRole", "arn:aws:s3:::bucket/*", json!({}), vec![]),
        ("iam:GetRole", "*", json!({}), vec![]),
        ("iam:CreateRole", "*", json!({}), vec!["changes_any_role"]),
        ("iam:CreateRole", "*", bounded.clone(), vec![]),
        ("iam:CreateRole", "*", to("ec2.amazonaws.com"), vec!["changes_any_role"]),
        ("iam:AttachRolePolicy", "*", policy_arn.clone(), vec![]),
        ("iam:PutRolePolicy", "*", policy_arn, vec!["changes_any_role"]),
        ("iam:PutRolePolicy", "arn:aws:iam::111122223333:role/batch/*", json!({}), vec![]),
    ] {
        let mut statement = allow(json!(action), json!(resource));
        statement["Condition"] = condition.clone();
        assert_eq!(rules(statement, &Boundaries::default()), expected, "{action} on {resource}, {condition}");
    }
}

#[test]
fn roles_beyond_those_that_are_meant_are_told() {
    let wants =
        Boundaries { roles: Some(vec!["arn:aws:iam::111122223333:role/TowerForge-*".into()]), ..Boundaries::default() };
    for (resource, expected) in [
        ("arn:aws:iam::111122223333:role/TowerForge-Head", vec![]),
        ("arn:aws:iam::111122223333:role/TowerForge-*", vec![]),
        ("arn:aws:iam::111122223333:role/Tower*", vec!["passes_other_roles", "changes_other_roles"]),
        ("arn:aws:iam::444455556666:role/TowerForge-Head", vec!["passes_other_roles", "changes_other_roles"]),
        ("*", vec!["passes_any_role", "changes_any_role"]),
        ("arn:aws:s3:::bucket/*", vec![]),
        ("arn:aws:iam::111122223333:user/*", vec![]),
    ] {
        let statement = allow(json!(["iam:PassRole", "iam:AttachRolePolicy"]), json!(resource));
        assert_eq!(rules(statement, &wants), expected, "{resource}");
    }
}

#[test]
fn s3_keeps_to_the_buckets_that_are_meant() {
    let inside = json!(["arn:aws:s3:::nf-core-awsmegatests", "arn:aws:s3:::nf-core-awsmegatests/work/*"]);
    for (action, resource, beyond) in [
        (json!("s3:*"), inside, false),
        (json!("s3:GetObject"), json!("*"), true),
        (json!("s3:GetObject"), json!("arn:aws:s3"), true),
        (json!("s3:GetObject"), json!("arn:aws:s3:::nf-core-awsmegatests*"), true),
        (json!("s3:GetObject"), json!("arn:aws:s3:::other/*"), true),
        (json!("*"), json!("arn:aws:s3:::other/*"), true),
        (json!("S3:put*"), json!("arn:*:s3:::*"), true),
        (json!("s3:GetObject"), json!("arn:aws:s3:::nf-core-awsmegatests/${aws:username}/*"), false),
        (json!("s3:GetObject"), json!("arn:aws:s3:::${aws:PrincipalTag/bucket}/*"), true),
        (json!("s3:GetObject"), json!("arn:aws:s3:eu-west-1:111122223333:accesspoint/shared/object/*"), false),
        (json!(["s3:ListAllMyBuckets", "s3:GetAccountPublicAccessBlock", "s3:ListJobs"]), json!("*"), false),
        (json!("s3:GetObject"), json!("arn:*:s3:::nf-core-awsmegatests/*"), false),
        (json!("s3:GetObject"), json!("arn:aws-cn:s3:::nf-core-awsmegatests/*"), false),
        (json!("s3:GetObject"), json!("arn:*:s3:::other/*"), true),
        (json!("s3:GetObject"), json!("arn:aws:dynamodb:*:*:table/*"), false),
        (json!("ec2:Describe*"), json!("*"), false),
        (json!("sqs:*"), json!("arn:aws:sqs:*:*:*"), false),
    ] {
        let lints = grants(&[named("P", allow(action.clone(), resource.clone()))], &one_bucket());
        assert_eq!(lints.iter().any(|lint| lint.rule == "other_buckets"), beyond, "{action} on {resource}: {lints:?}");
        let unbounded = grants(&[named("P", allow(action, resource))], &Boundaries::default());
        assert!(unbounded.iter().all(|lint| lint.rule != "other_buckets"), "{unbounded:?}");
    }
    for (action, does) in
        [("s3:List*", "reading on"), ("s3:DeleteObject", "writing on"), ("s3:*Object", "reading and writing on")]
    {
        let lints = grants(&[named("P", allow(json!(action), json!("*")))], &one_bucket());
        assert!(lints[0].what.contains(&format!("allows {does} every bucket")), "{}", lints[0].what);
    }
}

#[test]
fn allows_of_everything_are_told() {
    for (statement, expected) in [
        (allow(json!("*"), json!("*")), vec!["every_action"]),
        (allow(json!("*:*"), json!("*")), vec!["every_action"]),
        (json!({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}), vec!["not_action"]),
        (allow(json!("sqs:SendMessage"), json!("*")), vec![]),
        (json!({"Effect": "Allow", "Action": "sqs:*", "NotResource": "arn:aws:sqs:*:*:secret"}), vec!["not_resource"]),
        (json!({"Effect": "Deny", "NotAction": "iam:*", "NotResource": "*"}), vec![]),
        (json!({"Effect": "Deny", "Action": "*", "Resource": "*"}), vec![]),
    ] {
        assert_eq!(rules(statement.clone(), &one_bucket()), expected, "{statement}");
    }
}

#[test]
fn what_a_deny_takes_back_is_not_claimed() {
    let wide = || allow(json!("s3:Get*"), json!("*"));
    let keep_to_bucket = json!({"Effect": "Deny", "Action": "s3:*", "NotResource": [format!("arn:aws:s3:::{BUCKET}"), format!("arn:aws:s3:::{BUCKET}/*")]});
    assert_eq!(rules(json!([wide(), keep_to_bucket.clone()]), &one_bucket()), [""; 0]);
    let elsewhere = grants(&[named("P", wide()), named("Guard", keep_to_bucket)], &one_bucket());
    assert_eq!(elsewhere, []);
    for deny in [
        json!({"Effect": "Deny", "Action": "s3:GetObjectAcl", "Resource": "*"}),
        json!({"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::payroll/*"}),
        json!({"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}),
    ] {
        let lints = grants(&[named("P", json!([wide(), deny.clone()]))], &one_bucket());
        assert_eq!(told(&lints), [("other_buckets", 1, Some(1))], "{deny}");
        assert!(lints[0].what.contains(", apart from what statement 2 of P takes back"), "{}", lints[0].what);
    }
    let spares_another = json!({"Effect": "Deny", "Action": "s3:*", "NotResource": "arn:aws:s3:::payroll/*"});
    assert_eq!(rules(json!([wide(), spares_another.clone()]), &one_bucket()), ["other_buckets"]);
    let both = json!([wide(), spares_another, {"Effect": "Deny", "Action": "*", "NotResource": format!("arn:aws:s3:::{BUCKET}/*")}]);
    assert_eq!(rules(both, &one_bucket()), [""; 0]);
    let pass = || allow(json!("iam:PassRole"), json!("*"));
    let only = |resource: &str| json!({"Effect": "Deny", "Action": "iam:PassRole", "NotResource": resource});
    assert_eq!(rules(json!([pass(), only("arn:aws:iam::111122223333:role/Batch-*")]), &one_bucket()), [""; 0]);
    assert_eq!(rules(json!([pass(), only("arn:aws:iam::111122223333:role/*")]), &one_bucket()), ["passes_any_role"]);
    let unrelated = json!({"Effect": "Deny", "Action": "ec2:*", "Resource": "*"});
    let lints = grants(&[named("P", json!([wide(), unrelated]))], &one_bucket());
    assert!(!lints[0].what.contains("apart from"), "{}", lints[0].what);
}

#[test]
fn overlap_needs_actions_resources_and_conditions_to_cover() {
    let mfa = json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}});
    let with = |action: &str, resource: &str, condition: &Value| json!({"Effect": "Allow", "Action": action, "Resource": resource, "Condition": condition});
    let none = json!({});
    let region = |values: Value| json!({"StringEquals": {"aws:RequestedRegion": values}});
    let not_region = |values: Value| json!({"StringNotEquals": {"aws:RequestedRegion": values}});
    for (narrow, wide, covered) in [
        (with("s3:GetObject", "arn:aws:s3:::a/*", &none), with("s3:Get*", "*", &none), true),
        (with("S3:getobject", "arn:aws:s3:::a/*", &none), with("s3:GetObject", "arn:aws:s3:::*", &none), true),
        (with("s3:GetObject", "arn:aws:s3:::a/*", &none), with("s3:Get*", "arn:aws:s3:::b/*", &none), false),
        (with("s3:GetObject", "*", &none), with("s3:Get*", "arn:aws:s3:::*", &none), false),
        (with("s3:GetObject", "*", &none), with("s3:Get*", "*", &mfa), false),
        (with("s3:GetObject", "*", &mfa), with("s3:Get*", "*", &none), true),
        (with("s3:GetObject", "*", &mfa), with("s3:Get*", "*", &mfa), true),
        (
            with("sqs:*", "*", &region(json!("eu-west-1"))),
            with("sqs:*", "*", &region(json!(["eu-west-1", "us-east-1"]))),
            true,
        ),
        (
            with("sqs:*", "*", &region(json!(["eu-west-1", "us-east-1"]))),
            with("sqs:*", "*", &region(json!("eu-west-1"))),
            false,
        ),
        (with("sqs:*", "*", &not_region(json!(["a", "b"]))), with("sqs:*", "*", &not_region(json!("a"))), true),
        (with("sqs:*", "*", &not_region(json!("a"))), with("sqs:*", "*", &not_region(json!(["a", "b"]))), false),
        (with("sqs:Get*", "*", &none), json!({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}), true),
        (with("iam:Get*", "*", &none), json!({"Effect": "Allow", "NotAction": "iam:Get*", "Resource": "*"}), false),
        (
            with("sqs:Get*", "arn:aws:sqs:*:*:mine", &none),
            json!({"Effect": "Allow", "Action": "sqs:*", "NotResource": "arn:aws:sqs:*:*:yours"}),
            true,
        ),
        (
            with("sqs:Get*", "arn:aws:sqs:*:*:*", &none),
            json!({"Effect": "Allow", "Action": "sqs:*", "NotResource": "arn:aws:sqs:*:*:yours"}),
            false,
        ),
        (
            with("sqs:Get*", "*", &none),
            json!([with("sqs:*", "*", &none), {"Effect": "Deny", "Action": "sqs:GetQueueUrl", "Resource": "*"}]),
            false,
        ),
    ] {
        let set = [named("Wide", wide.clone()), named("Narrow", narrow.clone())];
        let lints = grants(&set, &Boundaries::default());
        let whole = lints.iter().any(|lint| lint.rule == "policy_covered" && lint.policy == "Narrow");
        assert_eq!(whole, covered, "{narrow} in {wide}: {lints:?}");
    }
}

#[test]
fn of_two_that_grant_the_same_the_later_is_told_once() {
    let same = || allow(json!(["sqs:SendMessage", "sqs:ReceiveMessage"]), json!("*"));
    let lints = grants(&[named("A", same()), named("B", same())], &Boundaries::default());
    assert_eq!(told(&lints), [("policy_covered", 2, None)]);
    let guarded = json!([same(), {"Effect": "Deny", "Action": "kms:*", "Resource": "*"}]);
    let lints = grants(&[named("A", same()), named("B", guarded)], &Boundaries::default());
    assert_eq!(told(&lints), [("policy_covered", 1, None)], "B does more than A: it denies");
}

#[test]
fn a_policy_that_says_a_thing_twice_is_told() {
    let here = json!("arn:aws:s3:::a/*");
    for (statements, expected) in [
        (allow(json!(["s3:GetObject", "s3:getobject"]), json!("*")), vec![("action_twice", vec!["s3:getobject"])]),
        (allow(json!(["s3:GetObject", "s3:Get*"]), json!("*")), vec![("action_covered", vec!["s3:GetObject"])]),
        (
            json!([allow(json!("s3:GetObject"), here.clone()), allow(json!("s3:GetObject"), json!("*"))]),
            vec![("action_twice", vec!["s3:GetObject"])],
        ),
        (json!([allow(json!("s3:GetObject"), here), allow(json!("s3:GetObject"), json!("arn:aws:s3:::b/*"))]), vec![]),
        (allow(json!(["s3:Get*", "s3:*Object"]), json!("*")), vec![]),
    ] {
        let lints = grants(&[named("P", statements.clone())], &Boundaries::default());
        let found: Vec<_> =
            lints.iter().map(|lint| (lint.rule, lint.actions.iter().map(String::as_str).collect())).collect();
        assert_eq!(found, expected, "{statements}");
    }
}

#[test]
fn what_is_allowed_at_all_is_listed_once() {
    let actions = effective_actions(&megatests());
    assert!(actions.contains(&"s3:Get*".to_owned()) && actions.contains(&"s3:PutObject".to_owned()));
    assert!(!actions.contains(&"s3:GetObject".to_owned()), "s3:Get* holds it");
    assert!(!actions.iter().any(|action| action.starts_with("efs:")));
    assert_eq!(actions.len(), 46 - 9 + 28 - 3 + 3, "{actions:?}");
    let denied = json!([allow(json!(["sqs:*", "ec2:RunInstances"]), json!("*")), {"Effect": "Deny", "Action": "sqs:*", "Resource": "*"}]);
    assert_eq!(effective_actions(&[named("P", denied)]), ["ec2:RunInstances"]);
}

#[test]
fn names_from_elsewhere_are_safe_to_print() {
    let hostile = named("evil\u{1b}[2J", allow(json!("e\u{7}fs:Run\u{1b}]0;x"), json!("arn:aws:s3:::\u{1b}[31m")));
    for lint in grants(&[hostile.clone(), hostile], &one_bucket()) {
        assert!(
            !crate::values::text::has_unsafe(&lint.what) && !crate::values::text::has_unsafe(&lint.cure),
            "{lint:?}"
        );
    }
}
