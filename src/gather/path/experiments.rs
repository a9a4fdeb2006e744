//! Other calls that tell two causes of a refusal apart. Nothing of them is kept, and none stands in for the live call.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Shared;
use super::live::{self, Refused};
use crate::aws::Connector;
use crate::aws::calls::sts::NOTHING;
use crate::aws::region;
use crate::gather::Sink;
use crate::model::facts::{Experiment, ExperimentKind, RoleDetail};
use crate::model::{AwsError, ErrorKind, Fact, Hop};
use crate::policy::{sts_off_for, wants};
use crate::values::regions;
use crate::values::time::Timestamp;

/// A role may be unknown to a part of AWS for so long after it was made, in seconds.
const YOUNG: i64 = 60;

/// What is waited for such a role before it is asked for again.
const WAIT: Duration = Duration::from_secs(10);

/// A refusal, and what is known around it.
pub(super) struct Doubt<'a> {
    /// What was asked for.
    pub hop: &'a Hop,
    /// What AWS answered.
    pub error: &'a AwsError,
    /// The region whose endpoint answered.
    pub region: &'a str,
    /// Whether the caller's credentials are temporary.
    pub temporary: bool,
    /// The role, if it was read, and is the one that was asked for.
    pub role: Option<&'a RoleDetail>,
    /// The user agreed to a try with another external ID.
    pub tries_wanted_external_id: bool,
    /// Now, UTC.
    pub now: Timestamp,
}

/// The experiments that can tell something, in the order in which they are made, each with its reason.
pub(super) fn due(doubt: &Doubt<'_>) -> Vec<(ExperimentKind, String)> {
    let all = [
        (ExperimentKind::WithoutTags, without_tags(doubt)),
        (ExperimentKind::OneHour, one_hour(doubt)),
        (ExperimentKind::UsEast1, us_east_1(doubt)),
        (ExperimentKind::WantedExternalId, wanted_external_id(doubt)),
        (ExperimentKind::OnceMore, once_more(doubt)),
    ];
    all.into_iter().filter_map(|(kind, reason)| Some((kind, reason?))).collect()
}

/// A call with tags needs `sts:TagSession` on both sides, and is refused as a whole without it (IAM User Guide, "Passing session tags in
/// AWS STS").
fn without_tags(doubt: &Doubt<'_>) -> Option<String> {
    let sends_tags = !doubt.hop.tags.is_empty() || !doubt.hop.transitive_tag_keys.is_empty();
    (sends_tags && is_denied(doubt)).then(|| {
        "The call sends session tags, so that it needs sts:TagSession as well: without them it shows whether sts:AssumeRole alone is allowed."
            .into()
    })
}

/// Every role allows an hour, and role chaining no more (IAM User Guide, "Update the maximum session duration for a role").
fn one_hour(doubt: &Doubt<'_>) -> Option<String> {
    let asked = doubt.hop.duration_seconds.filter(|seconds| *seconds > Hop::DEFAULT_DURATION)?;
    let within = doubt.role.and_then(|role| role.max_session_duration).is_some_and(|most| asked <= most);
    let about_it = doubt.error.kind == ErrorKind::Invalid
        && ["MaxSessionDuration", "role chaining", "DurationSeconds", "durationSeconds"]
            .iter()
            .any(|word| doubt.error.message.contains(word));
    if about_it {
        return Some(format!(
            "{asked} s were refused for their length: 3600 s, which every role allows, show whether anything else stands against it."
        ));
    }
    (is_denied(doubt) && !within).then(|| {
        format!("{asked} s were asked for, which the role may not allow: 3600 s, which every role allows, show whether it is only that.")
    })
}

