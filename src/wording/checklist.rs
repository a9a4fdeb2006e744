//! What is left to be done by hand once the secret is written: the checklist of a migration (A14, S3-25, S3-27, S3-42, S3-53 to S3-59).
//!
//! rolecall writes the secret; the service's deployment is its owner's. So the last page says what to set there, what to take out, how to
//! restart, and what the service must then answer. Safe to print, and without any value that is hidden elsewhere.

use std::collections::BTreeSet;

use super::done;
use crate::handover::{self, Form, Name, Style, Subject, Text, Wish};
use crate::judge::Judgement;
use crate::migrate::{self, Shape};
use crate::model::plan::{ChangeOutcome, ChangeReport};
use crate::model::selection::CredentialSource;
use crate::model::{Facts, Reader, Selection};
use crate::plan::Draft;
use crate::secret::{Document, Key};
use crate::values::shell;
use crate::values::text::safe;

/// What earlier versions of the service were configured with, one variable per value (S3-27, S3-53).
const OLD_NAMES: [&str; 11] = [
    "BENCHLING_CLIENT_ID",
    "BENCHLING_CLIENT_SECRET",
    "BENCHLING_TENANT",
    "BENCHLING_APP_DEFINITION_ID",
    "LOG_LEVEL",
    "PKG_PREFIX",
    "PKG_KEY",
    "QUILT_USER_BUCKET",
    "ECR_REPOSITORY_NAME",
    "ENABLE_WEBHOOK_VERIFICATION",
    "WEBHOOK_ALLOW_LIST",
];

/// One thing to do.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct Step {
    /// What to do, as a sentence without its full stop.
    pub title: String,
    /// What to copy or to compare: variables, a command, a body. Line by line.
    pub body: Vec<String>,
    /// What one must know beside it, in sentences.
    pub notes: Vec<String>,
}

/// The steps that are left, in order. None where nothing was written and nothing was in order before.
#[must_use]
pub fn checklist(facts: &Facts, selection: &Selection, reports: &[ChangeReport]) -> Vec<Step> {
    if reports.iter().any(|report| !matches!(report.outcome, ChangeOutcome::Written { .. })) {
        return Vec::new();
    }
    let draft = written(facts, selection);
    let subject = handover::subject(facts, selection, &Judgement::default(), Some(&draft), &Wish::default());
    let mut steps: Vec<Step> = into_secrets_manager(facts, selection, &draft).into_iter().collect();
    steps.push(set_variables(&subject, draft.reader));
    steps.push(take_out(facts, selection));
    steps.push(restart(facts, selection));
    steps.extend(answers(&subject, draft.reader));
    steps
}

/// What was written: as the secret has it now, or the file. The sources may hold what was corrected since.
fn written(facts: &Facts, selection: &Selection) -> Draft {
    let mut alone = selection.clone();
    alone.migration.imports.clear();
    let mut draft = Draft::from_facts(facts, &alone);
    let file = facts.migration.file.shown().filter(|_| selection.migration.to_file.is_some());
    if let Some(document) = file.and_then(|file| Document::parse(&file.text).ok()) {
        for key in Key::ALL {
            if let Some(value) = document.value(key) {
                draft.values.insert(key, value);
            }
        }
    }
    draft
}

/// The steps as lines of text, numbered: for a terminal without a screen.
#[must_use]
pub fn lines(steps: &[Step]) -> Vec<String> {
    let step = |(number, step): (usize, &Step)| {
        let body = step.body.iter().map(|line| format!("     {line}"));
        let notes = step.notes.iter().map(|note| format!("   {note}"));
        std::iter::once(format!("{number}. {}", step.title)).chain(body).chain(notes).collect::<Vec<_>>()
    };
    (1..).zip(steps).flat_map(step).collect()
}

/// The service reads no file: whoever wrote one has the secret made of it.
fn into_secrets_manager(facts: &Facts, selection: &Selection, draft: &Draft) -> Option<Step> {
    let path = selection.migration.to_file.as_ref()?;
    let from = format!("file://{}", path.display());
    let words = ["aws", "secretsmanager", "create-secret", "--name", &draft.secret_name, "--secret-string", &from];
    let known = facts.stack.shown().map(|stack| stack.arn.region().to_owned()).or_else(|| selection.region.clone());
    let flags = aws_flags(selection, Some(known.as_deref().unwrap_or("REGION")));
    let command = shell::command(words.into_iter().chain(flags.iter().map(String::as_str)));
    let path = path.to_string_lossy();
    let remove = shell::command(["rm", "--", path.as_ref()]);
    let mut notes = vec![
        "The service reads the secret, never a file. Of a secret that exists, `put-secret-value --secret-id` makes a new version.".to_owned(),
        "Take the file away only once the secret is there.".into(),
    ];
    if known.is_none() {
        notes.push("REGION is the region of the Quilt stack: the service looks for its secret there.".into());
    }
    Some(Step {
        title: "Bring the file into Secrets Manager, and take it away".into(),
        body: vec![clean(&command), clean(&remove)],
        notes,
    })
}

