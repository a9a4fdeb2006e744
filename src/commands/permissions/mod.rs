//! `rolecall permissions`: the least IAM policy that rolecall itself needs. The policy is all that standard output carries, so that it
//! can be piped on; what is to be known about it goes to standard error.

mod policy;
mod scope;
#[cfg(test)]
mod tests;

use std::io::{self, Write};

use color_eyre::eyre::Result;
use serde_json::Value;

use super::{complain, output};
use crate::aws::Surroundings;
use crate::cli::{self, Global, Reach};
use crate::gather;
use crate::model::system::{Asked, PathPlan};
use crate::model::{Fact, Facts, Hop, Selection, SystemChoice};
use crate::store;
use crate::systems;
use crate::values::RoleArn;
use crate::values::text::{self, safe};

pub use policy::{document, size};
pub use scope::Scope;

/// The most that AWS takes as an inline policy of a user, without white space (IAM User Guide, "IAM and AWS STS quotas").
const INLINE_OF_USER: usize = 2_048;

/// The same of a group, of a role, and of a managed policy (the same page).
const INLINE_OF_GROUP: usize = 5_120;
const INLINE_OF_ROLE: usize = 10_240;
const LARGEST_MANAGED: usize = 6_144;

/// Prints the policy. AWS is not asked.
///
/// # Errors
/// Standard output cannot be written.
pub fn run(options: &cli::Permissions, global: &Global, here: &Surroundings) -> Result<u8> {
    let config = match global.profile.as_deref().map(|profile| configured(here, profile)).transpose() {
        Ok(config) => config.flatten(),
        Err(reason) => return Ok(complain(&reason)),
    };
    let of_system = match global.system.as_deref().filter(|name| *name != systems::QUILT) {
        Some(_) if !options.role.is_empty() => return Ok(complain("--system and --role are two questions: ask one.")),
        Some(name) => match plan(name, global, here) {
            Ok(plan) => Some(plan),
            Err(reason) => return Ok(complain(&reason)),
        },
        None => None,
    };
    let scope = match Scope::new(global, options.caller.as_ref(), config.as_ref()) {
        Ok(scope) => match &of_system {
            Some(plan) => scope.for_paths(&plan.paths).asking_about(&plan.asked).by_account(options.by_account),
            None => scope.for_path(&options.role),
        },
        Err(reason) => return Ok(complain(&reason)),
    };
    if let Some(plan) = &of_system
        && plan.paths.is_empty()
        && plan.asked.is_empty()
    {
        return Ok(complain(
            "Its settings name no role and nobody to ask about, so that nothing is needed: give them with --set or --settings.",
        ));
    }
    if scope.is_for_path() && options.what == Reach::Write {
        return Ok(complain("A diagnosis writes nothing: leave out write, or --role and --system."));
    }
    let policy = document(&scope, options.what);
    let mut out = output::Output::new(None);
    match out.push(&crate::values::json::printed(&policy)).and_then(|()| out.finish()) {
        Err(error) if output::is_closed_pipe(&error) => return Ok(0),
        other => other?,
    }
    let mut notes = String::new();
    for note in notes_on(&policy, &scope, options.what) {
        text::paragraph(&mut notes, "# ", &note);
    }
    let _ = io::stderr().write_all(notes.as_bytes());
    Ok(0)
}

/// The roles of a system's paths, and whom it asks about.
struct Needs {
    paths: Vec<Vec<RoleArn>>,
    asked: Vec<Asked>,
}

/// What is looked up for a system, as far as its settings here, of the demo world and on the command line tell.
///
/// # Errors
/// A setting that it does not know, or a secret one.
fn plan(name: &str, global: &Global, here: &Surroundings) -> Result<Needs, String> {
    let of_world = here.demo.as_ref().and_then(|demo| demo.selection.system.clone());
    let mut choice = of_world.filter(|choice| choice.name == name).unwrap_or_else(|| SystemChoice::of(name));
    if let Some(system) = systems::find(name) {
        super::system::typed(system, global, &mut choice)?;
    }
    choice.files.splice(0..0, global.settings.iter().cloned());
    choice.principal = global.principal.clone().or(choice.principal);
    let selection = Selection { system: Some(choice), ..Selection::new() };
    let mut facts = Facts::new(here.clock.now());
    facts.system.settings = Fact::Known(gather::settings(here, &selection));
    let roles = |path: &PathPlan| path.inquiry.hops.iter().filter_map(Hop::role).collect::<Vec<RoleArn>>();
    let paths = systems::plan(&facts, &selection).paths.iter().map(roles).collect();
    let asked = systems::chosen(&facts, &selection).map(|(system, settings)| system.asks_about(&settings));
    Ok(Needs { paths, asked: asked.unwrap_or_default() })
}

