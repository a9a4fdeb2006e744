//! A system: its settings, its paths, the principals it asks about.

use std::fmt::Write as _;

use crate::model::Severity;
use crate::policy::{Answer, Leaning};
use crate::report::words;
use crate::report::{AccessKeyReport, PathReport, PrincipalReport, Report, SystemReport};
use crate::values::text::{elide_end, paragraph, width};
use crate::values::time::Timestamp;

/// The longest value of a setting in a table, in columns.
const LONGEST: usize = 64;

/// So many paths that are allowed are listed; of more only how many there are.
const LISTED: usize = 40;

/// How many paths are refused, not known and allowed; else what the findings come to.
pub(super) fn headline(report: &Report, of: &SystemReport) -> String {
    let first = report.findings.iter().find(|finding| finding.severity == Severity::Error && !finding.unknown);
    let errors = report.findings.iter().filter(|one| one.severity == Severity::Error && !one.unknown).count();
    let warnings = report.findings.iter().filter(|one| one.severity == Severity::Warning && !one.unknown).count();
    let access = access(of);
    let rest = match (errors, warnings) {
        (0, 0) if report.exit_code(crate::report::FailOn::Error) == 3 => {
            "Not everything that matters could be read.".into()
        }
        (0, 0) => "Everything that was checked is right.".into(),
        (0, 1) => "1 warning.".into(),
        (0, many) => format!("{many} warnings."),
        (1, _) => first.map(|finding| finding.claim.clone()).unwrap_or_default(),
        (many, _) => {
            format!("{many} errors. The first: {}", first.map(|finding| finding.claim.as_str()).unwrap_or_default())
        }
    };
    if access.is_empty() { rest } else { format!("{access} {rest}") }
}

