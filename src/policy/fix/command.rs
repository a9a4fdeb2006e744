//! The commands that make an edit: what is there is saved first, and who keeps it is told.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;

use super::Ownership;
use super::edit::{Edit, Target, part};
use super::request::SESSION_NAME;
use crate::policy::case::{Case, CredentialKind};
use crate::policy::document::Policy;
use crate::policy::statement::Statement;
use crate::values::{PrincipalArn, RoleArn, shell};

/// Stands for the name of a policy that the case does not name.
const UNNAMED: &str = "POLICY_NAME";

/// The most characters of a trust policy unless AWS has raised the quota (IAM User Guide, "IAM and AWS STS quotas").
const USUAL_TRUST: usize = 2_048;

/// One step of a fix.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Step {
    /// What it does, or what to know.
    pub what: String,
    /// The command, quoted for a POSIX shell. Words in capitals are to be replaced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
}

impl Step {
    fn run(what: impl Into<String>, command: impl Into<String>) -> Self {
        Self { what: what.into(), command: Some(command.into()) }
    }

    /// Something to know.
    pub(crate) fn know(what: impl Into<String>) -> Self {
        Self { what: what.into(), command: None }
    }
}

/// Who bears the caller's policies.
#[derive(Clone, Copy)]
pub(crate) enum Bearer<'a> {
    /// A user, by name.
    User(&'a str),
    /// A role, by name.
    Role(&'a str),
    /// A role that IAM Identity Center makes from a permission set.
    PermissionSet,
}

impl<'a> Bearer<'a> {
    /// Who bears the policies of this caller.
    pub(crate) fn of(caller: &'a PrincipalArn) -> Self {
        let role =
            |name: &'a str| if name.starts_with("AWSReservedSSO_") { Self::PermissionSet } else { Self::Role(name) };
        match caller {
            PrincipalArn::User { name, .. } | PrincipalArn::FederatedUser { name, .. } => Self::User(name),
            PrincipalArn::Role(one) => role(one.name()),
            PrincipalArn::Session { role: name, .. } => role(name),
            PrincipalArn::Root { .. } => Self::User("root"),
        }
    }
}

/// The command that makes the edit, and the steps it is one of.
pub(super) fn steps(before: &Case, after: &Case, edit: &Edit, ownership: &Ownership) -> (String, Vec<Step>) {
    let document = || part(after, edit.target).map(|value| ascii(&value)).unwrap_or_default();
    let bearer = Bearer::of(&after.caller);
    let by = ownership.caller_profile.as_deref();
    let (apply, mut steps) = match edit.target {
        Target::Trust => trust(after, &document(), ownership.role_profile.as_deref()),
        Target::Identities => {
            let known = before.identity.read().map_or(0, Vec::len);
            let list = after.identity.read().into_iter().flatten().skip(known);
            let all: Vec<_> = free_names(before)
                .zip(list)
                .map(|(name, new)| inline(bearer, &name, &ascii(new.policy.as_json()), by))
                .collect();
            let commands: Vec<&str> = all.iter().map(|(command, _)| command.as_str()).collect();
            (commands.join(" && "), all.iter().flat_map(|(_, steps)| steps.clone()).collect())
        }
        Target::Identity(index) => {
            let named = before.identity.read().and_then(|list| list.get(index));
            kept(bearer, named.map_or("", |named| named.name.as_str()), &document(), by)
        }
        Target::Boundary => {
            let name = before.boundary.read().and_then(Option::as_ref).map_or("", |named| named.name.as_str());
            managed(if name.starts_with("arn:") { name } else { "BOUNDARY_ARN" }, &document(), by)
        }
        Target::Request | Target::Context | Target::ExtraContext | Target::RoleArn => {
            let command = assume_role(after, ownership.signs_in.as_deref());
            (command.clone(), vec![Step::run("Make the call.", command)])
        }
    };
    let stack = match edit.target {
        Target::Trust => ownership.role_stack.as_ref(),
        Target::Identities | Target::Identity(_) | Target::Boundary => ownership.caller_stack.as_ref(),
        _ => None,
    };
    if let Some(stack) = stack {
        steps.push(Step::know(format!(
            "CloudFormation stack {stack} keeps this: make the same edit in its template. The command is a stop-gap; until then the stack shows drift, and its next update undoes it."
        )));
    }
    (apply, steps)
}

/// An `aws iam` command, for an AWS profile if one is known to be of the right account.
fn iam(words: &[&str], profile: Option<&str>) -> String {
    let profile = profile.map(|profile| ["--profile", profile]);
    shell::command(["aws", "iam"].iter().chain(words).copied().chain(profile.into_iter().flatten()))
}

fn trust(case: &Case, document: &str, profile: Option<&str>) -> (String, Vec<Step>) {
    let (name, account) = RoleArn::parse(&case.role_arn)
        .map(|role| (role.name().to_owned(), role.account().grouped()))
        .unwrap_or_default();
    let save = iam(&["get-role", "--role-name", &name, "--query", "Role.AssumeRolePolicyDocument"], profile);
    let file = format!("{}-trust-before.json", stem(case).unwrap_or_else(|| name.clone()));
    let apply = iam(&["update-assume-role-policy", "--role-name", &name, "--policy-document", document], profile);
    let mut steps = vec![
        Step::run(
            format!("Save the trust policy that is there, with credentials of account {account}."),
            saved(&save, &file),
        ),
        Step::run("Put the new one in its place.", apply.clone()),
    ];
    steps.extend(case.trust.read().and_then(Option::as_ref).into_iter().flat_map(cautions).map(Step::know));
    (apply, steps)
}

/// Why IAM may refuse a trust policy though what it says is right.
pub(crate) fn cautions(policy: &Policy) -> impl Iterator<Item = String> + use<> {
    let length = policy.as_json().to_string().chars().filter(|c| !c.is_whitespace()).count();
    let principals = policy.statements().iter().flat_map(Statement::principals);
    let dead: Vec<&str> = principals.filter(|one| one.is_deleted()).map(|one| one.written.as_str()).collect();
    let dead = (!dead.is_empty()).then(|| {
        format!(
            "IAM may answer \"Invalid principal in policy\" while deleted principals stand in it: take out {} as well.",
            dead.join(", ")
        )
    });
    let long = (length > USUAL_TRUST).then(|| {
        format!("The policy has {length} characters: above {USUAL_TRUST} the account needs a raised quota for trust policies.")
    });
    dead.into_iter().chain(long)
}

fn saved(command: &str, file: &str) -> String {
    format!("{command} > {}", shell::quote(file))
}

/// A policy that the case names as `aws::calls` names it: an ARN, "inline policy X", or not at all.
fn kept(bearer: Bearer<'_>, name: &str, document: &str, profile: Option<&str>) -> (String, Vec<Step>) {
    match name.strip_prefix("inline policy ") {
        _ if matches!(bearer, Bearer::PermissionSet) => permission_set(document),
        _ if name.starts_with("arn:") => managed(name, document, profile),
        Some(name) => inline(bearer, name, document, profile),
        None => inline(bearer, if name.is_empty() { UNNAMED } else { name }, document, profile),
    }
}

/// The command that puts an inline policy, and the steps it is one of. The document is JSON.
pub(crate) fn inline(bearer: Bearer<'_>, policy: &str, document: &str, profile: Option<&str>) -> (String, Vec<Step>) {
    let (list, get, put, option, name) = match bearer {
        Bearer::User(name) => ("list-user-policies", "get-user-policy", "put-user-policy", "--user-name", name),
        Bearer::Role(name) => ("list-role-policies", "get-role-policy", "put-role-policy", "--role-name", name),
        Bearer::PermissionSet => return permission_set(document),
    };
    let save = iam(&[get, option, name, "--policy-name", policy], profile);
    let apply = iam(&[put, option, name, "--policy-name", policy, "--policy-document", document], profile);
    let mut steps = vec![
        Step::run(
            "Save the policy of that name; for a new one the answer is NoSuchEntity.",
            saved(&save, &format!("{name}-{policy}-before.json")),
        ),
        Step::run("Put the policy.", apply.clone()),
    ];
    if policy == UNNAMED {
        let list = iam(&[list, option, name], profile);
        steps.insert(0, Step::run("See which inline policy it is; a managed policy gets a new version instead.", list));
    }
    (apply, steps)
}

fn managed(arn: &str, document: &str, profile: Option<&str>) -> (String, Vec<Step>) {
    let name = arn.rsplit('/').next().unwrap_or(arn);
    let versions = iam(&["list-policy-versions", "--policy-arn", arn], profile);
    let save = iam(&["get-policy-version", "--policy-arn", arn, "--version-id", "DEFAULT_VERSION"], profile);
    let delete = iam(&["delete-policy-version", "--policy-arn", arn, "--version-id", "OLDEST_VERSION"], profile);
    let apply = iam(
        &["create-policy-version", "--policy-arn", arn, "--set-as-default", "--policy-document", document],
        profile,
    );
    let steps = vec![
        Step::run("See its versions: there can be five.", versions),
        Step::run("Save the default version.", saved(&save, &format!("{name}-before.json"))),
        Step::run("Only if there are five: delete the oldest.", delete),
        Step::run(
            "Make the new version the default. It holds for everybody whom the policy is attached to.",
            apply.clone(),
        ),
    ];
    (apply, steps)
}

/// What is changed on the role itself is undone when the permission set is provisioned again.
fn permission_set(document: &str) -> (String, Vec<Step>) {
    let of = ["--instance-arn", "INSTANCE_ARN", "--permission-set-arn", "PERMISSION_SET_ARN"];
    let sso = |words: &[&str]| shell::command(["aws", "sso-admin"].iter().chain(words).copied());
    let with = |verb: &'static str, rest: &[&str]| sso(&[&[verb], of.as_slice(), rest].concat());
    let apply = with("put-inline-policy-to-permission-set", &["--inline-policy", document]);
    let steps = vec![
        Step::run(
            "Save the permission set's inline policy. It has only one: if there is one already, put its statements and the new one together.",
            saved(&with("get-inline-policy-for-permission-set", &[]), "permission-set-before.json"),
        ),
        Step::run("Put the policy on the permission set, in the account of IAM Identity Center.", apply.clone()),
        Step::run(
            "Bring it to the accounts.",
            with("provision-permission-set", &["--target-type", "ALL_PROVISIONED_ACCOUNTS"]),
        ),
    ];
    (apply, steps)
}

/// The name of an inline policy that lets a caller assume one role: `Assume-NAME`, of a role in another account `Assume-NAME-ACCOUNT`, because
/// roles of one name are usual in many accounts, and `put-user-policy` puts a policy in the place of one of the same name. At most 84 of the 128
/// characters that IAM takes.
#[must_use]
pub fn assume_name(caller: Option<&PrincipalArn>, role: &RoleArn) -> String {
    let is_own = caller.is_some_and(|caller| caller.account() == role.account());
    if is_own { format!("Assume-{}", role.name()) } else { format!("Assume-{}-{}", role.name(), role.account()) }
}

/// What a file about the role of a case is called after.
fn stem(case: &Case) -> Option<String> {
    let role = RoleArn::parse(&case.role_arn).ok()?;
    let name = assume_name(Some(&case.caller), &role);
    name.strip_prefix("Assume-").map(str::to_owned)
}

/// Names for policies of its own that the caller does not have yet.
fn free_names(case: &Case) -> impl Iterator<Item = String> {
    let role = RoleArn::parse(&case.role_arn);
    let base = role.map_or_else(|_| "Assume-".to_owned(), |role| assume_name(Some(&case.caller), &role));
    let taken = move |name: &str| {
        let known = case.identity.read().into_iter().flatten();
        known.into_iter().any(|one| one.name.strip_prefix("inline policy ").unwrap_or(&one.name) == name)
    };
    let names = std::iter::once(base.clone()).chain((2_u32..).map(move |number| format!("{base}-{number}")));
    names.filter(move |name| !taken(name))
}

/// The call as the request now has it, with the AWS profile that signs in as the caller.
fn assume_role(case: &Case, profile: Option<&str>) -> String {
    let request = &case.request;
    let key = |name: &str| {
        let keys = case.context.as_ref().into_iter().flatten();
        keys.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).and_then(|(_, values)| values.first())
    };
    let session = request.session_name.as_ref().or_else(|| key("sts:RoleSessionName"));
    let mut words: Vec<String> =
        ["aws", "sts", "assume-role", "--role-arn", &case.role_arn, "--role-session-name"].map(str::to_owned).into();
    words.push(session.map_or(SESSION_NAME, String::as_str).to_owned());
    let mut option = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            words.extend([name.to_owned(), value]);
        }
    };
    option("--external-id", request.external_id.as_ref().or_else(|| key("sts:ExternalId")).cloned());
    option("--duration-seconds", request.duration_seconds.map(|seconds| seconds.to_string()));
    let tags: Value = request.tags.iter().map(|(key, value)| serde_json::json!({"Key": key, "Value": value})).collect();
    option("--tags", (!request.tags.is_empty()).then(|| ascii(&tags)));
    option("--source-identity", request.source_identity.as_ref().or_else(|| key("sts:SourceIdentity")).cloned());
    if request.mfa == Some(true) && case.credential == Some(CredentialKind::LongTerm) {
        option("--serial-number", Some("MFA_DEVICE_ARN".into()));
        option("--token-code", Some("CODE".into()));
    }
    option("--region", request.region.as_ref().or_else(|| key("aws:RequestedRegion")).cloned());
    option("--profile", profile.map(str::to_owned));
    if !request.transitive_tag_keys.is_empty() {
        words.push("--transitive-tag-keys".into());
        words.extend(request.transitive_tag_keys.iter().cloned());
    }
    shell::command(words.iter().map(String::as_str))
}

/// JSON of nothing but printable ASCII, so that a terminal shows what a shell reads.
pub(crate) fn ascii(value: &Value) -> String {
    let mut text = String::new();
    for c in value.to_string().chars() {
        if c.is_ascii() && !c.is_ascii_control() {
            text.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a text cannot fail.
                let _ = write!(text, "\\u{unit:04x}");
            }
        }
    }
    text
}
