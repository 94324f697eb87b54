//! The loop of the desk: wait, update, perform, and draw once when nothing is waiting.
//!
//! One inbox and no tick. The loop sleeps until a key, an answer, a signal or a deadline that the model
//! asks for; an idle desk looks once a minute whether the lead's policy has changed, and does nothing else.
//! Everything that has arrived is taken in before a drawing, so that a paste or a held key costs one frame.

use std::io;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use futures_util::FutureExt;

use crate::model::setting::AUTO;
use crate::model::{Effect, Event, Model, Stamped};
use crate::runtime::input::Input;
use crate::runtime::signals::{Signals, Stop};
use crate::runtime::terminal::{self, Screen};
use crate::runtime::{self, Inbox, Runtime};
use crate::view::{self, Look, Spots};

/// How long the terminal may take to say what its background is like.
const BACKGROUND: Duration = Duration::from_millis(100);

/// How the desk came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The agent quit.
    Quit,
    /// The agent wants the demo in its place.
    Demo,
    /// The system asked for it, by this signal.
    Signal(Stop),
    /// A fault of ours.
    Fault,
}

/// Runs the desk until it ends, and closes the history however it ends. The terminal is the caller's to
/// give back.
pub async fn run(
    screen: &mut Screen,
    look: Look,
    model: Model,
    mut runtime: Runtime,
    inbox: Inbox,
    signals: Signals,
) -> io::Result<Ending> {
    // After a panic nothing but the history is touched, whose thread has its own state.
    let desk = AssertUnwindSafe(live(screen, look, model, &mut runtime, inbox, signals));
    let ending = desk.catch_unwind().await;
    runtime.finish(runtime::PATIENCE);
    match ending {
        // A frame met the closed window before its signal did, or the signal never comes.
        Ok(Err(error)) if terminal::means_gone(&error) => {
            terminal::let_go();
            Ok(Ending::Signal(Stop::Hangup))
        }
        Ok(ending) => ending,
        // The hook has kept the place of the panic, and its message may hold what was typed.
        Err(_) => Ok(Ending::Fault),
    }
}

async fn live(
    screen: &mut Screen,
    mut look: Look,
    mut model: Model,
    runtime: &mut Runtime,
    mut inbox: Inbox,
    mut signals: Signals,
) -> io::Result<Ending> {
    let clock = runtime.clock();
    let _input = Input::start(runtime.events());
    terminal::watch(runtime.events())?;
    let mut spots = show(screen, &model, look)?;
    // Nobody waits for the answer: the first frame is there, and keys go on coming in.
    let mut asked = Instant::now();
    if look.color && model.setting.theme.as_deref() == Some(AUTO) {
        screen.ask_background()?;
    }
    runtime::load_numbering_plans()?;
    loop {
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
                // Sent by hand, it leaves a terminal that wants to be given back.
                if stop == Stop::Hangup && terminal::has_gone() {
                    terminal::let_go();
                }
                return Ok(Ending::Signal(stop));
            }
            event = inbox.recv() => event,
            () = passed => Some(Event::Woke),
            () = runtime.looks_at_lead() => runtime.news_of_lead(),
        };
        while let Some(event) = waiting.take() {
            match event {
                Event::TerminalGone => {
                    terminal::let_go();
                    return Ok(Ending::Signal(Stop::Hangup));
                }
                Event::Faulted => return Ok(Ending::Fault),
                // What the agent saw there is what was drawn last.
                Event::Pointed { column, row } => {
                    waiting = spots.at(column, row).map(Event::Clicked);
                }
                Event::Background { dark } => {
                    // Later, the agent has begun to read, and colours that change would be odd.
                    if asked.elapsed() <= BACKGROUND {
                        look.background = Some(dark);
                    }
                }
                event => {
                    if matches!(event, Event::Resized(_)) {
                        // A window that shrank and grew again has lost what was on it.
                        screen.redraw();
                    }
                    for effect in update(&mut model, runtime, event) {
                        match effect {
                            Effect::Quit => return Ok(Ending::Quit),
                            Effect::StartDemo => return Ok(Ending::Demo),
                            Effect::Ring => screen.ring()?,
                            Effect::Notify { form, text } => screen.notify(form, &text)?,
                            Effect::AskBackground => {
                                asked = Instant::now();
                                screen.ask_background()?;
                            }
                            Effect::Redraw => screen.redraw(),
                            Effect::Copy(line) => {
                                let offered = screen.copy(&line)?;
                                runtime.copy(line, offered);
                            }
                            Effect::Suspend => {
                                screen.suspend()?;
                                waiting = Some(Event::Resized(screen.size()?));
                            }
                            effect => runtime.perform(effect),
                        }
                    }
                }
            }
            waiting = waiting.or_else(|| inbox.try_recv().ok());
        }
        spots = show(screen, &model, look)?;
    }
}

/// Takes an event in, and before it what the lead has changed: nothing is begun under rules that are no more.
pub fn update(model: &mut Model, runtime: &mut Runtime, event: Event) -> Vec<Effect> {
    let at = runtime.clock().now();
    let events = runtime.news_of_lead().into_iter().chain([event]);
    events
        .flat_map(|event| model.update(Stamped { at, event }))
        .collect()
}

/// Puts the desk on the screen, with the window's title, and takes the mouse where it is wanted.
fn show(screen: &mut Screen, model: &Model, look: Look) -> io::Result<Spots> {
    screen.mouse(model.setting.mouse)?;
    screen.title(&view::title(model, look))?;
    let wanted = model.setting.links;
    let links = move |spots: &Spots| {
        if wanted {
            spots.links.clone()
        } else {
            Vec::new()
        }
    };
    screen.draw(|frame| view::draw(frame, model, look), links)
}
