//! The check-up: proves each link between this program and a customer's phone, whatever the one before it
//! is like, and says what to do where one does not hold.
//!
//! Nothing is sent, and nothing is written but the log: questions to Twilio are `GET`s, the history is read
//! from outside, keys are read and never shown. Each look has a deadline and all of them together have one.
//! Credentials leave only after the certificate of the host was accepted.

mod account;
mod keys;
mod machine;
mod network;
mod record;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::log::{Level, Line, Log, NotALevel};
use super::{Keeper, Reach};
use crate::config::{self, Config};
use crate::domain::checkup::{Finding, Health, Link};
use crate::domain::connection::Keys;
use crate::domain::{Phrase, phrase};
use crate::paths::Paths;

/// How long all questions to the network may take together.
const ALL: Duration = Duration::from_secs(25);
/// How long one may take.
const ONE: Duration = Duration::from_secs(8);
/// How long the history is looked through.
const HISTORY: Duration = Duration::from_secs(8);

/// Who is examined: the program as it would start now.
#[derive(Clone)]
pub struct Patient {
    /// Where files live.
    pub paths: Paths,
    /// Where the policy lies.
    pub policy_file: PathBuf,
    /// Why nothing may be sent under it.
    pub off: Option<Phrase>,
    /// The profile that is named.
    pub profile: Option<String>,
    /// The environment.
    pub environment: fn(&str) -> Option<String>,
    /// Who keeps the keys.
    pub keeper: Arc<Keeper>,
    /// How many colours the desk uses here.
    pub colors: u32,
    /// How much is logged; an error where that is not understood.
    pub level: Result<Level, NotALevel>,
    /// Where it is noted that there was a check-up.
    pub log: Log,
}

/// Keys that are in use and lie nowhere, and the way that they go.
#[derive(Clone)]
pub struct InUse {
    /// The keys.
    pub keys: Keys,
    /// The way.
    pub reach: Reach,
}

/// Examines every link, in order, and tells each finding as soon as it is there.
pub async fn examine(
    patient: &Patient,
    in_use: Option<InUse>,
    mut tell: impl FnMut(Finding) + Send,
) {
    let patient = &Patient {
        keeper: Arc::new(patient.keeper.until_silent()),
        ..patient.clone()
    };
    let (mut broken, mut doubtful) = (0, 0);
    let mut tell = |finding: Finding| {
        match finding.health {
            Health::Broken => broken += 1,
            Health::Doubtful => doubtful += 1,
            Health::Good | Health::Skipped => {}
        }
        tell(finding);
    };
    let (finding, config) = machine::settings(&patient.paths.config_file());
    tell(finding);
    tell(machine::policy(&patient.policy_file, patient.off.as_ref()));
    let config = config.unwrap_or_default();
    let (finding, chosen) = keys::chosen(patient, in_use.as_ref(), &config);
    tell(finding);
    let (finding, keys) = keys::read(patient, chosen, &config).await;
    tell(finding);
    for finding in machine::history(patient.paths.data_dir.clone()).await {
        tell(finding);
    }
    tell(record::audit(patient).await);
    tell(machine::terminal(patient));
    let reach = in_use.map_or_else(|| reach(patient, &config), |in_use| Some(in_use.reach));
    let until = Instant::now() + ALL;
    let leads_there = if let Some(reach) = &reach {
        network::examine(reach, until, &mut tell).await
    } else {
        for link in [Link::Proxy, Link::Names, Link::Connection, Link::Clock] {
            tell(Finding::skipped(
                link,
                phrase!("Skipped, because it is not clear where requests go: see above."),
            ));
        }
        false
    };
    let services = keys::services(patient, &config);
    match (reach, keys, leads_there) {
        (Some(reach), Some(keys), true) => {
            Box::pin(account::examine(&reach, &keys, &services, until, &mut tell)).await;
        }
        (_, None, _) => account::skip(&phrase!("Skipped, because there are no keys."), &mut tell),
        _ => account::skip(
            &phrase!("Skipped, because Twilio cannot be reached."),
            &mut tell,
        ),
    }
    tell(machine::log(patient));
    patient.log.note(&Line::Examined { broken, doubtful });
}

/// Where requests go by the environment and the settings.
fn reach(patient: &Patient, config: &Config) -> Option<Reach> {
    let profile = patient.profile.as_deref();
    let target = config::target(patient.environment).ok()?;
    let selected =
        config::select(profile, patient.environment, config).unwrap_or(config::Selected::None);
    let endpoint = config::endpoint(&selected, patient.environment, config).ok()?;
    Some(Reach::Http {
        endpoint,
        origin: target.origin(),
    })
}

/// Waits for an answer until the deadline of one look, or of all of them.
async fn within<T>(until: Instant, look: impl Future<Output = T>) -> Option<T> {
    let deadline = until.min(Instant::now() + ONE);
    tokio::time::timeout_at(deadline, look).await.ok()
}
