//! The GSM-7 alphabet (3GPP TS 23.038), as far as it matters for counting: which characters are in it,
//! and which of them take two places.

/// The basic table in the order of its codes, without the escape.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
    ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑ\u{dc}\u{a7}¿abcdefghijklmnopqrstuvwxyzäöñüà";

/// The extension table: an escape and a code.
const EXTENSION: &str = "\u{c}^{}\\[~]|€";

/// How many septets a character takes; none where it is not in the alphabet.
pub(super) fn septets(c: char) -> Option<usize> {
    if c.is_ascii_alphanumeric() || c == ' ' {
        return Some(1);
    }
    if BASIC.contains(c) {
        Some(1)
    } else if EXTENSION.contains(c) {
        Some(2)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_alphabet_has_127_characters_and_ten_that_take_two_places() {
        let all = || ('\0'..=char::MAX).filter_map(septets);
        assert_eq!(all().filter(|&septets| septets == 1).count(), 127);
        assert_eq!(all().filter(|&septets| septets == 2).count(), 10);
        assert_eq!(BASIC.chars().count(), 127);
    }

    #[test]
    fn neighbours_that_are_easily_mistaken_are_outside() {
        for c in "çáíóúêôõãâÈÀÁΑΒ`\t\u{a0}’–…".chars() {
            assert_eq!(septets(c), None, "{c}");
        }
    }
}
