//! From judged layers to a decision with its reasons.

use std::collections::{BTreeMap, HashSet};

use super::assume_role::{ASSUME_ROLE, Asked};
use super::case::Case;
use super::condition::Context;
use super::decision::{Answer, Cause, Deciding, Decision, Effect, Failed, Layer, LayerCause, Leaning, Unknown};
use super::evaluate::Trial;
use super::live::{self, Live};
use super::request::Checked;
use super::truth::Truth;
use super::{cause, explain};

pub(super) fn decide(
    case: &Case,
    context: &Context<'_>,
    checked: &Checked,
    asked: &[Asked<'_>],
    live: &Live,
) -> Decision {
    let mut causes: Vec<LayerCause> = Vec::new();
    let mut add = |cause: LayerCause| {
        if causes.iter().all(|known| known.layer != cause.layer) {
            causes.push(cause);
        }
    };
    if let Some(refusal) = &live.refusal {
        add(refusal.clone());
    }
    if let Some(cause) = checked.refused {
        add(LayerCause { layer: Layer::Request, cause });
    }
    for one in asked.iter().filter(|one| one.answer(false) == Truth::No) {
        for layer in one.refusing() {
            add(LayerCause { layer, cause: cause::of(case, context, one, layer) });
        }
    }
    causes.sort_by_key(|cause| cause.layer);
    let verdict = verdict(checked, asked, live);
    let headline = match verdict {
        Answer::Allow => Cause("ok"),
        Answer::Deny => cause::headline(&causes, asked),
        Answer::Unknown => cause::of_unknown(case, asked, checked, live),
    };
    let mut decision = Decision {
        verdict,
        leaning: (verdict == Answer::Unknown).then(|| leaning(checked, asked, live)),
        cause: headline,
        blocked_by: causes.iter().map(|cause| cause.layer).collect(),
        causes,
        summary: String::new(),
        deciding: deciding(asked),
        unknowns: unknowns(case, checked, asked, verdict, live),
    };
    decision.summary = explain::summary(case, &decision);
    decision
}

/// The verdict, without a reason.
pub(super) fn verdict(checked: &Checked, asked: &[Asked<'_>], live: &Live) -> Answer {
    if live.refusal.is_some() || checked.refused.is_some() {
        return Answer::Deny;
    }
    match Truth::all(asked.iter().map(|one| one.answer(false))) {
        Truth::No => Answer::Deny,
        Truth::Yes if checked.unknown.is_none() && !live.denied => Answer::Allow,
        Truth::Yes | Truth::Unknown => Answer::Unknown,
    }
}

fn leaning(checked: &Checked, asked: &[Asked<'_>], live: &Live) -> Leaning {
    if live.denied {
        return Leaning::Deny;
    }
    if checked.unknown.is_none() && Truth::all(asked.iter().map(|one| one.answer(true))) == Truth::Yes {
        return Leaning::Allow;
    }
    let against =
        asked.iter().any(|one| one.layers().into_iter().any(|(_, judged)| judged.read && judged.allow == Truth::No));
    if against { Leaning::Deny } else { Leaning::None }
}

/// What could not be read, and, while that leaves the verdict open, what could not be judged.
fn unknowns(case: &Case, checked: &Checked, asked: &[Asked<'_>], verdict: Answer, live: &Live) -> Vec<Unknown> {
    let mut unknowns: Vec<Unknown> = Vec::new();
    if let Some(one) = asked.first() {
        let unread = one.layers().into_iter().filter(|(_, judged)| !judged.read);
        unknowns.extend(unread.map(|(layer, _)| live::unread(case, layer)));
    }
    if verdict == Answer::Unknown {
        unknowns.extend(checked.unknown.clone());
        for one in asked {
            for (_, judged) in one.layers() {
                let open = judged.trials.iter().filter(|trial| {
                    let tried = &trial.tried;
                    tried.outcome == Truth::Unknown || (tried.outcome == Truth::Yes && tried.has_unsure_grant())
                });
                unknowns.extend(open.flat_map(|trial| trial.told(&one.ask).doubts));
            }
        }
    }
    if verdict == Answer::Unknown && live.denied && unknowns.is_empty() {
        unknowns
            .push(Unknown { what: "why AWS denied the call".into(), needs: "the same call again in a minute".into() });
    }
    let mut seen = HashSet::new();
    unknowns.retain(|unknown| seen.insert(unknown.what.clone()));
    unknowns
}

/// Per layer: every Deny that applies, the Allow that applies, or the Allow that came nearest.
fn deciding(asked: &[Asked<'_>]) -> Vec<Deciding> {
    let mut deciding: Vec<Deciding> = Vec::new();
    let mut known: BTreeMap<(Layer, Option<usize>, usize, usize), usize> = BTreeMap::new();
    for one in asked {
        for (layer, judged) in one.layers() {
            let denies =
                judged.trials.iter().filter(|t| t.tried.effect == Effect::Deny && t.tried.outcome == Truth::Yes);
            let allow = match judged.allow {
                // Only the action that everything is about: the others would repeat it.
                Truth::Yes if one.action == ASSUME_ROLE => cause::allowing(judged),
                Truth::No => cause::nearest(judged),
                Truth::Yes | Truth::Unknown => None,
            };
            for trial in denies.chain(allow) {
                let stated = stated(layer, one.action, trial, trial.told(&one.ask).failed);
                let place = (layer, trial.level, trial.policy, trial.tried.statement);
                let same = known.get(&place).and_then(|index| deciding.get(*index));
                if same.is_none_or(|same: &Deciding| same.failed != stated.failed) {
                    if asked.len() > 1 {
                        known.insert(place, deciding.len());
                    }
                    deciding.push(stated);
                }
            }
        }
    }
    deciding.sort_by_key(|one| one.layer);
    deciding
}

pub(super) fn stated(layer: Layer, action: &str, trial: &Trial<'_>, failed: Vec<Failed>) -> Deciding {
    Deciding {
        layer,
        level: trial.level,
        policy: trial.policy,
        name: trial.name.map(str::to_owned),
        statement: trial.tried.statement,
        sid: trial.statement.sid.clone(),
        effect: trial.tried.effect,
        action: action.to_owned(),
        failed,
    }
}
