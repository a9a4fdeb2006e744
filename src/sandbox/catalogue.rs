//! The demo worlds that the program carries, by name.

/// The names and the files of worlds, in one order.
macro_rules! worlds {
    ($names:ident, $texts:ident: $($name:literal),* $(,)?) => {
        const $names: &[&str] = &[$($name),*];
        const $texts: &[&str] = &[$(include_str!(concat!("../../assets/sandbox/", $name, ".json"))),*];
    };
}

worlds! { NAMES, TEXTS:
    "quilt-untouched",
    "quilt-no-secret",
    "quilt-healthy",
    "fresh-account",
    "secret-broken",
    "secret-not-json",
    "secret-binary",
    "secret-nested",
    "secret-deleted",
    "secret-other-region",
    "secret-denied",
    "secret-kms-denied",
    "secret-too-large",
    "secret-stack-owned",
    "secret-replicated",
    "secret-replica",
    "secret-rotated",
    "secret-pending",
    "secret-shipped",
    "secret-both",
    "secret-migration",
    "secret-tried-works",
    "secret-tried-refused",
    "secret-tried-unreached",
    "webhook-not-deployed",
    "several-stacks",
    "quilt-integrated",
    "quilt-standalone",
    "roles-missing",
    "roles-in-iam-stack",
    "role-arns-typed",
    "stack-rolled-back",
    "wrong-account",
    "read-only-operator",
    "expired-login",
    "slow-network",
    "throttled",
    "flaky",
    "big-account",
    "hostile-names",
    "deny-principal-not-listed",
    "deny-principal-wrong-account",
    "deny-external-id-missing",
    "deny-external-id-mismatch",
    "deny-condition-key-never-present",
    "deny-principal-session-name-mismatch",
    "deny-principal-deleted",
    "deny-principal-type-service",
    "deny-identity-missing",
    "deny-identity-missing-across",
    "deny-identity-resource-mismatch",
    "deny-tag-session-missing-trust",
    "deny-set-source-identity-missing",
    "deny-duration-over-max",
    "deny-role-chaining-duration",
    "deny-role-not-found",
    "deny-role-arn-malformed",
    "deny-trust-policy-wrong-account",
    "deny-trust-policy-unreadable",
    "deny-chain-at-1",
    "deny-chain-at-2",
    "deny-chain-at-3",
    "deny-permission-boundary",
    "deny-scp-explicit-deny",
    "deny-session-policy",
    "deny-explicit-deny-trust",
    "deny-explicit-deny-identity",
    "deny-mfa-missing",
    "deny-mfa-not-possible-for-role-session",
    "deny-mfa-too-old",
    "deny-sts-region-disabled",
    "deny-caller-token-expired",
    "deny-caller-key-invalid",
    "deny-clock-skew",
    "deny-recently-changed",
    "deny-rcp-message",
    "wave-healthy",
    "wave-caller",
    "wave-trust",
    "wave-external-id",
    "wave-registry-account",
    "wave-jump-role",
    "wave-jump-duration",
    "wave-ecr-denied",
    "wave-sts-region-off",
    "wave-clock-skew",
    "wave-static-key",
    "wave-role-missing",
    "wave-jump-external-id",
    "wave-jump-no-external-id",
    "wave-jump-untrusted",
    "wave-no-external-id",
    "wave-external-id-malformed",
    "wave-unread",
    "wave-registry-region",
    "wave-no-registry",
    "wave-customer-keys",
    "sre-roles-healthy",
    "sre-roles-not-json",
    "sre-roles-duration",
    "sre-roles-session-name",
    "sre-roles-account-id",
    "sre-roles-default-role",
    "sre-roles-caching-off",
    "sre-roles-chaining-off",
    "sre-roles-denied",
    "sre-roles-many",
    "sre-roles-region-off",
    "sre-roles-duration-limits",
    "sre-roles-chain-hour",
    "sre-roles-half-pair",
    "sre-roles-single-role",
    "sre-roles-single-refused",
    "sre-roles-single-twice",
    "sre-roles-json-file",
    "sre-roles-partition",
    "megatests-healthy",
    "megatests-no-user",
    "megatests-policy-missing",
    "megatests-policy-extra",
    "megatests-efs-prefix",
    "megatests-overlap",
    "megatests-s3-wide",
    "megatests-pass-role",
    "megatests-op-account",
    "megatests-keys-shadow",
    "megatests-both-sets",
    "megatests-token-beside-keys",
    "megatests-keys-old",
    "megatests-unread",
    "megatests-no-key",
    "megatests-batch-user",
    "megatests-op-account-alone",
    "megatests-keys-environment",
    "megatests-boundary",
    "megatests-pulumi",
    "megatests-as-built",
}

// What several worlds have in common: they extend it, and nobody opens it.
worlds! { BASES, BASE_TEXTS:
    "deny-base",
    "deny-chain-base",
    "wave-base",
}

/// How the names of the worlds begin that show one refused path each.
const REFUSED: &str = "deny-";

/// The worlds, the default one first.
pub(super) const fn names() -> &'static [&'static str] {
    NAMES
}

/// The file of a world.
pub(super) fn text(name: &str) -> Option<&'static str> {
    of(NAMES, TEXTS, name)
}

/// The file of what a world may extend: another world, or a base.
pub(super) fn base(name: &str) -> Option<&'static str> {
    text(name).or_else(|| of(BASES, BASE_TEXTS, name))
}

fn of(names: &[&str], texts: &[&'static str], name: &str) -> Option<&'static str> {
    names.iter().zip(texts).find(|(known, _)| **known == name).map(|(_, text)| *text)
}

/// The worlds that somebody who asked for `name` may have meant, as a list in words: there are too many to name them all.
pub(super) fn meant(name: &str) -> String {
    let (refused, others): (Vec<&str>, Vec<&str>) = NAMES.iter().partition(|known| known.starts_with(REFUSED));
    if name.starts_with(REFUSED.trim_end_matches('-')) {
        return format!("those of a refused path are {}", refused.join(", "));
    }
    format!("there are {}, and {} of a refused path, which --demo=deny lists", others.join(", "), refused.len())
}
