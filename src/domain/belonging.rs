//! Whose an operation is, for somebody who is connected to another account or another region.
//!
//! Twilio knows of an operation only under the account and at the place where it was asked for. Elsewhere
//! it cannot be looked up, and a search would make "not sent" out of "not known". So it is said whose it is.

use super::operation::Operation;
use super::phrase::{Phrase, phrase};
use super::sid::AccountSid;
use super::untrusted::visible;

impl Operation {
    /// Where it can be looked up, in a sentence.
    pub fn belongs(&self) -> Phrase {
        match (self.account_label(), self.home_label()) {
            (Some(account), Some(home)) if home.contains("://") => phrase!(
                "It belongs to {account} at {address}: connect that one, and it is looked up.",
                account = account,
                address = home
            ),
            (Some(account), Some(home)) => phrase!(
                "It belongs to {account} in region {region}: connect that one, and it is looked up.",
                account = account,
                region = home
            ),
            (Some(account), None) => phrase!(
                "It belongs to {account}: connect that one, and it is looked up.",
                account = account
            ),
            (None, _) => {
                phrase!("It belongs to another account: connect that one, and it is looked up.")
            }
        }
    }

    /// The same as a name, which is the same in every language.
    pub fn whose(&self) -> String {
        let account = self.account_label().unwrap_or_else(|| "?".to_owned());
        match self.home_label() {
            Some(home) => format!("{account} ({home})"),
            None => account,
        }
    }

    /// Whether it was done under this account at this place, as far as that was noted: only there does Twilio know
    /// of it. Another account, or the same one in another region, does not.
    pub fn is_of(&self, account: Option<&AccountSid>, home: Option<&str>) -> bool {
        let whose = self.account.as_ref();
        let place = self.home.as_deref();
        whose.is_none_or(|whose| account == Some(whose))
            && place.is_none_or(|place| home == Some(place))
    }

    /// Whoever can look up the one can look up the other.
    pub fn is_at_home_with(&self, other: &Self) -> bool {
        self.is_of(other.account.as_ref(), other.home.as_deref())
            || other.is_of(self.account.as_ref(), self.home.as_deref())
    }

    fn account_label(&self) -> Option<String> {
        self.account.as_ref().map(AccountSid::short)
    }

    // It stands in a file that others may have written into.
    fn home_label(&self) -> Option<String> {
        self.home.as_deref().map(visible)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Intent, OpId, PhoneNumber, Timestamp};
    use super::*;

    fn operation(account: Option<u32>, home: Option<&str>) -> Operation {
        Operation {
            id: OpId { session: 1, seq: 1 },
            intent: Intent::LookUp {
                number: PhoneNumber::from_e164("+14155550123").unwrap(),
                line_type: false,
            },
            at: Timestamp::UNIX_EPOCH,
            account: account.map(|n| format!("AC{n:032x}").parse().unwrap()),
            home: home.map(str::to_owned),
            ticket: None,
            agent: None,
            skew_seconds: None,
        }
    }

    #[test]
    fn whose_it_is_names_the_account_and_the_place_as_far_as_they_are_known() {
        for (account, home, said, name) in [
            (
                Some(0x9f),
                Some("ie1"),
                "It belongs to AC..009f in region ie1: ",
                "AC..009f (ie1)",
            ),
            (
                Some(0x9f),
                Some("https://twilio.example.org"),
                "It belongs to AC..009f at https://twilio.example.org: ",
                "AC..009f (https://twilio.example.org)",
            ),
            (Some(0x9f), None, "It belongs to AC..009f: ", "AC..009f"),
            (
                None,
                Some("ie1"),
                "It belongs to another account: ",
                "? (ie1)",
            ),
            (
                Some(1),
                Some("\u{1b}[2J"),
                "in region \u{241b}[2J: ",
                "AC..0001 (\u{241b}[2J)",
            ),
        ] {
            let operation = operation(account, home);
            let sentence = operation.belongs().to_string();
            assert!(sentence.contains(said), "{sentence}");
            assert!(sentence.ends_with("connect that one, and it is looked up."));
            assert_eq!(operation.whose(), name);
        }
    }

    #[test]
    fn what_was_not_noted_sets_nothing_apart() {
        let here = operation(Some(1), Some("us1"));
        for (account, home, together) in [
            (Some(1), Some("us1"), true),
            (None, None, true),
            (Some(1), None, true),
            (Some(1), Some("ie1"), false),
            (Some(2), Some("us1"), false),
        ] {
            let other = operation(account, home);
            assert_eq!(
                here.is_at_home_with(&other),
                together,
                "{account:?} {home:?}"
            );
        }
    }
}
