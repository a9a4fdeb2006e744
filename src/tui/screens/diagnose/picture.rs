//! The access path as a picture: who begins, every hop with what became of it, and what was tried at its end.
//!
//! ```text
//! ▸ you       user/ci ──✓──▶ Hub ──✗──▶ Spoke ──○──▶ Target
//!                              identity ✓  trust ✗
//! ```

use ratatui::style::{Modifier, Style};
use ratatui::text::Line;

use super::subject::{Subject, mark, of_answer, role_name, short, who};
use crate::model::Verdict;
use crate::model::facts::{Probe, ProbeKind};
use crate::model::verdict::Party;
use crate::tui::theme::{BOLD, DIM, FOCUS, Mark, PLAIN};
use crate::tui::widgets::path;
use crate::tui::widgets::row::Row;
use crate::values::text::{safe, width};

/// Where the names begin if there are two principals to tell apart.
const NAMES: usize = 12;
/// Where they begin if there is only one: every column counts for a chain.
const ALONE: usize = 7;
/// The columns of an edge with its spaces.
const EDGE: usize = 8;
/// The columns of an edge where there is little room.
const SHORT_EDGE: usize = 5;
/// The least columns of a name.
const NAME: usize = 7;
/// Columns of a name with which it can still be told from others: below that the edges give way.
const TELLING: usize = 12;

/// Something on the path, and the edge that leads to it.
struct Node {
    name: String,
    edge: Option<Mark>,
    here: bool,
    /// Whether a refusal here is a fault: in production no person assumes the role, and is rightly denied.
    alarming: bool,
}

