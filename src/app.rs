//! The loop of the desk: wait, update, perform, and draw once when nothing is waiting.
//!
//! One inbox and no tick. The loop sleeps until a key, an answer, a signal or a deadline that the model
//! asks for; an idle desk does nothing at all. Everything that has arrived is taken in before a drawing,
//! so that a paste or a held key costs one frame.

use std::io;
use std::time::Duration;

use crate::model::{Effect, Event, Model, Stamped};
use crate::runtime::input::Input;
use crate::runtime::signals::{Signals, Stop};
use crate::runtime::terminal::{self, Screen};
use crate::runtime::{self, Inbox, Runtime};
use crate::view::{self, Look};

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

/// Runs the desk until it ends. The terminal is the caller's to give back.
pub async fn run(
    screen: &mut Screen,
    look: Look,
    mut model: Model,
    mut runtime: Runtime,
    mut inbox: Inbox,
) -> io::Result<Ending> {
    let clock = runtime.clock();
    let mut signals = Signals::listen()?;
    let mut input = Input::start(runtime.events());
    screen.draw(|frame| view::draw(frame, &model, look))?;
    runtime::load_numbering_plans()?;
    let ending = 'desk: loop {
        let deadline = model.deadline();
        let passed = async {
            match deadline {
                Some(at) => tokio::time::sleep(clock.until(at)).await,
                None => std::future::pending().await,
            }
        };
        let mut waiting = tokio::select! {
            biased;
            stop = signals.next() => {
                if stop == Stop::Hangup {
                    terminal::let_go();
                }
                break Ending::Signal(stop);
            }
            event = inbox.recv() => event,
            () = passed => Some(Event::Woke),
        };
        while let Some(event) = waiting.take() {
            match event {
                Event::TerminalGone => {
                    terminal::let_go();
                    break 'desk Ending::Signal(Stop::Hangup);
                }
                Event::Faulted => break 'desk Ending::Fault,
                event => {
                    for effect in model.update(Stamped {
                        at: clock.now(),
                        event,
                    }) {
                        match effect {
                            Effect::Quit => break 'desk Ending::Quit,
                            Effect::StartDemo => break 'desk Ending::Demo,
                            Effect::Redraw => screen.redraw()?,
                            Effect::Copy(line) => {
                                screen.copy(&line)?;
                                waiting = Some(Event::Copied);
                            }
                            Effect::Suspend => {
                                input.stop();
                                screen.suspend()?;
                                input = Input::start(runtime.events());
                                waiting = Some(Event::Resized(screen.size()?));
                            }
                            effect => runtime.perform(effect),
                        }
                    }
                }
            }
            waiting = waiting.or_else(|| inbox.try_recv().ok());
        }
        screen.draw(|frame| view::draw(frame, &model, look))?;
    };
    drop(input);
    runtime.finish(PATIENCE);
    Ok(ending)
}
