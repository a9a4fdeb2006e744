//! The roles: who may assume them, which side refuses, and what cures it.

use super::choice::{Chosen, choose, itself, say_choices, typed};
use super::findings::{claim, cures, tell};
use super::session::{End, Question, Session};
use super::source::identified;
use super::walk::{Step, Turn};
use crate::judge::cure::steps;
use crate::model::finding::Fix;
use crate::model::selection::RoleKind;
use crate::model::verdict::Party;
use crate::model::{Finding, Severity};
use crate::policy::{Answer, Deciding, Decision, Failed, Leaning, explain};
use crate::tui::app::{App, Job};
use crate::tui::engine::Ask;
use crate::tui::prompt::Purpose;
use crate::tui::route::Route;
use crate::tui::screens::reasons::of_side;
use crate::tui::screens::roles::{DISAGREE, fixes, missing, nobody, standing, summary, verdict, workload};
use crate::tui::steps::step_of;
use crate::tui::theme::Mark;
use crate::tui::widgets::path::sides;
use crate::values::text::counted;
use crate::values::{PrincipalArn, RoleArn};

const HELP: &str = "For each role two sides must agree: the role's trust policy must name the webhook's task role, and the task \
                    role's own policies must allow it to assume the role. The live call is your own and proves nothing of the webhook.";

/// What can be done next.
#[derive(Clone, Copy)]
enum Next {
    GoOn,
    Evidence,
    Type(Purpose),
    Leave,
}

/// What can be done at the roles, numbered.
const MENU: [(Next, &str); 7] = [
    (Next::GoOn, "Go on to the secret"),
    (Next::Evidence, "Hear the evidence"),
    (Next::Type(Purpose::Role(RoleKind::Read)), "Type the ARN of the read role"),
    (Next::Type(Purpose::Role(RoleKind::Write)), "Type the ARN of the write role"),
    (Next::Type(Purpose::Workload), "Type the ARN of the role that will assume them"),
    (Next::Type(Purpose::ExternalId), "Type an external ID for the live call"),
    (Next::Leave, "Leave"),
];

/// Says the verdicts, and asks what to do.
pub async fn ask(session: &mut Session) -> Result<Turn, End> {
    let what = "Reading the stack, its roles and who may assume them";
    session.wait_for(&[Ask::Survey, Ask::Identity, Ask::Stack], what).await?;
    if !identified(session)? {
        return Ok(Turn::To(Step::Source));
    }
    let sentence = summary(&session.app);
    session.console.say(&sentence)?;
    about_the_stack(session)?;
    for kind in RoleKind::BOTH {
        role(session, kind)?;
    }
    menu(session).await
}

async fn menu(session: &mut Session) -> Result<Turn, End> {
    let labels = MENU.map(|(_, words)| words.to_owned());
    say_choices(&mut session.console, "What next?", &labels)?;
    let (at, enter) = if session.app.job == Job::Diagnose { (6, "7, leave") } else { (0, "1, go on to the secret") };
    let asks = "Number of what is to be done with the roles";
    let question = Question { asks, enter: Some(enter), help: HELP, letters: "", hidden: false };
    loop {
        let next = match choose(session, &question, &MENU, &labels, at).await? {
            Chosen::Back => return Ok(Turn::Back),
            Chosen::Again => return Ok(Turn::Again),
            Chosen::One((next, _)) => *next,
        };
        match next {
            Next::GoOn => return Ok(Turn::Next),
            Next::Evidence => evidence(session)?,
            Next::Type(purpose) => {
                if typed(session, purpose, HELP, itself).await? {
                    return Ok(Turn::Again);
                }
            }
            Next::Leave => return Err(End::Left),
        }
    }
}

/// What was found about the stack itself and may stand in the way.
fn about_the_stack(session: &mut Session) -> Result<(), End> {
    let of_stack = |f: &&Finding| step_of(f) == Route::Stack && f.severity <= Severity::Warning;
    let findings: Vec<Finding> = session.app.judgement.findings.iter().filter(of_stack).cloned().collect();
    findings.iter().try_for_each(|finding| tell(&mut session.console, finding))?;
    Ok(())
}

fn role(session: &mut Session, kind: RoleKind) -> Result<(), End> {
    let app = &session.app;
    let number = if kind == RoleKind::Read { 1 } else { 2 };
    let head = format!("Role {number} of 2, the {} role", kind.word());
    let Some(found) = app.facts.role(kind).and_then(|role| role.found.shown()) else {
        let why = missing(app.facts.role(kind), kind);
        let (_, word) = standing(app, kind);
        return Ok(session.console.say(&format!("{head}: {word}. {why}"))?);
    };
    let name = found.arn.name().to_owned();
    let mut sentences = vec![format!("{head}: {name}, from {}.", found.source.words())];
    sentences.extend(of_webhook(app, kind));
    sentences.extend(of_operator(app, kind));
    let fixes = proven(app, kind).unwrap_or_else(|| fixes(app, &name).into_iter().cloned().collect());
    sentences.iter().try_for_each(|sentence| session.console.say(sentence))?;
    Ok(cures(&mut session.console, fixes.iter())?)
}

