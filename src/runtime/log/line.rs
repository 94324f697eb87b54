//! What may stand in the log, as a type: names of ours, numbers, and words of one plain shape.
//!
//! A [`Word`] is the name of a request of Twilio's or a place in a source, and of no other shape, so that
//! neither a sentence nor a number nor a code fits into it. What has no place in a [`Line`] cannot be
//! logged.

use std::panic::Location;
use std::path::Path;
use std::time::Duration;

use serde::{Serialize, Serializer};

use super::Level;
use crate::domain::{Call, Failure, OpId, Timestamp};
use crate::model::{Ask, Event};
use crate::vault::VaultError;

/// A word that others chose and that is harmless by its shape.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Word(String);

impl Word {
    /// What Twilio calls a request, `RQ` and 32 hexadecimal digits; nothing else, for it comes from outside.
    pub fn request(text: &str) -> Option<Self> {
        let id = text.strip_prefix("RQ")?;
        let fits = id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit());
        fits.then(|| Self(text.to_owned()))
    }

    /// A place in a source, without the folders of whoever built it.
    pub fn place(place: &Location) -> Self {
        let file = Path::new(place.file()).file_name().unwrap_or_default();
        Self(format!("{}:{}", file.to_string_lossy(), place.line()))
    }
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Line {
    /// The program began.
    Started {
        /// Of the program.
        version: &'static str,
        /// The operating system.
        os: &'static str,
        /// The kind of processor.
        arch: &'static str,
        /// What was typed: `desk`, `send`, …
        command: &'static str,
    },
    /// It ended in good order.
    Ended {
        /// With this number.
        exit: u8,
    },
    /// A fault of ours. Where it was, and nothing of what was at hand.
    Panicked {
        /// File and line.
        place: Option<Word>,
    },
    /// An account is in use from here on.
    Connected {
        /// Where its keys came from.
        keys: &'static str,
    },
    /// No account could be used.
    NotConnected {
        /// Why.
        why: Why,
    },
    /// Twilio was asked.
    Called {
        /// What.
        call: &'static str,
        /// For which operation.
        #[serde(skip_serializing_if = "Option::is_none")]
        op: Option<Name>,
        /// How long it took, waits and all.
        ms: u64,
        /// How often it was waited in between.
        waits: u32,
        /// What Twilio's support asks for.
        #[serde(skip_serializing_if = "Option::is_none")]
        request: Option<Word>,
        /// Why it gave no answer, where it gave none.
        #[serde(skip_serializing_if = "Option::is_none")]
        why: Option<Why>,
    },
    /// An operation was written down before it was begun, or could not be.
    Intended {
        /// Which.
        op: Name,
        /// What it is.
        #[serde(skip_serializing_if = "Option::is_none")]
        kind: Option<&'static str>,
        /// Why not.
        #[serde(skip_serializing_if = "Option::is_none")]
        why: Option<Why>,
    },
    /// What became of an operation was written down, or could not be.
    Settled {
        /// Which.
        op: Name,
        /// What became of it.
        #[serde(skip_serializing_if = "Option::is_none")]
        state: Option<&'static str>,
        /// Why it did not take effect, or could not be written.
        #[serde(skip_serializing_if = "Option::is_none")]
        why: Option<Why>,
    },
    /// Operations of ended programs were taken over: their outcome is not known.
    Recovered {
        /// How many.
        operations: usize,
    },
    /// The lead's policy, or a rule of the desk, did not allow something.
    NotAllowed {
        /// What was to be done.
        kind: &'static str,
    },
    /// The keyring did not do its part.
    Keyring {
        /// What was asked of it.
        deed: &'static str,
        /// What it did instead.
        trouble: &'static str,
        /// How long that took.
        ms: u64,
    },
    /// Keys were kept, or could not be.
    KeysKept {
        /// Why not.
        #[serde(skip_serializing_if = "Option::is_none")]
        why: Option<Why>,
    },
    /// A profile and its keys were removed, or could not be.
    SignedOut {
        /// Why not.
        #[serde(skip_serializing_if = "Option::is_none")]
        why: Option<Why>,
    },
    /// Entries of the history were deleted.
    Deleted {
        /// How many operations.
        operations: usize,
    },
    /// The history was written into a file.
    Exported {
        /// How many operations.
        operations: usize,
    },
    /// The links were examined.
    Examined {
        /// That many are broken.
        broken: usize,
        /// That many are worth a look.
        doubtful: usize,
    },
    /// Lines that the disk was too slow for.
    Lost {
        /// How many.
        lines: u64,
    },
}

