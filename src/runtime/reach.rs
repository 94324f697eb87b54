//! The way to Twilio: its own hosts, another origin, or a door inside the program.

use std::sync::Arc;

use crate::config::{Origin, Profile};
use crate::domain::Failure;
use crate::domain::connection::Keys;
use crate::twilio::config::{Endpoint, Region};
use crate::twilio::environment::regional;
use crate::twilio::{Client, Transport, TwilioConfig};

/// Where requests go.
#[derive(Clone)]
pub enum Reach {
    /// By a door inside the program.
    Inside(Arc<dyn Transport>),
    /// Over HTTP, to Twilio or to the address in `TUILIO_API_URL`.
    Http {
        /// Which of them, and by which region.
        endpoint: Endpoint,
        /// What a profile that is checked this way remembers; none where keys are not kept.
        origin: Option<Origin>,
    },
}

impl Reach {
    /// A client with these keys.
    pub fn client(&self, keys: &Keys) -> Result<Client, Failure> {
        let config = TwilioConfig::new(keys.account_sid.clone(), keys.credentials.clone());
        match self {
            Self::Inside(transport) => Ok(Client::new(config, Arc::clone(transport))),
            Self::Http { endpoint, .. } => {
                Ok(Client::connect(config.with_endpoint(endpoint.clone())))
            }
        }
    }

    /// The region that requests go to, where one is set.
    pub fn region(&self) -> Option<&Region> {
        match self {
            Self::Http {
                endpoint: Endpoint::Regional(region),
                ..
            } => Some(region),
            _ => None,
        }
    }

    /// Whether the keys of a profile may go this way: keys that were checked at Twilio go nowhere else,
    /// and each goes to its own region.
    pub fn leads_to(&self, profile: &Profile) -> bool {
        let Self::Http { endpoint, origin } = self else {
            return false;
        };
        let region = regional(profile.region.as_deref(), profile.edge.as_deref());
        *origin == Some(profile.origin)
            && (matches!(endpoint, Endpoint::Origin(_)) || region.as_ref() == Ok(endpoint))
    }

    /// What a profile that is checked this way remembers; none where keys are not kept.
    pub fn origin(&self) -> Option<Origin> {
        match self {
            Self::Inside(_) => None,
            Self::Http { origin, .. } => *origin,
        }
    }
}
