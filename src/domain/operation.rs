//! Operations: what an agent asked for, from the intent on disk to what came of it.
//!
//! An operation is written down before anything is sent, and settled afterwards. There is no third
//! way: what is neither settled, refused nor certainly not sent is *not known*, is looked up at Twilio,
//! and is never sent again without a person's yes.

use std::fmt;

use super::Timestamp;
use super::call::Call;
use super::failure::{Failure, FailureKind};
use super::lookup::Lookup;
use super::message::{Message, MessageStatus, NewMessage};
use super::phone::PhoneNumber;
use super::remains::Remains;
use super::secret::Code;
use super::sid::{AccountSid, AttemptSid, MessageSid, VerificationSid, VerifyServiceSid};
use super::ticket::Ticket;
use super::untrusted::Untrusted;
use super::verification::{
    NewVerification, Recipient, VALIDITY_SECONDS, Verification, VerificationChannel,
    VerificationKey, VerificationStatus,
};

/// Names an operation: the session that began it (a number that the store hands out once) and a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpId {
    /// The run of the program.
    pub session: u32,
    /// The how-manieth operation of that run.
    pub seq: u32,
}

impl fmt::Display for OpId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.session, self.seq)
    }
}

/// What is asked for. The code of a check is not part of it, since intents are written to disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intent {
    /// Send a text.
    Text(NewMessage),
    /// Send a code: the first one or the same one again.
    VerifyStart(NewVerification),
    /// Check a code.
    VerifyCheck {
        /// The service that the code was sent under.
        service: VerifyServiceSid,
        /// Which verification.
        key: VerificationKey,
        /// Whom it belongs to, where that is known.
        to: Option<Recipient>,
    },
    /// Withdraw a verification.
    VerifyCancel {
        /// The service that the code was sent under.
        service: VerifyServiceSid,
        /// Which verification.
        key: VerificationKey,
        /// Whom it belongs to, where that is known.
        to: Option<Recipient>,
    },
    /// Ask what is known of a number. It changes nothing, but it may cost, and somebody asked.
    LookUp {
        /// The number.
        number: PhoneNumber,
        /// Ask for the kind of line as well, which costs money.
        line_type: bool,
    },
    /// Of a damaged row, which cannot be read any more: nothing can be asked for by it.
    Unreadable(Remains),
}

impl Intent {
    /// The word for it in the history and in JSON.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::VerifyStart(_) => "verify_start",
            Self::VerifyCheck { .. } => "verify_check",
            Self::VerifyCancel { .. } => "verify_cancel",
            Self::LookUp { .. } => "lookup",
            Self::Unreadable(_) => "unreadable",
        }
    }

    /// Whom it concerns.
    pub fn to(&self) -> Option<Recipient> {
        match self {
            Self::Text(message) => Some(Recipient::Phone(message.to.clone())),
            Self::VerifyStart(verification) => Some(verification.to.clone()),
            Self::LookUp { number, .. } => Some(Recipient::Phone(number.clone())),
            Self::Unreadable(remains) => remains.to.clone(),
            Self::VerifyCheck { key, to, .. } | Self::VerifyCancel { key, to, .. } => {
                to.clone().or_else(|| match key {
                    VerificationKey::To(to) => Some(to.clone()),
                    VerificationKey::Sid(_) => None,
                })
            }
        }
    }

    /// Whether anything of it can be found at Twilio: a look-up changes nothing there, and what cannot be read is
    /// found by Twilio's own name for it alone.
    pub fn leaves_trace(&self) -> bool {
        match self {
            Self::LookUp { .. } => false,
            Self::Unreadable(remains) => remains.question().is_some(),
            _ => true,
        }
    }

    /// It cannot be read any more.
    pub fn is_unreadable(&self) -> bool {
        matches!(self, Self::Unreadable(_))
    }

    /// The request that carries it out. A check needs its code; without one there is nothing to ask, and neither is
    /// there where nobody can read what was asked for.
    pub fn call(&self, code: Option<Code>) -> Option<Call> {
        Some(match self.clone() {
            Self::Text(message) => Call::SendMessage(message),
            Self::VerifyStart(verification) => Call::StartVerification(verification),
            Self::VerifyCheck { service, key, .. } => Call::CheckVerification {
                service,
                key,
                code: code?,
            },
            Self::VerifyCancel { service, key, .. } => Call::CancelVerification { service, key },
            Self::LookUp { number, line_type } => Call::LookUp { number, line_type },
            Self::Unreadable(_) => return None,
        })
    }
}

/// Something that an agent asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Its name.
    pub id: OpId,
    /// What is asked for.
    pub intent: Intent,
    /// When, by the clock of this machine.
    pub at: Timestamp,
    /// Under which account: only there can it be looked up. None where there were no keys yet.
    pub account: Option<AccountSid>,
    /// Where Twilio keeps it: a region, or the address of what stands in for Twilio.
    pub home: Option<String>,
    /// The request that it belongs to, in the agent's own system.
    pub ticket: Option<Ticket>,
    /// Who asked for it, by the name that the agent goes by.
    pub agent: Option<String>,
    /// What the clock of this machine was ahead of Twilio's, in seconds, where Twilio had told its time.
    pub skew_seconds: Option<i64>,
}

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

    fn sid<T: std::str::FromStr<Err: fmt::Debug>>(prefix: &str) -> T {
        format!("{prefix}{:032x}", 7).parse().unwrap()
    }

    fn number() -> PhoneNumber {
        PhoneNumber::from_e164("+14155550123").unwrap()
    }

    fn by_number(to: Option<Recipient>) -> [Intent; 2] {
        let key = || VerificationKey::To(Recipient::Phone(number()));
        [
            Intent::VerifyCheck {
                service: sid("VA"),
                key: key(),
                to: to.clone(),
            },
            Intent::VerifyCancel {
                service: sid("VA"),
                key: key(),
                to,
            },
        ]
    }

    #[test]
    fn an_intent_knows_whom_it_concerns_where_anybody_does() {
        let whom = || Some(Recipient::Phone(number()));
        for intent in by_number(None).into_iter().chain(by_number(whom())) {
            assert_eq!(intent.to(), whom());
        }
        let look = Intent::LookUp {
            number: number(),
            line_type: true,
        };
        assert_eq!((look.to(), look.kind()), (whom(), "lookup"));
        let nameless = Intent::VerifyCheck {
            service: sid("VA"),
            key: VerificationKey::Sid(sid("VE")),
            to: None,
        };
        assert_eq!(nameless.to(), None);
    }

    #[test]
    fn a_check_without_its_code_asks_nothing() {
        let [check, cancel] = by_number(None);
        assert_eq!(check.call(None), None);
        let code = || Code::parse("123456").ok();
        assert!(matches!(
            check.call(code()),
            Some(Call::CheckVerification { .. })
        ));
        assert!(matches!(
            cancel.call(None),
            Some(Call::CancelVerification { .. })
        ));
        let look = Intent::LookUp {
            number: number(),
            line_type: false,
        };
        assert!(matches!(
            look.call(None),
            Some(Call::LookUp {
                line_type: false,
                ..
            })
        ));
    }

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
