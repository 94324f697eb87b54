//! A world with a clock, shared by the requests that come through a door.
//!
//! Requests happen one after another. Whoever looks at the phones is told by one task that sleeps until
//! the world says that something is due, and not at all when nothing is.

use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::{Notify, watch};

use super::clock::SimulatedClock;
use super::{Fate, PhoneItem, World};
use crate::twilio::wire::{Request, Response};

/// A world that runs.
#[derive(Debug)]
pub struct Simulation {
    world: Mutex<World>,
    clock: SimulatedClock,
    phones: watch::Sender<Vec<PhoneItem>>,
    /// Woken when something new may be due, and when the simulation is gone.
    due: Arc<Notify>,
    watched: Once,
}

impl Simulation {
    /// Lets a world run by that clock.
    pub fn new(world: World, clock: SimulatedClock) -> Arc<Self> {
        let phones = watch::Sender::new(world.phones().to_vec());
        Arc::new(Self {
            world: Mutex::new(world),
            clock,
            phones,
            due: Arc::new(Notify::new()),
            watched: Once::new(),
        })
    }

    /// Lets one request happen now.
    pub fn handle(&self, request: &Request) -> Fate {
        self.change(|world, now| world.handle(now, request))
    }

    /// Changes the world outside of any request: its faults or its latency, for instance. A closure
    /// that panics leaves the world as it is at that moment.
    pub fn with_world<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        self.change(|world, now| {
            world.advance(now);
            change(world)
        })
    }

    /// The pretend phones, kept up to date. The first call starts the task that does so, and must
    /// therefore be made from within a tokio runtime; the task ends with the simulation.
    pub fn phones(self: &Arc<Self>) -> watch::Receiver<Vec<PhoneItem>> {
        self.watched.call_once(|| {
            tokio::spawn(keep_watch(Arc::downgrade(self), Arc::clone(&self.due)));
        });
        self.phones.subscribe()
    }

    pub(super) fn refuse_method(&self, method: &str) -> Response {
        self.change(|world, now| world.refuse_method(now, method))
    }

    pub(super) fn refuse_form(&self, why: &str) -> Response {
        self.change(|world, now| world.refuse_form(now, why))
    }

    fn change<T>(&self, change: impl FnOnce(&mut World, crate::domain::Timestamp) -> T) -> T {
        let mut world = self.lock();
        let result = change(&mut world, self.clock.now());
        self.publish(&world);
        drop(world);
        self.due.notify_one();
        result
    }

    /// Lets happen what is due, and says how long it is until the next change.
    fn catch_up(&self) -> Option<Duration> {
        let mut world = self.lock();
        world.advance(self.clock.now());
        self.publish(&world);
        let next = world.next_change(world.now())?;
        Some(self.clock.until(next))
    }

    /// Items are only ever added, so a change shows in their number.
    fn publish(&self, world: &World) {
        self.phones.send_if_modified(|shown| {
            let changed = shown.len() != world.phones().len();
            if changed {
                *shown = world.phones().to_vec();
            }
            changed
        });
    }

    fn lock(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Simulation {
    fn drop(&mut self) {
        self.due.notify_one();
    }
}

async fn keep_watch(simulation: Weak<Simulation>, due: Arc<Notify>) {
    while let Some(simulation) = simulation.upgrade() {
        let wait = simulation.catch_up();
        drop(simulation);
        match wait {
            Some(wait) => tokio::select! {
                biased;
                () = due.notified() => {}
                () = tokio::time::sleep(wait) => {}
            },
            None => due.notified().await,
        }
    }
}
