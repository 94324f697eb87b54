//! What has become of an operation, as columns and back.
//!
//! What queries ask for are columns of their own (SID, status, and whether more news is awaited); the rest is
//! the JSON of `outcome`. A state without the outcome that belongs to it is none.

use super::{Stored, reckonable};
use crate::domain::message::MessageStatus;
use crate::domain::operation::Delivery;
use crate::domain::{OpState, Settled, Untrusted, VerificationChannel, VerificationStatus};
use crate::store::shape::{StoredDelivery, StoredOutcome};

impl Stored {
    pub(super) fn decode_state(&self) -> Option<OpState> {
        if self.state == "intended" {
            return Some(OpState::Intended);
        }
        let outcome = serde_json::from_str(self.outcome.as_ref()?).ok()?;
        Some(match (self.state.as_str(), outcome) {
            ("settled", StoredOutcome::Text { error, segments }) => {
                OpState::Settled(Settled::Text {
                    sid: self.sid.as_ref()?.parse().ok()?,
                    status: MessageStatus::from_wire(self.status.as_ref()?),
                    error_code: error,
                    segments,
                })
            }
            (
                "settled",
                StoredOutcome::Verification {
                    channel,
                    sends,
                    expires_at,
                    delivery,
                    approved_at,
                },
            ) => OpState::Settled(Settled::Verification {
                sid: self.sid.as_ref()?.parse().ok()?,
                status: VerificationStatus::from_wire(self.status.as_ref()?),
                channel: VerificationChannel::from_wire(&channel),
                sends,
                expires_at: match expires_at {
                    Some(at) => Some(reckonable(at)?),
                    None => None,
                },
                delivery: match delivery {
                    Some(delivery) => Some(delivery.decode()?),
                    None => None,
                },
                approved_at: match approved_at {
                    Some(at) => Some(reckonable(at)?),
                    None => None,
                },
            }),
            (
                "settled",
                StoredOutcome::Lookup {
                    valid,
                    validation_errors,
                    country,
                    line_type,
                    carrier,
                },
            ) => OpState::Settled(Settled::Lookup {
                valid,
                validation_errors,
                country,
                line_type,
                carrier: carrier.map(Untrusted::new),
            }),
            ("not_sent", StoredOutcome::Failure(failure)) => OpState::NotSent(failure),
            ("refused", StoredOutcome::Failure(failure)) => OpState::Refused(failure),
            ("unknown", StoredOutcome::Failure(failure)) => OpState::Unknown(failure),
            _ => return None,
        })
    }
}

/// Whether more news of it is to be expected.
pub fn is_open(state: &OpState) -> bool {
    encode_state(state).2
}

/// SID, status, whether more news is to be expected, and the rest.
pub fn encode_state(
    state: &OpState,
) -> (Option<String>, Option<String>, bool, Option<StoredOutcome>) {
    match state {
        OpState::Intended => (None, None, false, None),
        OpState::Settled(Settled::Text {
            sid,
            status,
            error_code,
            segments,
        }) => (
            Some(sid.to_string()),
            Some(status.as_str().to_owned()),
            !status.is_final(),
            Some(StoredOutcome::Text {
                error: *error_code,
                segments: *segments,
            }),
        ),
        OpState::Settled(Settled::Verification {
            sid,
            status,
            channel,
            sends,
            expires_at,
            delivery,
            approved_at,
        }) => (
            Some(sid.to_string()),
            Some(status.as_str().to_owned()),
            status.is_open(),
            Some(StoredOutcome::Verification {
                channel: channel.as_str().to_owned(),
                sends: *sends,
                expires_at: *expires_at,
                delivery: delivery.as_ref().map(StoredDelivery::encode),
                approved_at: *approved_at,
            }),
        ),
        OpState::Settled(Settled::Lookup {
            valid,
            validation_errors,
            country,
            line_type,
            carrier,
        }) => (
            None,
            Some(if *valid { "valid" } else { "invalid" }.to_owned()),
            false,
            Some(StoredOutcome::Lookup {
                valid: *valid,
                validation_errors: validation_errors.clone(),
                country: country.clone(),
                line_type: line_type.clone(),
                carrier: carrier.as_ref().map(|carrier| carrier.raw().to_owned()),
            }),
        ),
        OpState::NotSent(failure) | OpState::Refused(failure) | OpState::Unknown(failure) => (
            None,
            None,
            false,
            Some(StoredOutcome::Failure(failure.clone())),
        ),
    }
}

impl StoredDelivery {
    fn encode(delivery: &Delivery) -> Self {
        Self {
            status: delivery.status.as_str().to_owned(),
            error: delivery.error_code,
            attempt: delivery.attempt.as_ref().map(ToString::to_string),
            call: delivery.call.clone(),
            carrier: delivery
                .carrier
                .as_ref()
                .map(|carrier| carrier.raw().to_owned()),
        }
    }

    fn decode(self) -> Option<Delivery> {
        Some(Delivery {
            status: MessageStatus::from_wire(&self.status),
            error_code: self.error,
            attempt: match self.attempt {
                Some(attempt) => Some(attempt.parse().ok()?),
                None => None,
            },
            call: self.call,
            carrier: self.carrier.map(Untrusted::new),
        })
    }
}
