//! What an action does where the agent is: on a page that lies over the desk, in the first run, on a pane.

use crate::domain::{OpId, OpState, VerificationChannel};
use crate::keymap::{Action, Place};
use crate::layout;

use super::check::{Stage, What};
use super::effect::Effect;
use super::verify::Start;
use super::{Model, Overlay, Pane, compose};

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
                return chosen.map(|action| self.act(action)).unwrap_or_default();
            }
            (Overlay::Quit, Action::Yes) => return vec![Effect::Quit],
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
            (_, Action::Back) => self.overlay = None,
            _ => {}
        }
        Vec::new()
    }

    pub(super) fn act_on_verify(&mut self, action: Action) -> Vec<Effect> {
        let now = self.now;
        match action {
            Action::Submit => match self.verify.shown {
                None => {
                    let start = self.verify.submit(&self.setting.default_country, false);
                    return start.map(|start| self.begin(start)).unwrap_or_default();
                }
                Some(at) => {
                    let wanted = self
                        .verify
                        .checks
                        .get_mut(at)
                        .and_then(super::check::Check::take_code);
                    return wanted
                        .map(|wanted| self.begin(Start::Of(at, wanted)))
                        .unwrap_or_default();
                }
            },
            Action::Yes if self.verify.caution.is_some() => {
                let start = self.verify.submit(&self.setting.default_country, true);
                return start.map(|start| self.begin(start)).unwrap_or_default();
            }
            Action::Yes => return self.verify_once_more(),
            Action::Down | Action::Up if self.verify.shown.is_none() => {
                self.verify.turn_channel(action == Action::Down);
            }
            Action::OtherLanguage => self.verify.turn_language(),
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
                self.verify.email_instead();
                self.notify("Type the email address that the code shall go to.");
            }
            Action::OtherNumber => self.verify.next_customer(),
            Action::StopCheck => {
                if let Some(at) = self.verify.shown
                    && let Some(stop) = self.verify.checks[at].stoppable()
                {
                    return self.begin(Start::Of(at, stop));
                }
            }
            Action::OtherCheck => self.verify.other_check(),
            Action::AskNow => {
                self.follow.ask_now(now);
                self.searches.ask_now(now);
            }
            Action::Copy => return self.copy_evidence(),
            Action::NextCustomer | Action::Back => {
                match (self.verify.shown, &self.verify.caution) {
                    (None, Some(_)) => self.verify.caution = None,
                    (None, None) => {
                        self.verify.to.clear();
                        self.verify.edited(&self.setting.default_country);
                    }
                    (Some(_), _) => self.verify.next_customer(),
                }
            }
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
    fn too_early(&self, op: OpId) -> bool {
        self.searches
            .of(op)
            .is_some_and(|search| !search.not_found_yet(self.now))
    }

    fn not_yet(&mut self) -> Vec<Effect> {
        self.notify("Not yet: in a few seconds it is known whether it went.");
        Vec::new()
    }

    fn copy_evidence(&mut self) -> Vec<Effect> {
        self.verify
            .check()
            .and_then(super::evidence::line)
            .map(|line| vec![Effect::Copy(line)])
            .unwrap_or_default()
    }

    pub(super) fn act_on_message(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::NextField => self.compose.to_body(&self.setting.default_country),
            Action::Submit => match &self.compose.stage {
                compose::Stage::Body => self.compose.to_review(),
                compose::Stage::Review { caution: None, .. } => return self.send_text(false),
                _ => {}
            },
            Action::Yes => match &self.compose.stage {
                compose::Stage::Review {
                    caution: Some(_), ..
                } => return self.send_text(false),
                compose::Stage::Out {
                    state: OpState::Unknown(_),
                    op,
                    ..
                } if self.too_early(*op) => return self.not_yet(),
                compose::Stage::Out {
                    state: OpState::Unknown(_),
                    op,
                    ..
                } => {
                    let sent = self.history.row(*op).map(|row| row.operation.clone());
                    if let Some(sent) = sent {
                        let (op, effects) = self.send_once_more(sent);
                        self.compose.begun(op, self.now);
                        return effects;
                    }
                }
                _ => {}
            },
            Action::NewLine => {
                self.compose.body.insert("\n");
                self.compose.edited(&self.setting.default_country);
            }
            Action::PlainText => self.compose.plain(),
            Action::PreviousField if matches!(self.compose.stage, compose::Stage::Out { .. }) => {
                self.compose.edit_anew();
            }
            // What is being sent stays here until it is known what came of it.
            Action::Back if self.compose.place() == Place::Busy => return self.go(Pane::Verify),
            Action::OtherCheck => return self.go(Pane::Verify),
            Action::Down | Action::PageDown => self.scroll_review(true),
            Action::Up | Action::PageUp => self.scroll_review(false),
            Action::Back | Action::PreviousField => self.compose.back(),
            Action::NextCustomer => self.compose.next(),
            Action::AskNow => {
                self.follow.ask_now(self.now);
                self.searches.ask_now(self.now);
            }
            _ => {}
        }
        Vec::new()
    }

    fn scroll_review(&mut self, down: bool) {
        let (width, room) = layout::review_text(self.size);
        let rows = crate::text::wrap(self.compose.body.text(), width).len();
        self.compose.scroll(down, rows.saturating_sub(room));
    }
}
