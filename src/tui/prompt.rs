//! A question with a typed answer: what it is for, what is wrong with the text, and what taking it does.

use std::collections::BTreeSet;

use super::app::App;
use super::engine::Ask;
use super::field::Field;
use super::fuzzy;
use super::keymap::{Action, When};
use super::message::Effect;
use super::route::Route;
use super::screens::sources;
use crate::model::facts::{MfaDevice, Secret};
use crate::model::selection::{RoleKind, WorkloadChoice};
use crate::model::{Fact, ImportSource, Reader, VersionChoice};
use crate::values::{RoleArn, SecretText, StackArn};

/// What is being asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// The external ID of the live call.
    ExternalId,
    /// The ARN of one of the two roles.
    Role(RoleKind),
    /// The ARN of the workload's role.
    Workload,
    /// The name or ARN of a stack.
    Stack,
    /// A region.
    Region,
    /// The name of a config profile.
    ConfigProfile,
    /// The name of a secret.
    SecretName,
    /// A file that holds the whole secret.
    SecretFile,
    /// An env file that values come from.
    ImportEnvFile,
    /// A JSON file that values come from.
    ImportFile,
    /// A secret that values come from.
    ImportSecret,
    /// Which version of it.
    ImportVersion,
    /// A text that values come from.
    Paste,
    /// Which runtime will read the secret.
    Reader,
    /// A file to write the secret to.
    TargetFile,
    /// The KMS key of a new secret.
    KmsKey,
    /// The tags of a new secret.
    Tags,
    /// A file to write what was found to.
    Export,
    /// A file to save the access case to.
    Case,
    /// A file to write a text to hand over to.
    Text,
    /// A file that the settings of a system are read from.
    SettingsFile,
    /// Which of several things to copy.
    Copy,
    /// The AWS profile to ask with.
    AwsProfile,
    /// The MFA device whose code is typed.
    MfaDevice,
    /// Its code.
    MfaCode,
}

impl Purpose {
    /// The question.
    pub const fn title(self) -> &'static str {
        match self {
            Self::ExternalId => "External ID to send with the live call (empty: none)",
            Self::Role(RoleKind::Read) => "ARN of the read role (empty: what the stack says)",
            Self::Role(RoleKind::Write) => "ARN of the write role (empty: what the stack says)",
            Self::Workload => "ARN of the role that will assume them in production (empty: the webhook's own)",
            Self::Stack => "Name or ARN of the stack",
            Self::Region => "Region (empty: as the AWS profile says)",
            Self::ConfigProfile => "Name of the config profile",
            Self::SecretName => "Secret: one of this region, or a new name",
            Self::SecretFile => "JSON file that holds the secret's values",
            Self::ImportEnvFile => "Env file to take values from: NAME=value lines",
            Self::ImportFile => "JSON file to take values from: a secret, a task definition or a config.json",
            Self::ImportSecret => "Secret to take values from: a name or an ARN",
            Self::ImportVersion => "Which version of it? A version id, or a label such as AWSPREVIOUS",
            Self::Paste => "Paste JSON or NAME=value lines now; they stay in memory, nowhere else",
            Self::Reader => "Which runtime will read this secret?",
            Self::TargetFile => "File to write the secret to, for you alone (empty: to Secrets Manager)",
            Self::KmsKey => "KMS key to encrypt the new secret with: id, ARN or alias (empty: aws/secretsmanager)",
            Self::Tags => "Tags of the new secret: Name=Value, Name=Value (empty: none beside ManagedBy)",
            Self::Export => "File to write the report to: .md, .html, .json or .txt",
            Self::Case => "File to save the access case to, external ID and all (rolecall explain replays it)",
            Self::Text => "File to write this text to",
            Self::SettingsFile => "File to read settings from: NAME=value lines, or JSON",
            Self::Copy => "Copy what?",
            Self::AwsProfile => "With which AWS profile shall AWS be asked?",
            Self::MfaDevice => "Code of which MFA device? Its ARN or serial number",
            Self::MfaCode => "Six-digit code of the MFA device; it is sent once, and kept nowhere",
        }
    }

    /// Whether what is typed is not shown.
    pub const fn is_hidden(self) -> bool {
        matches!(self, Self::MfaCode | Self::Paste)
    }

    /// Whether the answer is one of the suggestions, so that the best match is taken.
    const fn picks(self) -> bool {
        matches!(self, Self::Copy | Self::AwsProfile | Self::Reader)
    }

    /// What is wrong with a text, in a sentence.
    pub fn fault(self, text: &str) -> Option<String> {
        match self {
            Self::ExternalId => external_id(text),
            Self::Role(_) | Self::Workload if text.is_empty() => None,
            Self::Role(_) | Self::Workload => RoleArn::parse(text).err().map(|error| error.to_string()),
            Self::Stack if text.is_empty() => Some("a name or an ARN is needed".into()),
            Self::Stack if text.starts_with("arn:") => StackArn::parse(text).err().map(|error| error.to_string()),
            Self::Stack => name(text, 128, "letters, digits and hyphens", |c| c.is_ascii_alphanumeric() || c == '-'),
            Self::Region if text.is_empty() => None,
            Self::Region => region(text),
            Self::ConfigProfile => name(text, 128, "letters, digits, `-` and `_`; it names a folder", |c| {
                c.is_ascii_alphanumeric() || c == '-' || c == '_'
            }),
            Self::SecretName if text == TO_A_FILE => None,
            Self::SecretName | Self::ImportSecret => {
                name(text, 512, "letters, digits and /_+=.@-", |c| c.is_ascii_alphanumeric() || "/_+=.@-:".contains(c))
            }
            Self::SecretFile
            | Self::Export
            | Self::Case
            | Self::Text
            | Self::ImportEnvFile
            | Self::ImportFile
            | Self::SettingsFile => text.is_empty().then(|| "a file is needed".into()),
            Self::ImportVersion => name(text, 256, "no spaces", |c| !c.is_whitespace()).filter(|_| !text.is_empty()),
            // What was typed is no paste: a terminal that sends a paste as keys would have it taken line by line.
            Self::Paste => Some("a paste comes in one piece; this terminal sends keys: save the text as a file".into()),
            Self::KmsKey if text.is_empty() => None,
            Self::KmsKey => {
                name(text, 2_048, "an id, an ARN or alias/NAME", |c| c.is_ascii_alphanumeric() || "-_/:".contains(c))
            }
            Self::Tags => tags(text).err(),
            Self::AwsProfile if text.is_empty() => Some("an AWS profile is needed".into()),
            Self::MfaDevice => mfa_device(text),
            Self::MfaCode => {
                let fits = text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit());
                (!fits).then(|| "a code has six digits".into())
            }
            Self::Copy | Self::AwsProfile | Self::Reader | Self::TargetFile => None,
        }
    }
}

