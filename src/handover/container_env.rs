//! The environment of the webhook's container, in either style of deployment (A5, C14).
//!
//! `secrets-only` (S3-25, S3-52): the two variables that lead to everything else. `service-envars` (S0-02, S0-27): every service by name, with the
//! two roles. The credentials for Benchling stay in the secret in both.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Gap;
use super::sheet::Sheet;
use super::subject::{Service, Slot, Subject};
use super::{Language, Name, Text};
use crate::model::selection::RoleKind;
use crate::secret::Key;
use crate::values::text::has_unsafe;
use crate::values::{json, shell};

/// How the container is told where its services are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Style {
    /// By two variables: the Quilt stack and the secret.
    SecretsOnly,
    /// By a variable for each.
    ServiceEnvars,
}

impl Style {
    /// Both, the newer first.
    pub const ALL: [Self; 2] = [Self::SecretsOnly, Self::ServiceEnvars];

    /// As the command line calls it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::SecretsOnly => "secrets-only",
            Self::ServiceEnvars => "service-envars",
        }
    }
}

/// What the environment is written for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Form {
    /// `docker run --env-file`.
    EnvFile,
    /// `environment` of a container definition of an ECS task.
    Ecs,
    /// `environment` of a service in a Compose file.
    Compose,
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::EnvFile, Self::Ecs, Self::Compose];

    /// As the command line calls it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::EnvFile => "env-file",
            Self::Ecs => "ecs",
            Self::Compose => "compose",
        }
    }

    const fn language(self) -> Language {
        match self {
            Self::EnvFile => Language::Env,
            Self::Ecs => Language::Json,
            Self::Compose => Language::Yaml,
        }
    }
}

/// What [`Text::of`] says of a style and a form.
#[must_use]
pub fn of(style: Style, form: Form) -> String {
    format!("{} {}", style.word(), form.word())
}

pub(super) fn texts(subject: &Subject, service: &Service) -> Vec<Text> {
    let all = Style::ALL.into_iter().flat_map(|style| Form::ALL.map(|form| (style, form)));
    all.map(|(style, form)| text(subject, service, style, form)).collect()
}

fn text(subject: &Subject, service: &Service, style: Style, form: Form) -> Text {
    let mut sheet = Sheet::default();
    let variables = match style {
        Style::SecretsOnly => secrets_only(&mut sheet, service),
        Style::ServiceEnvars => service_envars(&mut sheet, subject, service),
    };
    let body = match form {
        Form::EnvFile => env_file(&mut sheet, &variables),
        Form::Ecs => {
            let list: Value = variables.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
            json::printed(&list)
        }
        Form::Compose => compose(&variables),
    };
    let title = format!(
        "Container environment, {}, {}",
        style.word(),
        match form {
            Form::EnvFile => "as an env file",
            Form::Ecs => "for an ECS container definition",
            Form::Compose => "for a Compose file",
        }
    );
    sheet.text(Name::ContainerEnv, Some(of(style, form)), title, form.language(), body)
}

type Variables = Vec<(&'static str, String)>;

fn secrets_only(sheet: &mut Sheet, service: &Service) -> Variables {
    if let (Some(stack), Some(secret)) = (service.stack.known(), service.secret.known()) {
        let flags = shell::command(["--quilt-stack-arn", &stack.to_string(), "--benchling-secret", secret]);
        sheet.note(format!("The same for the webhook's deploy command, whose --image-tag is the release: {flags}"));
    }
    sheet.note("The container reads nothing else from its environment: take out BENCHLING_* and QUILT_* variables of earlier versions.");
    vec![("QuiltStackARN", sheet.take(&service.stack)), ("BenchlingSecret", sheet.take(&service.secret))]
}

fn service_envars(sheet: &mut Sheet, subject: &Subject, service: &Service) -> Variables {
    let mut variables: Variables = vec![
        ("AWS_REGION", sheet.take(&service.region)),
        ("QUILT_WEB_HOST", sheet.take(&service.catalog)),
        ("ATHENA_USER_DATABASE", sheet.take(&service.database)),
    ];
    variables.extend(service.workgroup.iter().map(|name| ("ATHENA_USER_WORKGROUP", name.clone())));
    variables.push(("PACKAGER_SQS_URL", sheet.take(&service.queue_url)));
    let roles: Vec<_> = subject.edges.iter().flat_map(|edge| &edge.roles).collect();
    for (kind, name) in [(RoleKind::Read, "QUILT_READ_ROLE_ARN"), (RoleKind::Write, "QUILT_WRITE_ROLE_ARN")] {
        let arn = match roles.iter().find(|role| role.kind == Some(kind)) {
            Some(role) => sheet.role_arn(role),
            None => sheet.take(&Slot::<String>::open(
                &format!("{}-role-arn", kind.word()),
                format!("{} is not among the roles.", kind.logical_id()),
            )),
        };
        variables.push((name, arn));
    }
    variables.push(("BenchlingSecret", sheet.take(&service.secret)));
    variables.extend(service.values.get(&Key::LogLevel).map(|level| ("LOG_LEVEL", level.clone())));
    sheet.note("Without a role's variable the container uses the task role's own credentials.");
    sheet.note("Versions 0.8.0 to 0.9.9 read QUILT_WRITE_ROLE_ARN alone; later ones assume no role.");
    variables
}

/// `NAME=value`, with no quoting: its readers take quotes, `#`, `$` and white space differently, so that a value with any of these is left out.
fn env_file(sheet: &mut Sheet, variables: &Variables) -> String {
    let mut out = String::new();
    for (name, value) in variables {
        let is_placeholder = value.starts_with('<') && value.ends_with('>');
        let same_everywhere = |c: char| c.is_ascii_alphanumeric() || "_./:@%+=,-".contains(c);
        let value = if is_placeholder || (!value.is_empty() && value.chars().all(same_everywhere)) {
            value.clone()
        } else {
            let gap = Gap::new(
                &name.to_lowercase().replace('_', "-"),
                "Readers of env files differ in how they take its value: `--as ecs` and `--as compose` write it.",
            );
            sheet.gap(&gap);
            gap.placeholder
        };
        let _ = writeln!(out, "{name}={value}");
    }
    out
}

/// A Compose file replaces `$NAME` in values, so that a `$` is written twice.
///
/// Source: Compose Specification, "Interpolation".
fn compose(variables: &Variables) -> String {
    let mut out = String::from("services:\n  benchling-webhook:\n    environment:\n");
    for (name, value) in variables {
        let _ = writeln!(out, "      {name}: {}", yaml(&value.replace('$', "$$")));
    }
    out
}

/// A double-quoted scalar. Source: YAML 1.2.2, section 5.7 "Escaped characters".
fn yaml(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if has_unsafe(c.encode_utf8(&mut [0; 4])) => {
                let _ = write!(out, "\\U{:08X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
