//! Any text at all: nothing panics, no value leaves, nothing reaches a terminal raw.

use super::*;
use crate::values::text::has_unsafe;

/// Everything that is said of a source, as it may be shown and as it may be logged.
fn said(read: &Result<Import, ImportFault>) -> String {
    match read {
        Ok(import) => format!("{import:?} {}", import.remarks.join(" ")),
        Err(fault) => format!("{fault:?} {fault}"),
    }
}

fn all_ways(text: &str) -> Vec<Result<Import, ImportFault>> {
    let variables = ImportContent::Variables(vec![("TENANT".into(), text.into()), (text.to_owned(), "x".into())]);
    vec![of_env(text), of_file(text), of_secret(text), read(&ImportSource::Environment, &variables)]
}

fn sentences(read: &Result<Import, ImportFault>) -> Vec<String> {
    match read {
        Ok(import) => import.remarks.clone(),
        Err(fault) => vec![fault.to_string()],
    }
}

#[test]
fn hostile_texts_reach_no_terminal_raw() {
    let name = "BENCHLING_\u{1b}[31m\u{202e}\u{200b}x";
    let task = serde_json::json!({"containerDefinitions": [
        {"name": name, "environment": [{"name": name, "value": "v"}, {"name": "TENANT", "value": 7}], "environmentFiles": [1]},
        {"name": "\u{7}", "secrets": [{"name": "BENCHLING_X", "valueFrom": "\u{1b}]52;c;x\u{7}"}]},
    ]});
    let config = serde_json::json!({"_inherits": name, "benchling": {"tenant": 7}});
    for text in [
        format!("{name}=x\nTENANT=y"),
        "{\"TENNANT\u{202e}\": \"\u{9b}31m\", \"BENCHLING_\\u001b\": 1}".to_owned(),
        "TENANT=\0\u{1b}[2J\n\u{1b}[31m\n".to_owned(),
        task.to_string(),
        config.to_string(),
    ] {
        for read in all_ways(&text) {
            for sentence in sentences(&read) {
                assert!(!has_unsafe(&sentence), "{sentence:?}");
            }
        }
    }
}

#[test]
fn a_megabyte_is_read_in_no_time() {
    let long = "x".repeat(1 << 20);
    let begun = std::time::Instant::now();
    for text in [
        long.clone(),
        format!("TENANT={long}"),
        format!("TENANT=\"{}", "\\\"\n".repeat(300_000)),
        "A='\n".repeat(50_000),
        "A=\"\\\"\n".repeat(150_000),
        "\\".repeat(1 << 20),
        "[".repeat(1 << 20),
        format!("{{\"TENANT\": \"{long}\"}}"),
        "TENANT=a\n".repeat(100_000),
        "a b\n".repeat(200_000),
        (0..5_000).map(|number| format!("BENCHLING_{number}=x\nTENANT{number}=y\n")).collect(),
    ] {
        for read in all_ways(&text) {
            assert!(sentences(&read).join("").len() < 20_000);
        }
    }
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}

#[test]
fn no_value_is_said_whatever_the_shape() {
    for text in [
        "TENANT=canary$canary#canary\nCLIENT_SECRET=\"canary\\ncanary\"\nTENANT=canary2\nX=canary",
        "TENANT='canary\ncanary' canary",
        "canary words canary",
        "canary",
        "TENANT=\"canary",
        r#"{"TENANT": "canary", "CLIENT_SECRET": {"canary": "canary"}, "PKG_KEY": ["canary"]}"#,
        r#"{"TENANT": canary}"#,
        r#"{"TENANT": "canary\uD8AB"}"#,
        r#"{"benchling": {"tenant": "canary", "clientSecret": ["canary"]}, "packages": {"prefix": 12}}"#,
        r#"[{"name": "TENANT", "value": "canary"}, {"name": "LOG_LEVEL", "value": ["canary"]}]"#,
        r#""canary""#,
        r#"{"ARN": "arn:aws:secretsmanager:r:1:secret:x", "SecretString": "canary"}"#,
    ] {
        let variables = ImportContent::Variables(vec![("TENANT".into(), text.into())]);
        for read in [of_env(text), of_file(text), of_secret(text), read(&ImportSource::Environment, &variables)] {
            assert!(!said(&read).contains("canary"), "{text}: {}", said(&read));
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "(?s).{0,300}|[A-Z_=\"'`\\\\\n#$ {}\\[\\]:,a-c\u{feff}\u{202e}\u{1b}]{0,200}") {
        for read in all_ways(&text) {
            for sentence in sentences(&read) {
                prop_assert!(!has_unsafe(&sentence), "{:?}", sentence);
            }
        }
    }

    /// Whatever stands around it: a value of ours is neither in what is shown nor in what is logged.
    #[test]
    fn no_value_is_ever_said(
        value in "[!-~&&[^'\"`]]{0,12}canary77[!-~&&[^'\"`]]{0,12}",
        quote in prop::sample::select(vec!["", "'", "\"", "`"]),
        name in prop::sample::select(vec!["TENANT", "BENCHLING_CLIENT_SECRET", "TENNANT", "QUILT_X", "X"]),
        rest in "[A-Z=\n#$ ]{0,30}",
    ) {
        let line = format!("{name}={quote}{value}{quote}{rest}");
        let json = serde_json::json!({name: value, "benchling": {"tenant": value}});
        let secret = serde_json::json!({name: value, "X": [value]});
        let list = serde_json::json!([{"name": name, "value": value}]);
        for text in [line, json.to_string(), secret.to_string(), list.to_string(), value.clone(), format!("\n{value} {rest}")] {
            for read in [of_env(&text), of_file(&text), of_secret(&text)] {
                prop_assert!(!said(&read).contains("canary77"), "{}", said(&read));
            }
        }
    }

    /// What a line says in plain quotes is what is taken, to the letter.
    #[test]
    fn a_quoted_value_is_taken_to_the_letter(value in "[^'\r\n\\\\]{0,40}") {
        let import = of_env(&format!("TENANT='{value}'")).unwrap();
        prop_assert_eq!(given(&import), [format!("TENANT={value}")]);
    }

    /// So is a plain one without quotes, whatever punctuation is in it.
    #[test]
    fn an_unquoted_value_is_taken_to_the_letter(value in "[!-~&&[^'\"`#]][!-~]{0,40}") {
        let import = of_env(&format!("CLIENT_SECRET={value}\nLOG_LEVEL=INFO")).unwrap();
        prop_assert_eq!(given(&import), [format!("CLIENT_SECRET={value}"), "LOG_LEVEL=INFO".to_owned()]);
    }
}