fn set_variables(subject: &Subject, reader: Reader) -> Step {
    // Shipped releases do not look anything up: their container is told each service by name (C14).
    let style = if reader == Reader::Shipped { Style::ServiceEnvars } else { Style::SecretsOnly };
    let wanted = handover::of(style, Form::EnvFile);
    let text = handover::named(subject, Name::ContainerEnv).into_iter().find(|text| text.of.as_ref() == Some(&wanted));
    let (body, mut notes) = text.map_or_else(Default::default, |text| {
        let gaps = text.gaps.iter().map(|gap| format!("{}: {}", gap.placeholder, gap.why));
        (text.body.lines().map(str::to_owned).collect::<Vec<_>>(), gaps.chain(text.notes.clone()).collect::<Vec<_>>())
    });
    if reader == Reader::Shipped {
        notes.insert(0, "The deploy command of a shipped release sets them itself.".into());
    } else {
        // What to take out is the next step, with the names that were found.
        notes.retain(|note| !note.contains("take out"));
    }
    let title = match reader {
        Reader::Shipped => "Set the variables of the container",
        Reader::Specification | Reader::Both => "Set two variables of the container",
    };
    Step { title: title.into(), body, notes }
}

/// The names that the sources had, as far as they are variables of a container.
fn take_out(facts: &Facts, selection: &Selection) -> Step {
    let gathered = migrate::gathered(facts, selection);
    let imports = gathered.sources.iter().filter_map(|source| source.import.shown()?.as_ref().ok());
    let variables = imports.filter(|import| matches!(import.shape, Shape::Variables | Shape::TaskDefinition));
    let names = variables.flat_map(|import| {
        let given = import.given.iter().map(|given| given.name.as_str());
        given.chain(import.leftovers.iter().map(String::as_str))
    });
    let names: BTreeSet<String> = names.map(clean).collect();
    if names.is_empty() {
        return Step {
            title: "Take out the variables that the secret replaces, where they are set".into(),
            body: OLD_NAMES.map(str::to_owned).to_vec(),
            notes: vec!["No source told which of them are set: these are the names of earlier versions.".into()],
        };
    }
    let count = names.len();
    Step {
        title: match count {
            1 => "Take out the variable that the secret replaces".into(),
            _ => format!("Take out the {count} variables that the secret replaces"),
        },
        body: names.into_iter().collect(),
        notes: vec!["They are in the deployment; nothing of it was changed.".into()],
    }
}

/// A container reads its secret once, when it starts (S3-41, S3-42).
fn restart(facts: &Facts, selection: &Selection) -> Step {
    let stack = if done::is_integrated(facts) {
        facts.stack.shown().map(|stack| stack.arn.name().to_owned())
    } else {
        facts.webhook.shown().map(|stack| stack.arn.name().to_owned())
    };
    let region = facts.stack.shown().map(|stack| stack.arn.region().to_owned());
    let flags = aws_flags(selection, region.as_deref());
    let with = |words: &[&str]| clean(&shell::command(words.iter().copied().chain(flags.iter().map(String::as_str))));
    let restart = with(&[
        "aws",
        "ecs",
        "update-service",
        "--cluster",
        "CLUSTER",
        "--service",
        "SERVICE",
        "--force-new-deployment",
    ]);
    let (body, note) = match stack {
        Some(stack) => {
            let query = "StackResourceSummaries[?starts_with(ResourceType, `AWS::ECS::`)].PhysicalResourceId";
            let words = ["aws", "cloudformation", "list-stack-resources", "--stack-name", &stack, "--query", query];
            (vec![with(&words), restart], "The first command names CLUSTER and SERVICE.")
        }
        None => (vec![restart], "CLUSTER and SERVICE are those that run the webhook; no stack of it was found here."),
    };
    Step { title: "Restart the service: it reads the secret when it starts".into(), body, notes: vec![note.into()] }
}

fn answers(subject: &Subject, reader: Reader) -> Vec<Step> {
    let of = |text: Text, title: &str| {
        let gaps = text.gaps.iter().map(|gap| format!("{}: {}", gap.placeholder, gap.why));
        let notes = gaps.chain(text.notes.clone()).collect();
        Step { title: title.into(), body: text.body.lines().map(str::to_owned).collect(), notes }
    };
    let title = match reader {
        Reader::Shipped => "Look at GET /health".to_owned(),
        Reader::Specification | Reader::Both => format!("Look at GET /health: {} parameters", Key::ALL.len()),
    };
    let config = handover::named(subject, Name::ConfigBody).into_iter();
    let config = config.map(|text| of(text, "Look at GET /config: the values, masked"));
    std::iter::once(of(handover::health(subject, reader), &title)).chain(config).collect()
}

