//! What may leave this machine. The guard sits in the HTTP client, below the SDK, so that nothing goes round it.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use super::operations::{self, Level, Sent};
use super::wire::Operation;
use crate::model::plan::{Change, Plan};
use crate::model::{Confirmed, Trials};

/// Lets listed operations pass, a confirmed plan's writes, each as often as the plan needs it, and what the user said yes to, once.
#[derive(Clone, Debug)]
pub struct Guard {
    writes: Arc<Mutex<Writes>>,
}

#[derive(Debug, Default)]
struct Writes {
    /// How many calls are left, per operation and target.
    left: BTreeMap<(String, String), usize>,
    /// Calls that were let out: the SDK's retries share an invocation id and count once.
    begun: HashSet<String>,
}

impl Guard {
    /// Only reads.
    #[must_use]
    pub fn reader() -> Self {
        Self { writes: Arc::default() }
    }

    /// Reads, and exactly the writes of a plan that the user confirmed.
    #[must_use]
    pub(super) fn writer(plan: &Confirmed<Plan>) -> Self {
        let mut left = BTreeMap::new();
        for change in &plan.get().changes {
            let Change::Secret(secret) = change else { continue };
            let mut allow = |sent: Sent, target: &str, times| {
                left.insert((sent.operation.to_owned(), target.to_owned()), times);
            };
            match (&secret.arn, &secret.replaces_version) {
                (None, _) => allow(operations::CREATE_SECRET, &secret.name, 1),
                // The first version is current at once.
                (Some(arn), None) => allow(operations::PUT_SECRET_VALUE, arn, 1),
                (Some(arn), Some(_)) if secret.only_takes_stage_off() => allow(operations::MOVE_STAGE, arn, 1),
                (Some(arn), Some(_)) => {
                    // The second PutSecretValue is for an operator who may not move stages; the second move takes our stage off.
                    allow(operations::PUT_SECRET_VALUE, arn, 2);
                    allow(operations::MOVE_STAGE, arn, 2);
                }
            }
        }
        Self { writes: Arc::new(Mutex::new(Writes { left, begun: HashSet::new() })) }
    }

    /// Reads, and one question to Benchling at `host`, where the user asked for it.
    #[must_use]
    pub(super) fn asking(trials: Trials, host: &str) -> Self {
        let guard = Self::reader();
        if trials.benchling {
            let question = (operations::BENCHLING_TOKEN.operation.to_owned(), host.to_owned());
            guard.writes.lock().unwrap_or_else(PoisonError::into_inner).left.insert(question, 1);
        }
        guard
    }

