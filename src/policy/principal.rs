//! Who a statement names, and whether that is the caller.
//!
//! Source: IAM User Guide, "AWS JSON policy elements: Principal" and "… NotPrincipal".

use std::hash::{DefaultHasher, Hash, Hasher};

use super::truth::Truth;
use crate::values::{AccountId, PrincipalArn};

/// The kinds of principal a policy can name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PrincipalKind {
    /// `"AWS"`, or the bare `"*"`.
    Aws,
    /// `"Service"`.
    Service,
    /// `"Federated"`.
    Federated,
    /// `"CanonicalUser"`.
    CanonicalUser,
}

/// One principal of a statement.
#[derive(Clone, PartialEq, Debug)]
pub struct Principal {
    /// As the policy has it.
    pub written: String,
    /// The kind it is listed under.
    pub kind: PrincipalKind,
    pub(crate) names: Names,
    /// Of an ARN or an account: its [`likeness`].
    likeness: u64,
}

/// Whom a principal stands for.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Names {
    Everyone,
    /// An account id or root ARN: everyone of that account whom the account itself permits.
    Account {
        /// `None`: the bare digits.
        partition: Option<String>,
        account: AccountId,
    },
    Arn(PrincipalArn),
    /// The unique id that is left of a deleted user (`AIDA…`) or role (`AROA…`).
    Deleted,
    /// A service, an identity provider, a canonical user, or a text that IAM would refuse: never an IAM principal.
    Nobody,
}

/// By which of its names the caller is trusted. It decides which other policies must allow as well.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Grant {
    /// Its own user or session ARN.
    Own,
    /// `*`.
    Everyone,
    /// The role behind the session.
    Role,
    /// Its account.
    Account,
}

/// For each way of naming the caller, whether it applies.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(crate) struct Grants {
    pub own: Truth,
    pub everyone: Truth,
    pub role: Truth,
    pub account: Truth,
}

impl Grants {
    pub(crate) const UNKNOWN: Self =
        Self { own: Truth::Unknown, everyone: Truth::Unknown, role: Truth::Unknown, account: Truth::Unknown };

    /// Strongest first.
    pub(crate) const fn each(self) -> [(Grant, Truth); 4] {
        [
            (Grant::Own, self.own),
            (Grant::Everyone, self.everyone),
            (Grant::Role, self.role),
            (Grant::Account, self.account),
        ]
    }

    pub(crate) fn any(self) -> Truth {
        Truth::any(self.each().map(|(_, truth)| truth))
    }

    /// The strongest that is certain, or else the strongest that is possible.
    pub(crate) fn strongest(self) -> Option<Grant> {
        let first = |wanted| self.each().into_iter().find(|(_, truth)| *truth == wanted).map(|(grant, _)| grant);
        first(Truth::Yes).or_else(|| first(Truth::Unknown))
    }

    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            own: self.own.or(other.own),
            everyone: self.everyone.or(other.everyone),
            role: self.role.or(other.role),
            account: self.account.or(other.account),
        }
    }

    pub(crate) fn and(self, truth: Truth) -> Self {
        Self {
            own: self.own.and(truth),
            everyone: self.everyone.and(truth),
            role: self.role.and(truth),
            account: self.account.and(truth),
        }
    }
}

impl Principal {
    pub(crate) fn new(kind: PrincipalKind, written: &str) -> Self {
        let names = if kind == PrincipalKind::Aws { names(written) } else { Names::Nobody };
        let likeness = match &names {
            Names::Arn(arn) => likeness(arn),
            Names::Account { account, .. } => hash(account, ""),
            Names::Everyone | Names::Deleted | Names::Nobody => 0,
        };
        Self { written: written.to_owned(), kind, names, likeness }
    }

    /// Whether it stands for a principal that was deleted.
    #[must_use]
    pub fn is_deleted(&self) -> bool {
        self.names == Names::Deleted
    }

    /// One bit, or every one for everybody. Whoever it names has one of its bits as well: [`Caller::may_be_signed`].
    pub(crate) const fn sign(&self) -> u64 {
        match self.names {
            Names::Everyone => u64::MAX,
            Names::Account { .. } | Names::Arn(_) => bit(self.likeness),
            Names::Deleted | Names::Nobody => 0,
        }
    }

