//! The blanks of a text that was taken from a template: where they are, and which one is being filled.
//!
//! A blank is a stretch of the text that grows and shrinks with what is typed in it. Tab marks the next
//! one, and what is typed then takes the place of what stands there. Every edit leaves the cursor at the
//! end of what came in, or where something was taken out, so that length and cursor tell what happened.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::domain::sms_text::plain;
use crate::domain::template;

/// The blanks of the text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Blanks {
    list: Vec<Blank>,
    /// The one that is being filled.
    at: Option<usize>,
    /// All of it is marked: what is typed takes its place.
    marked: bool,
}

#[derive(Debug, Clone, PartialEq)]
struct Blank {
    span: Range<usize>,
    /// As it stands in the template, braces and all.
    name: String,
}

impl Blank {
    fn is_filled(&self, text: &str) -> bool {
        text.get(self.span.clone())
            .is_some_and(|value| !value.trim().is_empty() && !self.is_piece(value))
    }

    /// The name itself, or what is left of it with one of its braces.
    fn is_piece(&self, value: &str) -> bool {
        let plain_name = plain(&self.name);
        value.contains(['{', '}']) && (self.name.contains(value) || plain_name.contains(value))
    }
}

impl Blanks {
    /// Those of a template whose values stand at these places of a text.
    pub fn of(template: &str, values: Vec<Range<usize>>) -> Self {
        let names = template::blanks(template)
            .into_iter()
            .map(|at| template[at].to_owned());
        let list = values
            .into_iter()
            .zip(names)
            .map(|(span, name)| Blank { span, name })
            .collect();
        Self {
            list,
            ..Self::default()
        }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.list.len()
    }

    /// There is nothing to be filled in.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// What of the text is marked, so that the next character takes its place.
    pub fn marked(&self, text: &str) -> Option<Range<usize>> {
        let at = self.at.filter(|_| self.marked)?;
        let span = self.list.get(at)?.span.clone();
        text.get(span.clone()).map(|_| span)
    }

    /// The name of the one that is marked, braces and all.
    pub fn marked_name(&self) -> Option<&str> {
        let at = self.at.filter(|_| self.marked)?;
        self.list.get(at).map(|blank| blank.name.as_str())
    }

    /// Where the blanks are that nothing was filled into.
    pub fn unfilled(&self, text: &str) -> Vec<Range<usize>> {
        self.list
            .iter()
            .filter(|blank| !blank.is_filled(text))
            .map(|blank| blank.span.clone())
            .filter(|span| text.get(span.clone()).is_some())
            .collect()
    }

    /// Marks the next blank or the one before; where the cursor goes.
    pub fn turn(&mut self, cursor: usize, forward: bool) -> Option<usize> {
        let inside = self.at.filter(|&at| {
            self.list
                .get(at)
                .is_some_and(|blank| blank.span.start <= cursor && cursor <= blank.span.end)
        });
        let count = self.list.len();
        let at = match (inside, forward) {
            (Some(at), true) => (at + 1) % count,
            (Some(at), false) => (at + count - 1) % count,
            (None, true) => self
                .list
                .iter()
                .position(|blank| blank.span.start >= cursor)
                .unwrap_or(0),
            (None, false) => self
                .list
                .iter()
                .rposition(|blank| blank.span.end <= cursor)
                .unwrap_or(count.checked_sub(1)?),
        };
        self.mark(at)
    }

    /// Marks the next blank that nothing was filled into, or, where there is no other one, the next at all.
    pub fn turn_on(&mut self, text: &str, cursor: usize) -> Option<usize> {
        let from = self.turn(cursor, true)?;
        let first = self.at?;
        let count = self.list.len();
        let open = (0..count)
            .map(|step| (first + step) % count)
            .find(|&at| !self.list[at].is_filled(text));
        match open {
            Some(at) => self.mark(at),
            None => Some(from),
        }
    }

    /// Marks the first blank that nothing was filled into; where the cursor goes, and its name.
    pub fn turn_to_unfilled(&mut self, text: &str) -> Option<(usize, String)> {
        let at = self.list.iter().position(|blank| !blank.is_filled(text))?;
        let name = self.list[at].name.clone();
        self.mark(at).map(|cursor| (cursor, name))
    }

    /// Where the number of the ticket belongs and nothing was filled in.
    pub fn of_ticket(&self, text: &str) -> Option<Range<usize>> {
        let wants = |blank: &&Blank| {
            template::is_ticket(blank.name.trim_matches(['{', '}'])) && !blank.is_filled(text)
        };
        self.list.iter().find(wants).map(|blank| blank.span.clone())
    }

    /// Nothing is marked any more: the cursor was moved.
    pub fn unmark(&mut self) {
        self.marked = false;
    }

    /// The text was edited: it was `before` bytes long, is `after` long, and the cursor stands at `cursor`.
    pub fn edited(&mut self, before: usize, after: usize, cursor: usize) {
        self.marked = false;
        if after >= before {
            self.grown(cursor - (after - before).min(cursor), after - before);
        } else {
            self.shrunk(cursor, cursor + (before - after));
        }
    }

    /// What stands in each of them, in their order.
    pub fn values(&self, text: &str) -> Vec<String> {
        let value = |blank: &Blank| text.get(blank.span.clone()).unwrap_or_default().to_owned();
        self.list.iter().map(value).collect()
    }

