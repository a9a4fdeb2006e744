//! The roles: who may assume them, and which side of the path fails.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::if_nobody;
use super::movement;
use super::reasons;
use super::source;
use super::{cure, elements};
use crate::model::facts::RoleFacts;
use crate::model::finding::Fix;
use crate::model::selection::RoleKind;
use crate::model::verdict::Party;
use crate::model::{Fact, Finding, LiveCall, Severity, Verdict};
use crate::policy::{Answer, Decision, Leaning};
use crate::tui::app::App;
use crate::tui::engine::Ask;
use crate::tui::keymap::Action;
use crate::tui::message::Effect;
use crate::tui::theme::{BOLD, DIM, Mark, PLAIN};
use crate::tui::widgets::page::{self, Page};
use crate::tui::widgets::path::{self, INDENT, Path};
use crate::tui::widgets::row::{self, Row, blank, heading, sentence, wrapped};
use crate::values::PrincipalArn;
use crate::values::text::{elide_end, safe, width};
use crate::values::time;

/// What is said when evidence contradicts itself.
pub const DISAGREE: &str =
    "the live call and the policies that were read disagree: an SCP, an RCP or a change of the last minute";

/// What the screen keeps.
pub struct State {
    /// The role under the cursor.
    pub selected: RoleKind,
    /// Whether the evidence is shown.
    pub unfolded: bool,
    /// Lines scrolled by.
    pub scroll: usize,
}

impl Default for State {
    fn default() -> Self {
        Self { selected: RoleKind::Read, unfolded: false, scroll: 0 }
    }
}

/// What a key does here.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    match action {
        Action::Enter => return app.next(),
        Action::Unfold => app.roles.unfolded = !app.roles.unfolded,
        Action::PageUp => app.roles.scroll = app.roles.scroll.saturating_sub(8),
        Action::PageDown => app.roles.scroll = app.roles.scroll.saturating_add(8).min(200),
        _ => {
            if let Some(by) = movement(action) {
                app.roles.selected = if by < 0 { RoleKind::Read } else { RoleKind::Write };
                app.roles.scroll = 0;
            }
        }
    }
    Vec::new()
}

/// Draws it.
pub fn draw(app: &App, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let columns = usize::from(area.width);
    let mut page = Page { head: sentence(&summary(app), columns), scroll: app.roles.scroll, ..Page::default() };
    page.head.push(blank());
    for kind in RoleKind::BOTH {
        page.head.push(role_row(app, kind, columns));
    }
    page.head.push(blank());
    page.body = detail(app, app.roles.selected, columns);
    page.scroll = page.scroll.min(page::furthest(&page, area));
    if page::furthest(&page, area) > page.scroll {
        page.foot = vec![Row::new().put("PgDn shows more", DIM).line()];
    }
    page::draw(&page, area, buffer)
}

/// The verdict of a party on a role.
pub fn verdict(app: &App, party: Party, kind: RoleKind) -> Option<&Verdict> {
    let arn = app.facts.role(kind)?.found.shown()?.arn.to_string();
    app.judgement.verdicts.iter().find(|verdict| verdict.party == party && verdict.role_arn == arn)
}

/// What the policies say of the webhook's task role on a role.
pub fn workload(app: &App, kind: RoleKind) -> Option<&Decision> {
    verdict(app, Party::Workload, kind)?.evaluated.as_ref()
}

