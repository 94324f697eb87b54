//! The way to Twilio: its own hosts, another origin, or a door inside the program.

use std::sync::Arc;

use crate::config::{Origin, Target};
use crate::domain::connection::Keys;
use crate::domain::{Failure, FailureKind};
use crate::twilio::config::{Endpoint, Origin as Address, Region};
use crate::twilio::{Client, Transport, TwilioConfig};

/// Where requests go.
#[derive(Clone)]
pub enum Reach {
    /// By a door inside the program.
    Inside(Arc<dyn Transport>),
    /// Over HTTP, to Twilio or to the address in `TUILIO_API_URL`.
    Http {
        /// Which of them.
        target: Target,
        /// Region and edge, where they are set.
        region: Option<(String, String)>,
    },
}

impl Reach {
    /// A client with these keys.
    pub fn client(&self, keys: &Keys) -> Result<Client, Failure> {
        let config = TwilioConfig::new(keys.account_sid.clone(), keys.credentials.clone());
        match self {
            Self::Inside(transport) => Ok(Client::new(config, Arc::clone(transport))),
            Self::Http { .. } => Ok(Client::connect(config.with_endpoint(self.endpoint()?))),
        }
    }

    /// What a profile that is checked this way remembers; none where keys are not kept.
    pub fn origin(&self) -> Option<Origin> {
        match self {
            Self::Inside(_) => None,
            Self::Http { target, .. } => target.origin(),
        }
    }

    fn endpoint(&self) -> Result<Endpoint, Failure> {
        let Self::Http { target, region } = self else {
            return Ok(Endpoint::Twilio);
        };
        let wrong = |error: crate::twilio::config::ConfigError| {
            Failure::new(FailureKind::Credentials, error.to_string())
        };
        Ok(match (target, region) {
            (Target::Twilio, None) => Endpoint::Twilio,
            (Target::Twilio, Some((region, edge))) => {
                Endpoint::Regional(Region::new(region, edge).map_err(wrong)?)
            }
            (Target::Loopback(url) | Target::Other(url), _) => {
                Endpoint::Origin(Address::parse(url).map_err(wrong)?)
            }
        })
    }
}
