//! AWS profile and identity: which credentials, and who they are.

use super::choice::{pick, say_choices};
use super::findings::tell;
use super::session::{End, Question, Reply, Session};
use super::walk::{Step, Turn};
use crate::model::facts::SourceEntry;
use crate::model::selection::CredentialSource;
use crate::model::{Finding, Severity};
use crate::tui::app::App;
use crate::tui::engine::Ask;
use crate::tui::route::{Route, Walk};
use crate::tui::screens::source::{judged, login, preselected, problem};
use crate::tui::steps::step_of;
use crate::wording::credentials;

const HELP: &str = "An AWS profile is a section of the AWS files in your home folder; rolecall uses the chosen one alone, keys in \
                    the environment do not shadow it. It is then asked who it is. It is not the config profile.";
const WITHOUT: &str = "n goes on without AWS: the values can still be judged and written to a file.";

/// Asks it, and who that is.
pub async fn ask(session: &mut Session) -> Result<Turn, End> {
    session.wait_for(&[Ask::Survey], "Reading this machine's files").await?;
    tell_endpoint(session)?;
    let entries: Vec<SourceEntry> = session.app.facts.sources.shown().cloned().unwrap_or_default();
    let names: Vec<String> = entries.iter().map(|entry| entry.source.label()).collect();
    if entries.is_empty() {
        return nobody(session).await;
    }
    let lines: Vec<String> = entries.iter().map(|entry| words(&session.app, entry)).collect();
    say_choices(&mut session.console, "Which AWS profile shall be used?", &lines)?;
    let offered = preselected(&session.app).and_then(|label| names.iter().position(|name| *name == label));
    let enter = offered.and_then(|at| Some(format!("{}, {}", at + 1, names.get(at)?)));
    let (letters, help) = (letters(&session.app), help(&session.app));
    let asks = match letters {
        "" => "Number or name of the AWS profile",
        _ => "Number or name of the AWS profile, or n to go on without AWS",
    };
    let question = Question { asks, enter: enter.as_deref(), help: &help, letters, hidden: false };
    loop {
        let at = match session.ask(&question).await? {
            Reply::Back => return Ok(Turn::Back),
            Reply::Again => return Ok(Turn::Again),
            Reply::Letter(_) => return Ok(without_aws(session)),
            Reply::Enter => offered.ok_or_else(|| "Nothing is offered: type a number or a name.".to_owned()),
            Reply::Text(text) => pick(text.expose(), &names),
        };
        match at.map(|at| entries.get(at)) {
            Ok(Some(entry)) => return chosen(session, entry.source.clone()).await,
            Ok(None) => {}
            Err(why) => session.console.say(&why)?,
        }
    }
}

/// Whoever comes for the secret may do without AWS.
fn letters(app: &App) -> &'static str {
    if app.walk == Walk::Secret && app.route == Route::Source { "n" } else { "" }
}

fn help(app: &App) -> String {
    if letters(app).is_empty() { HELP.to_owned() } else { format!("{HELP} {WITHOUT}") }
}

fn without_aws(session: &mut Session) -> Turn {
    session.without_aws = true;
    Turn::To(Step::Secret)
}

/// There is none to choose: what to do is said, and nothing is asked but whether to look again.
async fn nobody(session: &mut Session) -> Result<Turn, End> {
    session.console.say(credentials::NONE)?;
    credentials::WHAT_TO_DO.into_iter().try_for_each(|text| session.console.say(text))?;
    session.console.say(credentials::WITHOUT)?;
    let (letters, help) = (letters(&session.app), help(&session.app));
    let asks = match letters {
        "" => "Type r once there is one",
        _ => "Type r once there is one, or n to go on without AWS",
    };
    let question = Question { asks, enter: Some("look again"), help: &help, letters, hidden: false };
    loop {
        match session.ask(&question).await? {
            Reply::Back => return Ok(Turn::Back),
            Reply::Again => return Ok(Turn::Again),
            Reply::Letter(_) => return Ok(without_aws(session)),
            Reply::Enter => {
                let effects = vec![session.app.ask(Ask::Survey)];
                session.perform(effects)?;
                return Ok(Turn::Again);
            }
            Reply::Text(_) => session.console.say("There is no AWS profile to name yet.")?,
        }
    }
}

/// Says once that calls do not go to AWS itself.
fn tell_endpoint(session: &mut Session) -> Result<(), End> {
    let endpoint = session.app.facts.machine.shown().and_then(|machine| machine.endpoint_url.clone());
    let Some(endpoint) = endpoint.filter(|_| !session.told_endpoint) else { return Ok(()) };
    session.told_endpoint = true;
    Ok(session.console.say(&format!("All calls go to the endpoint {endpoint}, as AWS_ENDPOINT_URL says."))?)
}

/// "staging: SSO, eu-west-1, account 1111-2222-3333, not logged in."
fn words(app: &App, entry: &SourceEntry) -> String {
    let account = entry.account.as_ref().map(|account| format!("account {}", account.grouped()));
    let role = entry.role.as_deref().map(|role| role.rsplit('/').next().unwrap_or(role).to_owned());
    let state = entry.fault.clone().or_else(|| login(app, entry).map(|(words, _)| words)).or(role);
    let parts = [Some(entry.kind.words().to_owned()), entry.region.clone(), account, state];
    format!("{}: {}.", entry.source.label(), parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

async fn chosen(session: &mut Session, source: CredentialSource) -> Result<Turn, End> {
    session.without_aws = false;
    let same = session.app.selection.source.as_ref() == Some(&source);
    let asked = session.app.running.contains_key(&Ask::Identity) || session.app.facts.identity.known().is_some();
    if !(same && asked) {
        let effects = session.app.choose_source(source);
        session.perform(effects)?;
    }
    session.wait_for(&[Ask::Survey, Ask::Identity], "Asking AWS who this is").await?;
    Ok(if identified(session)? { Turn::Next } else { Turn::Again })
}

/// Whether the walk can go on from the AWS profile: it is known who asks, or that AWS is done without.
pub fn may_go_on(session: &mut Session) -> Result<bool, End> {
    if session.without_aws { Ok(true) } else { identified(session) }
}

/// Whether it is known who asks: says so once for each identity, or why it is not.
pub fn identified(session: &mut Session) -> Result<bool, End> {
    tell_endpoint(session)?;
    let app = &session.app;
    let Some(identity) = app.facts.identity.known() else {
        let name = app.selection.source.as_ref().map(CredentialSource::label).unwrap_or_default();
        session.console.say(&format!("AWS profile {name} leads to no identity."))?;
        match (judged(app).cloned(), problem(app)) {
            (Some(finding), _) => tell(&mut session.console, &finding)?,
            (None, Some(error)) => session.console.say(&error.to_string())?,
            (None, None) => {}
        }
        return Ok(false);
    };
    let region = app.facts.credentials.known().map(|found| format!(", region {}", found.region)).unwrap_or_default();
    let who = format!("You are {} in account {}{region}.", identity.arn.short(), identity.account.grouped());
    if session.told_identity.as_ref() == Some(&who) {
        return Ok(true);
    }
    session.console.say(&who)?;
    session.told_identity = Some(who);
    let worrying = |f: &&Finding| step_of(f) == Route::Source && f.severity <= Severity::Warning;
    let findings: Vec<Finding> = session.app.judgement.findings.iter().filter(worrying).cloned().collect();
    findings.iter().try_for_each(|finding| tell(&mut session.console, finding))?;
    Ok(true)
}
