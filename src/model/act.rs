//! What an action does where the agent is: on a page that lies over the desk, in the first run, on a pane.

use crate::domain::{OpId, OpState, Phrase, VerificationChannel, phrase};
use crate::keymap::Action;
use crate::layout;

use super::begin::Sure;
use super::check::{Stage, What};
use super::effect::Effect;
use super::verify::Start;
use super::{Model, Overlay, Pane};

impl Model {
    pub(super) fn act_on_overlay(&mut self, action: Action) -> Vec<Effect> {
        let Some(overlay) = &mut self.overlay else {
            return Vec::new();
        };
        match (overlay, action) {
            (Overlay::Help { scroll, .. } | Overlay::Note { scroll, .. }, Action::Down) => {
                *scroll = scroll.saturating_add(1);
            }
            (Overlay::Help { scroll, .. } | Overlay::Note { scroll, .. }, Action::Up) => {
                *scroll = scroll.saturating_sub(1);
            }
            (Overlay::Note { note, .. }, Action::Copy) => {
                return vec![Effect::Copy(note.text(ToString::to_string))];
            }
            (Overlay::Help { scroll, .. }, Action::PageDown) => {
                *scroll = scroll.saturating_add(self.size.height / 2);
            }
            (Overlay::Help { scroll, .. }, Action::PageUp) => {
                *scroll = scroll.saturating_sub(self.size.height / 2);
            }
            (Overlay::Palette(palette), Action::Down) => palette.mark(true),
            (Overlay::Palette(palette), Action::Up) => palette.mark(false),
            (Overlay::Palette(palette), Action::Submit) => {
                let chosen = palette.chosen();
                self.overlay = None;
                match chosen {
                    Some(entry) if entry.here => return self.act(entry.binding.action),
                    Some(entry) => self.notify(phrase!(
                        "Not from here: that is done in {place}.",
                        place = Phrase::of(entry.binding.place.title())
                    )),
                    None => {}
                }
            }
            (Overlay::Quit, Action::Yes) => return vec![Effect::Quit],
            (Overlay::Sure(sure), Action::Yes) => {
                let sure = Sure::clone(sure);
                self.overlay = None;
                return self.is_sure(sure);
            }
            (Overlay::SignOut, Action::Yes) => {
                self.overlay = None;
                if let Some(crate::domain::connection::Source::Profile(profile)) = self
                    .connection
                    .as_ref()
                    .map(|connection| connection.source.clone())
                {
                    return vec![Effect::SignOut { profile }];
                }
            }
            (Overlay::Withdraw(op), Action::Yes) => {
                let op = *op;
                self.overlay = None;
                return self.withdraw(op);
            }
            (_, Action::Back) => self.overlay = None,
            (Overlay::Card { .. }, action) => self.act_on_card(action),
            _ => {}
        }
        Vec::new()
    }

    pub(super) fn act_on_verify(&mut self, action: Action) -> Vec<Effect> {
        if let Some(effects) = self
            .act_on_form(action)
            .or_else(|| self.act_on_check(action))
        {
            return effects;
        }
        match action {
            Action::Submit => {
                if let Some(at) = self.verify.shown
                    && let Some(wanted) = self.verify.checks[at].take_code()
                {
                    return self.begin(Start::Of(at, wanted));
                }
            }
            Action::Yes => return self.verify_once_more(),
            Action::OtherLanguage => self.verify.turn_language(&self.setting),
            Action::SendAgain => {
                let channel = self.verify.check().map(|check| match check.stage {
                    Stage::Ended(_) => VerificationChannel::Sms,
                    _ => check.channel.clone(),
                });
                return channel
                    .map(|channel| self.send_by(channel))
                    .unwrap_or_default();
            }
            Action::CallInstead => return self.send_by(VerificationChannel::Call),
            Action::WhatsAppInstead => return self.send_by(VerificationChannel::WhatsApp),
            Action::EmailInstead => {
                self.verify.same_customer();
                self.notify("Type the email address that the code shall go to.");
            }
            Action::OtherNumber => self.verify.same_customer(),
            Action::StopCheck => {
                if let Some(at) = self.verify.shown
                    && let Some(stop) = self.verify.checks[at].stoppable()
                {
                    return self.begin(Start::Of(at, stop));
                }
            }
            Action::Copy => return self.copy_evidence(),
            Action::NextCustomer | Action::Back => self.verify.next_customer(),
            _ => {}
        }
        Vec::new()
    }

