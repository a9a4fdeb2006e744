//! The `aws` commands that set both sides right, and those that show it (A7; S1-17, S1-21, S1-33).
//!
//! The new trust policy is made from what the role has at that moment, by the `aws` command's own query language, so that no statement is lost:
//! neither one that was added meanwhile nor one with an external ID that this text withholds.

use serde_json::Value;

use super::new_role::create;
use super::proof;
use super::script::Script;
use super::sheet::{Sheet, unchanged};
use super::subject::{Edge, Slot, Subject, Target, Trust};
use super::{Language, Name, Text};
use crate::policy::fix::{Bearer, ascii, inline};
use crate::values::{PrincipalArn, shell};

pub(super) fn text(subject: &Subject) -> Text {
    let (mut sheet, mut script) = (Sheet::default(), Script::default());
    for edge in &subject.edges {
        for role in &edge.roles {
            trust(&mut sheet, &mut script, edge, role);
        }
        caller(&mut sheet, &mut script, edge);
        script.part("Proof: who calls, what each role trusts now, and the call itself.");
        proof::commands(&mut sheet, &mut script, edge);
        sheet.sides(edge);
        sheet.findings(edge);
    }
    sheet.text(Name::AwsCommands, None, "Commands for both sides, and to prove them", Language::Sh, script.text())
}

fn trust(sheet: &mut Sheet, script: &mut Script, edge: &Edge, role: &Target) {
    let name = sheet.take(&role.name());
    let account = role.arn.known().map(|arn| format!(", with credentials of account {}", arn.account().grouped()));
    script.part(&format!("Trust side: {name}{}.", account.unwrap_or_default()));
    if role.trust == Trust::New {
        create(sheet, script, edge, role, None);
        return;
    }
    sheet.role_keeper(edge, role);
    if let Some(why) = unchanged(edge, role) {
        script.say(&why);
        return;
    }
    let statement = Value::Array(sheet.trust_statements(edge, role));
    // Within backticks a backtick would end the literal.
    let statement = ascii(&statement).replace('`', "\\u0060");
    let query = format!("Role.AssumeRolePolicyDocument.merge(@, {{Statement: [Statement, `{statement}`][]}})");
    let stem = role.file_stem(&edge.caller);
    let (before, after) = (format!("{stem}-trust-before.json"), format!("{stem}-trust-after.json"));
    let get = ["aws", "iam", "get-role", "--role-name", &name, "--output", "json", "--query"];
    let profile = role.aws_profile.as_ref();
    let update = |file: &str| {
        let document = format!("file://{file}");
        ["aws", "iam", "update-assume-role-policy", "--role-name", &name, "--policy-document", &document]
            .map(str::to_owned)
    };
    script.say("Save the trust policy that is there.");
    script.run(&[&get[..], &["Role.AssumeRolePolicyDocument"]].concat(), profile, Some(&before));
    script.say("Make the new one: what is there, and what lets the caller in. Read it before it is put in place.");
    script.run(&[&get[..], &[&query]].concat(), profile, Some(&after));
    script.say("Put it in place.");
    script.run(&update(&after).each_ref().map(String::as_str), profile, None);
    let undo = update(&before);
    let profile = profile.map(|name| ["--profile", name]).into_iter().flatten();
    let undo = shell::command(undo.iter().map(String::as_str).chain(profile));
    script.say(&format!("To go back: {undo}"));
}

fn caller(sheet: &mut Sheet, script: &mut Script, edge: &Edge) {
    let who = match edge.caller.principal.known() {
        Some(principal) => {
            format!("{}, with credentials of account {}", principal.short(), principal.account().grouped())
        }
        None => sheet.take(&edge.caller.principal),
    };
    script.part(&format!("Caller's side: {who}."));
    if let Some(by) = &edge.caller.allowed_by {
        script.say(&format!("It is allowed already, by {by}."));
        return;
    }
    let name =
        edge.caller.principal.map(if edge.caller.is_webhook { "task-role-name" } else { "principal-name" }, own_name);
    let unnamed;
    let bearer = match &edge.caller.principal {
        Slot::Known(PrincipalArn::Root { .. } | PrincipalArn::FederatedUser { .. }) => {
            script.say("It has no policies of its own to put: its account's users and roles have.");
            return;
        }
        Slot::Known(principal) => Bearer::of(principal),
        Slot::Open(_) => {
            unnamed = sheet.take(&name);
            Bearer::Role(&unnamed)
        }
    };
    sheet.keeper(&name.to_string(), edge.caller.stack.as_ref());
    let document = ascii(&sheet.caller_policy(edge));
    let profile = edge.caller.aws_profile.as_deref();
    let (_, steps) = inline(bearer, &edge.caller.policy_name, &document, profile);
    steps.iter().for_each(|step| script.step(step));
}

fn own_name(principal: &PrincipalArn) -> String {
    match principal {
        PrincipalArn::Role(role) => role.name().to_owned(),
        other => other.short(),
    }
}
