//! YAML as JSON, so that whatever takes settings from a file reads one form.

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};
use serde_json::Number;

use crate::values::{SecretText, json};

/// No file of settings is as deep; of a deeper one the JSON readers have no better words.
const DEEPEST: usize = 64;

/// Why a text was not read. Never holds any of it.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub(super) enum YamlFault {
    /// Nothing but comments and white space.
    #[error("it is empty")]
    Empty,
    /// What the parser does not take.
    #[error("it is not YAML: line {line}, column {column}")]
    Syntax {
        /// From 1.
        line: usize,
        /// From 1, in characters.
        column: usize,
    },
    /// Its top is a list or a text.
    #[error("it is no mapping of names to values")]
    NotAMapping,
    /// YAML that a file of settings has no use for.
    #[error("line {line} has {what}")]
    Unread {
        /// From 1.
        line: usize,
        /// "an alias, which is not followed: write the value out".
        what: &'static str,
    },
}

/// What is open while it is written.
enum Open {
    Mapping { filled: bool, awaits_value: bool },
    Sequence { filled: bool },
}

/// The one document of a YAML text, a mapping, as JSON on one line. Names that stand twice are kept, in order. A plain `null`, `true`,
/// `false` or number that JSON writes alike is that; every other scalar is the text it is, so that `012345678901` keeps its zero.
///
/// # Errors
/// It is no YAML, no mapping, or has what is not read: aliases, tags of its own, names that are no text, a second document.
pub(super) fn as_json(text: &str) -> Result<SecretText, YamlFault> {
    let mut writer = Writer { out: String::with_capacity(text.len().saturating_mul(2)), open: Vec::new() };
    let mut documents = 0_usize;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            let at = error.marker();
            YamlFault::Syntax { line: at.line(), column: at.col().saturating_add(1) }
        })?;
        let unread = |what| Err(YamlFault::Unread { line: span.start.line(), what });
        let written = match event {
            Event::DocumentStart(_) => {
                documents = documents.saturating_add(1);
                if documents > 1 { Err("a second document, and only one is read") } else { Ok(()) }
            }
            Event::Scalar(value, style, _, tag) => {
                // An empty file gives one empty scalar.
                if writer.open.is_empty() {
                    return Err(if value.is_empty() { YamlFault::Empty } else { YamlFault::NotAMapping });
                }
                writer.scalar(&value, style, tag.as_deref())
            }
            Event::SequenceStart(..) if writer.open.is_empty() => return Err(YamlFault::NotAMapping),
            Event::MappingStart(_, tag) => writer.begin('{', tag.as_deref()),
            Event::SequenceStart(_, tag) => writer.begin('[', tag.as_deref()),
            Event::MappingEnd | Event::SequenceEnd => {
                writer.end();
                Ok(())
            }
            Event::Alias(_) => Err("an alias, which is not followed: write the value out"),
            _ => Ok(()),
        };
        if let Err(what) = written {
            return unread(what);
        }
    }
    if writer.out.is_empty() { Err(YamlFault::Empty) } else { Ok(SecretText::new(writer.out)) }
}

struct Writer {
    out: String,
    open: Vec<Open>,
}

impl Writer {
    fn awaits_name(&self) -> bool {
        matches!(self.open.last(), Some(Open::Mapping { awaits_value: false, .. }))
    }

    /// What stands before the next name or value.
    fn part(&mut self) {
        let first = match self.open.last_mut() {
            Some(Open::Mapping { awaits_value, .. }) if *awaits_value => {
                *awaits_value = false;
                self.out.push(':');
                return;
            }
            Some(Open::Mapping { filled, awaits_value }) => {
                *awaits_value = true;
                !std::mem::replace(filled, true)
            }
            Some(Open::Sequence { filled }) => !std::mem::replace(filled, true),
            None => true,
        };
        if !first {
            self.out.push(',');
        }
    }

