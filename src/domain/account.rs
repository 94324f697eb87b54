//! What the set-up needs to know of an account: its name, its money, its senders.

use super::phone::PhoneNumber;
use super::sid::{AccountSid, MessagingServiceSid, NumberSid};
use super::untrusted::Untrusted;

/// An account. Twilio's own answer carries the auth token in clear; it is dropped while decoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its identifier.
    pub sid: AccountSid,
    /// Its name. Foreign text.
    pub friendly_name: Untrusted,
    /// `active`, `suspended` or `closed`.
    pub status: String,
    /// Free trial: only verified recipients, and a prefix before every text.
    pub is_trial: bool,
}

/// What is left to spend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    /// Twilio's decimal text.
    pub balance: String,
    /// Such as `USD`.
    pub currency: String,
}

/// A number that the account owns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedNumber {
    /// Its identifier.
    pub sid: NumberSid,
    /// The number.
    pub number: PhoneNumber,
    /// Its label. Foreign text.
    pub friendly_name: Untrusted,
    /// It can send texts.
    pub sms: bool,
}

/// A Messaging Service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessagingService {
    /// Its identifier.
    pub sid: MessagingServiceSid,
    /// Its name. Foreign text.
    pub friendly_name: Untrusted,
    /// Registered for texts to US mobiles; `false` with US recipients foretells error 30034.
    pub us_registered: bool,
}
