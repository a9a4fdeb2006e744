//! A system on the page: its settings, its paths, the principals it asks about.

use super::{Block, Piece, Table, Words, code, text_of, verdict};
use crate::policy::{Answer, Leaning};
use crate::report::words::{self, Standing, took, utc};
use crate::report::{AnswerReport, ExpectationReport, PathReport, PrincipalReport, Report, SystemReport};
use crate::values::text::counted;

/// Everything of it but the findings.
pub(super) fn system(out: &mut Vec<Block>, report: &Report, of: &SystemReport) {
    settings(out, of);
    paths(out, of);
    for path in &of.paths {
        let own = report.verdicts.iter().filter(|verdict| verdict.path.as_ref() == Some(&path.id));
        let own: Vec<_> = own.collect();
        if !own.is_empty() {
            out.push(Block::Section(format!("Path {}", path.label)));
            own.into_iter().for_each(|one| verdict::whole(out, one));
        }
    }
    of.principals.iter().for_each(|principal| self::principal(out, principal));
}

fn settings(out: &mut Vec<Block>, of: &SystemReport) {
    let rows = of.settings.iter().filter_map(|setting| {
        let stands = setting.stands_as.as_deref().unwrap_or_default();
        let place = setting.place.as_deref().unwrap_or_default();
        let from = if place == "typed" { text_of("typed") } else { text_of(format!("{stands}, {place}")) };
        Some(vec![text_of(&setting.label), code(setting.value.as_ref()?), from])
    });
    let rows: Vec<Vec<Words>> = rows.collect();
    if rows.is_empty() {
        return;
    }
    out.push(Block::Section("Settings".into()));
    let caption = "The settings that were looked at, and where each stands".into();
    out.push(Block::Table(Table { caption, head: vec!["Setting", "Value", "From"], rows }));
}

fn paths(out: &mut Vec<Block>, of: &SystemReport) {
    if of.paths.is_empty() {
        return;
    }
    let rows = of.paths.iter().map(|path| {
        let hops: Vec<String> = path.hops.iter().map(|hop| words::role(&hop.role)).collect();
        vec![
            text_of(&path.label),
            code(hops.join(" → ")),
            answers(path),
            text_of(path.took_ms.map(took).unwrap_or_default()),
            text_of(path.session_ends.map(utc).unwrap_or_default()),
        ]
    });
    out.push(Block::Section("Access".into()));
    let caption = "The access paths, the worst first".into();
    let head = vec!["Path", "Roles", "Answer", "Took", "Session ends"];
    out.push(Block::Table(Table { caption, head, rows: rows.collect() }));
}

fn answers(path: &PathReport) -> Words {
    if path.answers.is_empty() {
        let why = path.error.as_ref().map_or_else(|| "not looked up".into(), words::error);
        return vec![Piece::Sign(Standing::NotKnown, "not known".into()), Piece::Text(format!(": {why}"))];
    }
    let mut out = Words::new();
    for answer in &path.answers {
        if !out.is_empty() {
            out.push(Piece::Text("; ".into()));
        }
        let standing = Standing::from(answer.verdict);
        out.push(Piece::Sign(standing, format!("{} {}", answer.party.word(), says(answer))));
        if answer.verdict != Answer::Allow {
            out.push(Piece::Text(format!(": {}", answer.summary)));
        }
    }
    out
}

fn says(answer: &AnswerReport) -> &'static str {
    match (answer.verdict, answer.leaning) {
        (Answer::Unknown, Some(Leaning::Allow)) => "allowed by everything readable",
        (other, _) => Standing::from(other).word(),
    }
}

fn principal(out: &mut Vec<Block>, principal: &PrincipalReport) {
    out.push(Block::Section(principal.label.clone()));
    out.push(Block::Sentence(match (&principal.arn, &principal.unread) {
        (Some(arn), _) => code(arn),
        (None, Some(why)) => text_of(words::unread(why)),
        (None, None) => text_of("not looked up"),
    }));
    for (part, names) in [("Attached policies", &principal.attached), ("Other policies", &principal.others)] {
        if let Some(names) = names {
            let names = names.iter().map(code).collect::<Vec<_>>();
            out.push(Block::Part(part.into()));
            out.push(Block::List(if names.is_empty() { vec![text_of("none")] } else { names }));
        }
    }
    keys(out, principal);
    let is_there = principal.unread.as_ref().is_none_or(|unread| unread.state != "absent");
    if is_there && !principal.expectations.is_empty() {
        out.push(Block::Part("What it may do".into()));
        let rows = principal.expectations.iter().map(expectation).collect();
        let caption = "By IAM's simulator: the principal's own side, boundary and SCPs".into();
        out.push(Block::Table(Table { caption, head: vec!["What for", "Should", "What came of it"], rows }));
    }
}

fn keys(out: &mut Vec<Block>, principal: &PrincipalReport) {
    let Some(keys) = principal.access_keys.as_ref().filter(|keys| !keys.is_empty()) else { return };
    let rows = keys.iter().map(|key| {
        vec![
            code(&key.id),
            text_of(if key.active { "active" } else { "inactive" }),
            text_of(key.created.map(utc).unwrap_or_default()),
            text_of(key.last_used.map_or_else(|| "no use known".into(), utc)),
        ]
    });
    out.push(Block::Part("Access keys".into()));
    let caption = "Access keys, without their secret halves".into();
    out.push(Block::Table(Table { caption, head: vec!["Key", "State", "Made", "Last used"], rows: rows.collect() }));
}

fn expectation(expectation: &ExpectationReport) -> Vec<Words> {
    let says = match (&expectation.unread, expectation.otherwise.as_slice()) {
        (Some(why), _) => {
            vec![Piece::Sign(Standing::NotKnown, "not known".into()), Piece::Text(format!(": {}", words::unread(why)))]
        }
        (None, []) => {
            vec![Piece::Sign(Standing::Allowed, format!("as it should be, {}", counted(expectation.actions, "action")))]
        }
        (None, otherwise) => {
            let names: Vec<&str> = otherwise.iter().map(|(action, _)| action.as_str()).collect();
            let sign = Piece::Sign(
                Standing::Denied,
                format!("otherwise for {} of {}: ", names.len(), counted(expectation.actions, "action")),
            );
            vec![sign, Piece::Code(names.join(" "))]
        }
    };
    let should = if expectation.wanted { "be allowed" } else { "not be allowed" };
    vec![text_of(&expectation.what), text_of(should), says]
}
