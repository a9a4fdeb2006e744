//! How the access paths look.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::Line;

use super::{Entry, Pane, Tally, detail, findings, paths, questions, rows, tally};
use crate::model::system::{Asked, Question};
use crate::model::{Finding, Severity};
use crate::systems::{PathRow, RowState};
use crate::tui::app::App;
use crate::tui::engine::Ask;
use crate::tui::screens::settings;
use crate::tui::theme::{BOLD, DIM, HERE, Mark, PLAIN};
use crate::tui::widgets::page::{self, Page};
use crate::tui::widgets::row::{Row, blank, sentence};
use crate::values::text::{counted_grouped, grouped, safe, width};
use crate::values::time;
use crate::wording;

/// The columns that the reason of a row would like to have.
const REASON: usize = 34;
/// The columns of a duration, and a gap before it.
const TOOK: usize = 9;

/// Draws it.
pub fn draw(app: &App, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    match app.access.pane {
        Pane::Paths => of_paths(app, area, buffer),
        Pane::Findings => of_findings(app, area, buffer),
    }
}

/// The columns of the table. Where every name is its row's label already there is no column of roles.
struct Widths {
    label: usize,
    role: usize,
    with_account: bool,
}

impl Widths {
    /// Of a thousand rows only those are measured that the table is known by: a hundred. Where there is no room for the account beside the
    /// role's name, the name is enough: the detail has the ARN.
    fn of(app: &App, columns: usize) -> Self {
        let labels = paths(app).iter().take(100).map(|row| row.label.as_str());
        let labels = labels.chain(questions(app).iter().map(|question| question.label.as_str()));
        let label = labels.map(|label| width(&safe(label))).max().unwrap_or(0);
        // Where there is nothing but principals there is room for their names.
        let label = label.clamp(8, if paths(app).is_empty() { 26 } else { 18 });
        let room = columns.saturating_sub(4 + label + 2 + 2 + REASON + TOOK + 2);
        let principals = questions(app).iter().map(|question| width(&rows::kind_of(app, question)));
        let principals = principals.max().unwrap_or(0);
        let longest = |with_account| {
            let all = paths(app).iter().take(100).map(|row| width(&safe(&rows::name_beside(row, with_account))));
            all.max().unwrap_or(0).max(principals).min(40)
        };
        let whole = longest(true);
        if whole <= room {
            return Self { label, role: whole, with_account: true };
        }
        Self { label, role: longest(false).min(room.max(14)), with_account: false }
    }

    const fn whole(&self) -> usize {
        4 + self.label + 2 + self.role + 2 + REASON + TOOK + 2
    }

    /// The column of roles and the gap behind it.
    fn role_cell(&self, row: Row, text: &str, style: Style) -> Row {
        if self.role == 0 { row } else { row.cell_middle(text, self.role, style).text("  ") }
    }
}

fn of_paths(app: &App, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let state = &app.access;
    let visible = state.list.visible(&state.items);
    let (columns, beside) = page::columns(area, Widths::of(app, 200).whole());
    let aside = detail::lines(app, beside.unwrap_or(columns));
    let columns = if aside.is_empty() { usize::from(area.width) } else { columns };
    let widths = Widths::of(app, columns);
    let mut page = head(app, area);
    page.wanted = Widths::of(app, 200).whole();
    let (filter, filter_cursor) = state.list.filter_line(visible.len(), state.items.len(), columns);
    page.head.push(filter);
    let position = state.list.position(&state.items, &visible);
    // A heading parts the principals from the paths, where there are both.
    let is_principal = |index: &usize| matches!(state.entries.get(*index), Some(Entry::Principal(_)));
    let first = visible.iter().position(is_principal).filter(|at| *at > 0);
    let shift = |at: usize| if first.is_some_and(|first| at >= first) { at + 1 } else { at };
    page.focus = position.map(shift);
    let near = page::near(page.focus, area);
    for (at, index) in visible.iter().enumerate() {
        if first == Some(at) {
            page.body.push(Row::new().put("Principals", BOLD).line());
        }
        let line = match state.entries.get(*index).filter(|_| near.contains(&shift(at))) {
            Some(Entry::Path(of)) => {
                paths(app).get(*of).map(|row| path_row(app, (*of, row), position == Some(at), &widths, columns))
            }
            Some(Entry::Principal(of)) => principal_row(app, *of, position == Some(at), &widths, columns),
            None => None,
        };
        page.body.push(line.unwrap_or_default());
    }
    page.aside = aside;
    fit(app, &mut page, area, beside.is_some());
    let cursor = page::draw(&page, area, buffer);
    let line = u16::try_from(page.head.len().saturating_sub(1)).unwrap_or(0);
    filter_cursor.map(|column| Position::new(area.x + column, area.y + line)).or(cursor)
}

