//! IAM's wildcards: `*` stands for any text, also none; `?` for one character.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Resource". Matching takes time in proportion to the text, whatever the
//! pattern: the parts between stars are looked for from left to right, and no choice is ever taken back.

use std::collections::HashMap;

/// Whether `text` matches `pattern`, letter case included.
#[must_use]
pub fn matches(pattern: &str, text: &str) -> bool {
    Glob::new(pattern).matches(text)
}

/// A pattern taken apart once, to be tried often.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Glob {
    /// `*`.
    Any,
    /// No wildcard in it.
    Exact(Box<str>),
    /// The parts between stars; without a star there is one.
    Parts(Box<[Part]>),
}

/// What stands between two stars.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Part {
    Literal(Box<str>),
    /// `None` is a `?`.
    Marked(Box<[Option<char>]>),
}

impl Glob {
    pub(crate) fn new(pattern: &str) -> Self {
        Self::with_literals(pattern, |_| false)
    }

    /// As [`Glob::new`], for a text in which some `*` and `?` (by their byte offset) are meant literally.
    pub(crate) fn with_literals(pattern: &str, is_literal: impl Fn(usize) -> bool) -> Self {
        let is_wildcard = |offset: usize| !is_literal(offset);
        if !pattern.match_indices(['*', '?']).any(|(offset, _)| is_wildcard(offset)) {
            return Self::Exact(pattern.into());
        }
        if pattern == "*" {
            return Self::Any;
        }
        let (mut parts, mut start) = (Vec::new(), 0);
        let part = |start: usize, end: usize| {
            let text = pattern.get(start..end).unwrap_or_default();
            Part::new(text, |offset| is_literal(start + offset))
        };
        for (offset, _) in pattern.match_indices('*').filter(|(offset, _)| is_wildcard(*offset)) {
            parts.push(part(start, offset));
            start = offset + 1;
        }
        parts.push(part(start, pattern.len()));
        Self::Parts(parts.into())
    }

    pub(crate) fn matches(&self, text: &str) -> bool {
        let parts = match self {
            Self::Any => return true,
            Self::Exact(exact) => return **exact == *text,
            Self::Parts(parts) => parts,
        };
        let [first, middle @ .., last] = &**parts else {
            return parts.first().is_some_and(|only| only.prefix(text) == Some(text.len()));
        };
        let Some(mut rest) = first.prefix(text).and_then(|end| text.get(end..)) else { return false };
        for part in middle {
            let Some(found) = part.find_end(rest).and_then(|end| rest.get(end..)) else { return false };
            rest = found;
        }
        last.is_suffix(rest)
    }

    /// Whether any text at all matches both this pattern and `other`.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        let (mine, theirs) = (self.glyphs(), other.glyphs());
        // `row[j]`: the glyphs of mine so far and the first j of theirs have a text in common.
        let mut row = vec![false; theirs.len() + 1];
        for (j, cell) in row.iter_mut().enumerate() {
            *cell = theirs.iter().take(j).all(|glyph| *glyph == Glyph::Any);
        }
        for glyph in &mine {
            let mut next = Vec::with_capacity(row.len());
            next.push(*glyph == Glyph::Any && row.first() == Some(&true));
            for ((their, diagonal), above) in theirs.iter().zip(&row).zip(row.iter().skip(1)) {
                let left = next.last() == Some(&true);
                let here = match (*glyph, *their) {
                    (Glyph::Any, Glyph::Any) => left || *above || *diagonal,
                    (Glyph::Any, _) => left || *above,
                    (_, Glyph::Any) => left || *above,
                    (a, b) => *diagonal && a.shares(b),
                };
                next.push(here);
            }
            row = next;
        }
        row.last() == Some(&true)
    }

    /// Whether every text that matches `other` matches this pattern as well. Where it says no, that may only be because of `?` beside `*`.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) => return true,
            (_, Self::Exact(text)) => return self.matches(text),
            (Self::Exact(_), _) => return false,
            (Self::Parts(mine), Self::Parts(theirs)) => {
                if let (Some(Part::Literal(mine)), Some(Part::Literal(theirs))) = (mine.first(), theirs.first())
                    && !theirs.starts_with(&**mine)
                {
                    return false;
                }
            }
            (Self::Parts(_), Self::Any) => {}
        }
        let (mine, theirs) = (self.glyphs(), other.glyphs());
        // `row[j]`: the glyphs of mine so far cover the first j of theirs.
        let mut row = vec![false; theirs.len() + 1];
        if let Some(first) = row.first_mut() {
            *first = true;
        }
        for glyph in &mine {
            let mut next = Vec::with_capacity(row.len());
            next.push(*glyph == Glyph::Any && row.first() == Some(&true));
            for ((their, diagonal), above) in theirs.iter().zip(&row).zip(row.iter().skip(1)) {
                let here = match *glyph {
                    Glyph::Any => *above || next.last() == Some(&true),
                    Glyph::One => *diagonal && *their != Glyph::Any,
                    Glyph::Char(_) => *diagonal && their == glyph,
                };
                next.push(here);
            }
            row = next;
        }
        row.last() == Some(&true)
    }

    fn glyphs(&self) -> Vec<Glyph> {
        let parts = match self {
            Self::Any => return vec![Glyph::Any],
            Self::Exact(exact) => return exact.chars().map(Glyph::Char).collect(),
            Self::Parts(parts) => parts,
        };
        let mut glyphs = Vec::new();
        for (position, part) in parts.iter().enumerate() {
            if position > 0 {
                glyphs.push(Glyph::Any);
            }
            match part {
                Part::Literal(text) => glyphs.extend(text.chars().map(Glyph::Char)),
                Part::Marked(marks) => glyphs.extend(marks.iter().map(|mark| mark.map_or(Glyph::One, Glyph::Char))),
            }
        }
        glyphs
    }
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Glyph {
    Any,
    One,
    Char(char),
}

