//! Opting out: the words by which a customer tells Twilio that no more texts are wanted, or that they are.
//!
//! Twilio acts on them by itself, and only where the whole text is that one word; the case does not
//! matter. A Messaging Service may know other words, which only its own refusals tell of (21610).

/// Words after which nothing more goes to the customer.
const STOP: [&str; 10] = [
    "STOP",
    "STOPALL",
    "UNSUBSCRIBE",
    "CANCEL",
    "END",
    "QUIT",
    "REVOKE",
    "OPTOUT",
    "ARRET",
    "ARRÊT",
];
/// Words that take it back.
const START: [&str; 3] = ["START", "YES", "UNSTOP"];

/// What a text of a customer says about further texts: `true` for none, `false` for more.
pub fn opts_out(body: &str) -> Option<bool> {
    let word = body.trim().to_uppercase();
    if STOP.contains(&word.as_str()) {
        Some(true)
    } else if START.contains(&word.as_str()) {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_counts_where_it_stands_alone() {
        for (body, says) in [
            ("STOP", Some(true)),
            (" stop\n", Some(true)),
            ("arrêt", Some(true)),
            ("Start", Some(false)),
            ("please stop", None),
            ("stop.", None),
            ("", None),
        ] {
            assert_eq!(opts_out(body), says, "{body:?}");
        }
    }
}