/// "3 of 12 paths are refused, 1 is not decided." Empty where there is no path.
fn access(of: &SystemReport) -> String {
    let count = |wanted: Standing| of.paths.iter().filter(|path| standing(path) == wanted).count();
    let (refused, open) = (count(Standing::Refused), count(Standing::Open));
    let be = |number: usize| if number == 1 { "is" } else { "are" };
    match (of.paths.len(), refused, open) {
        (0, ..) => String::new(),
        (1, 1, _) => "Denied.".into(),
        (1, 0, 1) => "Not decided.".into(),
        (1, ..) => "Allowed.".into(),
        (all, 0, 0) => format!("All {all} paths are allowed."),
        (all, 0, open) => format!("{open} of {all} paths {} not decided.", be(open)),
        (all, refused, 0) => format!("{refused} of {all} paths {} refused.", be(refused)),
        (all, refused, open) => {
            format!("{refused} of {all} paths {} refused, {open} {} not decided.", be(refused), be(open))
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Allowed,
    Refused,
    Open,
}

fn standing(path: &PathReport) -> Standing {
    match path.answers.first().map(|answer| (answer.verdict, answer.leaning)) {
        Some((Answer::Allow, _) | (Answer::Unknown, Some(Leaning::Allow))) => Standing::Allowed,
        Some((Answer::Deny, _)) => Standing::Refused,
        Some((Answer::Unknown, _)) => Standing::Open,
        None if path.state == "failed" => Standing::Refused,
        None => Standing::Open,
    }
}

/// One row per setting that is set, and one for each that must be and is not.
pub(super) fn settings(out: &mut String, of: &SystemReport) {
    let set: Vec<_> = of.settings.iter().filter(|setting| setting.value.is_some()).collect();
    if set.is_empty() {
        return;
    }
    let widest = set.iter().map(|setting| width(&setting.label)).max().unwrap_or(0);
    out.push_str("Settings\n");
    for setting in set {
        let value = elide_end(setting.value.as_deref().unwrap_or_default(), LONGEST);
        let from = match (setting.place.as_deref(), setting.stands_as.as_deref()) {
            (Some("typed"), _) => "typed".to_owned(),
            (Some(place), Some(name)) => format!("{name}, {place}"),
            _ => String::new(),
        };
        let _ = writeln!(out, "  {:<widest$}  {value}  ({from})", setting.label);
    }
    out.push('\n');
}

/// Worst first; of many that are allowed the first are listed, the rest counted.
pub(super) fn paths(out: &mut String, of: &SystemReport) {
    if of.paths.is_empty() {
        return;
    }
    out.push_str("Access\n");
    let widest = of.paths.iter().map(|path| width(&path.label)).max().unwrap_or(0).min(40);
    let mut allowed = 0;
    for path in &of.paths {
        if standing(path) == Standing::Allowed {
            allowed += 1;
            if allowed > LISTED {
                continue;
            }
        }
        let roles: Vec<String> = path.hops.iter().map(|hop| words::role(&hop.role)).collect();
        let says = says(path);
        let took = path.took_ms.map(|took| format!(", {took} ms")).unwrap_or_default();
        let _ = writeln!(out, "  {:<widest$}  ->  {}  {says}{took}", path.label, roles.join(" -> "));
    }
    if let Some(more) = allowed.checked_sub(LISTED).filter(|more| *more > 0) {
        let _ = writeln!(out, "  and {more} more that are allowed");
    }
    out.push('\n');
}

/// "operator denied: external_id_missing".
fn says(path: &PathReport) -> String {
    if path.answers.is_empty() {
        return path
            .error
            .as_ref()
            .map_or_else(|| "not looked up".into(), |error| format!("failed: {}", words::error(error)));
    }
    let of = path.answers.iter().map(|answer| {
        let word = match (answer.verdict, answer.leaning) {
            (Answer::Allow, _) => "allowed".to_owned(),
            (Answer::Deny, _) => format!("denied: {}", answer.cause),
            (Answer::Unknown, Some(Leaning::Allow)) => "allowed by everything readable".into(),
            (Answer::Unknown, _) => format!("not known: {}", answer.cause),
        };
        format!("{} {word}", answer.party.word())
    });
    of.collect::<Vec<_>>().join("; ")
}

/// Who they are, what they carry, how old their keys are.
pub(super) fn principals(out: &mut String, of: &SystemReport) {
    for principal in &of.principals {
        let _ = writeln!(out, "{}", principal.label);
        let who = match (&principal.arn, &principal.unread) {
            (Some(arn), _) => arn.clone(),
            (None, Some(why)) => words::unread(why),
            (None, None) => "not looked up".into(),
        };
        paragraph(out, "  ", &who);
        rights(out, principal);
        out.push('\n');
    }
}

fn rights(out: &mut String, principal: &PrincipalReport) {
    if let Some(attached) = &principal.attached {
        let names = if attached.is_empty() { "none".to_owned() } else { attached.join(", ") };
        paragraph(out, "  attached   ", &names);
    }
    for key in principal.access_keys.iter().flatten() {
        paragraph(out, "  access key ", &key_words(key));
    }
    for expectation in &principal.expectations {
        let word = if expectation.wanted { "may" } else { "may not" };
        let says = match (&expectation.unread, expectation.otherwise.as_slice()) {
            (Some(why), _) => format!("not known: the simulator {}", words::unread(why)),
            (None, []) => format!("as it should be, {}", asked(expectation.actions)),
            (None, otherwise) => {
                let names: Vec<&str> = otherwise.iter().map(|(action, _)| action.as_str()).collect();
                format!("otherwise for {} of {}: {}", names.len(), asked(expectation.actions), names.join(", "))
            }
        };
        paragraph(out, "  ", &format!("{word} {}: {says}", expectation.what));
    }
}

/// "1 action", "5 actions".
pub(in crate::report) fn asked(actions: usize) -> String {
    format!("{actions} action{}", if actions == 1 { "" } else { "s" })
}

fn key_words(key: &AccessKeyReport) -> String {
    let day = |at: Timestamp| at.strftime("%F").to_string();
    let state = if key.active { "active" } else { "inactive" };
    let made = key.created.map(|at| format!(", made {}", day(at))).unwrap_or_default();
    let used = key.last_used.map_or_else(|| ", no use known".into(), |at| format!(", last used {}", day(at)));
    format!("{}, {state}{made}{used}", key.id)
}
