//! Both sides for the AWS CDK, in TypeScript (A8; S0-28, S0-30).

use std::fmt::Write as _;

use super::list::list;
use super::sheet::{Sheet, unchanged};
use super::subject::{Edge, Subject};
use super::{Language, Name, Text};
use crate::values::json::quoted;
use crate::values::text::{has_unsafe, safe};

pub(super) fn text(subject: &Subject) -> Text {
    let mut sheet = Sheet::default();
    let mut out = String::from("import * as iam from \"aws-cdk-lib/aws-iam\";\n");
    for (number, edge) in (1..).zip(&subject.edges) {
        let suffix = if subject.edges.len() > 1 { format!("Of{number}") } else { String::new() };
        caller(&mut sheet, &mut out, edge, &suffix);
        trust(&mut sheet, &mut out, edge, &suffix);
        sheet.sides(edge);
        sheet.findings(edge);
        for role in &edge.roles {
            sheet.role_keeper(edge, role);
        }
    }
    sheet.note("CDK changes nothing of a role that was imported with Role.fromRoleArn: each side belongs into the app that defines the role.");
    sheet.text(Name::Cdk, None, "Both sides for the AWS CDK (TypeScript)", Language::Ts, out)
}

fn caller(sheet: &mut Sheet, out: &mut String, edge: &Edge, suffix: &str) {
    let place = if edge.caller.is_webhook { ": call it in lib/fargate-service.ts, with its task role" } else { "" };
    let who = comment(&sheet.take(&edge.caller.principal));
    let resources = sheet.resources(edge);
    let _ = write!(
        out,
        "\n// The caller's side, {who}{place}.\nexport function allowToAssume{suffix}(caller: iam.IGrantable): void {{\n    \
         caller.grantPrincipal.addToPrincipalPolicy(\n        new iam.PolicyStatement({{\n            actions: {},\n            \
         resources: {},\n        }}),\n    );\n}}\n",
        list(&edge.actions, "    ", 3, string),
        list(&resources, "    ", 3, string),
    );
}

fn trust(sheet: &mut Sheet, out: &mut String, edge: &Edge, suffix: &str) {
    let open = edge.roles.iter().filter(|role| unchanged(edge, role).is_none());
    let names: Vec<String> = open.map(|role| comment(&sheet.take(&role.name()))).collect();
    let principal = string(&sheet.principal(edge));
    // The roles of an edge are asked for in the same way; they may differ in what they lack.
    let lacking = edge.roles.iter().map(|role| sheet.grants(edge, role));
    let grants = lacking.max_by_key(|grants| grants.iter().map(|grant| grant.actions.len()).sum::<usize>());
    let Some(grants) = grants.filter(|grants| !grants.is_empty()) else {
        edge.roles.iter().filter_map(|role| unchanged(edge, role)).for_each(|why| {
            let _ = writeln!(out, "\n// {}", comment(&why));
        });
        return;
    };
    let _ = write!(
        out,
        "\n// The trust side: call it with {}.\nexport function trustCaller{suffix}(role: iam.Role): void {{\n",
        names.join(", then with "),
    );
    for grant in grants {
        let conditions = grant.external_id.map_or_else(String::new, |id| {
            format!("            conditions: {{ StringEquals: {{ \"sts:ExternalId\": {} }} }},\n", string(&id))
        });
        let _ = write!(
            out,
            "    role.assumeRolePolicy?.addStatements(\n        new iam.PolicyStatement({{\n            \
             principals: [new iam.ArnPrincipal({principal})],\n            actions: {},\n{conditions}        }}),\n    );\n",
            list(&grant.actions, "    ", 3, string),
        );
    }
    out.push_str("}\n");
}

/// A JSON text is a string literal of TypeScript too, once nothing in it is a line break to either (ECMA-262, "String Literals").
fn string(text: &str) -> String {
    let mut out = String::new();
    for c in quoted(text).chars() {
        if has_unsafe(c.encode_utf8(&mut [0; 4])) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// A text within a comment of one line: nothing in it ends the line.
fn comment(text: &str) -> String {
    safe(text).into_owned()
}
