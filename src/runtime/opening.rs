//! Opening the history: on disk or in memory, and what it holds at that moment.
//!
//! What ended processes left behind is taken over first, so that whoever opens it sees only operations
//! that somebody looks after.

use std::path::Path;

use crate::domain::failure::with_causes;
use crate::domain::{Failure, FailureKind, Phrase, Timestamp, phrase};
use crate::model::Opened;
use crate::store::{self, History, Journal, Rescued, Store, StoreError, erase, rescue};

/// How many rows are read at the start.
const FIRST_PAGE: usize = 100;
/// How many texts on their way are followed from earlier runs.
const UNFINISHED: usize = 100;

/// A history that was opened.
pub struct Opening {
    /// The history.
    pub store: Store,
    /// What it holds.
    pub opened: Opened,
    /// How many operations of ended programs were taken over.
    pub recovered: usize,
    /// What became of a damaged history, where it was one.
    pub rescued: Option<Rescued>,
    /// It ends before it should, is another one than it was, or neither can be told.
    pub lacks_its_end: bool,
    /// The disk is so full that it is only read.
    pub is_only_read: bool,
}

/// What is to be said of a history.
pub struct Told {
    /// On the one line of a screen.
    pub line: Phrase,
    /// In full.
    pub full: Phrase,
}

impl Opening {
    /// The history in a folder, made where it is missing.
    pub fn on_disk(folder: &Path, now: Timestamp) -> Result<Self, Failure> {
        let open = || Store::open(folder).and_then(|store| Self::look(store, now));
        let opening = match open() {
            Ok(opening) if store::is_suspected(folder) => {
                drop(opening);
                // Whoever has it open meets it again, and the start after that looks again.
                let rescued = rescue(folder, now).ok().flatten();
                open().map(|opening| Self { rescued, ..opening })
            }
            Err(StoreError::Damaged { .. } | StoreError::Altered { .. }) => rescue(folder, now)
                .and_then(|rescued| {
                    let opening = open()?;
                    Ok(Self { rescued, ..opening })
                }),
            opening => opening,
        };
        opening.map_err(|error| failure(&error))
    }

    /// What is to be said of a full disk, to whoever stays. A command that writes says so itself.
    pub fn full_disk(&self) -> Option<Told> {
        self.is_only_read.then(full)
    }

    /// What is to be said of a history that is not what it was.
    pub fn notice(&self) -> Option<Told> {
        match &self.rescued {
            None => self.lacks_its_end.then(lost),
            Some(rescued) if rescued.altered => Some(altered(rescued)),
            Some(rescued) => Some(damaged(rescued)),
        }
    }

    /// A history that is gone with the program.
    pub fn in_memory(now: Timestamp) -> Result<Self, Failure> {
        Store::in_memory()
            .and_then(|store| Self::look(store, now))
            .map_err(|error| failure(&error))
    }

    fn look(mut store: Store, now: Timestamp) -> Result<Self, StoreError> {
        let (opened, recovered) = look_into(&mut store, now)?;
        Ok(Self {
            lacks_its_end: store.lacks_its_end()?,
            is_only_read: store.is_only_read(),
            store,
            opened,
            recovered,
            rescued: None,
        })
    }
}

/// What is to be said of a damaged one.
fn damaged(rescued: &Rescued) -> Told {
    let Told { line, full } = readable(rescued);
    match rescued.unreadable {
        0 => Told { line, full },
        1 => Told {
            line: phrase!(
                "{what} Of 1 entry not all is readable: see F4.",
                what = line
            ),
            full: phrase!(
                "{what} Of 1 operation not all can be read: it stays in the history as such.",
                what = full
            ),
        },
        n => Told {
            line: phrase!(
                "{what} Of {n} entries not all is readable: see F4.",
                what = line,
                n = n
            ),
            full: phrase!(
                "{what} Of {n} operations not all can be read: they stay in the history as such.",
                what = full,
                n = n
            ),
        },
    }
}

/// The same of what can be read of it.
fn readable(rescued: &Rescued) -> Told {
    let file = rescued.kept_as.display().to_string();
    match rescued.operations - rescued.unreadable {
        0 if rescued.unreadable > 0 => Told {
            line: phrase!("The history was damaged: it is kept beside the new one."),
            full: phrase!(
                "The history file was damaged and is kept as {file}: no operation can be read whole. What was under way is to be seen in Twilio's console. Commands send nothing until tuilio audit accept takes the history as it is.",
                file = file
            ),
        },
        0 => Told {
            line: phrase!(
                "The history was damaged: nothing can be read; it is kept beside the new one."
            ),
            full: phrase!(
                "The history file was damaged and is kept as {file}: nothing of it can be read. What was under way is to be seen in Twilio's console. Commands send nothing until tuilio audit accept takes the history as it is.",
                file = file
            ),
        },
        1 => Told {
            line: phrase!(
                "The history was damaged: 1 operation goes on; it is kept beside the new one."
            ),
            full: phrase!(
                "The history file was damaged and is kept as {file}: 1 operation can be read and goes on. What else was under way is to be seen in Twilio's console. Commands send nothing until tuilio audit accept takes the history as it is.",
                file = file
            ),
        },
        count => Told {
            line: phrase!(
                "The history was damaged: {n} operations go on; it is kept beside the new one.",
                n = count
            ),
            full: phrase!(
                "The history file was damaged and is kept as {file}: {n} operations can be read and go on. What else was under way is to be seen in Twilio's console. Commands send nothing until tuilio audit accept takes the history as it is.",
                n = count,
                file = file
            ),
        },
    }
}

