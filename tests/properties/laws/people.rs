//! What a person pastes or types: numbers, keys, codes, tickets, addresses.

use tuilio::domain::paste::{Pasted, find_code};
use tuilio::domain::phone::{Progress, Validity};
use tuilio::domain::sid::{
    AccountSid, ApiKeySid, MessageSid, MessagingServiceSid, VerifyServiceSid,
};
use tuilio::domain::verification::EmailAddress;
use tuilio::domain::{Code, PhoneNumber, Recipient, Ticket};

use super::chars::assert_harmless;
use super::tape::Tape;

const COUNTRIES: &[&str] = &[
    "US", "DE", "GB", "IT", "FR", "BR", "", "ZZ", "us", "\u{202e}",
];

/// A number that was read is read again as itself, in every form in which the desk shows it whole.
pub fn phone(bytes: &[u8]) {
    let mut tape = Tape::new(bytes);
    let country = tape.pick(COUNTRIES);
    let text = tape.rest_text();
    let parsed = PhoneNumber::parse(&text, country);
    assert_eq!(parsed, PhoneNumber::parse(&text, country));
    let progress = PhoneNumber::progress(&text, country);
    match parsed {
        Ok(parsed) => {
            let number = &parsed.number;
            assert_eq!(progress, Progress::Complete(parsed.clone()));
            assert_eq!(PhoneNumber::from_e164(number.e164()).as_ref(), Ok(number));
            for form in [number.e164().to_owned(), number.grouped()] {
                // Without a country: the number brings its own.
                let again = PhoneNumber::parse(&form, "").unwrap_or_else(|problem| {
                    panic!("{form:?} of {text:?} is not read again: {problem}")
                });
                assert_eq!(again.number, *number, "{form:?} of {text:?}");
                assert_eq!(again.validity, parsed.validity);
            }
            let digits: String = number.e164()[1..].to_owned();
            for shown in [format!("{parsed:?}"), number.masked(), number.to_string()] {
                let shown: String = shown.chars().filter(char::is_ascii_digit).collect();
                assert!(!shown.contains(&digits), "a number in Debug: {shown}");
            }
            assert!(matches!(
                parsed.validity,
                Validity::Valid | Validity::PossibleOnly
            ));
            for shown in [number.grouped(), number.spoken(), number.masked()] {
                assert_harmless(&shown, "a number");
            }
            if let Some(extension) = &parsed.extension {
                assert!(extension.bytes().all(|b| b.is_ascii_digit()) && extension.len() <= 8);
            }
        }
        Err(problem) => {
            assert_harmless(&problem.to_string(), "a problem");
            assert_harmless(&problem.phrase().to_string(), "a problem");
        }
    }
}

/// Keys are taken only where the paste holds them, and are never shown.
pub fn keys_in_a_paste(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let found = Pasted::find(&text);
    assert_eq!(found, Pasted::find(&text));
    let sids = [
        found.account_sid.as_ref().map(AccountSid::as_str),
        found.key_sid.as_ref().map(ApiKeySid::as_str),
        found.verify_service.as_ref().map(VerifyServiceSid::as_str),
        found
            .messaging_service
            .as_ref()
            .map(MessagingServiceSid::as_str),
    ];
    // An identifier is shown, and may hold the same signs by its own right.
    let mut debug = format!("{found:?} {found:#?}");
    for sid in sids.into_iter().flatten() {
        assert!(sid.len() == 34 && text.contains(sid), "{sid}");
        debug = debug.replace(sid, "");
    }
    for secret in [&found.secret, &found.token].into_iter().flatten() {
        let secret = secret.expose();
        assert_eq!(secret.len(), 32);
        assert!(text.contains(secret));
        assert!(!debug.contains(secret), "a secret in Debug");
    }
    for doubt in &found.doubts {
        assert_harmless(&doubt.to_string(), "a doubt");
    }
}

/// A code is digits of the text, of the right count, and never shown.
pub fn code_in_a_paste(bytes: &[u8]) {
    let mut tape = Tape::new(bytes);
    let length = 4 + tape.choice(7);
    let text = tape.rest_text();
    let found = find_code(&text, length);
    let debug = format!("{found:?}");
    match &found {
        Ok(code) => {
            assert_eq!(code.expose().len(), length);
            assert!(code.expose().bytes().all(|b| b.is_ascii_digit()));
            assert!(!debug.contains(code.expose()), "a code in Debug");
            assert_eq!(find_code(code.expose(), length).as_ref(), Ok(code));
        }
        Err(problem) => {
            let said = problem.to_string();
            assert_harmless(&said, "a problem");
            // Counts are said, digits are not.
            let digits = said.split(|c: char| !c.is_ascii_digit());
            assert!(digits.map(str::len).max().unwrap_or(0) <= 6, "{said}");
        }
    }
    if let Ok(code) = Code::parse(&text) {
        assert!((4..=10).contains(&code.expose().len()));
        assert_eq!(format!("{code:?}"), "[code]");
    }
}

/// A ticket, an address or an identifier can be shown as it is, and reads as itself.
pub fn words(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(ticket) = Ticket::parse(&text) {
        assert_harmless(ticket.as_str(), "a ticket");
        assert_eq!(Ticket::parse(ticket.as_str()).as_ref(), Ok(&ticket));
        assert!(ticket.as_str().len() <= 40 * 128);
    }
    if let Ok(address) = EmailAddress::parse(&text) {
        for shown in [address.as_str(), &address.masked(), &format!("{address:?}")] {
            assert_harmless(shown, "an address");
        }
        assert_eq!(EmailAddress::parse(address.as_str()).as_ref(), Ok(&address));
        // Its mask is that of the same address with nothing after the first letter of the name.
        let (name, domain) = address.as_str().split_once('@').unwrap();
        let first = name.chars().next().unwrap();
        let short = EmailAddress::parse(&format!("{first}@{domain}")).unwrap();
        assert_eq!(address.masked(), short.masked());
        let debug = |address: &EmailAddress| format!("{:?}", Recipient::Email(address.clone()));
        assert_eq!(debug(&address), debug(&short));
    }
    if let Ok(sid) = text.parse::<MessageSid>() {
        assert_eq!(sid.as_str(), text);
        assert!(sid.as_str().len() == 34 && sid.as_str().is_ascii());
        assert_harmless(&sid.short(), "a short SID");
    }
}
