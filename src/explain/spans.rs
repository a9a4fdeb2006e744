//! Where in a JSON text a value stands. The text has been read before, so it is well-formed; of any other the answers mean nothing.

use std::ops::Range;

/// The range of the value at a path of keys and indices, or of the last part of the path that is there.
pub(super) fn find(text: &[u8], path: &[&str]) -> Range<usize> {
    let mut here = 0..text.len();
    for step in path {
        let Some((_, inner)) = children(text, &here).into_iter().find(|(key, _)| key == step) else { break };
        here = inner;
    }
    here
}

/// The members of an object or the elements of a list, with their keys or indices.
pub(super) fn children(text: &[u8], of: &Range<usize>) -> Vec<(String, Range<usize>)> {
    let mut cursor = Cursor { text: text.get(..of.end).unwrap_or_default(), at: of.start };
    let mut out = Vec::new();
    let is_object = match cursor.word() {
        Some(b'{') => true,
        Some(b'[') => false,
        _ => return out,
    };
    cursor.at += 1;
    loop {
        match cursor.word() {
            None | Some(b'}' | b']') => return out,
            Some(b',') => {
                cursor.at += 1;
                continue;
            }
            Some(_) => {}
        }
        let key = if is_object {
            let name = cursor.value();
            if cursor.word() == Some(b':') {
                cursor.at += 1;
            }
            let name = text.get(name).unwrap_or_default();
            serde_json::from_slice(name).unwrap_or_default()
        } else {
            out.len().to_string()
        };
        cursor.word();
        let value = cursor.value();
        if value.is_empty() {
            return out;
        }
        out.push((key, value));
    }
}

/// Line and column of a byte, both from 1, the column in characters.
pub(super) fn line_and_column(text: &[u8], at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    let column = before.iter().skip(start).filter(|byte| **byte & 0xc0 != 0x80).count();
    (line, column + 1)
}

struct Cursor<'a> {
    text: &'a [u8],
    at: usize,
}

impl Cursor<'_> {
    fn byte(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// The next byte that is no white space.
    fn word(&mut self) -> Option<u8> {
        while self.byte().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
        self.byte()
    }

    /// Passes one value.
    fn value(&mut self) -> Range<usize> {
        let start = self.at;
        let mut depth = 0_usize;
        while let Some(byte) = self.byte() {
            match byte {
                b'"' => self.string(),
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' if depth == 0 => break,
                b'}' | b']' => {
                    depth -= 1;
                    self.at += 1;
                }
                b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' if depth == 0 => break,
                _ => self.at += 1,
            }
            if depth == 0 && matches!(byte, b'"' | b'}' | b']') {
                break;
            }
        }
        start..self.at
    }

    fn string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.byte() {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                break;
            }
        }
        self.at = self.at.min(self.text.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "{\"a\": {\"b\\u0062\": [1, {\"c\": \"x,}\\\"\"}]},\n \"d\": null}";

    fn at(path: &[&str]) -> &'static str {
        &TEXT[find(TEXT.as_bytes(), path)]
    }

    #[test]
    fn values_are_found_by_their_path() {
        assert_eq!(at(&["a", "bb", "1", "c"]), "\"x,}\\\"\"");
        assert_eq!(at(&["a", "bb", "0"]), "1");
        assert_eq!(at(&["d"]), "null");
        assert_eq!(at(&["d", "e"]), "null", "as far as the path goes");
        assert_eq!(at(&[]), TEXT);
        assert_eq!(line_and_column(TEXT.as_bytes(), find(TEXT.as_bytes(), &["d"]).start), (2, 7));
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_stumble(text in "[\\[\\]{}\":,\\\\ a0]{0,60}") {
            for (_, range) in children(text.as_bytes(), &(0..text.len())) {
                children(text.as_bytes(), &range);
            }
        }
    }
}
