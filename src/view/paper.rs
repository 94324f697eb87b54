//! What the panes write on: sections of lines that know how much they matter.
//!
//! A section is kept or dropped whole. Where the body is too low for all of them, those that matter most
//! come first, so that the code box and the counters are the last to go; a section may have a shorter form
//! for that case. Where there is room, a blank line stands between them.
//!
//! A line is made of pieces. A piece may stand for a key ([`Paper::key`], [`Paper::offer`]), a line for a
//! row or a field ([`Paper::clickable`]); where it is drawn, it can be clicked.

mod draw;
mod fields;

use ratatui::text::Span;

use crate::domain::Phrase;
use crate::keymap::{Action, Chord, Place};
use crate::model::Click;
use crate::text;

use super::theme::{Look, Role};

/// Columns before the labels.
const MARGIN: usize = 3;
/// Columns of a label.
const LABEL: usize = 12;

/// From this width on nothing has to be cut: a paper that is read out.
pub const SPACIOUS: usize = 200;

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
    /// What a person wrote, where it is read out: exactly this, whatever the cells hold of it.
    words: Option<String>,
}

impl Piece {
    /// Its columns.
    pub fn width(&self) -> usize {
        text::width(&self.span.content)
    }

    /// Whole, or where it is wider than a line, as the rows that it takes.
    fn rows(self, width: usize) -> Vec<Self> {
        if self.width() <= width {
            return vec![self];
        }
        let rows = rows(&self.span.content, width).into_iter();
        rows.map(|row| Self {
            span: Span::styled(row, self.span.style),
            ..self.clone()
        })
        .collect()
    }
}

