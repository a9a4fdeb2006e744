//! The rule of each field of `config.json`. Source: the webhook package's `ProfileConfig` schema; where AWS accepts what it refuses, AWS's own.

use serde_json::Value;

use super::fields::Wrong;
use crate::model::Severity;
use crate::secret::{Key, rules};
use crate::systems::quilt;
use crate::values::time::Timestamp;
use crate::values::{AccountId, Arn, RoleArn, StackArn};

/// `null` where a value may be: the schema refuses it, and readers only warn about what it refuses.
pub(super) const NULL: Wrong =
    Wrong { severity: Severity::Warning, expected: "a value, or no such field: null is refused", why: None };

const fn error(expected: &'static str) -> Wrong {
    Wrong { severity: Severity::Error, expected, why: None }
}

/// Only the schema minds, and readers go on after a warning.
const fn warning(expected: &'static str) -> Wrong {
    Wrong { severity: Severity::Warning, expected, why: None }
}

/// AWS has such a thing; only the package's own pattern has not.
const fn package_only(expected: &'static str, why: &'static str) -> Wrong {
    Wrong { severity: Severity::Warning, expected, why: Some(why) }
}

/// Holds a text to a condition.
fn hold(value: &Value, wrong: Wrong, right: impl Fn(&str) -> bool) -> Result<(), Wrong> {
    if value.as_str().is_some_and(right) { Ok(()) } else { Err(wrong) }
}

pub(super) fn text(value: &Value) -> Result<(), Wrong> {
    hold(value, error("a text"), |_| true)
}

pub(super) fn filled(value: &Value) -> Result<(), Wrong> {
    hold(value, error("a text that is not empty"), |text| !text.trim().is_empty())
}

/// An optional text: an empty one is refused where none at all is fine.
pub(super) fn optional(value: &Value) -> Result<(), Wrong> {
    text(value)?;
    hold(value, warning("a text that is not empty, or no such field"), |text| !text.is_empty())
}

pub(super) fn boolean(value: &Value) -> Result<(), Wrong> {
    if value.is_boolean() { Ok(()) } else { Err(warning("true or false, without quotes")) }
}

/// A value of the secret as well: its rule there holds here too.
fn as_key(value: &Value, key: Key) -> Result<(), Wrong> {
    let expected = key.rule();
    let Some(text) = value.as_str() else { return Err(error(expected)) };
    match rules::check(key, text).iter().map(|fault| fault.severity).min() {
        None => Ok(()),
        Some(severity) => Err(Wrong { severity, expected, why: None }),
    }
}

pub(super) fn tenant(value: &Value) -> Result<(), Wrong> {
    as_key(value, Key::Tenant)
}

pub(super) fn client_id(value: &Value) -> Result<(), Wrong> {
    hold(value, error(Key::ClientId.rule()), |text| {
        rules::check(Key::ClientId, text).iter().all(|fault| fault.severity != Severity::Error)
    })
}

pub(super) fn app_definition(value: &Value) -> Result<(), Wrong> {
    as_key(value, Key::AppDefinitionId)
}

pub(super) fn prefix(value: &Value) -> Result<(), Wrong> {
    as_key(value, Key::PkgPrefix)
}

pub(super) fn metadata_key(value: &Value) -> Result<(), Wrong> {
    as_key(value, Key::PkgKey)
}

pub(super) fn allow_list(value: &Value) -> Result<(), Wrong> {
    as_key(value, Key::WebhookAllowList)
}

/// A host name; `https://` in front and a slash behind are tolerated, since files of every version have both forms.
pub(super) fn catalog(value: &Value) -> Result<(), Wrong> {
    filled(value)?;
    hold(value, error("a host name such as quilt.example.com"), |text| {
        let host = quilt::bare_host(text);
        let host = host.split_once(':').map_or(host, |(host, _)| host);
        !host.is_empty() && host.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '.' || c == '_')
    })
}

pub(super) fn queue(value: &Value) -> Result<(), Wrong> {
    const WANTED: &str = "https://sqs.REGION.amazonaws.com/ACCOUNT/NAME";
    hold(value, error(WANTED), quilt::is_queue_url)?;
    let why = "AWS has such queues in its China partition; the webhook package's own pattern refuses them";
    hold(value, package_only(WANTED, why), |url| !url.contains(".amazonaws.com.cn/"))
}

