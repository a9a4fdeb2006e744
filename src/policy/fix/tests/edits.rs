//! Edits one by one: what is offered for a cause, and what is not.

use serde_json::{Value, json};

use super::{cure, last, now, patched};
use crate::policy::fix::{Ownership, fixes_with};
use crate::policy::{Answer, Case, evaluate};

const USER: &str = "arn:aws:iam::111111111111:user/alice";
const SESSION: &str = "arn:aws:sts::111111111111:assumed-role/Caller/s1";
const ROLE: &str = "arn:aws:iam::111111111111:role/Caller";
const ROOT: &str = "arn:aws:iam::111111111111:root";
const THERE: &str = "arn:aws:iam::222222222222:role/Target";
const HERE: &str = "arn:aws:iam::111111111111:role/Target";

fn policy(statements: Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn allow(action: &str, resource: &str) -> Value {
    policy(json!([{"Effect": "Allow", "Action": action, "Resource": resource}]))
}

fn trust(principal: Value, condition: Value) -> Value {
    let mut statement = json!({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"});
    if condition != json!({}) {
        statement["Condition"] = condition;
    }
    policy(json!([statement]))
}

/// Everything is read, and both sides allow, but for what changes.
fn case(caller: &str, role: &str, changes: Value) -> Value {
    let mut case = json!({
        "caller_arn": caller, "caller_credential": if caller == USER { "long_term" } else { "temporary" }, "role_arn": role,
        "trust_policy": trust(json!({"AWS": ROOT}), json!({})), "identity_policies": [allow("sts:AssumeRole", THERE)],
        "permission_boundary": null, "session_policy": null, "scps": [], "rcps": [], "max_session_duration": 3600,
        "request": {"session_name": "diag", "mfa": false}, "extra_context": {},
    });
    for (field, value) in changes.as_object().unwrap() {
        if field == "request" {
            case["request"].as_object_mut().unwrap().extend(value.as_object().unwrap().clone());
        } else if value == "unread" {
            case.as_object_mut().unwrap().remove(field);
        } else {
            case[field] = value.clone();
        }
    }
    case
}

/// "trust_policy: Name X in trust statement 1." per fix, or "owner: …".
fn shown(case: &Value) -> Vec<String> {
    let cure = cure(case);
    patched(case, &cure);
    match cure.no_fix {
        Some(no_fix) => vec![format!("{}: {}", no_fix.owner, no_fix.reason)],
        None => cure.fixes.iter().map(|fix| format!("{}: {}", fix.target, fix.what)).collect(),
    }
}

#[track_caller]
fn check(rows: &[(Value, &[&str])]) {
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(case, expected)| {
            let shown = shown(case);
            let fits = shown.len() == expected.len()
                && shown.iter().zip(*expected).all(|(shown, expected)| shown.starts_with(expected));
            (!fits).then(|| format!("{case}\n   {shown:#?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_trust_policy_names_the_role_or_user_and_nobody_else() {
    let named =
        |caller: &str, principal: Value| case(caller, THERE, json!({"trust_policy": trust(principal, json!({}))}));
    let bob = "arn:aws:iam::111111111111:user/bob";
    let own = |role: &str| format!("trust_policy: Name {role} in trust statement 1.");
    let stands = "trust_policy: Add a trust statement that allows sts:AssumeRole to";
    check(&[
        (named(SESSION, json!({"AWS": bob})), &[&own(ROLE)]),
        (named(SESSION, json!({"AWS": "333333333333"})), &[&own(ROLE)]),
        (named(ROLE, json!({"AWS": [bob, "AIDAEXAMPLEEXAMPLE123"]})), &[&own(ROLE)]),
        (
            named(ROLE, json!({"AWS": [bob, "AROAEXAMPLEEXAMPLE123"]})),
            &["trust_policy: Replace AROAEXAMPLEEXAMPLE123 by"],
        ),
        (
            named(USER, json!({"AWS": "arn:aws:iam::111111111111:user/al*"})),
            &["trust_policy: Replace arn:aws:iam::111111111111:user/al*"],
        ),
        (named(USER, json!({"Service": "ecs-tasks.amazonaws.com"})), &[&own(USER)]),
        (case(USER, THERE, json!({"trust_policy": policy(json!([]))})), &[stands]),
        (
            case(
                USER,
                THERE,
                json!({"trust_policy": policy(json!({"Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::222222222222:oidc-provider/token.actions.githubusercontent.com"},
                "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}}))}),
            ),
            &[stands],
        ),
        (
            case(
                USER,
                THERE,
                json!({"trust_policy": trust(json!({"Service": "ec2.amazonaws.com"}), json!({"StringEquals": {"aws:SourceAccount": "222222222222"}}))}),
            ),
            &[stands],
        ),
    ]);
}

#[test]
fn nobody_gets_round_the_conditions_of_others() {
    let mfa = json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}});
    check(&[
        (
            case(
                USER,
                THERE,
                json!({"trust_policy": trust(json!({"AWS": "arn:aws:iam::111111111111:user/bob"}), mfa.clone())}),
            ),
            &[
                "the caller, user/alice: Trust statement 1 trusts arn:aws:iam::111111111111:user/bob; it does not name user/alice; besides, statement 1 asks for Bool",
            ],
        ),
        (
            case(
                USER,
                THERE,
                json!({"trust_policy": policy(json!([
                {"Effect": "Allow", "Principal": {"AWS": USER}, "Action": "sts:AssumeRole", "Condition": mfa},
                {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111111111111:user/bob"}, "Action": "sts:AssumeRole"}]))}),
            ),
            &["the caller, user/alice: Trust statement 1 requires MFA"],
        ),
        (
            case(
                USER,
                THERE,
                json!({"identity_policies": [policy(json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*", "Condition": mfa}))]}),
            ),
            &["the caller, user/alice: "],
        ),
        (
            case(
                USER,
                THERE,
                json!({"trust_policy": trust(json!({"AWS": "*"}), json!({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}))}),
            ),
            &["the owner of role/Target in account 2222-2222-2222: "],
        ),
        (
            case(
                USER,
                THERE,
                json!({"trust_policy": trust(json!({"AWS": ROOT}), json!({"ArnNotLike": {"aws:PrincipalArn": USER}}))}),
            ),
            &["the owner of role/Target in account 2222-2222-2222: "],
        ),
    ]);
}

#[test]
fn the_request_is_made_to_fit() {
    let needs = |condition: Value, request: Value| {
        case(USER, THERE, json!({"trust_policy": trust(json!({"AWS": USER}), condition), "request": request}))
    };
    let id = |value: &str| json!({"StringEquals": {"sts:ExternalId": value}});
    check(&[
        (needs(id("x-1"), json!({})), &["request: Send the external ID x-1."]),
        (needs(id("x-1"), json!({"external_id": "x-2"})), &["request: Send the external ID x-1."]),
        (needs(json!({"StringLike": {"sts:ExternalId": "x-*"}}), json!({})), &["the owner of role/Target"]),
        (
            needs(json!({"Null": {"sts:ExternalId": "true"}}), json!({"external_id": "xx"})),
            &["request: Send no external ID."],
        ),
        (
            needs(json!({"StringLike": {"sts:RoleSessionName": "ci-*"}}), json!({})),
            &["request: Name the session ci-diag."],
        ),
        (
            needs(
                json!({"StringEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-west-2"]}}),
                json!({"region": "us-east-1"}),
            ),
            &["request: Call STS in eu-west-1."],
        ),
        (needs(json!({}), json!({"session_name": "team/alice"})), &["request: Name the session team-alice."]),
        (needs(json!({}), json!({"session_name": "é"})), &["request: Name the session rolecall."]),
        (
            needs(json!({}), json!({"session_name": format!("{}_1772625600", "s".repeat(64))})),
            &["request: Name the session sssssssssssssssssssssssssssssssssssssssssssssssssssss, which is \
               sssssssssssssssssssssssssssssssssssssssssssssssssssss_1772625600 once the service has added its end."],
        ),
        (needs(json!({}), json!({"duration_seconds": 60})), &["request: Ask for 900 s."]),
        (needs(json!({}), json!({"duration_seconds": 43200})), &["request: Ask for 3600 s."]),
        (
            needs(json!({"StringEquals": {"aws:ExternalId": "x-1"}}), json!({"external_id": "x-1"})),
            &["trust_policy: Rename the condition key aws:ExternalId, which AWS never sends, to sts:ExternalId"],
        ),
        (
            needs(json!({"StringEquals": {"aws:ExternalId": "x-1"}}), json!({})),
            &["trust_policy: Rename the condition key aws:ExternalId", "request: Send the external ID x-1."],
        ),
        (
            needs(json!({"StringEquals": {"aws:ExternalId": "x-1", "sts:ExternalId": "x-2"}}), json!({})),
            &["the owner of role/Target"],
        ),
        (
            needs(
                json!({"ForAllValues:StringEquals": {"aws:TagKeys": "team"}}),
                json!({"tags": {"team": "a", "cost": "b"}}),
            ),
            &[
                "request: Send no session tag cost.",
                "trust_policy: Add sts:TagSession to trust statement 1.",
                "identity_policies/0: Add sts:TagSession",
            ],
        ),
    ]);
}

#[test]
fn each_action_is_cured_on_both_sides() {
    let trusted = trust(json!({"AWS": USER}), json!({"StringEquals": {"aws:RequestTag/Team": "red"}}));
    check(&[
        (
            case(USER, THERE, json!({"trust_policy": trusted})),
            &[
                "request: Send the session tag Team=red.",
                "trust_policy: Add sts:TagSession to trust statement 1.",
                "identity_policies/0: Add sts:TagSession to statement 1 of identity policy 1.",
            ],
        ),
        (
            case(USER, THERE, json!({"request": {"source_identity": "alice"}})),
            &[
                "trust_policy: Add a trust statement that allows sts:SetSourceIdentity to arn:aws:iam::111111111111:user/alice.",
                "identity_policies/0: Add sts:SetSourceIdentity",
            ],
        ),
        (
            case(
                USER,
                THERE,
                json!({"identity_policies": null, "request": {"tags": {"a": "b"}}, "trust_policy": trust(json!({"Service": "ec2.amazonaws.com"}), json!({}))}),
            ),
            &[
                "trust_policy: Name arn:aws:iam::111111111111:user/alice in trust statement 1; add a trust statement that allows sts:TagSession to",
                "identity_policies: Allow sts:AssumeRole and sts:TagSession on",
            ],
        ),
    ]);
}

#[test]
fn the_caller_gets_this_role_and_no_other() {
    let has = |policies: Value| case(USER, THERE, json!({"identity_policies": policies}));
    let named = |name: &str| {
        let mut case =
            Case::from_json(&has(json!([allow("sts:AssumeRole", "arn:aws:iam::222222222222:role/Other")]))).unwrap();
        if let crate::policy::Readable::Read(policies) = &mut case.identity {
            policies[0].name = name.into();
        }
        fixes_with(&case, &evaluate(&case, now()), now(), &Ownership::default()).fixes
    };
    check(&[
        (
            has(json!([allow("sts:AssumeRole", "arn:aws:iam::222222222222:role/Targt")])),
            &["identity_policies/0: Add arn:aws:iam::222222222222:role/Target to the resources"],
        ),
        (
            has(json!([allow("sts:*", "arn:aws:iam::222222222222:role/Targt")])),
            &["identity_policies: Allow sts:AssumeRole on"],
        ),
        (has(json!([allow("s3:GetObject", "*")])), &["identity_policies: Allow"]),
        (has(json!([allow("iam:GetRole", THERE)])), &["identity_policies/0: Add sts:AssumeRole to statement 1"]),
        (
            has(json!([policy(json!({"Effect": "Allow", "NotAction": "sts:*", "Resource": THERE}))])),
            &["identity_policies: Allow"],
        ),
        (
            has(json!([policy(json!({"Effect": "Deny", "Action": "sts:*", "Resource": "*"}))])),
            &["the administrators of account 1111-1111-1111: "],
        ),
        (
            case(USER, HERE, json!({"identity_policies": []})),
            &["identity_policies: Allow sts:AssumeRole on arn:aws:iam::111111111111:role/Target"],
        ),
    ]);
    assert!(
        named("inline policy A")[0].command.starts_with("aws iam put-user-policy --user-name alice --policy-name A ")
    );
    let own = named("arn:aws:iam::111111111111:policy/P");
    assert!(
        own[0].command.starts_with(
            "aws iam create-policy-version --policy-arn arn:aws:iam::111111111111:policy/P --set-as-default"
        )
    );
    assert_eq!(own[0].steps.len(), 4);
    for kept_by_others in ["arn:aws:iam::aws:policy/X", "inline policy A of group G"] {
        assert_eq!(named(kept_by_others)[0].target, "identity_policies", "{kept_by_others}");
    }
}

#[test]
fn what_an_organization_or_a_deny_refuses_is_theirs() {
    let deny = |condition: Value| {
        policy(json!([{"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": "sts:*", "Resource": "*", "Condition": condition}]))
    };
    let scp = |policy: Value| json!([{"target": "Root", "policies": [{"name": "P", "policy": policy}]}]);
    let elsewhere = deny(json!({"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}));
    check(&[
        (
            case(USER, THERE, json!({"scps": scp(allow("s3:*", "*"))})),
            &["the administrators of the organization of account 1111-1111-1111: "],
        ),
        (
            case(USER, THERE, json!({"scps": scp(deny(json!({})))})),
            &["the administrators of the organization of account 1111-1111-1111: "],
        ),
        (
            case(USER, THERE, json!({"scps": scp(elsewhere), "request": {"region": "us-east-1"}})),
            &["request: Call STS in eu-west-1."],
        ),
        (
            case(
                USER,
                THERE,
                json!({"rcps": scp(policy(json!({"Effect": "Deny", "Principal": "*", "Action": "sts:*", "Resource": "*"})))}),
            ),
            &["the administrators of the organization of account 2222-2222-2222: "],
        ),
        (
            case(
                USER,
                THERE,
                json!({"trust_policy": policy(json!([{"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "sts:AssumeRole"},
                {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole", "Condition": {"StringNotEquals": {"sts:ExternalId": "x-1"}}}]))}),
            ),
            &["request: Send the external ID x-1."],
        ),
        (
            case(
                SESSION,
                THERE,
                json!({"session_policy": allow("s3:*", "*"), "trust_policy": trust(json!({"AWS": USER}), json!({}))}),
            ),
            &["whoever starts the session of role/Caller (session s1): "],
        ),
    ]);
}

#[test]
fn a_role_of_identity_center_needs_its_whole_path() {
    let session = "arn:aws:sts::111111111111:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/ann";
    let role = "arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef";
    let bob = trust(json!({"AWS": "arn:aws:iam::111111111111:user/bob"}), json!({}));
    let told = json!({"trust_policy": bob, "extra_context": {"aws:PrincipalArn": role}});
    let missing = json!({"identity_policies": [], "extra_context": {"aws:PrincipalArn": role}});
    check(&[
        (case(session, THERE, json!({"trust_policy": bob})), &["the owner of role/Target in account 2222-2222-2222: "]),
        (case(session, THERE, told), &[&format!("trust_policy: Name {role} in trust statement 1.")]),
        (
            case(
                USER,
                "arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef",
                json!({"trust_policy": bob}),
            ),
            &["the owner of role/AWSReservedSSO_Admin_0123456789abcdef in account 1111-1111-1111: "],
        ),
    ]);
    let cure = cure(&case(session, THERE, missing));
    assert!(
        cure.fixes[0]
            .command
            .starts_with("aws sso-admin put-inline-policy-to-permission-set --instance-arn INSTANCE_ARN")
    );
}

#[test]
fn with_policies_unread_a_cure_ends_where_nothing_read_stands_against_it() {
    let bob = trust(json!({"AWS": "arn:aws:iam::111111111111:user/bob"}), json!({}));
    for (unread, expected) in [
        (json!({"trust_policy": bob, "scps": "unread", "rcps": "unread"}), Answer::Unknown),
        (json!({"trust_policy": bob, "identity_policies": "unread"}), Answer::Unknown),
        (json!({"trust_policy": bob}), Answer::Allow),
    ] {
        let case = case(USER, THERE, unread);
        let cure = cure(&case);
        patched(&case, &cure);
        assert_eq!(last(&cure), Some(expected));
    }
    check(&[
        (case(USER, THERE, json!({"scps": "unread"})), &["the administrators of both accounts' organizations: "]),
        (
            case(USER, THERE, json!({"trust_policy": "unread"})),
            &["the owner of role/Target in account 2222-2222-2222: "],
        ),
    ]);
}

#[test]
fn a_given_context_is_patched_in_the_place_of_the_request() {
    let id = trust(json!({"AWS": USER}), json!({"StringEquals": {"sts:ExternalId": "x-1"}}));
    let tag = trust(json!({"AWS": USER}), json!({"StringEquals": {"aws:RequestTag/team": "red"}}));
    let given =
        |trust: &Value, field: &str, keys: Value| case(USER, THERE, json!({"trust_policy": trust, field: keys}));
    let sent = "Send the external ID x-1.";
    check(&[
        (given(&id, "context", json!({"STS:externalid": "other"})), &[&format!("context: {sent}")]),
        (given(&id, "context", json!({})), &[&format!("context: {sent}")]),
        (
            given(&id, "extra_context", json!({"sts:ExternalId": "other"})),
            &[&format!("request: {sent}"), &format!("extra_context: {sent}")],
        ),
        // The tag is sent all the same, and needs sts:TagSession.
        (
            given(&tag, "context", json!({"aws:TagKeys": "cost"})),
            &[
                "request: Send",
                "context: Send the session tag team=red.",
                "trust_policy: Add sts:TagSession",
                "identity_policies/0: Add",
            ],
        ),
    ]);
}

#[test]
fn keepers_are_told_and_a_missing_principal_waits() {
    let bob = trust(json!({"AWS": "arn:aws:iam::111111111111:user/bob"}), json!({}));
    let case = Case::from_json(&case(ROLE, THERE, json!({"trust_policy": bob, "identity_policies": []}))).unwrap();
    let ownership = Ownership {
        role_stack: Some("roles".into()),
        caller_stack: Some("app".into()),
        caller_missing: true,
        role_profile: Some("owner".into()),
        caller_profile: None,
        signs_in: None,
    };
    let cure = fixes_with(&case, &evaluate(&case, now()), now(), &ownership);
    let [trust, identity] = cure.fixes.as_slice() else { panic!("{cure:?}") };
    assert!(trust.steps.iter().any(|step| step.what.contains("stack roles") && step.what.contains("drift")));
    assert!(identity.steps.iter().any(|step| step.what.contains("stack app")));
    assert!(trust.waits.as_deref().is_some_and(|text| text.starts_with("After the deployment")));
    assert!(identity.waits.is_none());
    for fix in [trust, identity] {
        assert!(fix.steps.iter().any(|step| step.command.as_ref() == Some(&fix.command)));
        assert!(fix.steps[0].command.as_ref().is_some_and(|command| command.contains("-before.json")));
    }
}

#[test]
fn commands_survive_hostile_words() {
    let sid = "it's; $(rm -rf ~)\u{202e}\u{1b}[31m";
    let trusted = policy(
        json!([{"Sid": sid, "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111111111111:user/bob"}, "Action": "sts:AssumeRole"}]),
    );
    let cure = cure(&case(USER, THERE, json!({"trust_policy": trusted})));
    let command = &cure.fixes[0].command;
    assert!(command.bytes().all(|b| (b' '..=b'~').contains(&b)), "{command}");
    assert!(command.contains(r"it'\''s; $(rm -rf ~)\u202e\u001b[31m"), "{command}");
}

#[test]
fn a_policy_that_would_be_too_long_is_not_offered() {
    let mut trusted = trust(json!({"AWS": "arn:aws:iam::111111111111:user/bob"}), json!({}));
    trusted["Statement"][0]["Sid"] = json!("");
    trusted["Statement"][0]["Sid"] = json!("x".repeat(4_090 - trusted.to_string().len()));
    let case = case(USER, THERE, json!({"trust_policy": trusted}));
    let no_fix = cure(&case).no_fix.unwrap();
    assert!(no_fix.reason.contains("IAM takes at most 4096"), "{}", no_fix.reason);
}

#[test]
fn a_colon_is_put_back_into_the_roles_arn() {
    let case = case(USER, "arn:aws:iam:222222222222:role/Target", json!({}));
    assert_eq!(
        shown(&case),
        ["role_arn: Write the role's ARN with two colons behind iam: arn:aws:iam::222222222222:role/Target."]
    );
}

#[test]
fn long_policies_take_no_long_time() {
    let started = std::time::Instant::now();
    let condition =
        json!({"StringEquals": {"sts:ExternalId": (0..200).map(|n| format!("id {n}")).collect::<Vec<_>>()}});
    for statements in [10, 60, 600] {
        let one = json!({"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111111111111:user/bob"}, "Action": "sts:AssumeRole",
            "Condition": condition});
        let trusted = policy(json!(vec![one; statements]));
        assert!(cure(&case(USER, THERE, json!({"trust_policy": trusted}))).fixes.is_empty());
    }
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

/// IAM User Guide, "Manage AWS STS in an AWS Region": the account in which the credentials are made has to have it activated.
#[test]
fn where_sts_is_off_and_nothing_else_helps_the_roles_account_decides() {
    let off = |message: &str| {
        case(
            "arn:aws-us-gov:iam::111111111111:user/alice",
            "arn:aws-us-gov:iam::222222222222:role/Target",
            json!({
                "trust_policy": trust(json!({"AWS": "arn:aws-us-gov:iam::111111111111:root"}), json!({})),
                "request": {"region": "us-gov-east-1"},
                "live_error": {"code": "RegionDisabledException", "message": message},
            }),
        )
    };
    let role = "the administrators of account 2222-2222-2222: The role's account, 2222-2222-2222, has STS switched off in us-gov-east-1";
    check(&[
        (off("STS is not activated in this region for account:222222222222. Your account administrator"), &[role]),
        (off("STS is not activated in the requested region"), &[role]),
        (
            off("STS is not activated in this region for account:333333333333. Your account administrator"),
            &[
                "the administrators of account 3333-3333-3333: Account 3333-3333-3333 has STS switched off in us-gov-east-1",
            ],
        ),
    ]);
}
