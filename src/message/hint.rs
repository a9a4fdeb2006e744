//! A regular expression with a text that must be there for it to match: most messages are told apart by looking for that alone.
//!
//! The expressions are run by a matcher that is small and slow; looking for a text is a hundred times as fast.

use regex_lite::{Captures, Regex};

/// An expression and what it needs.
#[derive(Debug)]
pub(super) struct Hinted {
    regex: Regex,
    /// One of these must be there; none when nothing is known.
    needs: Vec<String>,
}

impl Hinted {
    /// `None` when it is no expression.
    pub(super) fn new(pattern: &str) -> Option<Self> {
        Some(Self { regex: Regex::new(pattern).ok()?, needs: needed(pattern) })
    }

    fn may_match(&self, text: &str) -> bool {
        self.needs.is_empty() || self.needs.iter().any(|needed| text.contains(needed))
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        self.may_match(text) && self.regex.is_match(text)
    }

    pub(super) fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        if self.may_match(text) { self.regex.captures(text) } else { None }
    }

    pub(super) fn last_captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        if self.may_match(text) { self.regex.captures_iter(text).last() } else { None }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.regex.capture_names().flatten()
    }
}

/// Of each alternative the longest text outside groups, classes and repetitions: whatever matches holds one of them. Empty when an
/// alternative has none.
fn needed(pattern: &str) -> Vec<String> {
    let mut all = Vec::new();
    let (mut best, mut run) = (String::new(), String::new());
    let mut depth = 0_usize;
    let mut characters = pattern.chars().peekable();
    if pattern.starts_with("(?i)") {
        return all;
    }
    let close = |run: &mut String, best: &mut String| {
        if run.len() > best.len() {
            best.clone_from(run);
        }
        run.clear();
    };
    while let Some(c) = characters.next() {
        let literal = match c {
            '\\' => characters.next().filter(|escaped| !escaped.is_ascii_alphanumeric()),
            '(' => {
                depth += 1;
                None
            }
            ')' => {
                depth = depth.saturating_sub(1);
                None
            }
            '[' => {
                // A closing bracket that comes first belongs to the class.
                let mut first = true;
                while let Some(inner) = characters.next() {
                    match inner {
                        '\\' => drop(characters.next()),
                        '^' if first => continue,
                        ']' if !first => break,
                        _ => {}
                    }
                    first = false;
                }
                None
            }
            '|' if depth == 0 => {
                close(&mut run, &mut best);
                all.push(std::mem::take(&mut best));
                None
            }
            // What stands before may not be there.
            '{' | '?' | '*' => {
                if c == '{' {
                    characters.by_ref().find(|inner| *inner == '}');
                }
                run.pop();
                None
            }
            '.' | '^' | '$' | '+' | '|' => None,
            other => Some(other),
        };
        match literal.filter(|_| depth == 0) {
            Some(literal) => run.push(literal),
            None => close(&mut run, &mut best),
        }
    }
    close(&mut run, &mut best);
    all.push(best);
    if all.iter().any(String::is_empty) { Vec::new() } else { all }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_must_be_there_is_found() {
        for (pattern, expected) in [
            (r"User: (?P<a>\S+) is not authorized", " is not authorized"),
            (r"ab+|[cd]|e", ""),
            (r"ab?c|\.d", "a or .d"),
            (r"^No access\b", "No access"),
            (r"colou?r", "colo"),
            (r"ab*cd+e", "cd"),
            (r"ab{2}", "a"),
            (r#"[]"'a]+x\(y\)"#, "x(y)"),
            (r"\.tf line \d+", ".tf line "),
            (r"(?i)request", ""),
            (r"(?:abc|def) ghi", " ghi"),
            (r".+", ""),
        ] {
            assert_eq!(needed(pattern).join(" or "), expected, "{pattern}");
        }
    }
}
