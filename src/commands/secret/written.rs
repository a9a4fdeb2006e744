//! `rolecall secret plan` and `apply`.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use color_eyre::eyre::{Result, WrapErr};
use serde::Serialize;

use super::told;
use crate::aws::Surroundings;
use crate::check::{self, Checked, Wants};
use crate::cli::secret::SecretPlan;
use crate::cli::{Format, Global};
use crate::commands::complain;
use crate::commands::signals::Told;
use crate::commands::writing::outcome::{After, Document, Outcome, Planned};
use crate::commands::writing::{self, COULD_NOT_TELL, HAS_CHANGES, LOST_RACE, Other, WRONG_NOW, page};
use crate::gather::Gatherer;
use crate::migrate;
use crate::model::facts::{ImportContent, MigrationFacts, TargetFile};
use crate::model::plan::ChangeReport;
use crate::model::{Fact, Facts, ImportSource, Plan, Reader, Selection};
use crate::plan::{Answers, Draft, Origin, PlanId, plan};
use crate::report::{self, Conflict, FailOn, JudgedReader, Report, SecretReport, SourceReport};
use crate::secret::{Key, rules};
use crate::values::text::{paragraph, safe};
use crate::values::{SecretText, json, shell};
use crate::wording::checklist::{self, Step};
use crate::wording::review as words;

/// What a plan is compared with.
const OTHER: Other<'static> = Other {
    asked: "the sources or the flags are not those it was made from",
    nothing: None,
    moved: "the flags are the same, but a source, the account or the target is not as it was",
};

/// What a plan was made from.
struct Made {
    planned: Planned,
    /// What was judged before.
    before: SecretReport,
    reader: JudgedReader,
    conflicts: Vec<Conflict>,
    sources: Vec<SourceReport>,
}

/// Shows the plan; with `wanted` writes it, if it is still that one.
pub(super) async fn run(
    here: Arc<Surroundings>,
    global: &Global,
    options: &SecretPlan,
    wanted: Option<&PlanId>,
    selection: Selection,
) -> Result<u8> {
    let read_only = here.read_only;
    let gatherer = Gatherer::new(here);
    let migration = &selection.migration;
    let wants = Wants { secret: migration.to_file.is_none() || migration.imports.is_empty(), webhook: false };
    let checked = check::of_secret(&gatherer, selection.clone(), wants).await;
    let made = made(&checked, &selection, wants, (again(global, options, &selection.migration.imports), read_only));
    let could_tell = made.before.identity.is_some() || !made.before.asked_aws;
    // Where it is written already there is nothing to do, whichever plan did it.
    let Some(wanted) = wanted.filter(|_| could_tell && !made.is_done()) else {
        let code = made.exit_code();
        return print(made, options.format, |planned| Outcome::planned(planned, None), Vec::new()).map(|()| code);
    };
    if let Some(why) = OTHER.than(wanted, &made.planned.id, &made.planned.plan) {
        let _ = writeln!(io::stderr(), "rolecall: {why}");
        return print(made, options.format, |planned| Outcome::planned(planned, Some(why)), Vec::new())
            .map(|()| LOST_RACE);
    }
    let Some(confirmed) = made.planned.plan.clone().confirm(wanted.plan()) else {
        let code = made.exit_code();
        return print(made, options.format, |planned| Outcome::planned(planned, None), Vec::new()).map(|()| code);
    };
    let told = Told::listen().wrap_err("signals cannot be listened to")?;
    let reports = match writing::write(&gatherer, &checked.selection, confirmed, told.cancel()).await {
        Ok(reports) => reports,
        Err(refused) => return Ok(complain(&refused.to_string())),
    };
    if let Some(code) = told.code() {
        return print(made, options.format, |planned| Outcome::written(planned, reports, None), Vec::new())
            .map(|()| code);
    }
    if let Some(code) = writing::of_writing(&reports) {
        // The target is as it was: of that the plan has said enough.
        let after = After { report: made.planned.report.clone(), text: String::new() };
        return print(made, options.format, |planned| Outcome::written(planned, reports, Some(after)), Vec::new())
            .map(|()| code);
    }
    let proof = prove(&gatherer, &checked, made.reader.reader, &reports).await;
    let code = proof.code;
    print(made, options.format, |planned| Outcome::written(planned, reports, Some(proof.after)), proof.steps)
        .map(|()| code)
}

