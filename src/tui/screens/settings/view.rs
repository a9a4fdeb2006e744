//! How the settings look.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::{Cursor, Row as Setting, cursor, fault_of, is_file, is_revealed, loudest, rows, sources};
use crate::model::facts::{SettingsPlace, SettingsSource};
use crate::systems::{Given, Secrecy};
use crate::tui::app::App;
use crate::tui::theme::{BOLD, DIM, FIELD, Mark, PLAIN};
use crate::tui::widgets::page::{self, Page};
use crate::tui::widgets::row::{self, Row, blank, heading, sentence, wrapped};
use crate::values::access_key;
use crate::values::mask::{Mask, masked};
use crate::values::text::{counted_grouped, grouped, safe, width};

/// The most lines of a long value that are shown below the list.
const LONG: usize = 4;

/// Draws it.
pub fn draw(app: &App, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let columns = usize::from(area.width);
    let rows = rows(app);
    let at = cursor(app);
    let mut page = Page { head: sentence(&opening(app), columns), ..Page::default() };
    page.head.push(blank());
    let label = rows.iter().map(|row| width(row.setting.label)).max().unwrap_or(0).clamp(12, (columns * 2 / 5).max(12));
    for row in &rows {
        let here = at == Cursor::Setting(row.setting.name);
        let (line, column) = setting_row(app, row, here, label, columns);
        put(&mut page, line, here, column);
    }
    page.body.push(blank());
    for (of, name) in [(Cursor::Principal, "Workload"), (Cursor::Inspectors, "Inspectors")] {
        let here = at == of;
        let (line, column) = engine_row(app, &of, name, here, label, columns);
        put(&mut page, line, here, column);
    }
    page.body.push(blank());
    page.body.push(heading("Read from"));
    for source in sources(app) {
        let here = matches!((&source.place, &at), (SettingsPlace::File(path), Cursor::File(of)) if path == of);
        let line = source_row(app, source, here, columns);
        put(&mut page, line, here, None);
    }
    page.tail = vec![blank(), go_on_row(app, at == Cursor::GoOn, columns)];
    page.foot = foot(app, &rows, &at, columns);
    page::draw(&page, area, buffer)
}

fn put(page: &mut Page, line: Line<'static>, here: bool, column: Option<u16>) {
    if here {
        page.focus = Some(page.body.len());
    }
    if let Some(column) = column {
        page.cursor = Some((page.body.len(), column));
    }
    page.body.push(line);
}

/// Whether everything that is needed is there and can be used, in a sentence.
pub fn opening(app: &App) -> String {
    let Some(system) = app.open_one() else { return "No system is open.".into() };
    if app.facts.system.settings.shown().is_none() {
        return "Reading where settings stand.".into();
    }
    if let Some(finding) = loudest(app) {
        return finding.claim.clone();
    }
    let rows = rows(app);
    let named = |wanted: &dyn Fn(&Setting<'_>) -> bool| {
        rows.iter().filter(|row| wanted(row)).map(|row| row.setting.label).collect::<Vec<_>>()
    };
    let missing = named(&|row| row.fault.is_some() && row.given.is_none());
    let faulty = named(&|row| row.fault.is_some() && row.given.is_some());
    let doubtful = rows.iter().find_map(|row| row.judged);
    let differing = named(&|row| row.fault.is_none() && row.given.is_some() && !row.others.is_empty());
    match (missing.as_slice(), faulty.as_slice(), differing.as_slice()) {
        ([], [], []) if rows.iter().all(|row| row.given.is_none()) => {
            format!("{}: nothing is set yet.", system.title())
        }
        ([], [], []) => match doubtful {
            Some(finding) => finding.claim.clone(),
            None => format!("{}: every setting can be used.", system.title()),
        },
        ([], [], differ) => format!("{} in two places with two values.", stands(differ)),
        ([one], [], _) => format!("{one} is not set, and it is needed."),
        (several, [], _) => format!("{} settings are needed and not set.", several.len()),
        ([], [one], _) => format!("{one} cannot be used as it is."),
        ([], several, _) => format!("{} settings cannot be used as they are.", several.len()),
        (missing, faulty, _) => {
            format!("{} not set though needed, {} not usable as they are.", missing.len(), faulty.len())
        }
    }
}

