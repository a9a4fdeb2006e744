//! The fields of `config.json` that rolecall knows, and what each should hold.

use serde_json::{Value, json};

use super::Draft;
use super::secret::Target;
use crate::config::{self, Config};
use crate::model::Severity;
use crate::model::facts::Facts;
use crate::model::plan::EditValue;
use crate::model::selection::{RoleKind, Selection, WorkloadChoice};
use crate::secret::Key;
use crate::systems::quilt::{self, Service, Wanted};
use crate::values::mask::Mask;
use crate::values::time::Timestamp;

/// One field.
pub struct Field {
    /// The way to it.
    pub path: Vec<&'static str>,
    /// What it should hold; `None` when that is not known, and the field stays as it is.
    pub value: Option<EditValue>,
    /// How much of it may be seen.
    pub mask: Mask,
    /// Why its value is not known, if every reader needs one: the end of a sentence.
    pub needed: Option<String>,
    /// What is to be said of the value beside it.
    pub note: Option<&'static str>,
}

impl Field {
    fn new(path: &[&'static str], value: Option<Value>) -> Self {
        Self { path: path.to_vec(), value: value.map(EditValue::Json), mask: Mask::Open, needed: None, note: None }
    }

    fn text(path: &[&'static str], value: Option<impl Into<String>>) -> Self {
        Self::new(path, value.map(|value| Value::String(value.into())))
    }

    fn needed(self, why: impl Into<String>) -> Self {
        Self { needed: Some(why.into()), ..self }
    }
}

/// The generation of the format: `_metadata.version` of a file that has none.
const FORMAT: &str = "0.7.0";

const CLIENT_SECRET: [&str; 2] = ["benchling", "clientSecret"];

/// Times are no change, and no part of a plan's id.
pub fn is_time<T: AsRef<str>>(path: &[T]) -> bool {
    matches!(path, [top, field] if top.as_ref() == "_metadata" && matches!(field.as_ref(), "updatedAt" | "createdAt"))
}

/// All fields, in the order in which a new file has them.
pub fn all(facts: &Facts, selection: &Selection, draft: &Draft, current: &Config, target: &Target<'_>) -> Vec<Field> {
    let mut fields = quilt_fields(facts, selection);
    fields.extend(benchling(draft, current, target));
    fields.extend(packages(draft));
    let integrated = integrated(facts, current, target);
    fields.extend(deployment(facts, selection, draft, current, integrated));
    fields.push(Field::new(&["integratedStack"], Some(json!(integrated))));
    fields.extend(behaviour(draft));
    fields.extend(metadata(facts, current));
    for field in &mut fields {
        field.value = field.value.take().or_else(|| from_parent(field, current));
    }
    fields
}

/// The dotted path of every field, in the order in which a new file has them.
#[must_use]
pub fn names() -> Vec<String> {
    let nothing = (Facts::new(crate::values::time::Timestamp::UNIX_EPOCH), Selection::new(), Draft::default());
    let (facts, selection, draft) = &nothing;
    all(facts, selection, draft, &Config::none(), &Target::New).iter().map(|field| field.path.join(".")).collect()
}

/// Whether a value can work, although readers may warn about it.
fn is_usable(path: &[&str], value: &Value) -> bool {
    let wrong = config::Field::at(path).and_then(|field| field.check(value).err());
    wrong.is_none_or(|wrong| wrong.severity != Severity::Error)
}

/// What a parent says, where nothing else is known. `deploy` alone reads it there: for every other reader of the file it is written into the
/// file itself, as the webhook package's own `setup-profile` does. A client secret is never copied.
fn from_parent(field: &Field, current: &Config) -> Option<EditValue> {
    current.inherited_from(&field.path).filter(|_| field.path != CLIENT_SECRET)?;
    let value = current.get(&field.path)?;
    let right = is_usable(&field.path, value);
    let written = || match (value, field.mask) {
        (Value::String(text), Mask::Full | Mask::Partial) => EditValue::Secret(text.as_str().into()),
        _ => EditValue::Json(value.clone()),
    };
    (right && !value.is_null()).then(written)
}

fn quilt_fields(facts: &Facts, selection: &Selection) -> Vec<Field> {
    let stack = facts.stack.known();
    let output = |service| stack.and_then(|stack| quilt::service(stack, service)).map(|found| found.value);
    let resource = |wanted| quilt::resource(facts, wanted).map(|found| found.value);
    let why = |service| no_output(facts, selection, service);
    let mut fields = vec![
        Field::text(&["quilt", "stackArn"], stack.map(|stack| stack.arn.to_string())),
        Field::text(&["quilt", "catalog"], output(Service::Catalog)).needed(why(Some(Service::Catalog))),
        Field::text(&["quilt", "database"], output(Service::Database)).needed(why(Some(Service::Database))),
        Field::text(&["quilt", "queueUrl"], output(Service::QueueUrl)).needed(why(Some(Service::QueueUrl))),
        Field::text(&["quilt", "region"], stack.map(|stack| stack.arn.region())).needed(why(None)),
        Field::text(&["quilt", "bucketWritePolicyArn"], resource(Wanted::BucketWritePolicy)),
        Field::text(&["quilt", "athenaUserPolicyArn"], resource(Wanted::AthenaUserPolicy)),
        Field::text(&["quilt", "athenaUserWorkgroup"], resource(Wanted::AthenaWorkgroup)),
    ];
    fields.extend(RoleKind::BOTH.map(|kind| role(facts, kind)));
    fields
}

/// The ARN as IAM has it; one put together from a name is marked (C3).
fn role(facts: &Facts, kind: RoleKind) -> Field {
    let known = facts.role(kind);
    let detail = known.and_then(|role| role.detail.known()).map(|detail| detail.arn.to_string());
    let found = known.and_then(|role| role.found.known());
    let composed = detail.is_none() && found.is_some_and(|found| found.composed);
    let arn = detail.or_else(|| found.map(|found| found.arn.to_string()));
    let note = composed.then_some("put together from the role's name; its path is not known");
    Field { note, ..Field::text(&["quilt", kind.config_field()], arn) }
}

fn no_output(facts: &Facts, selection: &Selection, service: Option<Service>) -> String {
    match (facts.stack.known(), service) {
        (Some(stack), Some(service)) => {
            let mut keys: Vec<&str> = quilt::candidates(service).to_vec();
            if service == Service::QueueUrl {
                keys.extend(quilt::candidates(Service::QueueArn));
            }
            format!("the stack {} has no output {}", stack.arn.name(), keys.join(", "))
        }
        _ if facts.stack.is_pending() => "the stack is still being read".into(),
        _ => match &selection.stack {
            Some(name) => format!("the stack {} is not known", crate::values::text::safe(name)),
            None => "no Quilt stack is chosen".into(),
        },
    }
}

/// A value of the secret, as a text; redacted where it may not be seen whole.
fn answer(draft: &Draft, key: Key, path: &[&'static str]) -> Field {
    let value = draft.values.get(&key).filter(|value| !value.is_empty() || key.may_be_empty());
    let value = value.map(|value| match key.mask() {
        Mask::Open => EditValue::Json(json!(value.expose())),
        Mask::Full | Mask::Partial => EditValue::Secret(value.clone()),
    });
    Field { value, mask: key.mask(), ..Field::new(path, None) }
}

fn needed_answer(draft: &Draft, key: Key, path: &[&'static str]) -> Field {
    answer(draft, key, path).needed(format!("{key} has no value yet"))
}

fn benchling(draft: &Draft, current: &Config, target: &Target<'_>) -> Vec<Field> {
    let secret_arn = match target.arn() {
        Some(arn) => Some(EditValue::Json(json!(arn))),
        None => (draft.write_secret && matches!(target, Target::New)).then_some(EditValue::CreatedSecretArn),
    };
    let path = CLIENT_SECRET;
    let client_secret = match draft.values.get(&Key::ClientSecret).filter(|value| !value.is_empty()) {
        Some(value) if draft.client_secret_in_config => Some(EditValue::Secret(value.clone())),
        _ if draft.client_secret_in_config => None,
        _ => current.own(&path).map(|_| EditValue::Remove),
    };
    vec![
        needed_answer(draft, Key::Tenant, &["benchling", "tenant"]),
        needed_answer(draft, Key::ClientId, &["benchling", "clientId"]),
        Field { value: client_secret, mask: Mask::Full, ..Field::new(&path, None) },
        needed_answer(draft, Key::AppDefinitionId, &["benchling", "appDefinitionId"]),
        Field { value: secret_arn, ..Field::new(&["benchling", "secretArn"], None) },
    ]
}

fn packages(draft: &Draft) -> Vec<Field> {
    vec![
        needed_answer(draft, Key::UserBucket, &["packages", "bucket"]),
        needed_answer(draft, Key::PkgPrefix, &["packages", "prefix"]),
        needed_answer(draft, Key::PkgKey, &["packages", "metadataKey"]),
    ]
}

/// Where the webhook itself runs: as deployed, else as the file says, else beside the Quilt stack. A webhook that is built into the Quilt stack
/// has no stack of its own to name.
fn deployment(facts: &Facts, selection: &Selection, draft: &Draft, current: &Config, integrated: bool) -> Vec<Field> {
    let deployed = facts.webhook.known().map(|stack| &stack.arn);
    let beside = facts.stack.known().map(|stack| &stack.arn);
    // What cannot work is not kept.
    let there = |field| {
        let path = ["deployment", field];
        let value = current.get(&path).filter(|value| is_usable(&path, value))?;
        value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let region = deployed.map(|arn| arn.region().to_owned()).or_else(|| there("region"));
    let region = region.or_else(|| beside.map(|arn| arn.region().to_owned()));
    let region = region.or_else(|| facts.credentials.known().map(|credentials| credentials.region.clone()));
    let caller = || facts.identity.known().map(|identity| identity.account.to_string());
    let account = deployed.map(|arn| arn.account().to_string()).or_else(|| there("account")).or_else(caller);
    let named = match &selection.workload {
        WorkloadChoice::Stack(name) => Some(name.clone()),
        _ => deployed.map(|arn| arn.name().to_owned()).or_else(|| there("stackName")),
    };
    let named = named.or_else(|| (!integrated).then(|| config::webhook_stack(facts, selection)));
    vec![
        Field::text(&["deployment", "region"], region).needed("no region is known"),
        Field::text(&["deployment", "account"], account.or_else(|| beside.map(|arn| arn.account().to_string()))),
        answer(draft, Key::EcrRepositoryName, &["deployment", "ecrRepository"]),
        Field::text(&["deployment", "stackName"], named),
    ]
}

/// Always said: readers guess where it is missing, and guess wrong. A stack is integrated when it runs the webhook and the secret is its own.
fn integrated(facts: &Facts, current: &Config, target: &Target<'_>) -> bool {
    let own = quilt::own_secret(facts).map(|found| found.value);
    let is_own = own.is_some() && own.as_deref() == target.arn();
    current.get(&["integratedStack"]).and_then(Value::as_bool).unwrap_or(is_own)
}

/// Readers of the file know no level CRITICAL, and want the verification as a boolean.
fn behaviour(draft: &Draft) -> Vec<Field> {
    let level = answer(draft, Key::LogLevel, &["logging", "level"]);
    let critical = matches!(&level.value, Some(EditValue::Json(value)) if value == "CRITICAL");
    let verify =
        match draft.values.get(&Key::EnableWebhookVerification).map(|value| value.expose().to_lowercase()).as_deref() {
            Some("true" | "1") => Some(json!(true)),
            Some("false" | "0") => Some(json!(false)),
            _ => None,
        };
    vec![
        Field { value: level.value.filter(|_| !critical), ..Field::new(&["logging", "level"], None) },
        answer(draft, Key::WebhookAllowList, &["security", "webhookAllowList"]),
        Field::new(&["security", "enableVerification"], verify),
    ]
}

fn metadata(facts: &Facts, current: &Config) -> Vec<Field> {
    let there = |field| current.own_text(&["_metadata", field]).map(str::to_owned);
    let created = there("createdAt").filter(|at| at.parse::<Timestamp>().is_ok());
    let now = facts.observed_at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
    vec![
        Field::text(&["_metadata", "version"], Some(there("version").unwrap_or_else(|| FORMAT.into()))),
        Field::text(&["_metadata", "createdAt"], Some(created.unwrap_or_else(|| now.clone()))),
        Field::text(&["_metadata", "updatedAt"], Some(now)),
        Field::text(&["_metadata", "source"], Some("wizard")),
    ]
}
