//! A system: its settings, its paths, the principals it asks about.

use std::fmt::Write as _;

use crate::model::{Finding, Severity};
use crate::policy::{Answer, Leaning};
use crate::report::words;
use crate::report::{AccessKeyReport, PathReport, PrincipalReport, Report, SystemReport};
use crate::values::text::{counted, counted_grouped, elide_end, grouped, paragraph, width};
use crate::values::time::Timestamp;
use crate::wording;

/// The longest value of a setting in a table, in columns.
const LONGEST: usize = 64;

/// So many paths that are allowed are listed; of more only how many there are.
const LISTED: usize = 40;

/// How many paths are refused, not known and allowed; else what the findings come to. Where all paths are allowed and there are errors, it says
/// so in one breath: a role that can be assumed and may do nothing is no good news.
pub(super) fn headline(report: &Report, of: &SystemReport) -> String {
    let count = |severity| report.findings.iter().filter(move |one| one.severity == severity && !one.unknown).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let first = report.findings.iter().find(|finding| finding.severity == Severity::Error && !finding.unknown);
    let first = first.map(|finding| finding.claim.as_str()).unwrap_or_default();
    let access = access(of);
    if errors > 0 && !of.paths.is_empty() && of.paths.iter().all(|path| standing(path) == Standing::Allowed) {
        let lacks = lacks(report, of);
        let told = match (wording::access::may_not(&lacks), errors) {
            (Some(may_not), 1) => format!("{may_not}: 1 error."),
            (Some(may_not), many) => format!("{may_not}: {many} errors."),
            (None, 1) => format!("there is 1 error: {first}"),
            (None, many) => format!("there are {many} errors. The first: {first}"),
        };
        return match (of.paths.len(), is_sure(of)) {
            (1, true) => format!("The role can be assumed, but {told}"),
            (1, false) => format!("By all that could be read the role can be assumed, but {told}"),
            (all, true) => format!("All {all} roles can be assumed, but {told}"),
            (all, false) => format!("By all that could be read the {all} roles can be assumed, but {told}"),
        };
    }
    let rest = match (errors, warnings) {
        (0, 0) if report.exit_code(crate::report::FailOn::Error) == 3 => {
            "Not everything that matters could be read.".into()
        }
        (0, 0) => "Everything that was checked is right.".into(),
        (0, warnings) => format!("{}.", counted(warnings, "warning")),
        (1, _) => first.to_owned(),
        (many, _) => format!("{many} errors. The first: {first}"),
    };
    if access.is_empty() { rest } else { format!("{access} {rest}") }
}

/// What the role of the only path should be allowed to do, is not, and is an error for it.
fn lacks<'a>(report: &Report, of: &'a SystemReport) -> Vec<&'a str> {
    let [path] = of.paths.as_slice() else { return Vec::new() };
    let role = path.hops.last().map(|hop| hop.role.as_str());
    let is_error = |what: &str| {
        let may_not = format!("may not {what}");
        let mut errors = report.findings.iter().filter(|one| one.severity == Severity::Error);
        errors.any(|one| one.id == "principal/expected" && one.claim.contains(&may_not))
    };
    let own = of.principals.iter().filter(|principal| principal.arn.as_deref() == role);
    let unmet = own.flat_map(|principal| &principal.expectations).filter(|one| one.wanted && !one.otherwise.is_empty());
    unmet.map(|one| one.what.as_str()).filter(|what| is_error(what)).collect()
}

/// "3 of 12 paths are refused, 1 is not decided." Empty where there is no path.
fn access(of: &SystemReport) -> String {
    let count = |wanted: Standing| of.paths.iter().filter(|path| standing(path) == wanted).count();
    let (refused, open) = (count(Standing::Refused), count(Standing::Open));
    let waiting = of.paths.iter().filter(|path| path.state == "waiting").count();
    if waiting > 0 {
        return cut_short(of.paths.len(), waiting, refused, open - waiting);
    }
    let be = |number: usize| if number == 1 { "is" } else { "are" };
    match (of.paths.len(), refused, open) {
        (0, ..) => String::new(),
        (1, 1, _) => "Denied.".into(),
        (1, 0, 1) => "Not decided.".into(),
        (1, ..) if is_sure(of) => "Allowed.".into(),
        (1, ..) => "Allowed by all that could be read.".into(),
        (all, 0, 0) if is_sure(of) => format!("All {all} paths are allowed."),
        (all, 0, 0) => format!("All {all} paths are allowed by all that could be read."),
        (all, 0, open) => format!("{open} of {all} paths {} not decided.", be(open)),
        (all, refused, 0) => format!("{refused} of {all} paths {} refused.", be(refused)),
        (all, refused, open) => {
            format!("{refused} of {all} paths {} refused, {open} {} not decided.", be(refused), be(open))
        }
    }
}

