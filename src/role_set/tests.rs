use super::*;
use crate::model::Severity;

fn now() -> Timestamp {
    "2026-03-04T12:00:00Z".parse().unwrap()
}

const ARN_OF_PROD: &str = "arn:aws:iam::123456789012:role/SRERole";

fn one(members: &str) -> NamedRole {
    read(&format!("{{\"prod\": {members}}}")).unwrap().roles.remove(0)
}

#[test]
fn the_specifications_own_line_is_read_and_called_as_the_service_would() {
    let set = read(&format!(r#"{{"prod": {{"role_arn": "{ARN_OF_PROD}", "account_id": "123456789012"}}}}"#)).unwrap();
    let role = set.get("prod").unwrap();
    assert_eq!(role.faults(now()), []);
    let hop = role.hop(now());
    assert_eq!(hop.session_name.as_deref(), Some("SREBotSession_1772625600"));
    assert_eq!((hop.external_id, hop.duration_seconds), (None, None));
}

#[test]
fn a_text_that_is_no_set_is_placed_and_never_quoted() {
    for (text, words) in [
        ("{\"prod\": {\n  role_arn}}", "it is not JSON: unexpected token at line 2, column 3"),
        ("'{}'", "it is not JSON: single-quoted strings are not allowed at line 1, column 1"),
        ("{\"canary\": {}", "line 1, column 1"),
        ("\"canary\"", "it is a text, not an object of roles"),
        ("", "it is empty"),
    ] {
        let fault = read(text).unwrap_err().to_string();
        assert!(fault.contains(words) && !fault.contains("canary"), "{text}: {fault}");
    }
}

#[test]
fn one_bad_entry_hides_no_other_and_takes_all_of_them_with_it() {
    let text = format!(
        r#"{{"a": {{"role_arn": "{ARN_OF_PROD}", "account_id": 123456789012}}, "b": {{"role_arn": "{ARN_OF_PROD}", "account_id": "123456789012"}},
            "b": {{"role_arn": "{ARN_OF_PROD}", "account_id": "123456789012", "duration_seconds": "3600", "note": [1]}}}}"#
    );
    let set = read(&text).unwrap();
    assert_eq!((set.roles.len(), set.twice.as_slice()), (2, &["b".to_owned()][..]));
    assert_eq!(set.get("b").unwrap().duration_seconds, Some(3_600), "a number as a text is one for pydantic");
    let roles = Roles { set, ..Roles::default() };
    let found = findings::of_set(&roles, "environment", now());
    assert_eq!((found[0].severity, found[0].id.as_str()), (Severity::Error, "sre-roles/roles"));
    assert!(found[0].claim.contains("refuses a and runs with NO ROLES") && found[0].claim.contains("all 2"));
    assert_eq!(found[1].id, "sre-roles/duplicate");
    let of_a = findings::of_role(&roles.set.roles[0], false, now());
    assert_eq!((of_a.len(), of_a[0].id.as_str()), (1, "sre-roles/account"));
    assert!(of_a[0].claim.contains("account_id is a number and must be a text in quotes"), "{}", of_a[0].claim);
}

