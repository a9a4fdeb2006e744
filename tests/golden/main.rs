//! The evaluator against an independent reference (`reference.mjs`): the same cases, asked of both.
//!
//! Compared are the verdict, the verdict for each action, and for every statement of every policy which of its elements failed.

#![expect(clippy::unwrap_used, reason = "a test that meets what it does not expect has failed")]

mod compare;

use std::io::{BufRead, BufReader};

use flate2::read::GzDecoder;
use serde_json::Value;

/// Cases of `generate.mjs` with the reference's answers, one `{"case", "answer"}` per line.
const RECORDED: &[u8] = include_bytes!("cases.ndjson.gz");

#[test]
fn recorded_cases_get_the_answers_of_the_reference() {
    let lines = BufReader::new(GzDecoder::new(RECORDED)).lines();
    let pairs = lines.map(|line| {
        let mut recorded: Value = serde_json::from_str(&line.unwrap()).unwrap();
        (recorded["case"].take(), recorded["answer"].take())
    });
    assert!(compare::all(pairs) >= 5_000);
}

/// Cases and the reference's answers to them, from two files of one JSON value per line.
#[test]
fn fresh_cases_get_the_answers_of_the_reference() {
    let (Ok(cases), Ok(answers)) = (std::env::var("ROLECALL_CASES"), std::env::var("ROLECALL_ANSWERS")) else {
        return;
    };
    let lines = |path: &str| BufReader::new(std::fs::File::open(path).expect(path)).lines().map(Result::unwrap);
    let read = |line: String| serde_json::from_str::<Value>(&line).unwrap();
    let pairs = lines(&cases).zip(lines(&answers)).map(|(case, answer)| (read(case), read(answer)));
    let count = compare::all(pairs);
    assert_eq!(count, lines(&cases).count(), "the answers are fewer than the cases");
    println!("{count} cases compared with the reference");
}
