//! What the verdicts on a role were made of.

use ratatui::text::Line;

use super::workload;
use crate::model::Severity;
use crate::model::selection::RoleKind;
use crate::model::verdict::Party;
use crate::tui::app::App;
use crate::tui::screens::elements;
use crate::tui::theme::{DIM, Mark, PLAIN};
use crate::tui::widgets::row::{self, Row, wrapped};

pub fn evidence(app: &App, kind: RoleKind, columns: usize) -> Vec<Line<'static>> {
    let fact =
        |name: &str, text: &str| Row::default().to(4).cell(name, 14, DIM).fit_middle(text, columns - 2, PLAIN).line();
    let mut lines = Vec::new();
    let Some(role) = app.facts.role(kind) else { return lines };
    let found_arn = role.found.shown().map(|found| found.arn.to_string());
    for verdict in app.judgement.verdicts.iter().filter(|verdict| Some(&verdict.role_arn) == found_arn.as_ref()) {
        let whose = if verdict.party == Party::Workload { "webhook" } else { "you" };
        lines.extend(elements::lines(whose, verdict.evaluated.as_ref().unwrap_or(&verdict.decision), columns));
    }
    lines.extend(role.found.shown().map(|found| fact("role", &found.arn.to_string())));
    lines.extend(app.facts.workload.arn.shown().map(|arn| fact("webhook", &arn.to_string())));
    if !app.facts.workload.source.is_empty() {
        lines.push(fact("", &app.facts.workload.source));
    }
    let external = app.selection.external_id.as_deref().unwrap_or("none sent");
    lines.push(fact("external ID", external));
    if let Some(live) = role.live.shown() {
        lines.push(fact("session name", &live.session_name));
        if let Err(error) = &live.outcome {
            lines.extend(error.request_id.as_ref().map(|id| fact("request", id)));
            lines.extend(row::fact("message", &error.message, 18, columns, PLAIN));
        }
    }
    for unknown in workload(app, kind).into_iter().flat_map(|decision| &decision.unknowns) {
        lines.push(fact("not read", &format!("{}: needs {}", unknown.what, unknown.needs)));
    }
    let name = role.found.shown().map(|found| found.arn.name().to_owned()).unwrap_or_default();
    for finding in app.judgement.findings.iter().filter(|f| f.subject.contains(&name) && f.severity != Severity::Ok) {
        lines.push(Row::default().to(4).mark(Mark::from(finding.severity)).fit(&finding.id, columns - 2, DIM).line());
        lines.extend(wrapped(&finding.claim, columns, 6, PLAIN));
        lines.extend(finding.evidence.iter().flat_map(|line| wrapped(line, columns, 8, DIM)));
    }
    lines
}
