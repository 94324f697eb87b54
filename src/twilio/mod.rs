//! The async client of Twilio's API: texts, verifications, lookups, and what a set-up has to know.
//!
//! It is made of two pure halves ([`request`], [`response`]) that speak the words of [`wire`], one seam
//! to the world ([`transport`]) and one pure rule for trying again ([`retry`]). So the same code runs
//! against Twilio, against the simulator, and in a test without a socket. Invariant: nothing that
//! changes the world is sent a second time while the first may have had an effect.
//!
//! ```no_run
//! use tuilio::twilio::{self, Client, TwilioConfig, VerificationChannel};
//!
//! # async fn example() -> Result<(), twilio::Error> {
//! let config = TwilioConfig::from_env(|name| std::env::var(name).ok())?;
//! let client = Client::connect(config);
//!
//! twilio::send_sms(&client, "+14155550123", "Your parcel is here.").await?;
//!
//! twilio::start_verification(&client, "+14155550123", VerificationChannel::Sms).await?;
//! match twilio::check_verification(&client, "+14155550123", "482913").await {
//!     Ok(_) => {} // the customer holds this phone
//!     Err(twilio::Error::VerificationFailed { .. }) => {} // ask for the code again
//!     Err(twilio::Error::TokenExpired { .. }) => {} // start again
//!     Err(error) if error.may_have_taken_effect() => {} // look it up before anything else
//!     Err(error) => return Err(error),
//! }
//! # Ok(())
//! # }
//! ```

pub mod account;
pub mod client;
pub mod config;
mod echo;
pub mod environment;
pub mod error;
pub mod http;
pub mod lookup;
mod loose;
pub mod proxy;
pub mod refusal;
pub mod request;
pub mod response;
pub mod retry;
pub mod sender;
pub mod transport;
pub mod verifier;
pub mod wire;

pub use client::Client;
pub use config::{ConfigError, Credentials, Endpoint, Origin, Region, TwilioConfig};
pub use error::Error;
pub use http::HttpTransport;
pub use retry::RetryPolicy;
pub use sender::send_sms;
pub use transport::{Transport, TransportError};
pub use verifier::{check_verification, start_verification};

pub use crate::domain::verification::{VerificationChannel, VerificationStatus};
