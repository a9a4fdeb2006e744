//! Home: the three jobs, and what is already known about this machine.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::{ask, movement};
use crate::model::facts::SsoToken;
use crate::tui::app::{App, Job};
use crate::tui::draft;
use crate::tui::engine::Ask;
use crate::tui::keymap::Action;
use crate::tui::message::Effect;
use crate::tui::route::Route;
use crate::tui::theme::{BOLD, DIM, Mark, PLAIN};
use crate::tui::widgets::page::{self, Page};
use crate::tui::widgets::row::{Row, blank, heading, wrapped};

/// What can be opened, from top to bottom: a draft first, if there is one.
fn jobs(app: &App) -> Vec<(Job, String, String)> {
    let zone = jiff::tz::TimeZone::system();
    let draft = app.kept_draft.offer.as_ref().map(|offer| draft::words(offer, app.facts.observed_at, &zone));
    let own = JOBS.map(|(job, name, hint)| {
        (job, name.to_owned(), if job == Job::SetUp { set_up_hint(app) } else { hint.to_owned() })
    });
    draft.into_iter().map(|(name, hint)| (Job::Resume, name, hint)).chain(own).collect()
}

/// The jobs: a name, and what it is for where that does not change.
pub const JOBS: [(Job, &str, &str); 3] = [
    (Job::SetUp, "Set up a config profile", ""),
    (Job::Diagnose, "Diagnose an access denied", "paste the message, or pick a role"),
    (Job::Validate, "Validate or migrate a secret", "from Secrets Manager, a file or an environment"),
];

/// What a key does here.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    let jobs = jobs(app);
    let at = jobs.iter().position(|(job, ..)| *job == app.job).unwrap_or(0);
    if let Some(by) = movement(action) {
        let to = at.saturating_add_signed(by).min(jobs.len().saturating_sub(1));
        app.job = jobs.get(to).map_or(app.job, |(job, ..)| *job);
    } else if action == Action::Enter && app.job == Job::Resume {
        return app.resume_draft();
    } else if action == Action::Enter {
        app.open_job(app.job);
        return if app.route == Route::Sources { vec![app.ask(Ask::Imports)] } else { Vec::new() };
    } else if action == Action::PasteMessage {
        app.job = Job::Diagnose;
        app.go(Route::Ask);
        ask::open_message(app);
    }
    Vec::new()
}

/// Draws it.
pub fn draw(app: &App, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let columns = usize::from(area.width);
    let mut page = Page::default();
    page.head.push(blank());
    let opening = "Role-based access on AWS: set it up, see why it is denied, check a secret.";
    page.head.extend(wrapped(opening, columns, 2, PLAIN));
    page.head.push(blank());
    for (job, name, hint) in jobs(app) {
        let here = app.job == job;
        let style = if here { BOLD } else { PLAIN };
        if job == Job::Resume {
            // A draft says more than fits beside its name.
            page.head.push(Row::item(here).fit(&name, columns - 2, style).line());
            page.head.push(Row::default().to(4).fit(&hint, columns - 2, DIM).line());
            page.head.push(blank());
            continue;
        }
        page.head.push(Row::item(here).cell(&name, 30, style).fit(&hint, columns - 2, DIM).line());
    }
    page.head.push(blank());
    page.body = found(app, columns);
    page::draw(&page, area, buffer)
}

/// Which config profile the set-up would be for.
pub fn set_up_hint(app: &App) -> String {
    let profile = &app.selection.config_profile;
    let exists = app.facts.config_profiles.shown().into_iter().flatten().any(|p| p.name == *profile && p.has_config);
    if exists { format!("{profile}, which has a config.json") } else { format!("{profile}, new") }
}

fn found(app: &App, columns: usize) -> Vec<Line<'static>> {
    let fact = |name: &str, text: &str| Row::default().to(4).cell(name, 19, PLAIN).fit(text, columns - 2, PLAIN).line();
    let mut lines = vec![heading("Found here"), fact("AWS profiles", &profiles(app))];
    lines.push(fact("Config profiles", &config_profiles(app)));
    if let Some(machine) = app.facts.machine.shown() {
        let set: Vec<String> = machine.environment.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let joined = set.join("  ");
        lines.push(fact("Environment", if set.is_empty() { "no AWS variables" } else { &joined }));
        if let Some(catalog) = &machine.quilt3_catalog {
            lines.push(fact("Quilt catalog", catalog));
        }
        lines.extend(faults(machine.ca_roots, &machine.aws_file_faults, columns));
    }
    lines
}

fn faults(ca_roots: usize, files: &[String], columns: usize) -> Vec<Line<'static>> {
    let roots =
        (ca_roots == 0).then_some("no CA certificates found: no AWS endpoint can be reached; install ca-certificates");
    let all = roots.into_iter().chain(files.iter().map(String::as_str));
    let lines = all.map(|fault| Row::new().mark(Mark::Doubt).fit(fault, columns - 2, PLAIN).line());
    let lines: Vec<_> = lines.collect();
    if lines.is_empty() { lines } else { std::iter::once(blank()).chain(lines).collect() }
}

fn profiles(app: &App) -> String {
    let Some(sources) = app.facts.sources.shown() else { return "reading".into() };
    let live = sources.iter().filter(|entry| matches!(entry.sso_token, Some(SsoToken::Live(_)))).count();
    let live = if live == 0 { String::new() } else { format!(", {live} with a live SSO login") };
    match sources.len() {
        0 => "none: no credentials on this machine".into(),
        1 => format!("1{live}"),
        count => format!("{count}{live}"),
    }
}

fn config_profiles(app: &App) -> String {
    let Some(profiles) = app.facts.config_profiles.shown() else { return "reading".into() };
    if profiles.is_empty() {
        return "none".into();
    }
    profiles.iter().map(|profile| profile.name.as_str()).collect::<Vec<_>>().join(", ")
}
