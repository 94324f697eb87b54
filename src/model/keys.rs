//! Where keys and entries of the palette come in: text goes to the field that waits for it, and an action to
//! the place where the agent is (`act`).

use crate::domain::{Phrase, phrase};
use crate::keymap::{Action, Chord, Key, Place};
use crate::layout;

use super::card::Card;
use super::check::Stage;
use super::effect::Effect;
use super::field::Field;
use super::palette::Palette;
use super::setup::Step;
use super::{Model, NOTICE_READ, NOTICE_STAYS, Overlay, Pane};

/// What the first Ctrl-C says; while it stands, the second one quits.
const CTRL_C: &str = "Ctrl-C once more, or Ctrl-Q, quits. Esc goes back.";

/// What must not happen twice because a key is held down a moment too long.
fn ignores_held(action: Action) -> bool {
    !matches!(
        action,
        Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::NewLine
    )
}

impl Model {
    pub(super) fn key(&mut self, chord: Chord, held: bool) -> Vec<Effect> {
        if self.places() == [Place::Locked] {
            return self.key_on_hidden_desk(chord, held);
        }
        if let Some(check) = self
            .verify
            .shown
            .and_then(|at| self.verify.checks.get_mut(at))
        {
            check.touched();
        }
        match self.setting.keymap.resolve(&self.places(), chord) {
            Some(_) if self.is_hasty(chord) => {
                self.was_hasty();
                Vec::new()
            }
            Some(action) if held && ignores_held(action) => Vec::new(),
            // Which one stands in the key.
            Some(Action::TakeTemplate) if chord.text().is_some() => {
                if !self.take_template(chord) {
                    self.typed(chord);
                }
                Vec::new()
            }
            Some(action) => self.act(action),
            None => {
                self.typed(chord);
                Vec::new()
            }
        }
    }

    fn key_on_hidden_desk(&mut self, chord: Chord, held: bool) -> Vec<Effect> {
        match self.setting.keymap.resolve(&[Place::Locked], chord) {
            Some(Action::Quit) => self.quit(),
            // A key that something lies on opens nothing.
            _ if held => Vec::new(),
            action => {
                self.lock.press(action == Some(Action::Unlock));
                Vec::new()
            }
        }
    }

    /// A key that is no command here: text for the field that waits for it.
    fn typed(&mut self, chord: Chord) {
        if layout::is_too_small(self.size) {
            return;
        }
        self.notice_was_read();
        if chord == Chord::plain(Key::Enter) {
            self.enter_is_no_answer();
        }
        if let Some(overlay) = &mut self.overlay {
            match overlay {
                Overlay::Palette(palette) => {
                    let typed = palette.filter.edit(chord);
                    palette.marked = if typed { 0 } else { palette.marked };
                }
                Overlay::Help { filter, scroll, .. } => {
                    let typed = filter.edit(chord);
                    *scroll = if typed { 0 } else { *scroll };
                }
                _ => {}
            }
            return;
        }
        if let Some(setup) = &mut self.setup {
            setup.edit(chord);
            if let (Step::You, Some(you)) = (&setup.step, &setup.you) {
                self.setting.language = you.language;
            }
            return;
        }
        match self.pane {
            Pane::Verify => self.typed_on_verify(chord),
            Pane::Message => self.typed_on_message(chord),
            Pane::History => self.typed_on_history(chord),
            Pane::Settings => self.typed_on_settings(chord),
        }
    }

    fn typed_on_verify(&mut self, chord: Chord) {
        let now = self.now;
        let auto_check = self.checks_by_itself();
        let digit = chord.text().filter(char::is_ascii_digit);
        // A question takes its answer and nothing else.
        if self.verify.question.is_some() {
            return;
        }
        let Some(check) = self
            .verify
            .shown
            .and_then(|at| self.verify.checks.get_mut(at))
        else {
            self.verify.typed(chord, &self.setting.default_country);
            return;
        };
        match (chord.key, digit) {
            (_, Some(_)) if !check.is_unfinished() && !check.takes_extension() => {
                self.digit_after_the_end();
            }
            (_, Some(digit)) => {
                let was_full = check.is_full();
                check.digit(digit, now);
                if !auto_check || check.brakes() {
                    check.wait_for_enter();
                }
                if was_full {
                    self.notify(phrase!(
                        "All digits were there already: this one begins a new code."
                    ));
                }
            }
            (Key::Backspace, _) => check.backspace(),
            (Key::Char(letter), _)
                if letter.is_alphabetic()
                    && check.stage == Stage::Waiting
                    && !self.setting.plain =>
            {
                self.no_key_of_the_code(letter);
            }
            _ => {}
        }
    }

