//! The people of a world: how texts, codes and calls to a number fare, and what its holder does then.
//!
//! Data alone: scenes and `assets/recipients.toml` are made of it. What is not said is what is usual, a
//! mobile in reach whose holder waits.

use serde::Deserialize;

use super::bounds;

/// How one number, or all that begin alike, behave.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Recipient {
    number: String,
    note: String,
    pub(super) line: Line,
    pub(super) carrier: Option<String>,
    /// Messages refuses the number with this code.
    pub(super) message_refused: Option<u32>,
    /// Verify refuses the number with this code on these channels.
    pub(super) verify_refused: Option<VerifyRefused>,
    pub(super) text: TextBehaviour,
    pub(super) call: CallEnd,
    /// An older code lies on the phone already.
    pub(super) old_code: bool,
    /// Codes arrive, but on a phone that the caller does not have.
    pub(super) elsewhere: bool,
    /// How long a code is good, where that is not what the scene says.
    #[serde(deserialize_with = "bounds::some_seconds")]
    pub(super) code_lives_seconds: Option<u64>,
    /// A colleague at another desk had begun a check before.
    pub(super) earlier: Option<Earlier>,
    /// What a colleague at another desk does after a check was begun.
    pub(super) colleague: Vec<Deed>,
    /// What the holder answers: to the first text, to the second, …
    pub(super) replies: Vec<String>,
}

/// A check that a colleague began so many seconds ago.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Earlier {
    pub(super) seconds: u32,
    /// How many times the code was sent in the meantime.
    #[serde(deserialize_with = "bounds::times")]
    pub(super) sends: u32,
}

/// Something that a colleague does, so many seconds after a check was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Deed {
    #[serde(deserialize_with = "bounds::seconds")]
    pub(super) after_seconds: u64,
    pub(super) does: Does,
    #[serde(default = "once", deserialize_with = "bounds::times")]
    pub(super) times: u32,
}

fn once() -> u32 {
    1
}

/// What a colleague does to a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Does {
    /// Sends the code again.
    Sends,
    /// Tries a wrong code.
    Guesses,
    /// Types the right code.
    Approves,
    /// Withdraws it.
    Cancels,
    /// Removes it without a trace, as if it had never been begun.
    Removes,
}

impl Recipient {
    pub(super) fn is(&self, number: &str) -> bool {
        match self.number.strip_suffix('*') {
            Some(start) => number.starts_with(start),
            None => self.number == number,
        }
    }

    /// The network's name.
    pub(super) fn carrier(&self) -> &str {
        self.carrier.as_deref().unwrap_or("Pretend Wireless")
    }
}

/// A refusal of Verify's.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VerifyRefused {
    pub(super) code: u32,
    pub(super) channels: Vec<String>,
}

/// How a text fares.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct TextBehaviour {
    pub(super) ends: TextEnd,
    pub(super) error_code: Option<u32>,
    #[serde(deserialize_with = "bounds::seconds")]
    pub(super) queued_seconds: u64,
    #[serde(deserialize_with = "bounds::some_seconds")]
    pub(super) receipt_seconds: Option<u64>,
}

/// Where a text ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum TextEnd {
    #[default]
    Delivered,
    Undelivered,
    Failed,
    /// The carrier never reports back.
    Sent,
}

/// Where a call ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum CallEnd {
    #[default]
    Completed,
    Busy,
    NoAnswer,
    Failed,
}

/// Kind of line, in Lookup's words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Line {
    #[default]
    Mobile,
    Landline,
    NonFixedVoip,
}

impl Line {
    pub(super) fn lookup_word(self) -> &'static str {
        match self {
            Self::Mobile => "mobile",
            Self::Landline => "landline",
            Self::NonFixedVoip => "nonFixedVoip",
        }
    }

    pub(super) fn verify_word(self) -> &'static str {
        match self {
            Self::Mobile => "mobile",
            Self::Landline => "landline",
            Self::NonFixedVoip => "voip",
        }
    }
}