/// The screen's sentence, which the review repeats when it is bad news.
pub fn summary(app: &App) -> String {
    let stack = app.facts.stack.shown().map(|stack| stack.arn.name().to_owned());
    let Some(stack) = stack.or_else(|| app.selection.stack.clone()) else {
        return "No stack was chosen: there are no roles to look at.".into();
    };
    let asking =
        |kind| app.facts.role(kind).is_some_and(|role| role.found.is_pending() && role.found.shown().is_none());
    let asked = app.judgement.verdicts.is_empty() || RoleKind::BOTH.into_iter().any(asking);
    if app.running.contains_key(&Ask::Stack) && asked {
        return format!("Reading {stack}, its roles and who may assume them.");
    }
    if let Some(mixed) = source::mixed(app) {
        return mixed.claim.clone();
    }
    if app.facts.stack == Fact::NotAsked {
        return format!("{stack} was not looked up, nor its roles{}.", if_nobody(app));
    }
    if let Fact::Denied { action, .. } = &app.facts.stack {
        return format!("{stack} is not readable: {action} is missing.");
    }
    if let Some(error) = app.facts.stack.error() {
        return format!("{stack} could not be read: {}", elide_end(&safe(&error.message), 200));
    }
    if app.facts.stack == Fact::Absent {
        return format!("There is no stack {stack} in this region.");
    }
    let found: Vec<RoleKind> = RoleKind::BOTH.into_iter().filter(|kind| arn_of(app, *kind).is_some()).collect();
    match found.as_slice() {
        [] => {
            return format!("{stack} tells of neither role; their ARNs can be typed, and the webhook can do without.");
        }
        [one] => return format!("{stack} tells of the {} role only.", one.word()),
        _ => {}
    }
    if app.facts.workload.arn == Fact::Absent {
        return "The webhook is not deployed yet: whether it may assume the roles shows after that.".into();
    }
    let answers: Vec<Option<Answer>> = found.iter().map(|kind| workload(app, *kind).map(|d| d.verdict)).collect();
    if found.iter().all(|kind| is_likely(app, *kind)) && answers.contains(&Some(Answer::Unknown)) {
        return format!("Everything readable lets the webhook assume both roles of {stack}.");
    }
    match answers.as_slice() {
        [Some(Answer::Allow), Some(Answer::Allow)] => format!("The webhook can assume both roles of {stack}."),
        [Some(Answer::Deny), Some(Answer::Deny)] => {
            format!("The webhook can assume neither of the two roles of {stack}.")
        }
        [Some(Answer::Deny), _] => format!("The webhook cannot assume the read role of {stack}."),
        [_, Some(Answer::Deny)] => format!("The webhook cannot assume the write role of {stack}."),
        _ => format!("It is not certain whether the webhook can assume the roles of {stack}."),
    }
}

/// Whether the webhook is allowed, or everything that could be read allows.
pub fn is_likely(app: &App, kind: RoleKind) -> bool {
    let allows = |d: &Decision| d.verdict == Answer::Allow || d.leaning == Some(Leaning::Allow);
    workload(app, kind).is_some_and(allows)
}

fn arn_of(app: &App, kind: RoleKind) -> Option<String> {
    app.facts.role(kind)?.found.shown().map(|found| found.arn.to_string())
}

/// The mark of a role and the same in a word.
pub fn standing(app: &App, kind: RoleKind) -> (Mark, &'static str) {
    let facts = app.facts.role(kind);
    match facts.map(|role| &role.found) {
        None | Some(Fact::NotAsked) => return (Mark::Open, "not asked"),
        Some(Fact::Pending(None)) => return (Mark::Running, "asking"),
        Some(Fact::Absent) => return (Mark::Doubt, "not found"),
        Some(Fact::Denied { .. } | Fact::Failed(_)) => return (Mark::Unknown, "not readable"),
        Some(Fact::Known(_) | Fact::Pending(Some(_))) => {}
    }
    match workload(app, kind).map(|decision| (decision.verdict, decision.leaning)) {
        Some((Answer::Allow, _)) => (Mark::Good, "allowed"),
        Some((Answer::Deny, _)) => (Mark::Fault, "denied"),
        Some((Answer::Unknown, Some(Leaning::Allow))) => (Mark::Unknown, "likely"),
        Some((Answer::Unknown, Some(Leaning::Deny))) => (Mark::Unknown, "unlikely"),
        _ => (Mark::Unknown, "unknown"),
    }
}

