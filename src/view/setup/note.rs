//! Pages for the admin.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::domain::phrase::phrase;
use crate::domain::{Phrase, recipe, safety};
use crate::model::setup::note::Note;
use crate::text;

use super::super::frame::Frame;
use super::super::paper::rows;
use super::super::theme::{Look, Role};

/// Columns on both sides.
const MARGIN: usize = 3;

/// Draws a page, scrolled as far as there is something to see.
pub fn draw(frame: &mut Frame, look: Look, area: Rect, note: &Note, scroll: u16) {
    let mut page = Page {
        look,
        width: usize::from(area.width).saturating_sub(MARGIN + 1).max(8),
        lines: vec![Line::default()],
    };
    page.text(Role::Strong, 0, note.title());
    match note {
        Note::Recipe => page.recipe(),
        Note::Safety(service) => {
            page.text(
                Role::Plain,
                0,
                Phrase::verbatim(format!("{}   {}", service.name.visible(), service.sid)),
            );
            page.gap();
            match service.concerns.as_deref() {
                None => page.text(
                    Role::Dim,
                    0,
                    phrase!("These keys may not read its settings."),
                ),
                Some([]) => page.text(
                    Role::Done,
                    0,
                    phrase!("Nothing in its settings speaks against it."),
                ),
                Some(concerns) => {
                    for concern in concerns {
                        page.marked(Role::Needs, concern.what());
                        page.text(Role::Plain, 2, concern.remedy());
                    }
                }
            }
            page.gap();
            page.marked(Role::Unknown, safety::question());
        }
    }
    let most = (page.lines.len() as u16).saturating_sub(area.height);
    frame.render_widget(
        Paragraph::new(page.lines).scroll((scroll.min(most), 0)),
        area,
    );
}

struct Page {
    look: Look,
    width: usize,
    lines: Vec<Line<'static>>,
}

impl Page {
    fn recipe(&mut self) {
        for line in recipe::opening() {
            self.text(Role::Plain, 0, line);
        }
        for (purpose, names) in recipe::permissions() {
            self.gap();
            self.text(Role::Strong, 0, purpose);
            for name in names {
                self.text(Role::Plain, 2, Phrase::verbatim((*name).to_owned()));
            }
        }
        self.gap();
        self.text(Role::Plain, 0, recipe::closing());
    }

    fn gap(&mut self) {
        self.lines.push(Line::default());
    }

    fn text(&mut self, role: Role, indent: usize, text: impl Into<Phrase>) {
        let said = self.look.say(text);
        for row in rows(&said, self.width.saturating_sub(indent)) {
            self.row(role, indent, row);
        }
    }

    fn marked(&mut self, role: Role, text: impl Into<Phrase>) {
        let mark = self.look.mark(role);
        let indent = text::width(mark) + 1;
        let said = self.look.say(text);
        for (n, row) in rows(&said, self.width.saturating_sub(indent))
            .into_iter()
            .enumerate()
        {
            if n == 0 {
                self.row(role, 0, format!("{mark} {row}"));
            } else {
                self.row(role, indent, row);
            }
        }
    }

    fn row(&mut self, role: Role, indent: usize, row: String) {
        let before = " ".repeat(MARGIN + indent);
        self.lines.push(Line::from(vec![
            Span::raw(before),
            Span::styled(row, self.look.style(role)),
        ]));
    }
}
