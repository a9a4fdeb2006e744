//! Standard input, read once and to its end, redacted from the first byte.

use std::io::{self, IsTerminal, Read};

use crate::values::SecretText;

/// All of it.
///
/// # Errors
/// A clause about it: it is too long, no UTF-8 text, or cannot be read.
pub(super) fn read(largest: u64) -> Result<SecretText, String> {
    bounded(io::stdin().lock(), largest)
}

/// All of it as a source of values: its text, or how many bytes it has that are no UTF-8 text, which is a finding like any other.
///
/// # Errors
/// A clause about it: it is too long or cannot be read.
pub(super) fn source(largest: u64) -> Result<Result<SecretText, usize>, String> {
    Ok(match String::from_utf8(bytes(io::stdin().lock(), largest)?) {
        Ok(text) => Ok(SecretText::from(text)),
        Err(error) => Err(zeroize::Zeroizing::new(error.into_bytes()).len()),
    })
}

/// Whether somebody would have to type it, and everybody could see it.
pub(super) fn is_terminal() -> bool {
    io::stdin().is_terminal()
}

/// The text of a source, if it has at most `largest` bytes.
///
/// # Errors
/// A clause about it.
pub(super) fn bounded(source: impl Read, largest: u64) -> Result<SecretText, String> {
    String::from_utf8(bytes(source, largest)?).map(SecretText::from).map_err(|_| "is not UTF-8 text".into())
}

fn bytes(source: impl Read, largest: u64) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    source.take(largest + 1).read_to_end(&mut bytes).map_err(|error| format!("cannot be read: {error}"))?;
    if bytes.len() as u64 > largest {
        return Err(format!("has more than {largest} bytes"));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_or_no_text_is_refused() {
        assert_eq!(bounded(&b"abc"[..], 3).unwrap().expose(), "abc");
        assert!(bounded(&b"abcd"[..], 3).unwrap_err().contains("more than 3 bytes"));
        assert!(bounded(&b"\xff"[..], 3).unwrap_err().contains("UTF-8"));
    }
}
