//! The input cut into cases: one object, or a list of any length of which one element is in memory at a time.
//!
//! Only strings and brackets are told apart here; whether an element is JSON is for [`super::read`] to say.

use std::io::{self, BufRead};

use thiserror::Error;

/// The longest single case that is read, in bytes. A list may be of any length.
pub const LONGEST: usize = 8 << 20;

/// One case, still as text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Element {
    /// Its bytes, without white space around them.
    pub text: Vec<u8>,
    /// Its place in a list, from 0; `None` when it stands alone.
    pub index: Option<usize>,
    /// The line on which it begins, from 1.
    pub line: usize,
    /// The column in which it begins, from 1, in characters.
    pub column: usize,
}

/// Why the input cannot be cut into cases.
#[derive(Debug, Error)]
pub enum InputError {
    /// It cannot be read at all.
    #[error(transparent)]
    Unreadable(#[from] io::Error),
    /// What is wrong, and where.
    #[error("line {line}, column {column}: {problem}")]
    At {
        /// From 1.
        line: usize,
        /// From 1, in characters.
        column: usize,
        /// What is wrong, and what would be right.
        problem: String,
    },
}

/// Where in the input the next byte stands.
#[derive(Clone, Copy)]
struct Place {
    line: usize,
    column: usize,
}

impl Place {
    const fn pass(&mut self, byte: u8) {
        if byte == b'\n' {
            self.line += 1;
            self.column = 1;
        } else if byte & 0xc0 != 0x80 {
            // Continuation bytes of UTF-8 take no column.
            self.column += 1;
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing was read yet.
    Start,
    /// Within a list, with this many elements behind.
    Within(usize),
    /// Everything was handed out, or an error was.
    Done,
}

/// The cases of an input, in order.
pub struct Elements<R> {
    input: R,
    place: Place,
    state: State,
}

impl<R: BufRead> Elements<R> {
    /// Cuts `input` into cases.
    ///
    /// # Errors
    /// The input cannot be read, or is empty.
    pub fn new(input: R) -> Result<Self, InputError> {
        let mut elements = Self { input, place: Place { line: 1, column: 1 }, state: State::Start };
        elements.skip_mark()?;
        match elements.peek_word()? {
            None => Err(elements.error("the input is empty: an access case is a JSON object, or a list of them")),
            Some(b'[') => {
                elements.advance()?;
                elements.state = State::Within(0);
                Ok(elements)
            }
            Some(_) => Ok(elements),
        }
    }

    /// Whether the input is a list.
    #[must_use]
    pub fn is_list(&self) -> bool {
        self.state != State::Start
    }

    fn error(&self, problem: &str) -> InputError {
        InputError::At { line: self.place.line, column: self.place.column, problem: problem.to_owned() }
    }

    /// A mark in front says how the text is encoded; that of UTF-8 may be passed over (RFC 8259, section 8.1).
    fn skip_mark(&mut self) -> Result<(), InputError> {
        let start = self.input.fill_buf()?;
        if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
            return Err(self.error("the input is UTF-16: save it as UTF-8"));
        }
        if start.starts_with(&[0xef, 0xbb, 0xbf]) {
            self.input.consume(3);
        }
        Ok(())
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.input.fill_buf() {
                Ok(buffer) => return Ok(buffer.first().copied()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn advance(&mut self) -> io::Result<()> {
        if let Some(byte) = self.peek()? {
            self.place.pass(byte);
            self.input.consume(1);
        }
        Ok(())
    }

    /// The next byte that is no white space.
    fn peek_word(&mut self) -> io::Result<Option<u8>> {
        while let Some(byte) = self.peek()? {
            if !is_space(byte) {
                return Ok(Some(byte));
            }
            self.advance()?;
        }
        Ok(None)
    }

    /// A case that stands alone: all that is left.
    fn alone(&mut self) -> Result<Element, InputError> {
        let Place { line, column } = self.place;
        let text = self.take(|_, _| false)?;
        Ok(Element { text, index: None, line, column })
    }

    /// The next element of a list, or its end.
    fn element(&mut self, index: usize) -> Result<Option<Element>, InputError> {
        match self.peek_word()? {
            Some(b']') if index == 0 => return self.end().map(|()| None),
            Some(b']' | b',') => return Err(self.error("an access case is missing here: there is a comma too many")),
            None => return Err(self.error("the list of cases does not end: `]` is missing")),
            Some(_) => {}
        }
        let Place { line, column } = self.place;
        let text = self.take(|byte, depth| depth == 0 && matches!(byte, b',' | b']'))?;
        match self.peek()? {
            Some(b',') => self.advance()?,
            Some(_) => self.end()?,
            None => self.state = State::Done,
        }
        Ok(Some(Element { text, index: Some(index), line, column }))
    }

    /// After the last element: `]`, and nothing more.
    fn end(&mut self) -> Result<(), InputError> {
        self.advance()?;
        self.state = State::Done;
        match self.peek_word()? {
            None => Ok(()),
            Some(_) => Err(self.error("there is more text after the list of cases")),
        }
    }

    /// Bytes up to the one at which `stop` says so, given the brackets open there.
    fn take(&mut self, stop: impl Fn(u8, usize) -> bool) -> Result<Vec<u8>, InputError> {
        let Place { line, column } = self.place;
        let (mut text, mut depth, mut quoted, mut escaped) = (Vec::new(), 0_usize, false, false);
        'all: loop {
            let buffer = match self.input.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            };
            let mut used = 0;
            let mut stopped = buffer.is_empty();
            for &byte in buffer {
                if quoted {
                    (quoted, escaped) = (escaped || byte != b'"', !escaped && byte == b'\\');
                } else if stop(byte, depth) {
                    stopped = true;
                    break;
                } else {
                    match byte {
                        b'"' => quoted = true,
                        b'{' | b'[' => depth += 1,
                        b'}' | b']' => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                }
                self.place.pass(byte);
                used += 1;
            }
            text.extend(buffer.iter().take(used));
            self.input.consume(used);
            if text.len() > LONGEST {
                let problem = format!("this case is longer than {} MiB, the most that is read", LONGEST >> 20);
                return Err(InputError::At { line, column, problem });
            }
            if stopped {
                break 'all;
            }
        }
        text.truncate(text.trim_ascii_end().len());
        Ok(text)
    }
}

impl<R: BufRead> Iterator for Elements<R> {
    type Item = Result<Element, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        let outcome = match self.state {
            State::Done => return None,
            State::Start => {
                self.state = State::Done;
                self.alone().map(Some)
            }
            State::Within(index) => {
                self.state = State::Within(index + 1);
                self.element(index)
            }
        };
        if outcome.is_err() {
            self.state = State::Done;
        }
        outcome.transpose()
    }
}

const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(input: &str) -> (Vec<(String, usize, usize)>, Option<String>) {
        let elements = match Elements::new(input.as_bytes()) {
            Ok(elements) => elements,
            Err(error) => return (Vec::new(), Some(error.to_string())),
        };
        let mut out = Vec::new();
        for element in elements {
            match element {
                Ok(one) => out.push((String::from_utf8(one.text).unwrap(), one.line, one.column)),
                Err(error) => return (out, Some(error.to_string())),
            }
        }
        (out, None)
    }

    fn good(input: &str) -> Vec<(String, usize, usize)> {
        let (out, error) = cut(input);
        assert_eq!(error, None);
        out
    }

    fn bad(input: &str) -> String {
        cut(input).1.unwrap()
    }

    #[test]
    fn a_list_is_cut_into_its_elements() {
        assert_eq!(
            good("[ {\"a\": [1, \"],\\\"\"]},\n  {} , 5]\n"),
            [("{\"a\": [1, \"],\\\"\"]}".into(), 1, 3), ("{}".into(), 2, 3), ("5".into(), 2, 8)]
        );
        assert_eq!(good("[]"), []);
        assert_eq!(good("\n  {\"a\": 1} \n"), [("{\"a\": 1}".into(), 2, 3)]);
        assert_eq!(good("[\"é\", 2]"), [("\"é\"".into(), 1, 2), ("2".into(), 1, 7)], "columns are characters");
        assert_eq!(good("\u{feff}[1]"), [("1".into(), 1, 2)]);
    }

    #[test]
    fn what_cannot_be_cut_is_placed() {
        assert!(bad(" \n").starts_with("line 2, column 1: the input is empty"));
        assert!(bad("[{},]").starts_with("line 1, column 5: an access case is missing"));
        assert!(bad("[,{}]").starts_with("line 1, column 2: an access case is missing"));
        assert!(bad("[{},").starts_with("line 1, column 5: the list of cases does not end"));
        assert!(bad("[{}]\n[").starts_with("line 2, column 1: there is more text"));
        let utf16 = Elements::new([0xff_u8, 0xfe, b'{', 0].as_slice()).err().unwrap();
        assert!(utf16.to_string().contains("UTF-16"));
    }

    #[test]
    fn one_case_is_bounded_and_a_list_is_not() {
        let long = format!("[\"{}\"]", "x".repeat(LONGEST + 1));
        assert!(bad(&long).starts_with("line 1, column 2: this case is longer than 8 MiB"));
        let many = format!("[{}{{}}]", "{\"name\":\"0123456789\"},".repeat(500_000));
        assert!(many.len() > LONGEST);
        assert_eq!(Elements::new(many.as_bytes()).unwrap().map(Result::unwrap).count(), 500_001);
    }
}
