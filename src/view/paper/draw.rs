//! Drawing what was written: which sections fit, where they stand, and what of them can be clicked.

use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::super::frame::Frame;
use super::{Paper, Row, Section, Weight};

impl Paper {
    /// Draws what fits, and puts the cursor where it belongs.
    pub fn draw(mut self, frame: &mut Frame, area: Rect) {
        self.sections.retain(|section| !section.lines.is_empty());
        let height = usize::from(area.height);
        let sections = fitting(self.sections, height);
        let taken: usize = sections.iter().map(|section| section.lines.len()).sum();
        // Room that is left over goes between the sections, and above the first one.
        let blank = taken + sections.len() <= height;
        let mut lines: Vec<Row> = Vec::new();
        let mut cursor = None;
        for section in sections {
            if blank {
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
}

/// What fits in so many rows. What is merely nice gives way to room to breathe; what helps gives way to what
/// must fit, by a shorter form first. A row that is left over is used by what is next in weight.
fn fitting(sections: Vec<Section>, height: usize) -> Vec<Section> {
    let needed = |section: &Section| section.lines.len() + 1;
    let weighty = sections.iter().filter(|one| one.weight > Weight::Extra);
    let breathing = weighty.map(needed).sum::<usize>() <= height;
    let gap = usize::from(breathing);
    let mut by_weight: Vec<usize> = (0..sections.len()).collect();
    by_weight.sort_by_key(|&at| std::cmp::Reverse(sections[at].weight));
    let nice = by_weight.partition_point(|&at| sections[at].weight > Weight::Extra);
    let (by_weight, nice) = by_weight.split_at(nice);
    let mut used = 0;
    // First each in its shortest form, so that as many as can be are there.
    let mut taken = vec![false; sections.len()];
    for &at in by_weight {
        let section = &sections[at];
        let least = section.short.as_ref().unwrap_or(&section.lines).len() + gap;
        if used + least <= height || section.weight == Weight::Vital {
            used += least;
            taken[at] = true;
        }
    }
    let mut whole = vec![true; sections.len()];
    for at in by_weight.iter().copied().filter(|&at| taken[at]) {
        if let Some(short) = &sections[at].short {
            let more = sections[at].lines.len() - short.len();
            whole[at] = used + more <= height;
            used += if whole[at] { more } else { 0 };
        }
    }
    for &at in nice {
        let section = &sections[at];
        let forms = [Some(&section.lines), section.short.as_ref()];
        let fits = |lines: &&Vec<Row>| used + lines.len() + gap <= height;
        if let Some(lines) = forms.into_iter().flatten().find(fits) {
            used += lines.len() + gap;
            taken[at] = true;
            whole[at] = lines.len() == section.lines.len();
        }
    }
    let kept = sections.into_iter().zip(taken).zip(whole);
    kept.filter(|((_, taken), _)| *taken)
        .map(|((section, _), whole)| match section.short {
            Some(short) if !whole => Section {
                lines: short,
                short: None,
                ..section
            },
            _ => section,
        })
        .collect()
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
        if let Some(words) = &piece.words {
            frame.quote(area, words.clone());
        }
        if let Some(link) = &piece.link {
            frame.link(area, link.clone());
        }
        x = end;
    }
}