/// `config.json` of the config profile, which names its stack, roles and secret; `None` when there is none.
fn configured(here: &Surroundings, profile: &str) -> Result<Option<Value>, String> {
    let file =
        store::read_config(&store::config_root(&here.config_home), profile).map_err(|error| error.to_string())?;
    file.map(|file| {
        serde_json::from_str(file.text.expose()).map_err(|error| {
            format!("config.json of config profile {} is no JSON, so nothing follows from it: {error}", safe(profile))
        })
    })
    .transpose()
}

fn notes_on(policy: &Value, scope: &Scope, reach: Reach) -> Vec<String> {
    let mut notes = vec!["sts:GetCallerIdentity is not in it: AWS asks no permission for that call.".to_owned()];
    notes.extend(if scope.is_for_path() { of_path() } else { of_walks(scope, reach) });
    if !scope.names_caller() {
        notes.push(
            "Of whoever runs rolecall it covers IAM users and roles of IAM Identity Center. --for ARN narrows it to one user or role; any other role needs it."
                .into(),
        );
    }
    notes.push(fits(size(policy)));
    if scope.reaches_accounts() {
        notes.push(
            "Its roles stand as every role of their accounts: it allows sts:AssumeRole on all that trust whoever runs rolecall, which is more than a diagnosis needs."
                .into(),
        );
    }
    notes
}

fn of_path() -> Vec<String> {
    vec![
        "What is tried with the session of the role, on buckets and registries, the role itself needs, not whoever runs rolecall.".into(),
        "A role or principal of another account is read by an inspector of that account (--inspector), who needs the same there but for sts:AssumeRole.".into(),
    ]
}

fn of_walks(scope: &Scope, reach: Reach) -> Vec<String> {
    let mut notes = vec![
        match reach {
            Reach::Read => "A secret under a customer managed key needs kms:Decrypt on that key as well.",
            Reach::Write => {
                "A secret under a customer managed key needs kms:Decrypt and kms:GenerateDataKey on that key as well."
            }
        }
        .to_owned(),
        "sts:AssumeRole is for the live test of the roles alone. Without it the test is refused, and everything else is judged.".to_owned(),
        "iam:SimulatePrincipalPolicy and iam:ListMFADevices are for a diagnosis alone. --role ROLE_ARN prints what the diagnosis of another role needs.".to_owned(),
    ];
    if !scope.names_stack() {
        notes.push(
            "Stacks are listed, and roles found by the names that Quilt's templates give them. --stack NAME narrows both to one stack."
                .into(),
        );
    }
    if scope.lists_secrets() {
        notes.push(
            "Secrets are listed, and read by the names that are usual. --secret NAME narrows both to one.".into(),
        );
    }
    notes
}

/// Where the policy can be put, by its size.
fn fits(size: usize) -> String {
    let begin = format!("{size} characters as AWS counts them.");
    if size <= INLINE_OF_USER {
        return format!(
            "{begin} To put it into a user: rolecall permissions ... | aws iam put-user-policy --user-name NAME --policy-name rolecall --policy-document file:///dev/stdin"
        );
    }
    let more =
        format!("{begin} That is more than the {INLINE_OF_USER} that a user's inline policies may have together");
    if size > LARGEST_MANAGED {
        let role = if size <= INLINE_OF_ROLE {
            format!("It fits into a role alone, which takes {INLINE_OF_ROLE} inline (put-role-policy).")
        } else {
            format!("A role takes {INLINE_OF_ROLE} inline, so that it fits nowhere as it is.")
        };
        return format!(
            "{more}, the {INLINE_OF_GROUP} of a group and the {LARGEST_MANAGED} of a managed policy. {role} Print it for fewer roles at a time and make several managed policies (a user or a role carries 10), or, with --system, give --by-account: every role of an account in place of its roles one by one, which is short and allows more."
        );
    }
    let group = if size <= INLINE_OF_GROUP { " or a group (put-group-policy)" } else { "" };
    format!(
        "{more}, so make it a managed policy: rolecall permissions ... | aws iam create-policy --policy-name rolecall --policy-document file:///dev/stdin; or put it into a role (put-role-policy){group}."
    )
}
