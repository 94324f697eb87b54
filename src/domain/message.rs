//! Texts, as Twilio's Message resource has them (Core API 2010-04-01, `/Messages`).

use std::fmt;

use super::Timestamp;
use super::phone::PhoneNumber;
use super::sid::{MessageSid, MessagingServiceSid};
use super::sms_text::plain;
use super::untrusted::Untrusted;

/// The longest text that Twilio takes, in UTF-16 units (error 21617).
pub const LONGEST_BODY: usize = 1600;

/// What Twilio puts before every text of a trial account. It is stored as part of the body, and costs.
pub const TRIAL_PREFIX: &str = "Sent from your Twilio trial account - ";

/// Whether an account is a trial one, by the newest text that went out from it; none where no text tells.
pub fn tells_trial(texts: &[Message]) -> Option<bool> {
    texts
        .iter()
        .filter(|text| text.direction != Direction::Inbound && !text.body.raw().is_empty())
        .max_by_key(|text| text.date_created)
        .map(|text| text.body.raw().starts_with(TRIAL_PREFIX))
}

/// What stays of the words of a text whatever happens to it on its way: without the prefix of a trial,
/// look-alikes swapped, lines ended in one way, nothing around it.
pub fn likeness(body: &str) -> String {
    let mut words = plain(&body.replace("\r\n", "\n").replace('\r', "\n"));
    let prefix = plain(TRIAL_PREFIX);
    while let Some(rest) = words.strip_prefix(&prefix) {
        words = rest.to_owned();
    }
    words.trim().to_owned()
}

/// Whether a text at Twilio has the very words of another, but for what a trial account puts before them.
pub fn is_very(found: &str, said: &str) -> bool {
    found == said || found.strip_prefix(TRIAL_PREFIX) == Some(said)
}

/// Whether a text at Twilio may have been sent with these words: redacted ones are empty, and a service that swaps
/// look-alikes changes some.
pub fn may_say(found: &str, said: &str) -> bool {
    found.is_empty() || may_be_one(found, said)
}

/// Whether two texts may be one and the same for whoever looks at them later.
pub fn may_be_one(one: &str, other: &str) -> bool {
    one == other || likeness(one) == likeness(other)
}

/// Who a text comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sender {
    /// A number that the account owns.
    Number(PhoneNumber),
    /// An alphanumeric sender ID or a short code.
    Name(String),
    /// A Messaging Service: Twilio picks one of its senders.
    Service(MessagingServiceSid),
}

/// A text to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    /// The recipient.
    pub to: PhoneNumber,
    /// Number, name or service that it comes from.
    pub sender: Sender,
    /// What it says, at most 1,600 UTF-16 units (error 21617).
    pub body: Untrusted,
    /// How long Twilio may queue it, 1 to 36,000 seconds; Twilio's own default is 36,000.
    pub validity_seconds: Option<u32>,
    /// When it shall leave: 5 minutes to 35 days ahead, with a Messaging Service only.
    pub send_at: Option<Timestamp>,
    /// Ask Twilio to swap look-alike characters for cheaper ones.
    pub smart_encoded: Option<bool>,
}

impl NewMessage {
    /// A text with Twilio's defaults for everything else.
    pub fn new(to: PhoneNumber, sender: Sender, body: impl Into<String>) -> Self {
        Self {
            to,
            sender,
            body: Untrusted::new(body),
            validity_seconds: None,
            send_at: None,
            smart_encoded: None,
        }
    }
}

/// Where a text stands. Values that Twilio adds later arrive as `Other`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum MessageStatus {
    /// Waiting for its time (service only).
    Scheduled,
    /// Taken; the service is choosing a sender.
    Accepted,
    /// In the sender's queue, for at most 10 hours.
    Queued,
    /// Being handed to the carrier.
    Sending,
    /// The carrier took it; without a receipt it stays here.
    Sent,
    /// The carrier or the handset confirmed it.
    Delivered,
    /// The carrier reported that it did not arrive; an error code says why.
    Undelivered,
    /// It could not be sent at all; an error code says why.
    Failed,
    /// The recipient opened it (WhatsApp and RCS).
    Read,
    /// Withdrawn before its time.
    Canceled,
    /// Coming in.
    Receiving,
    /// Came in.
    Received,
    /// A word that this version does not know.
    Other(String),
}

impl MessageStatus {
    /// From Twilio's word; never fails.
    pub fn from_wire(word: &str) -> Self {
        match word {
            "scheduled" => Self::Scheduled,
            "accepted" => Self::Accepted,
            "queued" => Self::Queued,
            "sending" => Self::Sending,
            "sent" => Self::Sent,
            "delivered" => Self::Delivered,
            "undelivered" => Self::Undelivered,
            "failed" => Self::Failed,
            "read" => Self::Read,
            "canceled" => Self::Canceled,
            "receiving" => Self::Receiving,
            "received" => Self::Received,
            other => Self::Other(other.to_owned()),
        }
    }

