//! How the sources look.

use std::path::Path;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::{Cursor, Kind, cursor, given, is_open_conflict, is_value, mark_of};
use crate::migrate::sources::{self, Given, Value};
use crate::migrate::{Import, Source};
use crate::model::{AwsError, Fact, ImportSource};
use crate::secret::Key;
use crate::tui::app::App;
use crate::tui::engine::Ask;
use crate::tui::route::{Route, Walk};
use crate::tui::theme::{BOLD, DIM, Mark, PLAIN};
use crate::tui::widgets::page::{self, Page};
use crate::tui::widgets::row::{self, Row, blank, heading, sentence, wrapped};
use crate::values::text::counted;

/// Columns of the names of sources.
const NAME: usize = 30;

/// The least lines of a detail below the list.
const LEAST: usize = 4;

/// From so many rows on there is room for every name.
const AIRY: u16 = 26;

/// Draws it.
pub fn draw(app: &App, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let wanted = 78;
    let (columns, beside) = page::columns(area, wanted);
    let aside = aside(app, beside.unwrap_or(columns), beside.is_some() || area.height >= AIRY);
    // Where nothing stands beside the list all of the width is its own.
    let (columns, beside) = if aside.is_empty() { (usize::from(area.width), None) } else { (columns, beside) };
    let mut page = Page { head: sentence(&opening(app), usize::from(area.width)), wanted, aside, ..Page::default() };
    page.head.push(blank());
    let rows = app.gathered.sources.len() + Kind::ALL.len() + 2;
    let below = if beside.is_some() { 0 } else { page.aside.len() + 1 };
    let spare = usize::from(area.height).saturating_sub(page.head.len() + rows + below);
    let at = cursor(app);
    let imports = app.selection.migration.imports.iter().zip(&app.gathered.sources);
    for (index, (named, source)) in imports.enumerate() {
        let here = at == Cursor::Source(index);
        if here {
            page.focus = Some(page.body.len());
        }
        page.body.push(source_row(app, index, named, source, here, columns));
    }
    if !app.gathered.sources.is_empty() && spare > 0 {
        page.body.push(blank());
    }
    page.body.push(heading(if app.gathered.sources.is_empty() { "Bring values along from" } else { "Add" }));
    for kind in Kind::ALL {
        let here = at == Cursor::Add(kind);
        if here {
            page.focus = Some(page.body.len());
        }
        let (name, hint) = words(app, kind);
        let row = Row::item(here).to(4).cell(name, NAME - 4, if here { BOLD } else { PLAIN });
        page.body.push(row.fit(&hint, columns - 2, DIM).line());
    }
    if at == Cursor::GoOn {
        page.focus = Some(page.body.len().saturating_sub(1));
    }
    if spare > 1 {
        page.tail.push(blank());
    }
    page.tail.push(go_on_row(app, at == Cursor::GoOn, columns));
    if beside.is_none() {
        let room = usize::from(area.height).saturating_sub(page.head.len() + page.body.len() + page.tail.len() + 1);
        cut(&mut page.aside, room.max(LEAST));
    }
    page::draw(&page, area, buffer)
}

/// Cuts a detail to the lines that there is room for; the last of them says how many are not in sight.
fn cut(lines: &mut Vec<Line<'static>>, room: usize) {
    let more = lines.len().saturating_sub(room.saturating_sub(1));
    if lines.len() > room && room > 0 {
        lines.truncate(room - 1);
        let text = format!("… {more} more lines; a taller terminal shows them");
        lines.push(Row::default().to(4).put(&text, DIM).line());
    }
}

/// How many values there are, and what is still open.
pub fn opening(app: &App) -> String {
    let sources = &app.gathered.sources;
    if sources.is_empty() {
        return "Where do the values of the secret come from?".into();
    }
    if sources.iter().any(|source| matches!(source.import, Fact::Pending(None))) {
        return "Reading the sources.".into();
    }
    let found = Key::ALL.into_iter().filter(|key| !app.gathered.merged.offers(*key).is_empty()).count();
    let differ = Key::ALL.into_iter().filter(|key| is_open_conflict(app, *key)).count();
    let unusable = sources.iter().filter(|source| mark_of(source) == Mark::Fault).count();
    let of = counted(sources.len(), "source");
    let mut text = match unusable {
        0 => format!("{found} of 11 values come from {of}"),
        1 if sources.len() == 1 => return "The source cannot be used.".into(),
        1 => format!("One source cannot be used; {found} of 11 values come from the others"),
        n => format!("{n} sources cannot be used; {found} of 11 values come from the others"),
    };
    match differ {
        0 => {}
        1 => text.push_str("; about one key they differ"),
        n => text.push_str(&format!("; about {n} keys they differ")),
    }
    text.push('.');
    text
}

