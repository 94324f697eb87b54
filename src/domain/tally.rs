//! The history in numbers: today in one line, and how codes have been arriving in the last hour.
//!
//! The store counts, this says what the counts mean. Only what this history holds is counted: the sends of
//! others are not in it.

use super::untrusted::Untrusted;
use super::verification::VerificationChannel;
use super::{Phrase, Timestamp, phrase};

/// So many sends are needed before a share of them says anything.
const ENOUGH: u32 = 3;

/// The history in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Since this midnight.
    pub today: Today,
    /// The last hour, by carrier and way; those with most sends first.
    pub weather: Vec<Weather>,
    /// When it was counted.
    pub at: Timestamp,
}

/// What was done since midnight.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Today {
    /// Checks that were begun: the first code went out, or may have.
    pub checked: u32,
    /// Those that were approved.
    pub approved: u32,
    /// Those that still wait for their code.
    pub waiting: u32,
    /// Texts that went out, or may have.
    pub texts: u32,
    /// Codes that went out, or may have, each send counted.
    pub codes: u32,
}

impl Today {
    /// The day in pieces that stand side by side; nothing where nothing was done.
    pub fn phrases(&self) -> Vec<Phrase> {
        let Self {
            checked,
            approved,
            waiting,
            texts,
            ..
        } = *self;
        let mut pieces = Vec::new();
        if checked > 0 {
            pieces.push(match checked {
                1 => phrase!("1 checked"),
                n => phrase!("{n} checked", n = n),
            });
            pieces.push(match approved {
                1 => phrase!("1 approved"),
                n => phrase!("{n} approved", n = n),
            });
        }
        match waiting {
            0 => {}
            1 => pieces.push(phrase!("1 not finished")),
            n => pieces.push(phrase!("{n} not finished", n = n)),
        }
        match texts {
            0 => {}
            1 => pieces.push(phrase!("1 text")),
            n => pieces.push(phrase!("{n} texts", n = n)),
        }
        pieces
    }
}

/// How codes have been arriving by one way on one network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weather {
    /// The network. Foreign text.
    pub carrier: Untrusted,
    /// The way.
    pub channel: VerificationChannel,
    /// Codes that were sent.
    pub sends: u32,
    /// Those that were read back and approved.
    pub read_back: u32,
    /// Those that the network refused.
    pub failed: u32,
}

impl Weather {
    /// Less than half of enough sends were read back.
    pub fn is_bad(&self) -> bool {
        self.sends >= ENOUGH && self.read_back * 2 < self.sends
    }

    /// Most of enough sends were read back.
    pub fn is_good(&self) -> bool {
        self.sends >= ENOUGH && self.read_back * 4 >= self.sends * 3
    }

    /// Where this way is bad: another one that works on the same network.
    pub fn instead<'a>(&self, all: &'a [Self]) -> Option<&'a Self> {
        all.iter()
            .find(|other| self.is_bad() && other.carrier == self.carrier && other.is_good())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(today: Today) -> String {
        let words: Vec<String> = today.phrases().iter().map(ToString::to_string).collect();
        words.join(", ")
    }

    #[test]
    fn a_day_is_told_by_what_happened_on_it() {
        let busy = Today {
            checked: 14,
            approved: 13,
            waiting: 1,
            texts: 2,
            codes: 20,
        };
        assert_eq!(
            line(busy),
            "14 checked, 13 approved, 1 not finished, 2 texts"
        );
        let one = Today {
            texts: 1,
            ..Today::default()
        };
        assert_eq!(line(one), "1 text");
        assert_eq!(line(Today::default()), "");
    }

    #[test]
    fn bad_weather_names_the_way_that_works() {
        use VerificationChannel::{Call, Sms};
        let weather = |carrier: &str, channel, sends, read_back| Weather {
            carrier: Untrusted::from(carrier),
            channel,
            sends,
            read_back,
            failed: 0,
        };
        let all = [
            weather("AT&T", Sms, 9, 3),
            weather("AT&T", Call, 4, 4),
            weather("T-Mobile", Call, 3, 3),
            weather("Verizon", Sms, 2, 0),
        ];
        assert_eq!(all[0].instead(&all), Some(&all[1]));
        assert_eq!(all[1].instead(&all), None, "nothing is wrong with it");
        assert!(!all[3].is_bad(), "two sends say nothing");
    }
}
