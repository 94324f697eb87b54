//! The door inside the program: the client's own transport, with no socket in between.
//!
//! A cut becomes [`TransportError::Lost`], a delay really waits.

use std::sync::Arc;

use tokio::sync::watch;

use super::clock::SimulatedClock;
use super::simulation::Simulation;
use super::{Fate, PhoneItem, World};
use crate::twilio::transport::{Sending, Transport, TransportError};
use crate::twilio::wire::Request;

/// Carries requests to a world in the same process.
#[derive(Debug, Clone)]
pub struct SimulatorTransport {
    simulation: Arc<Simulation>,
}

impl SimulatorTransport {
    /// A transport to that world, which runs by that clock.
    pub fn new(world: World, clock: SimulatedClock) -> Self {
        Self {
            simulation: Simulation::new(world, clock),
        }
    }

    /// The pretend phones, kept up to date. To be called from within a tokio runtime.
    pub fn phones(&self) -> watch::Receiver<Vec<PhoneItem>> {
        self.simulation.phones()
    }

    /// What it carries requests to.
    pub fn simulation(&self) -> &Arc<Simulation> {
        &self.simulation
    }
}

impl Transport for SimulatorTransport {
    fn send(&self, request: Request) -> Sending<'_> {
        Box::pin(async move {
            let (delay, result) = match self.simulation.handle(&request) {
                Fate::Answer { response, delay } => (delay, Ok(response)),
                Fate::Cut { delay } => (delay, Err("the connection closed before an answer")),
                Fate::CutMidBody { delay, .. } => {
                    (delay, Err("the connection closed within the answer"))
                }
            };
            if !delay.is_zero() {
                tokio::time::sleep(delay).await;
            }
            result.map_err(|why| TransportError::Lost(why.to_owned()))
        })
    }
}
