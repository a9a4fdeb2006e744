//! The one role that stands in variables of its own, without JSON, and what the service has when both stand there.

use super::{Field, NamedRole, RoleSet, RoleSetFault, int};

/// The variable of the ARN. Without [`ACCOUNT`] the service passes over the role.
pub const ARN: &str = "AWS_AUTH_DEFAULT_ROLE_ARN";

/// The variable of the account id.
pub const ACCOUNT: &str = "AWS_AUTH_DEFAULT_ACCOUNT_ID";

const NAME: &str = "AWS_AUTH_DEFAULT_ROLE_NAME";
const SESSION: &str = "AWS_AUTH_DEFAULT_SESSION_NAME";
const DURATION: &str = "AWS_AUTH_DEFAULT_DURATION";
const EXTERNAL_ID: &str = "AWS_AUTH_DEFAULT_EXTERNAL_ID";

impl NamedRole {
    /// The role of these variables. `None`: one of the two is missing that the service reads together.
    #[must_use]
    pub fn of_variables<'a>(get: impl Fn(&str) -> Option<&'a str>) -> Option<Self> {
        let text = |name| get(name).map(str::to_owned);
        let (seconds, unfit) = match get(DURATION).map(int) {
            Some(None) => (None, vec![(Field::Duration, "its duration is not a whole number of seconds".to_owned())]),
            seconds => (seconds.flatten(), Vec::new()),
        };
        Some(Self {
            name: get(NAME).unwrap_or("default").to_owned(),
            role_arn: text(ARN)?,
            account_id: Some(text(ACCOUNT)?),
            session_name: text(SESSION),
            duration_seconds: seconds,
            external_id: text(EXTERNAL_ID),
            unfit,
            ..Self::default()
        })
    }

    /// The variables that hold it; `external_id` is what is written for one.
    #[must_use]
    pub fn variables(&self, external_id: impl FnOnce(&str) -> String) -> Vec<(&'static str, String)> {
        let members = [
            (NAME, Some(self.name.clone())),
            (ARN, Some(self.role_arn.clone())),
            (ACCOUNT, self.account_id.clone()),
            (SESSION, self.session_name.clone()),
            (DURATION, self.duration_seconds.map(|seconds| seconds.to_string())),
            (EXTERNAL_ID, self.external_id.as_deref().map(external_id)),
        ];
        members.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

/// The roles as the service has them: those of the set, and the single one, which takes the place of another one of its name.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Roles {
    /// Those of `AWS_AUTH_ROLES`; none where it cannot be read.
    pub set: RoleSet,
    /// Why it cannot be read.
    pub fault: Option<RoleSetFault>,
    /// The one of the variables above.
    pub single: Option<NamedRole>,
}

impl Roles {
    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &NamedRole> {
        let of_set = self.set.roles.iter().filter(|role| !self.is_single(&role.name));
        of_set.chain(&self.single)
    }

    /// The role of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&NamedRole> {
        self.all().find(|role| role.name == name)
    }

    /// Whether the role of that name is the one of the single variables.
    #[must_use]
    pub fn is_single(&self, name: &str) -> bool {
        self.single.as_ref().is_some_and(|single| single.name == name)
    }

    /// The variable that a role stands in.
    #[must_use]
    pub fn variable(&self, name: &str) -> &'static str {
        if self.is_single(name) { ARN } else { super::SET }
    }
}
