//! What the program ends with: a number for scripts and a sentence for people.
//!
//! Every failure gets its number from the error catalogue, so that a script, the desk and the documents
//! never disagree. A text that is refused because the same text to the same number is not settled yet, or a
//! code because it is not known of the last one whether it went, ends with 9 as well: nothing was sent now,
//! but the earlier one may have been, and has to be looked up. So does every text and code after the history
//! has lost something, until a person has accepted that.
//!
//! Exit 2, 11 and a 7 that was found before anything left write no history row; every other outcome of a
//! send or a verify writes one. It cannot where there is no sender or Verify service to write down.

use crate::domain::catalogue;
use crate::domain::{Failure, FailureKind, Phrase, phrase};
use crate::runtime::signals::Stop;

/// What the program ends with, and the sentence for standard error.
#[derive(Debug)]
pub struct Exit {
    code: u8,
    sentence: Option<Phrase>,
    failure: Option<Box<Failure>>,
}

impl Exit {
    /// Done.
    pub const DONE: Self = Self {
        code: 0,
        sentence: None,
        failure: None,
    };

    /// Ended by a signal before anything that counts: 128 and its number. Whoever stopped it is told nothing, a
    /// script the reason.
    pub fn signal(stop: Stop) -> Self {
        let why = "Stopped by a signal before anything was sent that could take effect.";
        Self {
            code: 128 + stop.number(),
            sentence: None,
            failure: Some(Box::new(Failure::new(FailureKind::NotSent, why))),
        }
    }

    /// Whether a signal ended it.
    pub fn is_by_signal(&self) -> bool {
        self.code > 128
    }

    /// Ended by a signal before it was known what came of a request; that was said already.
    pub fn cut_short(stop: &Self, failure: Failure) -> Self {
        Self {
            code: stop.code,
            sentence: None,
            failure: Some(Box::new(failure)),
        }
    }

    /// A fault of ours, or of the machine.
    pub fn fault(sentence: impl Into<String>) -> Self {
        Self::told(1, sentence.into())
    }

    /// The command does not fit.
    pub fn usage(sentence: impl Into<String>) -> Self {
        Self::told(2, sentence.into())
    }

    /// The command does not fit, in words of ours.
    pub fn unfit(sentence: Phrase) -> Self {
        let english = sentence.to_string();
        Self {
            sentence: Some(sentence),
            ..Self::told(2, english)
        }
    }

    /// An answer of Twilio's that is not the one that was hoped for: no error, but not 0 either.
    pub fn answer(code: u8, sentence: Phrase) -> Self {
        Self {
            code,
            sentence: Some(sentence),
            failure: None,
        }
    }

    /// A failure, in words that fit it better than its own.
    pub fn failed(failure: Failure, sentence: Phrase) -> Self {
        Self {
            code: catalogue::for_failure(&failure).exit,
            sentence: Some(sentence),
            failure: Some(Box::new(failure)),
        }
    }

    /// Something that was looked at is broken, and ends with this number.
    pub fn broken(code: u8, failure: Failure, sentence: Phrase) -> Self {
        Self {
            code,
            sentence: Some(sentence),
            failure: Some(Box::new(failure)),
        }
    }

    /// The number.
    pub fn code(&self) -> u8 {
        self.code
    }

    /// The sentence for standard error.
    pub fn sentence(&self) -> Option<&Phrase> {
        self.sentence.as_ref()
    }

    /// What failed, where that is why.
    pub fn failure(&self) -> Option<&Failure> {
        self.failure.as_deref()
    }

    fn told(code: u8, sentence: String) -> Self {
        let failure = Failure::new(FailureKind::Internal, sentence.clone());
        Self {
            code,
            sentence: Some(Phrase::known(sentence)),
            failure: Some(Box::new(failure)),
        }
    }
}

impl From<Failure> for Exit {
    fn from(failure: Failure) -> Self {
        Self {
            code: catalogue::for_failure(&failure).exit,
            sentence: Some(sentence(&failure)),
            failure: Some(Box::new(failure)),
        }
    }
}

