//! One page for a browser, whole in one file: no request leaves it, and nothing in it runs.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::Report;
use super::page::{Block, Piece, Table, Words, blocks};
use super::picture::{self, class};

/// Nothing is loaded from anywhere; the page's own style is the one exception.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const STYLE: &str = include_str!("../../assets/report.css");

/// The report as an HTML page.
#[must_use]
pub fn html(report: &Report) -> String {
    let blocks = blocks(report);
    let title = blocks.iter().find_map(|block| match block {
        Block::Title(text) => Some(text.as_str()),
        _ => None,
    });
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                meta name="color-scheme" content="light dark";
                title { (title.unwrap_or("Access")) " - rolecall" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main { @for one in &blocks { (block(one)) } }
            }
        }
    };
    let mut out = page.into_string();
    out.push('\n');
    out
}

fn block(block: &Block) -> Markup {
    html! {
        @match block {
            Block::Title(text) => h1 { (text) },
            Block::Section(text) => h2 { (text) },
            Block::Part(text) => h3 { (text) },
            Block::Sentence(words) => p { (inline(words)) },
            Block::Answer(standing, brief, why) => p class={ "answer " (class(*standing)) } {
                span.sign aria-hidden="true" { (standing.glyph()) } " "
                @if !brief.is_empty() { strong { (brief) } " " }
                (why)
            },
            Block::List(items) => ul { @for words in items { li { (inline(words)) } } },
            Block::Table(table) => (self::table(table)),
            Block::Code { language: "diff", text } => pre.diff { code { @for line in text.lines() { (self::line(line)) } } },
            Block::Code { text, .. } => pre { code { (text) } },
            Block::Picture(edges) => @if !edges.is_empty() { figure { (picture::svg(edges)) } },
        }
    }
}

/// A line of a diff; its sign says what its colour says.
fn line(line: &str) -> Markup {
    html! {
        @match line.chars().next() {
            Some('+') => ins { (line) "\n" },
            Some('-') => del { (line) "\n" },
            _ => { (line) "\n" },
        }
    }
}

fn table(table: &Table) -> Markup {
    html! {
        div.wide {
            table.many[table.head.len() > 4] {
                caption { (table.caption) }
                thead { tr { @for name in &table.head { th scope="col" { (name) } } } }
                tbody {
                    @for cells in &table.rows {
                        tr {
                            @for (at, words) in cells.iter().enumerate() {
                                @if at == 0 { th scope="row" { (inline(words)) } } @else { td { (inline(words)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn inline(words: &Words) -> Markup {
    html! {
        @for piece in words {
            @match piece {
                Piece::Text(text) => (text),
                Piece::Strong(text) => strong { (text) },
                Piece::Code(text) => code { (text) },
                Piece::Sign(standing, says) => span class={ "mark " (class(*standing)) } {
                    span aria-hidden="true" { (standing.glyph()) } " " (says)
                },
            }
        }
    }
}
