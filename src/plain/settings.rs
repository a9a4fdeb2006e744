//! The settings of a system: each with its value and where it stands, typed anew or taken away; and the files they are read from.

use super::choice::{Chosen, choose, itself, say_choices, typed};
use super::findings::ended;
use super::session::{End, Question, Reply, Session};
use super::walk::Turn;
use crate::systems::Secrecy;
use crate::tui::app::App;
use crate::tui::engine::Ask;
use crate::tui::prompt::Purpose;
use crate::tui::screens::settings::{
    Cursor, Row, about_source, absent, fault_of, go_on, inspectors, opening, place, principal, put, remove, rows,
    shown_value, sources,
};
use crate::tui::theme::Mark;

const HELP: &str = "Settings are read from the environment, from .env in this folder and from files that you name; what is typed wins. \
                    They are used to look at the system, and written nowhere.";
const FILE: &str = "A path; one that begins with ~/ is in your home folder. It holds NAME=value lines, or JSON.";

/// What can be done next.
#[derive(Clone, PartialEq, Eq)]
enum Next {
    GoOn,
    Change(Cursor),
    AddFile,
    DropFile(Cursor),
}

/// Says the settings, and asks what to do with them.
pub async fn ask(session: &mut Session) -> Result<Turn, End> {
    session.wait_for(&[Ask::Survey], "Reading where settings stand").await?;
    let sentence = opening(&session.app);
    session.console.say(&sentence)?;
    let faults: Vec<String> = sources(&session.app)
        .iter()
        .map(|source| (source, about_source(&session.app, source)))
        .filter(|(_, (mark, _))| matches!(mark, Mark::Fault | Mark::Doubt))
        .map(|(source, (_, words))| ended(&format!("{}: {words}", place(&session.app, &source.place))))
        .collect();
    faults.iter().try_for_each(|fault| session.console.say(fault))?;
    menu(session).await
}

fn choices(app: &App) -> Vec<(Next, String)> {
    let mut choices = vec![(Next::GoOn, format!("Go on: {}", go_on(app)))];
    let settings = rows(app).into_iter().filter(|row| row.setting.secrecy != Secrecy::Presence);
    choices.extend(settings.map(|row| (Next::Change(Cursor::Setting(row.setting.name)), said(app, &row))));
    choices.push((Next::Change(Cursor::Principal), format!("Workload: {}", principal(app).0)));
    choices.push((Next::Change(Cursor::Inspectors), format!("Inspectors: {}", inspectors(app).0)));
    choices.push((Next::AddFile, "Name a file to read settings from".into()));
    let files = app.selection.system.iter().flat_map(|choice| &choice.files);
    choices.extend(files.map(|path| {
        let words = format!("Read {} no more", app.setting.folders.short(path));
        (Next::DropFile(Cursor::File(path.clone())), words)
    }));
    choices
}

/// "Role: arn:… (environment)".
fn said(app: &App, row: &Row<'_>) -> String {
    let value = match row.given {
        Some(given) => format!("{} ({})", shown_value(app, row, given), place(app, &given.place)),
        None => absent(row),
    };
    let fault = row.fault.as_ref().map(|fault| format!("; {fault}")).unwrap_or_default();
    format!("{}: {value}{fault}", row.setting.label)
}

async fn menu(session: &mut Session) -> Result<Turn, End> {
    let choices = choices(&session.app);
    let labels: Vec<String> = choices.iter().map(|(_, label)| label.clone()).collect();
    say_choices(&mut session.console, "What next?", &labels)?;
    let asks = "Number of what is to be done, or a setting's name";
    let question = Question { asks, enter: Some("1, go on"), help: HELP, letters: "", hidden: false };
    match choose(session, &question, &choices, &labels, 0).await? {
        Chosen::Back => Ok(Turn::Back),
        Chosen::Again => Ok(Turn::Again),
        Chosen::One((next, _)) => act(session, next).await,
    }
}

async fn act(session: &mut Session, next: &Next) -> Result<Turn, End> {
    session.app.note = None;
    match next {
        Next::GoOn => return Ok(Turn::Next),
        Next::AddFile => {
            typed(session, Purpose::SettingsFile, FILE, itself).await?;
        }
        Next::DropFile(at) => {
            let effects = remove(&mut session.app, at);
            session.perform(effects)?;
        }
        Next::Change(at) => change(session, at).await?,
    }
    if let Some(note) = session.app.note.take() {
        session.console.say(&ended(&note))?;
    }
    Ok(Turn::Again)
}

/// Asks for one value, under the rule that it has.
async fn change(session: &mut Session, of: &Cursor) -> Result<(), End> {
    let (label, help) = match of {
        Cursor::Setting(name) => {
            let row = rows(&session.app).into_iter().find(|row| row.setting.name == *name);
            let Some(row) = row else { return Ok(()) };
            (row.setting.label, row.setting.help)
        }
        Cursor::Principal => {
            ("ARN of the workload", "The principal that walks these paths in production, judged beside you.")
        }
        _ => ("Inspectors, separated by commas", "AWS profiles that may read a role's account where yours may not."),
    };
    let asks = format!("{label}; = alone takes it away");
    let question = Question { asks: &asks, enter: Some("leave it as it is"), help, letters: "", hidden: false };
    loop {
        let text = match session.ask(&question).await? {
            Reply::Back | Reply::Again | Reply::Letter(_) | Reply::Enter => return Ok(()),
            Reply::Text(text) => text.expose().trim().to_owned(),
        };
        match fault_of(&session.app, of, &text) {
            Some(fault) => session.console.say(&ended(&format!("That cannot be taken: {fault}")))?,
            None => {
                put(&mut session.app, of, &text);
                return Ok(());
            }
        }
    }
}
