//! Decimal digits of the scripts that phone numbers and codes are written in.
//!
//! A customer's mail, a CRM in Cairo and a phone in Delhi write the same number with other characters.
//! One table says which, so that parsing, masking and codes agree. Invariant: no allocation, no look-up
//! of anything outside this file.

/// Where a run of ten digits, zero to nine, begins.
const ZEROES: [char; 18] = [
    '0', '\u{0660}', '\u{06f0}', '\u{07c0}', '\u{0966}', '\u{09e6}', '\u{0a66}', '\u{0ae6}',
    '\u{0b66}', '\u{0be6}', '\u{0c66}', '\u{0ce6}', '\u{0d66}', '\u{0e50}', '\u{0ed0}', '\u{1040}',
    '\u{17e0}', '\u{ff10}',
];

/// The ASCII digit that a character stands for.
pub(super) fn ascii_digit(c: char) -> Option<char> {
    if c.is_ascii() {
        return c.is_ascii_digit().then_some(c);
    }
    ZEROES
        .iter()
        .map(|&zero| u32::from(c).wrapping_sub(u32::from(zero)))
        .find(|&value| value < 10)
        .and_then(|value| char::from_digit(value, 10))
}

/// White space of any width that stays on its line.
pub(super) fn is_space(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\u{a0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{2800}' | '\u{3000}'
    )
}

/// Hyphens, dashes and the minus sign, as they come in pastes.
pub(super) fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{ad}' | '\u{2010}'
            ..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' | '\u{30fc}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_other_scripts_stand_for_ours() {
        for (text, digits) in [
            ("0123456789", "0123456789"),
            ("٠١٢٣٤٥٦٧٨٩", "0123456789"),
            ("۰۱۲۳۴۵۶۷۸۹", "0123456789"),
            ("०१२३४५६७८९", "0123456789"),
            ("\u{ff10}\u{ff11}\u{ff19}", "019"),
            ("abcO/:²", ""),
        ] {
            let read: String = text.chars().filter_map(ascii_digit).collect();
            assert_eq!(read, digits, "{text}");
        }
    }
}
