//! What is odd about a text under review: said in a sentence each, and overruled by a `y`.
//!
//! Nothing here forbids anything. Who knows the customer decides; the desk only sees to it that nothing
//! odd goes out by a habit of the fingers.

use jiff::SignedDuration;
use jiff::civil::Time;

use crate::domain::place::Place;
use crate::domain::policy::{Capped, Hour, Quiet, QuietHours, takes_a_place};
use crate::domain::template::lookalike;
use crate::domain::{
    HistoryRow, Intent, MessageStatus, OpId, OpState, PhoneNumber, Phrase, Recipient, Settled,
    phrase,
};

use super::super::Model;
use super::super::recipient::Reading;
use super::super::trial::Limit;

/// The same text to the same number is odd for this long.
const SAME_TEXT: SignedDuration = SignedDuration::from_mins(15);
/// When nobody wants a text, by the customer's clock, where the lead has not said otherwise.
const QUIET: QuietHours = QuietHours {
    from: Time::constant(21, 0, 0, 0),
    to: Time::constant(8, 0, 0, 0),
    then: Quiet::Caution,
};

impl Model {
    /// What is odd about the text as it stands.
    pub(in crate::model) fn cautions(&self) -> Vec<Phrase> {
        let Some(number) = self.compose.number() else {
            return Vec::new();
        };
        [
            self.cannot_wait(),
            self.compose.overslept.then(|| {
                phrase!("This computer stood still while the text was held, so it did not leave. Send it now?")
            }),
            self.compose.written_for_another(number),
            self.unaccepted.then(|| {
                phrase!("Something of the history is lost, so this text may have gone out already: look in Twilio's console. Send all the same?")
            }),
            self.may_have_been_this(),
            self.doubtful(),
            self.compose.reading.oddity(false),
            lookalike(self.compose.body.text()).map(|blank| {
                phrase!("{blank} looks like a blank that nobody has filled in. Send all the same?", blank = blank)
            }),
            self.unverified(number),
            self.opted_out(number),
            self.lost_elsewhere()
                .and_then(|row| self.asks_about_elsewhere(row))
                .or_else(|| self.asks_about_lost())
                .or_else(|| self.same_text_again(number)),
            self.quiet_hours(number),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// Something of which nobody can read whom it was for may have been this very text.
    fn may_have_been_this(&self) -> Option<Phrase> {
        let body = self.compose.body.text();
        let rows = &self.history.look_back.as_ref()?.to_nobody_knows;
        let one = rows.iter().find(|row| {
            matches!(&row.operation.intent, Intent::Unreadable(left) if left.may_have_said(body))
        })?;
        Some(phrase!(
            "Operation {op} cannot be read any more and may have been this text: look in Twilio's console, and delete its entry once you know. Send all the same?",
            op = one.operation.id.to_string()
        ))
    }

    fn doubtful(&self) -> Option<Phrase> {
        let doubtful = matches!(self.compose.reading, Reading::Phone { doubtful: true, .. });
        doubtful.then(|| {
            phrase!("This number has the right length, but is not known to be in use. Send all the same?")
        })
    }

    /// Twilio may refuse whoever was not verified in the Console.
    fn unverified(&self, number: &PhoneNumber) -> Option<Phrase> {
        let limit = self.limit_for(&Recipient::Phone(number.clone()))?;
        Some(match limit {
            Limit::Trial => phrase!(
                "A trial account reaches only numbers that were verified in the Twilio Console, and nothing has gone to this one yet. Send all the same?"
            ),
            Limit::Refused => phrase!(
                "Twilio has refused a number that was not verified in its Console, and nothing has gone to this one yet. Send all the same?"
            ),
        })
    }

    /// Twilio refuses what goes to somebody who wrote STOP, until they write START.
    fn opted_out(&self, number: &PhoneNumber) -> Option<Phrase> {
        let sent = self
            .texts_to(number)
            .find_map(|row| Some((row.operation.at, opted_out(row)?)));
        let said = self.thread.opt_word(number);
        let last = [sent, said].into_iter().flatten().max_by_key(|(at, _)| *at);
        matches!(last, Some((_, true))).then(|| {
            phrase!("This customer has opted out of your texts, so Twilio will most likely refuse this one. Ask them to text START to your number, or use another way. Send all the same?")
        })
    }

    /// The text of the same words that went to the same number last, as far as that is known. It says nothing of
    /// when that was: another window may have another clock.
    pub(in crate::model) fn same_text(&self) -> Option<OpId> {
        let same = self.of_the_same_words(self.compose.number()?).next()?;
        Some(same.operation.id)
    }

    fn of_the_same_words<'a>(
        &'a self,
        number: &'a PhoneNumber,
    ) -> impl Iterator<Item = &'a HistoryRow> {
        let body = self.compose.body.text();
        self.texts_to(number).filter(move |row| {
            let is_out = !matches!(row.state, OpState::NotSent(_) | OpState::Refused(_));
            is_out && matches!(&row.operation.intent, Intent::Text(text) if text.body.raw() == body)
        })
    }

