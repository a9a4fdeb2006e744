//! What was stored is read back, compared with what was confirmed, and judged once more as the runtime will read it.

use super::{Refused, Write, failed};
use crate::aws::calls::secretsmanager as sm;
use crate::model::facts::SecretContent;
use crate::model::{ErrorKind, Reader, Severity};
use crate::secret::{Dialect, Document, dialect, rows};
use crate::values::SecretText;

impl Write<'_> {
    /// What a version turned out to hold, as the end of a sentence about it.
    ///
    /// # Errors
    /// It does not hold what was confirmed, or nobody answered.
    pub(super) async fn proof(&self, arn: &str, version: &str) -> Result<String, Refused> {
        match sm::value(self.connection, arn, Some(version)).await {
            Ok(stored) if stored.content == SecretContent::Text(self.change.content.clone()) => {
                Ok(format!("; read back, {}", judged(&self.change.content)))
            }
            Ok(_) => Err(Refused::Failed(format!(
                "version {version} does not hold what was sent; look at it before it is used"
            ))),
            // Writing does not need the right to read: then there is no proof, and gathering again says so.
            Err(error) if error.kind == ErrorKind::Denied => {
                let action = error.missing_action.unwrap_or_else(|| "secretsmanager:GetSecretValue".into());
                Ok(format!("; it could not be read back, which needs {action}"))
            }
            Err(error) => {
                let now = format!("Version {version} was written and could not be read back.");
                Err(failed(&error, &now, &format!("version {version} holds what was confirmed")))
            }
        }
    }
}

/// What the rows say of it: a clause without any value.
fn judged(content: &SecretText) -> String {
    let document = match Document::parse(content) {
        Ok(document) => document,
        Err(fault) => return format!("and not in order: {fault}"),
    };
    // What was confirmed is spelled for its reader.
    let reader = match dialect(&document) {
        Dialect::Both => Reader::Both,
        Dialect::Shipped | Dialect::Legacy => Reader::Shipped,
        Dialect::Specification | Dialect::Unrecognised => Reader::Specification,
    };
    let faults: Vec<String> = rows(Some(&document), reader)
        .into_iter()
        .filter(|row| row.severity == Severity::Error)
        .map(|row| format!("{} {}", row.key, row.message))
        .collect();
    if faults.is_empty() { "and in order".into() } else { format!("and not in order: {}", faults.join("; ")) }
}
