//! What the command line says of itself, kept as snapshots: every help, the manual page, the completions of every shell.

use clap::{Command, CommandFactory, ValueEnum};
use clap_complete::Shell;

use super::{completions, man};
use crate::cli::Cli;

/// As wide as a terminal most often is.
const COLUMNS: usize = 80;

fn helps(command: &Command, path: &str, helps: &mut Vec<(String, String)>) {
    helps.push((path.to_owned(), command.clone().term_width(COLUMNS).render_long_help().to_string()));
    for child in command.get_subcommands().filter(|child| child.get_name() != "help") {
        self::helps(child, &format!("{path}-{}", child.get_name()), helps);
    }
}

#[test]
fn every_help() {
    let mut command = Cli::command();
    command.build();
    let mut all = Vec::new();
    helps(&command, "rolecall", &mut all);
    assert!(all.len() > command.get_subcommands().count().saturating_sub(1));
    for (path, help) in all {
        insta::assert_snapshot!(format!("help_{path}"), help);
    }
}

#[test]
fn the_manual_page() {
    let page = man::page().unwrap();
    for child in Cli::command().get_subcommands() {
        let name = child.get_name().to_uppercase();
        assert!(page.contains(&format!("ROLECALL {name}")), "{name} is not in the page");
    }
    insta::assert_snapshot!("man", page.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
}

#[test]
fn completions_of_every_shell() {
    for shell in Shell::value_variants() {
        let script = completions::script(*shell);
        for child in Cli::command().get_subcommands() {
            assert!(script.contains(child.get_name()), "{shell}: {}", child.get_name());
        }
        insta::assert_snapshot!(format!("completions_{shell}"), script);
    }
}
