//! Where identifiers, codes and secrets of a world come from: seeded streams, one for each kind.
//!
//! The streams are apart so that a read, which only costs a request id, never changes the next code.
//! Not for real secrets: whoever knows the seed knows everything.

use std::fmt;

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};

/// The streams of one world.
#[derive(Clone)]
pub(super) struct Dice {
    identifiers: Pcg64Mcg,
    codes: Pcg64Mcg,
    requests: Pcg64Mcg,
}

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        let stream = |salt: u64| Pcg64Mcg::seed_from_u64(seed ^ salt);
        Self {
            identifiers: stream(0x7369_6473),
            codes: stream(0x636f_6465_7300),
            requests: stream(0x7265_7175_6573_7400),
        }
    }

    /// Two capital letters and 32 hex digits.
    pub(super) fn sid(&mut self, prefix: &str) -> String {
        format!("{prefix}{}", hex(&mut self.identifiers))
    }

    /// 32 hex digits: the shape of an auth token and of an API key secret.
    pub(super) fn token(&mut self) -> String {
        hex(&mut self.identifiers)
    }

    /// The identifier of a request, for the answer's header.
    pub(super) fn request_id(&mut self) -> String {
        format!("RQ{}", hex(&mut self.requests))
    }

    /// A code of that many digits; the first is never zero, which is easier to read out.
    pub(super) fn code(&mut self, length: usize) -> String {
        (0..length)
            .map(|at| {
                let (low, span) = if at == 0 { (1, 9) } else { (0, 10) };
                char::from(b'0' + (low + self.codes.next_u32() % span) as u8)
            })
            .collect()
    }
}

fn hex(stream: &mut Pcg64Mcg) -> String {
    format!("{:016x}{:016x}", stream.next_u64(), stream.next_u64())
}

impl fmt::Debug for Dice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dice")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_and_another_seed_another() {
        let mut first = Dice::new(7);
        let mut second = Dice::new(7);
        for _ in 0..5 {
            second.request_id();
        }
        assert_eq!(first.sid("SM"), second.sid("SM"));
        assert_eq!(first.code(6), second.code(6));
        assert_ne!(first.token(), Dice::new(8).token());
    }

    #[test]
    fn codes_have_the_length_asked_for_and_no_leading_zero() {
        let mut dice = Dice::new(1);
        for length in 4..=10 {
            let code = dice.code(length);
            assert_eq!(code.len(), length);
            assert!(code.bytes().all(|b| b.is_ascii_digit()) && !code.starts_with('0'));
        }
    }
}
