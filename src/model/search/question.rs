//! What Twilio is asked about an operation whose outcome is not known.

use jiff::SignedDuration;

use crate::domain::message::MessageFilter;
use crate::domain::verification::AttemptFilter;
use crate::domain::{Call, Intent, NewMessage, Operation, Sender, Timestamp, VerificationKey};

/// The first question about an operation.
pub(super) fn first_look(operation: &Operation) -> Option<Call> {
    Some(match &operation.intent {
        Intent::Text(text) => Call::ListMessages(texts_of(text)),
        Intent::VerifyStart(start) => Call::FetchVerification {
            service: start.service.clone(),
            key: VerificationKey::To(start.to.clone()),
        },
        Intent::VerifyCheck { service, key, .. } | Intent::VerifyCancel { service, key, .. } => {
            Call::FetchVerification {
                service: service.clone(),
                key: key.clone(),
            }
        }
        Intent::LookUp { number, line_type } => Call::LookUp {
            number: number.clone(),
            line_type: *line_type,
        },
        Intent::Unreadable(remains) => return remains.question(),
    })
}

/// The texts that it may be among.
pub(super) fn texts_of(text: &NewMessage) -> MessageFilter {
    let from = match &text.sender {
        Sender::Number(number) => Some(number.clone()),
        Sender::Name(_) | Sender::Service(_) => None,
    };
    // No date: a text that is still queued has none, and a filter would hide it.
    MessageFilter {
        to: Some(text.to.clone()),
        from,
        ..MessageFilter::default()
    }
}

/// The sends that it may be among, by Twilio's dates: a code that is checked was sent some time before.
pub(super) fn attempts_of(operation: &Operation, earliest: Timestamp) -> AttemptFilter {
    match &operation.intent {
        Intent::VerifyCheck {
            service,
            key: VerificationKey::Sid(sid),
            ..
        }
        | Intent::VerifyCancel {
            service,
            key: VerificationKey::Sid(sid),
            ..
        } => AttemptFilter {
            service: Some(service.clone()),
            verification: Some(sid.clone()),
            ..AttemptFilter::default()
        },
        intent => {
            let service = match intent {
                Intent::VerifyStart(start) => Some(start.service.clone()),
                Intent::VerifyCheck { service, .. } | Intent::VerifyCancel { service, .. } => {
                    Some(service.clone())
                }
                Intent::Text(_) | Intent::LookUp { .. } | Intent::Unreadable(_) => None,
            };
            AttemptFilter {
                service,
                to: intent.to(),
                created_after: Some(earliest - SignedDuration::from_mins(10)),
                ..AttemptFilter::default()
            }
        }
    }
}
