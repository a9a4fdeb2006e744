//! Facts built by hand, for the judges' tests: a set-up that is right in everything, to be spoiled one thing at a time.

use std::collections::BTreeMap;

use super::{Judgement, judge};
use crate::model::facts::{
    CallerIdentity, ConfigFile, Credentials, Keeping, PrincipalFacts, RoleDetail, RoleFacts, RoleFound, RoleSource,
    Secret, SecretContent, SecretValue, Stack, StackResource,
};
use crate::model::selection::{CredentialSource, RoleKind};
use crate::model::{AwsError, ErrorKind, Fact, Facts, Finding, LiveCall, Selection};
use crate::policy::NamedPolicy;
use crate::policy::document::Policy;
use crate::values::time::Timestamp;
use crate::values::{AccountId, PrincipalArn, RoleArn, StackArn};

pub const ACCOUNT: &str = "111122223333";
pub const TASK_ROLE: &str = "arn:aws:iam::111122223333:role/webhook-task";
pub const STACK_ARN: &str = "arn:aws:cloudformation:us-east-1:111122223333:stack/quilt-prod/1a2b";
pub const SECRET_ARN: &str = "arn:aws:secretsmanager:us-east-1:111122223333:secret:benchling-webhook-prod-AbCdEf";

pub const VALUES: &str = r#"{"CLIENT_ID":"wqFabcdefgYe","CLIENT_SECRET":"canary-client-secret","TENANT":"acme",
    "APP_DEFINITION_ID":"appdef_wqFabc","LOG_LEVEL":"INFO","PKG_PREFIX":"benchling","PKG_KEY":"experiment_id",
    "USER_BUCKET":"quilt-user-bucket","ECR_REPOSITORY_NAME":"quiltdata/benchling",
    "ENABLE_WEBHOOK_VERIFICATION":"true","WEBHOOK_ALLOW_LIST":""}"#;

/// Facts and what was chosen.
pub struct Scene {
    pub facts: Facts,
    pub selection: Selection,
}

impl Scene {
    /// After onboarding: everything is right, and service control policies could not be read.
    pub fn healthy() -> Self {
        let now: Timestamp = "2026-03-04T12:00:00Z".parse().unwrap();
        let mut facts = Facts::new(now);
        facts.credentials = Fact::Known(Credentials {
            prefix: "AKIA".into(),
            expires: None,
            provider: "ProfileFile".into(),
            region: "us-east-1".into(),
            region_from: "AWS profile staging".into(),
        });
        let operator = PrincipalArn::parse("arn:aws:iam::111122223333:user/operator").unwrap();
        facts.identity = Fact::Known(CallerIdentity {
            account: AccountId::parse(ACCOUNT).unwrap(),
            arn: operator.clone(),
            user_id: "AIDAEXAMPLE".into(),
        });
        facts.operator = principal(operator, r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#);
        facts.stack = Fact::Known(quilt_stack());
        facts.resources = Fact::Known(BTreeMap::from([(
            "BucketWritePolicy".to_owned(),
            StackResource {
                resource_type: "AWS::IAM::ManagedPolicy".into(),
                physical_id: "arn:aws:iam::111122223333:policy/quilt-prod-BucketWritePolicy".into(),
            },
        )]));
        facts.webhook = Fact::Known(Stack {
            arn: StackArn::parse("arn:aws:cloudformation:us-east-1:111122223333:stack/BenchlingWebhookStack/9z")
                .unwrap(),
            outputs: Vec::new(),
            ..quilt_stack()
        });
        let own = format!(
            r#"{{"Statement":{{"Effect":"Allow","Action":"sts:AssumeRole","Resource":["{}","{}"]}}}}"#,
            role_arn(RoleKind::Read),
            role_arn(RoleKind::Write)
        );
        facts.workload = principal(PrincipalArn::parse(TASK_ROLE).unwrap(), &own);
        for kind in RoleKind::BOTH {
            *facts.role_mut(kind) = role(kind, &trusts(TASK_ROLE));
        }
        facts.secret = Fact::Known(secret(VALUES));
        facts.config = Fact::Known(config(&config_text()));
        facts.ancestors = Fact::Known(Vec::new());
        facts.deployed = Fact::Absent;
        let mut selection = Selection::new();
        selection.source = Some(CredentialSource::Profile("staging".into()));
        selection.stack = Some("quilt-prod".into());
        selection.secret = Some("benchling-webhook-prod".into());
        Self { facts, selection }
    }

    /// As a Quilt stack is installed: neither side lets the webhook in, and nothing was set up.
    pub fn untouched() -> Self {
        let mut scene = Self::healthy();
        scene.facts.config = Fact::Absent;
        scene.facts.secret = Fact::Absent;
        for kind in RoleKind::BOTH {
            *scene.facts.role_mut(kind) = role(kind, &trusts("arn:aws:iam::111122223333:role/quilt-ecs"));
        }
        scene.workload_may(&["arn:aws:iam::*:role/*-T4BucketReadRole-*", "arn:aws:iam::*:role/*-T4BucketWriteRole-*"]);
        scene
    }

    /// The webhook's stack does not exist yet.
    pub fn not_deployed(mut self) -> Self {
        self.facts.webhook = Fact::Absent;
        self.facts.workload = PrincipalFacts { arn: Fact::Absent, ..PrincipalFacts::default() };
        self
    }

    /// Sets the one policy of the workload.
    pub fn workload_may(&mut self, resources: &[&str]) {
        let text =
            serde_json::json!({"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": resources}});
        self.facts.workload.policies = Fact::Known(vec![policy("inline policy AssumeQuilt", &text.to_string())]);
    }