fn made(checked: &Checked, selection: &Selection, wants: Wants, (again, read_only): (String, bool)) -> Made {
    let (facts, chosen) = (&checked.facts, &checked.selection);
    let answers = Answers { without_config: true, ..Answers::default() };
    let draft = answers.draft(facts, chosen);
    let mut plan = plan(facts, chosen, &draft);
    let asked_aws = wants.needs_aws(selection);
    if asked_aws && facts.identity.known().is_none() {
        plan.blocked.insert(0, "Nothing is written while it is not known who asks.".into());
    }
    let gathered = migrate::gathered(facts, chosen);
    let sources = report::of_sources(&gathered);
    block_unusable(&mut plan, &sources);
    let (reader, why) = migrate::reader::chosen(facts, chosen);
    let reader = JudgedReader { reader, why: why.words() };
    let id = PlanId::new(&plan.id, selection, &answers);
    let mut report = checked.report();
    let mut conflicts = report::conflicts(&gathered);
    if chosen.migration.fix {
        let settled = told::settled(&gathered);
        conflicts.retain(|conflict| !settled.contains(&conflict.key));
        report.findings.retain(|one| one.id != "secret/conflict" || !settled.contains(&one.subject.as_str()));
    }
    told::tell_once(&mut report.findings, &told::source_and_target(checked, &gathered));
    let before = SecretReport::new(report.clone(), facts, chosen, asked_aws);
    let planned = Planned {
        opening: opening(&plan, &draft, chosen),
        beside: beside(&reader, &sources, &conflicts),
        origins: origins(&draft),
        left_out: Vec::new(),
        wrong: wrong(&report),
        warnings: told::warnings(checked, &report, &plan, reader.reader),
        hint: hint(&draft, chosen),
        report,
        plan,
        id,
        again,
        read_only,
    };
    Made { planned, before, reader, conflicts, sources }
}

fn opening(plan: &Plan, draft: &Draft, selection: &Selection) -> String {
    if !plan.is_empty() || !plan.blocked.is_empty() {
        return words::opening(plan, plan);
    }
    let target = match &selection.migration.to_file {
        Some(file) => format!("the file {}", safe(&file.to_string_lossy())),
        None => format!("the secret {}", safe(&draft.secret_name)),
    };
    format!("No changes: {target} holds what it should.")
}

/// What is wrong now and stays so, or has nothing to do with the values: those stand in the changes, or among what blocks the plan.
fn wrong(report: &Report) -> String {
    let told = ["secret/values", "secret/booleans", "secret/keys", "secret/exists", "secret/has-value"];
    let rest = report.findings.iter().filter(|finding| !told.contains(&finding.id.as_str())).cloned().collect();
    report::wrong(&Report { findings: rest, ..report.clone() }, WRONG_NOW)
}

/// What a source that cannot be used would have given is not known to be missing: the cause is told, and that alone.
fn block_unusable(plan: &mut Plan, sources: &[SourceReport]) {
    let of = |source: &SourceReport| {
        let fault = source.fault.as_ref()?;
        Some(format!("{} cannot be used: {fault}.", report::sentence_start(&source.label)))
    };
    let unusable: Vec<String> = sources.iter().filter_map(of).collect();
    if !unusable.is_empty() {
        plan.blocked.retain(|why| !why.contains(" has no value yet; "));
        plan.blocked.splice(0..0, unusable);
    }
}

/// Which values a flag would put right.
fn hint(draft: &Draft, selection: &Selection) -> Option<String> {
    let certain = |(key, value): (&Key, &SecretText)| rules::repaired(*key, value).is_some().then(|| key.name());
    let keys: Vec<&str> = draft.values.iter().filter_map(certain).collect();
    let it = if keys.len() == 1 { "it" } else { "them" };
    (!keys.is_empty() && !selection.migration.fix)
        .then(|| format!("Of {} it is certain what is meant: --fix puts {it} right.", keys.join(", ")))
}

/// Who will read it, the sources, and where two of them differ.
fn beside(reader: &JudgedReader, sources: &[SourceReport], conflicts: &[Conflict]) -> String {
    let mut out = String::new();
    paragraph(&mut out, "  Reader          ", &format!("{}; {}", reader.reader.words(), reader.why));
    out.push('\n');
    out.push_str(&report::sources(sources));
    if conflicts.is_empty() {
        return out;
    }
    out.push_str("Two sources differ, and the first counts\n");
    for conflict in conflicts {
        let offers: Vec<String> =
            conflict.offers.iter().map(|offer| format!("{} in {}", offer.value, offer.source)).collect();
        paragraph(&mut out, "  warning  ", &format!("{}: {}", conflict.key, offers.join(", ")));
    }
    out.push('\n');
    out
}

/// By every name that a plan's line may have.
fn origins(draft: &Draft) -> BTreeMap<String, String> {
    let names = |key: Key| [Some(key.name()), key.shipped_name()].into_iter().flatten();
    let of = |(key, origin): (&Key, &Origin)| {
        let right = if draft.corrected.contains_key(key) { ", put right" } else { "" };
        let from = format!("{}{right}", from(*key, origin));
        names(*key).map(move |name| (name.to_owned(), from.clone())).collect::<Vec<_>>()
    };
    draft.origins.iter().flat_map(of).collect()
}

fn from(key: Key, origin: &Origin) -> String {
    match origin {
        Origin::Import { label, name } if name == key.name() => safe(label).into_owned(),
        Origin::Import { label, name } => format!("{}, {}", safe(label), safe(name)),
        Origin::Secret => "the secret that is there".into(),
        Origin::Config => "config.json".into(),
        Origin::Stack => "the stack".into(),
    }
}