/// A wait is told in the largest unit of which it has two: in seconds.
const TWO_MINUTES: u32 = 2 * 60;
const TWO_HOURS: u32 = 2 * 60 * 60;
const TWO_DAYS: u32 = 2 * 24 * 60 * 60;

/// What a failure says to somebody who reads a line: its title, its own words, and what comes next.
fn sentence(failure: &Failure) -> Phrase {
    let title = Phrase::of(&catalogue::for_failure(failure).title);
    let said = match failure.code {
        // Errors of the network say what broke, not what it means.
        None if matches!(
            failure.kind,
            FailureKind::OutcomeUnknown | FailureKind::NotSent | FailureKind::NoAnswer
        ) =>
        {
            phrase!("{title}: {why}", title = title, why = failure.phrase())
        }
        None => failure.phrase(),
        // Twilio's sentences come in one language.
        Some(code) => phrase!(
            "{title}: {why} (Twilio {code}).",
            title = title,
            why = failure.message.trim_end_matches('.'),
            code = code
        ),
    };
    let said = match failure.retry_after.filter(|&seconds| seconds > 0) {
        Some(n @ ..TWO_MINUTES) => phrase!(
            "{what} Wait {n} seconds before the next try.",
            what = said,
            n = n
        ),
        Some(n @ TWO_MINUTES..TWO_HOURS) => phrase!(
            "{what} Wait {n} minutes before the next try.",
            what = said,
            n = n.div_ceil(60)
        ),
        Some(n @ TWO_HOURS..TWO_DAYS) => phrase!(
            "{what} Wait {n} hours before the next try.",
            what = said,
            n = n.div_ceil(60 * 60)
        ),
        Some(n) => phrase!(
            "{what} Wait {n} days before the next try.",
            what = said,
            n = n.div_ceil(24 * 60 * 60)
        ),
        None => said,
    };
    if failure.may_have_taken_effect() {
        phrase!(
            "{what} It may have taken effect, so do not repeat it: tuilio history --refresh looks it up with the keys of the account it belongs to, and so does the next desk.",
            what = said
        )
    } else {
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Language;

    #[test]
    fn a_wait_is_told_in_a_unit_that_a_person_counts_in() {
        for (seconds, words) in [
            (31, "Wait 31 seconds"),
            (121, "Wait 3 minutes"),
            (7_200, "Wait 2 hours"),
            (259_200, "Wait 3 days"),
        ] {
            let exit = Exit::from(Failure {
                retry_after: Some(seconds),
                ..Failure::new(FailureKind::RateLimit, "Too many requests.")
            });
            let said = exit.sentence().unwrap().to_string();
            assert!(
                said.ends_with(&format!("{words} before the next try.")),
                "{said}"
            );
        }
    }

    #[test]
    fn a_failure_is_told_in_one_line_with_what_comes_next() {
        let waiting = Failure {
            code: Some(20429),
            retry_after: Some(7),
            ..Failure::new(FailureKind::RateLimit, "Too many requests.")
        };
        let unknown = Failure::new(FailureKind::OutcomeUnknown, "the connection was lost");
        for (failure, code, words) in [
            (
                waiting,
                5,
                "Too many requests (Twilio 20429). Wait 7 seconds before the next try.",
            ),
            (
                unknown,
                9,
                "Not known: The connection was lost. It may have taken effect",
            ),
            (
                Failure::new(FailureKind::Vault, "The system keyring is locked."),
                8,
                "The system keyring is locked.",
            ),
        ] {
            let exit = Exit::from(failure);
            assert_eq!(exit.code(), code);
            let sentence = exit.sentence().unwrap();
            assert!(sentence.to_string().contains(words), "{exit:?}");
            let german = Language::German.say(sentence);
            assert!(!german.contains(words), "{german}");
        }
    }
}
