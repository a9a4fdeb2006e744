//! The stack: Quilt stacks first, every other one dimmed, and any one by name.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::movement;
use crate::model::facts::Stack;
use crate::model::{AwsError, Fact, Facts, Finding, Severity};
use crate::preselect;
use crate::systems::quilt::{self, Service};
use crate::tui::app::App;
use crate::tui::engine::Ask;
use crate::tui::focus;
use crate::tui::keymap::Action;
use crate::tui::message::Effect;
use crate::tui::route::Route;
use crate::tui::steps;
use crate::tui::theme::{BOLD, DIM, ERROR, Mark, PLAIN, WARNING};
use crate::tui::widgets::list::Item;
use crate::tui::widgets::page::{self, Page};
use crate::tui::widgets::row::{self, Row, blank, heading, sentence, wrapped};
use crate::values::text::{counted, elide_end, safe, width};
use crate::values::time;

/// Columns of a status; the longest ones are cut, and whole below the list.
const STATUS: usize = 20;

/// The stacks as they are listed: Quilt stacks first, each part by name. Worked out when the facts change and not when a key is pressed:
/// an account may have thousands.
#[derive(Default)]
pub struct Listing {
    /// Where each row's stack stands among the facts.
    order: Vec<usize>,
    /// The rows, and what the filter searches.
    items: Arc<[Item]>,
}

impl Listing {
    /// Of the stacks that are shown.
    pub fn of(facts: &Facts) -> Self {
        let stacks = facts.stacks.shown().map(Vec::as_slice).unwrap_or_default();
        let mut rows: Vec<(bool, usize, &Stack)> =
            stacks.iter().enumerate().map(|(index, stack)| (!stack.is_quilt(), index, stack)).collect();
        rows.sort_by(|(a, _, one), (b, _, other)| a.cmp(b).then_with(|| one.arn.name().cmp(other.arn.name())));
        let item = |(_, _, stack): &(bool, usize, &Stack)| Item { id: stack.arn.to_string(), shown: searched(stack) };
        Self { items: rows.iter().map(item).collect(), order: rows.iter().map(|(_, index, _)| *index).collect() }
    }
}

/// The stacks in the order of the rows.
pub fn listed(app: &App) -> impl Iterator<Item = &Stack> {
    (0..app.listing.order.len()).filter_map(|row| stack_of(app, row))
}

/// The stack of a row.
fn stack_of(app: &App, row: usize) -> Option<&Stack> {
    app.facts.stacks.shown()?.get(*app.listing.order.get(row)?)
}

/// The stack under the cursor, if it is visible.
pub fn under_cursor(app: &App) -> Option<&Stack> {
    stack_of(app, app.stacks.row_under_cursor(&app.listing.items)?)
}

/// The rows, and what the filter searches.
pub fn items(app: &App) -> Arc<[Item]> {
    app.listing.items.clone()
}

fn searched(stack: &Stack) -> String {
    let quilt = if stack.is_quilt() { "quilt" } else { "" };
    let host = stack.output("QuiltWebHost").unwrap_or_default();
    format!("{} {} {quilt} {host} {}", stack.arn.name(), stack.status, stack.arn)
}

/// Where the cursor goes first: to the chosen stack, to the one that config.json or quilt3 points at, or to the first Quilt stack; never to
/// another.
pub fn preselected(app: &App) -> Option<String> {
    if let Some(chosen) = app.selection.stack.as_deref() {
        return listed(app).find(|stack| names(stack, chosen)).map(|stack| stack.arn.to_string());
    }
    let arn = preselect::stack_and_reason(&app.facts).map(|(arn, _)| arn);
    if let Some(found) = listed(app).find(|stack| arn.as_ref() == Some(&stack.arn.to_string())) {
        return Some(found.arn.to_string());
    }
    // While all regions are searched, which one answers first is chance. Which of the stacks serves the catalog shows once all are listed: until then the cursor is nowhere.
    let catalog = app.facts.machine.shown().and_then(|machine| machine.quilt3_catalog.as_ref());
    if (catalog.is_some() || app.selection.all_regions) && app.facts.stacks.is_pending() {
        return None;
    }
    stack_of(app, 0).filter(|stack| stack.is_quilt()).map(|stack| stack.arn.to_string())
}

/// Why a stack is the one to choose unasked.
fn reason(app: &App, stack: &Stack) -> Option<String> {
    let (arn, reason) = preselect::stack_and_reason(&app.facts)?;
    (arn == stack.arn.to_string()).then(|| reason.words())
}

/// Whether a name or an ARN means this stack.
pub fn names(stack: &Stack, chosen: &str) -> bool {
    let name = stack.arn.name();
    name == chosen || (chosen.starts_with("arn:") && chosen.contains(name) && stack.arn.to_string() == chosen)
}

/// Whether the cursor is on the stack that is chosen.
pub fn cursor_on_chosen(app: &App) -> bool {
    let Some(chosen) = app.selection.stack.as_deref() else { return false };
    match (under_cursor(app), listed(app).find(|stack| names(stack, chosen))) {
        (Some(under), Some(found)) => under.arn == found.arn,
        // A typed stack that the list does not have.
        (None, None) => app.stacks.filter.is_none(),
        _ => false,
    }
}

