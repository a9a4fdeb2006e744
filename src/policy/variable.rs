//! Policy variables: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, and the escapes `${*}`, `${?}`, `${$}`.
//!
//! Source: IAM User Guide, "IAM policy elements: Variables and tags". Documents of version 2008-10-17, also those that name no
//! version, know no variables: there `${aws:username}` is plain text.

use std::borrow::Cow;
use std::convert::Infallible;

use super::condition::context::{Context, Lookup};
use super::pattern::Glob;

/// A text as a document of version 2012-10-17 must write it to mean these characters and nothing else: no wildcard, no variable.
#[must_use]
pub fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '*' | '?' | '$' => out.extend(['$', '{', c, '}']),
            other => out.push(other),
        }
    }
    out
}

/// A text of a policy that may hold variables.
#[derive(Clone, PartialEq, Debug)]
pub struct Template {
    written: String,
    kind: Kind,
}

#[derive(Clone, PartialEq, Debug)]
enum Kind {
    Fixed(Glob),
    Pieces(Vec<Piece>),
}

#[derive(Clone, PartialEq, Debug)]
enum Piece {
    /// As written: wildcards count.
    Text(String),
    /// `${*}` and its like: no wildcard.
    Literal(char),
    Variable(Variable),
}

#[derive(Clone, PartialEq, Debug)]
struct Variable {
    key: String,
    key_lower: String,
    default: Option<String>,
}

/// A template with its variables replaced.
#[derive(Clone, Debug)]
pub(crate) struct Resolved<'a> {
    /// The text; wildcards stand in it as characters.
    pub text: Cow<'a, str>,
    /// Byte offsets of `*` and `?` that are no wildcards. Ascending.
    literals: Vec<usize>,
    fixed: Option<&'a Glob>,
}

/// What the value of a variable is taken for when it is empty.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Empty {
    /// The empty text.
    Text,
    /// No value.
    Null,
}

