//! S3 beyond the buckets that are meant.
//!
//! Source: Amazon S3 User Guide, "Policies and permissions in Amazon S3": the ARN of a bucket is for what concerns the bucket, with `/*` for its
//! objects. Directory buckets and Outposts have other prefixes and are not looked at, nor are access points, which do not tell their bucket.

use super::super::open::pages::BUCKETS;
use super::everything::is_every_action;
use super::set::{Found, Left, Place, Set, apart};
use super::{GrantKind, GrantLint};
use crate::policy::decision::Effect;
use crate::policy::explain::listed;
use crate::policy::pattern::Glob;
use crate::policy::variable::Template;

/// Names of actions that concern no bucket, by a part of each (Service Authorization Reference, Amazon S3: neither bucket nor object among the
/// resource types).
const NOT_OF_BUCKETS: [&str; 7] =
    ["accessgrant", "accesspoint", "accountpublicaccessblock", "allmybuckets", "getdataaccess", "job", "storagelens"];
/// How the names of actions begin that read or list.
const READS: [&str; 3] = ["s3:get*", "s3:list*", "s3:head*"];
/// How those begin that change something.
const WRITES: [&str; 12] = [
    "s3:abort*",
    "s3:bypass*",
    "s3:create*",
    "s3:delete*",
    "s3:initiate*",
    "s3:objectowner*",
    "s3:put*",
    "s3:replicate*",
    "s3:restore*",
    "s3:tag*",
    "s3:untag*",
    "s3:update*",
];

pub(super) fn lint(set: &Set<'_>, buckets: &[String]) -> Vec<GrantLint> {
    let places = set.all(Effect::Allow);
    places.filter_map(|place| Some(set.of_statement(&place, of_statement(set, &place, buckets)?))).collect()
}

fn of_statement(set: &Set<'_>, place: &Place<'_>, buckets: &[String]) -> Option<Found> {
    let beyond = beyond(place, buckets);
    let first = *beyond.first()?;
    let of_s3 = place.statement.listed_actions().enumerate().filter(|(_, action)| is_of_buckets(action));
    // Every action on everything has a rule of its own.
    let of_s3 = of_s3.filter(|(_, action)| first != "*" || !is_every_action(action));
    let (actions, left): (Vec<String>, Vec<Left<'_>>) = of_s3
        .map(|(index, action)| (action.to_owned(), set.left(place, index)))
        .filter(|(_, left)| left.reaches(|spared| is_beyond(spared, &Template::new(spared, true), buckets)))
        .unzip();
    if actions.is_empty() {
        return None;
    }
    let does = match (any_meets(&actions, &READS), any_meets(&actions, &WRITES)) {
        (true, true) => "reading and writing",
        (false, true) => "writing",
        _ => "reading",
    };
    let on = if is_every_bucket(first) { "every bucket".to_owned() } else { listed(&beyond) };
    let only =
        if buckets.is_empty() { "though no bucket is meant".to_owned() } else { format!("beyond {}", listed(buckets)) };
    let within = if place.statement.conditions().is_empty() { "" } else { ", within its conditions" };
    Some(Found {
        rule: "other_buckets",
        kind: GrantKind::WiderThanNeeded,
        what: format!("allows {does} on {on}, {only}{within}{} ({})", apart(&left), listed(&actions)),
        actions,
        cure: match buckets.first() {
            Some(bucket) => format!(
                "Name arn:{partition}:s3:::{bucket} and arn:{partition}:s3:::{bucket}/* under Resource, and no others than are meant.",
                partition = partition(first)
            ),
            None => "Take the actions of S3 out.".into(),
        },
        page: BUCKETS,
    })
}

/// The resources that may be a bucket, or objects of one, that is not meant; what names every bucket first.
fn beyond<'a>(place: &Place<'a>, buckets: &[String]) -> Vec<&'a str> {
    let listed = place.statement.resource_patterns();
    let others = listed.filter(|(written, pattern)| is_beyond(written, pattern, buckets));
    let mut beyond: Vec<&str> = others.map(|(written, _)| written).collect();
    beyond.sort_by_key(|resource| !is_every_bucket(resource));
    beyond
}

fn is_beyond(written: &str, pattern: &Template, buckets: &[String]) -> bool {
    may_name_buckets(written) && !is_meant(written, pattern, buckets)
}

/// Whether a resource, by its parts, can be the ARN of a bucket or of objects, which has no region and no account. A `*` may reach over
/// colons, so what is missing may be anything.
fn may_name_buckets(resource: &str) -> bool {
    let parts: Vec<&str> = resource.splitn(6, ':').collect();
    let fits = |place: usize, wanted: &str| parts.get(place).is_none_or(|part| Glob::new(part).matches(wanted));
    fits(2, "s3") && fits(3, "") && fits(4, "")
}

fn is_meant(written: &str, pattern: &Template, buckets: &[String]) -> bool {
    let partition = partition(written);
    buckets.iter().any(|bucket| {
        let arn = format!("arn:{partition}:s3:::{bucket}");
        [format!("{arn}/*"), arn].iter().any(|meant| Template::new(meant, false).covers(pattern))
    })
}

/// The partition as a resource writes it.
fn partition(resource: &str) -> &str {
    resource.split(':').nth(1).unwrap_or("aws")
}

fn is_every_bucket(resource: &str) -> bool {
    matches!(resource, "*" | "arn:aws:s3:::*" | "arn:*:s3:::*" | "arn:aws:s3:*" | "arn:aws:s3:::*/*")
}

fn is_of_buckets(action: &str) -> bool {
    let lower = action.to_ascii_lowercase();
    let named = [READS.as_slice(), WRITES.as_slice()].concat();
    any_meets(&[&lower], &named) && !NOT_OF_BUCKETS.iter().any(|part| lower.contains(part))
}

fn any_meets<T: AsRef<str>>(actions: &[T], beginnings: &[&str]) -> bool {
    let beginnings: Vec<Glob> = beginnings.iter().map(|one| Glob::new(one)).collect();
    actions.iter().any(|action| {
        let action = Glob::new(&action.as_ref().to_ascii_lowercase());
        beginnings.iter().any(|one| one.meets(&action))
    })
}
