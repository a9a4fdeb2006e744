//! The principals that a system asks about: who they are, their policies, their keys, and what the simulator says of them. All at once, after
//! each is known to be who was asked for.

use futures::future::{join_all, try_join_all};
use tokio::time::Instant;

use super::brake::Brake;
use crate::aws::Connection;
use crate::aws::calls::iam::{self, Key};
use crate::gather::path::{Shared, is_passing, no_reader};
use crate::gather::{Sink, principal};
use crate::model::facts::{AttachedPolicy, PrincipalDetail, PrincipalLook, Simulated};
use crate::model::system::{Asked, Expectation, Question};
use crate::model::{AwsError, ErrorKind, Fact};
use crate::values::PrincipalArn;

/// So many actions are asked of the simulator in one call, which is as many as one page of its answer holds (IAM API reference,
/// SimulatePrincipalPolicy: MaxItems is 100 where nothing is said).
const AT_ONCE: usize = 100;

pub(super) async fn run(shared: &Shared<'_>, brake: &Brake, questions: &[Question], sink: &Sink) {
    let looks = questions.iter().enumerate();
    join_all(looks.map(|(index, question)| Box::pin(look(shared, brake, index, question, sink)))).await;
}

async fn look(shared: &Shared<'_>, brake: &Brake, index: usize, question: &Question, sink: &Sink) {
    let land = |landing: Landing| {
        sink.land(move |facts| {
            if let Some(look) = facts.system.principals.get_mut(index) {
                landing(look);
            }
        });
    };
    let arn = match named(shared.own, &question.who).await {
        Ok(arn) => arn,
        Err(error) => return land(Box::new(|look| look.found = Fact::from_error(error))),
    };
    let Some(reader) = shared.readers.of(arn.account()).await else {
        let (action, account) = (get(&arn), arn.account().clone());
        return land(Box::new(move |look| look.found = no_reader(action, &account)));
    };
    if let Err(error) = same_partition(&reader.connection, &arn).await {
        return land(Box::new(|look| look.found = Fact::from_error(error)));
    }
    let asked = arn.clone();
    land(Box::new(move |look| look.policies.arn = Fact::Known(asked)));
    let look = Look { shared, brake, connection: &reader.connection, question, arn: &arn, land: &land };
    look.all().await;
}

/// An account is of one partition: whoever reads it in another knows nothing of this principal.
async fn same_partition(reader: &Connection, arn: &PrincipalArn) -> Result<(), AwsError> {
    let own = reader.caller().await?.arn.partition().to_owned();
    if own == arn.partition() {
        return Ok(());
    }
    let message =
        format!("{arn} is of partition {}, and the credentials at hand are of partition {own}", arn.partition());
    Err(AwsError::local(ErrorKind::Invalid, get(arn), message))
}

/// IAM takes a name, and answers with whoever has it: another one where partition, account or path are not those asked for.
fn is_another(asked: &PrincipalArn, found: &PrincipalArn) -> bool {
    match (asked, found) {
        (PrincipalArn::Session { partition, account, role, .. }, PrincipalArn::Role(found)) => {
            (partition.as_str(), account, role.as_str()) != (found.partition(), found.account(), found.name())
        }
        (asked, found) => asked != found,
    }
}

/// What an answer does to the look at one principal.
type Landing = Box<dyn FnOnce(&mut PrincipalLook) + Send>;

/// The ARN of who is asked about. A user's path is not known before IAM tells.
async fn named(connection: &Connection, who: &Asked) -> Result<PrincipalArn, AwsError> {
    Ok(match who {
        Asked::Principal(arn) => arn.clone(),
        Asked::Operator => connection.caller().await?.arn,
        Asked::User(name) => {
            let caller = connection.caller().await?;
            let partition = caller.arn.partition().to_owned();
            PrincipalArn::User { partition, account: caller.account, path: "/".into(), name: name.clone() }
        }
    })
}

/// What tells who a principal is.
const fn get(arn: &PrincipalArn) -> &'static str {
    match arn {
        PrincipalArn::User { .. } => "iam:GetUser",
        _ => "iam:GetRole",
    }
}

struct Look<'a> {
    shared: &'a Shared<'a>,
    brake: &'a Brake,
    connection: &'a Connection,
    question: &'a Question,
    arn: &'a PrincipalArn,
    land: &'a (dyn Fn(Landing) + Send + Sync),
}