fn role_row(app: &App, kind: RoleKind, columns: usize) -> Line<'static> {
    let here = app.roles.selected == kind;
    let (mark, word) = standing(app, kind);
    let row = Row::item(here).mark(mark).cell(kind.word(), 7, if here { BOLD } else { PLAIN });
    let facts = app.facts.role(kind);
    let word_columns = RoleKind::BOTH.into_iter().map(|kind| width(standing(app, kind).1)).max().unwrap_or(0) + 2;
    let names = RoleKind::BOTH.into_iter().filter_map(|kind| app.facts.role(kind)?.found.shown());
    let name_columns = names.map(|found| width(found.arn.name())).max().unwrap_or(20).min(columns / 2 - 11);
    let Some(found) = facts.and_then(|role| role.found.shown()) else {
        return row.cell(word, word_columns, PLAIN).fit(&missing(facts, kind), columns - 2, DIM).line();
    };
    let source = found.source.words();
    let source = source.strip_prefix("stack ").unwrap_or(&source);
    let source = if found.composed { format!("{source}, path not known") } else { source.to_owned() };
    let style = if app.running.contains_key(&Ask::Stack) { DIM } else { PLAIN };
    row.cell_middle(found.arn.name(), name_columns, style)
        .text("  ")
        .cell(word, word_columns, style)
        .fit(&source, columns - 2, DIM)
        .line()
}

/// Why nothing is known of a role.
pub fn missing(facts: Option<&RoleFacts>, kind: RoleKind) -> String {
    if let Some(wrong) = facts.and_then(|role| role.wrong_type.as_deref()) {
        return format!("{} is a {wrong}, no role", kind.logical_id());
    }
    match facts.map(|role| &role.found) {
        Some(Fact::Denied { action, .. }) => format!("{action} is missing; its ARN can be typed"),
        Some(Fact::Failed(error)) => error.message.clone(),
        Some(Fact::Absent) => format!("no resource, parameter or output {}", kind.logical_id()),
        _ => String::new(),
    }
}

fn detail(app: &App, kind: RoleKind, columns: usize) -> Vec<Line<'static>> {
    let Some(found) = app.facts.role(kind).and_then(|role| role.found.shown()) else {
        let missing = app.judgement.findings.iter().filter(|finding| finding.subject == kind.logical_id());
        return missing.flat_map(|finding| cure_of(finding, columns)).collect();
    };
    let role = found.arn.name();
    let mut lines = of_workload(app, kind, role, columns);
    lines.extend(of_operator(app, kind, role, columns));
    if app.roles.unfolded {
        lines.push(blank());
        lines.push(heading("Evidence"));
        lines.extend(evidence(app, kind, columns));
    } else {
        lines.extend(match verdict(app, Party::Workload, kind) {
            Some(Verdict { cure: Some(cure), decision, principal, .. }) => {
                cure::lines(cure, decision, principal.as_deref().unwrap_or_default(), role, columns)
            }
            _ => advice(app, role, columns),
        });
        lines.extend(open_questions(app, role, columns));
        lines.extend(awaited(app, role, columns));
    }
    lines
}

fn of_workload(app: &App, kind: RoleKind, role: &str, columns: usize) -> Vec<Line<'static>> {
    let principal = app.facts.workload.arn.shown().map(PrincipalArn::short);
    let principal = principal.unwrap_or_else(|| nobody(app));
    let decision = workload(app, kind);
    let sides = decision.map(path::sides);
    let mut lines =
        vec![path::line(&Path { who: "webhook", principal: &principal, sides, role, alarming: true }, columns)];
    if let (Some(decision), Some(sides)) = (decision, sides) {
        lines.push(side("trust", sides.trust, &reasons::of_side(decision, true), columns));
        lines.push(side("caller", sides.caller, &reasons::of_side(decision, false), columns));
        let unread: Vec<&str> = decision.unknowns.iter().map(|unknown| unknown.what.as_str()).collect();
        if decision.verdict == Answer::Unknown && !unread.is_empty() {
            let text = format!("not read: {}", unread.join(", "));
            lines.push(Row::default().to(INDENT + 11).fit(&text, columns - 2, DIM).line());
        }
    }
    lines
}

