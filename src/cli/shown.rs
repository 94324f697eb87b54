//! How much of a number is shown: masked, unless it is asked for.

use clap::Args;

use crate::domain::{PhoneNumber, Recipient, phrase};
use crate::model::recipient::Reading;

use super::output::say;
use super::session::said;

/// What can be typed.
#[derive(Debug, Clone, Copy, Args)]
pub struct Shown {
    /// Show numbers and addresses whole.
    #[arg(long)]
    reveal: bool,
}

impl Shown {
    /// Numbers and addresses are shown whole.
    pub fn is_whole(self) -> bool {
        self.reveal
    }

    /// A number.
    pub fn number(self, number: &PhoneNumber) -> String {
        if self.reveal {
            number.e164().to_owned()
        } else {
            number.masked()
        }
    }

    /// A number or an address.
    pub fn recipient(self, recipient: &Recipient) -> String {
        if self.reveal {
            recipient.as_str().to_owned()
        } else {
            recipient.masked()
        }
    }

    /// A number or an address as Twilio writes it; what is neither is not shown.
    pub fn foreign(self, text: &str) -> Option<String> {
        Reading::of(text, "")
            .recipient()
            .map(|recipient| self.recipient(&recipient))
    }
}

/// Says what is odd about a number: it may not be in use, or is dear. A script cannot be asked, and its author
/// has chosen it.
pub fn caution(reading: &Reading, by_call: bool) {
    if let Reading::Phone { doubtful: true, .. } = reading {
        say(&said(&phrase!(
            "This number has the right length, but is not known to be in use."
        )));
    }
    if let Some(odd) = reading.oddity(by_call) {
        say(&said(&odd));
    }
}
