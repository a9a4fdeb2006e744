//! How much of a value may be seen (S3-59: `wqF***Ye`, `quilt-***`).

/// How a value is shown where it was not asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mask {
    /// Nothing of it, and not its length.
    Full,
    /// The first three and the last two characters of a longer value.
    Partial,
    /// As it is.
    Open,
}

/// What a full mask looks like: the same for every value.
pub const FULL: &str = "********";

/// Shows `value` as far as `mask` allows. The text is not made safe to print: pass it through [`super::text::safe`].
#[must_use]
pub fn masked(value: &str, mask: Mask) -> String {
    match mask {
        Mask::Open => value.to_owned(),
        _ if value.is_empty() => String::new(),
        Mask::Full => FULL.to_owned(),
        Mask::Partial => partly(value),
    }
}

/// A prefix that ends in `_` or `-` tells what the value is and may stay; of a short value nothing is shown.
fn partly(value: &str) -> String {
    let characters: Vec<char> = value.chars().collect();
    if let Some(prefix) = value.strip_prefix("appdef_") {
        return if prefix.is_empty() { "appdef_".into() } else { "appdef_***".into() };
    }
    if characters.len() < 8 {
        return "***".into();
    }
    let head: String = characters.iter().take(3).collect();
    let tail: String = characters.iter().skip(characters.len() - 2).collect();
    format!("{head}***{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_show_no_more_than_they_may() {
        assert_eq!(masked("wqFabcdefgYe", Mask::Partial), "wqF***Ye");
        assert_eq!(masked("short", Mask::Partial), "***");
        assert_eq!(masked("appdef_wqFabc", Mask::Partial), "appdef_***");
        assert_eq!(masked("x", Mask::Full), masked("a much longer value", Mask::Full));
        assert_eq!(masked("", Mask::Full), "");
        assert_eq!(masked("quilt-user", Mask::Open), "quilt-user");
    }
}
