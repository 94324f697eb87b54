//! The clock: wall time at the start, carried on by the monotonic one, so that it never jumps and never
//! goes back, whatever happens to the clock of the machine.

use std::time::{Duration, Instant};

use crate::domain::Timestamp;

/// Tells the time.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    wall: Timestamp,
    started: Instant,
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
            started: Instant::now(),
            pace,
        }
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.wall
            .checked_add(self.started.elapsed().mul_f64(self.pace))
            .unwrap_or(Timestamp::MAX)
    }

    /// How long it is until then; nothing where it has passed.
    pub fn until(&self, at: Timestamp) -> Duration {
        Duration::try_from(self.now().duration_until(at))
            .unwrap_or_default()
            .div_f64(self.pace)
    }
}
