//! What may leave this machine. The guard sits in the HTTP client, below the SDK, so that nothing goes round it.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use super::operations::{self, Level, Sent};
use super::wire::Operation;
use crate::model::Confirmed;
use crate::model::plan::{Change, Plan};

/// Lets listed operations pass, and a confirmed plan's writes, each as often as the plan needs it.
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
            match &secret.arn {
                None => allow(operations::CREATE_SECRET, &secret.name, 1),
                Some(arn) => {
                    // The second PutSecretValue is for an operator who may not move stages; the second move takes our stage off.
                    allow(operations::PUT_SECRET_VALUE, arn, 2);
                    allow(operations::MOVE_STAGE, arn, 2);
                }
            }
        }
        Self { writes: Arc::new(Mutex::new(Writes { left, begun: HashSet::new() })) }
    }

    /// Whether the call may go out.
    ///
    /// # Errors
    /// A sentence that names the operation that was held back.
    pub fn check(&self, operation: &Operation, invocation: Option<&str>) -> Result<(), String> {
        let name = operation.full_name();
        match operations::find(&name).map(|sent| sent.level) {
            Some(Level::Credentials | Level::Read) => return Ok(()),
            Some(Level::Write) => {}
            None => return Err(format!("{name} was held back: rolecall has no such operation")),
        }
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
            _ => Err(format!("{name} was held back: rolecall sends only reads until a plan is confirmed")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::plan::SecretChange;
    use crate::values::SecretText;

    fn call(service: &'static str, name: &str, target: Option<&str>) -> Operation {
        Operation { service, name: name.into(), target: target.map(str::to_owned) }
    }

    fn confirmed() -> Confirmed<Plan> {
        let change = SecretChange {
            name: "benchling".into(),
            arn: Some("arn:1".into()),
            region: "us-east-1".into(),
            replaces_version: Some("v1".into()),
            content: SecretText::new("{}"),
            fields: Vec::new(),
        };
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
}
