//! Diagnoses over real HTTP: operators who may read everything, one side or nothing, before roles that let them in or do not. The verdict is
//! right, or honestly unknown; where live and evaluated must agree, they do.

use std::path::Path;

use rolecall::check::{self, Checked};
use rolecall::model::selection::CredentialSource;
use rolecall::model::verdict::Party;
use rolecall::model::{Hop, Inquiry, Selection, Severity};
use rolecall::policy::Answer;
use serde_json::{Value, json};

use crate::emulator::{Account, Emulator, REGION};
use crate::headless::surroundings;
use crate::personas::{self, Persona, policy};

/// Whom the role lets in.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Trust {
    /// The caller's account, to delegate.
    Account,
    /// The caller by name.
    Named,
    /// Another account altogether.
    Elsewhere,
    /// The caller's account, with an external ID.
    ExternalId,
    /// The caller's account, but the caller is denied by name.
    Denied,
}

/// What the caller's own policy says.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Own {
    Allows,
    Silent,
    AnotherRole,
    Denies,
}

/// What the operator can read.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Reads {
    Everything,
    OwnSide,
    RoleSide,
    Nothing,
}

const WANTED: &str = "cust-42";

/// AWS's rules, stated apart from the program's evaluator.
fn causes(trust: Trust, own: Own, sent: Option<&str>) -> (Option<&'static str>, Option<&'static str>) {
    let by_trust = match (trust, sent) {
        (Trust::Account | Trust::Named, _) => None,
        (Trust::ExternalId, Some(WANTED)) => None,
        (Trust::ExternalId, Some(_)) => Some("external_id_mismatch"),
        (Trust::ExternalId, None) => Some("external_id_missing"),
        (Trust::Elsewhere, _) => Some("principal_wrong_account"),
        (Trust::Denied, _) => Some("explicit_deny_trust"),
    };
    let by_own = match own {
        Own::Allows => None,
        Own::Silent => Some("identity_missing"),
        Own::AnotherRole => Some("identity_resource_mismatch"),
        Own::Denies => Some("explicit_deny_identity"),
    };
    (by_trust, by_own)
}

/// An explicit deny comes first, then trust, then the caller's own side; what nobody could read is not blamed.
fn expected(trust: Trust, own: Own, sent: Option<&str>, reads: Reads) -> (Answer, Option<&'static str>) {
    let (by_trust, by_own) = causes(trust, own, sent);
    if by_trust.is_none() && by_own.is_none() {
        return (Answer::Allow, None);
    }
    let trust_read = matches!(reads, Reads::Everything | Reads::RoleSide);
    let own_read = matches!(reads, Reads::Everything | Reads::OwnSide);
    let seen = [by_trust.filter(|_| trust_read), by_own.filter(|_| own_read)];
    let explicit = seen.iter().flatten().find(|cause| cause.starts_with("explicit_deny"));
    match explicit.or_else(|| seen.iter().flatten().next()) {
        Some(cause) => (Answer::Deny, Some(cause)),
        None => (Answer::Unknown, None),
    }
}

fn cases() -> Vec<(Trust, Own, Option<&'static str>, Reads)> {
    use Reads::{Everything, Nothing, OwnSide, RoleSide};
    let mut all = Vec::new();
    for reads in [Everything, OwnSide, RoleSide, Nothing] {
        all.extend([
            (Trust::Account, Own::Allows, None, reads),
            (Trust::Named, Own::Allows, None, reads),
            (Trust::Account, Own::Silent, None, reads),
            (Trust::Elsewhere, Own::Allows, None, reads),
            (Trust::ExternalId, Own::Allows, None, reads),
            (Trust::ExternalId, Own::Allows, Some("cust-24"), reads),
            (Trust::ExternalId, Own::Allows, Some(WANTED), reads),
            (Trust::Denied, Own::Allows, None, reads),
            (Trust::Account, Own::AnotherRole, None, reads),
            (Trust::Account, Own::Denies, None, reads),
            (Trust::Elsewhere, Own::Silent, None, reads),
        ]);
    }
    all
}