/// The package's pattern is `^[a-z]{2}-[a-z]+-[0-9]$`: it refuses GovCloud, which AWS does not.
pub(super) fn region(value: &Value) -> Result<(), Wrong> {
    const WANTED: &str = "a region such as us-east-1";
    let word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
    let digit = |part: &str| part.len() == 1 && part.bytes().all(|b| b.is_ascii_digit());
    let parts = |text: &str| text.split('-').map(str::to_owned).collect::<Vec<_>>();
    hold(value, error(WANTED), |text| match parts(text).as_slice() {
        [head, words @ .., last] => {
            head.len() == 2 && word(head) && !words.is_empty() && words.iter().all(|part| word(part)) && digit(last)
        }
        _ => false,
    })?;
    let why = "AWS has such regions; the webhook package's own pattern ^[a-z]{2}-[a-z]+-[0-9]$ refuses them";
    hold(value, package_only(WANTED, why), |text| parts(text).len() == 3)
}

/// The package's patterns for ARNs all begin with `arn:aws:`.
const OTHER_PARTITION: &str = "AWS has other partitions than aws; the webhook package's own pattern refuses their ARNs";

fn arn(value: &Value, expected: &'static str, right: impl Fn(&str) -> bool) -> Result<(), Wrong> {
    hold(value, error(expected), right)?;
    hold(value, package_only(expected, OTHER_PARTITION), |text| text.starts_with("arn:aws:"))
}

pub(super) fn stack_arn(value: &Value) -> Result<(), Wrong> {
    arn(value, "arn:aws:cloudformation:region:account:stack/name/id", |text| StackArn::parse(text).is_ok())
}

pub(super) fn secret_arn(value: &Value) -> Result<(), Wrong> {
    arn(value, "arn:aws:secretsmanager:region:account:secret:name", |text| {
        Arn::parse(text).is_ok_and(|arn| arn.service == "secretsmanager" && arn.resource.starts_with("secret:"))
    })
}

pub(super) fn policy_arn(value: &Value) -> Result<(), Wrong> {
    arn(value, "arn:aws:iam::ACCOUNT:policy/NAME", |text| {
        Arn::parse(text).is_ok_and(|arn| {
            let name = arn.resource.strip_prefix("policy/");
            arn.service == "iam"
                && name.is_some_and(|name| !name.is_empty())
                && AccountId::parse(&arn.account).is_some()
        })
    })
}

pub(super) fn role_arn(value: &Value) -> Result<(), Wrong> {
    arn(value, "arn:aws:iam::ACCOUNT:role/NAME", |text| RoleArn::parse(text).is_ok())
}

pub(super) fn account(value: &Value) -> Result<(), Wrong> {
    hold(value, error("an account id: 12 digits, in quotes"), |text| AccountId::parse(text).is_some())
}

/// Source: CloudFormation API Reference, CreateStack, StackName.
pub(super) fn stack_name(value: &Value) -> Result<(), Wrong> {
    hold(value, error("the name of a stack: a letter, then letters, digits and hyphens, at most 128"), |text| {
        text.len() <= 128
            && text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    })
}

/// Not in the schema; the deployment reads it.
pub(super) fn vpc(value: &Value) -> Result<(), Wrong> {
    const EXPECTED: &str =
        "an object with vpcId, privateSubnetIds, publicSubnetIds, availabilityZones, vpcCidrBlock, createIfMissing";
    let Value::Object(members) = value else { return Err(error(EXPECTED)) };
    let texts = |value: &Value| value.as_array().is_some_and(|all| all.iter().all(Value::is_string));
    let right = members.iter().all(|(name, value)| match name.as_str() {
        "vpcId" | "vpcCidrBlock" => value.is_string(),
        "privateSubnetIds" | "publicSubnetIds" | "availabilityZones" => texts(value),
        "createIfMissing" => value.is_boolean(),
        _ => true,
    });
    if right { Ok(()) } else { Err(error(EXPECTED)) }
}

pub(super) fn bucket(value: &Value) -> Result<(), Wrong> {
    let valid = |text: &str| rules::check(Key::UserBucket, text).iter().all(|fault| fault.severity != Severity::Error);
    hold(value, error("the name of an S3 bucket, without s3://"), valid)
}

/// The secret may say CRITICAL, the file may not.
pub(super) fn level(value: &Value) -> Result<(), Wrong> {
    hold(value, warning("DEBUG, INFO, WARNING or ERROR"), |text| ["DEBUG", "INFO", "WARNING", "ERROR"].contains(&text))
}

pub(super) fn metadata_text(value: &Value) -> Result<(), Wrong> {
    hold(value, warning("a text"), |_| true)
}

pub(super) fn date(value: &Value) -> Result<(), Wrong> {
    hold(value, warning("a date and time such as 2026-01-31T12:00:00Z"), |text| text.parse::<Timestamp>().is_ok())
}

pub(super) fn source(value: &Value) -> Result<(), Wrong> {
    hold(value, warning("wizard, manual or cli"), |text| ["wizard", "manual", "cli"].contains(&text))
}