    /// Whether the call may go out.
    ///
    /// # Errors
    /// A sentence that names the operation that was held back.
    pub fn check(&self, operation: &Operation, invocation: Option<&str>) -> Result<(), String> {
        let name = operation.full_name();
        let until = match operations::find(&name).map(|sent| sent.level) {
            Some(Level::Credentials | Level::Read) => return Ok(()),
            Some(Level::Asked) => "rolecall asks others than AWS once, and only where you said yes to it",
            Some(Level::Write) => "rolecall sends only reads until a plan is confirmed",
            None => return Err(format!("{name} was held back: rolecall has no such operation")),
        };
        let mut writes = self.writes.lock().unwrap_or_else(PoisonError::into_inner);
        let call = invocation.map(|id| format!("{name} {id}"));
        if call.as_ref().is_some_and(|call| writes.begun.contains(call)) {
            return Ok(());
        }
        let target = operation.target.clone().unwrap_or_default();
        match writes.left.get_mut(&(name.clone(), target)) {
            Some(left) if *left > 0 => {
                *left -= 1;
                writes.begun.extend(call);
                Ok(())
            }
            _ => Err(format!("{name} was held back: {until}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::plan::SecretChange;

    fn call(service: &'static str, name: &str, target: Option<&str>) -> Operation {
        Operation { service, name: name.into(), target: target.map(str::to_owned) }
    }

    fn confirmed() -> Confirmed<Plan> {
        confirmed_with(|_| {})
    }

    fn confirmed_with(edit: impl FnOnce(&mut SecretChange)) -> Confirmed<Plan> {
        let mut change = SecretChange {
            arn: Some("arn:1".into()),
            replaces_version: Some("v1".into()),
            ..SecretChange::of_new("benchling")
        };
        edit(&mut change);
        let plan = Plan { id: "p".into(), changes: vec![Change::Secret(change)], blocked: Vec::new() };
        plan.confirm("p").unwrap()
    }

    #[test]
    fn a_reader_lets_no_write_out() {
        let guard = Guard::reader();
        for (service, name) in [
            ("iam", "GetRole"),
            ("iam", "SimulatePrincipalPolicy"),
            ("sts", "GetSessionToken"),
            ("s3", "HeadBucket"),
            ("ecr", "GetAuthorizationToken"),
        ] {
            assert!(guard.check(&call(service, name, None), None).is_ok(), "{service}:{name}");
        }
        for (service, name) in [
            ("secretsmanager", "PutSecretValue"),
            ("secretsmanager", "CreateSecret"),
            ("iam", "UpdateAssumeRolePolicy"),
            ("cloudformation", "DeleteStack"),
            ("iam", "EnableMFADevice"),
            ("s3", "PutObject"),
            ("s3", "GetObject"),
            ("benchling", "CreateToken"),
            ("ecr", "PutImage"),
            ("", "GET /anything"),
        ] {
            let refused = guard.check(&call(service, name, Some("arn:1")), Some("i")).unwrap_err();
            assert!(refused.contains("held back"), "{refused}");
        }
    }

    #[test]
    fn a_writer_lets_out_its_plan_and_counts_retries_once() {
        let guard = Guard::writer(&confirmed());
        let put = call("secretsmanager", "PutSecretValue", Some("arn:1"));
        assert!(guard.check(&put, Some("first")).is_ok());
        assert!(guard.check(&put, Some("first")).is_ok());
        assert!(guard.check(&put, Some("second")).is_ok());
        assert!(guard.check(&put, Some("third")).is_err());
        assert!(guard.check(&call("secretsmanager", "PutSecretValue", Some("arn:2")), Some("x")).is_err());
        assert!(guard.check(&call("secretsmanager", "DeleteSecret", Some("arn:1")), Some("x")).is_err());
    }

    #[test]
    fn each_sort_of_change_lets_out_what_it_needs_and_no_more() {
        let sent = |edit: fn(&mut SecretChange), target: &str| {
            let guard = Guard::writer(&confirmed_with(edit));
            ["CreateSecret", "PutSecretValue", "UpdateSecretVersionStage"].map(|name| {
                (0..9)
                    .filter(|n| guard.check(&call("secretsmanager", name, Some(target)), Some(&n.to_string())).is_ok())
                    .count()
            })
        };
        assert_eq!(sent(|change| change.arn = None, "benchling"), [1, 0, 0]);
        assert_eq!(sent(|change| change.replaces_version = None, "arn:1"), [0, 1, 0]);
        assert_eq!(sent(|_| {}, "arn:1"), [0, 2, 2]);
        assert_eq!(sent(|change| change.left_pending = Some("v0".into()), "arn:1"), [0, 0, 1]);
    }

    #[test]
    fn benchling_is_asked_once_where_the_user_said_yes_and_nowhere_else() {
        let token = |host: &str| call("benchling", "CreateToken", Some(host));
        let yes = Trials { benchling: true, ..Trials::default() };
        let guard = Guard::asking(yes, "acme.benchling.com");
        assert!(guard.check(&token("other.benchling.com"), None).is_err());
        assert!(guard.check(&token("acme.benchling.com"), None).is_ok());
        assert!(guard.check(&token("acme.benchling.com"), None).unwrap_err().contains("once"));
        assert!(guard.check(&call("secretsmanager", "PutSecretValue", Some("arn:1")), None).is_err());
        let no = Guard::asking(Trials { bucket: true, ..Trials::default() }, "acme.benchling.com");
        assert!(no.check(&token("acme.benchling.com"), None).unwrap_err().contains("said yes"));
        assert!(Guard::writer(&confirmed()).check(&token("acme.benchling.com"), None).is_err());
    }
}
