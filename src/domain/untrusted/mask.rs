//! Phone numbers in foreign text, masked for logs.
//!
//! A log line must not hold a number, whatever text it came in: seven digits or more, however they are
//! grouped, keep only their last two. Identifiers of Twilio's keep theirs, since they are what a log is
//! searched for. Masking twice is masking once.

use std::mem;

use crate::domain::digit::{ascii_digit, is_dash, is_space};

/// So many digits and more are taken for a phone number.
const LEAST: usize = 7;
/// So many signs may stand between two digits of one number.
const WIDEST_GAP: usize = 3;

/// Masks what looks like a phone number: every digit but the last two becomes `•`.
pub fn mask_numbers(text: &str) -> String {
    let mut masked = Masked::default();
    let mut word = String::new();
    for c in text.chars().chain([' ']) {
        if c.is_ascii_alphanumeric() {
            word.push(c);
            continue;
        }
        masked.word(&mem::take(&mut word));
        masked.sign(c);
    }
    masked.finish()
}

/// The masked text so far, and the run of digits that may yet become a number.
#[derive(Default)]
struct Masked {
    out: String,
    run: String,
    digits: usize,
    gap: usize,
}

impl Masked {
    fn word(&mut self, word: &str) {
        if is_identifier(word) {
            self.end();
            self.out.push_str(word);
            return;
        }
        word.chars().for_each(|c| self.sign(c));
    }

    fn sign(&mut self, c: char) {
        if ascii_digit(c).is_some() {
            self.digits += 1;
            self.gap = 0;
            self.run.push(c);
        } else if self.digits > 0 && self.gap < WIDEST_GAP && is_separator(c) {
            self.gap += 1;
            self.run.push(c);
        } else {
            self.end();
            self.out.push(c);
        }
    }

    fn end(&mut self) {
        let (mut left, total) = (self.digits, self.digits);
        self.out.extend(self.run.drain(..).map(|c| {
            if ascii_digit(c).is_none() {
                return c;
            }
            left -= 1;
            if total >= LEAST && left >= 2 {
                '•'
            } else {
                c
            }
        }));
        self.digits = 0;
        self.gap = 0;
    }

    fn finish(mut self) -> String {
        self.end();
        self.out.pop();
        self.out
    }
}

/// Two capital letters and 32 hex digits.
fn is_identifier(word: &str) -> bool {
    word.len() == 34
        && word.bytes().take(2).all(|b| b.is_ascii_uppercase())
        && word.bytes().skip(2).all(|b| b.is_ascii_hexdigit())
}

fn is_separator(c: char) -> bool {
    is_space(c)
        || is_dash(c)
        || matches!(
            c,
            '(' | ')' | '.' | '/' | ',' | '_' | ':' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
        )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_keep_their_last_two_digits_and_identifiers_stay_whole() {
        for (text, masked) in [
            ("to +14155550123 failed", "to +•••••••••23 failed"),
            ("(415) 555-0123.", "(•••) •••-••23."),
            ("٠١٢٣٤٥٦٧٨٩", "••••••••٨٩"),
            (
                "+1\u{200b}415\u{2011}555\u{a0}0123",
                "+•\u{200b}•••\u{2011}•••\u{a0}••23",
            ),
            ("error 21211, HTTP 400", "error 21211, HTTP 400"),
            ("415,555,0123", "•••,•••,••23"),
            ("1_415_555_0123", "•_•••_•••_••23"),
            ("1:415:555:0123", "•:•••:•••:••23"),
            (
                "plus 1, 4 1 5, 5 5 5, 0 1 2 3",
                "plus •, • • •, • • •, • • 2 3",
            ),
            (
                "{\"code\":20404,\"status\":404}",
                "{\"code\":20404,\"status\":404}",
            ),
            ("1234567", "•••••67"),
            ("123456", "123456"),
            (
                "SM00000000000000000000000000000123: gone",
                "SM00000000000000000000000000000123: gone",
            ),
            ("tel4155550123x", "tel••••••••23x"),
            ("", ""),
        ] {
            assert_eq!(mask_numbers(text), masked, "{text}");
            assert_eq!(mask_numbers(masked), masked, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_no_digit_stays(text in any::<String>()) {
            let masked = mask_numbers(&text);
            prop_assert_eq!(masked.chars().count(), text.chars().count());
            for (a, b) in text.chars().zip(masked.chars()) {
                prop_assert!(a == b || (b == '•' && ascii_digit(a).is_some()));
            }
            prop_assert_eq!(mask_numbers(&masked), masked);
        }
    }
}
