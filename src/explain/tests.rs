use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::policy::CAUSES;
use crate::policy::document::LONGEST as LONGEST_POLICY;
use crate::values::json::printed;

const RECORDED: &str = include_str!("../../tests/cases/assume-role.json");

fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn recorded() -> Vec<Value> {
    let cases: Vec<Value> = serde_json::from_str(RECORDED).unwrap();
    cases
        .into_iter()
        .map(|mut one| {
            let name = one["name"].clone();
            let mut case = one["case"].take();
            case["name"] = name;
            case
        })
        .collect()
}

fn element(text: &str) -> Element {
    Elements::new(text.as_bytes()).unwrap().next().unwrap().unwrap()
}

fn named(case: &Value) -> Named {
    read(&element(&case.to_string())).unwrap()
}

fn answer(case: &Value) -> Value {
    serde_json::from_str(&printed(&Answer::to(&named(case), now()))).unwrap()
}

fn fault(text: &str) -> String {
    match Elements::new(text.as_bytes()) {
        Ok(elements) => elements
            .map(|element| read(&element.map_err(|error| error.to_string())?).map_err(|fault| fault.to_string()))
            .find_map(Result::err)
            .unwrap_or_else(|| panic!("{text} is a case")),
        Err(error) => error.to_string(),
    }
}

fn minimal() -> Value {
    json!({"caller_arn": "arn:aws:iam::111122223333:user/alice", "role_arn": "arn:aws:iam::444455556666:role/Target", "request": {}})
}

fn with(path: &str, value: Value) -> String {
    let mut case = minimal();
    let (parent, last) = path.rsplit_once('/').unwrap();
    case.pointer_mut(parent).unwrap()[last] = value;
    case.to_string()
}

#[test]
fn cases_and_answers_follow_their_schemas() {
    let validator = |schema: &str| jsonschema::draft202012::new(&serde_json::from_str(schema).unwrap()).unwrap();
    let (of_case, of_answer) = (validator(CASE_SCHEMA), validator(ANSWER_SCHEMA));
    let cases = recorded();
    assert!(cases.len() >= 32);
    let answers: Vec<Value> = cases.iter().map(answer).collect();
    for (validator, all) in [(&of_case, &cases), (&of_answer, &answers)] {
        for one in all {
            let faults: Vec<String> =
                validator.iter_errors(one).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
            assert!(faults.is_empty(), "{}: {faults:#?}", one["name"]);
        }
        assert!(validator.is_valid(&Value::Array(all.clone())), "and a list of them");
        assert!(!validator.is_valid(&json!({"name": "x"})));
    }
    for (case, answer) in cases.iter().zip(&answers) {
        assert_eq!(case["name"], answer["name"]);
        assert!(CAUSES.contains(&answer["cause"].as_str().unwrap()));
    }
}

#[test]
fn expected_answers_are_no_part_of_the_question() {
    let mut case = recorded().remove(2);
    let plain = answer(&case);
    for (field, value) in [
        ("expected", json!("allow")),
        ("cause", json!("ok")),
        ("explanation", json!(7)),
        ("minimal_fix", json!({"target": "trust_policy"})),
        ("kind", json!([])),
        ("verified", json!(null)),
        ("notes", json!("x")),
        ("caller_account", json!("111111111111")),
    ] {
        case[field] = value;
    }
    assert_eq!(answer(&case), plain);
    assert_eq!(named(&case).remarks, Vec::<String>::new());
}

#[test]
fn what_is_passed_over_is_said() {
    let case: Value = serde_json::from_str(&with("/trust_polcy", json!({}))).unwrap();
    assert_eq!(named(&case).remarks, ["`trust_polcy` is no field of an access case and was passed over"]);
    let case: Value = serde_json::from_str(&with("/request/externalid", json!("x"))).unwrap();
    assert_eq!(named(&case).remarks, ["`request/externalid` is no field of an access case and was passed over"]);
    let case: Value = serde_json::from_str(&with("/caller_account", json!("999999999999"))).unwrap();
    assert!(named(&case).remarks[0].ends_with("caller_arn is of account 111122223333: the ARN counts"));
}