/// What comes of replacing variables.
#[derive(Clone, Debug)]
pub(crate) enum Resolution<'a> {
    Text(Resolved<'a>),
    /// A variable has no value and no default: "effectively null. There is no equal or like value."
    Absent,
    /// Whether this key has a value is not known.
    Unknown(&'a str),
}

impl Template {
    /// Reads a text; `variables` is false for documents of version 2008-10-17.
    pub(crate) fn new(written: &str, variables: bool) -> Self {
        let pieces = if variables && written.contains("${") { split(written) } else { Vec::new() };
        let kind = if pieces.iter().all(|piece| matches!(piece, Piece::Text(_))) {
            Kind::Fixed(Glob::new(written))
        } else {
            Kind::Pieces(pieces)
        };
        Self { written: written.to_owned(), kind }
    }

    /// The text as the policy has it.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.written
    }

    /// The text as a pattern, if it holds no variable.
    pub(crate) const fn fixed(&self) -> Option<&Glob> {
        match &self.kind {
            Kind::Fixed(glob) => Some(glob),
            Kind::Pieces(_) => None,
        }
    }

    /// Whether all that `other` can stand for is matched by this text, whatever the variables of `other` hold.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        self == other || self.fixed().is_some_and(|mine| mine.covers(&other.widest()))
    }

    /// Whether anything may match both, for some values of their variables.
    pub(crate) fn may_meet(&self, other: &Self) -> bool {
        self.widest().meets(&other.widest())
    }

    /// The text with a `*` for each variable.
    fn widest(&self) -> Glob {
        let pieces = match &self.kind {
            Kind::Fixed(glob) => return glob.clone(),
            Kind::Pieces(pieces) => pieces,
        };
        let Ok((text, literals)) = self.joined(pieces, |_| Ok::<_, Infallible>(None));
        Glob::with_literals(&text, |offset| literals.contains(&offset))
    }

    /// Whether a variable stands before the colon of this number, counted from 1.
    pub(crate) fn has_variable_before_colon(&self, number: usize) -> bool {
        let Kind::Pieces(pieces) = &self.kind else { return false };
        let mut colons = 0;
        for piece in pieces {
            match piece {
                Piece::Text(text) => colons += text.matches(':').count(),
                Piece::Literal(_) => {}
                Piece::Variable(_) if colons < number => return true,
                Piece::Variable(_) => {}
            }
        }
        false
    }

    /// A variable whose value is an empty text. AWS says what a key makes of it "that has no value or is not present", and leaves open
    /// whether an empty text is one: whoever compares has to try both.
    pub(crate) fn emptied(&self, context: &Context<'_>) -> Option<&str> {
        let Kind::Pieces(pieces) = &self.kind else { return None };
        pieces.iter().find_map(|piece| match piece {
            Piece::Variable(of) => {
                matches!(context.get(&of.key_lower), Lookup::Values([one]) if one.is_empty()).then_some(of.key.as_str())
            }
            Piece::Text(_) | Piece::Literal(_) => None,
        })
    }

    /// Replaces the variables.
    pub(crate) fn resolve<'a>(&'a self, context: &Context<'_>) -> Resolution<'a> {
        self.resolve_as(context, Empty::Text)
    }

    /// Replaces the variables, with empty values taken as one may.
    pub(crate) fn resolve_as<'a>(&'a self, context: &Context<'_>, empty: Empty) -> Resolution<'a> {
        let pieces = match &self.kind {
            Kind::Fixed(glob) => {
                return Resolution::Text(Resolved {
                    text: Cow::Borrowed(&self.written),
                    literals: Vec::new(),
                    fixed: Some(glob),
                });
            }
            Kind::Pieces(pieces) => pieces,
        };
        let value = |of: &'a Variable| match (context.get(&of.key_lower), &of.default) {
            (Lookup::Values([one]), _) if empty == Empty::Text || !one.is_empty() => Ok(Some(one.as_str())),
            (Lookup::Values(_) | Lookup::Absent, Some(default)) => Ok(Some(default.as_str())),
            (Lookup::Values(_) | Lookup::Absent, None) => Err(Resolution::Absent),
            (Lookup::Unknown | Lookup::Pathless { .. }, _) => Err(Resolution::Unknown(&of.key)),
        };
        match self.joined(pieces, value) {
            Ok((text, literals)) => Resolution::Text(Resolved { text: Cow::Owned(text), literals, fixed: None }),
            Err(none) => none,
        }
    }

    /// The pieces as one text, and the offsets of what is no wildcard in it. `value` says what a variable holds; `None`: it may be anything.
    fn joined<'p, 'v, E>(
        &self,
        pieces: &'p [Piece],
        value: impl Fn(&'p Variable) -> Result<Option<&'v str>, E>,
    ) -> Result<(String, Vec<usize>), E> {
        let (mut text, mut literals) = (String::with_capacity(self.written.len()), Vec::new());
        for piece in pieces {
            match piece {
                Piece::Text(part) => text.push_str(part),
                Piece::Literal(c) => {
                    literals.push(text.len());
                    text.push(*c);
                }
                Piece::Variable(variable) => match value(variable)? {
                    Some(value) => {
                        literals.extend(value.match_indices(['*', '?']).map(|(offset, _)| text.len() + offset));
                        text.push_str(value);
                    }
                    None => text.push('*'),
                },
            }
        }
        Ok((text, literals))
    }
}

impl Piece {
    fn variable(key: &str, default: Option<&str>) -> Self {
        Self::Variable(Variable {
            key: key.to_owned(),
            key_lower: key.to_ascii_lowercase(),
            default: default.map(str::to_owned),
        })
    }
}

impl Resolved<'_> {
    /// Whether the text, read as a pattern, matches.
    pub(crate) fn matches(&self, text: &str) -> bool {
        self.fixed.map_or_else(|| self.glob().matches(text), |glob| glob.matches(text))
    }

    /// The text as a pattern.
    pub(crate) fn glob(&self) -> Cow<'_, Glob> {
        self.fixed.map_or_else(|| Cow::Owned(self.glob_of(0, &self.text)), Cow::Borrowed)
    }

    /// A part of the text, beginning at byte `start`, as a pattern.
    pub(crate) fn glob_of(&self, start: usize, part: &str) -> Glob {
        Glob::with_literals(part, |offset| self.literals.binary_search(&(start + offset)).is_ok())
    }
}

