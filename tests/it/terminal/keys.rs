//! What keys send.

/// The bytes of a key by its name: `Enter`, `Down`, `Ctrl-C`; any other single character is itself.
pub fn bytes(name: &str) -> String {
    if let Some(letter) = name.strip_prefix("Ctrl-") {
        return control(letter);
    }
    let bytes = match name {
        "Enter" => "\r",
        "Esc" => "\x1b",
        "Tab" => "\t",
        "BackTab" => "\x1b[Z",
        "Backspace" => "\x7f",
        "Space" => " ",
        "Up" => "\x1b[A",
        "Down" => "\x1b[B",
        "Right" => "\x1b[C",
        "Left" => "\x1b[D",
        "PageUp" => "\x1b[5~",
        "PageDown" => "\x1b[6~",
        "Home" => "\x1b[H",
        "End" => "\x1b[F",
        "Delete" => "\x1b[3~",
        character if character.chars().count() == 1 => character,
        unknown => panic!("there is no key {unknown:?}"),
    };
    bytes.to_owned()
}

fn control(letter: &str) -> String {
    let &[letter] = letter.as_bytes() else { panic!("Ctrl goes with one letter, not {letter:?}") };
    char::from(letter.to_ascii_uppercase() & 0x1f).to_string()
}
