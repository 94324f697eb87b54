//! The shapes of the JSON in the columns `intent` and `outcome`.
//!
//! They are part of the file format: what is written here today is read by every later version, so a
//! change of them is a migration.

use serde::{Deserialize, Serialize};

use crate::domain::{Failure, FailureKind, Timestamp};

/// What was asked for, besides recipient and body.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoredIntent {
    Text {
        sender: StoredSender,
        validity_seconds: Option<u32>,
        send_at: Option<Timestamp>,
        smart_encoded: Option<bool>,
    },
    VerifyStart {
        service: String,
        channel: String,
        locale: Option<String>,
        send_digits: Option<String>,
        tags: Vec<(String, String)>,
    },
    VerifyCheck(StoredVerification),
    VerifyCancel(StoredVerification),
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
        error: Option<u32>,
        segments: Option<u32>,
    },
    Verification {
        channel: String,
        sends: Option<u32>,
        expires_at: Option<Timestamp>,
        delivery: Option<StoredDelivery>,
    },
    #[serde(with = "StoredFailure")]
    Failure(Failure),
}

/// Whether a code arrived.
#[derive(Serialize, Deserialize)]
pub struct StoredDelivery {
    pub status: String,
    pub error: Option<u32>,
}

/// Mirrors [`Failure`]; the compiler reports where the two part.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Failure")]
struct StoredFailure {
    #[serde(with = "StoredFailureKind")]
    kind: FailureKind,
    code: Option<u32>,
    status: Option<u16>,
    message: String,
    retry_after: Option<u32>,
    request_id: Option<String>,
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
    OutcomeUnknown,
    Store,
    Vault,
    Internal,
}
