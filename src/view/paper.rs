//! What the panes write on: sections of lines that know how much they matter.
//!
//! A section is kept or dropped whole. Where the body is too low for all of them, those that matter
//! least go first, so that the code box and the counters are the last to go; where there is room, a
//! blank line stands between them.
//!
//! A line is made of pieces. A piece may stand for a key ([`Paper::key`], [`Paper::offer`]), a line for a
//! row or a field ([`Paper::clickable`]); where it is drawn, it can be clicked.

use super::frame::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::domain::Phrase;
use crate::keymap::{Action, Place};
use crate::model::Click;
use crate::text;

use super::theme::{Look, Role};

/// Columns before the labels.
const MARGIN: usize = 3;
/// Columns of a label.
const LABEL: usize = 12;

/// How much a section matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Nice to have.
    Extra,
    /// Helps.
    Useful,
    /// Ought to be there.
    Important,
    /// Never dropped.
    Vital,
}

/// A text as the rows that it takes in a width.
pub fn rows(text: &str, width: usize) -> Vec<String> {
    text::wrap(text, width)
        .iter()
        .map(|line| text[line.shown.clone()].to_owned())
        .collect()
}

/// A piece of a line: text, and what a click on it stands for, if anything. A span is a piece that stands
/// for nothing.
#[derive(Debug, Clone)]
pub struct Piece {
    span: Span<'static>,
    click: Option<Click>,
    link: Option<String>,
}

impl Piece {
    fn width(&self) -> usize {
        text::width(&self.span.content)
    }
}

impl From<Span<'static>> for Piece {
    fn from(span: Span<'static>) -> Self {
        Self {
            span,
            click: None,
            link: None,
        }
    }
}

/// A line, and which columns of it do something.
#[derive(Debug, Clone, Default)]
struct Row {
    pieces: Vec<Piece>,
    /// What a click anywhere else on the line stands for.
    click: Option<Click>,
}

/// Lines that belong together.
#[derive(Debug, Clone)]
struct Section {
    weight: Weight,
    lines: Vec<Row>,
    cursor: Option<(usize, usize)>,
}

/// A body that is being written.
#[derive(Debug)]
pub struct Paper {
    look: Look,
    width: usize,
    sections: Vec<Section>,
}

impl Paper {
    /// For a body of this width.
    pub fn new(look: Look, width: u16) -> Self {
        Self {
            look,
            width: usize::from(width),
            sections: Vec::new(),
        }
    }

    /// Begins a section; the lines that follow are its.
    pub fn section(&mut self, weight: Weight) -> &mut Self {
        self.sections.push(Section {
            weight,
            lines: Vec::new(),
            cursor: None,
        });
        self
    }

    /// Columns that a text may take after a label.
    pub fn text_width(&self) -> usize {
        self.width.saturating_sub(MARGIN + LABEL + 1).max(8)
    }

    /// Columns that a text without a label may take.
    pub fn line_width(&self) -> usize {
        self.width.saturating_sub(MARGIN + 1).max(8)
    }

    /// A line as it is, after the margin.
    pub fn line(&mut self, pieces: Vec<impl Into<Piece>>) -> &mut Self {
        let mut all = vec![blank(MARGIN)];
        all.extend(pieces.into_iter().map(Into::into));
        self.push(all)
    }

    /// A key and what it does here, as a piece of a line. A click on it is that key.
    pub fn key(&self, place: Place, action: Action, words: impl Into<Phrase>) -> Piece {
        self.key_as(Role::Plain, "", place, action, words)
    }

    fn key_as(
        &self,
        role: Role,
        before: &str,
        place: Place,
        action: Action,
        words: impl Into<Phrase>,
    ) -> Piece {
        let words = self.look.say(words);
        let Some(chord) = self.look.keymap.chord(place, action) else {
            // Without a key it is still a sentence.
            return self
                .span(role, Phrase::verbatim(format!("{before}{words}")))
                .into();
        };
        let piece: Piece = self
            .span(role, Phrase::verbatim(format!("{before}{chord}  {words}")))
            .into();
        Piece {
            click: Some(Click::Press(chord)),
            ..piece
        }
    }