struct Stage {
    caller: Account,
    owner: Account,
    elsewhere: Account,
}

impl Stage {
    async fn role(&self, name: &str, trust: Trust, caller: &str) -> String {
        let root = |account: &Account| format!("arn:aws:iam::{}:root", account.id());
        let allow = |principal: String| json!({ "Effect": "Allow", "Principal": { "AWS": principal }, "Action": "sts:AssumeRole" });
        let mut statements = vec![match trust {
            Trust::Account | Trust::Denied => allow(root(&self.caller)),
            Trust::Named => allow(caller.to_owned()),
            Trust::Elsewhere => allow(root(&self.elsewhere)),
            Trust::ExternalId => {
                let mut statement = allow(root(&self.caller));
                statement["Condition"] = json!({ "StringEquals": { "sts:ExternalId": WANTED } });
                statement
            }
        }];
        if trust == Trust::Denied {
            statements.push(json!({ "Effect": "Deny", "Principal": { "AWS": caller }, "Action": "sts:AssumeRole" }));
        }
        let document = policy(&statements).to_string();
        let call = self.owner.clients().iam.create_role().role_name(name).assume_role_policy_document(document);
        call.send().await.unwrap().role.unwrap().arn
    }

    async fn user(&self, name: &str, own: Own, reads: Reads, role: &str) -> Persona {
        let role_arn = format!("arn:aws:iam::{}:role/{role}", self.owner.id());
        let assume = |effect: &str, resource: &str| json!({ "Effect": effect, "Action": "sts:AssumeRole", "Resource": resource });
        let mut statements: Vec<Value> = match own {
            Own::Allows => vec![assume("Allow", &role_arn)],
            Own::Silent => Vec::new(),
            Own::AnotherRole => vec![assume("Allow", &format!("{role_arn}-other"))],
            Own::Denies => vec![assume("Allow", "*"), assume("Deny", &role_arn)],
        };
        if matches!(reads, Reads::Everything | Reads::OwnSide) {
            statements.push(personas::allow(&["iam:Get*", "iam:List*"]));
        }
        // A policy needs a statement.
        statements.push(personas::allow(&["ec2:DescribeRegions"]));
        personas::user(&self.caller, name, Some(&policy(&statements))).await
    }

