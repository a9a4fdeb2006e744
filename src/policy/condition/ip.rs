//! `IpAddress`: addresses and CIDR ranges, IPv4 and IPv6.

use std::net::IpAddr;

use ipnet::IpNet;

/// `None` when one of the two is no address.
pub(super) fn holds(actual: &str, range: &str) -> Option<bool> {
    let address: IpAddr = actual.parse().ok()?;
    let network = range.parse::<IpNet>().or_else(|_| range.parse::<IpAddr>().map(IpNet::from)).ok()?;
    Some(network.contains(&address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_within_ranges_of_their_own_kind() {
        for (address, range, expected) in [
            ("10.1.2.3", "10.0.0.0/8", Some(true)),
            ("10.1.2.3", "10.9.9.9/8", Some(true)),
            ("11.1.2.3", "10.0.0.0/8", Some(false)),
            ("203.0.113.7", "203.0.113.7", Some(true)),
            ("203.0.113.7", "0.0.0.0/0", Some(true)),
            ("2001:db8::1", "2001:db8::/32", Some(true)),
            ("2001:db8::1", "10.0.0.0/8", Some(false)),
            ("10.1.2.3", "10.0.0.0/33", None),
            ("10.1.2.3", "10.0.0", None),
        ] {
            assert_eq!(holds(address, range), expected, "{address} in {range}");
        }
    }
}
