//! All there is to say of what is under the cursor.

use ratatui::text::Line;

use super::rows::{answers, findings_of};
use super::{Pane, finding_under_cursor, findings, look, path_under_cursor, principal_under_cursor};
use crate::model::facts::AccessKeyFacts;
use crate::model::system::{Asked, Question};
use crate::model::verdict::Party;
use crate::model::{Fact, Finding, Severity};
use crate::systems::{PathRow, RowState};
use crate::tui::app::App;
use crate::tui::focus::is_told;
use crate::tui::theme::{DIM, Mark, PLAIN};
use crate::tui::widgets::row::{self, Row, blank, heading, wrapped};
use crate::values::time;

/// Where values begin.
const VALUE: usize = 15;

/// The detail, in so many columns.
pub fn lines(app: &App, columns: usize) -> Vec<Line<'static>> {
    if app.access.pane == Pane::Findings {
        return finding_under_cursor(app).map(|finding| of_finding(finding, columns)).unwrap_or_default();
    }
    match (path_under_cursor(app), principal_under_cursor(app)) {
        (Some(row), _) => of_path(app, row, columns),
        (None, Some(question)) => of_principal(app, question, columns),
        (None, None) => Vec::new(),
    }
}

fn of_path(app: &App, row: &PathRow, columns: usize) -> Vec<Line<'static>> {
    let mut lines = vec![heading(&row.label)];
    lines.extend(row::fact("role", &row.role, VALUE, columns, PLAIN));
    if let RowState::Failed(error) = &row.state {
        lines.extend(row::marked(Mark::Fault, &error.message, columns));
    }
    for answer in &row.answers {
        let who = if answer.party == Party::Workload { "workload" } else { "you" };
        lines.extend(row::fact(who, &answer.sentence, VALUE, columns, PLAIN));
    }
    if let Some(live) = &row.live {
        let took = time::short(live.took);
        let text = match &live.outcome {
            Ok(until) => format!("assumed in {took}, until {}", until_words(app, *until)),
            Err(error) => format!("{}, {took}", error.code.as_deref().unwrap_or("failed")),
        };
        lines.extend(row::fact("live call", &text, VALUE, columns, PLAIN));
    }
    if let Some(seconds) = row.max_session_duration {
        let longest = std::time::Duration::from_secs(u64::from(seconds));
        lines.extend(row::fact("longest", &format!("{} a session", whole(longest)), VALUE, columns, PLAIN));
    }
    // The sentence above says why it is refused already.
    let said = |finding: &&Finding| !row.answers.iter().any(|answer| finding.claim.contains(&answer.sentence));
    let worrying = row.told.iter().chain(&row.findings).filter(|finding| is_told(finding));
    for finding in worrying {
        if said(&finding) {
            lines.push(blank());
            lines.extend(row::marked(Mark::of(finding), &finding.claim, columns));
            lines.extend(cures(finding, columns));
        } else if !finding.fixes.is_empty() {
            lines.extend([blank(), heading("To cure it")]);
            lines.extend(cures(finding, columns));
        }
    }
    if matches!(row.state, RowState::Done { closely: false }) {
        lines.push(blank());
        lines.extend(wrapped("Only its roles and the live call were asked; Enter looks closely.", columns, 4, DIM));
    }
    lines
}

/// Cuts a detail to the lines that there is room for; the last of them says how many are not in sight.
pub fn cut(lines: &mut Vec<Line<'static>>, room: usize, more: &str) {
    if lines.len() > room && room > 1 {
        let hidden = lines.len() - (room - 1);
        lines.truncate(room - 1);
        lines.push(Row::default().to(4).put(&format!("… {hidden} more lines{more}"), DIM).line());
    }
}

/// "1 h", "12 h", "15 min".
fn whole(length: std::time::Duration) -> String {
    match length.as_secs() {
        seconds if seconds.is_multiple_of(3_600) => format!("{} h", seconds / 3_600),
        seconds if seconds.is_multiple_of(60) => format!("{} min", seconds / 60),
        seconds => format!("{seconds} s"),
    }
}

fn until_words(app: &App, until: time::Timestamp) -> String {
    until.to_zoned(app.setting.zone.clone()).strftime("%H:%M:%S %:z").to_string()
}

fn cures(finding: &Finding, columns: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for fix in &finding.fixes {
        lines.extend(wrapped(&fix.what, columns, 4, PLAIN));
        // A policy makes a command long; the diagnosis has it whole, and so has what is copied.
        let command =
            |command: &String| Row::default().to(6).fit_middle(command, columns.saturating_sub(2), DIM).line();
        lines.extend(fix.command.iter().map(command));
    }
    lines
}

