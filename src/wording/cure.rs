//! What a patch edits, in words.

use crate::values::text::safe;

/// The part of a case that a fix edits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// What is done to it: "edit", "add", "change".
    pub act: &'static str,
    /// "the", or nothing.
    pub article: &'static str,
    /// "trust policy", "policy 2 of the caller", "call".
    pub name: String,
}

impl Part {
    /// "edit the trust policy", as an order.
    #[must_use]
    pub fn order(&self) -> String {
        [self.act, self.article, &self.name].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

/// The part that `target` names; policies are counted from 1. `role` is the role's name, where it is to be said.
#[must_use]
pub fn part(target: &str, role: Option<&str>) -> Part {
    let of = |act, article, name: &str| Part { act, article, name: name.to_owned() };
    match target {
        "trust_policy" => match role {
            Some(role) => of("edit", "the", &format!("trust policy of {role}")),
            None => of("edit", "the", "trust policy"),
        },
        "permission_boundary" => of("edit", "the", "permissions boundary of the caller"),
        "identity_policies" => of("add", "", "a policy for the caller"),
        "request" | "context" | "extra_context" => of("change", "the", "call"),
        "role_arn" => of("correct", "the", "role's ARN"),
        other => match other.strip_prefix("identity_policies/").and_then(|index| index.parse::<usize>().ok()) {
            Some(index) => of("edit", "", &format!("policy {} of the caller", index + 1)),
            None => of("edit", "", &safe(other)),
        },
    }
}

/// Whose it is to make the edit. `caller` and `role` are names.
#[must_use]
pub fn owner(target: &str, caller: &str, role: &str) -> String {
    match target {
        "trust_policy" => format!("whoever keeps the trust policy of {role}"),
        "request" | "context" | "extra_context" | "role_arn" => format!("whoever makes the call as {caller}"),
        _ => format!("whoever keeps the policies of {caller}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_has_its_words() {
        for (target, order) in [
            ("trust_policy", "edit the trust policy of R"),
            ("permission_boundary", "edit the permissions boundary of the caller"),
            ("identity_policies", "add a policy for the caller"),
            ("identity_policies/1", "edit policy 2 of the caller"),
            ("request", "change the call"),
            ("role_arn", "correct the role's ARN"),
            ("else\u{1b}", "edit else\\u{1b}"),
        ] {
            assert_eq!(part(target, Some("R")).order(), order);
        }
        assert_eq!(part("trust_policy", None).order(), "edit the trust policy");
    }
}
