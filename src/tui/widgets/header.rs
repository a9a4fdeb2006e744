//! The first line: who and where, and the banner that matters.

use ratatui::text::Line;

use super::row::Row;
use crate::model::Fact;
use crate::tui::app::App;
use crate::tui::route::Route;
use crate::tui::screens::diagnose;
use crate::tui::theme::{BANNER, BOLD, DIM, PLAIN};
use crate::values::text::{elide_middle, safe, width};

/// The header.
pub fn line(app: &App, columns: usize) -> Line<'static> {
    let banner = banner(app);
    // Margins of two on both sides, the banner's own two, and a gap of two: the banner always stays.
    let room = columns.saturating_sub(width(&banner) + 8);
    let row = if app.route == Route::Home {
        Row::new().put("rolecall", BOLD)
    } else if let Some(path) = diagnose::header(app, room).filter(|_| app.route == Route::Diagnose) {
        Row::new().put(&elide_middle(&safe(&path), room), PLAIN)
    } else {
        who(app, room)
    };
    if banner.is_empty() {
        return row.line();
    }
    row.right(&format!(" {banner} "), columns.saturating_sub(2), BANNER).line()
}

fn who(app: &App, room: usize) -> Row {
    let Some(source) = &app.selection.source else {
        return Row::new().put("no AWS profile chosen yet", DIM);
    };
    let identity = app.facts.identity.shown();
    let dimmed = app.facts.identity.is_pending();
    let mut parts = vec![source.label()];
    if let Some(identity) = identity {
        parts.push(identity.account.grouped());
    }
    if let Some(credentials) = app.facts.credentials.shown() {
        parts.push(credentials.region.clone());
    } else if let Some(region) = &app.selection.region {
        parts.push(region.clone());
    }
    parts.push(match (&app.facts.identity, identity) {
        (_, Some(identity)) => identity.arn.short(),
        (Fact::Denied { .. } | Fact::Failed(_) | Fact::Absent, None) => "not identified".into(),
        (_, None) => "asking who this is".into(),
    });
    // The last part gives way first: it is the longest, and the source screen has it whole.
    let last = parts.pop().unwrap_or_default();
    let head: String = parts.iter().map(|part| format!("{} · ", safe(part))).collect();
    let last = elide_middle(&safe(&last), room.saturating_sub(width(&head)).max(8));
    let style = if dimmed { DIM } else { PLAIN };
    Row::new().put(&elide_middle(&format!("{head}{last}"), room), style)
}

fn banner(app: &App) -> String {
    let mut parts = Vec::new();
    if let Some(world) = &app.setting.demo {
        parts.push(format!("DEMO {world}"));
    } else if let Some(endpoint) = app.facts.machine.shown().and_then(|machine| machine.endpoint_url.as_deref()) {
        parts.push(format!("endpoint {}", elide_middle(&safe(endpoint), 32)));
    }
    if app.setting.read_only {
        parts.push("read-only".into());
    }
    parts.join(" · ")
}
