//! MFA that a role wants: a code can be typed, or there is no device that gives one.

use crate::judge::view::evidence;
use crate::model::facts::{MfaDevice, PathFacts};
use crate::model::finding::Fix;
use crate::model::{Fact, Finding, Severity, Verdict};
use crate::policy::fix::{Cure, NoFix};
use crate::policy::{Cause, Decision};

/// The cause of a denial for want of MFA where every device is a passkey or security key: the API wants a code, and these give none.
pub(super) const UNUSABLE: Cause = Cause("mfa_device_unusable");

/// What a role that wants MFA is refused for.
const MISSING: [&str; 2] = ["mfa_missing", "mfa_too_old"];

/// The same denial, with the cause that the devices give it.
pub(super) fn with_devices(decision: Decision, devices: &Fact<Vec<MfaDevice>>) -> Decision {
    let Some(devices) = devices.known().filter(|devices| !devices.is_empty()) else { return decision };
    if !MISSING.contains(&decision.cause.0) || devices.iter().any(MfaDevice::has_codes) {
        return decision;
    }
    let missing = decision.cause;
    let mut decision = decision;
    for cause in decision.causes.iter_mut().filter(|cause| cause.cause == missing) {
        cause.cause = UNUSABLE;
    }
    decision.cause = UNUSABLE;
    decision.summary = format!(
        "{} No device of yours gives the code that the API wants: a passkey or security key cannot be used here.",
        decision.summary
    );
    decision
}

/// Nothing that is sent cures it; another device does.
pub(super) fn no_cure() -> Cure {
    Cure {
        fixes: Vec::new(),
        no_fix: Some(NoFix {
            reason: "The role wants MFA, and none of your MFA devices gives codes.".into(),
            owner: "you".into(),
            next_step: "Add an authenticator app as a further MFA device (IAM console, Security credentials), then type its code.".into(),
        }),
    }
}

/// What there is to do where MFA is missing, and what became of a code that was typed.
pub(super) fn finding(path: &PathFacts, verdicts: &[Verdict]) -> Option<Finding> {
    if let Fact::Failed(error) | Fact::Denied { error, .. } = &path.mfa_session {
        let claim = "The MFA code was not accepted, or could not be used: no session was made with it.";
        let finding = Finding::new(Severity::Warning, "hop/mfa", "MFA", claim);
        return Some(
            evidence(finding, error)
                .cure(Fix::advice("Wait for the next code of the device, and type that one: a code works once.")),
        );
    }
    let about = |verdict: &&Verdict| MISSING.contains(&verdict.decision.cause.0) || verdict.decision.cause == UNUSABLE;
    let verdict = verdicts.iter().find(about)?;
    let devices = path.mfa_devices.known()?;
    let role = &verdict.role_arn;
    let finding = if devices.is_empty() {
        Finding::new(Severity::Warning, "hop/mfa", "MFA", "The role wants MFA, and you have no MFA device.")
            .cure(Fix::advice("Add an authenticator app in the IAM console, under Security credentials."))
    } else if devices.iter().any(MfaDevice::has_codes) {
        Finding::new(Severity::Info, "hop/mfa", "MFA", "The role wants MFA: a code of your device is needed.")
            .cure(Fix::advice("On the screen press m and type the code; headless, pipe it in with --mfa-serial."))
    } else {
        Finding::new(
            Severity::Warning,
            "hop/mfa",
            "MFA",
            "The role wants MFA, and your only devices are passkeys or security keys, which give no code to the API.",
        )
        .cure(Fix::advice(
            "Add an authenticator app as a further device in the IAM console, under Security credentials.",
        ))
    };
    let finding = finding.because(format!("wanted by {role}"));
    Some(devices.iter().fold(finding, |finding, device| finding.because(format!("device {}", device.serial))))
}
