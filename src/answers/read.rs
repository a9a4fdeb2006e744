//! Reading a file of answers: all its faults at once, each with its place.

use std::fmt;

use jsonc_parser::ast::{Object, ObjectProp, Value};
use jsonc_parser::common::Ranged;

use super::{AnswersFile, Field};
use crate::model::selection::{self, RoleKind};
use crate::model::{self, Severity};
use crate::plan;
use crate::secret::nearest::{distance, nearest};
use crate::secret::{Key, rules};
use crate::values::json::{self, JsonFault};
use crate::values::text::{elide_end, safe};
use crate::values::{RoleArn, SecretText, StackArn};

/// One thing wrong with a file of answers, or worth knowing. Safe to print; it holds no value that is masked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// The line, from 1; `None` where it is about the whole file.
    pub line: Option<usize>,
    /// The column, from 1, in characters.
    pub column: usize,
    /// What it is, as a clause.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}, column {}: {}", self.column, self.message),
            None => f.write_str(&self.message),
        }
    }
}

/// A file that can be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reading {
    /// What it says.
    pub file: AnswersFile,
    /// What some readers of the values tolerate and others do not.
    pub remarks: Vec<Fault>,
}

/// Reads a file of answers.
///
/// # Errors
/// Everything that is wrong with it, in the order in which it stands there.
pub fn read(text: &SecretText) -> Result<Reading, Vec<Fault>> {
    // Editors of other systems put U+FEFF in front.
    let text = text.expose().trim_start_matches('\u{feff}');
    let root = json::commented_object(text).map_err(|fault| vec![whole(fault)])?;
    let mut reader = Reader { text, file: AnswersFile::default(), faults: Vec::new(), remarks: Vec::new() };
    reader.outermost(&root);
    let Reader { file, mut faults, remarks, .. } = reader;
    faults.sort_by_key(|fault| (fault.line, fault.column));
    if faults.is_empty() { Ok(Reading { file, remarks }) } else { Err(faults) }
}

fn whole(fault: JsonFault) -> Fault {
    match fault {
        JsonFault::Syntax { line, column, reason } => {
            Fault { line: Some(line), column, message: format!("this is not JSON: {}", safe(&reason)) }
        }
        other => Fault { line: None, column: 1, message: other.to_string() },
    }
}

struct Reader<'t> {
    text: &'t str,
    file: AnswersFile,
    faults: Vec<Fault>,
    remarks: Vec<Fault>,
}

impl<'t> Reader<'t> {
    fn outermost(&mut self, root: &Object<'t>) {
        let known = Field::ALL.map(Field::name);
        for member in self.members(root, &known, "") {
            let Some(field) = Field::ALL.into_iter().find(|field| field.name() == member.name.as_str()) else {
                continue;
            };
            match field {
                Field::AwsProfile => self.file.aws_profile = self.name(member),
                Field::Region => self.file.region = self.name(member),
                Field::ConfigProfile => {
                    self.file.config_profile = self.checked(member, selection::config_profile_fault);
                }
                Field::Stack => self.file.stack = self.checked(member, stack_fault),
                Field::Secret => self.file.secret = self.name(member),
                Field::Reader => self.reader(member),
                Field::WebhookStack => self.file.webhook_stack = self.name(member),
                Field::Principal => self.file.principal = self.role(member),
                Field::ExternalId => {
                    let fault = |text: &str| selection::external_id_fault(text).map(str::to_owned);
                    self.file.external_id = self.checked(member, fault);
                }
                Field::Roles => self.roles(member),
                Field::Values => self.values(member),
                Field::LeaveOut => self.leave_out(member),
                Field::Write => self.write(member),
            }
        }
    }

