//! How strongly a machine shows a system, so that the one it shows most is offered first.

use std::cmp::Reverse;

use super::registry::ALL;
use super::{Given, Settings, System};
use crate::model::Facts;
use crate::model::facts::SettingsPlace;

/// Names that a system may read, but that stand in many environments for AWS's own SDKs or for others: alone they point at no system.
const ANYBODYS: [&str; 8] = [
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_PROFILE",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "GITHUB_TOKEN",
];

/// What of a system this machine shows, as a clause: what the system says of it, else a variable that it alone reads. `None`: nothing.
#[must_use]
pub fn sign(system: &dyn System, settings: &Settings) -> Option<String> {
    let own =
        || settings.all().iter().find(|given| settings.is_found_here(given.setting) && !is_shared(system, &given.name));
    let words = |given: &Given| format!("{} in {}", given.name, given.place.words());
    system.signs(settings).or_else(|| own().map(words))
}

/// The systems that this machine shows signs of where nothing was chosen, the strongest first.
#[must_use]
pub fn signs(facts: &Facts) -> Vec<(&'static dyn System, String)> {
    let of = |system: &&'static dyn System| {
        let settings = Settings::of(system.settings(), None, facts);
        Some((Strength::of(*system, &settings), *system, sign(*system, &settings)?))
    };
    let mut all: Vec<_> = ALL.iter().filter_map(of).collect();
    all.sort_by_key(|(strength, ..)| Reverse(*strength));
    all.into_iter().map(|(_, system, sign)| (system, sign)).collect()
}

/// Whether others read a name too.
fn is_shared(system: &dyn System, name: &str) -> bool {
    let reads = |other: &dyn System| other.settings().iter().any(|setting| setting.variables.contains(&name));
    let mut others = ALL.iter().filter(|other| other.name() != system.name());
    ANYBODYS.contains(&name) || others.any(|other| reads(*other))
}

/// How strong the signs of a system are. What only this system reads counts first, then what others read too: the greater, the stronger.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
pub struct Strength {
    /// Signs that point at this system alone.
    pub own: usize,
    /// Signs that others have too.
    pub shared: usize,
}

impl Strength {
    /// Of what stands in the environment, in `.env` and in files; what was typed is no sign.
    #[must_use]
    pub fn of(system: &dyn System, settings: &Settings) -> Self {
        let standing = settings.all().iter().filter(|given| given.place != SettingsPlace::Typed);
        let (shared, own): (Vec<_>, Vec<_>) = standing.partition(|given| is_shared(system, &given.name));
        Self { own: own.len(), shared: shared.len() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::facts::SettingsSource;
    use crate::model::{Fact, Facts, SystemChoice};
    use crate::systems::{find, registry};
    use crate::values::SecretText;
    use crate::values::time::Timestamp;

    fn strength(name: &str, environment: &[(&str, &str)], typed: &[(&str, &str)]) -> Strength {
        let mut facts = Facts::new(Timestamp::UNIX_EPOCH);
        facts.system.settings = Fact::Known(vec![SettingsSource {
            place: SettingsPlace::Environment,
            values: environment.iter().map(|(name, value)| ((*name).to_owned(), SecretText::new(*value))).collect(),
            twice: Vec::new(),
            fault: None,
        }]);
        let mut choice = SystemChoice::of(name);
        choice.typed = typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let system = find(name).unwrap();
        Strength::of(system, &Settings::of(system.settings(), Some(&choice), &facts))
    }

    #[test]
    fn what_one_system_alone_reads_is_stronger_than_much_that_others_read_too() {
        let machine = [
            ("AWS_ROLE_ARN", "arn:aws:iam::444455556666:role/A"),
            ("TOWER_ACCESS_TOKEN", "t"),
            ("TOWER_WORKSPACE_ID", "42"),
            ("AWS_AUTH_ROLES", "{}"),
        ];
        let (wave, bot) = (strength("wave", &machine, &[]), strength("sre-roles", &machine, &[]));
        assert_eq!((wave, bot), (Strength { own: 0, shared: 3 }, Strength { own: 1, shared: 0 }));
        assert!(bot > wave);
        // Both have one of their own: the number decides.
        let more: Vec<_> = machine.iter().copied().chain([("ECR_REGISTRY", "r")]).collect();
        assert!(strength("wave", &more, &[]) > strength("sre-roles", &more, &[]));
    }

    #[test]
    fn every_variable_that_one_system_alone_reads_is_a_sign_of_it() {
        let sign_of = |name: &str, variable: &str| {
            let mut facts = Facts::new(Timestamp::UNIX_EPOCH);
            let values = [(variable.to_owned(), SecretText::new("x"))].into();
            let source = SettingsSource { place: SettingsPlace::Environment, values, twice: Vec::new(), fault: None };
            facts.system.settings = Fact::Known(vec![source]);
            let system = find(name).unwrap();
            sign(system, &Settings::of(system.settings(), None, &facts))
        };
        for system in ALL {
            for variable in system.settings().iter().flat_map(|setting| setting.variables) {
                let own = !is_shared(*system, variable);
                let shown = sign_of(system.name(), variable);
                assert!(
                    !own || shown.is_some_and(|sign| sign.starts_with(variable)),
                    "{variable} of {}",
                    system.name()
                );
            }
        }
        assert_eq!(
            sign_of("sre-roles", "AWS_AUTH_DEFAULT_ACCOUNT_ID").as_deref(),
            Some("AWS_AUTH_DEFAULT_ACCOUNT_ID in environment")
        );
        assert_eq!(sign_of("sre-roles", "AWS_REGION"), None);
    }

    #[test]
    fn what_was_typed_is_no_sign_and_nothing_is_the_weakest() {
        assert_eq!(strength("wave", &[], &[("registry", "r")]), Strength::default());
        assert!(registry::ALL.iter().all(|system| strength(system.name(), &[], &[]) == Strength::default()));
    }
}
