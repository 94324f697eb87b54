//! The signals that end the program in good order: all that would end it in bad order otherwise, but for
//! those that cannot be heard and those that a fault of its own raises.

use std::future::poll_fn;
use std::io;
use std::task::Poll;

use rustix::process::Signal as Name;
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
    /// A signal that nobody sends to a desk on purpose.
    Other(u8),
}

impl Stop {
    /// The number of the signal.
    pub fn number(self) -> u8 {
        match self {
            Self::Hangup => 1,
            Self::Interrupt => 2,
            Self::Quit => 3,
            Self::Terminate => 15,
            Self::Other(number) => number,
        }
    }
}

/// Heard as well: a timer, a limit, a failing power supply, a slip of somebody who looks for a process.
const OTHERS: &[Name] = &[
    Name::USR1,
    Name::USR2,
    Name::ALARM,
    Name::VTALARM,
    Name::PROF,
    Name::XCPU,
    // Only where somebody sends it. Where the program raises it itself, for want of memory, nothing is done any
    // more.
    Name::ABORT,
    Name::IO,
    #[cfg(target_os = "linux")]
    Name::POWER,
];

/// Listens. From then on the signals no longer end the program by themselves.
pub struct Signals(Vec<(Stop, Signal)>);

impl Signals {
    /// From now on.
    pub fn listen() -> io::Result<Self> {
        // A file that has reached its limit is an error of the write. Unheard, the signal would end the
        // program before it could give the terminal back.
        drop(signal(SignalKind::from_raw(Name::XFSZ.as_raw()))?);
        let named = [
            (Stop::Hangup, Name::HUP),
            (Stop::Terminate, Name::TERM),
            (Stop::Interrupt, Name::INT),
            (Stop::Quit, Name::QUIT),
        ];
        let others = OTHERS.iter().map(|&name| {
            let number = u8::try_from(name.as_raw()).unwrap_or(u8::MAX);
            (Stop::Other(number), name)
        });
        named
            .into_iter()
            .chain(others)
            .map(|(stop, name)| Ok((stop, signal(SignalKind::from_raw(name.as_raw()))?)))
            .collect::<io::Result<_>>()
            .map(Self)
    }

    /// Waits for one. Of several that have come, the one that says the most.
    pub async fn next(&mut self) -> Stop {
        poll_fn(|context| {
            for (stop, signal) in &mut self.0 {
                if signal.poll_recv(context).is_ready() {
                    return Poll::Ready(*stop);
                }
            }
            Poll::Pending
        })
        .await
    }
}
