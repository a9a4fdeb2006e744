//! What became of trying the values, where that was asked for. A place that could not be reached says nothing about a value.

use super::view::View;
use crate::model::facts::{BucketTrial, TokenAnswer, Trial};
use crate::model::finding::Fix;
use crate::model::selection::RoleKind;
use crate::model::{Finding, Severity};
use crate::secret::Key;
use crate::values::text::counted;

pub(super) fn judge(view: &View<'_>) -> Vec<Finding> {
    let token = view.facts.migration.benchling.known().map(|answer| benchling(view, answer));
    bucket(view).into_iter().chain(token).collect()
}

/// One finding for all that may list the bucket, one for all that are refused, one for what is not known, and one about its region.
fn bucket(view: &View<'_>) -> Vec<Finding> {
    let trials = view.facts.migration.bucket.as_slice();
    let Some(first) = trials.first() else { return Vec::new() };
    if let Some(missing) = trials.iter().find(|trial| trial.missing) {
        return vec![no_bucket(view, missing)];
    }
    let that = |wanted: fn(&Trial) -> bool| trials.iter().filter(|trial| wanted(&trial.outcome)).collect::<Vec<_>>();
    let works = that(|outcome| *outcome == Trial::Works);
    let refused = that(|outcome| matches!(outcome, Trial::Refused(_)));
    let mut findings = Vec::new();
    if !refused.is_empty() {
        findings.push(refusal(view, &first.bucket, &refused, &works));
    }
    if !works.is_empty() {
        let claim = format!("USER_BUCKET: {} may list bucket {}.", who(view, &works), first.bucket);
        findings
            .push(finding(Severity::Ok, claim).because("s3:ListObjectsV2 of one key answered; nothing was read of it"));
    }
    findings.extend(trials.iter().filter_map(|trial| unreached(view, trial)));
    findings.extend(region(view, trials));
    findings
}

fn finding(severity: Severity, claim: String) -> Finding {
    Finding::new(severity, "secret/bucket-access", Key::UserBucket.name(), claim)
}

fn no_bucket(view: &View<'_>, trial: &BucketTrial) -> Finding {
    let claim = format!("USER_BUCKET names bucket {}, which does not exist.", trial.bucket);
    said(finding(Severity::Error, claim), trial)
        .because("packages go to this bucket, and none can be written")
        .cure(Fix::command("Name a bucket that is there, or create this one.", view.rolecall("secret")))
}

/// The service reads and writes the bucket with the roles' sessions: that the operator is refused matters only as far as nobody else was tried.
fn refusal(view: &View<'_>, bucket: &str, refused: &[&BucketTrial], works: &[&BucketTrial]) -> Finding {
    let of_role = refused.iter().any(|trial| trial.role.is_some());
    let role_works = works.iter().any(|trial| trial.role.is_some());
    let severity = match (of_role, role_works) {
        (true, _) => Severity::Error,
        (false, false) => Severity::Warning,
        (false, true) => Severity::Info,
    };
    let claim = format!("USER_BUCKET: S3 does not let {} list bucket {bucket}.", who(view, refused));
    let mut found = refused.iter().fold(finding(severity, claim), |found, trial| said(found, trial));
    if !of_role {
        found = found.because("the service uses the bucket with the roles' sessions, not with your identity");
        if !role_works {
            found = found.because("no role's session was tried: AWS gave you none");
        }
    }
    let partition = view.stack_arn().map_or_else(|| "aws".to_owned(), |arn| arn.partition().to_owned());
    let allow = format!(
        "Allow s3:ListBucket on arn:{partition}:s3:::{bucket} to {}, in its own policies and in the bucket's.",
        who(view, refused)
    );
    found.cure(Fix::advice(allow)).cure(Fix::command("Or name another bucket.", view.rolecall("secret")))
}

fn unreached(view: &View<'_>, trial: &BucketTrial) -> Option<Finding> {
    let Trial::Unreached(why) = &trial.outcome else { return None };
    let what = if trial.bucket.is_empty() { "USER_BUCKET".to_owned() } else { format!("bucket {}", trial.bucket) };
    let claim =
        format!("Whether {} may list {what} is not known: {}.", name(view, trial.role), why.trim_end_matches('.'));
    Some(finding(Severity::Info, claim).not_known())
}

/// A bucket of another region works; whoever did not mean it should know.
fn region(view: &View<'_>, trials: &[BucketTrial]) -> Option<Finding> {
    let (trial, there) = trials.iter().find_map(|trial| Some((trial, trial.region.as_deref()?)))?;
    let stack = view.stack_arn()?;
    (there != stack.region()).then(|| {
        let claim = format!(
            "USER_BUCKET: bucket {} is in {there}, stack {} in {}.",
            trial.bucket,
            stack.name(),
            stack.region()
        );
        finding(Severity::Info, claim)
            .because("it works; what goes from one region to another takes longer and is charged")
    })
}

fn said(finding: Finding, trial: &BucketTrial) -> Finding {
    match &trial.outcome {
        Trial::Refused(why) | Trial::Unreached(why) => finding.because(why.clone()),
        Trial::Works => finding,
    }
}

/// "you and ReadQuiltV2-quilt-prod".
fn who(view: &View<'_>, trials: &[&BucketTrial]) -> String {
    let names: Vec<String> = trials.iter().map(|trial| name(view, trial.role)).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => counted(0, "identity"),
    }
}

fn name(view: &View<'_>, role: Option<RoleKind>) -> String {
    let Some(kind) = role else { return "you".into() };
    let found = view.facts.role(kind).and_then(|role| role.found.known());
    found.map_or_else(|| format!("the {} role", kind.word()), |found| found.arn.name().to_owned())
}