/// Offered beside the names of secrets: a file is written instead.
pub const TO_A_FILE: &str = "(a file, not Secrets Manager)";

/// The most tags that AWS lets a secret have (Secrets Manager quotas), `ManagedBy` among them.
const MOST_TAGS: usize = 50;

/// Tags as they are typed.
fn tags(text: &str) -> Result<Vec<(String, String)>, String> {
    let mut tags: Vec<(String, String)> = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').ok_or_else(|| format!("`{part}` is no Name=Value"))?;
        let (name, value) = (name.trim(), value.trim());
        // Secrets Manager API reference, Tag: names of 1 to 128, values of up to 256 characters.
        let long = name.chars().count() > 128 || value.chars().count() > 256;
        if name.is_empty() || long || name.to_lowercase().starts_with("aws:") {
            return Err(format!(
                "`{part}`: a name has 1 to 128 characters and does not begin with aws:, a value up to 256"
            ));
        }
        if tags.iter().any(|(other, _)| other == name) {
            return Err(format!("the tag {name} stands twice"));
        }
        tags.push((name.to_owned(), value.to_owned()));
    }
    if tags.len() >= MOST_TAGS { Err(format!("at most {} tags", MOST_TAGS - 1)) } else { Ok(tags) }
}

/// A version as it is typed: an id is a UUID, all else is a label.
fn version(text: &str) -> VersionChoice {
    let is_id = text.len() >= 32 && text.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    match text {
        "" | "AWSCURRENT" => VersionChoice::Current,
        id if is_id => VersionChoice::Id(id.to_owned()),
        label => VersionChoice::Stage(label.to_owned()),
    }
}

/// STS API Reference, GetSessionToken, `SerialNumber`: 9 to 256 characters of `[\w+=/:,.@-]`. What gives no codes is refused before it is
/// sent: the API takes no other proof.
fn mfa_device(text: &str) -> Option<String> {
    let allowed = text.chars().all(|c| c.is_ascii_alphanumeric() || "_+=/:,.@-".contains(c));
    if !(9..=256).contains(&text.len()) || !allowed {
        return Some("a device is an ARN such as arn:aws:iam::111122223333:mfa/NAME, or a serial number".into());
    }
    let codeless = !MfaDevice { serial: text.to_owned() }.has_codes();
    codeless.then(|| "a passkey or security key gives no codes".into())
}

