//! What has become of an operation, and the steps by which it may change.

use crate::domain::Timestamp;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::lookup::Lookup;
use crate::domain::message::{Message, MessageStatus};
use crate::domain::sid::{AttemptSid, MessageSid, VerificationSid};
use crate::domain::untrusted::Untrusted;
use crate::domain::verification::{
    VALIDITY_SECONDS, Verification, VerificationChannel, VerificationStatus,
};

/// What has become of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpState {
    /// Written down; an answer is awaited.
    Intended,
    /// Twilio took it.
    Settled(Settled),
    /// It certainly did not leave.
    NotSent(Failure),
    /// Twilio refused it; nothing happened.
    Refused(Failure),
    /// It may or may not have happened.
    Unknown(Failure),
}

/// What Twilio made of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// A text.
    Text {
        /// Its identifier.
        sid: MessageSid,
        /// Where it stands.
        status: MessageStatus,
        /// Why it did not arrive.
        error_code: Option<u32>,
        /// How many parts are billed.
        segments: Option<u32>,
    },
    /// A verification started, checked or withdrawn.
    Verification {
        /// Its identifier.
        sid: VerificationSid,
        /// Where it stands.
        status: VerificationStatus,
        /// The way used.
        channel: VerificationChannel,
        /// How many times its code was sent; none where Twilio did not say.
        sends: Option<u32>,
        /// Until when its code is good, by the clock of this machine.
        expires_at: Option<Timestamp>,
        /// Whether this send of the code arrived, once Twilio has said so.
        delivery: Option<Delivery>,
        /// When the right code was checked, by the clock of this machine, as far as that can be told: where the answer
        /// to the check was lost, and that it was approved was read back from Twilio.
        approved_at: Option<Timestamp>,
    },
    /// A number that was looked up.
    Lookup {
        /// It can exist.
        valid: bool,
        /// Twilio's words for why not.
        validation_errors: Vec<String>,
        /// ISO 3166 alpha-2.
        country: Option<String>,
        /// Twilio's word for the kind of line, where it was asked for and is known.
        line_type: Option<String>,
        /// The network. Foreign text.
        carrier: Option<Untrusted>,
    },
}

/// Whether the send of a code arrived, from the Attempts list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Twilio's word; for a call, the nearest one of a text.
    pub status: MessageStatus,
    /// Why it did not.
    pub error_code: Option<u32>,
    /// Which attempt it was: no other send may be credited with it. None in what older versions wrote.
    pub attempt: Option<AttemptSid>,
    /// Twilio's own word for a call: queued, ringing, in-progress, completed, busy, no-answer and others.
    pub call: Option<String>,
    /// The network. Foreign text.
    pub carrier: Option<Untrusted>,
}

impl Settled {
    /// From a text as Twilio holds it.
    pub fn text(message: &Message) -> Self {
        Self::Text {
            sid: message.sid.clone(),
            status: message.status.clone(),
            error_code: message.error_code,
            segments: message.num_segments,
        }
    }

    /// From a verification as Twilio holds it. `skew_seconds` is what our clock is ahead of Twilio's.
    pub fn verification(verification: &Verification, skew_seconds: i64) -> Self {
        let expires_at = verification.date_created.and_then(|created| {
            created
                .checked_add(jiff::SignedDuration::from_secs(
                    VALIDITY_SECONDS + skew_seconds,
                ))
                .ok()
        });
        Self::Verification {
            sid: verification.sid.clone(),
            status: verification.status.clone(),
            channel: verification.channel.clone(),
            sends: u32::try_from(verification.sends.len())
                .ok()
                .filter(|&n| n > 0),
            expires_at,
            delivery: None,
            approved_at: None,
        }
    }

    /// From what Twilio knows of a number.
    pub fn lookup(lookup: &Lookup) -> Self {
        let line = lookup.line_type.as_ref();
        Self::Lookup {
            valid: lookup.valid,
            validation_errors: lookup.validation_errors.clone(),
            country: lookup.country_code.clone(),
            line_type: line.and_then(|line| line.kind.clone()),
            carrier: line.and_then(|line| line.carrier.clone()),
        }
    }
}

impl OpState {
    /// What a failed call makes of an operation.
    pub fn from_failure(failure: Failure) -> Self {
        match failure.kind {
            FailureKind::OutcomeUnknown => Self::Unknown(failure),
            FailureKind::NotSent
            | FailureKind::NoAnswer
            | FailureKind::NoTrace
            | FailureKind::Store
            | FailureKind::Vault
            | FailureKind::Policy
            | FailureKind::Internal => Self::NotSent(failure),
            _ => Self::Refused(failure),
        }
    }