    /// The last digit starts the check: unless the agent, the lead or the way of working says no.
    pub(super) fn checks_by_itself(&self) -> bool {
        self.setting.auto_check && self.policy.auto_check && !self.setting.plain
    }

    /// A sentence about the last key says nothing about this one; news that have just come stay.
    fn notice_was_read(&mut self) {
        self.notice
            .take_if(|notice| notice.until - NOTICE_STAYS <= self.now - NOTICE_READ);
    }

    /// Does what an action says.
    pub(super) fn act(&mut self, action: Action) -> Vec<Effect> {
        self.tell_tour(action);
        // The keys that it names may be two.
        let leads = matches!(action, Action::GoVerify | Action::OtherCheck);
        if action != Action::Interrupt && !(leads && self.told_of().is_some()) {
            self.notice_was_read();
        }
        match action {
            Action::Quit => self.quit(),
            Action::Interrupt => self.interrupt(),
            Action::Suspend => vec![Effect::Suspend],
            Action::Redraw => vec![Effect::Redraw],
            Action::Mouse => self.turn_mouse(),
            Action::Help => self.open(Overlay::Help {
                places: self.places(),
                scroll: 0,
                filter: Field::line(),
            }),
            Action::WhoIsCalling => self.open_card(Card::Caller),
            Action::Refuse => self.open_card(Card::Refusal),
            Action::Palette => self.open(Overlay::Palette(Palette::new(
                self.places(),
                self.setting.keymap,
                self.setting.language,
                self.setting.demo,
            ))),
            Action::ShowPhone | Action::Doctor if self.setting.demo => self.open(Overlay::Phone),
            Action::ShowPhone | Action::Doctor => self.examine(),
            Action::GoVerify => self.go(Pane::Verify),
            Action::GoMessage => {
                self.go(Pane::Message);
                // Somebody may have put a new one there since.
                vec![Effect::ReadTemplates]
            }
            Action::GoHistory => {
                self.go(Pane::History);
                vec![Effect::LoadPage { before: None }]
            }
            Action::GoSettings => self.open_settings(),
            Action::Connect | Action::SignOut if self.setting.demo => {
                self.notify(phrase!("The demo has no keys. Start tuilio without the word demo to connect an account."));
                Vec::new()
            }
            Action::Connect => self.begin_setup(true),
            Action::SignOut => self.sign_out_question(),
            Action::TourCard | Action::NextStop | Action::RestartStop | Action::LeaveTour => {
                self.act_on_tour(action);
                Vec::new()
            }
            _ if matches!(self.overlay, Some(Overlay::Tour { .. })) => {
                self.act_on_tour(action);
                Vec::new()
            }
            Action::Warnings => {
                self.open_safety();
                Vec::new()
            }
            Action::Recipe => {
                self.open_recipe();
                Vec::new()
            }
            Action::Rules => {
                self.open_rules();
                Vec::new()
            }
            _ if self.overlay.is_some() => self.act_on_overlay(action),
            _ if self.setup.is_some() => self.act_on_setup(action),
            _ => match self.pane {
                Pane::Verify => self.act_on_verify(action),
                Pane::Message => self.act_on_message(action),
                Pane::History => self.act_on_history(action),
                Pane::Settings => self.act_on_settings(action),
            },
        }
    }

    fn open_card(&mut self, card: Card) -> Vec<Effect> {
        self.open(Overlay::Card { card, scroll: 0 })
    }

    fn open(&mut self, overlay: Overlay) -> Vec<Effect> {
        self.overlay = Some(overlay);
        Vec::new()
    }

    pub(super) fn go(&mut self, pane: Pane) -> Vec<Effect> {
        if pane != self.pane {
            self.history.conceal();
        }
        self.pane = pane;
        Vec::new()
    }

    fn quit(&mut self) -> Vec<Effect> {
        if !self.is_busy() || self.overlay == Some(Overlay::Quit) {
            return vec![Effect::Quit];
        }
        self.open(Overlay::Quit)
    }

    /// Ctrl-C leaves what is open; with nothing open, the second one in a row quits.
    fn interrupt(&mut self) -> Vec<Effect> {
        if self.overlay.take().is_some() {
            return Vec::new();
        }
        if self
            .notice
            .as_ref()
            .is_some_and(|notice| notice.text == Phrase::of(CTRL_C))
        {
            return self.quit();
        }
        self.notify(Phrase::of(CTRL_C));
        Vec::new()
    }
}
