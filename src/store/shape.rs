//! The shapes of the JSON in the columns `intent` and `outcome`.
//!
//! They are part of the file format: what is written here today is read by every later version, so a
//! change of them is a migration. What is not known is left out: most rows know little.

use serde::{Deserialize, Serialize};

use crate::domain::{Failure, FailureKind, Phrase, Timestamp};

/// What was asked for, besides recipient and body.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoredIntent {
    Text {
        sender: StoredSender,
        #[serde(skip_serializing_if = "Option::is_none")]
        validity_seconds: Option<u32>,
        #[serde(skip_serializing_if = "Option::is_none")]
        send_at: Option<Timestamp>,
        #[serde(skip_serializing_if = "Option::is_none")]
        smart_encoded: Option<bool>,
    },
    VerifyStart {
        service: String,
        channel: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        locale: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        send_digits: Option<String>,
        tags: Vec<(String, String)>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on_file: Option<String>,
    },
    VerifyCheck(StoredVerification),
    VerifyCancel(StoredVerification),
    LookUp {
        line_type: bool,
    },
    Unreadable {
        #[serde(skip_serializing_if = "Option::is_none")]
        was: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        channel: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        sid: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        service: Option<String>,
    },
}

/// Whom a text comes from.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoredSender {
    Number(String),
    Name(String),
    Service(String),
}

/// Which verification is checked or withdrawn.
#[derive(Serialize, Deserialize)]
pub struct StoredVerification {
    pub service: String,
    pub key: StoredKey,
    /// The recipient was told, and not only read off the key.
    pub recipient_known: bool,
}

/// What names a verification.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoredKey {
    Sid(String),
    To(String),
}

/// What came of it, besides state, SID and status.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoredOutcome {
    Text {
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<u32>,
        #[serde(skip_serializing_if = "Option::is_none")]
        segments: Option<u32>,
    },
    Verification {
        channel: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        sends: Option<u32>,
        #[serde(skip_serializing_if = "Option::is_none")]
        expires_at: Option<Timestamp>,
        #[serde(skip_serializing_if = "Option::is_none")]
        delivery: Option<StoredDelivery>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        approved_at: Option<Timestamp>,
    },
    Lookup {
        valid: bool,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        validation_errors: Vec<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        country: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        line_type: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        carrier: Option<String>,
    },
    #[serde(with = "StoredFailure")]
    Failure(Failure),
}

/// Whether a code arrived.
#[derive(Serialize, Deserialize)]
pub struct StoredDelivery {
    pub status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<String>,
}

/// Mirrors [`Failure`]; the compiler reports where the two part.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Failure")]
struct StoredFailure {
    #[serde(with = "StoredFailureKind")]
    kind: FailureKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    #[serde(skip)]
    said: Option<Box<Phrase>>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "FailureKind", rename_all = "snake_case")]
enum StoredFailureKind {
    InvalidRecipient,
    InvalidCode,
    Refused,
    NotFound,
    RateLimit,
    Credentials,
    NotSent,
    NoAnswer,
    NoTrace,
    OutcomeUnknown,
    Store,
    Vault,
    Policy,
    Internal,
}
