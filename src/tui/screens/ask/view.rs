//! How the question looks: one list, and below or beside it what goes with the row under the cursor.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::{
    Candidate, Focus, Row as Entry, Stranger, account, form_view, names, rows, source, stranger, under_cursor,
};
use crate::message::Reading;
use crate::model::selection::CredentialSource;
use crate::model::{Hop, Inquiry};
use crate::preselect;
use crate::tui::app::App;
use crate::tui::theme::{BOLD, DIM, FIELD, Mark, PLAIN};
use crate::tui::widgets::page::{self, Page};
use crate::tui::widgets::row::{self, Row, blank, heading, sentence, wrapped};
use crate::values::text::{elide_end, width};
use crate::values::{PrincipalArn, RoleArn};

/// Where the second column begins.
const SECOND: usize = 25;

/// Draws it.
pub fn draw(app: &App, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    if app.inquiring.focus == Focus::Form {
        return form_view::draw(&app.inquiring.form, area, buffer);
    }
    let (columns, beside) = page::columns(area, 76);
    let mut page = Page { head: sentence(&opening(app), usize::from(area.width)), wanted: 76, ..Page::default() };
    page.head.push(blank());
    let mut part = "";
    let rows = rows(app);
    let widths = Widths::of(&rows, columns, beside.is_some());
    for row in &rows {
        let section = section(row);
        if section != part {
            part = section;
            page.body.push(blank());
            page.body.push(heading(section));
        }
        let here = app.inquiring.list.selected.as_deref() == Some(row.id().as_str());
        if here {
            page.focus = Some(page.body.len());
        }
        if here && app.inquiring.focus == Focus::Message {
            let view = app.inquiring.message.field.view(u16::try_from(columns - SECOND - 2).unwrap_or(40), false);
            page.cursor = Some((page.body.len(), u16::try_from(SECOND).unwrap_or(25) + view.cursor));
        }
        page.body.extend(entry(app, row, here, &widths, columns));
    }
    page.aside = aside(app, beside.unwrap_or(columns), beside.is_some());
    page::draw(&page, area, buffer)
}

fn opening(app: &App) -> String {
    if let (Some(_), Some(source)) = (stranger(app), &app.selection.source) {
        return format!("This message is of another account than AWS profile {}.", source.label());
    }
    match (&app.inquiring.message.reading, source(app)) {
        (_, None) if app.facts.sources.known().is_some_and(Vec::is_empty) => {
            "There are no AWS credentials on this machine; a message can be read all the same.".into()
        }
        (Some(_), _) => match app.inquiring.message.open() {
            None => "The message was understood; Enter asks AWS about both sides.".into(),
            Some(why) => why,
        },
        (None, _) => "Which access was denied? Paste the message, pick a role, or type the path.".into(),
    }
}

/// Under which heading a row stands; the first ones stand under none.
const fn section(row: &Entry) -> &'static str {
    match row {
        Entry::Message | Entry::Use(_) => "",
        Entry::Known(_) => "Known here",
        Entry::Stack | Entry::Type => "Or",
    }
}

struct Widths {
    name: usize,
    /// What the message leaves open is listed beside.
    listed: bool,
}

impl Widths {
    fn of(rows: &[Entry], columns: usize, listed: bool) -> Self {
        let known = rows.iter().filter_map(|row| match row {
            Entry::Known(candidate) => Some(width(&names(&candidate.inquiry.hops))),
            _ => None,
        });
        Self { name: known.max().unwrap_or(0).clamp(SECOND - 4, columns / 2 - 6) + 2, listed }
    }
}

