//! Why: the verdict in a sentence, the element that fails, how sure that is, and everything it rests on.

use ratatui::text::Line;

use super::evidence::{self, entry};
use super::subject::{Subject, is_refused, word};
use crate::model::finding::Fix;
use crate::model::verdict::Party;
use crate::model::{Finding, Severity, Verdict};
use crate::policy::{Answer, Deciding, Decision, Failed, Leaning, explain, settled_by_error};
use crate::tui::screens::roles::DISAGREE;
use crate::tui::theme::{BOLD, DIM, Mark, PLAIN};
use crate::tui::widgets::row::{Row, blank, heading, sentence, wrapped, wrapped_at};
use crate::values::text::{capitalized, elide_end, elide_middle, safe, width};

/// The most values of one element that are listed here; the panes Trust and Caller have them all.
const LISTED: usize = 3;

/// The pane: what stays on top, what scrolls, what stays below.
pub fn lines(subject: &Subject<'_>, columns: usize) -> [Vec<Line<'static>>; 3] {
    let Some(verdict) = subject.verdict() else {
        let mut body = evidence::lines(subject, columns);
        body.extend(findings(subject, columns));
        return [sentence(&opening(subject), columns), body, Vec::new()];
    };
    let decision = &verdict.decision;
    // AWS refused it: "not decided" would be beside the point, for only the reason is not known.
    let head = match decision.verdict {
        Answer::Unknown if is_refused(verdict) => decision.summary.clone(),
        _ => format!("{}. {}", word(decision), decision.summary),
    };
    let head = sentence(&head, columns);
    let mut body = failing(subject.evaluated().unwrap_or(decision), columns);
    let row = Row::new().cell("How sure", evidence::COLUMN - 2, BOLD);
    let row = if is_puzzling(verdict) { row.mark(Mark::Doubt) } else { row };
    body.extend(wrapped_at(row, &sure(verdict), columns, PLAIN));
    body.extend(evidence::lines(subject, columns));
    body.extend(unread(decision, columns));
    body.extend(next(verdict, columns));
    body.extend(findings(subject, columns));
    [head, body, cure(subject, verdict, columns)]
}

/// What is said before there is a verdict.
fn opening(subject: &Subject<'_>) -> String {
    let role = subject.role();
    if subject.running {
        return format!("Looking up {role}, and who may assume it.");
    }
    if let Some(error) = subject.facts.credentials.error().or_else(|| subject.facts.identity.error()) {
        return format!("The credentials do not work: {}", error.message);
    }
    format!("Whether {role} can be assumed was not looked up; r does that.")
}

/// How certain the verdict is.
fn sure(verdict: &Verdict) -> String {
    let evaluated = verdict.evaluated.as_ref().map(|decision| decision.verdict);
    let answered = verdict.live.as_ref().and_then(|live| match &live.outcome {
        Ok(_) => Some(Answer::Allow),
        Err(error) => (error.kind == crate::model::ErrorKind::Denied).then_some(Answer::Deny),
    });
    if is_puzzling(verdict) {
        return DISAGREE.into();
    }
    if verdict.disagreement {
        return "certain: AWS says so itself; what was read does not show it".into();
    }
    if names_the_cause(verdict) {
        return match evaluated {
            Some(Answer::Deny) => "certain: AWS names the cause itself, and what was evaluated agrees".into(),
            _ => "certain: AWS names the cause itself".into(),
        };
    }
    match (answered, evaluated, verdict.decision.verdict) {
        (Some(live), Some(evaluated), _) if live == evaluated => {
            "certain: the live call and the evaluated policies agree".into()
        }
        (Some(_), ..) => "certain: AWS answered; not every policy could be read".into(),
        (None, _, Answer::Unknown) => match verdict.decision.leaning {
            Some(Leaning::Allow) => "not decided: everything readable allows, the rest could refuse".into(),
            Some(Leaning::Deny) => "not decided: what is readable speaks against it".into(),
            _ => "not decided: too little is readable".into(),
        },
        (None, Some(_), _) if verdict.party == Party::Workload => {
            "evaluated only: nobody can call as this principal from here".into()
        }
        (None, Some(_), _) => "evaluated only: no live call tells".into(),
        (None, None, _) => "certain: AWS said so before any policy counted".into(),
    }
}

