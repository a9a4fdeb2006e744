//! What may reach a terminal, a pipe or a file: printable text, and the styling that the program itself puts into a terminal.
//!
//! The lists here are written down apart from those of the program, so that a gap in the one is not a gap in the other.

use std::ops::RangeInclusive;

/// Where the bytes go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sink {
    /// A terminal in full-screen use: the program's own control sequences are part of it.
    Terminal,
    /// A pipe, a report, a log, the plain walk: text and line breaks alone.
    Text,
}

/// Control sequences that the program sends, without `ESC [`: the last byte, and what may stand before it.
const OWN: [(char, &str); 12] = [
    // Style.
    ('m', "0123456789;:"),
    // The cursor: to a place, up, down, right, left, to a column, its shape.
    ('H', "0123456789;"),
    ('A', "0123456789"),
    ('B', "0123456789"),
    ('C', "0123456789"),
    ('D', "0123456789"),
    ('G', "0123456789"),
    ('q', "0123456789 "),
    // Erasing the rest of a line or of the screen.
    ('J', "0123"),
    ('K', "012"),
    // Modes: alternate screen, cursor, wrap, bracketed paste, focus, synchronized update.
    ('h', "?0123456789"),
    ('l', "?0123456789"),
];

/// The private modes that the program switches.
const MODES: [&str; 7] = ["?1049", "?25", "?7", "?2004", "?1004", "?2026", "?1000"];

/// Invisible characters, and those that turn the reading direction (Unicode Standard Annex 9; Technical Report 36).
const INVISIBLE: [RangeInclusive<char>; 13] = [
    '\u{ad}'..='\u{ad}',
    '\u{61c}'..='\u{61c}',
    '\u{115f}'..='\u{1160}',
    '\u{180e}'..='\u{180e}',
    '\u{200b}'..='\u{200f}',
    '\u{2028}'..='\u{202e}',
    '\u{2060}'..='\u{206f}',
    '\u{3164}'..='\u{3164}',
    '\u{fe00}'..='\u{fe0f}',
    '\u{feff}'..='\u{feff}',
    '\u{ffa0}'..='\u{ffa0}',
    '\u{fff9}'..='\u{fffb}',
    '\u{e0000}'..='\u{e0fff}',
];

/// As many accents as may stand on one letter.
const ACCENTS: usize = 3;

/// Everything in `raw` that is neither printable text nor, on a terminal, the program's own styling; each with what stands around it.
pub fn strangers(raw: &[u8], sink: Sink) -> Vec<String> {
    let text = match std::str::from_utf8(raw) {
        Ok(text) => text,
        Err(error) => return vec![format!("no UTF-8 at byte {}", error.valid_up_to())],
    };
    let mut found = Vec::new();
    let mut rest = text;
    let mut accents = ACCENTS;
    while let Some(c) = rest.chars().next() {
        if sink == Sink::Terminal
            && let Some(length) = own_sequence(rest)
        {
            rest = &rest[length..];
            accents = ACCENTS;
            continue;
        }
        accents = if is_accent(c) { accents + 1 } else { 0 };
        let allowed = match c {
            '\n' => true,
            '\r' => sink == Sink::Terminal,
            c if c.is_control() || INVISIBLE.iter().any(|range| range.contains(&c)) => false,
            _ => accents <= ACCENTS,
        };
        if !allowed {
            let at = text.len() - rest.len();
            let around: String = rest.chars().take(24).collect();
            found.push(format!("U+{:04X} at byte {at}: {around:?}", u32::from(c)));
        }
        rest = &rest[c.len_utf8()..];
    }
    found
}

fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5bd}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}')
}

/// The length of a control sequence of the program's own at the beginning of `text`.
fn own_sequence(text: &str) -> Option<usize> {
    let body = text.strip_prefix("\x1b[")?;
    let end = body.find(|c: char| c.is_ascii_alphabetic())?;
    let (parameters, last) = (&body[..end], body[end..].chars().next()?);
    let (_, allowed) = OWN.iter().find(|(own, _)| *own == last)?;
    let fits = parameters.chars().all(|c| allowed.contains(c)) && parameters.len() < 40;
    let known = !matches!(last, 'h' | 'l') || MODES.contains(&parameters);
    (fits && known).then_some(2 + end + 1)
}

#[test]
fn what_a_name_may_smuggle_in_is_found() {
    for (text, sink) in [
        ("\x1b]0;owned\x07", Sink::Terminal),
        ("\x1b]52;c;aGk=\x07", Sink::Terminal),
        ("\x1bc", Sink::Terminal),
        ("\x1b[?1003h", Sink::Terminal),
        ("\x1b[6n", Sink::Terminal),
        ("\x1b[31m", Sink::Text),
        ("a\rb", Sink::Text),
        ("\u{9b}31m", Sink::Terminal),
        ("gpj\u{202e}exe", Sink::Text),
        ("a\u{200b}b", Sink::Text),
        ("e\u{301}\u{301}\u{301}\u{301}", Sink::Text),
    ] {
        assert!(!strangers(text.as_bytes(), sink).is_empty(), "{text:?}");
    }
    assert_eq!(strangers(b"\xff", Sink::Text), ["no UTF-8 at byte 0"]);
    assert_eq!(strangers("\x1b[1;31m✗\x1b[0m é 日本\r\n".as_bytes(), Sink::Terminal), Vec::<String>::new());
}
