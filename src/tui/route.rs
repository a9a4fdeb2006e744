//! Where one is: the screens, and their order in the walk.

/// A screen.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Route {
    /// The three jobs, and what is known of this machine.
    Home,
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
    /// Which access path is to be diagnosed. No step of the walk.
    Ask,
    /// The diagnosis of an access path. No step of the walk.
    Diagnose,
}

impl Route {
    /// The steps of the walk, in order.
    pub const STEPS: [Self; 5] = [Self::Source, Self::Stack, Self::Roles, Self::Secret, Self::Review];

    /// The name in the stepper.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Home => "Home",
            Self::Source => "AWS profile",
            Self::Stack => "Stack",
            Self::Roles => "Roles",
            Self::Secret => "Secret",
            Self::Review => "Review",
            Self::Done => "Done",
            Self::Ask => "Diagnose: what to ask",
            Self::Diagnose => "Diagnose",
        }
    }

    /// Whether it belongs to the walk: the steps, and what was written.
    pub const fn is_of_walk(self) -> bool {
        !matches!(self, Self::Home | Self::Ask | Self::Diagnose)
    }

    /// The step after this one.
    pub const fn next(self) -> Option<Self> {
        match self {
            Self::Home => Some(Self::Source),
            Self::Source => Some(Self::Stack),
            Self::Stack => Some(Self::Roles),
            Self::Roles => Some(Self::Secret),
            Self::Secret => Some(Self::Review),
            Self::Review | Self::Done | Self::Ask | Self::Diagnose => None,
        }
    }

    /// Where Esc leads. A diagnosis leads back to where it was begun, which [`super::diagnosis::State`] knows.
    pub const fn back(self) -> Option<Self> {
        match self {
            Self::Home => None,
            Self::Source | Self::Done | Self::Ask => Some(Self::Home),
            Self::Diagnose => Some(Self::Ask),
            Self::Stack => Some(Self::Source),
            Self::Roles => Some(Self::Stack),
            Self::Secret => Some(Self::Roles),
            Self::Review => Some(Self::Secret),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_undoes_next_on_every_step() {
        for step in Route::STEPS {
            if let Some(next) = step.next() {
                assert_eq!(next.back(), Some(step));
            }
        }
    }
}
