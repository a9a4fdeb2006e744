//! Home: the systems, those that this machine shows the strongest signs of first, what can be done beside them, and what is already known of this machine.

use std::cmp::Reverse;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::{ask, movement};
use crate::model::facts::SsoToken;
use crate::systems::{self, Strength};
use crate::tui::app::{App, Job};
use crate::tui::draft;
use crate::tui::engine::Ask;
use crate::tui::keymap::Action;
use crate::tui::message::Effect;
use crate::tui::route::Route;
use crate::tui::theme::{BOLD, DIM, Mark, PLAIN};
use crate::tui::widgets::page::{self, Page};
use crate::tui::widgets::row::{Row, blank, heading, wrapped};

/// The columns of a name.
const NAME: usize = 30;

/// From so many rows on there is a line about what the cursor is on.
const AIRY: u16 = 20;

/// Something that can be opened.
pub struct Offer {
    /// What opening it does.
    pub job: Job,
    /// What it is called.
    pub name: String,
    /// What it is for, or what of it was found here.
    pub hint: String,
    /// This machine shows signs of it.
    pub found: bool,
}

/// The systems, each as good as the other: those that this machine shows signs of first, the stronger the earlier, the Quilt webhook first among
/// equals.
pub fn offered_systems(app: &App) -> Vec<Offer> {
    let of_quilt = signs_of_quilt(app);
    let quilt = Offer {
        job: Job::SetUp,
        name: systems::QUILT_TITLE.to_owned(),
        hint: format!("Set up a config profile: {}", set_up_hint(app)),
        found: of_quilt.own > 0,
    };
    let others = app.signs().into_iter().map(|(system, sign, strength)| {
        let offer = Offer {
            job: Job::System(system.name()),
            name: system.title().to_owned(),
            found: sign.is_some(),
            hint: sign.unwrap_or_else(|| "no sign of it here".into()),
        };
        (offer, strength)
    });
    let mut all: Vec<(Offer, Strength)> = std::iter::once((quilt, of_quilt)).chain(others).collect();
    all.sort_by_key(|(offer, strength)| Reverse(offer.found.then_some(*strength)));
    all.into_iter().map(|(offer, _)| offer).collect()
}

/// What can be opened beside the systems: a name, and what it is for.
pub const BESIDE: [(Job, &str, &str); 2] = [
    (Job::Diagnose, "Diagnose an access denied", "paste the message, or pick a role"),
    (Job::Validate, "Validate or migrate a secret", "from Secrets Manager, a file or an environment"),
];

/// What is said of it.
const ABOUT_QUILT: &str = "Whether the webhook can assume its roles; its config.json and its secret.";

/// Everything that can be opened, from top to bottom: a draft first, if there is one.
pub fn offers(app: &App) -> Vec<Offer> {
    let draft =
        app.kept_draft.offer.as_ref().map(|offer| draft::words(offer, app.facts.observed_at, &app.setting.zone));
    let draft = draft.map(|(name, hint)| Offer { job: Job::Resume, name, hint, found: true });
    let beside = BESIDE.map(|(job, name, hint)| Offer { job, name: name.into(), hint: hint.into(), found: false });
    draft.into_iter().chain(offered_systems(app)).chain(beside).collect()
}

/// The files of Quilt's own tools, which nothing else reads.
fn signs_of_quilt(app: &App) -> Strength {
    let catalog = app.facts.machine.shown().is_some_and(|machine| machine.quilt3_catalog.is_some());
    let profiles = app.facts.config_profiles.shown().is_some_and(|profiles| !profiles.is_empty());
    Strength { own: usize::from(catalog) + usize::from(profiles), shared: 0 }
}

/// Until the first key the cursor stands on the system that is offered first; one that was chosen before the program began stays under it.
pub fn follow(app: &mut App) {
    if app.route != Route::Home || app.touched || app.system.first().is_some() {
        return;
    }
    if let Some(first) = offered_systems(app).into_iter().next() {
        app.job = first.job;
    }
}

/// What a key does here.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    let offers = offers(app);
    let at = offers.iter().position(|offer| offer.job == app.job).unwrap_or(0);
    if let Some(by) = movement(action) {
        let to = at.saturating_add_signed(by).min(offers.len().saturating_sub(1));
        app.job = offers.get(to).map_or(app.job, |offer| offer.job);
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
    for offer in offers(app) {
        let here = app.job == offer.job;
        let style = if here { BOLD } else { PLAIN };
        if offer.job == Job::Diagnose {
            page.head.push(blank());
        }
        if offer.job == Job::Resume {
            // A draft says more than fits beside its name.
            page.head.push(Row::item(here).fit(&offer.name, columns - 2, style).line());
            page.head.push(Row::default().to(4).fit(&offer.hint, columns - 2, DIM).line());
            page.head.push(blank());
            continue;
        }
        let hint = if matches!(offer.job, Job::System(_)) && offer.found { PLAIN } else { DIM };
        page.head.push(Row::item(here).cell(&offer.name, NAME, style).fit(&offer.hint, columns - 2, hint).line());
    }
    page.head.push(blank());
    page.body = found(app, columns);
    if area.height >= AIRY {
        page.foot = std::iter::once(blank()).chain(wrapped(about(app.job), columns, 2, DIM)).collect();
    }
    page::draw(&page, area, buffer)
}

/// What the system under the cursor is about; of a job its hint says enough.
fn about(job: Job) -> &'static str {
    match job {
        Job::System(name) => systems::find(name).map(|system| system.about()).unwrap_or_default(),
        Job::SetUp => ABOUT_QUILT,
        Job::Diagnose | Job::Validate | Job::Resume => "",
    }
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
