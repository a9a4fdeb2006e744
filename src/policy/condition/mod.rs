//! Conditions: `"Condition": { operator: { key: values } }`.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Condition operators", "Conditions with multiple context keys or values" and
//! "Single-valued vs. multivalued context keys". One [`Condition`] is one operator with one key; a statement needs all of its own.

mod arn;
mod bool;
pub mod context;
mod date;
mod ip;
pub mod keys;
mod null;
mod numeric;
pub mod operator;
mod string;

use std::borrow::Cow;

pub use context::Context;
use context::Lookup;
pub use operator::Operator;
use operator::{Family, SetOperator};

use super::decision::{Failed, Unknown};
use super::truth::Truth;
use super::variable::{Resolution, Resolved, Template};

/// One operator, one key, and the values any of which will do.
#[derive(Clone, PartialEq, Debug)]
pub struct Condition {
    /// The operator as written.
    pub operator: String,
    /// The key as written.
    pub key: String,
    key_lower: String,
    meaning: Option<Operator>,
    values: Vec<Template>,
}

/// What comes of one condition.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Outcome {
    Met,
    Failed(Failed),
    Unknown(Unknown),
}

impl Condition {
    pub(crate) fn new(operator: &str, key: &str, values: Vec<Template>) -> Self {
        Self {
            operator: operator.to_owned(),
            key: key.to_owned(),
            key_lower: key.to_ascii_lowercase(),
            meaning: Operator::parse(operator),
            values,
        }
    }

    /// The key without regard to letter case.
    #[must_use]
    pub fn key_lower(&self) -> &str {
        &self.key_lower
    }

    pub(crate) fn check(&self, context: &Context) -> Outcome {
        let Some(operator) = self.meaning else {
            return Outcome::Unknown(Unknown {
                what: format!("what the condition operator `{}` means", self.operator),
                needs: "a rolecall that knows this operator".into(),
            });
        };
        let found = context.get(&self.key_lower);
        let truth = match operator.family {
            Family::Null => null::holds(&found, self, context),
            _ => self.holds(operator, &found, context),
        };
        match truth {
            Truth::Yes => Outcome::Met,
            Truth::No => Outcome::Failed(self.failed(&found, context)),
            Truth::Unknown => Outcome::Unknown(self.doubt(operator, &found, context)),
        }
    }

    fn holds(&self, operator: Operator, found: &Lookup<'_>, context: &Context) -> Truth {
        let values = match found {
            Lookup::Values(values) => *values,
            Lookup::Pathless { role, .. } => {
                return self.compare(operator, context, |resolved| pathless(operator, role, resolved));
            }
            Lookup::Unknown => return Truth::Unknown,
            Lookup::Absent => return absent(operator),
        };
        match operator.set {
            // Several values and no set operator: AWS says that one is needed, not what happens without.
            None if values.len() > 1 || keys::is_multivalued(&self.key_lower) => Truth::Unknown,
            None => values.first().map_or(Truth::No, |value| self.value(operator, value, context)),
            // "Such as an empty string": a key without data is as good as absent to the set operators.
            Some(SetOperator::All) => {
                Truth::all(values.iter().filter(|v| !v.is_empty()).map(|v| self.value(operator, v, context)))
            }
            Some(SetOperator::Any) => {
                Truth::any(values.iter().filter(|v| !v.is_empty()).map(|v| self.value(operator, v, context)))
            }
        }
    }

    /// One value of the request against all values of the policy.
    fn value(&self, operator: Operator, actual: &str, context: &Context) -> Truth {
        self.compare(operator, context, |resolved| {
            holds(operator.family, actual, resolved).map_or(Truth::No, |equal| (equal != operator.negated).into())
        })
    }

