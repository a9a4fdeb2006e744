//! The file of answers for a set-up without a screen: JSON with comments, as people write by hand. Pure.
//!
//! JSON, because both things that come of it are JSON: values are copied from the one into the other as they stand. Comments and a comma
//! after the last member are allowed, names that nobody knows are not.

mod field;
mod read;
mod template;

use std::collections::{BTreeMap, BTreeSet};

pub use field::Field;
pub use read::{Fault, Reading, faults_of, read};
pub use template::template;

use crate::model::Reader;
use crate::model::selection::{CredentialSource, RoleKind, Selection, WorkloadChoice};
use crate::plan::Answers;
use crate::secret::Key;
use crate::values::{RoleArn, SecretText};

/// What a file of answers says. What is not there, or `null`, was not answered.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AnswersFile {
    /// The AWS profile to use, alone.
    pub aws_profile: Option<String>,
    /// The AWS region.
    pub region: Option<String>,
    /// The config profile.
    pub config_profile: Option<String>,
    /// Name or ARN of the Quilt stack.
    pub stack: Option<String>,
    /// Name or ARN of the secret.
    pub secret: Option<String>,
    /// Which runtime will read the secret.
    pub reader: Option<Reader>,
    /// Name of the webhook's own stack.
    pub webhook_stack: Option<String>,
    /// The role that will assume the roles in production.
    pub principal: Option<RoleArn>,
    /// The external ID to send.
    pub external_id: Option<String>,
    /// Role ARNs that win over what the stack says.
    pub roles: BTreeMap<RoleKind, RoleArn>,
    /// Values of the secret.
    pub values: BTreeMap<Key, SecretText>,
    /// The key whose value comes from standard input.
    pub from_stdin: Option<Key>,
    /// Fields of `config.json` that are left as they are, as dotted paths.
    pub leave_out: BTreeSet<String>,
    /// Whether the secret is written.
    pub write_secret: Option<bool>,
    /// Whether `config.json` is written.
    pub write_config: Option<bool>,
}

impl AnswersFile {
    /// What was chosen, over `selection`.
    #[must_use]
    pub fn choose(&self, mut selection: Selection) -> Selection {
        if let Some(name) = &self.aws_profile {
            selection.source = Some(CredentialSource::Profile(name.clone()));
        }
        if let Some(name) = &self.config_profile {
            selection.config_profile.clone_from(name);
        }
        match (&self.principal, &self.webhook_stack) {
            (Some(role), _) => selection.workload = WorkloadChoice::Role(role.clone()),
            (None, Some(stack)) => selection.workload = WorkloadChoice::Stack(stack.clone()),
            (None, None) => {}
        }
        for (chosen, answer) in [
            (&mut selection.region, &self.region),
            (&mut selection.stack, &self.stack),
            (&mut selection.secret, &self.secret),
            (&mut selection.external_id, &self.external_id),
        ] {
            if answer.is_some() {
                chosen.clone_from(answer);
            }
        }
        selection.migration.reader = self.reader.or(selection.migration.reader);
        selection.typed_roles.extend(self.roles.iter().map(|(kind, arn)| (*kind, arn.clone())));
        selection
    }

    /// The answers of the walk. The secret's name is not among them: it is chosen, by the file or by what wins over it.
    #[must_use]
    pub fn answers(&self) -> Answers {
        Answers {
            values: self.values.clone(),
            prefer: BTreeMap::new(),
            secret_name: None,
            leave_out: self.leave_out.clone(),
            without_secret: self.write_secret == Some(false),
            without_config: self.write_config == Some(false),
        }
    }
}

#[cfg(test)]
mod tests;