fn source_row(
    app: &App,
    index: usize,
    named: &ImportSource,
    source: &Source,
    here: bool,
    columns: usize,
) -> Line<'static> {
    let style = if here { BOLD } else { PLAIN };
    let row = Row::item(here).put(&format!("{} ", index + 1), DIM).mark(mark_of(source));
    let row = row.cell_middle(&short(app, named), NAME - 1 - row_used(index), style).text("  ");
    let limit = columns.saturating_sub(2);
    match said(app, named, source) {
        Said::Gives(text) => row.fit(&text, limit, PLAIN).line(),
        Said::Waits(text) => row.fit(&text, limit, DIM).line(),
        Said::Fails(text) => row.fit(&text, limit, PLAIN).line(),
    }
}

/// Margin, number and mark before a name.
const fn row_used(index: usize) -> usize {
    if index < 9 { 6 } else { 7 }
}

/// Why a source gives nothing, or nothing yet; `None`: it gives something.
pub fn unusable(app: &App, named: &ImportSource, source: &Source) -> Option<String> {
    match said(app, named, source) {
        Said::Gives(_) => None,
        Said::Waits(text) => Some(text),
        Said::Fails(text) => Some(format!("it cannot be used: {text}")),
    }
}

/// What a row says of a source.
enum Said {
    Gives(String),
    Waits(String),
    Fails(String),
}

fn said(app: &App, named: &ImportSource, source: &Source) -> Said {
    match source.import.shown() {
        Some(Ok(import)) => return Said::Gives(gives(source, import)),
        Some(Err(fault)) => return Said::Fails(fault.to_string()),
        None => {}
    }
    let nobody = app.facts.identity.known().is_none() && !app.running.contains_key(&Ask::Identity);
    match &source.import {
        Fact::Absent => Said::Fails(absent(named).into()),
        Fact::Denied { action, .. } => Said::Fails(format!("not readable: {action} is missing")),
        Fact::Failed(_) if named.needs_aws() && nobody => Said::Waits("read once the AWS profile is chosen".into()),
        Fact::Failed(error) => Said::Fails(failed(error)),
        _ if named.needs_aws() && nobody => Said::Waits("read once the AWS profile is chosen".into()),
        _ => Said::Waits("being read".into()),
    }
}

fn gives(source: &Source, import: &Import) -> String {
    let mut parts = vec![format!("{} of 11", given(source).unwrap_or(0)), import.shape.words().to_owned()];
    match import.given.iter().filter(|given| matches!(given.value, Value::Reference(_))).count() {
        0 => {}
        some => parts.push(counted(some, "reference")),
    }
    match import.remarks.len() {
        0 => {}
        some => parts.push(counted(some, "remark")),
    }
    parts.join(", ")
}

const fn absent(named: &ImportSource) -> &'static str {
    match named {
        ImportSource::Secret { .. } => "there is no such secret, or no such version",
        ImportSource::Config => "this config profile has no config.json",
        _ => "there is no such file",
    }
}

fn failed(error: &AwsError) -> String {
    error.message.trim_end_matches('.').to_owned()
}

/// How a source is called where there is little room: of a path the name of the file.
pub fn short(app: &App, source: &ImportSource) -> String {
    let name = |path: &Path| {
        path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
    };
    match source {
        ImportSource::File(path) => format!("file {}", name(path)),
        ImportSource::EnvFile(path) => format!("env file {}", name(path)),
        ImportSource::Config => format!("config.json of {}", app.selection.config_profile),
        other => other.label(),
    }
}

/// The name of a kind, and what it would bring.
pub fn words(app: &App, kind: Kind) -> (&'static str, String) {
    match kind {
        Kind::EnvFile => ("an env file", "NAME=value lines".into()),
        Kind::File => ("a JSON file", "a secret, a task definition, a config.json".into()),
        Kind::Secret => ("a secret", secrets(app)),
        Kind::Environment => ("this environment", environment(app)),
        Kind::Config => ("config.json", config(app)),
        Kind::Pasted => ("pasted text", "JSON or NAME=value lines; in memory only".into()),
    }
}

fn secrets(app: &App) -> String {
    match app.facts.secrets.shown().map(Vec::len) {
        Some(0) => "of Secrets Manager; none in this region".into(),
        Some(count) => format!("of Secrets Manager; {count} in this region"),
        None => "of Secrets Manager, by name or ARN".into(),
    }
}

fn environment(app: &App) -> String {
    let found = app.facts.migration.imports.iter().find(|imported| imported.source == ImportSource::Environment);
    let import = found
        .and_then(|imported| imported.content.shown())
        .map(|content| sources::read(&ImportSource::Environment, content));
    match import {
        Some(Ok(import)) if import.given.is_empty() => "none of the names is set".into(),
        Some(Ok(import)) if import.given.len() == 1 => "1 of the names is set".into(),
        Some(Ok(import)) => format!("{} of the names are set", import.given.len()),
        _ => "the variables of this process".into(),
    }
}