/// Takes a text with `${…}` apart. What is no well-formed variable stays text.
fn split(written: &str) -> Vec<Piece> {
    let (mut pieces, mut plain, mut rest) = (Vec::new(), String::new(), written);
    while let Some((before, after)) = rest.split_once("${") {
        plain.push_str(before);
        let Some((inside, behind)) = close(after) else {
            plain.push_str("${");
            rest = after;
            continue;
        };
        if !plain.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut plain)));
        }
        pieces.push(inside);
        rest = behind;
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    pieces
}

/// Reads a variable behind its `${`, and what follows its `}`.
fn close(text: &str) -> Option<(Piece, &str)> {
    let (inside, behind) = text.split_once('}')?;
    // "Separate the variable text and the default value with a comma and space": anything else is no default.
    if let Some((key, default)) = inside.split_once(", '").and_then(|(key, rest)| Some((key, rest.strip_suffix('\'')?)))
    {
        return Some((Piece::variable(key, Some(default)), behind));
    }
    match inside {
        "*" => Some((Piece::Literal('*'), behind)),
        "?" => Some((Piece::Literal('?'), behind)),
        "$" => Some((Piece::Literal('$'), behind)),
        "" => None,
        key => Some((Piece::variable(key, None), behind)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(written: &str) -> Option<String> {
        let mut context = Context::new();
        context.set("aws:username", "alice");
        context.set("aws:PrincipalTag/cost center", "a*b");
        match Template::new(written, true).resolve(&context) {
            Resolution::Text(resolved) => Some(resolved.text.into_owned()),
            Resolution::Absent | Resolution::Unknown(_) => None,
        }
    }

    #[test]
    fn variables_are_replaced_or_never_match() {
        for (written, expected) in [
            ("role/${aws:username}-x", Some("role/alice-x")),
            ("${AWS:UserName}", Some("alice")),
            ("${aws:PrincipalTag/none, 'red'}", Some("red")),
            ("${aws:PrincipalTag/none,'red'}", None),
            ("${aws:PrincipalTag/none}", None),
            ("${aws:PrincipalTag/cost center}", Some("a*b")),
            ("${$}${aws:username", Some("$${aws:username")),
            ("plain", Some("plain")),
        ] {
            assert_eq!(resolved(written).as_deref(), expected, "{written}");
        }
    }

    #[test]
    fn a_star_from_a_value_or_an_escape_is_no_wildcard() {
        let mut context = Context::new();
        context.set("k", "a*");
        for (written, text, expected) in
            [("${k}", "abc", false), ("${k}", "a*", true), ("x${*}*", "x*yz", true), ("x${*}*", "xyz", false)]
        {
            let template = Template::new(written, true);
            let Resolution::Text(resolved) = template.resolve(&context) else { panic!("{written}") };
            assert_eq!(resolved.matches(text), expected, "{written} on {text}");
        }
    }

    #[test]
    fn what_a_variable_may_hold_is_covered_only_by_what_takes_anything() {
        let template = |written: &str| Template::new(written, true);
        for (wide, narrow, expected) in [
            ("home/*", "home/${aws:username}", true),
            ("home/${aws:username}", "home/${aws:username}", true),
            ("home/${aws:username}", "home/alice", false),
            ("home/${aws:userid}", "home/${aws:username}", false),
            ("home/a*", "home/${aws:username}", false),
            ("home/*", "home/${*}", true),
            ("home/${*}", "home/*", false),
        ] {
            assert_eq!(template(wide).covers(&template(narrow)), expected, "{wide} over {narrow}");
        }
        assert!(!Template::new("${aws:username}", false).covers(&template("${aws:username}")), "text is no variable");
        assert!(template("home/${aws:username}").may_meet(&template("home/alice")));
        assert!(!template("home/${aws:username}").may_meet(&template("tmp/*")));
        assert!(!template("home/${*}").may_meet(&template("home/alice")));
    }

    #[test]
    fn the_old_version_knows_no_variables() {
        let template = Template::new("${aws:username}", false);
        assert!(
            matches!(template.resolve(&Context::new()), Resolution::Text(resolved) if resolved.text == "${aws:username}")
        );
    }
}
