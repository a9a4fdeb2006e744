//! The draft of a walk: kept as it changes, without anything secret, and offered again the next time.

use std::collections::BTreeMap;

use super::app::{Answers, App, Job};
use super::keymap::When;
use super::message::Effect;
use super::route::{Route, Walk};
use crate::model::selection::{CredentialSource, RoleKind, WorkloadChoice};
use crate::secret::Key;
use crate::store::drafts::{self, Draft, VERSION};
use crate::values::mask::Mask;
use crate::values::text::counted;
use crate::values::{RoleArn, SecretText, StackArn, time};

/// What is known of drafts.
#[derive(Default)]
pub struct State {
    /// The draft of an earlier walk.
    pub offer: Option<Draft>,
    /// What this walk kept last.
    kept: Option<Draft>,
    /// The user chose a stack in this walk: worth keeping by itself.
    pub stack_chosen: bool,
}

impl App {
    /// What this walk would keep: nothing while nothing was answered, and nothing once all is written.
    fn draft_of_walk(&self) -> Option<Draft> {
        let answered = self.unwritten() || self.kept_draft.stack_chosen && self.selection.stack.is_some();
        if !answered || self.done.all_written() {
            return None;
        }
        let open = self.answers.values.iter().filter(|(key, _)| key.mask() == Mask::Open);
        Some(Draft {
            version: VERSION,
            // Whoever writes the file puts the time in.
            saved: time::Timestamp::UNIX_EPOCH,
            config_profile: self.selection.config_profile.clone(),
            aws_profile: match &self.selection.source {
                Some(CredentialSource::Profile(name)) => Some(name.clone()),
                _ => None,
            },
            region: self.selection.region.clone(),
            stack: self.selection.stack.clone(),
            secret: self.answers.secret_name.clone(),
            roles: self
                .selection
                .typed_roles
                .iter()
                .map(|(kind, arn)| (kind.word().to_owned(), arn.to_string()))
                .collect(),
            workload: match &self.selection.workload {
                WorkloadChoice::Role(arn) => Some(arn.to_string()),
                _ => None,
            },
            values: open.map(|(key, value)| (key.name().to_owned(), value.expose().to_owned())).collect(),
            leave_out: self.answers.leave_out.clone(),
            without_secret: self.answers.without_secret,
            without_config: self.answers.without_config,
            migration: (self.walk == Walk::Secret).then(|| self.kept_migration()),
        })
    }

    /// The sources that can be read again, and what else was answered; no value. Choices go by the places of what is kept.
    fn kept_migration(&self) -> drafts::Migration {
        let migration = &self.selection.migration;
        let kept = migration.imports.iter().enumerate();
        let kept: Vec<(usize, drafts::Source)> =
            kept.filter_map(|(index, source)| Some((index, drafts::Source::of(source)?))).collect();
        let prefer = self.answers.prefer.iter().filter_map(|(key, source)| {
            Some((key.name().to_owned(), kept.iter().position(|(index, _)| index == source)?))
        });
        drafts::Migration {
            prefer: prefer.collect(),
            sources: kept.iter().map(|(_, source)| source.clone()).collect(),
            reader: migration.reader,
            to_file: migration.to_file.clone(),
            kms_key: migration.kms_key.clone(),
            tags: migration.tags.clone(),
        }
    }

    /// Takes the answers of a kept migration up.
    fn resume_migration(&mut self, kept: &drafts::Migration) {
        let migration = &mut self.selection.migration;
        migration.imports = kept.sources.iter().cloned().map(Into::into).collect();
        migration.reader = kept.reader;
        migration.to_file.clone_from(&kept.to_file);
        migration.kms_key.clone_from(&kept.kms_key);
        migration.tags.clone_from(&kept.tags);
        let prefer = kept.prefer.iter().filter_map(|(name, source)| Some((Key::from_name(name)?, *source)));
        self.answers.prefer = prefer.filter(|(_, source)| *source < kept.sources.len()).collect();
        self.gathering.cursor = None;
    }

    /// What has to be done so that the draft on disk is that of the walk.
    pub fn keep_draft(&mut self) -> Option<Effect> {
        let now = self.draft_of_walk();
        if now == self.kept_draft.kept {
            return None;
        }
        let before = std::mem::replace(&mut self.kept_draft.kept, now.clone());
        match (before, now) {
            (_, Some(now)) => Some(Effect::KeepDraft(Box::new(now))),
            (Some(before), None) => Some(Effect::DropDraft(before.config_profile)),
            (None, None) => None,
        }
    }

    /// The drafts on disk: that of the chosen config profile is offered, else the latest.
    pub fn drafts_read(&mut self, drafts: Vec<Draft>, faults: &[String]) {
        let own = drafts.iter().find(|draft| draft.config_profile == self.selection.config_profile);
        self.kept_draft.offer = own.or(drafts.first()).cloned();
        if let Some(fault) = faults.first() {
            self.note = Some(fault.clone());
        }
    }

