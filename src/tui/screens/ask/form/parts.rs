//! What is typed of a hop: its names, and the rules of the STS API.

use std::collections::BTreeMap;

use crate::model::selection::external_id_fault;
use crate::values::RoleArn;

/// What is typed of a hop.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// The role's ARN.
    Role,
    /// `ExternalId`.
    ExternalId,
    /// `DurationSeconds`.
    Duration,
    /// `RoleSessionName`.
    SessionName,
    /// Session tags.
    Tags,
    /// Keys of the tags that the next session inherits.
    HandedOn,
    /// `SourceIdentity`.
    SourceIdentity,
}

impl Part {
    /// In the order in which they stand.
    pub const ALL: [Self; 7] = [
        Self::Role,
        Self::ExternalId,
        Self::Duration,
        Self::SessionName,
        Self::Tags,
        Self::HandedOn,
        Self::SourceIdentity,
    ];

    /// The name beside the field.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Role => "Role ARN",
            Self::ExternalId => "External ID",
            Self::Duration => "Duration",
            Self::SessionName => "Session name",
            Self::Tags => "Tags",
            Self::HandedOn => "Tags handed on",
            Self::SourceIdentity => "Source identity",
        }
    }

    /// What stands in the field while it is empty: what is sent then.
    pub const fn empty(self) -> &'static str {
        match self {
            Self::Role => "arn:aws:iam::ACCOUNT:role/NAME",
            Self::ExternalId | Self::Tags | Self::HandedOn | Self::SourceIdentity => "none",
            Self::Duration => "3600 s",
            Self::SessionName => "rolecall's own, to be found in CloudTrail",
        }
    }

    /// What it is, in a sentence.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Role => "The role to assume, as its owner or the error message names it.",
            Self::ExternalId => {
                "What the role's owner agreed on with the caller; trust policies compare it with sts:ExternalId."
            }
            Self::Duration => "Seconds that the session shall last: 900 to 43200, in a chain at most 3600.",
            Self::SessionName => {
                "The name that CloudTrail has for the session; a trust policy may ask for a certain one."
            }
            Self::Tags => "Session tags, as key=value, separated by commas; sending any needs sts:TagSession too.",
            Self::HandedOn => "Keys of the tags above that the next role of the chain inherits, separated by commas.",
            Self::SourceIdentity => {
                "Who is behind it, as sts:SourceIdentity; sending it needs sts:SetSourceIdentity too."
            }
        }
    }

    /// What is wrong with a text, as a clause.
    pub fn fault(self, text: &str) -> Option<String> {
        if text.is_empty() {
            return (self == Self::Role).then(|| "a role's ARN is needed".into());
        }
        match self {
            Self::Role => RoleArn::parse(text).err().map(|error| error.to_string()),
            Self::ExternalId => external_id_fault(text).map(str::to_owned),
            Self::Duration => seconds(text).err(),
            Self::SessionName => name(text, "a session name"),
            Self::Tags => tags(text).err(),
            Self::HandedOn => None,
            Self::SourceIdentity if text.to_lowercase().starts_with("aws:") => {
                Some("a source identity does not begin with aws:".into())
            }
            Self::SourceIdentity => name(text, "a source identity"),
        }
    }
}

/// STS API Reference, AssumeRole, `DurationSeconds`: 900 to 43200.
pub fn seconds(text: &str) -> Result<u32, String> {
    let bare = text.trim_end_matches('s').trim();
    let fits = bare.parse().ok().filter(|seconds| (900..=43_200).contains(seconds));
    fits.ok_or_else(|| "a duration is 900 to 43200 seconds".into())
}

/// STS API Reference, AssumeRole, `RoleSessionName` and `SourceIdentity`: 2 to 64 characters of `[\w+=,.@-]`.
fn name(text: &str, what: &str) -> Option<String> {
    let allowed = text.chars().all(|c| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c));
    (!allowed || !(2..=64).contains(&text.len())).then(|| format!("{what} has 2 to 64 letters, digits and _+=,.@-"))
}

/// IAM User Guide, "Pass session tags in AWS STS": at most 50, keys of 1 to 128 and values of at most 256 letters, digits, spaces and
/// `_.:/=+-@`.
pub fn tags(text: &str) -> Result<BTreeMap<String, String>, String> {
    let mut tags = BTreeMap::new();
    let allowed = |text: &str| text.chars().all(|c| c.is_alphanumeric() || c == ' ' || "_.:/=+-@".contains(c));
    for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').ok_or_else(|| format!("`{pair}` is no key=value"))?;
        let (key, value) = (key.trim(), value.trim());
        let fits = (1..=128).contains(&key.chars().count()) && value.chars().count() <= 256;
        if !fits || !allowed(key) || !allowed(value) {
            return Err(format!(
                "`{pair}` is no tag: letters, digits, spaces and _.:/=+-@, the key at most 128 of them"
            ));
        }
        if tags.insert(key.to_owned(), value.to_owned()).is_some() {
            return Err(format!("the key {key} stands twice"));
        }
    }
    if tags.len() > 50 {
        return Err("a session takes at most 50 tags".into());
    }
    Ok(tags)
}
