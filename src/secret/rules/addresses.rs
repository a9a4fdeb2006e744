//! The allow list: addresses and CIDR blocks with commas between.

use std::net::IpAddr;

use ipnet::IpNet;

use super::ValueFault;
use crate::model::Severity;
use crate::values::text;

/// Each faulty entry is named. Spaces after commas are fine: readers strip them.
pub fn allow_list(core: &str) -> Vec<ValueFault> {
    let mut faults = Vec::new();
    let mut kept: Vec<String> = Vec::new();
    let mut certain = true;
    for entry in core.split([',', ';', '\n']).map(str::trim) {
        let (fault, meant) = judge(entry);
        faults.extend(fault);
        certain &= meant.is_some();
        kept.extend(meant.filter(|meant| !meant.is_empty()));
    }
    if core.contains([';', '\n']) {
        faults.push(ValueFault::error("entries not separated by commas"));
    }
    if certain {
        let whole = kept.join(",");
        // A block that is open to all is no slip of writing: the list is left to its owner.
        return faults
            .into_iter()
            .map(|f| if f.certain || f.severity == Severity::Error { f.surely(&*whole) } else { f })
            .collect();
    }
    faults.iter_mut().for_each(|fault| (fault.suggestion, fault.certain) = (None, false));
    faults
}

/// What is wrong with an entry, and what it certainly means; an empty text for an entry that can go.
fn judge(entry: &str) -> (Option<ValueFault>, Option<String>) {
    let name = text::elide_end(&text::safe(entry), 43);
    if entry.is_empty() {
        return (Some(ValueFault::warning("a comma too many").surely("")), Some(String::new()));
    }
    if entry.parse::<IpAddr>().is_ok() {
        return (None, Some(entry.to_owned()));
    }
    if let Ok(block) = entry.parse::<IpNet>() {
        let exact = block.trunc();
        return match (block.prefix_len(), exact == block) {
            (0, _) => (Some(ValueFault::warning(format!("{name} lets every address in"))), Some(exact.to_string())),
            (_, true) => (None, Some(entry.to_owned())),
            (_, false) => {
                let words = format!("{name} has bits beyond its prefix; its block is {exact}");
                (Some(ValueFault::warning(words).surely("")), Some(exact.to_string()))
            }
        };
    }
    (Some(ValueFault::error(format!("{name} is {}", why(entry)))), None)
}

fn why(entry: &str) -> &'static str {
    let (address, prefix) = entry.split_once('/').map_or((entry, None), |(address, prefix)| (address, Some(prefix)));
    if let (Ok(address), Some(prefix)) = (address.parse::<IpAddr>(), prefix) {
        let longest = if address.is_ipv4() { 32 } else { 128 };
        return match prefix.parse::<u32>() {
            Ok(bits) if bits > longest && longest == 32 => "no block: a prefix has at most 32 bits",
            Ok(bits) if bits > longest => "no block: a prefix has at most 128 bits",
            _ => "no block: its prefix is a number of bits",
        };
    }
    let four = address.split('.').count() == 4 && address.chars().all(|c| c.is_ascii_digit() || c == '.');
    if four {
        return "no address: each of its numbers is 0 to 255, without zeros in front";
    }
    if entry.contains('*') {
        return "no address: write a block such as 10.0.0.0/8";
    }
    if address.chars().any(|c| c.is_ascii_alphabetic()) && !address.contains(':') {
        return "no address: names of hosts are not looked up";
    }
    "no address and no block"
}