    /// The members that are known and answered, each once. The others are faults, or `null`.
    fn members<'o>(&mut self, object: &'o Object<'t>, known: &[&str], of: &str) -> Vec<&'o ObjectProp<'t>> {
        let mut members: Vec<&ObjectProp<'t>> = Vec::new();
        for member in &object.properties {
            let name = member.name.as_str();
            if !known.contains(&name) {
                let message = unknown(name, known, of);
                self.fault(member.name.range().start, message);
            } else if members.iter().any(|other| other.name.as_str() == name) {
                self.fault(member.name.range().start, format!("`{name}` stands here a second time"));
            } else {
                members.push(member);
            }
        }
        members.retain(|member| !matches!(member.value, Value::NullKeyword(_)));
        members
    }

    fn reader(&mut self, member: &ObjectProp<'t>) {
        let of = |text: &str| model::Reader::ALL.into_iter().find(|reader| reader.word() == text);
        let words = model::Reader::ALL.map(model::Reader::word);
        let fault = |text: &str| {
            let hint = near(text, &words).map(|word| format!("; did you mean {word}?")).unwrap_or_default();
            of(text).is_none().then(|| format!("`{}` is none of {}{hint}", shown(text), words.join(", ")))
        };
        self.file.reader = self.checked(member, fault).and_then(|text| of(&text));
    }

    fn roles(&mut self, member: &ObjectProp<'t>) {
        let Some(object) = self.object(member) else { return };
        let names = RoleKind::BOTH.map(RoleKind::word);
        for member in self.members(object, &names, "roles") {
            let kind = RoleKind::BOTH.into_iter().find(|kind| kind.word() == member.name.as_str());
            if let (Some(kind), Some(arn)) = (kind, self.role(member)) {
                self.file.roles.insert(kind, arn);
            }
        }
    }

    fn values(&mut self, member: &ObjectProp<'t>) {
        let Some(object) = self.object(member) else { return };
        let names = Key::ALL.map(Key::name);
        for member in self.members(object, &names, "values") {
            if let Some(key) = Key::from_name(member.name.as_str()) {
                self.value(key, member);
            }
        }
    }

    fn value(&mut self, key: Key, member: &ObjectProp<'t>) {
        let at = member.value.range().start;
        let value = match &member.value {
            Value::StringLit(text) => SecretText::new(text.value.as_ref()),
            // What everybody writes who writes by hand; it is certain what is meant.
            Value::BooleanLit(boolean) if key == Key::EnableWebhookVerification => boolean.value.to_string().into(),
            Value::Object(object) => return self.elsewhere(key, object),
            other => return self.fault(at, format!("{key} is {}, not a text", json::kind(other))),
        };
        for fault in faults_of(key, &value) {
            match fault {
                (Severity::Error, message) => self.fault(at, message),
                (_, message) => {
                    let remark = self.at(at, message);
                    self.remarks.push(remark);
                }
            }
        }
        self.file.values.insert(key, value);
    }

    /// `{"from_stdin": true}`.
    fn elsewhere(&mut self, key: Key, object: &Object<'t>) {
        let at = object.range.start;
        let [member] = object.properties.as_slice() else {
            return self.fault(at, format!("{key} is an object; it is a text, or {{\"from_stdin\": true}}"));
        };
        let truth = matches!(&member.value, Value::BooleanLit(boolean) if boolean.value);
        if member.name.as_str() != "from_stdin" || !truth {
            return self.fault(at, format!("{key} is an object; it is a text, or {{\"from_stdin\": true}}"));
        }
        match self.file.from_stdin {
            Some(other) => self.fault(at, format!("{other} is read from standard input already; {key} cannot be too")),
            None => self.file.from_stdin = Some(key),
        }
    }

    fn leave_out(&mut self, member: &ObjectProp<'t>) {
        let Value::Array(array) = &member.value else {
            return self.wrong_kind(member, "a list of texts");
        };
        let known = plan::config_fields();
        for element in &array.elements {
            let at = element.range().start;
            let Value::StringLit(text) = element else {
                self.fault(at, format!("`leave_out` has {} in it, not a text", json::kind(element)));
                continue;
            };
            let path = text.value.as_ref();
            let above = |field: &String| field.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'));
            if known.iter().any(|field| field == path || above(field)) {
                self.file.leave_out.insert(path.to_owned());
            } else {
                let names: Vec<&str> = known.iter().map(String::as_str).collect();
                let hint = near(path, &names).map(|name| format!("; did you mean {name}?")).unwrap_or_default();
                self.fault(at, format!("`{}` is no field of config.json that rolecall writes{hint}", shown(path)));
            }
        }
    }

    fn write(&mut self, member: &ObjectProp<'t>) {
        let Some(object) = self.object(member) else { return };
        for member in self.members(object, &["secret", "config"], "write") {
            let Value::BooleanLit(boolean) = &member.value else {
                self.wrong_kind(member, "true or false");
                continue;
            };
            match member.name.as_str() {
                "secret" => self.file.write_secret = Some(boolean.value),
                _ => self.file.write_config = Some(boolean.value),
            }
        }
    }

    /// A text that is not empty.
    fn name(&mut self, member: &ObjectProp<'t>) -> Option<String> {
        self.checked(member, |_| None)
    }

    /// A text that is not empty and in which nothing is found.
    fn checked(&mut self, member: &ObjectProp<'t>, fault: impl Fn(&str) -> Option<String>) -> Option<String> {
        let Value::StringLit(text) = &member.value else {
            self.wrong_kind(member, "a text");
            return None;
        };
        let name = member.name.as_str();
        let why = match text.value.trim() {
            "" => Some(format!("`{name}` is empty; null leaves it open")),
            bare if bare != text.value => Some(format!("`{name}` has white space before or after it")),
            _ => fault(&text.value).map(|why| format!("`{name}`: {}", safe(&why))),
        };
        match why {
            Some(why) => {
                self.fault(text.range.start, why);
                None
            }
            None => Some(text.value.clone().into_owned()),
        }
    }

    fn role(&mut self, member: &ObjectProp<'t>) -> Option<RoleArn> {
        let text = self.checked(member, |text| RoleArn::parse(text).err().map(|error| error.to_string()))?;
        RoleArn::parse(&text).ok()
    }

    fn object<'o>(&mut self, member: &'o ObjectProp<'t>) -> Option<&'o Object<'t>> {
        match &member.value {
            Value::Object(object) => Some(object),
            _ => {
                self.wrong_kind(member, "an object");
                None
            }
        }
    }

    fn wrong_kind(&mut self, member: &ObjectProp<'t>, wanted: &str) {
        let message = format!("`{}` is {}, not {wanted}", member.name.as_str(), json::kind(&member.value));
        self.fault(member.value.range().start, message);
    }

    fn fault(&mut self, at: usize, message: String) {
        let fault = self.at(at, message);
        self.faults.push(fault);
    }

    /// `at` counts bytes.
    fn at(&self, at: usize, message: String) -> Fault {
        let before = self.text.get(..at).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Fault { line: Some(line), column, message }
    }
}

