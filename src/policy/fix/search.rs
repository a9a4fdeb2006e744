//! From what refuses to the edits that cure it, one layer after the other.

use jiff::Timestamp;

use super::edit::Edit;
use super::refusal::Refusal;
use super::view::{Pair, Work};
use super::{caller, deny, request, trust};
use crate::policy::case::Case;
use crate::policy::decision::{Decision, Layer};
use crate::policy::evaluate;

/// More than the actions times the layers.
const ROUNDS: usize = 24;
/// The most bytes of policies that are mended, all together: what IAM lets a role and a caller have is less.
const LONGEST: usize = 256 << 10;

/// A live error answers the call that was made, not the one that the edits lead to.
pub(super) fn without_live_error(case: &Case) -> Case {
    Case { live_error: None, ..case.clone() }
}

/// The edits that cure a denial, none of them superfluous.
pub(super) fn search(case: &Case, decision: &Decision, now: Timestamp) -> Result<Vec<Edit>, Refusal> {
    if length(case) > LONGEST {
        return Err(Refusal::noted(format!(
            "policies of more than {LONGEST} bytes, which IAM does not store, are not mended"
        )));
    }
    let start = of_live_error(Work::new(without_live_error(case), now), decision)?;
    let mut work = start.clone();
    let mut done: Vec<(Layer, &str)> = Vec::new();
    for _ in 0..ROUNDS {
        if work.is_cured() {
            return Ok(needed(&start, work.edits).into_iter().flatten().collect());
        }
        let (layer, slug, next) = if let Some(cause) = work.refused() {
            (Layer::Request, cause.0, request::cure(&work, cause.0)?)
        } else {
            let pairs = work.pairs();
            let Some(pair) = worst(&pairs) else {
                return Err(Refusal::noted("what cannot be read or judged stays open"));
            };
            (pair.layer, pair.action, cure(&work, pair)?)
        };
        if done.contains(&(layer, slug)) {
            return Err(Refusal::of(layer));
        }
        done.push((layer, slug));
        work = next;
    }
    Err(Refusal::default())
}

fn length(case: &Case) -> usize {
    let trust = case.trust.read().and_then(Option::as_ref);
    let limits = [&case.boundary, &case.session].into_iter().filter_map(|limit| limit.read()?.as_ref());
    let levels = [&case.scps, &case.rcps].into_iter().filter_map(|levels| levels.read()).flatten();
    let named =
        case.identity.read().into_iter().flatten().chain(limits).chain(levels.flat_map(|level| &level.policies));
    trust.into_iter().chain(named.map(|named| &named.policy)).map(|policy| policy.as_json().to_string().len()).sum()
}

/// What only the live call told: errors of the credentials, of the request, of policies nobody could read.
fn of_live_error(mut work: Work, decision: &Decision) -> Result<Work, Refusal> {
    let known = evaluate(&work.case, work.now()).causes;
    for cause in decision.causes.iter().filter(|cause| !known.contains(cause)) {
        work = match cause.layer {
            Layer::Credentials | Layer::Request => request::cure(&work, cause.cause.0)?,
            layer => return Err(Refusal::of(layer)),
        };
    }
    Ok(work)
}

/// What to treat first: what most likely nobody here can cure.
fn worst(pairs: &[Pair]) -> Option<&Pair> {
    pairs.iter().filter(|pair| pair.refuses).min_by_key(|pair| match pair.layer {
        _ if pair.denies => 0,
        Layer::Scp => 1,
        Layer::Rcp => 2,
        Layer::Session => 3,
        Layer::Trust => 4,
        Layer::Identity => 5,
        _ => 6,
    })
}

fn cure(work: &Work, pair: &Pair) -> Result<Work, Refusal> {
    if pair.denies {
        return deny::cure(work, pair);
    }
    match pair.layer {
        Layer::Trust => trust::cure(work, pair),
        Layer::Identity | Layer::Boundary => caller::cure(work, pair),
        layer => Err(Refusal::of(layer)),
    }
}

/// Leaves out every group of edits, after those of `start`, without which the case is cured as well.
fn needed(start: &Work, mut groups: Vec<Vec<Edit>>) -> Vec<Vec<Edit>> {
    let first = start.edits.len();
    let is_cured = |groups: &[Vec<Edit>]| {
        let work = groups.iter().skip(first).try_fold(start.clone(), |work, edits| work.with(edits));
        work.is_some_and(|work| work.is_cured())
    };
    let mut index = first;
    while index < groups.len() {
        let mut fewer = groups.clone();
        fewer.remove(index);
        if is_cured(&fewer) {
            groups = fewer;
        } else {
            index += 1;
        }
    }
    groups
}
