//! What the service reads when it starts, one after the other as it does: the stack, then the secret's value.

use super::Walk;
use crate::gather::{Ask, Gatherer};
use crate::model::selection::CredentialSource;
use crate::model::{Facts, Selection};
use crate::preselect;

/// Looks that up: who asks, the stack of the selection, and its only source, which is the secret. `goes_on` says after the stack whether the
/// service would read the secret.
pub async fn of_startup(
    gatherer: &Gatherer,
    selection: Selection,
    goes_on: impl FnOnce(&Facts) -> bool,
) -> (Facts, Selection) {
    let now = gatherer.connector().here().clock.now();
    let mut walk = Walk::new(gatherer, Facts::new(now), selection);
    walk.one(Ask::Survey).await;
    if walk.selection.source.is_none() {
        let source = preselect::source(&walk.facts).unwrap_or(CredentialSource::Profile("default".into()));
        walk.selection.source = Some(source);
    }
    walk.one(Ask::Caller).await;
    if walk.facts.identity.known().is_some() {
        walk.one(Ask::StackAlone).await;
        if goes_on(&walk.facts) {
            walk.one(Ask::Imports).await;
        }
    }
    (walk.facts, walk.selection)
}

impl Walk<'_> {
    async fn one(&mut self, ask: Ask) {
        self.begin(ask);
        while self.step().await {}
    }
}
