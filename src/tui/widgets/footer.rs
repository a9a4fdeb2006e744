//! The last two lines: what is running, and the keys that do something now.

use ratatui::text::Line;

use super::row::Row;
use crate::aws::ATTEMPTS;
use crate::tui::app::App;
use crate::tui::engine::Ask;
use crate::tui::keymap::{self, Place};
use crate::tui::theme::{BOLD, DIM, KEY};
use crate::values::text::{elide_end, safe, width};
use crate::values::time;

/// A thin rule with a text in it, if there is one.
pub fn rule(text: &str, columns: usize) -> Line<'static> {
    let end = columns.saturating_sub(1);
    let mut row = Row::default().to(1);
    if !text.is_empty() {
        let text = elide_end(&safe(text), columns.saturating_sub(10));
        row = row.put("─ ", DIM).put(&text, BOLD).text(" ");
    }
    let rest = end.saturating_sub(row.used());
    row.put(&"─".repeat(rest), DIM).line()
}

/// Why a key did nothing, or else what takes long: what is asked for, since when, in which attempt.
pub fn status(app: &App) -> String {
    if let Some(note) = &app.note {
        return note.clone();
    }
    if app.leaving {
        let kept = if app.unwritten() { "a draft of it is kept" } else { "h hands it over as a text" };
        return format!("Leave? What was typed has not been written; {kept}");
    }
    if app.diagnosis.agreeing {
        return "Send the wanted external ID, once? The role's account will see it".into();
    }
    if let Some(path) = &app.export.replacing {
        return format!("Replace {}?", path.display());
    }
    if let Some(writing) = &app.done.writing {
        return format!("writing {writing}");
    }
    if let Some(watching) = app.watching() {
        return watching;
    }
    if !app.is_busy() {
        return String::new();
    }
    let what: Vec<&str> = app.running.keys().map(|ask| words(*ask)).collect();
    let longest = app.running.values().map(|run| app.clock.saturating_sub(run.since)).max().unwrap_or_default();
    let attempt = match app.attempt {
        0 | 1 => String::new(),
        attempt => format!(", attempt {attempt} of {ATTEMPTS}"),
    };
    // What it is asked for comes last: it is what a narrow terminal can do without.
    let progress = app.progress().map(|progress| format!(": {progress}")).unwrap_or_default();
    format!("asking AWS, {}{attempt}: {}{progress}", time::short(longest), what.join(", "))
}

const fn words(ask: Ask) -> &'static str {
    match ask {
        Ask::Survey => "reading this machine",
        Ask::Identity | Ask::Caller => "your identity",
        Ask::Stacks => "the stacks",
        Ask::Stack => "the stack and its roles",
        Ask::StackAlone => "the stack",
        Ask::Webhook => "the webhook's stack",
        Ask::Secrets => "the secrets",
        Ask::Secret => "the secret",
        Ask::Imports => "the sources",
        Ask::Trials => "whether the values work",
        Ask::Path => "the access path",
        Ask::System => "the access paths",
    }
}

/// The keys that do something now; what does not fit is on the help page.
pub fn line(app: &App, columns: usize) -> Line<'static> {
    let room = columns.saturating_sub(2);
    let mut keys: Vec<(&str, &str)> = keymap::footer(app).map(|binding| (binding.shown, binding.label)).collect();
    let last = match app.place() {
        Place::Screen(_) => {
            keys.retain(|(key, _)| *key != "?");
            if app.route != crate::tui::route::Route::Home {
                keys.retain(|(key, _)| *key != "q");
            }
            // Two keys for one thing: the first is enough here, the help page has both.
            let mut seen = Vec::new();
            keys.retain(|(_, label)| {
                !seen.contains(label) && {
                    seen.push(label);
                    true
                }
            });
            Some(("?", "help"))
        }
        _ => None,
    };
    let need = |(key, label): &(&str, &str)| width(key) + 1 + width(label) + 3;
    let wide: usize = keys.iter().map(need).sum::<usize>() + last.iter().map(need).sum::<usize>();
    let last = last.map(|(key, label)| if wide > room { (key, "") } else { (key, label) });
    // Enter, next, back and quit are where people look for them: of the other keys those come that fit.
    let fixed = |(key, _): &(&str, &str)| matches!(*key, "n" | "Esc" | "Enter" | "y" | "N" | "q");
    let fixed_need: usize = keys.iter().filter(|key| fixed(key)).chain(last.iter()).map(need).sum();
    let mut left = (room + 4).saturating_sub(fixed_need);
    keys.retain(|key| {
        fixed(key)
            || need(key) <= left && {
                left -= need(key);
                true
            }
    });
    let mut row = Row::new();
    for (key, label) in keys.into_iter().chain(last) {
        row = row.put(key, KEY).text(" ").text(label).text("   ");
    }
    row.line()
}
