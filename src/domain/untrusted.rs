//! Text that somebody else wrote: message bodies, names, error texts of the API.
//!
//! It is kept as it came and shown only in a form that cannot act on a terminal: there is no
//! `Display`, no `Deref` and no way into a screen but [`Untrusted::visible`]. Nothing is dropped in
//! silence: what could hide, reorder or command becomes a character that can be seen.
//!
//! Invariants: no control character ever comes out, and cleaning twice is cleaning once.

mod clean;
mod mask;

use std::fmt::{self, Write as _};

pub use clean::{has_hidden, is_invisible, visible, visible_lines, without_invisible};
pub use mask::mask_numbers;

/// Foreign text. `Debug` shows its length alone, since bodies and error texts hold personal data.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Untrusted(String);

impl Untrusted {
    /// Keeps the text as it came.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text as it came: for the wire, for the history file and for comparing. Never for a screen.
    pub fn raw(&self) -> &str {
        &self.0
    }

    /// The text in one line, in a form that is harmless anywhere.
    pub fn visible(&self) -> String {
        visible(&self.0)
    }

    /// The text line by line, each in a form that is harmless anywhere.
    pub fn visible_lines(&self) -> Vec<String> {
        visible_lines(&self.0)
    }

    /// It holds characters that a reader would not see, or that would change what is seen.
    pub fn has_hidden(&self) -> bool {
        has_hidden(&self.0)
    }
}

impl From<&str> for Untrusted {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl fmt::Debug for Untrusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} characters]", self.0.chars().count())
    }
}

/// JSON in which nothing acts on a terminal, and nothing hides from a reader. Outside of strings none of
/// these characters can stand.
pub fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if acts(c) || is_invisible(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing into a string cannot fail.
                let _ = write!(text, "\\u{unit:04x}");
            }
        } else {
            text.push(c);
        }
    }
    text
}

/// Delete, the C1 controls, what turns the direction of text around, and line ends of Unicode's own.
fn acts(c: char) -> bool {
    matches!(c, '\u{7f}'..='\u{9f}' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_tells_the_length_and_nothing_else() {
        assert_eq!(
            format!("{:?}", Untrusted::from("my PIN is 4711")),
            "[14 characters]"
        );
    }

    #[test]
    fn foreign_text_is_read_only_in_a_form_that_cannot_act() {
        let text = Untrusted::from("one\u{1b}[2J\ntwo\u{200b}");
        assert_eq!(text.raw(), "one\u{1b}[2J\ntwo\u{200b}");
        assert!(text.has_hidden() && !Untrusted::from("one\ntwo").has_hidden());
        let lines = text.visible_lines();
        assert_eq!(lines.len(), 2, "{lines:?}");
        for shown in lines.iter().chain([&text.visible()]) {
            let acts = |c: char| c.is_control() || c == '\u{200b}';
            assert!(!shown.contains(acts), "{shown:?}");
        }
        assert!(text.visible().contains("one") && text.visible().contains("two"));
    }

    #[test]
    fn json_reads_back_whole_and_nothing_in_it_acts() {
        let json = "{\"body\":\"a\u{202e}\u{9b}\u{e0041}\u{1F600}\"}";
        let shown = escaped(json);
        assert!(
            shown.contains("a\\u202e\\u009b\\udb40\\udc41\u{1F600}"),
            "{shown}"
        );
        let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(read(json), read(&shown));
    }
}