    /// Whether the cursor is on a draft.
    pub fn may_discard(&self) -> When {
        if self.job == Job::Resume && self.kept_draft.offer.is_some() { When::Yes } else { When::Hidden }
    }

    /// Throws the offered draft away.
    pub fn discard_draft(&mut self) -> Vec<Effect> {
        let Some(draft) = self.kept_draft.offer.take() else { return Vec::new() };
        self.job = Job::SetUp;
        self.note = Some("the draft was thrown away".into());
        vec![Effect::DropDraft(draft.config_profile)]
    }

    /// Goes on with the offered draft: its answers are taken, and everything is looked up for them.
    pub fn resume_draft(&mut self) -> Vec<Effect> {
        let Some(draft) = self.kept_draft.offer.take() else { return Vec::new() };
        self.job = Job::SetUp;
        self.selection.config_profile.clone_from(&draft.config_profile);
        self.selection.source = draft.aws_profile.clone().map(CredentialSource::Profile);
        self.selection.region.clone_from(&draft.region);
        self.selection.stack.clone_from(&draft.stack);
        self.selection.typed_roles = typed_roles(&draft.roles);
        self.selection.workload = draft
            .workload
            .as_deref()
            .and_then(|arn| RoleArn::parse(arn).ok())
            .map_or(WorkloadChoice::WebhookStack, WorkloadChoice::Role);
        if draft.secret.is_some() {
            self.selection.secret.clone_from(&draft.secret);
            self.secret_follows = false;
        }
        let values = draft.values.iter().filter_map(|(name, value)| Some((Key::from_name(name)?, value)));
        self.answers = Answers {
            values: values.map(|(key, value)| (key, SecretText::new(value.clone()))).collect(),
            prefer: BTreeMap::new(),
            secret_name: draft.secret.clone(),
            leave_out: draft.leave_out.clone(),
            without_secret: draft.without_secret,
            without_config: draft.without_config,
        };
        self.walk = if draft.migration.is_some() { Walk::Secret } else { Walk::SetUp };
        if let Some(migration) = &draft.migration {
            self.resume_migration(migration);
        }
        self.kept_draft.stack_chosen = draft.stack.is_some();
        self.kept_draft.kept = self.draft_of_walk();
        self.go(match (&draft.aws_profile, &draft.stack, draft.values.is_empty()) {
            _ if draft.migration.is_some() => Route::Sources,
            (None, ..) => Route::Source,
            (_, None, _) => Route::Stack,
            (_, _, true) => Route::Roles,
            (_, _, false) => Route::Secret,
        });
        // What was typed of the secret is not in the draft: said once, where it is asked for.
        self.note = Some("taken up again; hidden values were not kept and are asked for again".into());
        let mut effects = if self.selection.source.is_some() { self.start_over() } else { Vec::new() };
        if self.walk == Walk::Secret {
            effects.extend(self.ask_for_imports());
        }
        effects
    }
}

fn typed_roles(roles: &BTreeMap<String, String>) -> BTreeMap<RoleKind, RoleArn> {
    let of = |kind: RoleKind| Some((kind, RoleArn::parse(roles.get(kind.word())?).ok()?));
    RoleKind::BOTH.into_iter().filter_map(of).collect()
}

/// The offer: "Resume the set-up of yesterday 14:02", and what is in it.
pub fn words(draft: &Draft, now: time::Timestamp, zone: &jiff::tz::TimeZone) -> (String, String) {
    let what = if draft.migration.is_some() { "migration" } else { "set-up" };
    let name = format!("Resume the {what} of {}", time::day_and_time(draft.saved, now, zone));
    let sources = draft.migration.as_ref().map(|migration| match migration.sources.as_slice() {
        [] => "no source".to_owned(),
        some => counted(some.len(), "source"),
    });
    let file = draft.migration.as_ref().and_then(|migration| migration.to_file.as_deref());
    let stack =
        draft.stack.as_deref().map(|stack| StackArn::parse(stack).map_or(stack.to_owned(), |arn| arn.name().into()));
    let parts = [
        (draft.config_profile != "default").then(|| format!("config profile {}", draft.config_profile)),
        draft.aws_profile.as_ref().map(|name| format!("AWS profile {name}")),
        stack.map(|stack| format!("stack {stack}")),
        sources,
        file.map(|path| format!("to file {}", path.display())),
        draft.secret.clone().filter(|_| draft.migration.is_some()),
        match (&draft.migration, draft.values.len()) {
            (Some(_), 0) => None,
            (Some(_), typed) => Some(format!("{typed} typed")),
            (None, values) => Some(format!("{values} of {} values", Key::ALL.len())),
        },
    ];
    (name, parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
}
