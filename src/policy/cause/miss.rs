//! In which way a list of principals misses the caller.

use crate::policy::principal::{Names, Principal, PrincipalKind};
use crate::values::PrincipalArn;

/// In which way principals miss the caller, the nearest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Miss {
    OtherSession = 1,
    Deleted,
    SameAccount,
    DeletedOfOtherKind,
    OtherAccount,
    Service,
    Federated,
    Nobody,
}

pub(super) fn miss(principals: &[Principal], caller: &PrincipalArn) -> Miss {
    principals.iter().map(|principal| miss_of(principal, caller)).min().unwrap_or(Miss::Nobody)
}

fn miss_of(principal: &Principal, caller: &PrincipalArn) -> Miss {
    let same_account = |arn: &PrincipalArn| arn.account() == caller.account() && arn.partition() == caller.partition();
    match (&principal.names, principal.kind) {
        (Names::Arn(arn @ PrincipalArn::Session { role: named, .. }), _)
            if same_account(arn) && matches!(caller, PrincipalArn::Session { role, .. } if role == named) =>
        {
            Miss::OtherSession
        }
        (Names::Deleted, _) => {
            let is_user = matches!(caller, PrincipalArn::User { .. });
            if principal.written.starts_with("AIDA") == is_user { Miss::Deleted } else { Miss::DeletedOfOtherKind }
        }
        (Names::Arn(arn), _) if same_account(arn) => Miss::SameAccount,
        (Names::Arn(_) | Names::Account { .. }, _) => Miss::OtherAccount,
        (_, PrincipalKind::Service) => Miss::Service,
        (_, PrincipalKind::Federated) => Miss::Federated,
        // A text that is no ARN, perhaps the caller's own with a slip in it.
        (Names::Nobody, PrincipalKind::Aws) if principal.written.contains(caller.account().as_str()) => {
            Miss::SameAccount
        }
        (Names::Nobody | Names::Everyone, _) => Miss::Nobody,
    }
}
