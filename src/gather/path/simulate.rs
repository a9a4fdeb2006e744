//! IAM's own simulator for the side of whoever calls: identity policies, boundary and SCPs. Of trust policies it knows nothing.

use futures::future::join_all;

use super::{Look, live, no_reader};
use crate::aws::calls::iam::{self, Key, Question};
use crate::aws::{Clock, Connection};
use crate::model::facts::Simulation;
use crate::model::verdict::Party;
use crate::model::{AwsError, Fact, Hop};
use crate::values::{PrincipalArn, RoleArn};

/// What is known of the operator's call beside what the hop says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Sent<'a> {
    /// The region whose STS is called.
    pub region: &'a str,
    /// For how long the caller's MFA has been used, in seconds; `None`: not known to be there.
    pub mfa_age: Option<u64>,
    /// The clock that session names are made with.
    pub clock: Clock,
}

/// Asks for every hop and every party.
pub(super) async fn run(look: &Look<'_>, sent: Sent<'_>) {
    let operator = &look.shared.operator.connection;
    let hops = &look.inquiry.hops;
    let of_hops = hops.iter().enumerate().map(|(index, hop)| async move {
        match index.checked_sub(1).and_then(|before| hops.get(before)) {
            None => of_first(look, hop, operator, sent).await,
            // Whoever began the path, the caller here is the role of the hop before.
            Some(before) => {
                let Ok(caller) = RoleArn::parse(&before.role_arn) else { return };
                let parties: &[Party] = match look.inquiry.principal {
                    Some(_) => &[Party::Operator, Party::Workload],
                    None => &[Party::Operator],
                };
                let context = context(hop, None, Sent { mfa_age: None, ..sent });
                of(look, index, hop, parties, &PrincipalArn::Role(caller), &context).await;
            }
        }
    });
    join_all(of_hops).await;
}

async fn of_first(look: &Look<'_>, hop: &Hop, operator: &Connection, sent: Sent<'_>) {
    let operators = async {
        let Ok(caller) = operator.caller().await else { return };
        let name = live::session_name(hop, sent.clock);
        let context = context(hop, Some(&name), sent);
        of(look, 0, hop, &[Party::Operator], &caller.arn, &context).await;
    };
    let workloads = async {
        let Some(workload) = &look.inquiry.principal else { return };
        let context = context(hop, hop.session_name.as_deref(), Sent { mfa_age: None, ..sent });
        of(look, 0, hop, &[Party::Workload], workload, &context).await;
    };
    tokio::join!(operators, workloads);
}

async fn of(look: &Look<'_>, index: usize, hop: &Hop, parties: &[Party], caller: &PrincipalArn, context: &[Key]) {
    // A request that names no role is refused for that; and whether the simulator takes root and federated users, it says itself: it does not.
    let simulable = !matches!(caller, PrincipalArn::Root { .. } | PrincipalArn::FederatedUser { .. });
    if RoleArn::parse(&hop.role_arn).is_err() || !simulable {
        return;
    }
    land(look, index, parties, &Fact::Pending(None));
    let fact = match look.shared.readers.of(caller.account()).await {
        None => no_reader("iam:SimulatePrincipalPolicy", caller.account()),
        Some(reader) => {
            let _lane = look.shared.lane().await;
            Fact::from_result(ask(&reader.connection, caller, hop, context).await)
        }
    };
    land(look, index, parties, &fact);
}

fn land(look: &Look<'_>, index: usize, parties: &[Party], fact: &Fact<Simulation>) {
    for party in parties.iter().copied() {
        let fact = fact.clone();
        look.sink.land(move |facts| {
            let Some(hop) = facts.path.hops.get_mut(index) else { return };
            let simulated = hop.simulated.entry(party).or_default();
            // What was known before stays to be shown.
            if fact.is_pending() { simulated.begin() } else { *simulated = fact }
        });
    }
}

async fn ask(
    connection: &Connection,
    caller: &PrincipalArn,
    hop: &Hop,
    context: &[Key],
) -> Result<Simulation, AwsError> {
    let principal = principal(connection, caller).await?;
    let actions = actions(hop);
    let question = Question { principal: &principal, actions: &actions, resource: &hop.role_arn, context };
    let answers = iam::simulate(connection, &question).await?;
    weakest(answers).ok_or_else(|| {
        let message = "the simulator answered without a result";
        AwsError::local(crate::model::ErrorKind::Other, "iam:SimulatePrincipalPolicy", message)
    })
}

/// The ARN that the simulator takes. A session's ARN lacks its role's path, so that the role is asked for it.
async fn principal(connection: &Connection, caller: &PrincipalArn) -> Result<String, AwsError> {
    match caller {
        PrincipalArn::Session { role, .. } => Ok(iam::role(connection, role).await?.arn.to_string()),
        other => Ok(other.to_string()),
    }
}

