//! A JSON document on the screen, in the order in which it was written, with remarks beside its parts.
//!
//! ```text
//!   ✗       "Condition": {                                    does not fit
//!             "StringEquals": { "sts:ExternalId": "cust-42" }
//! ```

use ratatui::style::Style;
use ratatui::text::Line;
use serde_json::Value;

use super::row::{Row, wrapped_at};
use crate::tui::theme::{BOLD, DIM, Mark, PLAIN};
use crate::values::json::quoted;
use crate::values::text::{safe_whole, width};

/// Where the document begins: the margin, and a column for marks.
const INDENT: usize = 4;
/// The most elements of a list that are shown while it is folded, and nothing is remarked on in it.
const LISTED: usize = 8;

/// Something to say about a part of a document.
#[derive(Clone, Debug, Default)]
pub struct Note {
    /// Keys and indices that lead to it.
    pub at: Vec<String>,
    /// In the margin of its first line.
    pub mark: Option<Mark>,
    /// At the right end of its first line.
    pub beside: String,
    /// Below it: a name and what it is, whole.
    pub below: Vec<(&'static str, String)>,
    /// How the part is written; `None`: as what it is a part of.
    pub style: Option<Style>,
    /// It is what the reader came for.
    pub focus: bool,
}

/// A document on the screen.
#[derive(Default)]
pub struct Printed {
    /// Its lines.
    pub lines: Vec<Line<'static>>,
    /// The line of the first note that has the focus, and the line where what it belongs to begins.
    pub focus: Option<(usize, usize)>,
}

/// Prints a document. Unfolded, nothing of it is left out or cut.
pub fn print(value: &Value, notes: &[Note], columns: usize, unfolded: bool) -> Printed {
    let mut printer = Printer { notes, columns, unfolded, begun: 0, out: Printed::default() };
    printer.value(&mut Vec::new(), "", value, "", PLAIN);
    printer.out
}

struct Printer<'a> {
    notes: &'a [Note],
    columns: usize,
    unfolded: bool,
    /// The line of the last note that stands beside something.
    begun: usize,
    out: Printed,
}

impl Printer<'_> {
    /// One value with what stands before and after it: its key, a comma.
    fn value(&mut self, at: &mut Vec<String>, before: &str, value: &Value, after: &str, style: Style) {
        let note = self.notes.iter().find(|note| note.at == *at);
        let style = note.and_then(|note| note.style).unwrap_or(style);
        if note.is_some_and(|note| !note.beside.is_empty()) {
            self.begun = self.out.lines.len();
        }
        if note.is_some_and(|note| note.focus) && self.out.focus.is_none() {
            self.out.focus = Some((self.out.lines.len(), self.begun));
        }
        let depth = at.len();
        let inner = self.notes.iter().any(|note| note.at.len() > depth && note.at.starts_with(at));
        let flat = flat(value);
        let room = self.columns.saturating_sub(INDENT + 2 * depth + 2);
        let fits = width(before) + width(&flat) + width(after) <= room.min(88);
        // What is at the top of a policy stays open, so that every statement begins on a line of its own.
        let opened = inner || depth < 3;
        match value {
            Value::Object(members) if !members.is_empty() && (opened || !fits) => {
                self.first(note, depth, &format!("{before}{{"), style);
                let last = members.len() - 1;
                for (index, (key, value)) in members.iter().enumerate() {
                    at.push(key.clone());
                    let comma = if index == last { "" } else { "," };
                    self.value(at, &format!("{}: ", quoted(key)), value, comma, style);
                    at.pop();
                }
                self.line(depth, &format!("}}{after}"), style);
            }
            Value::Array(list) if !list.is_empty() && (opened && !is_one_text(value) || !fits) => {
                self.first(note, depth, &format!("{before}["), style);
                let shown = if inner || self.unfolded { list.len() } else { LISTED };
                let last = list.len() - 1;
                for (index, value) in list.iter().enumerate().take(shown) {
                    at.push(index.to_string());
                    self.value(at, "", value, if index == last { "" } else { "," }, style);
                    at.pop();
                }
                if list.len() > shown {
                    self.line(depth + 1, &format!("… {} more, Space unfolds", list.len() - shown), DIM);
                }
                self.line(depth, &format!("]{after}"), style);
            }
            _ => self.first(note, depth, &format!("{before}{flat}{after}"), style),
        }
        for (name, what) in note.into_iter().flat_map(|note| &note.below) {
            let column = INDENT + 2 * depth + 2;
            let row = Row::default().to(column).cell(name, 7, DIM);
            self.out.lines.extend(wrapped_at(row, what, self.columns, BOLD));
        }
    }

    /// The first line of a value, with its note.
    fn first(&mut self, note: Option<&Note>, depth: usize, text: &str, style: Style) {
        let mut row = Row::new();
        if let Some(mark) = note.and_then(|note| note.mark) {
            row = row.mark(mark);
        }
        let row = row.to(INDENT + 2 * depth);
        let beside = note.map(|note| note.beside.as_str()).unwrap_or_default();
        self.text(row, text, style, beside);
    }

    fn line(&mut self, depth: usize, text: &str, style: Style) {
        self.text(Row::default().to(INDENT + 2 * depth), text, style, "");
    }

    fn text(&mut self, row: Row, text: &str, style: Style, beside: &str) {
        let end = self.columns.saturating_sub(2);
        let text = safe_whole(text);
        if self.unfolded && row.used() + width(&text) > end {
            self.out.lines.extend(wrapped_at(row, &text, self.columns, style));
            return;
        }
        let row = row.fit_middle(&text, end, style);
        let row = if beside.is_empty() { row } else { row.right(beside, end, DIM) };
        self.out.lines.push(row.line());
    }
}