/// `--region` and `--profile` of the AWS CLI.
fn aws_flags(selection: &Selection, region: Option<&str>) -> Vec<String> {
    let mut flags = Vec::new();
    if let Some(region) = region.map(str::to_owned).or_else(|| selection.region.clone()) {
        flags.extend(["--region".to_owned(), region]);
    }
    if let Some(CredentialSource::Profile(name)) = &selection.source {
        flags.extend(["--profile".to_owned(), name.clone()]);
    }
    flags
}

fn clean(text: &str) -> String {
    safe(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::facts::{ImportContent, Imported, Stack};
    use crate::model::{Fact, ImportSource};
    use crate::values::time::Timestamp;
    use crate::values::{SecretText, StackArn};

    fn stack(name: &str) -> Stack {
        Stack {
            arn: StackArn::parse(&format!("arn:aws:cloudformation:us-east-1:111122223333:stack/{name}/0a1b")).unwrap(),
            status: "UPDATE_COMPLETE".into(),
            status_reason: None,
            created: None,
            updated: None,
            outputs: Vec::new(),
            parameters: Vec::new(),
        }
    }

    fn world() -> (Facts, Selection) {
        let mut facts = Facts::new(Timestamp::UNIX_EPOCH);
        facts.stack = Fact::Known(stack("quilt-prod"));
        facts.webhook = Fact::Known(stack("BenchlingWebhookStack"));
        facts.secret = Fact::Absent;
        let mut selection = Selection::new();
        selection.source = Some(CredentialSource::Profile("my profile".into()));
        selection.secret = Some("benchling-webhook-prod".into());
        (facts, selection)
    }

    fn written() -> Vec<ChangeReport> {
        let outcome = ChangeOutcome::Written { what: "version v2".into(), undo: Vec::new() };
        vec![ChangeReport { subject: "secret benchling-webhook-prod".into(), outcome }]
    }

    #[test]
    fn the_checklist_names_stack_secret_and_the_restart() {
        let (facts, selection) = world();
        let text = lines(&checklist(&facts, &selection, &written())).join("\n");
        for part in [
            "QuiltStackARN=arn:aws:cloudformation:us-east-1:111122223333:stack/quilt-prod/0a1b",
            "3. Restart the service",
            "--force-new-deployment --region us-east-1 --profile 'my profile'",
            "--stack-name BenchlingWebhookStack",
            "\"config_parameters\": 11",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
    }

    #[test]
    fn what_is_taken_out_is_what_the_sources_had() {
        let (mut facts, mut selection) = world();
        assert!(take_out(&facts, &selection).body.contains(&"BENCHLING_TENANT".to_owned()));
        let source = ImportSource::Environment;
        selection.migration.imports.push(source.clone());
        let variables = vec![("BENCHLING_TENANT".to_owned(), SecretText::from("acme"))];
        facts.migration.imports = vec![Imported { source, content: Fact::Known(ImportContent::Variables(variables)) }];
        let step = take_out(&facts, &selection);
        assert_eq!(step.body, ["BENCHLING_TENANT"]);
        assert_eq!(step.title, "Take out the variable that the secret replaces");
    }

    #[test]
    fn a_file_has_to_be_brought_into_secrets_manager_first() {
        let (facts, mut selection) = world();
        selection.migration.to_file = Some("/home/op/my secret.json".into());
        let steps = checklist(&facts, &selection, &written());
        assert!(steps[0].body[0].contains("--secret-string 'file:///home/op/my secret.json'"), "{:?}", steps[0]);
        assert!(steps[0].body[0].contains("--region us-east-1"), "{:?}", steps[0]);
        assert_eq!(steps[0].body[1], "rm -- '/home/op/my secret.json'");
        let steps = checklist(&Facts::new(Timestamp::UNIX_EPOCH), &selection, &written());
        assert!(steps[0].body[0].contains("--region REGION") && steps[0].notes[2].contains("REGION"), "{:?}", steps[0]);
    }

    #[test]
    fn of_a_shipped_release_health_says_nothing_of_parameters() {
        let (facts, mut selection) = world();
        selection.migration.reader = Some(Reader::Shipped);
        let text = lines(&checklist(&facts, &selection, &written())).join("\n");
        assert!(text.contains("GET /health") && !text.contains("config_parameters"), "{text}");
    }

    #[test]
    fn there_is_none_while_something_was_not_written() {
        let (facts, selection) = world();
        let failed = ChangeReport { subject: "s".into(), outcome: ChangeOutcome::Failed("no".into()) };
        assert_eq!(checklist(&facts, &selection, &[failed]), []);
    }
}