/// AWS's rule for `ExternalId`: 2 to 1,224 of these characters (STS API reference, AssumeRole).
fn external_id(text: &str) -> Option<String> {
    if text.is_empty() {
        return None;
    }
    if !(2..=1_224).contains(&text.len()) {
        return Some("an external ID has 2 to 1,224 characters".into());
    }
    let wrong = text.chars().find(|c| !(c.is_ascii_alphanumeric() || "_+=,.@:/-".contains(*c)))?;
    Some(format!("`{wrong}` may not be in an external ID: letters, digits and +=,.@:/-_ only"))
}

fn name(text: &str, longest: usize, rule: &str, valid: impl Fn(char) -> bool) -> Option<String> {
    if text.is_empty() {
        return Some("a name is needed".into());
    }
    if text.len() > longest {
        return Some(format!("at most {longest} characters"));
    }
    let wrong = text.chars().find(|c| !valid(*c))?;
    Some(format!("`{wrong}` may not be in it: {rule}"))
}

fn region(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split('-').collect();
    let lower = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    let number = parts.last().is_some_and(|last| !last.is_empty() && last.chars().all(|c| c.is_ascii_digit()));
    (!(lower && number && parts.len() >= 3)).then(|| "a region looks like us-east-1".into())
}

/// An open prompt.
pub struct Prompt {
    /// What it asks for.
    pub purpose: Purpose,
    /// The answer as it is typed.
    pub field: Field,
    /// What is known and could be meant.
    pub suggestions: Vec<String>,
    /// The suggestion under the cursor, among those that match.
    pub at: Option<usize>,
    /// Why the answer was not taken.
    pub refused: Option<String>,
}

impl Prompt {
    /// A prompt with a text to begin with, and what is known.
    pub fn new(purpose: Purpose, text: &str, suggestions: Vec<String>) -> Self {
        Self { purpose, field: Field::new(text), suggestions, at: None, refused: None }
    }

    /// The suggestions that match what was typed, best first.
    pub fn matching(&self) -> Vec<&str> {
        let found = fuzzy::matching(self.field.text(), &self.suggestions);
        found.into_iter().filter_map(|index| self.suggestions.get(index)).map(String::as_str).collect()
    }

    /// The text changed. Of what can be copied the best match is taken; elsewhere the typed text is the answer.
    pub fn changed(&mut self) {
        self.at = self.purpose.picks().then_some(0);
        self.refused = None;
    }

    fn answer(&self) -> String {
        let suggestion = self.at.and_then(|at| self.matching().get(at).map(|text| (*text).to_owned()));
        suggestion.unwrap_or_else(|| self.field.text().trim().to_owned())
    }
}

impl App {
    /// Opens the prompt that belongs to an action.
    pub fn open_prompt(&mut self, action: Action) {
        let role = self.roles.selected;
        let (purpose, text) = match action {
            Action::ExternalId => (Purpose::ExternalId, self.selection.external_id.clone()),
            Action::RoleArn => (Purpose::Role(role), self.selection.typed_roles.get(&role).map(ToString::to_string)),
            Action::Workload => (
                Purpose::Workload,
                match &self.selection.workload {
                    WorkloadChoice::Role(arn) => Some(arn.to_string()),
                    _ => None,
                },
            ),
            Action::StackName => (Purpose::Stack, None),
            Action::Region => (Purpose::Region, self.selection.region.clone()),
            Action::ConfigProfile => (Purpose::ConfigProfile, None),
            Action::SecretName => (Purpose::SecretName, None),
            Action::AwsProfile => (Purpose::AwsProfile, None),
            Action::FromFile if self.route == Route::Settings => (Purpose::SettingsFile, None),
            Action::FromFile => (Purpose::SecretFile, None),
            Action::TargetFile => {
                let path = self.selection.migration.to_file.as_deref();
                (Purpose::TargetFile, path.map(|path| self.setting.folders.short(path)))
            }
            Action::KmsKey => (Purpose::KmsKey, self.selection.migration.kms_key.clone()),
            Action::Reader => (Purpose::Reader, None),
            Action::Tags => {
                let tags = self.selection.migration.tags.iter().map(|(name, value)| format!("{name}={value}"));
                (Purpose::Tags, Some(tags.collect::<Vec<_>>().join(", ")))
            }
            _ => return,
        };
        let suggestions = self.suggestions(purpose);
        if purpose == Purpose::AwsProfile && self.has_no_source() {
            self.note = Some("there is no AWS profile on this machine; make one, then r looks again".into());
            return;
        }
        let at = purpose.picks().then(|| self.suggested(purpose, &suggestions));
        self.prompt = Some(Prompt { at, ..Prompt::new(purpose, &text.unwrap_or_default(), suggestions) });
    }

