//! AWS profile and identity: which credentials, and who they are.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::movement;
use crate::judge::MIXED_ACCOUNTS;
use crate::model::facts::{SourceEntry, SsoToken};
use crate::model::{AwsError, Fact, Finding, Severity};
use crate::preselect;
use crate::tui::app::App;
use crate::tui::engine::Ask;
use crate::tui::keymap::Action;
use crate::tui::login;
use crate::tui::message::Effect;
use crate::tui::route::{Route, Walk};
use crate::tui::steps;
use crate::tui::theme::{BOLD, DIM, ERROR, Mark, PLAIN, WARNING};
use crate::tui::widgets::list::Item;
use crate::tui::widgets::page::{self, Page};
use crate::tui::widgets::row::{self, Row, blank, heading, sentence, wrapped};
use crate::values::text::width;
use crate::values::time;

/// The rows, and what the filter searches.
pub fn items(app: &App) -> Vec<Item> {
    let entries = app.facts.sources.shown().into_iter().flatten();
    entries.map(|entry| Item { id: entry.source.label(), shown: searched(entry) }).collect()
}

fn searched(entry: &SourceEntry) -> String {
    let account = entry.account.as_ref().map(|id| format!("{id} {}", id.grouped())).unwrap_or_default();
    let label = entry.source.label();
    let region = entry.region.as_deref().unwrap_or_default();
    let role = entry.role.as_deref().unwrap_or_default();
    format!("{label} {} {region} {account} {role}", entry.kind.words())
}

/// Where the cursor goes first: to what is chosen, or what every AWS tool would take.
pub fn preselected(app: &App) -> Option<String> {
    let entries = app.facts.sources.shown()?;
    let wanted = app.selection.source.clone().or_else(|| preselect::source(&app.facts))?;
    entries.iter().find(|entry| entry.source == wanted).map(|entry| entry.source.label())
}

/// The AWS profile under the cursor.
pub fn under_cursor(app: &App) -> Option<&SourceEntry> {
    let under = app.sources.under_cursor(&items(app))?;
    app.facts.sources.shown()?.iter().find(|entry| entry.source.label() == under)
}

/// The AWS profile that is chosen.
pub fn chosen(app: &App) -> Option<&SourceEntry> {
    let source = app.selection.source.as_ref()?;
    app.facts.sources.shown()?.iter().find(|entry| entry.source == *source)
}

/// Whether the cursor is on the AWS profile that is chosen, and whose identity is known or being asked for.
pub fn cursor_on_chosen(app: &App) -> bool {
    let asked = app.running.contains_key(&Ask::Identity) || app.facts.identity.shown().is_some();
    let chosen = app.selection.source.as_ref().map(|source| source.label());
    asked && chosen.is_some() && app.sources.under_cursor(&items(app)) == chosen
}

/// What a key does here.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    let items = items(app);
    if let Some(by) = movement(action) {
        app.sources.step(&items, by);
    } else if action == Action::Filter {
        app.sources.open_filter();
    } else if action == Action::Enter {
        if cursor_on_chosen(app) {
            return app.next();
        }
        match under_cursor(app).map(|entry| entry.source.clone()) {
            Some(source) => return app.choose_source(source),
            None if app.facts.sources.is_pending() => app.note = Some("the AWS files are still being read".into()),
            None if items.is_empty() => app.note = Some("there is no AWS profile to choose".into()),
            None => app.note = Some("move the cursor to an AWS profile first".into()),
        }
    }
    Vec::new()
}

/// Draws it.
pub fn draw(app: &App, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let items = items(app);
    let visible = app.sources.visible(&items);
    let entries: Vec<&SourceEntry> = app.facts.sources.shown().into_iter().flatten().collect();
    let widths = Widths::of(&entries);
    let wanted = widths.whole();
    let (columns, beside) = page::columns(area, wanted);
    let mut page = Page { head: sentence(&opening(app), usize::from(area.width)), wanted, ..Page::default() };
    let (filter, filter_cursor) = app.sources.filter_line(visible.len(), items.len(), columns);
    page.head.push(filter);
    for &index in &visible {
        if let Some(entry) = entries.get(index) {
            page.body.push(entry_row(app, entry, &widths, columns));
        }
    }
    page.focus = app.sources.position(&items, &visible);
    page.aside = aside(app, beside.unwrap_or(columns));
    let cursor = page::draw(&page, area, buffer);
    let line = u16::try_from(page.head.len().saturating_sub(1)).unwrap_or(0);
    filter_cursor.map(|column| Position::new(area.x + column, area.y + line)).or(cursor)
}

