//! Keys that name something: a tenant, an app definition, packages, a bucket, a repository.

use std::net::Ipv4Addr;

use super::ValueFault;
use super::stray::{printable, refused};

/// What follows a tenant's name in its address.
pub const BENCHLING: &str = ".benchling.com";

/// One label of a host name (RFC 1123), in small letters. A URL or a host is cut to it; some runtimes do that to a host too.
pub fn tenant(core: &str) -> Option<ValueFault> {
    if is_label(core) {
        return None;
    }
    let lower = core.to_lowercase();
    if core.contains("://") || core.contains('/') || lower.ends_with(BENCHLING) || lower.contains(".benchling.com:") {
        return Some(tenant_of_address(core, &lower));
    }
    if is_label(&lower) {
        return Some(ValueFault::warning("not in small letters").surely(lower));
    }
    if core.chars().any(char::is_whitespace) {
        let joined = lower.split_whitespace().collect::<Vec<_>>().join("-");
        let fault = ValueFault::error("more than one word");
        return Some(if is_label(&joined) { fault.perhaps(joined) } else { fault });
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    Some(match refused(core, plain) {
        Some(c) => ValueFault::error(format!("{c} in it; small letters, digits and hyphens alone")),
        None if core.len() > 63 => ValueFault::error("longer than 63 characters"),
        None => ValueFault::error("a hyphen at its start or end"),
    })
}

fn tenant_of_address(core: &str, lower: &str) -> ValueFault {
    let url = lower.contains("://") || lower.contains('/');
    let rest = lower.split_once("://").map_or(lower, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let slug = host.strip_suffix(BENCHLING).filter(|slug| is_label(slug));
    // Some runtimes cut off exactly this ending, and nothing else.
    let taken = slug.is_some() && core.strip_suffix(BENCHLING).is_some_and(|name| !name.contains(['/', ':']));
    let fault = match (url, taken) {
        (true, _) => ValueFault::error("a URL; only the name before .benchling.com belongs here"),
        (false, true) => ValueFault::warning("a host; only the name before .benchling.com belongs here"),
        (false, false) => ValueFault::error("a host; only the name before .benchling.com belongs here"),
    };
    match slug {
        Some(slug) => fault.surely(slug),
        None => fault,
    }
}

fn is_label(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// `appdef_` and something. Ids of apps (`app_…`) are what people paste instead.
pub fn app_definition(core: &str) -> Option<ValueFault> {
    if let Some(fault) = printable(core) {
        return Some(fault);
    }
    match core.strip_prefix("appdef_") {
        Some("") => Some(ValueFault::error("nothing after appdef_")),
        Some(rest) if rest.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-') => None,
        Some(_) => Some(ValueFault::error("after appdef_ only letters, digits, - and _")),
        None if core.starts_with("app_") => {
            Some(ValueFault::error("the ID of an app; the one of its definition starts with appdef_"))
        }
        None if core.to_lowercase().starts_with("appdef_") => {
            let rest: String = core.chars().skip("appdef_".len()).collect();
            Some(ValueFault::error("appdef_ not in small letters").surely(format!("appdef_{rest}")))
        }
        None => Some(ValueFault::error("it does not start with appdef_")),
    }
}

/// The first part of a Quilt package's name: `[A-Za-z0-9_-]+`.
pub fn package_prefix(core: &str) -> Option<ValueFault> {
    let bare = core.trim_matches('/');
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if bare != core && !bare.is_empty() && bare.chars().all(plain) {
        return Some(ValueFault::error("a / too many").surely(bare));
    }
    refused(core, plain).map(|c| ValueFault::error(format!("{c} in it; letters, digits, - and _ alone")))
}

/// A metadata key that needs no quoting in a query.
pub fn metadata_key(core: &str) -> Option<ValueFault> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let fault =
        refused(core, plain).map(|c| ValueFault::error(format!("{c} in it; letters, digits, . - and _ alone")))?;
    let joined = core.split_whitespace().collect::<Vec<_>>().join("_");
    Some(if joined != core && joined.chars().all(plain) { fault.perhaps(joined) } else { fault })
}

/// General purpose buckets ("Bucket naming rules" in the Amazon S3 user guide).
pub fn bucket(core: &str) -> Option<ValueFault> {
    if let Some((form, name)) = bucket_in_address(core) {
        let fault = ValueFault::error(format!("{form}; only the bucket's name belongs here"));
        return Some(if bucket_fault(name).is_none() { fault.surely(name) } else { fault });
    }
    if core == "my-bucket" {
        return Some(ValueFault::warning("the name from the example"));
    }
    let message = bucket_fault(core)?;
    let lower = core.to_lowercase();
    let fault = ValueFault::error(message);
    Some(if lower != core && bucket_fault(&lower).is_none() { fault.perhaps(lower) } else { fault })
}

fn bucket_in_address(core: &str) -> Option<(&'static str, &str)> {
    let first = |rest: &'_ str| rest.find('/').unwrap_or(rest.len());
    if let Some(rest) = core.strip_prefix("s3://").or_else(|| core.strip_prefix("s3a://")) {
        return Some(("an s3:// address", rest.get(..first(rest)).unwrap_or(rest)));
    }
    if core.starts_with("arn:") {
        let rest = core.splitn(6, ':').nth(5).unwrap_or_default();
        return Some(("an ARN", rest.get(..first(rest)).unwrap_or(rest)));
    }
    if let Some(rest) = core.strip_prefix("https://").or_else(|| core.strip_prefix("http://")) {
        let host = rest.get(..first(rest)).unwrap_or(rest);
        let name = host.split_once(".s3.").or_else(|| host.split_once(".s3-")).map_or("", |(name, _)| name);
        return Some(("a URL", name));
    }
    core.contains('/').then(|| ("a path", core.get(..first(core)).unwrap_or(core)))
}

fn bucket_fault(name: &str) -> Option<String> {
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    if name.chars().any(|c| c.is_ascii_uppercase()) {
        return Some("not in small letters".into());
    }
    if let Some(c) = refused(name, plain) {
        return Some(format!("{c} in it; small letters, digits, . and - alone"));
    }
    if !(3..=63).contains(&name.len()) {
        return Some("not 3 to 63 characters".into());
    }
    if !edge(name.chars().next()) || !edge(name.chars().next_back()) {
        return Some("no letter or digit at its start or end".into());
    }
    if name.contains("..") {
        return Some("two dots in a row".into());
    }
    if name.parse::<Ipv4Addr>().is_ok() {
        return Some("an IP address".into());
    }
    let reserved = ["xn--", "sthree-", "amzn-s3-demo-"].into_iter().find(|prefix| name.starts_with(prefix));
    let reserved = reserved.or_else(|| {
        ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"].into_iter().find(|suffix| name.ends_with(suffix))
    });
    reserved.map(|part| format!("{part} is reserved by S3"))
}

/// `repositoryName` of the Amazon ECR API reference: `(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*`, 2 to 256.
pub fn repository(core: &str) -> Option<ValueFault> {
    let fault = repository_fault(core)?;
    let rest = core.split_once(".amazonaws.com").and_then(|(_, rest)| rest.split_once('/')).map(|(_, rest)| rest);
    let in_registry = rest.is_some();
    let rest = rest.unwrap_or(core);
    let name = rest.split(['@', ':']).next().unwrap_or_default();
    if name != core && repository_fault(name).is_none() {
        let words =
            if in_registry { "an image's address; only the repository's name belongs here" } else { "a tag behind it" };
        return Some(ValueFault::error(words).surely(name));
    }
    let lower = core.to_lowercase();
    let fault = ValueFault::error(fault);
    Some(if repository_fault(&lower).is_none() { fault.perhaps(lower) } else { fault })
}

fn repository_fault(name: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-' | '/');
    if name.chars().any(|c| c.is_ascii_uppercase()) {
        return Some("not in small letters".into());
    }
    if let Some(c) = refused(name, plain) {
        return Some(format!("{c} in it; small letters, digits, . _ - and / alone"));
    }
    if !(2..=256).contains(&name.len()) {
        return Some("not 2 to 256 characters".into());
    }
    let words = name.split('/').flat_map(|part| part.split(['.', '_', '-']));
    words.into_iter().any(str::is_empty).then(|| "no letter or digit between or around . _ - and /".into())
}
