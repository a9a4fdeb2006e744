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
        }
    }

    /// The step after this one.
    pub const fn next(self) -> Option<Self> {
        match self {
            Self::Home => Some(Self::Source),
            Self::Source => Some(Self::Stack),
            Self::Stack => Some(Self::Roles),
            Self::Roles => Some(Self::Secret),
            Self::Secret => Some(Self::Review),
            Self::Review | Self::Done => None,
        }
    }

    /// Where Esc leads.
    pub const fn back(self) -> Option<Self> {
        match self {
            Self::Home => None,
            Self::Source | Self::Done => Some(Self::Home),
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
