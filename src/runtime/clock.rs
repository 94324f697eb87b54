//! The clock: wall time at the start, carried on by the monotonic one, so that it never jumps and never
//! goes back, whatever happens to the clock of the machine.

use std::time::{Duration, Instant};

use crate::domain::Timestamp;

/// Tells the time.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    wall: Timestamp,
    started: Instant,
}

impl Clock {
    /// From now on.
    pub fn start() -> Self {
        Self {
            wall: Timestamp::now(),
            started: Instant::now(),
        }
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.wall
            .checked_add(self.started.elapsed())
            .unwrap_or(Timestamp::MAX)
    }

    /// How long it is until then; nothing where it has passed.
    pub fn until(&self, at: Timestamp) -> Duration {
        Duration::try_from(self.now().duration_until(at)).unwrap_or_default()
    }
}
