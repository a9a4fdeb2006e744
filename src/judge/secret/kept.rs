//! How a secret is kept, whatever it holds: its region, its name, who else writes it, and what an interrupted write left behind.

use super::super::view::View;
use crate::model::facts::Secret;
use crate::model::finding::Fix;
use crate::model::plan::PENDING_STAGE;
use crate::model::{Finding, Severity};
use crate::systems::quilt;
use crate::values::{Arn, text};

/// The stage of the version that readers get.
const CURRENT: &str = "AWSCURRENT";

pub(super) fn judge(view: &View<'_>, secret: &Secret) -> Vec<Finding> {
    let mut findings: Vec<Finding> = region(view, secret).into_iter().collect();
    findings.extend(suggested_name(secret));
    findings.extend(service(secret).or_else(|| stack(view, secret)));
    findings.extend(replica(view, secret).or_else(|| replicated(secret)));
    findings.extend(rotation(view, secret));
    findings.extend(pending(view, secret));
    findings
}

/// The service reads the secret in the stack's region and in no other (S3-03).
fn region(view: &View<'_>, secret: &Secret) -> Option<Finding> {
    let stack = view.stack_arn()?;
    let here = Arn::parse(&secret.arn).ok()?.region;
    let name = secret.name.as_str();
    Some(if here == stack.region() {
        Finding::new(Severity::Ok, "secret/region", name, format!("Secret {name} is in the stack's region, {here}."))
    } else {
        let claim = format!("Secret {name} is in {here}, stack {} in {}.", stack.name(), stack.region());
        Finding::new(Severity::Error, "secret/region", name, claim)
            .because("the service looks for its secret in its own region")
            .because(secret.arn.clone())
            .cure(Fix::advice(format!("Create the secret in {} and let config.json name that one.", stack.region())))
    })
}

/// It was not found, and its ARN says why: it names another region than the one that was asked.
pub(super) fn named_elsewhere(view: &View<'_>, name: &str) -> Option<Finding> {
    let arn = Arn::parse(&super::chosen(view)?).ok()?;
    let asked = view.region().filter(|asked| *asked != arn.region && !arn.region.is_empty())?;
    let claim = format!("Secret {name} is in {}; the service looks for it in {asked}.", arn.region);
    let copy = ["secret", "--region", &asked];
    Some(
        Finding::new(Severity::Error, "secret/region", name, claim)
            .because(format!("secretsmanager:DescribeSecret answered in {asked} that there is no such secret"))
            .because(arn.to_string())
            .cure(Fix::command(
                format!("Create the secret in {asked}, and let config.json name that one."),
                view.rolecall_with(&copy),
            )),
    )
}

/// A suggestion, never a rule (C11).
fn suggested_name(secret: &Secret) -> Option<Finding> {
    let name = secret.name.as_str();
    let known = [quilt::SECRET_NAME_PREFIX, quilt::SHIPPED_SECRET_NAME_PREFIX];
    if known.iter().any(|prefix| name.starts_with(prefix)) || secret.stack.is_some() {
        return None;
    }
    let claim = format!("Secret {name} has a name of its own; the suggested one is benchling-webhook-ENVIRONMENT.");
    Some(
        Finding::new(Severity::Info, "secret/name", name, claim)
            .because("any name works, since the deployment is given it; the suggested one is found more easily"),
    )
}

/// A managed secret: only its service may change it.
fn service(secret: &Secret) -> Option<Finding> {
    let service = secret.owning_service.as_ref()?;
    let claim = format!("Secret {} belongs to service {service}, which alone writes it.", secret.name);
    Some(
        Finding::new(Severity::Warning, "secret/owner", &secret.name, claim)
            .because("rolecall writes nothing to a secret that a service manages")
            .cure(Fix::advice("Give the webhook a secret of its own, and let config.json name that one.")),
    )
}

/// A secret of a stack: the Quilt stack's own is meant to be filled in, of any other the template has the last word.
fn stack(view: &View<'_>, secret: &Secret) -> Option<Finding> {
    let (stack, name) = (secret.stack.as_ref()?, &secret.name);
    let own = quilt::resource(view.facts, quilt::Wanted::BenchlingSecret).map(|found| found.value);
    let resource = secret.tags.iter().find(|(key, _)| key == "aws:cloudformation:logical-id").map(|(_, id)| id);
    let of_quilt =
        resource.is_some_and(|id| id == "BenchlingSecret") || own.is_some_and(|own| own == secret.arn || own == *name);
    let finding = |severity, claim| Finding::new(severity, "secret/owner", name, claim);
    if of_quilt {
        let claim = format!("Secret {name} was made by Quilt stack {stack}, which leaves its values to you.");
        return Some(
            finding(Severity::Info, claim)
                .because("its values are meant to be filled in; its deletion belongs to the stack"),
        );
    }
    let claim = format!("Secret {name} was made by stack {stack}: what is written here drifts from the template.");
    let finding = finding(Severity::Warning, claim)
        .because("when the template's value of it changes, CloudFormation writes a new version over yours");
    let finding =
        resource.into_iter().fold(finding, |finding, id| finding.because(format!("resource {id} of stack {stack}")));
    Some(finding.cure(Fix::advice(format!(
        "Change the values in the template of stack {stack}, or take them out of it before they are written here."
    ))))
}

