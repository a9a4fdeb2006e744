//! What keys and pastes do, by where the user is.

use crossterm::event::{KeyEvent, KeyEventKind};

use super::app::App;
use super::field::Field;
use super::help::Pane;
use super::keymap::{self, Action, Found, Place};
use super::message::Effect;
use super::prompt::Purpose;
use super::route::Route;
use super::screens::{self, ask};
use super::signals::HUNG_UP;
use crate::values::SecretText;

impl App {
    /// A key went down.
    pub fn key(&mut self, key: KeyEvent) -> Vec<Effect> {
        if key.kind == KeyEventKind::Release {
            return Vec::new();
        }
        self.note = None;
        match keymap::find(self, key) {
            Found::Do(action) => self.act(action),
            Found::Not(why) => {
                self.note = Some(why.to_owned());
                Vec::new()
            }
            Found::Nothing if self.place() == Place::Message => {
                self.inquiring.message.key(key);
                Vec::new()
            }
            Found::Nothing => {
                self.typed(|field| field.key(key));
                Vec::new()
            }
        }
    }

    /// The terminal pasted a text.
    pub fn paste(&mut self, text: &SecretText) -> Vec<Effect> {
        self.note = None;
        // On these two screens a paste can mean one thing only.
        if matches!(self.place(), Place::Message | Place::Screen(Route::Home | Route::Ask)) {
            screens::ask::pasted(self, text.expose());
            return Vec::new();
        }
        let pasting = self.prompt.as_ref().is_some_and(|prompt| prompt.purpose == Purpose::Paste);
        if self.place() == Place::Screen(Route::Sources) || (self.place() == Place::Prompt && pasting) {
            return screens::sources::pasted(self, text);
        }
        if !self.place().types() {
            self.note = Some("a paste needs a field: open one first".into());
            return Vec::new();
        }
        let mut refused = None;
        self.typed(|field| match field.paste(text.expose()) {
            Ok(()) => true,
            Err(why) => {
                refused = Some(why);
                false
            }
        });
        self.note = refused;
        Vec::new()
    }

    /// Lets the field that has the focus change, and what depends on it.
    fn typed(&mut self, change: impl FnOnce(&mut Field) -> bool) {
        match self.place() {
            Place::Filter => {
                let items = self.items();
                let Some(list) = self.list() else { return };
                if list.filter.as_mut().is_some_and(change) {
                    list.move_to_best(&items);
                }
            }
            Place::Prompt => {
                if let Some(prompt) = &mut self.prompt
                    && change(&mut prompt.field)
                {
                    prompt.changed();
                }
            }
            Place::Edit => {
                if let Some(edit) = &mut self.secret.edit {
                    change(&mut edit.field);
                }
            }
            Place::Setting => {
                if let Some(edit) = &mut self.settings.edit
                    && change(&mut edit.field)
                {
                    edit.refused = false;
                }
            }
            Place::Trying => {
                let typing = self.diagnose.what_if.typing.as_mut();
                let changed = typing.is_some_and(|typing| change(&mut typing.field));
                if changed {
                    screens::diagnose::what_if::typed(self);
                }
            }
            Place::Form => {
                if let Some(field) = self.inquiring.form.typed()
                    && change(field)
                {
                    self.inquiring.form.refused = None;
                }
            }
            Place::Help => {
                if let Some(help) = &mut self.help
                    && change(&mut help.search)
                {
                    help.scroll = 0;
                }
            }
            _ => {}
        }
    }

