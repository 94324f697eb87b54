//! Drawing what was written: which sections fit, where they stand, and what of them can be clicked.

use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::super::frame::Frame;
use super::{Paper, Row, Weight};

impl Paper {
    /// Draws what fits, and puts the cursor where it belongs.
    pub fn draw(mut self, frame: &mut Frame, area: Rect) {
        self.sections.retain(|section| !section.lines.is_empty());
        let height = usize::from(area.height);
        // What is merely nice gives way to room to breathe; what helps gives way to what must fit.
        while self.lines() + self.sections.len() > height && self.drop_lightest(Weight::Useful) {}
        while self.lines() > height && self.drop_lightest(Weight::Vital) {}
        // Room that is left over goes between the sections, and above the first one.
        let blank = usize::from(self.lines() + self.sections.len() <= height);
        let mut lines: Vec<Row> = Vec::new();
        let mut cursor = None;
        for section in self.sections {
            if blank == 1 {
                lines.push(Row::default());
            }
            if let Some((line, column)) = section.cursor {
                cursor = Some((lines.len() + line, column));
            }
            lines.extend(section.lines);
        }
        for (row, y) in lines.iter().zip(area.y..area.bottom()) {
            register(
                frame,
                row,
                Rect {
                    y,
                    height: 1,
                    ..area
                },
            );
        }
        let lines: Vec<Line> = lines
            .into_iter()
            .map(|row| row.pieces.into_iter().map(|piece| piece.span).collect())
            .collect();
        frame.render_widget(Paragraph::new(lines), area);
        if let Some((line, column)) = cursor.filter(|(line, _)| *line < height) {
            let x = area
                .x
                .saturating_add(column as u16)
                .min(area.right().saturating_sub(1));
            frame.set_cursor_position(Position::new(x, area.y + line as u16));
        }
    }

    /// Drops the last of the lightest sections under this weight, if there is one.
    fn drop_lightest(&mut self, under: Weight) -> bool {
        let sections = self.sections.iter().enumerate();
        let lightest = sections
            .filter(|(_, section)| section.weight < under)
            .min_by_key(|(at, section)| (section.weight, usize::MAX - at))
            .map(|(at, _)| at);
        lightest.map(|at| self.sections.remove(at)).is_some()
    }
}

/// What the pieces of a line stand for, where they are drawn.
fn register(frame: &mut Frame, row: &Row, line: Rect) {
    if let Some(click) = &row.click {
        frame.clickable(line, click.clone());
    }
    let mut x = line.x;
    for piece in &row.pieces {
        let end = x.saturating_add(piece.width() as u16).min(line.right());
        let area = Rect {
            x,
            width: end - x,
            ..line
        };
        if let Some(click) = &piece.click {
            frame.clickable(area, click.clone());
        }
        if let Some(link) = &piece.link {
            frame.link(area, link.clone());
        }
        x = end;
    }
}
