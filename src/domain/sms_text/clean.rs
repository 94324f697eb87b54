//! A text before it is written on: nothing in it acts on a terminal or a phone.

/// The text as a field of several lines holds it: whatever ends a line is `\n`, a tab is a space, and there is no
/// other control character, nor the rest of a terminal's sequence. No character takes more bytes than before.
pub fn without_controls(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                let rest = chars.as_str();
                chars = rest.strip_prefix('\n').unwrap_or(rest).chars();
                clean.push('\n');
            }
            '\u{1b}' => chars = after_sequence(chars.as_str()).chars(),
            '\u{9b}' => {
                let rest = chars.as_str();
                chars = after_parameters(rest).unwrap_or(rest).chars();
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

/// What follows the sequence that an escape character has begun. Where it is not whole, only that character goes: what
/// stands behind it is text.
fn after_sequence(text: &str) -> &str {
    let rest = if let Some(rest) = text.strip_prefix('[') {
        after_parameters(rest)
    } else if let Some(rest) = text.strip_prefix(']') {
        after_string(rest)
    } else if let Some(rest) = text.strip_prefix(['(', ')']) {
        // The alphabet: what resets the colours often begins with it.
        rest.strip_prefix(|c: char| c.is_ascii_alphanumeric())
    } else {
        None
    };
    rest.unwrap_or(text)
}

/// Parameters and the letter that ends them. A brace could end them, too, but begins a blank.
fn after_parameters(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(|c| matches!(c, ' '..='?'));
    rest.strip_prefix(|c: char| c.is_ascii_alphabetic() || matches!(c, '@' | '~'))
}

/// A title or a link, in one line.
fn after_string(text: &str) -> Option<&str> {
    let end = text.find(char::is_control)?;
    let rest = &text[end..];
    rest.strip_prefix('\u{7}')
        .or_else(|| rest.strip_prefix("\u{1b}\\"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sequence_of_a_terminal_goes_whole_and_half_a_one_is_text() {
        for (text, clean) in [
            ("\u{1b}[31mred\u{1b}[0m, \u{9b}1;4mbold", "red, bold"),
            ("\u{1b}(B\u{1b}[m\u{1b}[?25lplain", "plain"),
            (
                "\u{1b}]8;;https://a.example\u{1b}\\link\u{1b}]8;;\u{7}!",
                "link!",
            ),
            ("\u{1b}[{name} \u{1b}[31\nm", "[{name} [31\nm"),
            ("\u{1b}]0;no end\nb\u{7}", "]0;no end\nb"),
            ("\u{1b}\u{1b}Hi\u{1b}", "Hi"),
        ] {
            assert_eq!(without_controls(text), clean, "{text:?}");
        }
    }

    #[test]
    fn line_ends_are_one_kind_and_no_control_character_stays() {
        for (text, clean) in [
            ("a\r\nb\rc\n\nd", "a\nb\nc\n\nd"),
            ("a\u{b}b\u{c}c\u{85}d\u{2028}e\u{2029}f", "a\nb\nc\nd\ne\nf"),
            ("\u{1b}a\tb\0\u{7f}\u{9b}{na\u{7}me}", "a b{name}"),
            ("日本 e\u{301} \u{202e}", "日本 e\u{301} \u{202e}"),
        ] {
            assert_eq!(without_controls(text), clean, "{text:?}");
        }
    }
}
