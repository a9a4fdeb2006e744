//! The stack: Quilt stacks first, every other one dimmed, and any one by name.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::movement;
use crate::model::facts::Stack;
use crate::model::{AwsError, Fact};
use crate::systems::quilt::{self, Service};
use crate::tui::app::App;
use crate::tui::engine::Ask;
use crate::tui::keymap::Action;
use crate::tui::message::Effect;
use crate::tui::theme::{BOLD, DIM, ERROR, Mark, PLAIN, WARNING};
use crate::tui::widgets::list::Item;
use crate::tui::widgets::page::{self, Page};
use crate::tui::widgets::row::{self, Row, heading, sentence, wrapped};
use crate::values::text::width;
use crate::values::time;

/// The stacks as they are listed: Quilt stacks first, each part by name.
fn listed(app: &App) -> Vec<&Stack> {
    let mut stacks: Vec<&Stack> = app.facts.stacks.shown().into_iter().flatten().collect();
    stacks.sort_by(|a, b| b.is_quilt().cmp(&a.is_quilt()).then_with(|| a.arn.name().cmp(b.arn.name())));
    stacks
}

/// The rows, and what the filter searches.
pub fn items(app: &App) -> Vec<Item> {
    listed(app).into_iter().map(|stack| Item { id: stack.arn.to_string(), shown: searched(stack) }).collect()
}

fn searched(stack: &Stack) -> String {
    let quilt = if stack.is_quilt() { "quilt" } else { "" };
    let host = stack.output("QuiltWebHost").unwrap_or_default();
    format!("{} {} {quilt} {host} {}", stack.arn.name(), stack.status, stack.arn)
}

/// Where the cursor goes first: to the chosen stack, or to the first Quilt stack; never to another.
pub fn preselected(app: &App) -> Option<String> {
    let stacks = listed(app);
    let chosen = app.selection.stack.as_deref();
    let found = stacks.iter().find(|stack| chosen.is_some_and(|chosen| names(stack, chosen)));
    let quilt = stacks.first().filter(|stack| stack.is_quilt() && chosen.is_none());
    found.or(quilt).map(|stack| stack.arn.to_string())
}

fn names(stack: &Stack, chosen: &str) -> bool {
    stack.arn.name() == chosen || stack.arn.to_string() == chosen
}

/// Whether the cursor is on the stack that is chosen.
pub fn cursor_on_chosen(app: &App) -> bool {
    let under = app.stacks.under_cursor(&items(app));
    let Some(chosen) = app.selection.stack.as_deref() else { return false };
    let found = listed(app).into_iter().find(|stack| names(stack, chosen)).map(|stack| stack.arn.to_string());
    match (under, found) {
        (Some(under), Some(found)) => under == found,
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
    let (columns, beside) = page::columns(area);
    let items = items(app);
    let visible = app.stacks.visible(&items);
    let mut page = Page { head: sentence(&opening(app), usize::from(area.width)), ..Page::default() };
    let (filter, filter_cursor) = app.stacks.filter_line(visible.len(), items.len(), columns);
    page.head.push(filter);
    let stacks = listed(app);
    let name = stacks.iter().map(|s| width(s.arn.name())).max().unwrap_or(0).clamp(12, 34);
    let dimmed = app.facts.stacks.is_pending();
    for &index in &visible {
        if let Some(stack) = stacks.get(index) {
            page.body.push(stack_row(app, stack, name, columns, dimmed));
        }
    }
    page.focus = app.stacks.position(&items, &visible);
    page.aside = aside(app, beside.unwrap_or(columns));
    let cursor = page::draw(&page, area, buffer);
    let line = u16::try_from(page.head.len().saturating_sub(1)).unwrap_or(0);
    filter_cursor.map(|column| Position::new(area.x + column, area.y + line)).or(cursor)
}

fn opening(app: &App) -> String {
    let region = app.facts.credentials.shown().map(|c| format!(" of {}", c.region)).unwrap_or_default();
    let stacks = app.facts.stacks.shown().map_or(0, Vec::len);
    let quilt = app.facts.stacks.shown().into_iter().flatten().filter(|stack| stack.is_quilt()).count();
    match &app.facts.stacks {
        Fact::Denied { action, .. } => format!("The stacks{region} cannot be listed: {action} is missing."),
        Fact::Failed(_) => format!("The stacks{region} cannot be listed."),
        Fact::Known(_) if stacks == 0 => format!("There is no stack in the region{region}."),
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

fn stack_row(app: &App, stack: &Stack, name: usize, columns: usize, dimmed: bool) -> Line<'static> {
    let here = app.stacks.selected.as_deref() == Some(stack.arn.to_string().as_str());
    let chosen = app.selection.stack.as_deref().is_some_and(|chosen| names(stack, chosen));
    let base = if stack.is_quilt() && !dimmed { PLAIN } else { DIM };
    let mut row = Row::item(here);
    row = if chosen { row.mark(Mark::Good) } else { row.text("  ") };
    row = row.cell_middle(stack.arn.name(), name, if here { BOLD } else { base }).text("  ");
    row = row.cell(&stack.status, 20, status_style(stack, base)).text("  ");
    let when = stack.updated.or(stack.created).map(|then| time::ago(then, app.facts.observed_at));
    row = row.cell(&when.unwrap_or_default(), 16, base);
    let host = stack.output("QuiltWebHost").unwrap_or_default();
    if row.used() + width(host) + 2 > columns { row.line() } else { row.text(host).line() }
}

/// S3-61: complete, and no rollback.
fn status_style(stack: &Stack, base: ratatui::style::Style) -> ratatui::style::Style {
    let settled = stack.status.ends_with("_COMPLETE") && !stack.status.contains("ROLLBACK");
    if settled || !stack.is_quilt() { base } else { WARNING }
}

fn aside(app: &App, columns: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    if let Some(error) = app.facts.stacks.error() {
        lines.extend(refusal(error, columns));
        return lines;
    }
    let under = app.stacks.under_cursor(&items(app));
    let Some(stack) = listed(app).into_iter().find(|stack| Some(stack.arn.to_string()) == under) else {
        if app.facts.stacks.is_settled() {
            lines.extend(wrapped(
                "A stack of another region: g. A stack that is not listed: t types its name or ARN.",
                columns,
                2,
                PLAIN,
            ));
        }
        return lines;
    };
    lines.push(heading(stack.arn.name()));
    lines.extend(row::fact("ARN", &stack.arn.to_string(), 15, columns, PLAIN));
    lines.extend(stack.status_reason.iter().flat_map(|why| row::fact("reason", why, 15, columns, PLAIN)));
    for service in [Service::Catalog, Service::Database, Service::QueueUrl] {
        let found = quilt::service(stack, service);
        lines.extend(found.iter().flat_map(|found| row::fact(service.words(), &found.value, 15, columns, PLAIN)));
    }
    if !stack.is_quilt() {
        lines.push(Row::default().to(4).put("no Quilt stack: it has no output QuiltWebHost", DIM).line());
    }
    lines
}

/// A refused or failed look-up, with what it needs.
pub fn refusal(error: &AwsError, columns: usize) -> Vec<Line<'static>> {
    let mut lines = wrapped(&error.message, columns, 2, ERROR);
    if let Some(action) = &error.missing_action {
        lines.extend(wrapped(&format!("It needs {action}. A stack can still be named: t."), columns, 2, PLAIN));
    }
    if let Some(id) = &error.request_id {
        lines.push(Row::new().put(&format!("request {id}"), DIM).line());
    }
    lines
}
