//! What is to be diagnosed: a message, a role that is known, or one that is typed.

use super::choice::{pick, say_choices};
use super::input::Line;
use super::session::{End, Question, Reply, Session};
use super::walk::{Step, Turn};
use crate::model::Inquiry;
use crate::tui::engine::Ask;
use crate::tui::prompt::Purpose;
use crate::tui::screens::ask::{TYPED, account, besides, candidates, names, pasted, stranger, understood};

const HELP: &str = "Type a number, a role's ARN, or the whole error message in one line. m takes a message of several lines. The role is \
                    then assumed once, its trust policy and your own policies are read, and what refuses is named.";

/// The last line of the list.
const STACK: &str = "The two roles of a Quilt stack";

/// Asks it.
pub async fn ask(session: &mut Session) -> Result<Turn, End> {
    session.wait_for(&[Ask::Survey, Ask::Identity, Ask::Stack], "Looking for roles that are known here").await?;
    let known = candidates(&session.app);
    let mut labels: Vec<String> = known.iter().map(|candidate| names(&candidate.inquiry.hops)).collect();
    let mut lines: Vec<String> = known
        .iter()
        .zip(&labels)
        .map(|(candidate, label)| {
            let owner = account(&candidate.inquiry.hops).map(|account| format!(" of account {}", account.grouped()));
            format!("{label}{}: {}.", owner.unwrap_or_default(), candidate.inquiry.source)
        })
        .collect();
    for list in [&mut lines, &mut labels] {
        list.push(STACK.to_owned());
    }
    say_choices(&mut session.console, "Which access was denied?", &lines)?;
    let asks = "Number, a role's ARN, or the error message";
    let question = Question { asks, enter: Some("1"), help: HELP, letters: "m", hidden: false };
    loop {
        let text = match session.ask(&question).await? {
            Reply::Back => return Ok(Turn::To(Step::Job)),
            Reply::Again => return Ok(Turn::Again),
            Reply::Enter => "1".to_owned(),
            Reply::Letter(_) => several_lines(session).await?,
            Reply::Text(text) => text.expose().trim().to_owned(),
        };
        let inquiry = if text.starts_with("arn:") {
            match Purpose::Workload.fault(&text) {
                Some(fault) => Err(format!("That cannot be taken: {fault}.")),
                None => Ok(Inquiry::of_role(text, TYPED)),
            }
        } else if text.contains(char::is_whitespace) {
            of_message(session, &text)?
        } else {
            match pick(&text, &labels).map(|at| known.get(at)) {
                Ok(Some(candidate)) => {
                    let candidate = candidate.clone();
                    let effects = session.app.diagnose_as(candidate.inquiry, candidate.source);
                    session.perform(effects)?;
                    return Ok(Turn::To(Step::Diagnosis));
                }
                Ok(None) => {
                    session.app.open_roles();
                    return Ok(Turn::To(Step::of(session.app.route)));
                }
                Err(why) => Err(why),
            }
        };
        match inquiry {
            Ok(inquiry) => {
                let effects = session.app.diagnose(inquiry);
                session.perform(effects)?;
                return Ok(Turn::To(Step::Diagnosis));
            }
            Err(why) => session.console.say(&why)?,
        }
    }
}

/// A message of several lines, ended by an empty one.
async fn several_lines(session: &mut Session) -> Result<String, End> {
    session.console.say("Paste the message, and end it with an empty line.")?;
    let mut lines = Vec::new();
    loop {
        match session.line(true).await? {
            Line::Text(text) if text.expose().trim().is_empty() && !lines.is_empty() => return Ok(lines.join("\n")),
            Line::Text(text) => lines.push(text.expose().to_owned()),
            Line::TooLong | Line::NoText => {
                session.console.say("That line was left out: it is too long, or no UTF-8 text.")?
            }
        }
    }
}

/// Says what the message tells; the case, or what is still needed.
fn of_message(session: &mut Session, text: &str) -> Result<Result<Inquiry, String>, End> {
    pasted(&mut session.app, text);
    if let Some(why) = session.app.note.take() {
        return Ok(Err(why));
    }
    let app = &session.app;
    let Some(reading) = app.inquiring.message.reading.clone() else { return Ok(Err("That is no message.".into())) };
    let another = stranger(app);
    let inquiry = app.inquiring.message.inquiry(app.facts.identity.shown().map(|identity| &identity.arn));
    let facts = understood(&reading);
    for (name, value) in &facts {
        session.console.say(&format!("The message, {name}: {value}."))?;
    }
    session.console.say(&besides(&reading.summary, &facts))?;
    if let Some(other) = another {
        let offers: Vec<String> = other.offers.iter().map(|source| source.label()).collect();
        let offers = if offers.is_empty() { String::new() } else { format!(" Of its account: {}.", offers.join(", ")) };
        let text = format!(
            "The caller is of account {}, your AWS profile of {}.{offers}",
            other.account.grouped(),
            other.own.grouped()
        );
        session.console.say(&text)?;
    }
    if inquiry.is_none() {
        for step in &reading.next {
            session.console.say(&step.what)?;
            step.command.iter().try_for_each(|command| session.console.whole(&format!("   {command}")))?;
        }
    }
    let open = session.app.inquiring.message.open().unwrap_or_default();
    Ok(inquiry.ok_or(open))
}
