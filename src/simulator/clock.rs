//! The clock of the doors: simulated time, run from real, monotonic time at a scale.
//!
//! Only doors have one; a world is told the moment with each request.

use std::str::FromStr;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::time::Instant;

use crate::domain::Timestamp;

/// Simulated seconds in a real second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TimeScale(f64);

/// Why a number is not a scale of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a time scale is a number above 0 and at most 1000000")]
pub struct NotATimeScale;

impl TimeScale {
    /// Takes a scale above 0 and at most a million.
    pub fn new(scale: f64) -> Result<Self, NotATimeScale> {
        if scale > 0.0 && scale <= 1_000_000.0 {
            Ok(Self(scale))
        } else {
            Err(NotATimeScale)
        }
    }
}

impl Default for TimeScale {
    fn default() -> Self {
        Self(1.0)
    }
}

impl FromStr for TimeScale {
    type Err = NotATimeScale;

    fn from_str(text: &str) -> Result<Self, NotATimeScale> {
        Self::new(text.parse().map_err(|_| NotATimeScale)?)
    }
}

/// Says what time it is in a world.
#[derive(Debug, Clone)]
pub struct SimulatedClock {
    start: Timestamp,
    began: Instant,
    scale: TimeScale,
}

impl SimulatedClock {
    /// A clock that shows `start` now and runs at that scale.
    pub fn new(start: Timestamp, scale: TimeScale) -> Self {
        Self {
            start,
            began: Instant::now(),
            scale,
        }
    }

    /// What it shows.
    pub fn now(&self) -> Timestamp {
        let passed = self.began.elapsed().as_secs_f64() * self.scale.0;
        SignedDuration::try_from_secs_f64(passed)
            .ok()
            .and_then(|passed| self.start.checked_add(passed).ok())
            .unwrap_or(Timestamp::MAX)
    }

    /// How long it really takes until it shows that moment.
    pub fn until(&self, at: Timestamp) -> Duration {
        let ahead = at.duration_since(self.now()).as_secs_f64().max(0.0);
        Duration::try_from_secs_f64(ahead / self.scale.0).unwrap_or(Duration::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn simulated_time_runs_at_its_scale() {
        let start: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let clock = SimulatedClock::new(start, TimeScale::new(60.0).unwrap());
        tokio::time::advance(Duration::from_secs(10)).await;
        let ten_minutes = "2026-01-01T00:10:00Z".parse().unwrap();
        assert_eq!(clock.now(), ten_minutes);
        assert_eq!(
            clock.until("2026-01-01T00:11:00Z".parse().unwrap()),
            Duration::from_secs(1)
        );
        assert_eq!(clock.until(start), Duration::ZERO);
    }

    #[test]
    fn a_scale_is_above_zero() {
        for (text, right) in [
            ("1", true),
            ("0.5", true),
            ("600", true),
            ("0", false),
            ("-1", false),
            ("NaN", false),
            ("inf", false),
            ("fast", false),
        ] {
            assert_eq!(text.parse::<TimeScale>().is_ok(), right, "{text}");
        }
    }
}
