//! A line of text that is being typed: `tui-input`, wrapped.
//!
//! The wrap inserts a paste as one step (character by character a paste of 64 kB takes seconds), never lets `tui-input` keep a copy in its
//! yank buffer, zeroes what was typed when it goes, and has no `Debug`.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_input::{Input, InputRequest};
use unicode_width::UnicodeWidthStr;
use zeroize::{Zeroize, Zeroizing};

use crate::values::SecretText;
use crate::values::text::safe;

/// The longest text a field takes, in bytes: what Secrets Manager takes (API reference, `SecretString`).
pub const LONGEST: usize = 65_536;

/// Room taken at once, so that typing does not leave copies of a secret behind in freed memory.
const ROOM: usize = 1_024;

/// A line being typed.
pub struct Field {
    input: Input,
}

/// What a field looks like in so many columns.
pub struct FieldView {
    /// The part that shows.
    pub text: String,
    /// The column of the cursor in it.
    pub cursor: u16,
}

impl Field {
    /// A field that holds `text`, the cursor at its end.
    pub fn new(text: &str) -> Self {
        let mut owned = String::with_capacity(text.len() + ROOM);
        owned.push_str(text);
        Self { input: Input::new(owned) }
    }

    /// What was typed.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// What was typed, taken over as a secret.
    pub fn secret(&self) -> SecretText {
        SecretText::new(self.text())
    }

    /// Takes a key. `true`: the text changed.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        use KeyCode::{Backspace, Char, Delete, End, Home, Left, Right};
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        let request = match (key.code, control, alt) {
            (Char('u'), true, false) => return self.cut(0, self.input.cursor()),
            (Char('k'), true, false) => return self.cut(self.input.cursor(), usize::MAX),
            (Char('w'), true, false) | (Backspace, _, true) | (Backspace, true, _) => return self.cut_word(),
            (Char('a'), true, false) | (Home, ..) => InputRequest::GoToStart,
            (Char('e'), true, false) | (End, ..) => InputRequest::GoToEnd,
            (Left, false, false) => InputRequest::GoToPrevChar,
            (Right, false, false) => InputRequest::GoToNextChar,
            (Left, ..) => InputRequest::GoToPrevWord,
            (Right, ..) => InputRequest::GoToNextWord,
            (Char('h'), true, false) | (Backspace, ..) => InputRequest::DeletePrevChar,
            (Delete, ..) => InputRequest::DeleteNextChar,
            (Char(c), false, false) if self.text().len() + c.len_utf8() <= LONGEST => InputRequest::InsertChar(c),
            _ => return false,
        };
        self.input.handle(request).is_some_and(|changed| changed.value)
    }

    /// Inserts a paste at the cursor, in one step. Line breaks and other control characters are left out.
    ///
    /// # Errors
    /// A sentence, when the text would be longer than Secrets Manager takes; the field stays as it was.
    pub fn paste(&mut self, pasted: &str) -> Result<(), String> {
        let clean: Zeroizing<String> = Zeroizing::new(pasted.chars().filter(|c| !c.is_control()).collect());
        if self.text().len() + clean.len() > LONGEST {
            return Err(format!("the paste has {} bytes; a value takes at most {LONGEST}", clean.len()));
        }
        let cursor = self.input.cursor();
        let before = self.take();
        let at = byte_of(&before, cursor);
        let (head, tail) = before.split_at(at);
        let mut text = String::with_capacity(before.len() + clean.len() + ROOM);
        text.push_str(head);
        text.push_str(&clean);
        text.push_str(tail);
        self.input = Input::new(text).with_cursor(cursor + clean.chars().count());
        Ok(())
    }

    /// How it looks in `columns`, scrolled so that the cursor is seen; hidden, every character is a bullet.
    pub fn view(&self, columns: u16, hidden: bool) -> FieldView {
        let columns = usize::from(columns.max(1));
        let cursor = self.input.cursor();
        let mut cells: Vec<(String, usize)> = Vec::new();
        for c in self.text().chars() {
            let shown = if hidden { "•".to_owned() } else { safe(c.encode_utf8(&mut [0; 4])).into_owned() };
            let width = shown.width();
            cells.push((shown, width));
        }
        let before: usize = cells.iter().take(cursor).map(|(_, width)| width).sum();
        let mut skipped = 0;
        let mut first = 0;
        for (_, width) in &cells {
            if before - skipped < columns {
                break;
            }
            skipped += width;
            first += 1;
        }
        let mut text = String::new();
        let mut used = 0;
        for (shown, width) in cells.iter().skip(first) {
            used += width;
            if used > columns {
                break;
            }
            text.push_str(shown);
        }
        cells.iter_mut().for_each(|(shown, _)| shown.zeroize());
        FieldView { text, cursor: u16::try_from(before - skipped).unwrap_or(u16::MAX) }
    }

    /// Cuts the characters from `from` to `to`, without a yank buffer.
    fn cut(&mut self, from: usize, to: usize) -> bool {
        if from >= to.min(self.text().chars().count()) {
            return false;
        }
        let before = self.take();
        let (start, end) = (byte_of(&before, from), byte_of(&before, to));
        let mut text = String::with_capacity(before.len() + ROOM);
        text.push_str(before.get(..start).unwrap_or_default());
        text.push_str(before.get(end..).unwrap_or_default());
        self.input = Input::new(text).with_cursor(from);
        true
    }

    fn cut_word(&mut self) -> bool {
        let end = self.input.cursor();
        self.input.handle(InputRequest::GoToPrevWord);
        self.cut(self.input.cursor(), end)
    }

    fn take(&mut self) -> Zeroizing<String> {
        Zeroizing::new(String::from(std::mem::take(&mut self.input)))
    }
}