/// The picture: a line per principal, and one for the sides of the edge that is looked at.
pub fn lines(subject: &Subject<'_>, columns: usize) -> Vec<Line<'static>> {
    let parties = subject.parties();
    let mut lines = Vec::new();
    for party in &parties {
        let chosen = *party == subject.party;
        let (line, edge) = path_of(subject, *party, parties.len() > 1, columns);
        lines.push(line);
        if chosen {
            lines.extend(sides(subject, edge, columns));
        }
    }
    lines
}

/// One principal's path; also the column in which the edge that is looked at begins.
fn path_of(subject: &Subject<'_>, party: Party, several: bool, columns: usize) -> (Line<'static>, usize) {
    let chosen = party == subject.party;
    let nodes = nodes(subject, party);
    let row = if several { Row::item(chosen) } else { Row::new() };
    let names = if several { NAMES } else { ALONE };
    let row = row.cell(who(party), names - 2, if chosen { BOLD } else { DIM });
    draw(row, &nodes, columns)
}

fn draw(mut row: Row, nodes: &[Node], columns: usize) -> (Line<'static>, usize) {
    let room = columns.saturating_sub(row.used() + 2);
    let edges = nodes.len().saturating_sub(1);
    let here = nodes.iter().position(|node| node.here).unwrap_or(0);
    let wanted: usize = nodes.iter().map(|node| width(&safe(&node.name))).sum();
    let left = room.saturating_sub(edges * EDGE);
    let tight = wanted > left && left / nodes.len().max(1) < TELLING;
    let edge = if tight { SHORT_EDGE } else { EDGE };
    // Of a path that is too long the part around what is looked at is shown.
    let most = ((room + edge) / (NAME + edge)).max(2);
    let first = if nodes.len() > most { here.saturating_sub(most / 2).min(nodes.len() - most) } else { 0 };
    let shown: Vec<&Node> = nodes.iter().skip(first).take(most).collect();
    let wide = room.saturating_sub(shown.len().saturating_sub(1) * edge);
    let widths = share(&shown.iter().map(|node| width(&safe(&node.name))).collect::<Vec<_>>(), wide);
    let mut column = row.used();
    for (index, (node, columns)) in shown.iter().zip(widths).enumerate() {
        if let Some(state) = node.edge.filter(|_| index > 0) {
            if node.here {
                column = row.used() + 1;
            }
            row = arrow(row, state, tight, node.alarming);
        }
        let style = if node.here { FOCUS.add_modifier(Modifier::UNDERLINED) } else { PLAIN };
        let limit = row.used() + columns;
        row = row.fit_middle(&node.name, limit, style);
    }
    (row.line(), column)
}

/// Columns for each name: short ones take what they need, the others share the rest.
fn share(wanted: &[usize], room: usize) -> Vec<usize> {
    let mut fair = room / wanted.len().max(1);
    for _ in wanted {
        let short: usize = wanted.iter().filter(|want| **want <= fair).sum();
        let long = wanted.iter().filter(|want| **want > fair).count();
        if long == 0 {
            break;
        }
        fair = fair.max(room.saturating_sub(short) / long);
    }
    wanted.iter().map(|want| (*want).min(fair)).collect()
}

fn arrow(row: Row, state: Mark, tight: bool, alarming: bool) -> Row {
    let (before, after) = if tight { (" ─", "▶ ") } else { (" ──", "──▶ ") };
    let style = if alarming { emphasised(state) } else { PLAIN };
    row.put(before, DIM).put(state.glyph(), style).put(after, DIM)
}

fn emphasised(state: Mark) -> Style {
    match state {
        Mark::Fault | Mark::Good => state.style().add_modifier(Modifier::BOLD),
        other => other.style(),
    }
}

fn nodes(subject: &Subject<'_>, party: Party) -> Vec<Node> {
    let chosen = party == subject.party;
    let alarming = party == subject.asked_about();
    let start = subject.start(party).map_or_else(|| unidentified(subject, party), |arn| short(&arn));
    let mut nodes = vec![Node { name: start, edge: None, here: false, alarming }];
    for (index, hop) in subject.inquiry.hops.iter().enumerate() {
        nodes.push(Node {
            name: role_name(&hop.role_arn),
            edge: Some(edge(subject, party, index)),
            here: chosen && index == subject.hop,
            alarming,
        });
    }
    let probes = subject.facts.path.hops.last().map(|hop| hop.probes.as_slice()).unwrap_or_default();
    let wanted = probes.iter().filter(|probe| probe.action != "sts:GetCallerIdentity").count();
    if party == Party::Operator && (wanted > 0 || !subject.inquiry.probes.is_empty()) {
        let name = probed(probes, wanted);
        nodes.push(Node { name, edge: Some(of_probes(probes)), here: false, alarming: true });
    }
    nodes
}

fn unidentified(subject: &Subject<'_>, party: Party) -> String {
    match party {
        Party::Operator if subject.running => "asking who this is".into(),
        Party::Operator => "not identified".into(),
        Party::Workload => "not known".into(),
    }
}

/// What became of a hop.
fn edge(subject: &Subject<'_>, party: Party, hop: usize) -> Mark {
    match subject.verdict_at(party, hop) {
        Some(verdict) => mark(verdict),
        None if subject.running => Mark::Running,
        None => Mark::Open,
    }
}

fn probed(probes: &[Probe], wanted: usize) -> String {
    match probes.iter().filter(|probe| probe.action != "sts:GetCallerIdentity").collect::<Vec<_>>().as_slice() {
        [] => "probes".into(),
        [one] => format!("{} {}", one.action, one.resource),
        _ => format!("{wanted} probes"),
    }
}

/// One failure makes the whole a failure; what was only simulated proves nothing.
pub fn of_probes(probes: &[Probe]) -> Mark {
    if probes.iter().any(|probe| probe.outcome.is_err()) {
        Mark::Fault
    } else if probes.is_empty() {
        Mark::Open
    } else if probes.iter().all(|probe| probe.how == ProbeKind::Simulated) {
        Mark::Unknown
    } else {
        Mark::Good
    }
}

/// The marks of the two sides: each evaluated alone where it was, or else as far as the decision tells.
pub fn marks(verdict: &Verdict) -> path::Sides {
    let told = path::sides(verdict.evaluated.as_ref().unwrap_or(&verdict.decision));
    let alone = |side: &Option<crate::model::verdict::Side>, told: Mark| {
        side.as_ref().map_or(told, |side| of_answer(side.verdict))
    };
    path::Sides {
        caller: alone(&verdict.evidence.caller, told.caller),
        trust: alone(&verdict.evidence.trust, told.trust),
    }
}

fn sides(subject: &Subject<'_>, edge: usize, columns: usize) -> Option<Line<'static>> {
    let verdict = subject.verdict().filter(|verdict| verdict.case.is_some())?;
    let sides = marks(verdict);
    const WORDS: usize = "identity ✓  trust ✗".len() - 4;
    let column = edge.min(columns.saturating_sub(WORDS + 2));
    let mut row = Row::default().to(column);
    for (word, state) in [("identity", sides.caller), ("trust", sides.trust)] {
        row = row.put(word, DIM).text(" ").put(state.glyph(), emphasised(state)).text("  ");
    }
    Some(row.line())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(name: &str, edge: Option<Mark>, here: bool) -> Node {
        Node { name: name.into(), edge, here, alarming: true }
    }

    fn drawn(nodes: &[Node], columns: usize) -> String {
        draw(Row::new().cell("you", NAMES - 2, BOLD), nodes, columns).0.to_string()
    }

    #[test]
    fn a_chain_shows_every_hop_and_what_became_of_it() {
        let path = [
            node("user/ci", None, false),
            node("Hub", Some(Mark::Good), false),
            node("Spoke", Some(Mark::Fault), true),
            node("Target", Some(Mark::Unknown), false),
        ];
        assert_eq!(drawn(&path, 80), "  you       user/ci ──✓──▶ Hub ──✗──▶ Spoke ──?──▶ Target");
        let (_, column) = draw(Row::new().cell("you", NAMES - 2, BOLD), &path, 80);
        assert_eq!(column, 31, "below the edge that is looked at");
    }

    #[test]
    fn long_names_give_way_and_long_paths_show_where_one_is() {
        let long = "a-role-with-a-name-that-is-much-longer-than-any-other-on-this-path";
        let path = [node("user/ci", None, false), node(long, Some(Mark::Fault), true)];
        let text = drawn(&path, 60);
        assert!(width(&text) <= 58 && text.contains("user/ci ──✗──▶ a-role") && text.ends_with("path"), "{text}");
        let many: Vec<Node> =
            (0..12).map(|hop| node(&format!("Role-number-{hop}"), (hop > 0).then_some(Mark::Good), hop == 9)).collect();
        let text = drawn(&many, 60);
        assert!(width(&text) <= 58 && text.contains("─✓▶"), "{text}");
        assert!(text.contains("-9") || text.contains("r-9"), "the hop that is looked at is in it: {text}");
    }
}
