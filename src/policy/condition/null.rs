//! `Null`: whether a key is absent.

use super::context::{Context, Lookup};
use super::{Condition, Resolution, Truth, bool};

pub(super) fn holds(found: &Lookup<'_>, condition: &Condition, context: &Context) -> Truth {
    let absent = match found {
        Lookup::Absent => Truth::Yes,
        Lookup::Values(values) => values.is_empty().into(),
        Lookup::Pathless { .. } => Truth::No,
        Lookup::Unknown => Truth::Unknown,
    };
    Truth::any(condition.values.iter().map(|value| match value.resolve(context) {
        Resolution::Text(resolved) => match bool::read(&resolved.text) {
            Some(true) => absent,
            Some(false) => absent.not(),
            None => Truth::No,
        },
        Resolution::Absent => Truth::No,
        Resolution::Unknown(_) => Truth::Unknown,
    }))
}

#[cfg(test)]
mod tests {
    use super::super::Outcome;
    use super::*;
    use crate::policy::variable::Template;

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
            let condition = Condition::new("Null", key, vec![Template::new(value, true)]);
            assert_eq!(condition.check(&context) == Outcome::Met, met, "{key} {value}");
        }
    }
}
