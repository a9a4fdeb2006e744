//! A reading for people: what the message tells first, then who and what, what is open, what to look at.

use std::fmt::Write as _;

use super::Reading;
use crate::values::text::{elide_end, paragraph, safe};

/// The reading as text, ended by a line break.
#[must_use]
pub fn text(reading: &Reading) -> String {
    let mut out = String::new();
    paragraph(&mut out, "", &safe(&reading.summary));
    if !reading.known {
        paragraph(
            &mut out,
            "",
            "Nothing can be said for certain from it. If it is a denial of AWS, look for the sentence that begins with \"User:\" and try that alone.",
        );
    }
    out.push('\n');
    rows(&mut out, reading);
    if !reading.open.is_empty() {
        out.push_str("\nWhat it leaves open\n");
        for line in &reading.open {
            paragraph(&mut out, "  - ", &safe(line));
        }
    }
    if !reading.next.is_empty() {
        out.push_str("\nWhat to look at next\n");
        for step in &reading.next {
            paragraph(&mut out, "  - ", &safe(&step.what));
            if let Some(command) = &step.command {
                let _ = writeln!(out, "      {}", safe(command));
            }
        }
    }
    if let Some(source) = reading.source {
        out.push('\n');
        paragraph(&mut out, "", &format!("Source: {source}."));
    }
    out
}

fn rows(out: &mut String, reading: &Reading) {
    let cause = reading.cause.map(|cause| cause.0.to_owned());
    let wrapped = (!reading.wrapped_by.is_empty()).then(|| reading.wrapped_by.join(", "));
    let role = reading.role_arn.clone();
    let resource = reading.resource.clone().filter(|resource| role.as_ref() != Some(resource));
    for (name, value) in [
        ("Message", Some(reading.message.clone()).filter(|message| !message.is_empty())),
        ("Code", reading.code.clone()),
        ("Operation", reading.operation.clone()),
        ("Caller", reading.caller.clone()),
        ("Action", reading.action.clone()),
        ("Role", role),
        ("Resource", resource),
        ("Policy", reading.policy_arn.clone()),
        ("Request", reading.request_id.clone()),
        ("Told by", wrapped),
        ("Cause", cause),
    ] {
        if let Some(value) = value {
            paragraph(out, &format!("  {name:<11}"), &safe(&elide_end(&value, 800)));
        }
    }
}
