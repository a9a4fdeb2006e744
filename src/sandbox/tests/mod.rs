//! The sandbox, driven by the real SDK clients.

mod access;
mod cloudformation;
mod faults;
mod iam;
mod mfa;
mod organization;
mod secrets;
mod secrets_writes;
mod sessions;
mod simulation;
mod storage;
mod sts;
mod worlds;

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_cloudformation::config::BehaviorVersion;
use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_async::time::{SharedTimeSource, StaticTimeSource};

use aws_config::{Region, SdkConfig};

use super::{Keys, World};

const OPERATOR: &str = "arn:aws:iam::111122223333:user/operator";
const AUDITOR: &str = "arn:aws:iam::111122223333:user/auditor";
const READ_ROLE: &str = "arn:aws:iam::111122223333:role/ReadQuiltV2-quilt-prod";
const TASK_ROLE: &str = "arn:aws:iam::111122223333:role/BenchlingWebhookStack-TaskRole-1AB2C3D4E5F6";

/// 2026-03-04T12:00:00Z.
const NOW: u64 = 1_772_625_600;

fn world(name: &str) -> World {
    World::load(name).unwrap().with_clock(clock(NOW)).without_latency()
}

fn patched(patch: serde_json::Value) -> World {
    World::from_json(&patch.to_string()).unwrap().with_clock(clock(NOW)).without_latency()
}

fn clock(seconds: u64) -> SharedTimeSource {
    SharedTimeSource::new(StaticTimeSource::from_secs(seconds))
}

/// The SDK's configuration for a principal of the world.
fn config(world: &World, principal: &str) -> SdkConfig {
    config_with(world, &world.keys_of(principal).expect("the world gives keys"))
}

fn config_with(world: &World, keys: &Keys) -> SdkConfig {
    config_in(world, keys, "us-east-1")
}

fn config_in(world: &World, keys: &Keys, region: impl Into<std::borrow::Cow<'static, str>>) -> SdkConfig {
    let credentials = Credentials::new(
        &keys.access_key_id,
        keys.secret_access_key.expose(),
        keys.session_token.as_ref().map(|token| token.expose().to_owned()),
        None,
        "test",
    );
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region))
        .credentials_provider(aws_credential_types::provider::SharedCredentialsProvider::new(credentials))
        .http_client(world.client())
        .sleep_impl(aws_smithy_async::rt::sleep::SharedAsyncSleep::new(aws_smithy_async::rt::sleep::TokioSleep::new()))
        .time_source(clock(NOW))
        .retry_config(aws_smithy_types::retry::RetryConfig::disabled())
        .timeout_config(
            aws_smithy_types::timeout::TimeoutConfig::builder().operation_timeout(Duration::from_secs(15)).build(),
        )
        .build()
}

fn sts(world: &World, principal: &str) -> aws_sdk_sts::Client {
    aws_sdk_sts::Client::new(&config(world, principal))
}

fn iam(world: &World, principal: &str) -> aws_sdk_iam::Client {
    aws_sdk_iam::Client::new(&config(world, principal))
}

fn stacks(world: &World, principal: &str) -> aws_sdk_cloudformation::Client {
    aws_sdk_cloudformation::Client::new(&config(world, principal))
}

fn secrets(world: &World, principal: &str) -> aws_sdk_secretsmanager::Client {
    aws_sdk_secretsmanager::Client::new(&config(world, principal))
}

/// What STS handed out.
fn keys_of(credentials: &aws_sdk_sts::types::Credentials) -> Keys {
    Keys {
        access_key_id: credentials.access_key_id().into(),
        secret_access_key: credentials.secret_access_key().into(),
        session_token: Some(credentials.session_token().into()),
    }
}

const ALICE: &str = "arn:aws:iam::111122223333:user/alice";
const RUNNER: &str = "arn:aws:iam::111122223333:role/ci/Runner";
const TARGET: &str = "arn:aws:iam::444455556666:role/Target";

/// Two accounts: alice and the session of a role in one, a role that trusts both in the other. `patch` is a JSON Merge Patch.
fn two_accounts(patch: serde_json::Value) -> World {
    let mut world: serde_json::Value = serde_json::from_str(include_str!("two_accounts.json")).unwrap();
    crate::sandbox::world::merge(&mut world, patch);
    patched(world)
}

/// One statement that allows an action on everything.
fn allow(action: &str) -> serde_json::Value {
    serde_json::json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]})
}

/// One statement that denies an action on everything.
fn deny(action: &str) -> serde_json::Value {
    serde_json::json!({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": action, "Resource": "*"}]})
}

/// The error code of a call that must fail.
fn code<T: std::fmt::Debug, E: ProvideErrorMetadata + std::fmt::Debug, R: std::fmt::Debug>(
    result: Result<T, SdkError<E, R>>,
) -> String {
    result.unwrap_err().code().unwrap_or("(none)").to_owned()
}

/// Code and message of a call that must fail.
fn refusal<T: std::fmt::Debug, E: ProvideErrorMetadata + std::fmt::Debug, R: std::fmt::Debug>(
    result: Result<T, SdkError<E, R>>,
) -> (String, String) {
    let error = result.unwrap_err();
    (error.code().unwrap_or("(none)").to_owned(), error.message().unwrap_or_default().to_owned())
}
