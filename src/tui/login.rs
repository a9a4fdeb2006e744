//! Waiting for an SSO login that is made elsewhere: looked for while it is on the screen, and gone on with by itself.

use std::time::Duration;

use super::app::App;
use super::keymap::Place;
use super::message::Effect;
use super::route::Route;
use super::screens::source;
use crate::model::Fact;
use crate::model::facts::{SourceEntry, SsoToken};
use crate::model::selection::CredentialSource;

/// How often the login is looked for.
const EVERY: Duration = Duration::from_secs(2);

/// The AWS profile that waits for a login: the one under the cursor, or the one that a diagnosis asks with.
pub fn awaited(app: &App) -> Option<&SourceEntry> {
    let entry = match app.place() {
        Place::Screen(Route::Source) => source::under_cursor(app),
        Place::Screen(Route::Diagnose) => source::chosen(app),
        _ => None,
    };
    entry.filter(|entry| needs_login(app, entry))
}

/// Whether an AWS profile cannot be used before a login: the cached one has ended, or AWS did not accept it.
pub fn needs_login(app: &App, entry: &SourceEntry) -> bool {
    match &entry.sso_token {
        None => false,
        Some(SsoToken::Expired(_) | SsoToken::Missing) => true,
        Some(SsoToken::Live(_)) => {
            let refused =
                |finding: &crate::model::Finding| matches!(finding.id.as_str(), "identity/login" | "identity/expired");
            app.selection.source.as_ref() == Some(&entry.source) && app.judgement.findings.iter().any(refused)
        }
    }
}

impl App {
    /// When to look again, from now; `None` while nothing is waited for.
    pub fn next_login_look(&self) -> Option<Duration> {
        awaited(self).map(|_| (self.login_looked + EVERY).saturating_sub(self.clock))
    }

    /// Looks again when it is time. Waiting begins with what was last seen to wait for nothing.
    pub fn look_for_login(&mut self) -> Option<Effect> {
        let source = awaited(self).map(|entry| entry.source.clone());
        let due = self.clock.saturating_sub(self.login_looked) >= EVERY;
        if source.is_none() || due {
            self.login_looked = self.clock;
        }
        source.filter(|_| due).map(Effect::LookForLogin)
    }

    /// The state of a login as it is now. A new one is gone on with: AWS is asked who it is.
    pub fn login_seen(&mut self, source: &CredentialSource, token: Option<SsoToken>) -> Vec<Effect> {
        let Fact::Known(entries) = &mut self.facts.sources else { return Vec::new() };
        let Some(entry) = entries.iter_mut().find(|entry| entry.source == *source) else { return Vec::new() };
        if entry.sso_token == token {
            return Vec::new();
        }
        entry.sso_token = token;
        if !matches!(entry.sso_token, Some(SsoToken::Live(_))) {
            return Vec::new();
        }
        if self.selection.source.as_ref() == Some(source) {
            self.note = Some("the login was noticed; asking AWS who this is".into());
            return self.start_over();
        }
        self.note = Some("the login was noticed; Enter chooses it".into());
        Vec::new()
    }
}
