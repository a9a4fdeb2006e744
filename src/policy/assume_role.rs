//! The layers of a [`Case`] put together, for each of the actions an AssumeRole may need.
//!
//! Sources: IAM User Guide, "Policy evaluation logic", "Determining whether a request is allowed or denied within an account",
//! "Cross-account policy evaluation logic" and "Passing session tags in AWS STS".

use jiff::Timestamp;

use super::case::{Case, Readable};
use super::condition::Context;
use super::decision::{Answer, Decision, Layer};
use super::evaluate::{Ask, Judged};
use super::principal::{Grant, Grants};
use super::request::Checked;
use super::statement::Depth;
use super::truth::Truth;
use super::{cause, decide, derived, live, principal, request};
use crate::values::PrincipalArn;

/// The action every case asks for.
pub(super) const ASSUME_ROLE: &str = "sts:AssumeRole";
pub(super) const TAG_SESSION: &str = "sts:TagSession";
pub(super) const SET_SOURCE_IDENTITY: &str = "sts:SetSourceIdentity";

/// Decides a case as of `now`, the time conditions see.
#[must_use]
pub fn evaluate(case: &Case, now: Timestamp) -> Decision {
    let context = derived::context(case, now);
    let (checked, asked) = judge_in_depth(case, &context, Depth::Count);
    decide::decide(case, &context, &checked, &asked, &live::read(case))
}

/// The verdict of [`evaluate`] alone, in a fraction of the time.
#[must_use]
pub fn verdict(case: &Case, now: Timestamp) -> Answer {
    let context = derived::context(case, now);
    let (checked, asked) = judge_in_depth(case, &context, Depth::Verdict);
    decide::verdict(&checked, &asked, &live::read(case))
}

/// The request itself, and every action it needs by every layer, with every reason.
pub(super) fn judge<'a>(case: &'a Case, context: &'a Context<'a>) -> (Checked, Vec<Asked<'a>>) {
    judge_in_depth(case, context, Depth::Reasons)
}

fn judge_in_depth<'a>(case: &'a Case, context: &'a Context<'a>, depth: Depth) -> (Checked, Vec<Asked<'a>>) {
    let checked = request::check(case);
    let asked = if checked.is_final {
        Vec::new()
    } else {
        actions(case, context).map(|action| Asked::judge(case, action, context, depth)).collect()
    };
    (checked, asked)
}

/// Each needs its own permission on both sides.
fn actions(case: &Case, context: &Context<'_>) -> impl Iterator<Item = &'static str> {
    let tags = !case.request.tags.is_empty() || !case.request.transitive_tag_keys.is_empty();
    // The key of a request that sets one; and one that was set stays with every session that follows.
    let identified = ["sts:SourceIdentity", "aws:SourceIdentity"].iter().any(|key| context.value(key).is_some());
    let identified = identified || case.request.source_identity.is_some();
    let wanted = [(true, ASSUME_ROLE), (tags, TAG_SESSION), (identified, SET_SOURCE_IDENTITY)];
    wanted.into_iter().filter(|(wanted, _)| *wanted).map(|(_, action)| action)
}

/// In lower case, as policies are compared.
const fn lower(action: &'static str) -> &'static str {
    match action.as_bytes() {
        b"sts:AssumeRole" => "sts:assumerole",
        b"sts:TagSession" => "sts:tagsession",
        _ => "sts:setsourceidentity",
    }
}

/// One action, judged by every layer.
pub(super) struct Asked<'a> {
    pub action: &'static str,
    pub ask: Ask<'a>,
    pub same_account: bool,
    pub trust: Judged<'a>,
    pub identity: Judged<'a>,
    pub boundary: Judged<'a>,
    pub session: Judged<'a>,
    pub scp: Judged<'a>,
    pub rcp: Judged<'a>,
    caller: Caller,
}

/// What the rules distinguish of callers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Caller {
    User,
    Session,
}

impl<'a> Asked<'a> {
    fn judge(case: &'a Case, action: &'static str, context: &'a Context<'a>, depth: Depth) -> Self {
        let ask = Ask {
            caller: principal::Caller::new(&case.caller),
            action,
            action_lower: lower(action).into(),
            resource: &case.role_arn,
            context,
            bounded: case.boundary.read().map_or(Truth::Unknown, |boundary| boundary.is_some().into()),
            depth,
        };
        let trust = match &case.trust {
            Readable::Read(Some(policy)) if !live::is_another_role(case) => Judged::trust(policy, &ask),
            // No such role: the request is refused for that.
            Readable::Read(None) => Judged::none(),
            _ => Judged::unread(),
        };
        let spared = is_service_linked(&case.caller);
        Self {
            action,
            same_account: case.role_arn.split(':').nth(4) == Some(case.caller.account().as_str()),
            trust,
            identity: case.identity.read().map_or_else(Judged::unread, |policies| Judged::policies(policies, &ask)),
            boundary: Judged::limit(&case.boundary, &ask),
            session: match (&case.session, &case.caller) {
                // Users have no session policy; a workload's session is taken to be started by its service, without one.
                (Readable::Unread, PrincipalArn::User { .. } | PrincipalArn::Role(_)) => Judged::none(),
                (session, _) => Judged::limit(session, &ask),
            },
            scp: if spared { Judged::none() } else { Judged::scps(&case.scps, &ask) },
            rcp: if spared { Judged::none() } else { Judged::rcps(&case.rcps, &ask) },
            caller: match case.caller {
                PrincipalArn::Session { .. } | PrincipalArn::Role(_) => Caller::Session,
                _ => Caller::User,
            },
            ask,
        }
    }

