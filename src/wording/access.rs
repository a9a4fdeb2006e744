//! Of a role that can be assumed: what it may not do all the same.

/// "it may not get a registry's token or pull from team/app". `None`: there is nothing. Each is what an expectation is for.
#[must_use]
pub fn may_not(whats: &[&str]) -> Option<String> {
    let (last, others) = whats.split_last()?;
    Some(match others {
        [] => format!("it may not {last}"),
        others => format!("it may not {} or {last}", others.join(", ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_is_named() {
        assert_eq!(may_not(&[]), None);
        assert_eq!(may_not(&["pull"]).as_deref(), Some("it may not pull"));
        assert_eq!(may_not(&["a", "b", "c"]).as_deref(), Some("it may not a, b or c"));
    }
}
