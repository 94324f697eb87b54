//! What is in the history, begun anew: a text or a check with all that it had, or the same text once more on a yes.

use crate::domain::verification::Recipient;
use crate::domain::{Intent, NewMessage, OpState, Phrase, VerificationChannel, phrase};
use crate::keymap::Place;

use super::super::effect::Effect;
use super::super::{Model, Pane, compose};

/// What Enter does where a check is begun anew.
fn new_code() -> Phrase {
    phrase!("Enter sends a new code.")
}

impl Model {
    /// The marked text: once more, on a yes.
    pub(super) fn send_marked_once_more(&mut self) -> Vec<Effect> {
        let Some(marked) = self.history.marked() else {
            return Vec::new();
        };
        let op = marked.operation.id;
        if !self.history.may_be_sent_again() {
            return Vec::new();
        }
        if matches!(marked.state, OpState::Unknown(_)) && self.too_early(op) {
            return self.not_yet(op);
        }
        let sent = marked.operation.clone();
        self.text_once_more(sent)
    }

    /// To the pane where it is begun anew, with everything filled in: Enter there sends it.
    pub(super) fn again(&mut self, channel: VerificationChannel) -> Vec<Effect> {
        let Some(marked) = self.history.marked() else {
            return Vec::new();
        };
        let ticket = self.history.shown().ticket(self.history.selected);
        let ticket = ticket.map_or_else(String::new, ToString::to_string);
        match (&marked.operation.intent, marked.operation.intent.to()) {
            (Intent::Text(text), _) if channel == VerificationChannel::Sms => {
                let text = text.clone();
                self.text_again(&text, &ticket)
            }
            (Intent::Unreadable(_), _) => {
                self.notify(phrase!(
                    "It cannot be read what this was, so it cannot be begun anew from here."
                ));
                Vec::new()
            }
            (Intent::Text(_), _) | (_, None) => Vec::new(),
            (_, Some(to)) => self.check_again(&to, channel, &ticket),
        }
    }

    /// That Enter sends a new code goes with the number that it was said of.
    pub(in super::super) fn enter_sends(&mut self) {
        let sends = self.pane == Pane::Verify
            && self.verify.place() == Place::To
            && self.verify.reading.recipient().is_some();
        self.notice
            .take_if(|notice| !sends && notice.text == new_code());
    }

    fn text_again(&mut self, text: &NewMessage, ticket: &str) -> Vec<Effect> {
        let is_out = matches!(
            &self.compose.stage,
            compose::Stage::Out { state, .. } if !matches!(state, OpState::Intended | OpState::Unknown(_))
        );
        if is_out {
            self.compose.next();
        } else if !self.compose.is_empty() {
            self.notify(phrase!(
                "Another text is being written (F6): send it or empty it first."
            ));
            return Vec::new();
        }
        self.compose.to.set(text.to.e164());
        self.compose.to_edited(&self.setting.default_country);
        self.compose.to_body(&self.setting.default_country);
        self.compose.put_back(text.body.raw());
        self.compose.ticket.set(ticket);
        // The time that was chosen for it, as long as Twilio would take it.
        self.compose.send_at = text
            .send_at
            .filter(|&at| compose::later::is_still_taken(at, self.now));
        self.go(Pane::Message)
    }

    fn check_again(
        &mut self,
        to: &Recipient,
        channel: VerificationChannel,
        ticket: &str,
    ) -> Vec<Effect> {
        let waiting = self
            .verify
            .checks
            .iter()
            .rposition(|check| check.to == *to && check.is_unfinished());
        if waiting.is_some() {
            // It is not over: it goes on where it stands.
            self.verify.shown = waiting;
            return self.go(Pane::Verify);
        }
        if !self.verify.to.is_empty() {
            self.notify(phrase!(
                "Another number is being typed (F7): check it or empty the field first."
            ));
            return Vec::new();
        }
        if self.verify.is_filled_in_for_another(ticket) {
            self.notify(phrase!(
                "Another check is being filled in (F7): begin it or empty its fields first."
            ));
            return Vec::new();
        }
        self.verify.next_customer();
        let country = &self.setting.default_country;
        self.verify.fill_in(to.as_str(), ticket, country);
        self.verify.reach_once(to, channel);
        self.notify(new_code());
        self.go(Pane::Verify)
    }
}