    /// Twilio's word.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Accepted => "accepted",
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Undelivered => "undelivered",
            Self::Failed => "failed",
            Self::Read => "read",
            Self::Canceled => "canceled",
            Self::Receiving => "receiving",
            Self::Received => "received",
            Self::Other(word) => word,
        }
    }

    /// Nothing more is to be expected.
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            Self::Delivered
                | Self::Undelivered
                | Self::Failed
                | Self::Read
                | Self::Canceled
                | Self::Received
        )
    }

    /// How far along a text is. A report that would take it back is late, and is not believed.
    pub fn rank(&self) -> u8 {
        match self {
            Self::Other(_) => 0,
            Self::Scheduled => 1,
            Self::Accepted | Self::Receiving => 2,
            Self::Queued => 3,
            Self::Sending => 4,
            Self::Sent => 5,
            Self::Delivered
            | Self::Undelivered
            | Self::Failed
            | Self::Canceled
            | Self::Received => 6,
            Self::Read => 7,
        }
    }

    /// Whether a report of `next` moves a text forward.
    pub fn may_become(&self, next: &Self) -> bool {
        next.rank() > self.rank()
            && !matches!(
                (self, next),
                (
                    Self::Undelivered | Self::Failed | Self::Canceled | Self::Received,
                    Self::Read
                )
            )
    }
}

/// Which way a text went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Direction {
    /// To the account.
    Inbound,
    /// From the account, by the API.
    OutboundApi,
    /// From the account, during a call.
    OutboundCall,
    /// From the account, as an answer to a text.
    OutboundReply,
    /// A word that this version does not know.
    Other(String),
}

impl Direction {
    /// From Twilio's word; never fails.
    pub fn from_wire(word: &str) -> Self {
        match word {
            "inbound" => Self::Inbound,
            "outbound-api" => Self::OutboundApi,
            "outbound-call" => Self::OutboundCall,
            "outbound-reply" => Self::OutboundReply,
            other => Self::Other(other.to_owned()),
        }
    }

    /// Twilio's word.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Inbound => "inbound",
            Self::OutboundApi => "outbound-api",
            Self::OutboundCall => "outbound-call",
            Self::OutboundReply => "outbound-reply",
            Self::Other(word) => word,
        }
    }
}

/// A text as Twilio holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its identifier.
    pub sid: MessageSid,
    /// Where it stands.
    pub status: MessageStatus,
    /// Which way it went.
    pub direction: Direction,
    /// Recipient: a number or a channel address. Foreign text.
    pub to: Untrusted,
    /// Sender; none until a service has picked one. Foreign text.
    pub from: Option<Untrusted>,
    /// The service that sent it.
    pub messaging_service_sid: Option<MessagingServiceSid>,
    /// What it says; empty after redaction, with a prefix on trial accounts.
    pub body: Untrusted,
    /// Why it failed (30001 and up), once it has.
    pub error_code: Option<u32>,
    /// Twilio's sentence about it. Foreign text.
    pub error_message: Option<Untrusted>,
    /// How many parts are billed; 0 until a sender is picked.
    pub num_segments: Option<u32>,
    /// What it cost, negative, as Twilio's decimal text; none until billed.
    pub price: Option<String>,
    /// Currency of `price`, such as `USD`.
    pub price_unit: Option<String>,
    /// When Twilio took it.
    pub date_created: Option<Timestamp>,
    /// When it was handed to the carrier.
    pub date_sent: Option<Timestamp>,
    /// When its status last changed.
    pub date_updated: Option<Timestamp>,
}

/// Which texts to list. Twilio has no filter for status or body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MessageFilter {
    /// Sent to this number.
    pub to: Option<PhoneNumber>,
    /// Sent from this number.
    pub from: Option<PhoneNumber>,
    /// Handed to the carrier at or after this moment. Hides what is still queued.
    pub sent_after: Option<Timestamp>,
    /// Handed to the carrier at or before this moment.
    pub sent_before: Option<Timestamp>,
    /// How many in a page, 1 to 1,000; Twilio's default is 50.
    pub page_size: Option<u32>,
}

impl MessageFilter {
    /// Whether a text may stand in this list: one of somebody else means that another question was answered.
    pub fn may_list(&self, text: &Message) -> bool {
        let fits = |asked: &Option<PhoneNumber>, found: &str| {
            asked
                .as_ref()
                .is_none_or(|number| number.may_be_written(found))
        };
        let from = text.from.as_ref().map_or("", Untrusted::raw);
        fits(&self.to, text.to.raw()) && fits(&self.from, from)
    }
}

/// One page of a list, newest first, and where the next one is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPage<T> {
    /// The items, in Twilio's order.
    pub items: Vec<T>,
    /// Opaque; hand it back to get the next page. None at the end.
    pub next: Option<PageCursor>,
}

/// Where the next page of a list is: path and query of Twilio's own link. Opaque by contract, and hidden in
/// `Debug`, since a filter by number is part of it.
#[derive(Clone, PartialEq, Eq)]
pub struct PageCursor(pub(crate) String);

impl fmt::Debug for PageCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[the next page]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_never_moves_backwards() {
        use MessageStatus::*;
        for (from, to, legal) in [
            (Queued, Sent, true),
            (Sent, Delivered, true),
            (Delivered, Read, true),
            (Sent, Queued, false),
            (Delivered, Sent, false),
            (Delivered, Undelivered, false),
            (Failed, Read, false),
            (Sent, Other("paused".into()), false),
            (Other("paused".into()), Queued, true),
        ] {
            assert_eq!(from.may_become(&to), legal, "{from:?} -> {to:?}");
        }
    }

    #[test]
    fn words_of_twilio_survive_a_round_trip_even_unknown_ones() {
        for word in [
            "scheduled",
            "accepted",
            "queued",
            "sending",
            "sent",
            "delivered",
            "undelivered",
            "failed",
            "read",
            "canceled",
            "receiving",
            "received",
            "partially_delivered",
        ] {
            assert_eq!(MessageStatus::from_wire(word).as_str(), word);
        }
    }
}
