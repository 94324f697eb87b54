//! The async client of Twilio's API.

pub mod transport;
pub mod wire;
