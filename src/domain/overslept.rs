//! How late is too late to go on unasked.
//!
//! What waits and then goes on by itself was wanted for its moment: a request that Twilio asked to hold back,
//! a text that is held for a while. Where the program was stopped or the machine asleep until long after that
//! moment, nobody has it in mind any more, so a person decides. One rule and one sentence for all of them.

use std::time::Duration;

use super::{Failure, FailureKind, Timestamp};

/// How much later than planned a wait may end: a busy machine is not on the minute.
pub const GRACE: Duration = Duration::from_secs(10);

/// What is said of it. The error catalogue has an entry of its own for whatever says so.
pub const SENTENCE: &str =
    "This computer stood still before it could be sent, so it was not sent any more.";

/// Whether what was due at that moment is not done unasked any more.
pub fn is_overslept(due: Timestamp, now: Timestamp) -> bool {
    Duration::try_from(now.duration_since(due)).is_ok_and(|late| late > GRACE)
}

impl Failure {
    /// It was not sent, because its moment was overslept.
    pub fn overslept() -> Self {
        Self::new(FailureKind::NotSent, SENTENCE)
    }

    /// Whether that is why it was not sent, and not the network.
    pub fn is_overslept(&self) -> bool {
        self.kind == FailureKind::NotSent && self.message == SENTENCE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_overslept_when_more_than_the_grace_has_passed() {
        let due: Timestamp = "2026-03-04T14:00:00Z".parse().unwrap();
        for (late, overslept) in [(-60, false), (0, false), (10, false), (11, true)] {
            let now = due + jiff::SignedDuration::from_secs(late);
            assert_eq!(is_overslept(due, now), overslept, "{late}");
        }
    }

    #[test]
    fn it_is_told_apart_from_a_network_that_is_not_there() {
        assert!(Failure::overslept().is_overslept());
        assert!(!Failure::new(FailureKind::NotSent, "no route to host").is_overslept());
    }
}
