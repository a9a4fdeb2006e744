//! What is to be diagnosed: a pasted message, a role that is known already, or a path that is typed.

mod form;
mod form_view;
mod known;
mod message;
mod view;

use super::movement;
use crate::model::Inquiry;
use crate::model::selection::CredentialSource;
use crate::preselect;
use crate::tui::app::App;
use crate::tui::keymap::{Action, When};
use crate::tui::message::Effect;
use crate::tui::route::Route;
use crate::tui::widgets::list::{Item, ListState};

pub use form::{Form, TYPED};
pub use known::{Candidate, account, candidates, names, of_role};
pub use message::{Pasted, Stranger, stranger};
pub use view::{besides, draw, understood};

/// How many of the paths that were typed are remembered.
const REMEMBERED: usize = 5;

/// What has the keys.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Focus {
    /// The list.
    #[default]
    List,
    /// The field of the message.
    Message,
    /// The fields of a path.
    Form,
}

/// What the screen keeps: nothing that was typed is lost by leaving it.
#[derive(Default)]
pub struct State {
    /// The row under the cursor.
    pub list: ListState,
    /// What has the keys.
    pub focus: Focus,
    /// The error message.
    pub message: Pasted,
    /// The path as it is typed.
    pub form: Form,
    /// The paths that were typed and diagnosed, the latest first.
    pub typed: Vec<Inquiry>,
}

/// A row of the list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Row {
    /// The error message.
    Message,
    /// An AWS profile of the account that the message's caller is of.
    Use(CredentialSource),
    /// The two roles of a stack, by the walk.
    Stack,
    /// A path that is known.
    Known(Box<Candidate>),
    /// A path to be typed.
    Type,
}

impl Row {
    /// The same while facts arrive.
    pub fn id(&self) -> String {
        match self {
            Self::Message => "message".into(),
            Self::Use(source) => format!("use {}", source.label()),
            Self::Stack => "stack".into(),
            Self::Known(candidate) => candidate.id(),
            Self::Type => "type".into(),
        }
    }
}

/// The rows, from top to bottom.
pub fn rows(app: &App) -> Vec<Row> {
    let uses = stranger(app).into_iter().flat_map(|stranger| stranger.offers).map(Row::Use);
    let known = candidates(app).into_iter().map(|candidate| Row::Known(Box::new(candidate)));
    std::iter::once(Row::Message).chain(uses).chain(known).chain([Row::Stack, Row::Type]).collect()
}

fn items(rows: &[Row]) -> Vec<Item> {
    rows.iter().map(|row| Item { id: row.id(), shown: String::new() }).collect()
}

/// The row under the cursor.
pub fn under_cursor(app: &App) -> Option<Row> {
    let selected = app.inquiring.list.selected.as_deref()?;
    rows(app).into_iter().find(|row| row.id() == selected)
}

/// Puts the cursor where it belongs first: on what was asked before, else on the message. A row that is gone gives it back.
pub fn follow(app: &mut App) {
    if app.route != Route::Ask || under_cursor(app).is_some() {
        return;
    }
    let asked = app.selection.inquiry.is_some() && app.inquiring.list.selected.is_none();
    let row = rows(app).into_iter().find(|row| if asked { matches!(row, Row::Known(_)) } else { *row == Row::Message });
    app.inquiring.list.selected = row.map(|row| row.id());
}

/// What a key does here.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    if let Some(by) = movement(action) {
        let items = items(&rows(app));
        app.inquiring.list.step(&items, by);
        return Vec::new();
    }
    match action {
        Action::PasteMessage => open_message(app),
        Action::EditPath => edit(app),
        Action::Enter => return enter(app),
        _ => {}
    }
    Vec::new()
}

/// The field of the message takes the keys.
pub fn open_message(app: &mut App) {
    app.inquiring.list.selected = Some(Row::Message.id());
    app.inquiring.focus = Focus::Message;
}

/// A message was pasted, with or without its field open: it takes the place of the one before.
pub fn pasted(app: &mut App, text: &str) {
    if app.route != Route::Ask {
        app.go(Route::Ask);
    }
    app.note = app.inquiring.message.paste(text).err();
    // Of another account: first with whose credentials.
    let uses = rows(app).into_iter().find(|row| matches!(row, Row::Use(_)));
    app.inquiring.list.selected = Some(uses.unwrap_or(Row::Message).id());
    app.inquiring.focus = Focus::List;
}

/// What the form would be filled in with: the path under the cursor, or the message's.
fn to_edit(app: &App) -> Option<Inquiry> {
    match under_cursor(app)? {
        Row::Known(candidate) => Some(candidate.inquiry),
        Row::Message => of_message(app),
        Row::Use(_) | Row::Stack | Row::Type => None,
    }
}

