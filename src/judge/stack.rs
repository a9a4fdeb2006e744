//! The Quilt stack: that it is there, sound, and says what the webhook needs.

use super::view::{View, unanswered};
use crate::model::facts::Stack;
use crate::model::finding::Fix;
use crate::model::{Fact, Finding, Severity};
use crate::systems::accounts;
use crate::systems::quilt::{self, Integration, Service, Wanted};
use crate::values::StackArn;
use crate::values::text::counted;

mod regions;
mod status;

pub(super) use status::judge as status;

pub(super) fn judge(view: &View<'_>) -> Vec<Finding> {
    if let Some(malformed) = format(view) {
        return vec![malformed];
    }
    let mut findings: Vec<Finding> = region(view).into_iter().collect();
    findings.extend(regions::judge(view));
    if view.facts.stack.is_settled()
        && let Some(arn) = accounts::stack_elsewhere(view.facts, view.selection)
    {
        findings.push(elsewhere(view, &arn));
        return findings;
    }
    match &view.facts.stack {
        Fact::Known(stack) => {
            findings.extend(list(view));
            findings.push(status(view, stack));
            findings.push(kind(view, stack));
            if stack.is_quilt() {
                findings.extend(outputs(stack));
                findings.extend(integration(view, stack));
            }
        }
        Fact::Absent => findings.push(missing(view)),
        Fact::NotAsked => findings.extend(survey(view)),
        other => findings.extend(unanswered(other, "stack/readable", name(view), &format!("Stack {}", name(view)))),
    }
    findings.extend(unanswered(
        &view.facts.resources,
        "stack/resources",
        name(view),
        &format!("What stack {} is made of", name(view)),
    ));
    findings
}

/// Without the list one stack can be judged all the same; but that there is no other was not seen.
fn list(view: &View<'_>) -> Option<Finding> {
    unanswered(
        &view.facts.stacks,
        "stack/readable",
        "stacks",
        &format!("Which other stacks {} has", view.region_words()),
    )
}

/// The chosen stack as the user gave it; its name, once it is known.
fn name<'a>(view: &View<'a>) -> &'a str {
    view.stack().map(|stack| stack.arn.name()).or(view.selection.stack.as_deref()).unwrap_or("stacks")
}

/// The shape of what the user gave (S3-32, S3-44).
fn format(view: &View<'_>) -> Option<Finding> {
    let given = view.selection.stack.as_deref()?;
    let fault = if given.starts_with("arn:") || given.contains([':', '/']) {
        StackArn::parse(given).err()?.to_string()
    } else if is_stack_name(given) {
        return None;
    } else {
        "a stack name is a letter, then letters, digits and hyphens, at most 128".into()
    };
    Some(
        Finding::new(Severity::Error, "stack/arn-format", given, format!("`{given}` names no stack: {fault}."))
            .because("expected a name, or arn:aws:cloudformation:region:account:stack/name/id")
            .because(format!("received {given}"))
            .cure(Fix::command("The ARNs of this region:", view.aws_regional(&LIST))),
    )
}

const LIST: [&str; 6] = ["cloudformation", "describe-stacks", "--query", "Stacks[].StackId", "--output", "text"];

