//! `Null`: whether a key is absent.

use super::context::Lookup;
use super::{Truth, Wanted};

/// "You can not use a policy variable with the Null condition operator."
pub(super) fn holds(found: &Lookup<'_>, values: &[Wanted]) -> Truth {
    let absent = match found {
        Lookup::Absent => Truth::Yes,
        Lookup::Values(values) => values.is_empty().into(),
        Lookup::Pathless { .. } => Truth::No,
        Lookup::Unknown => Truth::Unknown,
    };
    Truth::any(values.iter().map(|value| match value.truth() {
        Some(true) => absent,
        Some(false) => absent.not(),
        None => Truth::No,
    }))
}

#[cfg(test)]
mod tests {
    use super::super::{Condition, Context};
    use super::*;

    #[test]
    fn null_asks_whether_a_key_is_absent() {
        let mut context = Context::new();
        context.set("sts:ExternalId", "x");
        for (key, value, met) in [
            ("sts:ExternalId", "true", false),
            ("sts:externalid", "False", true),
            ("aws:TokenIssueTime", "true", true),
            ("aws:TokenIssueTime", "false", false),
        ] {
            let condition = Condition::new("Null", key, vec![value.to_owned()], true);
            assert_eq!(condition.test("sts:AssumeRole", &context) == Truth::Yes, met, "{key} {value}");
        }
    }
}
