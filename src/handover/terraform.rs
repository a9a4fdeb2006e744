//! Both sides for Terraform (A8; S3-09).

use std::fmt::Write as _;

use serde_json::Value;

use super::list::list;
use super::sheet::Sheet;
use super::subject::{Edge, Slot, Subject, Target, Trust};
use super::{Language, Name, Text};
use crate::values::PrincipalArn;
use crate::values::text::{has_unsafe, safe};

pub(super) fn text(subject: &Subject) -> Text {
    let (mut sheet, mut out) = (Sheet::default(), String::new());
    for (number, edge) in (1..).zip(&subject.edges) {
        let label = if subject.edges.len() > 1 { format!("assume_{number}") } else { "assume".to_owned() };
        caller(&mut sheet, &mut out, edge, &label);
        for role in &edge.roles {
            trust(&mut sheet, &mut out, edge, role);
        }
        sheet.sides(edge);
        sheet.findings(edge);
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    sheet
        .note("A role's assume_role_policy is its whole trust policy: what Terraform does not know of, it takes away.");
    sheet.text(Name::Terraform, None, "Both sides for Terraform", Language::Hcl, out)
}

fn caller(sheet: &mut Sheet, out: &mut String, edge: &Edge, label: &str) {
    let who = safe(&edge.caller.principal.to_string()).into_owned();
    let resources = sheet.resources(edge);
    let _ = write!(
        out,
        "# The caller's side: {who}.\ndata \"aws_iam_policy_document\" \"{label}\" {{\n  statement {{\n    actions   = {}\n    resources = {}\n  }}\n}}\n\n",
        list(&edge.actions, "  ", 2, string),
        list(&resources, "  ", 2, string),
    );
    let (kind, argument, name) = match &edge.caller.principal {
        Slot::Known(PrincipalArn::User { name, .. }) => ("user", "user", name.clone()),
        Slot::Known(PrincipalArn::Role(role)) => ("role", "role", role.name().to_owned()),
        Slot::Known(other) => {
            sheet.note(format!(
                "{} has no policies of its own to put: the policy document is for whoever calls.",
                other.short()
            ));
            return;
        }
        Slot::Open(gap) => {
            let name = if edge.caller.is_webhook { "task-role-name" } else { "principal-name" };
            ("role", "role", sheet.take(&Slot::<String>::open(name, gap.why.clone())))
        }
    };
    let _ = write!(
        out,
        "resource \"aws_iam_{kind}_policy\" \"{label}\" {{\n  name   = {}\n  {argument}   = {}\n  policy = data.aws_iam_policy_document.{label}.json\n}}\n\n",
        string(&edge.caller.policy_name),
        string(&name),
    );
}

fn trust(sheet: &mut Sheet, out: &mut String, edge: &Edge, role: &Target) {
    let (name, label) = (sheet.take(&role.name()), &role.label);
    let shown = safe(&name).into_owned();
    let mut before = String::new();
    match &role.trust {
        Trust::New => {}
        Trust::Unread(_) => sheet.lack(format!(
            "What {name} trusts now is not known: put its present statements into the document as well, or they are lost."
        )),
        Trust::Read { document, withheld, .. } => {
            withheld.iter().for_each(|gap| sheet.gap(gap));
            before = format!("  # What it trusts now.\n  source_policy_documents = [jsonencode({})]\n", value(document, 1));
        }
    }
    let _ = write!(
        out,
        "# The trust side: in the aws_iam_role of {shown},\n#   assume_role_policy = data.aws_iam_policy_document.trust_{label}.json\n\
         data \"aws_iam_policy_document\" \"trust_{label}\" {{\n{before}",
    );
    for (number, grant) in sheet.grants(edge, role).into_iter().enumerate() {
        let gap = if number == 0 && before.is_empty() { "" } else { "\n" };
        let condition = grant.external_id.map_or_else(String::new, |id| {
            format!(
                "\n    condition {{\n      test     = \"StringEquals\"\n      variable = \"sts:ExternalId\"\n      values   = [{}]\n    }}\n",
                string(&id)
            )
        });
        let _ = write!(
            out,
            "{gap}  statement {{\n    actions = {}\n\n    principals {{\n      type        = \"AWS\"\n      identifiers = [{}]\n    }}\n{condition}  }}\n",
            list(&grant.actions, "  ", 2, string),
            string(&sheet.principal(edge)),
        );
    }
    out.push_str("}\n\n");
    sheet.role_keeper(edge, role);
}

/// JSON as an expression of HCL: the same but for its texts.
fn value(json: &Value, depth: usize) -> String {
    let (indent, end) = ("  ".repeat(depth + 1), "  ".repeat(depth));
    match json {
        Value::String(text) => string(text),
        Value::Array(all) if all.is_empty() => "[]".into(),
        Value::Array(all) => {
            let lines: String = all.iter().map(|one| format!("{indent}{},\n", value(one, depth + 1))).collect();
            format!("[\n{lines}{end}]")
        }
        Value::Object(members) if members.is_empty() => "{}".into(),
        Value::Object(members) => {
            let line = |(key, one): (&String, &Value)| format!("{indent}{} = {}\n", string(key), value(one, depth + 1));
            format!("{{\n{}{end}}}", members.iter().map(line).collect::<String>())
        }
        other => other.to_string(),
    }
}

/// A quoted template that is nothing but its characters: no escape, no `${}` and no `%{}` begins in it.
///
/// Source: HCL Native Syntax Specification, "Template Expressions". A `$` or `%` that could begin something is written by its number, since
/// `$${` is read in two ways where another `$` stands before it.
fn string(text: &str) -> String {
    let mut out = String::from('"');
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '$' | '%' if rest.peek().is_some_and(|next| "{$%".contains(*next)) => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c if has_unsafe(c.encode_utf8(&mut [0; 4])) => {
                let code = u32::from(c);
                let _ = if code > 0xffff { write!(out, "\\U{code:08x}") } else { write!(out, "\\u{code:04x}") };
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
