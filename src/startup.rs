//! What the service does when it starts, and where it would stop: a rehearsal in the specification's order (S3-25 to S3-47). Pure.
//!
//! ```text
//!   environment  ->  stack ARN  ->  stack and its outputs  ->  secret  ->  its parameters
//! ```
//!
//! Each step gives what the next one needs, or the message that the service would print.

mod message;

pub use message::{Phase, Stop};

use crate::migrate::sources::Meaning;
use crate::migrate::sources::meaning;
use crate::model::facts::{ImportContent, Stack};
use crate::model::{AwsError, ErrorKind, Fact, Reader, Severity};
use crate::secret::{Document, Key, KeyRow, rows};
use crate::systems::quilt::{self, Service};
use crate::values::text::safe;
use crate::values::{Arn, SecretText, StackArn};

/// The variable that names the Quilt stack.
pub const STACK: &str = "QuiltStackARN";
/// The variable that names the secret.
pub const SECRET: &str = "BenchlingSecret";

/// The environment of a container: names and values.
pub type Variables = [(String, SecretText)];

/// What the two variables say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Configured {
    /// The Quilt stack; the region is its region.
    pub stack: StackArn,
    /// The secret, by name or ARN.
    pub secret: String,
}

/// How a step ended that was not passed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Halt {
    /// The service would stop here.
    Stops(Stop),
    /// It cannot be told: why, as a sentence; and what the service would say if it fared as the operator did, if that is a message of its own.
    Unknown(String, Option<Stop>),
}

/// The first phase, before any call: both variables are there, and the ARN is one (S3-25, S3-26, S3-32).
///
/// # Errors
/// What the service would say.
pub fn configured(variables: &Variables) -> Result<Configured, Stop> {
    let (stack, secret) = (value(variables, STACK), value(variables, SECRET));
    match (stack.filter(|text| !text.is_empty()), secret.filter(|text| !text.is_empty())) {
        (Some(arn), Some(name)) => match StackArn::parse(arn) {
            Ok(stack) => Ok(Configured { stack, secret: name.to_owned() }),
            Err(why) => Err(message::invalid_arn(arn, &why.to_string())),
        },
        _ => Err(message::missing_variables(&[(STACK, stack), (SECRET, secret)])),
    }
}

fn value<'v>(variables: &'v Variables, name: &str) -> Option<&'v str> {
    variables.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.expose())
}

/// Variables of earlier versions that are still set; the service reads them no longer (S3-27). Names alone, safe to print.
#[must_use]
pub fn left_over(variables: &Variables) -> Vec<String> {
    let ours = |name: &str| {
        name != SECRET && name != STACK && !matches!(meaning(name), Meaning::Foreign | Meaning::Perhaps(_))
    };
    let mut names: Vec<String> =
        variables.iter().map(|(name, _)| name).filter(|name| ours(name)).map(|name| safe(name).into_owned()).collect();
    names.sort();
    names.dedup();
    names
}

/// The variables of the style of deployment that names every service (S0-02, S0-27).
const SERVICES: [&str; 6] = [
    "QUILT_WEB_HOST",
    "ATHENA_USER_DATABASE",
    "ATHENA_USER_WORKGROUP",
    "PACKAGER_SQS_URL",
    "QUILT_READ_ROLE_ARN",
    "QUILT_WRITE_ROLE_ARN",
];

/// What is wrong with an environment that says it in both styles of deployment (C14), as a sentence. It has the two variables already.
#[must_use]
pub fn mixture(variables: &Variables) -> Option<String> {
    let set: Vec<&str> = SERVICES.into_iter().filter(|name| value(variables, name).is_some()).collect();
    (!set.is_empty()).then(|| {
        format!(
            "Two styles of deployment are mixed: {STACK} leads to every service (secrets-only), and {} name services one by one \
             (service-envars). Set one style alone: `rolecall print container-env` writes either.",
            set.join(", ")
        )
    })
}