/// Whether AWS's answer to the live call says what it is refused for, so that no policy could say otherwise.
fn names_the_cause(verdict: &Verdict) -> bool {
    let error = verdict.live.as_ref().and_then(|live| live.outcome.as_ref().err());
    let settled = error.and_then(|error| settled_by_error(error.code(), &error.message));
    settled.is_some_and(|settled| settled.cause == verdict.decision.cause)
}

/// Live and evaluated contradict each other, and AWS does not say why.
fn is_puzzling(verdict: &Verdict) -> bool {
    let told = verdict.evidence.told.as_ref().is_some_and(|told| told.layer.is_some());
    verdict.disagreement && !(told && verdict.decision.verdict == Answer::Deny)
}

/// The statements that came nearest, with what they want and what they got.
pub fn failing(decision: &Decision, columns: usize) -> Vec<Line<'static>> {
    let refuses = |one: &&Deciding| !one.failed.is_empty() && is_near(decision, one);
    let mut lines = Vec::new();
    for one in decision.deciding.iter().filter(refuses) {
        let rest = if one.failed.len() == 1 { "one thing" } else { "these" };
        let text = format!("{} would allow {}, but for {rest}:", capitalized(&explain::place(one)), one.action);
        lines.extend(wrapped(&text, columns, 4, PLAIN));
        let name_columns = one.failed.iter().map(|failed| width(&name(failed))).max().unwrap_or(0);
        for failed in &one.failed {
            lines.extend(element(failed, name_columns, columns));
        }
        lines.push(blank());
    }
    lines
}

/// Whether what a statement fails on is why its layer refuses. Where no statement is about assuming roles at all, none is near.
pub fn is_near(decision: &Decision, one: &Deciding) -> bool {
    decision.causes.iter().any(|cause| cause.layer == one.layer && cause.cause.0 != "identity_missing")
}

/// One element on one line, or on three where that is too long.
fn element(failed: &Failed, name_columns: usize, columns: usize) -> Vec<Line<'static>> {
    let wants = listed(&failed.expected);
    let got = failed.actual.as_ref().map_or_else(|| "nothing".to_owned(), |actual| listed(actual));
    let need = 6 + name_columns + 9 + width(&wants).max(9) + 7 + width(&got) + 2;
    let row = Row::default().to(6);
    if need <= columns {
        let row = row.cell(&name(failed), name_columns, BOLD).put("   wants ", DIM).put(&wants, PLAIN);
        let column = 6 + name_columns + 9 + width(&wants).max(9);
        return vec![row.to(column).put("   got ", DIM).put(&got, BOLD).line()];
    }
    let mut lines = vec![row.fit(&name(failed), columns.saturating_sub(2), BOLD).line()];
    for (word, text, style) in [("wants", &wants, PLAIN), ("got", &got, BOLD)] {
        lines.extend(wrapped_at(Row::default().to(8).cell(word, 7, DIM), text, columns, style));
    }
    lines
}

/// "StringEquals sts:ExternalId"; of a condition the word "Condition" is left out.
fn name(failed: &Failed) -> String {
    match (&failed.operator, &failed.key) {
        (Some(operator), Some(key)) => format!("{operator} {key}"),
        _ => failed.element.to_owned(),
    }
}

/// Some values; white space that nobody would see shows within quotation marks.
pub fn listed(values: &[String]) -> String {
    let shown = |value: &String| {
        let clean = elide_middle(&safe(value), 200);
        if value.trim() == value && !value.is_empty() { clean } else { format!("\"{clean}\"") }
    };
    let mut out: Vec<String> = values.iter().take(LISTED).map(shown).collect();
    match values.len().saturating_sub(LISTED) {
        0 if out.is_empty() => return "nothing".into(),
        0 => {}
        more => out.push(format!("{more} more")),
    }
    out.join(", ")
}

/// What was not read, and what would settle each.
pub fn unread(decision: &Decision, columns: usize) -> Vec<Line<'static>> {
    let all = decision.unknowns.iter().enumerate();
    all.flat_map(|(index, unknown)| {
        let label = if index == 0 { "not read" } else { "" };
        let mark = if decision.verdict == Answer::Unknown { Mark::Unknown } else { Mark::Open };
        entry(label, Some(mark), &format!("{} ({})", unknown.what, unknown.needs), PLAIN, columns)
    })
    .collect()
}

