//! The commands that make a role: its trust policy, one policy of its own, and the proof (A4, A7; S1-17, S1-20, S1-33).

use serde_json::Value;

use super::proof;
use super::script::Script;
use super::sheet::Sheet;
use super::subject::{Edge, Subject, Target, Trust};
use super::{Language, Name, Text};

/// What the role may do, as an inline policy.
#[derive(Clone, Copy, Debug)]
pub struct Permission<'a> {
    /// The word for the system whose role it is, for `--system`.
    pub system: &'a str,
    /// The policy's name.
    pub name: &'a str,
    /// The policy.
    pub document: &'a Value,
    /// The longest session that the role is to give, in seconds. `None`: AWS's hour.
    pub max_session_duration: Option<u32>,
}

/// The commands for the last role of a path. `None`: the path has none.
#[must_use]
pub fn new_role(subject: &Subject, name: Name, permission: &Permission<'_>) -> Option<Text> {
    let edge = subject.edges.last()?;
    let role = edge.roles.last()?;
    let (mut sheet, mut script) = (Sheet::default(), Script::default());
    let role_name = sheet.take(&role.name());
    let account = role.arn.known().map(|arn| format!(", with credentials of account {}", arn.account().grouped()));
    script.part(&format!("The role {role_name}{}.", account.unwrap_or_default()));
    match &role.trust {
        Trust::New => create(&mut sheet, &mut script, edge, role, permission.max_session_duration),
        Trust::Unread(why) => {
            sheet.note(format!("Whether {role_name} exists is not known. {why} Where it does, create-role answers EntityAlreadyExists and changes nothing."));
            create(&mut sheet, &mut script, edge, role, permission.max_session_duration);
        }
        Trust::Read { .. } => {
            script.say(&format!(
                "{role_name} is there already: `rolecall print aws-commands --system {}` says what its trust policy lacks.",
                permission.system
            ));
        }
    }
    permit(&mut script, edge, role, &role_name, permission);
    let caller = sheet.take(&edge.caller.principal);
    script.part(&format!("Proof, as {caller}: who calls, what the role trusts, and the call itself."));
    proof::commands(&mut sheet, &mut script, edge);
    sheet.sides(edge);
    Some(sheet.text(name, None, format!("Commands that make the role {role_name}"), Language::Sh, script.text()))
}

/// Makes the role with its trust policy; `longest` is the longest session it is to give, in seconds.
pub(super) fn create(sheet: &mut Sheet, script: &mut Script, edge: &Edge, role: &Target, longest: Option<u32>) {
    let name = sheet.take(&role.name());
    let file = format!("{}-trust-policy.json", role.file_stem(&edge.caller));
    script.say("Whom it trusts.");
    let trust = sheet.trust_policy(edge, role);
    script.document(&file, &trust);
    let document = format!("file://{file}");
    let longest = longest.map(|seconds| seconds.to_string());
    let mut words = vec!["aws", "iam", "create-role", "--role-name", &name];
    if let Some(path) = role.arn.known().map(crate::values::RoleArn::path).filter(|path| *path != "/") {
        words.extend(["--path", path]);
    }
    words.extend(["--assume-role-policy-document", &document]);
    words.extend(longest.iter().flat_map(|seconds| ["--max-session-duration", seconds.as_str()]));
    script.run(&words, role.aws_profile.as_ref(), None);
}

fn permit(script: &mut Script, edge: &Edge, role: &Target, name: &str, permission: &Permission<'_>) {
    let stem = role.file_stem(&edge.caller);
    let file = format!("{stem}-{}.json", permission.name);
    if role.trust != Trust::New {
        // put-role-policy replaces a policy of that name without a word.
        let before = format!("{stem}-{}-before.json", permission.name);
        script.say("Save the policy of that name; for a new one the answer is NoSuchEntity.");
        let get = ["aws", "iam", "get-role-policy", "--role-name", name, "--policy-name", permission.name];
        script.run(&get, role.aws_profile.as_ref(), Some(&before));
    }
    script.say("What it may do.");
    script.document(&file, permission.document);
    let document = format!("file://{file}");
    let put = ["aws", "iam", "put-role-policy", "--role-name", name, "--policy-name", permission.name];
    script.run(&[&put[..], &["--policy-document", &document]].concat(), role.aws_profile.as_ref(), None);
}