/// The stack, with the outputs that nothing else can give (S3-33 to S3-38). Sentences about outputs that the service can do without.
///
/// # Errors
/// It would stop, or it cannot be told.
pub fn stack(configured: &Configured, fact: &Fact<Stack>) -> Result<Vec<String>, Halt> {
    let arn = &configured.stack;
    let found = match fact {
        Fact::Known(found) => found,
        Fact::Absent => return Err(Halt::Stops(message::no_stack(arn))),
        Fact::Denied { action, .. } => {
            let why = format!("You are not allowed {action}; whether the task role is, this cannot tell.");
            return Err(Halt::Unknown(why, Some(message::stack_denied(arn, action))));
        }
        other => return Err(unanswered("The stack", other.error(), None)),
    };
    let missing: Vec<&[&str]> = [Service::QueueArn, Service::Database]
        .into_iter()
        .filter(|service| quilt::service(found, *service).is_none())
        .map(quilt::candidates)
        .collect();
    if !missing.is_empty() {
        return Err(Halt::Stops(message::no_outputs(found, &missing)));
    }
    let without = |service: Service, why: &str| {
        let names = quilt::candidates(service).join(", ");
        quilt::service(found, service).is_none().then(|| format!("The stack has no output {names}: {why}."))
    };
    let catalog = without(Service::Catalog, "links to the catalog will not work");
    Ok(catalog.into_iter().collect())
}

/// The secret's text as the service reads it: by the variable's value, in the stack's region (S3-39, S3-40).
///
/// # Errors
/// It would stop, or it cannot be told.
pub fn secret(configured: &Configured, fact: &Fact<ImportContent>) -> Result<Document, Halt> {
    let (name, region) = (configured.secret.as_str(), configured.stack.region());
    if let Some(elsewhere) = elsewhere(configured) {
        return Err(Halt::Stops(message::no_secret(name, region, Some(&elsewhere))));
    }
    match fact {
        Fact::Known(ImportContent::Text { text, .. }) => {
            Document::parse(text).map_err(|fault| Halt::Stops(message::no_json(name, &fault.to_string())))
        }
        Fact::Known(ImportContent::Binary(bytes)) => {
            Err(Halt::Stops(message::no_json(name, &format!("it is binary, {bytes} bytes, and has no SecretString"))))
        }
        Fact::Absent => Err(Halt::Stops(message::no_secret(name, region, None))),
        Fact::Denied { action, .. } => {
            let why = format!("You are not allowed {action}; whether the task role is, this cannot tell.");
            Err(Halt::Unknown(why, Some(message::secret_denied(name, action))))
        }
        other => Err(unanswered("The secret", other.error(), Some(name))),
    }
}

/// The region that the secret's ARN names, where it is another one than the stack's: the service does not look there (S3-03).
#[must_use]
pub fn elsewhere(configured: &Configured) -> Option<String> {
    Arn::parse(&configured.secret).ok().map(|arn| arn.region).filter(|region| region != configured.stack.region())
}

/// AWS answered that it will not, which it would answer the service too; or nobody answered, which says nothing.
fn unanswered(what: &str, error: Option<&AwsError>, secret: Option<&str>) -> Halt {
    let Some(error) = error else { return Halt::Unknown(format!("{what} was not read."), None) };
    let said = error.message.trim_end_matches('.');
    match (error.kind, secret) {
        (ErrorKind::Invalid, Some(name)) => Halt::Stops(message::secret_refused(name, said)),
        _ => Halt::Unknown(format!("{what} could not be read: {}.", safe(said)), None),
    }
}

/// The parameters: all are there and can be used (S3-22, S3-29). Sentences about what is not as it should be and stops nothing.
///
/// # Errors
/// What the service would say.
pub fn parameters(configured: &Configured, document: &Document, reader: Reader) -> Result<Vec<String>, Stop> {
    let name = configured.secret.as_str();
    let rows = rows(Some(document), reader);
    let is_empty = |row: &&KeyRow| row.value.as_ref().is_some_and(SecretText::is_empty) && !row.key.may_be_empty();
    let missing: Vec<String> = rows
        .iter()
        .filter(|row| !row.present && row.severity == Severity::Error || is_empty(row))
        .map(|row| spelled(row.key, reader))
        .collect();
    if !missing.is_empty() {
        return Err(message::missing_parameters(name, &missing, reader));
    }
    let wrong = |severity: Severity| {
        rows.iter()
            .filter(move |row| row.severity == severity && !row.message.is_empty())
            .map(move |row| format!("{}: {}", spelled(row.key, reader), row.message))
            .collect::<Vec<_>>()
    };
    let errors = wrong(Severity::Error);
    if errors.is_empty() { Ok(wrong(Severity::Warning)) } else { Err(message::wrong_parameters(name, &errors)) }
}

/// As the runtime spells it.
fn spelled(key: Key, reader: Reader) -> String {
    match reader {
        Reader::Shipped => key.shipped_name().unwrap_or(key.name()).to_owned(),
        Reader::Specification | Reader::Both => key.name().to_owned(),
    }
}

#[cfg(test)]
mod tests;
