//! A ticket: the number or word by which the agent's own system knows a customer's request.
//!
//! It is written into the history, put on evidence, and goes to Twilio as a tag of a verification, so it is
//! short and holds nothing that could not be seen. What it means is not our business.

use std::fmt;

use unicode_segmentation::UnicodeSegmentation;

use super::failure::clause;
use super::untrusted::{has_hidden, mask_numbers};
use super::{Phrase, phrase};

/// So many visible characters a ticket has at most.
pub const LONGEST_TICKET: usize = 40;

/// A ticket. `Debug` masks what looks like a phone number.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(String);

/// Why a text is not a ticket. `Display` is the sentence as part of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketProblem {
    /// Nothing but white space.
    Empty,
    /// Too many characters.
    TooLong,
    /// It holds characters that cannot be seen.
    Hidden,
}

impl Ticket {
    /// A ticket as it is typed or pasted: white space is made plain, marks of direction are dropped.
    pub fn parse(text: &str) -> Result<Self, TicketProblem> {
        let seen = text.replace(is_direction, "");
        let clean = seen.split_whitespace().collect::<Vec<_>>().join(" ");
        if clean.is_empty() {
            Err(TicketProblem::Empty)
        } else if has_hidden(&clean) {
            Err(TicketProblem::Hidden)
        } else if clean.graphemes(true).count() > LONGEST_TICKET {
            Err(TicketProblem::TooLong)
        } else {
            Ok(Self(clean))
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Marks that come along with a copied text and say how it runs, or nothing at all.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

impl fmt::Display for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&mask_numbers(&self.0))
    }
}

impl TicketProblem {
    /// One sentence for the agent: what, why, what next.
    pub fn phrase(self) -> Phrase {
        match self {
            Self::Empty => phrase!("There is no ticket yet: type its number."),
            Self::TooLong => phrase!(
                "A ticket has at most {n} characters: type its number alone.",
                n = LONGEST_TICKET
            ),
            Self::Hidden => {
                phrase!("This ticket holds characters that cannot be seen: type it by hand.")
            }
        }
    }
}

impl fmt::Display for TicketProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&clause(&self.phrase().to_string()))
    }
}

impl std::error::Error for TicketProblem {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_what_can_be_seen_of_it() {
        let forty = "x".repeat(LONGEST_TICKET);
        let umlauts = "a\u{308}".repeat(LONGEST_TICKET);
        for (text, ticket) in [
            ("48213", Ok("48213")),
            ("  ACME-48213\n", Ok("ACME-48213")),
            ("case\t\u{a0} 7", Ok("case 7")),
            ("\u{202a}48213\u{202c}\u{feff}", Ok("48213")),
            (&forty, Ok(forty.as_str())),
            (&umlauts, Ok(umlauts.as_str())),
            ("", Err(TicketProblem::Empty)),
            (" \u{200b}\n", Err(TicketProblem::Empty)),
            ("482\u{1b}[31m13", Err(TicketProblem::Hidden)),
            ("482\u{ad}13", Err(TicketProblem::Hidden)),
            (&format!("{forty}x"), Err(TicketProblem::TooLong)),
        ] {
            let parsed = Ticket::parse(text);
            assert_eq!(
                parsed
                    .as_ref()
                    .map(Ticket::as_str)
                    .map_err(|problem| *problem),
                ticket,
                "{text:?}"
            );
        }
    }

    #[test]
    fn debug_hides_a_number_that_somebody_took_for_a_ticket() {
        let ticket = Ticket::parse("+1 415 555 0123").unwrap();
        assert!(!format!("{ticket:?}").contains("555"));
    }
}
