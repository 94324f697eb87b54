//! A text before it is written on: nothing in it acts on a terminal or a phone.

/// The text as a field of several lines holds it: whatever ends a line is `\n`, a tab is a space, and there is no
/// other control character. No character takes more bytes than before.
pub fn without_controls(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                chars.next_if_eq(&'\n');
                clean.push('\n');
            }
            // Word processors end a line, a page and a paragraph with these.
            '\n' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => clean.push('\n'),
            '\t' => clean.push(' '),
            c if c.is_control() => {}
            c => clean.push(c),
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_are_one_kind_and_no_control_character_stays() {
        for (text, clean) in [
            ("a\r\nb\rc\n\nd", "a\nb\nc\n\nd"),
            ("a\u{b}b\u{c}c\u{85}d\u{2028}e\u{2029}f", "a\nb\nc\nd\ne\nf"),
            ("\u{1b}[2Ja\tb\0\u{7f}\u{9b}{na\u{7}me}", "[2Ja b{name}"),
            ("日本 e\u{301} \u{202e}", "日本 e\u{301} \u{202e}"),
        ] {
            assert_eq!(without_controls(text), clean, "{text:?}");
        }
    }
}
