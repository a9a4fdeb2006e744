//! Every finding id, and its paragraph.

/// The ids in use, sorted. A test holds this table, the code and `assets/findings.md` to each other.
pub const IDS: &[&str] = &[
    "assume/disagreement",
    "assume/duration",
    "assume/live",
    "assume/request",
    "caller/may-assume",
    "caller/pattern-covers-role",
    "caller/unread",
    "clock/skew",
    "config/accounts",
    "config/client-secret",
    "config/deploy",
    "config/deployed",
    "config/exists",
    "config/extra-keys",
    "config/fields",
    "config/inherits",
    "config/integrated-stack",
    "config/json",
    "config/mode",
    "config/parent",
    "config/policies",
    "config/profile-name",
    "config/readable",
    "config/region",
    "config/role-arn",
    "config/secret-arn",
    "config/secret-values",
    "config/shared-stack",
    "config/stack",
    "config/stack-values",
    "config/values",
    "config/versions",
    "hop/allowed",
    "hop/denied",
    "hop/disagreement",
    "hop/ecs-tasks",
    "hop/experiment",
    "hop/inspector",
    "hop/mfa",
    "hop/probe",
    "hop/same-name-role",
    "hop/session-life",
    "hop/too-open",
    "hop/unknown",
    "identity/account",
    "identity/caller",
    "identity/expired",
    "identity/expires-soon",
    "identity/key-invalid",
    "identity/login",
    "identity/no-credentials",
    "identity/policies",
    "identity/profile-not-found",
    "identity/profile-role",
    "identity/root",
    "identity/unreachable",
    "machine/aws-files",
    "machine/ca-roots",
    "machine/endpoint",
    "machine/quilt",
    "role/account",
    "role/arn-format",
    "role/discovered",
    "role/exists",
    "role/resource-type",
    "secret/benchling",
    "secret/booleans",
    "secret/bucket",
    "secret/bucket-access",
    "secret/conflict",
    "secret/deleted",
    "secret/dialect",
    "secret/duplicate-keys",
    "secret/exists",
    "secret/extra-keys",
    "secret/has-value",
    "secret/is-object",
    "secret/is-string",
    "secret/json",
    "secret/keys",
    "secret/kms",
    "secret/name",
    "secret/nested",
    "secret/open-webhook",
    "secret/owner",
    "secret/pending-version",
    "secret/readable",
    "secret/reference",
    "secret/region",
    "secret/replica",
    "secret/rotation",
    "secret/size",
    "secret/source",
    "secret/source-mode",
    "secret/values",
    "stack/arn-format",
    "stack/exists",
    "stack/integration",
    "stack/outputs",
    "stack/quilt",
    "stack/readable",
    "stack/region",
    "stack/regions",
    "stack/resources",
    "stack/status",
    "sts/region-enabled",
    "trust/after-deployment",
    "trust/deleted-principal",
    "trust/document",
    "trust/external-id",
    "trust/foreign-principal",
    "trust/principal",
    "trust/task-role",
    "workload/deployed",
    "workload/exists",
    "workload/readable",
    "workload/role",
];

const PARAGRAPHS: &str = include_str!("../../assets/findings.md");

/// What a finding means, why it matters, how to cure it and who says so: Markdown, without the heading. Its parts are parted by blank
/// lines; the last three begin with "Why it matters:", "Cure:", and "AWS:" or "Source:".
#[must_use]
pub fn paragraph(id: &str) -> Option<&'static str> {
    PARAGRAPHS.split("\n## ").skip(1).find_map(|section| {
        let (heading, body) = section.split_once('\n')?;
        (heading.trim() == id).then(|| body.trim())
    })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::Path;

    use super::*;
    use crate::policy::page_of;

    /// The ids that stand as literals in the judges, tests apart.
    fn used() -> BTreeSet<String> {
        fn collect(folder: &Path, out: &mut BTreeSet<String>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                if path.is_dir() {
                    collect(&path, out);
                } else if !["ids.rs", "tests.rs", "scene.rs"].contains(&name.as_str()) {
                    let source = std::fs::read_to_string(&path).unwrap();
                    let code = source.split("#[cfg(test)]").next().unwrap();
                    out.extend(code.split('"').filter(|text| is_id(text)).map(str::to_owned));
                }
            }
        }
        let mut out = BTreeSet::new();
        collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/judge"), &mut out);
        out
    }

    fn is_id(text: &str) -> bool {
        let subject = text.split_once('/').filter(|(subject, rest)| subject.len() > 2 && rest.len() > 2);
        subject.is_some() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'-' || b == b'/')
    }

    #[test]
    fn every_id_is_used_listed_and_explained() {
        let listed: BTreeSet<String> = IDS.iter().map(|id| (*id).to_owned()).collect();
        assert_eq!(used(), listed, "ids in the code and in IDS differ");
        assert!(IDS.is_sorted());
        let headings: BTreeSet<String> =
            PARAGRAPHS.lines().filter_map(|line| line.strip_prefix("## ")).map(|id| id.trim().to_owned()).collect();
        assert_eq!(headings, listed, "ids in assets/findings.md and in IDS differ");
        let mut pages = BTreeMap::new();
        for id in IDS {
            let page = page_of(id, paragraph(id).unwrap());
            // Of one's own AWS access, and of trust and callers, AWS alone can say what is right.
            let is_aws = ["assume/", "caller/", "hop/", "trust/", "identity/", "sts/"]
                .iter()
                .any(|subject| id.starts_with(subject));
            assert!(page.is_some() || !is_aws, "{id} names no AWS page");
            if let Some((page, url)) = page {
                assert_eq!(*pages.entry(page).or_insert(url), url, "{id}: one page has two addresses");
            }
        }
        assert_eq!(paragraph("no/such"), None);
    }
}
