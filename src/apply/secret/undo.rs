//! The command that takes a change back, exactly: with region and AWS profile.

use std::path::Path;

use super::Write;
use crate::aws::calls::secretsmanager::CURRENT;
use crate::model::selection::CredentialSource;
use crate::store::shell_quoted;

/// Deletes what was created; it can be restored for a week.
pub(super) fn creation(write: &Write<'_>, arn: &str) -> String {
    format!("{} --secret-id {arn} --recovery-window-in-days 7", command(write, "delete-secret"))
}

/// Makes the version current again that was so before.
pub(super) fn swap(write: &Write<'_>, arn: &str, version: &str, seen: &str) -> String {
    format!(
        "{} --secret-id {arn} --version-stage {CURRENT} --move-to-version-id {seen} --remove-from-version-id {version}",
        command(write, "update-secret-version-stage")
    )
}

fn command(write: &Write<'_>, name: &str) -> String {
    let profile = match &write.selection.source {
        Some(CredentialSource::Profile(name)) => format!(" --profile {}", shell_quoted(Path::new(name))),
        _ => String::new(),
    };
    format!("aws secretsmanager {name}{profile} --region {}", write.change.region)
}