    pub(super) fn layers(&self) -> [(Layer, &Judged<'a>); 6] {
        [
            (Layer::Trust, &self.trust),
            (Layer::Identity, &self.identity),
            (Layer::Boundary, &self.boundary),
            (Layer::Session, &self.session),
            (Layer::Scp, &self.scp),
            (Layer::Rcp, &self.rcp),
        ]
    }

    /// The answer; with `ceilings_open`, as if every boundary, session policy, SCP and RCP that could not be read allowed.
    pub(super) fn answer(&self, ceilings_open: bool) -> Truth {
        let open = |layer: Layer, judged: &Judged<'_>| ceilings_open && !judged.read && is_ceiling(layer);
        let deny =
            Truth::any(self.layers().map(|(layer, judged)| if open(layer, judged) { Truth::No } else { judged.deny }));
        let allow = |layer: Layer| {
            let judged = self.layer(layer);
            if open(layer, judged) { Truth::Yes } else { judged.allow }
        };
        let sides =
            if self.trust.grants == Grants::default() && self.trust.allow == Truth::Yes {
                // There is no role to trust anybody.
                Truth::Yes
            } else {
                Truth::any(self.trust.grants.each().map(|(grant, granted)| {
                    granted.and(Truth::all(self.needed(grant).iter().map(|layer| allow(*layer))))
                }))
            };
        deny.not().and(sides).and(allow(Layer::Scp)).and(allow(Layer::Rcp))
    }

    fn layer(&self, wanted: Layer) -> &Judged<'a> {
        match wanted {
            Layer::Identity => &self.identity,
            Layer::Boundary => &self.boundary,
            Layer::Session => &self.session,
            Layer::Scp => &self.scp,
            Layer::Rcp => &self.rcp,
            Layer::Trust | Layer::Credentials | Layer::Request => &self.trust,
        }
    }

    /// Which of the caller's own policies must allow, given how the trust policy names the caller.
    ///
    /// Within one account the resource side alone grants to whom it names: "no additional identity-based policy is required". An
    /// implicit deny of a boundary does not stop a grant to the ARN of a user or session, nor that of a session policy one to the
    /// session's ARN. Naming the account only permits it to delegate.
    const fn needed(&self, grant: Grant) -> &'static [Layer] {
        if !self.same_account {
            return &[Layer::Identity, Layer::Boundary, Layer::Session];
        }
        match (grant, self.caller) {
            (Grant::Own, _) | (Grant::Everyone, Caller::User) => &[],
            (Grant::Everyone, Caller::Session) => &[Layer::Session],
            (Grant::Role, _) => &[Layer::Boundary, Layer::Session],
            (Grant::Account, _) => &[Layer::Identity, Layer::Boundary, Layer::Session],
        }
    }

    /// The grant by which the caller is let in, or would be once its nearest miss is cured.
    fn grant(&self) -> Grant {
        let nearest = || cause::nearest(&self.trust).and_then(|trial| trial.tried.grants.strongest());
        self.trust.grants.strongest().or_else(nearest).unwrap_or(match self.caller {
            Caller::User => Grant::Own,
            Caller::Session => Grant::Role,
        })
    }

    /// Every layer that refuses for certain.
    pub(super) fn refusing(&self) -> Vec<Layer> {
        let needed = self.needed(self.grant());
        self.layers()
            .into_iter()
            .filter(|(layer, judged)| {
                let required = matches!(layer, Layer::Trust | Layer::Scp | Layer::Rcp) || needed.contains(layer);
                judged.deny == Truth::Yes || (required && judged.allow == Truth::No)
            })
            .map(|(layer, _)| layer)
            .collect()
    }
}

const fn is_ceiling(layer: Layer) -> bool {
    matches!(layer, Layer::Boundary | Layer::Session | Layer::Scp | Layer::Rcp)
}

/// "SCPs don't affect service-linked roles", and neither do RCPs. Their names are reserved.
fn is_service_linked(caller: &PrincipalArn) -> bool {
    match caller {
        PrincipalArn::Role(role) => role.path().starts_with("/aws-service-role/"),
        PrincipalArn::Session { role, .. } => role.starts_with("AWSServiceRoleFor"),
        _ => false,
    }
}
