//! The client's contract with Twilio: what each call looks like on the wire, and how each answer is read.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test stops where its own data is wrong"
)]

mod answers;
mod calls;
mod requests;
mod token;
mod wire;

use tuilio::domain::secret::Secret;
use tuilio::domain::{PhoneNumber, Sender};
use tuilio::twilio::{Credentials, TwilioConfig};

const AC: &str = "AC0123456789abcdef0123456789abcdef";
const MG: &str = "MG0123456789abcdef0123456789abcdef";
const SM: &str = "SM0123456789abcdef0123456789abcdef";
const VA: &str = "VA0123456789abcdef0123456789abcdef";
const VE: &str = "VE0123456789abcdef0123456789abcdef";
const VL: &str = "VL0123456789abcdef0123456789abcdef";
const PN: &str = "PN0123456789abcdef0123456789abcdef";

fn sid<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().expect("a SID")
}

fn number(text: &str) -> PhoneNumber {
    PhoneNumber::from_e164(text).expect("a number")
}

fn config() -> TwilioConfig {
    TwilioConfig::new(sid(AC), Credentials::AuthToken(Secret::new("token")))
        .with_sender(Sender::Service(sid(MG)))
        .with_verify_service(sid(VA))
}
