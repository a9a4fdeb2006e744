//! `rolecall check --as-container`: the start of the service's container, rehearsed with the operator's credentials.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use color_eyre::eyre::Result;
use serde::Serialize;
use serde_json::Value;

use super::{complain, select, writing};
use crate::aws::Surroundings;
use crate::check::of_startup;
use crate::cli::{self, Global, ReportFormat};
use crate::gather::Gatherer;
use crate::handover::{self, Gap, Name, Text, Wish};
use crate::judge::Judgement;
use crate::migrate::sources;
use crate::model::facts::ImportContent;
use crate::model::{CallRecord, Fact, Facts, ImportSource, Reader, Selection, VersionChoice};
use crate::report::{Report, Who};
use crate::startup::{self, Configured, Halt, Phase, Stop, Variables};
use crate::store;
use crate::values::json;
use crate::values::text::{paragraph, safe};
use crate::values::time::Timestamp;
use crate::values::{SecretText, arn};

/// The JSON Schema of the result, draft 2020-12.
pub const SCHEMA: &str = include_str!("../../assets/schema/startup.json");

/// Raised when a field changes its meaning or goes away; a new field does not raise it.
const SCHEMA_VERSION: u32 = 1;

/// How the rehearsal ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Starts,
    Stops,
    Unknown,
}

/// The result.
#[derive(Serialize)]
struct Rehearsal {
    schema_version: u32,
    rolecall_version: &'static str,
    observed_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    demo: Option<String>,
    outcome: Outcome,
    /// The step at which it ended; `None` when it starts.
    phase: Option<Phase>,
    reader: Reader,
    /// Who asked: the operator, never the task role.
    identity: Option<Who>,
    stack: Option<String>,
    secret: Option<String>,
    /// What the service would print; where it cannot be told, what it would print if it fared as the operator did.
    message: Option<String>,
    /// Why it cannot be told.
    unknown: Option<String>,
    warnings: Vec<String>,
    /// What it would answer to GET /health.
    health: Option<Value>,
    /// What it would answer to GET /config.
    config: Option<Value>,
    /// The placeholders in the two answers.
    gaps: Vec<Gap>,
    calls: Vec<CallRecord>,
}

/// Runs the command; the result is its exit code.
///
/// # Errors
/// The result cannot be written.
pub async fn run(here: Arc<Surroundings>, global: &Global, options: &cli::Check, chosen: Selection) -> Result<u8> {
    let json = match options.format {
        None | Some(ReportFormat::Text) => false,
        Some(ReportFormat::Json) => true,
        Some(ReportFormat::Markdown | ReportFormat::Html) => {
            return Ok(complain("--as-container prints text or json"));
        }
    };
    if global.stack.is_some() || global.secret.is_some() {
        return Ok(complain(
            "--stack and --secret do not go with --as-container: QuiltStackARN and BenchlingSecret name both, as for the container",
        ));
    }
    let variables = match variables(&here, options.env_file.as_deref()) {
        Ok(variables) => variables,
        Err(why) => return Ok(complain(&why)),
    };
    let reader = options.reader.map_or(Reader::Specification, Reader::from);
    let rehearsal = rehearse(here, select(global, chosen), &variables, reader).await;
    writing::print(&if json { json::printed(&rehearsal) } else { text(&rehearsal) })?;
    Ok(match rehearsal.outcome {
        Outcome::Starts => 0,
        Outcome::Stops => 1,
        Outcome::Unknown => 3,
    })
}

fn variables(here: &Surroundings, file: Option<&Path>) -> Result<Vec<(String, SecretText)>, String> {
    let Some(path) = file else { return Ok(here.environment.named(|_| true)) };
    let shown = safe(&path.to_string_lossy()).into_owned();
    let read = store::read_import(path).map_err(|error| error.to_string())?;
    match read.ok_or_else(|| format!("there is no file {shown}"))?.content {
        ImportContent::Text { text, .. } => {
            sources::variables(&text).map_err(|fault| format!("{shown} cannot be used: {fault}"))
        }
        ImportContent::Binary(_) | ImportContent::Variables(_) => Err(format!("{shown} is not UTF-8 text")),
    }
}

