//! The screen in every world with an access path: it comes to the verdicts that the world states, and says them.

use super::worlds::{on_screen, world};
use super::*;
use crate::model::Verdict;
use crate::model::verdict::Party;
use crate::policy::Answer;
use crate::sandbox::{StatedDiagnosis, World};
use crate::tui::Start;
use crate::tui::keymap::When;
use crate::tui::screens::diagnose::has_parties;
use crate::values::text::safe;

/// A row of what is stated or found.
type Row<'a> = (usize, Party, Answer, &'a str, [Option<&'a str>; 3], [Option<Answer>; 2]);

fn stated(one: &StatedDiagnosis) -> Row<'_> {
    let cure = [one.fix.as_deref(), one.no_fix.as_deref(), one.live.as_deref()];
    (one.hop, one.party, one.verdict, &one.cause, cure, [one.trust, one.caller])
}

fn found(verdict: &Verdict) -> Row<'_> {
    let cure = verdict.cure.as_ref();
    let fix = cure.and_then(|cure| cure.fixes.first()).map(|fix| fix.target.as_str());
    let none = cure.and_then(|cure| cure.no_fix.as_ref()).map(|none| none.owner.as_str());
    let live = verdict.live.as_ref().map(|live| live.outcome.as_ref().map_or_else(|error| error.code(), |_| "allow"));
    let sides = [&verdict.evidence.trust, &verdict.evidence.caller].map(|side| side.as_ref().map(|side| side.verdict));
    (verdict.hop, verdict.party, verdict.decision.verdict, verdict.decision.cause.0, [fix, none, live], sides)
}

/// What is drawn, without the frames, the line breaks and the scroll bars; a sentence may begin in the middle of another.
fn words(text: &str) -> String {
    let kept = text.chars().filter(|c| !c.is_whitespace() && !('\u{2500}'..='\u{259f}').contains(c));
    kept.flat_map(char::to_lowercase).collect()
}

/// Looks at one principal on one hop, as a user would.
fn look_at(app: &mut App, verdict: &Verdict) {
    if matches!(has_parties(app), When::Yes) {
        let at_workload = words(&text(&frame(app, 120, 60))).contains("▸workload");
        if at_workload != (verdict.party == Party::Workload) {
            press(app, KeyCode::Char('p'));
        }
    }
    for _ in 0..app.judgement.path.len() {
        press(app, KeyCode::Char('['));
    }
    for _ in 0..verdict.hop {
        press(app, KeyCode::Char(']'));
    }
}

/// On a clock that jumps: an experiment waits for ten seconds.
#[tokio::test(start_paused = true)]
async fn the_diagnosis_on_the_screen_is_the_stated_one() {
    let mut seen = 0;
    for name in World::names() {
        let all = World::load(name).unwrap();
        if all.selection().inquiry.is_none() {
            continue;
        }
        let home = tempfile::tempdir().unwrap();
        let (here, selection) = world(name, home.path());
        let mut app = on_screen(here, selection, Start::Diagnose).await;
        assert_eq!(app.route, Route::Diagnose, "{name}");
        let mut wanted: Vec<Row<'_>> = all.diagnosis().iter().map(stated).collect();
        let path = app.judgement.path.clone();
        let mut rows: Vec<Row<'_>> = path.iter().map(found).collect();
        wanted.sort_by_key(|row| (row.0, row.1));
        rows.sort_by_key(|row| (row.0, row.1));
        assert_eq!(rows, wanted, "{name}");
        for verdict in &path {
            look_at(&mut app, verdict);
            let why = words(&text(&frame(&app, 120, 60)));
            let summary = words(&safe(&verdict.decision.summary));
            assert!(
                why.contains(summary.trim_end_matches('.')),
                "{name}: `{}` is not in\n{}",
                verdict.decision.summary,
                text(&frame(&app, 120, 60))
            );
            press(&mut app, KeyCode::Char('4'));
            let fix = words(&text(&frame(&app, 120, 60)));
            for none in verdict.cure.iter().filter_map(|cure| cure.no_fix.as_ref()) {
                assert!(fix.contains(&words(&none.owner)), "{name}: {}\n{}", none.owner, text(&frame(&app, 120, 60)));
            }
            for cure in verdict.cure.iter().flat_map(|cure| &cure.fixes) {
                assert!(
                    fix.contains(words(&cure.what).trim_end_matches('.')),
                    "{name}: {}\n{}",
                    cure.what,
                    text(&frame(&app, 120, 60))
                );
            }
            press(&mut app, KeyCode::Char('1'));
            seen += 1;
        }
    }
    assert!(seen >= 40, "{seen}");
}