/// Why the webhook's task role is not known.
pub fn nobody(app: &App) -> String {
    match &app.facts.workload.arn {
        Fact::Absent if source::mixed(app).is_some() => "not known: in another account".into(),
        Fact::Absent if app.facts.webhook.known().is_some() => "not known: no task role in its stack".into(),
        Fact::Absent => "not deployed yet".into(),
        Fact::Denied { action, .. } => format!("not known: {action} is missing"),
        Fact::Failed(_) => "not known: the look-up failed".into(),
        Fact::Pending(_) => "asking".into(),
        Fact::NotAsked | Fact::Known(_) => "not known; its ARN can be typed".into(),
    }
}

fn of_operator(app: &App, kind: RoleKind, role: &str, columns: usize) -> Vec<Line<'static>> {
    let Some(principal) = app.facts.identity.shown().map(|identity| identity.arn.short()) else { return Vec::new() };
    let verdict = verdict(app, Party::Operator, kind);
    let evaluated = verdict.and_then(|verdict| verdict.evaluated.as_ref());
    let sides = evaluated.map(path::sides);
    let mut lines =
        vec![path::line(&Path { who: "you", principal: &principal, sides, role, alarming: false }, columns)];
    if let Some(live) = app.facts.role(kind).and_then(|role| role.live.shown()) {
        lines.push(live_line(live, columns));
        if live.outcome.is_err() {
            lines.push(Row::default().to(INDENT + 11).put("as it should be: production trusts no person", DIM).line());
        }
    } else if app.facts.role(kind).is_some_and(|role| role.live.is_pending()) {
        lines.push(Row::default().to(INDENT + 2).cell("live", 9, DIM).put("asking sts:AssumeRole", DIM).line());
    }
    if verdict.is_some_and(|verdict| verdict.disagreement) {
        lines.extend(wrapped(DISAGREE, columns, INDENT + 2, PLAIN));
    }
    lines
}

fn live_line(live: &LiveCall, columns: usize) -> Line<'static> {
    let row = Row::default().to(INDENT + 2).cell("live", 9, DIM);
    let took = time::short(live.took);
    match &live.outcome {
        Ok(_) => row.mark(Mark::Good).fit(
            &format!("assumed, {took}; you only, this says nothing of the webhook"),
            columns - 2,
            PLAIN,
        ),
        Err(error) => row.put("✗ ", PLAIN).fit(
            &format!("{}, {took}", error.code.as_deref().unwrap_or("failed")),
            columns - 2,
            PLAIN,
        ),
    }
    .line()
}

fn side(name: &str, mark: Mark, text: &str, columns: usize) -> Line<'static> {
    let row = Row::default().to(INDENT + 2).cell(name, 9, DIM);
    // The edge above is red already: one red thing per cause.
    let row = if mark == Mark::Fault { row.text("✗ ") } else { row.mark(mark) };
    row.fit(text, columns - 2, if mark == Mark::Good { DIM } else { PLAIN }).line()
}

/// What cures a role: the fixes of its findings, each once.
pub fn fixes<'a>(app: &'a App, role: &str) -> Vec<&'a Fix> {
    let bad = |severity| matches!(severity, Severity::Error | Severity::Warning);
    let about = app.judgement.findings.iter().filter(|f| bad(f.severity) && f.subject.contains(role));
    let mut fixes: Vec<&Fix> = Vec::new();
    for fix in about.flat_map(|finding| &finding.fixes) {
        if !fixes.contains(&fix) {
            fixes.push(fix);
        }
    }
    fixes
}

/// What cures it where nothing denies for certain.
fn advice(app: &App, role: &str, columns: usize) -> Vec<Line<'static>> {
    let fixes = fixes(app, role);
    if fixes.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![blank(), heading("To cure it")];
    for (index, fix) in fixes.iter().enumerate() {
        let mut what = wrapped(&fix.what, columns, 6, PLAIN);
        if let Some(first) = what.first_mut() {
            let text: String = first.spans.iter().map(|span| span.content.as_ref()).collect();
            *first = Row::default().to(4).put(&format!("{} ", index + 1), DIM).put(text.trim(), PLAIN).line();
        }
        lines.extend(what);
        lines.extend(fix.command.iter().flat_map(|command| wrapped(command, columns, 8, DIM)));
    }
    lines
}

