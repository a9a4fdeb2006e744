use crate::judge::scene::{Scene, all, error, find, role_arn, trusts};
use crate::model::selection::RoleKind;
use crate::model::{ErrorKind, Severity};

fn refusal() -> crate::model::AwsError {
    error(
        ErrorKind::Denied,
        "sts:AssumeRole",
        "AccessDenied",
        "User: x is not authorized to perform: sts:AssumeRole on resource: y",
    )
}

#[test]
fn a_session_proves_the_operator_only() {
    let mut scene = Scene::healthy();
    scene.trust(RoleKind::Read, &trusts("arn:aws:iam::111122223333:user/operator"));
    scene.live(RoleKind::Read, Ok("2026-03-04T13:00:00Z".parse().unwrap()));
    let judged = scene.judge();
    let finding = find(&judged, "assume/live");
    assert_eq!(finding.severity, Severity::Ok);
    assert!(finding.claim.contains("until 13:00 UTC, in 84 ms"), "{}", finding.claim);
    assert!(finding.evidence.iter().any(|line| line.contains("not what the webhook can")));
    assert!(all(&judged, "assume/disagreement").is_empty());
}

#[test]
fn a_refusal_is_as_it_should_be() {
    let mut scene = Scene::healthy();
    scene.live(RoleKind::Read, Err(refusal()));
    let judged = scene.judge();
    let finding = find(&judged, "assume/live");
    assert_eq!(finding.severity, Severity::Info);
    assert!(finding.claim.contains("as it should be"));
    assert!(finding.evidence.iter().any(|line| line == "request id 5c1d"));
    assert!(all(&judged, "assume/disagreement").is_empty(), "trust refuses the operator as well");
}

#[test]
fn evidence_that_contradicts_itself_is_a_finding() {
    let mut scene = Scene::healthy();
    scene.trust(RoleKind::Read, &trusts("arn:aws:iam::111122223333:user/operator"));
    scene.live(RoleKind::Read, Err(refusal()));
    scene.live(RoleKind::Write, Ok("2026-03-04T13:00:00Z".parse().unwrap()));
    let judged = scene.judge();
    let both = all(&judged, "assume/disagreement");
    assert!(both[0].claim.contains("AWS refused you ReadQuiltV2"), "{}", both[0].claim);
    assert!(both[1].claim.contains("AWS let you assume ReadWriteQuiltV2"), "{}", both[1].claim);
    assert!(both.iter().all(|f| f.severity == Severity::Warning));
}

#[test]
fn other_failures_say_nothing_about_the_role() {
    for kind in [ErrorKind::Network, ErrorKind::Throttled, ErrorKind::Credentials] {
        let mut scene = Scene::healthy();
        scene.live(RoleKind::Read, Err(error(kind, "sts:AssumeRole", "X", "no")));
        let judged = scene.judge();
        let finding = find(&judged, "assume/live");
        assert_eq!((finding.severity, finding.unknown), (Severity::Warning, true), "{kind:?}");
    }
}

#[test]
fn a_region_that_is_off_is_told_once() {
    let mut scene = Scene::healthy();
    for kind in RoleKind::BOTH {
        scene.live(
            kind,
            Err(error(ErrorKind::RegionDisabled, "sts:AssumeRole", "RegionDisabledException", "STS is not activated")),
        );
    }
    let judged = scene.judge();
    let finding = find(&judged, "sts/region-enabled");
    assert_eq!(finding.severity, Severity::Warning);
    assert!(finding.fixes.iter().any(|fix| fix.what.contains("us-east-1")));
}

#[test]
fn a_region_that_is_off_is_the_decision_of_the_account_that_aws_names_else_of_the_roles() {
    let mut scene = Scene::healthy();
    for (message, owner) in [
        ("STS is not activated in this region for account:444455556666. Your account", "4444-5555-6666"),
        ("STS is not activated", &role_arn(RoleKind::Read).account().grouped()),
    ] {
        let off = error(ErrorKind::RegionDisabled, "sts:AssumeRole", "RegionDisabledException", message);
        scene.live(RoleKind::Read, Err(off));
        let judged = scene.judge();
        let finding = find(&judged, "sts/region-enabled");
        assert!(finding.claim.contains(&format!("for account {owner}, so")), "{}", finding.claim);
        let asked = format!("administrators of account {owner} activate STS");
        assert!(finding.fixes.iter().any(|fix| fix.what.contains(&asked)), "{:?}", finding.fixes);
    }
}

#[test]
fn too_long_a_session_names_the_limit() {
    let mut scene = Scene::healthy();
    scene.selection.duration_seconds = 43_200;
    let judged = scene.judge();
    let told = all(&judged, "assume/duration");
    assert_eq!(told.len(), 2);
    assert!(told[0].claim.contains("no session of 12 hours") && told[0].evidence[0].contains("1 hour"), "{told:#?}");
    let message = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
    scene.live(RoleKind::Read, Err(error(ErrorKind::Invalid, "sts:AssumeRole", "ValidationError", message)));
    assert_eq!(all(&scene.judge(), "assume/duration").len(), 2);
}
