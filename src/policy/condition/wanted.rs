//! One value of a condition, read once in the way its operator reads it.

use ipnet::IpNet;
use jiff::Timestamp;

use super::context::Context;
use super::operator::{Family, Operator};
use super::{arn, bool, date, ip, numeric, string};
use crate::policy::truth::Truth;
use crate::policy::variable::{Empty, Resolution, Template};

/// A value of the policy.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Wanted {
    pub template: Template,
    read: Read,
}

/// The value as the operator understands it; `None`: it is not of the operator's type.
#[derive(Clone, PartialEq, Debug)]
enum Read {
    /// Compared as text, or an ARN with variables.
    Text,
    Arn(Option<arn::Pattern>),
    Ip(Option<IpNet>),
    Number(Option<f64>),
    Date(Option<Timestamp>),
    Bool(Option<bool>),
}

/// How a value of the request compares with one of the policy.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Comparison {
    Equal,
    Different,
    /// One of them is not of the operator's type: neither an operator nor its negation holds.
    Neither,
    Unknown,
}

impl Wanted {
    /// "You can use a policy variable … in any condition that involves the string operators or the ARN operators. You can't use a
    /// policy variable with other operators" (page "Variables and tags").
    pub(super) fn new(written: &str, operator: Option<Operator>, variables: bool) -> Self {
        let family = operator.map(|operator| operator.family);
        let takes_variables = matches!(family, Some(Family::String(_) | Family::Arn));
        let template = Template::new(written, variables && takes_variables);
        let read = match family {
            Some(Family::Arn) if template.fixed().is_some() => match template.resolve(&Context::new()) {
                Resolution::Text(resolved) => Read::Arn(arn::Pattern::read(&resolved)),
                Resolution::Absent | Resolution::Unknown(_) => Read::Text,
            },
            Some(Family::Ip) => Read::Ip(ip::range(written)),
            Some(Family::Numeric(_)) => Read::Number(numeric::read(written)),
            Some(Family::Date(_)) => Read::Date(date::read(written)),
            Some(Family::Bool | Family::Null) => Read::Bool(bool::read(written)),
            Some(Family::String(_) | Family::Arn | Family::Binary) | None => Read::Text,
        };
        Self { template, read }
    }

    /// For `Null`: true or false.
    pub(super) const fn truth(&self) -> Option<bool> {
        match self.read {
            Read::Bool(value) => value,
            _ => None,
        }
    }

    /// Against a value of the request.
    pub(super) fn compare(&self, family: Family, actual: &str, context: &Context<'_>) -> Comparison {
        self.both(context, |empty| self.compare_as(family, actual, context, empty))
    }

    /// Where a variable is empty, what both readings of that agree on.
    fn both(&self, context: &Context<'_>, compare: impl Fn(Empty) -> Comparison) -> Comparison {
        let text = compare(Empty::Text);
        if self.template.emptied(context).is_some() && compare(Empty::Null) != text {
            Comparison::Unknown
        } else {
            text
        }
    }

    fn compare_as(&self, family: Family, actual: &str, context: &Context<'_>, empty: Empty) -> Comparison {
        let equal = match (&self.read, family) {
            (Read::Ip(range), _) => {
                ip::read(actual).zip(range.as_ref()).map(|(address, range)| range.contains(&address))
            }
            (Read::Number(wanted), Family::Numeric(order)) => {
                numeric::read(actual).zip(*wanted).and_then(|(actual, wanted)| order.of(actual, wanted))
            }
            (Read::Date(wanted), Family::Date(order)) => {
                date::read(actual).zip(*wanted).and_then(|(actual, wanted)| order.of(actual, wanted))
            }
            (Read::Bool(wanted), _) => bool::read(actual).zip(*wanted).map(|(actual, wanted)| actual == wanted),
            (Read::Arn(pattern), _) => pattern.as_ref().map(|pattern| pattern.matches(actual)),
            (_, family) => match self.template.resolve_as(context, empty) {
                Resolution::Text(resolved) => match family {
                    Family::String(test) => Some(string::holds(test, actual, &resolved)),
                    Family::Arn => arn::Pattern::read(&resolved).map(|pattern| pattern.matches(actual)),
                    _ => Some(actual == resolved.text),
                },
                // "Inverted condition operators like StringNotEquals or StringNotLike do match against a null value" (page "Variables
                // and tags").
                Resolution::Absent => Some(false),
                Resolution::Unknown(_) => return Comparison::Unknown,
            },
        };
        match equal {
            Some(true) => Comparison::Equal,
            Some(false) => Comparison::Different,
            None => Comparison::Neither,
        }
    }

    /// Against the ARN of a role of which everything but the path is known.
    pub(super) fn compare_pathless(&self, family: Family, role: &str, context: &Context<'_>) -> Comparison {
        self.both(context, |empty| self.compare_pathless_as(family, role, context, empty))
    }

    fn compare_pathless_as(&self, family: Family, role: &str, context: &Context<'_>, empty: Empty) -> Comparison {
        let resolved = match self.template.resolve_as(context, empty) {
            Resolution::Text(resolved) => resolved,
            Resolution::Absent => return Comparison::Different,
            Resolution::Unknown(_) => return Comparison::Unknown,
        };
        let equal = match family {
            Family::String(test) => Some(string::holds_for_some_path(test, role, &resolved)),
            Family::Arn => arn::Pattern::read(&resolved).map(|pattern| pattern.holds_for_some_path(role)),
            _ => Some(Truth::Unknown),
        };
        match equal {
            Some(Truth::Yes) => Comparison::Equal,
            Some(Truth::No) => Comparison::Different,
            Some(Truth::Unknown) => Comparison::Unknown,
            None => Comparison::Neither,
        }
    }
}

impl Comparison {
    /// What it makes of an operator, or of its negation.
    pub(super) const fn truth(self, negated: bool) -> Truth {
        match self {
            Self::Unknown => Truth::Unknown,
            Self::Neither => Truth::No,
            Self::Equal | Self::Different => {
                if matches!(self, Self::Equal) != negated {
                    Truth::Yes
                } else {
                    Truth::No
                }
            }
        }
    }
}
