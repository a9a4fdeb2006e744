use crate::judge::scene::{Scene, all, error, find};
use crate::model::facts::{SourceEntry, SourceKind, SsoToken};
use crate::model::selection::CredentialSource;
use crate::model::{CallRecord, ErrorKind, Fact, Severity};
use crate::values::{AccountId, PrincipalArn};

fn entry(name: &str, kind: SourceKind) -> SourceEntry {
    SourceEntry {
        source: CredentialSource::Profile(name.into()),
        kind,
        region: None,
        account: None,
        role: None,
        sso_token: (kind == SourceKind::Sso).then_some(SsoToken::Missing),
        login: matches!(kind, SourceKind::Sso | SourceKind::Login).then(|| name.to_owned()),
        fault: None,
    }
}

fn without_credentials(kind: ErrorKind, code: &str, message: &str) -> Scene {
    let mut scene = Scene::healthy();
    scene.facts.credentials = Fact::Failed(error(kind, "sts:GetCallerIdentity", code, message));
    scene.facts.identity = Fact::NotAsked;
    scene
}

#[test]
fn the_caller_is_named_with_its_account() {
    let judged = Scene::healthy().judge();
    let finding = find(&judged, "identity/caller");
    assert_eq!(finding.severity, Severity::Ok);
    assert!(finding.claim.contains("user/operator of account 1111-2222-3333"), "{}", finding.claim);
}

#[test]
fn each_failure_of_credentials_has_its_own_finding() {
    for (kind, code, message, id) in [
        (ErrorKind::Credentials, "", "no credentials found in chain", "identity/no-credentials"),
        (
            ErrorKind::Credentials,
            "ExpiredToken",
            "The security token included in the request is expired",
            "identity/expired",
        ),
        (ErrorKind::Credentials, "InvalidClientTokenId", "The security token is invalid", "identity/key-invalid"),
        (
            ErrorKind::Credentials,
            "SignatureDoesNotMatch",
            "The request signature we calculated does not",
            "identity/key-invalid",
        ),
        (ErrorKind::Credentials, "SignatureDoesNotMatch", "Signature expired: 2019 is now earlier than", "clock/skew"),
        (ErrorKind::Network, "", "connection refused", "identity/unreachable"),
        (ErrorKind::Denied, "AccessDenied", "not authorized to perform: sts:AssumeRole", "identity/profile-role"),
        (ErrorKind::Credentials, "", "the SSO token has expired and cannot be refreshed", "identity/login"),
        (ErrorKind::Credentials, "", "could not find source profile y referenced from x", "identity/profile-not-found"),
        (ErrorKind::RegionDisabled, "RegionDisabledException", "STS is not activated", "sts/region-enabled"),
    ] {
        let judged = without_credentials(kind, code, message).judge();
        let finding = find(&judged, id);
        assert_eq!(finding.severity, Severity::Error, "{id}");
        assert!(finding.evidence.iter().any(|line| line.contains(message)), "{finding:#?}");
        assert!(all(&judged, "identity/caller").is_empty());
    }
}

#[test]
fn an_sso_profile_is_told_the_exact_login() {
    let mut scene = without_credentials(ErrorKind::Credentials, "UnauthorizedException", "Session token not found");
    scene.facts.sources = Fact::Known(vec![entry("staging", SourceKind::Sso)]);
    let judged = scene.judge();
    let commands: Vec<_> = find(&judged, "identity/login").fixes.iter().filter_map(|fix| fix.command.clone()).collect();
    assert_eq!(commands, ["aws sso login --profile staging"]);
}

#[test]
fn an_unknown_aws_profile_lists_the_known_ones() {
    let mut scene = without_credentials(ErrorKind::Credentials, "", "profile was not defined");
    scene.facts.sources = Fact::Known(vec![entry("prod", SourceKind::StaticKeys)]);
    let judged = scene.judge();
    let finding = find(&judged, "identity/profile-not-found");
    assert!(finding.evidence[0].contains("prod"));
    assert!(all(&judged, "identity/no-credentials").is_empty());
}

