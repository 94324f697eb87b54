//! The clock: wall time at the start, carried on by a steady one, so that it never jumps and never goes
//! back, whatever happens to the clock of the machine. The steady one goes on while the machine sleeps: a
//! laptop that is opened in the morning does not think that it is still evening.

use std::time::Duration;

use crate::domain::Timestamp;

/// Tells the time.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    wall: Timestamp,
    started: Duration,
    pace: f64,
}

impl Clock {
    /// From now on.
    pub fn start() -> Self {
        Self::at_pace(1.0)
    }

    /// From now on, that many times as fast as real time: for recordings of the demo.
    pub fn at_pace(pace: f64) -> Self {
        Self {
            wall: Timestamp::now(),
            started: steady(),
            pace,
        }
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.wall
            .checked_add(steady().saturating_sub(self.started).mul_f64(self.pace))
            .unwrap_or(Timestamp::MAX)
    }

    /// How long it is until then; nothing where it has passed.
    pub fn until(&self, at: Timestamp) -> Duration {
        Duration::try_from(self.now().duration_until(at))
            .unwrap_or_default()
            .div_f64(self.pace)
    }
}

/// What a clock shows that nobody sets and that does not stop while the machine sleeps.
#[cfg(unix)]
pub(super) fn steady() -> Duration {
    use rustix::time::{ClockId, clock_gettime};
    // Elsewhere the monotonic one goes on in sleep by itself.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let clock = ClockId::Boottime;
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    let clock = ClockId::Monotonic;
    Duration::try_from(clock_gettime(clock)).unwrap_or_default()
}

#[cfg(not(unix))]
pub(super) fn steady() -> Duration {
    use std::sync::LazyLock;
    use std::time::Instant;
    static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);
    BEGAN.elapsed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_on_from_whatever_the_machine_took_for_the_time() {
        for wall in [
            "2016-11-22T22:00:00Z",
            "2036-11-22T22:00:00Z",
            // An hour that is there twice on the wall in Berlin, and one that is not there at all.
            "2026-10-25T00:59:59.999Z",
            "2026-03-29T00:59:59.999Z",
        ] {
            let wall: Timestamp = wall.parse().unwrap();
            let clock = Clock {
                wall,
                started: steady().saturating_sub(Duration::from_secs(3)),
                pace: 1.0,
            };
            let shown = clock.now().duration_since(wall).as_secs_f64();
            assert!((3.0..60.0).contains(&shown), "{shown}");
            assert_eq!(clock.until(wall), Duration::ZERO);
            let later = clock.until(wall + Duration::from_secs(103)).as_secs_f64();
            assert!((40.0..=100.0).contains(&later), "{later}");
        }
    }

    #[test]
    fn it_stops_at_the_end_of_the_calendar_instead_of_breaking() {
        let clock = Clock {
            wall: Timestamp::MAX,
            started: Duration::ZERO,
            pace: 1.0,
        };
        assert_eq!(clock.now(), Timestamp::MAX);
        assert_eq!(clock.until(Timestamp::MIN), Duration::ZERO);
    }
}