    fn send_by(&mut self, channel: VerificationChannel) -> Vec<Effect> {
        match self.verify.send_by(channel, self.now) {
            Ok(Some(start)) => {
                if matches!(start, Start::New { .. }) {
                    self.verify.next_customer();
                }
                self.begin(start)
            }
            Ok(None) => Vec::new(),
            Err(why) => {
                self.notify(why);
                Vec::new()
            }
        }
    }

    /// The send of a code that is not known: once more, on a yes. A check is typed again instead.
    fn verify_once_more(&mut self) -> Vec<Effect> {
        let Some(at) = self.verify.shown else {
            return Vec::new();
        };
        let check = &self.verify.checks[at];
        match check.stage {
            Stage::Unknown { op, .. } if self.too_early(op) => self.not_yet(),
            Stage::Unknown {
                what: What::Send, ..
            } => {
                let wanted = check.send_by(check.channel.clone());
                self.begin(Start::Of(at, wanted))
            }
            Stage::Unknown {
                what: What::Stop, ..
            } => {
                let wanted = check.stop();
                self.begin(Start::Of(at, wanted))
            }
            _ => Vec::new(),
        }
    }

    /// Its fate is not even looked for long enough to offer a second send.
    pub(super) fn too_early(&self, op: OpId) -> bool {
        self.searches
            .of(op)
            .is_some_and(|search| !search.not_found_yet(self.now))
    }

    pub(super) fn not_yet(&mut self) -> Vec<Effect> {
        self.notify("Not yet: in a few seconds it is known whether it went.");
        Vec::new()
    }

    fn copy_evidence(&mut self) -> Vec<Effect> {
        let agent = self.setting.agent.as_deref();
        self.verify
            .check()
            .and_then(|check| super::evidence::line(check, agent))
            .map(|line| vec![Effect::Copy(line)])
            .unwrap_or_default()
    }

    pub(super) fn act_on_history(&mut self, action: Action) -> Vec<Effect> {
        let page = usize::from(layout::history_rows(self.room())).max(1);
        let selected = self.history.selected;
        let target = match action {
            Action::Down => selected + 1,
            Action::Up => selected.saturating_sub(1),
            Action::PageDown => selected + page,
            Action::PageUp => selected.saturating_sub(page),
            Action::First => 0,
            Action::Last => self.history.len(),
            Action::Submit => {
                self.history.detail = !self.history.is_empty();
                return Vec::new();
            }
            Action::Reveal => {
                match self.policy.revealing() {
                    Ok(()) => self.history.reveal(self.now),
                    Err(why) => self.notify(why),
                }
                return Vec::new();
            }
            Action::AskNow => {
                self.follow.ask_now(self.now);
                self.searches.ask_now(self.now);
                return vec![Effect::LoadPage { before: None }];
            }
            Action::Yes => return self.send_unknown_once_more(),
            Action::Back if self.history.detail => {
                self.history.detail = false;
                return Vec::new();
            }
            Action::Back => return self.go(Pane::Verify),
            _ => return Vec::new(),
        };
        self.history
            .select(target)
            .map(|before| Effect::LoadPage {
                before: Some(before),
            })
            .into_iter()
            .collect()
    }

    /// The marked entry, where it is a text that is not known: once more, on a yes.
    fn send_unknown_once_more(&mut self) -> Vec<Effect> {
        let marked = self.history.entry(self.history.selected).next();
        if marked.is_some_and(|row| self.too_early(row.operation.id)) {
            return self.not_yet();
        }
        let unknown = self
            .history
            .entry(self.history.selected)
            .next()
            .filter(|row| matches!(row.state, OpState::Unknown(_)))
            .map(|row| row.operation.clone());
        match unknown {
            Some(sent) if matches!(sent.intent, crate::domain::Intent::Text(_)) => {
                let Some((_, effect)) = self.send_once_more(sent) else {
                    return Vec::new();
                };
                self.notify(phrase!("Sending it once more, as a text of its own."));
                vec![effect]
            }
            _ => Vec::new(),
        }
    }
}
