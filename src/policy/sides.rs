//! One side of a question alone, everything else being open: which side is it that refuses?

use super::document::Policy;
use super::{Case, NamedPolicy, Readable, Request, is_session_name};
use crate::values::RoleArn;

/// The same question without what the request is refused for before any policy is asked. `None`: it names no role to ask about.
pub(crate) fn of_policies(case: &Case) -> Option<Case> {
    RoleArn::parse(&case.role_arn).ok()?;
    let session_name = case.request.session_name.clone().filter(|name| is_session_name(name));
    let request = Request { duration_seconds: None, session_name, ..case.request.clone() };
    Some(Case { request, ..case.clone() })
}

/// The same question with the trust policy alone to answer it. `None`: it was not read.
pub(crate) fn trust_only(case: &Case) -> Option<Case> {
    case.trust.read()?;
    let open = Policy::parse(r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#).ok()?;
    Some(Case {
        identity: Readable::Read(vec![NamedPolicy { name: String::new(), policy: open }]),
        boundary: Readable::Read(None),
        session: Readable::Read(None),
        scps: Readable::Read(Vec::new()),
        rcps: Readable::Read(Vec::new()),
        live_error: None,
        ..case.clone()
    })
}

/// The same question with the caller's own policies alone to answer it, as if the role trusted the caller's whole account: only then is a
/// permission of its own needed in any case. `None`: they were not read.
pub(crate) fn caller_only(case: &Case) -> Option<Case> {
    case.identity.read()?;
    let open = format!(
        r#"{{"Statement":{{"Effect":"Allow","Principal":{{"AWS":"{}"}},"Action":["sts:AssumeRole","sts:TagSession","sts:SetSourceIdentity"]}}}}"#,
        case.caller.account()
    );
    Some(Case {
        session: Readable::Read(None),
        scps: Readable::Read(Vec::new()),
        rcps: Readable::Read(Vec::new()),
        trust: Readable::Read(Some(Policy::parse(&open).ok()?)),
        get_role_arn: None,
        live_error: None,
        ..case.clone()
    })
}
