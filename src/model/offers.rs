//! What can be done in this moment: a key that would do nothing is not offered, neither in the footer nor
//! beside the words of a state.

use crate::domain::{Recipient, VerificationChannel};
use crate::keymap::Action;

use super::check::{Check, Ending, Stage};
use super::{Model, Pane, note};

impl Model {
    /// Whether an action of the pane on screen would do something now.
    pub fn offers(&self, action: Action) -> bool {
        match (self.pane, self.verify.check()) {
            (Pane::Verify, Some(check)) => self.offers_for(check, action),
            _ => true,
        }
    }

    fn offers_for(&self, check: &Check, action: Action) -> bool {
        let open = |channel| self.ways.is_open(&check.service.sid, &channel);
        let phone = matches!(check.to, Recipient::Phone(_));
        let helps =
            |channel: VerificationChannel| open(channel.clone()) && !is_refused_by(check, &channel);
        match action {
            Action::WhatsAppInstead => phone && helps(VerificationChannel::WhatsApp),
            Action::CallInstead => phone && helps(VerificationChannel::Call),
            Action::EmailInstead => phone && open(VerificationChannel::Email),
            Action::SendAgain => match &check.stage {
                Stage::Ended(Ending::UsedUp) => false,
                Stage::Ended(_) if phone => helps(VerificationChannel::Sms),
                _ => true,
            },
            Action::StopCheck => check.stoppable().is_some(),
            Action::OtherCheck => self.verify.others_waiting().next().is_some(),
            Action::TellLead => note::lead(check).is_some(),
            Action::Copy => {
                matches!(check.stage, Stage::Approved { .. })
                    || note::approved_before(check).is_some()
            }
            _ => true,
        }
    }
}

/// What Twilio has just refused for the phone would be refused again by the same way.
fn is_refused_by(check: &Check, channel: &VerificationChannel) -> bool {
    let Stage::Ended(Ending::NotSent(failure)) = &check.stage else {
        return false;
    };
    match failure.code {
        // Keys that are refused are refused for every way, and so is a country that is switched off.
        Some(60605 | 60238 | 20003 | 70051) => true,
        Some(60205 | 60410 | 68008 | 60242 | 60223 | 60204) => *channel == check.channel,
        _ => false,
    }
}
