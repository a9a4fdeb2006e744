//! What was asked of an access path, and each hop of it.

use super::{Block, Piece, Table, Words, code, text_of, verdict};
use crate::report::words::{self, Standing, live, live_standing, took, unread, utc};
use crate::report::{Diagnosis, HopReport, Probed, Report, Tried};

/// What was asked.
pub(super) fn asked(out: &mut Vec<Block>, diagnosis: &Diagnosis) {
    out.push(Block::Section("What was asked".into()));
    let mut rows: Vec<Vec<Words>> = vec![vec![text_of("From"), text_of(&diagnosis.source)]];
    let mut row = |name: String, value: Words| rows.push(vec![text_of(name), value]);
    if let Some(principal) = &diagnosis.principal {
        row("Principal".into(), code(principal));
    }
    let many = diagnosis.hops.len() > 1;
    for (index, hop) in diagnosis.hops.iter().enumerate() {
        let named = |name: &str| if many { format!("{name} of hop {}", index + 1) } else { name.to_owned() };
        row(named("Role"), code(&hop.role));
        let mut sent = |name: &str, value: Option<&String>| {
            if let Some(value) = value {
                row(named(name), code(value));
            }
        };
        sent("External ID", hop.external_id.as_ref());
        sent("Session name", hop.session_name.as_ref());
        sent("Source identity", hop.source_identity.as_ref());
        row(named("Duration"), text_of(format!("{} s", hop.duration_seconds)));
        if !hop.tags.is_empty() {
            let tags: Vec<String> = hop.tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
            row(named("Session tags"), code(tags.join(" ")));
        }
        if !hop.transitive_tag_keys.is_empty() {
            row(named("Transitive tag keys"), code(hop.transitive_tag_keys.join(" ")));
        }
    }
    for inspector in &diagnosis.inspectors {
        let who = match (&inspector.arn, &inspector.unread) {
            (Some(arn), _) => code(arn),
            (None, Some(why)) => text_of(unread(why)),
            (None, None) => text_of("not known"),
        };
        row(format!("Read with AWS profile {}", inspector.aws_profile), who);
    }
    if let Some(mfa) = &diagnosis.mfa {
        let devices = mfa.devices.iter().map(|device| {
            format!(
                "{} ({})",
                device.serial,
                if device.gives_codes { "gives codes" } else { "gives no codes for the API" }
            )
        });
        let mut says: Vec<String> = devices.collect();
        says.extend(mfa.unread.as_ref().filter(|unread| unread.state != "not_asked").map(unread));
        says.extend(mfa.session_ends.map(|ends| format!("session with a code until {}", utc(ends))));
        says.extend(mfa.session_error.as_ref().map(words::error));
        row("MFA".into(), text_of(if says.is_empty() { "no device".into() } else { says.join("; ") }));
    }
    let head = vec!["What", "Value"];
    out.push(Block::Table(Table { caption: "The roles, and what goes with each call".into(), head, rows }));
}

/// Each hop, with a part for each principal.
pub(super) fn hops(out: &mut Vec<Block>, report: &Report, diagnosis: &Diagnosis) {
    for (index, hop) in diagnosis.hops.iter().enumerate() {
        let name = words::role(&hop.role);
        out.push(Block::Section(match diagnosis.hops.len() {
            1 => format!("Role {name}"),
            _ => format!("Hop {}: role {name}", index + 1),
        }));
        out.push(Block::Sentence(text_of(role(hop))));
        if let Some(session) = &hop.session {
            out.push(Block::Sentence(text_of(format!(
                "The operator's session ends {}; SDKs use its credentials until {}, five minutes earlier. rolecall has dropped them.",
                utc(session.expires),
                utc(session.usable_until)
            ))));
        }
        report
            .verdicts
            .iter()
            .filter(|verdict| verdict.hop_index == Some(index))
            .for_each(|verdict| verdict::whole(out, verdict));
        experiments(out, &hop.experiments);
        probes(out, &hop.probes);
    }
}

/// What `iam:GetRole` told.
fn role(hop: &HopReport) -> String {
    let by = if hop.read_by.is_empty() { String::new() } else { format!(", read with {}", hop.read_by) };
    match (&hop.found, &hop.unread) {
        (Some(found), _) => {
            let mut says = format!("GetRole answered {}{by}", found.arn);
            if found.arn != hop.role {
                says.push_str(", which is not the role that was asked for");
            }
            says.extend(found.created.map(|at| format!("; made {}", utc(at))));
            says.extend(found.max_session_duration.map(|longest| format!("; sessions of at most {longest} s")));
            says.extend(found.boundary.as_ref().map(|boundary| format!("; boundary {boundary}")));
            says.push('.');
            says
        }
        (None, Some(why)) => format!("The role {}{by}.", unread(why).trim_end_matches('.')),
        (None, None) => "The role was not looked up.".into(),
    }
}

fn experiments(out: &mut Vec<Block>, experiments: &[Tried]) {
    if experiments.is_empty() {
        return;
    }
    let rows = experiments.iter().map(|tried| {
        let standing = live_standing(&tried.live);
        vec![
            text_of(tried.what),
            text_of(&tried.reason),
            vec![Piece::Sign(standing, standing.word().into()), Piece::Text(format!(": {}", live(&tried.live)))],
        ]
    });
    out.push(Block::Part("What else was tried".into()));
    out.push(Block::Table(Table {
        caption: "Experiments; nothing of them was kept".into(),
        head: vec!["Call", "Why it tells something", "What came of it"],
        rows: rows.collect(),
    }));
}

fn probes(out: &mut Vec<Block>, probes: &[Probed]) {
    if probes.is_empty() {
        return;
    }
    let rows = probes.iter().map(|probed| {
        let (standing, says) = outcome(probed);
        let how = if probed.simulated { "simulated, identity side only" } else { "live" };
        let resource = if probed.resource.is_empty() { text_of("-") } else { code(&probed.resource) };
        let says = vec![Piece::Sign(standing, standing.word().into()), Piece::Text(format!(": {says}"))];
        vec![code(&probed.action), resource, text_of(how), says, text_of(took(probed.took_ms))]
    });
    out.push(Block::Part("What the session can do".into()));
    out.push(Block::Table(Table {
        caption: "Probes with the operator's session; nothing was written".into(),
        head: vec!["Action", "On", "How", "What came of it", "Took"],
        rows: rows.collect(),
    }));
}

/// How a probe stands, and what it says.
pub(in crate::report) fn outcome(probed: &Probed) -> (Standing, String) {
    match (&probed.error, &probed.outcome) {
        (Some(failure), _) if failure.kind == crate::model::ErrorKind::Denied => {
            (Standing::Denied, words::error(failure))
        }
        (Some(failure), _) => (Standing::NotKnown, words::error(failure)),
        (None, outcome) => (Standing::Allowed, outcome.clone().unwrap_or_default()),
    }
}
