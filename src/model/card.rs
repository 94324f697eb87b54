//! The two cards that are read in the middle of a call: who is on the line, and how to refuse.
//!
//! They change nothing: there is no answer to give and no key but those that scroll and close.

/// A card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Card {
    /// What to ask before a code is asked for.
    Caller,
    /// What to say to somebody who has no code.
    Refusal,
}

/// No card is longer, in the narrowest window and the wordiest language.
const LONGEST: u16 = 80;

/// Lines that are scrolled away, after this many more or fewer.
pub fn scrolled(scroll: u16, by: i16) -> u16 {
    scroll.saturating_add_signed(by).min(LONGEST)
}
