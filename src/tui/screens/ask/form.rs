//! A path as it is typed: a field for everything that goes with each call, and what is wrong with it.

mod parts;

use super::known;
use crate::model::{Hop, Inquiry};
use crate::tui::field::Field;
use crate::values::PrincipalArn;

pub use parts::Part;
use parts::{seconds, tags};

/// Where a path that was typed came from.
pub const TYPED: &str = "typed";

/// A place of the form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Spot {
    /// A part of a hop, counted from 0.
    Hop(usize, Part),
    /// Who will walk the path in production.
    Principal,
    /// AWS profiles that may read the other accounts.
    Inspectors,
}

impl Spot {
    /// The name beside the field.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hop(_, part) => part.name(),
            Self::Principal => "Workload",
            Self::Inspectors => "Inspectors",
        }
    }

    /// What stands in the field while it is empty.
    pub const fn empty(self) -> &'static str {
        match self {
            Self::Hop(_, part) => part.empty(),
            Self::Principal => "none: you alone",
            Self::Inspectors => "none",
        }
    }

    /// What it is, in a sentence.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Hop(_, part) => part.about(),
            Self::Principal => {
                "ARN of the user or role that will walk the path in production; it is judged beside you."
            }
            Self::Inspectors => "AWS profiles that may read a role's account where yours may not, separated by commas.",
        }
    }
}

/// The fields of a hop, in the order of [`Part::ALL`].
struct Fields([Field; 7]);

impl Fields {
    fn of(hop: &Hop) -> Self {
        let text = |part: Part| match part {
            Part::Role => hop.role_arn.clone(),
            Part::ExternalId => hop.external_id.clone().unwrap_or_default(),
            Part::Duration => hop.duration_seconds.map(|seconds| seconds.to_string()).unwrap_or_default(),
            Part::SessionName => hop.session_name.clone().unwrap_or_default(),
            Part::Tags => hop.tags.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(","),
            Part::HandedOn => hop.transitive_tag_keys.join(","),
            Part::SourceIdentity => hop.source_identity.clone().unwrap_or_default(),
        };
        Self(Part::ALL.map(|part| Field::new(&text(part))))
    }

    fn text(&self, part: Part) -> &str {
        let at = Part::ALL.iter().position(|other| *other == part).unwrap_or(0);
        self.0.get(at).map_or("", |field| field.text().trim())
    }

    fn hop(&self) -> Result<Hop, (Part, String)> {
        for part in Part::ALL {
            if let Some(fault) = part.fault(self.text(part)) {
                return Err((part, fault));
            }
        }
        let some = |part| Some(self.text(part).to_owned()).filter(|text| !text.is_empty());
        let tags = tags(self.text(Part::Tags)).map_err(|fault| (Part::Tags, fault))?;
        let transitive_tag_keys = listed(self.text(Part::HandedOn));
        if let Some(key) = transitive_tag_keys.iter().find(|key| !tags.contains_key(*key)) {
            return Err((Part::HandedOn, format!("{key} is the key of no tag above")));
        }
        Ok(Hop {
            role_arn: self.text(Part::Role).to_owned(),
            external_id: some(Part::ExternalId),
            duration_seconds: some(Part::Duration).and_then(|text| seconds(&text).ok()),
            session_name: some(Part::SessionName),
            tags,
            transitive_tag_keys,
            source_identity: some(Part::SourceIdentity),
        })
    }
}