/// Cuts the detail to what there is room for, as the page parts it: the list keeps at least half.
fn fit(app: &App, page: &mut Page, area: Rect, beside: bool) {
    let room = page::room(page, area);
    let list = room.saturating_sub(page.aside.len() + 1).max(room.div_ceil(2)).min(page.body.len());
    let room = if beside { room } else { room.saturating_sub(list + 1) };
    let diagnosed = app.access.pane == Pane::Paths && super::path_under_cursor(app).is_some();
    let more = if diagnosed { "; Enter has them all" } else { "; ? has them all" };
    detail::cut(&mut page.aside, room, more);
}

fn of_findings(app: &App, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let (columns, beside) = page::columns(area, 70);
    let mut page = head(app, area);
    page.head.push(blank());
    page.wanted = 70;
    let all = findings(app);
    for (index, finding) in all.iter().enumerate() {
        page.body.push(finding_row(finding, index == app.access.finding, columns));
    }
    if all.is_empty() {
        page.body.push(Row::new().put("Nothing else is wrong or unknown.", PLAIN).line());
    }
    page.focus = Some(app.access.finding);
    page.aside = detail::lines(app, beside.unwrap_or(columns));
    fit(app, &mut page, area, beside.is_some());
    page::draw(&page, area, buffer)
}

fn head(app: &App, area: Rect) -> Page {
    let columns = usize::from(area.width);
    let mut head = sentence(&opening(app), columns);
    head.push(panes(app));
    Page { head, ..Page::default() }
}

/// The two panes, with what they hold.
fn panes(app: &App) -> Line<'static> {
    let style = |pane| if app.access.pane == pane { HERE } else { PLAIN };
    let (name, held) = match (paths(app).len(), questions(app).len()) {
        (paths, 0) => ("Access paths", grouped(paths)),
        (0, principals) => ("Principals", grouped(principals)),
        (paths, principals) => {
            ("Access", format!("{}, {}", counted_grouped(paths, "path"), counted_grouped(principals, "principal")))
        }
    };
    let beside = findings(app).len();
    let row = Row::new().put(name, style(Pane::Paths)).put(&format!(" {held}"), DIM).text("   ");
    let row = row.put("Other findings", style(Pane::Findings)).put(&format!(" {beside}"), DIM);
    match detail::worst(app) {
        Some(mark) => row.text(" ").put(mark.glyph(), mark.style()).line(),
        None => row.line(),
    }
}

/// How many roles can be assumed, in a sentence.
pub fn opening(app: &App) -> String {
    let tally = tally(app);
    let running = app.running.contains_key(&Ask::System);
    if app.selection.source.is_none() {
        return "No AWS profile was chosen: Esc leads back to it.".into();
    }
    if app.running.contains_key(&Ask::Identity) && tally.waiting == tally.all {
        return "Asking AWS who this is.".into();
    }
    if tally.all == 0 && questions(app).is_empty() {
        let wrong = settings::rows(app).iter().any(settings::Row::is_wrong);
        let why = if wrong { settings::opening(app) } else { "No access path follows from these settings.".into() };
        return format!("Nothing can be looked at. {why}");
    }
    if tally.all == 0 {
        return if running { "Asking about the principals.".into() } else { of_principals(app) };
    }
    if running {
        return under_way(&tally);
    }
    if tally.waiting == tally.all {
        let who = app.facts.identity.error().or_else(|| app.facts.credentials.error()).is_some();
        let why = if who { ": AWS does not know who is asking" } else { "; r looks them up" };
        return format!("{} not been looked at{why}.", have(tally.all));
    }
    ended(&tally, &but(app, &tally))
}

/// What is not as it should be though every role can be assumed: what the only role may not do, else how many paths, else what was found beside.
fn but(app: &App, tally: &Tally) -> String {
    if let Some(may_not) = wording::access::may_not(&lacks(app)) {
        return format!(", but {may_not}");
    }
    let errors = findings(app).into_iter().filter(|one| one.severity == Severity::Error && !one.unknown).count();
    match (tally.doubtful, errors) {
        (0, 0) => String::new(),
        (0, 1) => ", but another finding is an error".into(),
        (0, many) => format!(", but {many} other findings are errors"),
        (1, _) if tally.all == 1 => ", but not all is as it should be".into(),
        (1, _) => ", but 1 is not as it should be".into(),
        (many, _) => format!(", but {} are not as they should be", grouped(many)),
    }
}

/// What the role of the only path should be allowed to do, is not, and is an error for it.
fn lacks(app: &App) -> Vec<&str> {
    let [path] = paths(app) else { return Vec::new() };
    let is_of = |question: &&Question| matches!(&question.who, Asked::Principal(arn) if arn.to_string() == path.role);
    let unmet =
        questions(app).iter().filter(is_of).filter_map(|question| Some((question, super::look(app, question)?)));
    let unmet = unmet.flat_map(|(question, look)| rows::answers(question, look));
    unmet
        .filter(|(one, met)| one.allowed && one.trouble == Severity::Error && *met == Some(false))
        .map(|(one, _)| one.what.as_str())
        .collect()
}

fn have(all: usize) -> String {
    if all == 1 { "The access path has".into() } else { format!("{} access paths have", grouped(all)) }
}

