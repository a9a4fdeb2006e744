//! Laws: no overlap is claimed that the evaluator does not bear out.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::*;
use crate::policy::{Authorization, Context, Policy, Query, authorize};
use crate::values::PrincipalArn;

const ACTIONS: [&str; 6] =
    ["s3:GetObject", "s3:GetObjectAcl", "s3:PutObject", "s3:ListBucket", "sqs:SendMessage", "iam:PassRole"];
const RESOURCES: [&str; 6] = [
    "*",
    "arn:aws:s3:::a/x",
    "arn:aws:s3:::b/alice",
    "arn:aws:s3:::a",
    "arn:aws:sqs:eu-west-1:111122223333:q",
    "arn:aws:iam::111122223333:role/r",
];

fn actions() -> impl Strategy<Value = Value> {
    let one = select(vec![
        "s3:GetObject",
        "s3:Get*",
        "s3:*Object",
        "S3:getobject*",
        "s3:*",
        "*",
        "s3:ListBucket",
        "s3:PutObject",
        "sqs:*",
        "iam:Pass?ole",
        "efs:Run",
    ]);
    vec(one, 1..4).prop_map(|list| json!(list))
}

fn resources() -> impl Strategy<Value = Value> {
    let one = select(vec![
        "*",
        "arn:aws:s3:::*",
        "arn:aws:s3:::a/*",
        "arn:aws:s3:::a*",
        "arn:aws:s3:::b/${aws:username}",
        "arn:aws:s3",
        "arn:aws:sqs:*:*:q",
        "arn:aws:iam::111122223333:role/*",
    ]);
    vec(one, 1..3).prop_map(|list| json!(list))
}