fn benchling(view: &View<'_>, answer: &TokenAnswer) -> Finding {
    let host = &answer.host;
    let finding = |severity, claim| Finding::new(severity, "secret/benchling", Key::ClientSecret.name(), claim);
    match &answer.outcome {
        Trial::Works => {
            let claim = format!("{host} takes CLIENT_ID and CLIENT_SECRET: it gave a token for them.");
            finding(Severity::Ok, claim).because("the token was dropped at once; nothing was asked with it")
        }
        Trial::Refused(why) => finding(Severity::Error, format!("{host} refuses CLIENT_ID and CLIENT_SECRET."))
            .because(format!("it answered {why}"))
            .because(
                "one of the two is wrong, or the app is of another tenant than TENANT says, or it was switched off",
            )
            .cure(Fix::command(
                "Copy both anew from the app in Benchling's developer console, where a lost secret is made anew.",
                view.rolecall("secret"),
            )),
        Trial::Unreached(why) => {
            let why = why.trim_end_matches('.');
            finding(Severity::Info, format!("Whether {host} takes CLIENT_ID and CLIENT_SECRET is not known: {why}."))
                .not_known()
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::judge::scene::{Scene, all, find};
    use crate::model::facts::{BucketTrial, TokenAnswer, Trial};
    use crate::model::selection::RoleKind;
    use crate::model::{Fact, Severity};

    fn tried(trials: &[(Option<RoleKind>, Trial)]) -> Scene {
        let mut scene = Scene::healthy();
        scene.facts.migration.bucket = trials
            .iter()
            .map(|(role, outcome)| BucketTrial {
                bucket: "acme-data".into(),
                role: *role,
                outcome: outcome.clone(),
                missing: false,
                region: Some("us-east-1".into()),
            })
            .collect();
        scene
    }

    fn denied() -> Trial {
        Trial::Refused("s3:ListObjectsV2 failed: AccessDenied: no".into())
    }

    #[test]
    fn nothing_is_said_of_what_nobody_tried() {
        let judgement = Scene::healthy().judge();
        assert!(all(&judgement, "secret/bucket-access").is_empty() && all(&judgement, "secret/benchling").is_empty());
    }

    #[test]
    fn all_who_may_list_it_are_one_finding() {
        let scene = tried(&[(None, Trial::Works), (Some(RoleKind::Write), Trial::Works)]);
        let judgement = scene.judge();
        let found = find(&judgement, "secret/bucket-access");
        assert_eq!(found.severity, Severity::Ok);
        assert!(
            found.claim.starts_with("USER_BUCKET: you and ") && found.claim.contains("acme-data"),
            "{}",
            found.claim
        );
    }

    #[test]
    fn a_refusal_counts_for_the_identity_that_the_service_has() {
        for (trials, severity) in [
            (vec![(None, Trial::Works), (Some(RoleKind::Read), denied())], Severity::Error),
            (vec![(None, denied())], Severity::Warning),
            (vec![(None, denied()), (Some(RoleKind::Read), Trial::Works)], Severity::Info),
        ] {
            let judgement = tried(&trials).judge();
            let found = all(&judgement, "secret/bucket-access");
            let refused =
                found.iter().find(|finding| finding.severity == severity && !finding.evidence.is_empty()).unwrap();
            assert!(refused.claim.starts_with("USER_BUCKET: S3 does not let"), "{}", refused.claim);
            assert!(refused.fixes.iter().any(|fix| fix.what.contains("arn:aws:s3:::acme-data")));
        }
    }

    #[test]
    fn a_bucket_that_is_not_there_is_one_error_and_another_region_is_worth_a_word() {
        let mut scene = tried(&[(None, denied()), (Some(RoleKind::Read), denied())]);
        for trial in &mut scene.facts.migration.bucket {
            trial.missing = true;
        }
        let judgement = scene.judge();
        assert!(find(&judgement, "secret/bucket-access").claim.contains("does not exist"));
        let mut scene = tried(&[(None, Trial::Works)]);
        scene.facts.migration.bucket[0].region = Some("eu-west-1".into());
        let judgement = scene.judge();
        let region = all(&judgement, "secret/bucket-access").into_iter().find(|one| one.severity == Severity::Info);
        assert!(region.unwrap().claim.contains("eu-west-1"), "a word about the region");
    }

    #[test]
    fn what_could_not_be_reached_is_no_fault_of_a_value() {
        for (outcome, severity, unknown) in [
            (Trial::Works, Severity::Ok, false),
            (Trial::Refused("HTTP 401, invalid_client".into()), Severity::Error, false),
            (Trial::Unreached("no answer within 10 s".into()), Severity::Info, true),
        ] {
            let mut scene = Scene::healthy();
            let host = "acme.benchling.com".to_owned();
            scene.facts.migration.benchling = Fact::Known(TokenAnswer { host, outcome: outcome.clone() });
            let judgement = scene.judge();
            let found = find(&judgement, "secret/benchling");
            assert_eq!((found.severity, found.unknown), (severity, unknown));
            for word in ["acme.benchling.com", "CLIENT_ID", "CLIENT_SECRET"] {
                assert!(found.claim.contains(word), "{}", found.claim);
            }
        }
        let judgement = tried(&[(None, Trial::Unreached("AWS could not be reached".into()))]).judge();
        let found = find(&judgement, "secret/bucket-access");
        assert!(found.unknown && found.severity == Severity::Info);
    }
}