/// The name of an operation, as the history has it: `12-1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name(OpId);

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&self.0)
    }
}

/// Why something did not work: its kind and its numbers, and none of its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Why {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
}

impl From<&Failure> for Why {
    fn from(failure: &Failure) -> Self {
        Self {
            kind: failure.kind.as_str(),
            code: failure.code,
            status: failure.status,
        }
    }
}

impl Line {
    /// Of this program on this machine.
    pub fn started(command: &'static str) -> Self {
        Self::Started {
            version: env!("CARGO_PKG_VERSION"),
            os: std::env::consts::OS,
            arch: std::env::consts::ARCH,
            command,
        }
    }

    /// A question to Twilio that took so long.
    pub fn called(
        call: &'static str,
        ask: Ask,
        took: Duration,
        waits: u32,
        result: Result<Option<&str>, &Failure>,
    ) -> Self {
        let (request, why) = match result {
            Ok(request) => (request, None),
            Err(failure) => (failure.request_id.as_deref(), Some(Why::from(failure))),
        };
        Self::Called {
            call,
            op: ask.operation().map(Name),
            ms: milliseconds(took),
            waits,
            request: request.and_then(Word::request),
            why,
        }
    }

    /// The keyring did not do its part.
    pub fn keyring(deed: &'static str, trouble: VaultError, took: Duration) -> Self {
        Self::Keyring {
            deed,
            trouble: trouble.as_str(),
            ms: milliseconds(took),
        }
    }

    /// What an event says; none where it is not for the log.
    pub fn of(event: &Event) -> Option<Self> {
        Some(match event {
            Event::Connected(connection) => Self::Connected {
                keys: connection.source.as_str(),
            },
            Event::ConnectFailed(failure) | Event::KeysRead(Err(failure)) => Self::NotConnected {
                why: failure.into(),
            },
            Event::Intended { op, result } => Self::Intended {
                op: Name(*op),
                kind: result.as_ref().ok().map(|row| row.operation.intent.kind()),
                why: result.as_ref().err().map(Why::from),
            },
            Event::Settled { op, result } => Self::Settled {
                op: Name(*op),
                state: result.as_ref().ok().map(|row| row.state.word()),
                why: match result {
                    Ok(row) => row.state.failure().map(Why::from),
                    Err(failure) => Some(failure.into()),
                },
            },
            Event::Kept(result) => Self::KeysKept {
                why: result
                    .as_ref()
                    .err()
                    .map(|not_kept| (&not_kept.failure).into()),
            },
            Event::SignedOut(result) => Self::SignedOut {
                why: result.as_ref().err().map(Why::from),
            },
            Event::Deleted(Ok(ops)) => Self::Deleted {
                operations: ops.len(),
            },
            Event::Forgotten(Ok(ops)) if !ops.is_empty() => Self::Deleted {
                operations: ops.len(),
            },
            Event::Exported(Ok((operations, _))) => Self::Exported {
                operations: *operations,
            },
            _ => return None,
        })
    }

    /// How much it weighs.
    pub fn level(&self) -> Level {
        match self {
            Self::Panicked { .. } => Level::Error,
            Self::NotConnected { .. }
            | Self::Keyring { .. }
            | Self::Recovered { .. }
            | Self::NotAllowed { .. }
            | Self::Lost { .. }
            | Self::Called { why: Some(_), .. }
            | Self::Intended { why: Some(_), .. }
            | Self::Settled { why: Some(_), .. }
            | Self::KeysKept { why: Some(_) }
            | Self::SignedOut { why: Some(_) }
            | Self::Examined { broken: 1.., .. } => Level::Warn,
            _ => Level::Info,
        }
    }