/// What a key does here.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    let items = items(app);
    if let Some(by) = movement(action) {
        app.stacks.step(&items, by);
    } else if action == Action::Filter {
        app.stacks.open_filter();
    } else if action == Action::Enter {
        if cursor_on_chosen(app) {
            return app.next();
        }
        match app.stacks.under_cursor(&items) {
            Some(arn) => {
                let mut effects = app.choose_stack(arn);
                effects.extend(app.next());
                return effects;
            }
            None if app.facts.stacks.is_pending() => app.note = Some("the stacks are still being listed".into()),
            None => app.note = Some("move the cursor to a stack, or t types its name".into()),
        }
    }
    Vec::new()
}

/// Draws it.
pub fn draw(app: &App, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let items = items(app);
    let visible = app.stacks.visible(&items);
    let name = listed(app).map(|stack| width(stack.arn.name())).max().unwrap_or(0).clamp(12, 34);
    // The host is in the detail; a row without it is whole.
    let wanted = 4 + name + 2 + STATUS + 14;
    let (columns, beside) = page::columns(area, wanted);
    let mut page = Page { head: sentence(&opening(app), usize::from(area.width)), wanted, ..Page::default() };
    let (filter, filter_cursor) = app.stacks.filter_line(visible.len(), items.len(), columns);
    page.head.push(filter);
    let dimmed = app.facts.stacks.is_pending();
    page.focus = app.stacks.position(&items, &visible);
    // Of thousands of rows those are made that can be on the screen.
    let near = page::near(page.focus, area);
    let row = |(at, index): (usize, &usize)| match stack_of(app, *index) {
        Some(stack) if near.contains(&at) => stack_row(app, stack, name, columns, dimmed),
        _ => Line::default(),
    };
    page.body = visible.iter().enumerate().map(row).collect();
    page.aside = aside(app, beside.unwrap_or(columns));
    let cursor = page::draw(&page, area, buffer);
    let line = u16::try_from(page.head.len().saturating_sub(1)).unwrap_or(0);
    filter_cursor.map(|column| Position::new(area.x + column, area.y + line)).or(cursor)
}

/// How many stacks there are, in a sentence.
pub fn opening(app: &App) -> String {
    let region = place(app);
    let stacks = app.facts.stacks.shown().map_or(0, Vec::len);
    let quilt = app.facts.stacks.shown().into_iter().flatten().filter(|stack| stack.is_quilt()).count();
    match &app.facts.stacks {
        Fact::Denied { action, .. } => format!("The stacks{region} cannot be listed: {action} is missing."),
        Fact::Failed(_) => format!("The stacks{region} cannot be listed."),
        Fact::Known(_) if stacks == 0 => format!("There is no stack at all{region}."),
        Fact::Known(_) if quilt == 0 => format!("None of the {stacks} stacks{region} is a Quilt stack."),
        Fact::Known(_) if quilt == 1 => format!("1 of the {stacks} stacks{region} is a Quilt stack."),
        Fact::Known(_) => format!("{quilt} of the {stacks} stacks{region} are Quilt stacks."),
        _ if stacks > 0 => format!("Listing the stacks{region}; {stacks} so far."),
        _ if app.running.contains_key(&Ask::Stacks) => format!("Listing the stacks{region}."),
        _ if app.facts.identity.known().is_none() => {
            "Without an identity no stack can be listed: Esc leads back.".into()
        }
        _ => "The stacks have not been listed yet; r lists them.".into(),
    }
}

/// " of us-east-1", " of 34 regions", " of 32 regions (2 did not answer)".
fn place(app: &App) -> String {
    let regions = &app.facts.regions;
    if regions.is_empty() {
        return app.facts.credentials.shown().map(|c| format!(" of {}", c.region)).unwrap_or_default();
    }
    let answered = regions.values().filter(|fact| fact.known().is_some()).count();
    let silent = match regions.len() - answered {
        _ if app.facts.stacks.is_pending() => String::new(),
        0 => String::new(),
        1 => " (1 did not answer)".into(),
        some => format!(" ({some} did not answer)"),
    };
    format!(" of {}{silent}", counted(answered, "region"))
}

fn stack_row(app: &App, stack: &Stack, name: usize, columns: usize, dimmed: bool) -> Line<'static> {
    let here = app.stacks.selected.as_deref() == Some(stack.arn.to_string().as_str());
    let chosen = app.selection.stack.as_deref().is_some_and(|chosen| names(stack, chosen));
    let base = if stack.is_quilt() && !dimmed { PLAIN } else { DIM };
    let mut row = Row::item(here);
    row = if chosen { row.mark(Mark::Good) } else { row.text("  ") };
    row = row.cell_middle(stack.arn.name(), name, if here { BOLD } else { base }).text("  ");
    if !app.facts.regions.is_empty() {
        row = row.cell(stack.arn.region(), 14, base).text("  ");
    }
    row = row.cell(&stack.status, STATUS, status_style(stack, base)).text("  ");
    if row.used() + 16 > columns {
        return row.line();
    }
    let when = stack.updated.or(stack.created).map(|then| time::ago(then, app.facts.observed_at));
    row = row.cell(&when.unwrap_or_default(), 16, base);
    let host = stack.output("QuiltWebHost").unwrap_or_default();
    if row.used() + width(host) + 2 > columns { row.line() } else { row.text(host).line() }
}