/// A replica follows its primary and cannot be written.
fn replica(view: &View<'_>, secret: &Secret) -> Option<Finding> {
    let primary = secret.kept.primary_region.as_ref()?;
    let here = Arn::parse(&secret.arn).ok()?.region;
    (*primary != here).then(|| {
        let claim = format!(
            "Secret {} of {here} is a replica and cannot be written; its primary is in {primary}.",
            secret.name
        );
        Finding::new(Severity::Warning, "secret/replica", &secret.name, claim)
            .because("reading it works; what is written to the primary is copied here")
            .cure(Fix::command(
                format!("Write the primary in {primary}."),
                view.rolecall_with(&["secret", "--region", primary, "--secret", &secret.name]),
            ))
            .cure(Fix::command(
                "Or make it a secret of its own, which follows no longer.",
                view.aws_regional(&["secretsmanager", "stop-replication-to-replica", "--secret-id", &secret.name]),
            ))
    })
}

/// What is written to a primary is written to every replica.
fn replicated(secret: &Secret) -> Option<Finding> {
    let (name, replicas) = (&secret.name, &secret.kept.replicas);
    if replicas.is_empty() {
        return None;
    }
    let regions = replicas.iter().map(|replica| replica.region.as_str()).collect::<Vec<_>>().join(", ");
    let failed = |replica: &crate::model::facts::Replica| {
        Some(format!("{}: {}", replica.region, text::elide_end(&text::safe(replica.failure.as_deref()?), 200)))
    };
    let failures: Vec<String> = replicas.iter().filter_map(failed).collect();
    if failures.is_empty() {
        let claim = format!("Secret {name} is replicated to {regions}: what is written here is written there.");
        return Some(Finding::new(Severity::Info, "secret/replica", name, claim));
    }
    let claim = format!("Secret {name} is replicated to {regions}, and not everywhere successfully.");
    let finding = Finding::new(Severity::Warning, "secret/replica", name, claim);
    let advice = "Remove what stands in the way in that region, then start the replication again in the Secrets Manager console.";
    Some(failures.into_iter().fold(finding, Finding::because).cure(Fix::advice(advice)))
}

/// A rotation writes a new version, over whatever was written.
fn rotation(view: &View<'_>, secret: &Secret) -> Option<Finding> {
    let (rotation, name) = (secret.kept.rotation.as_ref()?, &secret.name);
    let claim = format!("Secret {name} is rotated on its own: a rotation writes a new version over what you write.");
    let mut finding = Finding::new(Severity::Warning, "secret/rotation", name, claim);
    if let Some(next) = rotation.next {
        finding = finding.because(format!("the next rotation is due by {}", next.strftime("%F %T UTC")));
    }
    if let Some(function) = &rotation.function {
        finding = finding.because(format!("by {function}"));
    }
    let stop = ["secretsmanager", "cancel-rotate-secret", "--secret-id", name];
    Some(
        finding
            .because("the webhook's client secret changes in Benchling alone, and a running service reads it once")
            .cure(Fix::command("Switch the rotation off.", view.aws_regional(&stop))),
    )
}

/// A write stopped between its steps. Readers are not concerned: they get the version that is current.
fn pending(view: &View<'_>, secret: &Secret) -> Option<Finding> {
    let has = |stages: &[String], stage: &str| stages.iter().any(|held| held == stage);
    let (id, stages) = secret.versions.iter().find(|(_, stages)| has(stages, PENDING_STAGE))?;
    let (name, landed) = (&secret.name, has(stages, CURRENT));
    let claim =
        format!("A write of rolecall to secret {name} was interrupted: version {id} still carries {PENDING_STAGE}.");
    let finding = Finding::new(Severity::Warning, "secret/pending-version", name, claim);
    let finding = if landed {
        finding.because("that version is the current one: nothing is missing but that the label is taken off")
    } else {
        finding.because("the current version is the one from before; nothing was lost").cure(Fix::command(
            "Write what was meant again: the write goes on where it stopped.",
            view.rolecall("secret"),
        ))
    };
    let off = [
        "secretsmanager",
        "update-secret-version-stage",
        "--secret-id",
        name,
        "--version-stage",
        PENDING_STAGE,
        "--remove-from-version-id",
        id,
    ];
    let what = if landed { "Take the label off." } else { "Or give it up: take the label off." };
    Some(finding.cure(Fix::command(what, view.aws_regional(&off))))
}
