//! Makes what a diagnosis offers: its command through IAM, as the administrator who would copy it, or its request.

use std::process::Command;
use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_sts::types::Tag;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_types::timeout::TimeoutConfig;
use rolecall::model::{Hop, Selection, Verdict};
use rolecall::policy::Case;
use rolecall::policy::fix::Fix;
use rolecall::sandbox::World;
use rolecall::values::PrincipalArn;
use serde_json::{Value, json};

/// The world with somebody in every account of the path who may edit its policies.
pub fn administered(name: &str) -> World {
    let world = World::load(name).unwrap();
    let inquiry = world.selection().inquiry.unwrap();
    let of_role = inquiry.hops.iter().filter_map(Hop::role).map(|role| role.account().to_string());
    let of_caller =
        world.answers().iter().map(|answer| PrincipalArn::parse(&answer.principal).unwrap().account().to_string());
    let administrator = |account: String| {
        let all =
            json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:*", "Resource": "*"}]});
        let key = json!({ format!("AKIAADMIN{account}"): {"secret": format!("administrator/of/{account}")} });
        let user = json!({"access_keys": key, "inline": {"EditPolicies": all}});
        (account, json!({"users": {"administrator": user}}))
    };
    let accounts: serde_json::Map<String, Value> = of_role.chain(of_caller).map(administrator).collect();
    World::from_json(&json!({"extends": name, "accounts": accounts}).to_string()).unwrap().without_latency()
}

/// A document that a command puts in place, as a world states it.
#[derive(PartialEq, Debug)]
pub struct Put {
    /// ARN of the role, user or managed policy.
    pub of: String,
    /// The role's trust policy, else an inline policy, or the managed policy itself.
    pub is_trust: bool,
    pub document: Value,
}

/// The offered command, taken apart by a shell and made by the administrator of the account whose policy it edits.
pub async fn make(world: &World, case: &Case, fix: &Fix) -> Put {
    let words = words(&fix.command);
    let option = |name: &str| {
        let at = words.iter().position(|word| word == name).unwrap_or_else(|| panic!("no {name} in {}", fix.command));
        words[at + 1].as_str()
    };
    let of = match words[2].as_str() {
        "create-policy-version" => option("--policy-arn").to_owned(),
        _ if fix.is_of_trust() => case.role_arn.clone(),
        _ => bearer(&case.caller),
    };
    let account = of.split(':').nth(4).unwrap();
    let iam = aws_sdk_iam::Client::new(&config(world, &format!("arn:aws:iam::{account}:user/administrator")));
    let document = option("--policy-document");
    match words[2].as_str() {
        "update-assume-role-policy" => {
            let put = iam.update_assume_role_policy().role_name(option("--role-name")).policy_document(document);
            put.send().await.unwrap();
        }
        "put-role-policy" => {
            let put = iam.put_role_policy().role_name(option("--role-name")).policy_name(option("--policy-name"));
            put.policy_document(document).send().await.unwrap();
        }
        "put-user-policy" => {
            let put = iam.put_user_policy().user_name(option("--user-name")).policy_name(option("--policy-name"));
            put.policy_document(document).send().await.unwrap();
        }
        "create-policy-version" => {
            let in_force = words.iter().any(|word| word == "--set-as-default");
            let create = iam.create_policy_version().policy_arn(&of).policy_document(document).set_as_default(in_force);
            create.send().await.unwrap();
        }
        other => panic!("`{other}` is no command of a cure: {}", fix.command),
    }
    Put { of, is_trust: fix.is_of_trust(), document: serde_json::from_str(document).unwrap() }
}

/// Whose policies a session's are.
fn bearer(caller: &PrincipalArn) -> String {
    match caller {
        PrincipalArn::Session { partition, account, role, .. } => format!("arn:{partition}:iam::{account}:role/{role}"),
        other => other.to_string(),
    }
}

/// What a shell makes of a command.
fn words(command: &str) -> Vec<String> {
    let script = format!("aws() {{ printf '%s\\0' aws \"$@\"; }}\n{command}");
    let output = Command::new("sh").args(["-c", &script]).output().unwrap();
    assert!(output.status.success(), "{command}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.trim_end_matches('\0').split('\0').map(str::to_owned).collect()
}

/// The selection with the request of a hop as a fix of the request leaves it.
pub fn requested(mut selection: Selection, verdict: &Verdict, fix: &Fix) -> Selection {
    let before = verdict.case.as_ref().unwrap();
    let after = fix.applied(before).unwrap();
    if after.request.region != before.request.region {
        selection.region = after.request.region;
    }
    let hop = &mut selection.inquiry.as_mut().unwrap().hops[verdict.hop];
    hop.role_arn = after.role_arn;
    hop.external_id = after.request.external_id;
    hop.duration_seconds = after.request.duration_seconds;
    hop.tags = after.request.tags;
    hop.source_identity = after.request.source_identity;
    selection
}

/// The call as a principal of the world makes it: what the operator cannot try for a workload.
pub async fn call(world: &World, principal: &str, hop: &Hop) -> Result<(), String> {
    let tag = |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build().unwrap();
    let assume = aws_sdk_sts::Client::new(&config(world, principal)).assume_role().role_arn(&hop.role_arn);
    let assume = assume
        .role_session_name("s1")
        .set_external_id(hop.external_id.clone())
        .set_duration_seconds(hop.duration_seconds.map(|seconds| seconds.try_into().unwrap()))
        .set_tags((!hop.tags.is_empty()).then(|| hop.tags.iter().map(tag).collect()))
        .set_source_identity(hop.source_identity.clone());
    assume.send().await.map(drop).map_err(|error| format!("{error:?}"))
}

fn config(world: &World, principal: &str) -> SdkConfig {
    let keys = world.keys_of(principal).unwrap_or_else(|| panic!("{principal} has no keys"));
    let token = keys.session_token.as_ref().map(|token| token.expose().to_owned());
    let credentials = Credentials::new(&keys.access_key_id, keys.secret_access_key.expose(), token, None, "test");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(world.client())
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .timeout_config(TimeoutConfig::builder().operation_timeout(Duration::from_secs(15)).build())
        .build()
}
