//! What to do to know more: what would settle each unknown, and who changed the trust policy last.

use super::Path;
use crate::model::finding::Fix;
use crate::policy::{Answer, Case, Decision, Layer};
use crate::values::{RoleArn, shell};

/// None where there is nothing left to ask.
pub(super) fn steps(path: &Path<'_>, case: &Case, decision: &Decision) -> Vec<Fix> {
    if decision.verdict == Answer::Allow {
        return Vec::new();
    }
    // What could not be read is of no account once something refuses for certain.
    let open = decision.unknowns.iter().filter(|_| decision.verdict == Answer::Unknown);
    let mut steps: Vec<Fix> =
        open.map(|unknown| Fix::advice(format!("To know {}: {}.", unknown.what, unknown.needs))).collect();
    let concerns_trust = decision.verdict == Answer::Unknown || decision.blocked_by.contains(&Layer::Trust);
    if let Ok(role) = RoleArn::parse(&case.role_arn)
        && concerns_trust
    {
        steps.push(Fix::command(
            format!(
                "Who changed the role last (needs cloudtrail:LookupEvents in account {}).",
                role.account().grouped()
            ),
            history(&role, path.profile_of(role.account()).as_deref()),
        ));
    }
    steps
}

/// IAM's events are recorded in one region of the partition (AWS CloudTrail User Guide, "Global service events").
fn history(role: &RoleArn, profile: Option<&str>) -> String {
    let region = match role.partition() {
        "aws-cn" => "cn-north-1",
        "aws-us-gov" => "us-gov-west-1",
        _ => "us-east-1",
    };
    let attribute = format!("AttributeKey=ResourceName,AttributeValue={}", role.name());
    let query = "Events[].[EventTime,EventName,Username]";
    let mut words = vec!["aws", "cloudtrail", "lookup-events", "--lookup-attributes", &attribute];
    words.extend(["--region", region, "--max-results", "20", "--query", query, "--output", "table"]);
    if let Some(profile) = profile {
        words.extend(["--profile", profile]);
    }
    shell::command(words)
}