fn entry(app: &App, row: &Entry, here: bool, widths: &Widths, columns: usize) -> Vec<Line<'static>> {
    let style = if here { BOLD } else { PLAIN };
    let line = Row::item(here);
    match row {
        Entry::Message => message(app, here, widths.listed && here, columns),
        Entry::Use(source) => {
            let kind = app.facts.sources.shown().into_iter().flatten().find(|entry| entry.source == *source);
            let kind = kind.map_or("", |entry| entry.kind.words());
            let name = format!("use AWS profile {}", source.label());
            vec![line.to(4).cell_middle(&name, 40, style).fit(kind, columns - 2, DIM).line()]
        }
        Entry::Known(candidate) => {
            let owner = account(&candidate.inquiry.hops).map(|account| account.grouped()).unwrap_or_default();
            let line = line.cell_middle(&names(&candidate.inquiry.hops), widths.name, style).cell(&owner, 16, PLAIN);
            vec![line.fit(&candidate.inquiry.source, columns - 2, DIM).line()]
        }
        Entry::Stack => {
            vec![line.cell("The roles of a stack", SECOND - 2, style).fit(&stack(app), columns - 2, DIM).line()]
        }
        Entry::Type => {
            let form = &app.inquiring.form;
            let hint = if form.is_empty() { "role ARN, external ID, tags; several hops".into() } else { form.names() };
            vec![line.cell("A path to be typed", SECOND - 2, style).fit(&hint, columns - 2, DIM).line()]
        }
    }
}

fn stack(app: &App) -> String {
    let named =
        |arn: &str| crate::values::StackArn::parse(arn).map_or_else(|_| arn.to_owned(), |arn| arn.name().into());
    match (&app.selection.stack, preselect::stack_and_reason(&app.facts)) {
        (Some(stack), _) => format!("{}: the walk to its read and write role", named(stack)),
        (None, Some((stack, reason))) => format!("{}: {}", named(&stack), reason.words()),
        (None, None) => "by the walk: AWS profile, stack, roles".into(),
    }
}

/// The message in one line, and below it what it tells.
fn message(app: &App, here: bool, listed: bool, columns: usize) -> Vec<Line<'static>> {
    let typing = here && app.inquiring.focus == Focus::Message;
    let line = Row::item(here).cell("The error message", SECOND - 2, if here { BOLD } else { PLAIN });
    let pasted = &app.inquiring.message;
    if typing {
        let room = u16::try_from(columns.saturating_sub(SECOND + 2)).unwrap_or(40);
        let view = pasted.field.view(room, false);
        let filled = format!("{:<1$}", view.text, usize::from(room));
        let mut lines = vec![line.put(&filled, FIELD).line()];
        lines.extend(told(app, listed, columns));
        return lines;
    }
    let Some(text) = pasted.text() else {
        return vec![line.fit("paste it here, as it is", columns - 2, DIM).line()];
    };
    let shown = text.expose().split_whitespace().collect::<Vec<_>>().join(" ");
    let mut lines = vec![line.fit(&elide_end(&shown, 400), columns - 2, PLAIN).line()];
    lines.extend(told(app, listed, columns));
    lines
}

fn told(app: &App, listed: bool, columns: usize) -> Vec<Line<'static>> {
    let Some(reading) = &app.inquiring.message.reading else { return Vec::new() };
    let facts = understood(reading);
    let tells = besides(&reading.summary, &facts);
    // What follows stands beside, where there is room for it.
    let tells = if listed { tells } else { tells.replace(": one or more of what follows refuses.", ".") };
    let tells = row::fact("tells", &tells, SECOND, columns, PLAIN);
    let mut lines: Vec<Line<'static>> = facts.iter().map(|(name, value)| fact(name, value, columns)).collect();
    lines.extend(tells);
    lines.extend(stranger(app).iter().flat_map(|stranger| of_another(app, stranger, columns)));
    lines
}

/// What a sentence tells besides the facts: the first one often repeats them.
pub fn besides(summary: &str, facts: &[(&'static str, String)]) -> String {
    let repeats = |sentence: &str| facts.len() > 1 && facts.iter().all(|(_, value)| sentence.contains(value.as_str()));
    match summary.split_once(". ") {
        Some((first, rest)) if repeats(first) => rest.to_owned(),
        _ => summary.to_owned(),
    }
}

fn fact(name: &str, value: &str, columns: usize) -> Line<'static> {
    Row::default().to(4).cell(name, SECOND - 4, DIM).fit_middle(value, columns - 2, PLAIN).line()
}

/// What was taken out of a message, each with its name: who, what, on what.
pub fn understood(reading: &Reading) -> Vec<(&'static str, String)> {
    let caller = reading.caller.as_deref().map(|caller| match PrincipalArn::parse(caller) {
        Ok(arn) => format!("{} of {}", arn.short(), arn.account().grouped()),
        Err(_) => caller.to_owned(),
    });
    let role = reading.role_arn.as_deref().map(|role| match RoleArn::parse(role) {
        Ok(arn) => format!("role/{} of {}", arn.name(), arn.account().grouped()),
        Err(_) => role.to_owned(),
    });
    let named = role.is_some();
    let resource = reading.resource.clone().filter(|_| !named);
    let facts = [("who", caller), ("action", reading.action.clone()), ("on", role.or(resource))];
    facts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn of_another(app: &App, stranger: &Stranger, columns: usize) -> Vec<Line<'static>> {
    let chosen = app.selection.source.as_ref().map(CredentialSource::label).unwrap_or_default();
    let none = if stranger.offers.is_empty() { "; no AWS profile here is of it" } else { "" };
    let (account, own) = (stranger.account.grouped(), stranger.own.grouped());
    let text = format!("The caller is of {account}, AWS profile {chosen} of {own}{none}.");
    row::marked(Mark::Doubt, &text, columns)
}

fn aside(app: &App, columns: usize, beside: bool) -> Vec<Line<'static>> {
    match under_cursor(app) {
        Some(Entry::Message) => next_steps(app, columns, beside),
        Some(Entry::Known(candidate)) => detail(&candidate, columns),
        _ => faults(app, columns),
    }
}