/// What the rule of a key finds in a value: how grave, and a clause that names the key.
pub fn faults_of(key: Key, value: &SecretText) -> Vec<(Severity, String)> {
    let clause = |fault: rules::ValueFault| match fault.suggestion.filter(|suggestion| !suggestion.is_empty()) {
        Some(suggestion) => (fault.severity, format!("{key}: {}; {suggestion}?", fault.message)),
        None => (fault.severity, format!("{key}: {}", fault.message)),
    };
    rules::check(key, value.expose()).into_iter().map(clause).collect()
}

fn stack_fault(text: &str) -> Option<String> {
    text.starts_with("arn:").then(|| StackArn::parse(text).err().map(|error| error.to_string())).flatten()
}

fn shown(name: &str) -> String {
    elide_end(&safe(name), 60)
}

/// The sentence about a name that is not known, with the nearest that is.
fn unknown(name: &str, known: &[&str], of: &str) -> String {
    let place = if of.is_empty() { String::new() } else { format!(" in `{of}`") };
    let key = Key::from_name(name).or_else(|| nearest(name).map(|(key, _)| key));
    let hint = match (near(name, known), key) {
        (Some(near), _) => format!("; did you mean {near}?"),
        (None, Some(key)) if known.contains(&key.name()) => format!("; did you mean {key}?"),
        (None, Some(key)) => format!("; {key} belongs into `values`"),
        (None, None) => format!("; there are {}", known.join(", ")),
    };
    format!("there is no `{}`{place}{hint}", shown(name))
}

/// The name that differs by a slip or two, or only in case and separators.
fn near<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let fold = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(64).collect()
    };
    let folded = fold(name);
    let slips = known.iter().map(|known| (distance(&fold(known), &folded), *known));
    let allowed = |known: &str| if known.len() < 6 { 1 } else { 2 };
    slips.filter(|(slips, known)| *slips <= allowed(known)).min_by_key(|(slips, _)| *slips).map(|(_, known)| known)
}