/// Commands that would tell more: who changed the trust policy last.
fn next(verdict: &Verdict, columns: usize) -> Vec<Line<'static>> {
    let commands = verdict.next.iter().filter_map(|step| Some((&step.what, step.command.as_ref()?)));
    commands
        .flat_map(|(what, command)| {
            let mut lines = entry("to know", None, what, PLAIN, columns);
            let row = Row::default().to(evidence::COLUMN);
            lines.push(row.fit_middle(command, columns.saturating_sub(2), DIM).line());
            lines
        })
        .collect()
}

/// What is too open, and what else to know.
fn findings(subject: &Subject<'_>, columns: usize) -> Vec<Line<'static>> {
    let told = |finding: &&Finding| {
        !finding.unknown && matches!(finding.severity, Severity::Error | Severity::Warning) && !is_of_verdict(finding)
    };
    let all: Vec<&Finding> = subject.findings().filter(told).collect();
    let mut lines = Vec::new();
    let (open, other): (Vec<&Finding>, Vec<&Finding>) = all.into_iter().partition(|f| f.id == "hop/too-open");
    let alone = subject.verdict().is_some_and(|verdict| verdict.case.is_none());
    let beside = if alone { "Credentials" } else { "Beside it" };
    for (name, group) in [("Too open", open), (beside, other)] {
        if !group.is_empty() {
            lines.extend([blank(), heading(name)]);
        }
        for (index, finding) in group.iter().enumerate() {
            let row = Row::default().to(4).mark(Mark::of(finding));
            lines.extend(wrapped_at(row, &finding.claim, columns, PLAIN));
            // One advice for several findings stands below the last.
            let same = group.get(index + 1).is_some_and(|next| next.fixes == finding.fixes);
            for Fix { what, command } in finding.fixes.iter().filter(|_| !same && !alone) {
                lines.extend(wrapped(what, columns, 6, DIM));
                lines.extend(command.iter().flat_map(|command| wrapped(command, columns, 8, PLAIN)));
            }
        }
    }
    lines
}

/// Findings that say once more what the verdict says.
fn is_of_verdict(finding: &Finding) -> bool {
    let said = ["hop/denied", "hop/allowed", "hop/unknown", "hop/disagreement", "hop/experiment", "hop/probe"];
    said.contains(&finding.id.as_str())
}

/// One line on what to do, which is always seen.
fn cure(subject: &Subject<'_>, verdict: &Verdict, columns: usize) -> Vec<Line<'static>> {
    let Some(cure) = &verdict.cure else { return login(subject, verdict, columns) };
    let what = |text: &str| capitalized(text.trim_end_matches('.'));
    let (name, text, hint) = match (&cure.no_fix, cure.fixes.as_slice()) {
        (Some(none), _) => ("No patch", none.next_step.clone(), "4 says why"),
        (None, [one]) => ("Cure", format!("{}. Proven.", what(&one.what)), "4 shows it"),
        (None, [first, rest @ ..]) => {
            let more = rest.len();
            ("Cure", format!("{}, and {more} more. Proven together.", what(&first.what)), "4 shows them")
        }
        (None, []) => return Vec::new(),
    };
    let room = columns.saturating_sub(width(hint) + 3);
    // The path above has the whole ARN.
    let text = text.replace(&verdict.role_arn, &format!("role/{}", subject.role()));
    let text = elide_end(&safe(&text), 3 * room.saturating_sub(evidence::COLUMN + 8));
    let mut lines = wrapped_at(Row::new().cell(name, evidence::COLUMN - 2, BOLD), &text, room, PLAIN);
    if let Some(first) = lines.first_mut()
        && !hint.is_empty()
    {
        let used = first.width();
        let gap = columns.saturating_sub(2 + width(hint)).saturating_sub(used);
        first.push_span(" ".repeat(gap));
        first.push_span(ratatui::text::Span::styled(hint, DIM));
    }
    lines.insert(0, blank());
    lines
}

/// What makes the credentials work again, where they do not.
fn login(subject: &Subject<'_>, verdict: &Verdict, columns: usize) -> Vec<Line<'static>> {
    if verdict.case.is_some() {
        return Vec::new();
    }
    let Some(fix) = subject.findings().find_map(|finding| finding.fixes.first()) else { return Vec::new() };
    let mut lines = vec![blank()];
    lines.extend(wrapped_at(Row::new().cell("Cure", evidence::COLUMN - 2, BOLD), &fix.what, columns, PLAIN));
    let row = |command| wrapped_at(Row::default().to(evidence::COLUMN), command, columns, BOLD);
    lines.extend(fix.command.iter().flat_map(|command| row(command)));
    lines
}
