//! What must hold for any bytes. The fuzz targets in `fuzz/` run these, and `cargo test` runs them on the seeds they left.

use rolecall::message;
use rolecall::migrate::sources::{self, Place, Value as Given};
use rolecall::model::facts::ImportContent;
use rolecall::model::{ImportSource, VersionChoice};
use rolecall::policy::{Answer, Case, LiveError, Policy, evaluate, trace, verdict};
use rolecall::values::{Arn, PrincipalArn, RoleArn};
use serde_json::Value;

/// A check on any bytes.
pub type Check = fn(&[u8]);

/// Every check with the name of its folder and its fuzz target.
#[allow(dead_code, reason = "a fuzz target runs one of them")]
pub const ALL: [(&str, Check); 5] =
    [("document", document), ("arn", arn), ("case", case), ("message", message), ("import", import)];

/// A policy or an error; what was read prints as it was.
pub fn document(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Policy::parse(text) {
        Ok(policy) => {
            assert_eq!(Policy::from_json(&policy.to_json()).as_ref(), Ok(&policy));
            assert_eq!(
                Policy::parse(&policy.to_json().to_string()).map(|again| again.statements().len()),
                Ok(policy.statements().len())
            );
        }
        Err(error) => assert!(!error.to_string().chars().any(char::is_control), "{error}"),
    }
}

/// An ARN or an error; what was read prints as it was.
pub fn arn(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(arn) = Arn::parse(text) {
        assert_eq!(arn.to_string(), text);
    }
    if let Ok(role) = RoleArn::parse(text) {
        assert_eq!(role.to_string(), text);
    }
    if let Ok(principal) = PrincipalArn::parse(text) {
        assert_eq!(PrincipalArn::parse(&principal.to_string()), Ok(principal));
    }
}

/// A case or an error; a case has one verdict, whichever way it is asked for, and a sentence.
pub fn case(bytes: &[u8]) {
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else { return };
    if let Ok(case) = Case::from_json(&value) {
        answered(&case);
    }
}

/// Read as a pasted message, and as what a live call returned: the first line is the code, the rest its message.
pub fn message(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    pasted(&text);
    let (code, message) = text.split_once('\n').unwrap_or(("AccessDenied", &text));
    let Ok(caller) = PrincipalArn::parse("arn:aws:sts::111111111111:assumed-role/Caller/s1") else { return };
    let mut case = Case::new(caller, "arn:aws:iam::222222222222:role/Target");
    case.live_error = Some(LiveError { code: code.into(), message: message.into(), operation: None });
    answered(&case);
}

/// Read as a source of the secret's values, whatever it is said to be: it gives values for keys, or a reason that holds nothing of it.
pub fn import(bytes: &[u8]) {
    let content = match std::str::from_utf8(bytes) {
        Ok(text) => ImportContent::Text { text: text.into(), version_id: None, mode: None },
        Err(_) => ImportContent::Binary(bytes.len()),
    };
    let secret = ImportSource::Secret { id: "webhook".into(), version: VersionChoice::Current };
    for source in [ImportSource::File("f".into()), ImportSource::EnvFile("e".into()), secret] {
        let said = match sources::read(&source, &content) {
            Ok(import) => {
                for given in &import.given {
                    assert!(import.keys().contains(&given.key));
                    if let Given::Reference(from) = &given.value {
                        let _ = Place::of(from);
                    }
                }
                import.remarks
            }
            Err(fault) => vec![fault.to_string()],
        };
        assert!(said.iter().all(|sentence| !sentence.is_empty() && sentence.len() < 4_096));
        assert!(!said.iter().any(|sentence| sentence.chars().any(char::is_control)), "{said:?}");
    }
}

fn pasted(pasted: &str) {
    let reading = message::read(pasted);
    assert_eq!(reading.known, reading.id.is_some());
    assert!(!reading.summary.is_empty());
    assert!(serde_json::to_string(&reading).is_ok());
    let told = message::text(&reading);
    assert!(!told.chars().any(|c| c.is_control() && c != '\n'), "{told}");
}

fn answered(case: &Case) {
    let Ok(now) = "2026-11-21T12:00:00Z".parse() else { return };
    let decision = evaluate(case, now);
    assert_eq!(verdict(case, now), decision.verdict);
    assert_eq!(decision.verdict == Answer::Deny, !decision.blocked_by.is_empty());
    assert!(!decision.summary.is_empty() && !decision.summary.chars().any(char::is_control), "{}", decision.summary);
    assert!(serde_json::to_string(&decision).is_ok());
    assert!(trace(case, now).len() <= 3);
}