impl Look<'_> {
    /// One answer, in a lane of the whole look; asked for again where AWS asked to slow down, as far as that is worth it.
    async fn asked<T, F>(&self, ask: impl Fn() -> F, refused: fn(&T) -> Option<&AwsError>) -> T
    where
        F: Future<Output = T>,
    {
        loop {
            self.brake.pass().await;
            let since = Instant::now();
            let lane = self.shared.lane().await;
            let answer = Box::pin(ask()).await;
            drop(lane);
            let throttled = refused(&answer).is_some_and(is_passing);
            if !throttled {
                self.brake.answered();
            }
            if !throttled || !self.brake.strike(since) {
                return answer;
            }
        }
    }

    /// Who it is comes first: of another principal nothing else is asked.
    async fn all(&self) {
        let who = self.asked(|| principal::who(self.connection, self.arn), |who| who.found.error()).await;
        let exact = matches!(self.question.who, Asked::Principal(_));
        if let Some(detail) = who.found.known().filter(|detail| exact && is_another(self.arn, &detail.arn)) {
            let namesake = detail.arn.clone();
            return (self.land)(Box::new(|look| {
                look.found = Fact::Absent;
                look.namesake = Some(namesake);
            }));
        }
        tokio::join!(self.who(who), self.policies(), self.attached(), self.access_keys());
    }

    /// What it is, and what needs to know that: its boundary, and the simulator.
    async fn who(&self, who: principal::Who) {
        let (found, role) = (who.found.clone(), who.role);
        (self.land)(Box::new(move |look| {
            look.found = found;
            look.policies.role = role;
        }));
        let boundary = async {
            let ask = || principal::boundary(self.connection, who.boundary_arn.clone());
            let boundary = self.asked(ask, Fact::error).await;
            (self.land)(Box::new(move |look| look.policies.boundary = boundary));
        };
        tokio::join!(boundary, self.simulate(&who.found));
    }

    async fn policies(&self) {
        let policies = self.asked(|| principal::policies(self.connection, self.arn), Fact::error).await;
        (self.land)(Box::new(move |look| look.policies.policies = policies));
    }

    async fn attached(&self) {
        let attached = self.asked(|| attached(self.connection, self.arn), Fact::error).await;
        (self.land)(Box::new(|look| look.attached = attached));
    }

    async fn access_keys(&self) {
        let (PrincipalArn::User { name, .. }, true) = (self.arn, self.question.lists_keys) else { return };
        let keys = self.asked(|| iam::access_keys(self.connection, name), |keys| keys.as_ref().err()).await;
        (self.land)(Box::new(|look| look.access_keys = Fact::from_result(keys)));
    }

    /// With the ARN that IAM has. Where that may not be read the one that was asked for is tried, which is right for what has no path; the
    /// simulator knows no session.
    async fn simulate(&self, found: &Fact<PrincipalDetail>) {
        let principal = match (found, self.arn) {
            (_, PrincipalArn::Root { .. } | PrincipalArn::FederatedUser { .. }) | (Fact::Absent, _) => return,
            (Fact::Known(detail), _) => detail.arn.to_string(),
            (_, PrincipalArn::Session { partition, account, role, .. }) => {
                format!("arn:{partition}:iam::{account}:role/{role}")
            }
            (_, asked) => asked.to_string(),
        };
        let asks = self.question.expectations.iter().enumerate().map(|(number, expectation)| {
            let principal = &principal;
            async move {
                let simulated = self.expectation(principal, expectation).await;
                (self.land)(Box::new(move |look| {
                    if let Some(known) = look.simulated.get_mut(number) {
                        *known = simulated;
                    }
                }));
            }
        });
        join_all(asks).await;
    }

    async fn expectation(&self, principal: &str, expectation: &Expectation) -> Fact<Vec<Simulated>> {
        let texts = expectation.context.iter();
        let context: Vec<Key> = texts.map(|(key, value)| Key::Text(key.clone(), value.clone())).collect();
        let actions: Vec<&str> = expectation.actions.iter().map(String::as_str).collect();
        let parts = expectation
            .resources
            .iter()
            .flat_map(|resource| actions.chunks(AT_ONCE).map(move |actions| (resource, actions)));
        let context = context.as_slice();
        let answers = try_join_all(parts.map(|(resource, actions)| async move {
            let question = iam::Question { principal, actions, resource, context };
            let answers =
                self.asked(|| iam::simulate(self.connection, &question), |answers| answers.as_ref().err()).await?;
            let simulated = |answer| Simulated { resource: resource.clone(), answer };
            Ok::<_, AwsError>(answers.into_iter().map(simulated).collect::<Vec<_>>())
        }));
        Fact::from_result(answers.await.map(|answers| answers.into_iter().flatten().collect()))
    }
}

/// The managed policies of a user or of a role; a session's are those of its role.
async fn attached(connection: &Connection, arn: &PrincipalArn) -> Fact<Vec<AttachedPolicy>> {
    Fact::from_result(match arn {
        PrincipalArn::User { name, .. } => iam::attached_to_user(connection, name).await,
        PrincipalArn::Role(role) => iam::attached_to_role(connection, role.name()).await,
        PrincipalArn::Session { role, .. } => iam::attached_to_role(connection, role).await,
        PrincipalArn::Root { .. } | PrincipalArn::FederatedUser { .. } => return Fact::NotAsked,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_the_name_but_not_the_arn_is_another() {
        let arn = |text: &str| PrincipalArn::parse(text).unwrap();
        let asked = arn("arn:aws:iam::444455556666:role/team/Pull");
        for (found, another) in [
            ("arn:aws:iam::444455556666:role/team/Pull", false),
            ("arn:aws:iam::444455556666:role/Pull", true),
            ("arn:aws-cn:iam::444455556666:role/team/Pull", true),
            ("arn:aws:iam::111122223333:role/team/Pull", true),
        ] {
            assert_eq!(is_another(&asked, &arn(found)), another, "{found}");
        }
        let session = arn("arn:aws:sts::444455556666:assumed-role/Pull/s");
        assert!(!is_another(&session, &asked), "a session's ARN has no path");
    }
}
