//! Text that came from AWS or a file, made safe to print, and cut to fit.

use std::borrow::Cow;
use std::fmt::{Display, Write as _};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The longest text that is printed whole, in characters; more is cut with an ellipsis.
pub const LONGEST: usize = 4_096;

/// Makes a text safe for a terminal: no control characters, no escape sequences, no bidirectional or invisible
/// marks, no piled-up accents, bounded length.
///
/// What is removed stands as a visible escape such as `\u{202e}`, so that a name made to deceive is seen to be one.
#[must_use]
pub fn safe(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST && !has_unsafe(text) {
        return Cow::Borrowed(text);
    }
    let mut out = escaped(text.chars().take(LONGEST));
    if text.chars().nth(LONGEST).is_some() {
        out.push('…');
    }
    Cow::Owned(out)
}

/// As [`safe`], of any length: for a command, which is never cut.
#[must_use]
pub fn safe_whole(text: &str) -> Cow<'_, str> {
    if has_unsafe(text) { Cow::Owned(escaped(text.chars())) } else { Cow::Borrowed(text) }
}

fn escaped(text: impl Iterator<Item = char>) -> String {
    let mut out = String::new();
    let mut piled = Piled::default();
    for c in text {
        if is_unsafe(c) || piled.too_high(c) {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}

/// Combining characters on one base character: they all stand in its cell, and too many reach into the lines above and below. One at the
/// very beginning would stand on whatever is printed before the text.
struct Piled {
    height: usize,
}

/// As many as any script's orthography needs: a Hebrew letter with point, vowel and accent.
const HIGHEST: usize = 3;

impl Default for Piled {
    fn default() -> Self {
        Self { height: HIGHEST }
    }
}

impl Piled {
    fn too_high(&mut self, c: char) -> bool {
        if c.width() != Some(0) {
            self.height = 0;
            return false;
        }
        self.height += 1;
        self.height > HIGHEST
    }
}

/// As [`safe`], with line breaks kept.
#[must_use]
pub fn safe_lines(text: &str) -> String {
    text.lines().map(|line| safe(line).into_owned()).collect::<Vec<_>>().join("\n")
}

/// Control characters (C0, C1, DEL), line and paragraph separators, bidirectional controls, zero-width and tag characters.
/// Source: Unicode Standard Annex #9 (bidirectional controls) and Technical Report #36 (visual spoofing).
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00ad}' | '\u{061c}' | '\u{115f}'..='\u{1160}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a text holds a character that [`safe`] would escape.
#[must_use]
pub fn has_unsafe(text: &str) -> bool {
    let mut piled = Piled::default();
    text.chars().any(|c| is_unsafe(c) || piled.too_high(c))
}

/// The columns a text takes on a terminal.
#[must_use]
pub fn width(text: &str) -> usize {
    text.width()
}

/// Cuts a text to `columns`, with an ellipsis at the end.
#[must_use]
pub fn elide_end(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut out = take_columns(text.chars(), columns.saturating_sub(1));
    if columns > 0 {
        out.push('…');
    }
    out
}

/// Cuts a text to `columns` in its middle, keeping both ends: an ARN keeps its account and its name, where both fit.
#[must_use]
pub fn elide_middle(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    if columns < 3 {
        return elide_end(text, columns);
    }
    if let Some(short) = elide_arn(text, columns) {
        return short;
    }
    let tail = (columns - 1).div_ceil(2);
    let head = columns - 1 - tail;
    let end: String = take_columns(text.chars().rev(), tail).chars().rev().collect();
    format!("{}…{end}", take_columns(text.chars(), head))
}

/// `arn:…:111122223333:…/Name`; `None` when it is no ARN of an account, or when account and name do not fit.
fn elide_arn(text: &str, columns: usize) -> Option<String> {
    let mut parts = text.splitn(6, ':');
    if parts.next()? != "arn" {
        return None;
    }
    let (service, account, resource) = (parts.nth(1)?, parts.nth(1)?, parts.next()?);
    if account.is_empty() {
        return None;
    }
    let head = format!("arn:…:{account}:");
    let room = columns.checked_sub(width(&head))?;
    // A stack's name stands before its id, every other name is the last part.
    let (name, from_start) = match service {
        "cloudformation" => (resource.split('/').take(2).collect::<Vec<_>>().join("/"), true),
        _ => (resource.rsplit('/').next()?.to_owned(), false),
    };
    if width(resource) <= room {
        return Some(format!("{head}{resource}"));
    }
    if width(&name) + 1 > room {
        return None;
    }
    let kept = if from_start {
        format!("{}…", take_columns(resource.chars(), room - 1))
    } else {
        let end: String = take_columns(resource.chars().rev(), room - 1).chars().rev().collect();
        format!("…{end}")
    };
    Some(format!("{head}{kept}"))
}

fn take_columns(characters: impl Iterator<Item = char>, columns: usize) -> String {
    let mut used = 0;
    characters
        .take_while(|c| {
            used += c.width().unwrap_or(0);
            used <= columns
        })
        .collect()
}

/// Where the lines of a printed text end, in columns. Commands and ARNs are never broken.
pub const COLUMNS: usize = 100;

/// Words filled into lines, the first after `lead` and the others below its end.
pub fn paragraph(out: &mut String, lead: &str, words: &str) {
    filled(out, COLUMNS, lead, words);
}

/// As [`paragraph`], with lines that end before `columns`.
pub fn filled(out: &mut String, columns: usize, lead: &str, words: &str) {
    let indent = " ".repeat(width(lead));
    let mut line = lead.to_owned();
    let mut used = false;
    for word in words.split(' ').filter(|word| !word.is_empty()) {
        if used && width(&line) + 1 + width(word) > columns {
            let _ = writeln!(out, "{line}");
            line.clone_from(&indent);
            used = false;
        }
        if used {
            line.push(' ');
        }
        line.push_str(word);
        used = true;
    }
    let _ = writeln!(out, "{}", line.trim_end());
}

/// Replaces each word where it stands alone: `42` must not garble every number that has it in it. Of several words that begin at one place the
/// longest counts, and what was put in is not looked at again.
#[must_use]
pub fn replace_words(text: &str, words: &[(String, String)]) -> String {
    let part = |c: char| c.is_ascii_alphanumeric();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut last: Option<char> = None;
    while let Some(first) = rest.chars().next() {
        let stands_here = |word: &str| {
            rest.strip_prefix(word).filter(|after| {
                let joined = (last.is_some_and(part) && word.starts_with(part))
                    || (word.ends_with(part) && after.starts_with(part));
                !word.is_empty() && !joined
            })
        };
        let found = words.iter().filter_map(|(word, with)| Some((word, with, stands_here(word)?)));
        match found.max_by_key(|(word, ..)| word.len()) {
            Some((word, with, after)) => {
                out.push_str(with);
                last = word.chars().next_back();
                rest = after;
            }
            None => {
                out.push(first);
                last = Some(first);
                rest = rest.get(first.len_utf8()..).unwrap_or_default();
            }
        }
    }
    out
}

/// To begin a sentence with: the first letter is a capital, the rest stays as it is.
#[must_use]
pub fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A number as people write it: `1,000`.
#[must_use]
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number and what is counted: "1 role", "2 roles", "0 policies".
///
/// Any type of number will do, as long as it is whole; `one` is the noun as it is called when there is one of it.
#[must_use]
pub fn counted<N: Display + PartialEq + From<u8>>(number: N, one: &str) -> String {
    let name = if number == N::from(1) { one.to_owned() } else { plural(one) };
    format!("{number} {name}")
}

/// As [`counted`], with the number as people write it: "1,000 roles".
#[must_use]
pub fn counted_grouped(number: usize, one: &str) -> String {
    let name = if number == 1 { one.to_owned() } else { plural(one) };
    format!("{} {name}", grouped(number))
}

/// As English spells the regular plural: "roles", "policies", "access keys", "patches".
fn plural(one: &str) -> String {
    let vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u');
    match one.strip_suffix('y') {
        Some(stem) if !stem.ends_with(vowel) => format!("{stem}ies"),
        _ if ["s", "x", "z", "ch", "sh"].iter().any(|hiss| one.ends_with(hiss)) => format!("{one}es"),
        _ => format!("{one}s"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn escapes_are_shown_not_sent() {
        assert_eq!(safe("a\u{1b}[31mred"), "a\\u{1b}[31mred");
        assert_eq!(safe("\u{202e}gpj.exe"), "\\u{202e}gpj.exe");
        assert_eq!(safe("tab\tnew\nline"), "tab\\tnew\\nline");
        assert_eq!(safe("\u{9b}31m"), "\\u{9b}31m");
        assert!(matches!(safe("plain ✓ ünïcode 日本"), Cow::Borrowed(_)));
    }

    #[test]
    fn marks_do_not_pile_up_on_a_letter_nor_on_what_stands_before_the_text() {
        assert!(matches!(safe("e\u{301}\u{323} שָׁ֫"), Cow::Borrowed(_)));
        assert_eq!(safe("e\u{301}\u{302}\u{303}\u{304}x\u{305}"), "e\u{301}\u{302}\u{303}\\u{304}x\u{305}");
        assert_eq!(safe("\u{301}a"), "\\u{301}a");
    }

    #[test]
    fn a_megabyte_is_cut() {
        assert!(safe(&"x".repeat(1 << 20)).len() < LONGEST + 8);
    }

    #[test]
    fn only_whole_words_are_replaced_and_each_once() {
        let words = [("42", "<x>"), ("x", "<42>"), ("42-b", "<y>"), ("***", "<z>")];
        let words = words.map(|(word, with)| (word.to_owned(), with.to_owned()));
        for (text, out) in [
            ("wants 42, got 421 of account 4242", "wants <x>, got 421 of account 4242"),
            ("42", "<x>"),
            ("\"42\"=42 x", "\"<x>\"=<x> <42>"),
            ("42-b 42-bc a***b", "<y> <x>-bc a<z>b"),
            ("é42ü", "é<x>ü"),
            ("", ""),
        ] {
            assert_eq!(replace_words(text, &words), out);
        }
    }

    #[test]
    fn eliding_keeps_both_ends() {
        assert_eq!(elide_middle("arn:aws:iam::111122223333:role/Name", 11), "arn:a…/Name");
        assert_eq!(elide_end("abcdef", 4), "abc…");
        assert_eq!(elide_middle("日本語日本語", 5), "日…語");
    }

    #[test]
    fn what_is_counted_is_spelled_as_english_has_it() {
        for (number, one, all) in [
            (1, "role", "1 role"),
            (2, "role", "2 roles"),
            (0, "policy", "0 policies"),
            (2, "identity", "2 identities"),
            (3, "access key", "3 access keys"),
            (2, "patch", "2 patches"),
            (2, "access", "2 accesses"),
            (1_000, "action", "1000 actions"),
        ] {
            assert_eq!(counted(number, one), all);
        }
        assert_eq!((counted(1.0, "minute"), counted(55.0, "minute")), ("1 minute".into(), "55 minutes".into()));
        assert_eq!(counted_grouped(1_000, "access path"), "1,000 access paths");
        assert_eq!(counted_grouped(1, "policy"), "1 policy");
    }

    #[test]
    fn a_cut_arn_keeps_account_and_name() {
        let role = "arn:aws:iam::111122223333:role/team/of/many/ReadQuiltV2-quilt-prod";
        assert_eq!(elide_middle(role, 60), "arn:…:111122223333:role/team/of/many/ReadQuiltV2-quilt-prod");
        assert_eq!(elide_middle(role, 44), "arn:…:111122223333:…y/ReadQuiltV2-quilt-prod");
        let stack = "arn:aws:cloudformation:us-east-1:111122223333:stack/quilt-prod/0a1b2c3d-4e5f-6789";
        assert_eq!(elide_middle(stack, 40), "arn:…:111122223333:stack/quilt-prod/0a1…");
        assert_eq!(elide_middle("arn:aws:s3:::a-bucket-without-an-account", 20), "arn:aws:s…an-account");
    }

    proptest! {
        #[test]
        fn nothing_unsafe_is_left(text in "\\PC*|[\\x00-\\x9f\u{200b}-\u{202e}a-z]*") {
            prop_assert!(!has_unsafe(&safe(&text)));
        }

        #[test]
        fn elided_text_fits(text in "\\PC{0,40}", columns in 0usize..50) {
            prop_assert!(width(&elide_middle(&text, columns)) <= columns);
            prop_assert!(width(&elide_end(&text, columns)) <= columns);
        }
    }
}