impl Made {
    /// Nothing is to be written, and nothing stands in the way.
    fn is_done(&self) -> bool {
        self.planned.plan.is_empty() && self.planned.plan.blocked.is_empty()
    }

    /// 3 when it could not be told; else 1 when it cannot be written, and 3 where that is because something could not be known; else 4, or 0
    /// without changes.
    fn exit_code(&self) -> u8 {
        let plan = &self.planned.plan;
        if self.before.asked_aws && self.before.identity.is_none() {
            COULD_NOT_TELL
        } else if !plan.blocked.is_empty() {
            let unread = self.before.findings.iter().any(|finding| finding.unknown);
            let wrong = self.before.exit_code(FailOn::Error) == 1;
            if unread && !wrong { COULD_NOT_TELL } else { 1 }
        } else if plan.is_empty() {
            0
        } else {
            HAS_CHANGES
        }
    }
}

/// What was found when everything was looked up again, and what is left to do.
struct Proof {
    after: After,
    steps: Vec<Step>,
    code: u8,
}

/// Reads what was written where it was written, judges it for the reader it was written for, and says what is left.
async fn prove(gatherer: &Gatherer, before: &Checked, reader: Reader, reports: &[ChangeReport]) -> Proof {
    let mut selection = before.selection.clone();
    selection.migration.reader = Some(reader);
    let file = selection.migration.to_file.take();
    selection.migration.imports = file.iter().cloned().map(ImportSource::File).collect();
    let wants = Wants { secret: file.is_none(), webhook: file.is_none() };
    let after = check::of_secret(gatherer, selection, wants).await;
    let report = after.report();
    let judged = SecretReport::new(report.clone(), &after.facts, &after.selection, wants.needs_aws(&after.selection));
    // The sources are those of the plan, whose names tell what to take out; the file is the one that was written.
    let migration = MigrationFacts { file: written_file(&after.facts), ..before.facts.migration.clone() };
    let facts = Facts { migration, ..after.facts };
    let mut selection = Selection { migration: before.selection.migration.clone(), ..after.selection };
    selection.migration.reader = Some(reader);
    let steps = checklist::checklist(&facts, &selection, reports);
    let mut text = report::findings(&judged.findings, true);
    paragraph(&mut text, "", &report::secret_verdict(&judged));
    if !steps.is_empty() {
        text.push_str("\nWhat is left to do\n");
        for line in checklist::lines(&steps) {
            text.push_str(&format!("  {line}\n"));
        }
    }
    Proof { code: judged.exit_code(FailOn::Error), after: After { report, text }, steps }
}

/// The file that was read back as the only source.
fn written_file(after: &Facts) -> Fact<TargetFile> {
    match after.migration.imports.first().and_then(|imported| imported.content.known()) {
        Some(ImportContent::Text { text, mode, .. }) => Fact::Known(TargetFile { text: text.clone(), mode: *mode }),
        _ => Fact::NotAsked,
    }
}

/// The JSON of a plan, and of what became of it.
#[derive(Serialize)]
struct SecretDocument<'a> {
    #[serde(flatten)]
    document: Document<'a>,
    reader: &'a JudgedReader,
    sources: &'a [SourceReport],
    conflicts: &'a [Conflict],
    /// Key by key, where its value comes from.
    origins: &'a BTreeMap<String, String>,
    /// What is left to do, once it was written.
    checklist: &'a [Step],
}

fn print(made: Made, format: Format, outcome: impl FnOnce(Planned) -> Outcome, steps: Vec<Step>) -> Result<()> {
    let Made { planned, reader, conflicts, sources, .. } = made;
    let outcome = outcome(planned);
    writing::print(&match format {
        Format::Text => page::text(&outcome),
        Format::Json => json::printed(&SecretDocument {
            document: outcome.document(),
            reader: &reader,
            sources: &sources,
            conflicts: &conflicts,
            origins: &outcome.planned.origins,
            checklist: &steps,
        }),
    })
}

/// The command that writes the plan, but for the id.
fn again(global: &Global, options: &SecretPlan, sources: &[ImportSource]) -> String {
    let mut all = vec!["rolecall".to_owned(), "secret".into(), "apply".into()];
    all.extend(page::flags(global));
    all.extend(sources.iter().flat_map(ImportSource::flags));
    let target = &options.target;
    let file = target.to_file.as_ref().map(|file| file.to_string_lossy().into_owned());
    let reader = options.sources.reader.map(|reader| reader.word().to_owned());
    for (flag, value) in
        [("--reader", &reader), ("--to", &target.to), ("--to-file", &file), ("--kms-key", &target.kms_key)]
    {
        all.extend(value.iter().flat_map(|value| [flag.to_owned(), value.clone()]));
    }
    all.extend(target.fix.then(|| "--fix".to_owned()));
    all.extend(target.tag.iter().flat_map(|(key, value)| ["--tag".to_owned(), format!("{key}={value}")]));
    shell::command(all.iter().map(String::as_str))
}
