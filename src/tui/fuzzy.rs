//! The filter of the lists: fuzzy, over everything a row shows.

use frizbee::{Config, Matcher};

/// The longest filter that is looked at, in characters.
const LONGEST: usize = 100;

/// The rows that match, best first; without a filter all of them, in their order.
pub fn matching(filter: &str, rows: &[impl AsRef<str>]) -> Vec<usize> {
    let filter: String = filter.trim().chars().take(LONGEST).collect();
    if filter.is_empty() {
        return (0..rows.len()).collect();
    }
    let mut matcher = Matcher::from_query(&filter, &Config::default());
    matcher.match_list(rows).into_iter().filter_map(|found| usize::try_from(found.index).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_must_be_found_somewhere() {
        let rows = ["staging SSO eu-west-1 111122223333", "prod keys us-east-1 444455556666"].map(str::to_owned);
        assert_eq!(matching("", &rows), [0, 1]);
        assert_eq!(matching("4444", &rows), [1]);
        assert_eq!(matching("stg 1111", &rows), [0]);
        assert_eq!(matching("stg 4444", &rows), Vec::<usize>::new());
    }

    #[test]
    fn a_very_long_filter_is_no_trouble() {
        assert_eq!(matching(&"x".repeat(100_000), &["xx".to_owned()]), Vec::<usize>::new());
    }
}
