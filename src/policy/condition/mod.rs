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
mod wanted;

use std::borrow::Cow;

pub use context::Context;
use context::Lookup;
pub use operator::Operator;
use operator::{Family, SetOperator};
use wanted::{Comparison, Wanted};

use super::decision::{Failed, Unknown};
use super::truth::Truth;
use super::variable::Resolution;

/// One operator, one key, and the values any of which will do.
#[derive(Clone, PartialEq, Debug)]
pub struct Condition {
    /// The operator as written.
    pub operator: String,
    /// The key as written.
    pub key: String,
    key_lower: String,
    meaning: Option<Operator>,
    values: Vec<Wanted>,
}

impl Condition {
    /// `variables` is false for documents of version 2008-10-17.
    pub(crate) fn new(operator: &str, key: &str, values: Vec<String>, variables: bool) -> Self {
        let meaning = Operator::parse(operator);
        Self {
            operator: operator.to_owned(),
            key: key.to_owned(),
            key_lower: key.to_ascii_lowercase(),
            meaning,
            values: values.iter().map(|value| Wanted::new(value, meaning, variables)).collect(),
        }
    }

    /// The key without regard to letter case.
    #[must_use]
    pub fn key_lower(&self) -> &str {
        &self.key_lower
    }

    /// Whether the request meets it.
    pub(crate) fn test(&self, action: &str, context: &Context<'_>) -> Truth {
        let Some(operator) = self.meaning else { return Truth::Unknown };
        let found = context.get_for(action, &self.key_lower);
        match operator.family {
            Family::Null => null::holds(&found, &self.values),
            _ => self.holds(operator, &found, context),
        }
    }

    fn holds(&self, operator: Operator, found: &Lookup<'_>, context: &Context<'_>) -> Truth {
        let values = match found {
            Lookup::Values(values) => *values,
            Lookup::Pathless { role } => {
                return self.compare(operator, |wanted| wanted.compare_pathless(operator.family, role, context));
            }
            Lookup::Unknown => return Truth::Unknown,
            Lookup::Absent => return absent(operator),
        };
        let one = |actual: &String| self.compare(operator, |wanted| wanted.compare(operator.family, actual, context));
        // "Such as an empty string": a key without data is as good as absent to the set operators.
        let each = values.iter().filter(|value| !value.is_empty());
        match operator.set {
            // Several values and no set operator: AWS says that one is needed, not what happens without.
            None if values.len() > 1 || keys::is_multivalued(&self.key_lower) => Truth::Unknown,
            None => values.first().map_or(Truth::No, one),
            Some(SetOperator::All) => Truth::all(each.map(one)),
            Some(SetOperator::Any) => Truth::any(each.map(one)),
        }
    }

    /// "Any" over the values of the policy; for negated operators "all".
    fn compare(&self, operator: Operator, compare: impl Fn(&Wanted) -> Comparison) -> Truth {
        let outcomes = self.values.iter().map(|wanted| compare(wanted).truth(operator.negated));
        if operator.negated { Truth::all(outcomes) } else { Truth::any(outcomes) }
    }

    /// The values of the policy, variables replaced where they have a value.
    fn expected(&self, context: &Context<'_>) -> Vec<String> {
        self.values
            .iter()
            .map(|value| match value.template.resolve(context) {
                Resolution::Text(resolved) => resolved.text.into_owned(),
                Resolution::Absent | Resolution::Unknown(_) => value.template.written().to_owned(),
            })
            .collect()
    }

    /// The values as the policy has them.
    pub(crate) fn written(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(|value| value.template.written())
    }

    /// Whether this one holds only where `other` holds: the same operator and key, and values that leave it no less. A condition with an
    /// operator that is not known implies nothing.
    pub(crate) fn implies(&self, other: &Self) -> bool {
        let within = |mine: &[Wanted], theirs: &[Wanted]| mine.iter().all(|value| theirs.contains(value));
        let Some(operator) = self.meaning else { return false };
        self.meaning == other.meaning
            && self.key_lower == other.key_lower
            && match (operator.family, operator.negated) {
                (Family::Null, _) => within(&self.values, &other.values) && within(&other.values, &self.values),
                (_, true) => within(&other.values, &self.values),
                (_, false) => within(&self.values, &other.values),
            }
    }

    /// The values, variables replaced where they have a value.
    pub(crate) fn wanted(&self, context: &Context<'_>) -> Vec<String> {
        self.expected(context)
    }

    /// The texts that a string operator compares with; `None` for one that is a pattern or holds a variable. Nothing for other operators, and for
    /// those that are not `negated` as asked.
    pub(crate) fn texts(&self, negated: bool) -> Vec<Option<&str>> {
        let Some(Operator { family: Family::String(test), negated: is, .. }) = self.meaning else { return Vec::new() };
        if is != negated {
            return Vec::new();
        }
        let is_pattern = |text: &str| test == operator::StringTest::Like && text.contains(['*', '?']);
        let one = |wanted: &Wanted| wanted.template.fixed().is_some() && !is_pattern(wanted.template.written());
        self.values.iter().map(|wanted| one(wanted).then(|| wanted.template.written())).collect()
    }

    /// Whether this is the condition that failed.
    pub(crate) fn is_told_by(&self, failed: &Failed) -> bool {
        failed.operator.as_ref() == Some(&self.operator) && failed.key.as_ref() == Some(&self.key)
    }

    /// Whether each of its values holds a variable that has no value. `${…}` that is plain text is none.
    pub(crate) fn lacks_variables(&self, context: &Context<'_>) -> bool {
        self.values.iter().all(|value| !matches!(value.template.resolve(context), Resolution::Text(_)))
    }

