use crate::judge::scene::{Scene, all, denied, find, role_arn, trusts};
use crate::model::Severity;
use crate::model::selection::RoleKind;

const WHOLE_ACCOUNT: &str = "arn:aws:iam::111122223333:root";

#[test]
fn the_specified_pattern_misses_the_real_names() {
    let judged = Scene::untouched().judge();
    let missed = all(&judged, "caller/pattern-covers-role");
    assert_eq!(missed.len(), 2);
    assert_eq!(missed[0].severity, Severity::Warning);
    assert!(missed[0].claim.contains("role/webhook-task covers other roles, not ReadQuiltV2-quilt-prod"));
    let evidence = missed[0].evidence.join("\n");
    assert!(evidence.contains("*-T4BucketReadRole-*"), "{evidence}");
    assert!(evidence.contains("that pattern is the specification's"), "{evidence}");
    assert!(missed[0].fixes[0].what.contains(&role_arn(RoleKind::Read).to_string()));
}

#[test]
fn named_directly_in_its_own_account_the_webhook_needs_no_permission() {
    let mut scene = Scene::healthy();
    scene.workload_may(&["arn:aws:iam::111122223333:role/other"]);
    let judged = scene.judge();
    let findings = all(&judged, "caller/may-assume");
    assert_eq!(findings.len(), 2);
    assert!(findings.iter().all(|f| f.severity == Severity::Ok && f.claim.contains("needs no permission of its own")));
}

#[test]
fn trusted_through_its_account_the_webhook_needs_one() {
    let mut scene = Scene::healthy();
    scene.trust(RoleKind::Write, &trusts(WHOLE_ACCOUNT));
    scene.facts.workload.policies = crate::model::Fact::Known(Vec::new());
    let judged = scene.judge();
    let finding = all(&judged, "caller/may-assume").into_iter().find(|f| f.severity == Severity::Error).unwrap();
    assert!(finding.claim.contains("refused by its own policies"), "{}", finding.claim);
    assert!(finding.evidence.iter().any(|line| line.contains("identity_missing")), "{:?}", finding.evidence);
    assert!(finding.fixes[0].what.contains("arn:aws:iam::111122223333:role/ReadWriteQuiltV2"), "{:?}", finding.fixes);
    assert!(finding.fixes.iter().any(|fix| fix.command.as_ref().is_some_and(|c| c.contains("put-role-policy"))));
}

#[test]
fn unreadable_policies_are_told_once() {
    let mut scene = Scene::healthy();
    scene.facts.workload.policies = denied("iam:ListRolePolicies");
    let judged = scene.judge();
    let finding = find(&judged, "caller/may-assume");
    assert_eq!((finding.severity, finding.unknown), (Severity::Info, true));
    assert!(finding.claim.contains("iam:ListRolePolicies"));
}

#[test]
fn what_was_not_read_is_listed_once_and_blocks_nothing() {
    let judged = Scene::healthy().judge();
    let finding = find(&judged, "caller/unread");
    assert_eq!((finding.severity, finding.unknown), (Severity::Info, true));
    assert!(finding.evidence.iter().any(|line| line.contains("SCP")), "{:?}", finding.evidence);
    assert!(finding.evidence.iter().any(|line| line.contains("RCP")));
}

#[test]
fn of_two_edits_of_one_policy_the_second_holds_the_first() {
    let judged = Scene::untouched().judge();
    let commands: Vec<&str> = all(&judged, "caller/pattern-covers-role")
        .into_iter()
        .filter_map(|finding| {
            finding.fixes.iter().find_map(|fix| fix.command.as_deref().filter(|c| c.contains("put-")))
        })
        .collect();
    let [first, second] = commands.as_slice() else { panic!("{commands:?}") };
    let (read, write) = ("role/ReadQuiltV2-quilt-prod", "role/ReadWriteQuiltV2-quilt-prod");
    assert!(first.contains(read) && !first.contains(write), "{first}");
    assert!(second.contains(read) && second.contains(write), "{second}");
}
