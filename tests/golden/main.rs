//! The evaluator against an independent reference (`reference.mjs`): the same cases, asked of both.
//!
//! Compared are the verdict, the verdict for each action, and for every statement of every policy which of its elements failed; and of
//! every denial that rolecall offers to cure, what the reference says once the fixes are applied (`cures.mjs`).

#![expect(clippy::unwrap_used, reason = "a test that meets what it does not expect has failed")]

mod compare;
mod cures;

use std::io::{BufRead, BufReader};

use flate2::read::GzDecoder;
use serde_json::Value;

/// Cases of `generate.mjs` with the reference's answers, one `{"case", "answer"}` per line.
const RECORDED: &[u8] = include_bytes!("cases.ndjson.gz");

/// The lines of a compressed recording.
fn unzipped(recorded: &[u8]) -> impl Iterator<Item = Value> {
    BufReader::new(GzDecoder::new(recorded)).lines().map(|line| serde_json::from_str(&line.unwrap()).unwrap())
}

#[test]
fn recorded_cases_get_the_answers_of_the_reference() {
    let pairs = unzipped(RECORDED).map(|mut recorded| (recorded["case"].take(), recorded["answer"].take()));
    assert!(compare::all(pairs) >= 5_000);
}

#[test]
fn the_cures_now_offered_are_those_that_the_reference_accepted() {
    let cases = unzipped(RECORDED).map(|mut recorded| recorded["case"].take());
    let cured = cures::replay(cases);
    assert!(cured >= 1_000, "{cured}");
}

/// Cases and the reference's answers to them, from two files of one JSON value per line. The fixes for them are written to the file
/// that ROLECALL_FIXES names, for `cures.mjs`.
#[test]
fn fresh_cases_get_the_answers_of_the_reference() {
    let (Ok(cases), Ok(answers)) = (std::env::var("ROLECALL_CASES"), std::env::var("ROLECALL_ANSWERS")) else {
        return;
    };
    let lines = |path: &str| BufReader::new(std::fs::File::open(path).expect(path)).lines().map(Result::unwrap);
    let read = |line: String| serde_json::from_str::<Value>(&line).unwrap();
    if let Ok(fixes) = std::env::var("ROLECALL_FIXES") {
        let offered = lines(&cases).map(|line| format!("{}\n", cures::offered(&read(line))));
        std::fs::write(fixes, offered.collect::<String>()).unwrap();
    }
    let pairs = lines(&cases).zip(lines(&answers)).map(|(case, answer)| (read(case), read(answer)));
    let count = compare::all(pairs);
    assert_eq!(count, lines(&cases).count(), "the answers are fewer than the cases");
    println!("{count} cases compared with the reference");
}
