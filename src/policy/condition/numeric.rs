//! `NumericEquals` and its like: integers and decimals.

/// Digits with an optional sign and fraction; what else Rust reads as a number ("inf", "1e5") IAM does not.
pub(super) fn read(text: &str) -> Option<f64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    (digits.starts_with(|c: char| c.is_ascii_digit()) && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.'))
        .then(|| text.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::super::operator::Order;
    use super::*;

    fn holds(order: Order, actual: &str, expected: &str) -> Option<bool> {
        order.of(read(actual)?, read(expected)?)
    }

    #[test]
    fn numbers_are_compared_as_numbers() {
        for (order, actual, expected, holds_) in [
            (Order::Less, "900", "3600", Some(true)),
            (Order::Less, "3600", "3600", Some(false)),
            (Order::LessOrEqual, "3600", "3600.0", Some(true)),
            (Order::Equal, "10", "10.0", Some(true)),
            (Order::Greater, "-1", "-2", Some(true)),
            (Order::GreaterOrEqual, "1", "x", None),
            (Order::Equal, "inf", "inf", None),
            (Order::Equal, "", "0", None),
        ] {
            assert_eq!(holds(order, actual, expected), holds_, "{actual} {order:?} {expected}");
        }
    }
}
