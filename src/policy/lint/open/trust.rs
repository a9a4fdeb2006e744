//! Whom a trust policy lets in beside the caller.

use serde_json::Value;

use super::super::super::case::Case;
use super::super::super::decision::Effect;
use super::super::super::document::Policy;
use super::super::super::pattern::matches;
use super::super::super::principal::{Caller, Names, Principal, PrincipalKind};
use super::super::super::statement::Statement;
use super::super::super::truth::Truth;
use super::super::source;
use super::condition::{limits, limits_who};
use super::pages::{CONFUSED_DEPUTY, KEYS, NOT_ACTION, NOT_PRINCIPAL, PRINCIPAL, Page, SESSION_TAGS, THIRD_PARTIES};
use super::{Found, Weight, condition, covers_assume_role, texts};
use crate::values::{AccountId, RoleArn};

/// Keys that keep a whole account from being let in without more.
const NARROW_AN_ACCOUNT: [&str; 5] =
    ["sts:externalid", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths", "aws:userid"];
/// Keys by which a service says for whom it calls.
const OF_A_DEPUTY: [&str; 4] = ["aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"];
/// Services that hand a role to what runs in the role's own account and send none of these keys: a condition would lock them out.
const WITHOUT_SOURCE: [&str; 3] = ["ec2.amazonaws.com", "ec2.amazonaws.com.cn", "lambda.amazonaws.com"];

/// What one statement cannot tell of itself.
pub(super) struct Scene<'a> {
    caller: Caller<'a>,
    /// The role's account; `None` when its ARN is malformed.
    own: Option<AccountId>,
    /// A Deny for everybody with a condition, counted from 1: it may keep out whom an Allow lets in.
    fence: Option<usize>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(case: &'a Case, policy: &Policy) -> Self {
        let fences = |(index, one): &(usize, &Statement)| {
            one.effect == Effect::Deny
                && !one.conditions().is_empty()
                && (one.has_not_principal() || one.principals().iter().any(|who| who.names == Names::Everyone))
                && source(policy, *index).is_some_and(covers_assume_role)
        };
        Self {
            caller: Caller::new(&case.caller),
            own: RoleArn::parse(&case.role_arn).ok().map(|role| role.account().clone()),
            fence: policy.statements().iter().enumerate().find(fences).map(|(index, _)| index + 1),
        }
    }

    /// A warning, unless a Deny may keep the most of it out.
    fn fenced(&self, mut found: Found) -> Found {
        if let Some(number) = self.fence {
            found.weight = Weight::Info;
            found.what.push_str(&format!("; statement {number} denies some of them"));
        }
        found
    }
}

pub(super) fn judge(scene: &Scene<'_>, statement: &Statement, source: &Value) -> Vec<Found> {
    let mut all = Vec::new();
    if statement.has_not_principal() {
        all.push(scene.fenced(found(
            "not_principal_allow",
            Weight::Warning,
            "allows with NotPrincipal: everybody in every account is let in who is not listed",
            "Name those who are meant under Principal.",
            NOT_PRINCIPAL,
        )));
    } else {
        all.extend(statement.principals().iter().filter_map(|principal| match principal.kind {
            PrincipalKind::Aws => of_principal(scene, statement, principal),
            PrincipalKind::Service => of_service(statement, principal),
            PrincipalKind::Federated | PrincipalKind::CanonicalUser => None,
        }));
    }
    all.extend(of_actions(source));
    all.extend(condition::judge(statement));
    all
}

fn found(rule: &'static str, weight: Weight, what: impl Into<String>, cure: &'static str, page: Page) -> Found {
    Found { rule, weight, what: what.into(), cure, page }
}

fn of_principal(scene: &Scene<'_>, statement: &Statement, principal: &Principal) -> Option<Found> {
    match &principal.names {
        Names::Everyone => Some(everyone(scene, statement)),
        Names::Account { account, .. } => Some(of_account(scene, statement, account)),
        // The caller, named as itself, is who is meant.
        Names::Arn(_) if names_caller(principal, &scene.caller) => None,
        Names::Arn(arn) => foreign(scene, arn.account()).map(|account| {
            found(
                "foreign_principal",
                Weight::Info,
                format!("also trusts {} of account {}, which is not the role's", arn.short(), account.grouped()),
                "Nothing to do if the account is known; else ask the role's owner why it is there.",
                PRINCIPAL,
            )
        }),
        Names::Deleted | Names::Nobody => None,
    }
}

fn names_caller(principal: &Principal, caller: &Caller<'_>) -> bool {
    let grants = principal.grants(caller);
    grants.own != Truth::No || grants.role != Truth::No
}

