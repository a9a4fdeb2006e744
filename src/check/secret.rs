//! The narrow walk: one secret and what it is made from, and nothing that this does not need. No role is looked at, none is assumed.

use super::{Checked, Walk};
use crate::config::Config;
use crate::gather::{Ask, Gatherer};
use crate::judge::{self, Judgement};
use crate::log;
use crate::model::{Facts, Finding, ImportSource, Selection, Severity};
use crate::preselect;

/// What is asked of AWS. The sources of the selection are read in any case, and this machine is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Wants {
    /// The secret itself: the chosen one, else what `config.json` or the stack names; and the stack, if it is chosen or `config.json` names it.
    pub secret: bool,
    /// The webhook's own stack, to say what is to be restarted.
    pub webhook: bool,
}

impl Wants {
    /// Whether anything of a selection needs credentials.
    #[must_use]
    pub fn needs_aws(self, selection: &Selection) -> bool {
        selection.migration.trials.bucket || self.needs_aws_for_values(selection)
    }

    /// The same, apart from trying them.
    fn needs_aws_for_values(self, selection: &Selection) -> bool {
        self.secret || self.webhook || selection.migration.imports.iter().any(ImportSource::needs_aws)
    }
}

/// Looks that up, and judges it: of the findings those about the secret, its sources, and whatever stood in the way of reading them.
pub async fn of_secret(gatherer: &Gatherer, selection: Selection, wants: Wants) -> Checked {
    let now = gatherer.connector().here().clock.now();
    let mut walk = Walk::new(gatherer, Facts::new(now), selection);
    walk.of_secret(wants).await;
    let Walk { facts, selection, .. } = walk;
    let mut judgement = judge::judge(&facts, &selection);
    let asked = wants.needs_aws(&selection);
    judgement.findings.retain(|finding| is_about(finding, wants, asked));
    if is_for_trials(wants, &selection) {
        judgement.findings.iter_mut().filter(|finding| stands_in_the_way(finding)).for_each(keeps_open);
    }
    judgement.verdicts.clear();
    log::judged(&Judgement::default(), &judgement);
    let demo = gatherer.connector().here().demo.as_ref().map(|demo| demo.world.clone());
    Checked { facts, selection, judgement, demo }
}

/// Whether AWS is asked to try a value and for nothing else: the values themselves are judged without it.
fn is_for_trials(wants: Wants, selection: &Selection) -> bool {
    wants.needs_aws(selection) && !wants.needs_aws_for_values(selection)
}

/// What stands in the way of a trial is no fault of the values: it leaves open whether they work.
fn keeps_open(finding: &mut Finding) {
    if finding.severity == Severity::Error {
        finding.severity = Severity::Info;
        finding.unknown = true;
    }
}

