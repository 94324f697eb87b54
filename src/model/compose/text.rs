//! The text itself: typed, pasted, taken from a template with its blanks, counted, and shown as it will go out.

use crate::domain::message::TRIAL_PREFIX;
use crate::domain::sms_text::{self, Count, SmsText};
use crate::domain::template::blanks;
use crate::domain::{Template, Templates, Ticket, untrusted};
use crate::keymap::{Chord, Key};
use crate::model::field::Field;
use crate::text;

use super::blanks::Blanks;
use super::{Compose, Stage};

impl Compose {
    /// The text is still empty, and there are templates for it.
    pub fn offers_templates(&self) -> bool {
        self.body.is_empty() && !self.templates.list.is_empty()
    }

    /// The text is a template, filled in.
    pub fn is_from_template(&self) -> bool {
        self.templates.allow(self.body.text())
    }

    /// How many texts it makes; on a trial account with what Twilio puts before it.
    pub fn count(&self, trial: bool) -> Count {
        count(self.body.text(), trial)
    }

    /// How many texts it would make with plain letters.
    pub fn plain_count(&self, trial: bool) -> Count {
        count(&sms_text::plain(self.body.text()), trial)
    }

    /// The text as it is reviewed, line by line: with whatever nobody would see made visible, and in ASCII with
    /// what cannot be shown spelled out.
    pub fn lines(&self, ascii: bool) -> Vec<String> {
        let mut lines = untrusted::visible_lines(self.body.text());
        if ascii {
            for line in &mut lines {
                *line = text::spelled(line).into_owned();
            }
        }
        lines
    }

    /// The same in rows of a width.
    pub fn rows(&self, width: usize, ascii: bool) -> Vec<String> {
        rows(&self.lines(ascii), width)
    }

    /// A key in the text; whether it meant anything.
    pub fn type_into_body(&mut self, chord: Chord) -> bool {
        let clears = matches!(chord.key, Key::Backspace | Key::Delete);
        let before = self.blanks.values(self.body.text());
        if clears && self.cut_marked() {
            self.mirror(&before);
            return true;
        }
        self.change_body(|body| body.edit(chord), chord.text().is_some())
    }

    /// Types or pastes into the text.
    pub fn insert_into_body(&mut self, text: &str) {
        self.change_body(
            |body| {
                body.insert(text);
                true
            },
            true,
        );
    }

    /// The templates were read; a text that was made from one of them has its blanks again.
    pub fn take_in(&mut self, templates: Templates) {
        self.templates = templates;
        if self.blanks.is_empty() {
            self.find_blanks();
        }
    }

    /// Takes a template: its text, with the first blank marked.
    pub fn take(&mut self, template: &Template) {
        self.body.set(template.body.raw());
        let text = self.body.text();
        self.blanks = Blanks::of(text, blanks(text));
        self.complaint = None;
        self.stage = Stage::Body;
        self.fill_ticket();
        let unfilled = self.blanks.turn_to_unfilled(self.body.text());
        let cursor = unfilled.map_or(self.body.text().len(), |(cursor, _)| cursor);
        self.body.move_to(cursor);
    }

    /// The ticket that is known fills the blanks that are its own.
    pub(in crate::model) fn fill_ticket(&mut self) {
        let Ok(ticket) = Ticket::parse(self.ticket.text()) else {
            return;
        };
        // What looks like a blank itself would never count as filled in.
        if ticket.as_str().contains('{') {
            return;
        }
        // Each of them once: a full field takes nothing more in.
        for _ in 0..self.blanks.count() {
            let Some(blank) = self.blanks.of_ticket(self.body.text()) else {
                break;
            };
            self.body.move_to(blank.end);
            let before = self.body.text().len();
            self.body.cut(blank);
            self.blanks
                .edited(before, self.body.text().len(), self.body.cursor());
            let before = self.body.text().len();
            self.body.insert(ticket.as_str());
            self.blanks
                .edited(before, self.body.text().len(), self.body.cursor());
        }
    }

