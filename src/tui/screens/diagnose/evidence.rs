//! The kinds of evidence, each apart: the live call, either side evaluated alone, IAM's simulator, the message; then experiments and probes.

use std::time::Duration;

use ratatui::style::Style;
use ratatui::text::Line;

use super::picture;
use super::subject::{Subject, of_answer};
use super::why::is_near;
use crate::model::facts::{Probe, ProbeKind, Simulation};
use crate::model::verdict::{Party, Side};
use crate::model::{AwsError, Fact, LiveCall};
use crate::policy::{Answer, Deciding, Effect, explain};
use crate::tui::theme::{DIM, Mark, PLAIN};
use crate::tui::widgets::row::{Row, wrapped_at};
use crate::values::lifetime::usable_life;
use crate::values::text::{capitalized, elide_end, safe};
use crate::values::time::{self, Timestamp};
use crate::wording::sides::on_trust_side;

/// Where what is said of a kind begins.
pub const COLUMN: usize = 16;
/// How long before its end a session's credentials are no longer used, in seconds: SDKs refresh that early.
const SPARE: i64 = 300;
/// Within so much time a record is taken to be that of a call.
const SAME: jiff::SignedDuration = jiff::SignedDuration::from_secs(1);

/// One piece of evidence: its kind, its mark, what it says.
pub fn entry(kind: &str, mark: Option<Mark>, text: &str, style: Style, columns: usize) -> Vec<Line<'static>> {
    let row = Row::default().to(4).cell(kind, COLUMN - 4, DIM);
    let row = match mark {
        Some(mark) => row.mark(mark),
        None => row,
    };
    wrapped_at(row, text, columns, style)
}

/// Everything the verdict rests on, as far as it has arrived.
pub fn lines(subject: &Subject<'_>, columns: usize) -> Vec<Line<'static>> {
    let mut lines = live(subject, columns);
    lines.extend(side(subject, true, columns));
    lines.extend(side(subject, false, columns));
    lines.extend(simulated(subject, columns));
    lines.extend(message(subject, columns));
    lines.extend(experiments(subject, columns));
    lines.extend(probes(subject, columns));
    lines
}

fn live(subject: &Subject<'_>, columns: usize) -> Vec<Line<'static>> {
    if subject.party == Party::Workload {
        let text = "not made: nobody can call as this principal from here";
        return entry("live", Some(Mark::Open), text, DIM, columns);
    }
    let fact = subject.hop_facts().map(|hop| &hop.live);
    let call = fact.and_then(Fact::shown).or_else(|| subject.verdict()?.live.as_ref());
    let style = if fact.is_some_and(Fact::is_pending) { DIM } else { PLAIN };
    let Some(call) = call else {
        let (mark, text) = match fact {
            Some(Fact::Pending(_)) => (Mark::Running, "calling sts:AssumeRole".to_owned()),
            Some(Fact::Denied { error, .. } | Fact::Failed(error)) => (Mark::Unknown, failure(error)),
            _ if subject.running => (Mark::Running, "not called yet".into()),
            _ if subject.hop > 0 => (Mark::Open, format!("not made: hop {} gave no session to call with", subject.hop)),
            _ => (Mark::Open, "not made".into()),
        };
        return entry("live", Some(mark), &text, DIM, columns);
    };
    let mut lines = entry("live", Some(mark_of(call)), &said(subject, call, columns), style, columns);
    if let Ok(expires) = call.outcome {
        lines.extend(entry("session", None, &usable(subject, expires), style, columns));
    }
    lines
}

/// A call that AWS refused for what is asked is a fault; one that failed otherwise tells nothing of the role.
fn mark_of(call: &LiveCall) -> Mark {
    match &call.outcome {
        Ok(_) => Mark::Good,
        Err(error) if error.kind == crate::model::ErrorKind::Cancelled => Mark::Open,
        Err(_) => Mark::Fault,
    }
}

/// What came of a call, when, how long it took, and under which name AWS keeps it.
fn said(subject: &Subject<'_>, call: &LiveCall, columns: usize) -> String {
    let outcome = match &call.outcome {
        Ok(_) => "AWS gave a session".to_owned(),
        Err(error) => error.code.clone().unwrap_or_else(|| failure(error)),
    };
    let request = match &call.outcome {
        Ok(_) => recorded(subject, call),
        Err(error) => error.request_id.as_deref(),
    };
    // Whole where there is room for it; it can be copied in any case.
    let shown = |id: &str| if columns < 100 { elide_end(&safe(id), 9) } else { id.to_owned() };
    let request = request.map(|id| format!(", request {}", shown(id))).unwrap_or_default();
    format!("{outcome} at {}, {}{request}", at(subject, call.at), time::short(call.took))
}

/// The request id of a call that gave a session: the record has it.
fn recorded<'a>(subject: &Subject<'a>, call: &LiveCall) -> Option<&'a str> {
    let granted = subject.facts.calls.iter().filter(|one| one.operation == "sts:AssumeRole" && one.status == Some(200));
    let nearest = granted.min_by_key(|one| one.started.duration_since(call.at).abs())?;
    (nearest.started.duration_since(call.at).abs() <= SAME).then_some(nearest.request_id.as_deref()).flatten()
}