fn is_of(finding: &Finding, subject: &str) -> bool {
    finding.id.strip_prefix(subject).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether it is about what every call to AWS needs.
fn stands_in_the_way(finding: &Finding) -> bool {
    finding.id != "machine/quilt" && ["identity", "machine", "sts", "clock"].into_iter().any(|of| is_of(finding, of))
}

/// Whether a finding belongs to what was asked. Of AWS access and of the place only what stood in the way does.
fn is_about(finding: &Finding, wants: Wants, asked: bool) -> bool {
    const STACK: [&str; 3] = ["stack/arn-format", "stack/exists", "stack/readable"];
    const CONFIG: [&str; 4] = ["config/json", "config/readable", "config/secret-arn", "config/secret-values"];
    let id = finding.id.as_str();
    let wrong = matches!(finding.severity, Severity::Error | Severity::Warning) || finding.unknown;
    if is_of(finding, "secret") {
        return true;
    }
    wrong && (asked && stands_in_the_way(finding) || wants.secret && (STACK.contains(&id) || CONFIG.contains(&id)))
}

impl Walk<'_> {
    async fn of_secret(&mut self, wants: Wants) {
        self.begin(Ask::Survey);
        while self.step().await {}
        if wants.needs_aws(&self.selection) {
            self.choose(wants);
            self.begin(Ask::Caller);
        }
        let migration = &self.selection.migration;
        if !migration.imports.is_empty() || migration.to_file.is_some() {
            self.begin(Ask::Imports);
        }
        while self.step().await {
            self.begin_of_secret(wants);
        }
        self.try_values().await;
    }

    /// What is certain before AWS was asked.
    fn choose(&mut self, wants: Wants) {
        self.choose_source();
        if !wants.secret && !self.selection.migration.trials.bucket {
            return;
        }
        let config = Config::of(&self.facts);
        let named = |path: &[&str]| config.as_ref().and_then(|config| config.text(path)).map(str::to_owned);
        self.selection.stack = self.selection.stack.take().or_else(|| named(&["quilt", "stackArn"]));
        if wants.secret {
            self.selection.secret = self.selection.secret.take().or_else(|| named(&["benchling", "secretArn"]));
        }
    }

    fn begin_of_secret(&mut self, wants: Wants) {
        if self.facts.identity.known().is_none() {
            return;
        }
        if wants.webhook && !self.begun.contains(&Ask::Webhook) {
            self.begin(Ask::Webhook);
        }
        // The bucket is tried through each role that can be assumed, so that these are looked at.
        let tries_roles = self.selection.migration.trials.bucket;
        let stack = if tries_roles { Ask::Stack } else { Ask::StackAlone };
        let has_stack = self.selection.stack.is_some();
        if has_stack && (wants.secret || tries_roles) && !self.begun.contains(&stack) {
            self.begin(stack);
        }
        let told = !has_stack || self.ended.contains(&stack);
        if wants.secret && !self.begun.contains(&Ask::Secret) && (self.selection.secret.is_some() || told) {
            if self.selection.secret.is_none() {
                self.selection.secret = preselect::secret(&self.facts, &self.selection);
            }
            self.begin(Ask::Secret);
        }
    }
}

#[cfg(test)]
mod tests {
    use aws_smithy_runtime_api::client::http::SharedHttpClient;

    use super::*;
    use crate::aws::{Clock, Demo, Surroundings};
    use crate::model::selection::CredentialSource;
    use crate::sandbox::World;

    async fn checked(name: &str, selection: impl FnOnce(Selection) -> Selection, wants: Wants) -> Checked {
        let home = tempfile::tempdir().unwrap();
        let world = World::load(name).unwrap().without_latency();
        world.install_files(home.path()).unwrap();
        let demo = Demo { world: name.into(), selection: world.selection(), environment: world.environment() };
        let client = SharedHttpClient::new(world.client());
        let here = Surroundings::of_demo(home.path().to_owned(), client, Clock::System, demo);
        of_secret(&Gatherer::new(here.shared()), selection(world.selection()), wants).await
    }

    fn operations(checked: &Checked) -> Vec<&str> {
        let mut all: Vec<&str> = checked.facts.calls.iter().map(|call| call.operation.as_str()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    #[tokio::test]
    async fn the_secret_alone_is_looked_up() {
        let checked = checked("secret-broken", |all| all, Wants { secret: true, webhook: false }).await;
        let asked = operations(&checked);
        for operation in ["sts:GetCallerIdentity", "secretsmanager:GetSecretValue"] {
            assert!(asked.contains(&operation), "{asked:?}");
        }
        assert!(asked.iter().all(|one| !one.starts_with("iam:") && *one != "sts:AssumeRole"), "{asked:?}");
        assert!(checked.judgement.findings.iter().any(|finding| finding.severity == Severity::Error));
        assert!(checked.judgement.findings.iter().all(|finding| !finding.id.starts_with("role/")));
    }

    #[tokio::test]
    async fn files_alone_ask_aws_nothing_and_say_nothing_of_credentials() {
        let with_file = |all: Selection| {
            let mut selection = Selection { source: Some(CredentialSource::Profile("no-such".into())), ..all };
            selection.migration.imports = vec![ImportSource::File("/nowhere/secret.json".into())];
            selection
        };
        let checked = checked("expired-login", with_file, Wants::default()).await;
        assert_eq!(operations(&checked), Vec::<&str>::new());
        assert!(checked.judgement.findings.iter().all(|finding| finding.id.starts_with("secret/")));
    }
}