/// Names separated by commas.
fn listed(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// The form. It keeps what was typed until something else is put into it.
pub struct Form {
    hops: Vec<Fields>,
    principal: Field,
    inspectors: Field,
    /// What is not typed: probes, and the message that began it.
    rest: Inquiry,
    /// Where the cursor is.
    pub at: Spot,
    /// What is wrong there, once it was tried.
    pub refused: Option<String>,
}

impl Default for Form {
    fn default() -> Self {
        Self::of(&Inquiry { hops: vec![Hop::default()], ..Inquiry::default() })
    }
}

impl Form {
    /// Filled in from a path.
    pub fn of(inquiry: &Inquiry) -> Self {
        let principal = inquiry.principal.as_ref().map(ToString::to_string).unwrap_or_default();
        Self {
            hops: inquiry.hops.iter().map(Fields::of).collect(),
            principal: Field::new(&principal),
            inspectors: Field::new(&inquiry.inspectors.join(", ")),
            rest: inquiry.clone(),
            at: Spot::Hop(0, Part::Role),
            refused: None,
        }
    }

    /// How many hops there are.
    pub const fn length(&self) -> usize {
        self.hops.len()
    }

    /// Every place, from top to bottom. What a session hands on means something before another hop only.
    pub fn spots(&self) -> Vec<Spot> {
        let last = self.hops.len().saturating_sub(1);
        let of_hop = |hop: usize| {
            let means = move |part: &Part| *part != Part::HandedOn || hop < last;
            Part::ALL.into_iter().filter(means).map(move |part| Spot::Hop(hop, part))
        };
        (0..self.hops.len()).flat_map(of_hop).chain([Spot::Principal, Spot::Inspectors]).collect()
    }

    /// The field of a place.
    pub fn field(&self, spot: Spot) -> Option<&Field> {
        match spot {
            Spot::Hop(hop, part) => {
                let at = Part::ALL.iter().position(|other| *other == part)?;
                self.hops.get(hop)?.0.get(at)
            }
            Spot::Principal => Some(&self.principal),
            Spot::Inspectors => Some(&self.inspectors),
        }
    }

    /// The field under the cursor, to be typed into.
    pub fn typed(&mut self) -> Option<&mut Field> {
        match self.at {
            Spot::Hop(hop, part) => {
                let at = Part::ALL.iter().position(|other| *other == part)?;
                self.hops.get_mut(hop)?.0.get_mut(at)
            }
            Spot::Principal => Some(&mut self.principal),
            Spot::Inspectors => Some(&mut self.inspectors),
        }
    }

    /// Moves the cursor by so many places.
    pub fn step(&mut self, by: isize) {
        let spots = self.spots();
        let at = spots.iter().position(|spot| *spot == self.at).unwrap_or(0);
        let to = at.saturating_add_signed(by).min(spots.len().saturating_sub(1));
        self.at = spots.get(to).copied().unwrap_or(self.at);
        self.refused = None;
    }

    /// A hop more, after the one with the cursor; the cursor goes to its role.
    pub fn add(&mut self) {
        let at = match self.at {
            Spot::Hop(hop, _) => hop + 1,
            _ => self.hops.len(),
        };
        self.hops.insert(at.min(self.hops.len()), Fields::of(&Hop::default()));
        self.at = Spot::Hop(at, Part::Role);
        self.refused = None;
    }

    /// Takes the hop with the cursor out, unless it is the only one.
    pub fn remove(&mut self) {
        let Spot::Hop(hop, _) = self.at else { return };
        if self.hops.len() > 1 && hop < self.hops.len() {
            self.hops.remove(hop);
            self.at = Spot::Hop(hop.min(self.hops.len().saturating_sub(1)), Part::Role);
            self.refused = None;
        }
    }

    /// Whether nothing was typed yet.
    pub fn is_empty(&self) -> bool {
        self.spots().into_iter().all(|spot| self.field(spot).is_none_or(|field| field.text().trim().is_empty()))
    }

    /// The names of the roles, for a line that tells of the form.
    pub fn names(&self) -> String {
        let hops: Vec<Hop> = self.hops.iter().map(|fields| Hop::to(fields.text(Part::Role))).collect();
        known::names(&hops)
    }

    /// The path; or the first thing that is wrong, to which the cursor goes. `profiles` are the AWS profiles there are.
    pub fn inquiry(&mut self, profiles: &[String]) -> Option<Inquiry> {
        match self.checked(profiles) {
            Ok(inquiry) => {
                self.refused = None;
                Some(inquiry)
            }
            Err((spot, fault)) => {
                self.at = spot;
                self.refused = Some(fault);
                None
            }
        }
    }

    fn checked(&self, profiles: &[String]) -> Result<Inquiry, (Spot, String)> {
        let mut hops = Vec::new();
        for (index, fields) in self.hops.iter().enumerate() {
            hops.push(fields.hop().map_err(|(part, fault)| (Spot::Hop(index, part), fault))?);
        }
        if let Some(hop) = hops.last_mut() {
            hop.transitive_tag_keys.clear();
        }
        let principal = match self.principal.text().trim() {
            "" => None,
            text => Some(PrincipalArn::parse(text).map_err(|error| (Spot::Principal, error.to_string()))?),
        };
        let inspectors = listed(self.inspectors.text());
        if let Some(unknown) = inspectors.iter().find(|name| !profiles.contains(name)) {
            return Err((Spot::Inspectors, format!("there is no AWS profile {unknown}")));
        }
        let same = hops == self.rest.hops && principal == self.rest.principal;
        let source = if same { self.rest.source.clone() } else { TYPED.into() };
        let source = if source.is_empty() { TYPED.into() } else { source };
        Ok(Inquiry { hops, principal, inspectors, source, ..self.rest.clone() })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn put(form: &mut Form, spot: Spot, text: &str) {
        form.at = spot;
        *form.typed().unwrap() = Field::new(text);
    }

    #[test]
    fn a_path_comes_out_as_it_was_put_in() {
        let mut inquiry = Inquiry::of_role("arn:aws:iam::444455556666:role/Target", "AWS profile x");
        inquiry.hops[0].tags = BTreeMap::from([("team".into(), "a=b".into()), ("env".into(), "prod".into())]);
        inquiry.hops[0].transitive_tag_keys = vec!["team".into()];
        inquiry.hops[0].duration_seconds = Some(900);
        inquiry.hops.push(Hop { external_id: Some("cust-42".into()), ..Hop::to("arn:aws:iam::777788889999:role/Far") });
        inquiry.principal = PrincipalArn::parse("arn:aws:iam::111122223333:role/CI").ok();
        inquiry.inspectors = vec!["audit".into()];
        assert_eq!(Form::of(&inquiry).inquiry(&["audit".into()]), Some(inquiry));
    }

    #[test]
    fn the_cursor_goes_to_the_first_thing_that_is_wrong() {
        let role = Spot::Hop(0, Part::Role);
        for (spot, text, part) in [
            (role, "", "a role's ARN is needed"),
            (role, "arn:aws:iam:444455556666:role/X", "one colon"),
            (Spot::Hop(0, Part::ExternalId), "x", "2 to 1224"),
            (Spot::Hop(0, Part::Duration), "60", "900 to 43200"),
            (Spot::Hop(0, Part::SessionName), "a b", "2 to 64"),
            (Spot::Hop(0, Part::Tags), "team", "no key=value"),
            (Spot::Hop(0, Part::Tags), "a=1,a=2", "twice"),
            (Spot::Hop(0, Part::SourceIdentity), "aws:me", "aws:"),
            (Spot::Principal, "arn:aws:s3:::b", "service"),
            (Spot::Inspectors, "nobody", "no AWS profile nobody"),
        ] {
            let mut form = Form::of(&Inquiry::of_role("arn:aws:iam::444455556666:role/Target", ""));
            put(&mut form, spot, text);
            form.at = Spot::Inspectors;
            assert_eq!(form.inquiry(&["audit".into()]), None, "{text}");
            assert_eq!(form.at, spot, "{text}");
            let refused = form.refused.clone().unwrap();
            assert!(refused.contains(part) || part == "service", "{text}: {refused}");
        }
    }

    #[test]
    fn hops_come_and_go_and_the_last_one_stays() {
        let mut form = Form::of(&Inquiry::of_role("arn:aws:iam::444455556666:role/Target", "x"));
        assert!(!form.spots().contains(&Spot::Hop(0, Part::HandedOn)), "there is no next session");
        form.add();
        assert_eq!((form.length(), form.at), (2, Spot::Hop(1, Part::Role)));
        assert!(form.spots().contains(&Spot::Hop(0, Part::HandedOn)));
        assert_eq!(form.inquiry(&[]), None);
        form.remove();
        form.remove();
        assert_eq!(form.length(), 1);
        assert_eq!(form.inquiry(&[]).unwrap().source, "x", "nothing was changed");
        put(&mut form, Spot::Hop(0, Part::ExternalId), "cust-42");
        assert_eq!(form.inquiry(&[]).unwrap().source, TYPED);
    }
}
