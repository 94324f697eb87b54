//! Lines with a label before them: facts, sentences, and the fields that wait for the agent.

use ratatui::text::Span;

use crate::domain::Phrase;
use crate::domain::untrusted::visible;
use crate::text;

use super::super::theme::Role;
use super::{LABEL, MARGIN, Paper, Piece, blank, rows};

impl Paper {
    /// A label and what stands after it.
    pub fn labelled(
        &mut self,
        label: impl Into<Phrase>,
        pieces: Vec<impl Into<Piece>>,
    ) -> &mut Self {
        let label = self.look.say(label);
        let label = Span::raw(format!("{}{}", " ".repeat(MARGIN), self.in_columns(&label)));
        let mut all = vec![label.into()];
        all.extend(pieces.into_iter().map(Into::into));
        self.push(all)
    }

    /// A label in its columns, never touching what stands after it. Where there is room it is never cut.
    fn in_columns(&self, label: &str) -> String {
        let width = text::width(label);
        if self.is_read_out() {
            text::pad(label, LABEL.max(width + 2))
        } else if width >= LABEL {
            // What stands behind it moves: no word of ours is cut.
            format!("{label} ")
        } else {
            text::pad(label, LABEL)
        }
    }

    /// A label with its text behind it, wrapped from the margin: where rows are few.
    pub fn run_in(&mut self, label: impl Into<Phrase>, text: impl Into<Phrase>) -> &mut Self {
        let (label, text) = (self.look.say(label), self.look.say(text));
        self.text(Role::Plain, Phrase::verbatim(format!("{label}  {text}")))
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

    /// A label and what a person wrote, line by line, each wrapped under itself. Where it is read out each of
    /// the lines is said whole.
    pub fn quoted(&mut self, label: impl Into<Phrase>, role: Role, lines: &[String]) -> &mut Self {
        let label = self.look.say(label);
        for (n, line) in lines.iter().enumerate() {
            let label = Phrase::verbatim(if n == 0 { label.as_str() } else { "" });
            if self.is_read_out() {
                self.labelled(label, vec![self.words(role, line)]);
            } else {
                let line = if line.is_empty() { " " } else { line };
                self.labelled_text(label, role, Phrase::verbatim(line));
            }
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
        // It may have been pasted.
        let (before, after) = shown.split_at(cursor);
        let (before, after) = (visible(before), visible(after));
        let shown = format!("{before}{after}");
        let room = self.text_width().saturating_sub(1);
        let start = text::tail_start(&before, room);
        let (seen, role) = if shown.is_empty() {
            let whole = text::clause(&placeholder, room + 1);
            (whole.unwrap_or(&placeholder), Role::Dim)
        } else {
            (&shown[start..], Role::Plain)
        };
        let seen = self.look.text(&text::truncate(seen, room + 1));
        let column = MARGIN + LABEL + text::width(&before[start..]);
        let piece = if shown.is_empty() {
            self.span(role, Phrase::verbatim(&seen)).into()
        } else if self.is_read_out() {
            self.words(role, &self.look.text(&shown))
        } else {
            self.words(role, &seen)
        };
        self.focus_line(label, focused, vec![piece]);
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
        pieces: Vec<impl Into<Piece>>,
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
            self.span(role, Phrase::verbatim(self.in_columns(&label)))
                .into(),
        ];
        all.extend(pieces.into_iter().map(Into::into));
        self.push(all)
    }
}
