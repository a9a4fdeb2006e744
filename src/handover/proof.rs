//! The three commands that prove a call: who calls, what the role trusts, the call itself (A7; S1-33). None of them prints credentials.

use super::script::Script;
use super::sheet::Sheet;
use super::subject::{Edge, Target};

/// The session name of the call that proves it, to be found in CloudTrail.
const SESSION_NAME: &str = "rolecall-check";

/// What a session is made of, in the order that it is read in.
const SESSION: &str = "Credentials.[AccessKeyId,SecretAccessKey,SessionToken]";

/// The commands for every role of an edge. Behind other roles they are made with those roles' sessions: as anybody else they prove nothing.
pub(super) fn commands(sheet: &mut Sheet, script: &mut Script, edge: &Edge) {
    let signs_in = if edge.way.roles.is_empty() { edge.caller.signs_in.as_ref() } else { None };
    become_caller(sheet, script, edge);
    script.run(&["aws", "sts", "get-caller-identity"], signs_in, None);
    for role in &edge.roles {
        let name = sheet.take(&role.name());
        let get = ["aws", "iam", "get-role", "--role-name", &name, "--query", "Role.AssumeRolePolicyDocument"];
        script.run(&get, role.aws_profile.as_ref(), None);
    }
    script.say(&format!("Only as {}: to anybody else AccessDenied is the right answer.", edge.caller.principal));
    for role in &edge.roles {
        let words = call(sheet, edge, role, "AssumedRoleUser.Arn");
        script.run(&words.iter().map(String::as_str).collect::<Vec<_>>(), signs_in, None);
    }
    if !edge.way.roles.is_empty() {
        script.line(")");
    }
}

/// Assumes the roles before, one after the other, in a shell of its own: what follows there is called with the last session. Where one is
/// refused that shell ends, so that nothing is called as somebody else.
fn become_caller(sheet: &mut Sheet, script: &mut Script, edge: &Edge) {
    for (number, role) in edge.way.roles.iter().enumerate() {
        let name = sheet.take(&role.name());
        let signs_in = edge.way.signs_in.as_ref().filter(|_| number == 0);
        script
            .say(&format!("First assume {name}: its session makes the next call, and ends with the closing bracket."));
        if number == 0 {
            script.line("(");
        }
        let words = call(sheet, edge, role, SESSION);
        script.session(&words.iter().map(String::as_str).collect::<Vec<_>>(), signs_in);
    }
}

fn call(sheet: &mut Sheet, edge: &Edge, role: &Target, query: &str) -> Vec<String> {
    let arn = sheet.role_arn(role);
    let id = sheet.external_id(edge, role);
    let words = ["aws", "sts", "assume-role", "--role-arn", &arn, "--role-session-name", SESSION_NAME];
    let id = id.iter().flat_map(|id| ["--external-id", id.as_str()]);
    words.into_iter().chain(id).chain(["--query", query, "--output", "text"]).map(str::to_owned).collect()
}