    /// Why it is not met.
    pub(crate) fn failed(&self, context: &Context<'_>) -> Failed {
        Failed {
            element: "Condition",
            operator: Some(self.operator.clone()),
            key: Some(self.key.clone()),
            expected: self.expected(context),
            actual: match context.get(&self.key_lower) {
                Lookup::Values(values) => Some(values.to_vec()),
                Lookup::Pathless { role } => Some(vec![role.to_owned()]),
                Lookup::Absent | Lookup::Unknown => None,
            },
        }
    }

    /// Why it cannot be said whether it is met.
    pub(crate) fn doubt(&self, action: &str, context: &Context<'_>) -> Unknown {
        let Some(operator) = self.meaning else {
            return Unknown {
                what: format!("what the condition operator `{}` means", self.operator),
                needs: "a rolecall that knows this operator".into(),
            };
        };
        let found = context.get_for(action, &self.key_lower);
        let variable = self.values.iter().find_map(|value| match value.template.resolve(context) {
            Resolution::Unknown(key) => Some(key.to_owned()),
            Resolution::Text(_) | Resolution::Absent => None,
        });
        let what: Cow<'_, str> = match (found, variable) {
            (Lookup::Unknown, _) if matches!(context.get(&self.key_lower), Lookup::Values(_)) => {
                format!("whether AWS sends {} with {action}: its reference lists it for other actions", self.key).into()
            }
            (Lookup::Unknown, _) => format!("the value of the condition key {}", self.key).into(),
            (Lookup::Pathless { role }, _) => format!("the path of the role {role}").into(),
            (_, Some(variable)) => format!("the value of the policy variable ${{{variable}}}").into(),
            (Lookup::Absent, None) => format!("what AWS makes of {} when {} is absent", self.operator, self.key).into(),
            (Lookup::Values(_), None) if operator.set.is_none() => {
                format!("what AWS makes of {} on {}, which holds several values", self.operator, self.key).into()
            }
            (Lookup::Values(_), None) => {
                let emptied = self.values.iter().find_map(|value| value.template.emptied(context));
                emptied.map_or(Cow::Borrowed("how AWS compares it"), |key| super::statement::of_empty(key).into())
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn check(operator: &str, key: &str, values: &[&str], context: &Context<'_>) -> Truth {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        Condition::new(operator, key, values, true).test("sts:AssumeRole", context)
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
            // "You can't use a policy variable with other operators" than those of strings and ARNs.
            ("NumericLessThanEquals", "aws:MultiFactorAuthAge", "${aws:MultiFactorAuthAge}"),
            ("NumericNotEquals", "aws:MultiFactorAuthAge", "${aws:PrincipalTag/none}"),
            ("IpAddress", "aws:SourceIp", "${aws:SourceIp}"),
        ] {
            assert_eq!(check(operator, key, &[value], &context), Truth::No, "{operator} {value}");
        }
    }

    /// "There is no equal or like value" to a variable without one; "inverted condition operators … do match" (page "Variables and tags").
    #[test]
    fn a_variable_without_a_value_equals_nothing() {
        let mut context = Context::new();
        context.set("sts:ExternalId", "x");
        context.set("aws:PrincipalArn", "arn:aws:iam::111111111111:user/alice");
        context.set("aws:PrincipalTag/empty", "");
        context.set("aws:PrincipalTag/other", "");
        for (operator, key, value, expected) in [
            ("StringEquals", "sts:ExternalId", "${aws:PrincipalTag/none}", Truth::No),
            ("StringLike", "sts:ExternalId", "${aws:PrincipalTag/none}*", Truth::No),
            ("StringNotEquals", "sts:ExternalId", "${aws:PrincipalTag/none}", Truth::Yes),
            ("StringNotLike", "sts:ExternalId", "${aws:PrincipalTag/none}*", Truth::Yes),
            ("StringNotEquals", "sts:ExternalId", "${aws:PrincipalTag/none, 'x'}", Truth::No),
            ("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:user/${aws:PrincipalTag/none}", Truth::Yes),
            ("ArnEquals", "aws:PrincipalArn", "arn:aws:iam::*:user/${aws:PrincipalTag/none}", Truth::No),
            // An empty text may be a value or none: what both readings say, else nobody knows.
            ("StringEquals", "sts:ExternalId", "${aws:PrincipalTag/empty}", Truth::No),
            ("StringNotEquals", "sts:ExternalId", "${aws:PrincipalTag/empty}", Truth::Yes),
            ("StringEquals", "aws:PrincipalTag/other", "${aws:PrincipalTag/empty}", Truth::Unknown),
            ("StringNotEquals", "aws:PrincipalTag/other", "${aws:PrincipalTag/empty}", Truth::Unknown),
            ("StringLike", "sts:ExternalId", "${aws:PrincipalTag/empty}x", Truth::Unknown),
            ("StringEquals", "sts:ExternalId", "${aws:PrincipalTag/empty, 'x'}", Truth::Unknown),
        ] {
            assert_eq!(check(operator, key, &[value], &context), expected, "{operator} {value}");
        }
        assert_eq!(
            check("StringNotEquals", "sts:ExternalId", &["${aws:PrincipalTag/none}", "x"], &context),
            Truth::No,
            "every value must differ"
        );
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
            ("ArnNotLike", "no-arn", Truth::No),
        ] {
            assert_eq!(check(operator, "aws:PrincipalArn", &[value], &context), expected, "{operator} {value}");
        }
    }
}
