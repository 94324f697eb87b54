//! Verifications, as Twilio's Verify v2 has them: a code on its way to a phone or an address.
//!
//! The code itself is in none of these: Twilio never returns it, and the one that a customer reads out
//! is a [`Code`](super::Code) that lives in its field and in one request.

use std::fmt;

use super::Timestamp;
use super::message::MessageStatus;
use super::phone::PhoneNumber;
use super::sid::{AttemptSid, VerificationSid, VerifyServiceSid};
use super::untrusted::{Untrusted, has_hidden};

/// How long a code is good: ten minutes, a fixed setting of Twilio's (Verify rate limits and timeouts).
pub const VALIDITY_SECONDS: i64 = 600;
/// How many codes may be tried on one verification.
pub const MAX_CHECKS: u32 = 5;
/// How many times a code may be sent on one verification.
pub const MAX_SENDS: u32 = 5;

/// Who a code goes to.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Recipient {
    /// A phone: by SMS, call or WhatsApp.
    Phone(PhoneNumber),
    /// An email address.
    Email(EmailAddress),
}

impl Recipient {
    /// As it goes over the wire: E.164 or the address.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Phone(number) => number.e164(),
            Self::Email(address) => address.as_str(),
        }
    }

    /// The form that may be shown and logged.
    pub fn masked(&self) -> String {
        match self {
            Self::Phone(number) => number.masked(),
            Self::Email(address) => address.masked(),
        }
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// An email address: something, `@`, and a domain with a dot, and nothing that could not be seen. What it is
/// worth, the mail server knows.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailAddress(String);

/// Why a text is not an email address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an email address has a name, an @ and a domain with a dot")]
pub struct NotAnAddress;

impl EmailAddress {
    /// Takes an address, with white space around it dropped.
    pub fn parse(text: &str) -> Result<Self, NotAnAddress> {
        let text = text.trim();
        let (name, domain) = text.split_once('@').ok_or(NotAnAddress)?;
        let plain = |part: &str| {
            !part.is_empty()
                && part
                    .chars()
                    .all(|c| !c.is_whitespace() && !c.is_control() && c != '@')
        };
        let dotted =
            domain.split('.').count() > 1 && domain.split('.').all(|label| !label.is_empty());
        if plain(name) && plain(domain) && dotted && text.len() <= 254 && !has_hidden(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotAnAddress)
        }
    }

    /// Finds the address in what mail programs copy: `"Ada" <ada@example.org>`, `mailto:ada@example.org`. Where
    /// the name is another address, nobody knows which one is meant.
    pub fn find(text: &str) -> Result<Self, NotAnAddress> {
        let text = text.trim().trim_end_matches([',', ';']);
        let (name, bare) = match text.strip_suffix('>') {
            Some(text) => text.rsplit_once('<').ok_or(NotAnAddress)?,
            None => ("", text),
        };
        let bare = match bare.split_once(':') {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("mailto") => {
                rest.split('?').next().unwrap_or_default()
            }
            _ => bare,
        };
        let is_signs = |c: char| c.is_whitespace() || matches!(c, '"' | '\'');
        let is_of_another = name.contains('@') && name.trim_matches(is_signs) != bare;
        if is_of_another || bare.contains(['<', '>', '"', ':']) {
            return Err(NotAnAddress);
        }
        Self::parse(bare)
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// First letter and domain.
    pub fn masked(&self) -> String {
        let (name, domain) = self.0.split_once('@').unwrap_or((&self.0, ""));
        let first: String = name.chars().take(1).collect();
        format!("{first}••••@{domain}")
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// By which way a code travels.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum VerificationChannel {
    /// A text.
    #[default]
    Sms,
    /// A call that speaks the code. Twilio's word is `call`, never `voice`.
    Call,
    /// A WhatsApp message.
    WhatsApp,
    /// An email.
    Email,
    /// A word that this version does not know.
    Other(String),
}

impl VerificationChannel {
    /// From Twilio's word in any case (its own answers mix cases); never fails.
    pub fn from_wire(word: &str) -> Self {
        match word.to_ascii_lowercase().as_str() {
            "sms" => Self::Sms,
            "call" => Self::Call,
            "whatsapp" => Self::WhatsApp,
            "email" => Self::Email,
            other => Self::Other(other.to_owned()),
        }
    }

    /// Twilio's word.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Sms => "sms",
            Self::Call => "call",
            Self::WhatsApp => "whatsapp",
            Self::Email => "email",
            Self::Other(word) => word,
        }
    }
}

