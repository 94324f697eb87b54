//! The account that is connected, and the one rule by which another may take its place.
//!
//! Whatever waits here was begun or reviewed for this account: a check, a text that is held, a yes that waits
//! for a look. So no other account is connected while something waits, whichever way it comes: by the set-up,
//! for this session alone, by the list of profiles. New keys of the same account always may: how else would
//! something end whose keys were taken away. Should another one be connected all the same, what was meant for
//! this one does not leave by it: [`Order`](super::operations::Order) carries whose it is.

use crate::domain::sid::AccountSid;
use crate::domain::{Connection, HistoryRow, Operation, Phrase, Sender, phrase};

use super::check::Check;
use super::operations::Whose;
use super::{Effect, Model, compose};

/// Whom a text was reviewed for, and from whom it said that it comes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReviewedFor {
    whose: Whose,
    sender: Option<Sender>,
}

impl Model {
    /// What waits or is under way under the account that is connected, in a sentence: the first of it.
    pub fn waits_here(&self) -> Option<Phrase> {
        let unfinished = |check: &&Check| check.is_unfinished();
        match self.verify.checks.iter().filter(unfinished).count() {
            0 => {}
            1 => return Some(phrase!("One check is waiting.")),
            n => return Some(phrase!("{n} checks are waiting.", n = n)),
        }
        if matches!(self.compose.stage, compose::Stage::Held { .. }) {
            return Some(phrase!("A text is held back and has not left."));
        }
        if self.operations.any_unanswered() {
            return Some(phrase!("Something is still being sent."));
        }
        // Without an account nothing is looked up, and whichever comes may be the one.
        let looks = self.connection.is_some() && self.searches.any_promising(self.now);
        looks.then(|| phrase!("It is being looked up whether something went out."))
    }

    /// Why this account cannot be connected now; nothing where it can.
    pub(super) fn may_connect(&self, account: &AccountSid) -> Result<(), Phrase> {
        match &self.connection {
            Some(connection) if connection.account_sid != *account => {
                match self.waits_for(connection) {
                    Some(why) => Err(phrase!(
                        "{why} End it first, then connect another account. These keys are of another one.",
                        why = why
                    )),
                    None => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    /// What is said at once where another account shall be connected and something waits.
    pub(super) fn connects_only_this_one(&self) -> Option<Phrase> {
        let why = self.waits_for(self.connection.as_ref()?)?;
        Some(phrase!(
            "{why} Until it is over, only new keys of this same account are taken: Esc goes back to it.",
            why = why
        ))
    }

    /// What waits first of all, and whose it is.
    fn waits_for(&self, connection: &Connection) -> Option<Phrase> {
        let what = self.waits_here()?;
        Some(phrase!(
            "{what} It belongs to {account}, which is connected.",
            what = what,
            account = named(connection)
        ))
    }

    /// What the set-up orders goes its way, unless it would connect another account while something waits.
    pub(super) fn connect_by(&mut self, effects: Vec<Effect>) -> Vec<Effect> {
        let account = effects.iter().find_map(|effect| match effect {
            Effect::TryKeys { keys, .. } | Effect::Keep { keys, .. } | Effect::Use { keys, .. } => {
                Some(&keys.account_sid)
            }
            _ => None,
        });
        let why = account.and_then(|account| self.may_connect(account).err());
        match (why, &mut self.setup) {
            (Some(why), Some(setup)) => {
                // It is not Twilio that has refused them.
                setup.connection = None;
                setup.refuse(why)
            }
            _ => effects,
        }
    }

    /// Another account takes the place of this one: what is not known is looked up under this one alone.
    pub(super) fn left_unknown(&self) -> Option<Phrase> {
        let account = self.searches.account()?;
        let mut profiles = self.settings.profiles.iter();
        let profile = profiles.find(|profile| profile.sid == *account);
        Some(phrase!(
            "Not known yet whether something went, and it is not looked up here: connect {account} again (F8) to go on.",
            account = profile.map_or_else(|| account.short(), |profile| profile.account.visible())
        ))
    }

    /// Whom what is reviewed now is reviewed for.
    pub(super) fn reviews_for(&self) -> ReviewedFor {
        ReviewedFor {
            whose: self.operations.whose(),
            sender: self.sender().cloned(),
        }
    }

    /// Whose a check is, where that is known: it goes on under that account alone.
    pub(super) fn whose_check(&self, check: &Check) -> Option<Whose> {
        let op = check.last_send.or(check.last_operation)?;
        Some(Whose::of(&self.history.row(op)?.operation))
    }

    /// The account of an entry, where it is another one than the one that is connected.
    pub fn other_account_of(&self, rows: &[&HistoryRow]) -> Option<String> {
        let mut operations = rows.iter().map(|row| &row.operation);
        let theirs = operations.find(|operation| self.is_of_another_account(operation))?;
        theirs.account.as_ref().map(AccountSid::short)
    }

    /// Whose the marked entry of the history is, where nothing can be done about it under this account.
    pub fn marked_of_another(&self) -> Option<Phrase> {
        let rows: Vec<&HistoryRow> = self.history.shown().entry(self.history.selected).collect();
        let account = self.other_account_of(&rows)?;
        Some(phrase!(
            "This was done under {account}, and another account is connected. Connect that one (F8) to do anything about it.",
            account = account
        ))
    }

    /// It was done under another account than the one that is connected: nothing can be done about it there.
    pub fn is_of_another_account(&self, operation: &Operation) -> bool {
        let connected = self.connection.as_ref();
        let theirs = operation.account.as_ref();
        connected
            .zip(theirs)
            .is_some_and(|(connected, theirs)| connected.account_sid != *theirs)
    }
}

/// An account by its name, where the keys may read it.
fn named(connection: &Connection) -> String {
    let name = connection.account_name.as_ref();
    name.map_or_else(
        || connection.account_sid.short(),
        crate::domain::Untrusted::visible,
    )
}