    /// How it names the caller.
    pub(crate) fn grants(&self, caller: &Caller<'_>) -> Grants {
        let none = Grants::default();
        let &Caller { arn: caller, likeness, of_account } = caller;
        match &self.names {
            Names::Everyone => Grants { everyone: Truth::Yes, ..none },
            Names::Account { partition, account } if self.likeness == of_account => Grants {
                account: (account == caller.account()
                    && partition.as_deref().is_none_or(|partition| partition == caller.partition()))
                .into(),
                ..none
            },
            Names::Arn(named) if self.likeness == likeness => grants_by_arn(named, caller),
            Names::Arn(_) | Names::Account { .. } | Names::Deleted | Names::Nobody => none,
        }
    }
}

/// The one who calls.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Caller<'a> {
    pub arn: &'a PrincipalArn,
    likeness: u64,
    of_account: u64,
}

impl<'a> Caller<'a> {
    pub(crate) fn new(arn: &'a PrincipalArn) -> Self {
        Self { arn, likeness: likeness(arn), of_account: hash(arn.account(), "") }
    }

    /// Whether a principal among those with these signs may name it.
    pub(crate) const fn may_be_signed(&self, signs: u64) -> bool {
        signs & (bit(self.likeness) | bit(self.of_account)) != 0
    }
}

/// The same for all ARNs of which one may name the other: for a role and its sessions. It spares comparing texts.
fn likeness(arn: &PrincipalArn) -> u64 {
    let name = match arn {
        PrincipalArn::Root { .. } => "",
        PrincipalArn::User { name, .. } | PrincipalArn::FederatedUser { name, .. } => name,
        PrincipalArn::Role(role) => role.name(),
        PrincipalArn::Session { role, .. } => role,
    };
    hash(arn.account(), name)
}

const fn bit(likeness: u64) -> u64 {
    1 << (likeness % 64)
}

fn hash(account: &AccountId, name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (account, name).hash(&mut hasher);
    hasher.finish()
}

/// Whether an ARN names the caller. Role names are unique within an account whatever their path, and a session's ARN has no path:
/// the role behind it is recognised by its name.
fn grants_by_arn(named: &PrincipalArn, caller: &PrincipalArn) -> Grants {
    let none = Grants::default();
    if named == caller {
        return match caller {
            PrincipalArn::Role(_) => Grants { role: Truth::Yes, ..none },
            _ => Grants { own: Truth::Yes, ..none },
        };
    }
    if named.account() != caller.account() || named.partition() != caller.partition() {
        return none;
    }
    match (named, caller) {
        (PrincipalArn::Role(named), PrincipalArn::Session { role, .. }) => {
            Grants { role: (named.name() == role).into(), ..none }
        }
        (PrincipalArn::Role(named), PrincipalArn::Role(role)) => {
            Grants { role: (named.name() == role.name()).into(), ..none }
        }
        // A workload that has no session yet: its session name is not known.
        (PrincipalArn::Session { role: named, .. }, PrincipalArn::Role(role)) if named == role.name() => {
            Grants { own: Truth::Unknown, ..none }
        }
        _ => none,
    }
}

/// Whether a `NotPrincipal` list leaves the caller out, so that its statement applies to others only.
///
/// Every name of the caller must be listed: for a session its own ARN, its role's and its account's. A caller that is listed
/// without its account "might" still be denied, the page says: not known. With Deny it "will always deny any IAM principal that has a
/// permissions boundary policy attached, regardless of the values specified" (page "Permissions boundaries"): `bounded`.
pub(crate) fn spared(listed: &[Principal], caller: &Caller<'_>, bounded: Truth) -> Truth {
    let grants = listed.iter().fold(Grants::default(), |all, principal| all.or(principal.grants(caller)));
    let named = match caller.arn {
        _ if grants.everyone == Truth::Yes => Truth::Yes,
        PrincipalArn::Root { .. } => grants.account,
        PrincipalArn::Session { .. } | PrincipalArn::Role(_) => {
            grants.own.and(grants.role).and(grants.account.or(Truth::Unknown))
        }
        PrincipalArn::User { .. } | PrincipalArn::FederatedUser { .. } => {
            grants.own.and(grants.account.or(Truth::Unknown))
        }
    };
    named.and(bounded.not())
}