#[test]
fn what_is_no_case_is_named_with_line_and_column() {
    let arn = r#""caller_arn": "arn:aws:iam::111122223333:user/alice""#;
    let role = r#""role_arn": "arn:aws:iam::444455556666:role/Target""#;
    for (text, expected) in [
        ("".to_owned(), "line 1, column 1: the input is empty: an access case is a JSON object, or a list of them"),
        ("5".to_owned(), "line 1, column 1: not an access case: an object is needed, this is a number"),
        ("nonsense".to_owned(), "line 1, column 2: this is not JSON: expected ident"),
        ("{\n  \"a\": 1,\n}".to_owned(), "line 3, column 1: this is not JSON: trailing comma"),
        ("{".to_owned(), "line 1, column 1: this is not JSON: EOF while parsing an object"),
        (
            "{} {}".to_owned(),
            "line 1, column 4: there is more text after the case; several cases stand in a list: [{…}, {…}]",
        ),
        ("{}".to_owned(), "line 1, column 1: not an access case: `caller_arn` is missing"),
        (
            format!("{{{arn}, {arn}}}"),
            "line 1, column 56: `caller_arn` stands twice in one object: one of the two would be passed over, and IAM stores no policy",
        ),
        (
            format!(
                "{{{arn}, {role}, \"request\": {{}},\n \"trust_policy\": {{\"Statement\": [\n  {{\"Effect\": \"Allow\",\n   \"Effect\": \"Deny\"}}]}}}}"
            ),
            "line 4, column 4: `Effect` stands twice in one object",
        ),
        (
            format!("[\n {{{arn},\n  {role}, \"request\": {{\n   \"duration_seconds\": \"long\"}}}}]"),
            "line 4, column 24: request/duration_seconds: a whole number is needed, this is a text",
        ),
        (
            format!("[{{{arn}, {role}, \"request\": {{}}}},\n {{\"caller_arn\": \"alice\"}}]"),
            "line 2, column 2: not an access case: `role_arn` is missing",
        ),
        (format!("{{{role}, \"request\": {{}},\n  \"caller_arn\": \"alice\"}}"), "line 2, column 17: caller_arn: "),
        (
            format!(
                "{{{arn}, {role}, \"request\": {{}},\n \"trust_policy\": {{\"Statement\": [\n  {{\"Effect\": \"Allow\"}},\n  {{\"Effect\": \"Maybe\"}}]}}}}"
            ),
            "line 4, column 3: trust_policy: statement 2",
        ),
        (
            format!("{{{arn}, {role}, \"request\": {{}},\n \"scps\": [{{\"policies\": [{{\"policy\": 5}}]}}]}}"),
            "line 2, column 36: scps/0/policies/0/policy: the policy: a JSON object is needed, this is a number",
        ),
        (with("/context", json!({"k": [["deep"]]})), "line 1, column "),
    ] {
        let fault = fault(&text);
        assert!(fault.starts_with(expected), "{text}\n  {fault}\n  {expected}");
    }
}

#[test]
fn depth_and_length_are_bounded() {
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(fault(&deep).contains("recursion limit exceeded"), "{}", fault(&deep));
    let sid = "x".repeat(LONGEST_POLICY);
    let long = with("/trust_policy", json!({"Statement": [{"Sid": sid, "Effect": "Allow"}]}));
    let told = fault(&long);
    assert!(told.contains("at most 1048576 are read") && told.starts_with("line 1, column "), "{told}");
    let long = with("/scps", json!([{"policies": [{"policy": {"Id": sid, "Statement": []}}]}]));
    assert!(fault(&long).contains("at most 1048576 are read"));
    let short = "x".repeat(LONGEST_POLICY / 2);
    let many = with(
        "/identity_policies",
        json!([{"Id": short, "Statement": []}, {"Id": short, "Statement": []}, {"Id": short, "Statement": []}]),
    );
    assert!(read(&element(&many)).is_ok(), "several policies may be longer together");
}

#[test]
fn answers_are_safe_to_print_and_lose_nothing() {
    let sid = "a\u{1b}[2J\u{202e}b";
    let statement = json!({"Sid": sid, "Effect": "Deny", "Principal": "*", "Action": "sts:*"});
    let case: Value = serde_json::from_str(&with("/trust_policy", json!({"Statement": [statement]}))).unwrap();
    let named = named(&case);
    let answer = Answer::to(&named, now());
    for text in [printed(&answer), text(&named, &answer, Some(1)), text(&named, &answer, None)] {
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()) && !text.contains('\u{202e}'), "{text}");
    }
    let back: Value = serde_json::from_str(&printed(&answer)).unwrap();
    assert_eq!(back["deciding"][0]["sid"], sid);
}

#[test]
fn the_worst_verdict_is_the_exit_code() {
    assert_eq!([(0, 1), (1, 3), (3, 0), (0, 0)].map(|(one, other)| worst(one, other)), [1, 3, 3, 0]);
    let codes: Vec<u8> = recorded().iter().map(|case| Answer::to(&named(case), now()).exit_code()).collect();
    assert_eq!(
        (codes.iter().filter(|code| **code == 0).count(), codes.iter().filter(|code| **code == 3).count()),
        (6, 2)
    );
}

#[test]
fn people_read_this() {
    let cases = recorded();
    for name in ["ok-cross-account-user", "two-statements-two-reasons", "external-id-trailing-space", "scps-unreadable"]
    {
        let case = cases.iter().find(|case| case["name"] == name).unwrap();
        let named = named(case);
        insta::assert_snapshot!(name, text(&named, &Answer::to(&named, now()), None));
    }
}

/// An answer or an error for anything; what is printed is bounded by what was read.
fn never_panics(bytes: &[u8]) {
    let Ok(elements) = Elements::new(bytes) else { return };
    for element in elements.map_while(Result::ok) {
        if let Ok(named) = read(&element) {
            let answer = Answer::to(&named, now());
            let _ = (printed(&answer), text(&named, &answer, None));
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_give_an_answer_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        never_panics(&bytes);
    }

    #[test]
    fn any_text_of_json_letters_gives_an_answer_or_an_error(text in "[\\[\\]{}\":,\\\\ \\n0a]{0,80}") {
        never_panics(text.as_bytes());
    }

    #[test]
    fn a_case_with_a_part_broken_gives_an_answer_or_an_error(which in 0usize..32, at in 0usize..6_000, bytes in proptest::collection::vec(any::<u8>(), 0..4)) {
        let mut text = recorded()[which].to_string().into_bytes();
        let at = at % text.len();
        let end = (at + bytes.len()).min(text.len());
        text.splice(at..end, bytes);
        never_panics(&text);
    }
}
