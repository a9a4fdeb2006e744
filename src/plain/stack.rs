//! The stack: by number, by name, or by a part of what is known of it.

use super::choice::{itself, range, typed};
use super::session::{End, Question, Reply, Session};
use super::source::identified;
use super::walk::{Step, Turn};
use crate::model::facts::Stack;
use crate::preselect;
use crate::tui::app::App;
use crate::tui::engine::Ask;
use crate::tui::fuzzy;
use crate::tui::prompt::Purpose;
use crate::tui::screens::stack::{items, listed, names, opening};
use crate::values::text::counted;

/// The most stacks that are said at once.
const SAID: usize = 12;

const HELP: &str = "The stack is the CloudFormation stack of Quilt whose two roles the webhook assumes. A part of a name, a status or \
                    a catalog's address finds those that have it. An ARN is taken as it is; so is a name with = before it, for a \
                    stack that is not listed. g asks for another region.";
const REGION_HELP: &str = "The region whose stacks are looked up, for example eu-central-1.";

/// Asks it.
pub async fn ask(session: &mut Session) -> Result<Turn, End> {
    if session.without_aws {
        return Ok(Turn::To(Step::Source));
    }
    session.wait_for(&[Ask::Survey, Ask::Identity, Ask::Stacks], "Looking up the stacks").await?;
    if !identified(session)? {
        return Ok(Turn::To(Step::Source));
    }
    if let Some(error) = session.app.facts.stacks.error() {
        let error = error.to_string();
        session.console.say(&error)?;
    }
    let sentence = opening(&session.app);
    session.console.say(&sentence)?;
    let mut filter = String::new();
    let mut said = false;
    loop {
        let found = found(&session.app, &filter);
        if !std::mem::replace(&mut said, true) {
            say_stacks(session, &filter, &found)?;
        }
        let offered = offered(&session.app, &filter, &found);
        let enter = offered.as_ref().map(|(name, _)| name.as_str());
        let asks = "Number or name of the stack, or part of a name";
        let question = Question { asks, enter, help: HELP, letters: "g", hidden: false };
        let answer = match session.ask(&question).await? {
            Reply::Back if !filter.is_empty() => {
                filter.clear();
                said = false;
                continue;
            }
            Reply::Back => return Ok(Turn::Back),
            Reply::Again => return Ok(Turn::Again),
            Reply::Letter(_) => {
                typed(session, Purpose::Region, REGION_HELP, itself).await?;
                return Ok(Turn::Again);
            }
            Reply::Enter => match offered {
                Some((_, stack)) => Ok(Meant::Stack(stack)),
                None => Err("Nothing is offered: type a number, a name or a part of one.".to_owned()),
            },
            Reply::Text(text) => meant(&session.app, &found, text.expose().trim()),
        };
        match answer {
            Ok(Meant::Stack(stack)) => return choose(session, stack),
            Ok(Meant::Filter(text)) => (filter, said) = (text, false),
            Err(why) => session.console.say(&why)?,
        }
    }
}

/// What an answer means.
#[derive(Debug, PartialEq)]
enum Meant {
    /// A stack, by name or ARN.
    Stack(String),
    /// A part of what is known of several.
    Filter(String),
}

/// One that is said.
struct Found {
    arn: String,
    name: String,
    words: String,
}

/// The stacks to say: those that match, or without a filter Quilt's, and every one where there are few.
fn found(app: &App, filter: &str) -> Vec<Found> {
    let stacks: Vec<&Stack> = listed(app).collect();
    let said =
        |stack: &&Stack| Found { arn: stack.arn.to_string(), name: stack.arn.name().to_owned(), words: words(stack) };
    if filter.is_empty() {
        let few = stacks.len() <= SAID;
        return stacks.into_iter().filter(|stack| few || stack.is_quilt()).map(|stack| said(&stack)).collect();
    }
    let rows: Vec<String> = items(app).iter().map(|item| item.shown.clone()).collect();
    fuzzy::matching(filter, &rows).into_iter().filter_map(|at| stacks.get(at).map(said)).collect()
}

