//! What Markdown and HTML print: blocks, with every text still as it is. Each format escapes for itself.

mod diagnosis;
mod findings;
mod system;
mod verdict;

use super::picture::Edge;
use super::words::{self, Standing};
use super::{Report, text};
use crate::model::{Finding, Severity};

/// Words in a row.
pub(super) type Words = Vec<Piece>;

/// A piece of a sentence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Piece {
    Text(String),
    Strong(String),
    /// A name, a value, a command.
    Code(String),
    /// A sign, with what it says in words.
    Sign(Standing, String),
}

/// A part of the page.
pub(super) enum Block {
    Title(String),
    Section(String),
    Part(String),
    Sentence(Words),
    /// The answer: a few words that stand out, and why.
    Answer(Standing, String, String),
    List(Vec<Words>),
    Table(Table),
    Code {
        language: &'static str,
        text: String,
    },
    Picture(Vec<Edge>),
}

/// Rows under named columns.
pub(super) struct Table {
    /// What it is of, for those who do not see it.
    pub caption: String,
    pub head: Vec<&'static str>,
    pub rows: Vec<Vec<Words>>,
}

pub(super) fn text_of(text: impl Into<String>) -> Words {
    vec![Piece::Text(text.into())]
}

pub(super) fn code(text: impl Into<String>) -> Words {
    vec![Piece::Code(text.into())]
}

/// Prose of ours: what stands in backticks is code.
pub(super) fn prose(text: &str) -> Words {
    let pieces = text.split('`').enumerate().filter(|(_, piece)| !piece.is_empty());
    pieces
        .map(|(at, piece)| if at % 2 == 0 { Piece::Text(piece.to_owned()) } else { Piece::Code(piece.to_owned()) })
        .collect()
}

/// The whole page.
pub(super) fn blocks(report: &Report) -> Vec<Block> {
    let mut out = vec![Block::Title(title(report))];
    if let Some(world) = &report.demo {
        out.push(Block::Sentence(vec![
            Piece::Strong("DEMO".into()),
            Piece::Text(format!(" world {world}: none of this is AWS.")),
        ]));
    }
    // Of many paths a picture shows nothing.
    let edges =
        if report.system.as_ref().is_some_and(|of| of.paths.len() > 1) { Vec::new() } else { Edge::all(report) };
    match (&report.diagnosis, &report.system) {
        (Some(diagnosis), _) => {
            report.verdicts.iter().for_each(|verdict| out.push(verdict::answer(verdict, diagnosis)));
            if report.verdicts.is_empty() {
                out.push(Block::Answer(Standing::NotKnown, String::new(), text::headline(report)));
            }
            out.push(Block::Picture(edges));
            diagnosis::asked(&mut out, diagnosis);
            diagnosis::hops(&mut out, report, diagnosis);
        }
        (None, Some(of)) => {
            out.push(Block::Answer(overall(report), String::new(), text::headline(report)));
            out.push(Block::Picture(edges));
            system::system(&mut out, report, of);
        }
        (None, None) => {
            out.push(Block::Answer(overall(report), String::new(), text::headline(report)));
            out.push(Block::Picture(edges));
            if !report.verdicts.is_empty() {
                out.push(Block::Section("Access".into()));
            }
            report.verdicts.iter().for_each(|verdict| verdict::whole(&mut out, verdict));
        }
    }
    findings::findings(&mut out, report);
    findings::calls(&mut out, report);
    findings::versions(&mut out, report);
    out
}

fn title(report: &Report) -> String {
    match &report.diagnosis {
        Some(diagnosis) => match diagnosis.hops.as_slice() {
            [] => "Access".into(),
            [hop] => format!("Access to {}", words::role(&hop.role)),
            hops => {
                let names: Vec<String> = hops.iter().map(|hop| words::role(&hop.role)).collect();
                format!("Access through {}", names.join(", then "))
            }
        },
        None if report.system.is_some() => {
            report.system.as_ref().map(|system| system.title.clone()).unwrap_or_default()
        }
        None => match &report.selection.stack {
            Some(stack) => format!("Role-based access of stack {}", words::stack(stack)),
            None => format!("Role-based access of config profile {}", report.selection.config_profile),
        },
    }
}

/// What warns has the sign of a warning: the answer is as good as the worst of it.
fn overall(report: &Report) -> Standing {
    let warns = |finding: &Finding| finding.severity == Severity::Warning && !finding.unknown;
    match report.exit_code(super::FailOn::Error) {
        0 if report.findings.iter().any(warns) => Standing::Expected,
        0 => Standing::Allowed,
        1 => Standing::Denied,
        _ => Standing::NotKnown,
    }
}
