//! What can be done in this moment: a key that would do nothing is not offered, neither in the footer nor
//! beside the words of a state.

use crate::domain::{FailureKind, Phrase, Recipient, VerificationChannel, phrase};
use crate::keymap::{Action, Binding, Place};

use super::check::{Check, Ending, Stage, What};
use super::tour::Tour;
use super::{Model, Pane, compose, evidence, note};

impl Model {
    /// Whether an action of the pane on screen would do something now.
    pub fn offers(&self, action: Action) -> bool {
        match (self.pane, self.verify.check()) {
            (_, _) if action == Action::OtherCheck => self.verify.others_waiting().next().is_some(),
            (Pane::Message, _) if self.sends_reviewed(action) => {
                let read = action == Action::Yes || self.is_read();
                read && self.forbidden().is_none()
            }
            (Pane::Message, _) if action == Action::SendLater => self.forbidden_today().is_none(),
            (Pane::History, _) if self.history.deleting.is_none() && acts_on_entry(action) => {
                self.marked_of_another().is_none()
            }
            (Pane::History, _) if action == Action::Delete => {
                self.may_delete_marked().is_ok_and(|ops| !ops.is_empty())
            }
            // There, its key shows the pretend phone.
            (_, _) if action == Action::Doctor => !self.setting.demo,
            // Over a lost check a question may stand, which takes its own answer.
            (Pane::Verify, Some(check))
                if action == Action::Yes && self.places()[0] == Place::VerifyUnknown =>
            {
                self.may_be_repeated(check)
            }
            (Pane::Verify, Some(check)) => self.offers_for(check, action),
            _ => true,
        }
    }

    /// What a key does in this moment, in a word or two.
    pub fn hint(&self, binding: &Binding) -> Phrase {
        if binding.place == Place::ReviewCaution
            && binding.action == Action::Yes
            && !self.sheet().is_last()
        {
            return phrase!("yes, go on");
        }
        let under_way = self.verify.check().and_then(Check::under_way);
        if binding.place == Place::VerifyUnknown
            && binding.action == Action::Yes
            && matches!(under_way, Some((_, What::Stop)))
        {
            return phrase!("stop it once more");
        }
        if binding.place == Place::TourDone && self.tour.as_ref().is_some_and(Tour::is_last) {
            return phrase!("end the tour");
        }
        Phrase::of(binding.hint)
    }

    /// What is not known of a check can be done once more: a code is typed again instead, and a stop is looked
    /// up first.
    fn may_be_repeated(&self, check: &Check) -> bool {
        match check.under_way() {
            Some((_, What::Send)) => true,
            Some((op, What::Stop)) => !self.too_early(op),
            _ => false,
        }
    }

    /// It is what sends the text under review.
    fn sends_reviewed(&self, action: Action) -> bool {
        matches!(action, Action::Submit | Action::Yes)
            && matches!(self.compose.stage, compose::Stage::Review { .. })
            && self.overlay.is_none()
    }

    /// The review was on screen long enough. In line mode a line has to be typed for it, so nobody holds a key
    /// down.
    pub(super) fn is_read(&self) -> bool {
        self.setting.plain || self.compose.is_seen(self.now)
    }

    fn offers_for(&self, check: &Check, action: Action) -> bool {
        let open = |channel| {
            self.ways.is_open(&check.service.sid, &channel) && self.policy.channel(&channel).is_ok()
        };
        let phone = matches!(check.to, Recipient::Phone(_));
        // A code that is out can be sent five times, by all ways together.
        let sendable = !check.is_open() || check.sends_left() > 0;
        let helps = |channel: VerificationChannel| {
            open(channel.clone()) && sendable && !is_refused_by(check, &channel)
        };
        if reaches_twilio(action) && self.policy.acting().is_err() {
            return false;
        }
        match action {
            Action::WhatsAppInstead => phone && helps(VerificationChannel::WhatsApp),
            Action::CallInstead => phone && helps(VerificationChannel::Call),
            // An address is a check of its own.
            Action::EmailInstead => {
                let email = VerificationChannel::Email;
                phone && open(email.clone()) && !is_refused_by(check, &email)
            }
            Action::SendAgain => match &check.stage {
                Stage::Ended(_) if phone => helps(VerificationChannel::Sms),
                // There its key says SMS, and an address gets none.
                Stage::Ended(Ending::UsedUp | Ending::NotSent(_)) => false,
                _ => sendable,
            },
            Action::OtherNumber => {
                !keys_are_refused(check)
                    && !is_capped(check)
                    && check.stage != Stage::Ended(Ending::UsedUp)
            }
            Action::StopCheck => check.stoppable().is_some(),
            Action::Demo => !self.setting.demo && keys_are_refused(check),
            Action::TellLead => note::lead(check).is_some(),
            Action::Copy => {
                evidence::line(check, None).is_some() || note::approved_before(check).is_some()
            }
            _ => true,
        }
    }
}

/// It sends a code, or ends a check.
fn reaches_twilio(action: Action) -> bool {
    matches!(
        action,
        Action::SendAgain
            | Action::CallInstead
            | Action::WhatsAppInstead
            | Action::EmailInstead
            | Action::StopCheck
    )
}

/// It asks something of Twilio about the marked entry of the history, or sends it once more.
pub(super) fn acts_on_entry(action: Action) -> bool {
    matches!(
        action,
        Action::Yes | Action::Withdraw | Action::Again | Action::AgainByCall
    )
}

/// What Twilio has just refused for the phone would be refused again by the same way.
fn is_refused_by(check: &Check, channel: &VerificationChannel) -> bool {
    let failure = match &check.stage {
        // Nothing is sent before the old check is stopped.
        Stage::Ended(Ending::UsedUp) => return true,
        Stage::Ended(Ending::NotSent(failure)) => failure,
        _ => return false,
    };
    match failure.code {
        _ if keys_are_refused(check) || is_capped(check) => true,
        // A country that is switched off can be reached by email alone.
        Some(60605 | 60238) => *channel != VerificationChannel::Email,
        // A trial account reaches no phone that it has not verified, by any way.
        Some(21608) => *channel != VerificationChannel::Email,
        // A landline has a voice, and nothing that could be read on it.
        Some(60205) => !matches!(
            channel,
            VerificationChannel::Call | VerificationChannel::Email
        ),
        Some(60410 | 68008 | 60242 | 60223 | 60204) => *channel == check.channel,
        _ => false,
    }
}

/// The lead's count for the day holds for all ways and numbers.
pub(super) fn is_capped(check: &Check) -> bool {
    matches!(&check.stage, Stage::Ended(Ending::NotSent(failure)) if failure.kind == FailureKind::Policy)
}

/// Neither another way nor another number gets past keys that are refused.
fn keys_are_refused(check: &Check) -> bool {
    matches!(&check.stage, Stage::Ended(Ending::NotSent(failure)) if failure.kind == FailureKind::Credentials)
}
