//! The terminal's modes as the program's output leaves them.

use std::collections::BTreeMap;

/// The private modes that are on before any program touches them: auto wrap and the cursor.
const ON_BY_DEFAULT: [&str; 2] = ["7", "25"];

/// What the output switched and did not switch back, each in words.
pub fn left_on(raw: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(raw);
    let mut modes = BTreeMap::new();
    let mut keyboard = 0;
    for sequence in text.split("\x1b[").skip(1) {
        let Some(end) = sequence.find(|character: char| character.is_ascii_alphabetic()) else { continue };
        let (parameters, last) = (&sequence[..end], &sequence[end..=end]);
        if let (Some(numbers), "h" | "l") = (parameters.strip_prefix('?'), last) {
            modes.extend(numbers.split(';').map(|number| (number.to_owned(), last == "h")));
        }
        keyboard += match (parameters.chars().next(), last) {
            (Some('>'), "u") => 1,
            (Some('<'), "u") => -1,
            _ => 0,
        };
    }
    let changed = modes.into_iter().filter(|(number, on)| *on != ON_BY_DEFAULT.contains(&number.as_str()));
    let mut left: Vec<String> = changed.map(|(number, on)| describe(&number, on)).collect();
    if keyboard > 0 {
        left.push("keyboard protocol".into());
    }
    left
}

fn describe(number: &str, on: bool) -> String {
    match number {
        "25" => "cursor hidden".into(),
        "1049" | "1047" | "47" => "alternate screen".into(),
        "2004" => "bracketed paste".into(),
        "2026" => "synchronized update".into(),
        "1004" => "focus reports".into(),
        "9" | "1000" | "1002" | "1003" | "1005" | "1006" | "1015" => "mouse capture".into(),
        _ => format!("mode {number} {}", if on { "on" } else { "off" }),
    }
}