/// What the message leaves open, where there is room beside; and where it leads when it asks nothing yet.
fn next_steps(app: &App, columns: usize, beside: bool) -> Vec<Line<'static>> {
    let Some(reading) = &app.inquiring.message.reading else { return faults(app, columns) };
    let mut lines = Vec::new();
    if beside && !reading.open.is_empty() {
        lines.push(heading("It leaves open"));
        lines.extend(reading.open.iter().flat_map(|open| wrapped(open, columns, 4, PLAIN)));
    }
    if app.inquiring.message.open().is_none() || reading.next.is_empty() {
        return lines;
    }
    lines.push(heading("To look at next"));
    for step in &reading.next {
        lines.extend(wrapped(&step.what, columns, 4, PLAIN));
        lines.extend(step.command.iter().flat_map(|command| wrapped(command, columns, 6, BOLD)));
    }
    lines
}

/// Variables that should name roles and do not.
fn faults(app: &App, columns: usize) -> Vec<Line<'static>> {
    let machine = app.facts.machine.shown();
    let faults = machine.into_iter().flat_map(|machine| &machine.role_faults);
    faults.flat_map(|fault| row::marked(Mark::Doubt, fault, columns)).collect()
}

/// A path whole.
fn detail(candidate: &Candidate, columns: usize) -> Vec<Line<'static>> {
    let Candidate { inquiry, source } = candidate;
    let mut lines = Vec::new();
    for (index, hop) in inquiry.hops.iter().enumerate() {
        let name = if inquiry.hops.len() == 1 { "Role".to_owned() } else { format!("Hop {}", index + 1) };
        lines.extend(row::fact(&name, &hop.role_arn, 19, columns, PLAIN));
        let with = with(hop);
        if !with.is_empty() {
            lines.extend(row::fact("", &with, 19, columns, PLAIN));
        }
    }
    lines.extend(inquiry.principal.iter().flat_map(|arn| row::fact("Workload", &arn.to_string(), 19, columns, PLAIN)));
    lines.extend(
        source
            .iter()
            .flat_map(|source| row::fact("Asked with", &format!("AWS profile {}", source.label()), 19, columns, PLAIN)),
    );
    lines.extend(told_of(inquiry, columns));
    lines
}

fn told_of(inquiry: &Inquiry, columns: usize) -> Vec<Line<'static>> {
    let inspectors = inquiry.inspectors.join(", ");
    if inspectors.is_empty() { Vec::new() } else { row::fact("Inspectors", &inspectors, 19, columns, PLAIN) }
}

/// What goes with a call, beside the role.
pub fn with(hop: &Hop) -> String {
    let duration = hop.duration_seconds.map(|seconds| format!("{seconds} s"));
    let tags: Vec<String> = hop.tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let parts = [
        ("external ID", hop.external_id.clone()),
        ("for", duration),
        ("session name", hop.session_name.clone()),
        ("tags", Some(tags.join(", ")).filter(|tags| !tags.is_empty())),
        ("source identity", hop.source_identity.clone()),
    ];
    let parts = parts.into_iter().filter_map(|(name, value)| Some(format!("{name} {}", value?)));
    parts.collect::<Vec<_>>().join(", ")
}