    fn sent_before<'a>(&'a self, number: &'a PhoneNumber) -> Option<&'a HistoryRow> {
        self.of_the_same_words(number)
            .find(|row| self.age(row) < SAME_TEXT && !was_withdrawn(row))
    }

    /// How long ago something was asked for: each window has a clock of its own, so they are set by Twilio's.
    fn age(&self, row: &HistoryRow) -> SignedDuration {
        let skews = self.operations.skews();
        (self.now - skews.now()).duration_since(skews.asked_at(&row.operation))
    }

    fn same_text_again(&self, number: &PhoneNumber) -> Option<Phrase> {
        let same = self.sent_before(number)?;
        let minutes = self.age(same).as_mins();
        Some(match minutes {
            ..1 => phrase!(
                "You sent this same text to this number less than a minute ago. Send it again?"
            ),
            1 => phrase!("You sent this same text to this number a minute ago. Send it again?"),
            n => phrase!(
                "You sent this same text to this number {n} minutes ago. Send it again?",
                n = n
            ),
        })
    }

    fn quiet_hours(&self, number: &PhoneNumber) -> Option<Phrase> {
        let leaves = self.leaves_at();
        if self.policy.quiet_hours.is_some() {
            return match self.policy.hour(number, leaves) {
                Ok(Hour::Caution(why)) => Some(phrase!(
                    "{why} s sends it later. Send it all the same?",
                    why = why
                )),
                Ok(Hour::Fine) | Err(_) => None,
            };
        }
        let there = Place::of(number)?.local_time(leaves)?;
        let time = there.strftime("%H:%M").to_string();
        QUIET.contain(there.time()).then(|| {
            if leaves > self.now {
                phrase!(
                    "It will be about {time} where this number is at home. s sends it at another time. Send it all the same?",
                    time = time
                )
            } else {
                phrase!(
                    "It is about {time} where this number is at home. s sends it later. Send it all the same?",
                    time = time
                )
            }
        })
    }

    /// The lead's hours keep the text from leaving at its time.
    pub fn forbidden_at_this_hour(&self) -> Option<Phrase> {
        let leaves = self.leaves_at();
        self.policy.hour(self.compose.number()?, leaves).err()
    }

    /// The lead keeps the text under review from leaving, whatever time is chosen for it.
    pub fn forbidden_today(&self) -> Option<Phrase> {
        self.forbidden_now().or_else(|| self.used_up_today())
    }

    /// The lead keeps the text under review from leaving.
    pub fn forbidden(&self) -> Option<Phrase> {
        self.forbidden_today()
            .or_else(|| self.forbidden_at_this_hour())
    }

    /// What the lead allows on a day has been sent, as far as the rows tell that were read: all of them are
    /// counted where the next one is written down.
    fn used_up_today(&self) -> Option<Phrase> {
        let cap = self.policy.cap_on(Capped::Texts)?;
        let day = self.day_of_counts();
        let rows = self.history.rows().iter();
        let sent = rows.filter(|row| {
            takes_a_place(row, day) && self.policy.cap(&row.operation.intent) == Some(cap)
        });
        let sent = u32::try_from(sent.count()).unwrap_or(u32::MAX);
        cap.another(sent).err()
    }

    /// The lead wants to have it asked whether the text may leave at its time.
    pub(super) fn hour_needs_a_yes(&self) -> bool {
        let leaves = self.leaves_at();
        let number = self.compose.number();
        let hour = number.map(|number| self.policy.hour(number, leaves));
        matches!(hour, Some(Ok(Hour::Caution(_))))
    }

    /// What went to a number, newest first, as far as it was read or looked up.
    pub fn texts_to<'a>(&'a self, number: &'a PhoneNumber) -> impl Iterator<Item = &'a HistoryRow> {
        let to = Recipient::Phone(number.clone());
        let older = self
            .history
            .known_of(&to)
            .into_iter()
            .flat_map(|back| &back.texts)
            .filter(|row| self.history.row(row.operation.id).is_none());
        let to_them = move |row: &&HistoryRow| matches!(&row.operation.intent, Intent::Text(text) if text.to == *number);
        self.history.rows().iter().filter(to_them).chain(older)
    }
}

/// It never left.
fn was_withdrawn(row: &HistoryRow) -> bool {
    let OpState::Settled(Settled::Text { status, .. }) = &row.state else {
        return false;
    };
    *status == MessageStatus::Canceled
}

/// What a text tells of an opt-out: refused for it, or taken in spite of an older one.
fn opted_out(row: &HistoryRow) -> Option<bool> {
    match &row.state {
        OpState::Refused(failure) => (failure.code == Some(21610)).then_some(true),
        OpState::Settled(Settled::Text {
            error_code: Some(30630),
            ..
        }) => Some(true),
        OpState::Settled(_) => Some(false),
        OpState::Intended | OpState::NotSent(_) | OpState::Unknown(_) => None,
    }
}
