//! Keys, pastes, clicks and sizes, from the terminal into the inbox.
//!
//! A task of its own, because the terminal library's stream remembers only the first one that waits for
//! it: asking it in passing would lose the next key. It runs as long as the desk, also over Ctrl-Z, when
//! it is stopped with the whole program: a second stream would be woken by the end of the first, and the
//! library forgets the keys that come in with a wake. Keys pass through a `Burst`, which knows typing from
//! a paste.

use std::time::Instant;

use crossterm::event::{Event as Terminal, EventStream, MouseButton, MouseEvent, MouseEventKind};
use futures_util::StreamExt;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinHandle;

use crate::keymap::Chord;
use crate::layout::Size;
use crate::model::{Event, Pasted};

use super::burst::Burst;

/// The task; it ends with this value.
pub struct Input(JoinHandle<()>);

impl Input {
    /// Begins to read.
    pub fn start(events: UnboundedSender<Event>) -> Self {
        Self(tokio::spawn(async move {
            // A closed inbox means that the desk has ended before.
            let _ = read(&events).await;
        }))
    }
}

/// Reads until nobody wants to know any more. The error is that.
async fn read(
    events: &UnboundedSender<Event>,
) -> Result<(), tokio::sync::mpsc::error::SendError<Event>> {
    let mut stream = EventStream::new();
    let mut burst = Burst::default();
    loop {
        let due = burst.due();
        let quiet = async {
            match due {
                Some(at) => tokio::time::sleep_until(at.into()).await,
                None => std::future::pending().await,
            }
        };
        let heard = tokio::select! {
            biased;
            heard = stream.next() => Some(heard),
            () = quiet => None,
        };
        if let Some(Some(Ok(Terminal::Key(key)))) = heard {
            if let Some((chord, held)) = Chord::from_terminal(key) {
                burst.take(chord, held, Instant::now());
            }
            continue;
        }
        for event in burst.release() {
            events.send(event)?;
        }
        match heard {
            None => {}
            Some(Some(Ok(event))) => {
                if matches!(event, Terminal::Paste(_)) {
                    burst.knows_brackets();
                }
                if let Some(event) = of_terminal(event) {
                    events.send(event)?;
                }
            }
            Some(Some(Err(_)) | None) => return events.send(Event::TerminalGone),
        }
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What the terminal reports, as an event; keys go their own way, through a `Burst`.
pub fn of_terminal(event: Terminal) -> Option<Event> {
    match event {
        Terminal::Paste(text) => Some(Event::Pasted(Pasted(text.into()))),
        Terminal::Resize(width, height) => Some(Event::Resized(Size { width, height })),
        Terminal::FocusGained => Some(Event::Focused(true)),
        Terminal::FocusLost => Some(Event::Focused(false)),
        Terminal::Mouse(mouse) => of_mouse(mouse),
        Terminal::Key(_) => None,
    }
}

/// A press of the left button, and the wheel. Nothing else means anything.
fn of_mouse(mouse: MouseEvent) -> Option<Event> {
    match mouse.kind {
        MouseEventKind::Down(MouseButton::Left) => Some(Event::Pointed {
            column: mouse.column,
            row: mouse.row,
        }),
        MouseEventKind::ScrollDown => Some(Event::Scrolled { down: true }),
        MouseEventKind::ScrollUp => Some(Event::Scrolled { down: false }),
        _ => None,
    }
}
