//! One source: what it was read as and what it gives, or why it cannot be used.

use super::super::view::{View, evidence, unanswered};
use super::short;
use crate::migrate::Source;
use crate::migrate::sources::{Import, ImportFault, Value};
use crate::model::facts::ImportContent;
use crate::model::finding::Fix;
use crate::model::{AwsError, ErrorKind, Fact, Finding, ImportSource, Severity, VersionChoice};
use crate::secret::Key;
use crate::values::arn::secret_name;
use crate::values::shell;
use crate::values::text::capitalized;

/// The most that a secret may hold, in bytes (Secrets Manager quotas).
const LARGEST: usize = 65_536;

pub(super) fn judge(view: &View<'_>, asked: &ImportSource, source: &Source) -> Vec<Finding> {
    let label = short(&source.label);
    match &source.import {
        Fact::NotAsked | Fact::Pending(_) => Vec::new(),
        Fact::Known(Ok(import)) => {
            let content = content(view, asked);
            let mut findings = vec![read(&label, import, content)];
            findings.extend(open_to_others(&label, asked, import, content));
            findings.extend(too_large(&label, import, content));
            findings
        }
        Fact::Known(Err(fault)) => vec![unusable(view, &label, asked, fault)],
        Fact::Absent => vec![missing(view, &label, asked)],
        Fact::Failed(error) if !asked.needs_aws() => failed(&label, error).into_iter().collect(),
        Fact::Failed(error) if is_deleted(error) => vec![deleted(view, &label, asked, error)],
        other => unanswered(other, "secret/source", &label, &capitalized(&label)).into_iter().collect(),
    }
}

fn content<'v>(view: &View<'v>, asked: &ImportSource) -> Option<&'v ImportContent> {
    view.facts.migration.imports.iter().find(|imported| imported.source == *asked)?.content.known()
}

fn read(label: &str, import: &Import, content: Option<&ImportContent>) -> Finding {
    let all = Key::ALL.len();
    let filled = |key: Key, value: &Value| matches!(value, Value::Text(text) if key.may_be_empty() || !text.is_empty());
    let keys = import.keys();
    let (given, rest): (Vec<Key>, Vec<Key>) =
        keys.iter().partition(|key| import.given.iter().any(|it| it.key == **key && filled(it.key, &it.value)));
    let referred = rest
        .iter()
        .filter(|key| import.given.iter().any(|it| it.key == **key && matches!(it.value, Value::Reference(_))))
        .count();
    let gives = match given.len() {
        0 => format!("it gives none of the {all} keys"),
        some if some == all => format!("it gives all {all} keys"),
        some => format!("it gives {some} of {all} keys"),
    };
    let gives = match referred {
        0 => gives,
        1 => format!("{gives}, and says where 1 more stands"),
        some => format!("{gives}, and says where {some} more stand"),
    };
    let claim = format!("{} was read as {}: {gives}.", capitalized(label), import.shape.words());
    let severity = if keys.is_empty() { Severity::Warning } else { Severity::Info };
    let mut finding = Finding::new(severity, "secret/source", label, claim);
    if let Some(ImportContent::Text { version_id: Some(id), .. }) = content {
        finding = finding.because(format!("version {id}"));
    }
    let renamed = import.given.iter().filter(|given| given.name != given.key.name()).take(2 * all);
    for given in renamed {
        let from = if matches!(given.value, Value::Reference(_)) { "a reference" } else { "a value" };
        finding = finding.because(format!("{}: {from} under the name {}", given.key, short(&given.name)));
    }
    finding = import.remarks.iter().fold(finding, |finding, remark| finding.because(remark.clone()));
    if keys.is_empty() {
        finding = finding.cure(Fix::advice("Name another source, or another container or section of this one."));
    }
    finding
}

/// A file with a client secret in it that others on the machine may read.
fn open_to_others(
    label: &str,
    asked: &ImportSource,
    import: &Import,
    content: Option<&ImportContent>,
) -> Option<Finding> {
    let (ImportSource::File(path) | ImportSource::EnvFile(path)) = asked else { return None };
    let Some(ImportContent::Text { mode: Some(mode), .. }) = content else { return None };
    let is_secret = |value: &Value| matches!(value, Value::Text(text) if !text.is_empty());
    let holds = import.given.iter().any(|given| given.key == Key::ClientSecret && is_secret(&given.value));
    (holds && mode & 0o044 != 0).then(|| {
        let claim = format!("{} holds the client secret, and others on this machine may read it.", capitalized(label));
        let command = shell::command(["chmod", "600", &path.to_string_lossy()]);
        Finding::new(Severity::Warning, "secret/source-mode", label, claim)
            .because(format!("its mode is {mode:04o}; 0600 is for its owner alone"))
            .cure(Fix::command("Close it to others, and delete it once the secret is written.", command))
    })
}

