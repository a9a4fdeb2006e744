//! The paragraph of every finding id.

/// A section per id in use, sorted. A test holds it and the code to each other.
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

    /// The ids that stand as literals in the judges and in the systems, tests apart.
    fn used() -> BTreeSet<String> {
        fn collect(folder: &Path, out: &mut BTreeSet<String>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                if path.is_dir() {
                    collect(&path, out);
                } else if !["ids.rs", "quilt.rs", "tests.rs", "scene.rs"].contains(&name.as_str()) {
                    let source = std::fs::read_to_string(&path).unwrap();
                    let code = source.split("#[cfg(test)]").next().unwrap();
                    out.extend(code.split('"').filter(|text| is_id(text)).map(str::to_owned));
                }
            }
        }
        let mut out = BTreeSet::new();
        for room in ["src/judge", "src/systems", "src/role_set"] {
            collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join(room), &mut out);
        }
        out
    }

    fn is_id(text: &str) -> bool {
        let subject =
            text.split_once('/').filter(|(subject, rest)| subject.len() > 2 && rest.len() > 2 && !rest.contains('/'));
        subject.is_some() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'-' || b == b'/')
    }

    #[test]
    fn every_id_is_used_and_explained_once() {
        let explained: Vec<&str> =
            PARAGRAPHS.lines().filter_map(|line| line.strip_prefix("## ")).map(str::trim).collect();
        assert!(explained.is_sorted_by(|one, next| one < next), "assets/findings.md is sorted, each id once");
        let used = used();
        let unexplained: Vec<&String> = used.iter().filter(|id| !explained.contains(&id.as_str())).collect();
        let unused: Vec<&&str> = explained.iter().filter(|id| !used.contains(**id)).collect();
        assert!(unexplained.is_empty(), "not in assets/findings.md: {unexplained:?}");
        assert!(unused.is_empty(), "in assets/findings.md alone: {unused:?}");
        let mut pages = BTreeMap::new();
        for id in explained {
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
