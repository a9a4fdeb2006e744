//! The picture of an access path: a principal, the two sides that must agree, the role.
//!
//! ```text
//!   webhook   role/webhook-task ──✓ caller──✗ trust──▶ ReadQuiltV2-quilt-prod
//! ```

use ratatui::style::{Modifier, Style};
use ratatui::text::Line;

use super::row::Row;
use crate::policy::Decision;
use crate::tui::theme::{BOLD, DIM, Mark, PLAIN};
use crate::values::text::width;
use crate::wording::sides::{self as wording, Says};

/// Where the names begin.
pub const INDENT: usize = 12;

/// The marks of the two sides.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sides {
    /// The principal's own policies, and what stands above them.
    pub caller: Mark,
    /// The role's trust policy, and what stands above it.
    pub trust: Mark,
}

/// The marks of what a decision says of each side.
pub fn sides(decision: &Decision) -> Sides {
    let said = wording::sides(decision);
    Sides { caller: said.caller.into(), trust: said.trust.into() }
}

impl From<Says> for Mark {
    fn from(says: Says) -> Self {
        match says {
            Says::Yes => Self::Good,
            Says::No => Self::Fault,
            Says::NotKnown => Self::Unknown,
        }
    }
}

/// One path.
pub struct Path<'a> {
    /// "webhook" or "you".
    pub who: &'a str,
    /// The principal, short.
    pub principal: &'a str,
    /// The two sides; `None` when there is no principal to judge.
    pub sides: Option<Sides>,
    /// The role's name.
    pub role: &'a str,
    /// Whether a fault here is one: an operator who is denied is as it should be, and not red.
    pub alarming: bool,
}

/// Draws it.
pub fn line(path: &Path<'_>, columns: usize) -> Line<'static> {
    let mut row = Row::new().cell(path.who, INDENT - 2, BOLD);
    let Some(sides) = path.sides else {
        return row.put(path.principal, DIM).put(" ──?──▶ ", DIM).fit_middle(path.role, columns - 2, PLAIN).line();
    };
    // The edge takes 25 columns; names share the rest, the principal's giving way first.
    let room = columns.saturating_sub(INDENT + 25 + 2);
    let principal = room.saturating_sub(width(path.role)).max(room / 3);
    let limit = row.used() + principal;
    row = row.fit_middle(path.principal, limit, PLAIN).put(" ──", DIM);
    row = side(row, sides.caller, "caller", path.alarming).put("──", DIM);
    row = side(row, sides.trust, "trust", path.alarming).put("──▶ ", DIM);
    row.fit_middle(path.role, columns - 2, PLAIN).line()
}

fn side(row: Row, mark: Mark, word: &str, alarming: bool) -> Row {
    let style: Style = match mark {
        Mark::Fault if alarming => mark.style().add_modifier(Modifier::BOLD),
        Mark::Fault => PLAIN,
        other => other.style(),
    };
    row.put(mark.glyph(), style).put(" ", PLAIN).put(word, if mark == Mark::Good { DIM } else { PLAIN })
}
