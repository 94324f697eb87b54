//! The words that ask for the code: by which way it came, whether it arrived, what was wrong with the last one.

use crate::domain::{Phrase, VerificationChannel, phrase};
use crate::model::check::Check;

/// What the agent says while the code is awaited.
pub fn to_say(check: &Check, lost: bool, anew: bool) -> Phrase {
    let delivery = check.delivery.as_ref().map(|(delivery, _)| delivery);
    let at_the_call = delivery.and_then(|delivery| delivery.call.as_deref());
    let called = at_the_call.is_some();
    match (check.wrong, &check.channel) {
        _ if check.unheard => phrase!("One moment. Please read me the digits once more."),
        _ if check.unchecked => phrase!("Thank you, I have the digits. One moment, please."),
        _ if lost && called => phrase!("I could not reach you by phone. Shall I try again?"),
        (_, VerificationChannel::Email) if lost => {
            phrase!("The email did not reach you. Is there another address?")
        }
        _ if lost => {
            phrase!("Your phone did not take the message. Shall I call you with the code?")
        }
        (0, VerificationChannel::Call) if check.sends_left() == 0 => {
            phrase!("Please read me the digits that you wrote down. That code still works.")
        }
        (0, VerificationChannel::Email) if check.sends_left() == 0 => {
            phrase!("Please look for the email that we already sent. That code still works.")
        }
        (0, _) if check.sends_left() == 0 => {
            phrase!("Please look for the message that we already sent. That code still works.")
        }
        (0, VerificationChannel::Call) if at_the_call == Some("in-progress") => {
            phrase!("Please write down the digits that you hear, and read them to me, one by one.")
        }
        (0, VerificationChannel::Call) if at_the_call == Some("completed") => {
            phrase!("Please read me the digits that you wrote down, one by one.")
        }
        (0, VerificationChannel::Call) => phrase!(
            "Your phone will ring now. Please write the digits down, and read them to me, one by one."
        ),
        (0, VerificationChannel::Sms | VerificationChannel::WhatsApp) if anew => phrase!(
            "I have sent you a new code. Please open the newest message, and read me the digits, one by one."
        ),
        (0, VerificationChannel::Email) => {
            phrase!("Please open the newest email from us, and read me the digits, one by one.")
        }
        (0, _) => phrase!("Please read me the digits, one by one."),
        (_, VerificationChannel::Call) => phrase!(
            "That one did not match. Please read me slowly, once more, the digits that you wrote down."
        ),
        (_, VerificationChannel::Email) => phrase!(
            "That one did not match. Please open the newest email from us, and read me the digits again slowly."
        ),
        _ => phrase!(
            "That one did not match. Please open the newest message, and read me the digits again slowly."
        ),
    }
}
