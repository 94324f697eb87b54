//! The way to Twilio: its own hosts, another origin, or a door inside the program.

use std::sync::Arc;

use super::clock::steady;
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
        match self.of(keys) {
            Self::Inside(transport) => Ok(Client::new(config, transport)),
            Self::Http { endpoint, .. } => {
                Ok(Client::connect(config.with_endpoint(endpoint)).with_steady_clock(steady))
            }
        }
    }

    /// The way of these keys: at Twilio, keys of a region go to that region.
    pub fn of(&self, keys: &Keys) -> Self {
        match (self, &keys.region) {
            (Self::Http { endpoint, origin }, Some(region))
                if !matches!(endpoint, Endpoint::Origin(_)) =>
            {
                Self::Http {
                    endpoint: Endpoint::Regional(region.clone()),
                    origin: *origin,
                }
            }
            _ => self.clone(),
        }
    }

    /// Where Twilio keeps what is done this way; none where it is kept in the program.
    pub fn home(&self) -> Option<&str> {
        match self {
            Self::Inside(_) => None,
            Self::Http { endpoint, .. } => Some(endpoint.home()),
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

    /// Whether the keys of a profile may go this way: keys that were checked at Twilio go nowhere else, and
    /// those of no region only where the program was told of none.
    pub fn leads_to(&self, profile: &Profile) -> bool {
        let Self::Http { endpoint, origin } = self else {
            return false;
        };
        *origin == Some(profile.origin)
            && (matches!(endpoint, Endpoint::Origin(_))
                || match regional(profile.region.as_deref(), profile.edge.as_deref()) {
                    Ok(Endpoint::Regional(_)) => true,
                    home => home.as_ref() == Ok(endpoint),
                })
    }

    /// What a profile that is checked this way remembers; none where keys are not kept.
    pub fn origin(&self) -> Option<Origin> {
        match self {
            Self::Inside(_) => None,
            Self::Http { origin, .. } => *origin,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Secret;
    use crate::domain::connection::Credentials;
    use crate::twilio::config::Origin as Address;
    use crate::twilio::wire::Host;

    fn profile(origin: Origin, region: Option<(&str, &str)>) -> Profile {
        Profile {
            account_sid: format!("AC{}", "1".repeat(32)).parse().unwrap(),
            account_name: None,
            is_trial: false,
            key_sid: None,
            origin,
            verify_service: None,
            sender: None,
            region: region.map(|(region, _)| region.to_owned()),
            edge: region.map(|(_, edge)| edge.to_owned()),
        }
    }

    #[test]
    fn keys_go_where_they_were_checked_and_nowhere_else() {
        let ireland = Some(("ie1", "dublin"));
        let [home, regional, simulated] = [
            profile(Origin::Twilio, None),
            profile(Origin::Twilio, ireland),
            profile(Origin::Loopback, None),
        ];
        let http = |endpoint, origin| Reach::Http { endpoint, origin };
        let local = Endpoint::Origin(Address::parse("http://127.0.0.1:4010").unwrap());
        let dublin = super::regional(Some("ie1"), Some("dublin")).unwrap();
        for (reach, led) in [
            (
                http(Endpoint::Twilio, Some(Origin::Twilio)),
                [true, true, false],
            ),
            (http(dublin, Some(Origin::Twilio)), [false, true, false]),
            (
                http(local.clone(), Some(Origin::Loopback)),
                [false, false, true],
            ),
            (http(local, None), [false, false, false]),
        ] {
            let found = [&home, &regional, &simulated].map(|profile| reach.leads_to(profile));
            assert_eq!(found, led);
        }
    }
    #[test]
    fn keys_of_a_region_go_to_it_and_other_keys_where_the_program_was_told() {
        let dublin = Region::new("ie1", "dublin").unwrap();
        let sydney = Region::new("au1", "sydney").unwrap();
        let local = Endpoint::Origin(Address::parse("http://127.0.0.1:4010").unwrap());
        let keys = |region: Option<&Region>| Keys {
            account_sid: format!("AC{}", "1".repeat(32)).parse().unwrap(),
            credentials: Credentials::AuthToken(Secret::new("a token")),
            region: region.cloned(),
        };
        for (told, region, asked) in [
            (Endpoint::Twilio, None, "https://api.twilio.com/"),
            (
                Endpoint::Twilio,
                Some(&dublin),
                "https://api.dublin.ie1.twilio.com/",
            ),
            (
                Endpoint::Regional(sydney.clone()),
                Some(&dublin),
                "https://api.dublin.ie1.twilio.com/",
            ),
            (
                Endpoint::Regional(sydney.clone()),
                None,
                "https://api.sydney.au1.twilio.com/",
            ),
            (local, Some(&dublin), "http://127.0.0.1:4010/"),
        ] {
            let reach = Reach::Http {
                endpoint: told,
                origin: Some(Origin::Twilio),
            };
            let client = reach.client(&keys(region)).unwrap();
            assert_eq!(client.config().url(Host::Api, "/"), asked);
        }
    }
}
