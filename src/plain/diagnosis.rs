//! The diagnosis, said: the verdict first, then each kind of evidence, then what cures it.

use super::choice::{Chosen, choose, itself, pick, say_choices, text};
use super::findings::{ended, tell};
use super::session::{End, Question, Reply, Session, is_yes};
use super::source;
use super::walk::{Step, Turn};
use crate::model::verdict::Party;
use crate::model::{Finding, Severity, Verdict};
use crate::policy::{Answer, Leaning};
use crate::tui::app::App;
use crate::tui::engine::Ask;
use crate::tui::keymap::When;
use crate::tui::prompt::Purpose;
use crate::tui::route::Route;
use crate::tui::screens::ask::names;
use crate::tui::screens::source::{judged, problem};
use crate::values::{PrincipalArn, RoleArn, SecretText};

const HELP: &str = "Four kinds of evidence are said apart: the live call, the trust policy, the caller's own policies, and the message. \
                    Where they do not decide it, what would settle it is named.";

/// What can be done next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Again,
    Code,
    ExternalId,
    Another,
    Paths,
    Leave,
}

impl Next {
    const fn words(self) -> &'static str {
        match self {
            Self::Again => "Ask AWS again",
            Self::Code => "Type the code of an MFA device, and try with it",
            Self::ExternalId => "Try once with the external ID that the trust policy wants",
            Self::Another => "Diagnose another access",
            Self::Paths => "Go back to the access paths",
            Self::Leave => "Leave",
        }
    }
}

/// Says it, and asks what to do.
pub async fn ask(session: &mut Session) -> Result<Turn, End> {
    session.wait_for(&[Ask::Survey], "Reading this machine's files").await?;
    if session.app.selection.source.is_none() {
        session.app.prompt = None;
        match source::ask(session).await? {
            Turn::Next => {}
            Turn::Back => return Ok(Turn::To(before(&session.app))),
            other => return Ok(other),
        }
    }
    let effects = session.app.begin_diagnosis();
    session.perform(effects)?;
    session.wait_for(&[Ask::Survey, Ask::Identity, Ask::Path], "Walking the access path").await?;
    if session.app.path_verdicts().is_empty() && session.app.facts.identity.known().is_none() {
        nobody(session)?;
    }
    say(session)?;
    menu(session).await
}

/// Why AWS does not know who asks.
fn nobody(session: &mut Session) -> Result<(), End> {
    match (judged(&session.app).cloned(), problem(&session.app).map(ToString::to_string)) {
        (Some(finding), _) => tell(&mut session.console, &finding)?,
        (None, Some(why)) => session.console.say(&ended(&why))?,
        (None, None) => session.console.say("Nothing was looked up; r asks again.")?,
    }
    Ok(())
}

fn say(session: &mut Session) -> Result<(), End> {
    let app = &session.app;
    let hops = app.selection.inquiry.as_ref().map(|inquiry| names(&inquiry.hops)).unwrap_or_default();
    let mut lines = vec![format!("The path to {hops}.")];
    lines.extend(app.path_verdicts().iter().flat_map(|verdict| of_verdict(app, verdict)));
    let told = |f: &&Finding| f.id.starts_with("hop/") && f.severity != Severity::Ok;
    let findings: Vec<Finding> = app.judgement.findings.iter().filter(told).cloned().collect();
    lines.iter().try_for_each(|line| session.console.say(&ended(line)))?;
    findings.iter().try_for_each(|finding| tell(&mut session.console, finding))?;
    Ok(())
}

fn of_verdict(app: &App, verdict: &Verdict) -> Vec<String> {
    let who = verdict.principal.as_deref().map_or_else(
        || "the caller".to_owned(),
        |arn| PrincipalArn::parse(arn).map_or_else(|_| arn.to_owned(), |arn| arn.short()),
    );
    let who = if verdict.party == Party::Operator { format!("You, {who}") } else { format!("The workload, {who}") };
    let role = RoleArn::parse(&verdict.role_arn).map_or_else(|_| verdict.role_arn.clone(), |arn| arn.name().into());
    let several = app.selection.inquiry.as_ref().is_some_and(|inquiry| inquiry.hops.len() > 1);
    let hop = if several { format!(", hop {}", verdict.hop + 1) } else { String::new() };
    let mut lines = vec![format!("{who}, and role {role}{hop}: {}", word(verdict))];
    if let Some(live) = &verdict.live {
        lines.push(match &live.outcome {
            Ok(_) => "The live call: AWS gave a session".into(),
            Err(error) => format!("The live call: {}", error.code.as_deref().unwrap_or("failed")),
        });
    }
    let evidence = &verdict.evidence;
    lines.extend(evidence.trust.iter().map(|side| format!("The trust policy alone: {}", side.summary)));
    lines.extend(evidence.caller.iter().map(|side| format!("The caller's own policies alone: {}", side.summary)));
    lines.extend(evidence.simulated.known().map(|simulated| format!("IAM's simulator: {}", simulated.decision)));
    lines.extend(evidence.told.iter().map(|told| format!("The message: {}", told.summary)));
    lines
}

