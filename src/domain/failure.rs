//! A failure, in the form in which a screen, a line, a script and the history can show it.
//!
//! Every error of the program ends as one of these: comparable, cleaned of what could act on a
//! terminal, without secrets, with phone numbers masked, and with a clear word on whether it may have
//! taken effect. What to do and what to say stands in the [error catalogue](super::catalogue).

use super::Phrase;

/// What went wrong, as far as it changes what a person does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// The number or address cannot be right; found before anything left.
    InvalidRecipient,
    /// The code has the wrong shape; found before anything left.
    InvalidCode,
    /// Twilio refused the request: `code` says why. Nothing happened.
    Refused,
    /// There is no such thing (any more): 404. For a verification: expired, approved, used up or never started.
    NotFound,
    /// Twilio asks to wait. Nothing happened.
    RateLimit,
    /// The keys are missing, refused, or may not do this.
    Credentials,
    /// The request did not leave: name not resolved, connection refused, certificate not accepted.
    NotSent,
    /// A question got no answer that could be read; nothing was to be changed by it.
    NoAnswer,
    /// It was looked for at Twilio, and there is no trace of it.
    NoTrace,
    /// Something left, and no clear answer came: it may or may not have happened.
    OutcomeUnknown,
    /// The history file could not be read or written; nothing was sent.
    Store,
    /// The system keyring did not do its part.
    Vault,
    /// The policy of the lead does not allow it; nothing was sent and nothing written down.
    Policy,
    /// A fault of ours.
    Internal,
}

impl FailureKind {
    /// Its name for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRecipient => "invalid_recipient",
            Self::InvalidCode => "invalid_code",
            Self::Refused => "refused",
            Self::NotFound => "not_found",
            Self::RateLimit => "rate_limit",
            Self::Credentials => "credentials",
            Self::NotSent => "not_sent",
            Self::NoAnswer => "no_answer",
            Self::NoTrace => "no_trace",
            Self::OutcomeUnknown => "outcome_unknown",
            Self::Store => "store",
            Self::Vault => "vault",
            Self::Policy => "policy",
            Self::Internal => "internal",
        }
    }
}

/// A failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What went wrong.
    pub kind: FailureKind,
    /// Twilio's error code, such as 21211.
    pub code: Option<u32>,
    /// HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// One sentence for people, harmless to print.
    pub message: String,
    /// How many seconds to wait, where Twilio or our own policy says so.
    pub retry_after: Option<u32>,
    /// `Twilio-Request-Id`, where there was an answer.
    pub request_id: Option<String>,
    /// The sentence with its blanks, where whoever made it knew them. It does not outlive the run.
    pub said: Option<Box<Phrase>>,
}

/// What an error says, and what its causes say, with colons between.
pub fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

impl Failure {
    /// A failure without an answer of Twilio's, with what an error says as a sentence.
    pub fn new(kind: FailureKind, message: impl AsRef<str>) -> Self {
        Self {
            kind,
            code: None,
            status: None,
            message: sentence(message.as_ref()),
            retry_after: None,
            request_id: None,
            said: None,
        }
    }

    /// The same, in words that every language has.
    #[must_use]
    pub fn in_words(self, said: Option<Phrase>) -> Self {
        Self {
            said: said.map(Box::new),
            ..self
        }
    }

    /// The sentence, for whoever reads it in another language.
    pub fn phrase(&self) -> Phrase {
        match &self.said {
            Some(said) => Phrase::clone(said),
            None => Phrase::known(&self.message),
        }
    }

    /// Whether what was asked may have happened all the same. Then it is looked up, never repeated.
    pub fn may_have_taken_effect(&self) -> bool {
        self.kind == FailureKind::OutcomeUnknown
    }
}

/// A sentence as part of another: without its capital and its full stop, as errors are by themselves.
pub fn clause(text: &str) -> String {
    let text = text.trim_end_matches('.');
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// What an error says, as a sentence: a capital at its beginning and a full stop at its end. Errors by
/// themselves have neither, so that they can stand inside others.
pub fn sentence(text: &str) -> String {
    let text = text.trim_end();
    let mut chars = text.chars();
    let mut sentence: String = chars
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    sentence.push_str(chars.as_str());
    if !text.is_empty() && !text.ends_with(['.', '!', '?', '"']) {
        sentence.push('.');
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_becomes_a_sentence_and_a_sentence_stays_one() {
        for (text, said) in [
            ("the keyring is locked", "The keyring is locked."),
            ("It is locked.", "It is locked."),
            ("is it?\n", "Is it?"),
            ("ärger", "Ärger."),
            ("", ""),
        ] {
            assert_eq!(sentence(text), said);
            assert_eq!(sentence(&sentence(text)), said);
        }
    }
}
