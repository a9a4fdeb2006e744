//! This machine: what stands between it and AWS.

use super::view::View;
use crate::model::finding::Fix;
use crate::model::{Finding, Severity};

pub(super) fn judge(view: &View<'_>) -> Vec<Finding> {
    let Some(machine) = view.facts.machine.known() else { return Vec::new() };
    let mut findings = Vec::new();
    let plain_http = machine.endpoint_url.as_ref().is_some_and(|url| url.starts_with("http://"));
    if machine.ca_roots == 0 && !plain_http {
        findings.push(no_roots());
    }
    if let Some(url) = &machine.endpoint_url {
        findings.push(
            Finding::new(Severity::Info, "machine/endpoint", url, format!("All calls go to {url} instead of AWS."))
                .because("AWS_ENDPOINT_URL is set")
                .cure(Fix::command("To ask AWS itself, unset the variable.", "unset AWS_ENDPOINT_URL")),
        );
    }
    findings.extend(machine.quilt3_fault.as_deref().map(quilt3));
    let worst = if view.facts.credentials.error().is_some() { Severity::Error } else { Severity::Warning };
    findings.extend(machine.aws_file_faults.iter().map(|fault| {
        let file = fault.split_once(": ").map_or("AWS files", |(file, _)| file);
        Finding::new(worst, "machine/aws-files", file, format!("An AWS file cannot be read as it stands: {fault}."))
            .because("the AWS CLI and every SDK read the same file")
            .cure(Fix::advice("Correct the line that is named; rolecall never writes this file."))
    }));
    findings
}

fn quilt3(fault: &str) -> Finding {
    let claim =
        format!("quilt3's configuration cannot be read, so the stack of its catalog is not preselected: {fault}.");
    Finding::new(Severity::Info, "machine/quilt", "quilt3", claim)
        .because("nothing else depends on it: choose the stack yourself")
        .cure(Fix::command("Let quilt3 write it anew.", "quilt3 config https://CATALOG"))
}

fn no_roots() -> Finding {
    Finding::new(
        Severity::Error,
        "machine/ca-roots",
        "certificate authorities",
        "This machine trusts no certificate authority, so no AWS endpoint can be reached.",
    )
    .because("0 root certificates were found in the system's store and in AWS_CA_BUNDLE")
    .cure(Fix::advice(
        "Install the package `ca-certificates` (Debian, Ubuntu, Alpine, Fedora), or set AWS_CA_BUNDLE to a PEM file.",
    ))
}

#[cfg(test)]
mod tests {
    use crate::judge::scene::{Scene, find};
    use crate::model::facts::Machine;
    use crate::model::{Fact, Severity};

    #[test]
    fn a_machine_without_roots_is_an_error_unless_tls_is_not_used() {
        let mut scene = Scene::healthy();
        scene.facts.machine = Fact::Known(Machine::default());
        assert_eq!(find(&scene.judge(), "machine/ca-roots").severity, Severity::Error);
        scene.facts.machine =
            Fact::Known(Machine { endpoint_url: Some("http://127.0.0.1:5000".into()), ..Machine::default() });
        let judged = scene.judge();
        assert!(!judged.findings.iter().any(|f| f.id == "machine/ca-roots"));
        assert!(find(&judged, "machine/endpoint").claim.contains("127.0.0.1:5000"));
    }

    #[test]
    fn a_broken_aws_file_names_itself() {
        let mut scene = Scene::healthy();
        scene.facts.machine = Fact::Known(Machine {
            ca_roots: 1,
            aws_file_faults: vec!["/home/u/.aws/config: line 3 is no setting".into()],
            ..Machine::default()
        });
        let judged = scene.judge();
        let finding = find(&judged, "machine/aws-files");
        assert_eq!((finding.severity, finding.subject.as_str()), (Severity::Warning, "/home/u/.aws/config"));
    }

    #[test]
    fn a_broken_configuration_of_quilt3_is_worth_a_word_and_no_more() {
        let mut scene = Scene::healthy();
        let fault = Some("/home/u/.local/share/Quilt/config.yml: line 1: it is no YAML".to_owned());
        scene.facts.machine = Fact::Known(Machine { ca_roots: 1, quilt3_fault: fault, ..Machine::default() });
        assert_eq!(find(&scene.judge(), "machine/quilt").severity, Severity::Info);
    }
}
