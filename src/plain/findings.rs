//! Findings, said.

use std::io;

use super::console::Console;
use crate::model::finding::Fix;
use crate::model::{Finding, Severity};

/// Says what was found, from what, and what cures it.
pub fn tell(console: &mut Console, finding: &Finding) -> io::Result<()> {
    claim(console, finding)?;
    cures(console, finding.fixes.iter())
}

/// Says what was found, and from what.
pub fn claim(console: &mut Console, finding: &Finding) -> io::Result<()> {
    let word = match finding.severity {
        _ if finding.unknown => "Not known: ",
        Severity::Error => "Error: ",
        Severity::Warning => "Warning: ",
        Severity::Info | Severity::Ok => "",
    };
    console.say(&ended(&format!("{word}{}", finding.claim)))?;
    finding.evidence.iter().try_for_each(|line| console.say(&ended(line)))
}

/// With a full stop, where none ends it. An ARN stays as it can be copied.
pub fn ended(text: &str) -> String {
    let end = if text.ends_with(['.', '?', ':', '!']) || text.starts_with("arn:") { "" } else { "." };
    format!("{text}{end}")
}

/// Says what cures something, numbered when there is more than one thing.
pub fn cures<'a>(console: &mut Console, fixes: impl ExactSizeIterator<Item = &'a Fix>) -> io::Result<()> {
    if fixes.len() == 0 {
        return Ok(());
    }
    let several = fixes.len() > 1;
    console.say(&if several { format!("To cure it, {} things:", fixes.len()) } else { "To cure it:".to_owned() })?;
    for (number, fix) in (1..).zip(fixes) {
        let lead = if several { format!("{number}. ") } else { String::new() };
        console.item(&lead, &fix.what)?;
        if let Some(command) = &fix.command {
            command.lines().try_for_each(|line| console.whole(&format!("   {line}")))?;
        }
    }
    Ok(())
}
