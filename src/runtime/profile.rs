//! What a profile of the configuration stands for: which keys it holds, and what they connect to.
//!
//! The secret half comes from whoever read the keyring; nothing here asks it, or Twilio.

use crate::config::{ChosenSender, Profile};
use crate::domain::connection::{Connection, Credentials, Keys, NamedSender, NamedService, Source};
use crate::domain::sid::VerifyServiceSid;
use crate::domain::{Secret, Sender, Untrusted};
use crate::model::setup::names::KeyMark;
use crate::twilio::environment::regional;
use crate::twilio::{Endpoint, Region};
use crate::vault::{StoredCredentials, VaultError};

/// The usual length of a code, until the service itself has said otherwise.
const USUAL_CODE_LENGTH: u32 = 6;

/// The keys of a profile, with what was kept for it.
pub(super) fn unlock(profile: &Profile, kept: &Secret) -> Result<Keys, VaultError> {
    let credentials = match (StoredCredentials::decode(kept)?, &profile.key_sid) {
        (StoredCredentials::AuthToken(token), None) => Credentials::AuthToken(token),
        (StoredCredentials::ApiSecret(secret), Some(sid)) => Credentials::ApiKey {
            sid: sid.clone(),
            secret,
        },
        _ => return Err(VaultError::BadData),
    };
    Ok(Keys {
        account_sid: profile.account_sid.clone(),
        credentials,
        region: region(profile),
    })
}

/// Which keys a profile holds.
pub(super) fn mark(profile: &Profile) -> KeyMark {
    KeyMark {
        account: profile.account_sid.clone(),
        key: profile.key_sid.clone(),
        region: profile.region.clone(),
    }
}

/// The region that a profile's keys are of.
fn region(profile: &Profile) -> Option<Region> {
    match regional(profile.region.as_deref(), profile.edge.as_deref()) {
        Ok(Endpoint::Regional(region)) => Some(region),
        Ok(Endpoint::Twilio | Endpoint::Origin(_)) | Err(_) => None,
    }
}

/// What a profile connects to, before Twilio was asked.
pub fn connection(name: &str, profile: &Profile) -> Connection {
    let service = profile
        .verify_service
        .as_ref()
        .map(|service| named_service(&service.sid, service.name.clone()));
    let sender = profile
        .sender
        .as_ref()
        .map(|chosen| named_sender(&chosen.sender(), chosen_name(chosen)));
    Connection {
        source: Source::Profile(name.to_owned()),
        account_sid: profile.account_sid.clone(),
        home: None,
        account_name: profile.account_name.clone(),
        is_trial: profile.is_trial,
        verify_service: service,
        sender,
    }
}

/// A service that is known by its SID, and perhaps by its name.
pub fn named_service(sid: &VerifyServiceSid, name: Option<Untrusted>) -> NamedService {
    NamedService {
        sid: sid.clone(),
        name: name.unwrap_or_else(|| Untrusted::new(sid.short())),
        code_length: USUAL_CODE_LENGTH,
        concerns: None,
    }
}

/// A sender, and perhaps its name.
pub fn named_sender(sender: &Sender, name: Option<Untrusted>) -> NamedSender {
    NamedSender::new(sender.clone(), name)
}

pub(super) fn chosen_sender(named: &NamedSender) -> Option<ChosenSender> {
    match &named.sender {
        Sender::Number(number) => Some(ChosenSender::Number(number.clone())),
        Sender::Service(sid) => Some(ChosenSender::MessagingService {
            sid: sid.clone(),
            name: Some(named.name.clone()),
        }),
        Sender::Name(_) => None,
    }
}

fn chosen_name(chosen: &ChosenSender) -> Option<Untrusted> {
    match chosen {
        ChosenSender::MessagingService { name, .. } => name.clone(),
        ChosenSender::Number(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_messaging_service_whose_name_nobody_knows_is_called_one() {
        let sid = Sender::Service(format!("MG{:028x}f179", 0).parse().unwrap());
        let named = named_sender(&sid, None);
        assert_eq!(named.name.visible(), "Messaging Service MG..f179");
        let named = named_sender(&sid, Some(Untrusted::from("Acme")));
        assert_eq!(named.name.visible(), "Acme");
    }
}