    /// "Any" over the values of the policy; for negated operators "all". A variable without a value makes its own value fail.
    fn compare(&self, operator: Operator, context: &Context, test: impl Fn(&Resolved<'_>) -> Truth) -> Truth {
        let outcomes = self.values.iter().map(|value| match value.resolve(context) {
            Resolution::Text(resolved) => test(&resolved),
            Resolution::Absent => Truth::No,
            Resolution::Unknown(_) => Truth::Unknown,
        });
        if operator.negated { Truth::all(outcomes) } else { Truth::any(outcomes) }
    }

    /// The values of the policy, variables replaced where they have a value.
    fn expected(&self, context: &Context) -> Vec<String> {
        self.values
            .iter()
            .map(|value| match value.resolve(context) {
                Resolution::Text(resolved) => resolved.text.into_owned(),
                Resolution::Absent | Resolution::Unknown(_) => value.written().to_owned(),
            })
            .collect()
    }

    fn failed(&self, found: &Lookup<'_>, context: &Context) -> Failed {
        Failed {
            element: "Condition",
            operator: Some(self.operator.clone()),
            key: Some(self.key.clone()),
            expected: self.expected(context),
            actual: match found {
                Lookup::Values(values) => Some(values.to_vec()),
                Lookup::Pathless { role, .. } => Some(vec![(*role).to_owned()]),
                Lookup::Absent | Lookup::Unknown => None,
            },
        }
    }

    fn doubt(&self, operator: Operator, found: &Lookup<'_>, context: &Context) -> Unknown {
        let variable = self.values.iter().find_map(|value| match value.resolve(context) {
            Resolution::Unknown(key) => Some(key.to_owned()),
            Resolution::Text(_) | Resolution::Absent => None,
        });
        let what: Cow<'_, str> = match (found, variable) {
            (Lookup::Unknown, _) => format!("the value of the condition key {}", self.key).into(),
            (Lookup::Pathless { role, .. }, _) => format!("the path of the role {role}").into(),
            (_, Some(variable)) => format!("the value of the policy variable ${{{variable}}}").into(),
            (Lookup::Absent, None) => format!("what AWS makes of {} when {} is absent", self.operator, self.key).into(),
            (Lookup::Values(_), None) if operator.set.is_none() => {
                format!("what AWS makes of {} on {}, which holds several values", self.operator, self.key).into()
            }
            (Lookup::Values(_), None) => "how AWS compares it".into(),
        };
        let needs = match found {
            Lookup::Pathless { .. } => "iam:GetRole".to_owned(),
            _ => keys::told_by(&self.key_lower).to_owned(),
        };
        Unknown { what: what.into_owned(), needs }
    }
}

/// What an absent key makes of an operator (rule of the page "Condition operators": `…IfExists`, and "set operators").
const fn absent(operator: Operator) -> Truth {
    match (operator.set, operator.if_exists) {
        // The page of the set operators says false, that of `…IfExists` true.
        (Some(SetOperator::Any), true) => Truth::Unknown,
        (Some(SetOperator::Any), false) => Truth::No,
        (Some(SetOperator::All), _) | (None, true) => Truth::Yes,
        (None, false) => {
            if operator.negated {
                Truth::Yes
            } else {
                Truth::No
            }
        }
    }
}

/// Whether a value of the request equals one of the policy. `None`: one of them is not of the operator's type, and neither an
/// operator nor its negation holds.
fn holds(family: Family, actual: &str, expected: &Resolved<'_>) -> Option<bool> {
    match family {
        Family::String(test) => Some(string::holds(test, actual, expected)),
        Family::Numeric(order) => numeric::holds(order, actual, &expected.text),
        Family::Date(order) => date::holds(order, actual, &expected.text),
        Family::Bool => bool::holds(actual, &expected.text),
        Family::Binary => Some(actual == expected.text),
        Family::Ip => ip::holds(actual, &expected.text),
        Family::Arn => arn::holds(actual, expected),
        Family::Null => None,
    }
}

