//! The rule of each key, applied to a value.

mod addresses;
mod exact;
mod names;
mod stray;

use super::Key;
use crate::model::Severity;
use crate::values::SecretText;
use crate::values::mask::Mask;
use crate::values::text;

/// One thing wrong with a value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ValueFault {
    /// An error stops the service or leads it astray; a warning is tolerated by some runtimes.
    pub severity: Severity,
    /// What is wrong, as a short clause without the suggestion. Safe to print; it quotes values of open keys alone.
    pub message: String,
    /// The value that was probably meant, safe to print. Never of a masked key.
    pub suggestion: Option<String>,
    /// Whether the suggestion is certain: the same value, written as it must be.
    pub certain: bool,
}

impl ValueFault {
    /// An error without a suggestion.
    #[must_use]
    pub fn error(message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, message: message.into(), suggestion: None, certain: false }
    }

    /// A warning without a suggestion.
    #[must_use]
    pub fn warning(message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(message) }
    }

    /// With what was probably meant.
    fn perhaps(mut self, suggestion: impl Into<String>) -> Self {
        self.suggestion = Some(suggestion.into());
        self
    }

    /// With what was certainly meant.
    fn surely(self, suggestion: impl Into<String>) -> Self {
        Self { certain: true, ..self.perhaps(suggestion) }
    }
}

/// Checks a value against its key's rule. Empty: it is valid.
#[must_use]
pub fn check(key: Key, value: &str) -> Vec<ValueFault> {
    let mut faults = faults_of(key, value);
    for fault in &mut faults {
        // What is left of a value without its stray characters may be as wrong as before.
        let valid = |suggestion: &String| faults_of(key, suggestion).iter().all(|f| f.severity != Severity::Error);
        let shown = fault.suggestion.take().filter(|suggestion| key.mask() == Mask::Open && valid(suggestion));
        fault.suggestion = shown.map(|suggestion| text::safe(&suggestion).into_owned());
    }
    faults
}

/// Checks a value against what the shipped runtimes take under the name in small letters (read in 0.8.2, 0.9.9 and 0.18.0): the same, but
/// that they cut `.benchling.com` off a tenant and take 1 and 0 for true and false.
#[must_use]
pub fn check_shipped(key: Key, value: &str) -> Vec<ValueFault> {
    match (key, value) {
        (Key::EnableWebhookVerification, "1" | "0") => Vec::new(),
        (Key::Tenant, host) => match host.strip_suffix(names::BENCHLING) {
            Some(name) if check(key, name).is_empty() => Vec::new(),
            _ => check(key, host),
        },
        _ => check(key, value),
    }
}

/// The value that was certainly meant by a faulty one, if that is valid: white space taken off, case put right, a URL cut to what is wanted.
#[must_use]
pub fn repaired(key: Key, value: &SecretText) -> Option<SecretText> {
    let mut current = value.clone();
    // One step for what is around the value, one for the value, one for what the second uncovers.
    for _ in 0..3 {
        let found = faults_of(key, current.expose());
        if found.is_empty() {
            break;
        }
        current = found.into_iter().find(|fault| fault.certain)?.suggestion?.into();
    }
    (current != *value && faults_of(key, current.expose()).is_empty()).then_some(current)
}

/// With suggestions for masked keys too, which must not leave this module.
fn faults_of(key: Key, value: &str) -> Vec<ValueFault> {
    if value.is_empty() {
        return if key.may_be_empty() { Vec::new() } else { vec![ValueFault::error("empty")] };
    }
    let core = stray::core(value);
    if core.is_empty() {
        let blank = ValueFault::error("nothing but white space");
        return vec![if key.may_be_empty() { blank.surely("") } else { blank }];
    }
    let mut faults = stray::around(value, &core);
    if let Some(placeholder) = stray::placeholder(&core) {
        faults.push(placeholder);
        return faults;
    }
    match key {
        Key::ClientId | Key::ClientSecret => faults.extend(stray::printable(&core)),
        Key::Tenant => faults.extend(names::tenant(&core)),
        Key::AppDefinitionId => faults.extend(names::app_definition(&core)),
        Key::LogLevel => faults.extend(exact::log_level(&core)),
        Key::PkgPrefix => faults.extend(names::package_prefix(&core)),
        Key::PkgKey => faults.extend(names::metadata_key(&core)),
        Key::UserBucket => faults.extend(names::bucket(&core)),
        Key::EcrRepositoryName => faults.extend(names::repository(&core)),
        Key::EnableWebhookVerification => faults.extend(exact::boolean(&core)),
        Key::WebhookAllowList => faults.extend(addresses::allow_list(&core)),
    }
    if key == Key::ClientId && core.starts_with("appdef_") {
        faults.push(ValueFault::error("an app definition ID, not a client ID"));
    }
    faults
}

#[cfg(test)]
mod tests;
