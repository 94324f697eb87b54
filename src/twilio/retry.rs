//! Whether a request is made once more, and after how long.
//!
//! A pure function of policy, method, outcome and what was tried so far; the waiting is somebody
//! else's. The rule behind it: a request is repeated only where the first one cannot have had an
//! effect. A 429 was not processed, so it is repeated whatever it was; a question may be asked again;
//! a `POST` or `DELETE` whose fate is open is never repeated here. The same seed gives the same waits.

use std::time::Duration;

use super::wire::Method;
use crate::domain::overslept::GRACE;

/// How patient a client is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How many times it waits at most.
    pub max_waits: u32,
    /// When it gives up, counted from the first try; also the longest wait that it agrees to.
    pub max_total: Duration,
    /// About how long it waits the first time; doubled each time.
    pub first_wait: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_waits: 3,
            max_total: Duration::from_secs(30),
            first_wait: Duration::from_millis(500),
        }
    }
}

impl RetryPolicy {
    /// Never once more.
    pub fn never() -> Self {
        Self {
            max_waits: 0,
            ..Self::default()
        }
    }
}

/// What became of a try that was no success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// An error answer came.
    Answered {
        /// HTTP status.
        status: u16,
        /// Twilio's code.
        code: Option<u32>,
        /// Seconds that it asks to wait.
        retry_after: Option<u32>,
    },
    /// The connection never stood.
    NotSent,
    /// Something may have left, and no whole answer came.
    Lost,
}

/// What to do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Report the outcome.
    Stop,
    /// Wait that long, then send the same request again.
    Wait(Duration),
}

/// 429s of Verify that mean that a limit is used up (checks, sends, starts for one number): they last
/// for minutes, and asking again in a second is only one more try.
const USED_UP: [u32; 3] = [60202, 60203, 60212];

/// Decides after a try that was no success. `attempt` counts the tries so far, from 1; `elapsed` is the
/// time since the first one began.
pub fn decide(
    policy: &RetryPolicy,
    method: Method,
    outcome: Outcome,
    attempt: u32,
    elapsed: Duration,
    seed: u64,
) -> Decision {
    let asked = match outcome {
        Outcome::Answered {
            code: Some(code), ..
        } if USED_UP.contains(&code) => {
            return Decision::Stop;
        }
        Outcome::Answered {
            status: 429,
            retry_after,
            ..
        } => retry_after,
        Outcome::Answered {
            status: 408 | 500..,
            retry_after,
            ..
        } if method == Method::Get => retry_after,
        Outcome::Lost | Outcome::NotSent if method == Method::Get => None,
        Outcome::Answered { .. } | Outcome::Lost | Outcome::NotSent => return Decision::Stop,
    };
    let wait = asked.filter(|seconds| *seconds > 0).map_or_else(
        || backoff(policy, attempt, seed),
        |seconds| Duration::from_secs(seconds.into()),
    );
    if attempt > policy.max_waits || elapsed.saturating_add(wait) > policy.max_total {
        Decision::Stop
    } else {
        Decision::Wait(wait)
    }
}

/// Whether a wait ended so late that the request is not sent unasked any more: the program was stopped, or the
/// machine asleep. Both times count from the first try. A question may always be asked.
pub fn is_overslept(method: Method, planned: Duration, passed: Duration) -> bool {
    method != Method::Get && passed > planned.saturating_add(GRACE)
}

/// Between half and the whole of the doubled wait, so that several desks do not come back together.
fn backoff(policy: &RetryPolicy, attempt: u32, seed: u64) -> Duration {
    let doublings = attempt.saturating_sub(1).min(16);
    let whole = policy.first_wait.saturating_mul(1 << doublings);
    let share = mixed(seed.wrapping_add(attempt.into())) % 1024;
    whole / 2 + whole.saturating_mul(share as u32) / 2048
}

/// The finaliser of `SplitMix64`: neighbouring seeds give unrelated numbers.
fn mixed(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn answered(status: u16, code: Option<u32>, retry_after: Option<u32>) -> Outcome {
        Outcome::Answered {
            status,
            code,
            retry_after,
        }
    }

    fn waits(method: Method, outcome: Outcome, attempt: u32, elapsed: Duration) -> bool {
        let policy = RetryPolicy::default();
        decide(&policy, method, outcome, attempt, elapsed, 1) != Decision::Stop
    }

    #[test]
    fn only_what_cannot_have_had_an_effect_is_repeated() {
        use Method::*;
        for (outcome, get, post, delete) in [
            (answered(429, Some(20429), None), true, true, true),
            (answered(429, None, Some(3)), true, true, true),
            (answered(429, Some(60202), None), false, false, false),
            (answered(429, Some(60203), Some(1)), false, false, false),
            (answered(429, Some(60212), None), false, false, false),
            (answered(500, Some(20500), None), true, false, false),
            (answered(503, None, None), true, false, false),
            (answered(503, None, Some(3)), true, false, false),
            (answered(503, None, Some(31)), false, false, false),
            (answered(408, None, None), true, false, false),
            (answered(400, Some(21211), None), false, false, false),
            (answered(404, Some(20404), None), false, false, false),
            (answered(307, None, None), false, false, false),
            (Outcome::Lost, true, false, false),
            (Outcome::NotSent, true, false, false),
        ] {
            for (method, expected) in [(Get, get), (Post, post), (Delete, delete)] {
                assert_eq!(
                    waits(method, outcome, 1, Duration::ZERO),
                    expected,
                    "{method:?} {outcome:?}"
                );
            }
        }
    }

    #[test]
    fn three_waits_or_thirty_seconds_and_no_more() {
        let busy = answered(429, Some(20429), None);
        for (attempt, elapsed, expected) in [
            (3, Duration::ZERO, true),
            (4, Duration::ZERO, false),
            (1, 29 * SECOND, true),
            (1, 30 * SECOND, false),
        ] {
            assert_eq!(waits(Method::Post, busy, attempt, elapsed), expected);
        }
        for (asked, expected) in [(30, true), (31, false)] {
            let busy = answered(429, None, Some(asked));
            assert_eq!(waits(Method::Post, busy, 1, Duration::ZERO), expected);
        }
        let never = RetryPolicy::never();
        assert_eq!(
            decide(&never, Method::Get, Outcome::Lost, 1, Duration::ZERO, 1),
            Decision::Stop
        );
    }

    #[test]
    fn what_is_asked_for_is_waited_to_the_second() {
        let policy = RetryPolicy::default();
        let busy = answered(429, None, Some(7));
        assert_eq!(
            decide(&policy, Method::Post, busy, 1, Duration::ZERO, 1),
            Decision::Wait(7 * SECOND)
        );
    }

    #[test]
    fn what_changes_the_world_is_not_sent_much_later_than_was_planned() {
        for (method, passed, late) in [
            (Method::Post, 20, false),
            (Method::Post, 30, false),
            (Method::Post, 31, true),
            (Method::Delete, 600, true),
            (Method::Get, 600, false),
        ] {
            assert_eq!(
                is_overslept(method, 20 * SECOND, passed * SECOND),
                late,
                "{method:?} {passed}"
            );
        }
    }

    #[test]
    fn waits_grow_and_differ_by_seed_alone() {
        let policy = RetryPolicy::default();
        for attempt in 1..=3 {
            let whole = policy.first_wait * (1 << (attempt - 1));
            let of = |seed| backoff(&policy, attempt, seed);
            for seed in 0..1_000 {
                assert!(of(seed) >= whole / 2 && of(seed) <= whole, "{seed}");
                assert_eq!(of(seed), of(seed));
            }
            assert_ne!(of(1), of(2));
        }
    }
}
