//! Parameters of a request held to the constraints of the API model, and the message for those that break one.

use crate::sandbox::exchange::ServiceError;
use crate::sandbox::query::Form;

/// `DurationSeconds` within its bounds, in seconds.
///
/// # Errors
/// `ValidationError`.
pub(super) fn duration(form: &Form, (shortest, longest): (u32, u32)) -> Result<Option<u32>, ServiceError> {
    let asked = form.number("DurationSeconds")?;
    let refused = |seconds: u32, rule: String| Err(constraint("durationSeconds", &seconds.to_string(), &rule));
    match asked {
        Some(seconds) if seconds < shortest => {
            refused(seconds, format!("have value greater than or equal to {shortest}"))
        }
        Some(seconds) if seconds > longest => refused(seconds, format!("have value less than or equal to {longest}")),
        fits => Ok(fits),
    }
}

/// A text of so many letters, digits, underscores and `marks`.
///
/// # Errors
/// `ValidationError`.
pub(super) fn word(
    field: &str,
    text: &str,
    (shortest, longest): (usize, usize),
    marks: &str,
    pattern: &str,
) -> Result<(), ServiceError> {
    if text.len() < shortest {
        return Err(constraint(field, text, &format!("have length greater than or equal to {shortest}")));
    }
    if text.len() > longest {
        return Err(constraint(field, text, &format!("have length less than or equal to {longest}")));
    }
    if text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || marks.contains(c)) {
        return Ok(());
    }
    Err(constraint(field, text, &format!("satisfy regular expression pattern: {pattern}")))
}

/// `ValidationError`, as the API model's constraints are told.
pub(super) fn constraint(field: &str, value: &str, rule: &str) -> ServiceError {
    ServiceError::validation(format!(
        "1 validation error detected: Value '{value}' at '{field}' failed to satisfy constraint: Member must {rule}"
    ))
}
