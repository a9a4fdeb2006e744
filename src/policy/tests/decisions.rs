//! Whole decisions by table: a base case that is allowed, and what becomes of it when parts change.

use serde_json::{Value, json};

use crate::policy::{CAUSES, Case, Decision, evaluate};

pub(super) const USER: &str = "arn:aws:iam::111111111111:user/alice";
pub(super) const SESSION: &str = "arn:aws:sts::111111111111:assumed-role/Caller/s1";
pub(super) const ROLE: &str = "arn:aws:iam::111111111111:role/Caller";
const ROOT: &str = "arn:aws:iam::111111111111:root";
pub(super) const THERE: &str = "arn:aws:iam::222222222222:role/Target";
pub(super) const HERE: &str = "arn:aws:iam::111111111111:role/Target";

/// A part of a case that is taken out: not known.
const UNREAD: &str = "unread";

fn policy(statements: Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn allow(action: &str) -> Value {
    policy(json!({"Effect": "Allow", "Action": action, "Resource": "*"}))
}

fn deny(action: &str) -> Value {
    policy(json!([
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": action, "Resource": "*"}
    ]))
}

fn deny_anybody(action: &str) -> Value {
    policy(json!({"Effect": "Deny", "Principal": "*", "Action": action, "Resource": "*"}))
}

fn trust(principal: &str) -> Value {
    policy(json!({"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}))
}

fn trust_if(condition: Value) -> Value {
    policy(json!({"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "sts:AssumeRole", "Condition": condition}))
}

fn levels(policies: &[Value]) -> Value {
    policies.iter().map(|one| json!({"target": "t", "policies": [{"name": "P", "policy": one}]})).collect()
}

/// Everything is read, and both sides allow.
pub(super) fn base(caller: &str, role: &str) -> Value {
    json!({
        "caller_arn": caller, "role_arn": role, "trust_policy": trust(ROOT), "identity_policies": [allow("sts:AssumeRole")],
        "permission_boundary": null, "session_policy": null, "scps": [], "rcps": [], "max_session_duration": 3600,
        "request": {"session_name": "diag", "mfa": false},
    })
}

/// A case with fields of it replaced, taken out, or in the request added.
pub(super) fn changed(case: Value, changes: &Value) -> Case {
    Case::from_json(&with_changes(case, changes)).unwrap()
}

pub(super) fn with_changes(mut case: Value, changes: &Value) -> Value {
    for (field, value) in changes.as_object().unwrap() {
        if value == UNREAD {
            case.as_object_mut().unwrap().remove(field);
        } else if field == "request" {
            let request = case["request"].as_object_mut().unwrap();
            request.extend(value.as_object().unwrap().clone());
        } else {
            case[field] = value.clone();
        }
    }
    case
}

fn decide(caller: &str, role: &str, changes: &Value) -> Decision {
    let decision = evaluate(&changed(base(caller, role), changes), "2026-11-21T12:00:00Z".parse().unwrap());
    assert!(CAUSES.contains(&decision.cause.0), "{}", decision.cause.0);
    assert!(decision.summary.ends_with('.') && !decision.summary.contains("  "), "{}", decision.summary);
    decision
}

/// "deny trust,identity: cause", "unknown/allow: cause".
fn answer(decision: &Decision) -> String {
    let value = serde_json::to_value(decision).unwrap();
    let blocked: Vec<&str> = decision.blocked_by.iter().map(|layer| layer.word()).collect();
    let leaning = value.get("leaning").and_then(Value::as_str).map(|lean| format!("/{lean}")).unwrap_or_default();
    let blocked = if blocked.is_empty() { String::new() } else { format!(" {}", blocked.join(",")) };
    format!("{}{leaning}{blocked}: {}", value["verdict"].as_str().unwrap(), decision.cause.0)
}

#[track_caller]
fn check(rows: &[(&str, &str, Value, &str)]) {
    let mut wrong = Vec::new();
    for (caller, role, changes, expected) in rows {
        let decision = decide(caller, role, changes);
        if answer(&decision) != *expected {
            wrong.push(format!("{changes}\n   is {}, not {expected}\n   {}", answer(&decision), decision.summary));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_way_a_caller_is_named_decides_what_else_must_allow() {
    let s3 = allow("s3:*");
    let row = |caller, named: &str, layer: &str, value: &Value, expected| {
        (caller, HERE, json!({"trust_policy": trust(named), layer: value}), expected)
    };
    let none = json!([]);
    check(&[
        row(USER, USER, "identity_policies", &none, "allow: ok"),
        row(USER, ROOT, "identity_policies", &none, "deny identity: identity_missing"),
        row(USER, "*", "identity_policies", &none, "allow: ok"),
        row(SESSION, SESSION, "identity_policies", &none, "allow: ok"),
        row(SESSION, ROLE, "identity_policies", &none, "allow: ok"),
        row(SESSION, ROOT, "identity_policies", &none, "deny identity: identity_missing"),
        row(ROLE, ROLE, "identity_policies", &none, "allow: ok"),
        row(USER, USER, "permission_boundary", &s3, "allow: ok"),
        row(USER, ROOT, "permission_boundary", &s3, "deny boundary: permission_boundary"),
        row(SESSION, SESSION, "permission_boundary", &s3, "allow: ok"),
        row(SESSION, ROLE, "permission_boundary", &s3, "deny boundary: permission_boundary"),
        row(ROLE, ROLE, "permission_boundary", &s3, "deny boundary: permission_boundary"),
        row(SESSION, SESSION, "session_policy", &s3, "allow: ok"),
        row(SESSION, ROLE, "session_policy", &s3, "deny session: session_policy"),
        row(SESSION, "*", "session_policy", &s3, "deny session: session_policy"),
        // An explicit deny stops every one of them.
        row(USER, USER, "identity_policies", &json!([deny("sts:*")]), "deny identity: explicit_deny_identity"),
        row(USER, USER, "permission_boundary", &deny("sts:*"), "deny boundary: permission_boundary"),
        row(SESSION, SESSION, "session_policy", &deny("sts:*"), "deny session: session_policy"),
    ]);
    let across = |named: &str, layer: &str, value: &Value, expected| {
        (USER, THERE, json!({"trust_policy": trust(named), layer: value}), expected)
    };
    check(&[
        across(USER, "identity_policies", &none, "deny identity: identity_missing"),
        across("*", "identity_policies", &none, "deny identity: identity_missing"),
        across(USER, "permission_boundary", &s3, "deny boundary: permission_boundary"),
        across("222222222222", "identity_policies", &none, "deny trust,identity: principal_wrong_account"),
    ]);
}

#[test]
fn every_layer_that_refuses_is_named_and_a_deny_leads() {
    check(&[
        (
            USER,
            THERE,
            json!({"trust_policy": trust("222222222222"), "identity_policies": [], "permission_boundary": allow("s3:*"),
                "scps": levels(&[allow("*"), allow("s3:*")]), "rcps": levels(&[deny_anybody("sts:AssumeRole")])}),
            "deny trust,identity,boundary,scp,rcp: rcp_explicit_deny",
        ),
        (
            USER,
            THERE,
            json!({"trust_policy": trust("222222222222"), "identity_policies": [deny("sts:*")]}),
            "deny trust,identity: explicit_deny_identity",
        ),
        (
            USER,
            THERE,
            json!({"identity_policies": [], "request": {"duration_seconds": 600}}),
            "deny request,identity: duration_under_min",
        ),
        (USER, THERE, json!({"scps": levels(&[allow("*"), deny("sts:*")])}), "deny scp: scp_explicit_deny"),
        (USER, THERE, json!({"scps": levels(&[allow("*"), allow("sts:*")])}), "allow: ok"),
        (USER, THERE, json!({"scps": [{"target": "t", "policies": []}]}), "deny scp: scp_implicit_deny"),
        // A boundary is a limit, not a grant; RCPs need no Allow.
        (
            USER,
            THERE,
            json!({"identity_policies": [], "permission_boundary": allow("*")}),
            "deny identity: identity_missing",
        ),
        (USER, THERE, json!({"rcps": levels(&[deny_anybody("s3:*")])}), "allow: ok"),
    ]);
}

#[test]
fn rcps_name_their_principals() {
    let rcp = |condition: Value| {
        policy(
            json!({"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole", "Resource": "*", "Condition": condition}),
        )
    };
    let outside = json!({"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-aaaaaaaaaa"}});
    check(&[
        (USER, THERE, json!({"rcps": levels(&[rcp(outside.clone())])}), "unknown/none: condition_undecided"),
        (
            USER,
            THERE,
            json!({"rcps": levels(&[rcp(outside.clone())]), "extra_context": {"aws:PrincipalOrgID": "o-bbbbbbbbbb"}}),
            "deny rcp: rcp_explicit_deny",
        ),
        (
            USER,
            THERE,
            json!({"rcps": levels(&[rcp(outside)]), "extra_context": {"aws:PrincipalOrgID": "o-aaaaaaaaaa"}}),
            "allow: ok",
        ),
    ]);
}

#[test]
fn scps_and_rcps_spare_service_linked_roles() {
    let linked = "arn:aws:sts::111111111111:assumed-role/AWSServiceRoleForSupport/s1";
    check(&[(linked, THERE, json!({"scps": levels(&[deny("*")]), "rcps": levels(&[deny_anybody("*")])}), "allow: ok")]);
}

#[test]
fn what_is_unread_leaves_the_verdict_open_unless_the_rest_decides() {
    let unread = |fields: &[&str]| fields.iter().map(|field| ((*field).to_owned(), json!(UNREAD))).collect::<Value>();
    let with = |mut changes: Value, field: &str, value: Value| {
        changes[field] = value;
        changes
    };
    check(&[
        (USER, THERE, unread(&["scps", "rcps"]), "unknown/allow: scp_unreadable"),
        (USER, HERE, unread(&["scps", "rcps", "permission_boundary"]), "unknown/allow: scp_unreadable"),
        (USER, THERE, unread(&["rcps"]), "unknown/allow: scp_unreadable"),
        (USER, THERE, unread(&["permission_boundary"]), "unknown/allow: caller_policies_unreadable"),
        (SESSION, THERE, unread(&["session_policy"]), "unknown/allow: caller_policies_unreadable"),
        // No session policy is possible, or none is to be expected.
        (USER, THERE, unread(&["session_policy"]), "allow: ok"),
        (ROLE, THERE, unread(&["session_policy"]), "allow: ok"),
        (USER, THERE, unread(&["trust_policy"]), "unknown/none: trust_policy_unreadable"),
        (USER, THERE, unread(&["identity_policies"]), "unknown/none: caller_policies_unreadable"),
        (
            USER,
            THERE,
            unread(&["trust_policy", "identity_policies", "scps", "rcps", "permission_boundary"]),
            "unknown/none: trust_policy_unreadable",
        ),
        // Across accounts one refusal is enough.
        (
            USER,
            THERE,
            with(unread(&["identity_policies", "scps", "rcps"]), "trust_policy", trust("222222222222")),
            "deny trust: principal_wrong_account",
        ),
        (
            USER,
            THERE,
            with(unread(&["trust_policy", "scps", "rcps"]), "identity_policies", json!([])),
            "deny identity: identity_missing",
        ),
        // Within one account the trust policy may still name the user itself.
        (
            USER,
            HERE,
            with(unread(&["trust_policy"]), "identity_policies", json!([])),
            "unknown/deny: trust_policy_unreadable",
        ),
        (
            USER,
            HERE,
            with(unread(&["trust_policy"]), "identity_policies", json!([deny("sts:AssumeRole")])),
            "deny identity: explicit_deny_identity",
        ),
        // A Deny may hide in what was not read.
        (
            USER,
            HERE,
            with(unread(&["identity_policies"]), "trust_policy", trust(USER)),
            "unknown/none: caller_policies_unreadable",
        ),
        (USER, THERE, with(unread(&["scps"]), "trust_policy", json!(null)), "deny request: role_not_found"),
    ]);
    let decision = decide(USER, THERE, &unread(&["scps", "rcps"]));
    assert_eq!(
        decision.summary,
        "Allowed by everything readable; not read: the SCPs of 1111-1111-1111 and the RCPs of 2222-2222-2222."
    );
    let needs: Vec<&str> = decision.unknowns.iter().map(|unknown| unknown.needs.as_str()).collect();
    assert_eq!(needs, ["organizations:DescribePolicy"; 2]);
}

#[test]
fn tags_and_source_identity_need_their_own_permission_on_both_sides() {
    let both = |action: &str| {
        policy(json!({"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": ["sts:AssumeRole", action]}))
    };
    let tags = json!({"tags": {"team": "red"}});
    let identity = json!({"source_identity": "alice"});
    check(&[
        (USER, THERE, json!({"request": tags}), "deny trust,identity: tag_session_missing_trust"),
        (
            USER,
            THERE,
            json!({"request": tags, "trust_policy": both("sts:TagSession")}),
            "deny identity: tag_session_missing_identity",
        ),
        (
            USER,
            THERE,
            json!({"request": tags, "trust_policy": both("sts:TagSession"), "identity_policies": [allow("sts:*")]}),
            "allow: ok",
        ),
        (
            USER,
            THERE,
            json!({"request": {"transitive_tag_keys": ["team"]}, "identity_policies": [allow("sts:*")]}),
            "deny trust: tag_session_missing_trust",
        ),
        (
            USER,
            THERE,
            json!({"request": identity, "identity_policies": [allow("sts:*")]}),
            "deny trust: set_source_identity_missing",
        ),
        (
            USER,
            THERE,
            json!({"extra_context": {"aws:SourceIdentity": "bob"}, "identity_policies": [allow("sts:*")]}),
            "deny trust: set_source_identity_missing",
        ),
        (
            USER,
            THERE,
            json!({"request": {"tags": {"team": "red", "cost": "1"}}, "identity_policies": [allow("sts:*")],
                "trust_policy": policy(json!({"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "sts:*",
                    "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}}))}),
            "deny trust: tag_keys_not_allowed",
        ),
    ]);
}

#[test]
fn the_request_itself_can_be_refused() {
    let chained = json!({"max_session_duration": 43_200, "request": {"duration_seconds": 7_200}});
    check(&[
        (USER, THERE, json!({"request": {"duration_seconds": 3_601}}), "deny request: duration_over_max"),
        (USER, THERE, chained.clone(), "allow: ok"),
        (SESSION, THERE, chained.clone(), "deny request: role_chaining_duration"),
        (ROLE, THERE, chained, "deny request: role_chaining_duration"),
        (USER, THERE, json!({"request": {"duration_seconds": 899}}), "deny request: duration_under_min"),
        (
            USER,
            THERE,
            json!({"max_session_duration": UNREAD, "request": {"duration_seconds": 7_200}}),
            "unknown/none: condition_undecided",
        ),
        (USER, THERE, json!({"max_session_duration": UNREAD}), "allow: ok"),
        (
            USER,
            THERE,
            json!({"max_session_duration": UNREAD, "request": {"duration_seconds": 43_201}}),
            "deny request: duration_over_max",
        ),
        (USER, THERE, json!({"request": {"session_name": "team/alice"}}), "deny request: session_name_invalid"),
        (USER, THERE, json!({"request": {"session_name": "x"}}), "deny request: session_name_invalid"),
        (USER, "arn:aws:iam:222222222222:role/Target", json!({}), "deny request: role_arn_malformed"),
        (USER, "arn:aws-us-gov:iam::222222222222:role/Target", json!({}), "deny request: wrong_partition"),
        (ROOT, HERE, json!({}), "deny request: root_cannot_assume"),
        ("arn:aws:sts::111111111111:federated-user/bob", HERE, json!({}), "deny request: federated_user_cannot_assume"),
    ]);
}

#[test]
fn a_principal_can_be_missed_in_many_ways() {
    let listed =
        |principal: Value, action: &str| policy(json!({"Effect": "Allow", "Principal": principal, "Action": action}));
    let row = |caller, role, principal: Value, expected| {
        (caller, role, json!({"trust_policy": listed(principal, "sts:AssumeRole")}), expected)
    };
    check(&[
        row(USER, THERE, json!({"AWS": "arn:aws:iam::111111111111:user/bob"}), "deny trust: principal_not_listed"),
        row(USER, THERE, json!({"AWS": "arn:aws:iam::333333333333:root"}), "deny trust: principal_wrong_account"),
        row(SESSION, THERE, json!({"AWS": "AROAJQABLZS4A3QDU576Q"}), "deny trust: principal_deleted"),
        row(USER, THERE, json!({"Service": "ec2.amazonaws.com"}), "deny trust: principal_type_service"),
        row(
            SESSION,
            THERE,
            json!({"AWS": "arn:aws:sts::111111111111:assumed-role/Caller/other"}),
            "deny trust: principal_session_name_mismatch",
        ),
        row(
            SESSION,
            "arn:aws:iam::111111111111:role/Caller",
            json!({"Service": "x.amazonaws.com"}),
            "deny trust: self_assume_not_trusted",
        ),
        row(ROLE, "arn:aws:iam::111111111111:role/Caller", json!({"AWS": "111111111111"}), "allow: ok"),
        row(ROLE, THERE, json!({"AWS": SESSION}), "unknown/none: condition_undecided"),
        (
            USER,
            THERE,
            json!({"trust_policy": listed(json!({"Federated": "arn:aws:iam::222222222222:saml-provider/x"}), "sts:AssumeRoleWithSAML")}),
            "deny trust: principal_type_federated",
        ),
        (
            USER,
            THERE,
            json!({"trust_policy": listed(json!({"AWS": ROOT}), "sts:TagSession")}),
            "deny trust: trust_action_missing",
        ),
        (USER, THERE, json!({"trust_policy": policy(json!([]))}), "deny trust: principal_not_listed"),
        // Of a statement that names somebody else and one that forgets the action, the second is nearer.
        (
            USER,
            THERE,
            json!({"trust_policy": policy(json!([
                {"Effect": "Allow", "Principal": {"AWS": "333333333333"}, "Action": "sts:AssumeRole"},
                {"Effect": "Allow", "Principal": {"AWS": USER}, "Action": "sts:TagSession"}
            ]))}),
            "deny trust: trust_action_missing",
        ),
        (
            SESSION,
            THERE,
            json!({"trust_policy": policy(json!([
                {"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "sts:AssumeRole"},
                {"Effect": "Deny", "NotPrincipal": {"AWS": ROLE}, "Action": "sts:AssumeRole"}
            ]))}),
            "deny trust: explicit_deny_notprincipal",
        ),
    ]);
}

#[test]
fn a_failed_condition_has_its_own_word() {
    let row = |caller, condition: Value, context: Value, expected| {
        (caller, THERE, json!({"trust_policy": trust_if(condition), "extra_context": context}), expected)
    };
    let mfa = json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}});
    let long_term = |changes: Value| {
        let mut changes = changes;
        changes["caller_credential"] = json!("long_term");
        changes
    };
    let none = json!({});
    check(&[
        row(
            USER,
            json!({"StringEquals": {"aws:ExternalId": "x"}}),
            none.clone(),
            "deny trust: condition_key_never_present",
        ),
        row(USER, json!({"StringEquals": {"s3:prefix": "x"}}), json!(null), "deny trust: condition_key_never_present"),
        (USER, THERE, long_term(json!({"trust_policy": trust_if(mfa.clone())})), "deny trust: mfa_missing"),
        row(SESSION, mfa.clone(), none.clone(), "deny trust: mfa_not_possible_for_role_session"),
        row(ROLE, mfa.clone(), json!(null), "deny trust: mfa_not_possible_for_role_session"),
        (USER, THERE, json!({"trust_policy": trust_if(mfa.clone()), "request": {"mfa": true}}), "allow: ok"),
        (USER, THERE, json!({"trust_policy": trust_if(mfa)}), "unknown/none: condition_undecided"),
        (
            USER,
            THERE,
            long_term(json!({"trust_policy": trust_if(json!({"Bool": {"aws:MultiFactorAuthPresent": "false"}}))})),
            "deny trust: condition_failed",
        ),
        row(
            USER,
            json!({"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}),
            json!({"aws:SourceIp": "203.0.113.10"}),
            "deny trust: source_ip_mismatch",
        ),
        row(
            USER,
            json!({"StringEquals": {"aws:PrincipalOrgID": "o-aaaaaaaaaa"}}),
            json!({"aws:PrincipalOrgID": "o-bbbbbbbbbb"}),
            "deny trust: org_id_mismatch",
        ),
        row(
            USER,
            json!({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a/r-1/ou-prod/*"}}),
            json!({"aws:PrincipalOrgPaths": ["o-a/r-1/ou-test/"]}),
            "deny trust: org_path_mismatch",
        ),
        row(
            USER,
            json!({"StringEquals": {"aws:PrincipalTag/team": "red"}}),
            json!({"aws:PrincipalTag/team": "blue"}),
            "deny trust: principal_tag_mismatch",
        ),
        row(
            SESSION,
            json!({"StringEquals": {"sts:RoleSessionName": "${aws:username}"}}),
            none,
            "deny trust: policy_variable_absent",
        ),
        row(
            USER,
            json!({"StringEquals": {"aws:PrincipalTag/team": "red"}}),
            json!(null),
            "unknown/none: condition_undecided",
        ),
        row(USER, json!({"StringMatches": {"sts:ExternalId": "x"}}), json!(null), "unknown/none: condition_undecided"),
        row(
            SESSION,
            json!({"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111111111111:role/team/Caller"}}),
            json!(null),
            "unknown/none: condition_undecided",
        ),
        row(
            "arn:aws:sts::111111111111:assumed-role/AWSReservedSSO_Admin_0fed56ec5d997fc5/ann",
            json!({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111111111111:role/AWSReservedSSO_Admin_*"}}),
            json!(null),
            "deny trust: condition_failed",
        ),
        row(
            "arn:aws:sts::111111111111:assumed-role/AWSReservedSSO_Admin_0fed56ec5d997fc5/ann",
            json!({"ArnLike": {"aws:PrincipalArn":
                "arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Admin_*"}}),
            json!(null),
            "unknown/none: condition_undecided",
        ),
    ]);
}

#[test]
fn the_callers_side_has_words_too() {
    let identity = |statement: Value| json!({"identity_policies": [policy(statement)]});
    check(&[
        (
            USER,
            THERE,
            identity(
                json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "arn:aws:iam::222222222222:role/Targt"}),
            ),
            "deny identity: identity_resource_mismatch",
        ),
        (
            USER,
            THERE,
            identity(json!({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::bucket"})),
            "deny identity: identity_missing",
        ),
        (
            SESSION,
            THERE,
            identity(json!({"Effect": "Allow", "Action": "sts:*", "Resource": "*",
                "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}})),
            "deny identity: identity_condition_failed",
        ),
        (
            USER,
            THERE,
            json!({"trust_policy": policy(json!([
                {"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "sts:AssumeRole"},
                {"Effect": "Deny", "Principal": {"AWS": USER}, "Action": "*"}
            ]))}),
            "deny trust: explicit_deny_trust",
        ),
    ]);
}

#[test]
fn a_live_error_adds_what_policies_cannot_tell() {
    let live = |code: &str, message: &str| json!({"code": code, "message": message});
    let bare = "User: x is not authorized to perform: sts:AssumeRole on resource: y";
    let with = |field: &str, value: Value| json!({"live_error": live("AccessDenied", bare), field: value});
    check(&[
        (USER, THERE, with("scps", json!(UNREAD)), "unknown/deny: scp_unreadable"),
        (USER, THERE, with("role_age_seconds", json!(8)), "unknown/deny: recently_changed"),
        (USER, THERE, with("trust_policy", json!(UNREAD)), "unknown/deny: trust_policy_unreadable"),
        (USER, THERE, with("identity_policies", json!([])), "deny identity: identity_missing"),
        (
            USER,
            THERE,
            json!({"scps": UNREAD, "live_error":
                live("AccessDenied", &format!("{bare} with an explicit deny in a service control policy"))}),
            "deny scp: scp_explicit_deny",
        ),
        (
            USER,
            THERE,
            json!({"live_error": live("ExpiredToken", "The security token included in the request is expired")}),
            "deny credentials: caller_token_expired",
        ),
        (
            USER,
            THERE,
            json!({"trust_policy": UNREAD, "live_error":
                {"code": "InvalidClientTokenId", "message": "", "operation": "iam:GetRole"}}),
            "unknown/none: iam_reads_need_mfa",
        ),
    ]);
}

#[test]
fn deciding_statements_carry_expected_and_actual() {
    let decision = decide(
        USER,
        THERE,
        &json!({"trust_policy": trust_if(json!({"StringEquals": {"sts:ExternalId": "cust-42"}})),
            "request": {"external_id": "cust-24"}}),
    );
    let deciding = serde_json::to_value(&decision.deciding).unwrap();
    assert_eq!(
        deciding[0],
        json!({"layer": "trust", "level": null, "policy": 0, "name": null, "statement": 0, "sid": null, "effect": "Allow",
            "action": "sts:AssumeRole", "failed": [{"element": "Condition", "operator": "StringEquals", "key": "sts:ExternalId",
                "expected": ["cust-42"], "actual": ["cust-24"]}]})
    );
    assert_eq!(deciding[1]["layer"], "identity");
    assert_eq!(deciding[1]["failed"], json!([]));
    assert_eq!(decision.summary, "Trust statement 1 requires sts:ExternalId cust-42; the request sent cust-24.");
}

/// IAM User Guide, "Permissions boundaries": NotPrincipal with Deny "will always deny any IAM principal that has a permissions boundary
/// policy attached, regardless of the values specified in the NotPrincipal element".
#[test]
fn not_principal_spares_nobody_who_has_a_boundary() {
    let trust = policy(json!([
        {"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "sts:AssumeRole"},
        {"Effect": "Deny", "NotPrincipal": {"AWS": [USER, ROOT]}, "Action": "sts:AssumeRole"},
    ]));
    check(&[
        (USER, THERE, json!({"trust_policy": trust}), "allow: ok"),
        (
            USER,
            THERE,
            json!({"trust_policy": trust, "permission_boundary": allow("*")}),
            "deny trust: explicit_deny_notprincipal",
        ),
        (
            USER,
            THERE,
            json!({"trust_policy": trust, "permission_boundary": UNREAD}),
            "unknown/none: condition_undecided",
        ),
    ]);
}

/// IAM User Guide, "Variables and tags": in Resource "you can't use a variable to replace parts of the ARN before the fifth colon, such as
/// the service or account".
#[test]
fn a_variable_before_the_fifth_colon_decides_nothing() {
    let identity = |effect: &str, resource: &str| {
        json!({"identity_policies": [allow("s3:*"), policy(json!([
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": if effect == "Deny" { "*" } else { resource }},
            {"Effect": "Deny", "Action": if effect == "Deny" { "sts:*" } else { "s3:*" }, "Resource": resource},
        ]))], "extra_context": {"aws:PrincipalTag/account": "222222222222", "aws:PrincipalTag/role": "Target"}})
    };
    let (early, late) =
        ("arn:aws:iam::${aws:PrincipalTag/account}:role/*", "arn:aws:iam::222222222222:role/${aws:PrincipalTag/role}");
    check(&[
        (USER, THERE, identity("Allow", late), "allow: ok"),
        (USER, THERE, identity("Allow", early), "unknown/none: condition_undecided"),
        (USER, THERE, identity("Deny", early), "unknown/none: condition_undecided"),
        // Whatever AWS makes of the variable, this is another role.
        (
            USER,
            THERE,
            identity("Allow", "arn:aws:iam::${aws:PrincipalTag/account}:role/Other"),
            "deny identity: identity_resource_mismatch",
        ),
    ]);
}

/// Service Authorization Reference, "AWS Security Token Service": `sts:ExternalId` and `sts:RoleSessionName` are listed for
/// `sts:AssumeRole`, not for `sts:TagSession`.
#[test]
fn a_key_that_is_listed_for_another_action_decides_nothing() {
    let both = json!({"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": ["sts:AssumeRole", "sts:TagSession"],
        "Condition": {"StringEquals": {"sts:ExternalId": "x"}}});
    let tagging = json!({"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "sts:TagSession",
        "Condition": {"StringEquals": {"aws:RequestTag/team": "red"}}});
    let case = |statements: &Value, request: Value| json!({"trust_policy": policy(statements.clone()), "identity_policies": [allow("sts:*")], "request": request});
    check(&[
        (USER, THERE, case(&both, json!({"external_id": "x"})), "allow: ok"),
        (
            USER,
            THERE,
            case(&both, json!({"external_id": "x", "tags": {"team": "red"}})),
            "unknown/none: condition_undecided",
        ),
        (USER, THERE, case(&both, json!({"tags": {"team": "red"}})), "deny trust: external_id_missing"),
        (USER, THERE, case(&json!([both, tagging]), json!({"external_id": "x", "tags": {"team": "red"}})), "allow: ok"),
    ]);
}
