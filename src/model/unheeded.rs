//! Keys that do nothing where the agent is, and the sentence that each says instead: what is expected here. A
//! key without a word is pressed again, or believed.
//!
//! Foremost an Enter that was on its way when a check came to its end: what it was meant for is gone, and what
//! it means now, a new code or the next customer, was not asked for by anybody.

use crate::domain::{Phrase, phrase};
use crate::keymap::{Action, Chord, Key};

use super::check::{Check, READ_AFTER, Stage};
use super::{Model, Pane};

impl Model {
    /// The check on screen, where it has come to its end so lately that an Enter may be meant for what stood
    /// there before. In line mode an Enter is a line of its own.
    pub(super) fn is_hasty(&self, chord: Chord) -> bool {
        let is_enter = chord == Chord::plain(Key::Enter);
        let on_screen = self.pane == Pane::Verify && self.overlay.is_none() && self.setup.is_none();
        if !is_enter || self.setting.plain {
            return false;
        }
        self.is_just_back()
            || on_screen
                && self.verify.question.is_none()
                && self
                    .verify
                    .check()
                    .and_then(Check::read_from)
                    .is_some_and(|from| self.now < from)
    }

    /// The desk stands where the set-up stood a moment ago.
    fn is_just_back(&self) -> bool {
        let free = self.overlay.is_none() && self.setup.is_none();
        let since = self.settings.since.filter(|_| free);
        since.is_some_and(|since| self.now.duration_since(since) < READ_AFTER)
    }

    /// Says so; a key that is held comes again and again, so that the moment begins anew with each.
    pub(super) fn was_hasty(&mut self) {
        let now = self.now;
        if self.is_just_back() {
            self.settings.since = Some(now);
        } else if let Some(check) = self.verify.check_mut() {
            check.hurried(now);
        }
        self.notify(phrase!(
            "That Enter came as the screen changed, so it did nothing. Look, then press it again."
        ));
    }

    /// A digit where no code is typed any more.
    pub(super) fn digit_after_the_end(&mut self) {
        let now = self.now;
        if let Some(check) = self.verify.check_mut() {
            check.hurried(now);
        }
        self.notify(phrase!(
            "There is no code to type here any more: this check is over."
        ));
    }

    /// An Enter before all digits are there.
    pub(super) fn code_is_short(&mut self) {
        let Some(check) = self.verify.check() else {
            return;
        };
        if check.stage != Stage::Waiting {
            return;
        }
        let length = check.length();
        let why = match check.digits.as_str().len() {
            0 => phrase!(
                "Enter checks a code, and none is typed yet: it has {length} digits.",
                length = length
            ),
            1 => phrase!(
                "Enter did nothing: one digit is typed, and the code has {length}.",
                length = length
            ),
            typed => phrase!(
                "Enter did nothing: {n} digits are typed, and the code has {length}.",
                n = typed,
                length = length
            ),
        };
        self.notify(why);
    }

    /// A letter in the code box that is no command there.
    pub(super) fn no_key_of_the_code(&mut self, letter: char) {
        self.notify(phrase!(
            "{key} does nothing here. The code is digits; F1 shows the keys.",
            key = letter.to_string()
        ));
    }

    /// An Enter that is no answer to a question which takes a yes: which keys are.
    pub(super) fn enter_is_no_answer(&mut self) {
        let places = self.places();
        let bindings = self.setting.keymap.in_force(&places);
        let of = |action: Action| {
            bindings
                .iter()
                .find(|binding| Some(&binding.place) == places.first() && binding.action == action)
        };
        let yes = of(Action::Yes).filter(|_| self.offers(Action::Yes));
        let (Some(yes), Some(no)) = (yes, of(Action::Back)) else {
            return;
        };
        self.notify(phrase!(
            "Enter is no answer here. {yes}: {what}. {no}: {otherwise}.",
            yes = yes.chords[0].to_string(),
            what = self.hint(yes),
            no = no.chords[0].to_string(),
            otherwise = Phrase::of(no.hint)
        ));
    }
}
