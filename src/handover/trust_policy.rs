//! The trust policy of each role: what is there, with the statement that lets the caller in (A2; S1-16, C33).

use super::sheet::Sheet;
use super::subject::{Edge, Slot, Standing, Subject, Target, Trust};
use super::{Language, Name, Text};
use crate::values::json;

pub(super) fn texts(subject: &Subject) -> Vec<Text> {
    let all = subject.edges.iter().flat_map(|edge| edge.roles.iter().map(move |role| (edge, role)));
    all.map(|(edge, role)| text(edge, role)).collect()
}

fn text(edge: &Edge, role: &Target) -> Text {
    let mut sheet = Sheet::default();
    let policy = sheet.trust_policy(edge, role);
    // Its ARN is not in the text, which is none the less about it.
    let name = role.name();
    if let Slot::Open(gap) = &role.arn {
        sheet.note(format!("Which role it is for is not known. {}", gap.why));
    }
    match &role.trust {
        Trust::New => sheet.note("This is the whole policy of a role that does not exist yet."),
        Trust::Unread(why) => sheet.lack(format!(
            "What {name} trusts now is not known. {why} This is the whole policy of a new role: on a role that is there it would take the place of every statement. The text aws-commands adds the statement to what is there."
        )),
        Trust::Read { stands: Standing::Lacks(_), .. } => {
            sheet.note(format!("This is the policy of {name} as it was read, with what lets the caller in added at its end."));
        }
        Trust::Read { .. } => sheet.note(format!("This is the policy of {name} as it is.")),
    }
    sheet.sides(edge);
    sheet.role_keeper(edge, role);
    sheet.text(
        Name::TrustPolicy,
        Some(name.to_string()),
        format!("Trust policy of {name}"),
        Language::Json,
        json::printed(&policy),
    )
}