/// The same of one that was removed, exchanged, or put back as it once was.
fn lost() -> Told {
    Told {
        line: phrase!(
            "The end of the history is missing here. Ask your admin: tuilio audit verify."
        ),
        full: phrase!(
            "The end of the history is missing or cannot be told, or another history is in its place: tuilio audit verify tells more. What was under way is to be seen in Twilio's console. This is said, and commands send nothing, until tuilio audit accept takes the history as it is."
        ),
    }
}

/// The same of one that stands on a full disk.
fn full() -> Told {
    Told {
        line: phrase!("The disk is full: the history is only read. Make room, then start again."),
        full: phrase!(
            "The disk that holds the history is full, so it is only read, and nothing can be sent. Make room, then start again."
        ),
    }
}

/// The same of one into which another program has put something.
fn altered(rescued: &Rescued) -> Told {
    let file = rescued.kept_as.display().to_string();
    match rescued.operations {
        0 => Told {
            line: phrase!("Another program has changed the history: it is kept beside a new one."),
            full: phrase!(
                "Another program has put something of its own into the history file, which is kept as {file}: it held no operation. Show it to your admin. Commands send nothing until tuilio audit accept takes the history as it is.",
                file = file
            ),
        },
        1 => Told {
            line: phrase!(
                "Another program has changed the history: 1 operation goes on in a new one."
            ),
            full: phrase!(
                "Another program has put something of its own into the history file, which is kept as {file}: its 1 operation goes on in a new one. Show it to your admin. Commands send nothing until tuilio audit accept takes the history as it is.",
                file = file
            ),
        },
        count => Told {
            line: phrase!(
                "Another program has changed the history: {n} operations go on in a new one.",
                n = count
            ),
            full: phrase!(
                "Another program has put something of its own into the history file, which is kept as {file}: its {n} operations go on in a new one. Show it to your admin. Commands send nothing until tuilio audit accept takes the history as it is.",
                n = count,
                file = file
            ),
        },
    }
}

/// Takes over what ended processes left behind, and reads what a desk begins with. Says how many
/// operations were taken over.
pub fn look_into(store: &mut Store, now: Timestamp) -> Result<(Opened, usize), StoreError> {
    let recovered = store.recover(now)?.len();
    let opened = Opened {
        session: store.session(),
        page: store.page(None, FIRST_PAGE)?,
        unknown: store.unknown()?,
        unfinished: store.unfinished(UNFINISHED)?,
        draft: store.take_draft()?,
        unaccepted: store.is_unaccepted()?,
    };
    Ok((opened, recovered))
}

/// Removes a history with everything that belongs to it.
pub fn erase_history(folder: &Path) -> Result<(), Failure> {
    erase(folder).map_err(|error| failure(&error))
}

/// How many sends since then the history in a folder knows.
pub fn sent_since(folder: &Path, since: Timestamp) -> u32 {
    store::sent_since(folder, since)
}

/// Of how many operations only the history in a folder knows that it is not known what came of them.
pub fn unsettled(folder: &Path) -> Result<u64, Failure> {
    store::unsettled(folder).map_err(|error| failure(&error))
}

/// What failed about the history, and what to do.
pub fn failure(error: &StoreError) -> Failure {
    let next = match error {
        StoreError::Unwritable { .. } => {
            phrase!("Set TUILIO_DATA_DIR to a folder that you may write.")
        }
        StoreError::Foreign { .. } => {
            phrase!("Move it away, or set TUILIO_DATA_DIR to another folder.")
        }
        StoreError::Full => phrase!("Make room, then start again."),
        StoreError::Busy => phrase!("Wait a moment, then start again."),
        StoreError::Broken(_) => {
            phrase!("See whether the disk is full or failing, then start again.")
        }
        StoreError::InUse | StoreError::Removed { .. } => phrase!("End those, then start again."),
        StoreError::OpenElsewhere => phrase!("Leave it there (Ctrl-Q), then ask again."),
        StoreError::Damaged { .. } | StoreError::Altered { .. } => {
            phrase!("The next start keeps the file aside and goes on with what can be read of it.")
        }
        _ => return Failure::new(FailureKind::Store, with_causes(error)).in_words(error.said()),
    };
    let what = with_causes(error);
    let said = error
        .said()
        .map(|what| phrase!("{what} {next}", what = what, next = &next));
    Failure::new(FailureKind::Store, format!("{what}. {next}")).in_words(said)
}
