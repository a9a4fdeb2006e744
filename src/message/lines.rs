//! A pasted text as lines, without what terminals, editors, logs and mail put around them.

use std::sync::LazyLock;

use regex_lite::Regex;

/// Escape sequences of terminals, and what is left of colours where the escape itself was lost.
const ESCAPES: &str = r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\[(?:\d{1,3};){0,4}\d{1,3}m";
/// What a log, a listing or a mail puts in front of a line: a time, the name of a container, a number, borders, marks of a quotation.
const LINE_START: &str = r"^\s*(?:\d{4}-\d\d-\d\dT[\d:.]+Z\s+)?(?:\d{1,6}(?:\s*[|│]\s|:\s|\t)|[\w.-]{1,60}\s+\|\s)?\s*(?:[│╷╵|>]\s?)*(?:##\[error\]|::error(?: [^:]*)?::)?\s*";
/// A border behind it, and a fence of Markdown.
const LINE_END: &str = r"(?:\s+[│|])?\s*$";
const FENCE: &str = r"^\s*(?:```\w*|~~~\w*)\s*$";
/// Lines of a stack.
const STACK: &str = r#"^\s*(?:at\s+(?:async\s+)?\S.*[:(].*|File ".*", line \d+.*|from \S+:\d+:in .*|Traceback \(most recent call last\):)\s*$"#;
/// The narrowest terminal whose cut lines are put together again.
const NARROWEST: usize = 40;
/// Widths that people give their terminals: one line of just such a width was likely cut. Of any other width two are needed.
const USUAL: [usize; 8] = [80, 100, 120, 132, 140, 160, 180, 200];

struct Compiled {
    escapes: Option<Regex>,
    line_start: Option<Regex>,
    line_end: Option<Regex>,
    fence: Option<Regex>,
    stack: Option<Regex>,
}

// A test holds that every pattern is one.
static COMPILED: LazyLock<Compiled> = LazyLock::new(|| {
    let one = |pattern: &str| Regex::new(pattern).ok();
    Compiled {
        escapes: one(ESCAPES),
        line_start: one(LINE_START),
        line_end: one(LINE_END),
        fence: one(FENCE),
        stack: one(STACK),
    }
});

/// The text in plain characters: no escapes, the quotation marks that keyboards have, nothing that takes no room.
pub(super) fn plain(text: &str) -> String {
    let text = match &COMPILED.escapes {
        Some(regex) if text.contains(['\u{1b}', '[']) => regex.replace_all(text, ""),
        _ => text.into(),
    };
    text.chars()
        .filter(|c| !matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}'))
        .map(|c| match c {
            '“' | '”' | '„' | '‟' | '«' | '»' => '"',
            '‘' | '’' | '‚' | '‛' => '\'',
            other => other,
        })
        .collect()
}

/// One line of it: what stands around lines taken off, stacks left out, white space as single blanks.
pub(super) fn flat<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let Compiled { line_start, line_end, fence, stack, .. } = &*COMPILED;
    let is = |regex: &Option<Regex>, line: &str| regex.as_ref().is_some_and(|regex| regex.is_match(line));
    let mut out = String::new();
    for line in lines.filter(|line| !line.trim().is_empty() && !is(fence, line)) {
        let start = line_start.as_ref().and_then(|regex| regex.find(line)).map_or(0, |found| found.end());
        let line = line.get(start..).unwrap_or_default();
        let end = line_end.as_ref().and_then(|regex| regex.find(line)).map_or(line.len(), |found| found.start());
        let line = line.get(..end).unwrap_or_default();
        if is(stack, line) {
            continue;
        }
        for word in line.split_whitespace() {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(word);
        }
    }
    out
}

/// The lines as they may have been before a terminal cut them at its last column, within words too. `None` when nothing looks cut:
/// one line is the longest of any text.
///
/// Text that was broken between words may look alike: whoever asks compares what both tell.
pub(super) fn rejoined(text: &str) -> Option<Vec<String>> {
    let width = |line: &str| line.chars().count();
    let longest = text.lines().map(width).max().filter(|longest| *longest >= NARROWEST)?;
    if !USUAL.contains(&longest) && text.lines().filter(|line| width(line) == longest).count() < 2 {
        return None;
    }
    let mut out: Vec<String> = Vec::new();
    let (mut goes_on, mut joined) = (false, false);
    for line in text.lines() {
        match out.last_mut() {
            Some(last) if goes_on && !line.is_empty() => {
                last.push_str(line);
                joined = true;
            }
            _ => out.push(line.to_owned()),
        }
        // A blank in the last column is lost when the text is copied.
        let columns = width(line);
        goes_on = columns == longest;
        if columns + 1 == longest
            && let Some(last) = out.last_mut()
        {
            last.push(' ');
            goes_on = true;
        }
    }
    joined.then_some(out)
}

#[cfg(test)]
pub(super) fn every_pattern() -> [&'static str; 5] {
    [ESCAPES, LINE_START, LINE_END, FENCE, STACK]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_around_lines_is_taken_off() {
        for (text, expected) in [
            ("│ one   │\n│ two   │", "one two"),
            ("   1 | one\n   2 | two", "one two"),
            ("     1\tone", "one"),
            ("webhook-1  | one", "one"),
            ("> > one\n> > two", "one two"),
            ("```text\none\n```", "one"),
            ("2024-05-01T10:00:00.1234567Z ##[error]one", "one"),
            ("1 validation error detected", "1 validation error detected"),
            ("one\n  at f (x.js:1:2)\n\tfrom /a/b.rb:17:in `call'", "one"),
        ] {
            assert_eq!(flat(plain(text).lines()), expected, "{text}");
        }
        assert_eq!(plain("\u{1b}[31mred\u{1b}[0m [1;31mlost[0m “a” l’b\u{200b}c"), "red lost \"a\" l'bc");
        assert_eq!(plain("[error] list[3]"), "[error] list[3]");
    }

    #[test]
    fn lines_that_were_cut_are_put_together() {
        let words = "User: arn:aws:sts::111111111111:assumed-role/Caller/s1 is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222222222222:role/Target because no identity-based policy allows the sts:AssumeRole action";
        let characters: Vec<char> = words.chars().collect();
        for columns in (40..60).chain([80, 100, 120]) {
            let pieces = characters.chunks(columns).map(|piece| piece.iter().collect::<String>().trim_end().to_owned());
            let cut: Vec<String> = pieces.collect();
            let lines = rejoined(&cut.join("\n")).unwrap_or_else(|| panic!("{columns}: {cut:?}"));
            assert_eq!(flat(lines.iter().map(String::as_str)), words, "{columns}: {cut:?}");
        }
        // The message is the longest line of what was pasted, and not cut.
        assert_eq!(rejoined(&format!("{words}\nmake: *** [deploy] Error 255")), None);
        assert_eq!(rejoined("short\nlines"), None);
        assert_eq!(rejoined(&"x".repeat(100)), None);
    }
}
