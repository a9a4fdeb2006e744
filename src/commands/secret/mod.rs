//! `rolecall secret check`, `plan` and `apply`: the secret without a screen. What the screen looks up, judges, plans and writes, this does by
//! the same code.

mod input;
mod told;
mod written;

use std::sync::Arc;

use color_eyre::eyre::Result;
use tokio::runtime::Runtime;

use super::{complain, select, writing};
use crate::aws::{ReadOnly, Surroundings};
use crate::check::{self, Wants};
use crate::cli::secret::{Named, SecretCheck, SecretCommand, SecretPlan};
use crate::cli::{FailOn, Format, Global};
use crate::gather::Gatherer;
use crate::model::migration::VersionChoice;
use crate::model::{ImportSource, Selection};
use crate::report::{self, SecretReport};

/// The JSON Schema of what `plan` and `apply` print, draft 2020-12.
pub const PLAN_SCHEMA: &str = include_str!("../../../assets/schema/secret-plan.json");

/// Runs a command; the result is its exit code. `chosen` is what a demo world chose.
///
/// # Errors
/// The result cannot be written.
pub fn run(
    runtime: &Runtime,
    here: Arc<Surroundings>,
    global: &Global,
    command: &SecretCommand,
    chosen: Selection,
) -> Result<u8> {
    match command {
        SecretCommand::Check(options) => match of_check(global, options, chosen) {
            Ok(selection) => runtime.block_on(judged(here, selection, options)),
            Err(why) => Ok(complain(&why)),
        },
        SecretCommand::Plan(options) => match of_plan(global, options, chosen) {
            Ok(selection) => runtime.block_on(written::run(here, global, options, None, selection)),
            Err(why) => Ok(complain(&why)),
        },
        SecretCommand::Apply(options) => {
            if here.read_only {
                return Ok(complain(&ReadOnly.to_string()));
            }
            match of_plan(global, &options.plan, chosen) {
                Ok(selection) => {
                    let wanted = Some(&options.plan_id);
                    runtime.block_on(written::run(here, global, &options.plan, wanted, selection))
                }
                Err(why) => Ok(complain(&why)),
            }
        }
    }
}

/// What the screen opens with: the sources that were named.
///
/// # Errors
/// A sentence.
pub fn of_screen(named: &crate::cli::secret::Sources, selection: &mut Selection) -> Result<(), String> {
    if named.named.contains(&Named::Stdin) {
        return Err("a walk needs standard input for itself: name a file, or use `rolecall secret check -`".into());
    }
    selection.migration.imports = input::imports(&named.named)?;
    selection.migration.reader = named.reader.or(selection.migration.reader);
    Ok(())
}

/// The current version of one secret is looked at as the chosen one: whole, with where it is and who owns it.
fn of_check(global: &Global, options: &SecretCheck, chosen: Selection) -> Result<Selection, String> {
    let sources = &options.sources;
    if global.secret.is_some() && !sources.named.is_empty() {
        return Err(
            "--secret names the secret to judge, and sources are judged in its place: leave one out, or read it with --name".into()
        );
    }
    let mut selection = select(global, chosen);
    selection.migration.reader = sources.reader;
    selection.migration.trials.bucket = options.try_bucket;
    selection.migration.trials.benchling = options.try_benchling;
    match sources.named.as_slice() {
        [Named::Secret(id, VersionChoice::Current)] => selection.secret = Some(id.clone()),
        named => selection.migration.imports = input::imports(named)?,
    }
    Ok(selection)
}

async fn judged(here: Arc<Surroundings>, selection: Selection, options: &SecretCheck) -> Result<u8> {
    let wants = Wants { secret: selection.migration.imports.is_empty(), webhook: false };
    let asked = wants.needs_aws(&selection);
    let checked = check::of_secret(&Gatherer::new(here), selection, wants).await;
    let report = SecretReport::new(checked.report(), &checked.facts, &checked.selection, asked);
    writing::print(&match options.format {
        Format::Text => report::secret_text(&report),
        Format::Json => crate::values::json::printed(&report),
    })?;
    Ok(report.exit_code(match options.fail_on {
        FailOn::Warning => report::FailOn::Warning,
        FailOn::Error => report::FailOn::Error,
    }))
}

