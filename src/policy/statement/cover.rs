//! What statements allow, compared with each other and without a request: whether one lies within others.
//!
//! A yes is sure; a no may only mean that it cannot be told. Several patterns that cover another only together do not count.

use super::{Action, Element, Resource, Statement};
use crate::policy::variable::Template;

impl Statement {
    /// What it lists under `Action`, as written; nothing for `NotAction`.
    pub(in crate::policy) fn listed_actions(&self) -> impl Iterator<Item = &str> {
        let list = match &self.actions {
            Some(Element::Is(list)) => list.as_slice(),
            Some(Element::Not(_)) | None => &[],
        };
        list.iter().map(|action| action.written.as_str())
    }

    /// What it lists under `Resource`, as written; nothing for `NotResource`.
    pub(in crate::policy) fn listed_resources(&self) -> impl Iterator<Item = &str> {
        self.resource_list().iter().map(|resource| resource.written.as_str())
    }

    /// What it lists under `Resource`: as written, and as it is matched.
    pub(in crate::policy) fn resource_patterns(&self) -> impl Iterator<Item = (&str, &Template)> {
        self.resource_list().iter().map(|resource| (resource.written.as_str(), &resource.pattern))
    }

    /// What it lists under `NotResource`, as written.
    pub(in crate::policy) fn spared_resources(&self) -> impl Iterator<Item = &str> {
        let list = match &self.resources {
            Some(Element::Not(list)) => list.as_slice(),
            Some(Element::Is(_)) | None => &[],
        };
        list.iter().map(|resource| resource.written.as_str())
    }

    /// Whether it has a `NotAction`.
    pub(in crate::policy) const fn has_not_action(&self) -> bool {
        matches!(self.actions, Some(Element::Not(_)))
    }

    /// Whether it has a `NotResource`.
    pub(in crate::policy) const fn has_not_resource(&self) -> bool {
        matches!(self.resources, Some(Element::Not(_)))
    }

    /// Whether all that it says of one of its listed actions is said by `others` too: the action, every resource, under conditions that
    /// hold whenever its own do. The effects are not looked at.
    pub(in crate::policy) fn is_within(&self, action: usize, others: &[&Self]) -> bool {
        let Some(action) = self.listed(action) else { return false };
        let fits = |other: &&&Self| {
            covers_action(other.actions.as_ref(), action)
                && other.conditions.iter().all(|wanted| self.conditions.iter().any(|mine| mine.implies(wanted)))
        };
        let others: Vec<&&Self> = others.iter().filter(fits).collect();
        match &self.resources {
            Some(Element::Is(list)) => {
                !list.is_empty() && list.iter().all(|one| others.iter().any(|other| other.covers_resource(one)))
            }
            Some(Element::Not(spared)) => others.iter().any(|other| other.covers_all_but(spared)),
            None => false,
        }
    }

    /// Whether `other`, most likely a Deny, may have a say in one of the listed actions on some of its resources. Conditions are not looked at.
    pub(in crate::policy) fn may_touch(&self, action: usize, other: &Self) -> bool {
        let Some(action) = self.listed(action) else { return false };
        let meets = match &other.actions {
            Some(Element::Is(list)) => list.iter().any(|one| one.glob.meets(&action.glob)),
            Some(Element::Not(list)) => !list.iter().any(|one| one.glob.covers(&action.glob)),
            None => false,
        };
        meets && other.may_touch_resources(self)
    }

    /// Whether what it lists as an action, given by its place, lies within the actions of `other`.
    pub(in crate::policy) fn action_is_within(&self, action: usize, other: &Self) -> bool {
        self.listed(action).is_some_and(|action| covers_action(other.actions.as_ref(), action))
    }

    fn listed(&self, action: usize) -> Option<&Action> {
        match &self.actions {
            Some(Element::Is(list)) => list.get(action),
            Some(Element::Not(_)) | None => None,
        }
    }

    fn resource_list(&self) -> &[Resource] {
        match &self.resources {
            Some(Element::Is(list)) => list,
            Some(Element::Not(_)) | None => &[],
        }
    }

    fn covers_resource(&self, resource: &Resource) -> bool {
        match &self.resources {
            Some(Element::Is(list)) => list.iter().any(|mine| mine.covers(resource)),
            Some(Element::Not(spared)) => {
                spared.iter().all(|mine| mine.is_plain() && !mine.pattern.may_meet(&resource.pattern))
            }
            None => false,
        }
    }

    /// Whether it covers every resource but those of a `NotResource`.
    fn covers_all_but(&self, spared: &[Resource]) -> bool {
        match &self.resources {
            Some(Element::Is(list)) => list.iter().any(|mine| mine.written == "*"),
            Some(Element::Not(mine)) => mine
                .iter()
                .all(|one| one.is_plain() && spared.iter().any(|theirs| theirs.is_plain() && theirs.covers(one))),
            None => false,
        }
    }

    fn may_touch_resources(&self, other: &Self) -> bool {
        match (&self.resources, &other.resources) {
            (Some(Element::Is(mine)), Some(Element::Is(theirs))) => {
                mine.iter().any(|one| theirs.iter().any(|two| one.pattern.may_meet(&two.pattern)))
            }
            (Some(Element::Not(spared)), Some(Element::Is(theirs))) => {
                !theirs.iter().all(|two| spared.iter().any(|one| one.is_plain() && one.covers(two)))
            }
            (Some(Element::Is(_) | Element::Not(_)), Some(Element::Not(_))) => true,
            (None, _) | (_, None) => false,
        }
    }
}

impl Resource {
    fn covers(&self, other: &Self) -> bool {
        self.pattern.covers(&other.pattern)
    }

    /// Whether it means the same in every request.
    const fn is_plain(&self) -> bool {
        self.pattern.fixed().is_some() && !self.misplaced_variable
    }
}

/// Whether `Action` or `NotAction` holds all that one action pattern stands for.
fn covers_action(actions: Option<&Element<Action>>, action: &Action) -> bool {
    match actions {
        Some(Element::Is(list)) => list.iter().any(|one| one.glob.covers(&action.glob)),
        Some(Element::Not(list)) => !list.iter().any(|one| one.glob.meets(&action.glob)),
        None => false,
    }
}
