//! Placeholders within commands.

/// Quotes every word of a command that holds one of `placeholders`: a shell reads `<` and `>` as redirections, and would write files.
pub(super) fn quoted<'a>(command: &str, placeholders: impl Iterator<Item = &'a str> + Clone) -> String {
    words(command).map(|(word, after)| of_word(word, placeholders.clone()) + after).collect()
}

/// The words of a command, each with the white space behind it. White space in single quotes parts no words.
fn words(command: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = command;
    std::iter::from_fn(move || {
        let mut quoted = false;
        let end = rest.find(|c: char| {
            quoted ^= c == '\'';
            c.is_whitespace() && !quoted
        });
        let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
        let next = after.find(|c: char| !c.is_whitespace()).unwrap_or(after.len());
        let (space, next) = after.split_at(next);
        rest = next;
        (!word.is_empty() || !space.is_empty()).then_some((word, space))
    })
}

fn of_word<'a>(word: &str, placeholders: impl Iterator<Item = &'a str>) -> String {
    let has_quotes = word.contains('\'');
    let mut out = word.to_owned();
    for placeholder in placeholders.filter(|one| word.contains(one)) {
        if !has_quotes {
            return format!("'{word}'");
        }
        out = outside(&out, placeholder);
    }
    out
}

/// Quotes a placeholder where it stands outside the quotes of a word.
fn outside(word: &str, placeholder: &str) -> String {
    let mut parts = word.split('\'').enumerate();
    let mut out =
        parts.next().map(|(_, first)| first.replace(placeholder, &format!("'{placeholder}'"))).unwrap_or_default();
    for (at, part) in parts {
        out.push('\'');
        if at % 2 == 0 {
            out.push_str(&part.replace(placeholder, &format!("'{placeholder}'")));
        } else {
            out.push_str(part);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_placeholder_redirects_anything() {
        for (command, out) in [
            ("aws sts x --external-id <id-1>", "aws sts x --external-id '<id-1>'"),
            ("aws x arn:aws:iam::<a-1>:role/R > saved.json", "aws x 'arn:aws:iam::<a-1>:role/R' > saved.json"),
            ("aws x '{\"a\": \"<id-1> b\"}'", "aws x '{\"a\": \"<id-1> b\"}'"),
            ("x 'a b'<id-1>'c <id-1>'", "x 'a b''<id-1>''c <id-1>'"),
            ("", ""),
            ("a  b", "a  b"),
        ] {
            assert_eq!(quoted(command, ["<id-1>", "<a-1>"].into_iter()), out);
        }
    }
}