/// A role's ARN of which everything but the path is known, against one value of the policy.
fn pathless(operator: Operator, role: &str, expected: &Resolved<'_>) -> Truth {
    let equal = match operator.family {
        Family::String(test) => string::holds_for_some_path(test, role, expected),
        Family::Arn => arn::holds_for_some_path(role, expected),
        _ => return Truth::Unknown,
    };
    if operator.negated { equal.not() } else { equal }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(operator: &str, key: &str, values: &[&str], context: &Context) -> Truth {
        let values = values.iter().map(|value| Template::new(value, true)).collect();
        match Condition::new(operator, key, values).check(context) {
            Outcome::Met => Truth::Yes,
            Outcome::Failed(_) => Truth::No,
            Outcome::Unknown(_) => Truth::Unknown,
        }
    }

    #[test]
    fn an_absent_key_fails_meets_or_passes_by_operator() {
        let context = Context::new();
        for (operator, expected) in [
            ("StringEquals", Truth::No),
            ("StringLike", Truth::No),
            ("StringNotEquals", Truth::Yes),
            ("StringNotLike", Truth::Yes),
            ("NotIpAddress", Truth::Yes),
            ("ArnNotEquals", Truth::Yes),
            ("NumericNotEquals", Truth::Yes),
            ("DateNotEquals", Truth::Yes),
            ("Bool", Truth::No),
            ("BoolIfExists", Truth::Yes),
            ("NumericLessThanIfExists", Truth::Yes),
            ("ForAllValues:StringEquals", Truth::Yes),
            ("ForAnyValue:StringEquals", Truth::No),
            ("ForAnyValue:StringNotEquals", Truth::No),
            ("ForAnyValue:StringEqualsIfExists", Truth::Unknown),
            ("StringMatches", Truth::Unknown),
            ("NullIfExists", Truth::Unknown),
        ] {
            assert_eq!(check(operator, "aws:PrincipalOrgID", &["1"], &context), expected, "{operator}");
        }
    }

    #[test]
    fn set_operators_look_at_every_value() {
        let mut context = Context::new();
        context.set_many("aws:TagKeys", vec!["team".into(), "cost".into()]);
        for (operator, values, expected) in [
            ("ForAllValues:StringEquals", &["team", "cost", "env"][..], Truth::Yes),
            ("ForAllValues:StringEquals", &["team"][..], Truth::No),
            ("ForAnyValue:StringEquals", &["team"][..], Truth::Yes),
            ("ForAnyValue:StringEquals", &["env"][..], Truth::No),
            ("ForAllValues:StringNotEquals", &["env"][..], Truth::Yes),
            ("ForAllValues:StringNotEquals", &["team"][..], Truth::No),
            ("ForAnyValue:StringNotEquals", &["team"][..], Truth::Yes),
            ("ForAnyValue:StringNotEquals", &["team", "cost"][..], Truth::No),
            ("StringEquals", &["team"][..], Truth::Unknown),
        ] {
            assert_eq!(check(operator, "AWS:tagkeys", values, &context), expected, "{operator} {values:?}");
        }
        context.set_many("aws:TagKeys", vec![]);
        assert_eq!(check("ForAllValues:StringEquals", "aws:TagKeys", &["x"], &context), Truth::Yes);
        assert_eq!(check("ForAnyValue:StringEquals", "aws:TagKeys", &["x"], &context), Truth::No);
    }

    #[test]
    fn a_value_of_the_wrong_type_meets_neither_an_operator_nor_its_negation() {
        let mut context = Context::new();
        context.set("aws:MultiFactorAuthAge", "5");
        context.set("aws:SourceIp", "10.1.2.3");
        context.set("aws:PrincipalArn", "arn:aws:iam::111111111111:user/alice");
        context.set("sts:ExternalId", "x");
        for (operator, key, value) in [
            ("NumericEquals", "aws:MultiFactorAuthAge", "five"),
            ("NumericNotEquals", "aws:MultiFactorAuthAge", "five"),
            ("IpAddress", "aws:SourceIp", "10.1"),
            ("NotIpAddress", "aws:SourceIp", "10.1"),
            ("ArnLike", "aws:PrincipalArn", "*"),
            ("ArnNotLike", "aws:PrincipalArn", "*"),
            ("StringNotEquals", "sts:ExternalId", "${aws:PrincipalTag/none}"),
        ] {
            assert_eq!(check(operator, key, &[value], &context), Truth::No, "{operator} {value}");
        }
    }

    #[test]
    fn a_role_whose_path_is_not_known_is_judged_where_the_path_does_not_matter() {
        let mut context = Context::new();
        context.set_pathless_role("aws:PrincipalArn", "aws", "111111111111", "Caller");
        for (operator, value, expected) in [
            ("ArnLike", "arn:aws:iam::111111111111:role/*", Truth::Yes),
            ("ArnLike", "arn:aws:iam::111111111111:role/*Caller", Truth::Yes),
            ("ArnLike", "arn:aws:iam::111111111111:role/Caller", Truth::Unknown),
            ("ArnEquals", "arn:aws:iam::111111111111:role/team/Caller", Truth::Unknown),
            ("ArnLike", "arn:aws:iam::111111111111:role/Other", Truth::No),
            ("ArnLike", "arn:aws:iam::222222222222:role/*", Truth::No),
            ("ArnNotLike", "arn:aws:iam::111111111111:role/*", Truth::No),
            ("ArnNotEquals", "arn:aws:iam::111111111111:role/Other", Truth::Yes),
            ("StringEquals", "arn:aws:iam::111111111111:role/Caller", Truth::Unknown),
            ("StringEquals", "arn:aws:iam::111111111111:role/*", Truth::No),
            ("StringLike", "*:role/*", Truth::Yes),
        ] {
            assert_eq!(check(operator, "aws:PrincipalArn", &[value], &context), expected, "{operator} {value}");
        }
    }
}
