//! The line for the ticket: masked, dated, and no more than an approval shows.

use super::check::{Check, Stage};
use super::verify::clock;

/// The evidence of an approved check.
pub fn line(check: &Check) -> Option<String> {
    let Stage::Approved { at } = check.stage else {
        return None;
    };
    let when = at.strftime("%Y-%m-%d %H:%M:%S UTC");
    let sid = check
        .sid
        .as_ref()
        .map(|sid| format!(", Twilio {}", sid.short()))
        .unwrap_or_default();
    let wrong = match check.wrong {
        0 => String::new(),
        1 => ", after 1 wrong code".to_owned(),
        n => format!(", after {n} wrong codes"),
    };
    let took = clock(at.duration_since(check.started_at));
    Some(format!(
        "Phone check APPROVED {when}. {}, by {}, in {took} min{wrong}{sid}.",
        check.to.masked().replace('•', "*"),
        channel_word(check)
    ))
}

fn channel_word(check: &Check) -> &'static str {
    use crate::domain::VerificationChannel::{Call, Email, Sms, WhatsApp};
    match check.channel {
        Sms => "SMS",
        Call => "call",
        WhatsApp => "WhatsApp",
        Email => "email",
        crate::domain::VerificationChannel::Other(_) => "another way",
    }
}