fn under_way(tally: &Tally) -> String {
    let done = tally.all - tally.waiting;
    let refused = match tally.refused {
        0 if done == 0 => return asking(tally.all),
        0 => "none of them refused".to_owned(),
        1 => "1 of them refused".to_owned(),
        many => format!("{} of them refused", grouped(many)),
    };
    format!("Asking about {} roles: {} are done, {refused}.", grouped(tally.all), grouped(done))
}

fn asking(all: usize) -> String {
    if all == 1 { "Asking about the role.".into() } else { format!("Asking about {} roles.", grouped(all)) }
}

fn ended(tally: &Tally, doubts: &str) -> String {
    let all = grouped(tally.all);
    let unknown = match tally.unknown {
        0 => String::new(),
        many => format!(", and of {} it is not known", grouped(many)),
    };
    let waiting = match tally.waiting {
        0 => String::new(),
        1 => " 1 was not looked at.".into(),
        many => format!(" {} were not looked at.", grouped(many)),
    };
    let before = match tally.before {
        0 => String::new(),
        1 => " 1 is as the look before found it.".into(),
        many => format!(" {} are as the look before found them.", grouped(many)),
    };
    let told = match (tally.refused, tally.unknown, tally.all) {
        (1, _, 1) => "The role cannot be assumed.".into(),
        (0, 1, 1) => "Whether the role can be assumed is not known.".into(),
        (0, 0, 1) => format!("The role can be assumed{doubts}."),
        (0, 0, _) if tally.waiting == 0 => format!("All {all} roles can be assumed{doubts}."),
        (0, 0, _) => format!("{} of {all} roles can be assumed{doubts}.", grouped(tally.allowed)),
        (0, _, _) => format!("{} of {all} roles can be assumed{unknown}.", grouped(tally.allowed)),
        (refused, _, _) if refused == tally.all => format!("None of the {all} roles can be assumed."),
        (refused, _, _) => format!("{} of {all} roles cannot be assumed{unknown}.", grouped(refused)),
    };
    format!("{told}{waiting}{before}")
}

fn of_principals(app: &App) -> String {
    let marks: Vec<Mark> = questions(app).iter().map(|question| rows::mark_of_principal(app, question)).collect();
    let wrong = marks.iter().filter(|mark| matches!(mark, Mark::Fault | Mark::Doubt)).count();
    let unknown = marks.iter().filter(|mark| **mark == Mark::Unknown).count();
    match (wrong, unknown, marks.len()) {
        (0, 0, 1) => "The principal is as it should be.".into(),
        (0, 0, all) => format!("All {all} principals are as they should be."),
        (0, unknown, all) => format!("Of {unknown} of {all} principals not everything is known."),
        (1, _, 1) => "The principal is not as it should be.".into(),
        (1, _, all) => format!("1 of {all} principals is not as it should be."),
        (wrong, _, all) => format!("{wrong} of {all} principals are not as they should be."),
    }
}

/// What is being looked up again, or was not come to again, stays in sight and is dim.
fn path_row(app: &App, (at, row): (usize, &PathRow), here: bool, widths: &Widths, columns: usize) -> Line<'static> {
    let limit = columns.saturating_sub(2);
    let mark = rows::mark_of(row);
    let running = app.running.contains_key(&Ask::System);
    let before = super::is_before(app, at);
    let looking = row.state == RowState::Waiting && running;
    let mark = if looking || (before && running) { Mark::Running } else { mark };
    let quiet = before || row.state == RowState::Waiting;
    let line = Row::item(here).mark(mark).cell(&row.label, widths.label, if here { BOLD } else { PLAIN }).text("  ");
    let role = rows::name_beside(row, widths.with_account);
    let line = widths.role_cell(line, &role, if quiet { DIM } else { PLAIN });
    let took = row.live.as_ref().map(|live| time::short(live.took)).unwrap_or_default();
    let reason = if looking { String::new() } else { rows::reason(row) };
    let style = if before || matches!(mark, Mark::Good | Mark::Open) { DIM } else { PLAIN };
    line.fit(&reason, limit.saturating_sub(TOOK), style).right(&took, limit, DIM).line()
}

fn principal_row(app: &App, at: usize, here: bool, widths: &Widths, columns: usize) -> Option<Line<'static>> {
    let question = questions(app).get(at)?;
    let limit = columns.saturating_sub(2);
    let mark = rows::mark_of_principal(app, question);
    let line = Row::item(here).mark(mark).cell(&question.label, widths.label, if here { BOLD } else { PLAIN });
    let line = widths.role_cell(line.text("  "), &rows::kind_of(app, question), PLAIN);
    let style = if matches!(mark, Mark::Good | Mark::Open) { DIM } else { PLAIN };
    Some(line.fit(&rows::words_of_principal(app, question), limit, style).line())
}

fn finding_row(finding: &Finding, here: bool, columns: usize) -> Line<'static> {
    let row = Row::item(here).mark(Mark::of(finding));
    row.fit(&finding.claim, columns.saturating_sub(2), if here { BOLD } else { PLAIN }).line()
}