/// The steps of the cure that was proven for the webhook.
fn proven(app: &App, kind: RoleKind) -> Option<Vec<Fix>> {
    let cure = verdict(app, Party::Workload, kind)?.cure.as_ref()?;
    Some(steps(cure, |_| true, cure.proof()?))
}

fn of_webhook(app: &App, kind: RoleKind) -> Vec<String> {
    let arn = &app.facts.workload.arn;
    let Some(principal) = arn.shown().map(PrincipalArn::short) else {
        return vec![format!("The webhook's task role: {}.", nobody(app))];
    };
    let Some(decision) = workload(app, kind) else {
        return vec![format!("For the webhook, {principal}: not known yet.")];
    };
    let sides = sides(decision);
    let mut sentences = vec![format!("For the webhook, {principal}: {}.", says(decision))];
    sentences.push(format!("The role's trust policy{}: {}.", side(sides.trust), of_side(decision, true)));
    sentences.push(format!("The webhook's own policy{}: {}.", side(sides.caller), of_side(decision, false)));
    sentences.extend(unread(decision));
    sentences
}

const fn says(decision: &Decision) -> &'static str {
    match (decision.verdict, decision.leaning) {
        (Answer::Allow, _) => "allowed",
        (Answer::Deny, _) => "denied",
        (Answer::Unknown, Some(Leaning::Allow)) => "allowed by everything that could be read",
        (Answer::Unknown, Some(Leaning::Deny)) => "probably denied; not everything could be read",
        (Answer::Unknown, _) => "not known; too little could be read",
    }
}

/// What a side does; one that allows says so itself.
const fn side(mark: Mark) -> &'static str {
    match mark {
        Mark::Good => "",
        Mark::Fault => " refuses",
        Mark::Doubt | Mark::Unknown | Mark::Open | Mark::Running => " is not certain",
    }
}

fn unread(decision: &Decision) -> Option<String> {
    let what: Vec<&str> = decision.unknowns.iter().map(|unknown| unknown.what.as_str()).collect();
    (decision.verdict == Answer::Unknown && !what.is_empty()).then(|| format!("Not read: {}.", what.join(", ")))
}

fn of_operator(app: &App, kind: RoleKind) -> Vec<String> {
    let Some(who) = app.facts.identity.shown().map(|identity| identity.arn.short()) else { return Vec::new() };
    let mut sentences = Vec::new();
    if let Some(live) = app.facts.role(kind).and_then(|role| role.live.shown()) {
        sentences.push(match &live.outcome {
            Ok(_) => format!("You, {who}, assumed it just now. That proves you only; it says nothing of the webhook."),
            Err(error) => {
                let code = error.code.as_deref().unwrap_or("failed");
                format!("You, {who}, tried it just now: {code}. That is as it should be: production trusts no person.")
            }
        });
    }
    if verdict(app, Party::Operator, kind).is_some_and(|verdict| verdict.disagreement) {
        sentences.push(format!("For you {DISAGREE}."));
    }
    sentences
}

/// What the verdicts were made of.
fn evidence(session: &mut Session) -> Result<(), End> {
    let app = &session.app;
    let mut lines = Vec::new();
    for verdict in &app.judgement.verdicts {
        let whose = if verdict.party == Party::Workload { "The webhook" } else { "You" };
        let role = RoleArn::parse(&verdict.role_arn).map_or_else(|_| verdict.role_arn.clone(), |arn| arn.name().into());
        let decision = verdict.evaluated.as_ref().unwrap_or(&verdict.decision);
        lines.push(format!("{whose} and {role}: {}", decision.summary));
        lines.extend(decision.deciding.iter().flat_map(failures));
    }
    let of_roles = |f: &&Finding| step_of(f) == Route::Roles && f.severity != Severity::Ok;
    let findings: Vec<Finding> = app.judgement.findings.iter().filter(of_roles).cloned().collect();
    lines.push(format!("{} about the roles.", counted(findings.len(), "finding")));
    lines.iter().try_for_each(|line| session.console.say(line))?;
    findings.iter().try_for_each(|finding| claim(&mut session.console, finding))?;
    Ok(())
}

/// "Trust statement 1 fails on Principal: expected ...; actual ...", for each element that failed.
fn failures(deciding: &Deciding) -> Vec<String> {
    let of = |failed: &Failed| {
        let parts = [Some(failed.element), failed.operator.as_deref(), failed.key.as_deref()];
        let element = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let actual = failed.actual.as_ref().map_or_else(|| "absent".to_owned(), |actual| actual.join(", "));
        let expected = failed.expected.join(", ");
        format!("{} fails on {element}: expected {expected}; actual {actual}", explain::place(deciding))
    };
    deciding.failed.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_expected_is_said_beside_what_there_is() {
        let said = failures(&Deciding::wanting_external_id()).join(" ");
        assert!(
            said.ends_with("fails on Condition StringEquals sts:ExternalId: expected cust-42; actual absent"),
            "{said}"
        );
    }
}
