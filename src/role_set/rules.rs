//! What is wrong with an entry before anything is called: by the service that reads it, by AWS STS, and by its own account id.

use super::{Field, NamedRole, SESSION_NAME};
use crate::model::selection::external_id_fault;
use crate::policy::{LONGEST_SESSION, SHORTEST_SESSION};
use crate::values::time::Timestamp;
use crate::values::{AccountId, RoleArn};

/// The longest name of a session, in characters (STS API Reference, AssumeRole, RoleSessionName).
pub const LONGEST_NAME: usize = 64;

/// Who refuses an entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum By {
    /// The service, when it reads its settings: with this entry it drops the whole set.
    Reader,
    /// AWS STS, when the role is assumed; the service lets it pass.
    Sts,
    /// Nobody: it is wrong all the same.
    Nobody,
}

/// Something wrong with an entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// With which member.
    pub field: Field,
    /// What, as a clause. It holds an account id, a number or a length, never an external ID.
    pub why: String,
    /// Who refuses it.
    pub by: By,
}

/// The name of a session as the service makes it unique: with the seconds since 1970 (S2-25, S2-43).
#[must_use]
pub fn suffixed(name: &str, now: Timestamp) -> String {
    format!("{name}_{}", now.as_second())
}

impl NamedRole {
    /// Everything wrong with it, in the order of its members.
    #[must_use]
    pub fn faults(&self, now: Timestamp) -> Vec<Fault> {
        let fault = |field, by, why: String| Fault { field, why, by };
        let mut faults: Vec<Fault> =
            self.unfit.iter().map(|(field, why)| fault(*field, By::Reader, why.clone())).collect();
        let stands = |field| !self.unfit.iter().any(|(known, _)| *known == field || *known == Field::Entry);
        if stands(Field::RoleArn) {
            faults.extend(self.arn_fault().map(|(by, why)| fault(Field::RoleArn, by, why)));
        }
        if stands(Field::AccountId) {
            faults.extend(self.account_fault().map(|(by, why)| fault(Field::AccountId, by, why)));
        }
        if stands(Field::SessionName) {
            faults.extend(self.name_fault(now).map(|(by, why)| fault(Field::SessionName, by, why)));
        }
        let lasts = i64::from(SHORTEST_SESSION)..=i64::from(LONGEST_SESSION);
        let seconds = self.duration_seconds.filter(|seconds| !lasts.contains(seconds));
        faults.extend(seconds.map(|seconds| {
            let why = format!("{seconds} s is not within {SHORTEST_SESSION} to {LONGEST_SESSION} s");
            fault(Field::Duration, By::Reader, why)
        }));
        let id = self.external_id.as_deref().filter(|id| !id.is_empty());
        let id = id.and_then(external_id_fault);
        faults.extend(id.map(|why| fault(Field::ExternalId, By::Sts, why.to_owned())));
        faults.sort_by_key(|fault| fault.field);
        faults
    }

    /// Whether the service refuses it when it reads its settings.
    #[must_use]
    pub fn is_refused(&self, now: Timestamp) -> bool {
        self.faults(now).iter().any(|fault| fault.by == By::Reader)
    }

    /// The beginning of its session's name that is short enough for STS with the suffix on; `None` where all of it is.
    #[must_use]
    pub fn shorter_name(&self, now: Timestamp) -> Option<String> {
        let name = self.session_name.as_deref().unwrap_or(SESSION_NAME);
        let suffix = suffixed("", now).chars().count();
        let short: String = name.chars().take(LONGEST_NAME.saturating_sub(suffix)).collect();
        (short != name).then_some(short)
    }

    fn arn_fault(&self) -> Option<(By, String)> {
        if self.role_arn.is_empty() {
            return Some((By::Reader, "role_arn is missing".into()));
        }
        match RoleArn::parse(&self.role_arn) {
            // Its rule is `arn:aws:iam::` in front and `:role/` somewhere.
            Ok(arn) if arn.partition() != "aws" => Some((
                By::Reader,
                format!("the service takes ARNs of the partition aws alone, and this is one of {}", arn.partition()),
            )),
            Ok(_) => None,
            Err(error) => {
                let passes = self.role_arn.starts_with("arn:aws:iam::") && self.role_arn.contains(":role/");
                Some((if passes { By::Sts } else { By::Reader }, error.to_string()))
            }
        }
    }

    fn account_fault(&self) -> Option<(By, String)> {
        let Some(text) = self.account_id.as_deref() else {
            return Some((By::Reader, "account_id is missing".into()));
        };
        let Some(account) = AccountId::parse(text).filter(|_| text.len() == 12) else {
            return Some((By::Reader, "account_id is not 12 digits".into()));
        };
        let arn = RoleArn::parse(&self.role_arn).ok()?;
        let differs = *arn.account() != account;
        differs.then(|| (By::Nobody, format!("account_id is {account} and the role is one of {}", arn.account())))
    }

    /// The service holds the name to its length before it adds the suffix (C16).
    fn name_fault(&self, now: Timestamp) -> Option<(By, String)> {
        let name = self.session_name.as_deref().unwrap_or(SESSION_NAME);
        let (length, whole) = (name.chars().count(), suffixed(name, now).chars().count());
        let fits = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
        // Its pattern has `\w`, which is every script's letters for it and ASCII's for STS.
        let passes = |c: char| c.is_alphanumeric() || "_+=,.@-".contains(c);
        if name.is_empty() || !name.chars().all(passes) {
            return Some((By::Reader, "a session's name has letters, digits and _+=,.@- alone".into()));
        }
        if !name.chars().all(fits) {
            return Some((By::Sts, "a session's name has ASCII letters, digits and _+=,.@- alone".into()));
        }
        if length > LONGEST_NAME {
            return Some((
                By::Reader,
                format!("a session's name has at most {LONGEST_NAME} characters, this one {length}"),
            ));
        }
        let longest = LONGEST_NAME - (whole - length);
        (whole > LONGEST_NAME).then(|| {
            (
                By::Sts,
                format!(
                    "its {length} characters become {whole} with the suffix that the service adds, and STS takes {LONGEST_NAME}: {longest} are left"
                ),
            )
        })
    }
}
