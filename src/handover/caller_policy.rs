//! What the caller's own policies must allow: exactly these roles, by their ARNs (A1, A3; S0-29, S1-21).

use super::sheet::Sheet;
use super::subject::{Edge, Subject};
use super::{Language, Name, Text};
use crate::values::json;

/// One policy for each caller: of a chain, for each hop.
pub(super) fn texts(subject: &Subject, name: Name) -> Vec<Text> {
    subject.edges.iter().map(|edge| text(subject, edge, name)).collect()
}

fn text(subject: &Subject, edge: &Edge, name: Name) -> Text {
    let mut sheet = Sheet::default();
    let policy = sheet.caller_policy(edge);
    let who = match edge.caller.principal.known() {
        Some(principal) => principal.short(),
        None if edge.caller.is_webhook => "the webhook's task role".into(),
        None => "the caller".into(),
    };
    if let Some(by) = &edge.caller.allowed_by {
        sheet.note(format!("{who} is allowed it already, by {by}."));
    }
    sheet.sides(edge);
    sheet.findings(edge);
    sheet.keeper(&who, edge.caller.stack.as_ref());
    let title = match name {
        Name::TaskRolePolicy => format!("Task-role policy: what {who} must be allowed"),
        _ => format!("Caller policy: what {who} must be allowed"),
    };
    let of = (subject.edges.len() > 1).then_some(who);
    sheet.text(name, of, title, Language::Json, json::printed(&policy))
}
