use serde_json::json;

use super::*;
use crate::values::PrincipalArn;

const CALLER: &str = "arn:aws:sts::111111111111:assumed-role/Caller/s1";
const ROLE: &str = "arn:aws:iam::222222222222:role/Target";

fn policy(statements: &Value) -> Policy {
    Policy::from_json(&json!({"Version": "2012-10-17", "Statement": statements})).unwrap()
}

fn of_trust(statements: &Value) -> Vec<TooOpen> {
    let mut case = Case::new(PrincipalArn::parse(CALLER).unwrap(), ROLE);
    case.trust = Readable::Read(Some(policy(statements)));
    openness(&case)
}

fn of_caller(statements: &Value) -> Vec<TooOpen> {
    let mut case = Case::new(PrincipalArn::parse(CALLER).unwrap(), ROLE);
    let named = NamedPolicy { name: "inline policy Assume".into(), policy: policy(statements) };
    case.identity = Readable::Read(vec![named]);
    openness(&case)
}

fn rules(found: &[TooOpen]) -> Vec<(&'static str, Weight)> {
    found.iter().map(|one| (one.rule, one.weight)).collect()
}

fn trust(changes: &Value) -> Value {
    let mut statement = json!({"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111111111111:role/Caller"}, "Action": "sts:AssumeRole"});
    for (element, value) in changes.as_object().unwrap() {
        statement[element] = value.clone();
    }
    statement
}

const WARNING: Weight = Weight::Warning;
const INFO: Weight = Weight::Info;