    /// The word for it in the history and in JSON.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Intended => "intended",
            Self::Settled(_) => "settled",
            Self::NotSent(_) => "not_sent",
            Self::Refused(_) => "refused",
            Self::Unknown(_) => "unknown",
        }
    }

    /// The failure inside, if it is one.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::NotSent(failure) | Self::Refused(failure) | Self::Unknown(failure) => {
                Some(failure)
            }
            Self::Intended | Self::Settled(_) => None,
        }
    }

    /// When the right code was checked, where that was read back from Twilio.
    pub fn approved_at(&self) -> Option<Timestamp> {
        match self {
            Self::Settled(Settled::Verification { approved_at, .. }) => *approved_at,
            _ => None,
        }
    }

    /// The legal steps. What is not on this list is a late or a mistaken report, and is dropped.
    pub fn may_become(&self, next: &Self) -> bool {
        match (self, next) {
            (
                Self::Intended,
                Self::Settled(_) | Self::NotSent(_) | Self::Refused(_) | Self::Unknown(_),
            ) => true,
            (Self::Unknown(_), Self::Settled(_) | Self::NotSent(_) | Self::Unknown(_)) => true,
            (
                Self::Settled(Settled::Text {
                    sid,
                    status,
                    segments,
                    ..
                }),
                Self::Settled(Settled::Text {
                    sid: later_sid,
                    status: later,
                    segments: later_segments,
                    ..
                }),
            ) => {
                sid == later_sid
                    && (status.may_become(later) || (status == later && segments != later_segments))
            }
            (
                Self::Settled(Settled::Verification {
                    sid,
                    status,
                    delivery,
                    ..
                }),
                Self::Settled(Settled::Verification {
                    sid: later_sid,
                    status: later,
                    delivery: later_delivery,
                    ..
                }),
            ) => {
                let attempt = |delivery: &Option<Delivery>| delivery.as_ref()?.attempt.clone();
                let same_attempt = match (attempt(delivery), attempt(later_delivery)) {
                    (Some(attempt), Some(later)) => attempt == later,
                    _ => true,
                };
                sid == later_sid
                    && same_attempt
                    && (status.is_open() || status == later)
                    && (status != later || delivery != later_delivery)
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lookup::LineType;

    #[test]
    fn what_a_look_up_found_is_kept_with_its_line_or_without() {
        let found = |line_type| Lookup {
            valid: true,
            phone_number: None,
            national_format: None,
            country_code: Some("US".to_owned()),
            validation_errors: Vec::new(),
            line_type,
        };
        let line = LineType {
            kind: Some("mobile".to_owned()),
            carrier: Some(Untrusted::from("T-Mobile US")),
            error_code: None,
        };
        for (line, kind, carrier) in [
            (None, None, None),
            (Some(line), Some("mobile"), Some("T-Mobile US")),
        ] {
            let Settled::Lookup {
                valid,
                country,
                line_type,
                carrier: told,
                ..
            } = Settled::lookup(&found(line))
            else {
                panic!("a look-up is kept as one")
            };
            assert!(valid);
            assert_eq!(country.as_deref(), Some("US"));
            assert_eq!(line_type.as_deref(), kind);
            assert_eq!(told.as_ref().map(Untrusted::raw), carrier);
        }
    }

    #[test]
    fn only_what_may_have_happened_stays_unknown() {
        use FailureKind::*;
        for (kind, word) in [
            (OutcomeUnknown, "unknown"),
            (NotSent, "not_sent"),
            (NoAnswer, "not_sent"),
            (NoTrace, "not_sent"),
            (Store, "not_sent"),
            (Vault, "not_sent"),
            (Policy, "not_sent"),
            (Internal, "not_sent"),
            (Refused, "refused"),
            (Credentials, "refused"),
            (NotFound, "refused"),
            (RateLimit, "refused"),
        ] {
            let state = OpState::from_failure(Failure::new(kind, "why"));
            assert_eq!(state.word(), word, "{kind:?}");
            assert_eq!(state.failure().map(|failure| failure.kind), Some(kind));
        }
        assert_eq!(OpState::Intended.word(), "intended");
        assert_eq!(OpState::Intended.failure(), None);
    }
}
