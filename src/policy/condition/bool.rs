//! `Bool`.

/// `None` when one of the two is neither true nor false.
pub(super) fn holds(actual: &str, expected: &str) -> Option<bool> {
    Some(read(actual)? == read(expected)?)
}

/// "true" and "false", letter case ignored.
pub(super) const fn read(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}