    /// What was just written into one stands in each other of the same name as well: the text with that, and
    /// where the cursor is then. `before` is what stood in them.
    pub fn mirror(
        &mut self,
        text: &str,
        cursor: usize,
        before: &[String],
    ) -> Option<(String, usize)> {
        let values = self.values(text);
        if values.len() != before.len() {
            return None;
        }
        let inside = |at: usize| {
            let span = &self.list[at].span;
            values[at] != before[at] && span.start <= cursor && cursor <= span.end
        };
        let at = (0..values.len()).find(|&at| inside(at))?;
        let (name, value) = (self.list[at].name.clone(), &values[at]);
        let (mut all, mut from, mut cursor_at) = (String::with_capacity(text.len()), 0, cursor);
        for (n, blank) in self.list.iter_mut().enumerate() {
            all.push_str(text.get(from..blank.span.start)?);
            from = blank.span.end;
            let start = all.len();
            let same = blank.name == name;
            all.push_str(if same { value } else { &values[n] });
            if n == at {
                cursor_at = start + cursor.saturating_sub(blank.span.start);
            }
            blank.span = start..all.len();
        }
        all.push_str(text.get(from..)?);
        (all != text).then_some((all, cursor_at))
    }

    /// How many names nothing was filled in for.
    pub fn to_fill(&self, text: &str) -> usize {
        let open = self.list.iter().filter(|blank| !blank.is_filled(text));
        let names: BTreeSet<&str> = open.map(|blank| blank.name.as_str()).collect();
        names.len()
    }

    /// The text outside of the blanks, which is the template's.
    pub fn around(&self, text: &str) -> String {
        let mut around = String::with_capacity(text.len());
        let mut at = 0;
        for blank in &self.list {
            around.push_str(text.get(at..blank.span.start).unwrap_or_default());
            around.push('\0');
            at = blank.span.end;
        }
        around.push_str(text.get(at..).unwrap_or_default());
        around
    }

    fn mark(&mut self, at: usize) -> Option<usize> {
        let end = self.list.get(at)?.span.end;
        self.at = Some(at);
        self.marked = true;
        Some(end)
    }

    fn grown(&mut self, place: usize, by: usize) {
        let inside = |blank: &Blank| blank.span.start <= place && place <= blank.span.end;
        let active = self
            .at
            .filter(|&at| self.list.get(at).is_some_and(inside))
            .or_else(|| self.list.iter().position(inside));
        self.at = active;
        for (n, blank) in self.list.iter_mut().enumerate() {
            if Some(n) == active {
                blank.span.end += by;
            } else if blank.span.start >= place {
                blank.span.start += by;
                blank.span.end += by;
            }
        }
    }

    fn shrunk(&mut self, from: usize, to: usize) {
        // What was deleted together with text around it is gone for good.
        self.list.retain(|blank| {
            let span = &blank.span;
            !(from <= span.start && span.end <= to && (from..to) != *span) || span.is_empty()
        });
        let moved = |at: usize| match at {
            at if at <= from => at,
            at if at < to => from,
            at => at - (to - from),
        };
        for blank in &mut self.list {
            blank.span = moved(blank.span.start)..moved(blank.span.end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Hello {name}, ticket {number}.";

    fn blanks() -> Blanks {
        Blanks::of(TEXT, template::blanks(TEXT))
    }

    #[test]
    fn tab_goes_round_and_back() {
        let mut blanks = blanks();
        assert_eq!(blanks.turn(0, true), Some(12));
        assert_eq!(blanks.marked(TEXT), Some(6..12));
        assert_eq!(blanks.marked("Hello a日本"), None, "no letter is cut");
        assert_eq!(blanks.turn(12, true), Some(29));
        assert_eq!(blanks.turn(29, true), Some(12));
        assert_eq!(blanks.turn(12, false), Some(29));
        assert_eq!(Blanks::default().turn(0, false), None);
    }

    #[test]
    fn a_blank_grows_with_what_is_typed_in_it_and_moves_with_what_is_typed_before() {
        let mut blanks = blanks();
        blanks.turn(0, true);
        // The marked one is taken out, and Jo typed in its place.
        blanks.edited(TEXT.len(), TEXT.len() - 6, 6);
        blanks.edited(TEXT.len() - 6, TEXT.len() - 4, 8);
        let text = "Hello Jo, ticket {number}.";
        assert_eq!(blanks.unfilled(text), vec![17..25]);
        assert_eq!(blanks.around(text), "Hello \0, ticket \0.");
        // Oh, typed before all.
        blanks.edited(text.len(), text.len() + 4, 4);
        let text = "Oh, Hello Jo, ticket {number}.";
        assert_eq!(blanks.unfilled(text), vec![21..29]);
    }

    #[test]
    fn what_is_deleted_with_the_text_around_it_is_no_blank_any_more() {
        let mut blanks = blanks();
        blanks.edited(TEXT.len(), TEXT.len() - 13, 0);
        assert_eq!(blanks.unfilled(&TEXT[13..]), vec![8..16]);
        blanks.edited(17, 0, 0);
        assert!(blanks.is_empty());
    }
}
