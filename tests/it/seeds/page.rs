//! The page of all rows and the tests: each row is answered once, each test is named once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rolecall::cli::PrintWhat;

use crate::said::flat;

const PAGE: &str = include_str!("../../../assets/seeds.md");

/// The specifications and how many rows each has; the rows of the contradictions are counted without a leading zero.
const ROWS: [(&str, u32); 6] = [("S0-", 63), ("S1-", 36), ("S2-", 48), ("S3-", 67), ("S4-", 26), ("C", 33)];

/// The shortest reason that says something.
const REASON: usize = 15;

/// How an answer begins, and what follows.
#[derive(PartialEq, Eq, Debug)]
enum Answer<'a> {
    Test(&'a str),
    Text(&'a str),
    Page(&'a str),
    Out(&'a str),
}

impl<'a> Answer<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let text = text.trim().trim_matches('`');
        let (kind, rest) = text.split_once(' ')?;
        let one = !rest.contains(' ');
        match kind {
            "test" if one => Some(Self::Test(rest)),
            "text" if one => Some(Self::Text(rest)),
            "page" if one => Some(Self::Page(rest)),
            "out:" => Some(Self::Out(rest.trim())),
            _ => None,
        }
    }
}

struct Row<'a> {
    number: &'a str,
    fact: &'a str,
    answer: &'a str,
}

/// The lines of the tables, as they stand.
fn rows() -> Vec<Row<'static>> {
    let cells = |line: &'static str| line.strip_prefix("| ")?.strip_suffix(" |").map(|row| row.split(" | ").collect());
    PAGE.lines()
        .filter_map(cells)
        .map(|cells: Vec<&str>| match cells.as_slice() {
            [number, fact, answer] => Row { number, fact, answer },
            other => panic!("a row has a number, a fact and one answer: {other:?}"),
        })
        .filter(|row| row.number != "row")
        .collect()
}

fn wanted() -> Vec<String> {
    let number = |prefix: &str, n: u32| if prefix == "C" { format!("C{n}") } else { format!("{prefix}{n:02}") };
    ROWS.iter().flat_map(|(prefix, count)| (1..=*count).map(|n| number(prefix, n)).collect::<Vec<_>>()).collect()
}

/// How the name of a row's test begins.
fn stem(row: &str) -> String {
    format!("{}_", row.to_lowercase().replace('-', "_"))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| match path.is_dir() {
            true => sources(&path),
            false => vec![path],
        })
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .collect()
}

/// The name of every test function below `tests/it/seeds/`, and how often it is there.
fn tests() -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for path in sources(&root().join("tests/it/seeds")) {
        let text = std::fs::read_to_string(&path).unwrap();
        let mut is_test = false;
        for line in text.lines().map(str::trim) {
            let function = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ");
            if let Some((name, _)) = function.and_then(|rest| rest.split_once('(')) {
                if is_test {
                    *found.entry(name.to_owned()).or_default() += 1;
                }
                is_test = false;
            } else if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
                is_test = true;
            }
        }
    }
    found
}

#[test]
fn every_row_stands_exactly_once_and_none_is_invented() {
    let rows = rows();
    let mut there: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &rows {
        *there.entry(row.number).or_default() += 1;
    }
    let wanted = wanted();
    let missing: Vec<&String> = wanted.iter().filter(|row| !there.contains_key(row.as_str())).collect();
    let twice: Vec<&&str> = there.iter().filter(|(_, count)| **count > 1).map(|(row, _)| row).collect();
    let invented: Vec<&&str> = there.keys().filter(|row| !wanted.iter().any(|known| known == *row)).collect();
    assert!(
        missing.is_empty() && twice.is_empty() && invented.is_empty(),
        "missing {missing:?}, twice {twice:?}, invented {invented:?}"
    );
    let in_order: Vec<&str> = rows.iter().map(|row| row.number).collect();
    assert_eq!(in_order, wanted, "in order");
}

#[test]
fn every_row_has_one_answer_and_what_it_names_exists() {
    let tests = tests();
    let texts: BTreeSet<&str> = PrintWhat::all().into_iter().map(PrintWhat::word).collect();
    let mut faults = Vec::new();
    for row in rows() {
        let fault = match Answer::of(row.answer) {
            None => Some("is no test, text, page or reason".to_owned()),
            Some(Answer::Test(name)) if !name.starts_with(&stem(row.number)) => {
                Some(format!("names a test of another row, {name}"))
            }
            Some(Answer::Test(name)) if tests.get(name) != Some(&1) => {
                Some(format!("names {name}, which is no test, or more than one"))
            }
            Some(Answer::Text(name)) if !texts.contains(name) => {
                Some(format!("names {name}, which `rolecall print` does not know"))
            }
            Some(Answer::Page(name)) => not_on_page(name, row.fact),
            Some(Answer::Out(why)) if why.chars().count() < REASON => Some(format!("gives no reason: {why}")),
            Some(_) => None,
        };
        faults.extend(fault.map(|fault| format!("{}: its answer {fault}", row.number)));
        if row.fact.trim().chars().count() < REASON {
            faults.push(format!("{}: it has no fact", row.number));
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}

/// What is wrong with a page as an answer: it is not there, or what the fact marks as code is not on it.
fn not_on_page(name: &str, fact: &str) -> Option<String> {
    let Ok(text) = std::fs::read_to_string(root().join(name)) else {
        return Some(format!("names {name}, which is no file of the project"));
    };
    let text = flat(&text);
    let missing = fact.split('`').skip(1).step_by(2).find(|word| !text.contains(*word))?;
    Some(format!("names {name}, which does not say `{missing}`"))
}

#[test]
fn every_test_of_a_row_is_named_by_the_page() {
    let named: BTreeSet<&str> = rows()
        .iter()
        .filter_map(|row| match Answer::of(row.answer) {
            Some(Answer::Test(name)) => Some(name),
            _ => None,
        })
        .collect();
    let stems: Vec<String> = wanted().iter().map(|row| stem(row)).collect();
    let of_rows: Vec<String> =
        tests().into_keys().filter(|name| stems.iter().any(|stem| name.starts_with(stem))).collect();
    assert!(of_rows.len() > 100, "the tests of the rows were found: {}", of_rows.len());
    let unnamed: Vec<&String> = of_rows.iter().filter(|name| !named.contains(name.as_str())).collect();
    assert!(unnamed.is_empty(), "no row names {unnamed:?}");
}

#[test]
fn an_answer_is_one_of_four_kinds() {
    assert_eq!(Answer::of("test s0_13_x"), Some(Answer::Test("s0_13_x")));
    assert_eq!(Answer::of("`text trust-policy`"), Some(Answer::Text("trust-policy")));
    assert_eq!(Answer::of("page README.md"), Some(Answer::Page("README.md")));
    assert_eq!(Answer::of("out: it happens in a container"), Some(Answer::Out("it happens in a container")));
    for none in ["", "test", "test s0_01_a, s0_01_b", "text trust-policy and cdk", "later", "todo: it"] {
        assert_eq!(Answer::of(none), None, "{none}");
    }
    assert!(not_on_page("README.md", "`rolecall check` tells").is_none());
    assert!(not_on_page("README.md", "`no such word at all`").is_some());
    assert!(not_on_page("NO-SUCH-PAGE.md", "a fact").is_some());
}
