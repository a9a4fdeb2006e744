//! JSON read strictly, as the services and Node.js read it, with every member's place in the text.
//!
//! `serde_json` alone keeps neither duplicate keys nor places; `jsonc-parser` alone is more lenient than the readers. A text must pass both.

use std::fmt::Write as _;

use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::errors::ParseError;
use jsonc_parser::{CollectOptions, ParseOptions};
use serde::Serialize;
use serde::de::IgnoredAny;

use super::text::has_unsafe;

/// Why a text is not the JSON object that was wanted. Never holds any of the text.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum JsonFault {
    /// Nothing, or white space alone.
    #[error("it is empty")]
    Empty,
    /// U+FEFF in front, which no strict reader accepts.
    #[error("it starts with a byte order mark, which JSON does not allow: save it as UTF-8 without one")]
    ByteOrderMark,
    /// Not JSON.
    #[error("it is not JSON: {reason} at line {line}, column {column}")]
    Syntax {
        /// From 1.
        line: usize,
        /// From 1, in characters as the parser counts them.
        column: usize,
        /// What the parser says.
        reason: String,
    },
    /// JSON, but no object.
    #[error("it is {what}, not an object{}", if *quoted { ": the object in it was quoted once too often" } else { "" })]
    NotAnObject {
        /// "an array", "a text", …
        what: &'static str,
        /// True for a text that itself holds an object: JSON encoded twice.
        quoted: bool,
    },
}

/// Reads a text that must be one JSON object. Duplicate names are kept, in order.
///
/// # Errors
/// What is wrong with it, with line and column.
pub fn object(text: &str) -> Result<Object<'_>, JsonFault> {
    only_object(value(text)?)
}

/// Reads a text that must be JSON of any sort. Duplicate names are kept, in order.
///
/// # Errors
/// What is wrong with it, with line and column.
pub fn value(text: &str) -> Result<Value<'_>, JsonFault> {
    if text.trim().is_empty() {
        return Err(JsonFault::Empty);
    }
    if text.starts_with('\u{feff}') {
        return Err(JsonFault::ByteOrderMark);
    }
    // First the parser with the better words, then the stricter one.
    let parsed =
        jsonc_parser::parse_to_ast(text, &CollectOptions::default(), &strict()).map_err(|error| fault(&error))?;
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| syntax(&error))?;
    parsed.value.ok_or(JsonFault::Empty)
}

/// Reads one JSON object that was written by hand: with comments, and with commas after the last member. Duplicate names are kept, in order.
///
/// # Errors
/// What is wrong with it, with line and column.
pub fn commented_object(text: &str) -> Result<Object<'_>, JsonFault> {
    let options = ParseOptions { allow_comments: true, allow_trailing_commas: true, ..strict() };
    let parsed =
        jsonc_parser::parse_to_ast(text, &CollectOptions::default(), &options).map_err(|error| fault(&error))?;
    only_object(parsed.value.ok_or(JsonFault::Empty)?)
}

fn only_object(value: Value<'_>) -> Result<Object<'_>, JsonFault> {
    match value {
        Value::Object(object) => Ok(object),
        other => {
            let quoted = matches!(&other, Value::StringLit(inner) if self::object(&inner.value).is_ok());
            Err(JsonFault::NotAnObject { what: kind(&other), quoted })
        }
    }
}

/// What sort of value it is, in words.
#[must_use]
pub const fn kind(value: &Value<'_>) -> &'static str {
    match value {
        Value::StringLit(_) => "a text",
        Value::NumberLit(_) => "a number",
        Value::BooleanLit(_) => "a boolean",
        Value::Object(_) => "an object",
        Value::Array(_) => "an array",
        Value::NullKeyword(_) => "null",
    }
}

/// What a member of a document holds: a text as it is, anything else as it stands in the document, duplicates and all.
#[must_use]
pub fn member_text<'t>(value: &'t Value<'_>, document: &'t str) -> &'t str {
    match value {
        Value::StringLit(text) => &text.value,
        other => document.get(other.start()..other.end()).unwrap_or_default(),
    }
}

/// A value on one line, in which no character means anything to a reader of env files or to a shell within single quotes: `'`, `$`, `"`
/// and the backslash stand as `\\uXXXX` within texts, and so does what [`has_unsafe`] finds.
#[must_use]
pub fn in_single_quotes<T: Serialize>(value: &T) -> String {
    // What is printed here holds texts, numbers and lists only, which always serialize.
    let plain = serde_json::to_string(value).unwrap_or_default();
    let mut out = String::with_capacity(plain.len() + 64);
    let mut letters = plain.chars();
    while let Some(letter) = letters.next() {
        let meant = match letter {
            '\\' => match letters.next() {
                Some(quoted @ ('"' | '\\')) => quoted,
                other => {
                    out.push('\\');
                    out.extend(other);
                    continue;
                }
            },
            '\'' | '$' | '`' => letter,
            other if has_unsafe(other.encode_utf8(&mut [0; 4])) => other,
            other => {
                out.push(other);
                continue;
            }
        };
        for unit in meant.encode_utf16(&mut [0; 2]) {
            let _ = write!(out, "\\u{unit:04x}");
        }
    }
    out
}