fn condition() -> impl Strategy<Value = Value> {
    let one = select(vec![
        json!({"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}),
        json!({"StringEquals": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}}),
        json!({"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}),
        json!({"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}}),
        json!({"StringEqualsIfExists": {"aws:RequestedRegion": "us-east-1"}}),
        json!({"Null": {"aws:RequestedRegion": "true"}}),
        json!({"Unheard": {"of": "it"}}),
        json!({"StringLike": {"aws:username": "al*"}, "StringEquals": {"aws:RequestedRegion": "eu-west-1"}}),
    ]);
    prop_oneof![3 => Just(json!({})), 1 => one]
}

/// `weight`: how often it has a `NotAction`.
fn statement(weight: f64) -> impl Strategy<Value = Value> {
    let parts = (
        prop::bool::weighted(0.85),
        prop::bool::weighted(weight),
        prop::bool::weighted(0.15),
        actions(),
        resources(),
        condition(),
    );
    parts.prop_map(|(allows, not_action, not_resource, actions, resources, condition)| {
        let action = if not_action { "NotAction" } else { "Action" };
        let resource = if not_resource { "NotResource" } else { "Resource" };
        json!({"Effect": if allows { "Allow" } else { "Deny" }, action: actions, resource: resources, "Condition": condition})
    })
}

fn policy(name: &'static str, weight: f64) -> impl Strategy<Value = NamedPolicy> {
    (select(vec!["2012-10-17", "2008-10-17"]), vec(statement(weight), 1..3)).prop_map(move |(version, statements)| {
        let policy = Policy::from_json(&json!({"Version": version, "Statement": statements})).unwrap();
        NamedPolicy { name: name.into(), policy }
    })
}

/// A policy, and one with its statements and perhaps more.
fn policy_and_more() -> impl Strategy<Value = (NamedPolicy, NamedPolicy)> {
    let more = (policy("A", 0.15), vec(statement(0.15), 0..2));
    more.prop_map(|(less, more)| {
        let mut document = less.policy.to_json();
        document["Statement"].as_array_mut().unwrap().extend(more);
        (less, NamedPolicy { name: "B".into(), policy: Policy::from_json(&document).unwrap() })
    })
}

fn pair() -> impl Strategy<Value = (NamedPolicy, NamedPolicy)> {
    prop_oneof![(policy("A", 0.15), policy("B", 0.15)), policy_and_more()]
}

fn allows(policies: &[NamedPolicy], action: &str, resource: &str, region: Option<&str>) -> Authorization {
    let principal = PrincipalArn::parse("arn:aws:iam::111122223333:user/alice").unwrap();
    let mut context = Context::new();
    context.set("aws:username", "alice");
    if let Some(region) = region {
        context.set("aws:RequestedRegion", region);
    }
    authorize(policies, None, &Query { principal: &principal, action, resource, context: &context })
}

/// What a call may be made of.
fn probes() -> impl Iterator<Item = (&'static str, &'static str, Option<&'static str>)> {
    let regions = [None, Some("eu-west-1"), Some("us-east-1"), Some("ap-south-1")];
    let each = ACTIONS.into_iter().flat_map(|action| RESOURCES.map(|resource| (action, resource)));
    each.flat_map(move |(action, resource)| regions.map(|region| (action, resource, region)))
}

fn matches_one(actions: &[String], action: &str) -> bool {
    let lower = action.to_ascii_lowercase();
    actions.iter().any(|one| crate::policy::pattern::matches(&one.to_ascii_lowercase(), &lower))
}

proptest! {
    #[test]
    fn what_is_said_to_be_allowed_by_another_too_is((a, b) in pair()) {
        let set = [a, b];
        for lint in grants(&set, &Boundaries::default()) {
            if !matches!(lint.rule, "policy_covered" | "policy_overlaps") {
                continue;
            }
            let [mine, other] = if lint.index == 0 { [&set[0], &set[1]] } else { [&set[1], &set[0]] };
            for (action, resource, region) in probes() {
                if lint.rule == "policy_overlaps" {
                    // Each pattern that it names is allowed by the other wherever this policy allows that pattern.
                    let only = of_patterns(mine, &lint.actions);
                    if matches_one(&lint.actions, action)
                        && allows(std::slice::from_ref(&only), action, resource, region) == Authorization::Allowed
                    {
                        let said = allows(std::slice::from_ref(other), action, resource, region);
                        prop_assert_eq!(said, Authorization::Allowed, "{} on {} in {:?}", action, resource, region);
                    }
                } else if allows(std::slice::from_ref(mine), action, resource, region) == Authorization::Allowed {
                    let said = allows(std::slice::from_ref(other), action, resource, region);
                    prop_assert_eq!(said, Authorization::Allowed, "{} on {} in {:?}", action, resource, region);
                }
            }
        }
    }

    #[test]
    fn without_a_covered_policy_as_much_is_allowed((a, b) in pair()) {
        let set = [a, b];
        for lint in grants(&set, &Boundaries::default()).iter().filter(|lint| lint.rule == "policy_covered") {
            let rest = &set[1 - lint.index..2 - lint.index];
            for (action, resource, region) in probes() {
                if allows(&set, action, resource, region) == Authorization::Allowed {
                    prop_assert_eq!(allows(rest, action, resource, region), Authorization::Allowed);
                }
            }
        }
    }

    #[test]
    fn where_nothing_is_told_s3_keeps_to_the_bucket(a in policy("A", 0.0), b in policy("B", 0.0), bucket in select(vec!["a", "b"])) {
        let set = [a, b];
        let wants = Boundaries { buckets: Some(vec![bucket.into()]), ..Boundaries::default() };
        let told = grants(&set, &wants);
        if !told.iter().any(|lint| matches!(lint.rule, "other_buckets" | "every_action" | "not_action" | "not_resource")) {
            let inside = [format!("arn:aws:s3:::{bucket}"), format!("arn:aws:s3:::{bucket}/")];
            for (action, resource, region) in probes() {
                let beyond = resource.starts_with("arn:aws:s3:") && resource != inside[0] && !resource.starts_with(&inside[1]);
                if beyond && action.starts_with("s3:") {
                    prop_assert_ne!(allows(&set, action, resource, region), Authorization::Allowed, "{} on {}", action, resource);
                }
            }
        }
    }

    #[test]
    fn what_is_allowed_is_among_the_effective_actions(a in policy("A", 0.0), b in policy("B", 0.0)) {
        let set = [a, b];
        let effective = effective_actions(&set);
        for (action, resource, region) in probes() {
            if allows(&set, action, resource, region) == Authorization::Allowed {
                prop_assert!(matches_one(&effective, action), "{action} is not in {effective:?}");
            }
        }
    }
}

/// The policy with no other actions than these under its Allows, and without its Denies.
fn of_patterns(policy: &NamedPolicy, actions: &[String]) -> NamedPolicy {
    let mut document = policy.policy.to_json();
    let statements = document["Statement"].as_array_mut().unwrap();
    statements.retain(|statement| statement["Effect"] == "Allow" && statement.get("Action").is_some());
    for statement in statements {
        let list = statement["Action"].as_array_mut().unwrap();
        list.retain(|one| actions.iter().any(|action| action.eq_ignore_ascii_case(one.as_str().unwrap())));
    }
    NamedPolicy { name: policy.name.clone(), policy: Policy::from_json(&document).unwrap() }
}

/// The laws would hold of lints that never speak: they speak often.
#[test]
fn the_laws_have_something_to_hold() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut covered, mut overlaps) = (0, 0);
    for _ in 0..400 {
        let (a, b) = pair().new_tree(&mut runner).unwrap().current();
        for lint in grants(&[a, b], &Boundaries::default()) {
            covered += usize::from(lint.rule == "policy_covered");
            overlaps += usize::from(lint.rule == "policy_overlaps");
        }
    }
    assert!(covered > 40 && overlaps > 40, "{covered} and {overlaps}");
}
