//! Buckets and repositories of container images. Whose objects and layers they hold is of no account here, only who may list them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::sandbox::moment::Moment;

/// A bucket, without a policy of its own but for [`Bucket::shared_with`].
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct Bucket {
    /// Keys of its objects.
    #[serde(default)]
    pub objects: BTreeSet<String>,
    /// Accounts that its policy lets in: their own policies decide.
    #[serde(default)]
    pub shared_with: BTreeSet<String>,
}

/// A repository of a registry.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct Repository {
    /// When each image was pushed, by tag.
    #[serde(default)]
    pub images: BTreeMap<String, Moment>,
    /// Accounts that its policy lets in: their own policies decide.
    #[serde(default)]
    pub shared_with: BTreeSet<String>,
}
