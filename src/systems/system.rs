//! What a system is: the one place that a further one is written against.

use std::sync::Arc;

use jsonc_parser::ast::{Object, Value};

use crate::model::finding::Fix;
use crate::model::system::{Asked, CallsIn, PathPlan, Question};
use crate::model::text::Text;
use crate::model::{AwsError, Facts, Finding, Inquiry, Selection};
use crate::policy::fix::NoFix;
use crate::values::{PrincipalArn, SecretText, json};

use super::rows::PathRow;
use super::settings::{Setting, Settings};

/// One of the systems that rolecall knows. Pure: what is to be looked up is said as paths and questions, and judged from facts.
pub trait System: Sync {
    /// The word for it on the command line: `wave`.
    fn name(&self) -> &'static str;

    /// As the list at home calls it: "Wave registry roles".
    fn title(&self) -> &'static str;

    /// What can be found out about it, as a sentence.
    fn about(&self) -> &'static str;

    /// The settings that it is looked at by, in the order they are shown and asked for.
    fn settings(&self) -> &'static [Setting];

    /// Whether a setting holds several things, each of which can be typed by its name: `roles.prod.duration`. [`Settings::parts`] gives them.
    fn has_parts(&self, _setting: &str) -> bool {
        false
    }

    /// Whether a setting of its stands under this name.
    fn reads(&self, name: &str) -> bool {
        self.settings().iter().any(|setting| setting.variables.contains(&name))
    }

    /// What a member of a JSON file, of a name that the system reads, says: a text as it is, anything else as it stands in `text`. `None`:
    /// nothing.
    fn of_member(&self, _name: &str, value: &Value<'_>, text: &str) -> Option<SecretText> {
        (!matches!(value, Value::NullKeyword(_))).then(|| json::member_text(value, text).into())
    }

    /// What a JSON file gives that holds none of the variables but is of the system's own shape: variables, and values that are slices of `text`.
    fn of_document(&self, _document: &Object<'_>, _text: &str) -> Vec<(&'static str, SecretText)> {
        Vec::new()
    }

    /// What the system makes of a refused call, for the finding about it: its own words for AWS's error.
    fn words_for(&self, _error: &AwsError) -> Option<String> {
        None
    }

    /// Of each of these findings the setting, by its name, that it is about though its subject is another word for it, such as an entry of the
    /// setting. All at once, since a setting may hold a thousand entries.
    fn settings_of(&self, findings: &[&Finding], _settings: &Settings) -> Vec<Option<&'static str>> {
        vec![None; findings.len()]
    }

    /// Why no edit is offered that lets a caller in who cannot be meant to walk a path. `None`: they may well be.
    fn mistaken(&self, _caller: &PrincipalArn, _inquiry: &Inquiry) -> Option<NoFix> {
        None
    }

    /// The text of the system's that allows a call of an action: what it may do, and the command that prints it. `None`: it has none.
    fn allowing(&self, _action: &str) -> Option<Fix> {
        None
    }

    /// What of it this machine shows, as a clause: "AWS_AUTH_ROLES: 3 roles". `None`: nothing.
    fn signs(&self, settings: &Settings) -> Option<String>;

    /// The access paths that follow from the settings. An id is the same for the same path whatever else changes.
    fn paths(&self, settings: &Settings, facts: &Facts) -> Vec<PathPlan>;

    /// The same paths as they shall be, which texts are made from: with what is offered for a role that is still to be made.
    fn intended(&self, settings: &Settings, facts: &Facts) -> Vec<PathPlan> {
        self.paths(settings, facts)
    }

    /// In which region it calls AWS, by its settings: what is looked up for it is called there too, unless the user chose another region.
    /// `None`: where everything on this machine calls.
    fn calls_in(&self, _settings: &Settings) -> Option<CallsIn> {
        None
    }

    /// The principals whose rights and keys are looked at.
    fn questions(&self, _settings: &Settings, _facts: &Facts) -> Vec<Question> {
        Vec::new()
    }

    /// Whom [`System::questions`] will ask about as far as the settings alone tell, before anybody is known to AWS.
    fn asks_about(&self, settings: &Settings) -> Vec<Asked> {
        self.questions(settings, &Facts::new(crate::values::time::Timestamp::UNIX_EPOCH))
            .into_iter()
            .map(|question| question.who)
            .collect()
    }

    /// What is judged beside the paths themselves: the settings, the principals, what follows from both. A setting that does not keep its rule
    /// is judged by the engine.
    fn judge(&self, view: &View<'_>) -> Vec<Finding>;

    /// The texts that it hands over beside those of its paths: policies, commands, an environment.
    fn texts(&self, view: &View<'_>) -> Vec<Text>;

    /// The words of those texts, for the command line, and what each is, in a line; [`System::texts`] makes no others.
    fn text_names(&self) -> &'static [(&'static str, &'static str)];
}

/// What a system judges from.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// Everything looked up.
    pub facts: &'a Facts,
    /// What was chosen.
    pub selection: &'a Selection,
    /// The settings, resolved.
    pub settings: &'a Settings,
    /// The paths, as the engine judged them, in the system's order.
    pub rows: &'a [Arc<PathRow>],
    /// External IDs may be written out in texts.
    pub shows_external_ids: bool,
}