fn stands(names: &[&str]) -> String {
    match names {
        [one] => format!("{one} stands"),
        [one, other] => format!("{one} and {other} stand"),
        several => format!("{} settings stand", several.len()),
    }
}

fn setting_row(app: &App, row: &Setting<'_>, here: bool, label: usize, columns: usize) -> (Line<'static>, Option<u16>) {
    let name = Row::item(here).to(4).cell(row.setting.label, label + 1, if here { BOLD } else { PLAIN });
    let limit = columns.saturating_sub(2);
    if let Some(edited) = edited(app, &Cursor::Setting(row.setting.name), name, columns) {
        return edited;
    }
    let name = Row::item(here).to(4).cell(row.setting.label, label + 1, if here { BOLD } else { PLAIN });
    let line = name.mark(row.mark());
    let Some(given) = row.given else {
        let words = absent(row);
        let place = row.others.first().map(|other| format!("not that of {}", place(app, &other.place)));
        let style = if row.setting.required { PLAIN } else { DIM };
        let room = place.as_ref().map_or(0, |place| width(place) + 2);
        let line = line.fit(&words, limit.saturating_sub(room), style);
        return (line.right(&place.unwrap_or_default(), limit, DIM).line(), None);
    };
    let value = shown_value(app, row, given);
    let (right, style) = match &row.fault {
        Some(fault) => (fault.clone(), PLAIN),
        None => (place(app, &given.place), DIM),
    };
    // A fault is read, a place is recognised: the one gets what the value leaves, the other ends the line.
    let room = limit.saturating_sub(line.used());
    if row.fault.is_some() {
        let value_columns = width(&safe(&value)).min(room * 2 / 5);
        let line = line.cell_middle(&value, value_columns, PLAIN).text("  ");
        return (line.fit(&right, limit, style).line(), None);
    }
    let value_columns = room.saturating_sub(width(&right) + 2).max(12);
    (line.cell_middle(&value, value_columns, PLAIN).right(&right, limit, style).line(), None)
}

/// What is said of a setting without a value: what counts instead.
pub fn absent(row: &Setting<'_>) -> String {
    let is = if row.is_left_out() { "left out" } else { "not set" };
    match row.setting.unset {
        Some(counts) => format!("{is}: {counts}"),
        None if row.setting.required => format!("{is}, though needed"),
        None => is.into(),
    }
}

/// The line of a value that is being typed, if it is this one.
fn edited(app: &App, of: &Cursor, name: Row, columns: usize) -> Option<(Line<'static>, Option<u16>)> {
    let edit = app.settings.edit.as_ref().filter(|edit| edit.of == *of)?;
    let text = edit.field.text();
    let mark = match fault_of(app, of, text) {
        Some(_) => Mark::Fault,
        None if text.trim().is_empty() => Mark::Open,
        None => Mark::Good,
    };
    let line = name.mark(mark);
    let start = line.used();
    let room = u16::try_from(columns.saturating_sub(2 + start)).unwrap_or(20);
    let view = edit.field.view(room, false);
    let column = u16::try_from(start).unwrap_or(20) + view.cursor;
    let line =
        if text.is_empty() { line.fit("Enter takes it away", columns - 2, DIM) } else { line.put(&view.text, FIELD) };
    Some((line.line(), Some(column)))
}

/// A value as far as it may be seen.
pub fn shown_value(app: &App, row: &Setting<'_>, given: &Given) -> String {
    match row.setting.secrecy {
        Secrecy::Presence => "set".into(),
        // Half of an access key is no value of any of them: it was put there by mistake.
        _ if access_key::is_half(given.value.expose()) => access_key::masked(given.value.expose()),
        _ if is_revealed(app, row.setting) => given.value.expose().to_owned(),
        // Of JSON the ends tell nothing.
        _ if given.value.expose().starts_with(['{', '[']) => of_json(given.value.expose()),
        _ => masked(given.value.expose(), Mask::Partial),
    }
}

