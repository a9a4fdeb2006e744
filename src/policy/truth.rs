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

    /// "And" over many; of none it is `Yes`.
    pub(crate) fn all(many: impl IntoIterator<Item = Self>) -> Self {
        many.into_iter().min().unwrap_or(Self::Yes)
    }

    /// "Or" over many; of none it is `No`.
    pub(crate) fn any(many: impl IntoIterator<Item = Self>) -> Self {
        many.into_iter().max().unwrap_or(Self::No)
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }
}
