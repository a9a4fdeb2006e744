use crate::judge::scene::{Scene, all, config, denied, detail, find, role_arn, trusts};
use crate::model::facts::RoleSource;
use crate::model::selection::RoleKind;
use crate::model::{Fact, Severity};
use crate::values::RoleArn;

fn change_found(scene: &mut Scene, kind: RoleKind, change: impl FnOnce(&mut crate::model::facts::RoleFound)) {
    if let Fact::Known(found) = &mut scene.facts.role_mut(kind).found {
        change(found);
    }
}

#[test]
fn missing_roles_warn_and_name_every_place_asked() {
    let mut scene = Scene::untouched();
    for kind in RoleKind::BOTH {
        *scene.facts.role_mut(kind) = crate::model::facts::RoleFacts { found: Fact::Absent, ..Default::default() };
    }
    let judged = scene.judge();
    let missing = all(&judged, "role/discovered");
    assert_eq!(missing.len(), 2);
    assert!(missing.iter().all(|finding| finding.severity == Severity::Warning));
    assert_eq!(missing[0].subject, "T4BucketReadRole");
    assert!(missing[0].evidence[0].contains("T4BucketReadRoleArn of quilt-prod-iam"), "{:?}", missing[0].evidence);
}

#[test]
fn a_role_says_who_told_of_it() {
    let judged = Scene::healthy().judge();
    let found = all(&judged, "role/discovered");
    assert_eq!(found[0].severity, Severity::Ok);
    assert!(found[0].claim.contains("ReadQuiltV2-quilt-prod, from stack resource T4BucketReadRole"));
    assert!(all(&judged, "role/exists")[0].evidence.iter().any(|line| line == "longest session 1 hour"));
}

#[test]
fn a_resource_of_another_type_is_its_own_finding() {
    let mut scene = Scene::healthy();
    let role = scene.facts.role_mut(RoleKind::Write);
    (role.found, role.wrong_type) = (Fact::Absent, Some("AWS::S3::Bucket".into()));
    let judged = scene.judge();
    assert!(find(&judged, "role/resource-type").claim.contains("T4BucketWriteRole is of type AWS::S3::Bucket"));
}

#[test]
fn a_malformed_arn_in_config_says_what_is_wrong_in_it() {
    let mut scene = Scene::healthy();
    let text = crate::judge::scene::config_text()
        .replace(&role_arn(RoleKind::Write).to_string(), "arn:aws:iam:111122223333:role/X");
    scene.facts.config = Fact::Known(config(&text));
    let judged = scene.judge();
    let finding = find(&judged, "role/arn-format");
    assert_eq!((finding.severity, finding.subject.as_str()), (Severity::Error, "quilt.writeRoleArn"));
    assert!(finding.claim.contains("one colon is missing"), "{}", finding.claim);
}

#[test]
fn a_role_that_is_gone_is_an_error_only_where_somebody_named_it() {
    let mut scene = Scene::healthy();
    scene.facts.role_mut(RoleKind::Read).detail = Fact::Absent;
    assert_eq!(all(&scene.judge(), "role/exists")[0].severity, Severity::Error);
    scene.facts.config = Fact::Absent;
    let judged = scene.judge();
    let gone = all(&judged, "role/exists")[0];
    assert_eq!(gone.severity, Severity::Warning);
    assert!(gone.claim.contains("no role ReadQuiltV2-quilt-prod in account 1111-2222-3333"));
}

#[test]
fn without_get_role_nothing_is_blamed() {
    let mut scene = Scene::healthy();
    scene.facts.role_mut(RoleKind::Read).detail = denied("iam:GetRole");
    change_found(&mut scene, RoleKind::Read, |found| found.composed = true);
    let judged = scene.judge();
    let finding = all(&judged, "role/exists").into_iter().find(|f| f.unknown).unwrap();
    assert_eq!(finding.severity, Severity::Info);
    assert!(finding.claim.contains("put together from its name"));
    assert!(finding.evidence[0].contains("iam:GetRole"));
}

#[test]
fn another_accounts_role_cannot_be_looked_up_here() {
    let mut scene = Scene::healthy();
    let arn = RoleArn::parse("arn:aws:iam::444455556666:role/Shared").unwrap();
    change_found(&mut scene, RoleKind::Read, |found| (found.arn, found.source) = (arn, RoleSource::Typed));
    scene.facts.role_mut(RoleKind::Read).detail = Fact::Absent;
    let judged = scene.judge();
    let finding = all(&judged, "role/exists").into_iter().find(|f| f.subject == "Shared").unwrap();
    assert_eq!((finding.severity, finding.unknown), (Severity::Info, true));
    assert_eq!(find(&judged, "role/account").severity, Severity::Info);
}

#[test]
fn an_arn_without_the_roles_path_names_no_role() {
    let mut scene = Scene::healthy();
    let mut real = detail(RoleKind::Write, &trusts("*"));
    real.arn = RoleArn::parse("arn:aws:iam::111122223333:role/quilt/ReadWriteQuiltV2-quilt-prod").unwrap();
    scene.facts.role_mut(RoleKind::Write).detail = Fact::Known(real);
    let judged = scene.judge();
    let finding = all(&judged, "role/exists").into_iter().find(|f| f.severity == Severity::Error).unwrap();
    assert!(finding.fixes[0].what.contains("role/quilt/ReadWriteQuiltV2-quilt-prod"));
    change_found(&mut scene, RoleKind::Write, |found| found.composed = true);
    assert!(all(&scene.judge(), "role/exists").iter().all(|f| f.severity == Severity::Ok));
}
