//! What is tried with the session of the last hop. Nothing is written: whether it could be is simulated.

use std::time::Instant;

use futures::stream::{FuturesOrdered, StreamExt};

use super::Look;
use super::policy::{bucket, fitting};
use crate::aws::Connection;
use crate::aws::calls::iam::{self, Question};
use crate::aws::calls::{ecr, s3};
use crate::model::facts::{Probe, ProbeKind};
use crate::model::inquiry::ProbeTarget;
use crate::model::{AwsError, ErrorKind};
use crate::values::{AccountId, Registry, RoleArn};

/// Tries everything that the inquiry names with the session of its last hop: all at once, landing in the order of the inquiry.
pub(super) async fn run(look: &Look<'_>, session: &Connection) {
    let Some((index, role)) = look
        .inquiry
        .hops
        .len()
        .checked_sub(1)
        .and_then(|index| Some((index, RoleArn::parse(&look.inquiry.hops.get(index)?.role_arn).ok()?)))
    else {
        return;
    };
    let targets = &look.inquiry.probes;
    let allowed = fitting(role.partition(), None, targets);
    let mut all = FuturesOrdered::new();
    all.push_back(tried(look, session, &role, None));
    for (number, target) in targets.iter().enumerate() {
        if number < allowed {
            all.push_back(tried(look, session, &role, Some(target)));
        }
    }
    while let Some(probes) = all.next().await {
        land(look, index, probes);
    }
    land(look, index, targets.iter().skip(allowed).map(left_out).collect());
}

fn land(look: &Look<'_>, index: usize, probes: Vec<Probe>) {
    look.sink.land(move |facts| {
        if let Some(hop) = facts.path.hops.get_mut(index) {
            hop.probes.extend(probes);
        }
    });
}

/// One target; none is the session itself.
async fn tried(look: &Look<'_>, session: &Connection, role: &RoleArn, target: Option<&ProbeTarget>) -> Vec<Probe> {
    match target {
        None => vec![identity(session).await],
        Some(target) => of_target(look, session, role, target).await,
    }
}

/// Who the session is: needs no permission, and proves that the credentials work; and by what they are temporary ones (S1-25).
async fn identity(session: &Connection) -> Probe {
    let caller = async {
        let caller = session.caller().await?;
        Ok(format!("{}, {}", caller.arn, session.key_kind()))
    };
    live("sts:GetCallerIdentity", String::new(), caller).await
}

async fn of_target(look: &Look<'_>, session: &Connection, role: &RoleArn, target: &ProbeTarget) -> Vec<Probe> {
    match target {
        ProbeTarget::Bucket { name, writes } => {
            let listing = of_bucket(session, name);
            let writing = async { if *writes { Some(would_write(look, role, name).await) } else { None } };
            let (mut probes, written) = tokio::join!(listing, writing);
            probes.extend(written);
            probes
        }
        ProbeTarget::Registry { account, region, repository } => {
            of_registry(session, account, region, repository.as_deref()).await
        }
    }
}

/// The list follows, since it says in words what HeadBucket's bare status cannot.
async fn of_bucket(session: &Connection, name: &str) -> Vec<Probe> {
    let mut region = None;
    let head = async {
        let head = s3::head_bucket(session, name).await;
        region.clone_from(&head.region);
        head.outcome.map(|()| head.region.map_or_else(|| "is there".into(), |region| format!("is there, in {region}")))
    };
    let head = live("s3:HeadBucket", name.to_owned(), head).await;
    let list = async {
        let holds = s3::list_one(session, name, region.as_deref()).await?;
        Ok(if holds { "can be listed".into() } else { "can be listed, and is empty".into() })
    };
    let list = live("s3:ListObjectsV2", name.to_owned(), list).await;
    vec![head, list]
}

async fn of_registry(session: &Connection, account: &str, region: &str, repository: Option<&str>) -> Vec<Probe> {
    let token = async {
        let given = ecr::authorization(session, region).await?;
        Ok(given
            .expires
            .map_or_else(|| "a token was given".into(), |expires| format!("a token was given, until {expires}")))
    };
    let images = async {
        let repository = repository?;
        let described = async {
            let holds = ecr::holds_images(session, account, region, repository).await?;
            Ok(if holds { "holds images".into() } else { "holds no image".into() })
        };
        Some(live("ecr:DescribeImages", repository.to_owned(), described).await)
    };
    let registry = Registry::host(account, region);
    let (token, images) = tokio::join!(live("ecr:GetAuthorizationToken", registry, token), images);
    std::iter::once(token).chain(images).collect()
}

async fn live(operation: &str, resource: String, call: impl Future<Output = Result<String, AwsError>>) -> Probe {
    let started = Instant::now();
    let outcome = call.await;
    Probe { action: operation.to_owned(), resource, how: ProbeKind::Live, outcome, took: started.elapsed() }
}

/// Whether the role's own policies let it write, by IAM's simulator. It does not look at the bucket's policy, nor at a key of KMS.
async fn would_write(look: &Look<'_>, role: &RoleArn, name: &str) -> Probe {
    const ACTION: &str = "s3:PutObject";
    let started = Instant::now();
    let resource = format!("{}/*", bucket(role.partition(), name));
    let outcome = async {
        let reader = look.shared.readers.of(role.account()).await.ok_or_else(|| unread(role.account()))?;
        let principal = role.to_string();
        let question = Question { principal: &principal, actions: &[ACTION], resource: &resource, context: &[] };
        let answers = iam::simulate(&reader.connection, &question).await?;
        match answers.iter().find(|answer| !answer.allows()) {
            None => Ok("allowed by the role's own policies".to_owned()),
            Some(refusal) => {
                let message =
                    format!("the role's own policies do not let it write: the simulator says {}", refusal.decision);
                let missing_action = Some(ACTION.to_owned());
                Err(AwsError { missing_action, ..AwsError::local(ErrorKind::Denied, ACTION, message) })
            }
        }
    }
    .await;
    Probe {
        action: ACTION.to_owned(),
        resource: name.to_owned(),
        how: ProbeKind::Simulated,
        outcome,
        took: started.elapsed(),
    }
}

fn unread(account: &AccountId) -> AwsError {
    const OPERATION: &str = "iam:SimulatePrincipalPolicy";
    let message = format!("no AWS profile at hand is of account {account}");
    let missing_action = Some(format!("{OPERATION} in account {account}"));
    AwsError { missing_action, ..AwsError::local(ErrorKind::Denied, OPERATION, message) }
}

/// What the session policy has no room for would be refused by it, which says nothing of the role.
fn left_out(target: &ProbeTarget) -> Probe {
    let (action, resource) = match target {
        ProbeTarget::Bucket { name, .. } => ("s3:HeadBucket", name.clone()),
        ProbeTarget::Registry { account, region, .. } => ("ecr:GetAuthorizationToken", Registry::host(account, region)),
    };
    let message = "not tried: the policy of the test session has room for fewer; name it in a diagnosis of its own";
    Probe {
        action: action.to_owned(),
        resource,
        how: ProbeKind::Live,
        outcome: Err(AwsError::local(ErrorKind::Guard, action, message)),
        took: std::time::Duration::ZERO,
    }
}
