//! Standard input: the text of a message, a paste, a code.
//!
//! What has to stay secret comes this way and no other, since arguments can be read by everybody on the
//! machine. A terminal is not read: a command that would need a prompt says so instead.

use std::io::{self, IsTerminal, Read};

use secrecy::zeroize::Zeroizing;

use super::Exit;
use crate::domain::paste::find_code;
use crate::domain::{Code, Failure, FailureKind, Phrase, Recipient, Ticket, phrase};
use crate::model::recipient::Reading;

/// More than anybody pastes.
const MOST: u64 = 16 * 1024 * 1024;
/// The usual number of digits, to find a code within a sentence.
const USUAL_DIGITS: usize = 6;

/// Room for any paste with keys in it: what is moved to grow leaves a copy behind.
const USUAL: usize = 64 * 1024;

/// All of it, which may hold a key or a code and is wiped in the end. `what` names it in the sentence that
/// says that it is missing.
pub fn whole(what: &Phrase) -> Result<Zeroizing<String>, Exit> {
    if io::stdin().is_terminal() {
        return Err(Exit::unfit(phrase!(
            "{what} is read from standard input, which is a terminal here: hand it in by a pipe or a file, such as < paste.txt.",
            what = what.clone()
        )));
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(USUAL));
    io::stdin()
        .lock()
        .take(MOST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Exit::fault(format!("Standard input could not be read: {error}.")))?;
    if bytes.len() as u64 > MOST {
        return Err(Exit::unfit(phrase!(
            "There is more on standard input than any message, paste or code can be."
        )));
    }
    let text = std::str::from_utf8(&bytes).map(str::to_owned);
    text.map(Zeroizing::new).map_err(|_| {
        Exit::unfit(phrase!(
            "{what} on standard input is not UTF-8 text.",
            what = what.clone()
        ))
    })
}

/// Splits off the first line.
pub fn first_line(text: &str) -> (&str, &str) {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    (line.strip_suffix('\r').unwrap_or(line), rest)
}

/// Text without its one final newline, which an editor or `echo` puts there.
pub fn without_newline(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

/// A code, by itself or within a pasted message.
pub fn code(text: &str) -> Result<Code, Exit> {
    if text.trim().is_empty() {
        return Err(Exit::unfit(phrase!(
            "There is no code on standard input: printf '%s' CODE | tuilio verify check --to NUMBER."
        )));
    }
    Code::parse(text.trim())
        .or_else(|_| find_code(text, USUAL_DIGITS))
        .map_err(|problem| Exit::usage(format!("On standard input, {problem}.")))
}

/// A recipient, and a caution where the number may not be in use; or why it cannot be one.
pub fn recipient(text: &str, default_country: &str) -> Result<(Recipient, Reading), Exit> {
    let reading = Reading::of(text, default_country);
    let Some(recipient) = reading.recipient() else {
        let why = reading
            .complaint(text, default_country)
            .map(|why| why.to_string())
            .unwrap_or_default();
        return Err(Failure::new(FailureKind::InvalidRecipient, why).into());
    };
    Ok((recipient, reading))
}

/// A ticket, where there is one.
pub fn ticket(text: Option<&str>) -> Result<Option<Ticket>, Exit> {
    text.map(Ticket::parse)
        .transpose()
        .map_err(|problem| Exit::usage(format!("--ticket does not fit: {problem}.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_final_newline_is_dropped_and_no_more() {
        for (text, kept) in [
            ("a\n", "a"),
            ("a\n\n", "a\n"),
            ("a\r\n", "a"),
            ("a", "a"),
            ("\n", ""),
            (" a \n", " a "),
        ] {
            assert_eq!(without_newline(text), kept, "{text:?}");
        }
    }

    #[test]
    fn a_code_is_found_alone_or_in_a_sentence_and_never_repeated() {
        for (text, digits) in [
            ("482913\n", Some("482913")),
            ("482 913", Some("482913")),
            ("Your code is 482913.", Some("482913")),
            ("1234", Some("1234")),
            ("48291x", None),
            ("", None),
        ] {
            let found = code(text);
            assert_eq!(found.as_ref().ok().map(Code::expose), digits, "{text:?}");
            if let Err(exit) = found {
                assert!(
                    exit.code() == 2 && !format!("{exit:?}").contains("4829"),
                    "{exit:?}"
                );
            }
        }
    }

    #[test]
    fn the_first_line_may_end_in_either_way() {
        assert_eq!(first_line("a\r\nb\n"), ("a", "b\n"));
        assert_eq!(first_line("a"), ("a", ""));
    }
}
