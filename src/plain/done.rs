//! Done: what was written, how to undo it, what comes next, and the proof.

use super::findings::ended;
use super::session::{End, Question, Reply, Session};
use super::waiting::EVERYTHING;
use super::walk::{Step, Turn};
use crate::tui::route::Walk;
use crate::tui::screens::done::{checklist, findings, labelled, opening};
use crate::tui::screens::roles::summary;
use crate::wording::checklist::Step as Left;
use crate::wording::done::{next, outcome, proof, undo};

const HELP: &str = "What was written stays written; the commands that undo it stand above. b goes back to the review.";

/// Waits for the end of writing, says what became of it, and proves it by looking everything up again.
pub async fn ask(session: &mut Session) -> Result<Turn, End> {
    session.wait_for_writing().await?;
    let app = &session.app;
    let lines: Vec<String> = app.done.reports.iter().map(outcome).collect();
    let (undo, next) = (undo(&app.done.reports), next(&app.facts, &app.selection));
    let all_written = app.done.all_written();
    lines.iter().try_for_each(|line| session.console.whole(line))?;
    commands(session, "To undo:", &undo)?;
    session.told_what_was_written = true;
    let of_secret = session.app.walk == Walk::Secret;
    if all_written && !of_secret {
        commands(session, "Next:", &next)?;
    }
    session.wait_for(&EVERYTHING, "Looking everything up again").await?;
    say_proof(session)?;
    if of_secret {
        say_versions(session)?;
        say_what_is_left(session)?;
    }
    let (asks, enter) = if all_written {
        ("The walk is over. b goes back to the review", "leave")
    } else {
        ("Every answer is kept. q leaves", "go back to the review")
    };
    let question = Question { asks, enter: Some(enter), help: HELP, letters: "", hidden: false };
    loop {
        match session.ask(&question).await? {
            Reply::Enter if all_written => return Err(End::Left),
            Reply::Enter | Reply::Back => return Ok(Turn::To(Step::Review)),
            Reply::Again => session.wait_for(&EVERYTHING, "Looking everything up again").await?,
            Reply::Text(_) | Reply::Letter(_) => session.console.say("Enter, b or q answers here.")?,
        }
    }
}

fn commands(session: &mut Session, title: &str, commands: &[String]) -> Result<(), End> {
    if commands.is_empty() {
        return Ok(());
    }
    session.console.say(title)?;
    commands.iter().try_for_each(|command| session.console.whole(&format!("  {command}")))?;
    Ok(())
}

fn say_proof(session: &mut Session) -> Result<(), End> {
    let app = &session.app;
    let mut lines = vec![opening(app)];
    let findings = findings(app);
    if !findings.is_empty() {
        let proof = proof(&findings);
        if app.walk == Walk::SetUp && app.facts.stack.known().is_some() {
            lines.push(summary(app));
        }
        lines.extend(proof.written.iter().map(|finding| format!("Right: {}", finding.claim)));
        lines.push(format!("{} checks are right in all.", proof.right));
        lines.extend(proof.wrong.iter().map(|finding| format!("Still {}: {}", finding.severity.word(), finding.claim)));
    }
    lines.iter().try_for_each(|line| session.console.say(line))?;
    Ok(())
}

fn say_versions(session: &mut Session) -> Result<(), End> {
    let lines: Vec<String> =
        labelled(&session.app).iter().map(|(labels, id)| format!("{labels}: version {id}")).collect();
    lines.iter().try_for_each(|line| session.console.whole(line))?;
    Ok(())
}

/// What is left to be done by hand: each step a sentence, what is to be copied line by line.
fn say_what_is_left(session: &mut Session) -> Result<(), End> {
    let steps = checklist(&session.app);
    if steps.is_empty() {
        return Ok(());
    }
    session.console.say(&format!("Left to do, {} things, in this order:", steps.len()))?;
    for (number, Left { title, body, notes }) in (1..).zip(&steps) {
        session.console.item(&format!("{number}. "), &ended(title))?;
        body.iter().try_for_each(|line| session.console.whole(&format!("   {line}")))?;
        notes.iter().try_for_each(|note| session.console.item("   ", &ended(note)))?;
    }
    Ok(())
}
