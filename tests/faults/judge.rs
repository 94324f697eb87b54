//! What became of a call, in the words of the page.

use tuilio::domain::call::Answer;
use tuilio::domain::{Failure, OpState};
use tuilio::twilio::Error;

use super::asked::CUSTOMER;

/// The word for it. For what changes something it agrees with the word that the history will have.
pub fn word(result: &Result<Answer, Error>, changes: bool) -> &'static str {
    let error = match result {
        Ok(_) if changes => return "settled",
        Ok(_) => return "read",
        Err(error) => error,
    };
    let (word, in_history) = match error {
        Error::OutcomeUnknown { .. } => ("not known", "unknown"),
        Error::Unavailable { .. } => ("read failed", "not_sent"),
        Error::NotSent { .. } => ("not sent", "not_sent"),
        Error::RateLimit { .. } => ("wait", "refused"),
        Error::TwilioApi { .. } => ("refused", "refused"),
        Error::TokenExpired { .. } => ("over", "refused"),
        other => panic!("{other:?}"),
    };
    let state = OpState::from_failure(Failure::from(error.clone()));
    assert_eq!(state.word(), in_history, "{error:?}");
    assert_eq!(error.may_have_taken_effect(), word == "not known");
    word
}

/// An error says what happened, and nothing of whom, where or with what.
pub fn is_discreet(error: &Error, more: &[&str]) {
    let failure = Failure::from(error.clone());
    let text = format!("{error} {error:?} {failure:?}");
    let customer = &CUSTOMER[2..];
    for secret in [
        customer,
        "Authorization",
        "Basic ",
        "http://",
        "https://",
        "127.0.0.1",
    ]
    .iter()
    .chain(more)
    {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}
