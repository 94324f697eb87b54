//! Where things stand on the screen: a pure function of size, used by model (paging) and view (drawing).
//!
//! ```text
//! tabs                                   account      1 row
//! ──────────────────────────────────────────────      1 row
//! body                     │ beside                   what is left
//! ──────────────────────────────────────────────      1 row
//! keys                                                1 row
//! ```
//!
//! Under 100 columns there is no `beside`; under 60x15 there is only a calm sentence.

use ratatui::layout::{Constraint, Layout, Rect};

/// Columns and rows of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

/// The smallest terminal that holds the desk.
pub const SMALLEST: Size = Size {
    width: 60,
    height: 15,
};

/// The parts of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Areas {
    /// Tabs and account.
    pub header: Rect,
    /// The rule under it.
    pub upper_rule: Rect,
    /// The pane.
    pub body: Rect,
    /// The column beside it, in wide terminals.
    pub beside: Option<Rect>,
    /// The rule above the keys.
    pub lower_rule: Rect,
    /// The keys.
    pub footer: Rect,
}

/// The window is too small for the desk.
pub fn is_too_small(size: Size) -> bool {
    size.width < SMALLEST.width || size.height < SMALLEST.height
}

/// There is hardly room for more than what is asked.
pub fn is_low(size: Size) -> bool {
    size.height < 20
}

/// The parts of a screen of this size.
pub fn areas(size: Size) -> Areas {
    let screen = Rect::new(0, 0, size.width, size.height);
    let [header, upper_rule, middle, lower_rule, footer] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Min(0),
        Constraint::Length(1),
        Constraint::Length(1),
    ])
    .areas(screen);
    let beside_width = match size.width {
        0..100 => 0,
        100..140 => 36,
        _ => 56,
    };
    let [body, beside] =
        Layout::horizontal([Constraint::Min(0), Constraint::Length(beside_width)]).areas(middle);
    Areas {
        header,
        upper_rule,
        body,
        beside: (beside_width > 0).then_some(beside),
        lower_rule,
        footer,
    }
}

/// The column beside the pane exists.
pub fn has_beside(size: Size) -> bool {
    areas(size).beside.is_some()
}

/// Columns and rows that the text of a review has: the body less its labels, and less what stands around
/// the text. Cautions stand above it, in so many rows; then it gives way to them, and has one at least.
pub fn review_text(size: Size, cautions: usize) -> (usize, usize) {
    let body = areas(size).body;
    let width = usize::from(body.width).saturating_sub(16).max(8);
    let (around, least) = match (body.height >= 18, cautions) {
        (true, 0) => (14, 2),
        (false, 0) => (8, 2),
        (true, _) => (9, 1),
        (false, _) => (2, 1),
    };
    let rows = usize::from(body.height).saturating_sub(around + cautions);
    (width, rows.max(least))
}

/// Rows that the cautions of a review may take at once: under them stand the number, one row of the text, and
/// that there is more of it.
pub fn review_cautions(size: Size) -> usize {
    usize::from(areas(size).body.height).saturating_sub(4)
}

/// Rows above the pane that a stop of the tour takes.
pub fn tour_rows(size: Size) -> u16 {
    match (size.height, has_beside(size)) {
        (0..20, _) => 5,
        (_, false) => 6,
        (_, true) => 7,
    }
}

/// Rows under the pane for the newest message of the pretend phone, where the phone is not beside it.
pub fn phone_rows(size: Size) -> u16 {
    if has_beside(size) { 0 } else { 2 }
}

/// How many entries of the history fit: the body less its two lines of heading and what stands under it.
pub fn history_rows(size: Size) -> u16 {
    let body = areas(size).body.height;
    let under = if body >= 16 { 5 } else { 0 };
    body.saturating_sub(3 + under)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_fill_the_screen_at_any_size() {
        for (width, height) in [(1, 1), (60, 15), (80, 24), (100, 30), (140, 40), (300, 100)] {
            let areas = areas(Size { width, height });
            assert!(
                areas.body.right() <= width && areas.footer.bottom() <= height,
                "{width}x{height}"
            );
            let beside = areas.beside.map_or(0, |beside| beside.width);
            assert_eq!(areas.body.width + beside, width, "{width}x{height}");
        }
    }

    #[test]
    fn a_wide_terminal_has_a_column_beside() {
        for (width, beside) in [(60, false), (99, false), (100, true), (140, true)] {
            assert_eq!(has_beside(Size { width, height: 24 }), beside, "{width}");
        }
    }
}