/// Where a verification stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum VerificationStatus {
    /// A code is out and was not read back yet.
    Pending,
    /// The right code was read back.
    Approved,
    /// Withdrawn.
    Canceled,
    /// Five wrong codes.
    MaxAttemptsReached,
    /// Older than ten minutes.
    Expired,
    /// It could not be sent.
    Failed,
    /// Gone.
    Deleted,
    /// A word that this version does not know.
    Other(String),
}

impl VerificationStatus {
    /// From Twilio's word; never fails.
    pub fn from_wire(word: &str) -> Self {
        match word {
            "pending" => Self::Pending,
            "approved" => Self::Approved,
            "canceled" => Self::Canceled,
            "max_attempts_reached" => Self::MaxAttemptsReached,
            "expired" => Self::Expired,
            "failed" => Self::Failed,
            "deleted" => Self::Deleted,
            other => Self::Other(other.to_owned()),
        }
    }

    /// Twilio's word.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Canceled => "canceled",
            Self::MaxAttemptsReached => "max_attempts_reached",
            Self::Expired => "expired",
            Self::Failed => "failed",
            Self::Deleted => "deleted",
            Self::Other(word) => word,
        }
    }

    /// Codes may still be tried.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Pending | Self::Other(_))
    }
}

/// A verification to be started, or a code to be sent again: for a recipient with an open verification,
/// Twilio sends the same code under the same SID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewVerification {
    /// The service under which the code is sent and checked.
    pub service: VerifyServiceSid,
    /// Who gets it.
    pub to: Recipient,
    /// By which way.
    pub channel: VerificationChannel,
    /// Language of the message, such as `es`; Twilio's default follows the country of the number.
    pub locale: Option<String>,
    /// Digits to press after the call is answered: an extension behind a switchboard.
    pub send_digits: Option<String>,
    /// At most ten short labels for Twilio's logs. No personal data.
    pub tags: Vec<(String, String)>,
    /// Whether it goes to the number in the customer record, where that was compared. Kept here, never sent.
    pub on_file: Option<Compared>,
}

/// Whether a number is the one in the customer record. That one itself is nowhere kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compared {
    /// It is.
    Same,
    /// It is another one.
    Differs,
}

impl Compared {
    /// The word for it in the history and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Differs => "differs",
        }
    }

    /// What a word stands for.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Same, Self::Differs]
            .into_iter()
            .find(|compared| compared.word() == word)
    }
}

impl NewVerification {
    /// A verification with Twilio's defaults for everything else.
    pub fn new(service: VerifyServiceSid, to: Recipient, channel: VerificationChannel) -> Self {
        Self {
            service,
            to,
            channel,
            locale: None,
            send_digits: None,
            tags: Vec::new(),
            on_file: None,
        }
    }
}

/// What names an open verification: its SID, or whom it was sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VerificationKey {
    /// By SID.
    Sid(VerificationSid),
    /// By number or address.
    To(Recipient),
}

impl VerificationKey {
    /// As it goes over the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Sid(sid) => sid.as_str(),
            Self::To(to) => to.as_str(),
        }
    }
}

/// One send of a code, as a verification lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendAttempt {
    /// When.
    pub time: Option<Timestamp>,
    /// By which way.
    pub channel: VerificationChannel,
    /// Its own identifier.
    pub sid: Option<AttemptSid>,
}

/// A verification as Twilio holds it. A check answers with the same, without its sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// Its identifier; stays the same when a code is sent again.
    pub sid: VerificationSid,
    /// Where it stands.
    pub status: VerificationStatus,
    /// The last way used.
    pub channel: VerificationChannel,
    /// Number or address. Foreign text.
    pub to: Untrusted,
    /// All sends so far; empty in the answer to a check.
    pub sends: Vec<SendAttempt>,
    /// Kind of line, where the service looks numbers up.
    pub line_type: Option<String>,
    /// When the code was made: it is good for [`VALIDITY_SECONDS`] from here.
    pub date_created: Option<Timestamp>,
    /// When it last changed.
    pub date_updated: Option<Timestamp>,
}

