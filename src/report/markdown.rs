//! Markdown, to be pasted in a ticket: GitHub's dialect, which Jira's and GitLab's editors read as well.
//!
//! Nothing in a report may become markup. In a sentence every character that means something is escaped; a name stands in a code span,
//! which knows no markup, no link and no mention; a block of code has a fence longer than any within.

use std::fmt::Write as _;

use super::Report;
use super::page::{Block, Piece, Table, Words, blocks};
use super::picture;

/// The report as Markdown, ended by a line break.
#[must_use]
pub fn markdown(report: &Report) -> String {
    let mut out = String::new();
    for block in blocks(report) {
        self::block(&mut out, &block);
        out.push('\n');
    }
    // Each block ends with an empty line; the last one does not need it.
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn block(out: &mut String, block: &Block) {
    let _ = match block {
        Block::Title(text) => writeln!(out, "# {}", sentence(text)),
        Block::Section(text) => writeln!(out, "## {}", sentence(text)),
        Block::Part(text) => writeln!(out, "### {}", sentence(text)),
        Block::Sentence(words) => writeln!(out, "{}", inline(words, false)),
        Block::Answer(standing, brief, why) => {
            let brief = format!("{} {}", standing.glyph(), escaped(brief));
            writeln!(out, "**{}** {}", brief.trim_end(), escaped(why))
        }
        Block::List(items) => items.iter().try_for_each(|words| writeln!(out, "- {}", inline(words, false))),
        Block::Table(table) => self::table(out, table),
        Block::Code { language, text } => fenced(out, language, text),
        Block::Picture(edges) if edges.is_empty() => Ok(()),
        Block::Picture(edges) => fenced(out, "text", &picture::text(edges)),
    };
}

fn table(out: &mut String, table: &Table) -> std::fmt::Result {
    let row = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    writeln!(out, "{}", row(table.head.iter().map(|&name| sentence(name)).collect()))?;
    writeln!(out, "{}", row(table.head.iter().map(|_| "---".to_owned()).collect()))?;
    table
        .rows
        .iter()
        .try_for_each(|cells| writeln!(out, "{}", row(cells.iter().map(|words| inline(words, true)).collect())))
}

/// A block of code between fences that are longer than every run of backticks in it.
fn fenced(out: &mut String, language: &str, text: &str) -> std::fmt::Result {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    writeln!(out, "{fence}{language}\n{text}\n{fence}")
}

fn inline(words: &Words, in_table: bool) -> String {
    let mut out = String::new();
    for (at, piece) in words.iter().enumerate() {
        let text = match piece {
            // What begins a line may be a list, a heading, a quotation.
            Piece::Text(text) if at == 0 => sentence(text),
            Piece::Text(text) => escaped(text),
            Piece::Strong(text) => format!("**{}**", escaped(text.trim())),
            Piece::Code(text) => span(text, in_table),
            Piece::Sign(standing, says) => format!("{} {}", standing.glyph(), escaped(says)),
        };
        out.push_str(&text);
    }
    out
}

/// A text at the beginning of a line.
fn sentence(text: &str) -> String {
    let text = text.trim_start();
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let after = text.chars().nth(digits);
    if digits > 0 && matches!(after, Some('.' | ')')) {
        let (number, rest) = text.split_at(digits);
        return format!("{number}\\{}", escaped(rest));
    }
    if text.starts_with(['-', '+', '=']) { format!("\\{}", escaped(text)) } else { escaped(text) }
}

/// A text in which nothing is markup. Bars are character references: what parts the cells of a table is looked at before any escape.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '|' => out.push_str("&#124;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '~' | '&' | '#' | '$' | '!' | '@' => {
                out.push('\\');
                out.push(c);
            }
            // A scheme, or the beginning of a host, becomes a link by itself in many a dialect.
            ':' if rest.peek() == Some(&'/') => out.push_str("\\:"),
            '.' if out.len() >= 3 && out.to_ascii_lowercase().ends_with("www") => out.push_str("\\."),
            '\n' | '\r' => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

/// A code span. In a table a bar would end the cell, and escaped it would show its backslash after another one: then it is no code.
fn span(text: &str, in_table: bool) -> String {
    if text.trim().is_empty() {
        return escaped(text);
    }
    if in_table && text.contains('|') {
        return escaped(text);
    }
    let fence = "`".repeat(longest_run(text) + 1);
    let padded = text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']);
    let space = if padded { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// The longest run of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Options, Parser, Tag};

    use super::*;

    const HOSTILE: [&str; 22] = [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "a | b | c",
        "a \\| b",
        "[click](https://evil.example)",
        "![x](https://evil.example/x.png)",
        "https://evil.example and www.evil.example and a@evil.example",
        "<https://evil.example>",
        "`code` ``more`` ```fence",
        "```\nout\n```",
        "**bold** _it_ ~~gone~~ $x$",
        "# heading",
        "- item",
        "1. item",
        "> quote",
        "=====",
        "&lt;b&gt; &copy;",
        "[x]: https://evil.example",
        "\\",
        "ends with a tick`",
        " spaces ",
        "a\\",
    ];

    /// What a reader of Markdown makes of it: the kinds of markup it found, and the text.
    fn read(text: &str) -> (Vec<String>, String) {
        let (mut markup, mut plain) = (Vec::new(), String::new());
        for event in Parser::new_ext(text, Options::all()) {
            match event {
                Event::Text(text) | Event::Code(text) => plain.push_str(&text),
                Event::Html(_) | Event::InlineHtml(_) => markup.push("html".into()),
                Event::Start(Tag::Link { .. } | Tag::Image { .. }) => markup.push("link".into()),
                Event::Start(Tag::TableCell) => markup.push("cell".into()),
                Event::Start(Tag::Heading { .. } | Tag::List(_) | Tag::BlockQuote(_)) => markup.push("block".into()),
                Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough) => markup.push("style".into()),
                Event::InlineMath(_) | Event::DisplayMath(_) | Event::FootnoteReference(_) => {
                    markup.push("other".into())
                }
                _ => {}
            }
        }
        (markup, plain)
    }

    fn squeezed(text: &str) -> String {
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_hostile_sentence_is_that_sentence_and_nothing_else() {
        for text in HOSTILE {
            let (markup, plain) = read(&format!("{}\n", sentence(text)));
            assert_eq!((markup, squeezed(&plain)), (Vec::<String>::new(), squeezed(text)), "{}", sentence(text));
        }
    }

    #[test]
    fn a_hostile_cell_is_one_cell() {
        for text in HOSTILE.into_iter().filter(|text| !text.contains('\n')) {
            let mut out = String::new();
            let rows = vec![vec![vec![Piece::Text(text.into())], vec![Piece::Code(text.into())]]];
            table(&mut out, &Table { caption: String::new(), head: vec!["a", "b"], rows }).unwrap();
            let (markup, plain) = read(&out);
            assert_eq!(markup, ["cell"; 4], "{out}");
            assert_eq!(squeezed(&plain).matches(&squeezed(text)).count(), 2, "{plain}\n{out}");
        }
    }

    #[test]
    fn hostile_code_stays_within_its_fences() {
        for text in HOSTILE {
            let mut out = String::new();
            fenced(&mut out, "json", text).unwrap();
            let (markup, plain) = read(&out);
            assert_eq!((markup, plain.trim_end_matches('\n')), (Vec::new(), text), "{out}");
            if !text.contains('\n') {
                let (markup, plain) = read(&inline(&vec![Piece::Code(text.into())], false));
                assert_eq!((markup, plain.trim()), (Vec::new(), text.trim()), "{text}");
            }
        }
    }
}
