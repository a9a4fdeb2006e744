//! Which system the command line is about, and what it sets of it.

use std::path::PathBuf;

use crate::cli::{Cli, Command, Global, PrintWhat};
use crate::model::text::Name;
use crate::model::{Facts, Selection, SystemChoice};
use crate::systems::{self, Secrecy, System};
use crate::values::text::safe;

/// Where what Quilt's webhook is set up by stands.
const QUILTS: &str = "it is set up by its config.json (--profile names the config profile) and its secret (--secret), which rolecall setup \
                      --answers FILE and rolecall secret plan change";

/// What is said where no system was named: which ones this machine shows signs of, each with the command that looks at it.
#[must_use]
pub fn shown_here(facts: &Facts) -> Vec<String> {
    let of = |(system, sign): (&dyn System, String)| {
        format!(
            "this machine shows signs of {} too ({}): rolecall check --system {} looks at them",
            system.title(),
            safe(&sign),
            system.name()
        )
    };
    systems::signs(facts).into_iter().map(of).collect()
}

/// What the command line is about: a system, or an access path, never both. What it names counts over what a demo world chose beforehand.
///
/// # Errors
/// Flags that do not go together, or that the system does not know.
pub fn choose(cli: &Cli, selection: &mut Selection) -> Result<(), String> {
    let global = &cli.global;
    let names_path = match &cli.command {
        Some(Command::Check(options)) => !options.role.is_empty(),
        Some(Command::Diagnose(_) | Command::Setup(_) | Command::Secret(_)) => true,
        _ => false,
    };
    let named = global.system.as_deref().filter(|name| *name != systems::QUILT);
    if let Some(name) = named.filter(|_| names_path) {
        return Err(format!(
            "--system {name} does not go with this command or with --role: use rolecall --system {name}, or check --system {name}"
        ));
    }
    if names_path || global.system.as_deref() == Some(systems::QUILT) {
        selection.system = None;
    }
    let own = match &cli.command {
        Some(Command::Print(options)) if named.is_none() => of_text(options.what, selection)?,
        _ => None,
    };
    let choice = match (named.or(own), selection.system.take()) {
        (Some(name), Some(chosen)) if chosen.name == name => Some(chosen),
        (Some(name), _) => Some(SystemChoice::of(name)),
        (None, chosen) => chosen,
    };
    let Some(mut choice) = choice else {
        let stray = if global.set.is_empty() { "--settings" } else { "--set" };
        if global.set.is_empty() && global.settings.is_empty() {
            return Ok(());
        }
        if global.system.as_deref() == Some(systems::QUILT) {
            return Err(format!("{stray} says nothing about quilt: {QUILTS}"));
        }
        return Err(format!("{stray} goes with a system: name one with --system"));
    };
    if let Some(system) = systems::find(&choice.name) {
        typed(system, global, &mut choice)?;
    }
    if let Some(flag) = super::stray::of_system(cli) {
        return Err(format!("{flag} says nothing about {}: leave it out, or leave --system out", choice.name));
    }
    // A demo world has a folder of its own; a file that is named on the command line stands in the user's.
    let named = |path: &PathBuf| match &global.demo {
        Some(_) => std::path::absolute(path).unwrap_or_else(|_| path.clone()),
        None => path.clone(),
    };
    choice.files.splice(0..0, global.settings.iter().map(named));
    choice.principal = global.principal.clone().or(choice.principal);
    if let Some(Command::Check(options)) = &cli.command {
        choice.inspectors.extend(options.path.inspector.iter().cloned());
    }
    selection.inquiry = None;
    selection.system = Some(choice);
    Ok(())
}

/// The system that a text is to be of where no flag names one.
fn of_text(what: PrintWhat, selection: &Selection) -> Result<Option<&'static str>, String> {
    let PrintWhat::Text(Name::OfSystem(word)) = what else { return Ok(None) };
    let names: Vec<&str> = systems::of_text(word).map(System::name).collect();
    one_of(&names, selection.system.as_ref().map(|choice| choice.name.as_str()), word)
}

/// Of the systems that have such a text: the one chosen beforehand, else the only one.
fn one_of(names: &[&'static str], chosen: Option<&str>, word: &'static str) -> Result<Option<&'static str>, String> {
    match (names.iter().find(|name| chosen == Some(**name)), names) {
        (Some(name), _) => Ok(Some(*name)),
        (None, [] | [_]) => Ok(names.first().copied()),
        (None, _) => Err(format!("{word} is a text of {}: name one of them with --system", names.join(" and of "))),
    }
}