    /// Where the cursor stands first among what is picked from: on what is chosen.
    fn suggested(&self, purpose: Purpose, suggestions: &[String]) -> usize {
        let chosen = match purpose {
            Purpose::Reader => Some(self.draft.reader.words().to_owned()),
            _ => super::screens::ask::source(self).map(|source| source.label()),
        };
        suggestions.iter().position(|label| Some(label) == chosen.as_ref()).unwrap_or(0)
    }

    /// What is known and could be meant.
    pub fn suggestions(&self, purpose: Purpose) -> Vec<String> {
        match purpose {
            Purpose::Reader => Reader::ALL.map(|reader| reader.words().to_owned()).to_vec(),
            Purpose::ImportSecret => {
                self.facts.secrets.shown().into_iter().flatten().map(|secret| secret.name.clone()).collect()
            }
            Purpose::ImportVersion => {
                let there = self.facts.secret.shown().filter(|secret| self.opens_secret(secret));
                let ids = there.into_iter().flat_map(|secret| secret.versions.iter().map(|(id, _)| id.clone()));
                ["AWSCURRENT", "AWSPREVIOUS"].map(str::to_owned).into_iter().chain(ids).collect()
            }
            Purpose::SecretName => {
                let known = self.facts.secrets.shown().into_iter().flatten().map(|secret| secret.name.clone());
                let mut seen = BTreeSet::new();
                std::iter::once(self.draft.secret_name.clone())
                    .chain(known)
                    .filter(|name| !name.is_empty() && seen.insert(name.clone()))
                    .chain(std::iter::once(TO_A_FILE.to_owned()))
                    .collect()
            }
            Purpose::ConfigProfile => {
                self.facts.config_profiles.shown().into_iter().flatten().map(|profile| profile.name.clone()).collect()
            }
            Purpose::AwsProfile => {
                self.facts.sources.shown().into_iter().flatten().map(|entry| entry.source.label()).collect()
            }
            Purpose::Region => {
                let mut regions: Vec<String> =
                    self.facts.sources.shown().into_iter().flatten().filter_map(|entry| entry.region.clone()).collect();
                regions.sort();
                regions.dedup();
                regions
            }
            _ => Vec::new(),
        }
    }

    /// Whether the source that was opened is this secret.
    fn opens_secret(&self, secret: &Secret) -> bool {
        let opened = self.gathering.replacing.and_then(|index| self.selection.migration.imports.get(index));
        matches!(opened, Some(ImportSource::Secret { id, .. }) if *id == secret.name || *id == secret.arn)
    }

    /// Whether the prompt has something to go through.
    pub fn prompt_suggests(&self) -> When {
        if self.prompt.as_ref().is_some_and(|prompt| !prompt.matching().is_empty()) { When::Yes } else { When::Hidden }
    }
}

/// What a key does while a prompt is open.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    let Some(prompt) = &mut app.prompt else { return Vec::new() };
    let last = prompt.matching().len().saturating_sub(1);
    match action {
        Action::Back => app.prompt = None,
        Action::Down => prompt.at = Some(prompt.at.map_or(0, |at| (at + 1).min(last))),
        Action::Up => prompt.at = prompt.at.and_then(|at| at.checked_sub(1)),
        Action::Enter => {
            let answer = prompt.answer();
            if let Some(fault) = prompt.purpose.fault(&answer) {
                prompt.refused = Some(fault);
                return Vec::new();
            }
            let purpose = prompt.purpose;
            app.prompt = None;
            return take(app, purpose, answer);
        }
        _ => {}
    }
    Vec::new()
}

