//! Operations: what an agent asked for, from the intent on disk to what came of it.
//!
//! An operation is written down before anything is sent, and settled afterwards. There is no third
//! way: what is neither settled, refused nor certainly not sent is *not known*, is looked up at Twilio,
//! and is never sent again without a person's yes.

mod state;

use std::fmt;

pub use self::state::{Delivery, OpState, Settled};
use super::Timestamp;
use super::call::Call;
use super::message::NewMessage;
use super::phone::PhoneNumber;
use super::remains::{Remains, UNREADABLE};
use super::secret::Code;
use super::sid::{AccountSid, VerifyServiceSid};
use super::ticket::Ticket;
use super::verification::{NewVerification, Recipient, VerificationKey};

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
            Self::Unreadable(_) => UNREADABLE,
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

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(Intent::Unreadable(Remains::default()).call(code()), None);
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
}