fn is_stack_name(text: &str) -> bool {
    text.len() <= 128
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

fn region(view: &View<'_>) -> Option<Finding> {
    let arn = view.stack_arn()?;
    let calls = view.region().filter(|region| region != arn.region())?;
    let claim = format!("Stack {} is in {}, but calls go to {calls}.", arn.name(), arn.region());
    Some(
        Finding::new(Severity::Error, "stack/region", arn.name(), claim)
            .because(arn.to_string())
            .because("stack, queue and secret are found only in their own region")
            .cure(Fix::advice(format!("Choose region {} (`--region {}`).", arn.region(), arn.region()))),
    )
}

/// CloudFormation has no way to share a stack with another account: what it answers about such a stack means nothing.
fn elsewhere(view: &View<'_>, arn: &StackArn) -> Finding {
    let ours = view.identity().map(|identity| identity.account.grouped()).unwrap_or_default();
    let claim = format!(
        "Stack {} cannot be read: it is of account {}, and these credentials are of account {ours}.",
        arn.name(),
        arn.account().grouped()
    );
    Finding::new(Severity::Info, "stack/readable", arn.name(), claim)
        .because(arn.to_string())
        .cure(Fix::advice(format!("Choose an AWS profile of account {}.", arn.account().grouped())))
        .not_known()
}

fn missing(view: &View<'_>) -> Finding {
    let name = name(view);
    let mut finding = Finding::new(
        Severity::Error,
        "stack/exists",
        name,
        format!("There is no stack {name} in {} of this account.", view.region_words()),
    )
    .because("cloudformation:DescribeStacks answered that it does not exist");
    if let Some(identity) = view.identity() {
        finding = finding.because(format!("account {}", identity.account.grouped()));
    }
    let quilt = quilt_stacks(view);
    if !quilt.is_empty() {
        let names: Vec<&str> = quilt.iter().map(|stack| stack.arn.name()).collect();
        finding = finding.because(format!("Quilt stacks there: {}", names.join(", ")));
    }
    finding
        .cure(Fix::advice("Choose one that is there, another region (`--region`), or another AWS profile."))
        .cure(regions::search(view))
        .cure(Fix::command("The stacks of this region:", view.aws_regional(&LIST)))
}

fn quilt_stacks<'a>(view: &View<'a>) -> Vec<&'a Stack> {
    let stacks = view.facts.stacks.known().map(Vec::as_slice).unwrap_or_default();
    stacks.iter().filter(|stack| stack.is_quilt()).collect()
}

/// No stack is chosen: is there one to choose?
fn survey(view: &View<'_>) -> Option<Finding> {
    let Some(stacks) = view.facts.stacks.known() else {
        let what = format!("Whether {} has a Quilt stack", view.region_words());
        return unanswered(&view.facts.stacks, "stack/readable", "stacks", &what);
    };
    let quilt = quilt_stacks(view);
    let place = regions::words(view);
    let subject = match view.region() {
        Some(region) if view.facts.regions.is_empty() => region,
        _ => "all regions".into(),
    };
    Some(if quilt.is_empty() {
        let finding = Finding::new(
            Severity::Error,
            "stack/quilt",
            &subject,
            match stacks.len() {
                0 => format!("There is no stack at all in {place} of this account."),
                1 => format!("The one stack in {place} of this account is no Quilt stack."),
                many => format!("None of the {many} stacks in {place} of this account is a Quilt stack."),
            },
        )
        .because("a Quilt stack has output QuiltWebHost, or UserAthenaDatabaseName and a packager queue");
        if view.facts.regions.is_empty() {
            finding.cure(regions::search(view)).cure(Fix::advice(
                "Or choose another region (`--region`) or another AWS profile, or give the stack's ARN (`--stack`).",
            ))
        } else {
            finding.cure(Fix::advice("Choose another AWS profile, or give the stack's ARN (`--stack`)."))
        }
    } else {
        let found = counted(quilt.len(), "Quilt stack");
        let verb = if quilt.len() == 1 { "is" } else { "are" };
        let claim = format!("There {verb} {found} in {place}, and none is chosen yet.");
        let finding = Finding::new(Severity::Info, "stack/quilt", &subject, claim);
        let finding = quilt.iter().fold(finding, |finding, stack| {
            let host = stack.output("QuiltWebHost").map(|host| format!(", catalog {host}")).unwrap_or_default();
            finding.because(format!("{} in {}{host}", stack.arn.name(), stack.arn.region()))
        });
        quilt
            .iter()
            .fold(finding, |finding, stack| {
                let arn = stack.arn.to_string();
                finding.cure(Fix::command(
                    format!("To choose {}:", stack.arn.name()),
                    view.rolecall_with(&["check", "--stack", &arn]),
                ))
            })
            .not_known()
    })
}

fn kind(view: &View<'_>, stack: &Stack) -> Finding {
    let name = stack.arn.name();
    if stack.is_quilt() {
        let finding = Finding::new(Severity::Ok, "stack/quilt", name, format!("{name} is a Quilt stack."));
        let finding = finding.because(stack.arn.to_string());
        return match view.facts.stacks.known() {
            Some(all) => finding.because(format!("1 of {} in {}", counted(all.len(), "stack"), regions::words(view))),
            None => finding,
        };
    }
    Finding::new(Severity::Error, "stack/quilt", name, format!("{name} is no Quilt stack."))
        .because("it has neither output QuiltWebHost, nor UserAthenaDatabaseName and a packager queue")
        .because(format!("its outputs: {}", output_names(stack)))
        .cure(Fix::advice("Choose the stack that Quilt itself was installed by."))
}

