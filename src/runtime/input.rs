//! Keys, pastes and sizes, from the terminal into the inbox.
//!
//! A task of its own, because the terminal library's stream remembers only the first one that waits for
//! it: asking it in passing would lose the next key. It can be stopped, so that nothing reads the
//! terminal while the shell has it.

use crossterm::event::{Event as Terminal, EventStream};
use futures_util::StreamExt;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinHandle;

use crate::keymap::Chord;
use crate::layout::Size;
use crate::model::{Event, Pasted};

/// The task; it ends with this value, or before when it is told to stop.
pub struct Input(JoinHandle<()>);

impl Input {
    /// Begins to read.
    pub fn start(events: UnboundedSender<Event>) -> Self {
        Self(tokio::spawn(async move {
            let mut stream = EventStream::new();
            loop {
                let event = match stream.next().await {
                    Some(Ok(event)) => of_terminal(event),
                    Some(Err(_)) | None => Some(Event::TerminalGone),
                };
                let gone = event == Some(Event::TerminalGone);
                if event.is_some_and(|event| events.send(event).is_err()) || gone {
                    break;
                }
            }
        }))
    }
}

impl Input {
    /// Reads no more.
    pub fn stop(&self) {
        self.0.abort();
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        self.stop();
    }
}

fn of_terminal(event: Terminal) -> Option<Event> {
    match event {
        Terminal::Key(key) => {
            Chord::from_terminal(key).map(|(chord, held)| Event::Key { chord, held })
        }
        Terminal::Paste(text) => Some(Event::Pasted(Pasted(text.into()))),
        Terminal::Resize(width, height) => Some(Event::Resized(Size { width, height })),
        _ => None,
    }
}
