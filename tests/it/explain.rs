//! `rolecall explain` as a user runs it: on a file, a pipe, a list, rubbish. No environment, no terminal.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::processes;

const RECORDED: &str = include_str!("../cases/assume-role.json");

fn rolecall(arguments: &[&str], input: &[u8]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
    processes::run_with(command.arg("explain").args(arguments).env_clear(), input).unwrap()
}

fn cases() -> Vec<Value> {
    let cases: Vec<Value> = serde_json::from_str(RECORDED).unwrap();
    cases.into_iter().map(|mut one| one["case"].take()).collect()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or_else(|| panic!("{output:?}"))
}

fn said(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_owned()).unwrap();
    (text(&output.stdout), text(&output.stderr))
}

fn written(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn one_case_from_a_file_or_a_pipe() {
    let folder = tempfile::tempdir().unwrap();
    let all = cases();
    for (index, exit) in [(0, 0), (2, 1), (30, 3)] {
        let text = all[index].to_string();
        let file = written(folder.path(), "case.json", &text);
        let from_file = rolecall(&[&file, "--format", "json"], b"");
        assert_eq!((code(&from_file), said(&from_file).1.as_str()), (exit, ""));
        for arguments in [vec!["--format", "json"], vec!["-", "--format", "json"]] {
            let piped = rolecall(&arguments, text.as_bytes());
            assert_eq!((code(&piped), &piped.stdout), (exit, &from_file.stdout));
        }
        let for_people = rolecall(&[&file], b"");
        assert_eq!(code(&for_people), exit);
        assert!(
            said(&for_people)
                .0
                .starts_with(["Allowed.", "Denied.", "Not decided"][usize::try_from(exit.min(2)).unwrap()])
        );
    }
}

#[test]
fn a_list_is_answered_in_order() {
    let all = cases();
    let output = rolecall(&["--format", "json"], Value::Array(all.clone()).to_string().as_bytes());
    assert_eq!(code(&output), 3, "3 over 1 over 0");
    let answers: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let alone = |case: &Value| {
        let output = rolecall(&["--format", "json"], case.to_string().as_bytes());
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    assert_eq!(answers.len(), all.len());
    for index in [0, 5, 31] {
        assert_eq!(answers[index], alone(&all[index]));
    }
    let decided = rolecall(&[], Value::Array(vec![all[0].clone(), all[2].clone()]).to_string().as_bytes());
    assert_eq!(code(&decided), 1);
    assert!(said(&decided).0.ends_with("2 cases: 1 allowed, 1 denied, 0 not decided.\n"));
    let empty = rolecall(&["--format", "json"], b" [ ] ");
    assert_eq!((code(&empty), empty.stdout.as_slice()), (0, b"[]\n".as_slice()));
}

#[test]
fn rubbish_gets_a_place_and_no_result() {
    let case = cases().remove(0);
    let deep = "[".repeat(100_000);
    let second = format!("[{case},\n  {{\"caller_arn\": 5}}]");
    let long = json!({"trust_policy": {"Id": "x".repeat(2 << 20), "Statement": []}}).to_string();
    for (input, words) in [
        ("", "standard input: line 1, column 1: the input is empty"),
        ("\u{0}\u{1}\u{2}", "line 1, column 1: this is not JSON"),
        ("{\n \"caller_arn\": }", "line 2, column 16: this is not JSON: expected value"),
        ("[1, 2]", "line 1, column 2: not an access case: an object is needed, this is a number (case 1)"),
        (deep.as_str(), "recursion limit exceeded"),
        (second.as_str(), "line 2, column 18: caller_arn: a text is needed, this is a number (case 2)"),
        (long.as_str(), "at most 1048576 are read"),
    ] {
        for format in ["text", "json"] {
            let output = rolecall(&["--format", format], input.as_bytes());
            let (result, complaint) = said(&output);
            assert_eq!((code(&output), result.as_str()), (2, ""), "{words}");
            assert!(complaint.starts_with("rolecall: ") && complaint.contains(words), "{complaint}");
            assert_eq!(complaint.lines().count(), 1, "{complaint}");
        }
    }
    let binary: Vec<u8> = (0..100_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    assert_eq!(code(&rolecall(&[], &binary)), 2);
    let absent = rolecall(&["/no/such/file"], b"");
    assert_eq!(code(&absent), 2);
    assert!(said(&absent).1.contains("/no/such/file cannot be read"));
}

#[test]
fn a_long_list_that_breaks_late_stays_well_formed() {
    let case = cases().remove(2).to_string();
    let many = format!("[{}5]", format!("{case},").repeat(1_500));
    let output = rolecall(&["--format", "json"], many.as_bytes());
    assert_eq!(code(&output), 2);
    let answers: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answers.len(), 1_500, "what was answered before the fault");
    assert!(said(&output).1.contains("(case 1501)"));
}

#[test]
fn a_result_goes_to_a_file_and_a_broken_case_leaves_it_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(folder.path(), "answer.json", "as it was");
    assert_eq!(code(&rolecall(&["--format", "json", "-o", &file], b"nonsense")), 2);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "as it was");
    let output = rolecall(&["--format", "json", "-o", &file], cases().remove(0).to_string().as_bytes());
    assert_eq!((code(&output), output.stdout.as_slice()), (0, b"".as_slice()));
    let answer: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(answer["verdict"], "allow");
}

#[test]
fn a_named_pipe_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let text = cases().remove(0).to_string();
    let to = pipe.clone();
    let writer = std::thread::spawn(move || std::fs::write(to, text).unwrap());
    assert_eq!(code(&rolecall(&[pipe.to_str().unwrap()], b"")), 0);
    writer.join().unwrap();
}

#[test]
fn messages_are_read_from_the_argument_or_a_pipe() {
    let message = "An error occurred (ExpiredToken) when calling the AssumeRole operation: The security token included in the request is expired";
    let given = rolecall(&["--message", message, "--format", "json"], b"");
    let piped = rolecall(&["--message", "-", "--format", "json"], message.as_bytes());
    assert_eq!((code(&given), &given.stdout), (0, &piped.stdout));
    let reading: Value = serde_json::from_slice(&given.stdout).unwrap();
    assert_eq!((&reading["id"], &reading["cause"]), (&json!("expired_token"), &json!("caller_token_expired")));
    let unknown = rolecall(&["--message", "it is broken"], b"");
    assert_eq!(code(&unknown), 3);
    assert!(said(&unknown).0.starts_with("rolecall does not know this message."));
    assert_eq!(code(&rolecall(&["--message", " "], b"")), 2);
    assert_eq!(code(&rolecall(&["--message", "-"], &[0xff; 300_000])), 3, "no text at all is not known either");
}

#[test]
fn schemas_are_printed() {
    for name in ["report", "case", "answer", "message"] {
        let output = Command::new(env!("CARGO_BIN_EXE_rolecall")).args(["schema", name]).env_clear().output().unwrap();
        let schema: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(schema["$id"], format!("https://rolecall.invalid/schema/{name}.json"));
    }
}
