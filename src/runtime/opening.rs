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
    pub fn full_disk(&self) -> Option<(Phrase, String)> {
        self.is_only_read.then(full)
    }

    /// What is to be said of it: on the one line of a screen, and in full.
    pub fn notice(&self) -> Option<(Phrase, String)> {
        let Some(rescued) = self.rescued.as_ref() else {
            return self.lacks_its_end.then(lost);
        };
        let file = rescued.kept_as.display();
        if rescued.altered {
            return Some(altered(rescued));
        }
        let (line, read) = match rescued.operations - rescued.unreadable {
            0 if rescued.unreadable > 0 => (
                phrase!("The history was damaged: it is kept beside the new one."),
                "no operation can be read whole".to_owned(),
            ),
            0 => (
                phrase!(
                    "The history was damaged: nothing can be read; it is kept beside the new one."
                ),
                "nothing of it can be read".to_owned(),
            ),
            1 => (
                phrase!(
                    "The history was damaged: 1 operation goes on; it is kept beside the new one."
                ),
                "1 operation can be read and goes on".to_owned(),
            ),
            count => (
                phrase!(
                    "The history was damaged: {n} operations go on; it is kept beside the new one.",
                    n = count
                ),
                format!("{count} operations can be read and go on"),
            ),
        };
        let (line, read) = match rescued.unreadable {
            0 => (line, read),
            1 => (
                phrase!(
                    "{what} Of 1 entry not all is readable: see F4.",
                    what = line
                ),
                format!("{read}; of 1 not all can be read, and it stays in the history as such"),
            ),
            n => (
                phrase!(
                    "{what} Of {n} entries not all is readable: see F4.",
                    what = line,
                    n = n
                ),
                format!("{read}; of {n} not all can be read, and they stay in the history as such"),
            ),
        };
        let full = format!(
            "The history file was damaged and is kept as {file}: {read}. What else was under way is to be seen in Twilio's console. Commands send nothing until tuilio audit accept takes the history as it is."
        );
        Some((line, full))
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

/// The same of one that was removed, exchanged, or put back as it once was.
fn lost() -> (Phrase, String) {
    let line =
        phrase!("The end of the history is missing here. Ask your admin: tuilio audit verify.");
    let full = "The end of the history is missing or cannot be told, or another history is in its place: tuilio audit verify tells more. What was under way is to be seen in Twilio's console. This is said, and commands send nothing, until tuilio audit accept takes the history as it is.";
    (line, full.to_owned())
}

/// The same of one that stands on a full disk.
fn full() -> (Phrase, String) {
    let line = phrase!("The disk is full: the history is only read. Make room, then start again.");
    let full = "The disk that holds the history is full, so it is only read, and nothing can be sent. Make room, then start again.";
    (line, full.to_owned())
}

/// The same of one into which another program has put something.
fn altered(rescued: &Rescued) -> (Phrase, String) {
    let (line, goes_on) = match rescued.operations {
        0 => (
            phrase!("Another program has changed the history: it is kept beside a new one."),
            "it held no operation".to_owned(),
        ),
        1 => (
            phrase!("Another program has changed the history: 1 operation goes on in a new one."),
            "its 1 operation goes on in a new one".to_owned(),
        ),
        count => (
            phrase!(
                "Another program has changed the history: {n} operations go on in a new one.",
                n = count
            ),
            format!("its {count} operations go on in a new one"),
        ),
    };
    let file = rescued.kept_as.display();
    let full = format!(
        "Another program has put something of its own into the history file, which is kept as {file}: {goes_on}. Show it to your admin. Commands send nothing until tuilio audit accept takes the history as it is."
    );
    (line, full)
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