impl From<Span<'static>> for Piece {
    fn from(span: Span<'static>) -> Self {
        Self {
            span,
            click: None,
            link: None,
            words: None,
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
    /// What stands instead where there is no room for the lines.
    short: Option<Vec<Row>>,
    cursor: Option<(usize, usize)>,
}

/// A body that is being written.
#[derive(Debug)]
pub struct Paper {
    look: Look,
    width: usize,
    sections: Vec<Section>,
    /// Keys that mean something else now, whatever the pane says of them.
    taken: Vec<Chord>,
}

impl Paper {
    /// For a body of this width.
    pub fn new(look: Look, width: u16) -> Self {
        Self {
            look,
            width: usize::from(width),
            sections: Vec::new(),
            taken: Vec::new(),
        }
    }

    /// The keys of this place come before those of the pane: none of them is offered for anything else.
    pub fn under(&mut self, place: Place) {
        let bindings = self.look.keymap.of(place);
        self.taken
            .extend(bindings.flat_map(|binding| binding.chords));
    }

    /// The key that does something in a place, as far as it is the place's own.
    fn chord(&self, place: Place, action: Action) -> Option<Chord> {
        let mut bindings = self.look.keymap.of(place);
        let binding = bindings.find(|binding| binding.action == action)?;
        let mut free = binding
            .chords
            .iter()
            .filter(|chord| !self.taken.contains(chord));
        free.next().copied()
    }

    /// Begins a section; the lines that follow are its.
    pub fn section(&mut self, weight: Weight) -> &mut Self {
        self.sections.push(Section {
            weight,
            lines: Vec::new(),
            short: None,
            cursor: None,
        });
        self
    }

    /// What is written now stands instead of the section before it where there is no room for that.
    pub fn or_shorter(&mut self, write: impl FnOnce(&mut Self)) -> &mut Self {
        let Some(weight) = self.sections.last().map(|section| section.weight) else {
            return self;
        };
        let at = self.sections.len();
        self.section(weight);
        write(self);
        let lines = self.sections.drain(at..).flat_map(|section| section.lines);
        let lines: Vec<Row> = lines.collect();
        if let Some(section) = self.sections.last_mut() {
            section.short = (lines.len() < section.lines.len()).then_some(lines);
        }
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
        let words = self.look.say(words);
        let Some(chord) = self.chord(place, action) else {
            // Without a key it is still a sentence.
            return self.span(Role::Plain, Phrase::verbatim(words)).into();
        };
        let key = self.look.key(chord);
        let piece: Piece = self
            .span(Role::Plain, Phrase::verbatim(format!("{key}  {words}")))
            .into();
        Piece {
            click: Some(Click::Press(chord)),
            ..piece
        }
    }

    /// A line of its own that offers a key: `c  call and speak the code`. A click on it is that key.
    pub fn offer(&mut self, place: Place, action: Action, words: impl Into<Phrase>) -> &mut Self {
        let indent = text::width(self.look.mark(Role::Focus)) + 1;
        self.offered(Role::Plain, &" ".repeat(indent), place, action, words)
    }

    /// The offer that helps most, with the mark of the focus before it.
    pub fn best_offer(
        &mut self,
        place: Place,
        action: Action,
        words: impl Into<Phrase>,
    ) -> &mut Self {
        let mark = format!("{} ", self.look.mark(Role::Focus));
        self.offered(Role::Focus, &mark, place, action, words)
    }

    /// Words that are too long for their line go on under themselves.
    fn offered(
        &mut self,
        role: Role,
        before: &str,
        place: Place,
        action: Action,
        words: impl Into<Phrase>,
    ) -> &mut Self {
        let words = self.look.say(words);
        let chord = self.chord(place, action);
        let lead = match chord {
            Some(chord) => format!("{before}{}  ", self.look.key(chord)),
            None => before.to_owned(),
        };
        let indent = text::width(&lead);
        for (n, row) in rows(&words, self.line_width().saturating_sub(indent))
            .iter()
            .enumerate()
        {
            let lead = if n == 0 {
                lead.clone()
            } else {
                " ".repeat(indent)
            };
            let line = self.span(role, Phrase::verbatim(format!("{lead}{row}")));
            self.line(vec![Piece {
                click: chord.map(Click::Press),
                ..line.into()
            }]);
        }
        self
    }

    /// An address that the terminal may open, on lines of its own: the bare text is the address itself, for
    /// terminals that know no links. One that is too long goes on under itself, and all of it leads there.
    pub fn link(&mut self, to: &str) -> &mut Self {
        for row in rows(to, self.line_width()) {
            let piece = Piece {
                link: Some(to.to_owned()),
                ..self.span(Role::Plain, Phrase::verbatim(row)).into()
            };
            self.line(vec![piece]);
        }
        self
    }

    /// A click anywhere on the line that was written last stands for this: a field, a row of a list.
    pub fn clickable(&mut self, click: Click) -> &mut Self {
        let last = self.sections.last_mut();
        if let Some(row) = last.and_then(|section| section.lines.last_mut()) {
            row.click = Some(click);
        }
        self
    }

    /// Whether [`Paper::flow`] puts these pieces on one line.
    pub fn is_one_line(&self, pieces: &[Span<'static>]) -> bool {
        let words: usize = pieces.iter().map(|piece| text::width(&piece.content)).sum();
        words + self.gap() * pieces.len().saturating_sub(1) <= self.line_width()
    }

    /// Columns between pieces that stand side by side.
    fn gap(&self) -> usize {
        if self.is_narrow() { 3 } else { 5 }
    }

    /// Pieces side by side, each one whole where that can be: what does not fit goes to the next line.
    pub fn flow(&mut self, pieces: Vec<impl Into<Piece>>) -> &mut Self {
        let gap = self.gap();
        let mut line: Vec<Piece> = Vec::new();
        let mut used = 0;
        let width = self.line_width();
        for piece in pieces
            .into_iter()
            .flat_map(|piece| piece.into().rows(width))
        {
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

    /// A piece that a person wrote. Where the paper is read out it is taken whole, as it is.
    pub fn words(&self, role: Role, text: &str) -> Piece {
        Piece {
            words: self.is_read_out().then(|| text.to_owned()),
            ..self.span(role, Phrase::verbatim(text)).into()
        }
    }

    /// It is read out, and not looked at.
    pub fn is_read_out(&self) -> bool {
        self.width >= SPACIOUS
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
