//! `rolecall man`: one manual page with every command in it, made from the command line's definitions.

use std::io;

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use crate::cli::Cli;

/// What the definitions do not know: exit codes, files, environment.
const CLOSING: [(&str, &[(&str, &str)]); 3] = [
    (
        "EXIT STATUS",
        &[
            ("0", "nothing at or above the severity of --fail-on"),
            ("1", "findings"),
            ("2", "wrong usage"),
            ("3", "it could not be told"),
            ("70", "an error of rolecall's own"),
            ("129, 130, 143", "ended by a signal"),
        ],
    ),
    (
        "FILES",
        &[
            (
                "~/.config/benchling-webhook/CONFIG_PROFILE/config.json",
                "what is set up, below XDG_CONFIG_HOME if that is set; written only after a yes, and backed up before",
            ),
            (
                "~/.local/state/rolecall/rolecall.log",
                "what was asked of AWS and how it ended, on Linux; it holds no secret, and at most 1 MiB with as much before it in rolecall.log.1",
            ),
        ],
    ),
    (
        "ENVIRONMENT",
        &[
            ("AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL, AWS_CA_BUNDLE", "as every AWS tool reads them"),
            ("HTTPS_PROXY, NO_PROXY", "the way to AWS"),
            ("NO_COLOR", "draw without colour"),
        ],
    ),
];

/// The page, in roff.
///
/// # Errors
/// None that can happen: it is written to memory.
pub fn page() -> io::Result<String> {
    let mut command = Cli::command();
    command.build();
    let mut page = Vec::new();
    let man = Man::new(command.clone().disable_help_subcommand(true));
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    let mut text = String::from_utf8_lossy(&page).into_owned();
    for child in command.get_subcommands().filter(|child| child.get_name() != "help") {
        section(&mut text, child, child.get_name())?;
    }
    let mut closing = Roff::new();
    for (title, rows) in CLOSING {
        closing.control("SH", [title]);
        for (term, words) in rows {
            closing.control("TP", []);
            closing.text([bold(*term)]);
            closing.text([roman(*words)]);
        }
    }
    text.push_str(&closing.render());
    Ok(text)
}

/// A command with its own options, and those below it after it. Options of every command stand at the top of the page alone.
fn section(page: &mut String, command: &Command, path: &str) -> io::Result<()> {
    let own = command.clone().mut_args(|arg| {
        let told = arg.is_global_set() || arg.get_id() == "help";
        arg.hide(told)
    });
    let mut body = Vec::new();
    let man = Man::new(own.clone());
    man.render_synopsis_section(&mut body)?;
    man.render_description_section(&mut body)?;
    if own.get_arguments().any(|arg| !arg.is_hide_set()) {
        man.render_options_section(&mut body)?;
    }
    if own.get_after_help().is_some() {
        man.render_extra_section(&mut body)?;
    }
    let mut heading = Roff::new();
    heading.control("SH", [format!("ROLECALL {}", path.to_uppercase()).as_str()]);
    page.push_str(&heading.render());
    let body = String::from_utf8_lossy(&body).replace("\n.SH EXTRA", "\n.SH NOTES").replace("\n.SH ", "\n.SS ");
    // Each part begins with the definition of the apostrophe, which the page has once.
    page.push_str(&body.replace(".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n", ""));
    for child in command.get_subcommands().filter(|child| child.get_name() != "help") {
        section(page, child, &format!("{path} {}", child.get_name()))?;
    }
    Ok(())
}
