//! The state of a list: its cursor follows the item, not the index, so that arriving facts never change what Enter hits.

use ratatui::text::Line;

use super::row::Row;
use crate::tui::field::Field;
use crate::tui::fuzzy;
use crate::tui::theme::{DIM, FOCUS};

/// A row as the list knows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Item {
    /// What choosing it means; it stays the same while facts arrive.
    pub id: String,
    /// Everything the row shows, for the filter.
    pub shown: String,
}

impl AsRef<str> for Item {
    fn as_ref(&self) -> &str {
        &self.shown
    }
}

/// Which item the cursor is on, and the filter.
#[derive(Default)]
pub struct ListState {
    /// The item under the cursor.
    pub selected: Option<String>,
    /// The filter, if there is one.
    pub filter: Option<Field>,
    /// Whether the filter is being typed.
    pub typing: bool,
}

impl ListState {
    /// The indices of the items that the filter lets through.
    pub fn visible(&self, items: &[Item]) -> Vec<usize> {
        let filter = self.filter.as_ref().map_or("", Field::text);
        fuzzy::matching(filter, items)
    }

    /// Where the cursor is among the visible items.
    pub fn position(&self, items: &[Item], visible: &[usize]) -> Option<usize> {
        let selected = self.selected.as_deref()?;
        visible.iter().position(|&index| items.get(index).is_some_and(|item| item.id == selected))
    }

    /// The id under the cursor, if it is visible.
    pub fn under_cursor(&self, items: &[Item]) -> Option<String> {
        items.get(self.row_under_cursor(items)?).map(|item| item.id.clone())
    }

    /// Which item is under the cursor, if it is visible: whether the others are does not matter.
    pub fn row_under_cursor(&self, items: &[Item]) -> Option<usize> {
        let selected = self.selected.as_deref()?;
        let row = items.iter().position(|item| item.id == selected)?;
        (!self.visible(items.get(row..=row)?).is_empty()).then_some(row)
    }

    /// Moves the cursor by so many rows; from nowhere it goes to the first or the last.
    pub fn step(&mut self, items: &[Item], by: isize) {
        let visible = self.visible(items);
        let last = visible.len().saturating_sub(1);
        let next = match self.position(items, &visible) {
            Some(position) => position.saturating_add_signed(by).min(last),
            None if by < 0 => last,
            None => 0,
        };
        if let Some(item) = visible.get(next).and_then(|&index| items.get(index)) {
            self.selected = Some(item.id.clone());
        }
    }

    /// After the filter changed: the cursor goes to the best match.
    pub fn move_to_best(&mut self, items: &[Item]) {
        let visible = self.visible(items);
        self.selected = visible.first().and_then(|&index| items.get(index)).map(|item| item.id.clone());
    }

    /// Opens the filter for typing.
    pub fn open_filter(&mut self) {
        self.filter.get_or_insert_with(|| Field::new(""));
        self.typing = true;
    }

    /// Takes the filter away; the cursor stays on its item.
    pub fn clear_filter(&mut self) {
        self.filter = None;
        self.typing = false;
    }

    /// Ends typing; an empty filter goes.
    pub fn keep_filter(&mut self) {
        self.typing = false;
        if self.filter.as_ref().is_some_and(|field| field.text().trim().is_empty()) {
            self.filter = None;
        }
    }

    /// The line above the list: the filter and how many rows it lets through. The second part is the real cursor's column.
    pub fn filter_line(&self, visible: usize, of: usize, columns: usize) -> (Line<'static>, Option<u16>) {
        let Some(field) = &self.filter else { return (Line::default(), None) };
        let view = field.view(u16::try_from(columns.saturating_sub(24)).unwrap_or(16), false);
        let count = format!("{visible} of {of}");
        let row = Row::new().put("/ ", FOCUS).text(&view.text).right(&count, columns.saturating_sub(2), DIM);
        (row.line(), self.typing.then_some(4 + view.cursor))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(names: &[&str]) -> Vec<Item> {
        names.iter().map(|name| Item { id: (*name).into(), shown: (*name).into() }).collect()
    }

    #[test]
    fn the_cursor_stays_on_its_item_when_others_arrive() {
        let mut list = ListState::default();
        let before = items(&["b", "c"]);
        list.step(&before, 1);
        list.step(&before, 1);
        assert_eq!(list.under_cursor(&before).as_deref(), Some("c"));
        let after = items(&["a", "b", "bb", "c", "d"]);
        assert_eq!(list.under_cursor(&after).as_deref(), Some("c"));
        list.step(&after, -1);
        assert_eq!(list.under_cursor(&after).as_deref(), Some("bb"));
    }

    #[test]
    fn an_item_that_the_filter_hides_is_not_hit_by_enter() {
        let mut list = ListState::default();
        let all = items(&["alpha", "beta"]);
        list.step(&all, 1);
        list.open_filter();
        list.filter.as_mut().unwrap().paste("bet").unwrap();
        assert_eq!(list.under_cursor(&all), None);
        list.move_to_best(&all);
        assert_eq!(list.under_cursor(&all).as_deref(), Some("beta"));
        list.clear_filter();
        assert_eq!(list.under_cursor(&all).as_deref(), Some("beta"));
    }
}