    async fn diagnose(&self, home: &Path, caller: &Persona, hops: Vec<Hop>, reads: Reads, audit: &Persona) -> Checked {
        self.caller.write_aws_profiles(home, &[("ops", &caller.keys), ("audit", &audit.keys)]);
        let inspectors = match reads {
            Reads::Everything | Reads::RoleSide => vec!["audit".to_owned()],
            Reads::OwnSide | Reads::Nothing => Vec::new(),
        };
        let selection = Selection {
            source: Some(CredentialSource::Profile("ops".into())),
            region: Some(REGION.into()),
            inquiry: Some(Inquiry { hops, inspectors, ..Inquiry::default() }),
            ..Selection::new()
        };
        check::run(surroundings(&self.caller, &caller.keys, home), selection).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_verdict_is_right_or_honestly_unknown() {
    let Some(emulator) = Emulator::shared() else { return };
    let stage = Stage { caller: emulator.account(), owner: emulator.account(), elsewhere: emulator.account() };
    let audit =
        personas::user(&stage.owner, "audit", Some(&policy(&[personas::allow(&["iam:Get*", "iam:List*"])]))).await;
    for (index, (trust, own, sent, reads)) in cases().into_iter().enumerate() {
        let name = format!("{index}: {trust:?}, {own:?}, sends {sent:?}, reads {reads:?}");
        let (role, user) = (format!("Target{index}"), format!("caller{index}"));
        let caller = stage.user(&user, own, reads, &role).await;
        let arn = stage.role(&role, trust, &caller.arn).await;
        let hop = Hop { external_id: sent.map(str::to_owned), ..Hop::to(&arn) };
        let home = tempfile::tempdir().unwrap();
        let checked = stage.diagnose(home.path(), &caller, vec![hop], reads, &audit).await;
        let [verdict] = checked.judgement.path.as_slice() else { panic!("{name}: one verdict") };
        let (answer, cause) = expected(trust, own, sent, reads);
        let live = verdict.live.as_ref().unwrap();
        assert_eq!(live.outcome.is_ok(), answer == Answer::Allow, "{name}: the live call: {:?}", live.outcome);
        assert_eq!(verdict.decision.verdict, answer, "{name}: {:?}", verdict.decision);
        assert_eq!(verdict.party, Party::Operator);
        match cause {
            Some(cause) => assert_eq!(verdict.decision.cause.0, cause, "{name}"),
            None if answer == Answer::Unknown => {
                assert!(!verdict.decision.unknowns.is_empty(), "{name}: says what was not read");
                assert!(verdict.next.iter().any(|step| step.command.is_some()), "{name}: and what to do");
            }
            None => {}
        }
        // Whatever was read on both sides leaves nothing to contradict.
        if reads == Reads::Everything {
            assert!(!verdict.disagreement, "{name}: live and evaluated agree");
        }
        let (by_trust, by_own) = causes(trust, own, sent);
        let side =
            |side: &Option<rolecall::model::verdict::Side>| side.as_ref().map(|side| side.verdict == Answer::Allow);
        let trust_read = matches!(reads, Reads::Everything | Reads::RoleSide);
        assert_eq!(side(&verdict.evidence.trust), trust_read.then_some(by_trust.is_none()), "{name}: trust alone");
        let own_read = matches!(reads, Reads::Everything | Reads::OwnSide);
        assert_eq!(side(&verdict.evidence.caller), own_read.then_some(by_own.is_none()), "{name}: the caller alone");
        let errors = checked.judgement.findings.iter().any(|finding| finding.severity == Severity::Error);
        assert_eq!(errors, answer == Answer::Deny, "{name}: a denied hop is an error, an unknown one is none");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_breaks_where_it_breaks() {
    let Some(emulator) = Emulator::shared() else { return };
    let stage = Stage { caller: emulator.account(), owner: emulator.account(), elsewhere: emulator.account() };
    // Across accounts, where both sides must allow.
    let farther =
        Stage { owner: stage.elsewhere.clone(), caller: stage.owner.clone(), elsewhere: stage.caller.clone() };
    let audit =
        personas::user(&stage.owner, "audit", Some(&policy(&[personas::allow(&["iam:Get*", "iam:List*"])]))).await;
    let caller = stage.user("walker", Own::Allows, Reads::Everything, "First").await;
    let first = stage.role("First", Trust::Named, &caller.arn).await;
    let second = farther.role("Second", Trust::Named, &first).await;
    let iam = stage.owner.clients().iam;
    let allow = policy(&[json!({ "Effect": "Allow", "Action": "sts:AssumeRole", "Resource": second })]).to_string();
    iam.put_role_policy().role_name("First").policy_name("next").policy_document(allow).send().await.unwrap();
    let hops = vec![Hop::to(&first), Hop::to(&second)];
    let home = tempfile::tempdir().unwrap();
    let checked = stage.diagnose(home.path(), &caller, hops.clone(), Reads::Everything, &audit).await;
    let answers: Vec<Answer> = checked.judgement.path.iter().map(|verdict| verdict.decision.verdict).collect();
    assert_eq!(answers, [Answer::Allow, Answer::Allow], "{:?}", checked.judgement.path);

    iam.delete_role_policy().role_name("First").policy_name("next").send().await.unwrap();
    let checked = stage.diagnose(home.path(), &caller, hops, Reads::Everything, &audit).await;
    let [one, two] = checked.judgement.path.as_slice() else { panic!("a verdict per hop") };
    assert_eq!(one.decision.verdict, Answer::Allow);
    assert!(two.live.as_ref().unwrap().outcome.is_err(), "the second call was made with the first session");
    assert_eq!((two.decision.verdict, two.decision.cause.0), (Answer::Deny, "identity_missing"), "{:?}", two.decision);
    assert!(two.evidence.trust.is_none(), "nobody at hand reads the second role's account");
}
