//! Paging: part of a list, and a token for the rest.

use aws_smithy_types::base64;

/// One page.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Page<'a, T> {
    /// What is on it.
    pub items: &'a [T],
    /// The token of the next, if there is one.
    pub next: Option<String>,
}

/// The page that `token` names, or the first. `None` for a token that was never given out.
pub(super) fn page<'a, T>(items: &'a [T], token: Option<&str>, size: usize) -> Option<Page<'a, T>> {
    let start = token.map_or(Some(0), offset).filter(|start| *start == 0 || *start < items.len())?;
    let end = items.len().min(start.saturating_add(size.max(1)));
    let next = (end < items.len()).then(|| base64::encode(format!("{MARK}{end}")));
    Some(Page { items: items.get(start..end)?, next })
}

/// Keeps a token from being taken for a number that one may compute.
const MARK: &str = "sandbox-page-";

fn offset(token: &str) -> Option<usize> {
    let text = String::from_utf8(base64::decode(token).ok()?).ok()?;
    text.strip_prefix(MARK)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_on_exactly_one_page() {
        let items: Vec<u32> = (0..235).collect();
        let mut seen = Vec::new();
        let mut token = None;
        loop {
            let found = page(&items, token.as_deref(), 100).unwrap();
            seen.extend_from_slice(found.items);
            token = found.next;
            if token.is_none() {
                break;
            }
        }
        assert_eq!(seen, items);
    }

    #[test]
    fn a_token_of_someone_elses_is_refused() {
        assert_eq!(page(&[1, 2, 3], Some("100"), 2), None);
        assert_eq!(page::<u32>(&[], None, 2), Some(Page { items: &[], next: None }));
    }
}
