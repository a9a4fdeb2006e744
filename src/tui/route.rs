//! Where one is: the screens, and their order in a walk.

/// A screen.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Route {
    /// The three jobs, and what is known of this machine.
    Home,
    /// Where the values of a secret come from.
    Sources,
    /// AWS profile and identity.
    Source,
    /// The Quilt stack.
    Stack,
    /// The two roles and who may assume them.
    Roles,
    /// The eleven values.
    Secret,
    /// What would be written.
    Review,
    /// What was written.
    Done,
    /// The settings of a system other than the Quilt webhook.
    Settings,
    /// Its access paths.
    Access,
    /// Which access path is to be diagnosed. No step of the walk.
    Ask,
    /// The diagnosis of an access path. No step of the walk.
    Diagnose,
}

/// Which walk is under way.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Walk {
    /// A config profile is set up.
    #[default]
    SetUp,
    /// A secret is checked, or made from what stands elsewhere.
    Secret,
    /// A system other than the Quilt webhook is looked at.
    System,
}

impl Walk {
    /// Its steps, in order.
    pub const fn steps(self) -> &'static [Route] {
        match self {
            Self::SetUp => &[Route::Source, Route::Stack, Route::Roles, Route::Secret, Route::Review],
            Self::Secret => &[Route::Sources, Route::Source, Route::Stack, Route::Secret, Route::Review, Route::Done],
            Self::System => &[Route::Source, Route::Settings, Route::Access],
        }
    }
}

impl Route {
    /// The name in the stepper.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Home => "Home",
            Self::Sources => "Sources",
            Self::Source => "AWS profile",
            Self::Stack => "Stack",
            Self::Roles => "Roles",
            Self::Secret => "Secret",
            Self::Review => "Review",
            Self::Done => "Done",
            Self::Settings => "Settings",
            Self::Access => "Access",
            Self::Ask => "Diagnose: what to ask",
            Self::Diagnose => "Diagnose",
        }
    }

    /// Whether it belongs to the walk: the steps, and what was written.
    pub const fn is_of_walk(self) -> bool {
        !matches!(self, Self::Home | Self::Ask | Self::Diagnose)
    }

    /// The step after this one.
    pub const fn next(self, walk: Walk) -> Option<Self> {
        match (self, walk) {
            (Self::Home, Walk::SetUp | Walk::System) | (Self::Sources, _) => Some(Self::Source),
            (Self::Home, Walk::Secret) => Some(Self::Sources),
            (Self::Source, Walk::System) => Some(Self::Settings),
            (Self::Settings, _) => Some(Self::Access),
            (Self::Source, _) => Some(Self::Stack),
            (Self::Stack, Walk::SetUp | Walk::System) => Some(Self::Roles),
            (Self::Stack, Walk::Secret) | (Self::Roles, _) => Some(Self::Secret),
            (Self::Secret, _) => Some(Self::Review),
            (Self::Review | Self::Done | Self::Access | Self::Ask | Self::Diagnose, _) => None,
        }
    }

    /// Where Esc leads. A diagnosis leads back to where it was begun, which [`super::diagnosis::State`] knows.
    pub const fn back(self, walk: Walk) -> Option<Self> {
        match (self, walk) {
            (Self::Home, _) => None,
            (Self::Source, Walk::SetUp | Walk::System) | (Self::Sources | Self::Done | Self::Ask, _) => {
                Some(Self::Home)
            }
            (Self::Source, Walk::Secret) => Some(Self::Sources),
            (Self::Diagnose, _) => Some(Self::Ask),
            (Self::Stack | Self::Settings, _) => Some(Self::Source),
            (Self::Access, _) => Some(Self::Settings),
            (Self::Roles, _) | (Self::Secret, Walk::Secret) => Some(Self::Stack),
            (Self::Secret, Walk::SetUp | Walk::System) => Some(Self::Roles),
            (Self::Review, _) => Some(Self::Secret),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_undoes_next_on_every_step() {
        for walk in [Walk::SetUp, Walk::Secret, Walk::System] {
            for step in walk.steps() {
                if let Some(next) = step.next(walk) {
                    assert_eq!(next.back(walk), Some(*step));
                    assert!(walk.steps().contains(&next), "{next:?} is no step of {walk:?}");
                }
            }
        }
    }
}