async fn rehearse(here: Arc<Surroundings>, selection: Selection, variables: &Variables, reader: Reader) -> Rehearsal {
    let demo = here.demo.as_ref().map(|demo| demo.world.clone());
    let now = here.clock.now();
    let blank = |outcome| Rehearsal {
        schema_version: SCHEMA_VERSION,
        rolecall_version: env!("CARGO_PKG_VERSION"),
        observed_at: now,
        demo: demo.clone(),
        outcome,
        phase: None,
        reader,
        identity: None,
        stack: None,
        secret: None,
        message: None,
        unknown: None,
        warnings: Vec::new(),
        health: None,
        config: None,
        gaps: Vec::new(),
        calls: Vec::new(),
    };
    let configured = match startup::configured(variables) {
        Ok(configured) => configured,
        Err(stop) => return blank(Outcome::Stops).stopped(&stop),
    };
    let asked = asked(selection, &configured, reader);
    let passes =
        |facts: &Facts| startup::stack(&configured, &facts.stack).is_ok() && startup::elsewhere(&configured).is_none();
    let (facts, selection) = of_startup(&Gatherer::new(here), asked, passes).await;
    let report = Report::new(&facts, &selection, &Judgement::default());
    let place = Rehearsal {
        observed_at: report.observed_at,
        identity: report.identity,
        stack: Some(configured.stack.to_string()),
        secret: Some(safe(arn::secret_name(&configured.secret)).into_owned()),
        calls: report.calls,
        ..blank(Outcome::Starts)
    };
    match decided(&facts, &configured, reader) {
        Ok(mut warnings) => {
            warnings.extend(startup::mixture(variables));
            let left = startup::left_over(variables);
            if !left.is_empty() {
                warnings.push(format!(
                    "Still set, and no longer read: {}. Take them out, so that nobody changes them in vain.",
                    left.join(", ")
                ));
            }
            Rehearsal { warnings, ..place }.answering(&facts, &selection)
        }
        Err((_, Halt::Stops(stop))) => place.stopped(&stop),
        Err((phase, Halt::Unknown(why, as_operator))) => Rehearsal {
            outcome: Outcome::Unknown,
            phase: Some(phase),
            unknown: Some(why),
            message: as_operator.map(|stop| stop.to_string()),
            ..place
        },
    }
}

/// The container knows nothing but the two variables: not the config profile, not a chosen region.
fn asked(selection: Selection, configured: &Configured, reader: Reader) -> Selection {
    let secret = ImportSource::Secret { id: configured.secret.clone(), version: VersionChoice::Current };
    let mut selection = Selection {
        region: Some(configured.stack.region().to_owned()),
        stack: Some(configured.stack.to_string()),
        secret: Some(configured.secret.clone()),
        inquiry: None,
        ..selection
    };
    selection.migration.imports = vec![secret];
    selection.migration.reader = Some(reader);
    selection
}

/// Goes through the steps in their order. What does not stop it is told in sentences.
fn decided(facts: &Facts, configured: &Configured, reader: Reader) -> Result<Vec<String>, (Phase, Halt)> {
    let unknown = |why: String| (Phase::Stack, Halt::Unknown(why, None));
    let Some(identity) = facts.identity.known() else {
        let why = facts.identity.error().or_else(|| facts.credentials.error());
        let why = why.map_or_else(String::new, |error| format!(": {}", safe(error.message.trim_end_matches('.'))));
        return Err(unknown(format!("No AWS credentials of yours worked{why}. `rolecall check` says more.")));
    };
    let account = configured.stack.account();
    if identity.account != *account {
        return Err(unknown(format!(
            "Your credentials are of account {}, the stack is of account {}: choose an AWS profile of that account.",
            identity.account.grouped(),
            account.grouped()
        )));
    }
    let mut warnings = startup::stack(configured, &facts.stack).map_err(|halt| (Phase::Stack, halt))?;
    let content = facts.migration.imports.first().map_or(&Fact::NotAsked, |imported| &imported.content);
    let document = startup::secret(configured, content).map_err(|halt| (Phase::Secret, halt))?;
    let stops = |stop| (Phase::Parameters, Halt::Stops(stop));
    warnings.extend(startup::parameters(configured, &document, reader).map_err(stops)?);
    Ok(warnings)
}

