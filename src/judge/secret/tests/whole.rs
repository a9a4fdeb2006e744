//! Faults of a secret as a whole: how it is kept.

use super::{judged, no_canary};
use crate::judge::scene::{SECRET_ARN, STACK_ARN, Scene, VALUES, all, error, find, secret};
use crate::model::facts::{Keeping, Replica, Rotation, Secret, SecretContent, StackResource};
use crate::model::{ErrorKind, Fact, Finding, Severity};

/// How a secret is spoilt, the finding's id and severity, what its claim says, and what its first cure runs or says.
type Case = (fn(&mut Secret), &'static str, Severity, &'static str, &'static str);

const TABLE: &[Case] = &[
    (
        |secret| secret.deleted = Some("2026-04-01T00:00:00Z".parse().unwrap()),
        "secret/deleted",
        Severity::Error,
        "scheduled for deletion",
        "aws secretsmanager restore-secret",
    ),
    (
        |secret| content(secret, SecretContent::Binary(7)),
        "secret/is-string",
        Severity::Error,
        "is binary, not text",
        "rolecall secret",
    ),
    (|secret| secret.value = Fact::Absent, "secret/has-value", Severity::Error, "has no value yet", "rolecall secret"),
    (
        |secret| secret.owning_service = Some("rds".into()),
        "secret/owner",
        Severity::Warning,
        "belongs to service rds, which alone writes it",
        "Give the webhook a secret of its own",
    ),
    (
        |secret| {
            secret.stack = Some("infra".into());
            secret.tags = vec![("aws:cloudformation:logical-id".into(), "WebhookSecret".into())];
        },
        "secret/owner",
        Severity::Warning,
        "was made by stack infra: what is written here drifts from the template",
        "Change the values in the template of stack infra",
    ),
    (
        |secret| {
            secret.stack = Some("quilt-prod".into());
            secret.tags = vec![("aws:cloudformation:logical-id".into(), "BenchlingSecret".into())];
        },
        "secret/owner",
        Severity::Info,
        "which leaves its values to you",
        "",
    ),
    (
        |secret| secret.kept.primary_region = Some("eu-west-1".into()),
        "secret/replica",
        Severity::Warning,
        "of us-east-1 is a replica and cannot be written; its primary is in eu-west-1",
        "rolecall secret --region eu-west-1 --secret benchling-webhook-prod",
    ),
    (
        |secret| {
            secret.kept.primary_region = Some("us-east-1".into());
            secret.kept.replicas = vec![replica("eu-west-1", None), replica("eu-west-2", None)];
        },
        "secret/replica",
        Severity::Info,
        "is replicated to eu-west-1, eu-west-2: what is written here is written there",
        "",
    ),
    (
        |secret| secret.kept.replicas = vec![replica("eu-west-1", Some("a secret of that name exists"))],
        "secret/replica",
        Severity::Warning,
        "not everywhere successfully",
        "Remove what stands in the way",
    ),
    (
        |secret| secret.kept.rotation = Some(Rotation::default()),
        "secret/rotation",
        Severity::Warning,
        "a rotation writes a new version over what you write",
        "aws secretsmanager cancel-rotate-secret --secret-id benchling-webhook-prod",
    ),
    (
        |secret| secret.versions.push(("8b1c".into(), vec!["ROLECALL_PENDING".into()])),
        "secret/pending-version",
        Severity::Warning,
        "was interrupted: version 8b1c still carries ROLECALL_PENDING",
        "rolecall secret",
    ),
    (
        |secret| secret.versions = vec![("8b1c".into(), vec!["AWSCURRENT".into(), "ROLECALL_PENDING".into()])],
        "secret/pending-version",
        Severity::Warning,
        "was interrupted: version 8b1c still carries ROLECALL_PENDING",
        "aws secretsmanager update-secret-version-stage --secret-id benchling-webhook-prod --version-stage ROLECALL_PENDING \
         --remove-from-version-id 8b1c",
    ),
    (
        |secret| content(secret, SecretContent::Text(padded(65_537).into())),
        "secret/size",
        Severity::Error,
        "has 65537 bytes, more than the 65536 that a secret may have",
        "rolecall secret",
    ),
    (
        |secret| content(secret, SecretContent::Text(padded(65_536).into())),
        "secret/size",
        Severity::Warning,
        "has 65536 bytes; a secret may have 65536",
        "rolecall secret",
    ),
];

fn content(secret: &mut Secret, content: SecretContent) {
    let Fact::Known(value) = &mut secret.value else { return };
    value.content = content;
}

fn replica(region: &str, failure: Option<&str>) -> Replica {
    Replica { region: region.into(), failure: failure.map(str::to_owned) }
}

/// A valid secret of exactly so many bytes.
fn padded(bytes: usize) -> String {
    let open = format!("{},\"padding\":\"", VALUES.trim_end_matches('}'));
    let rest = bytes - open.len() - "\"}".len();
    format!("{open}{}\"}}", "x".repeat(rest))
}

#[test]
fn every_fault_of_a_whole_secret_is_a_finding_with_a_cure() {
    for (spoil, id, severity, claim, cure) in TABLE {
        let judged = judged(*spoil);
        let finding = find(&judged, id);
        assert_eq!(finding.severity, *severity, "{id}");
        assert!(finding.claim.contains("benchling-webhook-prod") && finding.claim.contains(claim), "{}", finding.claim);
        let first = finding.fixes.first().map(|fix| fix.command.as_ref().unwrap_or(&fix.what).as_str());
        assert!(first.unwrap_or_default().starts_with(cure), "{id}: {first:?}");
        assert_eq!(finding.fixes.is_empty(), cure.is_empty(), "{id}: {:?}", finding.fixes);
        no_canary(&judged);
    }
}

#[test]
fn a_secret_that_is_kept_as_usual_has_none_of_these() {
    let judged = judged(|secret| assert_eq!(secret.kept, Keeping::default()));
    for (_, id, ..) in TABLE {
        assert_eq!(all(&judged, id).len(), 0, "{id}");
    }
    let nearly = super::judged(|secret| content(secret, SecretContent::Text(padded(58_000).into())));
    assert_eq!(all(&nearly, "secret/size").len(), 0);
}

#[test]
fn the_quilt_stacks_own_secret_is_known_by_the_stack_too() {
    let mut scene = Scene::healthy();
    let mut held = secret(VALUES);
    held.stack = Some("quilt-prod".into());
    scene.facts.secret = Fact::Known(held);
    if let Fact::Known(resources) = &mut scene.facts.resources {
        let resource_type = "AWS::SecretsManager::Secret".into();
        resources.insert("BenchlingSecret".into(), StackResource { resource_type, physical_id: SECRET_ARN.into() });
    }
    assert_eq!(find(&scene.judge(), "secret/owner").severity, Severity::Info);
}

#[test]
fn a_secret_whose_arn_names_another_region_is_not_said_to_be_missing() {
    let mut scene = Scene::healthy();
    let arn = SECRET_ARN.replace("us-east-1", "eu-central-1");
    scene.selection.secret = Some(arn.clone());
    scene.facts.secret = Fact::Absent;
    let judged = scene.judge();
    let finding = find(&judged, "secret/region");
    assert_eq!(finding.severity, Severity::Error);
    assert_eq!(
        finding.claim,
        "Secret benchling-webhook-prod is in eu-central-1; the service looks for it in us-east-1."
    );
    assert!(finding.evidence.contains(&arn), "{finding:?}");
    assert_eq!(all(&judged, "secret/exists").len(), 0);
}

#[test]
fn a_secret_of_another_region_than_the_stack_is_an_error() {
    let mut scene = Scene::healthy();
    scene.selection.stack = Some(STACK_ARN.replace("us-east-1", "eu-west-1"));
    scene.facts.stack = Fact::NotAsked;
    let judged = scene.judge();
    let finding = find(&judged, "secret/region");
    assert!(finding.claim.contains("is in us-east-1, stack quilt-prod in eu-west-1"), "{}", finding.claim);
}

#[test]
fn what_may_not_be_read_names_the_action_and_claims_nothing() {
    let unread = |kind: ErrorKind, action: &str, message: &str| -> Fact<_> {
        Fact::Denied { action: action.into(), error: error(kind, action, "AccessDeniedException", message) }
    };
    for (action, message, id) in [
        (
            "secretsmanager:GetSecretValue",
            "is not authorized to perform: secretsmanager:GetSecretValue",
            "secret/readable",
        ),
        ("kms:Decrypt", "Access to KMS is not allowed", "secret/kms"),
    ] {
        let judged = judged(|secret| secret.value = unread(ErrorKind::Denied, action, message));
        let finding: &Finding = find(&judged, id);
        assert!(finding.unknown && finding.claim.contains(action), "{finding:?}");
        assert!(finding.fixes.iter().any(|fix| fix.what.contains(action)), "{finding:?}");
        assert!(finding.evidence.iter().any(|line| line.contains(message)), "{finding:?}");
        assert!(judged.findings.iter().all(|f| f.id != "secret/keys"), "nothing is claimed about keys");
    }
}