/// A secret's JSON that Secrets Manager would not take.
fn too_large(label: &str, import: &Import, content: Option<&ImportContent>) -> Option<Finding> {
    let Some(ImportContent::Text { text, .. }) = content.filter(|_| import.document.is_some()) else { return None };
    let bytes = text.expose().len();
    (bytes > LARGEST).then(|| {
        let claim = format!("{} is too large for a secret.", capitalized(label));
        Finding::new(Severity::Error, "secret/source", label, claim)
            .because(format!("it has {bytes} bytes; Secrets Manager takes at most {LARGEST}"))
            .cure(Fix::advice("Keep the 11 keys, and move the rest to a secret of its own."))
    })
}

fn unusable(view: &View<'_>, label: &str, asked: &ImportSource, fault: &ImportFault) -> Finding {
    let claim = format!("{} cannot be used: {fault}.", capitalized(label));
    let finding = Finding::new(Severity::Error, "secret/source", label, claim);
    finding.cure(match asked {
        ImportSource::EnvFile(_) => {
            Fix::advice("Correct each line: NAME=value, a value with spaces, quotes or a # in single quotes.")
        }
        ImportSource::Secret { .. } => {
            Fix::command("Write it again, each value checked.", view.rolecall("secret"))
        }
        _ => Fix::advice(
            "Give it as UTF-8 text: a secret's JSON, what `aws ecs describe-task-definition --output json` prints, a config.json, or NAME=value lines.",
        ),
    })
}

fn missing(view: &View<'_>, label: &str, asked: &ImportSource) -> Finding {
    let absent = |claim: String| Finding::new(Severity::Error, "secret/source", label, claim);
    match asked {
        ImportSource::Secret { id, version } => {
            let name = short(secret_name(id));
            let of = match version {
                VersionChoice::Current => format!("There is no secret {name} with a current version"),
                VersionChoice::Id(version) => format!("There is no version {} of secret {name}", short(version)),
                VersionChoice::Stage(stage) => format!("No version of secret {name} carries {}", short(stage)),
            };
            let finding = absent(format!("{of} in {}.", view.region_words()));
            let finding = match ends_in_suffix(id) {
                Some(stem) => finding.because(format!(
                    "the end of the name looks like what AWS adds to an ARN: is {} meant?",
                    short(stem)
                )),
                None => finding,
            };
            let list = view.aws_regional(&["secretsmanager", "list-secrets", "--query", "SecretList[].Name"]);
            match version {
                VersionChoice::Current => finding.cure(Fix::command("These are there:", list)),
                _ => finding.cure(Fix::command(
                    "These versions are there:",
                    view.aws_regional(&["secretsmanager", "list-secret-version-ids", "--secret-id", id]),
                )),
            }
        }
        ImportSource::Config => absent(format!("There is no {}.", view.config_words())).cure(Fix::advice(
            "Choose another config profile with --profile, or leave config.json out of the sources.",
        )),
        _ => absent(format!("There is no {label}."))
            .cure(Fix::advice("Check the path; one that is not absolute counts from where rolecall was started.")),
    }
}

/// The name without what looks like the hyphen and six characters of an ARN.
fn ends_in_suffix(id: &str) -> Option<&str> {
    let (stem, suffix) = id.rsplit_once('-').filter(|_| !id.starts_with("arn:"))?;
    let random = suffix.len() == 6
        && suffix.bytes().all(|b| b.is_ascii_alphanumeric())
        && suffix.bytes().any(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    random.then_some(stem)
}

fn failed(label: &str, error: &AwsError) -> Option<Finding> {
    (error.kind != ErrorKind::Cancelled).then(|| {
        let why = error.message.trim_end_matches('.');
        let claim = format!("{} cannot be used: {why}.", capitalized(label));
        Finding::new(Severity::Error, "secret/source", label, claim)
            .cure(Fix::advice("Name a file that you may read, or pass its text on standard input."))
    })
}

/// Secrets Manager API Reference, "GetSecretValue": `InvalidRequestException`, "the secret is scheduled for deletion".
fn is_deleted(error: &AwsError) -> bool {
    error.code() == "InvalidRequestException" && error.message.contains("deletion")
}

fn deleted(view: &View<'_>, label: &str, asked: &ImportSource, error: &AwsError) -> Finding {
    let id = if let ImportSource::Secret { id, .. } = asked { id.as_str() } else { label };
    let claim = format!("{} is scheduled for deletion and cannot be read.", capitalized(label));
    evidence(Finding::new(Severity::Error, "secret/source", label, claim), error).cure(Fix::command(
        "Take the deletion back.",
        view.aws_regional(&["secretsmanager", "restore-secret", "--secret-id", id]),
    ))
}