    fn scalar(&mut self, value: &str, style: ScalarStyle, tag: Option<&Tag>) -> Result<(), &'static str> {
        let is_name = self.awaits_name();
        let is_text = match tag {
            None => is_name || style != ScalarStyle::Plain,
            Some(tag) if tag.is_yaml_core_schema() => is_name || tag.suffix == "str",
            Some(_) => return Err(OWN_TAG),
        };
        self.part();
        let written = (!is_text).then(|| resolved(value)).flatten();
        match written {
            Some(word) => self.out.push_str(word),
            None => self.out.push_str(&json::quoted(value)),
        }
        Ok(())
    }

    fn begin(&mut self, bracket: char, tag: Option<&Tag>) -> Result<(), &'static str> {
        if self.awaits_name() {
            return Err("a name that is a list or a mapping");
        }
        if tag.is_some_and(|tag| !tag.is_yaml_core_schema()) {
            return Err(OWN_TAG);
        }
        if self.open.len() >= DEEPEST {
            return Err("what stands too deep within other values");
        }
        self.part();
        self.out.push(bracket);
        self.open.push(match bracket {
            '{' => Open::Mapping { filled: false, awaits_value: false },
            _ => Open::Sequence { filled: false },
        });
        Ok(())
    }

    fn end(&mut self) {
        match self.open.pop() {
            Some(Open::Mapping { .. }) => self.out.push('}'),
            Some(Open::Sequence { .. }) => self.out.push(']'),
            None => {}
        }
    }
}

const OWN_TAG: &str = "a tag, which is not read: write the value out";

/// What a plain scalar is besides a text (YAML 1.2.2, section 10.3, the core schema), as far as JSON writes it alike.
fn resolved(value: &str) -> Option<&str> {
    match value {
        "" | "~" | "null" | "Null" | "NULL" => Some("null"),
        "true" | "True" | "TRUE" => Some("true"),
        "false" | "False" | "FALSE" => Some("false"),
        number => serde_json::from_str::<Number>(number).is_ok().then_some(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        as_json(text).unwrap().expose().to_owned()
    }

    #[test]
    fn yaml_is_read_as_the_json_that_it_says() {
        for (yaml, json) in [
            ("a: x\nb: 1\n", r#"{"a":"x","b":1}"#),
            ("# why\naws:region: eu-west-1   # mine\n", r#"{"aws:region":"eu-west-1"}"#),
            ("'a': '1'\n\"b\": \"x\\ty\"\n", r#"{"a":"1","b":"x\ty"}"#),
            ("a: {b: [x, 2, true], c: ~}\nd:\n", r#"{"a":{"b":["x",2,true],"c":null},"d":null}"#),
            ("a:\n  - b: 1\n    c: x\n  - y\n", r#"{"a":[{"b":1,"c":"x"},"y"]}"#),
            ("a: 012345678901\nb: 0x1F\nc: yes\nd: 1.5\n", r#"{"a":"012345678901","b":"0x1F","c":"yes","d":1.5}"#),
            ("a: !!str 12\n1: x\n", r#"{"a":"12","1":"x"}"#),
            ("a: |\n  one\n  two\nb: >-\n  one\n  two\n", r#"{"a":"one\ntwo\n","b":"one two"}"#),
            ("a: 1\na: 2\n", r#"{"a":1,"a":2}"#),
            ("---\na: &x 1\n...\n", r#"{"a":1}"#),
            ("{\"a\": {\"b\": \"c\"}}", r#"{"a":{"b":"c"}}"#),
            ("{}\n", "{}"),
        ] {
            assert_eq!(read(yaml), json, "{yaml}");
            assert!(json::object(&read(yaml)).is_ok(), "{yaml}");
        }
    }

    #[test]
    fn what_is_not_read_is_named_with_its_line_and_without_its_text() {
        let deep = format!("a: {}{}\n", "[".repeat(100), "]".repeat(100));
        for (yaml, words) in [
            ("", "it is empty"),
            ("# nothing\n", "it is empty"),
            ("canary", "it is no mapping of names to values"),
            ("- canary\n", "it is no mapping of names to values"),
            ("a: x\n b: canary\n", "it is not YAML: line 2"),
            ("a: &c canary\nb: *c\n", "line 2 has an alias, which is not followed: write the value out"),
            ("a: !vault canary\n", "line 1 has a tag, which is not read: write the value out"),
            ("a: !vault {canary: 1}\n", "line 1 has a tag, which is not read: write the value out"),
            ("? [canary]\n: x\n", "line 1 has a name that is a list or a mapping"),
            ("a: 1\n---\nb: 2\n", "line 2 has a second document, and only one is read"),
            (&deep, "line 1 has what stands too deep within other values"),
        ] {
            let fault = as_json(yaml).unwrap_err().to_string();
            assert!(fault.starts_with(words) && !fault.contains("canary"), "{yaml}: {fault}");
        }
    }
}