/// The settings that flags give. A secret one is never an argument, which others can read.
pub(super) fn typed(system: &dyn System, global: &Global, choice: &mut SystemChoice) -> Result<(), String> {
    for (name, value) in &global.set {
        let part_of = name.split_once('.').map(|(setting, _)| setting).filter(|setting| system.has_parts(setting));
        let named = part_of.unwrap_or(name);
        let Some(setting) = system.settings().iter().find(|setting| setting.name == named) else {
            let known: Vec<&str> = system
                .settings()
                .iter()
                .filter(|setting| setting.secrecy != Secrecy::Presence)
                .map(|setting| setting.name)
                .collect();
            return Err(format!(
                "--set {}: {} has no such setting, only {}",
                safe(name),
                system.name(),
                known.join(", ")
            ));
        };
        if setting.secrecy == Secrecy::Presence {
            return Err(format!(
                "--set {name}: it is a secret, which is never an argument; set {} in the environment",
                setting.variables.join(" or ")
            ));
        }
        let before = global.set.iter().find(|(known, _)| known == name).map(|(_, value)| value);
        if before.is_some_and(|before| before != value) {
            return Err(format!("--set {}: it is given twice, with two values; give one", safe(name)));
        }
        choice.typed.insert(name.clone(), value.clone());
    }
    let takes_external_id = system.settings().iter().any(|setting| setting.name == "external-id");
    match &global.external_id {
        Some(_) if !takes_external_id => Err(format!(
            "--external-id: {} has no external ID of its own; its settings hold those of its paths",
            system.name()
        )),
        Some(id) => {
            choice.typed.insert("external-id".into(), id.clone());
            Ok(())
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    fn chosen(arguments: &[&str]) -> Result<SystemChoice, String> {
        let arguments = [&["rolecall", "check", "--system", "wave"], arguments].concat();
        let mut selection = Selection::new();
        choose(&Cli::try_parse_from(arguments).unwrap(), &mut selection)?;
        Ok(selection.system.unwrap())
    }

    #[test]
    fn a_setting_has_one_value_on_a_command_line() {
        let why = chosen(&["--set", "external-id=a1", "--set", "external-id=b2"]).unwrap_err();
        assert!(why.contains("--set external-id: it is given twice") && !why.contains("a1"), "{why}");
        assert!(chosen(&["--set", "external-id=a1", "--set", "external-id=a1"]).is_ok());
    }

    #[test]
    fn quilt_is_a_system_that_has_no_settings_of_this_sort() {
        for stray in [["--set", "region=x"], ["--settings", "x.env"]] {
            let arguments = [["rolecall", "check"].as_slice(), &["--system", "quilt"], &stray].concat();
            let why = choose(&Cli::try_parse_from(arguments).unwrap(), &mut Selection::new()).unwrap_err();
            assert!(why.starts_with(&format!("{} says nothing about quilt", stray[0])), "{why}");
            assert!(why.contains("config.json") && !why.contains("name one"), "{why}");
        }
        let mut selection = Selection::new();
        selection.system = Some(SystemChoice::of("wave"));
        choose(&Cli::try_parse_from(["rolecall", "check", "--system", "quilt"]).unwrap(), &mut selection).unwrap();
        assert_eq!(selection.system, None, "and is looked at though the world is of another");
    }

    #[test]
    fn a_check_that_names_no_system_says_which_others_the_machine_shows() {
        use crate::model::Fact;
        use crate::model::facts::{SettingsPlace, SettingsSource};
        let of = |name: &str, value: &str| {
            let mut facts = Facts::new(crate::values::time::Timestamp::UNIX_EPOCH);
            let values = [(name.to_owned(), value.into())].into();
            let source = SettingsSource { place: SettingsPlace::Environment, values, twice: Vec::new(), fault: None };
            facts.system.settings = Fact::Known(vec![source]);
            shown_here(&facts)
        };
        let one_role = r#"{"prod": {"role_arn": "arn:aws:iam::444455556666:role/A", "account_id": "444455556666"}}"#;
        let told = of("AWS_AUTH_ROLES", one_role);
        assert_eq!(
            told,
            [
                "this machine shows signs of SRE bot roles too (AWS_AUTH_ROLES in environment: 1 role): rolecall check --system sre-roles \
                 looks at them"
            ]
        );
        assert_eq!(of("AWS_REGION", "eu-west-1"), [""; 0], "which every SDK reads");
    }

    #[test]
    fn a_file_of_the_command_line_stands_in_the_users_folder_in_a_demo_world_too() {
        let demo = chosen(&["--demo=wave-healthy", "--settings", "x.env"]).unwrap();
        assert_eq!(demo.files, [std::env::current_dir().unwrap().join("x.env")]);
        assert_eq!(chosen(&["--settings", "x.env"]).unwrap().files, [PathBuf::from("x.env")]);
    }

    #[test]
    fn a_text_of_two_systems_is_that_of_the_chosen_one() {
        let both = ["megatests", "copier"];
        assert_eq!(one_of(&both, Some("copier"), "bucket-policy"), Ok(Some("copier")));
        assert_eq!(one_of(&both[..1], Some("wave"), "bucket-policy"), Ok(Some("megatests")));
        assert_eq!(one_of(&both[..1], None, "bucket-policy"), Ok(Some("megatests")));
        for chosen in [None, Some("wave")] {
            let told = one_of(&both, chosen, "bucket-policy").unwrap_err();
            assert_eq!(told, "bucket-policy is a text of megatests and of copier: name one of them with --system");
        }
    }
}