/// Each needs its own permission (IAM User Guide, "Passing session tags in AWS STS", "Monitor and control actions taken with assumed roles").
fn actions(hop: &Hop) -> Vec<&'static str> {
    let tags = !hop.tags.is_empty() || !hop.transitive_tag_keys.is_empty();
    let wanted =
        [(true, "sts:AssumeRole"), (tags, "sts:TagSession"), (hop.source_identity.is_some(), "sts:SetSourceIdentity")];
    wanted.into_iter().filter(|(wanted, _)| *wanted).map(|(_, action)| action).collect()
}

/// The first that is not allowed; else the first.
fn weakest(answers: Vec<Simulation>) -> Option<Simulation> {
    let refused = answers.iter().position(|answer| !answer.allows()).unwrap_or(0);
    answers.into_iter().nth(refused)
}

/// The condition keys that are known of the call. A key that is left out is one that the simulator tells as missing where a policy needs it.
fn context(hop: &Hop, session_name: Option<&str>, sent: Sent<'_>) -> Vec<Key> {
    let text = |key: &str, value: Option<&str>| value.map(|value| Key::Text(key.into(), value.into()));
    let texts = |key: &str, values: Vec<String>| (!values.is_empty()).then(|| Key::Texts(key.into(), values));
    let known = [
        text("sts:ExternalId", hop.external_id.as_deref()),
        text("sts:RoleSessionName", session_name),
        text("sts:SourceIdentity", hop.source_identity.as_deref()),
        text("aws:RequestedRegion", Some(sent.region)),
        Some(Key::Flag("aws:SecureTransport".into(), true)),
        texts("aws:TagKeys", hop.tags.keys().cloned().collect()),
        texts("sts:TransitiveTagKeys", hop.transitive_tag_keys.clone()),
        sent.mfa_age.map(|_| Key::Flag("aws:MultiFactorAuthPresent".into(), true)),
        sent.mfa_age.map(|age| Key::Number("aws:MultiFactorAuthAge".into(), age)),
    ];
    let tags = hop.tags.iter().map(|(key, value)| Key::Text(format!("aws:RequestTag/{key}"), value.clone()));
    known.into_iter().flatten().chain(tags).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hop() -> Hop {
        Hop {
            external_id: Some("acme-1".into()),
            tags: [("team".to_owned(), "data".to_owned())].into(),
            transitive_tag_keys: vec!["team".into()],
            ..Hop::to("arn:aws:iam::444455556666:role/Reader")
        }
    }

    fn sent(mfa_age: Option<u64>) -> Sent<'static> {
        Sent { region: "eu-west-1", mfa_age, clock: Clock::System }
    }

    #[test]
    fn the_request_becomes_its_condition_keys() {
        let keys = context(&hop(), Some("quilt"), sent(Some(12)));
        for key in [
            Key::Text("sts:ExternalId".into(), "acme-1".into()),
            Key::Text("sts:RoleSessionName".into(), "quilt".into()),
            Key::Text("aws:RequestTag/team".into(), "data".into()),
            Key::Texts("aws:TagKeys".into(), vec!["team".into()]),
            Key::Flag("aws:MultiFactorAuthPresent".into(), true),
            Key::Number("aws:MultiFactorAuthAge".into(), 12),
        ] {
            assert!(keys.contains(&key), "{key:?}");
        }
        let keys = context(&Hop::to("arn:aws:iam::444455556666:role/Reader"), None, sent(None));
        let told: Vec<bool> =
            keys.iter().map(|key| matches!(key, Key::Text(name, _) if name.starts_with("sts:"))).collect();
        assert_eq!(told, [false, false], "nothing is made up: {keys:?}");
    }

    #[test]
    fn what_is_sent_decides_the_actions() {
        assert_eq!(actions(&hop()), ["sts:AssumeRole", "sts:TagSession"]);
        let identified = Hop { source_identity: Some("alice".into()), ..Hop::default() };
        assert_eq!(actions(&identified), ["sts:AssumeRole", "sts:SetSourceIdentity"]);
    }

    #[test]
    fn of_several_answers_the_refusal_counts() {
        let (assume, tag) =
            (Simulation::of("sts:AssumeRole", "allowed"), Simulation::of("sts:TagSession", "implicitDeny"));
        assert_eq!(weakest(vec![assume.clone(), tag.clone()]), Some(tag));
        assert_eq!(weakest(vec![assume.clone()]), Some(assume));
        assert_eq!(weakest(Vec::new()), None);
    }
}