/// The role's account decides whether the regional endpoint gives credentials of its roles. That of us-east-1 cannot be switched off, and it takes session tokens of the old global endpoint, which regions that an account has
/// to switch on do not (IAM User Guide, "Manage AWS STS in an AWS Region"). Other partitions have no us-east-1.
fn us_east_1(doubt: &Doubt<'_>) -> Option<String> {
    let region = doubt.region;
    if region == region::FALLBACK || region.starts_with("cn-") || region.starts_with("us-gov-") {
        return None;
    }
    if doubt.error.kind == ErrorKind::RegionDisabled {
        let owner = sts_off_for(&doubt.error.message, &doubt.hop.role_arn);
        let whose = owner.map_or_else(|| "the role's account".into(), |owner| format!("account {}", owner.grouped()));
        return Some(format!(
            "STS is switched off in {region} for {whose}: us-east-1, where it cannot be, shows whether anything else stands against it."
        ));
    }
    let old_token = doubt.temporary && regions::is_opt_in(region) && doubt.error.code() == "InvalidClientTokenId";
    old_token.then(|| {
        format!("A session token of the global endpoint does not work in {region}: us-east-1 shows whether the credentials themselves are good.")
    })
}

/// The external ID that the trust policy states; only with the user's word, since it is the role owner's to give.
fn wanted_external_id(doubt: &Doubt<'_>) -> Option<String> {
    if !(doubt.tries_wanted_external_id && is_denied(doubt)) {
        return None;
    }
    wanted(doubt.hop, doubt.role).map(|_| {
        "The trust policy states another external ID than was sent, and you agreed to one try with it: it shows whether anything else stands against it."
            .into()
    })
}

fn wanted<'a>(hop: &Hop, role: Option<&'a RoleDetail>) -> Option<&'a str> {
    let wanted = wants::external_id(role?.trust.as_ref().ok()?)?;
    let is_one = crate::model::selection::external_id_fault(wanted).is_none();
    (is_one && hop.external_id.as_deref() != Some(wanted)).then_some(wanted)
}

/// "IAM … is eventually consistent" (IAM User Guide, "Troubleshoot IAM"). A clock that is behind makes a role seem to be of the future.
fn once_more(doubt: &Doubt<'_>) -> Option<String> {
    let age = doubt.now.as_second() - doubt.role?.created?.as_second();
    (is_denied(doubt) && age < YOUNG).then(|| {
        format!(
            "The role is {} s old, and a new role is not known everywhere in AWS at once: the same call ten seconds later shows whether it is only that.",
            age.max(0)
        )
    })
}

fn is_denied(doubt: &Doubt<'_>) -> bool {
    doubt.error.kind == ErrorKind::Denied
}

/// Makes those that are due, one after the other: each is a call that an account's owner may see.
pub(super) async fn run(
    shared: &Shared<'_>,
    refused: &Refused<'_>,
    role: Option<&RoleDetail>,
    agreed: bool,
    sink: &Sink,
) {
    let clock = shared.clock();
    let is_the_one = |role: &&RoleDetail| role.arn.to_string() == refused.hop.role_arn;
    let role = role.filter(is_the_one);
    let doubt = Doubt {
        hop: refused.hop,
        error: &refused.error,
        region: &refused.caller.connection.region.name,
        temporary: !refused.caller.connection.is_long_term(),
        role,
        tries_wanted_external_id: agreed,
        now: clock.now(),
    };
    for (kind, reason) in due(&doubt) {
        if kind == ExperimentKind::OnceMore {
            wait(shared.connector, refused.index, &reason, sink).await;
        }
        let caller = match kind {
            ExperimentKind::UsEast1 => refused.caller.at_us_east_1(shared.connector).await,
            _ => Some(refused.caller.connection.clone()),
        };
        let Some(caller) = caller else { continue };
        let hop = changed(refused.hop, kind, role);
        let lane = shared.lane().await;
        let call = live::assume(&caller, clock, &hop, NOTHING).await.call;
        drop(lane);
        let index = refused.index;
        sink.land(move |facts| {
            if let Some(hop) = facts.path.hops.get_mut(index) {
                hop.experiments.push(Experiment { kind, reason, call });
            }
        });
    }
}

