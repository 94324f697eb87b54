//! Values. Everything here is parsed once, at the edge, and is right from then on.
//!
//! The words are Twilio's for Twilio's things ([`Message`], [`Verification`], [`Sid`](sid)) and ours for
//! what tuilio adds: an [`Operation`] is something that an agent asked for, written down before it is
//! sent and settled afterwards; a [`Failure`] is any error in the form that a screen can show.
//!
//! Invariants: no clock, no I/O, no thread, no randomness; nothing of ours is imported from elsewhere.
//! `Debug` of every value is safe to print: secrets and codes say nothing, phone numbers are masked.

pub mod account;
pub mod audit;
mod belonging;
pub mod call;
pub mod catalogue;
pub mod checkup;
pub mod connection;
pub mod console;
mod digit;
pub mod draft;
pub mod export;
pub mod failure;
mod held_back;
pub mod history_query;
pub mod language;
pub mod lookup;
pub mod message;
pub mod notices;
pub mod operation;
pub mod opt_out;
pub mod outcome;
pub mod overslept;
pub mod paste;
pub mod phone;
pub mod phrase;
pub mod place;
pub mod policy;
pub mod recipe;
pub mod record;
pub mod remains;
pub mod safety;
pub mod secret;
pub mod sid;
pub mod sms_text;
mod standing;
pub mod tally;
pub mod template;
pub mod ticket;
pub mod untrusted;
pub mod verification;

pub use audit::AuditNumber;
pub use call::{Answer, Call, Reply};
pub use connection::Connection;
pub use draft::Draft;
pub use failure::{Failure, FailureKind};
pub use language::Language;
pub use message::{Message, MessageStatus, NewMessage, Sender};
pub use notices::Notices;
pub use operation::{Intent, OpId, OpState, Operation, Settled};
pub use phone::PhoneNumber;
pub use phrase::{Phrase, phrase};
pub use policy::Policy;
pub use record::{HistoryRow, LookBack, Page};
pub use remains::{Remains, Was};
pub use secret::{Code, Secret};
pub use tally::Tally;
pub use template::{Template, Templates};
pub use ticket::{Ticket, TicketProblem};
pub use untrusted::Untrusted;
pub use verification::{
    Recipient, Verification, VerificationChannel, VerificationKey, VerificationStatus,
};

/// A moment in UTC. Twilio's dates have whole seconds; ours keep what the clock gave.
pub use jiff::Timestamp;
