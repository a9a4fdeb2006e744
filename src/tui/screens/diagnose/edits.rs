//! A request as it might have been: what of it can be changed, and the case with the changes made.

use std::collections::BTreeMap;

use crate::policy::{Case, Readable};
use crate::values::PrincipalArn;

/// Something of a request that can be changed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Knob {
    /// `ExternalId`.
    ExternalId,
    /// Whether the caller's credentials carry MFA.
    Mfa,
    /// Seconds since MFA was used.
    MfaAge,
    /// `RoleSessionName`.
    SessionName,
    /// `DurationSeconds`.
    Duration,
    /// Who calls.
    Principal,
    /// The address the call comes from.
    SourceIp,
    /// Session tags.
    Tags,
    /// `SourceIdentity`.
    SourceIdentity,
}

impl Knob {
    /// In the order of the pane.
    pub const ALL: [Self; 9] = [
        Self::ExternalId,
        Self::Mfa,
        Self::MfaAge,
        Self::SessionName,
        Self::Duration,
        Self::Principal,
        Self::SourceIp,
        Self::Tags,
        Self::SourceIdentity,
    ];

    /// As the pane names it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ExternalId => "External ID",
            Self::Mfa => "MFA",
            Self::MfaAge => "MFA age, s",
            Self::SessionName => "Session name",
            Self::Duration => "Duration, s",
            Self::Principal => "Principal",
            Self::SourceIp => "Source address",
            Self::Tags => "Session tags",
            Self::SourceIdentity => "Source identity",
        }
    }

    /// What is said where there is none.
    pub const fn none(self) -> &'static str {
        match self {
            Self::Mfa | Self::MfaAge | Self::SourceIp => "not known",
            Self::SessionName | Self::Duration | Self::Principal => "not said",
            Self::ExternalId | Self::Tags | Self::SourceIdentity => "none sent",
        }
    }

    /// The value in a case; empty where there is none.
    pub fn read(self, case: &Case) -> String {
        let request = &case.request;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        match self {
            Self::ExternalId => text(&request.external_id),
            Self::Mfa => request.mfa.map(|mfa| if mfa { "yes" } else { "no" }.to_owned()).unwrap_or_default(),
            Self::MfaAge => request.mfa_age_seconds.map(|age| age.to_string()).unwrap_or_default(),
            Self::SessionName => text(&request.session_name),
            Self::Duration => request.duration_seconds.map(|seconds| seconds.to_string()).unwrap_or_default(),
            Self::Principal => case.caller.to_string(),
            Self::SourceIp => text(&request.source_ip),
            Self::Tags => {
                let tags: Vec<String> = request.tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
                tags.join(", ")
            }
            Self::SourceIdentity => text(&request.source_identity),
        }
    }

    /// Puts a value into a case. `others` are cases of principals whose policies are known.
    ///
    /// # Errors
    /// Why the value cannot be meant, to follow the knob's name.
    fn write(self, case: &mut Case, text: &str, others: &[&Case]) -> Result<(), String> {
        let some = (!text.is_empty()).then(|| text.to_owned());
        let request = &mut case.request;
        match self {
            Self::ExternalId => request.external_id = some,
            Self::Mfa => {
                request.mfa = match text {
                    "" => None,
                    "yes" => Some(true),
                    "no" => Some(false),
                    _ => return Err("is yes, no, or empty".into()),
                };
            }
            Self::MfaAge => request.mfa_age_seconds = number(some)?,
            Self::SessionName => request.session_name = some,
            Self::Duration => request.duration_seconds = number(some)?,
            Self::Principal => become_another(case, text, others)?,
            Self::SourceIp => {
                if some.as_ref().is_some_and(|text| text.parse::<std::net::IpAddr>().is_err()) {
                    return Err("is no IP address".into());
                }
                request.source_ip = some;
            }
            Self::Tags => {
                request.tags = tags(text)?;
                request.transitive_tag_keys.retain(|key| request.tags.contains_key(key));
            }
            Self::SourceIdentity => request.source_identity = some,
        }
        Ok(())
    }
}

fn number<T: std::str::FromStr>(text: Option<String>) -> Result<Option<T>, String> {
    text.map(|text| text.parse().map_err(|_| "is no number of seconds".to_owned())).transpose()
}

fn tags(text: &str) -> Result<BTreeMap<String, String>, String> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| match part.split_once('=') {
            Some((key, value)) if !key.trim().is_empty() => Ok((key.trim().to_owned(), value.trim().to_owned())),
            _ => Err(format!("are written Key=value, with commas between; `{part}` is not")),
        })
        .collect()
}

/// Another principal has other policies: those of one that is on this path are known, of any other nothing is.
fn become_another(case: &mut Case, text: &str, others: &[&Case]) -> Result<(), String> {
    let caller = PrincipalArn::parse(text).map_err(|error| format!("is not the ARN of one: {error}"))?;
    if caller == case.caller {
        return Ok(());
    }
    let known = others.iter().find(|other| other.caller == caller);
    case.caller = caller;
    case.credential = known.and_then(|other| other.credential);
    case.identity = known.map_or(Readable::Unread, |other| other.identity.clone());
    case.identity_is_null = known.is_some_and(|other| other.identity_is_null);
    case.boundary = known.map_or(Readable::Unread, |other| other.boundary.clone());
    case.session = known.map_or(Readable::Unread, |other| other.session.clone());
    case.scps = known.map_or(Readable::Unread, |other| other.scps.clone());
    Ok(())
}

