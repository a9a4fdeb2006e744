//! Flags that a system makes nothing of: refused, because a report that passes over one would read as if it had counted.

use crate::cli::{Cli, Command, Global, Path, PrintWhat};
use crate::systems;

/// What is wrong with the flags beside `--system NAME`, before anything is looked up.
///
/// # Errors
/// A sentence that names the flag.
pub fn refused(cli: &Cli) -> Result<(), String> {
    let Some(name) = cli.global.system.as_deref().filter(|name| *name != systems::QUILT) else { return Ok(()) };
    match of_system(cli) {
        Some(flag) => Err(format!("{flag} does not go with --system {name}: leave one of them out")),
        None => Ok(()),
    }
}

/// The first flag or word that says nothing about a system. `None`: each counts.
#[must_use]
pub fn of_system(cli: &Cli) -> Option<&'static str> {
    let given = |all: &[(bool, &'static str)]| all.iter().find(|(given, _)| *given).map(|(_, flag)| *flag);
    let global = given(&of_quilt(&cli.global));
    global.or_else(|| match &cli.command {
        Some(Command::Check(options)) => {
            given(&[(options.as_container, "--as-container"), (options.mfa_serial.is_some(), "--mfa-serial")])
                .or_else(|| given(&of_path(&options.path)))
        }
        Some(Command::Print(options)) => match options.what {
            PrintWhat::Answers => Some("print answers"),
            PrintWhat::Config => Some("print config"),
            PrintWhat::Text(_) => None,
        },
        Some(Command::Explain(_)) => Some("explain"),
        Some(Command::Secret(_)) => Some("secret"),
        _ => None,
    })
}

/// What chooses among Quilt stacks, their secrets and config profiles.
const fn of_quilt(global: &Global) -> [(bool, &'static str); 4] {
    [
        (global.stack.is_some(), "--stack"),
        (global.secret.is_some(), "--secret"),
        (global.profile.is_some(), "--profile"),
        (global.all_regions, "--all-regions"),
    ]
}

/// What one access path is asked with: a system's settings say it for each of its own. `--inspector` holds for all.
const fn of_path(path: &Path) -> [(bool, &'static str); 7] {
    [
        (path.duration.is_some(), "--duration"),
        (path.session_name.is_some(), "--session-name"),
        (!path.tag.is_empty(), "--tag"),
        (!path.transitive_tag.is_empty(), "--transitive-tag"),
        (path.source_identity.is_some(), "--source-identity"),
        (!path.probe.is_empty(), "--probe"),
        (path.try_wanted_external_id, "--try-wanted-external-id"),
    ]
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::refused;
    use crate::cli::Cli;

    fn said(words: &str) -> Result<(), String> {
        refused(&Cli::try_parse_from(std::iter::once("rolecall").chain(words.split(' '))).unwrap())
    }

    #[test]
    fn what_says_nothing_about_a_system_is_refused_by_its_name() {
        for flag in [
            "--duration 900",
            "--session-name me",
            "--tag a=b",
            "--transitive-tag a",
            "--source-identity me",
            "--probe s3://bucket",
            "--try-wanted-external-id",
            "--mfa-serial GAHT12345678",
            "--as-container",
            "--stack quilt-prod",
            "--secret mine",
            "--profile staging",
            "--all-regions",
        ] {
            let name = flag.split(' ').next().unwrap();
            let error = said(&format!("check --system wave {flag}")).unwrap_err();
            assert!(error.starts_with(&format!("{name} does not go with --system wave")), "{error}");
            assert_eq!(said(&format!("check --system quilt {flag}")), Ok(()), "{flag}");
        }
        for words in ["print answers --system wave", "explain --system wave", "permissions --system wave --stack x"] {
            assert!(said(words).is_err(), "{words}");
        }
    }

    #[test]
    fn what_counts_for_a_system_is_taken() {
        for words in [
            "check --system wave --inspector other --aws-profile mine --region eu-west-1",
            "check --system wave --external-id one --set duration=900 --settings .env --format json",
            "print trust-policy --system wave --show-external-ids",
            "permissions --system megatests",
        ] {
            assert_eq!(said(words), Ok(()), "{words}");
        }
    }
}
