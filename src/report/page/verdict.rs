//! One verdict on the page: the sentence, the evidence, the statement that decided, the cure, what is not known.

use super::{Block, Piece, Table, Words, code, prose, text_of};
use crate::policy::{self, Answer, Deciding, Effect, explain};
use crate::report::verdict::PathVerdict;
use crate::report::words::{self, Standing};
use crate::report::{Diagnosis, ProvenFix};
use crate::values::json;
use crate::values::text::capitalized;
use crate::wording::cure;

/// The answer in a sentence.
pub(super) fn answer(verdict: &PathVerdict, diagnosis: &Diagnosis) -> Block {
    let hop = match (verdict.hop_index, diagnosis.hops.len()) {
        (Some(index), 2..) => format!("hop {}, ", index + 1),
        _ => String::new(),
    };
    let who = format!("{} {}", verdict.party.word(), words::principal(verdict));
    let brief = format!("{hop}{who} to {}: {}.", words::role(&verdict.hop), words::says(verdict));
    Block::Answer(words::standing(verdict), capitalized(&brief), verdict.decision.summary.clone())
}

/// Everything about it, under a heading of its own.
pub(super) fn whole(out: &mut Vec<Block>, verdict: &PathVerdict) {
    let role = words::role(&verdict.hop);
    out.push(Block::Part(capitalized(&format!("{} {} to {role}", verdict.party.word(), words::principal(verdict)))));
    let standing = words::standing(verdict);
    // Of a diagnosis the sentence stands on top.
    let why = if verdict.hop_index.is_none() { format!(". {}", verdict.decision.summary) } else { ".".into() };
    out.push(Block::Sentence(vec![Piece::Sign(standing, words::says(verdict)), Piece::Text(why)]));
    if verdict.disagreement {
        out.push(Block::Sentence(vec![
            Piece::Strong("The live call and the policies contradict each other.".into()),
            Piece::Text(" AWS's answer counts; a policy may have changed less than a minute ago.".into()),
        ]));
    }
    evidence(out, verdict);
    let mut shown = Vec::new();
    for (deciding, statement) in verdict.decision.deciding.iter().zip(&verdict.statements) {
        // One statement may decide on several actions.
        let place = (deciding.layer, deciding.level, deciding.policy, deciding.statement);
        let is_new = !shown.contains(&place);
        shown.push(place);
        self::deciding(out, deciding, statement.as_ref().filter(|_| is_new));
    }
    if standing != Standing::Expected {
        cures(out, verdict);
    }
    unknowns(out, verdict);
    next(out, verdict);
    if verdict.decision.verdict == Answer::Deny
        && standing != Standing::Expected
        && let Some(meaning) = policy::paragraph(verdict.decision.cause.0)
    {
        let mut words: Words = vec![Piece::Code(verdict.decision.cause.0.into()), Piece::Text(": ".into())];
        words.extend(prose(meaning));
        out.push(Block::Sentence(words));
    }
}

fn evidence(out: &mut Vec<Block>, verdict: &PathVerdict) {
    let rows = words::evidence(verdict).into_iter().map(|told| {
        vec![text_of(told.kind), vec![Piece::Sign(told.standing, told.standing.speaks().into())], text_of(told.says)]
    });
    out.push(Block::Table(Table {
        caption: format!("Evidence for {}", words::principal(verdict)),
        head: vec!["Evidence", "Which way", "What it says"],
        rows: rows.collect(),
    }));
    if let Some(told) = verdict.evidence.message.as_ref() {
        out.push(Block::Sentence(text_of("The error message:")));
        out.push(Block::Code { language: "text", text: told.message.clone() });
    }
}