    fn act(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Leave => return self.leave(130),
            Action::Suspend => return vec![Effect::Suspend],
            Action::Redraw => return vec![Effect::Redraw],
            _ => {}
        }
        match self.place() {
            Place::Help | Place::About => self.act_on_help(action),
            Place::Replacing => self.act_on_replacing(action),
            Place::Leaving => {
                self.leaving = false;
                if action == Action::Yes { vec![Effect::Quit(0)] } else { Vec::new() }
            }
            Place::Prompt => super::prompt::act(self, action),
            Place::Filter => {
                self.act_on_filter(action);
                Vec::new()
            }
            Place::Edit => screens::secret::act_on_edit(self, action),
            Place::Setting => screens::settings::act_on_edit(self, action),
            Place::Trying => {
                screens::diagnose::what_if::act_on_typing(self, action);
                Vec::new()
            }
            Place::Message => screens::ask::act_on_message(self, action),
            Place::Form => screens::ask::act_on_form(self, action),
            Place::Agreeing => self.act_on_agreeing(action),
            Place::Sending => screens::secret::trials::act(self, action),
            Place::Texts => screens::texts::act(self, action),
            Place::Screen(_) => self.act_on_screen(action),
        }
    }

    fn act_on_filter(&mut self, action: Action) {
        let items = self.items();
        let Some(list) = self.list() else { return };
        match action {
            Action::Enter => list.keep_filter(),
            Action::Up => list.step(&items, -1),
            Action::Down => list.step(&items, 1),
            _ => list.clear_filter(),
        }
    }

    fn act_on_screen(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Help => self.open_help(),
            Action::Copy => return self.copy(),
            Action::Export => self.open_export(),
            Action::SaveCase => self.open_save(),
            Action::Discard => return self.discard_draft(),
            Action::Quit if self.unsaved() => self.leaving = true,
            Action::Quit if self.done.is_writing() => self.note = Some("writing; q leaves when it is done".into()),
            Action::Quit => return vec![Effect::Quit(0)],
            Action::Next => return self.next(),
            Action::Back => self.back(),
            Action::Stop => return self.stop(),
            Action::Rerun => return self.rerun(),
            Action::AllRegions => return self.search_regions(),
            Action::Region | Action::ConfigProfile | Action::StackName | Action::SecretName => self.open_prompt(action),
            Action::AwsProfile => self.open_prompt(action),
            Action::TryValues => self.secret.trials.asking = true,
            Action::Texts => screens::texts::open(self),
            Action::Watch | Action::MfaCode | Action::TryExternalId => return self.act_on_diagnosis(action),
            Action::ExternalId | Action::RoleArn | Action::Workload => self.open_prompt(action),
            Action::FromFile => {
                self.open_prompt(action);
                return self.find_files();
            }
            Action::TargetFile | Action::Tags => self.open_prompt(action),
            _ => return screens::act(self, action),
        }
        Vec::new()
    }

    /// Leaves at once; while a change is being written it is finished first, and a second time leaves regardless.
    pub fn leave(&mut self, code: u8) -> Vec<Effect> {
        if self.done.is_writing() && self.leave_after_writing == Some(code) && code == HUNG_UP {
            // Signal and end of input tell the same.
            return Vec::new();
        }
        if self.done.is_writing() && self.leave_after_writing.is_none() {
            self.leave_after_writing = Some(code);
            self.note = Some("finishing the change in flight; once more leaves at once".into());
            return vec![Effect::StopWriting];
        }
        vec![Effect::Quit(code)]
    }

    /// Where the user is.
    pub fn place(&self) -> Place {
        if self.leaving {
            Place::Leaving
        } else if self.diagnosis.agreeing {
            Place::Agreeing
        } else if self.secret.trials.asking {
            Place::Sending
        } else if self.export.replacing.is_some() {
            Place::Replacing
        } else if self.prompt.is_some() {
            Place::Prompt
        } else if let Some(help) = &self.help {
            if help.pane == Pane::Keys { Place::Help } else { Place::About }
        } else if self.texts.is_some() {
            Place::Texts
        } else if self.route == Route::Secret && self.secret.edit.is_some() {
            Place::Edit
        } else if self.route == Route::Settings && self.settings.edit.is_some() {
            Place::Setting
        } else if self.route == Route::Diagnose && self.diagnose.what_if.typing.is_some() {
            Place::Trying
        } else if self.route == Route::Ask && self.inquiring.focus == ask::Focus::Message {
            Place::Message
        } else if self.route == Route::Ask && self.inquiring.focus == ask::Focus::Form {
            Place::Form
        } else if self.shown_list().is_some_and(|list| list.typing) {
            Place::Filter
        } else {
            Place::Screen(self.route)
        }
    }
}
