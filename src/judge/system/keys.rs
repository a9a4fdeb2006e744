//! The access keys of a user: how many, how old, last used when. Facts, and one piece of advice: do without (C20).

use crate::judge::view::unanswered;
use crate::model::facts::{AccessKeyFacts, PrincipalLook};
use crate::model::finding::Fix;
use crate::model::system::Question;
use crate::model::{Fact, Finding, Severity};
use crate::values::text::counted;
use crate::values::time::{Timestamp, ago};

/// From so many days on AWS calls a key old (AWS Security Hub, control IAM.3: "IAM users' access keys should be rotated every 90 days or
/// less").
const OLD: i64 = 90;

/// So many keys IAM gives a user at most (IAM User Guide, "IAM and AWS STS quotas").
const MOST: usize = 2;

const ID: &str = "principal/access-keys";

pub(super) fn judge(question: &Question, look: &PrincipalLook, now: Timestamp) -> Option<Finding> {
    let label = &question.label;
    let Some(keys) = look.access_keys.known() else {
        return unanswered(&look.access_keys, ID, label, &format!("Which access keys {label} has"));
    };
    let active = keys.iter().filter(|key| key.active).count();
    let oldest = keys.iter().filter(|key| key.active).filter_map(|key| days(key, now)).max();
    let has = match (keys.len(), active) {
        (0, _) => "no access key".to_owned(),
        (all, active) if all == active => counted(all, "access key"),
        (all, active) => format!("{}, {active} of them active", counted(all, "access key")),
    };
    let old = oldest.filter(|age| *age >= OLD);
    let (severity, claim) = match (old, oldest) {
        (Some(age), _) => (Severity::Info, format!("{label} has {has}; the oldest that works is {age} days old.")),
        (None, Some(age)) => {
            let severity = if active > 1 { Severity::Info } else { Severity::Ok };
            (severity, format!("{label} has {has}; {}.", youth(active, age)))
        }
        (None, None) => (
            if active == 0 && question.needs_key.is_some() { Severity::Error } else { Severity::Info },
            format!("{label} has {has}."),
        ),
    };
    let finding =
        keys.iter().map(|key| line(key, now)).fold(Finding::new(severity, ID, label, claim), Finding::because);
    let finding = match old {
        Some(_) => finding.because(format!("AWS Security Hub calls a key old after {OLD} days (control IAM.3)")),
        None => finding,
    };
    if let Some(makes) = question.needs_key.as_ref().filter(|_| active == 0) {
        let finding = finding.because(format!("whatever works as {label} has no credentials that AWS takes"));
        let finding = if keys.is_empty() {
            finding
        } else {
            finding.cure(Fix::advice(
                "Ask first why the key was made inactive: one that leaked stays so, and is deleted once a new one works.",
            ))
        };
        return Some(finding.cure(makes.clone()));
    }
    if severity == Severity::Ok || keys.is_empty() {
        return Some(finding);
    }
    let finding = finding.cure(Fix::advice(renewal(keys)));
    // By hand, the state of the deployment and whoever it gave the key to would keep the old one.
    let finding = match question.needs_key {
        Some(_) => finding.cure(Fix::advice(
            "Have the deployment that made the key do all of it: it keeps the key in its state, and hands the new one on.",
        )),
        None => finding,
    };
    Some(
        finding.cure(Fix::advice(
            "Better without keys: a role that is assumed, or OIDC from a build, leaves none to keep.",
        )),
    )
}

/// IAM gives a user two access keys at most, and answers a third with LimitExceeded (IAM User Guide, "IAM and AWS STS quotas").
fn renewal(keys: &[AccessKeyFacts]) -> String {
    const THEN: &str = "ake a new key, give it to whoever uses the old one, then take the old one away.";
    if keys.len() < MOST {
        return format!("M{THEN}");
    }
    let inactive = keys.iter().find(|key| !key.active).map(|key| (key, "is inactive"));
    let spare = inactive.or_else(|| {
        let unused = keys.iter().find(|key| key.last_used == Fact::Absent);
        unused.map(|key| (key, "was never used"))
    });
    let first = match spare {
        Some((key, why)) => format!("first delete {}, which {why}", key.masked()),
        None => {
            "first see which of them nothing needs, make it inactive, and delete it once nobody misses it".to_owned()
        }
    };
    format!("IAM gives a user two access keys at most: {first}. Then m{THEN}")
}

fn youth(active: usize, age: i64) -> String {
    match (active, age) {
        (1, 0) => "it was made today".into(),
        (_, 0) => "all were made today".into(),
        (1, age) => format!("it is {} old", counted(age, "day")),
        (_, age) => format!("the oldest is {} old", counted(age, "day")),
    }
}

fn days(key: &AccessKeyFacts, now: Timestamp) -> Option<i64> {
    key.created.map(|created| now.duration_since(created).as_secs().max(0) / 86_400)
}

fn line(key: &AccessKeyFacts, now: Timestamp) -> String {
    let state = if key.active { "active" } else { "inactive" };
    let made = key.created.map(|created| format!(", made {}", ago(created, now))).unwrap_or_default();
    let used = match &key.last_used {
        Fact::Known(used) => {
            let told = |text: &str| !matches!(text, "" | "N/A");
            let service = if told(&used.service) { format!(", for {}", used.service) } else { String::new() };
            let region = if told(&used.region) { format!(" in {}", used.region) } else { String::new() };
            format!("last used {}{service}{region}", ago(used.at, now))
        }
        Fact::Absent => "never used".into(),
        Fact::Denied { action, .. } => format!("when it was last used is not known: that needs {action}"),
        _ => "when it was last used is not known".into(),
    };
    format!("{}: {state}{made}, {used}", key.masked())
}
