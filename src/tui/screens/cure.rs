//! What cures a denial: the proven patches, what each edits, and the commands that make it.

use ratatui::text::Line;

use crate::policy::fix::{Cure, Fix, NoFix};
use crate::policy::{Decision, Layer};
use crate::tui::theme::{BOLD, DIM, Mark, PLAIN};
use crate::tui::widgets::path;
use crate::tui::widgets::row::{Row, blank, heading, wrapped};
use crate::values::PrincipalArn;
use crate::wording::cure::part;

/// The lines below the path.
pub fn lines(cure: &Cure, decision: &Decision, caller: &str, role: &str, columns: usize) -> Vec<Line<'static>> {
    let mut lines = vec![blank()];
    if let Some(none) = &cure.no_fix {
        lines.extend(nothing(none, columns));
        return lines;
    }
    lines.push(Row::default().to(2).put("To cure it", BOLD).to(15).put(&count(cure), DIM).line());
    for (index, fix) in cure.fixes.iter().enumerate() {
        let what = shortened(&fix.what, caller);
        let what = format!("{}: {}", part(&fix.target, Some(role)).name, decapitalized(&what));
        let mut what = wrapped(&what, columns, 6, PLAIN);
        if let Some(first) = what.first_mut() {
            let text: String = first.spans.iter().map(|span| span.content.as_ref()).collect();
            *first = Row::default().to(4).put(&format!("{} ", index + 1), DIM).put(text.trim(), PLAIN).line();
        }
        lines.extend(what);
        lines.extend(fix.waits.iter().flat_map(|waits| wrapped(waits, columns, 6, PLAIN)));
        lines.extend(steps(fix, columns));
    }
    if path::sides(decision).caller == Mark::Fault && !decision.blocked_by.contains(&Layer::Identity) {
        let text =
            "The caller's own policies need no change: in one account it is enough that the trust policy names it.";
        lines.extend(wrapped(text, columns, 4, DIM));
    }
    lines
}

fn count(cure: &Cure) -> String {
    match cure.fixes.as_slice() {
        [_] => "1 patch, proven".into(),
        more => format!("{} patches, proven together", more.len()),
    }
}

fn nothing(none: &NoFix, columns: usize) -> Vec<Line<'static>> {
    let mut lines = vec![heading("No patch cures it")];
    lines.extend(wrapped(&none.reason, columns, 4, PLAIN));
    lines.extend(wrapped(&format!("Whose decision it is: {}.", none.owner), columns, 4, PLAIN));
    lines.extend(wrapped(&none.next_step, columns, 4, PLAIN));
    lines
}

/// A policy makes a command long; what it edits stands above it, so its middle can be left out here.
fn steps(fix: &Fix, columns: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for step in &fix.steps {
        lines.extend(wrapped(&step.what, columns, 6, DIM));
        lines.extend(
            step.command
                .iter()
                .map(|command| Row::default().to(8).fit_middle(command, columns.saturating_sub(2), PLAIN).line()),
        );
    }
    lines
}

/// The caller by its short name: the path above has the whole one in its evidence.
fn shortened(text: &str, caller: &str) -> String {
    PrincipalArn::parse(caller).map_or_else(|_| text.to_owned(), |arn| text.replace(caller, &arn.short()))
}

fn decapitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
