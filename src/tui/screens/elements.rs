//! The elements that kept a statement from matching: what the policy expects beside what there is.

use ratatui::text::Line;

use crate::policy::{Deciding, Decision, Failed, explain};
use crate::tui::theme::{DIM, PLAIN};
use crate::tui::widgets::row::{self, Row, wrapped};

/// The most values of one element that are listed.
const LISTED: usize = 8;

/// Each statement that came nearest, with its failing elements.
pub fn lines(whose: &str, decision: &Decision, columns: usize) -> Vec<Line<'static>> {
    let nearest = decision.deciding.iter().filter(|deciding| !deciding.failed.is_empty());
    nearest.flat_map(|deciding| of_statement(whose, deciding, columns)).collect()
}

fn of_statement(whose: &str, deciding: &Deciding, columns: usize) -> Vec<Line<'static>> {
    let mut lines = wrapped(&format!("{whose}: {} fails on", explain::place(deciding)), columns, 4, PLAIN);
    for failed in &deciding.failed {
        lines.push(Row::default().to(6).fit(&name(failed), columns - 2, DIM).line());
        lines.extend(values("expected", &failed.expected, columns));
        match &failed.actual {
            None => lines.extend(values("actual", &["(absent)".to_owned()], columns)),
            Some(actual) => lines.extend(values("actual", actual, columns)),
        }
    }
    lines
}

/// "Principal", "Condition StringEquals sts:ExternalId".
fn name(failed: &Failed) -> String {
    let parts = [Some(failed.element), failed.operator.as_deref(), failed.key.as_deref()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn values(label: &str, values: &[String], columns: usize) -> Vec<Line<'static>> {
    let more = values.len().saturating_sub(LISTED);
    let listed = values.iter().take(LISTED).cloned().chain((more > 0).then(|| format!("and {more} more")));
    let label = |index| if index == 0 { format!("    {label}") } else { String::new() };
    listed.enumerate().flat_map(|(index, value)| row::fact(&label(index), &value, 20, columns, PLAIN)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Answer, Cause, Layer};

    #[test]
    fn expected_stands_beside_actual() {
        let decision = Decision {
            verdict: Answer::Deny,
            leaning: None,
            cause: Cause("external_id_missing"),
            causes: Vec::new(),
            blocked_by: vec![Layer::Trust],
            summary: String::new(),
            deciding: vec![Deciding::wanting_external_id()],
            unknowns: Vec::new(),
        };
        let text: Vec<String> = lines("you", &decision, 78).iter().map(ToString::to_string).collect();
        let text = text.join("\n");
        for part in [
            "you: trust statement 2 fails on",
            "Condition StringEquals sts:ExternalId",
            "expected  ",
            "cust-42",
            "actual",
            "(absent)",
        ] {
            assert!(text.contains(part), "{part}:\n{text}");
        }
    }
}