fn opening(app: &App) -> String {
    if let Some(mixed) = mixed(app) {
        return mixed.claim.clone();
    }
    if let Some(identity) = app.facts.identity.shown() {
        return format!("You are {} in account {}.", identity.arn.short(), identity.account.grouped());
    }
    match (&app.facts.sources, app.selection.source.is_some()) {
        _ if app.running.contains_key(&Ask::Identity) => "Asking AWS who this is.".into(),
        _ if problem(app).is_some() => {
            let name = app.selection.source.as_ref().map(|source| source.label()).unwrap_or_default();
            format!("AWS profile {name} leads to no identity.")
        }
        (Fact::Known(entries), _) if entries.is_empty() => "There are no AWS credentials on this machine.".into(),
        (_, true) => "This AWS profile was chosen; r asks who it is.".into(),
        _ => "Which AWS profile shall be used?".into(),
    }
}

struct Widths {
    name: usize,
    kind: usize,
    region: usize,
    account: usize,
}

impl Widths {
    fn of(entries: &[&SourceEntry]) -> Self {
        let longest = entries.iter().map(|e| width(&e.source.label())).max().unwrap_or(0);
        let kind = entries.iter().map(|e| width(e.kind.words())).max().unwrap_or(0) + 2;
        let region = entries.iter().filter_map(|e| e.region.as_deref()).map(width).max().unwrap_or(0) + 2;
        let account = if entries.iter().any(|e| e.account.is_some()) { 16 } else { 0 };
        Self { name: longest.clamp(10, 26), kind, region: region.max(3), account }
    }

    /// A whole row: the margin, the mark, the columns, and how long a login has ended.
    const fn whole(&self) -> usize {
        4 + self.name + 2 + self.kind + self.region + self.account + "expired 12 hours ago".len() + 2
    }
}

fn entry_row(app: &App, entry: &SourceEntry, widths: &Widths, columns: usize) -> Line<'static> {
    let label = entry.source.label();
    let here = app.sources.selected.as_deref() == Some(label.as_str());
    let chosen = app.selection.source.as_ref() == Some(&entry.source);
    let mut row = Row::item(here);
    row = match chosen {
        true => row.mark(steps::mark(app, Route::Source)),
        false => row.text("  "),
    };
    row = row.cell_middle(&label, widths.name, if here { BOLD } else { PLAIN }).text("  ");
    row = row.cell(entry.kind.words(), widths.kind, PLAIN).cell(
        entry.region.as_deref().unwrap_or("–"),
        widths.region,
        PLAIN,
    );
    row = row.cell(&entry.account.as_ref().map(|id| id.grouped()).unwrap_or_default(), widths.account, PLAIN);
    if let Some(fault) = &entry.fault {
        return row.fit(fault, columns - 2, WARNING).line();
    }
    if let Some((text, good)) = login(app, entry) {
        return row.fit(&text, columns - 2, if good { DIM } else { WARNING }).line();
    }
    let role = entry.role.as_deref().map(|role| role.rsplit('/').next().unwrap_or(role)).unwrap_or_default();
    row.fit_middle(role, columns - 2, DIM).line()
}

/// Whether an SSO login is still good, in words and as a yes or no; `None`: it is no SSO.
pub fn login(app: &App, entry: &SourceEntry) -> Option<(String, bool)> {
    Some(match entry.sso_token.as_ref()? {
        SsoToken::Live(_) => (entry.role.clone().unwrap_or_else(|| "logged in".into()), true),
        SsoToken::Expired(then) => (format!("expired {}", time::ago(*then, app.facts.observed_at)), false),
        SsoToken::Missing => ("not logged in".into(), false),
    })
}

/// The finding that these credentials are of another account than the rest: it comes before anything else, on every screen that asks.
pub fn mixed(app: &App) -> Option<&Finding> {
    app.judgement.findings.iter().find(|finding| finding.id == MIXED_ACCOUNTS)
}

/// Why the chosen credentials did not lead to an identity.
pub fn problem(app: &App) -> Option<&AwsError> {
    app.facts.credentials.error().or_else(|| app.facts.identity.error())
}

