//! What is unsafe about a Verify service for a phone desk, and what its owner has to change.
//!
//! A desk asks a caller for a code that was just sent. That is right only where the message does not say
//! otherwise, where the code cannot be guessed or chosen, and where it opens nothing else. What the
//! service itself tells is a [`Concern`]; what only its owner knows is [asked](question).

use super::Phrase;
use super::phrase::phrase;
use super::verification::VerifyService;

/// Codes that are shorter than this are guessed too easily: five tries at four digits are one in two
/// thousand.
const LONG_ENOUGH: u32 = 6;

/// Something about a Verify service that makes it a poor one for a phone desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concern {
    /// The text with the code says that nobody of the house will ever ask for it.
    DoNotShare,
    /// Whoever has the key may choose the code.
    CustomCode,
    /// Codes are short.
    ShortCode(u32),
    /// Numbers are not looked up before a send.
    LookupOff,
    /// Texts to landlines are tried.
    LandlinesNotSkipped,
}

impl Concern {
    /// Everything that is to be said of a service, the worst first.
    pub fn all_of(service: &VerifyService) -> Vec<Self> {
        let short = service.code_length < LONG_ENOUGH;
        [
            service.do_not_share_warning.then_some(Self::DoNotShare),
            service.custom_code.then_some(Self::CustomCode),
            short.then_some(Self::ShortCode(service.code_length)),
            (!service.lookup_enabled).then_some(Self::LookupOff),
            (!service.skip_sms_to_landlines).then_some(Self::LandlinesNotSkipped),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// Its name for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DoNotShare => "do_not_share",
            Self::CustomCode => "custom_code",
            Self::ShortCode(_) => "short_code",
            Self::LookupOff => "lookup_off",
            Self::LandlinesNotSkipped => "landlines_not_skipped",
        }
    }

    /// What is wrong, in one sentence.
    pub fn what(self) -> Phrase {
        match self {
            Self::DoNotShare => phrase!(
                "Your codes say \"our employees will never ask for the code\", and this desk asks for it."
            ),
            Self::CustomCode => {
                phrase!("Codes can be chosen by whoever has a key, so a code proves less.")
            }
            Self::ShortCode(digits) => phrase!(
                "Codes have {n} digits: they are easier to guess than six.",
                n = digits
            ),
            Self::LookupOff => phrase!(
                "Numbers are not looked up before a send, so the kind of line is not known."
            ),
            Self::LandlinesNotSkipped => phrase!(
                "Texts to landlines are tried instead of refused: they never arrive, and cost all the same."
            ),
        }
    }

    /// What to change about it.
    pub fn remedy(self) -> Phrase {
        match self {
            Self::DoNotShare => phrase!(
                "Use a service made for support calls, or turn the do-not-share warning off in this one."
            ),
            Self::CustomCode => phrase!("Turn custom codes off."),
            Self::ShortCode(_) => phrase!("Set the code length to six digits."),
            Self::LookupOff => phrase!("Turn Lookup on."),
            Self::LandlinesNotSkipped => phrase!("Turn \"skip SMS to landlines\" on."),
        }
    }
}

/// What no setting tells, and only the owner of the service can answer.
pub fn question() -> Phrase {
    phrase!(
        "Does this service also send codes for a login? Then a code that is read out to an agent could open an account: use a service of its own for the desk."
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Untrusted;

    fn service() -> VerifyService {
        VerifyService {
            sid: format!("VA{}", "0".repeat(32)).parse().unwrap(),
            friendly_name: Untrusted::new("Acme"),
            code_length: 6,
            lookup_enabled: true,
            skip_sms_to_landlines: true,
            do_not_share_warning: false,
            custom_code: false,
        }
    }

    #[test]
    fn a_service_that_was_made_for_a_desk_raises_no_concern() {
        assert_eq!(Concern::all_of(&service()), []);
    }

    #[test]
    fn each_unsafe_setting_is_named_and_the_worst_first() {
        let unsafe_in_all = VerifyService {
            code_length: 4,
            lookup_enabled: false,
            skip_sms_to_landlines: false,
            do_not_share_warning: true,
            custom_code: true,
            ..service()
        };
        let names: Vec<_> = Concern::all_of(&unsafe_in_all)
            .into_iter()
            .map(Concern::as_str)
            .collect();
        assert_eq!(
            names,
            [
                "do_not_share",
                "custom_code",
                "short_code",
                "lookup_off",
                "landlines_not_skipped"
            ]
        );
    }
}
