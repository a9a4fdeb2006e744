//! How many questions a second the evaluator answers on the recorded cases of `tests/golden`, and how long the worst documents take.
//!
//! Documents are parsed once, outside the measured time, except where a name says otherwise. "From cache": each case several times in
//! succession. "From memory": thousands of cases one after the other, each once, so that waiting for memory is most of the time.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "recorded cases that cannot be read are a failure")]

use std::hint::black_box;
use std::io::Read;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use flate2::read::GzDecoder;
use jiff::Timestamp;
use rolecall::policy::pattern::matches;
use rolecall::policy::{Case, evaluate, verdict};
use serde_json::{Value, json};

const RECORDED: &[u8] = include_bytes!("../tests/golden/cases.ndjson.gz");
const REPEATED: usize = 16;

fn recorded() -> Vec<String> {
    let mut text = String::new();
    GzDecoder::new(RECORDED).read_to_string(&mut text).expect("the recorded cases");
    text.lines()
        .map(|line| {
            let recorded: Value = serde_json::from_str(line).expect("a recorded case");
            recorded["case"].to_string()
        })
        .collect()
}

fn read(text: &str) -> Case {
    Case::from_json(&serde_json::from_str(text).expect("JSON")).expect("a case")
}

fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().expect("a time")
}

fn recorded_cases(c: &mut Criterion) {
    let (texts, now) = (recorded(), now());
    let mut group = c.benchmark_group("recorded");
    group.sample_size(20);
    let cases: Vec<Case> = texts.iter().map(|text| read(text)).collect();
    let mut measure = |name: &str, answer: &dyn Fn(&Case)| {
        for (place, times) in [("from cache", REPEATED), ("from memory", 1)] {
            group.throughput(Throughput::Elements((cases.len() * times) as u64));
            group.bench_function(format!("{name}, {place}"), |b| {
                b.iter(|| cases.iter().for_each(|case| (0..times).for_each(|_| answer(case))));
            });
        }
    };
    measure("verdict alone", &|case| {
        black_box(verdict(case, now));
    });
    measure("explanation", &|case| {
        black_box(evaluate(case, now));
    });
    group.throughput(Throughput::Elements(texts.len() as u64));
    group.bench_function("parsing and explanation", |b| {
        b.iter(|| {
            for text in &texts {
                black_box(evaluate(&read(text), now));
            }
        });
    });
    group.finish();
}

/// Statements until the document has this many characters.
fn document(characters: usize, statement: impl Fn(usize) -> Value) -> Value {
    let mut statements = Vec::new();
    loop {
        statements.push(statement(statements.len()));
        let document = json!({"Version": "2012-10-17", "Statement": statements});
        if document.to_string().len() > characters {
            statements.pop();
            return json!({"Version": "2012-10-17", "Statement": statements});
        }
    }
}

fn worst(trust: Value, identity: Value) -> Case {
    let case = json!({
        "caller_arn": "arn:aws:sts::111111111111:assumed-role/Caller/s1", "role_arn": "arn:aws:iam::222222222222:role/Target",
        "trust_policy": trust, "identity_policies": [identity], "permission_boundary": null, "session_policy": null, "scps": [],
        "rcps": [], "request": {"session_name": "s1", "external_id": "a".repeat(1_224), "source_ip": "192.0.2.1", "mfa": false},
        "extra_context": {"aws:PrincipalArn": "arn:aws:iam::111111111111:role/Caller", "aws:PrincipalTag/team": "a".repeat(256)},
    });
    Case::from_json(&case).expect("a case")
}

fn worst_documents(c: &mut Criterion) {
    let now = now();
    let (trusting, allowing) = (
        json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "111111111111"}, "Action": "sts:AssumeRole"}}),
        json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}}),
    );
    let conditions = document(4_096, |number| {
        json!({"Effect": "Allow", "Principal": {"AWS": "111111111111"}, "Action": "sts:*", "Condition": {
            "StringLike": {"sts:ExternalId": [format!("*a*a?*a*b{number}"), "*${aws:PrincipalTag/team}?*b"]},
            "ArnNotLike": {"aws:PrincipalArn": format!("arn:*:iam::*:role/*a*e*r{number}")},
            "NotIpAddress": {"aws:SourceIp": ["192.0.2.0/24", "2001:db8::/32"]},
            "DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}}})
    });
    let statements = document(
        10_240,
        |number| json!({"Effect": "Allow", "Action": ["sts:*s*R?le", "s*"], "Resource": format!("arn:aws:iam::*:role/*a*r*e${{aws:PrincipalTag/team}}*{number}")}),
    );
    let mut group = c.benchmark_group("worst");
    let (pattern, text) = (format!("{}b", "*a".repeat(1_000)), "a".repeat(100_000));
    group.bench_function("1,000 stars against 100 kB", |b| b.iter(|| black_box(matches(&pattern, &text))));
    let (pattern, marked) = (format!("{}b", "*a?".repeat(1_000)), "a".repeat(100_000));
    group.bench_function("1,000 stars and question marks against 100 kB", |b| {
        b.iter(|| black_box(matches(&pattern, &marked)))
    });
    for (name, case) in [
        ("trust policy of 4,096 characters", worst(conditions, allowing)),
        ("identity policy of 10,240 characters", worst(trusting, statements)),
    ] {
        group.bench_function(name, |b| b.iter(|| black_box(evaluate(&case, now))));
    }
    group.finish();
}

criterion_group!(benches, recorded_cases, worst_documents);
criterion_main!(benches);