/// What can only be done once the webhook is deployed.
fn awaited(app: &App, role: &str, columns: usize) -> Vec<Line<'static>> {
    let waits = |f: &&Finding| f.id == "trust/after-deployment" && f.severity != Severity::Ok && f.subject == role;
    let Some(finding) = app.judgement.findings.iter().find(waits) else { return Vec::new() };
    let mut lines = vec![blank(), heading("After the deployment")];
    lines.extend(told(finding, columns));
    lines
}

/// A finding whole: what is so, what to do, what it rests on.
fn told(finding: &Finding, columns: usize) -> Vec<Line<'static>> {
    let mut lines = wrapped(&finding.claim, columns, 4, PLAIN);
    lines.extend(cure_of(finding, columns));
    lines
}

/// What to do, and what the finding rests on.
fn cure_of(finding: &Finding, columns: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for fix in &finding.fixes {
        lines.extend(wrapped(&fix.what, columns, 4, PLAIN));
        lines.extend(fix.command.iter().flat_map(|command| wrapped(command, columns, 8, DIM)));
    }
    lines.extend(finding.evidence.iter().flat_map(|line| wrapped(line, columns, 4, DIM)));
    lines
}

/// What could not be read of a role, and who can read it.
fn open_questions(app: &App, role: &str, columns: usize) -> Vec<Line<'static>> {
    let open = app.judgement.findings.iter().filter(|f| f.unknown && f.subject == role);
    let mut fixes: Vec<&str> = Vec::new();
    for fix in open.flat_map(|finding| &finding.fixes) {
        if !fixes.contains(&fix.what.as_str()) {
            fixes.push(&fix.what);
        }
    }
    if fixes.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![blank(), heading("To find out")];
    lines.extend(fixes.into_iter().flat_map(|what| wrapped(what, columns, 4, PLAIN)));
    lines
}

fn evidence(app: &App, kind: RoleKind, columns: usize) -> Vec<Line<'static>> {
    let fact =
        |name: &str, text: &str| Row::default().to(4).cell(name, 14, DIM).fit_middle(text, columns - 2, PLAIN).line();
    let mut lines = Vec::new();
    let Some(role) = app.facts.role(kind) else { return lines };
    let found_arn = role.found.shown().map(|found| found.arn.to_string());
    for verdict in app.judgement.verdicts.iter().filter(|verdict| Some(&verdict.role_arn) == found_arn.as_ref()) {
        let whose = if verdict.party == Party::Workload { "webhook" } else { "you" };
        lines.extend(elements::lines(whose, verdict.evaluated.as_ref().unwrap_or(&verdict.decision), columns));
    }
    lines.extend(role.found.shown().map(|found| fact("role", &found.arn.to_string())));
    lines.extend(app.facts.workload.arn.shown().map(|arn| fact("webhook", &arn.to_string())));
    if !app.facts.workload.source.is_empty() {
        lines.push(fact("", &app.facts.workload.source));
    }
    let external = app.selection.external_id.as_deref().unwrap_or("none sent");
    lines.push(fact("external ID", external));
    if let Some(live) = role.live.shown() {
        lines.push(fact("session name", &live.session_name));
        if let Err(error) = &live.outcome {
            lines.extend(error.request_id.as_ref().map(|id| fact("request", id)));
            lines.extend(row::fact("message", &error.message, 18, columns, PLAIN));
        }
    }
    for unknown in workload(app, kind).into_iter().flat_map(|decision| &decision.unknowns) {
        lines.push(fact("not read", &format!("{}: needs {}", unknown.what, unknown.needs)));
    }
    let name = role.found.shown().map(|found| found.arn.name().to_owned()).unwrap_or_default();
    for finding in app.judgement.findings.iter().filter(|f| f.subject.contains(&name) && f.severity != Severity::Ok) {
        lines.push(Row::default().to(4).mark(Mark::from(finding.severity)).fit(&finding.id, columns - 2, DIM).line());
        lines.extend(wrapped(&finding.claim, columns, 6, PLAIN));
        lines.extend(finding.evidence.iter().flat_map(|line| wrapped(line, columns, 8, DIM)));
    }
    lines
}
