use super::*;
use crate::model::Reader;
use crate::model::selection::Selection;

fn faults(text: &str) -> Vec<String> {
    read(&text.into()).unwrap_err().iter().map(ToString::to_string).collect()
}

fn file(text: &str) -> AnswersFile {
    let reading = read(&text.into()).unwrap();
    assert_eq!(reading.remarks, vec![]);
    reading.file
}

#[test]
fn the_template_is_a_file_in_which_nothing_is_answered() {
    let template = template();
    let nothing = AnswersFile { write_secret: Some(true), write_config: Some(true), ..AnswersFile::default() };
    assert_eq!(file(&template), nothing);
    assert_eq!(nothing.answers(), Answers::default());
    assert_eq!(nothing.choose(Selection::new()), Selection::new());
    let fields = Field::ALL.map(|field| (field.name(), 2));
    for (name, indent) in fields.into_iter().chain(Key::ALL.map(|key| (key.name(), 4))) {
        let line = format!("\n{:indent$}\"{name}\": ", "");
        let at = template.find(&line).unwrap_or_else(|| panic!("{name} is missing"));
        let line_before = template[..at].trim_end().lines().last().unwrap();
        assert!(line_before.trim_start().starts_with("//"), "{name} is not explained");
    }
    for key in Key::ALL {
        assert!(template.contains(key.rule()), "{key}");
    }
}

#[test]
fn everything_that_is_wrong_is_told_at_once_and_in_its_place() {
    let text = r#"{
  // comments count as lines
  "stak": "quilt-prod",
  "config_profile": "../etc",
  "stack": "arn:aws:cloudformation:us-east-1:1:stack/x/1",
  "principal": "arn:aws:iam::111122223333:user/x",
  "external_id": "é",
  "TENANT": "acme",
  "region": "", "region": "us-east-1",
  "reader": "Both",
  "roles": {"reed": null, "write": 7},
  "values": {
    "CLIENT_SECRET": "canary one",
    "client_id": "wqF",
    "TENANT": "https://acme.benchling.com",
    "LOG_LEVEL": 3,
    "PKG_KEY": {"from_file": "x"},
  },
  "leave_out": ["quilt.readRoleARN", 1],
  "write": {"secret": "yes"},
  "nonsense": 1
}"#;
    let faults = faults(text);
    let expected = [
        "line 3, column 3: there is no `stak`; did you mean stack?",
        "line 4, column 21: `config_profile`: `../etc` is a path",
        "line 5, column 12: `stack`: ",
        "line 6, column 16: `principal`: ",
        "line 7, column 18: `external_id`: an external ID has 2 to 1224",
        "line 8, column 3: there is no `TENANT`; TENANT belongs into `values`",
        "line 9, column 13: `region` is empty; null leaves it open",
        "line 9, column 17: `region` stands here a second time",
        "line 10, column 13: `reader`: `Both` is none of specification, shipped, both; did you mean both?",
        "line 11, column 13: there is no `reed` in `roles`; did you mean read?",
        "line 11, column 36: `write` is a number, not a text",
        "line 13, column 22: CLIENT_SECRET: ",
        "line 14, column 5: there is no `client_id` in `values`; did you mean CLIENT_ID?",
        "line 15, column 15: TENANT: ",
        "line 16, column 18: LOG_LEVEL is a number, not a text",
        "line 17, column 16: PKG_KEY is an object; it is a text, or {\"from_stdin\": true}",
        "line 19, column 17: `quilt.readRoleARN` is no field of config.json that rolecall writes; did you mean quilt.readRoleArn?",
        "line 19, column 38: `leave_out` has a number in it, not a text",
        "line 20, column 23: `secret` is a text, not true or false",
        "line 21, column 3: there is no `nonsense`; there are aws_profile, region",
    ];
    for (fault, expected) in faults.iter().zip(expected) {
        assert!(fault.starts_with(expected), "{fault}\n{expected}");
    }
    assert_eq!(faults.len(), expected.len(), "{faults:#?}");
    assert!(faults.iter().all(|fault| !fault.contains("canary")));
}

#[test]
fn what_is_no_json_is_told_with_its_place() {
    assert_eq!(faults("{\n  \"stack\": nope\n}"), ["line 2, column 12: this is not JSON: unexpected word"]);
    assert_eq!(faults("  "), ["it is empty"]);
    assert_eq!(faults("[]"), ["it is an array, not an object"]);
}

#[test]
fn a_filled_file_chooses_and_answers() {
    let file = file(
        "\u{feff}{\"aws_profile\": \"staging\", \"stack\": \"quilt-prod\", \"secret\": null, \"reader\": \"both\",
          \"roles\": {\"read\": \"arn:aws:iam::111122223333:role/R\"},
          \"values\": {\"TENANT\": \"acme\", \"ENABLE_WEBHOOK_VERIFICATION\": true, \"WEBHOOK_ALLOW_LIST\": \"\",
                     \"CLIENT_SECRET\": {\"from_stdin\": true}},
          \"leave_out\": [\"quilt\", \"packages.prefix\"], \"write\": {\"config\": false}}",
    );
    let before = Selection { secret: Some("demo".into()), region: Some("eu-west-1".into()), ..Selection::new() };
    let selection = file.choose(before);
    assert_eq!(selection.source, Some(CredentialSource::Profile("staging".into())));
    assert_eq!((selection.stack.as_deref(), selection.secret.as_deref()), (Some("quilt-prod"), Some("demo")));
    assert_eq!(selection.region.as_deref(), Some("eu-west-1"));
    assert_eq!(selection.migration.reader, Some(Reader::Both));
    assert_eq!(selection.typed_roles.len(), 1);
    let answers = file.answers();
    assert_eq!(answers.values.get(&Key::EnableWebhookVerification), Some(&"true".into()));
    assert_eq!(answers.values.get(&Key::WebhookAllowList), Some(&"".into()));
    assert_eq!(file.from_stdin, Some(Key::ClientSecret));
    assert_eq!(answers.leave_out.len(), 2);
    assert!(answers.without_config && !answers.without_secret);
}

#[test]
fn only_one_value_comes_from_standard_input() {
    let both = r#"{"values": {"CLIENT_SECRET": {"from_stdin": true}, "CLIENT_ID": {"from_stdin": true}}}"#;
    assert_eq!(
        faults(both),
        ["line 1, column 65: CLIENT_SECRET is read from standard input already; CLIENT_ID cannot be too"]
    );
}

#[test]
fn no_value_is_ever_printed() {
    let file = file(r#"{"values": {"CLIENT_SECRET": "canary-1"}}"#);
    assert!(!format!("{file:?} {:?}", file.answers()).contains("canary"));
}