impl Glyph {
    fn shares(self, other: Self) -> bool {
        matches!(self, Self::One) || matches!(other, Self::One) || self == other
    }
}

impl Part {
    fn new(text: &str, is_literal: impl Fn(usize) -> bool) -> Self {
        let is_mark = |offset: usize, c: char| c == '?' && !is_literal(offset);
        if text.char_indices().any(|(offset, c)| is_mark(offset, c)) {
            Self::Marked(text.char_indices().map(|(offset, c)| (!is_mark(offset, c)).then_some(c)).collect())
        } else {
            Self::Literal(text.into())
        }
    }

    /// The length in bytes of the beginning of `text` that this part covers.
    fn prefix(&self, text: &str) -> Option<usize> {
        match self {
            Self::Literal(literal) => text.starts_with(&**literal).then_some(literal.len()),
            Self::Marked(marks) => {
                let mut characters = text.chars();
                for mark in marks {
                    let c = characters.next()?;
                    if mark.is_some_and(|wanted| wanted != c) {
                        return None;
                    }
                }
                Some(text.len() - characters.as_str().len())
            }
        }
    }

    fn is_suffix(&self, text: &str) -> bool {
        match self {
            Self::Literal(literal) => text.ends_with(&**literal),
            Self::Marked(marks) => {
                let mut characters = text.chars().rev();
                marks.iter().rev().all(|mark| characters.next().is_some_and(|c| mark.is_none_or(|wanted| wanted == c)))
            }
        }
    }

    /// Where the first occurrence in `text` ends.
    fn find_end(&self, text: &str) -> Option<usize> {
        match self {
            Self::Literal(literal) => text.find(&**literal).map(|start| start + literal.len()),
            Self::Marked(marks) => find_marked(marks, text),
        }
    }
}

/// Finds a part with `?` in it: one bit for each beginning of the part that the text so far may end with (the "shift-and" method).
fn find_marked(marks: &[Option<char>], text: &str) -> Option<usize> {
    let Masks { others, of } = Masks::new(marks);
    let mut state = vec![0u64; others.len()];
    let goal = 1u64 << (marks.len().wrapping_sub(1) % 64);
    for (offset, c) in text.char_indices() {
        let mask = of.get(&c).unwrap_or(&others);
        let mut carry = 1;
        for (word, allowed) in state.iter_mut().zip(mask) {
            let shifted = (*word << 1) | carry;
            carry = *word >> 63;
            *word = shifted & allowed;
        }
        if state.last().is_some_and(|word| word & goal != 0) {
            return Some(offset + c.len_utf8());
        }
    }
    None
}

/// For each character the places of a part at which it may stand, one bit each.
struct Masks {
    /// Of a character that the part does not name.
    others: Vec<u64>,
    of: HashMap<char, Vec<u64>>,
}

impl Masks {
    fn new(marks: &[Option<char>]) -> Self {
        let bits = || marks.iter().enumerate().map(|(place, mark)| (place / 64, 1u64 << (place % 64), *mark));
        let mut others = vec![0; marks.len().div_ceil(64)];
        for (word, bit, _) in bits().filter(|(.., mark)| mark.is_none()) {
            set(&mut others, word, bit);
        }
        let mut of = HashMap::new();
        for (word, bit, mark) in bits() {
            if let Some(c) = mark {
                set(of.entry(c).or_insert_with(|| others.clone()), word, bit);
            }
        }
        Self { others, of }
    }
}

