//! Numbers of a scene, each up to where it still means something: a world reckons with them.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// A year: nobody watches a pretend world for longer.
const LONGEST: u64 = 366 * 24 * 3600;
/// Nobody does anything more often.
const MOST: u32 = 1000;

/// Seconds, up to a year.
pub fn seconds<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    let seconds = u64::deserialize(from)?;
    if seconds <= LONGEST {
        Ok(seconds)
    } else {
        Err(D::Error::custom(format!("at most {LONGEST} seconds")))
    }
}

/// The same, where it is said.
pub fn some_seconds<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    seconds(from).map(Some)
}

/// Milliseconds, up to a year.
pub fn milliseconds<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    let milliseconds = u64::deserialize(from)?;
    if milliseconds / 1000 <= LONGEST {
        Ok(milliseconds)
    } else {
        Err(D::Error::custom(format!("at most {LONGEST} seconds")))
    }
}

/// How often, up to a thousand times.
pub fn times<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    let times = u32::deserialize(from)?;
    if times <= MOST {
        Ok(times)
    } else {
        Err(D::Error::custom(format!("at most {MOST} times")))
    }
}
