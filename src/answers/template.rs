//! The template: every field, each with what it is.

use std::fmt::Write as _;

use super::Field;
use crate::model::selection::RoleKind;
use crate::secret::Key;
use crate::values::mask::Mask;

/// A file of answers in which nothing is answered yet.
#[must_use]
pub fn template() -> String {
    let mut out = String::from(HEAD);
    out.push_str("{\n");
    for field in Field::ALL {
        if field != Field::AwsProfile {
            out.push('\n');
        }
        comments(&mut out, 2, field.about().iter().copied());
        let _ = writeln!(out, "  \"{}\": {},", field.name(), value(field));
    }
    out.push_str("}\n");
    out
}

const HEAD: &str = "\
// Answers for `rolecall setup --answers FILE`, which prints what would be written and writes nothing.
// Then `rolecall setup --answers FILE --plan-id ID --yes` writes exactly that.
//
// This is JSON with comments. null means: not answered; rolecall finds it out, keeps what is there, or says that it
// is missing. What stands on the command line wins over what stands here.
";

fn value(field: Field) -> String {
    match field {
        Field::Roles => members(RoleKind::BOTH.map(|kind| (kind.word(), Vec::new(), "null"))),
        Field::Write => members([("secret", Vec::new(), "true"), ("config", Vec::new(), "true")]),
        Field::Values => members(Key::ALL.map(|key| (key.name(), about(key), "null"))),
        Field::LeaveOut => "[]".into(),
        _ => "null".into(),
    }
}

fn members(members: impl IntoIterator<Item = (&'static str, Vec<String>, &'static str)>) -> String {
    let mut out = String::from("{\n");
    for (name, about, value) in members {
        comments(&mut out, 4, about.iter().map(String::as_str));
        let _ = writeln!(out, "    \"{name}\": {value},");
    }
    out.push_str("  }");
    out
}

fn comments<'a>(out: &mut String, indent: usize, lines: impl IntoIterator<Item = &'a str>) {
    for line in lines {
        let _ = writeln!(out, "{:indent$}// {line}", "");
    }
}

fn about(key: Key) -> Vec<String> {
    let usual = key.suggested().map(|value| format!(". Usual: \"{value}\"")).unwrap_or_default();
    let mut lines = vec![format!("{}{usual}", key.rule())];
    if key.mask() == Mask::Full {
        lines.push(
            "{\"from_stdin\": true} reads it from standard input. If it stands here: chmod 600 this file.".into(),
        );
    }
    lines
}
