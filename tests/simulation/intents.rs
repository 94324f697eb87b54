//! What people ask for, and how often it may be at Twilio because of that.
//!
//! The rule goes by words, not by operations: of one text to one number Twilio may hold as many as people
//! have asked for who knew what they did. Somebody knows who asks while no text with these words is open,
//! whichever program began it, and who says yes to sending it once more.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::SignedDuration;
use tuilio::domain::{Intent, OpId, Operation, Recipient, Timestamp};

use crate::ledger::{Ledger, Row};

/// A text of another machine may be taken for a lost one that was sent within this time before it, or
/// after it: clocks may differ, and a request may take as long to arrive.
const BEFORE: SignedDuration = SignedDuration::from_secs(100);
const AFTER: SignedDuration = SignedDuration::from_secs(220);

/// To whom, and what.
pub type Words = (String, String);

/// What truly became of an operation.
#[derive(Debug, Clone, Default)]
pub struct Truth {
    /// What it is: kind, recipient, text.
    pub content: String,
    /// Of a text.
    pub words: Option<Words>,
    /// Of whom.
    pub to: Option<Recipient>,
    /// When it was asked for, by the world's clock.
    pub at: Timestamp,
    /// Requests that left for it and were not refused since.
    pub open_posts: u32,
    /// Any request left for it.
    pub left: bool,
    /// Everything that Twilio stored because of it: texts and sends of codes.
    pub stored: Vec<String>,
    /// A person said yes to it.
    pub yes: bool,
    /// A person was asked whether the same is to be sent once more, and said yes.
    pub again: bool,
    /// A text with the same words that was open when this one was to be written down.
    pub beside: Option<OpId>,
    /// How long the machine had slept when it was told last to wait (429).
    pub told_to_wait: Option<Duration>,
}

impl Truth {
    /// Whoever asked for it knew that there would be one more.
    fn is_known_of(&self) -> bool {
        self.again || self.beside.is_none()
    }
}

/// A text that another machine sent, which no history of ours knows.
pub struct Elsewhere {
    pub words: Words,
    pub at: Timestamp,
}

/// What an intent is, in words.
pub fn content(intent: &Intent) -> String {
    match intent {
        Intent::Text(text) => format!("text to {} {:?}", text.to.e164(), text.body.raw()),
        Intent::VerifyStart(start) => {
            format!("code by {} to {:?}", start.channel.as_str(), start.to)
        }
        Intent::VerifyCheck { .. } => "check".to_owned(),
        Intent::VerifyCancel { .. } => "stop".to_owned(),
        Intent::LookUp { .. } => "lookup".to_owned(),
        Intent::Unreadable(_) => "not readable".to_owned(),
    }
}

impl Ledger {
    /// Somebody orders that an operation be written down; what it is, in words.
    pub fn ordered(
        &mut self,
        operation: &Operation,
        again_after: Option<OpId>,
        yes: bool,
        now: Timestamp,
    ) -> String {
        let content = content(&operation.intent);
        let words = match &operation.intent {
            Intent::Text(text) => Some((text.to.e164().to_owned(), text.body.raw().to_owned())),
            _ => None,
        };
        if let Some(first) = again_after
            && self.truths.get(&first).map(|truth| &truth.content) != Some(&content)
        {
            self.broken(
                "a second send is the one that was asked about",
                format!("{content} after {first}"),
            );
        }
        let rows = self.on_disk();
        let beside = words.as_ref().and_then(|words| {
            let same = |op: &OpId| {
                let truth = self.truths.get(op);
                truth.is_some_and(|truth| truth.words.as_ref() == Some(words))
            };
            let open = rows.iter().filter(|(_, row)| !row.is_settled());
            open.map(|(op, _)| *op).find(same)
        });
        let truth = Truth {
            content: content.clone(),
            words,
            to: operation.intent.to(),
            at: now,
            yes,
            again: again_after.is_some(),
            beside,
            ..Truth::default()
        };
        self.truths.insert(operation.id, truth);
        content
    }

    /// A request of a text leaves.
    pub fn text_leaves(&mut self, op: OpId) {
        let truth = &self.truths[&op];
        if let Some(first) = truth.beside
            && !truth.is_known_of()
        {
            let what = format!("{op} ({}) leaves while {first} is open", truth.content);
            self.broken("no text leaves beside its open twin without a yes", what);
        }
    }

    /// A text has arrived.
    pub fn text_is_there(&mut self, op: OpId) {
        let words = &self.truths[&op].words;
        let same = || self.truths.values().filter(|truth| truth.words == *words);
        let there: usize = same().map(|truth| truth.stored.len()).sum();
        let asked_for = same()
            .filter(|truth| truth.left && truth.is_known_of())
            .count();
        if there > asked_for {
            let what = format!(
                "{} is there {there} times, and was asked for {asked_for} times",
                self.truths[&op].content
            );
            self.broken("Twilio holds no text more often than people know of", what);
        }
    }

    /// Another machine has sent a text that can be taken for this one.
    pub fn may_be_from_elsewhere(&self, truth: &Truth) -> bool {
        self.elsewhere.iter().any(|other| {
            truth.words.as_ref() == Some(&other.words)
                && other.at >= truth.at - BEFORE
                && other.at <= truth.at + AFTER
        })
    }

    /// The one whose text this row has got is like it, and has itself got a text of another machine.
    pub fn has_given_way(&self, row: &Row, truth: &Truth, rows: &BTreeMap<OpId, Row>) -> bool {
        let owner = row.sid.as_ref().and_then(|sid| self.owners.get(sid));
        let Some((theirs, got)) = owner.and_then(|op| Some((self.truths.get(op)?, rows.get(op)?)))
        else {
            return false;
        };
        let is_nobodys = |sid: &String| !self.owners.contains_key(sid);
        theirs.content == truth.content
            && got.sid.as_ref().is_some_and(is_nobodys)
            && self.may_be_from_elsewhere(theirs)
    }

    /// Two that nobody can tell apart, by their content, may stand for each other: not more than there are.
    pub fn another_like(
        &self,
        op: OpId,
        truth: &Truth,
        rows: &BTreeMap<OpId, Row>,
        settled: bool,
    ) -> bool {
        rows.iter().any(|(other, row)| {
            let theirs = self.truths.get(other);
            *other != op
                && (row.state == "settled") == settled
                && theirs.is_some_and(|theirs| {
                    theirs.content == truth.content && theirs.stored.is_empty() == settled
                })
        })
    }
}