/// The target: `--to`, else `--secret`, else `--name`; else what is found decides.
fn of_plan(global: &Global, options: &SecretPlan, chosen: Selection) -> Result<Selection, String> {
    let (sources, target) = (&options.sources, &options.target);
    if let Some(file) = &target.to_file {
        let file = file.display();
        let words =
            [(target.to.is_some(), "--to"), (target.kms_key.is_some(), "--kms-key"), (!target.tag.is_empty(), "--tag")];
        if let Some((_, flag)) = words.into_iter().find(|(given, _)| *given) {
            return Err(format!("{flag} is about Secrets Manager, and --to-file {file} writes a file: leave one out"));
        }
    }
    if let (Some(to), Some(secret)) = (&target.to, &global.secret)
        && to != secret
    {
        return Err("--to and --secret name two targets: leave one out".into());
    }
    let mut selection = select(global, chosen);
    let of_name = sources.named.iter().find_map(|named| match named {
        Named::Secret(id, _) => Some(id.clone()),
        _ => None,
    });
    let named = target.to.clone().or_else(|| global.secret.clone()).or(of_name);
    selection.secret = named.or(selection.secret);
    let migration = &mut selection.migration;
    migration.imports = input::imports(&sources.named)?;
    migration.reader = sources.reader;
    migration.fix = target.fix;
    migration.to_file.clone_from(&target.to_file);
    migration.kms_key.clone_from(&target.kms_key);
    migration.tags.clone_from(&target.tag);
    if migration.to_file.is_some()
        && migration.imports.iter().any(|source| is_same_file(source, migration.to_file.as_deref()))
    {
        return Err(
            "--to-file names a file that is a source too: write another one, so that what was there is kept".into()
        );
    }
    Ok(selection)
}

fn is_same_file(source: &ImportSource, target: Option<&std::path::Path>) -> bool {
    match (source, target) {
        (ImportSource::File(path) | ImportSource::EnvFile(path), Some(target)) => path == target,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::secret::{Sources, Target};

    fn plan(target: Target, named: Vec<Named>) -> SecretPlan {
        SecretPlan { sources: Sources { named, reader: None }, target, format: Format::Text }
    }

    #[test]
    fn the_target_is_the_first_that_was_named() {
        let name = || vec![Named::Secret("from-name".into(), VersionChoice::Stage("AWSPREVIOUS".into()))];
        let secret = || Global { secret: Some("from-secret".into()), ..Global::default() };
        let of = |global: &Global, to: Option<&str>, named| {
            let target = Target { to: to.map(str::to_owned), ..Target::default() };
            let demo = Selection { secret: Some("from-demo".into()), ..Selection::new() };
            of_plan(global, &plan(target, named), demo).unwrap().secret.unwrap()
        };
        assert_eq!(of(&Global::default(), Some("from-to"), name()), "from-to");
        assert_eq!(of(&secret(), None, name()), "from-secret");
        assert_eq!(of(&Global::default(), None, name()), "from-name");
        assert_eq!(of(&Global::default(), None, Vec::new()), "from-demo");
    }

    #[test]
    fn what_is_about_secrets_manager_does_not_go_with_a_file() {
        let file = || Target { to_file: Some("s.json".into()), ..Target::default() };
        for (target, word) in [
            (Target { kms_key: Some("k".into()), ..file() }, "--kms-key"),
            (Target { tag: vec![("a".into(), "b".into())], ..file() }, "--tag"),
            (Target { to: Some("s".into()), ..file() }, "--to"),
        ] {
            let why = of_plan(&Global::default(), &plan(target, Vec::new()), Selection::new()).unwrap_err();
            assert!(why.starts_with(word), "{why}");
        }
        let same = plan(file(), vec![Named::File("s.json".into())]);
        assert!(of_plan(&Global::default(), &same, Selection::new()).unwrap_err().contains("a source too"));
    }

    #[test]
    fn one_current_secret_is_looked_at_whole() {
        let options = |named| SecretCheck {
            sources: Sources { named, reader: None },
            try_bucket: false,
            try_benchling: false,
            format: Format::Text,
            fail_on: FailOn::Error,
        };
        let name = |version| Named::Secret("s".into(), version);
        let whole =
            of_check(&Global::default(), &options(vec![name(VersionChoice::Current)]), Selection::new()).unwrap();
        assert_eq!((whole.secret.as_deref(), whole.migration.imports.len()), (Some("s"), 0));
        let old = of_check(&Global::default(), &options(vec![name(VersionChoice::Id("v".into()))]), Selection::new());
        assert_eq!(old.unwrap().migration.imports.len(), 1);
        let global = Global { secret: Some("other".into()), ..Global::default() };
        assert!(
            of_check(&global, &options(vec![Named::Environment]), Selection::new()).unwrap_err().contains("--secret")
        );
    }
}
