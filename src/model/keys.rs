//! Where keys, pastes and entries of the palette come in: text goes to the field that waits for it, and an
//! action to the place where the agent is (`act`).

use crate::domain::Phrase;
use crate::keymap::{self, Action, Chord, Key};
use crate::layout;

use super::effect::Effect;
use super::palette::Palette;
use super::setup::Setup;
use super::{Model, Overlay, Pane, compose};

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
        match keymap::resolve(&self.places(), chord) {
            Some(action) if held && ignores_held(action) => Vec::new(),
            Some(action) => self.act(action),
            None => {
                self.typed(chord);
                Vec::new()
            }
        }
    }

    /// A key that is no command here: text for the field that waits for it.
    fn typed(&mut self, chord: Chord) {
        if layout::is_too_small(self.size) {
            return;
        }
        if let Some(overlay) = &mut self.overlay {
            if let Overlay::Palette(palette) = overlay
                && palette.filter.edit(chord)
            {
                palette.marked = 0;
            }
            return;
        }
        if let Some(setup) = &mut self.setup {
            if setup.place() == keymap::Place::Paste && setup.paste.edit(chord) {
                setup.edited();
            }
            return;
        }
        match self.pane {
            Pane::Verify => self.typed_on_verify(chord),
            Pane::Message => {
                let field = match self.compose.stage {
                    compose::Stage::To => &mut self.compose.to,
                    compose::Stage::Body => &mut self.compose.body,
                    _ => return,
                };
                if field.edit(chord) {
                    self.compose.edited(&self.setting.default_country);
                }
            }
            Pane::History => self.typed_on_history(chord),
            Pane::Settings => {}
        }
    }

    fn typed_on_verify(&mut self, chord: Chord) {
        let now = self.now;
        let Some(check) = self
            .verify
            .shown
            .and_then(|at| self.verify.checks.get_mut(at))
        else {
            if self.verify.to.edit(chord) {
                self.verify.edited(&self.setting.default_country);
            }
            return;
        };
        match (chord.key, chord.text()) {
            (_, Some(digit)) if digit.is_ascii_digit() => check.digit(digit, now),
            (Key::Backspace, _) => check.backspace(),
            _ => {}
        }
    }

    pub(super) fn pasted(&mut self, text: &str) -> Vec<Effect> {
        if layout::is_too_small(self.size) {
            return Vec::new();
        }
        match (&mut self.overlay, &mut self.setup) {
            (Some(Overlay::Palette(palette)), _) => palette.filter.insert(text),
            (Some(_), _) => {}
            (None, Some(setup)) => {
                if setup.step == super::setup::Step::Welcome {
                    setup.step = super::setup::Step::Paste;
                }
                if setup.place() == keymap::Place::Paste {
                    setup.paste.insert(text);
                    setup.edited();
                }
            }
            (None, None) => match self.pane {
                Pane::Verify => {
                    if let Some(problem) =
                        self.verify
                            .paste(text, &self.setting.default_country, self.now)
                    {
                        self.notify(problem);
                    }
                }
                Pane::Message => {
                    match self.compose.stage {
                        compose::Stage::To => {
                            self.compose.to.clear();
                            self.compose.to.insert(text);
                        }
                        compose::Stage::Body => self.compose.body.insert(text),
                        _ => return Vec::new(),
                    }
                    self.compose.edited(&self.setting.default_country);
                }
                Pane::History => self.pasted_on_history(text),
                Pane::Settings => {}
            },
        }
        Vec::new()
    }

    /// Does what an action says.
    pub(super) fn act(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Quit => self.quit(),
            Action::Interrupt => self.interrupt(),
            Action::Suspend => vec![Effect::Suspend],
            Action::Redraw => vec![Effect::Redraw],
            Action::Help => self.open(Overlay::Help {
                places: self.places(),
                scroll: 0,
            }),
            Action::Palette => self.open(Overlay::Palette(Palette::new(self.places()))),
            Action::ShowPhone if self.setting.demo => self.open(Overlay::Phone),
            Action::ShowPhone => {
                self.notify("The pretend phone is part of the demo: tuilio demo.");
                Vec::new()
            }
            Action::GoVerify => self.go(Pane::Verify),
            Action::GoMessage => self.go(Pane::Message),
            Action::GoHistory => {
                self.go(Pane::History);
                vec![Effect::LoadPage { before: None }]
            }
            Action::GoSettings => self.go(Pane::Settings),
            Action::Connect | Action::SignOut if self.setting.demo => {
                self.notify("The demo has no keys. Start tuilio without the word demo to connect an account.");
                Vec::new()
            }
            Action::Connect => {
                self.setup = Some(Setup::new(true));
                Vec::new()
            }
            Action::SignOut => self.sign_out_question(),
            Action::Warnings => {
                self.open_safety();
                Vec::new()
            }
            Action::Recipe => {
                self.open_recipe();
                Vec::new()
            }
            _ if self.overlay.is_some() => self.act_on_overlay(action),
            _ if self.setup.is_some() => self.act_on_setup(action),
            _ => match self.pane {
                Pane::Verify => self.act_on_verify(action),
                Pane::Message => self.act_on_message(action),
                Pane::History => self.act_on_history(action),
                Pane::Settings => self.go(Pane::Verify),
            },
        }
    }

    fn open(&mut self, overlay: Overlay) -> Vec<Effect> {
        self.overlay = Some(overlay);
        Vec::new()
    }

    pub(super) fn go(&mut self, pane: Pane) -> Vec<Effect> {
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

    fn sign_out_question(&mut self) -> Vec<Effect> {
        use crate::domain::connection::Source;
        match self
            .connection
            .as_ref()
            .map(|connection| &connection.source)
        {
            Some(Source::Profile(_)) => self.open(Overlay::SignOut),
            Some(source) => {
                self.notify(format!(
                    "There is nothing to sign out of: the keys come from {source}."
                ));
                Vec::new()
            }
            None => {
                self.notify("There is nothing to sign out of: no account is connected.");
                Vec::new()
            }
        }
    }
}