fn words(stack: &Stack) -> String {
    let kind = if stack.is_quilt() { "Quilt stack" } else { "no Quilt stack" };
    let host = stack.output("QuiltWebHost").map(|host| format!(", {host}")).unwrap_or_default();
    format!("{}: {kind}, {}{host}.", stack.arn.name(), stack.status)
}

fn say_stacks(session: &mut Session, filter: &str, found: &[Found]) -> Result<(), End> {
    if !filter.is_empty() {
        let match_or_matches = if found.len() == 1 { "matches" } else { "match" };
        session
            .console
            .say(&format!("{} {match_or_matches} {filter}; b takes that back.", counted(found.len(), "stack")))?;
    }
    for (number, one) in (1..).zip(found.iter().take(SAID)) {
        session.console.item(&format!("{number}. "), &one.words)?;
    }
    let all = session.app.facts.stacks.shown().map_or(0, Vec::len);
    let left = if filter.is_empty() { all } else { found.len() }.saturating_sub(found.len().min(SAID));
    if left > 0 {
        session.console.say(&format!("And {}: type part of a name to find one.", counted(left, "more stack")))?;
    }
    Ok(())
}

/// What Enter takes: the chosen stack, the one that follows from what is known, or the only match. Its name and what chooses it.
fn offered(app: &App, filter: &str, found: &[Found]) -> Option<(String, String)> {
    if !filter.is_empty() {
        return match found {
            [only] => Some((only.name.clone(), only.arn.clone())),
            _ => None,
        };
    }
    let wanted = app.selection.stack.clone().or_else(|| preselect::stack(&app.facts))?;
    let name = listed(app).find(|stack| names(stack, &wanted)).map(|stack| stack.arn.name().to_owned());
    Some((name.unwrap_or_else(|| wanted.clone()), wanted))
}

fn meant(app: &App, found: &[Found], answer: &str) -> Result<Meant, String> {
    if let Some(stack) = listed(app).find(|stack| names(stack, answer)) {
        return Ok(Meant::Stack(stack.arn.to_string()));
    }
    if answer.bytes().all(|byte| byte.is_ascii_digit()) {
        let said = found.len().min(SAID);
        let number = answer.parse::<usize>().ok().and_then(|number| number.checked_sub(1)).filter(|at| *at < said);
        let stack = number.and_then(|at| found.get(at)).map(|found| Meant::Stack(found.arn.clone()));
        return stack.ok_or_else(|| format!("There is no number {answer} here: {}.", range(said)));
    }
    let as_typed = answer.strip_prefix('=').or_else(|| answer.starts_with("arn:").then_some(answer));
    // Without a list there is nothing to find a part in.
    let as_typed = as_typed.or_else(|| app.facts.stacks.known().is_none().then_some(answer));
    if let Some(name) = as_typed {
        return match Purpose::Stack.fault(name) {
            Some(fault) => Err(format!("That cannot be a stack: {fault}.")),
            None => Ok(Meant::Stack(name.to_owned())),
        };
    }
    if self::found(app, answer).is_empty() {
        let all = app.facts.stacks.known().map_or(0, Vec::len);
        let listed = counted(all, "stack");
        return Err(format!(
            "None of the {listed} matches {answer}. To take it as the name of a stack that is not listed, type ={answer}"
        ));
    }
    Ok(Meant::Filter(answer.to_owned()))
}

fn choose(session: &mut Session, stack: String) -> Result<Turn, End> {
    let app = &mut session.app;
    let same = |chosen: &str| chosen == stack || listed(app).any(|one| names(one, chosen) && names(one, &stack));
    let chosen = app.selection.stack.as_deref().is_some_and(same);
    let asked = app.running.contains_key(&Ask::Stack) || app.facts.stack.is_settled();
    if !(chosen && asked) {
        let effects = app.choose_stack(stack);
        session.perform(effects)?;
    }
    Ok(Turn::Next)
}
