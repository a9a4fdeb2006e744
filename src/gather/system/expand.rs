//! `${NAME}` in a value of a `.env` file, as python-dotenv and Compose both put another variable in its place.

/// Puts in what `get` knows; of `${NAME:-text}` the text where it knows nothing. What has another form stays, such as `$NAME`, which
/// python-dotenv leaves.
///
/// Sources: python-dotenv, README, "Variable expansion"; Docker Docs, "Set, use, and manage variables in a Compose file with interpolation".
///
/// # Errors
/// The first name that `get` does not know.
pub(super) fn expand<'v>(value: &str, get: impl Fn(&str) -> Option<&'v str>) -> Result<String, String> {
    let mut whole = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, after)) = rest.split_once("${") {
        whole.push_str(before);
        let inner = after.split_once('}').map(|(inner, behind)| {
            let (name, default) = inner.split_once(":-").map_or((inner, None), |(name, text)| (name, Some(text)));
            (name, default, behind)
        });
        let Some((name, default, behind)) = inner.filter(|(name, ..)| is_name(name)) else {
            whole.push_str("${");
            rest = after;
            continue;
        };
        whole.push_str(get(name).or(default).ok_or_else(|| name.to_owned())?);
        rest = behind;
    }
    whole.push_str(rest);
    Ok(whole)
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_put_in_and_another_form_stays() {
        let get = |name: &str| (name == "ACC").then_some("444455556666");
        for (value, whole) in [
            ("${ACC}", Ok("444455556666")),
            ("arn:aws:iam::${ACC}:role/${ROLE:-S}", Ok("arn:aws:iam::444455556666:role/S")),
            ("${ACC:-1}${ROLE:-}", Ok("444455556666")),
            ("$ACC ${} ${A B} ${ACC", Ok("$ACC ${} ${A B} ${ACC")),
            ("${ACC}${GONE}", Err("GONE")),
        ] {
            assert_eq!(expand(value, get).as_deref().map_err(String::as_str), whole, "{value}");
        }
    }
}
