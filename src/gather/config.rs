//! What `config.json` says of the things that are looked up in AWS. The file itself is a fact of the survey.

use crate::aws::Surroundings;
use crate::config;
use crate::model::Selection;
use crate::model::selection::RoleKind;
use crate::store;
use crate::values::RoleArn;

/// The `config.json` of the chosen config profile, as far as it can be read.
pub(super) struct Config(config::Config);

impl Config {
    /// Reads it. What is wrong with the file is the survey's to tell.
    pub(super) fn read(here: &Surroundings, selection: &Selection) -> Self {
        let root = store::config_root(&here.config_home);
        let file = store::read_config(&root, &selection.config_profile).ok().flatten();
        Self(file.and_then(|file| config::Config::read(&file).ok()).unwrap_or_else(config::Config::none))
    }

    /// `integratedStack`.
    pub(super) fn is_integrated(&self) -> Option<bool> {
        self.0.own(&["integratedStack"])?.as_bool()
    }

    /// The role that the webhook is configured to use.
    pub(super) fn role(&self, kind: RoleKind) -> Option<RoleArn> {
        RoleArn::parse(self.0.own_text(&["quilt", kind.config_field()])?).ok()
    }
}