fn config(app: &App) -> String {
    let name = &app.selection.config_profile;
    match &app.facts.config {
        Fact::Absent => format!("config profile {name} has none"),
        _ => match app.facts.config.shown().map(|_| sources::of_config(&app.facts)) {
            Some(Ok(import)) => format!("of config profile {name}: {} values", import.given.len()),
            _ => format!("of config profile {name}"),
        },
    }
}

/// What going on means, and what comes next.
pub const fn go_on(app: &App) -> (&'static str, &'static str) {
    let none = app.selection.migration.imports.is_empty();
    let name = if none { "Nothing to bring along" } else { "Go on with these" };
    let next = match (&app.selection.source, &app.selection.stack) {
        (None, _) => "choose the AWS profile",
        (Some(_), None) => "choose the stack",
        (Some(_), Some(_)) if none => "check and edit the secret that is there",
        (Some(_), Some(_)) => "look at every value",
    };
    (name, next)
}

fn go_on_row(app: &App, here: bool, columns: usize) -> Line<'static> {
    let (name, next) = go_on(app);
    Row::item(here).to(4).cell(name, NAME - 4, if here { BOLD } else { PLAIN }).fit(next, columns - 2, DIM).line()
}

/// What the source under the cursor gives, name by name, and every remark in full.
fn aside(app: &App, columns: usize, airy: bool) -> Vec<Line<'static>> {
    let Cursor::Source(index) = cursor(app) else { return explained(app, columns) };
    let (Some(named), Some(source)) = (app.selection.migration.imports.get(index), app.gathered.sources.get(index))
    else {
        return Vec::new();
    };
    let mut lines = vec![heading(&whole(app, named))];
    match source.import.shown() {
        Some(Ok(import)) => lines.extend(of_import(import, columns, airy)),
        _ => match said(app, named, source) {
            Said::Fails(text) => {
                lines.extend(row::marked(Mark::Fault, &format!("It cannot be used: {text}."), columns))
            }
            Said::Gives(text) | Said::Waits(text) => lines.extend(wrapped(&text, columns, 2, DIM)),
        },
    }
    lines
}

/// The whole path, as people write it.
fn whole(app: &App, named: &ImportSource) -> String {
    match named {
        ImportSource::File(path) => format!("file {}", app.setting.folders.short(path)),
        ImportSource::EnvFile(path) => format!("env file {}", app.setting.folders.short(path)),
        other => short(app, other),
    }
}

/// Remarks first; what is given name by name where there is room for it: the row has the count.
fn of_import(import: &Import, columns: usize, airy: bool) -> Vec<Line<'static>> {
    let names = |wanted: fn(&Given) -> bool| {
        let names: Vec<String> = import.given.iter().filter(|given| wanted(given)).map(named_as).collect();
        names.join(", ")
    };
    let given = names(|given| is_value(given.key, &given.value));
    let empty = names(|given| matches!(&given.value, Value::Text(_)) && !is_value(given.key, &given.value));
    let keys = import.keys();
    let lacks: Vec<&str> = Key::ALL.iter().filter(|key| !keys.contains(key)).map(|key| key.name()).collect();
    let lacks = if keys.is_empty() { String::new() } else { lacks.join(", ") };
    let mut lines: Vec<Line<'static>> =
        import.remarks.iter().flat_map(|remark| row::marked(Mark::Doubt, remark, columns)).collect();
    let refers = import.given.iter().filter_map(|given| match &given.value {
        Value::Reference(from) => Some(("refers", format!("{} to {from}", given.key))),
        Value::Text(_) => None,
    });
    let facts = [("empty", empty), ("lacks", lacks)].into_iter().chain(refers);
    let more = [("gives", given), ("goes too", import.leftovers.join(", "))].into_iter().filter(|_| airy);
    for (name, text) in facts.chain(more).filter(|(_, text)| !text.is_empty()) {
        if airy {
            lines.extend(row::fact(name, &text, 13, columns, PLAIN));
        } else {
            lines.push(Row::default().to(4).cell(name, 9, DIM).fit(&text, columns - 2, PLAIN).line());
        }
    }
    lines
}

/// "TENANT (BENCHLING_TENANT)", and where both are alike the name once.
fn named_as(given: &Given) -> String {
    if given.name == given.key.name() { given.name.clone() } else { format!("{} ({})", given.key, given.name) }
}

/// What the order means, where there is one.
fn explained(app: &App, columns: usize) -> Vec<Line<'static>> {
    if app.walk != Walk::Secret || app.route != Route::Sources {
        return Vec::new();
    }
    let text = match app.selection.migration.imports.len() {
        0 | 1 => return Vec::new(),
        _ => {
            "Of two sources that differ the first counts, unless you choose otherwise beside the value. K and J change the order."
        }
    };
    wrapped(text, columns, 2, DIM)
}
