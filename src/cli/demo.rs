//! The desk on the simulator inside the program: nothing leaves the machine, and nothing stays on it.

use std::sync::Arc;

use clap::Args;
use serde::Serialize;

use crate::domain::connection::{Connection, Credentials, Keys, Source};
use crate::domain::{Phrase, Policy, Sender, Untrusted};
use crate::model::{Event, PhoneItem, Setting};
use crate::runtime::{self, Clock, Keeper, Opening, Reach, Runtime};
use crate::simulator::{Scene, SimulatedClock, SimulatorTransport, TimeScale, World};

use super::output::Report;
use super::session;
use super::{Exit, desk, look};

/// How many times as fast as ours the time of a recording runs.
const FAST: f64 = 5.0;

/// What can be said of the pretend world.
#[derive(Debug, Clone, Copy, Args)]
pub struct Pretend {
    /// The same number gives the same codes.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Time runs five times as fast, for recordings.
    #[arg(long)]
    fast: bool,
}

impl Default for Pretend {
    fn default() -> Self {
        Self {
            seed: 1,
            fast: false,
        }
    }
}

/// The scenes.
#[derive(Debug, Default, Serialize)]
pub struct Listed {
    scenes: Option<Vec<Entry>>,
}

#[derive(Debug, Serialize)]
struct Entry {
    name: &'static str,
    shows: String,
}

/// Names every scene, with a line each.
pub fn list() -> Report<Listed> {
    let scenes: Vec<Entry> = Scene::names()
        .filter_map(|name| {
            let scene = Scene::named(name).ok()?;
            let shows = scene.description().to_owned();
            Some(Entry { name, shows })
        })
        .collect();
    let lines = scenes
        .iter()
        .map(|scene| {
            let shows = session::said(&Phrase::known(scene.shows.as_str()));
            format!("{:<20}  {shows}", scene.name)
        })
        .collect();
    Report::done(
        Listed {
            scenes: Some(scenes),
        },
        lines,
    )
}

/// Runs it until it ends.
pub async fn run(scene: &str, pretend: Pretend, tour: bool, plain: bool) -> Result<Exit, Exit> {
    let scene = Scene::named(scene).map_err(|error| Exit::usage(session::sentence(&error)))?;
    let pace = if pretend.fast { FAST } else { 1.0 };
    let clock = Clock::at_pace(pace);
    let scale = TimeScale::new(pace).unwrap_or_default();
    let world = World::new(pretend.seed, scene, clock.now());
    let (keys, connection) = connection(&world).ok_or_else(|| {
        Exit::fault("The simulator gave credentials that are not of Twilio's shape.")
    })?;
    let transport = SimulatorTransport::new(world, SimulatedClock::new(clock.now(), scale));
    let Opening { store, opened, .. } = Opening::in_memory(clock.now())?;
    let mut phones = transport.phones();
    let (mut runtime, inbox) = Runtime::new(
        store,
        clock,
        Reach::Inside(Arc::new(transport)),
        Keeper::in_memory(),
    );
    let events = runtime.events();
    let _ = events.send(Event::Opened(Box::new(opened)));
    runtime.connect(&keys, connection);
    tokio::spawn(async move {
        while phones.changed().await.is_ok() {
            let items = phones.borrow_and_update().iter().map(phone_item).collect();
            if events.send(Event::PhoneRang(items)).is_err() {
                break;
            }
        }
    });
    let config = session::settings_if_any()?;
    let setting = Setting {
        demo: true,
        // So that no line for a ticket passes for a real one.
        agent: Some("DEMO".to_owned()),
        tour,
        // Its customers are in the United States, wherever the agent is.
        default_country: "US".to_owned(),
        plain,
        ..session::setting(&config)
    };
    // Nothing leaves the machine, so the lead's rules have nothing to protect here.
    let policy = Policy::default();
    let look = look::look(&config);
    desk::exit(desk::open(setting, policy, look, runtime, inbox).await?)
}

fn connection(world: &World) -> Option<(Keys, Connection)> {
    let credentials = world.credentials();
    let account_sid: crate::domain::sid::AccountSid = credentials.account_sid.parse().ok()?;
    let keys = Keys {
        account_sid: account_sid.clone(),
        credentials: Credentials::ApiKey {
            sid: credentials.api_key.parse().ok()?,
            secret: credentials.api_secret.clone(),
        },
        region: None,
    };
    let service = credentials.verify_service_sid.parse().ok()?;
    let sender = Sender::Service(credentials.messaging_service_sid.parse().ok()?);
    let name = || Some(Untrusted::from("Acme Support"));
    let connection = Connection {
        source: Source::Demo,
        account_sid,
        home: None,
        account_name: Some(Untrusted::from("Acme Support")),
        is_trial: world.is_trial(),
        verify_service: Some(runtime::named_service(&service, name())),
        sender: Some(runtime::named_sender(&sender, name())),
    };
    Some((keys, connection))
}

fn phone_item(item: &crate::simulator::PhoneItem) -> PhoneItem {
    PhoneItem {
        to: item.to.clone(),
        kind: item.kind.as_str().to_owned(),
        from: item.from.clone(),
        body: item.body.clone(),
        code: item.code.clone(),
        at: item.at,
    }
}
