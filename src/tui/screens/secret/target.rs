//! The rows above the values: where the secret is written to, which runtime will read it, and the key of a new one.

use ratatui::text::Line;

use super::{Cursor, cursor, document, exists, unread};
use crate::migrate::reader;
use crate::model::facts::Secret;
use crate::model::{Fact, Reader};
use crate::secret;
use crate::tui::app::App;
use crate::tui::keymap::When;
use crate::tui::theme::{BOLD, DIM, PLAIN};
use crate::tui::widgets::row::Row;
use crate::values::time;

/// Columns of the names of these rows.
const NAME: usize = 11;

/// Whether the secret goes to a file (`true`), or to Secrets Manager.
pub fn writes_to_file(app: &App, wanted: bool) -> When {
    if app.selection.migration.to_file.is_some() == wanted { When::Yes } else { When::Hidden }
}

/// Whether a secret would be created in Secrets Manager.
pub fn makes_new(app: &App) -> When {
    let new = app.facts.secret == Fact::Absent && !exists(app) && !unread(app);
    if new && app.selection.migration.to_file.is_none() { When::Yes } else { When::Hidden }
}

/// All of them.
pub fn rows(app: &App, columns: usize) -> Vec<Line<'static>> {
    let at = cursor(app);
    let mut rows = vec![to_row(app, at == Cursor::Name, columns), reader_row(app, at == Cursor::Reader, columns)];
    if matches!(makes_new(app), When::Yes) {
        rows.push(key_row(app, at == Cursor::KmsKey, columns));
    }
    rows
}

/// The line of the cursor among them.
pub fn line(app: &App) -> Option<usize> {
    match cursor(app) {
        Cursor::Name => Some(0),
        Cursor::Reader => Some(1),
        Cursor::KmsKey => Some(2),
        Cursor::Key(_) | Cursor::GoOn => None,
    }
}

fn named(name: &str, here: bool) -> Row {
    Row::item(here).to(4).cell(name, NAME, DIM)
}

fn to_row(app: &App, here: bool, columns: usize) -> Line<'static> {
    let style = if here { BOLD } else { PLAIN };
    let limit = columns.saturating_sub(2);
    let row = named("write to", here);
    if let Some(path) = &app.selection.migration.to_file {
        let about = format!("  {}", about_file(app));
        return row.put(&app.setting.folders.short(path), style).fit(&about, limit, DIM).line();
    }
    let row = row.put(&app.draft.secret_name, style);
    let Some(secret) = app.facts.secret.shown().filter(|_| exists(app)) else {
        let about = match &app.facts.secret {
            Fact::NotAsked => "  not looked up",
            Fact::Denied { .. } | Fact::Failed(_) => "  not readable",
            _ => "  new: it will be created",
        };
        return row.fit(about, limit, DIM).line();
    };
    row.fit(&format!("  {}", about(app, secret).join(" · ")), limit, DIM).line()
}

/// What is known of the file that would be written.
pub const fn about_file(app: &App) -> &'static str {
    match &app.facts.migration.file {
        Fact::Known(_) | Fact::Pending(Some(_)) => "a file; what it holds is kept as a backup",
        Fact::Denied { .. } | Fact::Failed(_) => "a file that cannot be read",
        _ => "a new file, for you alone (0600)",
    }
}

/// What is known of a secret that exists: its version, its spelling, its owner.
pub fn about(app: &App, secret: &Secret) -> Vec<String> {
    let mut about = Vec::new();
    if let Some(value) = secret.value.shown() {
        let id: String = value.version_id.chars().take(4).collect();
        let age =
            value.created.map(|then| format!(" of {}", time::ago(then, app.facts.observed_at))).unwrap_or_default();
        about.push(format!("version {id}…{age}"));
    }
    let spelling = |words: &str| words.split_once(" (").map_or(words, |(name, _)| name).to_owned();
    about.extend(document(app).map(|document| spelling(secret::dialect(&document).words())));
    about.extend(secret.stack.as_ref().map(|stack| format!("made by stack {stack}")));
    about
}

fn reader_row(app: &App, here: bool, columns: usize) -> Line<'static> {
    let (reader, why) = reader::chosen(&app.facts, &app.selection);
    let style = if here { BOLD } else { PLAIN };
    let row = named("read by", here).put(in_short(reader), style);
    row.fit(&format!("  {}", why.words()), columns.saturating_sub(2), DIM).line()
}

/// [`Reader::words`] without what the question explains.
const fn in_short(reader: Reader) -> &'static str {
    match reader {
        Reader::Specification => "the specification",
        Reader::Shipped => "shipped runtimes",
        Reader::Both => "either (both spellings)",
    }
}

fn key_row(app: &App, here: bool, columns: usize) -> Line<'static> {
    let migration = &app.selection.migration;
    let style = if here { BOLD } else { PLAIN };
    let row = named("KMS key", here).put(migration.kms_key.as_deref().unwrap_or("aws/secretsmanager"), style);
    let tags: Vec<String> = migration.tags.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let tags = if tags.is_empty() { "  T adds tags".to_owned() } else { format!("  tags {}", tags.join(", ")) };
    row.fit(&tags, columns.saturating_sub(2), DIM).line()
}