/// What is sent in place of `hop`.
fn changed(hop: &Hop, kind: ExperimentKind, role: Option<&RoleDetail>) -> Hop {
    let hop = hop.clone();
    match kind {
        ExperimentKind::WithoutTags => Hop { tags: BTreeMap::new(), transitive_tag_keys: Vec::new(), ..hop },
        ExperimentKind::OneHour => Hop { duration_seconds: Some(Hop::DEFAULT_DURATION), ..hop },
        ExperimentKind::WantedExternalId => {
            let external_id = wanted(&hop, role).map(str::to_owned);
            Hop { external_id, ..hop }
        }
        ExperimentKind::UsEast1 | ExperimentKind::OnceMore => hop,
    }
}

/// Waits, and says so; whoever cancels the look-up ends it.
async fn wait(connector: &Connector, index: usize, reason: &str, sink: &Sink) {
    let _waiting = connector.recorder().pause("the same call once more, in ten seconds");
    let words = reason.to_owned();
    land_pause(index, Fact::Pending(Some(Box::new(words))), sink);
    tokio::time::sleep(WAIT).await;
    land_pause(index, Fact::NotAsked, sink);
}

fn land_pause(index: usize, pause: Fact<String>, sink: &Sink) {
    sink.land(move |facts| {
        if let Some(hop) = facts.path.hops.get_mut(index) {
            hop.pause = pause;
        }
    });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::policy::document::Policy;
    use crate::values::RoleArn;

    const ROLE: &str = "arn:aws:iam::444455556666:role/Reader";

    fn now() -> Timestamp {
        "2026-03-04T12:00:00Z".parse().unwrap()
    }

    fn role(age: i64, longest: u32, external_id: Option<&str>) -> RoleDetail {
        let mut statement = json!({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"});
        if let Some(wanted) = external_id {
            statement["Condition"] = json!({"StringEquals": {"sts:ExternalId": wanted}});
        }
        let trust = json!({"Version": "2012-10-17", "Statement": [statement]});
        RoleDetail {
            arn: RoleArn::parse(ROLE).unwrap(),
            role_id: "AROA1".into(),
            created: Timestamp::from_second(now().as_second() - age).ok(),
            max_session_duration: Some(longest),
            trust: Ok(Policy::from_json(&trust).unwrap()),
            trust_text: trust.to_string(),
            boundary_arn: None,
        }
    }

    fn error(code: &str, kind: ErrorKind, message: &str) -> AwsError {
        AwsError { code: Some(code.into()), ..AwsError::local(kind, "sts:AssumeRole", message) }
    }

    fn kinds(doubt: &Doubt<'_>) -> Vec<ExperimentKind> {
        due(doubt).into_iter().map(|(kind, _)| kind).collect()
    }

    /// What it is, what was sent, what came of it, where, the role, and what is then tried.
    type Row<'a> = (&'a str, Hop, AwsError, &'a str, Option<RoleDetail>, &'a [ExperimentKind]);

    fn plain() -> Hop {
        Hop::to(ROLE)
    }

    fn tagged() -> Hop {
        Hop { tags: [("team".to_owned(), "x".to_owned())].into(), ..plain() }
    }

    fn long() -> Hop {
        Hop { duration_seconds: Some(43_200), ..plain() }
    }

    #[test]
    fn an_experiment_is_made_only_where_it_tells_something() {
        use ExperimentKind::{OnceMore, OneHour, UsEast1, WantedExternalId, WithoutTags};
        let denied =
            || error("AccessDenied", ErrorKind::Denied, "User: x is not authorized to perform: sts:AssumeRole");
        let too_long = || {
            let message = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
            error("ValidationError", ErrorKind::Invalid, message)
        };
        let switched_off =
            || error("RegionDisabledException", ErrorKind::RegionDisabled, "STS is not activated in this region");
        let bad_token = || error("InvalidClientTokenId", ErrorKind::Credentials, "The security token is invalid");
        let expired = || error("ExpiredToken", ErrorKind::Credentials, "expired");
        let old = || Some(role(86_400, 3_600, Some("acme-1")));
        let right = || Hop { external_id: Some("acme-1".into()), ..plain() };
        let cases: Vec<Row> = vec![
            ("denied", plain(), denied(), "eu-west-1", None, &[]),
            ("denied, an old role", right(), denied(), "eu-west-1", old(), &[]),
            ("denied with tags", tagged(), denied(), "eu-west-1", None, &[WithoutTags]),
            ("expired with tags", tagged(), expired(), "eu-west-1", None, &[]),
            ("too long", long(), too_long(), "eu-west-1", None, &[OneHour]),
            ("too long, role known", long(), too_long(), "eu-west-1", old(), &[OneHour]),
            ("denied, long", long(), denied(), "eu-west-1", None, &[OneHour]),
            ("denied, allowed length", long(), denied(), "eu-west-1", Some(role(86_400, 43_200, None)), &[]),
            ("an hour refused", plain(), too_long(), "eu-west-1", None, &[]),
            ("switched off", plain(), switched_off(), "eu-south-1", None, &[UsEast1]),
            ("switched off there", plain(), switched_off(), "us-east-1", None, &[]),
            ("switched off in China", plain(), switched_off(), "cn-north-1", None, &[]),
            ("old token", plain(), bad_token(), "eu-south-1", None, &[UsEast1]),
            ("bad token", plain(), bad_token(), "eu-west-1", None, &[]),
            ("new role", plain(), denied(), "eu-west-1", Some(role(20, 3_600, None)), &[OnceMore]),
            ("role of the future", plain(), denied(), "eu-west-1", Some(role(-20, 3_600, None)), &[OnceMore]),
            ("a minute old", plain(), denied(), "eu-west-1", Some(role(60, 3_600, None)), &[]),
            ("new role, expired", plain(), expired(), "eu-west-1", Some(role(20, 3_600, None)), &[]),
            ("wanted", plain(), denied(), "eu-west-1", old(), &[WantedExternalId]),
            ("wanted, expired", plain(), expired(), "eu-west-1", old(), &[]),
        ];
        for (name, hop, error, region, role, expected) in cases {
            let doubt = Doubt {
                hop: &hop,
                error: &error,
                region,
                temporary: true,
                role: role.as_ref(),
                tries_wanted_external_id: true,
                now: now(),
            };
            assert_eq!(kinds(&doubt), expected, "{name}");
            assert!(
                due(&doubt).iter().all(|(_, reason)| reason.ends_with('.') && !reason.contains("acme-1")),
                "{name}"
            );
            let kept_back = kinds(&Doubt { tries_wanted_external_id: false, ..doubt });
            assert!(!kept_back.contains(&WantedExternalId), "{name}: nobody agreed to it");
        }
    }

    #[test]
    fn one_thing_is_changed_and_the_rest_stays() {
        let hop = Hop { external_id: Some("sent".into()), duration_seconds: Some(7_200), ..tagged() };
        let role = role(86_400, 3_600, Some("acme-1"));
        let change = |kind| changed(&hop, kind, Some(&role));
        assert_eq!(change(ExperimentKind::WithoutTags), Hop { tags: BTreeMap::new(), ..hop.clone() });
        assert_eq!(change(ExperimentKind::OneHour), Hop { duration_seconds: Some(3_600), ..hop.clone() });
        assert_eq!(change(ExperimentKind::WantedExternalId), Hop { external_id: Some("acme-1".into()), ..hop.clone() });
        assert_eq!(change(ExperimentKind::UsEast1), hop);
        assert_eq!(change(ExperimentKind::OnceMore), hop);
    }
}