fn set(mask: &mut [u64], word: usize, bit: u64) {
    if let Some(word) = mask.get_mut(word) {
        *word |= bit;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn naive(pattern: &[char], text: &[char]) -> bool {
        match (pattern.split_first(), text.split_first()) {
            (None, None) => true,
            (None, Some(_)) => false,
            (Some(('*', rest)), _) => {
                naive(rest, text) || text.split_first().is_some_and(|(_, tail)| naive(pattern, tail))
            }
            (Some(_), None) => false,
            (Some((p, rest)), Some((t, tail))) => (*p == '?' || p == t) && naive(rest, tail),
        }
    }

    #[test]
    fn wildcards_as_iam_reads_them() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
            ("a*", "abc", true),
            ("*c", "abc", true),
            ("a*c", "ac", true),
            ("a*bc*d", "abcbcd", true),
            ("ab*ba", "aba", false),
            ("T?rget", "Target", true),
            ("T?rget", "Trget", false),
            ("*?b", "aab", true),
            ("*a?*c", "xxabyc", true),
            ("?", "é", true),
            ("arn:aws:iam::*:role/Target", "arn:aws:iam::222222222222:role/Target", true),
            ("Role", "role", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} on {text}");
        }
    }

    #[test]
    fn a_thousand_stars_take_no_time() {
        let text = "a".repeat(100_000);
        let started = std::time::Instant::now();
        assert!(!matches(&format!("{}b", "*a".repeat(1_000)), &text));
        assert!(!matches(&format!("*{}b*", "a".repeat(4_000)), &text));
        assert!(!matches(&format!("*{}b?b*", "a".repeat(60)), &text));
        let all_different: String = (0x4e00..0x8e00).filter_map(char::from_u32).collect();
        assert!(matches(&format!("*?{all_different}*"), &format!("xx{all_different}")));
        assert!(started.elapsed().as_millis() < 1_000, "{:?}", started.elapsed());
    }

    #[test]
    fn two_patterns_meet_where_a_text_matches_both() {
        for (a, b, expected) in [
            ("role/*Caller", "role/Caller", true),
            ("role/*Caller", "role/team/*", true),
            ("role/*Caller", "role/Other", false),
            ("*", "", true),
            ("a?", "*b", true),
            ("a*b", "b*a", false),
        ] {
            assert_eq!(Glob::new(a).meets(&Glob::new(b)), expected, "{a} and {b}");
            assert_eq!(Glob::new(b).meets(&Glob::new(a)), expected, "{b} and {a}");
        }
    }

    #[test]
    fn a_pattern_covers_what_is_narrower() {
        for (wide, narrow, expected) in [
            ("*", "", true),
            ("*", "s3:*", true),
            ("s3:get*", "s3:getobject", true),
            ("s3:get*", "s3:get*", true),
            ("s3:get*", "s3:getobject*", true),
            ("s3:get*", "s3:*", false),
            ("s3:*object", "s3:get*object", true),
            ("s3:getobject", "s3:getobject?", false),
            ("a?", "a*", false),
            ("a*", "a?", true),
            ("a*b*", "ab", true),
            ("**", "*", true),
            ("", "", true),
            ("", "*", false),
        ] {
            assert_eq!(Glob::new(wide).covers(&Glob::new(narrow)), expected, "{wide} over {narrow}");
        }
    }

    proptest! {
        #[test]
        fn what_is_covered_matches(wide in "[ab*?]{0,5}", narrow in "[ab*?]{0,5}", text in "[abc]{0,6}") {
            if Glob::new(&wide).covers(&Glob::new(&narrow)) && matches(&narrow, &text) {
                prop_assert!(matches(&wide, &text));
            }
        }

        #[test]
        fn a_text_is_covered_where_it_matches(wide in "[ab*?]{0,7}", text in "[ab]{0,7}") {
            prop_assert_eq!(Glob::new(&wide).covers(&Glob::new(&text)), matches(&wide, &text));
        }

        #[test]
        fn agrees_with_the_naive_matcher(pattern in "[ab*?é]{0,9}", text in "[abé]{0,10}") {
            let (p, t): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
            prop_assert_eq!(matches(&pattern, &text), naive(&p, &t));
            prop_assert_eq!(Glob::new(&pattern).meets(&Glob::new(&text)), naive(&p, &t));
        }

        #[test]
        fn what_matches_both_makes_them_meet(a in "[ab*?]{0,6}", b in "[ab*?]{0,6}", text in "[ab]{0,6}") {
            if matches(&a, &text) && matches(&b, &text) {
                prop_assert!(Glob::new(&a).meets(&Glob::new(&b)));
            }
        }
    }
}
