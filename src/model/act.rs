//! What an action does where the agent is: on a page that lies over the desk, in the first run, on a pane.

use crate::domain::{Intent, OpId, Phrase, Recipient, VerificationChannel, console, phrase};
use crate::keymap::Action;

use super::begin::Sure;
use super::check::{Stage, What};
use super::effect::Effect;
use super::verify::{Question, Start, Yes};
use super::{Model, Overlay};

/// What is asked for before a code goes by email.
pub(super) fn which_address() -> Phrase {
    phrase!("Type the email address that the code shall go to.")
}

impl Model {
    pub(super) fn act_on_overlay(&mut self, action: Action) -> Vec<Effect> {
        let thread = match self.compose.number() {
            Some(number) => self.thread_with(number).len().saturating_sub(1),
            None => 0,
        };
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
            (Overlay::SignOut, Action::Yes) => return self.sign_out(),
            (Overlay::ForgetAll, Action::Yes) => {
                self.overlay = None;
                return self.forget_everybody();
            }
            (Overlay::Replies { scroll }, Action::Up | Action::PageUp) => {
                *scroll = scroll.saturating_add(1).min(thread);
            }
            (Overlay::Replies { scroll }, Action::Down | Action::PageDown) => {
                *scroll = scroll.saturating_sub(1);
            }
            (Overlay::Replies { .. }, Action::AskNow) => self.thread.ask_now(self.now),
            (Overlay::Withdraw(op), Action::Yes) => {
                let op = *op;
                self.overlay = None;
                return self.withdraw(op);
            }
            (Overlay::LookUp(number), Action::Yes) => {
                let number = number.clone();
                self.overlay = None;
                return self.look_up(number);
            }
            (_, Action::Back) => self.overlay = None,
            (Overlay::Numbers(_), action) => self.act_on_numbers(action),
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
                self.code_is_short();
            }
            Action::Yes => return self.verify_once_more(),
            Action::OtherLanguage => self.verify.turn_language(&self.setting),
            Action::SendAgain => {
                let channel = self.verify.check().map(|check| match check.stage {
                    Stage::Ended(_) if matches!(check.to, Recipient::Phone(_)) => {
                        VerificationChannel::Sms
                    }
                    _ => check.channel.clone(),
                });
                return channel
                    .map(|channel| self.send_by(channel))
                    .unwrap_or_default();
            }
            Action::CallInstead => return self.send_by(VerificationChannel::Call),
            Action::WhatsAppInstead => return self.send_by(VerificationChannel::WhatsApp),
            Action::EmailInstead => {
                if let Err(why) = self.policy.channel(&VerificationChannel::Email) {
                    self.notify(why);
                    return Vec::new();
                }
                self.verify.same_customer();
                self.notify(which_address());
            }
            Action::OtherNumber => self.verify.same_customer(),
            Action::StopCheck => {
                if let Some(at) = self.verify.shown
                    && let Some(stop) = self.verify.checks[at].stoppable()
                {
                    return self.begin(Start::Of(at, stop));
                }
            }
            Action::Demo => return self.leave_for_demo(),
            Action::Copy => return self.copy_evidence(),
            Action::Console => return vec![Effect::Copy(console::VERIFY_LOGS.to_owned())],
            Action::NextCustomer | Action::Back => self.verify.next_customer(),
            _ => {}
        }
        Vec::new()
    }

    fn send_by(&mut self, channel: VerificationChannel) -> Vec<Effect> {
        match self.verify.send_by(channel, self.now) {
            Ok(Some(Start::New(new))) => {
                let odd = self.odd_anew(&new.to);
                if !odd.is_empty() {
                    self.verify.question = Some(Question {
                        odd,
                        yes: Yes::Anew(new.channel),
                    });
                    return Vec::new();
                }
                self.verify.next_customer();
                self.begin(Start::New(new))
            }
            Ok(Some(start)) => self.begin(start),
            Ok(None) => Vec::new(),
            Err(why) => {
                self.notify(why);
                Vec::new()
            }
        }
    }

    /// A new code for the check on screen, which is over: somebody has said yes to it.
    pub(super) fn send_anew(&mut self, channel: &VerificationChannel) -> Vec<Effect> {
        match self.verify.send_by(channel.clone(), self.now) {
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
            Stage::Unknown {
                op,
                what: What::Send | What::Stop,
                ..
            } if self.too_early(op) => self.not_yet(op),
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

    /// Its fate is not even looked for long enough to offer a second send, or nobody can look.
    /// What nobody can look for here is for a person to decide.
    pub(super) fn too_early(&self, op: OpId) -> bool {
        if self.elsewhere_by_name(op).is_some() {
            return false;
        }
        self.searches
            .of(op)
            .is_none_or(|search| !search.not_found_yet(self.now))
    }

    pub(super) fn not_yet(&mut self, op: OpId) -> Vec<Effect> {
        let search = self.searches.of(op);
        let is_stop =
            search.is_some_and(|search| matches!(search.intent(), Intent::VerifyCancel { .. }));
        self.notify(if search.is_some_and(|search| !search.has_failed) {
            phrase!("Not yet: it is still being looked for at Twilio.")
        } else if is_stop {
            phrase!("Not yet: Twilio could not be asked whether it was stopped.")
        } else {
            phrase!("Not yet: Twilio could not be asked whether it went.")
        });
        Vec::new()
    }

    /// Nothing is left behind that waits: the demo takes this desk's place.
    fn leave_for_demo(&mut self) -> Vec<Effect> {
        if !self.offers(Action::Demo) {
            return Vec::new();
        }
        if self.is_busy() {
            self.notify(phrase!(
                "Not while something waits or is under way. End it first."
            ));
            return Vec::new();
        }
        vec![Effect::StartDemo]
    }

    fn copy_evidence(&mut self) -> Vec<Effect> {
        let agent = self.setting.agent.as_deref();
        self.verify
            .check()
            .and_then(|check| super::evidence::line(check, agent))
            .map(|line| vec![Effect::Copy(line)])
            .unwrap_or_default()
    }
}