impl Drop for Field {
    fn drop(&mut self) {
        self.take();
    }
}

fn byte_of(text: &str, character: usize) -> usize {
    text.char_indices().nth(character).map_or(text.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn press(field: &mut Field, code: KeyCode, modifiers: KeyModifiers) {
        field.key(KeyEvent::new(code, modifiers));
    }

    #[test]
    fn q_types_q_and_control_keys_type_nothing() {
        let mut field = Field::new("");
        press(&mut field, KeyCode::Char('q'), KeyModifiers::NONE);
        press(&mut field, KeyCode::Char('Q'), KeyModifiers::SHIFT);
        press(&mut field, KeyCode::Char('c'), KeyModifiers::CONTROL);
        assert_eq!(field.text(), "qQ");
    }

    #[test]
    fn a_paste_goes_in_at_the_cursor_without_its_line_breaks() {
        let mut field = Field::new("ad");
        press(&mut field, KeyCode::Left, KeyModifiers::NONE);
        field.paste("b\r\nc\u{1b}").unwrap();
        assert_eq!(field.text(), "abcd");
        press(&mut field, KeyCode::Char('!'), KeyModifiers::NONE);
        assert_eq!(field.text(), "abc!d");
    }

    #[test]
    fn a_paste_of_64_kb_takes_one_step_and_a_longer_one_is_refused() {
        let started = Instant::now();
        let mut field = Field::new("");
        field.paste(&"x".repeat(LONGEST)).unwrap();
        assert!(started.elapsed() < Duration::from_millis(500));
        assert!(field.paste("y").unwrap_err().contains("65536"));
        assert_eq!(field.text().len(), LONGEST);
    }

    #[test]
    fn words_and_lines_are_cut_without_being_kept() {
        let mut field = Field::new("one two three");
        press(&mut field, KeyCode::Char('w'), KeyModifiers::CONTROL);
        assert_eq!(field.text(), "one two ");
        press(&mut field, KeyCode::Char('y'), KeyModifiers::CONTROL);
        assert_eq!(field.text(), "one two ");
        press(&mut field, KeyCode::Char('u'), KeyModifiers::CONTROL);
        assert_eq!(field.text(), "");
    }

    #[test]
    fn a_long_text_scrolls_so_that_the_cursor_is_seen() {
        let mut field = Field::new("abcdefghij");
        let view = field.view(5, false);
        assert_eq!((view.text.as_str(), view.cursor), ("ghij", 4));
        press(&mut field, KeyCode::Home, KeyModifiers::NONE);
        let view = field.view(5, false);
        assert_eq!((view.text.as_str(), view.cursor), ("abcde", 0));
    }

    #[test]
    fn a_hidden_field_shows_bullets_only() {
        let field = Field::new("canary");
        assert_eq!(field.view(20, true).text, "••••••");
    }

    #[test]
    fn what_could_deceive_is_shown_escaped() {
        assert_eq!(Field::new("a\u{202e}b").view(40, false).text, "a\\u{202e}b");
    }
}