/// What was changed, as it was typed.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Edits(BTreeMap<Knob, String>);

impl Edits {
    /// The value that counts: as changed, or as it really is.
    pub fn value(&self, knob: Knob, case: &Case) -> String {
        self.0.get(&knob).cloned().unwrap_or_else(|| knob.read(case))
    }

    /// Changes a value; what is as it really is is no change.
    pub fn set(&mut self, knob: Knob, text: String, case: &Case) {
        if text == knob.read(case) {
            self.0.remove(&knob);
        } else {
            self.0.insert(knob, text);
        }
    }

    /// Whether a value was changed.
    pub fn has(&self, knob: Knob) -> bool {
        self.0.contains_key(&knob)
    }

    /// Whether nothing was changed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The case with every change made. What AWS answered to the real request says nothing of another one.
    ///
    /// # Errors
    /// The first value that cannot be meant, and why.
    pub fn applied(&self, case: &Case, others: &[&Case]) -> Result<Case, (Knob, String)> {
        let mut changed = case.clone();
        // First who calls: what is typed beside it counts for them.
        let order = std::iter::once(Knob::Principal).chain(Knob::ALL.into_iter().filter(|k| *k != Knob::Principal));
        for knob in order {
            let Some(text) = self.0.get(&knob) else { continue };
            knob.write(&mut changed, text.trim(), others).map_err(|why| (knob, why))?;
        }
        if !self.is_empty() {
            changed.live_error = None;
        }
        Ok(changed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Answer, Policy, evaluate};
    use crate::values::time::Timestamp;

    fn case() -> Case {
        let trust = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":[
            "arn:aws:iam::111122223333:user/ci","arn:aws:iam::111122223333:user/other"]},
            "Condition":{"StringEquals":{"sts:ExternalId":"cust-42"},"NumericLessThan":{"aws:MultiFactorAuthAge":"600"}}}}"#;
        let mut case = Case::new(
            PrincipalArn::parse("arn:aws:iam::111122223333:user/ci").unwrap(),
            "arn:aws:iam::111122223333:role/Target",
        );
        case.trust = Readable::Read(Some(Policy::parse(trust).unwrap()));
        case.identity = Readable::Read(Vec::new());
        case.boundary = Readable::Read(None);
        case.session = Readable::Read(None);
        case.scps = Readable::Read(Vec::new());
        case.rcps = Readable::Read(Vec::new());
        case
    }

    fn answer(edits: &[(Knob, &str)]) -> Answer {
        let (case, now) = (case(), "2026-03-04T12:00:00Z".parse::<Timestamp>().unwrap());
        let mut changed = Edits::default();
        for (knob, text) in edits {
            changed.set(*knob, (*text).to_owned(), &case);
        }
        evaluate(&changed.applied(&case, &[]).unwrap(), now).verdict
    }

    #[test]
    fn the_verdict_follows_what_is_typed() {
        assert_eq!(answer(&[]), Answer::Deny);
        let right = [(Knob::ExternalId, "cust-42"), (Knob::Mfa, "yes"), (Knob::MfaAge, "30")];
        assert_eq!(answer(&right), Answer::Allow);
        assert_eq!(answer(&[right[0], right[1], (Knob::MfaAge, "3000")]), Answer::Deny);
        assert_eq!(
            answer(&[right[0], right[1], right[2], (Knob::Duration, "100")]),
            Answer::Deny,
            "too short a session"
        );
        assert_eq!(
            answer(&[right[0], right[1], right[2], (Knob::Tags, "Team = a")]),
            Answer::Deny,
            "no sts:TagSession"
        );
    }

    #[test]
    fn of_another_principal_only_what_is_known_counts() {
        let mut case = case();
        case.boundary = Readable::Read(None);
        let other = "arn:aws:iam::111122223333:user/other";
        let mut edits = Edits::default();
        edits.set(Knob::Principal, other.into(), &case);
        let changed = edits.applied(&case, &[]).unwrap();
        assert_eq!((changed.caller.to_string().as_str(), &changed.identity), (other, &Readable::Unread));
        let known = Case { caller: changed.caller.clone(), ..case.clone() };
        assert_eq!(edits.applied(&case, &[&known]).unwrap().identity, known.identity);
    }

    #[test]
    fn what_cannot_be_meant_is_named_and_what_is_real_is_no_change() {
        let case = case();
        for (knob, text, part) in [
            (Knob::Duration, "an hour", "no number"),
            (Knob::MfaAge, "-1", "no number"),
            (Knob::Principal, "alice", "ARN"),
            (Knob::SourceIp, "10.0.0.300", "IP address"),
            (Knob::Tags, "Team", "Key=value"),
        ] {
            let mut edits = Edits::default();
            edits.set(knob, text.into(), &case);
            let (at, why) = edits.applied(&case, &[]).unwrap_err();
            assert!(at == knob && why.contains(part), "{why}");
            edits.set(knob, knob.read(&case), &case);
            assert!(edits.is_empty());
        }
    }
}