    /// The template that stands at this number, if there is one.
    pub fn take_number(&mut self, number: usize) -> bool {
        let template = number
            .checked_sub(1)
            .and_then(|at| self.templates.list.get(at))
            .cloned();
        if let Some(template) = &template {
            self.take(template);
        }
        template.is_some()
    }

    /// Puts a text back as it was: one from a template has its blanks again.
    pub fn put_back(&mut self, body: &str) {
        self.body.set(body);
        self.find_blanks();
    }

    /// Marks the next blank, or the one before; whether there is one.
    pub fn turn_blank(&mut self, forward: bool) -> bool {
        let cursor = if forward {
            self.blanks.turn_on(self.body.text(), self.body.cursor())
        } else {
            self.blanks.turn(self.body.cursor(), false)
        };
        if let Some(cursor) = cursor {
            self.body.move_to(cursor);
        }
        cursor.is_some()
    }

    /// Plain letters would make it cost less.
    pub fn has_plainer(&self) -> bool {
        let text = self.body.text();
        self.count(false).first_costly.is_some() && sms_text::plain(text) != text
    }

    /// Plain letters for those that make the text cost more.
    pub fn plain(&mut self) {
        let plain = sms_text::plain(self.body.text());
        self.put_back(&plain);
    }

    /// What is marked goes; whether anything was.
    fn cut_marked(&mut self) -> bool {
        let Some(marked) = self.blanks.marked(self.body.text()) else {
            return false;
        };
        let before = self.body.text().len();
        self.body.cut(marked);
        self.blanks
            .edited(before, self.body.text().len(), self.body.cursor());
        true
    }

    /// A blank that stands in the text twice is filled once.
    fn mirror(&mut self, before: &[String]) {
        let (text, cursor) = (self.body.text(), self.body.cursor());
        let mut blanks = self.blanks.clone();
        if let Some((text, cursor)) = blanks.mirror(text, cursor, before) {
            let mut body = self.body.clone();
            body.set(&text);
            body.move_to(cursor);
            // A full field takes nothing more in.
            if body.text() == text {
                (self.body, self.blanks) = (body, blanks);
            }
        }
    }

    fn change_body(&mut self, change: impl FnOnce(&mut Field) -> bool, types: bool) -> bool {
        let values = self.blanks.values(self.body.text());
        if types {
            self.cut_marked();
        }
        let before = self.body.text().len();
        if !change(&mut self.body) {
            return false;
        }
        let after = self.body.text().len();
        if after == before {
            self.blanks.unmark();
        } else {
            self.blanks.edited(before, after, self.body.cursor());
            self.mirror(&values);
            self.complaint = None;
        }
        true
    }

    /// Whichever template the text was made from, its blanks are known again.
    fn find_blanks(&mut self) {
        let text = self.body.text();
        let found = self.templates.list.iter().find_map(|template| {
            let values = template.fit(text)?;
            (!values.is_empty()).then(|| Blanks::of(template.body.raw(), values))
        });
        self.blanks = found.unwrap_or_default();
    }
}

/// Lines as the rows that they take in a width.
pub fn rows(lines: &[String], width: usize) -> Vec<String> {
    let mut rows = Vec::new();
    for line in lines {
        let wrapped = text::wrap(line, width).into_iter();
        rows.extend(wrapped.map(|row| line[row.shown].to_owned()));
    }
    rows
}

fn count(body: &str, trial: bool) -> Count {
    if !trial {
        return SmsText::count(body);
    }
    // What Twilio puts before it has plain letters and no line end: the line is right, the column is not.
    let mut count = SmsText::count(&format!("{TRIAL_PREFIX}{body}"));
    if let Some(costly) = &mut count.first_costly
        && costly.line == 1
    {
        costly.column = costly.column.saturating_sub(TRIAL_PREFIX.len()).max(1);
    }
    count
}
