//! The review: every change, field by field. Only a typed yes writes.

use super::findings::ended;
use super::session::{End, Question, Reply, Session, is_yes};
use super::waiting::EVERYTHING;
use super::walk::{Step, Turn};
use crate::model::plan::{Change, FieldKind};
use crate::model::selection::RoleKind;
use crate::tui::keymap::When;
use crate::tui::route::Walk;
use crate::tui::screens::done;
use crate::tui::screens::review::{cautions, leave_out, left_out, opening};
use crate::tui::screens::roles::{is_likely, summary};
use crate::values::text::counted;
use crate::wording::review::{condition, fields, kind, question, sentence, subject};

const HELP: &str = "Nothing has been written yet. Only yes, typed out, or y writes what was just said. a says the lines that stay as \
                    they are too. The number of a change leaves it out or takes it in again; so does the name of a line of config.json.";

/// Says the plan, and asks whether to write it.
pub async fn ask(session: &mut Session) -> Result<Turn, End> {
    session.wait_for(&EVERYTHING, "Looking up what is not known yet").await?;
    let mut whole = false;
    loop {
        let seen = session.app.plan.id.clone();
        say_plan(session, whole)?;
        let turn = match session.app.may_write() {
            When::Yes => write_or_not(session, &seen, &mut whole).await?,
            _ => not_now(session, &mut whole).await?,
        };
        if let Some(turn) = turn {
            return Ok(turn);
        }
    }
}

fn say_plan(session: &mut Session, whole: bool) -> Result<(), End> {
    let app = &session.app;
    let mut lines = vec![(String::new(), opening(app))];
    let count = app.whole.changes.len();
    for (index, change) in app.whole.changes.iter().enumerate() {
        let (name, kind) = (subject(change), kind(change));
        let out = left_out(app, change);
        let kind = if out { "left out".to_owned() } else { kind };
        lines.push((String::new(), format!("Change {} of {count}: {name}, {kind}.", index + 1)));
        if !out {
            lines.extend(change_lines(session, change, whole));
        }
    }
    lines.extend(app.plan.blocked.iter().map(|why| (String::new(), why.clone())));
    lines.extend(cautions(app).iter().map(|caution| (String::new(), format!("Mind: {}", ended(caution)))));
    let roles = app.walk == Walk::SetUp && app.facts.stack.known().is_some();
    if roles && !RoleKind::BOTH.into_iter().all(|kind| is_likely(app, kind)) {
        lines.push((String::new(), format!("Before you write: {}", summary(app))));
    }
    lines.iter().try_for_each(|(lead, words)| session.console.item(lead, words))?;
    Ok(())
}

fn change_lines(session: &Session, change: &Change, whole: bool) -> Vec<(String, String)> {
    let answers = &session.app.answers;
    let said = |field: &&crate::model::plan::FieldChange| whole || field.kind != FieldKind::Same;
    let mut lines: Vec<(String, String)> = fields(change)
        .iter()
        .filter(said)
        .map(|field| {
            let out = matches!(change, Change::Config(_)) && answers.leave_out.contains(&field.name);
            let words = if out { format!("{} is left out.", field.name) } else { sentence(field) };
            (String::new(), words)
        })
        .collect();
    let same = fields(change).len() - lines.len();
    if same > 0 {
        let stay = if same == 1 { "stays" } else { "stay" };
        lines.push((String::new(), format!("{} {stay} as before; a says them too.", counted(same, "line"))));
    }
    lines.extend(condition(change).map(|words| (String::new(), format!("It is written {words}."))));
    lines
}

/// The plan can be written: `None` says it anew.
async fn write_or_not(session: &mut Session, seen: &str, whole: &mut bool) -> Result<Option<Turn>, End> {
    let asks = format!("{} Type yes to write", question(&session.app.plan));
    let question = Question { asks: &asks, enter: Some("no"), help: HELP, letters: "an", hidden: false };
    loop {
        match session.ask(&question).await? {
            Reply::Back => return Ok(Some(Turn::Back)),
            Reply::Again => return Ok(Some(Turn::Again)),
            Reply::Letter('a') => {
                *whole = true;
                return Ok(None);
            }
            Reply::Enter | Reply::Letter(_) => said_no(session)?,
            Reply::Text(text) if is_yes(text.expose()) => {
                if session.app.plan.id != seen {
                    session.console.say("What would be written has changed meanwhile. Here it is again.")?;
                    return Ok(None);
                }
                let effects = done::write(&mut session.app);
                session.told_what_was_written = false;
                session.perform(effects)?;
                return Ok(Some(Turn::To(Step::Done)));
            }
            Reply::Text(text) if text.expose().trim().eq_ignore_ascii_case("no") => said_no(session)?,
            Reply::Text(text) => {
                if toggle(session, text.expose().trim())? {
                    return Ok(None);
                }
            }
        }
    }
}

fn said_no(session: &mut Session) -> Result<(), End> {
    Ok(session.console.say("Nothing was written; every answer is kept. b goes back, q leaves.")?)
}

/// There is nothing to write, or it cannot be written: `None` says it anew.
async fn not_now(session: &mut Session, whole: &mut bool) -> Result<Option<Turn>, End> {
    let app = &session.app;
    let blocked = !app.plan.blocked.is_empty();
    // Whoever came for the secret leaves config.json as it is: that is nothing to be told again.
    let all_there = app.whole.is_empty() || (app.walk == Walk::Secret && app.answers == app.bare_answers());
    let nothing = all_there && app.plan.is_empty() && !blocked;
    if let (When::No(why), false) = (session.app.may_write(), nothing) {
        session.console.say(&format!("It cannot be written: {why}."))?;
    }
    let (asks, enter) = if blocked {
        ("What next? b goes back, q leaves", "go back to the values")
    } else {
        ("What next? b goes back, q leaves", "leave")
    };
    let question = Question { asks, enter: Some(enter), help: HELP, letters: "a", hidden: false };
    loop {
        match session.ask(&question).await? {
            Reply::Back => return Ok(Some(Turn::Back)),
            Reply::Again => return Ok(Some(Turn::Again)),
            Reply::Enter if blocked => return Ok(Some(Turn::To(Step::Values))),
            Reply::Enter => return Err(End::Left),
            Reply::Letter(_) => {
                *whole = true;
                return Ok(None);
            }
            Reply::Text(text) => {
                if toggle(session, text.expose().trim())? {
                    return Ok(None);
                }
            }
        }
    }
}

/// Leaves a change or a line of `config.json` out, or takes it in again; `false`: the answer names neither, and it was said.
fn toggle(session: &mut Session, answer: &str) -> Result<bool, End> {
    let app = &mut session.app;
    if let Some(index) = answer.parse::<usize>().ok().and_then(|number| number.checked_sub(1))
        && index < app.whole.changes.len()
    {
        leave_out(app, index);
        return Ok(true);
    }
    let config = app.whole.changes.iter().find(|change| matches!(change, Change::Config(_)));
    if config.is_some_and(|change| fields(change).iter().any(|field| field.name == answer)) {
        if !app.answers.leave_out.remove(answer) {
            app.answers.leave_out.insert(answer.to_owned());
        }
        app.derive();
        return Ok(true);
    }
    let changes = counted(app.whole.changes.len(), "change");
    session
        .console
        .say(&format!("That is neither yes nor no, nor a number of the {changes}, nor a line of config.json."))?;
    Ok(false)
}
