//! `rolecall explain --message`: what an AWS error message says, without asking AWS.

use std::io::{self, Read};

use color_eyre::eyre::{Result, WrapErr};

use super::complain;
use super::output::{Output, is_closed_pipe};
use crate::cli::{self, Format};
use crate::message::{self, LONGEST};
use crate::values::json::printed;

/// Exit code 0 when the message is known, 3 when it is not.
pub(super) fn run(text: &str, options: &cli::Explain) -> Result<u8> {
    let text = if text == "-" {
        let mut bytes = Vec::new();
        // More than is read is cut; one byte beyond tells that it was.
        let limit = u64::try_from(LONGEST).unwrap_or(u64::MAX).saturating_add(1);
        if let Err(error) = io::stdin().take(limit).read_to_end(&mut bytes) {
            return Ok(complain(&format!("standard input cannot be read: {error}")));
        }
        String::from_utf8_lossy(&bytes).into_owned()
    } else {
        text.to_owned()
    };
    if text.trim().is_empty() {
        return Ok(complain(
            "the message is empty: give the text of an AWS error, or - to read it from standard input",
        ));
    }
    let reading = message::read(&text);
    let mut out = Output::new(options.output.as_deref());
    let printed = match options.format {
        Format::Text => message::text(&reading),
        Format::Json => printed(&reading),
    };
    let code = if reading.known { 0 } else { 3 };
    match out.push(&printed).and_then(|()| out.finish()) {
        Err(error) if is_closed_pipe(&error) => Ok(code),
        other => other.map(|()| code).wrap_err("the result cannot be written"),
    }
}