/// A text as a JSON string, in quotes.
#[must_use]
pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A value as indented JSON, ended by a line break, that is safe to print: what [`has_unsafe`] finds is written as `\\uXXXX`, so that
/// nothing of it is lost.
#[must_use]
pub fn printed<T: Serialize>(value: &T) -> String {
    // What is printed here holds texts, numbers and lists only, which always serialize.
    let mut out = serde_json::to_string_pretty(value).unwrap_or_default();
    if out.lines().any(has_unsafe) {
        let mut escaped = String::with_capacity(out.len() + 64);
        for c in out.chars() {
            // Line breaks stand between values only: within texts JSON has them escaped already.
            if c != '\n' && has_unsafe(c.encode_utf8(&mut [0; 4])) {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(escaped, "\\u{unit:04x}");
                }
            } else {
                escaped.push(c);
            }
        }
        out = escaped;
    }
    out.push('\n');
    out
}

/// With a small letter in front, as it stands inside a sentence.
fn in_sentence(words: &str) -> String {
    let mut rest = words.chars();
    rest.next().map(|first| first.to_lowercase().chain(rest).collect()).unwrap_or_default()
}

fn fault(error: &ParseError) -> JsonFault {
    let words = error.kind().to_string();
    // "Invalid unicode escape sequence. 'D8AB' is …": what is quoted is some of the text.
    let reason = in_sentence(words.split(". '").next().unwrap_or_default());
    JsonFault::Syntax { line: error.line_display(), column: error.column_display(), reason }
}

fn syntax(error: &serde_json::Error) -> JsonFault {
    let words = error.to_string();
    let reason = words.split(" at line ").next().unwrap_or_default().to_owned();
    JsonFault::Syntax { line: error.line(), column: error.column(), reason }
}

/// RFC 8259 and nothing more.
const fn strict() -> ParseOptions {
    ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_named_and_placed() {
        for (text, words) in [
            (" \n", "it is empty"),
            ("\u{feff}{}", "it starts with a byte order mark, which JSON does not allow: save it as UTF-8 without one"),
            ("{\n  \"a\": 1,\n}", "it is not JSON: trailing commas are not allowed at line 2, column 9"),
            ("{'a': 1}", "it is not JSON: single-quoted strings are not allowed at line 1, column 2"),
            ("{\"a\": 1} x", "it is not JSON: text cannot contain more than one JSON value at line 1, column 10"),
            ("[1]", "it is an array, not an object"),
            ("\"plain\"", "it is a text, not an object"),
            ("\"{\\\"A\\\":1}\"", "it is a text, not an object: the object in it was quoted once too often"),
            ("null", "it is null, not an object"),
        ] {
            assert_eq!(object(text).unwrap_err().to_string(), words, "{text}");
        }
    }

    #[test]
    fn comments_are_read_where_people_write_by_hand() {
        let object = commented_object("// why\n{\n  \"a\": 1, /* and */ \"b\": null,\n}\n").unwrap();
        assert_eq!(object.properties.len(), 2);
        for (text, words) in [
            ("// nothing\n", "it is empty"),
            ("{\"a\": 1 \"b\": 2}", "line 1, column 8"),
            ("{\n  a: 1}", "line 2, column 3"),
            ("[]", "it is an array, not an object"),
        ] {
            let fault = commented_object(text).unwrap_err().to_string();
            assert!(fault.contains(words), "{text}: {fault}");
        }
        let fault = commented_object("{\"a\": \"\\uD8AB\"}").unwrap_err().to_string();
        assert!(fault.contains("invalid unicode escape") && !fault.contains("D8AB"), "{fault}");
    }

    #[test]
    fn printed_json_is_safe_and_loses_nothing() {
        let value = serde_json::json!({"a": "x\u{202e}\u{7f}\u{e0001}\u{1b}\n"});
        let printed = printed(&value);
        assert_eq!(printed, "{\n  \"a\": \"x\\u202e\\u007f\\udb40\\udc01\\u001b\\n\"\n}\n");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&printed).unwrap(), value);
    }

    #[test]
    fn duplicates_are_kept() {
        let text = r#"{"a": 1, "b": [2], "a": "3"}"#;
        let names: Vec<_> = object(text).unwrap().properties.iter().map(|p| p.name.clone().into_string()).collect();
        assert_eq!(names, ["a", "b", "a"]);
    }

    #[test]
    fn deep_nesting_is_an_error_and_no_crash() {
        let text = format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(matches!(object(&text), Err(JsonFault::Syntax { .. })));
    }
}