fn of_finding(finding: &Finding, columns: usize) -> Vec<Line<'static>> {
    let mut lines = vec![Row::new().put(&finding.id, DIM).line()];
    lines.extend(wrapped(&finding.claim, columns, 4, PLAIN));
    lines.extend(finding.evidence.iter().flat_map(|line| wrapped(line, columns, 4, DIM)));
    lines.extend(cures(finding, columns));
    lines
}

fn of_principal(app: &App, question: &Question, columns: usize) -> Vec<Line<'static>> {
    let mut lines = vec![heading(&question.label)];
    let mut fact = |name: &str, text: &str| lines.extend(row::fact(name, text, VALUE, columns, PLAIN));
    fact("who", &who(question, app));
    let Some(look) = look(app, question) else { return lines };
    let attached: Option<Vec<&str>> =
        look.attached.shown().map(|all| all.iter().map(|policy| policy.name.as_str()).collect());
    let others = look.policies.policies.shown().into_iter().flatten().map(|policy| policy.name.as_str());
    // A managed policy is known by its ARN there.
    let is_attached = |name: &str| look.attached.shown().into_iter().flatten().any(|policy| policy.arn == name);
    let others: Vec<&str> = others.filter(|name| !is_attached(name)).collect();
    match attached.as_deref() {
        Some([]) if others.is_empty() => fact("attached", "nothing"),
        Some([]) | None => {}
        Some(names) => fact("attached", &names.join(", ")),
    }
    // Of a user they may be its groups' as well.
    if attached.is_some() && !others.is_empty() {
        fact("others", &others.join(", "));
    }
    for key in look.access_keys.shown().into_iter().flatten() {
        fact("access key", &of_key(key, app.facts.observed_at));
    }
    // What is wrong comes before the list of what is right.
    let (worrying, known): (Vec<&Finding>, Vec<&Finding>) =
        findings_of(app, question).partition(|finding| is_told(finding));
    let found = |finding: &&Finding| {
        let mut lines = row::marked(Mark::of(finding), &finding.claim, columns);
        lines.extend(cures(finding, columns));
        lines
    };
    lines.extend(worrying.iter().flat_map(found));
    let expectations: Vec<(Mark, String)> = answers(question, look)
        .map(|(expectation, met)| {
            let what = &expectation.what;
            match (met, expectation.allowed) {
                (Some(true), true) => (Mark::Good, format!("may {what}")),
                (Some(true), false) => (Mark::Good, format!("may not {what}, as it should be")),
                (Some(false), true) => (Mark::Fault, format!("may not {what}, and should")),
                (Some(false), false) => (Mark::Fault, format!("may {what}, and should not")),
                (None, _) => (Mark::Unknown, format!("whether it may {what} is not known")),
            }
        })
        .collect();
    lines.extend(expectations.into_iter().flat_map(|(mark, text)| row::marked(mark, &text, columns)));
    lines.extend(known.iter().flat_map(found));
    lines
}

/// The ARN as IAM has it; what was asked for where it is not known.
pub fn who(question: &Question, app: &App) -> String {
    let found = look(app, question).and_then(|look| look.found.shown());
    match (found, &question.who) {
        (Some(found), _) => found.arn.to_string(),
        (None, Asked::User(name)) => format!("user {name}"),
        (None, Asked::Principal(arn)) => arn.to_string(),
        (None, Asked::Operator) => "you".into(),
    }
}

/// "AKIA***XY, active, 34 d old, used 2 h ago".
fn of_key(key: &AccessKeyFacts, now: time::Timestamp) -> String {
    let mut parts = vec![key.masked(), if key.active { "active" } else { "inactive" }.to_owned()];
    parts.extend(key.created.map(|then| format!("made {}", time::ago(then, now))));
    parts.extend(match &key.last_used {
        Fact::Known(last) => Some(format!("used {}", time::ago(last.at, now))),
        Fact::Absent => Some("never used".into()),
        _ => None,
    });
    parts.join(", ")
}

/// What is worst among the findings beside the paths.
pub fn worst(app: &App) -> Option<Mark> {
    let findings = findings(app);
    let worst = findings.iter().min_by_key(|finding| (finding.unknown, finding.severity))?;
    Some(if worst.severity == Severity::Error && !worst.unknown { Mark::Fault } else { Mark::of(worst) })
}
