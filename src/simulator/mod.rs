//! A Twilio look-alike: one account that sends texts and codes to pretend phones.
//!
//! [`World`] is a pure, seeded state machine: it is handed a moment and a request and says what a door
//! shall do ([`Fate`]). It reads no clock, starts no thread and rolls no dice but its own, so the same
//! seed, [`Scene`], start and requests give the same answers. Three doors lead to it: HTTP ([`serve`]),
//! a transport of the client's inside the program ([`SimulatorTransport`]), and none at all, for those
//! who call it themselves.
//!
//! What it does with a recipient is data: the scene, then `assets/recipients.toml`, for example
//! +1 415 555 0105 (phone off, 30003), 0107 (never reported), 0110 (opted out, 21610), 0188 (landline)
//! and +1 264 555 xxxx (blocked range, 60410). Any other number is a mobile in reach.
//!
//! Invariant: nothing here knows that it is a demo. It behaves as Twilio documents, or it is wrong.

mod account;
mod answer;
mod attempts;
mod bounds;
mod clock;
mod codes;
mod colleague;
mod credentials;
mod dates;
mod dice;
mod faults;
mod lookup;
mod messages;
mod numbers;
mod paging;
mod phones;
mod recipient;
mod replies;
mod route;
mod scene;
mod sending;
mod serve;
pub mod server;
mod services;
mod shelf;
mod simulation;
mod starting;
mod timeline;
mod transport;
mod verify;
mod wording;
mod world;

pub use clock::{NotATimeScale, SimulatedClock, TimeScale};
pub use credentials::Credentials;
pub use faults::fields_of_json;
pub use phones::{PhoneItem, PhoneItemKind};
pub use route::host;
pub use scene::{Scene, SceneError};
pub use serve::{Options, ServeError, serve};
pub use simulation::Simulation;
pub use transport::SimulatorTransport;
pub use world::{Fate, World};