#[test]
fn accounts_that_do_not_belong_together_are_an_error() {
    let mut scene = Scene::healthy();
    let other = "arn:aws:iam::444455556666:user/operator";
    if let Fact::Known(identity) = &mut scene.facts.identity {
        identity.account = AccountId::parse("444455556666").unwrap();
        identity.arn = PrincipalArn::parse(other).unwrap();
    }
    let judged = scene.judge();
    let mixed = find(&judged, "identity/account");
    assert_eq!(mixed.severity, Severity::Error);
    assert_eq!(judged.findings[0].id, "identity/account", "it is said before anything else");
    assert!(
        mixed.claim.contains("4444-5555-6666") && mixed.claim.contains("stack quilt-prod, the secret and config.json"),
        "{}",
        mixed.claim
    );
    for line in ["stack quilt-prod: account 1111-2222-3333", "read role ReadQuiltV2-quilt-prod: account 1111-2222-3333"]
    {
        assert!(mixed.evidence.iter().any(|evidence| evidence == line), "{:?}", mixed.evidence);
    }
}

#[test]
fn a_clock_that_is_off_comes_after_the_wrong_account() {
    let mut scene = Scene::healthy();
    if let Fact::Known(identity) = &mut scene.facts.identity {
        identity.account = AccountId::parse("444455556666").unwrap();
    }
    scene.facts.machine = Fact::Known(crate::model::facts::Machine::default());
    let judged = scene.judge();
    assert!(all(&judged, "machine/ca-roots").len() == 1, "an error of an earlier judge");
    assert_eq!(judged.findings[0].id, "identity/account");
}

#[test]
fn a_role_of_another_account_is_no_mix() {
    let mut scene = Scene::healthy();
    let role = scene.facts.role_mut(crate::model::selection::RoleKind::Write);
    let Fact::Known(found) = &mut role.found else { panic!("the scene has the role") };
    found.arn = crate::values::RoleArn::parse("arn:aws:iam::444455556666:role/Data").unwrap();
    let judged = scene.judge();
    assert!(all(&judged, "identity/account").is_empty(), "{:#?}", judged.findings);
    assert_eq!(find(&judged, "role/account").severity, Severity::Info);
}

#[test]
fn what_the_wrong_account_does_not_have_is_no_second_error() {
    let mut scene = Scene::healthy();
    if let Fact::Known(identity) = &mut scene.facts.identity {
        identity.account = AccountId::parse("444455556666").unwrap();
    }
    scene.selection.stack = Some(crate::judge::scene::STACK_ARN.into());
    scene.selection.secret = Some(crate::judge::scene::SECRET_ARN.into());
    scene.facts.stack = Fact::Absent;
    scene.facts.secret = Fact::Absent;
    let judged = scene.not_deployed().judge();
    let errors: Vec<_> =
        judged.findings.iter().filter(|f| f.severity == Severity::Error).map(|f| f.id.as_str()).collect();
    assert_eq!(errors, ["identity/account"]);
    for id in ["stack/readable", "secret/readable", "workload/readable"] {
        assert!(find(&judged, id).unknown && find(&judged, id).claim.contains("1111-2222-3333"), "{id}");
    }
}

#[test]
fn the_clock_is_judged_from_the_last_dated_answer() {
    for (ahead, severity) in [(0, None), (30, None), (-90, Some(Severity::Warning)), (400, Some(Severity::Error))] {
        let mut scene = Scene::healthy();
        let started = scene.facts.observed_at;
        scene.facts.calls.push(CallRecord {
            operation: "sts:GetCallerIdentity".into(),
            host: "sts.us-east-1.amazonaws.com".into(),
            started,
            duration: std::time::Duration::from_millis(90),
            attempt: 1,
            status: Some(200),
            request_id: None,
            server_date: Some(started + jiff::SignedDuration::from_secs(ahead)),
            failure: None,
            given_up: false,
        });
        let judged = scene.judge();
        assert_eq!(all(&judged, "clock/skew").first().map(|finding| finding.severity), severity, "{ahead}");
    }
}

#[test]
fn root_and_short_sessions_are_told() {
    let mut scene = Scene::healthy();
    if let Fact::Known(identity) = &mut scene.facts.identity {
        identity.arn = PrincipalArn::parse("arn:aws:iam::111122223333:root").unwrap();
    }
    if let Fact::Known(credentials) = &mut scene.facts.credentials {
        credentials.expires = Some("2026-03-04T12:10:00Z".parse().unwrap());
    }
    let judged = scene.judge();
    assert_eq!(find(&judged, "identity/root").severity, Severity::Warning);
    assert!(find(&judged, "identity/expires-soon").claim.contains("10 minutes"));
}