/// S3-61: complete, and no rollback.
fn status_style(stack: &Stack, base: ratatui::style::Style) -> ratatui::style::Style {
    let complete = stack.status.ends_with("_COMPLETE") || stack.status.ends_with("_CLEANUP_IN_PROGRESS");
    let settled = complete && !stack.status.contains("ROLLBACK");
    if settled || !stack.is_quilt() { base } else { WARNING }
}

fn aside(app: &App, columns: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    if let Some(error) = app.facts.stacks.error() {
        lines.extend(refusal(error, columns));
        return lines;
    }
    lines.extend(judged(app, columns));
    let Some(stack) = under_cursor(app) else {
        if app.facts.stacks.is_settled() {
            let elsewhere = if app.facts.regions.is_empty() {
                "A stack of another region: g types the region, a searches all of them. "
            } else {
                ""
            };
            let text = format!("{elsewhere}A stack that is not listed: t types its name or ARN.");
            lines.extend(wrapped(&text, columns, 2, PLAIN));
        }
        return lines;
    };
    lines.push(heading(stack.arn.name()));
    lines.extend(row::fact("ARN", &stack.arn.to_string(), 15, columns, PLAIN));
    lines.extend(reason(app, stack).iter().flat_map(|why| row::fact("preselected", why, 15, columns, PLAIN)));
    lines.extend(
        quilt::switch(stack)
            .iter()
            .flat_map(|(key, value)| row::fact("webhook", &built_in(key, value), 15, columns, PLAIN)),
    );
    if width(&stack.status) > STATUS {
        lines.extend(row::fact("status", &stack.status, 15, columns, PLAIN));
    }
    lines.extend(stack.status_reason.iter().flat_map(|why| row::fact("reason", why, 15, columns, PLAIN)));
    for service in [Service::Catalog, Service::Database, Service::QueueUrl] {
        let found = quilt::service(stack, service);
        lines.extend(found.iter().flat_map(|found| row::fact(service.words(), &found.value, 15, columns, PLAIN)));
    }
    if !stack.is_quilt() {
        lines.push(Row::default().to(4).put("no Quilt stack: it has no output QuiltWebHost", DIM).line());
    }
    if cursor_on_chosen(app) {
        lines.extend(focus::of_step(app, Route::Stack).flat_map(|finding| row::found(finding, columns)));
    }
    lines
}

/// Whether the stack runs the webhook itself, in words.
fn built_in(key: &str, value: &str) -> String {
    let on =
        if value.eq_ignore_ascii_case("enabled") { "built in (integrated)" } else { "a stack of its own (standalone)" };
    format!("{on}: {key} is {value}")
}

/// What is wrong with the chosen stack, or could not be known of it, while the cursor is on no other one.
fn judged(app: &App, columns: usize) -> Vec<Line<'static>> {
    let elsewhere = under_cursor(app).is_some() && !cursor_on_chosen(app);
    if elsewhere || app.selection.stack.is_none() || app.running.contains_key(&Ask::Stack) {
        return Vec::new();
    }
    let bad = |finding: &&Finding| {
        let counts = finding.unknown || matches!(finding.severity, Severity::Error | Severity::Warning);
        counts && steps::step_of(finding) == Route::Stack
    };
    let mut lines = Vec::new();
    for finding in app.judgement.findings.iter().filter(bad) {
        let mark = if finding.unknown { Mark::Unknown } else { Mark::from(finding.severity) };
        lines.extend(row::marked(mark, &finding.claim, columns));
        lines.extend(finding.fixes.iter().take(1).flat_map(|fix| wrapped(&fix.what, columns, 4, PLAIN)));
    }
    if !lines.is_empty() {
        lines.push(blank());
    }
    lines
}
/// How much of AWS's message is shown, in columns.
const LONGEST_MESSAGE: usize = 600;

/// A refused or failed look-up, with what it needs.
pub fn refusal(error: &AwsError, columns: usize) -> Vec<Line<'static>> {
    let style = if error.missing_action.is_some() { PLAIN } else { ERROR };
    let mut lines = wrapped(&elide_end(&safe(&error.message), LONGEST_MESSAGE), columns, 2, style);
    if let Some(action) = &error.missing_action {
        lines.extend(wrapped(&format!("It needs {action}. A stack can still be named: t."), columns, 2, PLAIN));
    }
    if let Some(id) = &error.request_id {
        lines.push(Row::new().put(&format!("request {id}"), DIM).line());
    }
    lines
}
