//! Three-valued logic: what could not be read or judged is neither true nor false.

/// Kleene's three values. The order makes "and" the least and "or" the greatest of two.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(crate) enum Truth {
    #[default]
    No,
    Unknown,
    Yes,
}

impl Truth {
    pub(crate) fn and(self, other: Self) -> Self {
        self.min(other)
    }

    pub(crate) fn or(self, other: Self) -> Self {
        self.max(other)
    }

    pub(crate) const fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
            Self::Yes => Self::No,
        }
    }

    /// "And" over many, up to the first that settles it; of none it is `Yes`.
    pub(crate) fn all(many: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self::Yes;
        for one in many {
            all = all.and(one);
            if all == Self::No {
                break;
            }
        }
        all
    }

    /// "Or" over many, up to the first that settles it; of none it is `No`.
    pub(crate) fn any(many: impl IntoIterator<Item = Self>) -> Self {
        let mut any = Self::No;
        for one in many {
            any = any.or(one);
            if any == Self::Yes {
                break;
            }
        }
        any
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }
}