fn output_names(stack: &Stack) -> String {
    let names: Vec<&str> = stack.outputs.iter().map(|(key, _)| key.as_str()).collect();
    if names.is_empty() { "none".into() } else { names.join(", ") }
}

/// What the outputs must say: database and queue are needed, the catalog nearly so, the bucket is asked for elsewhere (C32).
fn outputs(stack: &Stack) -> Vec<Finding> {
    const NEEDED: [(Service, Severity); 4] = [
        (Service::Database, Severity::Error),
        (Service::QueueUrl, Severity::Error),
        (Service::Catalog, Severity::Warning),
        (Service::Bucket, Severity::Info),
    ];
    let mut findings = Vec::new();
    let mut found = Vec::new();
    for (service, severity) in NEEDED {
        match quilt::service(stack, service) {
            Some(value) if service == Service::QueueUrl && !quilt::is_queue_url(&value.value) => {
                findings.push(no_queue_url(stack, &value.value));
            }
            Some(value) => found.push(format!("{} {} ({})", service.words(), value.value, value.source)),
            None => findings.push(without(stack, service, severity)),
        }
    }
    if !found.is_empty() {
        let name = stack.arn.name();
        let words = counted(found.len(), "value");
        let ok = Finding::new(Severity::Ok, "stack/outputs", name, format!("{name} gives {words} of the service."));
        findings.push(found.into_iter().fold(ok, Finding::because));
    }
    findings
}

fn without(stack: &Stack, service: Service, severity: Severity) -> Finding {
    let tried = quilt::candidates(service).join(", ");
    let name = stack.arn.name();
    let claim = format!("No output of {name} names the {}.", service.words());
    let finding = Finding::new(severity, "stack/outputs", service.words(), claim)
        .because(format!("tried: {tried}"))
        .because(format!("its outputs: {}", output_names(stack)));
    match service {
        Service::Bucket => finding.because("as with every real Quilt stack: USER_BUCKET of the secret says it"),
        Service::Catalog => finding.cure(Fix::advice("Type the catalog's host name where config.json is reviewed.")),
        _ => finding
            .cure(Fix::advice("Update the stack to a Quilt version that has this output, or choose another stack.")),
    }
}

fn no_queue_url(stack: &Stack, value: &str) -> Finding {
    Finding::new(
        Severity::Error,
        "stack/outputs",
        Service::QueueUrl.words(),
        format!("The packager queue that {} names is no queue's URL.", stack.arn.name()),
    )
    .because(format!("received {value}"))
    .because("expected https://sqs.REGION.amazonaws.com/ACCOUNT/NAME")
    .cure(Fix::advice("Correct output PackagerQueueUrl in the stack's template."))
}

/// Whether the stack runs the webhook itself, and what later webhooks use in place of the roles: said, never judged (C6).
fn integration(view: &View<'_>, stack: &Stack) -> Option<Finding> {
    let found: Vec<String> = Wanted::ALL
        .into_iter()
        .filter_map(|wanted| quilt::resource(view.facts, wanted))
        .map(|found| format!("{}: {}", found.source, found.value))
        .collect();
    let name = stack.arn.name();
    let claim = match quilt::integration(view.facts) {
        Integration::On => format!("{name} runs the webhook itself (integrated): it reads the stack's own secret."),
        Integration::Off(_) => {
            format!(
                "{name} could run the webhook itself, which is switched off: the webhook is a stack of its own (standalone)."
            )
        }
        Integration::None if found.is_empty() => return None,
        Integration::None => format!("{name} also has what webhook 0.10 and later use in place of the roles."),
    };
    let finding = Finding::new(Severity::Info, "stack/integration", name, claim);
    let finding = match quilt::switch(stack) {
        Some((key, value)) => finding.because(format!("stack parameter {key} is {value}")),
        None => finding,
    };
    Some(found.into_iter().fold(finding, Finding::because))
}

#[cfg(test)]
mod tests;