fn aside(app: &App, columns: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let fact = |name: &str, text: &str, style| row::fact(name, text, 20, columns, style);
    if let Some(finding) = mixed(app) {
        lines.extend(accounts(finding, columns));
    } else if let Some(error) = problem(app) {
        lines.extend(trouble(app, error, columns));
    } else {
        lines.push(heading("Identity"));
        let style = if app.facts.identity.is_pending() { DIM } else { PLAIN };
        match app.facts.identity.shown() {
            Some(identity) => {
                lines.extend(fact("ARN", &identity.arn.to_string(), style));
                lines.extend(fact("Account", &identity.account.grouped(), style));
            }
            None if app.running.contains_key(&Ask::Identity) => {
                lines.extend(fact("asking", "sts:GetCallerIdentity", DIM))
            }
            None => lines.extend(fact("not known", "Enter chooses and asks AWS", DIM)),
        }
    }
    if let Some(credentials) = app.facts.credentials.shown() {
        let kind = if credentials.prefix == "ASIA" { "temporary" } else { "long-term" };
        let region = match credentials.region_from.as_str() {
            "chosen" => format!("{}, as chosen", credentials.region),
            from => format!("{}, from {from}", credentials.region),
        };
        let ends = credentials.expires.map(|end| format!(", until {}", local(end))).unwrap_or_default();
        lines.extend(fact("Region", &region, PLAIN));
        lines.extend(fact("Credentials", &format!("{}…, {kind}{ends}", credentials.prefix), PLAIN));
    }
    if app.walk != Walk::System {
        lines.extend(fact("Config profile", &format!("{}; C changes it", app.selection.config_profile), PLAIN));
    }
    lines.extend(login_needed(app, columns));
    lines
}

/// The command that logs in, for the AWS profile under the cursor; a login that is made is noticed.
fn login_needed(app: &App, columns: usize) -> Vec<Line<'static>> {
    let entry = under_cursor(app).filter(|entry| login::needs_login(app, entry));
    // What was judged of the chosen one may show the command above already.
    let told = |entry: &SourceEntry| problem(app).is_some() && app.selection.source.as_ref() == Some(&entry.source);
    entry.map(|entry| logging_in(app, entry, !told(entry), columns)).unwrap_or_default()
}

/// The command that logs in, and that it is waited for.
pub fn how_to_log_in(app: &App, entry: &SourceEntry, columns: usize) -> Vec<Line<'static>> {
    logging_in(app, entry, true, columns)
}

fn logging_in(app: &App, entry: &SourceEntry, with_command: bool, columns: usize) -> Vec<Line<'static>> {
    let Some(command) = entry.login_command() else { return Vec::new() };
    let why = match &entry.sso_token {
        Some(SsoToken::Expired(then)) => format!("Login ended {}", time::ago(*then, app.facts.observed_at)),
        Some(SsoToken::Live(_)) => "Login no longer accepted".into(),
        _ => "Not logged in".into(),
    };
    let mut lines = vec![blank(), Row::new().mark(Mark::Doubt).put(&why, BOLD).line()];
    if with_command {
        lines.extend(wrapped(&command, columns, 4, PLAIN));
    }
    lines.extend(wrapped("In another terminal; rolecall notices it and goes on.", columns, 4, DIM));
    lines
}

/// Which account each part is of, and what to do.
fn accounts(finding: &Finding, columns: usize) -> Vec<Line<'static>> {
    let mut lines = vec![Row::new().mark(Mark::Fault).put("Accounts", BOLD).line()];
    lines.extend(finding.fixes.iter().flat_map(|fix| wrapped(&fix.what, columns, 4, PLAIN)));
    lines.push(blank());
    for (what, account) in finding.evidence.iter().filter_map(|place| place.rsplit_once(": account ")) {
        lines.push(Row::default().to(4).cell(account, 16, PLAIN).fit(what, columns - 2, DIM).line());
    }
    lines
}

/// What was judged of credentials that lead to no identity.
pub fn judged(app: &App) -> Option<&Finding> {
    let judged = |f: &&Finding| f.severity == Severity::Error && steps::step_of(f) == Route::Source;
    app.judgement.findings.iter().find(judged)
}

/// Why there is no identity: what was judged of it, else what was answered, and what to do.
fn trouble(app: &App, error: &AwsError, columns: usize) -> Vec<Line<'static>> {
    let mut lines = vec![Row::new().mark(Mark::Fault).put("Identity", BOLD).line()];
    let Some(finding) = judged(app) else {
        lines.extend(wrapped(&error.message, columns, 4, ERROR));
        lines.extend(wrapped("r asks again.", columns, 4, PLAIN));
        return lines;
    };
    lines.extend(wrapped(&finding.claim, columns, 4, ERROR));
    for fix in &finding.fixes {
        lines.extend(wrapped(&fix.what, columns, 4, PLAIN));
        lines.extend(fix.command.iter().flat_map(|command| wrapped(command, columns, 6, BOLD)));
    }
    lines.extend(finding.evidence.iter().take(3).flat_map(|line| wrapped(line, columns, 6, DIM)));
    lines
}

fn local(time: time::Timestamp) -> String {
    time.to_zoned(jiff::tz::TimeZone::system()).strftime("%H:%M:%S %:z").to_string()
}