fn edit(app: &mut App) {
    if let Some(inquiry) = to_edit(app) {
        app.inquiring.form = Form::of(&inquiry);
    }
    app.inquiring.focus = Focus::Form;
}

fn of_message(app: &App) -> Option<Inquiry> {
    app.inquiring.message.inquiry(app.facts.identity.shown().map(|identity| &identity.arn))
}

fn enter(app: &mut App) -> Vec<Effect> {
    match under_cursor(app) {
        Some(Row::Message) => match of_message(app) {
            Some(inquiry) => return app.diagnose(inquiry),
            None => open_message(app),
        },
        Some(Row::Use(source)) => {
            app.inquiring.list.selected = Some(Row::Message.id());
            return app.choose_source(source);
        }
        Some(Row::Stack) => app.open_roles(),
        Some(Row::Known(candidate)) => return app.diagnose_as(with_message(app, candidate.inquiry), candidate.source),
        Some(Row::Type) => app.inquiring.focus = Focus::Form,
        None => {}
    }
    Vec::new()
}

/// The message goes with a role that it names, or that was picked because it names none.
fn with_message(app: &App, inquiry: Inquiry) -> Inquiry {
    let message = &app.inquiring.message;
    let of_message = of_message(app);
    let roles = of_message.iter().flat_map(|inquiry| &inquiry.hops);
    let fits = roles.map(|hop| &hop.role_arn).all(|role| inquiry.hops.iter().any(|hop| hop.role_arn == *role));
    let pasted = message.text().filter(|_| fits);
    Inquiry { message: pasted.or(inquiry.message), ..inquiry }
}

/// What a key does while the message is typed.
pub fn act_on_message(app: &mut App, action: Action) -> Vec<Effect> {
    app.inquiring.focus = Focus::List;
    if action != Action::Enter || app.inquiring.message.text().is_none() {
        return Vec::new();
    }
    match of_message(app) {
        Some(inquiry) if stranger(app).is_none() => app.diagnose(inquiry),
        // First with whose credentials, which the rows below offer.
        Some(_) => Vec::new(),
        None if app.inquiring.message.is_told_whole() => Vec::new(),
        // Why not says the screen's sentence.
        None => {
            let known = rows(app).into_iter().find(|row| matches!(row, Row::Known(_)));
            app.inquiring.list.selected = Some(known.unwrap_or(Row::Type).id());
            Vec::new()
        }
    }
}

/// What a key does while a path is typed.
pub fn act_on_form(app: &mut App, action: Action) -> Vec<Effect> {
    let form = &mut app.inquiring.form;
    match action {
        Action::Back => app.inquiring.focus = Focus::List,
        Action::Up => form.step(-1),
        Action::Down => form.step(1),
        Action::AddHop => form.add(),
        Action::RemoveHop => form.remove(),
        Action::Enter => {
            let entries = app.facts.sources.shown().into_iter().flatten();
            let profiles: Vec<String> = entries.map(|entry| entry.source.label()).collect();
            let Some(inquiry) = app.inquiring.form.inquiry(&profiles) else { return Vec::new() };
            app.inquiring.focus = Focus::List;
            app.inquiring.typed.retain(|other| other.hops != inquiry.hops);
            app.inquiring.typed.insert(0, inquiry.clone());
            app.inquiring.typed.truncate(REMEMBERED);
            return app.diagnose(with_message(app, inquiry));
        }
        _ => {}
    }
    Vec::new()
}

/// Whether Enter does `what` to the row under the cursor.
pub fn enter_does(app: &App, what: Enters) -> When {
    let does = match under_cursor(app) {
        Some(Row::Message) if of_message(app).is_some() => Enters::Diagnoses,
        Some(Row::Message) => Enters::Writes,
        Some(Row::Use(_)) => Enters::Chooses,
        Some(Row::Known(_)) => Enters::Diagnoses,
        Some(Row::Stack | Row::Type) => Enters::Opens,
        None => return When::Hidden,
    };
    if does == what { When::Yes } else { When::Hidden }
}

/// What Enter can do here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Enters {
    /// Diagnose it.
    Diagnoses,
    /// Open the field of the message.
    Writes,
    /// Take the AWS profile.
    Chooses,
    /// Open what is behind it.
    Opens,
}

/// Whether there is a path under the cursor to be changed.
pub fn may_edit(app: &App) -> When {
    if to_edit(app).is_some() { When::Yes } else { When::Hidden }
}

/// Whether the hop with the cursor can be taken out.
pub fn may_remove(app: &App) -> When {
    if app.inquiring.form.length() > 1 { When::Yes } else { When::No("a path has one hop at least") }
}

/// The AWS profile that the credentials would be of, if one is chosen or only one can be.
pub fn source(app: &App) -> Option<CredentialSource> {
    app.selection.source.clone().or_else(|| preselect::source(&app.facts))
}
