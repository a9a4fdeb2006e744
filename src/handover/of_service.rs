//! What the texts say of the Quilt stack and its webhook.

use super::of_facts::{slot, why};
use super::subject::{Service, Slot};
use crate::judge::Judgement;
use crate::model::verdict::Party;
use crate::model::{Fact, Facts, Selection};
use crate::plan::Draft;
use crate::policy::Answer;
use crate::secret::Key;
use crate::systems::quilt::{self, Wanted};
use crate::values::mask::{Mask, masked};
use crate::values::text::has_unsafe;
use crate::values::{RoleArn, StackArn, arn};

pub(super) fn service(facts: &Facts, selection: &Selection, judgement: &Judgement, draft: &Draft) -> Service {
    let stack = stack(facts, selection);
    let output = |service: quilt::Service, name: &str| {
        let found = facts.stack.known().and_then(|stack| quilt::service(stack, service));
        slot(found.map(|found| found.value), name, || match facts.stack.known() {
            Some(stack) => {
                format!("The stack {} has no output {}.", stack.arn.name(), quilt::candidates(service).join(" or "))
            }
            None => why(facts, &facts.stack, || "The Quilt stack was not found.".into()),
        })
    };
    let bucket = draft.values.get(&Key::UserBucket).filter(|value| !value.is_empty());
    let bucket = bucket.map(|value| value.expose().to_owned());
    let version = facts.deployed.known().and_then(|deployed| deployed.image_tag.clone());
    let version = version.filter(|tag| tag.starts_with(|c: char| c.is_ascii_digit()));
    Service {
        region: stack.map("region", |arn| arn.region().to_owned()),
        account: stack.map("account-id", |arn| arn.account().to_string()),
        secret: secret(facts, selection, draft),
        catalog: output(quilt::Service::Catalog, "quilt-web-host"),
        database: output(quilt::Service::Database, "athena-database"),
        workgroup: quilt::resource(facts, Wanted::AthenaWorkgroup)
            .map(|found| found.value)
            .filter(|name| !has_unsafe(name)),
        queue_url: output(quilt::Service::QueueUrl, "packager-queue-url"),
        queue_arn: output(quilt::Service::QueueArn, "packager-queue-arn"),
        // The secret's bucket goes before the stack's (C13), and the draft knows both.
        bucket: slot(bucket, "bucket", || "USER_BUCKET of the secret is not known.".into()),
        values: values(draft),
        version: slot(version, "version", || {
            "Which version is deployed is not known: deployments.json of the config profile tells, where the webhook was deployed from here."
                .into()
        }),
        stack,
        refused: refused(judgement),
    }
}

fn refused(judgement: &Judgement) -> Vec<String> {
    let of_webhook = judgement.verdicts.iter().filter(|verdict| verdict.party == Party::Workload);
    let denied = of_webhook.filter(|verdict| verdict.decision.verdict == Answer::Deny);
    denied.filter_map(|verdict| Some(RoleArn::parse(&verdict.role_arn).ok()?.name().to_owned())).collect()
}

fn stack(facts: &Facts, selection: &Selection) -> Slot<StackArn> {
    let given = || StackArn::parse(selection.stack.as_deref()?).ok();
    match facts.stack.known().map(|stack| stack.arn.clone()).or_else(given) {
        Some(arn) if has_unsafe(&arn.to_string()) => {
            Slot::open("quilt-stack-arn", "Its ARN holds characters that do not print.")
        }
        Some(arn) => Slot::Known(arn),
        None if selection.stack.is_none() => {
            Slot::open("quilt-stack-arn", "No Quilt stack is chosen: --stack names it.")
        }
        None => Slot::open("quilt-stack-arn", why(facts, &facts.stack, || "The Quilt stack was not found.".into())),
    }
}

/// The name alone: readers have taken the random end of an ARN for a part of it. A name that nobody chose is no answer.
fn secret(facts: &Facts, selection: &Selection, draft: &Draft) -> Slot {
    const NAME: &str = "secret-name";
    let chosen = selection.secret.as_deref().map(|text| arn::secret_name(text).to_owned());
    let suggested = quilt::suggested_secret_name(&selection.config_profile);
    match &facts.secret {
        Fact::Known(secret) => slot(Some(secret.name.clone()), NAME, String::new),
        _ if draft.name_typed => slot(Some(arn::secret_name(&draft.secret_name)), NAME, String::new),
        Fact::Absent => {
            let name = chosen.unwrap_or(suggested);
            Slot::open(NAME, format!("There is no secret {name} yet: `rolecall setup` makes it."))
        }
        // Nobody but the user chose it, as long as nothing was looked up.
        Fact::NotAsked if chosen.is_some() => slot(chosen, NAME, String::new),
        fact => slot(chosen.filter(|name| *name != suggested), NAME, || {
            why(facts, fact, || "There is no secret yet.".into())
        }),
    }
}

/// Never the client secret, and of the client ID what may be seen (S3-59).
fn values(draft: &Draft) -> std::collections::BTreeMap<Key, String> {
    let seen = draft.values.iter().filter(|(key, _)| key.mask() != Mask::Full);
    let seen = seen.map(|(key, value)| (*key, masked(value.expose(), key.mask())));
    seen.filter(|(_, value)| !has_unsafe(value)).collect()
}
