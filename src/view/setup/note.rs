//! Pages for the admin.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::domain::checkup::Health;
use crate::domain::phrase::phrase;
use crate::domain::{Phrase, recipe, safety};
use crate::model::checkup::Checkup;
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
        Note::Rules(rules) => {
            page.gap();
            for rule in rules {
                page.text(Role::Plain, 0, rule);
            }
        }
        Note::Checkup(checkup) => page.checkup(checkup),
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

    fn checkup(&mut self, checkup: &Checkup) {
        self.gap();
        let worth_a_look = checkup.count(Health::Doubtful);
        match (checkup.under_way(), checkup.count(Health::Broken)) {
            (Some(link), _) => {
                let what = phrase!("Looking at: {link}", link = link.title());
                self.marked(Role::Working, what);
            }
            (None, 0) if worth_a_look == 0 => self.marked(Role::Done, phrase!("Every link holds.")),
            (None, 0) => self.marked(
                Role::Needs,
                phrase!("Every link holds. Worth a look: {n}.", n = worth_a_look),
            ),
            (None, 1) => self.marked(Role::Wrong, phrase!("1 link does not hold.")),
            (None, n) => self.marked(Role::Wrong, phrase!("{n} links do not hold.", n = n)),
        }
        self.gap();
        // What is wrong stands first: nobody scrolls in the middle of a call.
        let order = [
            (Health::Broken, Role::Wrong),
            (Health::Doubtful, Role::Needs),
            (Health::Good, Role::Done),
            (Health::Skipped, Role::Dim),
        ];
        for (health, role) in order {
            let alike = checkup
                .findings
                .iter()
                .filter(|found| found.health == health);
            for found in alike {
                let line = phrase!(
                    "{link}: {what}",
                    link = found.link.title(),
                    what = &found.what
                );
                self.marked(role, line);
                if let Some(next) = &found.next {
                    self.text(Role::Focus, 2, next);
                }
            }
        }
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