/// A Verify service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyService {
    /// Its identifier.
    pub sid: VerifyServiceSid,
    /// The name that stands in the text. Foreign text.
    pub friendly_name: Untrusted,
    /// Digits in a code, 4 to 10.
    pub code_length: u32,
    /// Numbers are looked up before a send.
    pub lookup_enabled: bool,
    /// Texts to landlines are refused (60205) rather than tried.
    pub skip_sms_to_landlines: bool,
    /// The text says that employees will never ask for the code.
    pub do_not_share_warning: bool,
    /// Whoever has the key may choose the code.
    pub custom_code: bool,
}

/// A send of a code, as the Attempts list reports it: the only place that tells whether a code arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Its identifier.
    pub sid: AttemptSid,
    /// The verification that it belongs to.
    pub verification_sid: VerificationSid,
    /// Under which service, where Twilio says so.
    pub service: Option<VerifyServiceSid>,
    /// The code was read back.
    pub converted: bool,
    /// Its time is over, by Twilio's own word.
    pub expired: bool,
    /// By which way.
    pub channel: VerificationChannel,
    /// Number or address. Foreign text.
    pub to: Option<Untrusted>,
    /// Delivery of a text; none for calls and email.
    pub message_status: Option<MessageStatus>,
    /// Progress of a call: queued, ringing, in-progress, completed, busy, failed, no-answer, canceled.
    pub call_status: Option<String>,
    /// Why it did not arrive (30001 and up).
    pub error_code: Option<u32>,
    /// The network. Foreign text.
    pub carrier: Option<Untrusted>,
    /// Country of the number, ISO 3166 alpha-2.
    pub country: Option<String>,
    /// When it was sent.
    pub date_created: Option<Timestamp>,
    /// When it last changed: for one that was read back, when.
    pub date_updated: Option<Timestamp>,
}

/// Which attempts to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AttemptFilter {
    /// Under this service.
    pub service: Option<VerifyServiceSid>,
    /// Of this verification.
    pub verification: Option<VerificationSid>,
    /// To this number or address.
    pub to: Option<Recipient>,
    /// Sent at or after.
    pub created_after: Option<Timestamp>,
    /// Sent at or before.
    pub created_before: Option<Timestamp>,
    /// By this way.
    pub channel: Option<VerificationChannel>,
    /// To this country, ISO 3166 alpha-2.
    pub country: Option<String>,
    /// How many in a page, 1 to 1,000; Twilio's default is 50.
    pub page_size: Option<u32>,
}

impl AttemptFilter {
    /// Whether a send may stand in this list: one of somebody else means that another question was answered.
    pub fn may_list(&self, send: &Attempt) -> bool {
        let of_service = send.service.as_ref().zip(self.service.as_ref());
        let to = send.to.as_ref().map_or("", Untrusted::raw);
        of_service.is_none_or(|(found, asked)| found == asked)
            && self
                .verification
                .as_ref()
                .is_none_or(|asked| *asked == send.verification_sid)
            && match &self.to {
                Some(Recipient::Phone(number)) => number.may_be_written(to),
                // Of an address it is not told in which way Twilio writes it.
                Some(Recipient::Email(_)) | None => true,
            }
    }
}

/// Attempts in numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptSummary {
    /// All sends.
    pub total: u64,
    /// Sends whose code was read back.
    pub converted: u64,
    /// Sends whose code was not.
    pub unconverted: u64,
    /// Share that was read back, in per cent, as Twilio's decimal text.
    pub conversion_rate: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_name_and_a_dotted_domain() {
        for (text, right) in [
            ("ada@example.org", true),
            (" ada@example.org\n", true),
            ("ada@example", false),
            ("@example.org", false),
            ("a b@example.org", false),
            ("ada@@example.org", false),
            ("ada@example..org", false),
        ] {
            assert_eq!(EmailAddress::parse(text).is_ok(), right, "{text:?}");
        }
    }

    #[test]
    fn debug_masks_an_address() {
        assert_eq!(
            format!("{:?}", EmailAddress::parse("ada@example.org")),
            "Ok(a••••@example.org)"
        );
    }

    #[test]
    fn channels_are_read_in_any_case() {
        assert_eq!(
            VerificationChannel::from_wire("SMS"),
            VerificationChannel::Sms
        );
        assert_eq!(VerificationChannel::from_wire("sna").as_str(), "sna");
    }
}
