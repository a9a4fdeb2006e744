//! The names of condition operators.

/// A condition operator, taken apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Operator {
    pub(crate) set: Option<SetOperator>,
    pub(crate) family: Family,
    pub(crate) negated: bool,
    pub(crate) if_exists: bool,
}

/// `ForAllValues:` and `ForAnyValue:`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum SetOperator {
    All,
    Any,
}

/// What kind of values are compared, and how. "Not" is [`Operator::negated`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Family {
    String(StringTest),
    Numeric(Order),
    Date(Order),
    Bool,
    Binary,
    Ip,
    Arn,
    Null,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum StringTest {
    Equals,
    EqualsIgnoreCase,
    Like,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Order {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Order {
    /// Whether two values stand in this order; `None` when they cannot be compared.
    pub(crate) fn of<T: PartialOrd>(self, actual: T, wanted: T) -> Option<bool> {
        actual.partial_cmp(&wanted).map(|ordering| self.holds(ordering))
    }

    const fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

impl Operator {
    /// Whether it asks if the key is there, and for no value of it.
    #[must_use]
    pub fn is_null(self) -> bool {
        self.family == Family::Null
    }

    /// Whether `*` and `?` in a value stand for other characters.
    #[must_use]
    pub fn takes_wildcards(self) -> bool {
        matches!(self.family, Family::String(StringTest::Like) | Family::Arn)
    }

    /// Reads the name of an operator, letter case ignored. `None`: it is none of the IAM reference.
    #[must_use]
    pub fn parse(written: &str) -> Option<Self> {
        let lower = written.to_ascii_lowercase();
        let (set, name) = match lower.split_once(':') {
            Some(("forallvalues", name)) => (Some(SetOperator::All), name),
            Some(("foranyvalue", name)) => (Some(SetOperator::Any), name),
            Some(_) => return None,
            None => (None, lower.as_str()),
        };
        let (name, if_exists) = name.strip_suffix("ifexists").map_or((name, false), |name| (name, true));
        let (family, negated) = family(name)?;
        if family == Family::Null && (if_exists || set.is_some()) {
            return None;
        }
        Some(Self { set, family, negated, if_exists })
    }
}

fn family(name: &str) -> Option<(Family, bool)> {
    use Order::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual};
    Some(match name {
        "stringequals" => (Family::String(StringTest::Equals), false),
        "stringnotequals" => (Family::String(StringTest::Equals), true),
        "stringequalsignorecase" => (Family::String(StringTest::EqualsIgnoreCase), false),
        "stringnotequalsignorecase" => (Family::String(StringTest::EqualsIgnoreCase), true),
        "stringlike" => (Family::String(StringTest::Like), false),
        "stringnotlike" => (Family::String(StringTest::Like), true),
        "numericequals" => (Family::Numeric(Equal), false),
        "numericnotequals" => (Family::Numeric(Equal), true),
        "numericlessthan" => (Family::Numeric(Less), false),
        "numericlessthanequals" => (Family::Numeric(LessOrEqual), false),
        "numericgreaterthan" => (Family::Numeric(Greater), false),
        "numericgreaterthanequals" => (Family::Numeric(GreaterOrEqual), false),
        "dateequals" => (Family::Date(Equal), false),
        "datenotequals" => (Family::Date(Equal), true),
        "datelessthan" => (Family::Date(Less), false),
        "datelessthanequals" => (Family::Date(LessOrEqual), false),
        "dategreaterthan" => (Family::Date(Greater), false),
        "dategreaterthanequals" => (Family::Date(GreaterOrEqual), false),
        "bool" => (Family::Bool, false),
        "binaryequals" => (Family::Binary, false),
        "ipaddress" => (Family::Ip, false),
        "notipaddress" => (Family::Ip, true),
        // "ArnEquals and ArnLike behave identically": both take wildcards.
        "arnequals" | "arnlike" => (Family::Arn, false),
        "arnnotequals" | "arnnotlike" => (Family::Arn, true),
        "null" => (Family::Null, false),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operator_of_the_reference_is_known() {
        for name in [
            "StringEquals",
            "StringNotEquals",
            "StringEqualsIgnoreCase",
            "StringNotEqualsIgnoreCase",
            "StringLike",
            "StringNotLike",
            "NumericEquals",
            "NumericNotEquals",
            "NumericLessThan",
            "NumericLessThanEquals",
            "NumericGreaterThan",
            "NumericGreaterThanEquals",
            "DateEquals",
            "DateNotEquals",
            "DateLessThan",
            "DateLessThanEquals",
            "DateGreaterThan",
            "DateGreaterThanEquals",
            "Bool",
            "BinaryEquals",
            "IpAddress",
            "NotIpAddress",
            "ArnEquals",
            "ArnLike",
            "ArnNotEquals",
            "ArnNotLike",
        ] {
            for set in ["", "ForAllValues:", "ForAnyValue:"] {
                for suffix in ["", "IfExists"] {
                    assert!(Operator::parse(&format!("{set}{name}{suffix}")).is_some(), "{set}{name}{suffix}");
                }
            }
        }
        assert!(Operator::parse("Null").is_some());
        for wrong in ["", "IfExists", "ForAll:StringEquals", "NullIfExists", "StringEqualsIfExistsIfExists", "Equals"] {
            assert_eq!(Operator::parse(wrong), None, "{wrong}");
        }
    }
}
