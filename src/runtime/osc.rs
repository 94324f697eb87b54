//! What we say to a terminal beside the picture: its clipboard, and a notice to whoever sits before it.
//!
//! Each is a sequence that a terminal either knows or leaves out without a trace. Under tmux it is sent a
//! second time in tmux's own wrap, which hands it through to the terminal around it where that is allowed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::domain::Notices;

/// Bytes of the longest line that is handed over: some terminals drop the rest of a longer one, and half
/// of a line is worse than none.
pub const LONGEST: usize = 8 * 1024;

/// The line for the terminal's clipboard (OSC 52); none where it is too long.
pub fn clipboard(line: &str, in_tmux: bool) -> Option<String> {
    (line.len() <= LONGEST).then(|| {
        through(
            format!("\x1b]52;c;{}\x1b\\", STANDARD.encode(line)),
            in_tmux,
        )
    })
}

/// A notice, in the form that the terminal knows.
pub fn notice(form: Notices, text: &str, in_tmux: bool) -> String {
    // A semicolon ends a field of the second form, and control characters end either.
    let text: String = text
        .chars()
        .map(|c| if c == ';' { ',' } else { c })
        .filter(|c| !c.is_control())
        .collect();
    match form {
        Notices::Off => String::new(),
        Notices::Osc9 => through(format!("\x1b]9;{text}\x1b\\"), in_tmux),
        Notices::Osc777 => through(format!("\x1b]777;notify;tuilio;{text}\x1b\\"), in_tmux),
    }
}

fn through(sequence: String, in_tmux: bool) -> String {
    if !in_tmux {
        return sequence;
    }
    let doubled = sequence.replace('\x1b', "\x1b\x1b");
    format!("{sequence}\x1bPtmux;{doubled}\x1b\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_to_the_clipboard_as_base64_and_through_tmux_in_its_wrap() {
        assert_eq!(
            clipboard("évidence", false).as_deref(),
            Some("\x1b]52;c;w6l2aWRlbmNl\x1b\\")
        );
        assert_eq!(
            clipboard("é", true).as_deref(),
            Some("\x1b]52;c;w6k=\x1b\\\x1bPtmux;\x1b\x1b]52;c;w6k=\x1b\x1b\\\x1b\\")
        );
        assert!(clipboard(&"x".repeat(LONGEST), false).is_some());
        assert_eq!(clipboard(&"x".repeat(LONGEST + 1), false), None);
    }

    #[test]
    fn a_notice_has_its_form_and_nothing_in_it_ends_it_early() {
        let text = "Done; \x1b]0;x\x07 approved.";
        assert_eq!(notice(Notices::Off, text, true), "");
        assert_eq!(
            notice(Notices::Osc9, text, false),
            "\x1b]9;Done, ]0,x approved.\x1b\\"
        );
        assert_eq!(
            notice(Notices::Osc777, "Approved.", false),
            "\x1b]777;notify;tuilio;Approved.\x1b\\"
        );
    }
}