    /// A line of its own that offers a key: `c  call and speak the code`. A click on it is that key.
    pub fn offer(&mut self, place: Place, action: Action, words: impl Into<Phrase>) -> &mut Self {
        let indent = text::width(self.look.mark(Role::Focus)) + 1;
        let piece = self.key_as(Role::Plain, &" ".repeat(indent), place, action, words);
        self.line(vec![piece])
    }

    /// The offer that helps most, with the mark of the focus before it.
    pub fn best_offer(
        &mut self,
        place: Place,
        action: Action,
        words: impl Into<Phrase>,
    ) -> &mut Self {
        let mark = format!("{} ", self.look.mark(Role::Focus));
        let piece = self.key_as(Role::Focus, &mark, place, action, words);
        self.line(vec![piece])
    }

    /// An address that the terminal may open, as a piece of a line: the bare text is the address itself,
    /// for terminals that know no links.
    pub fn link(&self, to: &str) -> Piece {
        Piece {
            link: Some(to.to_owned()),
            ..self.span(Role::Plain, Phrase::verbatim(to)).into()
        }
    }

    /// A click anywhere on the line that was written last stands for this: a field, a row of a list.
    pub fn clickable(&mut self, click: Click) -> &mut Self {
        let last = self.sections.last_mut();
        if let Some(row) = last.and_then(|section| section.lines.last_mut()) {
            row.click = Some(click);
        }
        self
    }

    /// Pieces side by side, each one whole: what does not fit goes to the next line.
    pub fn flow(&mut self, pieces: Vec<impl Into<Piece>>) -> &mut Self {
        let gap = if self.is_narrow() { 3 } else { 5 };
        let mut line: Vec<Piece> = Vec::new();
        let mut used = 0;
        for piece in pieces.into_iter().map(Into::into) {
            let width = piece.width();
            if used > 0 && used + gap + width > self.line_width() {
                self.line(std::mem::take(&mut line));
                used = 0;
            }
            if used > 0 {
                line.push(blank(gap));
                used += gap;
            }
            used += width;
            line.push(piece);
        }
        self.line(line)
    }

    /// A text without a label, wrapped.
    pub fn text(&mut self, role: Role, text: impl Into<Phrase>) -> &mut Self {
        for row in rows(&self.look.say(text), self.line_width()) {
            self.line(vec![self.span(role, Phrase::verbatim(&row))]);
        }
        self
    }

    /// A sentence with its mark before it, wrapped under itself.
    pub fn marked(&mut self, role: Role, text: impl Into<Phrase>) -> &mut Self {
        let text = self.look.say(text);
        let mark = self.look.mark(role);
        let indent = text::width(mark) + 1;
        for (n, row) in rows(&text, self.line_width().saturating_sub(indent))
            .iter()
            .enumerate()
        {
            let before = if n == 0 {
                format!("{mark} ")
            } else {
                " ".repeat(indent)
            };
            self.line(vec![
                self.span(role, Phrase::verbatim(&before)),
                self.span(role, Phrase::verbatim(row)),
            ]);
        }
        self
    }

    /// A label and what stands after it.
    pub fn labelled(
        &mut self,
        label: impl Into<Phrase>,
        pieces: Vec<impl Into<Piece>>,
    ) -> &mut Self {
        let label = self.look.say(label);
        let label = Span::raw(format!(
            "{}{}",
            " ".repeat(MARGIN),
            text::pad(&label, LABEL)
        ));
        let mut all = vec![label.into()];
        all.extend(pieces.into_iter().map(Into::into));
        self.push(all)
    }

    /// A label and a text that is wrapped under itself.
    pub fn labelled_text(
        &mut self,
        label: impl Into<Phrase>,
        role: Role,
        text: impl Into<Phrase>,
    ) -> &mut Self {
        let label = self.look.say(label);
        for (n, row) in rows(&self.look.say(text), self.text_width())
            .iter()
            .enumerate()
        {
            let label = if n == 0 { label.as_str() } else { "" };
            self.labelled(
                Phrase::verbatim(label),
                vec![self.span(role, Phrase::verbatim(row))],
            );
        }
        self
    }

