//! The simulator by itself, as an HTTP server.

use std::io;

use tokio::signal::unix::{SignalKind, signal};

use crate::simulator::{Options, ServeError, serve};

use super::Exit;
use super::session::sentence;

/// Serves until it is told to stop.
pub async fn run(options: Options) -> Result<Exit, Exit> {
    let failed =
        |error: io::Error| Exit::fault(format!("Signals could not be listened to: {error}."));
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    let stop = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    match serve(options, io::stdout(), stop).await {
        Ok(()) => Ok(Exit::DONE),
        Err(error @ (ServeError::Remote(_) | ServeError::Scene(_))) => {
            Err(Exit::usage(sentence(&error)))
        }
        Err(error) => Err(Exit::fault(sentence(&error))),
    }
}