/// Of a value that should be JSON and may hold external IDs, no part is shown.
fn of_json(text: &str) -> String {
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(_) if text.contains("external_id") => "JSON, with external IDs".into(),
        Ok(_) => "JSON".into(),
        Err(_) => format!("{} characters, not JSON", grouped(text.chars().count())),
    }
}

/// Where something stands, as short as it is clear.
pub fn place(app: &App, place: &SettingsPlace) -> String {
    match place {
        SettingsPlace::Typed | SettingsPlace::Environment => place.words(),
        SettingsPlace::DotEnv(_) => ".env".into(),
        SettingsPlace::File(path) => app.setting.folders.short(path),
    }
}

fn engine_row(
    app: &App,
    of: &Cursor,
    name: &str,
    here: bool,
    label: usize,
    columns: usize,
) -> (Line<'static>, Option<u16>) {
    let style = if here { BOLD } else { PLAIN };
    if let Some(edited) = edited(app, of, Row::item(here).to(4).cell(name, label + 1, style), columns) {
        return edited;
    }
    let (text, given) = if *of == Cursor::Principal { principal(app) } else { inspectors(app) };
    let row = Row::item(here).to(4).cell(name, label + 1, style);
    let row = row.mark(if given { Mark::Good } else { Mark::Open });
    (row.fit_middle(&text, columns.saturating_sub(2), if given { PLAIN } else { DIM }).line(), None)
}

/// Who walks the paths in production, and whether the user named it.
pub fn principal(app: &App) -> (String, bool) {
    let named = app.selection.system.as_ref().and_then(|choice| choice.principal.as_ref());
    match named {
        Some(arn) => (arn.to_string(), true),
        None => ("as the system says, else you alone".into(), false),
    }
}

/// Who may read what the operator cannot, and whether the user named any.
pub fn inspectors(app: &App) -> (String, bool) {
    let named = app.selection.system.as_ref().map(|choice| choice.inspectors.as_slice()).unwrap_or_default();
    if named.is_empty() { ("none: your own credentials read all".into(), false) } else { (named.join(", "), true) }
}

fn source_row(app: &App, source: &SettingsSource, here: bool, columns: usize) -> Line<'static> {
    let (mark, words) = about_source(app, source);
    let name = match &source.place {
        SettingsPlace::Environment => "environment".to_owned(),
        SettingsPlace::File(path) | SettingsPlace::DotEnv(path) => app.setting.folders.short(path),
        SettingsPlace::Typed => source.place.words(),
    };
    let row = Row::item(here).to(4).mark(mark).cell_middle(&name, 28, if here { BOLD } else { PLAIN }).text("  ");
    let style = if mark == Mark::Fault || mark == Mark::Doubt { PLAIN } else { DIM };
    row.fit(&words, columns.saturating_sub(2), style).line()
}

/// What a source gives, in a few words.
pub fn about_source(app: &App, source: &SettingsSource) -> (Mark, String) {
    if let Some(fault) = &source.fault {
        return (if is_file(&source.place) { Mark::Fault } else { Mark::Doubt }, fault.clone());
    }
    let settings = app.open_one().map(|system| system.settings()).unwrap_or_default();
    let read = |name: &String| settings.iter().any(|setting| setting.variables.contains(&name.as_str()));
    match source.values.keys().filter(|name| read(name)).count() {
        0 if is_file(&source.place) => (Mark::Doubt, "holds none of these settings".into()),
        0 => (Mark::Open, "holds none of these settings".into()),
        1 => (Mark::Good, "1 of these settings".into()),
        many => (Mark::Good, format!("{many} of these settings")),
    }
}

/// What going on means: how much would be looked at.
pub fn go_on(app: &App) -> String {
    let paths = app.judgement.system.rows.len();
    let questions = app.open_one().map(|system| system.questions(&app.system.settings, &app.facts).len());
    match (paths, questions.unwrap_or(0)) {
        (0, 0) => "there is nothing to look at yet".into(),
        (paths, 0) => format!("look at {}", counted_grouped(paths, "access path")),
        (0, questions) => format!("look at {}", counted_grouped(questions, "principal")),
        (paths, questions) => {
            let (paths, questions) = (counted_grouped(paths, "access path"), counted_grouped(questions, "principal"));
            format!("look at {paths} and {questions}")
        }
    }
}

