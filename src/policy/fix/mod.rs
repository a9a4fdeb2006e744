//! What cures a denial: the smallest edits that do, each applied to a copy and evaluated again; or nobody's to make, and why.
//!
//! The cure begins at the nearest miss of each layer that refuses (`search.rs`). A trust policy gains a principal, an action or a right
//! key (`trust.rs`, `condition.rs`), the caller's policies gain this one role (`caller.rs`), everything else is the request's
//! (`request.rs`): an external ID is the role owner's, so the request is made to fit it. An edit never adds `*`, never drops a condition,
//! never trusts an account where a user or role would do, and never goes around a statement whose conditions the caller does not meet.
//! What cannot be cured so is somebody's decision (`refusal.rs`).
//!
//! A cure ends with `allow`. Where policies could not be read it ends with `unknown`, and only if the case is allowed once all of
//! these are taken to allow: nothing that was read stands against it any more. A live error of the case tells of the call that was
//! made; it does not count for the call that will be made once the patches are in place.

mod caller;
mod command;
mod condition;
mod deny;
mod document;
mod edit;
mod refusal;
mod request;
mod search;
mod trust;
mod view;

use jiff::Timestamp;
use serde::Serialize;

use super::case::Case;
use super::decision::{Answer, Decision};
use edit::Edit;

pub(crate) use command::{Bearer, ascii, cautions, inline};
pub use command::{Step, assume_name};

/// What is known of who keeps the things that a fix would edit.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Ownership {
    /// The CloudFormation stack that the role belongs to.
    pub role_stack: Option<String>,
    /// The CloudFormation stack that the caller belongs to.
    pub caller_stack: Option<String>,
    /// The caller is not there yet: IAM refuses to put it into a trust policy.
    pub caller_missing: bool,
    /// The AWS profile for commands in the role's account.
    pub role_profile: Option<String>,
    /// The AWS profile for commands in the caller's account.
    pub caller_profile: Option<String>,
    /// The AWS profile that signs in as the caller itself.
    pub signs_in: Option<String>,
}

/// One edit of one part of a case.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Fix {
    /// The part: `trust_policy`, `identity_policies/0`, `identity_policies`, `permission_boundary`, `request`, …
    pub target: String,
    /// RFC 6902 operations on that part.
    pub patch: json_patch::Patch,
    /// The command that makes the edit, quoted for a POSIX shell.
    pub command: String,
    /// The verdict after this fix and those before it.
    pub turns_verdict_to: Answer,
    /// The edit in a sentence.
    pub what: String,
    /// The whole way: save what is there, apply, and what else its keeper must know. `command` is one of them.
    pub steps: Vec<Step>,
    /// What must happen before the command can work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waits: Option<String>,
}

impl Fix {
    /// Whether it changes what the caller sends, and no policy.
    #[must_use]
    pub fn is_of_request(&self) -> bool {
        matches!(self.target.as_str(), "request" | "context" | "extra_context" | "role_arn")
    }

    /// Whether it changes a policy that the caller has already.
    #[must_use]
    pub fn is_of_callers_own(&self) -> bool {
        self.target == "permission_boundary" || self.target.starts_with("identity_policies/")
    }

    /// The case with this edit made. `None`: it does not fit this case.
    #[must_use]
    pub fn applied(&self, case: &Case) -> Option<Case> {
        let target = edit::Target::parse(&self.target)?;
        Edit { target, operations: self.patch.0.clone(), what: String::new() }.apply(case)
    }

    /// Whether it changes the role's trust policy.
    #[must_use]
    pub fn is_of_trust(&self) -> bool {
        self.target == "trust_policy"
    }
}

impl Cure {
    /// What was proven of its fixes, to end a sentence; `None` where there are none.
    #[must_use]
    pub fn proof(&self) -> Option<&'static str> {
        self.fixes.last().map(|last| match last.turns_verdict_to {
            Answer::Allow => "applied to a copy and evaluated again, it is allowed",
            Answer::Deny | Answer::Unknown => {
                "applied to a copy and evaluated again, nothing that was read refuses it any more"
            }
        })
    }
}

/// Why there is no fix.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct NoFix {
    /// Why no edit cures it, in a sentence.
    pub reason: String,
    /// Whose decision it is.
    pub owner: String,
    /// What to do next.
    pub next_step: String,
}

/// One cure: the fixes in the order in which they are applied, or why there is none.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Cure {
    /// Each turns the verdict to what it says, after those before it.
    pub fixes: Vec<Fix>,
    /// Present exactly when `fixes` is empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_fix: Option<NoFix>,
}

/// The cure of a case that was decided as `decision`, as of `now`.
#[must_use]
pub fn fixes(case: &Case, decision: &Decision, now: Timestamp) -> Cure {
    fixes_with(case, decision, now, &Ownership::default())
}

/// As [`fixes`], knowing who keeps what would be edited.
#[must_use]
pub fn fixes_with(case: &Case, decision: &Decision, now: Timestamp, ownership: &Ownership) -> Cure {
    let found = match decision.verdict {
        Answer::Deny => search::search(case, decision, now),
        Answer::Allow | Answer::Unknown => Err(refusal::Refusal::of_verdict()),
    };
    let fixes = found.and_then(|edits| offered(case, edits, now, ownership));
    match fixes {
        Ok(fixes) => Cure { fixes, no_fix: None },
        Err(refusal) => Cure { fixes: Vec::new(), no_fix: Some(refusal.no_fix(case, decision)) },
    }
}

/// The cure of credentials that AWS does not take, where it is not known whose they are: `summary` says why. `None`: the cause is
/// none of theirs.
#[must_use]
pub fn of_credentials(cause: super::decision::Cause, summary: &str) -> Option<Cure> {
    let next_step = refusal::of_credentials(cause.0)?.to_owned();
    let (reason, owner) = (summary.to_owned(), "whoever holds the credentials".to_owned());
    Some(Cure { fixes: Vec::new(), no_fix: Some(NoFix { reason, owner, next_step }) })
}

/// Puts edits of one part together, and says of each what it brings and how it is made.
fn offered(case: &Case, edits: Vec<Edit>, now: Timestamp, ownership: &Ownership) -> Result<Vec<Fix>, refusal::Refusal> {
    let mut current = search::without_live_error(case);
    let mut fixes = Vec::new();
    for edit in edit::by_target(edits) {
        let after = edit.apply(&current).ok_or_else(refusal::Refusal::default)?;
        document::storable(&current, &after, edit.target)?;
        let (command, steps) = command::steps(&current, &after, &edit, ownership);
        fixes.push(Fix {
            target: edit.target.to_string(),
            patch: json_patch::Patch(edit.operations),
            command,
            turns_verdict_to: super::evaluate(&after, now).verdict,
            what: edit.what,
            steps,
            waits: (ownership.caller_missing && edit.target == edit::Target::Trust).then(|| {
                format!(
                    "After the deployment: IAM refuses a trust policy that names {}, which is not there yet.",
                    after.caller.short()
                )
            }),
        });
        current = after;
    }
    Ok(fixes)
}

#[cfg(test)]
mod tests;
