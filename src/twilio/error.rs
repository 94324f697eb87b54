//! What a caller of the client may have to deal with.
//!
//! The variants name what can be done next, not which part failed: correct the number, start again,
//! ask for another code, wait, look up what became of it. The one that matters most is
//! [`Error::OutcomeUnknown`]: something left and no clear answer came, so it may have happened.
//! Invariant: no error holds a secret, an address of the API, or a whole phone number.

use super::config::ConfigError;
use super::refusal::Refusal;
use super::wire::Method;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::phone::NotE164;
use crate::domain::secret::NotACode;
use crate::domain::verification::{NotAnAddress, VerificationStatus};

/// Codes that mean that the credentials are at fault and not the request, whatever status they come
/// with: wrong or revoked, account closed, permission missing, test credentials.
const CREDENTIAL_CODES: [u32; 8] = [10001, 20003, 20005, 20006, 20008, 20403, 70051, 90010];

/// The five wrong checks of a verification are used up; it cannot be approved any more.
const MAX_CHECKS_REACHED: u32 = 60202;

/// Why a call gave no reply.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The recipient is not a number in E.164. Nothing left.
    #[error("the recipient is not a phone number")]
    InvalidPhoneNumber(#[source] NotE164),
    /// The recipient is not an email address. Nothing left.
    #[error("the recipient is not an email address")]
    InvalidEmailAddress(#[source] NotAnAddress),
    /// What should be a code cannot be one. Nothing left, and no check was used up.
    #[error("the code cannot be right")]
    InvalidCode(#[source] NotACode),
    /// There is no open verification to check a code on: it expired, was approved, was withdrawn or
    /// never started (404 of a check), or its five checks are used up (60202).
    #[error("there is no open verification any more")]
    TokenExpired {
        /// Twilio's code, where it refused.
        code: Option<u32>,
        /// HTTP status.
        status: u16,
        /// Twilio's sentence, cleaned and masked.
        message: String,
        /// `Twilio-Request-Id`.
        request_id: Option<String>,
    },
    /// It was not the code; the verification is still open.
    #[error("that was not the code")]
    VerificationFailed {
        /// Where the verification stands now.
        status: VerificationStatus,
        /// `Twilio-Request-Id`.
        request_id: Option<String>,
    },
    /// Twilio refused the request. Nothing happened.
    #[error("the request was refused: {message}")]
    TwilioApi {
        /// Twilio's code; none where a gateway answered.
        code: Option<u32>,
        /// HTTP status.
        status: u16,
        /// Twilio's sentence, cleaned and masked.
        message: String,
        /// `Twilio-Request-Id`.
        request_id: Option<String>,
    },
    /// Twilio asks to wait, longer or more often than the client does by itself. Nothing happened.
    #[error("Twilio asks to wait: {message}")]
    RateLimit {
        /// Twilio's code.
        code: Option<u32>,
        /// How many seconds, where it says so.
        retry_after: Option<u32>,
        /// Twilio's sentence, cleaned and masked.
        message: String,
        /// `Twilio-Request-Id`.
        request_id: Option<String>,
    },
    /// Something that changes the world left, and no clear answer came. It is to be looked up.
    #[error("it is not known whether it happened: {message}")]
    OutcomeUnknown {
        /// Twilio's code, where there was an error answer.
        code: Option<u32>,
        /// HTTP status, where there was an answer.
        status: Option<u16>,
        /// What came instead of an answer.
        message: String,
        /// `Twilio-Request-Id`, where there was an answer.
        request_id: Option<String>,
    },
    /// A question that changes nothing got no usable answer.
    #[error("Twilio could not be read: {message}")]
    Unavailable {
        /// Twilio's code, where there was an error answer.
        code: Option<u32>,
        /// HTTP status, where there was an answer.
        status: Option<u16>,
        /// What came instead of an answer.
        message: String,
        /// `Twilio-Request-Id`, where there was an answer.
        request_id: Option<String>,
    },
    /// The connection never stood. Nothing left.
    #[error("nothing was sent: {message}")]
    NotSent {
        /// Why.
        message: String,
    },
    /// The configuration lacks what the call needs.
    #[error("the configuration is not complete")]
    Config(#[from] ConfigError),
}

impl Error {
    /// Whether what was asked may have happened all the same. Then it is looked up, never repeated.
    pub fn may_have_taken_effect(&self) -> bool {
        matches!(self, Self::OutcomeUnknown { .. })
    }

    /// What an answer that is no success means for a request of that method.
    ///
    /// A 4xx is a decision: nothing was done. The exceptions are 408, which a gateway may send while
    /// Twilio goes on, and whatever is not a decision at all: redirects and 5xx.
    pub(super) fn refused(method: Method, refusal: Refusal) -> Self {
        let Refusal {
            code,
            status,
            message,
            retry_after,
            request_id,
        } = refusal;
        match status {
            429 => Self::RateLimit {
                code,
                retry_after,
                message,
                request_id,
            },
            408 => Self::unclear(method, code, Some(status), message, request_id),
            400..=499 => Self::TwilioApi {
                code,
                status,
                message,
                request_id,
            },
            _ => Self::unclear(method, code, Some(status), message, request_id),
        }
    }

    /// What an answer that claims success and cannot be read means.
    pub(super) fn unreadable(method: Method, status: u16, request_id: Option<String>) -> Self {
        let message = "the answer could not be read".to_owned();
        Self::unclear(method, None, Some(status), message, request_id)
    }

    /// What it means that no whole answer came.
    pub(super) fn lost(method: Method, message: String) -> Self {
        Self::unclear(method, None, None, message, None)
    }

    fn unclear(
        method: Method,
        code: Option<u32>,
        status: Option<u16>,
        message: String,
        request_id: Option<String>,
    ) -> Self {
        match method {
            Method::Get => Self::Unavailable {
                code,
                status,
                message,
                request_id,
            },
            Method::Post | Method::Delete => Self::OutcomeUnknown {
                code,
                status,
                message,
                request_id,
            },
        }
    }

    /// The same for a question that costs money: whoever asks again may pay again.
    pub(super) fn of_a_paid_question(mut self) -> Self {
        if let Self::Unavailable { message, .. } = &mut self {
            message.push_str("; Twilio may have charged for it all the same");
        }
        self
    }

    /// The same for a check of a code: there, two refusals mean that the verification is over.
    pub(super) fn of_a_check(self) -> Self {
        match self {
            Self::TwilioApi {
                code,
                status: status @ 404,
                message,
                request_id,
            } => Self::TokenExpired {
                code,
                status,
                message,
                request_id,
            },
            Self::RateLimit {
                code: code @ Some(MAX_CHECKS_REACHED),
                message,
                request_id,
                ..
            } => Self::TokenExpired {
                code,
                status: 429,
                message,
                request_id,
            },
            other => other,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let sentence = error.to_string();
        let failure = |kind, code, status, message: String, request_id| Self {
            code,
            status,
            request_id,
            ..Self::new(kind, message)
        };
        match error {
            Error::InvalidPhoneNumber(_) | Error::InvalidEmailAddress(_) => {
                Self::new(FailureKind::InvalidRecipient, sentence)
            }
            Error::InvalidCode(_) => Self::new(FailureKind::InvalidCode, sentence),
            Error::TokenExpired {
                code,
                status,
                message,
                request_id,
            } => failure(
                FailureKind::NotFound,
                code,
                Some(status),
                message,
                request_id,
            ),
            Error::VerificationFailed { request_id, .. } => {
                failure(FailureKind::Refused, None, None, sentence, request_id)
            }
            Error::TwilioApi {
                code,
                status,
                message,
                request_id,
            } => failure(
                refusal_kind(code, status),
                code,
                Some(status),
                message,
                request_id,
            ),
            Error::RateLimit {
                code,
                retry_after,
                message,
                request_id,
            } => Self {
                retry_after,
                ..failure(FailureKind::RateLimit, code, Some(429), message, request_id)
            },
            Error::OutcomeUnknown {
                code,
                status,
                message,
                request_id,
            } => failure(
                FailureKind::OutcomeUnknown,
                code,
                status,
                message,
                request_id,
            ),
            Error::Unavailable {
                code,
                status,
                message,
                request_id,
            } => failure(FailureKind::NoAnswer, code, status, message, request_id),
            Error::NotSent { message } => Self::new(FailureKind::NotSent, message),
            Error::Config(source) => Self::new(FailureKind::Credentials, source.to_string()),
        }
    }
}

fn refusal_kind(code: Option<u32>, status: u16) -> FailureKind {
    if status == 401 || code.is_some_and(|code| CREDENTIAL_CODES.contains(&code)) {
        FailureKind::Credentials
    } else if status == 404 {
        FailureKind::NotFound
    } else {
        FailureKind::Refused
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    fn refusal(status: u16, code: Option<u32>) -> Refusal {
        Refusal {
            code,
            status,
            message: "why".to_owned(),
            retry_after: Some(7),
            request_id: Some("RQ1".to_owned()),
        }
    }

    #[test]
    fn refusals_become_failures_by_what_can_be_done_next() {
        use FailureKind::*;
        for (method, status, code, kind) in [
            (Method::Post, 400, Some(21211), Refused),
            (Method::Post, 401, Some(20003), Credentials),
            (Method::Post, 401, None, Credentials),
            (Method::Post, 403, Some(70051), Credentials),
            (Method::Get, 403, Some(20008), Credentials),
            (Method::Post, 403, Some(60410), Refused),
            (Method::Get, 404, Some(20404), NotFound),
            (Method::Post, 429, Some(60203), RateLimit),
            (Method::Post, 408, None, OutcomeUnknown),
            (Method::Post, 307, None, OutcomeUnknown),
            (Method::Post, 500, Some(20500), OutcomeUnknown),
            (Method::Delete, 503, None, OutcomeUnknown),
            (Method::Get, 500, Some(20500), NoAnswer),
            (Method::Get, 302, None, NoAnswer),
        ] {
            let error = Error::refused(method, refusal(status, code));
            let may = error.may_have_taken_effect();
            let failure = Failure::from(error);
            assert_eq!(failure.kind, kind, "{method:?} {status} {code:?}");
            assert_eq!(
                (failure.code, failure.status, failure.message.as_str()),
                (code, Some(status), "Why.")
            );
            assert_eq!(failure.may_have_taken_effect(), may);
            assert_eq!(failure.request_id.as_deref(), Some("RQ1"));
        }
    }

    #[test]
    fn waiting_times_reach_the_failure() {
        let failure = Failure::from(Error::refused(Method::Get, refusal(429, Some(20429))));
        assert_eq!(failure.retry_after, Some(7));
    }

    #[test]
    fn a_check_is_over_on_404_and_on_the_sixth_try() {
        for (status, code, over) in [
            (404, Some(20404), true),
            (404, None, true),
            (429, Some(60202), true),
            (429, Some(20429), false),
            (400, Some(60200), false),
        ] {
            let error = Error::refused(Method::Post, refusal(status, code)).of_a_check();
            assert_eq!(
                matches!(error, Error::TokenExpired { .. }),
                over,
                "{code:?}"
            );
            assert_eq!(
                Failure::from(error).kind == FailureKind::NotFound,
                over,
                "{code:?}"
            );
        }
    }

    #[test]
    fn what_nobody_was_asked_for_becomes_a_failure_in_its_own_words() {
        let failed = Error::VerificationFailed {
            status: VerificationStatus::Pending,
            request_id: Some("RQ1".to_owned()),
        };
        let not_sent = Error::NotSent {
            message: "the name of the host was not found".to_owned(),
        };
        for (error, kind, said, request) in [
            (
                Error::InvalidPhoneNumber(NotE164),
                FailureKind::InvalidRecipient,
                "The recipient is not a phone number.",
                None,
            ),
            (
                Error::InvalidEmailAddress(NotAnAddress),
                FailureKind::InvalidRecipient,
                "The recipient is not an email address.",
                None,
            ),
            (
                Error::InvalidCode(NotACode),
                FailureKind::InvalidCode,
                "The code cannot be right.",
                None,
            ),
            (
                failed,
                FailureKind::Refused,
                "That was not the code.",
                Some("RQ1"),
            ),
            (
                not_sent,
                FailureKind::NotSent,
                "The name of the host was not found.",
                None,
            ),
            (
                Error::Config(ConfigError::NoSender),
                FailureKind::Credentials,
                "",
                None,
            ),
        ] {
            assert!(!error.may_have_taken_effect(), "{error:?}");
            let sentence = match &error {
                Error::Config(source) => Failure::new(kind, source.to_string()).message,
                _ => said.to_owned(),
            };
            let failure = Failure::from(error);
            assert_eq!((failure.kind, &failure.message), (kind, &sentence));
            assert_eq!(failure.request_id.as_deref(), request, "{failure:?}");
        }
    }

    #[test]
    fn no_error_repeats_its_cause() {
        for error in [
            Error::InvalidPhoneNumber(NotE164),
            Error::InvalidEmailAddress(NotAnAddress),
            Error::InvalidCode(NotACode),
            Error::Config(ConfigError::NoSender),
        ] {
            let cause = error.source().map(ToString::to_string).unwrap_or_default();
            assert!(!cause.is_empty() && !error.to_string().contains(&cause));
        }
    }
}
