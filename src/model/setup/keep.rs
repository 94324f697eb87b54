//! The last step: the keys go into the keyring and are read back, or are used for this session only,
//! and only because a person said so.

use crate::domain::connection::Source;
use crate::domain::{Failure, Phrase};

use super::super::effect::Effect;
use super::you::{Introduction, Row, You};
use super::{Setup, Step};

/// A part of keeping keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Before anything is touched: what is kept, and under which name.
    Preparing,
    /// The keyring takes the keys.
    Writing,
    /// The keyring gives them back as they were.
    ReadingBack,
    /// The rest goes into the settings.
    Settings,
}

/// The keys could not be kept. Nothing of them is left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotKept {
    /// The part that failed.
    pub part: Part,
    /// Why.
    pub failure: Failure,
}

impl Setup {
    /// Everything is known: shows it.
    pub(super) fn summarise(&mut self) {
        let name = self.profile_name();
        if let (Some(connection), Some(name)) = (&mut self.connection, name) {
            connection.source = Source::Profile(name);
        }
        self.step = Step::Keep;
    }

    /// What the agent said of themselves is taken, where it is right.
    pub(super) fn introduced(&mut self) {
        self.problem = None;
        let Some(Err((row, why))) = self.introduction() else {
            return self.summarise();
        };
        self.problem = Some(why);
        if let Some(you) = &mut self.you {
            you.row = row;
        }
    }

    /// What the agent said of themselves.
    pub fn introduction(&self) -> Option<Result<Introduction, (Row, Phrase)>> {
        self.you.as_ref().map(You::read)
    }

    /// The desk is connected: the first run ends with a page of its own, and keys that were moved are still
    /// where they were. It holds no secret any more.
    pub fn finished(self) -> Option<Self> {
        let over = matches!(self.step, Step::Keep | Step::Keeping | Step::KeepFailed(_));
        // Keys that are used and not kept were not moved.
        let imported = self.imported.filter(|_| self.step == Step::Keeping);
        let step = match (&imported, self.from_desk) {
            (Some(_), _) => Step::StillPlain,
            (None, true) => return None,
            (None, false) => Step::Done,
        };
        over.then(|| Self {
            step,
            connection: self.connection,
            unreadable: self.unreadable,
            imported,
            ..Self::new(self.from_desk)
        })
    }

    pub(super) fn keep(&mut self) -> Vec<Effect> {
        let (Some(keys), Some(connection)) = (self.keys.clone(), self.connection.clone()) else {
            return Vec::new();
        };
        self.step = Step::Keeping;
        vec![Effect::Keep {
            keys,
            connection: Box::new(connection),
            introduction: self.introduction().and_then(Result::ok).map(Box::new),
            makes_active: self.makes_active,
            replaces: self.replaces,
        }]
    }

    /// The keyring has written and read back, or has not.
    pub fn kept(&mut self, result: Result<(), NotKept>) -> Vec<Effect> {
        if !self.is_keeping() {
            return Vec::new();
        }
        match result {
            Ok(()) => {
                let source = self
                    .connection
                    .as_ref()
                    .map_or(Source::Session, |connection| connection.source.clone());
                self.use_keys(source)
            }
            Err(not_kept) => {
                self.step = Step::KeepFailed(not_kept);
                Vec::new()
            }
        }
    }

    /// Use the keys and keep them nowhere.
    pub fn session_only(&mut self) -> Vec<Effect> {
        self.use_keys(Source::Session)
    }

    fn use_keys(&mut self, source: Source) -> Vec<Effect> {
        let (Some(keys), Some(mut connection)) = (self.keys.clone(), self.connection.clone())
        else {
            return Vec::new();
        };
        connection.source = source;
        vec![Effect::Use {
            keys,
            connection: Box::new(connection),
        }]
    }
}
