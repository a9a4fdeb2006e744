//! Texts to hand over: to whoever owns the other account, the deployment, or the template. Pure.
//!
//! One [`Subject`] is made of facts, of the selection and of the user's draft; every text is written from it alone. What is not known
//! stands in a text as a placeholder in angle brackets, and [`Text::gaps`] says of each why it is not known. No text holds a credential, and
//! none an external ID that was not asked for.
//!
//! ```text
//!   Facts, Selection, Draft  ->  Subject  ->  task-role-policy, caller-policy, trust-policy, aws-commands, cdk, terraform,
//!                                             container-env, health, config-body
//! ```
//!
//! Source: what each text is for, `A1` to `A11` of the specification's texts.

mod aws_commands;
mod caller_policy;
mod cdk;
mod config_body;
mod container_env;
mod external_id;
mod health;
mod list;
mod new_role;
mod of_facts;
mod of_path;
mod of_service;
mod of_system;
mod platform_request;
mod proof;
mod script;
mod sheet;
mod standing;
mod subject;
mod terraform;
mod trust_policy;

pub use container_env::{Form, Style, of};
pub use new_role::{Permission, new_role};
pub use of_facts::{Wish, subject};
pub use of_system::subjects;
pub use platform_request::{PlatformRequest, platform_request};
pub use subject::{Caller, Edge, Service, Slot, Standing, Subject, Target, Trust, Way};

use crate::judge::Judgement;
pub use crate::model::text::{Gap, Language, Name, Text};
use crate::model::{Facts, Reader, Selection};
use crate::plan::Draft;
use crate::values::{RoleArn, json};

/// The JSON Schema of a printed text, draft 2020-12.
pub const SCHEMA: &str = include_str!("../../assets/schema/print.json");

/// Every text about what was looked up, for a list to choose from: of the system that was looked at, of an access path, or of the Quilt webhook.
#[must_use]
pub fn texts(
    facts: &Facts,
    selection: &Selection,
    judgement: &Judgement,
    draft: Option<&Draft>,
    wish: &Wish,
) -> Vec<Text> {
    if selection.system.is_some() {
        return of_system::texts(facts, selection, judgement, wish);
    }
    all(&subject(facts, selection, judgement, draft, wish))
}

/// The texts of one name, and the roles that they are about.
#[must_use]
pub fn asked(
    facts: &Facts,
    selection: &Selection,
    judgement: &Judgement,
    wish: &Wish,
    name: Name,
) -> (Vec<Text>, Vec<RoleArn>) {
    let roles = |subject: &Subject| -> Vec<RoleArn> {
        subject.edges.iter().flat_map(|edge| &edge.roles).filter_map(|role| role.arn.known().cloned()).collect()
    };
    if selection.system.is_some() {
        let texts = of_system::named(facts, selection, judgement, wish, name);
        return (texts, of_system::subjects(facts, selection, wish).iter().flat_map(roles).collect());
    }
    let subject = subject(facts, selection, judgement, None, wish);
    (named(&subject, name), roles(&subject))
}

/// Every text about a subject, in the order of [`Name`]. Where the caller is the webhook, its policy is the task role's.
#[must_use]
pub fn all(subject: &Subject) -> Vec<Text> {
    let policy = if subject.is_of_webhook() { Name::TaskRolePolicy } else { Name::CallerPolicy };
    let of_service = [Name::ContainerEnv, Name::Health, Name::ConfigBody];
    let names = [policy, Name::TrustPolicy, Name::AwsCommands, Name::Cdk, Name::Terraform];
    let names = names.into_iter().chain(of_service.into_iter().filter(|_| subject.is_of_service));
    names.flat_map(|name| named(subject, name)).collect()
}

/// The texts of one name.
#[must_use]
pub fn named(subject: &Subject, name: Name) -> Vec<Text> {
    let service = &subject.service;
    match name {
        Name::TaskRolePolicy | Name::CallerPolicy => caller_policy::texts(subject, name),
        Name::TrustPolicy => trust_policy::texts(subject),
        Name::AwsCommands => vec![aws_commands::text(subject)],
        Name::Cdk => vec![cdk::text(subject)],
        Name::Terraform => vec![terraform::text(subject)],
        Name::ContainerEnv => container_env::texts(subject, service),
        Name::Health => vec![health::text(service, Reader::Specification)],
        Name::ConfigBody => vec![config_body::text(service)],
        Name::OfSystem(_) => Vec::new(),
    }
}

/// What the webhook's `/health` answers where this runtime reads the secret: shipped releases answer three fields alone.
#[must_use]
pub fn health(subject: &Subject, reader: Reader) -> Text {
    health::text(&subject.service, reader)
}

/// A policy to be handed over as it is.
#[must_use]
pub fn policy(name: Name, title: &str, document: &serde_json::Value) -> Text {
    sheet::Sheet::default().text(name, None, title, Language::Json, json::printed(document))
}

/// An external ID as a text may hold it: withheld unless it is to be shown.
#[must_use]
pub fn sent_external_id(id: &str, shown: bool) -> Slot {
    external_id::sent(id, shown)
}

#[cfg(test)]
mod tests;
