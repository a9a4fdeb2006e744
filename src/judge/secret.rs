//! The secret: that it is there, in the right region, readable, and that all 11 values are right.

use super::view::{View, evidence, unanswered};
use crate::migrate::reader;
use crate::model::facts::{Secret, SecretContent};
use crate::model::finding::Fix;
use crate::model::{Fact, Finding, Severity};
use crate::secret::{Document, Key};
use crate::systems::accounts;
use crate::systems::quilt::{self, Service};
use crate::values::arn::secret_name;
use crate::values::text::counted;
use crate::values::{AccountId, SecretText, mask, text};
use subject::Subject;

mod kept;
pub(super) mod keys;
pub(super) mod shape;
mod subject;

pub(super) fn judge(view: &View<'_>) -> Vec<Finding> {
    if view.facts.secret.is_settled()
        && view.facts.secret.known().is_none()
        && let Some(account) = accounts::secret_elsewhere(view.facts, view.selection)
    {
        return vec![elsewhere(view, &account)];
    }
    match &view.facts.secret {
        Fact::Known(secret) => known(view, secret).into_iter().chain(list(view)).collect(),
        Fact::Absent => std::iter::once(missing(view)).chain(list(view)).collect(),
        other => {
            let name = name(view);
            unanswered(other, "secret/readable", &name, &format!("Secret {name}")).into_iter().collect()
        }
    }
}

/// Without the list one secret can be judged all the same; but another that was meant would not be seen.
fn list(view: &View<'_>) -> Option<Finding> {
    let what = format!("Which other secrets {} has", view.region_words());
    unanswered(&view.facts.secrets, "secret/readable", "secrets", &what)
}

/// What the secret is called: as chosen, as `config.json` or the stack names it, else as it would be called by default.
fn name(view: &View<'_>) -> String {
    match chosen(view) {
        Some(given) => secret_name(&given).to_owned(),
        None => quilt::suggested_secret_name(&view.selection.config_profile),
    }
}

/// The name or ARN that was asked for: as chosen, as `config.json` or the stack names it.
fn chosen(view: &View<'_>) -> Option<String> {
    let chosen = view.selection.secret.clone();
    let chosen = chosen.or_else(|| view.config_text(&["benchling", "secretArn"]).map(str::to_owned));
    chosen.or_else(|| quilt::own_secret(view.facts).map(|found| found.value))
}

/// The secret as it was read, for judges that compare with it.
pub(super) fn document(view: &View<'_>) -> Option<Document> {
    Document::current(view.facts)
}

/// Secrets Manager answers for the caller's own account, unless a resource policy shares the secret.
fn elsewhere(view: &View<'_>, account: &AccountId) -> Finding {
    let name = name(view);
    let claim = format!("Secret {name} could not be read: it is of account {}.", account.grouped());
    let finding = Finding::new(Severity::Info, "secret/readable", &name, claim);
    let finding = match view.facts.secret.error() {
        Some(error) => evidence(finding, error),
        None => finding.because("secretsmanager:DescribeSecret answered that there is no such secret"),
    };
    finding.cure(Fix::advice(format!("Choose an AWS profile of account {}.", account.grouped()))).not_known()
}

/// The name is a proposal, and where the secret belongs follows from a stack that nobody chose: nothing is missing yet.
fn not_asked_for(view: &View<'_>, name: &str) -> Option<Finding> {
    let proposed = name == quilt::suggested_secret_name(&view.selection.config_profile);
    (proposed && view.stack_arn().is_none() && view.selection.stack.is_none()).then(|| {
        let claim = format!("There is no secret {name} in {} yet.", view.region_words());
        Finding::new(Severity::Info, "secret/exists", name, claim)
            .because("the secret belongs in the stack's region, and no stack is chosen")
            .cure(Fix::advice("Choose the stack first."))
    })
}

fn missing(view: &View<'_>) -> Finding {
    let name = name(view);
    if let Some(finding) = not_asked_for(view, &name).or_else(|| kept::named_elsewhere(view, &name)) {
        return finding;
    }
    let file = ["secretsmanager", "create-secret", "--name", &name, "--secret-string", "file://secret.json"];
    Finding::new(
        Severity::Error,
        "secret/exists",
        &name,
        format!("Secret {name} does not exist in {}.", view.region_words()),
    )
    .because("the webhook reads its 11 parameters from one secret and does not start without it")
    .because("secretsmanager:DescribeSecret answered ResourceNotFoundException")
    .cure(Fix::command("Create it in the walk, where each value is checked as you type.", view.rolecall("setup")))
    .cure(Fix::command("Or from a file that holds the 11 keys:", view.aws_regional(&file)))
}

