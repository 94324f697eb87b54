//! The desk as lines: for screen readers, for terminals that cannot draw, for whoever prefers it.
//!
//! The same [`Model`], the same history, the same words as on the screen. What changes is printed as a
//! line, once; what is typed is a line, too. No escape sequence is written, nothing is drawn over, and no
//! time limit of ours runs: a code is checked on Enter, an approval stays. Where keys are asked for, the
//! terminal does not show what is typed.
//!
//! A line that is typed ahead waits until what is under way has come to its end, so that a list of lines
//! is a script of the whole check. Several lines that a terminal brings at once are a paste: data, as on the screen.

mod choices;
mod spoken;
mod typed;

use std::collections::VecDeque;
use std::io::{self, IsTerminal, Write};
use std::panic::AssertUnwindSafe;

use crate::app::{self, Ending};
use crate::domain::{Phrase, phrase};
use crate::model::{Effect, Event, Model};
use crate::runtime::echo::Echo;
use crate::runtime::lines::{Entered, Lines};
use crate::runtime::signals::Signals;
use crate::runtime::{self, Inbox, Runtime};
use crate::view::{self, Look};
use futures_util::FutureExt;

pub use choices::{Choice, choices, no_paste, refusal};
pub use spoken::{Spoken, has_begun, is_free};
pub use typed::{events, may_be_secret, paste};

/// Runs the desk on lines until it ends.
pub async fn run(
    look: Look,
    mut model: Model,
    mut runtime: Runtime,
    mut inbox: Inbox,
    mut signals: Signals,
) -> io::Result<Ending> {
    // After a panic nothing but the history is touched, whose thread has its own state.
    let desk = live(look, &mut model, &mut runtime, &mut inbox, &mut signals);
    let ending = AssertUnwindSafe(desk).catch_unwind().await;
    runtime.finish(crate::runtime::PATIENCE);
    ending.unwrap_or(Ok(Ending::Fault))
}

async fn live(
    look: Look,
    model: &mut Model,
    runtime: &mut Runtime,
    inbox: &mut Inbox,
    signals: &mut Signals,
) -> io::Result<Ending> {
    let clock = runtime.clock();
    let mut lines = Lines::start()?;
    let mut spoken = Spoken::default();
    let mut ahead: VecDeque<Entered> = VecDeque::new();
    let mut ended = false;
    let mut prompt = Prompt::new();
    let mut echo = Echo::default();
    let mut told = false;
    let mut locked = false;
    print(&[greeting(model, look)])?;
    runtime::load_numbering_plans()?;
    loop {
        // Before anything is said: who sees a question may answer at once.
        let hidden = may_be_secret(model) && echo.hide();
        if !hidden {
            echo.give_back();
            told = false;
        }
        // What will be asked is not known before it is known whose keys there are.
        let mut said = if has_begun(model) {
            spoken.news(model, look)
        } else {
            Vec::new()
        };
        if hidden && model.setup.is_some() && !std::mem::replace(&mut told, true) {
            said.push(look.say(phrase!(
                "What you type here is not shown, for it may hold a secret."
            )));
        }
        let was_locked = std::mem::replace(&mut locked, model.lock.is_closed());
        if !said.is_empty() {
            prompt.leave()?;
            if locked && !was_locked {
                push_away()?;
            }
            print(&said)?;
        }
        if is_free(model)
            && let Some(entered) = ahead.pop_front()
        {
            let meant = match &entered {
                Entered::Line(line) => events(model, look, line),
                Entered::Paste(text) => paste(model, text),
            };
            if meant.is_empty() {
                print(&[match &entered {
                    Entered::Line(line) => refusal(model, look, line),
                    Entered::Paste(_) => no_paste(model, look),
                }])?;
            }
            for event in meant {
                spoken.line(model);
                if let Some(ending) = happen(model, runtime, event)? {
                    return Ok(ending);
                }
            }
            continue;
        }
        if ended && ahead.is_empty() && is_free(model) {
            return Ok(Ending::Quit);
        }
        if is_free(model) && !ended {
            prompt.show()?;
        }
        let deadline = model.deadline();
        let passed = async {
            match deadline {
                Some(at) => tokio::time::sleep(clock.until(at)).await,
                None => std::future::pending().await,
            }
        };
        let event = tokio::select! {
            biased;
            stop = signals.next() => return Ok(Ending::Signal(stop)),
            event = inbox.recv() => event,
            line = lines.next(), if !ended => {
                match line {
                    Some(entered) => {
                        prompt.answered();
                        ahead.push_back(entered);
                    }
                    None => ended = true,
                }
                None
            }
            () = passed => Some(Event::Woke),
            () = runtime.looks_at_lead() => runtime.news_of_lead(),
        };
        if let Some(event) = event
            && let Some(ending) = happen(model, runtime, event)?
        {
            return Ok(ending);
        }
    }
}

/// The first line, in the language of the desk, with the two commands that help everywhere.
pub fn greeting(model: &Model, look: Look) -> String {
    let look = view::spoken(model, look);
    let [help, quit] = ["help", "quit"].map(|word| look.say(Phrase::of(word)));
    look.say(phrase!(
        "tuilio {version}, line mode. \"{help}\" lists all commands, \"{quit}\" leaves.",
        version = env!("CARGO_PKG_VERSION"),
        help = help,
        quit = quit
    ))
}

fn happen(model: &mut Model, runtime: &mut Runtime, event: Event) -> io::Result<Option<Ending>> {
    if event == Event::Faulted {
        return Ok(Some(Ending::Fault));
    }
    for effect in app::update(model, runtime, event) {
        match effect {
            Effect::Quit => return Ok(Some(Ending::Quit)),
            Effect::StartDemo => return Ok(Some(Ending::Demo)),
            // Lines are copied by hand: there is no way to a clipboard that writes no escape sequence.
            Effect::Copy(line) => print(&[line])?,
            Effect::Redraw | Effect::Suspend | Effect::Notify { .. } | Effect::AskBackground => {}
            effect => runtime.perform(effect),
        }
    }
    Ok(None)
}

fn print(lines: &[String]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in lines {
        writeln!(out, "{line}")?;
    }
    out.flush()
}

/// What was printed goes off the screen of a terminal, as far as empty lines can do that.
fn push_away() -> io::Result<()> {
    let mut out = io::stdout().lock();
    if out.is_terminal() {
        let rows = crate::runtime::lines::rows();
        out.write_all("\n".repeat(rows.into()).as_bytes())?;
    }
    Ok(())
}

/// The mark that a line is awaited, where a person types it.
struct Prompt {
    by_hand: bool,
    shown: bool,
}

impl Prompt {
    fn new() -> Self {
        Self {
            by_hand: io::stdin().is_terminal(),
            shown: false,
        }
    }

    fn show(&mut self) -> io::Result<()> {
        if self.by_hand && !self.shown {
            self.shown = true;
            let mut out = io::stdout().lock();
            write!(out, "> ")?;
            out.flush()?;
        }
        Ok(())
    }

    /// The terminal itself has shown the end of the line.
    fn answered(&mut self) {
        self.shown = false;
    }

    /// News comes while the mark stands: on a line of its own.
    fn leave(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.shown) {
            writeln!(io::stdout().lock())?;
        }
        Ok(())
    }
}
