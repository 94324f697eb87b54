//! One bit that has turned over in what was asked for, turned back: the print of the row proves that it was that one.
//!
//! Nothing is guessed: without a print nothing is mended, and what no single bit explains stays as it is.

use super::Stored;

impl Stored {
    /// The row as it was written; none where more than one bit is to blame, or nothing proves it.
    pub(super) fn turned_back(mut self) -> Option<Self> {
        let (print, now) = (self.print.clone()?, self.print_of_what_was_asked().ok()?);
        let pairs = print.bytes().zip(now.bytes());
        if print.len() > now.len() && pairs.filter(|(one, other)| one != other).count() < 2 {
            // It is the print itself.
            return Some(self);
        }
        for bit in 0..64 {
            let skew = self.skew_seconds;
            self.skew_seconds = skew.map(|seconds| seconds ^ (1 << bit));
            if skew.is_some() && self.asks_as_printed() {
                return Some(self);
            }
            self.skew_seconds = skew;
        }
        for which in 0..self.texts().len() {
            let Some(text) = self.texts()[which].cloned() else {
                continue;
            };
            for bit in 0..text.len() * 8 {
                let mut bytes = text.clone().into_bytes();
                bytes[bit / 8] ^= 1 << (bit % 8);
                if let (Ok(other), Some(place)) =
                    (String::from_utf8(bytes), self.texts_mut()[which].as_mut())
                {
                    place.clone_from(&other);
                    if self.asks_as_printed() {
                        return Some(self);
                    }
                }
            }
            if let Some(place) = self.texts_mut()[which].as_mut() {
                place.clone_from(&text);
            }
        }
        None
    }

    fn texts(&self) -> [Option<&String>; 9] {
        [
            Some(&self.at),
            Some(&self.kind),
            self.recipient.as_ref(),
            self.body.as_ref(),
            Some(&self.intent),
            self.account.as_ref(),
            self.ticket.as_ref(),
            self.agent.as_ref(),
            self.home.as_ref(),
        ]
    }

    fn texts_mut(&mut self) -> [Option<&mut String>; 9] {
        [
            Some(&mut self.at),
            Some(&mut self.kind),
            self.recipient.as_mut(),
            self.body.as_mut(),
            Some(&mut self.intent),
            self.account.as_mut(),
            self.ticket.as_mut(),
            self.agent.as_mut(),
            self.home.as_mut(),
        ]
    }
}
