//! The access path as a picture: a principal, the two sides that must agree, the role; one line for each principal and hop.

use maud::{Markup, html};

use super::Report;
use super::verdict::PathVerdict;
use super::words::{self, Standing};
use crate::values::text::{elide_middle, width};

/// One principal and one role.
pub(super) struct Edge {
    /// "operator", "hop 2, workload".
    who: String,
    principal: String,
    role: String,
    caller: Standing,
    trust: Standing,
    standing: Standing,
    says: String,
}

impl Edge {
    /// One for each verdict; of a diagnosis hop by hop, the operator last.
    pub fn all(report: &Report) -> Vec<Self> {
        let many = report.diagnosis.as_ref().is_some_and(|diagnosis| diagnosis.hops.len() > 1);
        let mut verdicts: Vec<&PathVerdict> = report.verdicts.iter().collect();
        if report.diagnosis.is_some() {
            verdicts.sort_by_key(|verdict| (verdict.party, verdict.hop_index));
        }
        verdicts.into_iter().map(|verdict| Self::new(verdict, many)).collect()
    }

    fn new(verdict: &PathVerdict, many: bool) -> Self {
        let sides = words::both_sides(verdict);
        let hop = verdict.hop_index.filter(|_| many).map(|index| format!(", hop {}", index + 1));
        Self {
            who: format!("{}{}", verdict.party.word(), hop.unwrap_or_default()),
            principal: words::principal(verdict),
            role: words::role(&verdict.hop),
            caller: words::within(verdict, sides.caller.into()),
            trust: words::within(verdict, sides.trust.into()),
            standing: words::standing(verdict),
            says: words::says(verdict),
        }
    }
}

/// The same in letters.
pub(super) fn text(edges: &[Edge]) -> String {
    let widest = |cell: fn(&Edge) -> &str| edges.iter().map(|edge| width(cell(edge))).max().unwrap_or(0);
    let (who, principal, role) = (widest(|edge| &edge.who), widest(|edge| &edge.principal), widest(|edge| &edge.role));
    let pad = |text: &str, columns: usize| format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))));
    let line = |edge: &Edge| {
        format!(
            "{}  {} -- caller {} -- trust {} --> {}  {} {}",
            pad(&edge.who, who),
            pad(&edge.principal, principal),
            edge.caller.glyph(),
            edge.trust.glyph(),
            pad(&edge.role, role),
            edge.standing.glyph(),
            edge.says
        )
    };
    edges.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The width of the picture in its own units, of which a letter of names takes 7.8.
const WIDTH: usize = 860;
/// The height of one edge.
const ROW: usize = 86;
/// Where boxes begin, and their size.
const BOX: (usize, usize) = (302, 40);
/// As many columns of a name as a box holds.
const COLUMNS: usize = 36;
/// The width of a letter in tenths.
const LETTER: usize = 78;

/// The picture as inline SVG. Meaning is never in colour alone: signs and words say the same.
pub(super) fn svg(edges: &[Edge]) -> Markup {
    let height = edges.len() * ROW + 8;
    html! {
        svg role="img" aria-labelledby="picture-title picture-desc" xmlns="http://www.w3.org/2000/svg"
            viewBox={ "0 0 " (WIDTH) " " (height) } {
            title id="picture-title" { "Access path" }
            desc id="picture-desc" { (described(edges)) }
            @for (index, edge) in edges.iter().enumerate() {
                (row(edge, index * ROW))
            }
        }
    }
}

fn described(edges: &[Edge]) -> String {
    let of = |edge: &Edge| {
        let side = |standing: Standing| standing.word();
        format!(
            "{} {} to {}: {}; the caller's side: {}; the trust policy's side: {}.",
            edge.who,
            edge.principal,
            edge.role,
            edge.says,
            side(edge.caller),
            side(edge.trust)
        )
    };
    edges.iter().map(of).collect::<Vec<_>>().join(" ")
}

fn row(edge: &Edge, top: usize) -> Markup {
    let (wide, high) = BOX;
    let (box_top, right) = (top + 26, WIDTH - wide - 1);
    let middle = box_top + high / 2;
    html! {
        text.who x="1" y=(top + 17) { (edge.who) }
        text class={ "says " (class(edge.standing)) } x=(WIDTH / 2) y=(top + 17) text-anchor="middle" {
            (edge.standing.glyph()) " " (elide_middle(&edge.says, 60))
        }
        (node(&edge.principal, 1, box_top))
        (node(&edge.role, right, box_top))
        line class={ "edge " (class(edge.standing)) } x1=(wide + 1) y1=(middle) x2=(right - 9) y2=(middle) {}
        path class={ "head " (class(edge.standing)) } d={ "M" (right) " " (middle) " l-11 -6 v12 z" } {}
        (side("caller", edge.caller, wide + 1 + 62, middle))
        (side("trust", edge.trust, right - 72, middle))
    }
}

/// A box with a name, cut to fit; its title has the whole.
fn node(name: &str, left: usize, top: usize) -> Markup {
    let (wide, high) = BOX;
    let shown = elide_middle(name, COLUMNS);
    // Whatever font is there, the name takes no more room than this.
    let length = width(&shown) * LETTER / 10;
    html! {
        g {
            title { (name) }
            rect.node x=(left) y=(top) width=(wide) height=(high) rx="6" {}
            text.name x=(left + wide / 2) y=(top + high / 2 + 5) text-anchor="middle" textLength=(length)
                lengthAdjust="spacingAndGlyphs" { (shown) }
        }
    }
}

/// A sign on the edge, with its word.
fn side(word: &str, standing: Standing, at: usize, middle: usize) -> Markup {
    html! {
        g {
            title { (word) ": " (standing.word()) }
            rect class={ "side " (class(standing)) } x=(at - 42) y=(middle - 13) width="84" height="26" rx="13" {}
            text class={ "sign " (class(standing)) } x=(at) y=(middle + 5) text-anchor="middle" {
                (standing.glyph()) " " (word)
            }
        }
    }
}

pub(super) const fn class(standing: Standing) -> &'static str {
    match standing {
        Standing::Allowed => "allowed",
        Standing::Denied => "denied",
        Standing::Expected | Standing::Rightly => "expected",
        Standing::NotKnown => "unknown",
    }
}