fn failure(error: &AwsError) -> String {
    if error.message.is_empty() { error.code().to_owned() } else { error.message.clone() }
}

/// A point in time on the user's clock, with its offset.
fn at(subject: &Subject<'_>, when: Timestamp) -> String {
    when.to_zoned(subject.zone.clone()).strftime("%H:%M:%S %:z").to_string()
}

/// How long the credentials can be used: until five minutes before they end.
fn usable(subject: &Subject<'_>, expires: Timestamp) -> String {
    let left = Duration::try_from(expires.duration_since(subject.facts.observed_at)).unwrap_or_default();
    let minutes = (usable_life(left, Duration::MAX).as_secs_f64() / 60.0).round();
    let last = expires.checked_sub(jiff::SignedDuration::from_secs(SPARE)).unwrap_or(expires);
    format!(
        "usable for {minutes:.0} min, until {}; it ends at {}",
        last.to_zoned(subject.zone.clone()).strftime("%H:%M"),
        expires.to_zoned(subject.zone.clone()).strftime("%H:%M")
    )
}

/// One side evaluated alone, or why it could not be.
fn side(subject: &Subject<'_>, trust: bool, columns: usize) -> Vec<Line<'static>> {
    let kind = if trust { "trust" } else { "caller" };
    let alone: Option<&Side> = subject.verdict().and_then(|verdict| {
        let evidence = &verdict.evidence;
        if trust { evidence.trust.as_ref() } else { evidence.caller.as_ref() }
    });
    if let Some(side) = alone {
        return entry(kind, Some(of_answer(side.verdict)), &reason(subject, side, trust), PLAIN, columns);
    }
    let missing = if trust {
        subject.hop_facts().map(|hop| lacking(&hop.detail, "iam:GetRole"))
    } else {
        subject.caller_facts().map(|caller| lacking(&caller.policies, "its policies"))
    };
    let (mark, text) = match missing {
        Some(told) => told,
        None if subject.running => (Mark::Running, "asking".to_owned()),
        None => (Mark::Open, "not looked up".to_owned()),
    };
    entry(kind, Some(mark), &text, DIM, columns)
}

/// Why a side alone says what it says. Its own summary speaks of the other side as well, which was taken to be open.
fn reason(subject: &Subject<'_>, side: &Side, trust: bool) -> String {
    let of_side = |one: &&Deciding| on_trust_side(one.layer) == trust;
    let decided = subject.evaluated().into_iter().flat_map(|decision| &decision.deciding).filter(of_side);
    let mut allowing = decided.filter(|one| one.failed.is_empty() && one.effect == Effect::Allow);
    match (side.verdict, allowing.next()) {
        (Answer::Allow, Some(one)) => {
            let name = one.name.as_deref().map(|name| format!(" of {name}")).unwrap_or_default();
            let sid =
                one.sid.as_deref().filter(|sid| !sid.is_empty()).map(|sid| format!(" ({sid})")).unwrap_or_default();
            format!("allowed by statement {}{sid}{name}", one.statement + 1)
        }
        (Answer::Allow, None) => "nothing on this side refuses".into(),
        // The element itself stands above, with what it wants and what it got.
        (Answer::Deny, _) => nearest(subject, trust).unwrap_or_else(|| side.summary.clone()),
        (Answer::Unknown, _) => side.summary.clone(),
    }
}

/// How near the nearest statement of a side came.
fn nearest(subject: &Subject<'_>, trust: bool) -> Option<String> {
    let decision = subject.evaluated()?;
    let of_side = |one: &&Deciding| on_trust_side(one.layer) == trust && is_near(decision, one);
    let one = decision.deciding.iter().find(of_side).filter(|one| !one.failed.is_empty())?;
    let count = match one.failed.len() {
        1 => "but for one thing".to_owned(),
        many => format!("but for {many} things"),
    };
    Some(format!("{} comes nearest, {count}", capitalized(&explain::place(one))))
}

fn lacking<T>(fact: &Fact<T>, what: &str) -> (Mark, String) {
    match fact {
        Fact::Pending(_) => (Mark::Running, "asking".into()),
        Fact::Known(_) => (Mark::Open, "read; judged once the rest has arrived".into()),
        Fact::Absent => (Mark::Fault, "AWS knows nothing of that name".into()),
        Fact::Denied { action, .. } => (Mark::Unknown, format!("not read: {action} is missing")),
        Fact::Failed(error) => (Mark::Unknown, format!("not read: {}", failure(error))),
        Fact::NotAsked => (Mark::Open, format!("not read: nobody asked for {what}")),
    }
}

fn simulated(subject: &Subject<'_>, columns: usize) -> Vec<Line<'static>> {
    let of_verdict = subject.verdict().map(|verdict| &verdict.evidence.simulated);
    let of_hop = || subject.hop_facts().and_then(|hop| hop.simulated.get(&subject.party));
    let Some(fact) = of_verdict.filter(|fact| **fact != Fact::NotAsked).or_else(of_hop) else { return Vec::new() };
    let (mark, text) = match fact {
        Fact::NotAsked | Fact::Absent => return Vec::new(),
        Fact::Pending(_) => (Mark::Running, "asking IAM's simulator".to_owned()),
        Fact::Known(simulation) => (of_simulation(simulation), told(simulation)),
        Fact::Denied { action, .. } => (Mark::Open, format!("IAM's simulator was not asked: {action} is missing")),
        Fact::Failed(error) => (Mark::Open, format!("IAM's simulator gave no answer: {}", failure(error))),
    };
    entry("simulated", Some(mark), &text, if mark == Mark::Open { DIM } else { PLAIN }, columns)
}

fn of_simulation(simulation: &Simulation) -> Mark {
    if simulation.allows() { Mark::Good } else { Mark::Fault }
}

/// What the simulator says, of the caller's side alone.
fn told(simulation: &Simulation) -> String {
    let mut text = match simulation.decision.as_str() {
        "allowed" => "IAM's simulator allows the caller's side".to_owned(),
        "explicitDeny" => "IAM's simulator: an explicit deny on the caller's side".into(),
        "implicitDeny" => "IAM's simulator: nothing on the caller's side allows it".into(),
        other => format!("IAM's simulator: {other}"),
    };
    if simulation.action != "sts:AssumeRole" {
        text.push_str(&format!(" ({})", simulation.action));
    }
    if simulation.allowed_by_boundary == Some(false) {
        text.push_str("; the boundary refuses");
    }
    if simulation.allowed_by_organizations == Some(false) {
        text.push_str("; an SCP refuses");
    }
    let denying = simulation.matched.iter().filter(|(_, effect)| *effect == Effect::Deny);
    let names: Vec<&str> = denying.map(|(name, _)| name.as_str()).collect();
    // What an SCP denies, none of the principal's own policies does.
    if !names.is_empty() && simulation.allowed_by_organizations != Some(false) {
        text.push_str(&format!("; denied by {}", names.join(", ")));
    }
    if !simulation.missing_context.is_empty() {
        text.push_str(&format!("; not given: {}", simulation.missing_context.join(", ")));
    }
    text
}

fn message(subject: &Subject<'_>, columns: usize) -> Vec<Line<'static>> {
    let told = subject.verdict().and_then(|verdict| verdict.evidence.told.as_ref());
    // A message that names neither side nor cause says no more than that it was refused.
    if let Some(told) = told.filter(|told| told.pasted || told.layer.is_some() || told.cause.is_some()) {
        let kind = if told.pasted { "pasted" } else { "message" };
        return entry(kind, None, &told.summary, PLAIN, columns);
    }
    let refused = subject.verdict().and_then(|verdict| verdict.live.as_ref()).is_some_and(|live| live.outcome.is_err());
    if refused { entry("message", None, "names no side", DIM, columns) } else { Vec::new() }
}

fn experiments(subject: &Subject<'_>, columns: usize) -> Vec<Line<'static>> {
    if subject.party == Party::Workload {
        return Vec::new();
    }
    let all = subject.hop_facts().map(|hop| hop.experiments.as_slice()).unwrap_or_default();
    let mut lines = Vec::new();
    for (index, one) in all.iter().enumerate() {
        let outcome = match &one.call.outcome {
            Ok(_) => "AWS gave a session".to_owned(),
            Err(error) => error.code.clone().unwrap_or_else(|| failure(error)),
        };
        let label = if index == 0 { "also tried" } else { "" };
        let text = format!("{}: {outcome}", one.kind.words());
        lines.extend(entry(label, Some(mark_of(&one.call)), &text, PLAIN, columns));
        lines.extend(wrapped_at(Row::default().to(COLUMN + 2), &one.reason, columns, DIM));
    }
    lines
}

/// What was tried with the session; only at the path's end.
fn probes(subject: &Subject<'_>, columns: usize) -> Vec<Line<'static>> {
    let at_end = subject.hop + 1 == subject.inquiry.hops.len();
    let all = subject.hop_facts().filter(|_| at_end && subject.party == Party::Operator);
    let all = all.map(|hop| hop.probes.as_slice()).unwrap_or_default();
    let mut lines = Vec::new();
    for (index, probe) in all.iter().enumerate() {
        let label = if index == 0 { "probes" } else { "" };
        lines.extend(entry(
            label,
            Some(picture::of_probes(std::slice::from_ref(probe))),
            &tried(probe),
            PLAIN,
            columns,
        ));
    }
    lines
}

fn tried(probe: &Probe) -> String {
    let what = [probe.action.as_str(), probe.resource.as_str()];
    let what = what.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let outcome = match &probe.outcome {
        Ok(done) if done.is_empty() => "done".to_owned(),
        Ok(done) => done.clone(),
        Err(error) => error.code.clone().unwrap_or_else(|| failure(error)),
    };
    match probe.how {
        ProbeKind::Live => format!("{what}: {outcome}, {}", time::short(probe.took)),
        ProbeKind::Simulated => format!("{what}: {outcome}; simulated, identity side only, nothing was written"),
    }
}
