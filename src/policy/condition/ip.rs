//! `IpAddress`: addresses and CIDR ranges, IPv4 and IPv6.

use std::net::IpAddr;

use ipnet::IpNet;

/// An address of a request.
pub(super) fn read(address: &str) -> Option<IpAddr> {
    address.parse().ok()
}

/// A range of a policy; an address is a range of one.
pub(super) fn range(written: &str) -> Option<IpNet> {
    written.parse::<IpNet>().or_else(|_| written.parse::<IpAddr>().map(IpNet::from)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(address: &str, written: &str) -> Option<bool> {
        Some(range(written)?.contains(&read(address)?))
    }

    #[test]
    fn addresses_are_within_ranges_of_their_own_kind() {
        for (address, range, expected) in [
            ("10.1.2.3", "10.0.0.0/8", Some(true)),
            ("10.1.2.3", "10.9.9.9/8", Some(true)),
            ("11.1.2.3", "10.0.0.0/8", Some(false)),
            ("203.0.113.7", "203.0.113.7", Some(true)),
            ("203.0.113.7", "0.0.0.0/0", Some(true)),
            ("2001:db8::1", "0.0.0.0/0", Some(false)),
            ("2001:db8::1", "2001:db8::/32", Some(true)),
            ("2001:db8::1", "10.0.0.0/8", Some(false)),
            ("10.1.2.3", "10.0.0.0/33", None),
            ("10.1.2.3", "10.0.0", None),
        ] {
            assert_eq!(holds(address, range), expected, "{address} in {range}");
        }
    }
}
