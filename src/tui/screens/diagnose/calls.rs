//! Calls: every exchange with AWS, newest last.

use ratatui::style::Modifier;
use ratatui::text::Line;

use super::subject::Subject;
use crate::model::CallRecord;
use crate::tui::theme::{BOLD, DIM, ERROR, PLAIN};
use crate::tui::widgets::row::{Row, blank, sentence};
use crate::values::text::{counted, width};
use crate::values::time;

/// What stays on top, and a line per exchange.
pub fn lines(subject: &Subject<'_>, columns: usize) -> [Vec<Line<'static>>; 2] {
    let calls = &subject.facts.calls;
    if calls.is_empty() {
        let text = if subject.running { "No call has been answered yet." } else { "No call to AWS was made." };
        return [sentence(text, columns), Vec::new()];
    }
    let failed = calls.iter().filter(|call| failed(call)).count();
    let failed = if failed == 0 { "none failed".to_owned() } else { format!("{failed} failed") };
    let given_up = calls.iter().filter(|call| call.given_up).count();
    let given_up = if given_up == 0 { String::new() } else { format!(", {given_up} given up") };
    let offset = subject.facts.observed_at.to_zoned(subject.zone.clone()).strftime("%:z").to_string();
    let calls_of = counted(calls.len(), "call");
    let mut head = sentence(&format!("{calls_of} to AWS, {failed}{given_up}; newest last, times {offset}."), columns);
    let layout = Layout::of(calls, columns);
    head.extend([blank(), titles(&layout)]);
    let body = calls.iter().flat_map(|call| lines_of(call, subject, &layout)).collect();
    [head, body]
}

/// Whether AWS refused it, or did not answer.
fn failed(call: &CallRecord) -> bool {
    call.failure.is_some() || call.status.map_or(!call.given_up, |status| status >= 400)
}

/// The columns that depend on what is in them.
struct Layout {
    operation: usize,
    place: usize,
    columns: usize,
}

impl Layout {
    fn of(calls: &[CallRecord], columns: usize) -> Self {
        let operation = calls.iter().map(|call| width(&call.operation)).max().unwrap_or(0);
        let place = calls.iter().map(|call| width(place(call))).max().unwrap_or(0);
        // Time, attempt, status and duration take 30 columns, and the beginning of a request id should be seen.
        let room = columns.saturating_sub(40);
        let place = place.clamp(6, 14.max(room / 3));
        Self { operation: operation.clamp(9, room.saturating_sub(place).max(9)), place, columns }
    }
}

fn titles(layout: &Layout) -> Line<'static> {
    let row = Row::new().cell("time", 10, DIM).cell("operation", layout.operation, DIM).text("  ");
    let row = row.cell("at", layout.place, DIM).put("  try  code     took  ", DIM);
    row.fit("request id", layout.columns.saturating_sub(2), DIM).line()
}

fn lines_of(call: &CallRecord, subject: &Subject<'_>, layout: &Layout) -> Vec<Line<'static>> {
    let style = if failed(call) { ERROR } else { PLAIN };
    let at = call.started.to_zoned(subject.zone.clone()).strftime("%H:%M:%S").to_string();
    let status = call.status.map_or_else(|| "none".to_owned(), |status| status.to_string());
    let retried = if call.attempt > 1 { BOLD } else { DIM };
    let end = layout.columns.saturating_sub(2);
    let row = Row::new().cell(&at, 10, DIM).cell(&call.operation, layout.operation, PLAIN).text("  ");
    let row = row.cell_middle(place(call), layout.place, DIM).text("  ");
    let row = row.put(&format!("{:>3}", call.attempt), retried).text("  ");
    let row = row.put(&format!("{status:>4}"), style.add_modifier(Modifier::BOLD)).text("  ");
    let row = row.put(&format!("{:>7}", time::short(call.duration)), PLAIN).text("  ");
    let mut lines = vec![row.fit(call.request_id.as_deref().unwrap_or("none"), end, DIM).line()];
    let given_up = call.given_up.then_some("given up: nobody waited for its answer any longer");
    lines.extend(call.failure.as_deref().or(given_up).map(|why| Row::default().to(12).fit(why, end, DIM).line()));
    lines
}

/// The region that was asked, or the host where that names none.
fn place(call: &CallRecord) -> &str {
    let region = |part: &&str| {
        let parts: Vec<&str> = part.split('-').collect();
        let numbered = parts.last().is_some_and(|last| !last.is_empty() && last.bytes().all(|b| b.is_ascii_digit()));
        parts.len() >= 3 && numbered
    };
    call.host.split('.').find(region).or_else(|| call.host.strip_suffix(".amazonaws.com")).unwrap_or(&call.host)
}