impl Rehearsal {
    fn stopped(self, stop: &Stop) -> Self {
        Self { outcome: Outcome::Stops, phase: Some(stop.phase), message: Some(stop.to_string()), ..self }
    }

    fn answering(self, facts: &Facts, selection: &Selection) -> Self {
        let subject = handover::subject(facts, selection, &Judgement::default(), None, &Wish::default());
        let mut gaps: Vec<Gap> = Vec::new();
        let mut of = |text: Option<Text>| {
            let text = text?;
            gaps.extend(text.gaps.iter().filter(|gap| !gaps.contains(gap)).cloned().collect::<Vec<_>>());
            serde_json::from_str(&text.body).ok()
        };
        let health = of(Some(handover::health(&subject, self.reader)));
        let config = of(handover::named(&subject, Name::ConfigBody).into_iter().next());
        Self { health, config, gaps, ..self }
    }
}

fn text(rehearsal: &Rehearsal) -> String {
    let mut out = String::new();
    if let Some(world) = &rehearsal.demo {
        let _ = writeln!(out, "DEMO world {world}: none of this is AWS.\n");
    }
    match &rehearsal.identity {
        Some(who) => paragraph(&mut out, "", &format!("Asked as {}: you, not the service's task role.", who.arn)),
        None => out.push_str("AWS was not asked.\n"),
    }
    out.push('\n');
    if let Some(why) = &rehearsal.unknown {
        paragraph(&mut out, "", why);
        if rehearsal.message.is_some() {
            out.push_str("If the task role fares the same, the service prints:\n");
        }
        out.push('\n');
    }
    if let Some(message) = &rehearsal.message {
        let _ = writeln!(out, "{message}\n");
    }
    for (path, body) in [("/health", &rehearsal.health), ("/config", &rehearsal.config)] {
        if let Some(body) = body {
            let _ = write!(out, "GET {path}\n{}\n", json::printed(body));
        }
    }
    for gap in &rehearsal.gaps {
        paragraph(&mut out, "  ", &format!("{}: {}", gap.placeholder, gap.why));
    }
    if !rehearsal.gaps.is_empty() {
        out.push('\n');
    }
    for warning in &rehearsal.warnings {
        paragraph(&mut out, "warning: ", warning);
    }
    paragraph(&mut out, "", &ending(rehearsal));
    out
}

fn ending(rehearsal: &Rehearsal) -> String {
    let step = match rehearsal.phase {
        Some(Phase::Environment) => "step 1 of 5, the environment, before any call to AWS",
        Some(Phase::StackArn) => "step 2 of 5, the stack's ARN, before any call to AWS",
        Some(Phase::Stack | Phase::Outputs) => "step 3 of 5, the stack and its outputs",
        Some(Phase::Secret) => "step 4 of 5, the secret",
        Some(Phase::Parameters) | None => "step 5 of 5, the parameters",
    };
    match rehearsal.outcome {
        Outcome::Starts => {
            let runtime = match rehearsal.reader {
                Reader::Specification => "The service",
                Reader::Shipped => "A shipped runtime",
                Reader::Both => "Every runtime",
            };
            format!("{runtime} would start: all 5 steps are passed.")
        }
        Outcome::Stops => format!("The service would stop at {step}."),
        Outcome::Unknown => format!("Whether the service would start could not be told, from {step} on."),
    }
}
