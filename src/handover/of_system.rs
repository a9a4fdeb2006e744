//! The texts of a system: its own, and those of its paths.

use super::{Name, Subject, Text, Wish, all, subject};
use crate::judge::{Judgement, as_diagnosis};
use crate::model::{Facts, Selection};
use crate::systems::{self, PathPlan, View};
use crate::values::RoleArn;

/// So many paths have their texts listed unasked; of more each is asked for by its role.
const FEW: usize = 4;

/// Every text about a system: its own first, then those of its paths.
pub(super) fn texts(facts: &Facts, selection: &Selection, judgement: &Judgement, wish: &Wish) -> Vec<Text> {
    let mut texts = own(facts, selection, judgement, wish);
    let subjects = subjects(facts, selection, wish);
    if subjects.len() <= FEW {
        texts.extend(subjects.iter().flat_map(all));
    }
    noted(texts, facts, selection)
}

/// What is said of a text with an external ID that was made for this run alone.
const NEW_ID: &str = "The external ID is a new one, and each run makes another. Whatever holds it belongs together: create-role, trust-policy, credentials-request, aws-commands. Take one ID, and give it to every run with --set external-id=….";

/// Texts that hold a new external ID, or its placeholder, say so.
fn noted(mut texts: Vec<Text>, facts: &Facts, selection: &Selection) -> Vec<Text> {
    let Some(id) = &facts.system.new_external_id else { return texts };
    let mut hops = systems::intended(facts, selection).into_iter().flat_map(|path| path.inquiry.hops);
    if !hops.any(|hop| hop.external_id.as_ref() == Some(id)) {
        return texts;
    }
    let holds = |text: &Text| text.body.contains(id) || text.gaps.iter().any(|gap| gap.placeholder == "<external-id>");
    for text in texts.iter_mut().filter(|text| holds(text)) {
        if !text.notes.iter().any(|note| note == NEW_ID) {
            text.notes.push(NEW_ID.into());
        }
    }
    texts
}

/// The texts that the system alone hands over.
pub(super) fn own(facts: &Facts, selection: &Selection, judgement: &Judgement, wish: &Wish) -> Vec<Text> {
    let Some((system, settings)) = systems::chosen(facts, selection) else { return Vec::new() };
    let rows = &judgement.system.rows;
    let view = View { facts, selection, settings: &settings, rows, shows_external_ids: wish.shows_external_ids };
    noted(system.texts(&view), facts, selection)
}

/// One subject per path that was looked up, as it is intended; those that go to a role that was wished for, where some were.
#[must_use]
pub fn subjects(facts: &Facts, selection: &Selection, wish: &Wish) -> Vec<Subject> {
    let wanted = |path: &&PathPlan| {
        let mut hops = path.inquiry.hops.iter();
        wish.roles.is_empty() || hops.any(|hop| wish.roles.iter().any(|role| hop.role_arn == role.to_string()))
    };
    let of = |path: &PathPlan| {
        let (facts, selection, judgement) = as_diagnosis(facts, selection, path)?;
        // Of the roles that were wished for those of this path: the other hops are left out.
        let hops = &path.inquiry.hops;
        let is_hop = |role: &&RoleArn| hops.iter().any(|hop| hop.role_arn == role.to_string());
        let wish = Wish { roles: wish.roles.iter().filter(is_hop).cloned().collect(), ..wish.clone() };
        Some(subject(&facts, &selection, &judgement, None, &wish))
    };
    systems::intended(facts, selection).iter().filter(wanted).filter_map(of).collect()
}

/// The texts of one name: the system's own, or those of its paths.
pub(super) fn named(facts: &Facts, selection: &Selection, judgement: &Judgement, wish: &Wish, name: Name) -> Vec<Text> {
    match name {
        Name::OfSystem(_) => {
            own(facts, selection, judgement, wish).into_iter().filter(|text| text.name == name).collect()
        }
        name => {
            let texts =
                subjects(facts, selection, wish).iter().flat_map(|subject| super::named(subject, name)).collect();
            noted(texts, facts, selection)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::judge;
    use crate::model::facts::{HopFacts, PathFacts};
    use crate::model::{Fact, SystemChoice};

    const ROLE: &str = "arn:aws:iam::444455556666:role/Pull";
    const ID: &str = "0b5f1c9e-2b1f-4c0d-8f0a-3f1f0e6a7c11";

    /// Every text of Wave's about a role that is not there, or that could not be read.
    fn wave(detail: Fact<crate::model::facts::RoleDetail>) -> Vec<Text> {
        let mut facts = Facts::new("2026-03-04T12:00:00Z".parse().unwrap());
        facts.system.settings = Fact::Known(Vec::new());
        facts.system.new_external_id = Some(ID.into());
        let mut choice = SystemChoice::of("wave");
        choice.typed.insert("role".into(), ROLE.into());
        let selection = Selection { system: Some(choice), ..Selection::new() };
        let ids: Vec<String> = systems::plan(&facts, &selection).paths.into_iter().map(|path| path.id).collect();
        facts.system.begin(&ids, &[]);
        let hop = HopFacts { detail, ..HopFacts::default() };
        let look = PathFacts { roles: vec![ROLE.into()], hops: vec![hop], ..PathFacts::default() };
        facts.system.land_path(0, Arc::new(look), true);
        let judgement = judge::judge(&facts, &selection);
        texts(&facts, &selection, &judgement, &Wish { shows_external_ids: true, ..Wish::default() })
    }

    #[test]
    fn whatever_holds_a_new_external_id_says_that_the_next_run_makes_another() {
        let texts = wave(Fact::Absent);
        let holding: Vec<&Text> = texts.iter().filter(|text| text.body.contains(ID)).collect();
        for name in
            [Name::OfSystem("create-role"), Name::OfSystem("credentials-request"), Name::TrustPolicy, Name::AwsCommands]
        {
            assert!(holding.iter().any(|text| text.name == name), "{name:?} holds it");
        }
        for text in &texts {
            let noted = text.notes.iter().filter(|note| note.contains("--set external-id=")).count();
            assert_eq!(noted, usize::from(text.body.contains(ID)), "{:?}", text.name);
        }
    }

    #[test]
    fn a_role_that_may_be_there_keeps_a_copy_of_the_policy_that_is_replaced() {
        let of =
            |texts: Vec<Text>| texts.into_iter().find(|text| text.name == Name::OfSystem("create-role")).unwrap().body;
        let unread = of(wave(Fact::NotAsked));
        let saved = unread.find("aws iam get-role-policy --role-name Pull --policy-name EcrReadAccess").unwrap();
        assert!(saved < unread.find("put-role-policy").unwrap(), "{unread}");
        assert!(!of(wave(Fact::Absent)).contains("get-role-policy"), "a new role has none");
    }
}
