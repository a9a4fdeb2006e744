//! The role under the cursor: each principal's path to it, side by side with what refuses.

use ratatui::text::Line;

use super::standing::nobody;
use super::{advice, evidence, verdict, workload};
use crate::model::selection::RoleKind;
use crate::model::verdict::Party;
use crate::model::{LiveCall, Verdict};
use crate::policy::Answer;
use crate::tui::app::App;
use crate::tui::screens::{cure, reasons};
use crate::tui::theme::{DIM, Mark, PLAIN};
use crate::tui::widgets::path::{self, INDENT, Path};
use crate::tui::widgets::row::{Row, blank, heading, wrapped};
use crate::values::PrincipalArn;
use crate::values::time;

/// What is said when evidence contradicts itself.
pub const DISAGREE: &str =
    "the live call and the policies that were read disagree: an SCP, an RCP or a change of the last minute";

pub fn detail(app: &App, kind: RoleKind, columns: usize) -> Vec<Line<'static>> {
    let Some(found) = app.facts.role(kind).and_then(|role| role.found.shown()) else {
        let missing = app.judgement.findings.iter().filter(|finding| finding.subject == kind.logical_id());
        return missing.flat_map(|finding| advice::cure_of(finding, columns)).collect();
    };
    let role = found.arn.name();
    let mut lines = of_workload(app, kind, role, columns);
    lines.extend(of_operator(app, kind, role, columns));
    if app.roles.unfolded {
        lines.push(blank());
        lines.push(heading("Evidence"));
        lines.extend(evidence::evidence(app, kind, columns));
    } else {
        lines.extend(match verdict(app, Party::Workload, kind) {
            Some(Verdict { cure: Some(cure), decision, principal, .. }) => {
                cure::lines(cure, decision, principal.as_deref().unwrap_or_default(), role, columns)
            }
            _ => advice::advice(app, role, columns),
        });
        lines.extend(advice::open_questions(app, role, columns));
        lines.extend(advice::awaited(app, role, columns));
    }
    lines
}

fn of_workload(app: &App, kind: RoleKind, role: &str, columns: usize) -> Vec<Line<'static>> {
    let principal = app.facts.workload.arn.shown().map(PrincipalArn::short);
    let principal = principal.unwrap_or_else(|| nobody(app));
    let decision = workload(app, kind);
    let sides = decision.map(path::sides);
    let mut lines =
        vec![path::line(&Path { who: "webhook", principal: &principal, sides, role, alarming: true }, columns)];
    if let (Some(decision), Some(sides)) = (decision, sides) {
        lines.push(side("trust", sides.trust, &reasons::of_side(decision, true), columns));
        lines.push(side("caller", sides.caller, &reasons::of_side(decision, false), columns));
        let unread: Vec<&str> = decision.unknowns.iter().map(|unknown| unknown.what.as_str()).collect();
        if decision.verdict == Answer::Unknown && !unread.is_empty() {
            let text = format!("not read: {}", unread.join(", "));
            lines.push(Row::default().to(INDENT + 11).fit(&text, columns - 2, DIM).line());
        }
    }
    lines
}

fn of_operator(app: &App, kind: RoleKind, role: &str, columns: usize) -> Vec<Line<'static>> {
    let Some(principal) = app.facts.identity.shown().map(|identity| identity.arn.short()) else { return Vec::new() };
    let verdict = verdict(app, Party::Operator, kind);
    let evaluated = verdict.and_then(|verdict| verdict.evaluated.as_ref());
    let sides = evaluated.map(path::sides);
    let mut lines =
        vec![path::line(&Path { who: "you", principal: &principal, sides, role, alarming: false }, columns)];
    if let Some(live) = app.facts.role(kind).and_then(|role| role.live.shown()) {
        lines.push(live_line(live, columns));
        if live.outcome.is_err() {
            lines.push(Row::default().to(INDENT + 11).put("as it should be: production trusts no person", DIM).line());
        }
    } else if app.facts.role(kind).is_some_and(|role| role.live.is_pending()) {
        lines.push(Row::default().to(INDENT + 2).cell("live", 9, DIM).put("asking sts:AssumeRole", DIM).line());
    }
    if verdict.is_some_and(|verdict| verdict.disagreement) {
        lines.extend(wrapped(DISAGREE, columns, INDENT + 2, PLAIN));
    }
    lines
}

fn live_line(live: &LiveCall, columns: usize) -> Line<'static> {
    let row = Row::default().to(INDENT + 2).cell("live", 9, DIM);
    let took = time::short(live.took);
    match &live.outcome {
        Ok(_) => row.mark(Mark::Good).fit(
            &format!("assumed, {took}; you only, this says nothing of the webhook"),
            columns - 2,
            PLAIN,
        ),
        Err(error) => row.put("✗ ", PLAIN).fit(
            &format!("{}, {took}", error.code.as_deref().unwrap_or("failed")),
            columns - 2,
            PLAIN,
        ),
    }
    .line()
}

fn side(name: &str, mark: Mark, text: &str, columns: usize) -> Line<'static> {
    let row = Row::default().to(INDENT + 2).cell(name, 9, DIM);
    // The edge above is red already: one red thing per cause.
    let row = if mark == Mark::Fault { row.text("✗ ") } else { row.mark(mark) };
    row.fit(text, columns - 2, if mark == Mark::Good { DIM } else { PLAIN }).line()
}