/// `["sts:AssumeRole"]`.
fn is_one_text(value: &Value) -> bool {
    value.as_array().is_some_and(|list| list.len() == 1 && list.iter().all(|one| !one.is_object() && !one.is_array()))
}

/// On one line, with a space inside of braces, as people write it.
fn flat(value: &Value) -> String {
    match value {
        Value::Object(members) if !members.is_empty() => {
            let members: Vec<String> =
                members.iter().map(|(key, value)| format!("{}: {}", quoted(key), flat(value))).collect();
            format!("{{ {} }}", members.join(", "))
        }
        Value::Array(list) => format!("[{}]", list.iter().map(flat).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["a","b"]},
        "Action":["sts:AssumeRole"],"Condition":{"StringEquals":{"sts:ExternalId":"cust-42"}}},{"Effect":"Deny"}]}"#;

    fn text(printed: &Printed) -> Vec<String> {
        printed.lines.iter().map(ToString::to_string).collect()
    }

    fn path(of: &str) -> Vec<String> {
        of.split('/').map(str::to_owned).collect()
    }

    #[test]
    fn a_document_keeps_its_order_and_a_remark_opens_what_it_is_about() {
        let value = serde_json::from_str(POLICY).unwrap();
        let note = Note {
            at: path("Statement/0/Condition/StringEquals/sts:ExternalId"),
            mark: Some(Mark::Fault),
            below: vec![("got", "cust-24".into())],
            focus: true,
            ..Note::default()
        };
        let statement = Note { at: path("Statement/0"), beside: "statement 1".into(), ..Note::default() };
        let printed = print(&value, &[statement, note], 80, false);
        let lines = text(&printed);
        let expected = [
            "    {",
            r#"      "Version": "2012-10-17","#,
            r#"      "Statement": ["#,
            "        {                                                          statement 1",
            r#"          "Effect": "Allow","#,
            r#"          "Principal": { "AWS": ["a", "b"] },"#,
            r#"          "Action": ["sts:AssumeRole"],"#,
            r#"          "Condition": {"#,
            r#"            "StringEquals": {"#,
            r#"  ✗           "sts:ExternalId": "cust-42""#,
            "                got    cust-24",
            "            }",
            "          }",
            "        },",
            "        {",
            r#"          "Effect": "Deny""#,
            "        }",
            "      ]",
            "    }",
        ];
        assert_eq!(lines, expected);
        assert_eq!(printed.focus, Some((9, 3)));
    }

    #[test]
    fn folded_lists_say_how_much_is_left_out_and_unfolded_nothing_is() {
        let names: Vec<String> =
            (0..30).map(|n| format!("arn:aws:iam::111122223333:role/some/path/Role-{n}")).collect();
        let value = serde_json::json!({"Statement": [{"Principal": {"AWS": names}}]});
        let folded = text(&print(&value, &[], 60, false)).join("\n");
        assert!(folded.contains("… 22 more, Space unfolds") && !folded.contains("Role-29"), "{folded}");
        let whole: String = text(&print(&value, &[], 60, true)).iter().map(|line| line.trim().to_owned()).collect();
        assert!(names.iter().all(|name| whole.contains(name)), "{whole}");
    }

    #[test]
    fn what_could_deceive_is_escaped_and_no_line_is_too_long() {
        let value = serde_json::json!({"Statement": {"Sid": "a\u{202e}b\u{1b}[31m", "Resource": "x".repeat(300)}});
        for unfolded in [false, true] {
            let printed = print(&value, &[], 64, unfolded);
            for line in text(&printed) {
                assert!(width(&line) <= 62 && !line.contains('\u{202e}'), "{line}");
            }
        }
    }
}