fn everyone(scene: &Scene<'_>, statement: &Statement) -> Found {
    const CURE: &str = "Name the ARNs that are meant under Principal, or add a condition on aws:PrincipalArn, aws:PrincipalAccount or aws:PrincipalOrgID.";
    if statement.conditions().is_empty() {
        return scene.fenced(found(
            "open_to_everyone",
            Weight::Warning,
            "trusts everybody in every account, without a condition",
            CURE,
            PRINCIPAL,
        ));
    }
    if !limits_who(statement) {
        let keys: Vec<&str> = statement.conditions().iter().map(|one| one.key.as_str()).collect();
        return scene.fenced(found(
            "everyone_by_own_choice",
            Weight::Warning,
            format!(
                "trusts everybody in every account, and none of its conditions ({}) tells for certain who calls or from where",
                keys.join(", ")
            ),
            CURE,
            PRINCIPAL,
        ));
    }
    if limits(statement, &["aws:principalorgid", "aws:principalorgpaths"])
        && !limits(statement, &["aws:principalarn", "aws:principalaccount", "aws:userid"])
    {
        return found(
            "organization_wide",
            Weight::Info,
            "trusts every account of an organization: whoever is permitted there to call sts:AssumeRole on the role gets in, in accounts that join later as well",
            "Name the accounts or roles that are meant, or limit aws:PrincipalArn beside the organization.",
            KEYS,
        );
    }
    found(
        "everyone_under_condition",
        Weight::Info,
        "names everybody (*) and leaves it to its conditions who gets in: a slip in them opens the role to every account",
        "Name the ARNs or accounts that are meant under Principal, and keep the conditions.",
        PRINCIPAL,
    )
}

fn of_account(scene: &Scene<'_>, statement: &Statement, account: &AccountId) -> Found {
    let narrowed = limits(statement, &NARROW_AN_ACCOUNT);
    let grouped = account.grouped();
    match foreign(scene, account) {
        Some(_) if !narrowed => scene.fenced(found(
            "account_without_external_id",
            Weight::Warning,
            format!("trusts everybody whom account {grouped} permits, and asks for no external ID"),
            "Name the roles of that account that are meant; if it is a vendor's, ask for an external ID as well.",
            THIRD_PARTIES,
        )),
        Some(_) => found(
            "foreign_account",
            Weight::Info,
            format!(
                "trusts account {grouped}, which is not the role's: within its conditions that account decides who gets in"
            ),
            "Nothing to do if the account is known; naming its roles would let in no more than is needed.",
            THIRD_PARTIES,
        ),
        None => found(
            "own_account",
            Weight::Info,
            format!(
                "trusts the whole account {grouped}{}: whoever is permitted there to call sts:AssumeRole on the role gets in, administrators among them",
                if narrowed { ", within its conditions" } else { "" }
            ),
            "Name the roles that are meant, if not everybody of the account is.",
            PRINCIPAL,
        ),
    }
}

/// An account that is known not to be the role's.
fn foreign<'n>(scene: &Scene<'_>, account: &'n AccountId) -> Option<&'n AccountId> {
    scene.own.as_ref().filter(|own| *own != account).map(|_| account)
}

fn of_service(statement: &Statement, principal: &Principal) -> Option<Found> {
    if WITHOUT_SOURCE.contains(&principal.written.as_str()) || limits(statement, &OF_A_DEPUTY) {
        return None;
    }
    Some(found(
        "service_without_source",
        Weight::Info,
        format!(
            "trusts the service {} and asks for neither aws:SourceArn nor aws:SourceAccount: where the service sends them, they keep it from acting for somebody else",
            principal.written
        ),
        "If the service's own page says that it sends them, add a condition on aws:SourceAccount or aws:SourceArn.",
        CONFUSED_DEPUTY,
    ))
}

fn of_actions(source: &Value) -> Option<Found> {
    if source.get("NotAction").is_some() {
        return Some(found(
            "not_action_allow",
            Weight::Warning,
            "allows with NotAction: every action is allowed that is not listed",
            "List the actions that are meant under Action.",
            NOT_ACTION,
        ));
    }
    let also = ["sts:tagsession", "sts:setsourceidentity"];
    let wild = texts(source, "Action").into_iter().find(|written| {
        written.contains(['*', '?']) && also.iter().all(|action| matches(&written.to_ascii_lowercase(), action))
    })?;
    Some(found(
        "action_wildcard",
        Weight::Info,
        format!(
            "allows {wild}, and with it sts:TagSession and sts:SetSourceIdentity: callers choose the tags and the source identity of their session"
        ),
        "List sts:AssumeRole alone, and the other two only where they are needed.",
        SESSION_TAGS,
    ))
}
