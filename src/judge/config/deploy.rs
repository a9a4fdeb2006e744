//! What a deployment needs of `config.json`, and what was deployed last.

use super::super::view::View;
use crate::config::version::{ReadBy, Version};
use crate::config::{Config, FIELDS, Field, webhook_stack};
use crate::model::facts::Deployed;
use crate::model::finding::Fix;
use crate::model::{Fact, Finding, Severity};
use crate::systems::quilt::{self, Wanted};
use crate::values::text::{self, capitalized};

pub(super) fn judge(view: &View<'_>, config: &Config) -> Vec<Finding> {
    let mut findings: Vec<Finding> = needed(view, config).into_iter().collect();
    findings.extend(policies(view, config));
    findings.extend(versions(view, config));
    findings
}

/// The version that runs, if the image's tag tells.
fn running(view: &View<'_>) -> Option<Version> {
    Version::of_tag(view.facts.deployed.known()?.image_tag.as_deref()?)
}

/// The schema does without them, `deploy` does not.
fn needed(view: &View<'_>, config: &Config) -> Option<Finding> {
    let paths: [&[&str]; 2] = [&["quilt", "stackArn"], &["benchling", "secretArn"]];
    let missing: Vec<String> =
        paths.iter().filter(|path| config.text(path).is_none()).map(|path| path.join(".")).collect();
    if missing.is_empty() {
        return None;
    }
    let claim = format!("{} cannot be deployed: it does not say {}.", view.config_words(), missing.join(" and "));
    Some(
        Finding::new(Severity::Error, "config/deploy", missing.join(", "), claim)
            .because("the webhook package's schema does without, its `deploy` does not; `status` of an integrated stack needs quilt.stackArn too")
            .cure(Fix::command("Choose stack and secret in the walk, which writes both.", view.rolecall("setup"))),
    )
}

/// Versions since 0.10.0 assume no role: their task role gets the stack's managed policies, if the file names them.
fn policies(view: &View<'_>, config: &Config) -> Option<Finding> {
    const POLICIES: [(&[&str], Wanted); 2] = [
        (&["quilt", "bucketWritePolicyArn"], Wanted::BucketWritePolicy),
        (&["quilt", "athenaUserPolicyArn"], Wanted::AthenaUserPolicy),
    ];
    if running(view).is_some_and(|version| POLICIES.iter().all(|(path, _)| !read_by(path).reads(version))) {
        return None;
    }
    let missing: Vec<(String, String)> = POLICIES
        .iter()
        .filter(|(path, _)| config.text(path).is_none())
        .filter_map(|(path, wanted)| Some((path.join("."), quilt::resource(view.facts, *wanted)?.value)))
        .collect();
    if missing.is_empty() {
        return None;
    }
    let names: Vec<&str> = missing.iter().map(|(name, _)| name.as_str()).collect();
    let claim = format!("{} does not name {}, which the stack has.", view.config_words(), names.join(" and "));
    let finding = Finding::new(Severity::Warning, "config/policies", names.join(", "), claim);
    let lines = missing.iter().map(|(name, value)| format!("{name}: {value}"));
    Some(
        lines
            .fold(finding, Finding::because)
            .because("versions since 0.10.0 assume no role; without these policies their task role may do nothing")
            .cure(Fix::command("Take them over from the stack.", view.rolecall("setup"))),
    )
}

fn read_by(path: &[&str]) -> ReadBy {
    Field::at(path).map_or(ReadBy::Every, |field| field.read_by)
}

/// Fields in the file that the version which runs does not read; where that is not known, those that no current version reads.
fn versions(view: &View<'_>, config: &Config) -> Option<Finding> {
    // What rolecall writes for every version is no news while nobody knows which one runs.
    const WRITTEN: [&str; 2] = ["readRoleArn", "writeRoleArn"];
    let running = running(view);
    let unread = |field: &&Field| match (running, field.read_by) {
        (Some(version), read_by) => !read_by.reads(version),
        (None, ReadBy::None | ReadBy::Between(..)) => field.path.last().is_none_or(|name| !WRITTEN.contains(name)),
        (None, _) => false,
    };
    let fields: Vec<&Field> = FIELDS.iter().filter(|field| config.get(field.path).is_some()).filter(unread).collect();
    if fields.is_empty() {
        return None;
    }
    let names: Vec<String> = fields.iter().map(|field| field.name()).collect();
    let by = running.map_or_else(
        || "current versions of the webhook".into(),
        |version| format!("version {version}, which was deployed last,"),
    );
    let claim = format!("{by} does not read {}.", names.join(", "));
    let claim = if running.is_none() { claim.replacen("does not", "do not", 1) } else { claim };
    let finding = Finding::new(Severity::Info, "config/versions", names.join(", "), capitalized(&claim));
    let lines = fields.iter().filter_map(|field| Some(format!("{}: {}", field.name(), field.read_by.words()?)));
    let finding = lines.fold(finding, Finding::because);
    let no_roles = running.is_some_and(|version| !read_by(&["quilt", "writeRoleArn"]).reads(version));
    let about_roles = fields.iter().any(|field| field.path == ["quilt", "writeRoleArn"]);
    Some(if no_roles && about_roles {
        finding.because("that version assumes no role: it works with what its own task role may do")
    } else {
        finding
    })
}

/// What `deployments.json` says of the last deployment, and whether this file leads to the same stack.
pub(super) fn last(view: &View<'_>) -> Option<Finding> {
    let subject = &view.selection.config_profile;
    match &view.facts.deployed {
        Fact::Known(deployed) => Some(deployed_last(view, deployed)),
        Fact::Failed(error) => Some(
            Finding::new(
                Severity::Warning,
                "config/deployed",
                subject,
                format!("What was deployed last is not known: deployments.json cannot be read: {}.", error.message),
            )
            .because(
                "the webhook package begins a new history when it cannot read the old one, and the old one is lost",
            )
            .cure(Fix::advice("Correct the file, or move it away; rolecall never writes it."))
            .not_known(),
        ),
        _ => None,
    }
}

fn deployed_last(view: &View<'_>, deployed: &Deployed) -> Finding {
    let subject = &view.selection.config_profile;
    let image = deployed.image_tag.as_deref().map(|tag| format!(" image {tag}")).unwrap_or_default();
    let stack = deployed.stack_name.as_deref().map(|name| format!(" to stack {name}")).unwrap_or_default();
    let region = deployed.region.as_deref().map(|region| format!(" in {region}")).unwrap_or_default();
    let at = deployed.at.map(|at| format!(" on {}", at.strftime("%F"))).unwrap_or_default();
    let claim = format!("Config profile {subject} was last deployed{at}:{image}{stack}{region}.");
    let goes = webhook_stack(view.facts, view.selection);
    let to_region = view.config_text(&["deployment", "region"]);
    let elsewhere = deployed.stack_name.as_ref().is_some_and(|name| *name != goes)
        || deployed.region.as_deref().is_some_and(|was| to_region.is_some_and(|to| to != was));
    let severity = if elsewhere { Severity::Warning } else { Severity::Info };
    let finding = Finding::new(severity, "config/deployed", subject, claim)
        .because("deployments.json, which rolecall never writes");
    if !elsewhere {
        return finding;
    }
    let place = to_region.map(|region| format!(" in {region}")).unwrap_or_default();
    finding.because(format!("the next deployment would go to stack {}{place}", text::safe(&goes))).cure(Fix::advice(
        "Expect a second webhook there; correct deployment.stackName and deployment.region if that is not meant.",
    ))
}
