//! The recipe of a narrow key: what the admin of the account makes for the desk, and nothing more.
//!
//! A Restricted API key reaches what is listed here and nothing else, so that a key which gets lost cannot
//! read the account, buy numbers or make more keys. The names are those of Twilio's permission lists.

use super::Phrase;
use super::phrase::phrase;

/// What the desk does, and the permissions that it needs for that.
pub fn permissions() -> [(Phrase, &'static [&'static str]); 5] {
    [
        (
            phrase!("Send codes, send them again, stop them"),
            &[
                "/twilio/verify/verification/create",
                "/twilio/verify/verification/read",
                "/twilio/verify/verification/update",
                "/twilio/verify/verification-check/create",
            ],
        ),
        (
            phrase!("See whether a code arrived, and what the service is set to"),
            &[
                "/twilio/verify/verification-attempt/list",
                "/twilio/verify/verification-attempt/read",
                "/twilio/verify/service/list",
                "/twilio/verify/service/read",
            ],
        ),
        (
            phrase!("Send texts, and see what became of them"),
            &[
                "/twilio/messaging/messages/create",
                "/twilio/messaging/messages/read",
                "/twilio/messaging/messages/list",
                "/twilio/messaging/messages/update",
            ],
        ),
        (
            phrase!("Choose the sender by name"),
            &[
                "/twilio/messaging/services/list",
                "/twilio/phone-numbers/active-numbers/list",
            ],
        ),
        (
            phrase!("Look numbers up (only if you use it)"),
            &["/twilio/lookup/phone-numbers/read"],
        ),
    ]
}

/// What stands before the permissions.
pub fn opening() -> [Phrase; 2] {
    [
        phrase!(
            "In the Twilio Console, under API keys: make a key of the type Restricted, in the United States region, with these permissions."
        ),
        phrase!(
            "Outside of that region there are Standard keys only, which may do more than the desk needs."
        ),
    ]
}

/// What stands after them.
pub fn closing() -> Phrase {
    phrase!(
        "Then hand over four things: the account SID (AC…), the key SID (SK…), its secret, and the SID of a Verify service (VA…) that is used for support calls and nothing else."
    )
}

/// The whole recipe as a text to be sent to somebody, in the words that `say` makes of a phrase.
pub fn text(say: impl Fn(&Phrase) -> String) -> String {
    let mut lines: Vec<String> = opening().iter().map(&say).collect();
    for (purpose, names) in permissions() {
        lines.push(String::new());
        lines.push(format!("{}:", say(&purpose)));
        lines.extend(names.iter().map(|name| format!("  {name}")));
    }
    lines.push(String::new());
    lines.push(say(&closing()));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recipe_can_be_sent_as_it_is() {
        let text = text(ToString::to_string);
        assert!(text.contains("\n  /twilio/verify/verification-check/create\n"));
        assert!(text.ends_with("nothing else."));
        for (_, names) in permissions() {
            for name in names {
                let parts: Vec<_> = name.split('/').collect();
                assert_eq!(parts.len(), 5, "{name}");
                assert!(matches!(parts[4], "create" | "read" | "list" | "update"));
            }
        }
    }
}
