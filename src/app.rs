//! The loop of the desk: wait, update, perform, and draw once when nothing is waiting.
//!
//! One inbox and no tick. The loop sleeps until a key, an answer, a signal or a deadline that the model
//! asks for; an idle desk does nothing at all. Everything that has arrived is taken in before a drawing,
//! so that a paste or a held key costs one frame.

use std::io;
use std::time::Duration;

use crossterm::event::EventStream;
use futures_util::{FutureExt, StreamExt};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::keymap::Chord;
use crate::layout::Size;
use crate::model::{Effect, Event, Model, Pasted, Stamped};
use crate::runtime::terminal::{self, Screen};
use crate::runtime::{Inbox, Runtime};

/// How long leaving waits for the history.
const PATIENCE: Duration = Duration::from_secs(3);

/// How the desk came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The agent quit.
    Quit,
    /// The agent wants the demo in its place.
    Demo,
    /// The system asked for it, by this signal.
    Signal(Stop),
    /// A fault of ours beside the desk.
    Fault,
}

/// The signals that end the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The terminal has gone.
    Hangup,
    /// Interrupted from outside.
    Interrupt,
    /// Asked to end.
    Terminate,
}

/// What the loop waits for, besides the inbox and the keys.
struct Signals {
    hangup: Signal,
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self { hangup: signal(SignalKind::hangup())?, interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) -> Stop {
        tokio::select! {
            biased;
            _ = self.hangup.recv() => Stop::Hangup,
            _ = self.terminate.recv() => Stop::Terminate,
            _ = self.interrupt.recv() => Stop::Interrupt,
        }
    }
}

/// Runs the desk until it ends. The terminal is the caller's to give back.
pub async fn run(screen: &mut Screen, mut model: Model, mut runtime: Runtime, mut inbox: Inbox) -> io::Result<Ending> {
    let clock = runtime.clock();
    let mut signals = Signals::listen()?;
    let mut keys = EventStream::new();
    screen.draw(&model)?;
    std::thread::Builder::new().name(terminal::WARMING.to_owned()).spawn(crate::domain::phone::warm)?;
    let ending = 'desk: loop {
        let deadline = model.deadline();
        let wait = async {
            match deadline {
                Some(at) => tokio::time::sleep(clock.until(at)).await,
                None => std::future::pending().await,
            }
        };
        let mut event = tokio::select! {
            biased;
            stop = signals.next() => {
                if stop == Stop::Hangup {
                    terminal::let_go();
                }
                break Ending::Signal(stop);
            }
            event = inbox.recv() => event,
            key = keys.next() => match key {
                Some(Ok(key)) => of_terminal(key),
                // The terminal cannot be read any more: it has gone.
                Some(Err(_)) | None => {
                    terminal::let_go();
                    break Ending::Signal(Stop::Hangup);
                }
            },
            () = wait => Some(Event::Woke),
        };
        loop {
            if let Some(taken) = event.take() {
                let faulted = taken == Event::Faulted;
                for effect in model.update(Stamped { at: clock.now(), event: taken }) {
                    match effect {
                        Effect::Quit => break 'desk if faulted { Ending::Fault } else { Ending::Quit },
                        Effect::StartDemo => break 'desk Ending::Demo,
                        Effect::Redraw => screen.redraw()?,
                        Effect::Copy(line) => {
                            screen.copy(&line)?;
                            event = Some(Event::Copied);
                        }
                        Effect::Suspend => {
                            // The stream's thread reads the terminal: it must not while the shell does.
                            drop(keys);
                            screen.suspend()?;
                            keys = EventStream::new();
                            event = Some(Event::Resized(screen.size()?));
                        }
                        effect => runtime.perform(effect),
                    }
                }
                if event.is_some() {
                    continue;
                }
            }
            event = inbox.try_recv().ok();
            if event.is_none() {
                match keys.next().now_or_never() {
                    Some(Some(Ok(key))) => event = of_terminal(key),
                    Some(Some(Err(_)) | None) | None => break,
                }
            }
        }
        screen.draw(&model)?;
    };
    runtime.finish(PATIENCE);
    Ok(ending)
}

fn of_terminal(event: crossterm::event::Event) -> Option<Event> {
    match event {
        crossterm::event::Event::Key(key) => Chord::from_terminal(key).map(|(chord, held)| Event::Key { chord, held }),
        crossterm::event::Event::Paste(text) => Some(Event::Pasted(Pasted(text))),
        crossterm::event::Event::Resize(width, height) => Some(Event::Resized(Size { width, height })),
        _ => None,
    }
}
