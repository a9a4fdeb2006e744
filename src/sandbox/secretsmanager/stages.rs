//! Staging labels: each is on at most one version; `AWSCURRENT` leaves `AWSPREVIOUS` behind.

use std::collections::BTreeMap;

use super::parameter;
use crate::sandbox::description::secret::Version;
use crate::sandbox::exchange::ServiceError;

/// The label of the version that is read by default.
pub(super) const CURRENT: &str = "AWSCURRENT";
const PREVIOUS: &str = "AWSPREVIOUS";

/// The version that carries a label.
pub(super) fn holder<'a>(versions: &'a BTreeMap<String, Version>, stage: &str) -> Option<&'a str> {
    versions.iter().find(|(_, version)| version.stages.contains(stage)).map(|(id, _)| id.as_str())
}

/// Puts a label on a version, taking it off any other. When `AWSCURRENT` moves, the version it leaves gets `AWSPREVIOUS`.
pub(super) fn put(versions: &mut BTreeMap<String, Version>, stage: &str, to: &str) {
    let from = holder(versions, stage).map(ToOwned::to_owned);
    if from.as_deref() == Some(to) {
        return;
    }
    for version in versions.values_mut() {
        version.stages.remove(stage);
    }
    if let Some(version) = versions.get_mut(to) {
        version.stages.insert(stage.to_owned());
    }
    if let (CURRENT, Some(from)) = (stage, from) {
        put(versions, PREVIOUS, &from);
    }
}

/// Takes a label off a version.
pub(super) fn take(versions: &mut BTreeMap<String, Version>, stage: &str, from: &str) {
    if let Some(version) = versions.get_mut(from) {
        version.stages.remove(stage);
    }
}

/// UpdateSecretVersionStage's conditions: what stands in `RemoveFromVersionId` must be where the label is.
///
/// # Errors
/// `InvalidParameterException`; nothing has moved then.
pub(super) fn check(
    holder: Option<&str>,
    stage: &str,
    from: Option<&str>,
    to: Option<&str>,
) -> Result<(), ServiceError> {
    match (holder, from, to) {
        (_, None, None) => Err(parameter("You must provide a MoveToVersionId or a RemoveFromVersionId.")),
        (holder, Some(from), _) if holder != Some(from) => {
            Err(parameter(format!("The staging label {stage} is not attached to version {from}.")))
        }
        (Some(_), Some(_), None) if stage == CURRENT => {
            let reason = "It can't be completely removed.";
            Err(parameter(format!("You can only move staging label {stage} to a different secret version. {reason}")))
        }
        (Some(holder), None, Some(to)) if holder != to => Err(parameter(format!(
            "The parameter RemoveFromVersionId can't be empty. Staging label {stage} is currently attached to version \
             {holder}, so you must explicitly reference that version in RemoveFromVersionId."
        ))),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_moves_but_from_where_the_label_is() {
        for (holder, from, to, allowed) in [
            (Some("a"), Some("a"), Some("b"), true),
            (Some("a"), Some("x"), Some("b"), false),
            (Some("a"), None, Some("b"), false),
            (Some("a"), None, Some("a"), true),
            (None, None, Some("b"), true),
            (None, Some("a"), Some("b"), false),
            (Some("a"), Some("a"), None, false),
            (Some("a"), None, None, false),
        ] {
            assert_eq!(check(holder, CURRENT, from, to).is_ok(), allowed, "{holder:?} {from:?} {to:?}");
        }
        assert!(check(Some("a"), "OURS", Some("a"), None).is_ok());
    }
}