fn names(written: &str) -> Names {
    if written == "*" {
        return Names::Everyone;
    }
    if let Some(account) = AccountId::parse(written) {
        return Names::Account { partition: None, account };
    }
    if is_unique_id(written) {
        return Names::Deleted;
    }
    match PrincipalArn::parse(written) {
        Ok(PrincipalArn::Root { partition, account }) => Names::Account { partition: Some(partition), account },
        Ok(arn) => Names::Arn(arn),
        Err(_) => Names::Nobody,
    }
}

/// `AROA…` and `AIDA…` (IAM User Guide, "IAM identifiers": unique ids).
fn is_unique_id(text: &str) -> bool {
    text.len() >= 16
        && (text.starts_with("AROA") || text.starts_with("AIDA"))
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(written: &str, caller: &str) -> Option<(Grant, Truth)> {
        let grants =
            Principal::new(PrincipalKind::Aws, written).grants(&Caller::new(&PrincipalArn::parse(caller).unwrap()));
        grants.each().into_iter().find(|(_, truth)| *truth != Truth::No)
    }

    const USER: &str = "arn:aws:iam::111111111111:user/team/alice";
    const SESSION: &str = "arn:aws:sts::111111111111:assumed-role/Caller/s1";
    const ROLE: &str = "arn:aws:iam::111111111111:role/x/Caller";

    #[test]
    fn a_caller_is_named_in_five_ways() {
        for (written, caller, expected) in [
            ("*", USER, Some((Grant::Everyone, Truth::Yes))),
            ("111111111111", USER, Some((Grant::Account, Truth::Yes))),
            ("arn:aws:iam::111111111111:root", SESSION, Some((Grant::Account, Truth::Yes))),
            ("arn:aws-cn:iam::111111111111:root", SESSION, None),
            ("222222222222", USER, None),
            (USER, USER, Some((Grant::Own, Truth::Yes))),
            ("arn:aws:iam::111111111111:user/alice", USER, None),
            (SESSION, SESSION, Some((Grant::Own, Truth::Yes))),
            ("arn:aws:sts::111111111111:assumed-role/Caller/s2", SESSION, None),
            ("arn:aws:iam::111111111111:role/Caller", SESSION, Some((Grant::Role, Truth::Yes))),
            (ROLE, SESSION, Some((Grant::Role, Truth::Yes))),
            ("arn:aws:iam::222222222222:role/Caller", SESSION, None),
            ("arn:aws:iam::111111111111:role/caller", SESSION, None),
            (ROLE, ROLE, Some((Grant::Role, Truth::Yes))),
            (SESSION, ROLE, Some((Grant::Own, Truth::Unknown))),
            ("arn:aws:iam::111111111111:user/*", USER, None),
            ("AIDAJQABLZS4A3QDU576Q", USER, None),
        ] {
            assert_eq!(grant(written, caller), expected, "{written} for {caller}");
        }
    }

    #[test]
    fn services_and_providers_are_never_the_caller() {
        let caller = PrincipalArn::parse(USER).unwrap();
        for kind in [PrincipalKind::Service, PrincipalKind::Federated, PrincipalKind::CanonicalUser] {
            assert_eq!(Principal::new(kind, "*").grants(&Caller::new(&caller)), Grants::default());
        }
    }

    #[test]
    fn not_principal_spares_only_a_caller_listed_under_all_its_names() {
        let account = "arn:aws:iam::111111111111:root";
        for (listed, caller, expected) in [
            (vec![USER, account], USER, Truth::Yes),
            (vec![USER], USER, Truth::Unknown),
            (vec![account], USER, Truth::No),
            (vec![ROLE, SESSION, account], SESSION, Truth::Yes),
            (vec![ROLE, account], SESSION, Truth::No),
            (vec![ROLE, SESSION], SESSION, Truth::Unknown),
        ] {
            let listed: Vec<_> = listed.iter().map(|text| Principal::new(PrincipalKind::Aws, text)).collect();
            let caller = PrincipalArn::parse(caller).unwrap();
            let caller = Caller::new(&caller);
            assert_eq!(spared(&listed, &caller, Truth::No), expected, "{listed:?}");
            assert_eq!(spared(&listed, &caller, Truth::Yes), Truth::No, "{listed:?} with a boundary");
            assert_eq!(spared(&listed, &caller, Truth::Unknown), expected.and(Truth::Unknown), "{listed:?}");
        }
    }
}
