//! Ids as AWS makes them, derived from what they name, so that a world looks the same each time.

use sha2::{Digest, Sha256};

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const ALPHANUMERIC: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// A UUID that follows from `seed`.
pub(super) fn uuid(seed: &str) -> String {
    let hex: String = digest(seed).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!("{}-{}-4{}-a{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
}

/// `AROA`, `AIDA`, `ASIA`, … and letters and digits to the length that AWS gives it.
pub(super) fn unique(prefix: &str, length: usize, seed: &str) -> String {
    prefix.to_owned() + &characters(BASE32, length.saturating_sub(prefix.len()), seed)
}

/// `length` letters and digits: the suffix of a secret's ARN, a token.
pub(super) fn token(length: usize, seed: &str) -> String {
    characters(ALPHANUMERIC, length, seed)
}

fn characters(alphabet: &[u8], length: usize, seed: &str) -> String {
    (0..length.div_ceil(32))
        .flat_map(|block| digest(&format!("{seed}/{block}")))
        .take(length)
        .filter_map(|byte| alphabet.get(usize::from(byte) % alphabet.len()).map(|c| char::from(*c)))
        .collect()
}

fn digest(seed: &str) -> [u8; 32] {
    Sha256::digest(seed.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_the_shape_of_aws_and_stay_the_same() {
        let id = unique("AROA", 21, "arn:aws:iam::111122223333:role/Name");
        assert_eq!((id.len(), id.get(..4)), (21, Some("AROA")));
        assert_eq!(id, unique("AROA", 21, "arn:aws:iam::111122223333:role/Name"));
        assert_ne!(uuid("a"), uuid("b"));
        assert_eq!(uuid("a").len(), 36);
        assert_eq!(token(300, "x").len(), 300);
    }
}
