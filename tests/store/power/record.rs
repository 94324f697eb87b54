//! What a run did to the disk, in order, with what was promised in between.

use std::path::Path;
use std::sync::Mutex;

use crate::session::Fact;
use crate::vfs::{Deed, Fate, Watch};

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    Open {
        file: String,
    },
    Write {
        file: String,
        offset: usize,
        bytes: Vec<u8>,
    },
    Truncate {
        file: String,
        size: usize,
    },
    Sync {
        file: String,
    },
    Delete {
        file: String,
        for_good: bool,
    },
    /// A new history got its name, and the folder was synced.
    Name {
        from: String,
        to: String,
    },
    /// A promise of the history, or a request that went out.
    Fact(Fact),
}

impl Step {
    /// It is about the history itself or the log of its making.
    pub fn concerns_more_than_the_log(&self) -> bool {
        match self {
            Self::Write { file, .. }
            | Self::Truncate { file, .. }
            | Self::Sync { file }
            | Self::Delete { file, .. } => !file.ends_with("-wal"),
            Self::Name { .. } => true,
            Self::Open { .. } | Self::Fact(_) => false,
        }
    }
}

/// Writes down what is done in a folder. Nothing waits for the disk: when it was to wait is what counts.
#[derive(Default)]
pub struct Recorder {
    steps: Mutex<Vec<Step>>,
}

impl Recorder {
    pub fn note(&self, fact: Fact) {
        self.push(Step::Fact(fact));
    }

    pub fn steps(&self) -> Vec<Step> {
        self.steps.lock().unwrap().clone()
    }

    fn push(&self, step: Step) {
        self.steps.lock().unwrap().push(step);
    }
}

impl Watch for Recorder {
    fn before(&self, file: &Path, deed: Deed<'_>) -> Fate {
        let file = file.file_name().unwrap().to_str().unwrap().to_owned();
        match deed {
            Deed::Write { offset, bytes } => self.push(Step::Write {
                file,
                offset: offset as usize,
                bytes: bytes.to_vec(),
            }),
            Deed::Truncate { size } => self.push(Step::Truncate {
                file,
                size: size as usize,
            }),
            Deed::Sync => {
                self.push(Step::Sync { file });
                return Fate::Pretended;
            }
            Deed::Delete { for_good } => self.push(Step::Delete { file, for_good }),
            Deed::Open => {
                // Names are given past SQLite: it opens what was made under another one.
                let from = format!("{file}.part");
                let mut steps = self.steps.lock().unwrap();
                let made = steps.iter().rev().find_map(|step| match step {
                    Step::Name { to, .. } if *to == file => Some(false),
                    Step::Write { file, .. } if *file == from => Some(true),
                    _ => None,
                });
                if made == Some(true) {
                    let to = file.clone();
                    steps.push(Step::Name { from, to });
                }
                steps.push(Step::Open { file });
            }
            Deed::Read | Deed::Lock | Deed::Map => {}
        }
        Fate::Done
    }
}
