//! What sticks to a value by accident: white space, quotes, invisible characters, a placeholder nobody filled in.

use super::ValueFault;
use crate::values::text;

/// The value without invisible characters, surrounding white space and one pair of surrounding quotes.
pub fn core(value: &str) -> String {
    let visible: String =
        value.chars().filter(|c| c.is_whitespace() || !text::has_unsafe(c.encode_utf8(&mut [0; 4]))).collect();
    let trimmed = visible.trim();
    unquoted(trimmed).unwrap_or(trimmed).trim().to_owned()
}

/// What was around the core, or hidden in it.
pub fn around(value: &str, core: &str) -> Vec<ValueFault> {
    let mut faults = Vec::new();
    let mut say = |message: String| faults.push(ValueFault::error(message).surely(core));
    if value.trim() != value {
        say("white space before or after it".into());
    }
    if let Some((at, hidden)) = value.chars().enumerate().find(|(_, c)| is_hidden(*c)) {
        say(format!("an invisible character, U+{:04X}, at place {}", u32::from(hidden), at + 1));
    }
    if unquoted(value.trim()).is_some() {
        say("quotes around it".into());
    }
    faults
}

fn is_hidden(c: char) -> bool {
    !c.is_whitespace() && text::has_unsafe(c.encode_utf8(&mut [0; 4]))
}

fn unquoted(text: &str) -> Option<&str> {
    ['"', '\'', '`'].into_iter().find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote))
}

/// A value that stands for one: `changeme`, `<your id>`, `...`, `${CLIENT_ID}`, or a mask that was copied.
pub fn placeholder(core: &str) -> Option<ValueFault> {
    const WORDS: [&str; 20] = [
        "changeme",
        "changeit",
        "replaceme",
        "placeholder",
        "todo",
        "tbd",
        "fixme",
        "xxx",
        "none",
        "null",
        "nil",
        "undefined",
        "na",
        "unknown",
        "string",
        "secret",
        "password",
        "yourtenant",
        "yourclientid",
        "yourclientsecret",
    ];
    let lower = core.to_lowercase();
    let folded: String = lower.chars().filter(|c| c.is_alphanumeric()).collect();
    let one_of = |marks: &[char]| core.chars().all(|c| marks.contains(&c));
    let between = |open: &str, close: &str| core.starts_with(open) && core.ends_with(close);
    if core.contains("***") || one_of(&['*', '•', '●']) {
        return Some(ValueFault::error("a masked value, not the value"));
    }
    let empty_words = lower.starts_with("your-") || lower.starts_with("your_") || lower.starts_with("your ");
    let stands_for_one = one_of(&['.', '…', '-', '_', '?'])
        || core.len() > 2 && one_of(&['x', 'X'])
        || between("<", ">")
        || between("${", "}")
        || between("{{", "}}")
        || WORDS.contains(&folded.as_str())
        || empty_words;
    stands_for_one.then(|| ValueFault::error("a placeholder, not a value"))
}

/// Printable ASCII without white space, as OAuth asks of client ids and secrets (RFC 6749, appendix A: VSCHAR; spaces are never issued).
pub fn printable(core: &str) -> Option<ValueFault> {
    if core.chars().any(char::is_whitespace) {
        return Some(ValueFault::error("white space in it"));
    }
    core.chars().any(|c| !c.is_ascii_graphic()).then(|| ValueFault::error("a character in it that is not plain ASCII"))
}

/// The first character that `allowed` refuses, quoted so that look-alikes are told apart. For open keys.
pub fn refused(core: &str, allowed: impl Fn(char) -> bool) -> Option<String> {
    let c = core.chars().find(|c| !allowed(*c))?;
    Some(match c {
        c if c.is_whitespace() => "white space".into(),
        c if c.is_ascii() => format!("`{c}`"),
        c => format!("`{c}` (U+{:04X})", u32::from(c)),
    })
}