const fn word(verdict: &Verdict) -> &'static str {
    match (verdict.decision.verdict, verdict.decision.leaning) {
        (Answer::Allow, _) => "allowed",
        (Answer::Deny, _) => "denied",
        (Answer::Unknown, Some(Leaning::Allow)) => "not known; everything that could be read allows",
        (Answer::Unknown, _) => "not known",
    }
}

/// Where the diagnosis was begun.
fn before(app: &App) -> Step {
    if app.diagnosis.from == Route::Access { Step::Access } else { Step::Ask }
}

fn choices(app: &App) -> Vec<Next> {
    let mut choices = vec![Next::Leave, Next::Again];
    if matches!(app.may_type_code(), When::Yes) {
        choices.push(Next::Code);
    }
    if matches!(app.may_try_external_id(), When::Yes) {
        choices.push(Next::ExternalId);
    }
    choices.push(if before(app) == Step::Access { Next::Paths } else { Next::Another });
    choices
}

async fn menu(session: &mut Session) -> Result<Turn, End> {
    let choices = choices(&session.app);
    let labels: Vec<String> = choices.iter().map(|choice| choice.words().to_owned()).collect();
    say_choices(&mut session.console, "What next?", &labels)?;
    let asks = "Number of what is to be done";
    let question = Question { asks, enter: Some("1, leave"), help: HELP, letters: "", hidden: false };
    loop {
        let next = match choose(session, &question, &choices, &labels, 0).await? {
            Chosen::Back => return Ok(Turn::To(before(&session.app))),
            Chosen::Again => return Ok(Turn::Again),
            Chosen::One(next) => next,
        };
        match next {
            Next::Leave => return Err(End::Left),
            Next::Another | Next::Paths => return Ok(Turn::To(before(&session.app))),
            Next::Again => {
                let effects = session.app.rerun();
                session.perform(effects)?;
                return Ok(Turn::Again);
            }
            Next::ExternalId => {
                if !agreed(session).await? {
                    session.console.say("Nothing was sent.")?;
                    continue;
                }
                let effects = session.app.try_wanted_external_id();
                session.perform(effects)?;
                return Ok(Turn::Again);
            }
            Next::Code => {
                if code(session).await? {
                    return Ok(Turn::Again);
                }
            }
        }
    }
}

/// Whether the wanted external ID may be sent: it stands in a policy, and the user may not be the one it is meant for.
async fn agreed(session: &mut Session) -> Result<bool, End> {
    session
        .console
        .say("The external ID that the trust policy wants would be sent once; the role's account will see it.")?;
    let asks = "Send it? Type yes to send";
    let question = Question { asks, enter: Some("no"), help: HELP, letters: "", hidden: false };
    Ok(matches!(session.ask(&question).await?, Reply::Text(text) if is_yes(text.expose())))
}

/// Asks for a code and tries with it; `false`: the user went back.
async fn code(session: &mut Session) -> Result<bool, End> {
    let devices = session.app.devices();
    let serial = match devices.as_slice() {
        [only] => only.clone(),
        _ => match known_or_typed(session, Purpose::MfaDevice, &devices).await? {
            Some(serial) => serial,
            None => return Ok(false),
        },
    };
    session.app.choose_device(serial);
    let Some(code) = text(session, Purpose::MfaCode, HELP, itself).await? else { return Ok(false) };
    let effects = session.app.take_code(SecretText::new(code));
    session.perform(effects)?;
    Ok(true)
}

/// A text under the rule that the screen's prompts have, or one of a list; `None`: the user went back.
async fn known_or_typed(session: &mut Session, purpose: Purpose, known: &[String]) -> Result<Option<String>, End> {
    for (number, name) in (1..).zip(known) {
        session.console.item(&format!("{number}. "), name)?;
    }
    text(session, purpose, HELP, |answer| known.get(pick(answer, known).ok()?).cloned()).await
}