/// The answer is valid: it takes effect.
pub fn take(app: &mut App, purpose: Purpose, answer: String) -> Vec<Effect> {
    let some = (!answer.is_empty()).then_some(answer.clone());
    let again = match purpose {
        Purpose::ExternalId => {
            app.selection.external_id = some;
            Ask::Stack
        }
        Purpose::Role(kind) => {
            match RoleArn::parse(&answer) {
                Ok(arn) => app.selection.typed_roles.insert(kind, arn),
                Err(_) => app.selection.typed_roles.remove(&kind),
            };
            Ask::Stack
        }
        Purpose::Workload => {
            app.selection.workload = RoleArn::parse(&answer).map_or(WorkloadChoice::WebhookStack, WorkloadChoice::Role);
            Ask::Stack
        }
        Purpose::Stack => {
            let effects = app.choose_stack(answer);
            return effects.into_iter().chain(app.next()).collect();
        }
        Purpose::Region => {
            app.selection.region = some;
            app.selection.all_regions = false;
            return if app.selection.source.is_some() { app.start_over() } else { Vec::new() };
        }
        Purpose::ConfigProfile => {
            app.selection.config_profile = answer;
            app.facts.config = Fact::NotAsked;
            app.facts.ancestors = Fact::NotAsked;
            app.facts.deployed = Fact::NotAsked;
            app.derive();
            // Which stack the webhook has stands in the file: it is asked for once that is read.
            app.webhook_asked = None;
            return vec![app.ask(Ask::Survey)];
        }
        Purpose::SecretName if answer == TO_A_FILE => {
            app.open_prompt(Action::TargetFile);
            return Vec::new();
        }
        Purpose::SecretName => return super::screens::secret::named(app, answer),
        Purpose::ImportEnvFile => return sources::replaced(app, true, &answer),
        Purpose::ImportFile => return sources::replaced(app, false, &answer),
        Purpose::ImportSecret => {
            return sources::added(app, ImportSource::Secret { id: answer, version: VersionChoice::Current });
        }
        Purpose::ImportVersion => return sources::version_chosen(app, version(&answer)),
        Purpose::SettingsFile => return super::screens::settings::file_named(app, &answer),
        Purpose::Paste => return Vec::new(),
        Purpose::Reader => {
            app.selection.migration.reader = Reader::ALL.into_iter().find(|reader| reader.words() == answer);
            app.secret.cursor = Some(super::screens::secret::Cursor::Reader);
            app.derive();
            return Vec::new();
        }
        Purpose::TargetFile => {
            app.selection.migration.to_file = some.map(|path| app.setting.folders.whole(&path));
            app.derive();
            return app.ask_for_imports().into_iter().collect();
        }
        Purpose::KmsKey => {
            app.selection.migration.kms_key = some;
            app.derive();
            return Vec::new();
        }
        Purpose::Tags => {
            app.selection.migration.tags = tags(&answer).unwrap_or_default();
            app.derive();
            return Vec::new();
        }
        Purpose::SecretFile => return vec![Effect::ReadFile(answer.into())],
        Purpose::Export => return vec![app.export(std::path::Path::new(&answer), false)],
        Purpose::Case => return app.save_case(std::path::Path::new(&answer), false).into_iter().collect(),
        Purpose::Text => return app.save_text(std::path::Path::new(&answer), false).into_iter().collect(),
        Purpose::Copy => return app.copy_named(&answer),
        Purpose::AwsProfile => return app.choose_named_source(&answer),
        Purpose::MfaDevice => {
            app.ask_for_code_of(answer);
            return Vec::new();
        }
        Purpose::MfaCode => return app.take_code(SecretText::new(answer)),
    };
    app.derive();
    if app.facts.identity.known().is_some() { vec![app.ask(again)] } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_answer_names_what_is_wrong() {
        for (purpose, text, part) in [
            (Purpose::ConfigProfile, "../prod", "`.`"),
            (Purpose::ConfigProfile, "", "needed"),
            (Purpose::Region, "Virginia", "us-east-1"),
            (Purpose::ExternalId, "x", "2 to 1,224"),
            (Purpose::ExternalId, "a b", "` `"),
            (Purpose::Role(RoleKind::Read), "arn:aws:iam:111122223333:role/X", "one colon"),
            (Purpose::Stack, "arn:aws:cloudformation:us-east-1:1111:stack/x/y", "12 digits"),
            (Purpose::SecretName, "my secret", "` `"),
        ] {
            assert!(purpose.fault(text).is_some_and(|fault| fault.contains(part)), "{purpose:?} {text}");
        }
    }

    #[test]
    fn a_right_answer_is_taken() {
        for (purpose, text) in [
            (Purpose::ConfigProfile, "prod-2_x"),
            (Purpose::Region, "us-gov-west-1"),
            (Purpose::ExternalId, ""),
            (Purpose::ExternalId, "cust-42"),
            (Purpose::Workload, "arn:aws:iam::111122223333:role/team/Task"),
            (Purpose::Stack, "quilt-prod"),
        ] {
            assert_eq!(purpose.fault(text), None, "{purpose:?} {text}");
        }
    }
}
