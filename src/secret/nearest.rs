//! What a key that is none of the 11 was probably meant to be (S3-10, C8).

use super::Key;

/// How a name differs from the key it was meant to be.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Spelling {
    /// The shipped runtimes' own name for it.
    Shipped,
    /// Another case, other separators, a `BENCHLING_` in front, or the name `config.json` has for it.
    Variant,
    /// A slip of the fingers.
    Typo,
}

/// The key that a name was probably meant to be, if there is one. The 11 names themselves give `None`.
#[must_use]
pub fn nearest(name: &str) -> Option<(Key, Spelling)> {
    if Key::from_name(name).is_some() {
        return None;
    }
    if let Some(key) = Key::from_shipped_name(name) {
        return Some((key, Spelling::Shipped));
    }
    let folded = fold(name);
    if let Some(key) = Key::ALL.into_iter().find(|key| same(*key, &folded)) {
        return Some((key, Spelling::Variant));
    }
    Key::ALL
        .into_iter()
        .map(|key| (distance(&fold(key.name()), &folded), key))
        .filter(|(slips, key)| *slips <= allowed(*key))
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, key)| (key, Spelling::Typo))
}

/// Short names are told apart by less.
fn allowed(key: Key) -> usize {
    if key.name().len() < 9 { 1 } else { 2 }
}

/// Capitals and digits alone, without the names of the two products in front.
fn fold(name: &str) -> String {
    let bare: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).take(64).collect();
    for product in ["BENCHLING", "QUILT"] {
        if let Some(rest) = bare.strip_prefix(product).filter(|rest| !rest.is_empty()) {
            return rest.to_owned();
        }
    }
    bare
}

fn same(key: Key, folded: &str) -> bool {
    let in_config = key.config_path().and_then(<[&str]>::last).map(|field| fold(field));
    fold(key.name()) == folded
        || in_config.as_deref().is_some_and(|field| field == folded && field != "LEVEL" && field != "PREFIX")
        || also(key).contains(&folded)
}

/// Names seen in older deployments' environments.
const fn also(key: Key) -> &'static [&'static str] {
    match key {
        Key::UserBucket => &["PKGBUCKET", "PACKAGEBUCKET", "S3BUCKET", "BUCKETNAME"],
        Key::PkgPrefix => &["PACKAGEPREFIX"],
        Key::PkgKey => &["PACKAGEKEY"],
        Key::EcrRepositoryName => &["ECRREPO", "ECRREPOSITORYURI"],
        Key::EnableWebhookVerification => &["WEBHOOKVERIFICATION"],
        Key::WebhookAllowList => &["ALLOWLIST", "IPALLOWLIST", "WEBHOOKWHITELIST"],
        Key::AppDefinitionId => &["APPDEFID", "APPDEFINITION"],
        _ => &[],
    }
}

/// Damerau and Levenshtein's distance, with neighbours swapped counted as one slip ("optimal string alignment").
#[must_use]
pub fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    let mut previous = None;
    for (line, a) in left.chars().enumerate() {
        let mut next = vec![line + 1];
        for (column, &b) in right.iter().enumerate() {
            let cost = |cells: &[usize], at: usize, add: usize| cells.get(at).map_or(usize::MAX, |cell| cell + add);
            let mut best =
                cost(&row, column + 1, 1).min(cost(&next, column, 1)).min(cost(&row, column, usize::from(a != b)));
            let swapped = column.checked_sub(1).filter(|&at| right.get(at) == Some(&a) && previous == Some(b));
            if let Some(at) = swapped {
                best = best.min(cost(&before, at, 1));
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
        previous = Some(a);
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses_are_recognised() {
        for (name, key, spelling) in [
            ("client_id", Key::ClientId, Spelling::Shipped),
            ("enable_webhook_verification", Key::EnableWebhookVerification, Spelling::Shipped),
            ("Client_Id", Key::ClientId, Spelling::Variant),
            ("clientSecret", Key::ClientSecret, Spelling::Variant),
            ("CLIENT-ID", Key::ClientId, Spelling::Variant),
            ("BENCHLING_TENANT", Key::Tenant, Spelling::Variant),
            ("QUILT_USER_BUCKET", Key::UserBucket, Spelling::Variant),
            ("metadataKey", Key::PkgKey, Spelling::Variant),
            ("ecr_repository_name", Key::EcrRepositoryName, Spelling::Variant),
            ("TENNANT", Key::Tenant, Spelling::Typo),
            ("TENATN", Key::Tenant, Spelling::Typo),
            ("CLIENT_SECERT", Key::ClientSecret, Spelling::Typo),
            ("WEBHOOK_ALOW_LST", Key::WebhookAllowList, Spelling::Typo),
        ] {
            assert_eq!(nearest(name), Some((key, spelling)), "{name}");
        }
    }

    #[test]
    fn other_names_are_left_alone() {
        for name in ["WORKFLOW", "workflow", "queue_url", "", "TENANT", "LEVEL", "😀", "BENCHLING"] {
            assert_eq!(nearest(name), None, "{name}");
        }
    }

    #[test]
    fn distances() {
        for (left, right, slips) in
            [("", "", 0), ("", "ab", 2), ("ab", "ba", 1), ("tenant", "tennant", 1), ("a", "b", 1)]
        {
            assert_eq!(distance(left, right), slips, "{left} {right}");
            assert_eq!(distance(right, left), slips, "{right} {left}");
        }
    }
}
