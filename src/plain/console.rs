//! What is said: lines of printable text, each made safe, none of them drawn over.

use std::io::{self, Write};

use crate::values::text::{elide_end, filled, safe};

/// Where lines end, in columns. Commands, ARNs and paths are never broken, so that they can be copied.
const COLUMNS: usize = 80;

/// The longest sentence that is said whole, in columns.
const LONGEST: usize = 2_000;

/// Standard output, spoken to in lines.
pub struct Console {
    out: Box<dyn Write + Send>,
    /// Only ASCII can be shown.
    ascii: bool,
    /// A prompt stands at the beginning of the line.
    prompting: bool,
}

impl Console {
    /// Over an output; `ascii`: the terminal has no other characters.
    pub const fn new(out: Box<dyn Write + Send>, ascii: bool) -> Self {
        Self { out, ascii, prompting: false }
    }

    /// Says a sentence, filled into lines.
    pub fn say(&mut self, words: &str) -> io::Result<()> {
        self.item("", words)
    }

    /// Says a sentence after `lead`, its other lines below its beginning.
    pub fn item(&mut self, lead: &str, words: &str) -> io::Result<()> {
        let mut text = String::new();
        filled(&mut text, COLUMNS, &self.clean(lead), &elide_end(&self.clean(words), LONGEST));
        self.send(&text)
    }

    /// Says a line that is to be copied: it is not broken.
    pub fn whole(&mut self, line: &str) -> io::Result<()> {
        let line = safe(line).into_owned();
        self.send(&format!("{line}\n"))
    }

    /// An empty line.
    pub fn gap(&mut self) -> io::Result<()> {
        self.send("\n")
    }

    /// Asks: the answer is typed behind it.
    pub fn prompt(&mut self, question: &str) -> io::Result<()> {
        let mut text = String::new();
        filled(&mut text, COLUMNS, "", &elide_end(&self.clean(question), LONGEST));
        let text = text.trim_end();
        self.send(&format!("{text} "))?;
        self.prompting = true;
        Ok(())
    }

    /// The answer was given, and its end of line stands on the terminal already.
    pub const fn answered(&mut self) {
        self.prompting = false;
    }

    /// Ends a line that holds a prompt to which no end of line was echoed.
    pub fn end_prompt(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.prompting) { self.send("\n") } else { Ok(()) }
    }

    fn send(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }

    /// Safe to print, and without the signs that are drawn for the eye.
    fn clean(&self, words: &str) -> String {
        let words = safe(words).replace('…', "...").replace(" → ", " to ").replace(" · ", ", ").replace('–', "-");
        if self.ascii { words.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect() } else { words }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Heard(Arc<Mutex<Vec<u8>>>);

    impl Write for Heard {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn heard(ascii: bool, speak: impl FnOnce(&mut Console)) -> String {
        let heard = Heard::default();
        speak(&mut Console::new(Box::new(heard.clone()), ascii));
        let bytes = heard.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn nothing_but_printable_text_and_line_breaks_is_sent() {
        let hostile = "a\u{1b}[2Jb\rc\u{9b}31m\u{202e}d\u{7}\u{8}\ne";
        let text = heard(false, |console| {
            console.say(hostile).unwrap();
            console.item("1. ", hostile).unwrap();
            console.whole(hostile).unwrap();
            console.prompt(hostile).unwrap();
        });
        assert!(text.chars().all(|c| c == '\n' || !crate::values::text::has_unsafe(&c.to_string())), "{text:?}");
    }

    #[test]
    fn lines_end_before_80_columns_and_a_megabyte_is_cut() {
        let text = heard(false, |console| console.item("12. ", &"word ".repeat(60)).unwrap());
        assert!(text.lines().all(|line| line.len() <= 80), "{text}");
        assert!(text.lines().skip(1).all(|line| line.starts_with("    w")), "{text}");
        assert!(heard(false, |console| console.say(&"x".repeat(1 << 20)).unwrap()).len() < 2_100);
    }

    #[test]
    fn signs_for_the_eye_become_words() {
        assert_eq!(heard(false, |console| console.say("0644 → 0600 · 4c1b…").unwrap()), "0644 to 0600, 4c1b...\n");
        assert_eq!(heard(true, |console| console.say("Köln").unwrap()), "K?ln\n");
    }
}
