//! The two roles: where their ARNs stand, what they are, and whether the operator may assume them.

use std::collections::BTreeMap;

use futures::future::join_all;

use super::Sink;
use crate::aws::calls::sts::{self, AssumeRole};
use crate::aws::calls::{cloudformation, iam};
use crate::aws::{Connection, Surroundings};
use crate::model::facts::{RoleDetail, RoleFound, RoleSource, Stack, StackResource};
use crate::model::selection::RoleKind;
use crate::model::{AwsError, ErrorKind, Fact, Selection};
use crate::systems::quilt;
use crate::values::RoleArn;

/// The type of a resource that is a role.
const ROLE_TYPE: &str = "AWS::IAM::Role";

pub(super) async fn run(
    here: &Surroundings,
    connection: &Connection,
    selection: &Selection,
    stack: Option<&Stack>,
    resources: &BTreeMap<String, StackResource>,
    refused: Option<AwsError>,
    sink: &Sink,
) {
    let look = Look { here, connection, selection, stack, resources, sink };
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
    stack: Option<&'a Stack>,
    resources: &'a BTreeMap<String, StackResource>,
    sink: &'a Sink,
}

impl Look<'_> {
    async fn role(&self, kind: RoleKind, refused: Option<AwsError>) {
        let wrong_type = self.wrong_type(kind);
        self.sink.land(move |facts| facts.role_mut(kind).wrong_type = wrong_type);
        let Some(mut found) = self.find(kind).await else {
            let nothing_asked = self.stack.is_none() && self.selection.stack.is_none();
            return self.sink.land(move |facts| {
                let role = facts.role_mut(kind);
                role.found = match refused {
                    Some(error) => Fact::from_error(error),
                    None if nothing_asked => Fact::NotAsked,
                    None => Fact::Absent,
                };
                role.detail = Fact::NotAsked;
                role.live = Fact::NotAsked;
            });
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

    fn wrong_type(&self, kind: RoleKind) -> Option<String> {
        let resource = self.resources.get(kind.logical_id())?;
        (resource.resource_type != ROLE_TYPE).then(|| resource.resource_type.clone())
    }

    /// In the order of C31: typed, stack resource, parameter, output, output of the `{stack}-iam` stack.
    async fn find(&self, kind: RoleKind) -> Option<RoleFound> {
        if let Some(arn) = self.selection.typed_roles.get(&kind) {
            return Some(RoleFound { arn: arn.clone(), composed: false, source: RoleSource::Typed });
        }
        let stack = self.stack?;
        let id = kind.logical_id();
        if let Some(resource) = self.resources.get(id).filter(|resource| resource.resource_type == ROLE_TYPE) {
            let arn = RoleArn::compose(stack.arn.partition(), stack.arn.account(), &resource.physical_id).ok()?;
            return Some(RoleFound { arn, composed: true, source: RoleSource::StackResource(id.to_owned()) });
        }
        let named = |value: Option<&str>, source: RoleSource| {
            let arn = RoleArn::parse(value?).ok()?;
            Some(RoleFound { arn, composed: false, source })
        };
        let key = quilt::role_output(kind);
        if let Some(found) = named(stack.parameter(id), RoleSource::StackParameter(id.to_owned()))
            .or_else(|| named(stack.output(key), RoleSource::StackOutput(key.to_owned())))
        {
            return Some(found);
        }
        let iam_stack = quilt::iam_stack(stack.arn.name());
        let other = cloudformation::stack(self.connection, &iam_stack).await.ok()?;
        named(other.output(key), RoleSource::IamStackOutput { stack: iam_stack, key: key.to_owned() })
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
        let request = AssumeRole {
            role_arn: &arn.to_string(),
            session_name: &session_name,
            external_id: self.selection.external_id.as_deref(),
            duration_seconds: self.selection.duration_seconds,
        };
        let live = sts::assume_role(self.connection, clock, &request).await;
        self.sink.land(move |facts| facts.role_mut(kind).live = Fact::Known(live));
    }
}