    /// One JSON object and a newline.
    pub fn written(&self, at: Timestamp, run: u32) -> Vec<u8> {
        #[derive(Serialize)]
        struct Written<'a> {
            at: String,
            level: Level,
            run: u32,
            #[serde(flatten)]
            line: &'a Line,
        }
        let written = Written {
            at: at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
            level: self.level(),
            run,
            line: self,
        };
        // Words and numbers alone have a form in JSON.
        let mut text = serde_json::to_vec(&written).unwrap_or_default();
        text.push(b'\n');
        text
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// What a question is called in the log.
pub fn call_name(call: &Call) -> &'static str {
    match call {
        Call::SendMessage(_) => "send_message",
        Call::FetchMessage(_) => "fetch_message",
        Call::ListMessages(_) => "list_messages",
        Call::NextMessages { .. } => "next_messages",
        Call::CancelMessage(_) => "cancel_message",
        Call::RedactMessage(_) => "redact_message",
        Call::DeleteMessage(_) => "delete_message",
        Call::StartVerification(_) => "start_verification",
        Call::FetchVerification { .. } => "fetch_verification",
        Call::CancelVerification { .. } => "cancel_verification",
        Call::CheckVerification { .. } => "check_verification",
        Call::ListAttempts(_) => "list_attempts",
        Call::NextAttempts { .. } => "next_attempts",
        Call::SummariseAttempts(_) => "summarise_attempts",
        Call::ListVerifyServices => "list_verify_services",
        Call::FetchVerifyService(_) => "fetch_verify_service",
        Call::LookUp { .. } => "look_up",
        Call::FetchAccount => "fetch_account",
        Call::FetchBalance => "fetch_balance",
        Call::ListNumbers => "list_numbers",
        Call::ListMessagingServices => "list_messaging_services",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::FailureKind;

    #[test]
    fn a_request_is_told_by_its_shape_and_nothing_else_passes_for_one() {
        let request = format!("RQ{}", "0123456789abcdef".repeat(2));
        assert_eq!(Word::request(&request), Some(Word(request)));
        let long = "RQ".to_owned() + &"a".repeat(33);
        for text in [
            "",
            "RQ",
            "RQ482913",
            "RQ14155550123",
            "4155550123",
            "RQ two words and more words than can be here",
            "RQ0123456789abcdef0123456789abcd\u{9b}",
            &long,
        ] {
            assert_eq!(Word::request(text), None, "{text}");
        }
        let here = Word::place(Location::caller());
        assert!(here.0.starts_with("line.rs:"), "{here:?}");
    }

    #[test]
    fn a_failure_is_logged_without_a_word_of_its_sentence() {
        let failure = Failure {
            code: Some(21211),
            status: Some(400),
            request_id: Some(format!("RQ{}", "1".repeat(32))),
            ..Failure::new(FailureKind::Refused, "hunter2 +14155550123")
        };
        let ask = Ask::Operation(OpId { session: 3, seq: 4 });
        let took = Duration::from_millis(12);
        let line = Line::called("send_message", ask, took, 1, Err(&failure));
        let at: Timestamp = "2026-03-04T05:06:07.089Z".parse().unwrap();
        assert_eq!(
            String::from_utf8(line.written(at, 9)).unwrap(),
            "{\"at\":\"2026-03-04T05:06:07.089Z\",\"level\":\"warn\",\"run\":9,\"what\":\"called\",\
             \"call\":\"send_message\",\"op\":\"3-4\",\"ms\":12,\"waits\":1,\"request\":\"RQ11111111111111111111111111111111\",\
             \"why\":{\"kind\":\"refused\",\"code\":21211,\"status\":400}}\n"
        );
    }
}
