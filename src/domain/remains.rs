//! What is left of an operation of which the history cannot tell any more what was asked for.
//!
//! A damaged row stays an entry: what can be read of it is kept, the rest is told as not readable and never made up.
//! Nothing is ever sent from it, it is taken for no other operation, and it proves nothing. Where Twilio's own name
//! for it is left, it can be looked up by that and by nothing else.

use super::call::Call;
use super::message::may_be_one;
use super::phrase::{Phrase, phrase};
use super::sid::{MessageSid, VerificationSid, VerifyServiceSid};
use super::untrusted::Untrusted;
use super::verification::{Recipient, VerificationChannel, VerificationKey};

/// The kind of an operation that cannot be read any more, in the history, the audit and JSON.
pub const UNREADABLE: &str = "unreadable";

/// What kind of operation it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Was {
    /// A text.
    Text,
    /// A code that was sent.
    Start,
    /// A code that was checked.
    Check,
    /// A verification that was withdrawn.
    Cancel,
    /// A number that was asked about.
    LookUp,
}

impl Was {
    /// Reads the word that [`super::Intent::kind`] has for it.
    pub fn parse(word: &str) -> Option<Self> {
        [
            Self::Text,
            Self::Start,
            Self::Check,
            Self::Cancel,
            Self::LookUp,
        ]
        .into_iter()
        .find(|was| was.word() == word)
    }

    /// The word for it in the history and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Start => "verify_start",
            Self::Check => "verify_check",
            Self::Cancel => "verify_cancel",
            Self::LookUp => "lookup",
        }
    }
}

/// What is left.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remains {
    /// What it was.
    pub was: Option<Was>,
    /// Whom it concerned.
    pub to: Option<Recipient>,
    /// What a text said.
    pub body: Option<Untrusted>,
    /// By which way a code went.
    pub channel: Option<VerificationChannel>,
    /// Twilio's name for it.
    pub sid: Option<String>,
    /// The service that a verification was under.
    pub service: Option<VerifyServiceSid>,
}

impl Remains {
    /// What Twilio can be asked about it.
    pub fn question(&self) -> Option<Call> {
        let sid = self.sid.as_deref()?;
        if let Ok(sid) = sid.parse::<MessageSid>() {
            return Some(Call::FetchMessage(sid));
        }
        Some(Call::FetchVerification {
            service: self.service.clone()?,
            key: VerificationKey::Sid(sid.parse::<VerificationSid>().ok()?),
        })
    }

    /// As far as it can be read, it may have been this text.
    pub fn may_have_said(&self, body: &str) -> bool {
        matches!(self.was, None | Some(Was::Text))
            && (self.body.as_ref()).is_none_or(|said| may_be_one(said.raw(), body))
    }

    /// What of it cannot be read, in a sentence.
    pub fn lost(&self) -> Phrase {
        let has_said = self.body.is_some() || !matches!(self.was, None | Some(Was::Text));
        match (self.to.is_some(), has_said) {
            (false, false) => phrase!("Not readable: whom it was for, and what it said."),
            (false, true) => phrase!("Not readable: whom it was for."),
            (true, false) => phrase!("Not readable: what it said."),
            (true, true) => phrase!("Not readable: how it was asked for."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_can_be_looked_up_by_twilios_own_name_and_by_nothing_else() {
        let sid = |prefix: &str| Some(format!("{prefix}{:032x}", 7));
        let service: Option<VerifyServiceSid> = sid("VA").and_then(|sid| sid.parse().ok());
        for (sid, service, asks) in [
            (sid("SM"), None, true),
            (sid("VE"), service.clone(), true),
            (sid("VE"), None, false),
            (Some("SM12".to_owned()), service, false),
            (None, None, false),
        ] {
            let remains = Remains {
                was: Some(Was::Text),
                to: None,
                sid,
                service,
                ..Remains::default()
            };
            assert_eq!(remains.question().is_some(), asks, "{remains:?}");
        }
    }

    #[test]
    fn each_kind_is_read_from_its_word() {
        for was in [Was::Text, Was::Start, Was::Check, Was::Cancel, Was::LookUp] {
            assert_eq!(Was::parse(was.word()), Some(was));
        }
        assert_eq!(Was::parse(UNREADABLE), None);
    }

    #[test]
    fn what_cannot_be_read_is_named_and_nothing_else() {
        let to = || {
            Recipient::Email(
                super::super::verification::EmailAddress::parse("a@example.org").unwrap(),
            )
        };
        for (was, to, body, said) in [
            (None, None, None, "whom it was for, and what it said"),
            (Some(Was::Text), None, Some("hello"), "whom it was for"),
            (Some(Was::Start), None, None, "whom it was for"),
            (Some(Was::Text), Some(to()), None, "what it said"),
            (Some(Was::Check), Some(to()), None, "how it was asked for"),
        ] {
            let remains = Remains {
                was,
                to,
                body: body.map(Untrusted::from),
                ..Remains::default()
            };
            assert_eq!(remains.lost().to_string(), format!("Not readable: {said}."));
        }
    }
}
