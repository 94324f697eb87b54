//! What is pasted is data for the field that waits for it, and never a key. Where nothing waits for it, one
//! sentence says that it was not taken: whoever pastes looks at another window, and must not believe that it
//! stands here.

use crate::domain::{Phrase, phrase};
use crate::keymap::{Action, Chord, Key};
use crate::layout;

use super::effect::Effect;
use super::{Model, Overlay, Pane};

impl Model {
    pub(super) fn pasted(&mut self, text: &str) -> Vec<Effect> {
        if let Some(why) = self.takes_no_paste() {
            self.notify(why);
            return Vec::new();
        }
        if self.setting.plain {
            self.empty_for_line();
        }
        match (&mut self.overlay, &mut self.setup) {
            (Some(Overlay::Palette(palette)), _) => {
                palette.filter.insert(text);
                palette.marked = 0;
            }
            (Some(Overlay::Help { filter, scroll, .. }), _) => {
                filter.insert(text);
                *scroll = 0;
            }
            (Some(_), _) => {}
            (None, Some(setup)) => {
                if !setup.insert(text) {
                    self.notify(self.no_field());
                }
            }
            (None, None) => {
                let mut effects = Vec::new();
                match self.pane {
                    Pane::Verify => self.pasted_on_verify(text),
                    Pane::Message => self.pasted_on_message(text),
                    Pane::History => effects = self.pasted_on_history(text),
                    Pane::Settings => {
                        if !self.pasted_on_settings(text) {
                            self.notify(self.no_field());
                        }
                    }
                }
                self.offer_numbers(text);
                return effects;
            }
        }
        Vec::new()
    }

    /// Why nothing can be pasted here, whatever it is.
    fn takes_no_paste(&self) -> Option<Phrase> {
        if layout::is_too_small(self.size) {
            return Some(phrase!(
                "What you pasted was not taken: the window was too small."
            ));
        }
        if self.lock.is_closed() {
            return Some(phrase!(
                "What you pasted was not taken: the desk was hidden."
            ));
        }
        match self.overlay.as_ref()? {
            Overlay::Palette(_) | Overlay::Help { .. } => None,
            Overlay::Quit
            | Overlay::SignOut
            | Overlay::ForgetAll
            | Overlay::Sure(_)
            | Overlay::LookUp(_)
            | Overlay::Withdraw(_)
            | Overlay::Numbers(_) => Some(answer_first()),
            Overlay::Note { .. }
            | Overlay::Phone
            | Overlay::Tour { .. }
            | Overlay::Replies { .. }
            | Overlay::Card { .. } => Some(self.no_field()),
        }
    }

    /// Nothing is being typed here.
    fn no_field(&self) -> Phrase {
        let esc = Chord::plain(Key::Esc);
        let leaves = self.setting.keymap.resolve(&self.places(), esc) == Some(Action::Back);
        if leaves {
            phrase!("What you pasted was not taken: there is no field for it here. Esc goes back.")
        } else {
            phrase!("What you pasted was not taken: there is no field for it here.")
        }
    }

    fn pasted_on_verify(&mut self, text: &str) {
        // A question about a check takes its answer and nothing else.
        if self.verify.question.is_some() && self.verify.shown.is_some() {
            return self.notify(answer_first());
        }
        let country = &self.setting.default_country;
        if let Some(problem) = self.verify.paste(text, country, self.now) {
            self.notify(problem);
        }
        let auto_check = self.checks_by_itself();
        let shown = self.verify.shown;
        if let Some(check) = shown.and_then(|at| self.verify.checks.get_mut(at))
            && (!auto_check || check.brakes())
        {
            check.wait_for_enter();
        }
    }

    /// A number that was typed where a code belongs is one as if it had been pasted there.
    pub(super) fn number_typed_for_code(&mut self) {
        let now = self.now;
        for at in 0..self.verify.checks.len() {
            if let Some(number) = self.verify.checks[at].take_number(now)
                && self.verify.shown == Some(at)
            {
                self.pasted_on_verify(&number);
            }
        }
    }

    /// In line mode nobody has a cursor: a new line takes the place of what stood in a field of one line.
    fn empty_for_line(&mut self) {
        let field = match (&mut self.overlay, &mut self.setup, self.pane) {
            (Some(Overlay::Palette(palette)), _, _) => Some(&mut palette.filter),
            (Some(Overlay::Help { filter, .. }), _, _) => Some(filter),
            (Some(_), _, _) => None,
            (None, Some(setup), _) => setup.line(),
            (None, None, Pane::Message) => self.compose.line(),
            (None, None, Pane::History) => self.history.line(),
            (None, None, Pane::Settings) => {
                let introduction = self.settings.introduction.as_mut();
                introduction.and_then(|introduction| introduction.field())
            }
            (None, None, Pane::Verify) => None,
        };
        if let Some(field) = field {
            field.clear();
        }
    }

    /// Keys that may be a paste are one. If the last of them was an Enter, whoever pressed it waits for it.
    pub(super) fn burst(&mut self, text: &str) -> Vec<Effect> {
        let before = self.notice.clone();
        let effects = self.pasted(text);
        if text.ends_with('\n') && self.notice == before {
            self.notify(phrase!(
                "That came as fast as a paste, so Enter did nothing. Press Enter again."
            ));
        }
        effects
    }
}

/// What is asked comes first.
pub(super) fn answer_first() -> Phrase {
    phrase!("What you pasted was not taken: answer this question first.")
}