#[test]
fn every_limit_is_held_and_says_who_refuses() {
    let members = |more: &str| one(&format!(r#"{{"role_arn": "{ARN_OF_PROD}", "account_id": "123456789012"{more}}}"#));
    for (role, by, words) in [
        (members(r#", "duration_seconds": 899"#), By::Reader, "899 s is not within 900 to 43200 s"),
        (members(r#", "duration_seconds": 43201"#), By::Reader, "43201 s"),
        (members(r#", "duration_seconds": "soon""#), By::Reader, "must be a whole number"),
        (members(r#", "duration_seconds": 3600.5"#), By::Reader, "must be a whole number"),
        (members(&format!(r#", "role_session_name": "{}""#, "s".repeat(65))), By::Reader, "at most 64"),
        (
            members(&format!(r#", "role_session_name": "{}""#, "s".repeat(64))),
            By::Sts,
            "its 64 characters become 75 with the suffix that the service adds, and STS takes 64: 53 are left",
        ),
        (members(r#", "role_session_name": "a/b""#), By::Reader, "letters, digits"),
        (members(r#", "role_session_name": "größe""#), By::Sts, "ASCII"),
        (members(r#", "external_id": "a b""#), By::Sts, "2 to 1224"),
        (members(r#", "external_id": 42"#), By::Reader, "must be a text in quotes"),
        (
            one(&format!(r#"{{"role_arn": "{ARN_OF_PROD}", "account_id": "111122223333"}}"#)),
            By::Nobody,
            "of 123456789012",
        ),
        (one(&format!(r#"{{"role_arn": "{ARN_OF_PROD}"}}"#)), By::Reader, "account_id is missing"),
        (one(&format!(r#"{{"role_arn": "{ARN_OF_PROD}", "account_id": "1234-5678-9012"}}"#)), By::Reader, "12 digits"),
        (one(r#"{"account_id": "123456789012"}"#), By::Reader, "role_arn is missing"),
        (
            one(r#"{"role_arn": "arn:aws-cn:iam::123456789012:role/S", "account_id": "123456789012"}"#),
            By::Reader,
            "this is one of aws-cn",
        ),
        (one(r#"{"role_arn": "arn:aws:iam::12:role/S", "account_id": "123456789012"}"#), By::Sts, "12 digits"),
        (one("7"), By::Reader, "a number, not an object"),
    ] {
        let faults = role.faults(now());
        assert_eq!(faults.len(), 1, "{words}: {faults:?}");
        assert!(faults[0].why.contains(words) && faults[0].by == by, "{words}: {faults:?}");
    }
    for whole in ["3.6e3", r#""3_600""#, "3600.0", r#""3600.00""#] {
        assert_eq!(members(&format!(r#", "duration_seconds": {whole}"#)).duration_seconds, Some(3_600), "{whole}");
    }
    for none in [r#""3.6e3""#, r#""3__600""#, r#""_3600""#, "3.65e1", "1e300", "true"] {
        assert_eq!(members(&format!(r#", "duration_seconds": {none}"#)).duration_seconds, None, "{none}");
    }
    for fine in ["", r#", "duration_seconds": 900"#, r#", "duration_seconds": 43200"#, r#", "external_id": null"#] {
        assert_eq!(members(fine).faults(now()), [], "{fine}");
    }
    assert_eq!(members(&format!(r#", "role_session_name": "{}""#, "s".repeat(53))).faults(now()), []);
}

#[test]
fn a_session_is_no_longer_than_the_role_and_the_chain_allow() {
    let role = NamedRole { duration_seconds: Some(7_200), ..NamedRole::of("prod", ARN_OF_PROD) };
    for (longest, by_a_session, limit) in [
        (None, false, None),
        (Some(7_200), false, None),
        (Some(3_600), false, Some("MaxSessionDuration allows 3600 s")),
        (Some(43_200), true, Some("a role session may ask for 3600 s")),
    ] {
        let claim = findings::too_long(&role, longest, by_a_session).map(|finding| finding.claim);
        assert_eq!(claim.is_some(), limit.is_some(), "{claim:?}");
        assert!(claim.unwrap_or_default().contains(limit.unwrap_or_default()), "{limit:?}");
    }
}

#[test]
fn parts_are_edited_by_name_and_roles_added_and_taken_away() {
    let mut set =
        read(&format!(r#"{{"prod.eu": {{"role_arn": "{ARN_OF_PROD}", "account_id": "1", "note": "kept"}}}}"#)).unwrap();
    for (part, text) in [
        ("prod.eu.duration", "900"),
        ("prod.eu.account_id", "123456789012"),
        ("prod.eu.external-id", "cust-42"),
        ("dev", "arn:aws:iam::111122223333:role/Dev"),
        ("gone", "arn:aws:iam::111122223333:role/Gone"),
        ("gone", ""),
    ] {
        edit(&mut set, part, text).unwrap();
    }
    assert!(edit(&mut set, "dev.duration_seconds", "soon").unwrap_err().contains("whole number"));
    assert!(edit(&mut set, "dev", "{").unwrap_err().contains("not JSON"));
    assert_eq!(set.get("dev").unwrap().account_id.as_deref(), Some("111122223333"), "ARN and account are all it needs");
    let written = set.json(true, |role, id| format!("{role}/{id}"));
    assert_eq!(
        written,
        serde_json::json!({
            "prod.eu": {"role_arn": ARN_OF_PROD, "account_id": "123456789012", "duration_seconds": 900,
                        "external_id": "prod.eu/cust-42", "note": "kept"},
            "dev": {"role_arn": "arn:aws:iam::111122223333:role/Dev", "account_id": "111122223333"},
        })
    );
    assert_eq!(
        read(&set.json(true, |_, id| id.to_owned()).to_string()).unwrap(),
        set,
        "what is written is read as it was"
    );
    assert!(!set.json(false, |_, id| id.to_owned()).to_string().contains("kept"), "what nobody reads may be a secret");
}

#[test]
fn the_single_role_is_there_only_as_a_pair_and_takes_the_place_of_its_namesake() {
    let variables = |pairs: &'static [(&str, &str)]| {
        NamedRole::of_variables(move |name| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| *value))
    };
    assert_eq!(variables(&[(ARN, ARN_OF_PROD)]), None);
    let single =
        variables(&[(ARN, ARN_OF_PROD), (ACCOUNT, "123456789012"), ("AWS_AUTH_DEFAULT_DURATION", "1800")]).unwrap();
    assert_eq!((single.name.as_str(), single.duration_seconds), ("default", Some(1_800)));
    let back: Vec<(&str, String)> = single.variables(str::to_owned);
    assert_eq!(back.len(), 4, "{back:?}");
    let set =
        read(r#"{"default": {"role_arn": "arn:aws:iam::111122223333:role/Other", "account_id": "111122223333"}}"#)
            .unwrap();
    let roles = Roles { set, single: Some(single), fault: None };
    assert_eq!((roles.all().count(), roles.get("default").unwrap().role_arn.as_str()), (1, ARN_OF_PROD));
    assert_eq!(findings::of_set(&roles, "", now())[1].id, "sre-roles/duplicate");
}

#[test]
fn the_single_role_stays_where_no_role_of_the_set_is_taken() {
    let single = Some(NamedRole::of("default", ARN_OF_PROD));
    let told = |roles: &Roles| findings::of_set(roles, "environment", now()).remove(0);
    let broken = |single| Roles { fault: Some(read("{").unwrap_err()), single, ..Roles::default() };
    let found = told(&broken(single.clone()));
    assert!(found.claim.ends_with("runs with the role default alone, and NONE of AWS_AUTH_ROLES."), "{}", found.claim);
    assert_eq!(
        (found.severity, told(&broken(None)).claim.contains("runs with NO ROLES at all.")),
        (Severity::Error, true)
    );
    let set = read(r#"{"prod": {"role_arn": "x"}}"#).unwrap();
    let found = told(&Roles { set: set.clone(), single, fault: None });
    assert!(found.claim.contains("refuses prod and runs with the role default alone"), "{}", found.claim);
    // A service that does not start runs with nothing.
    let none = NamedRole { account_id: Some("12".into()), ..NamedRole::of("default", ARN_OF_PROD) };
    let all = findings::of_set(&Roles { set, single: Some(none), fault: None }, "", now());
    assert!(all.iter().all(|found| !found.claim.contains("runs with")), "{all:?}");
}

#[test]
fn what_the_service_does_is_said_once_and_alike() {
    let single = NamedRole { account_id: Some("123".into()), ..NamedRole::of("default", "arn:aws:iam::123:role/x") };
    let roles = Roles { single: Some(single), ..Roles::default() };
    let found = findings::of_set(&roles, "", now());
    assert!(found.iter().all(|one| one.severity == Severity::Error), "what does not start reads no role: {found:?}");
    let set = read(r#"{"prod": "x"}"#).unwrap();
    let told = format!("{:?}", findings::of_role(&set.roles[0], false, now()));
    assert!(told.contains("the service does not start with it") && !told.contains("refuses"), "{told}");
    let china = one(r#"{"role_arn": "arn:aws-cn:iam::123456789012:role/S", "account_id": "123456789012"}"#);
    assert_eq!(findings::of_role(&china, false, now())[0].severity, Severity::Error, "it takes all roles with it");
    let other = NamedRole { account_id: Some("111122223333".into()), ..NamedRole::of("a", ARN_OF_PROD) };
    assert!(findings::of_role(&other, false, now())[0].claim.starts_with("a can be used, and is labelled wrongly"));
    let long = NamedRole { session_name: Some("s".repeat(64)), ..NamedRole::of("a", ARN_OF_PROD) };
    let cure = format!("{:?}", findings::of_role(&long, false, now())[0].fixes);
    assert!(cure.contains(&format!(": {} is short enough", "s".repeat(53))), "{cure}");
}

#[test]
fn a_member_that_nobody_reads_is_told_and_which_one_is_meant() {
    for (other, field) in [
        ("externalId", Some("external_id")),
        ("ExternalID", Some("external_id")),
        ("arn", Some("role_arn")),
        ("roleArn", Some("role_arn")),
        ("account", Some("account_id")),
        ("session_name", Some("role_session_name")),
        ("duration", Some("duration_seconds")),
        ("external", Some("external_id")),
        ("note", None),
        ("role", None),
        ("id", None),
    ] {
        assert_eq!(NamedRole::meant_by(other).map(Field::word), field, "{other}");
    }
    let text = format!(
        r#"{{"prod": {{"role_arn": "{ARN_OF_PROD}", "account_id": "123456789012", "externalId": "canary-1", "note": "canary-2"}},
            "dev": {{"role_arn": "{ARN_OF_PROD}", "account_id": "123456789012", "note": "canary-3"}}, "x": "canary-4"}}"#
    );
    let set = read(&text).unwrap();
    assert_eq!(set.get("x").unwrap().role_arn, "", "a text that is no ARN is shown to nobody");
    let found = findings::of_others(&set);
    let told: Vec<(Severity, &str, &str)> =
        found.iter().map(|one| (one.severity, one.subject.as_str(), one.claim.as_str())).collect();
    assert_eq!(
        told,
        [
            (Severity::Warning, "prod", "prod has externalId, which the service does not read: it reads external_id."),
            (Severity::Info, "AWS_AUTH_ROLES", "Nobody reads what stands beside the roles' own members: note."),
        ]
    );
    assert!(!format!("{found:?}").contains("canary"));
}