    /// Replaces a role's trust policy.
    pub fn trust(&mut self, kind: RoleKind, text: &str) {
        self.facts.role_mut(kind).detail = Fact::Known(detail(kind, text));
    }

    /// The operator's call to a role was refused, or failed otherwise.
    pub fn live(&mut self, kind: RoleKind, outcome: Result<Timestamp, AwsError>) {
        let live = LiveCall {
            at: self.facts.observed_at,
            took: std::time::Duration::from_millis(84),
            session_name: "rolecall-111122223333-1".into(),
            outcome,
        };
        self.facts.role_mut(kind).live = Fact::Known(live);
    }

    pub fn judge(&self) -> Judgement {
        judge(&self.facts, &self.selection)
    }
}

/// The one finding of that id.
pub fn find<'a>(judgement: &'a Judgement, id: &str) -> &'a Finding {
    let all = all(judgement, id);
    assert_eq!(all.len(), 1, "findings {id}: {all:#?}");
    all[0]
}

/// Every finding of that id.
pub fn all<'a>(judgement: &'a Judgement, id: &str) -> Vec<&'a Finding> {
    judgement.findings.iter().filter(|finding| finding.id == id).collect()
}

pub fn error(kind: ErrorKind, operation: &str, code: &str, message: &str) -> AwsError {
    AwsError { code: Some(code.into()), request_id: Some("5c1d".into()), ..AwsError::local(kind, operation, message) }
}

pub fn denied<T>(action: &str) -> Fact<T> {
    Fact::Denied { action: action.into(), error: error(ErrorKind::Denied, action, "AccessDenied", "not authorized") }
}

pub fn role_arn(kind: RoleKind) -> RoleArn {
    let name = match kind {
        RoleKind::Read => "ReadQuiltV2-quilt-prod",
        RoleKind::Write => "ReadWriteQuiltV2-quilt-prod",
    };
    RoleArn::parse(&format!("arn:aws:iam::{ACCOUNT}:role/{name}")).unwrap()
}

