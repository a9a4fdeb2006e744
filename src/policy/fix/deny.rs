//! A Deny that applies: only the request can step out of it, and only where it sets the key that the Deny asks for.

use super::refusal::Refusal;
use super::request;
use super::view::{Pair, Row, TRIES, Work};
use crate::policy::decision::Effect;
use crate::policy::truth::Truth;

pub(super) fn cure(work: &Work, pair: &Pair) -> Result<Work, Refusal> {
    let mut work = work.clone();
    for row in pair.rows.iter().filter(|row| applies(row)) {
        work = step_out(&work, pair, row).ok_or_else(|| Refusal::denied(pair.layer))?;
    }
    Ok(work)
}

fn applies(row: &Row) -> bool {
    row.tried.effect == Effect::Deny && row.tried.outcome == Truth::Yes
}

fn step_out(work: &Work, pair: &Pair, row: &Row) -> Option<Work> {
    let denies = |work: &Work| work.pairs().iter().flat_map(|pair| pair.rows.iter()).filter(|row| applies(row)).count();
    let before = denies(work);
    let context = work.context();
    let conditions = work.statement(row.place)?.conditions();
    let ways = conditions
        .iter()
        .flat_map(|condition| request::alternatives(work, condition.key_lower(), &condition.wanted(&context)));
    ways.take(TRIES).filter_map(|edits| work.with(&edits)).find(|next| {
        let same = next.pair(pair.action, pair.layer);
        let same = same.and_then(|pair| pair.row(row.place).map(|row| row.tried.outcome));
        same == Some(Truth::No) && denies(next) < before
    })
}
