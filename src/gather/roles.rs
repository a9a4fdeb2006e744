//! The two roles: where their ARNs stand, what they are, and whether the operator may assume them.

use std::collections::BTreeMap;

use futures::future::join_all;
use tokio::sync::OnceCell;

use super::Sink;
use super::config::Config;
use crate::aws::calls::sts::{self, AssumeRole};
use crate::aws::calls::{cloudformation, iam};
use crate::aws::{Connection, Surroundings};
use crate::model::facts::{RoleDetail, RoleFound, RoleSource, Stack, StackResource};
use crate::model::selection::RoleKind;
use crate::model::{AwsError, ErrorKind, Fact, Hop, Selection};
use crate::systems::quilt;
use crate::values::RoleArn;

pub(super) async fn run(
    here: &Surroundings,
    connection: &Connection,
    selection: &Selection,
    stack: Option<&Stack>,
    resources: &BTreeMap<String, StackResource>,
    refused: Option<AwsError>,
    sink: &Sink,
) {
    let config = Config::read(here, selection);
    let look = Look { here, connection, selection, config, stack, resources, iam_stack: OnceCell::new(), sink };
    let refused = &refused;
    join_all(RoleKind::BOTH.map(|kind| {
        let look = &look;
        async move { look.role(kind, refused.clone()).await }
    }))
    .await;
}

struct Look<'a> {
    here: &'a Surroundings,
    connection: &'a Connection,
    selection: &'a Selection,
    config: Config,
    stack: Option<&'a Stack>,
    resources: &'a BTreeMap<String, StackResource>,
    /// The stack that owns the roles where IAM is kept apart; both roles ask for it, one call answers.
    iam_stack: OnceCell<Result<Stack, AwsError>>,
    sink: &'a Sink,
}

impl Look<'_> {
    async fn role(&self, kind: RoleKind, refused: Option<AwsError>) {
        let wrong_type = self.wrong_type(kind);
        self.sink.land(move |facts| facts.role_mut(kind).wrong_type = wrong_type);
        let mut found = match self.find(kind).await {
            Ok(Some(found)) => found,
            Ok(None) => return self.nowhere(kind, refused),
            Err(error) => return self.nowhere(kind, Some(refused.unwrap_or(error))),
        };
        let detail = self.detail(&found.arn).await;
        match &detail {
            Ok(detail) if detail.arn.account() == found.arn.account() => {
                found = RoleFound { arn: detail.arn.clone(), composed: false, ..found };
            }
            _ => {}
        }
        let (arn, known) = (found.arn.clone(), found);
        self.sink.land(move |facts| {
            let role = facts.role_mut(kind);
            role.found = Fact::Known(known);
            role.detail = Fact::from_result(detail);
        });
        self.assume(kind, &arn).await;
    }

    /// No ARN: every place was asked and none knew, or one of them could not be asked.
    fn nowhere(&self, kind: RoleKind, refused: Option<AwsError>) {
        let nothing_asked = self.stack.is_none() && self.selection.stack.is_none();
        self.sink.land(move |facts| {
            let role = facts.role_mut(kind);
            role.found = match refused {
                Some(error) => Fact::from_error(error),
                None if nothing_asked => Fact::NotAsked,
                None => Fact::Absent,
            };
            role.detail = Fact::NotAsked;
            role.live = Fact::NotAsked;
        });
    }

    fn wrong_type(&self, kind: RoleKind) -> Option<String> {
        let resource = self.resources.get(kind.logical_id())?;
        (resource.resource_type != quilt::ROLE_TYPE).then(|| resource.resource_type.clone())
    }

    /// In the order of C31: typed, stack resource, parameter, output, output of the `{stack}-iam` stack; and where none of them tells, the role
    /// that `config.json` names: somebody typed it once.
    ///
    /// # Errors
    /// A place that could not be asked, so that "there is none" would be no answer.
    async fn find(&self, kind: RoleKind) -> Result<Option<RoleFound>, AwsError> {
        if let Some(arn) = self.selection.typed_roles.get(&kind) {
            return Ok(Some(RoleFound { arn: arn.clone(), composed: false, source: RoleSource::Typed }));
        }
        let configured = || {
            let arn = self.config.role(kind)?;
            Some(RoleFound { arn, composed: false, source: RoleSource::Config })
        };
        let Some(stack) = self.stack else { return Ok(configured()) };
        if let Some(found) = self.in_stack(kind, stack) {
            return Ok(Some(found));
        }
        match self.in_iam_stack(kind, stack).await {
            Ok(found) => Ok(found.or_else(configured)),
            Err(error) => configured().map_or(Err(error), |found| Ok(Some(found))),
        }
    }

    fn in_stack(&self, kind: RoleKind, stack: &Stack) -> Option<RoleFound> {
        let id = kind.logical_id();
        if let Some(resource) = self.resources.get(id).filter(|resource| resource.resource_type == quilt::ROLE_TYPE) {
            let arn = RoleArn::compose(stack.arn.partition(), stack.arn.account(), &resource.physical_id).ok()?;
            return Some(RoleFound { arn, composed: true, source: RoleSource::StackResource(id.to_owned()) });
        }
        let key = quilt::role_output(kind);
        named(stack.parameter(id), RoleSource::StackParameter(id.to_owned()))
            .or_else(|| named(stack.output(key), RoleSource::StackOutput(key.to_owned())))
    }

    async fn in_iam_stack(&self, kind: RoleKind, stack: &Stack) -> Result<Option<RoleFound>, AwsError> {
        let (key, name) = (quilt::role_output(kind), quilt::iam_stack(stack.arn.name()));
        match self.iam_stack.get_or_init(|| cloudformation::stack(self.connection, &name)).await {
            Ok(other) => {
                Ok(named(other.output(key), RoleSource::IamStackOutput { stack: name.clone(), key: key.to_owned() }))
            }
            Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.clone()),
        }
    }

    /// GetRole takes a name and reads the account of whoever asks: for a role of another account its answer would mean nothing.
    async fn detail(&self, arn: &RoleArn) -> Result<RoleDetail, AwsError> {
        const OPERATION: &str = "iam:GetRole";
        if let Some(stack) = self.stack
            && stack.arn.account() != arn.account()
        {
            let message = format!(
                "the role is in account {}, these credentials read account {}",
                arn.account(),
                stack.arn.account()
            );
            let mut error = AwsError::local(ErrorKind::Denied, OPERATION, message);
            error.missing_action = Some(format!("iam:GetRole in account {}", arn.account()));
            return Err(error);
        }
        iam::role(self.connection, arn.name()).await
    }

    async fn assume(&self, kind: RoleKind, arn: &RoleArn) {
        let clock = self.here.clock;
        let session_name = format!("rolecall-{}-{}", arn.account(), clock.now().as_second());
        let hop = Hop {
            external_id: self.selection.external_id.clone(),
            duration_seconds: Some(self.selection.duration_seconds),
            ..Hop::to(arn.to_string())
        };
        let request = AssumeRole { hop: &hop, session_name: &session_name, session_policy: sts::NOTHING };
        let live = sts::assume_role(self.connection, clock, &request).await.call;
        self.sink.land(move |facts| facts.role_mut(kind).live = Fact::Known(live));
    }
}

/// A text that is a role's ARN. What is no ARN is a finding of its own.
fn named(value: Option<&str>, source: RoleSource) -> Option<RoleFound> {
    let arn = RoleArn::parse(value?).ok()?;
    Some(RoleFound { arn, composed: false, source })
}
