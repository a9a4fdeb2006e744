//! Accounts that one `config.json` mixes: whatever the credentials are, something of it would go to the wrong one.

use super::super::view::View;
use crate::config::Config;
use crate::model::finding::Fix;
use crate::model::{Finding, Severity};
use crate::values::{AccountId, Arn};

/// A field that names an account, and how to find it there.
type Place = (&'static [&'static str], fn(&str) -> Option<AccountId>);

/// They must agree: they are read together.
const TOGETHER: [Place; 6] = [
    (&["quilt", "stackArn"], of_arn),
    (&["quilt", "queueUrl"], of_queue),
    (&["quilt", "bucketWritePolicyArn"], of_arn),
    (&["quilt", "athenaUserPolicyArn"], of_arn),
    (&["benchling", "secretArn"], of_arn),
    (&["deployment", "account"], AccountId::parse),
];

/// Roles may be of another account, if both sides allow it.
const ROLES: [Place; 2] = [(&["quilt", "readRoleArn"], of_arn), (&["quilt", "writeRoleArn"], of_arn)];

pub(super) fn judge(view: &View<'_>, config: &Config) -> Option<Finding> {
    let named = |places: &[Place]| -> Vec<(String, AccountId)> {
        let read = |(path, account): &Place| Some((path.join("."), account(config.text(path)?)?));
        places.iter().filter_map(read).collect()
    };
    let (together, roles) = (named(&TOGETHER), named(&ROLES));
    let differ = |all: &[(String, AccountId)]| {
        all.iter().any(|(_, account)| Some(account) != all.first().map(|(_, first)| first))
    };
    let all = [together.clone(), roles].concat();
    if !differ(&all) {
        return None;
    }
    let severity = if differ(&together) { Severity::Error } else { Severity::Warning };
    let mut accounts: Vec<String> = Vec::new();
    for (_, account) in &all {
        let account = account.grouped();
        if !accounts.contains(&account) {
            accounts.push(account);
        }
    }
    let claim = format!("{} mixes accounts: {}.", view.config_words(), accounts.join(", "));
    let finding = Finding::new(severity, "config/accounts", &view.selection.config_profile, claim);
    let lines = all.iter().map(|(name, account)| format!("{name}: {}", account.grouped()));
    Some(
        lines
            .fold(finding, Finding::because)
            .because("stack, queue, secret and deployment are read together; roles of another account need both sides to allow it")
            .cure(Fix::command("Choose the stack and the secret that are meant; the walk writes what belongs to them.", view.rolecall("setup"))),
    )
}

fn of_arn(text: &str) -> Option<AccountId> {
    Arn::parse(text).ok().and_then(|arn| AccountId::parse(&arn.account))
}

fn of_queue(url: &str) -> Option<AccountId> {
    let path = url.strip_prefix("https://")?.split_once('/')?.1;
    AccountId::parse(path.split('/').next()?)
}
