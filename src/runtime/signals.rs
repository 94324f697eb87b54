//! The signals that end the program in good order.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Why the system wants the program to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The terminal has gone.
    Hangup,
    /// Interrupted from outside.
    Interrupt,
    /// Asked to end with a picture of the memory, which is not made.
    Quit,
    /// Asked to end.
    Terminate,
}

impl Stop {
    /// The number of the signal.
    pub fn number(self) -> u8 {
        match self {
            Self::Hangup => 1,
            Self::Interrupt => 2,
            Self::Quit => 3,
            Self::Terminate => 15,
        }
    }
}

/// Listens. From then on the signals no longer end the program by themselves.
pub struct Signals {
    hangup: Signal,
    interrupt: Signal,
    quit: Signal,
    terminate: Signal,
}

impl Signals {
    /// From now on.
    pub fn listen() -> io::Result<Self> {
        // A file that has reached its limit is an error of the write. Unheard, the signal would end the
        // program before it could give the terminal back.
        drop(signal(SignalKind::from_raw(
            rustix::process::Signal::XFSZ.as_raw(),
        ))?);
        Ok(Self {
            hangup: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
            quit: signal(SignalKind::quit())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Waits for one.
    pub async fn next(&mut self) -> Stop {
        tokio::select! {
            biased;
            _ = self.hangup.recv() => Stop::Hangup,
            _ = self.terminate.recv() => Stop::Terminate,
            _ = self.interrupt.recv() => Stop::Interrupt,
            _ = self.quit.recv() => Stop::Quit,
        }
    }
}
