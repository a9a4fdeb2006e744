//! What a pasted message asks: an access path of one role, with the caller that AWS saw.
//!
//! A message names caller, action and role and no more: external ID, duration and tags of the call are never in it (IAM User Guide,
//! "Troubleshoot access denied error messages"), so they are left for the user to add.

use crate::model::Inquiry;
use crate::model::inquiry::Hop;
use crate::values::text::{elide_middle, safe};
use crate::values::{PrincipalArn, SecretText};

use super::patterns::TABLE;
use super::{Reading, beginning, read};

/// Where an inquiry came from that a message began.
const SOURCE: &str = "pasted message";
/// The actions that one `sts:AssumeRole` may need (IAM User Guide, "Pass session tags in AWS STS" and "Monitor and control actions
/// taken with assumed roles").
const OF_ASSUME_ROLE: [&str; 3] = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];
/// As many digits in succession are an account id, perhaps with a slip in it; what blacks an account out has fewer.
const DIGITS_OF_AN_ACCOUNT: usize = 8;

/// Why a text leads to no inquiry. Each is a sentence: what was found, and what to do.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NoInquiry {
    /// There is nothing in it.
    #[error("Nothing was pasted: paste the error message as the tool printed it, or type the role's ARN.")]
    Empty,
    /// It is no error message of AWS.
    #[error(
        "This is no error message of AWS that rolecall knows: paste the sentence that begins with \"User:\", or type the role's ARN."
    )]
    NotAnError,
    /// It says that something else was refused.
    #[error("It is about {what}, not sts:AssumeRole: {advice}.")]
    OtherAction {
        /// `s3:GetObject`, …
        what: String,
        /// What to do with such a message.
        advice: &'static str,
    },
    /// It is about no role.
    #[error(
        "It is about no role, so that there is no path to diagnose: what it means and what to look at stand below."
    )]
    NoPath,
    /// AWS hid the reason.
    #[error(
        "The reason is encoded: run `aws sts decode-authorization-message` on it with credentials of the account that got it, then paste what that prints."
    )]
    Encoded,
    /// It tells who was refused at most.
    #[error(
        "The message names no role: type the ARN of the role that was to be assumed; whatever else it tells is kept."
    )]
    NoRole {
        /// Who called, if it says so.
        caller: Option<PrincipalArn>,
    },
    /// The account of the role was blacked out.
    #[error("The message names the role {name}, and its account is blacked out: type the role's whole ARN.")]
    NoAccount {
        /// The role's name.
        name: String,
        /// Who called, if it says so.
        caller: Option<PrincipalArn>,
    },
}

/// Takes caller and role out of a pasted message, with whatever a tool put around it.
///
/// The principal is the caller as AWS saw it: the ARN of a session has no path, and which role is behind it only `iam:GetRole` tells.
///
/// # Errors
/// [`NoInquiry`] when the text is no error of AWS, is about another action, or names no role.
pub fn inquiry(text: &str) -> Result<Inquiry, NoInquiry> {
    if text.trim().is_empty() {
        return Err(NoInquiry::Empty);
    }
    let reading = read(text);
    if reading.role_arn.is_none() && reading.id.is_some_and(|id| TABLE.about_no_role(id)) {
        return Err(NoInquiry::NoPath);
    }
    if let Some(other) = another_action(&reading) {
        return Err(other);
    }
    let caller = reading.caller.as_deref().and_then(|arn| PrincipalArn::parse(arn).ok());
    let role_arn = match role(&reading) {
        Role::Named(arn) => arn,
        Role::Nameless if !is_error(&reading) => return Err(NoInquiry::NotAnError),
        Role::Nameless => return Err(NoInquiry::NoRole { caller }),
        Role::BlackedOut(name) => return Err(NoInquiry::NoAccount { name, caller }),
    };
    if !is_error(&reading) {
        return Err(NoInquiry::NotAnError);
    }
    Ok(Inquiry {
        hops: vec![Hop::to(role_arn)],
        principal: caller,
        message: Some(SecretText::new(beginning(text))),
        source: SOURCE.into(),
        ..Inquiry::default()
    })
}

fn is_error(reading: &Reading) -> bool {
    reading.known || reading.code.is_some() || reading.operation.is_some()
}

fn another_action(reading: &Reading) -> Option<NoInquiry> {
    if reading.id == Some("encoded") {
        return Some(NoInquiry::Encoded);
    }
    let about = || reading.id.and_then(|id| TABLE.about(id)).map(str::to_owned);
    let what = reading.action.clone().or_else(about).or_else(|| reading.operation.clone())?;
    if OF_ASSUME_ROLE.iter().any(|action| action.eq_ignore_ascii_case(&what)) || what == "AssumeRole" {
        return None;
    }
    let advice = match what.as_str() {
        "sts:AssumeRoleWithWebIdentity" | "sts:AssumeRoleWithSAML" => {
            "the role trusts an identity provider; look at its conditions on the token, which rolecall does not judge"
        }
        "iam:GetRole" => "the trust policy could not be read; give the ARN of the role that is to be assumed",
        "sts:GetCallerIdentity" | "sts:GetSessionToken" | "sts:GetFederationToken" => {
            "the credentials are at fault, and no role was asked for; `rolecall explain --message` says what to look at"
        }
        "iam:CreateRole" | "iam:UpdateAssumeRolePolicy" | "CreateRole" | "UpdateAssumeRolePolicy" => {
            "a policy could not be saved; `rolecall explain --message` says what to look at"
        }
        _ => "if a role was assumed for it, that worked; `rolecall explain --message` says what to look at",
    };
    Some(NoInquiry::OtherAction { what: safe(&elide_middle(&what, 80)).into_owned(), advice })
}

/// What a message tells of the role.
enum Role {
    Named(String),
    BlackedOut(String),
    Nameless,
}

fn role(reading: &Reading) -> Role {
    if let Some(arn) = &reading.role_arn {
        return Role::Named(arn.clone());
    }
    let Some(resource) = &reading.resource else { return Role::Nameless };
    // AWS repeats a malformed ARN as it was sent; that it is malformed is then what is wrong, and for the verdict to say.
    if resource.starts_with("arn:") && longest_digits(resource) >= DIGITS_OF_AN_ACCOUNT {
        return Role::Named(resource.clone());
    }
    let name = resource.rsplit_once(":role/").and_then(|(_, path)| path.rsplit('/').next());
    match name.filter(|name| !name.is_empty()) {
        Some(name) => Role::BlackedOut(safe(&elide_middle(name, 80)).into_owned()),
        None => Role::Nameless,
    }
}

fn longest_digits(text: &str) -> usize {
    text.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or_default()
}

#[cfg(test)]
mod tests;
