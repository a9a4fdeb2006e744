//! Done: what was written, how to undo it, what comes next, and the proof.

use super::session::{End, Question, Reply, Session};
use super::walk::{Step, Turn};
use crate::gather::Ask;
use crate::tui::screens::done::opening;
use crate::tui::screens::roles::summary;
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
    if all_written {
        commands(session, "Next:", &next)?;
    }
    session.wait_for(&Ask::ALL, "Looking everything up again").await?;
    say_proof(session)?;
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
            Reply::Again => session.wait_for(&Ask::ALL, "Looking everything up again").await?,
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
    if !app.judgement.findings.is_empty() {
        let proof = proof(&app.judgement.findings);
        if app.facts.stack.known().is_some() {
            lines.push(summary(app));
        }
        lines.extend(proof.written.iter().map(|finding| format!("Right: {}", finding.claim)));
        lines.push(format!("{} checks are right in all.", proof.right));
        lines.extend(proof.wrong.iter().map(|finding| format!("Still {}: {}", finding.severity.word(), finding.claim)));
    }
    lines.iter().try_for_each(|line| session.console.say(line))?;
    Ok(())
}
