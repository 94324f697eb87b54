//! Everything that tuilio may ask of Twilio, and everything that it may be answered, as plain data.
//!
//! A [`Call`] is encoded by `twilio::request` and a [`Reply`] decoded by `twilio::response`; both are
//! what events and effects carry, so that a session can be recorded, compared and replayed.

use super::Timestamp;
use super::account::{Account, Balance, MessagingService, OwnedNumber};
use super::lookup::Lookup;
use super::message::{ListPage, Message, MessageFilter, NewMessage, PageCursor};
use super::phone::PhoneNumber;
use super::secret::Code;
use super::sid::{MessageSid, VerifyServiceSid};
use super::verification::{
    Attempt, AttemptFilter, AttemptSummary, NewVerification, Verification, VerificationKey,
    VerifyService,
};

/// A question to Twilio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// Send a text.
    SendMessage(NewMessage),
    /// Read one text.
    FetchMessage(MessageSid),
    /// Read a page of texts, newest first.
    ListMessages(MessageFilter),
    /// Read the next page of texts.
    NextMessages {
        /// What the list was asked for.
        filter: MessageFilter,
        /// Where its next page is.
        cursor: PageCursor,
    },
    /// Withdraw a scheduled text.
    CancelMessage(MessageSid),
    /// Empty the body of a text at Twilio.
    RedactMessage(MessageSid),
    /// Remove a text at Twilio.
    DeleteMessage(MessageSid),
    /// Start a verification, or send its code again.
    StartVerification(NewVerification),
    /// Read an open verification.
    FetchVerification {
        /// The service that it was started under.
        service: VerifyServiceSid,
        /// Which one.
        key: VerificationKey,
    },
    /// Withdraw an open verification.
    CancelVerification {
        /// The service that it was started under.
        service: VerifyServiceSid,
        /// Which one.
        key: VerificationKey,
    },
    /// Check the code that a customer read out.
    CheckVerification {
        /// The service that it was started under.
        service: VerifyServiceSid,
        /// Which one.
        key: VerificationKey,
        /// What was read out.
        code: Code,
    },
    /// Read a page of sends of codes, newest first.
    ListAttempts(AttemptFilter),
    /// Read the next page of sends of codes.
    NextAttempts {
        /// What the list was asked for.
        filter: AttemptFilter,
        /// Where its next page is.
        cursor: PageCursor,
    },
    /// Count sends of codes.
    SummariseAttempts(AttemptFilter),
    /// Read all Verify services.
    ListVerifyServices,
    /// Read one Verify service.
    FetchVerifyService(VerifyServiceSid),
    /// Ask what is known of a number.
    LookUp {
        /// The number.
        number: PhoneNumber,
        /// Ask for the kind of line as well, which costs money.
        line_type: bool,
    },
    /// Read the account; a standard API key may not.
    FetchAccount,
    /// Read what is left to spend.
    FetchBalance,
    /// Read the account's numbers.
    ListNumbers,
    /// Read the Messaging Services.
    ListMessagingServices,
}

impl Call {
    /// The world is changed by it: it is written down before, and never repeated by itself.
    pub fn changes_something(&self) -> bool {
        matches!(
            self,
            Self::SendMessage(_)
                | Self::CancelMessage(_)
                | Self::RedactMessage(_)
                | Self::DeleteMessage(_)
                | Self::StartVerification(_)
                | Self::CancelVerification { .. }
                | Self::CheckVerification { .. }
        )
    }
}

/// What Twilio answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// A text: sent, fetched, withdrawn or redacted.
    Message(Message),
    /// A page of texts.
    Messages(ListPage<Message>),
    /// A text is gone.
    MessageDeleted,
    /// A verification: started, fetched, withdrawn or checked.
    Verification(Verification),
    /// A page of sends of codes.
    Attempts(ListPage<Attempt>),
    /// Sends in numbers.
    AttemptSummary(AttemptSummary),
    /// The Verify services.
    VerifyServices(Vec<VerifyService>),
    /// One Verify service.
    VerifyService(VerifyService),
    /// What is known of a number.
    Lookup(Lookup),
    /// The account.
    Account(Account),
    /// What is left to spend.
    Balance(Balance),
    /// The account's numbers.
    Numbers(Vec<OwnedNumber>),
    /// The Messaging Services.
    MessagingServices(Vec<MessagingService>),
}

/// A reply with what came along with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer<T = Reply> {
    /// The reply itself.
    pub reply: T,
    /// `Twilio-Request-Id`: what Twilio's support asks for.
    pub request_id: Option<String>,
    /// Twilio's clock when it answered (`Date`): expiry is counted against it, not against ours. None where the machine
    /// slept before the answer was read.
    pub date: Option<Timestamp>,
}

impl<T> Answer<T> {
    /// The same answer around another reply.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Answer<U> {
        Answer {
            reply: f(self.reply),
            request_id: self.request_id,
            date: self.date,
        }
    }
}