fn go_on_row(app: &App, here: bool, columns: usize) -> Line<'static> {
    let row = Row::item(here).to(4).put("Go on", if here { BOLD } else { PLAIN });
    row.text("   ").fit(&go_on(app), columns.saturating_sub(2), DIM).line()
}

/// What the thing under the cursor is, and all there is to say of its value.
fn foot(app: &App, rows: &[Setting<'_>], at: &Cursor, columns: usize) -> Vec<Line<'static>> {
    let mut lines = vec![blank()];
    let edit = app.settings.edit.as_ref();
    if let Some(fault) = edit.and_then(|edit| fault_of(app, &edit.of, edit.field.text())) {
        let mark = if edit.is_some_and(|edit| edit.refused) { Mark::Fault } else { Mark::Doubt };
        lines.extend(row::marked(mark, &capital(&fault), columns));
    }
    match at {
        Cursor::Setting(name) => {
            let Some(row) = rows.iter().find(|row| row.setting.name == *name) else { return lines };
            lines.extend(of_setting(app, row, columns));
        }
        Cursor::Principal => lines.extend(wrapped(
            "The principal that walks these paths in production, by ARN: it is judged beside you.",
            columns,
            4,
            DIM,
        )),
        Cursor::Inspectors => lines.extend(wrapped(
            "AWS profiles that may read a role's account where yours may not, separated by commas.",
            columns,
            4,
            DIM,
        )),
        Cursor::File(_) => lines.extend(wrapped(
            "A setting that was typed wins over files, the first file over the next, files over the environment.",
            columns,
            4,
            DIM,
        )),
        Cursor::GoOn => {
            if let Some(system) = app.open_one() {
                lines.extend(wrapped(system.about(), columns, 4, DIM));
            }
        }
    }
    lines
}

fn of_setting(app: &App, row: &Setting<'_>, columns: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let editing = app.settings.edit.is_some();
    if let Some(fault) = row.fault.as_ref().filter(|_| !editing && row.given.is_some()) {
        lines.extend(row::marked(Mark::Fault, &capital(fault), columns));
    }
    if let Some(finding) = row.judged.filter(|finding| !editing && opening(app) != finding.claim) {
        lines.extend(row::marked(row.mark(), &finding.claim, columns));
    }
    lines.extend(wrapped(row.setting.help, columns, 4, DIM));
    if let Some(given) = row.given.filter(|_| !editing) {
        let value = shown_value(app, row, given);
        if is_revealed(app, row.setting) && width(&safe(&value)) > columns / 2 {
            lines.extend(wrapped(&value, columns, 4, PLAIN).into_iter().take(LONG));
        }
        let name = if given.place == SettingsPlace::Typed { "typed".to_owned() } else { of(app, given) };
        lines.extend(row.others.iter().map(|other| {
            let text = format!("{name} counts, {} says otherwise and does not", of(app, other));
            Row::default().to(4).fit(&text, columns.saturating_sub(2), PLAIN).line()
        }));
    }
    let parts: Vec<&str> = app.system.settings.parts(row.setting.name).map(|(part, _)| part).collect();
    if !parts.is_empty() {
        let text = format!("Typed over what stands there: {}.", parts.join(", "));
        lines.push(Row::default().to(4).fit(&text, columns.saturating_sub(2), PLAIN).line());
    }
    let names = row.setting.variables.join(", ");
    if row.given.is_none() && !names.is_empty() {
        lines.push(Row::default().to(4).fit(&format!("Read as {names}."), columns.saturating_sub(2), DIM).line());
    }
    lines
}

/// "AWS_ROLE_ARN of .env".
fn of(app: &App, given: &Given) -> String {
    format!("{} of {}", given.name, place(app, &given.place))
}

fn capital(text: &str) -> String {
    let text = crate::values::text::capitalized(text);
    if text.ends_with('.') { text } else { format!("{text}.") }
}