pub fn trusts(principal: &str) -> String {
    format!(r#"{{"Statement":[{{"Effect":"Allow","Principal":{{"AWS":"{principal}"}},"Action":"sts:AssumeRole"}}]}}"#)
}

pub fn detail(kind: RoleKind, trust: &str) -> RoleDetail {
    RoleDetail {
        arn: role_arn(kind),
        role_id: "AROAEXAMPLE".into(),
        created: Some("2025-01-01T00:00:00Z".parse().unwrap()),
        max_session_duration: Some(3_600),
        trust_text: trust.into(),
        trust: Policy::parse(trust).map_err(|error| error.to_string()),
        boundary_arn: None,
    }
}

fn role(kind: RoleKind, trust: &str) -> RoleFacts {
    RoleFacts {
        found: Fact::Known(RoleFound {
            arn: role_arn(kind),
            composed: false,
            source: RoleSource::StackResource(kind.logical_id().into()),
        }),
        detail: Fact::Known(detail(kind, trust)),
        ..RoleFacts::default()
    }
}

fn policy(name: &str, text: &str) -> NamedPolicy {
    NamedPolicy { name: name.into(), policy: Policy::parse(text).unwrap() }
}

fn principal(arn: PrincipalArn, text: &str) -> PrincipalFacts {
    PrincipalFacts {
        arn: Fact::Known(arn),
        source: String::new(),
        policies: Fact::Known(vec![policy("inline policy Own", text)]),
        boundary: Fact::Known(None),
        role: Fact::NotAsked,
    }
}

pub fn quilt_stack() -> Stack {
    let outputs = [
        ("QuiltWebHost", "quilt.example.com"),
        ("UserAthenaDatabaseName", "userathenadatabase"),
        ("PackagerQueueUrl", "https://sqs.us-east-1.amazonaws.com/111122223333/packager"),
    ];
    Stack {
        arn: StackArn::parse(STACK_ARN).unwrap(),
        status: "UPDATE_COMPLETE".into(),
        status_reason: None,
        created: None,
        updated: None,
        outputs: outputs.map(|(key, value)| (key.to_owned(), value.to_owned())).into(),
        parameters: Vec::new(),
    }
}

pub fn secret(text: &str) -> Secret {
    Secret {
        name: "benchling-webhook-prod".into(),
        arn: SECRET_ARN.into(),
        deleted: None,
        versions: vec![("7f3a".into(), vec!["AWSCURRENT".into()])],
        kms_key: None,
        owning_service: None,
        tags: Vec::new(),
        stack: None,
        kept: Keeping::default(),
        value: Fact::Known(SecretValue {
            version_id: "7f3a".into(),
            created: None,
            content: SecretContent::Text(text.into()),
        }),
    }
}

pub fn config(text: &str) -> ConfigFile {
    ConfigFile {
        path: "/home/u/.config/benchling-webhook/default/config.json".into(),
        text: text.into(),
        mode: Some(0o600),
    }
}

/// A `config.json` that is complete and agrees with stack and secret.
pub fn config_text() -> String {
    serde_json::json!({
        "quilt": {
            "stackArn": STACK_ARN, "catalog": "https://quilt.example.com", "database": "userathenadatabase",
            "queueUrl": "https://sqs.us-east-1.amazonaws.com/111122223333/packager", "region": "us-east-1",
            "bucketWritePolicyArn": "arn:aws:iam::111122223333:policy/quilt-prod-BucketWritePolicy",
            "readRoleArn": role_arn(RoleKind::Read).to_string(), "writeRoleArn": role_arn(RoleKind::Write).to_string(),
        },
        "benchling": {
            "tenant": "acme", "clientId": "wqFabcdefgYe", "appDefinitionId": "appdef_wqFabc", "secretArn": SECRET_ARN,
        },
        "packages": {"bucket": "quilt-user-bucket", "prefix": "benchling", "metadataKey": "experiment_id"},
        "deployment": {"region": "us-east-1", "account": ACCOUNT},
        "integratedStack": false,
        "logging": {"level": "INFO"},
        "security": {"enableVerification": true, "webhookAllowList": ""},
        "_metadata": {
            "version": "0.1.0", "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z", "source": "wizard",
        },
    })
    .to_string()
}
