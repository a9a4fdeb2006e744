//! The filter of the lists, over everything a row shows: what is typed, or else what is like it.

use frizbee::{Config, Matcher};

/// The longest filter that is looked at, in characters.
const LONGEST: usize = 100;

/// The rows that hold every word of the filter as it is typed; where none does, those that are like it. Best first; without a filter all of them,
/// in their order.
pub fn matching(filter: &str, rows: &[impl AsRef<str>]) -> Vec<usize> {
    let filter: String = filter.trim().chars().take(LONGEST).collect();
    if filter.is_empty() {
        return (0..rows.len()).collect();
    }
    // What stands in a row as it is typed is what is looked for: of role names that end in numbers, all others match somehow.
    let words: Vec<String> = filter.split_whitespace().map(str::to_lowercase).collect();
    let holds_all = |row: &str| {
        let row = row.to_lowercase();
        words.iter().all(|word| row.contains(word.as_str()))
    };
    let mut matcher = Matcher::from_query(&filter, &Config::default());
    let found = matcher.match_list(rows).into_iter().filter_map(|found| usize::try_from(found.index).ok());
    let found: Vec<usize> = found.collect();
    let holds = |at: &usize| rows.get(*at).is_some_and(|row| holds_all(row.as_ref()));
    let mut exact: Vec<usize> = found.iter().copied().filter(holds).collect();
    if exact.is_empty() {
        exact.extend((0..rows.len()).filter(holds));
    }
    if exact.is_empty() { found } else { exact }
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
    fn what_stands_in_a_row_as_typed_is_not_lost_among_what_is_like_it() {
        let rows: Vec<String> =
            (1..=1_000).map(|number| format!("team-{number:04} 111122223333 Role{number:04}")).collect();
        assert_eq!(matching("0500", &rows), [499]);
        assert_eq!(matching("TEAM-0500", &rows), [499]);
        assert_eq!(matching("tm0500", &rows).first(), Some(&499), "a slip finds it still");
    }

    #[test]
    fn a_very_long_filter_is_no_trouble() {
        assert_eq!(matching(&"x".repeat(100_000), &["xx".to_owned()]), Vec::<usize>::new());
    }
}
