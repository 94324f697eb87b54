//! Links to a number: `tel:`, `sms:`, `sip:`, and those of messengers (`https://wa.me/14155550100`).
//!
//! A link is read before anything else, since what stands around its number is addresses and texts for
//! machines. A messenger writes a number without the plus sign, and means one with its country code.

/// Schemes that are followed by the number itself.
const SCHEMES: [&str; 8] = [
    "tel:",
    "sms:",
    "smsto:",
    "mms:",
    "callto:",
    "facetime:",
    SIP[0],
    SIP[1],
];
/// Those of softphones, which have an `@` and a server behind the number (RFC 3261).
const SIP: [&str; 2] = ["sip:", "sips:"];
/// Addresses that are followed by the number itself, without its plus sign.
const ADDRESSES: [&str; 2] = ["wa.me/", "signal.me/#p/"];
/// Names before the number in the parameters of an address.
const PARAMETERS: [&str; 2] = ["phone=", "number="];

/// The text with each link to a number replaced by the number, as one would type it.
pub(super) fn numbers_for_links(text: &str) -> String {
    text.split_inclusive(char::is_whitespace)
        .map(|word| {
            let bare = word.trim_end();
            match number(bare) {
                Some(number) => format!("{number}{}", &word[bare.len()..]),
                None => word.to_owned(),
            }
        })
        .collect()
}

/// A word is an address of something else.
pub(super) fn is_link(word: &str) -> bool {
    word.contains("://") || is_sip(word)
}

/// A word is the address of a phone, though it looks like that of a mailbox.
pub(super) fn is_sip(word: &str) -> bool {
    let word = bare(word).to_ascii_lowercase();
    SIP.iter().any(|scheme| word.starts_with(scheme))
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| matches!(c, '<' | '>' | '"' | '\'' | '(' | ')' | ','))
}

fn number(word: &str) -> Option<String> {
    let word = bare(word);
    let found = |start: &str| {
        let at = word.to_ascii_lowercase().find(start)?;
        Some((at, &word[at + start.len()..]))
    };
    let after_scheme = SCHEMES.into_iter().find_map(|scheme| {
        let (at, rest) = found(scheme)?;
        (at == 0).then(|| rest.trim_start_matches('/'))
    });
    if let Some(rest) = after_scheme {
        // What stands behind it is a text, or an extension that is read as one.
        let end = rest.find(['?', '&', '@']).unwrap_or(rest.len());
        let end = rest[..end].find(':').unwrap_or(end);
        return is_number(&rest[..end]).then(|| rest[..end].to_owned());
    }
    let rest = ADDRESSES
        .into_iter()
        .find_map(|address| Some(found(address)?.1))
        .or_else(|| {
            let (_, parameters) = word.split_once('?').filter(|_| is_link(word))?;
            let mut parameters = parameters.split('&');
            parameters.find_map(|one| PARAMETERS.iter().find_map(|name| one.strip_prefix(name)))
        })?;
    let rest = &rest[..rest.find(['?', '&', '/', '#']).unwrap_or(rest.len())];
    let digits = rest
        .trim_start_matches("%2B")
        .trim_start_matches("%2b")
        .trim_start_matches('+');
    let whole = digits.len() >= 7 && digits.bytes().all(|b| b.is_ascii_digit());
    whole.then(|| format!("+{digits}"))
}

/// Digits stand in it, before anything that is none of a number.
fn is_number(text: &str) -> bool {
    let text = text.split(';').next().unwrap_or_default();
    let first = text
        .trim_start_matches("%2B")
        .trim_start_matches("%2b")
        .chars()
        .next();
    first.is_some_and(|c| c.is_numeric() || matches!(c, '+' | '(' | '\u{ff0b}'))
}

#[cfg(test)]
mod tests {
    use super::numbers_for_links;

    #[test]
    fn a_link_is_its_number_and_other_words_are_left_alone() {
        for (text, read) in [
            ("https://wa.me/14155550100?text=Order%2012", "+14155550100"),
            ("WA.me/14155550100", "+14155550100"),
            ("https://signal.me/#p/+14155550100", "+14155550100"),
            ("viber://add?number=14155550100", "+14155550100"),
            ("viber://chat?number=%2B14155550100", "+14155550100"),
            ("whatsapp://send?text=hi&phone=14155550100", "+14155550100"),
            ("<tel:+1-415-555-0100>\n", "+1-415-555-0100\n"),
            ("tel:555-0100;phone-context=+1", "555-0100;phone-context=+1"),
            ("smsto:+14155550100:Hello", "+14155550100"),
            ("sms:+14155550100?body=2125550100", "+14155550100"),
            ("sip:+14155550140@acme.example", "+14155550140"),
            ("SIPS:4155550140@acme.example:5061", "4155550140"),
            (
                "<sip:+14155550140;ext=12@acme.example;user=phone>",
                "+14155550140;ext=12",
            ),
            ("sip:ada@acme.example", "sip:ada@acme.example"),
            ("https://wa.me/qr/ABCDEF", "https://wa.me/qr/ABCDEF"),
            (
                "https://example.org/a?phone=12",
                "https://example.org/a?phone=12",
            ),
            ("Tel: 415 555 0100", "Tel: 415 555 0100"),
            ("tel:", "tel:"),
        ] {
            assert_eq!(numbers_for_links(text), read, "{text}");
        }
    }
}