fn deciding(out: &mut Vec<Block>, deciding: &Deciding, statement: Option<&serde_json::Value>) {
    let says = match (deciding.effect, deciding.failed.is_empty()) {
        (Effect::Deny, _) => "denies",
        (Effect::Allow, true) => "allows",
        (Effect::Allow, false) => "comes nearest to allowing",
    };
    let place = capitalized(&explain::place(deciding));
    let ends = if deciding.failed.is_empty() { "." } else { ", and fails on:" };
    out.push(Block::Sentence(vec![
        Piece::Strong(place),
        Piece::Text(format!(" {says} ")),
        Piece::Code(deciding.action.clone()),
        Piece::Text(ends.into()),
    ]));
    if !deciding.failed.is_empty() {
        let rows = deciding.failed.iter().map(|failed| {
            let name = [Some(failed.element), failed.operator.as_deref(), failed.key.as_deref()];
            let name: Vec<&str> = name.into_iter().flatten().collect();
            let actual = failed.actual.as_ref().map_or_else(|| text_of("(absent)"), |actual| values(actual));
            vec![code(name.join(" ")), values(&failed.expected), actual]
        });
        out.push(Block::Table(Table {
            caption: "Elements that did not match".into(),
            head: vec!["Element", "The policy wants", "There is"],
            rows: rows.collect(),
        }));
    }
    if let Some(statement) = statement {
        out.push(Block::Code { language: "json", text: json::printed(statement).trim_end().to_owned() });
    }
}

/// The most values of one element that are listed: the statement below has all.
const LISTED: usize = 8;

fn values(values: &[String]) -> Words {
    let mut words: Words = Vec::new();
    for value in values.iter().take(LISTED) {
        if !words.is_empty() {
            words.push(Piece::Text(", ".into()));
        }
        words.push(Piece::Code(value.clone()));
    }
    if values.len() > LISTED {
        words.push(Piece::Text(format!(" and {} more", values.len() - LISTED)));
    }
    if words.is_empty() { text_of("(nothing)") } else { words }
}

fn unknowns(out: &mut Vec<Block>, verdict: &PathVerdict) {
    let unknowns = &verdict.decision.unknowns;
    if unknowns.is_empty() {
        return;
    }
    out.push(Block::Table(Table {
        caption: "What is not known".into(),
        head: vec!["Not known", "Would be settled by"],
        rows: unknowns.iter().map(|one| vec![text_of(&one.what), text_of(&one.needs)]).collect(),
    }));
}

/// What tells more, with a command; what would settle an unknown stands beside it already.
fn next(out: &mut Vec<Block>, verdict: &PathVerdict) {
    for step in verdict.next.iter().filter(|step| step.command.is_some()) {
        out.push(Block::Sentence(text_of(&step.what)));
        out.extend(step.command.iter().map(|command| Block::Code { language: "sh", text: command.clone() }));
    }
}

fn cures(out: &mut Vec<Block>, verdict: &PathVerdict) {
    if let Some(none) = &verdict.no_fix {
        let reason = Some(&none.reason).filter(|reason| **reason != verdict.decision.summary);
        let reason = reason.map(|reason| format!(" {reason}")).unwrap_or_default();
        out.push(Block::Sentence(vec![
            Piece::Strong("No edit cures it.".into()),
            Piece::Text(format!("{reason} Whose decision it is: {}. {}", none.owner, none.next_step)),
        ]));
    }
    let fixes = verdict.fixes.as_deref().unwrap_or_default();
    for (index, fix) in fixes.iter().enumerate() {
        self::fix(out, verdict, fix, index);
    }
    if let Some(last) = fixes.last() {
        out.push(Block::Sentence(text_of(match last.turns_verdict_to {
            Answer::Allow => "Proven: applied to a copy of the policies and evaluated again, it is allowed.",
            Answer::Deny | Answer::Unknown => {
                "Proven as far as can be: applied to a copy of the policies and evaluated again, nothing that was read refuses it any more."
            }
        })));
    }
}

fn fix(out: &mut Vec<Block>, verdict: &PathVerdict, fix: &ProvenFix, index: usize) {
    let role = words::role(&verdict.hop);
    let order = capitalized(&cure::part(&fix.target, Some(&role)).order());
    let begin = if index == 0 { "Cure" } else { "And" };
    let owner = cure::owner(&fix.target, &words::principal(verdict), &role);
    out.push(Block::Sentence(vec![
        Piece::Strong(format!("{begin}: {order}.")),
        Piece::Text(format!(" {} It is for {owner}.", fix.what)),
    ]));
    out.extend(fix.waits.iter().map(|waits| Block::Sentence(text_of(waits))));
    if let Some(diff) = &fix.diff {
        out.push(Block::Code { language: "diff", text: diff.trim_end().to_owned() });
    }
    for step in &fix.steps {
        out.push(Block::Sentence(text_of(&step.what)));
        out.extend(step.command.iter().map(|command| Block::Code { language: "sh", text: command.clone() }));
    }
}