/// Whether nothing is left open of what decides, for any path that is allowed.
fn is_sure(of: &SystemReport) -> bool {
    of.paths.iter().flat_map(|path| path.answers.first()).all(|answer| answer.verdict != Answer::Unknown)
}

/// "3 of 330 paths are refused. 670 were not looked at."
fn cut_short(all: usize, waiting: usize, refused: usize, open: usize) -> String {
    let looked = all - waiting;
    if looked == 0 {
        return format!("{} not looked at.", counted_were(all));
    }
    let told = match (refused, open) {
        (0, 0) => format!("{} of {} are allowed.", grouped(looked), counted_grouped(all, "path")),
        (refused, 0) => format!("{} of {} refused.", grouped(refused), counted_grouped(looked, "path")),
        (refused, open) => format!(
            "{} of {} refused, {} not decided.",
            grouped(refused),
            counted_grouped(looked, "path"),
            grouped(open)
        ),
    };
    let were = if waiting == 1 { "was" } else { "were" };
    format!("{told} {} {were} not looked at.", grouped(waiting))
}

/// "1 path was", "1,000 paths were".
fn counted_were(paths: usize) -> String {
    format!("{} {}", counted_grouped(paths, "path"), if paths == 1 { "was" } else { "were" })
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
pub(super) fn paths(out: &mut String, report: &Report, of: &SystemReport) {
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
        let says = format!("{}{}", says(path), wrong(report, of, path));
        let took = path.took_ms.map(|took| format!(", {took} ms")).unwrap_or_default();
        let _ = writeln!(out, "  {:<widest$}  ->  {}  {says}{took}", path.label, roles.join(" -> "));
    }
    if let Some(more) = allowed.checked_sub(LISTED).filter(|more| *more > 0) {
        let _ = writeln!(out, "  and {more} more that are allowed");
    }
    out.push('\n');
}

/// "; wrong: sre-roles/account": what the system itself refuses of it, by the ids of its errors.
fn wrong(report: &Report, of: &SystemReport, path: &PathReport) -> String {
    let is_own = |finding: &&Finding| {
        let room = finding.id.split_once('/').map(|(room, _)| room);
        room == Some(of.name.as_str()) && finding.subject == path.label && finding.severity == Severity::Error
    };
    let ids: Vec<&str> = report.findings.iter().filter(is_own).map(|finding| finding.id.as_str()).collect();
    if ids.is_empty() { String::new() } else { format!("; wrong: {}", ids.join(", ")) }
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
    for (word, names) in [("  attached   ", &principal.attached), ("  others     ", &principal.others)] {
        if let Some(names) = names {
            paragraph(out, word, &if names.is_empty() { "none".to_owned() } else { names.join(", ") });
        }
    }
    for key in principal.access_keys.iter().flatten() {
        paragraph(out, "  access key ", &key_words(key));
    }
    // Of whom there is not, nothing was asked.
    let is_there = principal.unread.as_ref().is_none_or(|unread| unread.state != "absent");
    for expectation in principal.expectations.iter().filter(|_| is_there) {
        let word = if expectation.wanted { "may" } else { "may not" };
        let says = match (&expectation.unread, expectation.otherwise.as_slice()) {
            (Some(why), _) => format!("not known: the simulator {}", words::unread(why)),
            (None, []) => format!("as it should be, {}", counted(expectation.actions, "action")),
            (None, otherwise) => {
                let names: Vec<&str> = otherwise.iter().map(|(action, _)| action.as_str()).collect();
                format!(
                    "otherwise for {} of {}: {}",
                    names.len(),
                    counted(expectation.actions, "action"),
                    names.join(", ")
                )
            }
        };
        paragraph(out, "  ", &format!("{word} {}: {says}", expectation.what));
    }
}

fn key_words(key: &AccessKeyReport) -> String {
    let day = |at: Timestamp| at.strftime("%F").to_string();
    let state = if key.active { "active" } else { "inactive" };
    let made = key.created.map(|at| format!(", made {}", day(at))).unwrap_or_default();
    let used = key.last_used.map_or_else(|| ", no use known".into(), |at| format!(", last used {}", day(at)));
    format!("{}, {state}{made}{used}", key.id)
}
