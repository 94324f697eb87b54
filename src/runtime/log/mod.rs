//! The log: what the program did, for whoever runs it. A file, and never the terminal.
//!
//! What may stand in it is a [`Line`], whose fields are words of ours, numbers and names that Twilio's
//! support asks for. There is no way for a text into it, so that nothing has to be taken out again: no
//! body, no code, no secret, no number, no address. Libraries have no way into it either.
//!
//! Whoever notes a line never waits: a thread of its own writes, sleeps where there is nothing to write,
//! and gives up in silence where the disk does. [`Log::close`] waits until everything is written.

mod file;
mod heard;
mod line;

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::Duration;

use crate::domain::Timestamp;

pub use file::{LogFile, Size, Unfit};
pub use heard::Heard;
pub use line::{Line, Word, call_name};

/// The variable that says how much is written.
pub const VARIABLE: &str = "TUILIO_LOG";
/// How many lines may wait for the disk before further ones are lost.
const WAITING: usize = 1024;
/// How long leaving waits for the disk, which may be busy.
const PATIENCE: Duration = Duration::from_secs(5);

/// How much is written: everything of this weight and of more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Nothing.
    Off,
    /// Faults of ours.
    Error,
    /// What did not work.
    Warn,
    /// What was done.
    #[default]
    Info,
}

/// It is none of the four words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the log is off, error, warn or info")]
pub struct NotALevel;

impl FromStr for Level {
    type Err = NotALevel;

    fn from_str(text: &str) -> Result<Self, NotALevel> {
        Ok(match text.trim() {
            "off" => Self::Off,
            "error" => Self::Error,
            "warn" => Self::Warn,
            "info" | "" => Self::Info,
            _ => return Err(NotALevel),
        })
    }
}

/// Where lines are noted. Clones write into the same file; the default one writes nowhere.
#[derive(Clone, Default)]
pub struct Log(Option<Arc<Open>>);

struct Open {
    level: Level,
    /// Tells apart the programs that write into one file.
    run: u32,
    orders: SyncSender<Order>,
    lost: Arc<AtomicU64>,
}

enum Order {
    Write(Vec<u8>),
    Close(SyncSender<()>),
}

impl Log {
    /// A log in this folder, which is made with the first line.
    pub fn open(folder: &Path, level: Level) -> Self {
        if level == Level::Off {
            return Self::default();
        }
        let file = LogFile::in_folder(folder);
        let (orders, queue) = sync_channel(WAITING);
        let lost = Arc::new(AtomicU64::new(0));
        let run = std::process::id();
        let losses = Arc::clone(&lost);
        let started = std::thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || write_down(file, &queue, &losses, run));
        match started {
            Ok(_) => Self(Some(Arc::new(Open {
                level,
                run,
                orders,
                lost,
            }))),
            // A machine that has no room for a thread has greater worries than a log.
            Err(_) => Self::default(),
        }
    }

    /// Writes a line down, some time.
    pub fn note(&self, line: &Line) {
        let Some(open) = &self.0 else { return };
        if line.level() > open.level {
            return;
        }
        let written = Order::Write(line.written(Timestamp::now(), open.run));
        if let Err(TrySendError::Full(_)) = open.orders.try_send(written) {
            open.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Writes down what an event says, where it says something for the log.
    pub fn note_event(&self, event: &crate::model::Event) {
        if self.0.is_some()
            && let Some(line) = Line::of(event)
        {
            self.note(&line);
        }
    }

    /// Waits until everything that was noted is written, but not for long. What is noted later is lost.
    pub fn close(&self) {
        let Some(open) = &self.0 else { return };
        let (done, closed) = sync_channel(1);
        // A queue that is full is that of a disk that takes nothing: it is not waited for.
        if open.orders.try_send(Order::Close(done)).is_ok() {
            let _ = closed.recv_timeout(PATIENCE);
        }
    }
}

/// The thread: sleeps until there is something, and writes all of it at once.
fn write_down(mut file: LogFile, queue: &Receiver<Order>, lost: &AtomicU64, run: u32) {
    while let Ok(first) = queue.recv() {
        let mut text = Vec::new();
        let mut closing = None;
        for order in std::iter::once(first).chain(queue.try_iter()) {
            match order {
                Order::Write(line) => text.extend(line),
                Order::Close(done) => closing = Some(done),
            }
        }
        let lines = lost.swap(0, Ordering::Relaxed);
        if lines > 0 {
            text.extend(Line::Lost { lines }.written(Timestamp::now(), run));
        }
        // A disk that is full or read-only is no reason to stop anything.
        let _ = file.append(&text);
        if let Some(done) = closing {
            // The caller may have lost its patience.
            let _ = done.send(());
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(folder: &Path) -> Vec<serde_json::Value> {
        let text = std::fs::read_to_string(folder.join(crate::paths::LOG_FILE)).unwrap_or_default();
        assert!(text.is_empty() || text.ends_with('\n'), "{text:?}");
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    #[test]
    fn what_was_noted_is_written_when_the_log_is_closed() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("made/log");
        let log = Log::open(&folder, Level::Info);
        for exit in 0..200 {
            log.note(&Line::Ended { exit });
        }
        log.close();
        let written = lines(&folder);
        assert_eq!(written.len(), 200);
        for (exit, line) in written.iter().enumerate() {
            assert_eq!(line["what"], "ended");
            assert_eq!(line["exit"], exit);
            assert_eq!(line["level"], "info");
            assert_eq!(line["run"], std::process::id());
            let at: Result<Timestamp, _> = line["at"].as_str().unwrap().parse();
            assert!(at.is_ok());
        }
        // Later is too late, and harms nobody.
        log.note(&Line::Ended { exit: 7 });
        log.close();
        assert_eq!(lines(&folder).len(), 200);
    }

    #[test]
    fn only_lines_of_the_wanted_weight_are_written_and_none_makes_no_file() {
        for (word, written) in [("off", 0), ("error", 1), ("warn", 2), ("info", 3), ("", 3)] {
            let folder = tempfile::tempdir().unwrap();
            let log = Log::open(folder.path(), word.parse().unwrap());
            log.note(&Line::Ended { exit: 0 });
            log.note(&Line::Lost { lines: 1 });
            log.note(&Line::Panicked { place: None });
            log.close();
            assert_eq!(lines(folder.path()).len(), written, "{word}");
            let files = std::fs::read_dir(folder.path()).unwrap().count();
            assert_eq!(files, usize::from(written > 0), "{word}");
        }
        assert_eq!("loud".parse::<Level>(), Err(NotALevel));
    }

    #[test]
    fn a_folder_that_cannot_be_written_stops_nobody() {
        let parent = tempfile::tempdir().unwrap();
        let file = parent.path().join("file");
        std::fs::write(&file, "").unwrap();
        let log = Log::open(&file.join("log"), Level::Info);
        for _ in 0..3 * WAITING {
            log.note(&Line::Ended { exit: 0 });
        }
        log.close();
        assert_eq!(std::fs::read(&file).unwrap(), b"");
    }
}