fn known(view: &View<'_>, secret: &Secret) -> Vec<Finding> {
    let mut findings = kept::judge(view, secret);
    if let Some(at) = secret.deleted {
        let restore = ["secretsmanager", "restore-secret", "--secret-id", &secret.name];
        findings.push(
            Finding::new(
                Severity::Error,
                "secret/deleted",
                &secret.name,
                format!("Secret {} is scheduled for deletion and cannot be read.", secret.name),
            )
            .because(format!("it is gone for good at {}", at.strftime("%F %T UTC")))
            .cure(Fix::command("Take the deletion back.", view.aws_regional(&restore))),
        );
        return findings;
    }
    match &secret.value {
        Fact::Known(value) => match &value.content {
            SecretContent::Binary(bytes) => findings.push(binary(view, secret, *bytes)),
            SecretContent::Text(text) => findings.extend(content(view, secret, text)),
        },
        Fact::Absent => findings.push(empty(view, secret)),
        Fact::Denied { action, error } if action.starts_with("kms:") => findings.push(no_key(secret, action, error)),
        other => {
            let what = format!("What secret {} holds", secret.name);
            findings.extend(unanswered(other, "secret/readable", &secret.name, &what));
        }
    }
    findings
}

/// A fifth way of not reading it: Secrets Manager allows, the key does not.
fn no_key(secret: &Secret, action: &str, error: &crate::model::AwsError) -> Finding {
    let key = secret.kms_key.as_deref().unwrap_or("of the account");
    let claim = format!(
        "What secret {} holds is not known: decrypting it needs {action}, which you are not allowed.",
        secret.name
    );
    evidence(Finding::new(Severity::Info, "secret/kms", &secret.name, claim), error)
        .because(format!("it is encrypted with key {key}; the webhook's task role needs the same permission"))
        .cure(Fix::advice(format!("Allow {action} on that key to whoever reads the secret.")))
        .not_known()
}

fn binary(view: &View<'_>, secret: &Secret, bytes: usize) -> Finding {
    let claim = format!("Secret {} is binary, not text.", secret.name);
    Finding::new(Severity::Error, "secret/is-string", &secret.name, claim)
        .because(format!("SecretBinary holds {}; the webhook reads SecretString", counted(bytes, "byte")))
        .cure(Fix::command("Write it again as text, each value checked.", view.rolecall("secret")))
}

fn empty(view: &View<'_>, secret: &Secret) -> Finding {
    Finding::new(Severity::Error, "secret/has-value", &secret.name, format!("Secret {} has no value yet.", secret.name))
        .because("it has a name, but no version that is AWSCURRENT")
        .cure(Fix::command("Fill it in, each value checked.", view.rolecall("secret")))
}

fn content(view: &View<'_>, secret: &Secret, content: &SecretText) -> Vec<Finding> {
    let subject = Subject::secret(&secret.name);
    let mut findings: Vec<Finding> = shape::size(view, &subject, content.expose().len()).into_iter().collect();
    match Document::parse(content) {
        Ok(document) => {
            findings.extend(keys::judge(view, &subject, &document, reader::judged(view.selection)));
            findings.extend(bucket(view, &document));
        }
        Err(fault) => findings.push(shape::fault(view, &subject, &fault)),
    }
    findings
}

/// The secret's bucket wins; that the stack names another is worth a word (C13).
fn bucket(view: &View<'_>, document: &Document) -> Option<Finding> {
    let stack = quilt::service(view.stack()?, Service::Bucket)?;
    let value = document.read_by(Key::UserBucket, reader::judged(view.selection))?;
    let ours = value.expose();
    (!ours.is_empty() && ours != stack.value).then(|| {
        let shown = mask::masked(&text::safe(ours), Key::UserBucket.mask());
        let claim = format!("USER_BUCKET is {shown}, but the stack names {}.", stack.value);
        Finding::new(Severity::Warning, "secret/bucket", Key::UserBucket.name(), claim)
            .because(format!("{}; the webhook follows the secret", stack.source))
            .cure(Fix::command("Choose one of them.", view.rolecall("secret")))
    })
}

#[cfg(test)]
mod tests;