#[test]
fn whom_a_trust_policy_lets_in_beside_the_caller() {
    for (changes, expected) in [
        (json!({}), vec![]),
        (json!({"Principal": "*"}), vec![("open_to_everyone", WARNING)]),
        (json!({"Principal": {"AWS": ["*"]}}), vec![("open_to_everyone", WARNING)]),
        (json!({"Principal": "*", "Effect": "Deny"}), vec![]),
        (json!({"Principal": "*", "Action": "sts:TagSession"}), vec![]),
        (
            json!({"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}),
            vec![("organization_wide", INFO)],
        ),
        (
            json!({"Principal": "*", "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111111111111:role/*"}}}),
            vec![("everyone_under_condition", INFO)],
        ),
        (
            json!({"Principal": "*", "Condition": {"StringEquals": {"sts:ExternalId": "x"}}}),
            vec![("everyone_by_own_choice", WARNING)],
        ),
        (
            json!({"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "red"}}}),
            vec![("everyone_by_own_choice", WARNING)],
        ),
        (
            json!({"Principal": "*", "Condition": {"StringNotEquals": {"aws:PrincipalAccount": "333333333333"}}}),
            vec![("everyone_by_own_choice", WARNING)],
        ),
        (
            json!({"Principal": "*", "Condition": {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}}),
            vec![("everyone_by_own_choice", WARNING), ("passes_when_absent", WARNING)],
        ),
        (
            json!({"Principal": "*", "Condition": {"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-1/r-1/ou-1/*"}}}),
            vec![("everyone_by_own_choice", WARNING), ("passes_when_absent", WARNING)],
        ),
        (
            json!({"Principal": "*", "Condition": {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1/r-1/ou-1/*"}}}),
            vec![("organization_wide", INFO)],
        ),
        (json!({"Principal": {"AWS": "222222222222"}}), vec![("own_account", INFO)]),
        (
            json!({"Principal": {"AWS": "arn:aws:iam::222222222222:root"}, "Condition": {"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::222222222222:role/x"}}}),
            vec![("own_account", INFO)],
        ),
        (json!({"Principal": {"AWS": "111111111111"}}), vec![("account_without_external_id", WARNING)]),
        (
            json!({"Principal": {"AWS": ["arn:aws:iam::111111111111:root", "222222222222"]}}),
            vec![("account_without_external_id", WARNING), ("own_account", INFO)],
        ),
        (
            json!({"Principal": {"AWS": "111111111111"}, "Condition": {"StringEquals": {"sts:ExternalId": "x"}}}),
            vec![("foreign_account", INFO)],
        ),
        (
            json!({"Principal": {"AWS": "111111111111"}, "Condition": {"StringNotEquals": {"sts:ExternalId": "x"}}}),
            vec![("account_without_external_id", WARNING)],
        ),
        (
            json!({"Principal": {"AWS": "111111111111"}, "Condition": {"StringLike": {"sts:ExternalId": "*"}}}),
            vec![("account_without_external_id", WARNING), ("condition_never_restricts", WARNING)],
        ),
        (
            json!({"Principal": {"AWS": [CALLER, "arn:aws:iam::333333333333:user/bob"]}}),
            vec![("foreign_principal", INFO)],
        ),
        (json!({"Principal": {"AWS": "arn:aws:iam::222222222222:role/Own"}}), vec![]),
        (json!({"Principal": {"AWS": "AROAEXAMPLEEXAMPLE123"}}), vec![]),
        (json!({"Action": "*"}), vec![("action_wildcard", INFO)]),
        (json!({"Action": "sts:Assume*"}), vec![]),
    ] {
        assert_eq!(rules(&of_trust(&trust(&changes))), expected, "{changes}");
    }
    let not = json!({"Effect": "Allow", "NotPrincipal": {"AWS": "333333333333"}, "NotAction": "iam:*"});
    assert_eq!(rules(&of_trust(&not)), [("not_principal_allow", WARNING), ("not_action_allow", WARNING)]);
}

#[test]
fn conditions_that_keep_nobody_out_are_told() {
    for (condition, expected) in [
        (json!({"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}), vec![("mfa_if_exists", WARNING)]),
        (json!({"NumericLessThanIfExists": {"aws:MultiFactorAuthAge": "3600"}}), vec![("mfa_if_exists", WARNING)]),
        (json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}}), vec![]),
        (json!({"StringEqualsIfExists": {"sts:ExternalId": "x"}}), vec![("passes_when_absent", WARNING)]),
        (json!({"IpAddressIfExists": {"aws:SourceIp": "10.0.0.0/8"}}), vec![("passes_when_absent", INFO)]),
        (json!({"ArnLikeIfExists": {"aws:PrincipalArn": "arn:aws:iam::111111111111:role/x"}}), vec![]),
        (json!({"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}), vec![]),
        (
            json!({"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "0.0.0.0/0"]}}),
            vec![("condition_never_restricts", WARNING)],
        ),
        (json!({"StringLike": {"aws:PrincipalOrgID": "*"}}), vec![("condition_never_restricts", WARNING)]),
        // An asterisk is only a wildcard where the operator says so.
        (json!({"StringEquals": {"sts:ExternalId": "*"}}), vec![]),
        (
            json!({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}}),
            vec![("condition_never_restricts", WARNING)],
        ),
        (json!({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/Deploy"}}), vec![]),
        (json!({"StringNotLike": {"aws:PrincipalArn": "*"}}), vec![]),
    ] {
        assert_eq!(rules(&of_trust(&trust(&json!({"Condition": condition})))), expected, "{condition}");
    }
}

#[test]
fn services_are_asked_for_whom_they_call() {
    for (service, condition, expected) in [
        ("ecs-tasks.amazonaws.com", json!({}), vec![("service_without_source", INFO)]),
        ("ecs-tasks.amazonaws.com", json!({"StringEquals": {"aws:SourceAccount": "222222222222"}}), vec![]),
        (
            "ecs-tasks.amazonaws.com",
            json!({"ArnLike": {"aws:SourceArn": "arn:aws:ecs:eu-west-1:222222222222:*"}}),
            vec![],
        ),
        ("ec2.amazonaws.com", json!({}), vec![]),
    ] {
        let changes = json!({"Principal": {"Service": service}, "Condition": condition});
        assert_eq!(rules(&of_trust(&trust(&changes))), expected, "{changes}");
    }
}

/// "Allow everybody, deny all who are not of the organization" is a usual form, and no open door.
#[test]
fn a_deny_for_the_rest_makes_it_an_information() {
    let deny = json!({"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole", "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}});
    let found = of_trust(&json!([trust(&json!({"Principal": "*"})), deny]));
    assert_eq!(rules(&found), [("open_to_everyone", INFO)]);
    assert!(found[0].what.ends_with("; statement 2 denies some of them."), "{}", found[0].what);
    let other = json!({"Effect": "Deny", "Principal": "*", "Action": "sts:TagSession", "Condition": {"Null": {"aws:TagKeys": "true"}}});
    assert_eq!(rules(&of_trust(&json!([trust(&json!({"Principal": "*"})), other]))), [("open_to_everyone", WARNING)]);
}

#[test]
fn which_roles_the_caller_may_assume_beside_this_one() {
    for (resource, expected) in [
        (ROLE, vec![]),
        ("*", vec![("assumes_any_role", WARNING)]),
        ("arn:aws:iam::*:role/*", vec![("assumes_any_role", WARNING)]),
        ("arn:aws:iam::*", vec![("assumes_any_role", WARNING)]),
        ("arn:aws:iam::222222222222:role/*", vec![("assumes_all_roles", WARNING)]),
        ("arn:aws:iam::222222222222:*", vec![("assumes_all_roles", WARNING)]),
        ("arn:aws:iam::*:role/Deploy", vec![("assumes_in_any_account", WARNING)]),
        ("arn:aws:iam::222222222222:role/team/*", vec![("assumes_a_pattern", INFO)]),
        ("arn:aws:s3:::*", vec![]),
        ("arn:aws:iam::222222222222:user/*", vec![]),
    ] {
        let statement = json!({"Effect": "Allow", "Action": ["STS:Assume*"], "Resource": resource});
        assert_eq!(rules(&of_caller(&statement)), expected, "{resource}");
    }
    for (statement, expected) in [
        (
            json!({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}),
            vec![("assumes_any_role", INFO)],
        ),
        (json!({"Effect": "Allow", "Action": "*", "Resource": "*"}), vec![("assumes_any_role", INFO)]),
        (json!({"Effect": "Allow", "Action": "sts:*", "Resource": "*"}), vec![("assumes_any_role", WARNING)]),
        (json!({"Effect": "Deny", "Action": "*", "Resource": "*"}), vec![]),
        (json!({"Effect": "Allow", "Action": "s3:*", "Resource": "*"}), vec![]),
        (json!({"Effect": "Allow", "NotAction": "sts:*", "Resource": "*"}), vec![]),
        (
            json!({"Effect": "Allow", "NotAction": "iam:*", "NotResource": "arn:aws:iam::1:role/x"}),
            vec![("not_action_allow", WARNING), ("not_resource_allow", WARNING)],
        ),
    ] {
        assert_eq!(rules(&of_caller(&statement)), expected, "{statement}");
    }
}

#[test]
fn each_says_where_what_and_which_page() {
    let found = of_trust(&json!([
        trust(&json!({"Principal": {"AWS": "222222222222"}})),
        trust(&json!({"Sid": "Part\u{1b}ners", "Principal": {"AWS": "333333333333"}, "Action": "sts:*"})),
    ]));
    let lines: Vec<(&str, usize, &str)> =
        found.iter().map(|one| (one.rule, one.statement, one.what.as_str())).collect();
    assert_eq!(
        lines,
        [
            (
                "account_without_external_id",
                1,
                "Statement 2 (Sid Part\\u{1b}ners) of the trust policy trusts everybody whom account 3333-3333-3333 permits, and asks for no external ID."
            ),
            (
                "own_account",
                0,
                "Statement 1 of the trust policy trusts the whole account 2222-2222-2222: whoever is permitted there to call sts:AssumeRole on the role gets in, administrators among them."
            ),
            (
                "action_wildcard",
                1,
                "Statement 2 (Sid Part\\u{1b}ners) of the trust policy allows sts:*, and with it sts:TagSession and sts:SetSourceIdentity: callers choose the tags and the source identity of their session."
            ),
        ]
    );
    for one in &found {
        assert!(one.cure.ends_with('.') && one.page.url.starts_with("https://docs.aws.amazon.com/"), "{one:?}");
    }
    let found = of_caller(&json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}));
    assert!(
        found[0].what.starts_with("Statement 1 of the caller's policy inline policy Assume allows"),
        "{}",
        found[0].what
    );
}

#[test]
fn what_could_not_be_read_is_not_judged() {
    let case = Case::new(PrincipalArn::parse(CALLER).unwrap(), ROLE);
    assert_eq!(openness(&case), []);
    let mut case = Case::new(PrincipalArn::parse(CALLER).unwrap(), "arn:aws:iam:222222222222:role/Target");
    case.trust =
        Readable::Read(Some(policy(&trust(&json!({"Principal": {"AWS": "arn:aws:iam::333333333333:user/bob"}})))));
    assert_eq!(openness(&case), [], "whose account is foreign is not known for a malformed role");
}

/// The pages are those of the causes and findings: one title has one address everywhere.
#[test]
fn pages_are_written_as_in_the_causes() {
    let written = concat!(include_str!("../../../../assets/causes.md"), include_str!("../../../../assets/findings.md"));
    for page in [
        pages::PRINCIPAL,
        pages::NOT_PRINCIPAL,
        pages::RESOURCE,
        pages::SWITCH,
        pages::OPERATORS,
        pages::KEYS,
        pages::THIRD_PARTIES,
        pages::SESSION_TAGS,
        pages::MFA,
    ] {
        assert!(
            written.contains(&format!("{}, \"{}\"", page.guide, page.title)) && written.contains(page.url),
            "{page}"
        );
    }
}