    /// A label and a sentence with its mark, wrapped under itself.
    pub fn labelled_marked(
        &mut self,
        label: impl Into<Phrase>,
        role: Role,
        text: impl Into<Phrase>,
    ) -> &mut Self {
        let (label, text) = (self.look.say(label), self.look.say(text));
        let mark = self.look.mark(role);
        let indent = if mark.is_empty() {
            0
        } else {
            text::width(mark) + 1
        };
        for (n, row) in rows(&text, self.text_width().saturating_sub(indent))
            .iter()
            .enumerate()
        {
            let (label, before) = if n == 0 {
                (label.as_str(), text::pad(mark, indent))
            } else {
                ("", " ".repeat(indent))
            };
            self.labelled(
                Phrase::verbatim(label),
                vec![
                    self.span(role, Phrase::verbatim(&before)),
                    self.span(role, Phrase::verbatim(row)),
                ],
            );
        }
        self
    }

    /// A field: the mark and the cursor stand in the one that waits for the agent. A text that is too
    /// long for its line scrolls so that the cursor stays in sight.
    pub fn field(
        &mut self,
        label: impl Into<Phrase>,
        focused: bool,
        shown: &str,
        cursor: usize,
        placeholder: impl Into<Phrase>,
    ) -> &mut Self {
        let placeholder = self.look.say(placeholder);
        let before = &shown[..cursor];
        let room = self.text_width().saturating_sub(1);
        let start = text::tail_start(before, room);
        let (visible, role) = if shown.is_empty() {
            (placeholder.as_str(), Role::Dim)
        } else {
            (&shown[start..], Role::Plain)
        };
        let visible = self.look.text(&text::truncate(visible, room + 1));
        let column = MARGIN + LABEL + text::width(&before[start..]);
        self.focus_line(
            label,
            focused,
            vec![self.span(role, Phrase::verbatim(&visible))],
        );
        if focused {
            self.cursor_at(column);
        }
        self
    }

    /// A labelled line with the mark of the focus before it.
    pub fn focus_line(
        &mut self,
        label: impl Into<Phrase>,
        focused: bool,
        spans: Vec<Span<'static>>,
    ) -> &mut Self {
        let label = self.look.say(label);
        let mark = if focused {
            self.look.mark(Role::Focus)
        } else {
            " "
        };
        let role = if focused { Role::Focus } else { Role::Plain };
        let mut all = vec![
            blank(1),
            self.span(role, Phrase::verbatim(text::pad(mark, MARGIN - 1)))
                .into(),
            self.span(role, Phrase::verbatim(text::pad(&label, LABEL)))
                .into(),
        ];
        all.extend(spans.into_iter().map(Into::into));
        self.push(all)
    }

    /// The cursor stands in the line that was written last, at this column of the body.
    pub fn cursor_at(&mut self, column: usize) -> &mut Self {
        if let Some(section) = self.sections.last_mut() {
            section.cursor = Some((section.lines.len().saturating_sub(1), column));
        }
        self
    }

    /// How many rows it takes where there is room for all, with blank lines between the sections.
    pub fn height(&self) -> u16 {
        (self.lines() + self.sections.len().saturating_sub(1)) as u16
    }

    /// The column where a line without a label begins.
    pub const fn margin() -> usize {
        MARGIN
    }

    /// The column where what stands after a label begins.
    pub const fn text_column() -> usize {
        MARGIN + LABEL
    }

    /// A piece of text with a meaning.
    pub fn span(&self, role: Role, text: impl Into<Phrase>) -> Span<'static> {
        Span::styled(self.look.say(text), self.look.style(role))
    }

    /// A mark and a word with a meaning.
    pub fn state(&self, role: Role, word: impl Into<Phrase>) -> Span<'static> {
        let mark = self.look.mark(role);
        let gap = if mark.is_empty() { "" } else { " " };
        let word = self.look.say(word);
        Span::styled(format!("{mark}{gap}{word}"), self.look.style(role))
    }

    /// How the desk looks.
    pub fn look(&self) -> Look {
        self.look
    }

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

    /// The body is too narrow for two columns of facts.
    pub fn is_narrow(&self) -> bool {
        self.width < 76
    }

    /// How many rows are written so far.
    pub fn lines(&self) -> usize {
        self.sections
            .iter()
            .map(|section| section.lines.len())
            .sum()
    }

    fn push(&mut self, pieces: Vec<Piece>) -> &mut Self {
        if self.sections.is_empty() {
            self.section(Weight::Vital);
        }
        if let Some(section) = self.sections.last_mut() {
            section.lines.push(Row {
                pieces,
                click: None,
            });
        }
        self
    }
}

fn blank(columns: usize) -> Piece {
    Span::raw(" ".repeat(columns)).into()
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
