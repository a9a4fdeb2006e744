//! Identity policies and a boundary, for any action: what a call to AWS needs on the caller's side.

use super::case::NamedPolicy;
use super::condition::Context;
use super::evaluate::{Ask, Judged};
use super::principal::Caller;
use super::statement::Depth;
use super::truth::Truth;
use crate::values::PrincipalArn;

/// One call.
#[derive(Clone, Copy, Debug)]
pub struct Query<'a> {
    /// Who calls.
    pub principal: &'a PrincipalArn,
    /// For example `secretsmanager:GetSecretValue`.
    pub action: &'a str,
    /// The ARN, or `*` for actions that have none.
    pub resource: &'a str,
    /// The condition keys sent.
    pub context: &'a Context<'a>,
}

/// What identity policies say to a call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Authorization {
    /// An Allow applies, in the boundary as well, and no Deny does.
    Allowed,
    /// No Allow applies.
    ImplicitDeny,
    /// A Deny applies.
    ExplicitDeny,
    /// It cannot be said; the text is what is not known.
    Unknown(String),
}

/// Judges a call by the caller's identity policies and its permissions boundary.
#[must_use]
pub fn authorize(identity: &[NamedPolicy], boundary: Option<&NamedPolicy>, query: &Query<'_>) -> Authorization {
    let ask = Ask {
        caller: Caller::new(query.principal),
        action: query.action,
        action_lower: query.action.to_ascii_lowercase().into(),
        resource: query.resource,
        context: query.context,
        bounded: boundary.is_some().into(),
        depth: Depth::Count,
    };
    let identity = Judged::policies(identity, &ask);
    let boundary = boundary.map_or_else(Judged::none, |policy| Judged::policies(std::slice::from_ref(policy), &ask));
    let deny = identity.deny.or(boundary.deny);
    if deny == Truth::Yes {
        return Authorization::ExplicitDeny;
    }
    match deny.not().and(identity.allow).and(boundary.allow) {
        Truth::Yes => Authorization::Allowed,
        Truth::No => Authorization::ImplicitDeny,
        Truth::Unknown => {
            let mut open = identity.trials.iter().chain(&boundary.trials).filter(|t| t.tried.outcome == Truth::Unknown);
            let doubt = open.next().and_then(|trial| trial.told(&ask).doubts.into_iter().next());
            Authorization::Unknown(doubt.map(|doubt| doubt.what).unwrap_or_default())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::document::Policy;

    fn named(text: &str) -> NamedPolicy {
        NamedPolicy { name: String::new(), policy: Policy::parse(text).unwrap() }
    }

    #[test]
    fn any_action_is_judged() {
        let caller = PrincipalArn::parse("arn:aws:iam::111122223333:user/alice").unwrap();
        let read = named(
            r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["secretsmanager:Get*","iam:getrole"],
                "Resource":["arn:aws:secretsmanager:*:111122223333:secret:a-*","arn:aws:iam"]}}"#,
        );
        let deny =
            named(r#"{"Statement":{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Weird":{"x":"y"}}}}"#);
        let none = named(r#"{"Statement":{"Effect":"Deny","NotAction":"iam:*","Resource":"*"}}"#);
        let secret = "arn:aws:secretsmanager:us-east-1:111122223333:secret:a-1";
        for (identity, boundary, action, resource, expected) in [
            (vec![read.clone()], None, "secretsmanager:GetSecretValue", secret, Authorization::Allowed),
            (vec![read.clone()], None, "secretsmanager:PutSecretValue", secret, Authorization::ImplicitDeny),
            (vec![read.clone()], None, "iam:GetRole", "arn:aws:iam::111122223333:role/x", Authorization::Allowed),
            (vec![], None, "iam:GetRole", "*", Authorization::ImplicitDeny),
            (vec![read.clone()], Some(&read), "secretsmanager:GetSecretValue", secret, Authorization::Allowed),
            (vec![read.clone()], Some(&none), "secretsmanager:GetSecretValue", secret, Authorization::ExplicitDeny),
            (vec![read.clone(), none.clone()], None, "iam:GetRole", "arn:aws:iam::1:role/x", Authorization::Allowed),
            (
                vec![read.clone(), deny],
                None,
                "secretsmanager:GetSecretValue",
                secret,
                Authorization::Unknown("what the condition operator `Weird` means".into()),
            ),
        ] {
            let context = Context::new();
            let query = Query { principal: &caller, action, resource, context: &context };
            assert_eq!(authorize(&identity, boundary, &query), expected, "{action} on {resource}");
        }
    }
}
