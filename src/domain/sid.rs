//! Twilio's identifiers: two capital letters that name the kind, and 32 hex digits.

use std::fmt;
use std::str::FromStr;

/// Why a text is not the identifier that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} starts with {prefix} and has 34 characters")]
pub struct NotASid {
    what: &'static str,
    prefix: &'static str,
}

macro_rules! sids {
    ($($(#[$doc:meta])* $name:ident, $what:literal, [$($prefix:literal),+];)+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The kinds that this identifier may begin with.
            pub const PREFIXES: &'static [&'static str] = &[$($prefix),+];

            /// The whole identifier, as it goes over the wire.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Kind and last four digits: enough to tell two apart on a screen.
            pub fn short(&self) -> String {
                format!("{}..{}", &self.0[..2], &self.0[30..])
            }
        }

        impl FromStr for $name {
            type Err = NotASid;

            fn from_str(text: &str) -> Result<Self, NotASid> {
                if looks_like_a_sid(text, Self::PREFIXES) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(NotASid { what: $what, prefix: Self::PREFIXES[0] })
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

sids! {
    /// An account or a subaccount.
    AccountSid, "an account SID", ["AC"];
    /// An API key; its secret is shown once by Twilio and kept in the keyring by us.
    ApiKeySid, "an API key SID", ["SK"];
    /// A text: `SM`, or `MM` where it carries media.
    MessageSid, "a message SID", ["SM", "MM"];
    /// A Messaging Service: a pool of senders.
    MessagingServiceSid, "a Messaging Service SID", ["MG"];
    /// A Verify service: name, code length and safety settings of the codes that it sends.
    VerifyServiceSid, "a Verify service SID", ["VA"];
    /// A verification, and the checks made on it.
    VerificationSid, "a verification SID", ["VE"];
    /// One send of a verification code.
    AttemptSid, "a verification attempt SID", ["VL"];
    /// A number that the account owns.
    NumberSid, "a phone number SID", ["PN"];
}

/// The live service writes its hex digits in lower case; the specification allows both.
fn looks_like_a_sid(text: &str, prefixes: &[&str]) -> bool {
    text.len() == 34
        && text.is_ascii()
        && prefixes.contains(&&text[..2])
        && text.bytes().skip(2).all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sid_is_its_prefix_and_32_hex_digits() {
        let hex = "0123456789abcdefABCDEF0123456789";
        for (text, right) in [
            (format!("SM{hex}"), true),
            (format!("MM{hex}"), true),
            (format!("VE{hex}"), false),
            (format!("SM{hex}0"), false),
            ("SMé".repeat(9), false),
            (String::new(), false),
        ] {
            assert_eq!(text.parse::<MessageSid>().is_ok(), right, "{text}");
        }
        assert_eq!(
            format!("SM{hex}")
                .parse::<MessageSid>()
                .map(|sid| sid.short()),
            Ok("SM..6789".to_owned())
        );
    }
}
