//! Roles that may be passed or changed.
//!
//! Sources: IAM User Guide, "Grant a user permissions to pass a role to an AWS service" and "IAM policy validation check reference",
//! `PASS_ROLE_WITH_STAR_IN_RESOURCE`: name the roles, or add `iam:PassedToService`; "Permissions boundaries for IAM entities": who makes
//! roles for others is held to a boundary with `iam:PermissionsBoundary`.

use super::super::open::pages::{BOUNDARIES, PASS_ROLE};
use super::super::open::{Wide, limits, wide};
use super::everything::is_every_action;
use super::set::{Found, Left, Place, Set, apart};
use super::{GrantKind, GrantLint};
use crate::policy::decision::Effect;
use crate::policy::explain::listed;
use crate::policy::pattern::Glob;

/// The action that hands a role to a service, in lower case as patterns are compared.
const PASS: &str = "iam:passrole";
/// Those that make a role, or give one permissions, and the condition keys that hold them in (Service Authorization Reference, AWS IAM).
const CHANGE: [(&str, &[&str]); 3] = [
    ("iam:createrole", &["iam:permissionsboundary"]),
    ("iam:attachrolepolicy", &["iam:permissionsboundary", "iam:policyarn"]),
    ("iam:putrolepolicy", &["iam:permissionsboundary"]),
];
/// What limits where a role is passed to.
const PASSED_TO: [&str; 2] = ["iam:passedtoservice", "iam:associatedresourcearn"];

pub(super) fn lint(set: &Set<'_>, roles: Option<&[String]>) -> Vec<GrantLint> {
    let meant = Meant::new(roles);
    let mut lints = Vec::new();
    for place in set.all(Effect::Allow) {
        let Some(reach) = meant.reach(&place) else { continue };
        let matching = |wanted: &[&str]| matching(set, &place, &meant, wanted);
        let found = [passed(&place, &reach, matching), changed(&place, &reach, matching)];
        lints.extend(found.into_iter().flatten().map(|found| set.of_statement(&place, found)));
    }
    lints
}

/// The roles that are meant; without a list, whatever names not simply all.
struct Meant(Option<Vec<Glob>>);

/// How far the resources of a statement go, if further than is meant.
enum Reach {
    Every,
    Beyond(String),
}

impl Meant {
    fn new(roles: Option<&[String]>) -> Self {
        Self(roles.map(|roles| roles.iter().map(|role| Glob::new(role)).collect()))
    }

    fn is_beyond(&self, resource: &str) -> bool {
        match &self.0 {
            Some(meant) => {
                let pattern = Glob::new(resource);
                may_name_roles(resource) && !meant.iter().any(|role| role.covers(&pattern))
            }
            None => is_every_role(resource),
        }
    }

    fn reach(&self, place: &Place<'_>) -> Option<Reach> {
        let beyond = || place.statement.listed_resources().filter(|one| self.is_beyond(one));
        match beyond().any(is_every_role) {
            true => Some(Reach::Every),
            false => beyond().next().map(|one| Reach::Beyond(one.to_owned())),
        }
    }
}

fn is_every_role(resource: &str) -> bool {
    matches!(wide(resource), Some(Wide::Everything | Wide::AllRoles))
}

/// Whether a resource, by its parts, can be the ARN of a role. A `*` may reach over colons, so what is missing may be anything.
fn may_name_roles(resource: &str) -> bool {
    let parts: Vec<&str> = resource.splitn(6, ':').collect();
    let fits =
        |place: usize, wanted: &str| parts.get(place).is_none_or(|part| Glob::new(part).meets(&Glob::new(wanted)));
    fits(2, "iam") && fits(5, "role/*")
}

/// Actions as written, and what the Denies leave of each.
type Matching<'a> = (Vec<String>, Vec<Left<'a>>);

/// The listed actions that stand for one of some, with what a Deny leaves of them. `*` has a rule of its own.
fn matching<'a>(set: &Set<'a>, place: &Place<'a>, meant: &Meant, wanted: &[&str]) -> Matching<'a> {
    let each = place.statement.listed_actions().enumerate().filter(|(_, action)| !is_every_action(action));
    let fitting = each.filter(|(_, action)| {
        let glob = Glob::new(&action.to_ascii_lowercase());
        wanted.iter().any(|wanted| glob.matches(wanted))
    });
    let left = fitting.map(|(index, action)| (action.to_owned(), set.left(place, index)));
    left.filter(|(_, left)| left.reaches(|spared| meant.is_beyond(spared))).unzip()
}

fn passed<'a>(place: &Place<'a>, reach: &Reach, matching: impl Fn(&[&str]) -> Matching<'a>) -> Option<Found> {
    if limits(place.statement, &PASSED_TO) {
        return None;
    }
    let (actions, left) = matching(&[PASS]);
    let first = actions.first()?;
    let written =
        if first.eq_ignore_ascii_case(PASS) { "iam:PassRole".into() } else { format!("iam:PassRole (by {first})") };
    let (rule, on) = match reach {
        Reach::Every => ("passes_any_role", "on every role".to_owned()),
        Reach::Beyond(resource) => ("passes_other_roles", format!("on {resource}, beyond the roles that are meant")),
    };
    let within = within(place);
    let what = format!(
        "allows {written} {on} and to every service{within}{}: its holder can give such a role to any service that the role trusts, and have work done there with permissions that are not the holder's own",
        apart(&left)
    );
    Some(Found {
        rule,
        kind: GrantKind::WiderThanNeeded,
        what,
        actions,
        cure: "Name the roles under Resource, and the services under a condition on iam:PassedToService.".into(),
        page: PASS_ROLE,
    })
}

fn changed<'a>(place: &Place<'a>, reach: &Reach, matching: impl Fn(&[&str]) -> Matching<'a>) -> Option<Found> {
    let open: Vec<&str> =
        CHANGE.iter().filter(|(_, keys)| !limits(place.statement, keys)).map(|(action, _)| *action).collect();
    let (actions, left) = matching(&open);
    if actions.is_empty() {
        return None;
    }
    let gives = actions.iter().any(|action| {
        let glob = Glob::new(&action.to_ascii_lowercase());
        open.iter().any(|one| *one != "iam:createrole" && glob.matches(one))
    });
    let so = match gives {
        true => "a role can be given permissions that its giver has not, and then be assumed or passed",
        false => "a role of any trust can be made",
    };
    let (rule, on) = match reach {
        Reach::Every => ("changes_any_role", "on every role".to_owned()),
        Reach::Beyond(resource) => ("changes_other_roles", format!("on {resource}, beyond the roles that are meant")),
    };
    Some(Found {
        rule,
        kind: GrantKind::WiderThanNeeded,
        what: format!("allows {} {on} without asking for a permissions boundary{}{}: {so}", listed(&actions), within(place), apart(&left)),
        actions,
        cure: "Name the roles under Resource by a path or a name of their own, and ask for a boundary with the condition key iam:PermissionsBoundary.".into(),
        page: BOUNDARIES,
    })
}

fn within(place: &Place<'_>) -> &'static str {
    if place.statement.conditions().is_empty() { "" } else { ", within its conditions" }
}
