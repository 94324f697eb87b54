//! The one path of every operation: intend, call, settle.
//!
//! The desk and the one-shot commands drive this one machine, so that nothing can be
//! sent that is not on disk, and nothing on disk stays without an outcome. A reply is matched by its
//! operation's name; one that nobody waits for is dropped.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use jiff::tz::TimeZone;

use crate::domain::policy::{Circumstances, DayCap};
use crate::domain::sid::AccountSid;
use crate::domain::{
    Answer, Code, Failure, FailureKind, HistoryRow, Intent, OpId, OpState, Operation, Phrase,
    Policy, Reply, Settled, Ticket, Timestamp, Verification, phrase,
};

use super::effect::Effect;
use super::event::{Ask, Event};
use super::skews::Skews;

/// When the day of a moment began, by the clocks of a zone.
pub fn day_of(at: Timestamp, zone: &TimeZone) -> Timestamp {
    at.to_zoned(zone.clone())
        .start_of_day()
        .map_or(at, |start| start.timestamp())
}

/// All operations that are not settled yet.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Operations {
    session: u32,
    account: Option<AccountSid>,
    home: Option<String>,
    agent: Option<String>,
    skews: Skews,
    last: u32,
    open: BTreeMap<OpId, Stage>,
}

/// Whose something is: an account, and where its Twilio keeps it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Whose {
    account: Option<AccountSid>,
    home: Option<String>,
}

impl Whose {
    /// That of an operation.
    pub fn of(operation: &Operation) -> Self {
        Self {
            account: operation.account.clone(),
            home: operation.home.clone(),
        }
    }

    /// Its account, wherever it was done.
    pub fn in_account(operation: &Operation) -> Self {
        Self {
            home: None,
            ..Self::of(operation)
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Stage {
    Intending {
        operation: Operation,
        code: Option<Code>,
    },
    Calling {
        operation: Operation,
    },
    Settling {
        state: OpState,
    },
}

/// What is ordered: an intent and what belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// What.
    pub intent: Intent,
    /// The code of a check.
    pub code: Option<Code>,
    /// The ticket that it is for.
    pub ticket: Option<Ticket>,
    /// The text is one of the templates, with its blanks filled.
    pub from_template: bool,
    /// A person was asked what the lead wants to have asked before it, and said yes.
    pub yes: bool,
    /// A person was asked about this one, whose outcome is not known, and said yes to sending it once more.
    pub again_after: Option<OpId>,
    /// For whom it was begun or reviewed: it leaves by no other account. None where that is not known.
    pub whose: Option<Whose>,
}

impl Order {
    /// An intent by itself.
    pub fn of(intent: Intent) -> Self {
        Self {
            intent,
            code: None,
            ticket: None,
            from_template: false,
            yes: false,
            again_after: None,
            whose: None,
        }
    }
}

/// What has become of an operation, for whoever began it.
#[derive(Debug, Clone, PartialEq)]
pub enum Progress {
    /// It could not be written down, so it was not sent and leaves no trace.
    NotIntended(Failure),
    /// It is on disk and under way.
    Calling(Box<HistoryRow>),
    /// It has an outcome, which is being written down. The verification is Twilio's own answer.
    Outcome {
        /// What became of it.
        state: OpState,
        /// As Twilio holds it now.
        verification: Option<Box<Verification>>,
        /// What our clock is ahead of Twilio's, in seconds.
        skew_seconds: i64,
    },
    /// Its outcome is on disk.
    Written(Box<HistoryRow>),
    /// Its outcome could not be written down; the next start will look it up again.
    NotWritten {
        /// What became of it.
        state: OpState,
        /// Why it could not be written.
        failure: Failure,
    },
}

/// A lookup changes nothing at Twilio: whatever became of it, there is nothing to be found out.
fn of_failure(intent: &Intent, failure: Failure) -> OpState {
    match (intent, OpState::from_failure(failure)) {
        (Intent::LookUp { .. }, OpState::Unknown(failure)) => OpState::NotSent(failure),
        (_, state) => state,
    }
}

/// What gets onto the disk later than that is too late to be sent unasked: the program was stopped, or the
/// machine asleep.
const TIMELY: SignedDuration = SignedDuration::from_secs(30);

impl Operations {
    /// By the agent of this name from now on.
    pub fn act_as(&mut self, agent: Option<String>) {
        self.agent = agent;
    }

    /// For a run of the program, by the agent of this name.
    pub fn new(session: u32, agent: Option<String>) -> Self {
        Self {
            session,
            agent,
            skews: Skews::new(session),
            ..Self::default()
        }
    }

    /// From now on operations are for this account, at this place; whether they were for another one before.
    pub fn act_for(&mut self, account: AccountSid, home: Option<String>) -> bool {
        let account = self.account.replace(account);
        let home = std::mem::replace(&mut self.home, home);
        account.is_some() && (account != self.account || home != self.home)
    }

    /// For whom operations are from now on.
    pub fn whose(&self) -> Whose {
        Whose {
            account: self.account.clone(),
            home: self.home.clone(),
        }
    }

    /// It may leave by the account that is connected. What was noted before there was one is anybody's.
    fn is_for(&self, whose: &Whose) -> bool {
        let same_account = whose.account.is_none() || whose.account == self.account;
        same_account && (whose.home.is_none() || whose.home == self.home)
    }

    /// Whether an operation can be looked up under the account that is connected.
    pub fn is_ours(&self, operation: &Operation) -> bool {
        operation.is_of(self.account.as_ref(), self.home.as_deref())
    }

    /// Twilio answered, and told its time. To hear the same twice is to hear it once.
    pub fn hear(&mut self, result: &Result<Box<Answer>, Failure>, at: Timestamp) {
        if let Ok(answer) = result {
            self.skews.hear(answer.date, at);
        }
    }

    /// What the clocks of all runs were ahead of Twilio's, as far as this run knows.
    pub fn skews(&self) -> &Skews {
        &self.skews
    }

    /// Begins what was ordered, if the policy permits it; this is the one place where it is asked. Nothing
    /// is sent before it is on disk, and how much is too much for a day is counted there.
    pub fn begin(
        &mut self,
        order: Order,
        policy: &Policy,
        at: Timestamp,
        zone: &TimeZone,
    ) -> Result<(OpId, Effect), Phrase> {
        let Order {
            mut intent,
            code,
            ticket,
            from_template,
            yes,
            again_after,
            whose,
        } = order;
        if whose.is_some_and(|whose| !self.is_for(&whose)) {
            return Err(phrase!(
                "Nothing was sent: this was begun for another account than the one that is connected now. Connect that one (F8), or begin it anew."
            ));
        }
        let circumstances = Circumstances {
            now: at,
            ticket: ticket.as_ref().map(Ticket::as_str),
            from_template,
            yes,
        };
        policy.permits(&intent, &circumstances)?;
        let cap = policy.cap(&intent).map(|cap| DayCap {
            cap,
            since: day_of(at, zone),
        });
        self.last += 1;
        let id = OpId {
            session: self.session,
            seq: self.last,
        };
        if let Intent::VerifyStart(verification) = &mut intent {
            // Twilio's own log then tells whose send it was; a person is in neither.
            let tags = [
                ("ticket", ticket.as_ref().map(Ticket::as_str)),
                ("agent", self.agent.as_deref()),
            ];
            verification.tags = tags
                .into_iter()
                .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())))
                .collect();
        }
        let operation = Operation {
            id,
            intent,
            at,
            account: self.account.clone(),
            home: self.home.clone(),
            ticket,
            agent: self.agent.clone(),
            skew_seconds: self.skews.ours(),
        };
        self.open.insert(
            id,
            Stage::Intending {
                operation: operation.clone(),
                code,
            },
        );
        let effect = Effect::Intend {
            operation,
            again_after,
            cap,
        };
        Ok((id, effect))
    }

    /// What an event means for them; none where it means nothing.
    pub fn take(&mut self, event: Event, at: Timestamp) -> Option<(Progress, Option<Effect>)> {
        match event {
            Event::Intended { op, result } => self.intended(op, result, at),
            Event::Replied {
                ask: Ask::Operation(op),
                result,
            } => self.replied(op, result, at),
            Event::Settled { op, result } => {
                self.settled(op, result).map(|progress| (progress, None))
            }
            _ => None,
        }
    }

    /// It was written down, or was not.
    pub fn intended(
        &mut self,
        op: OpId,
        result: Result<Box<HistoryRow>, Failure>,
        at: Timestamp,
    ) -> Option<(Progress, Option<Effect>)> {
        let Some(Stage::Intending { operation, code }) = self.open.remove(&op) else {
            return None;
        };
        let row = match result {
            Ok(row) => row,
            Err(failure) => return Some((Progress::NotIntended(failure), None)),
        };
        let call = operation.intent.call(code)?;
        let late = at.duration_since(operation.at) > TIMELY;
        self.open.insert(op, Stage::Calling { operation });
        if late {
            return self.replied(op, Err(Failure::overslept()), at);
        }
        Some((
            Progress::Calling(row),
            Some(Effect::Call {
                ask: Ask::Operation(op),
                call,
            }),
        ))
    }

    /// Twilio answered, or did not.
    pub fn replied(
        &mut self,
        op: OpId,
        result: Result<Box<Answer>, Failure>,
        at: Timestamp,
    ) -> Option<(Progress, Option<Effect>)> {
        let Some(Stage::Calling { operation }) = self.open.remove(&op) else {
            return None;
        };
        self.hear(&result, at);
        let skew_seconds = self.skews.now().as_secs();
        let mut verification = None;
        let state = match result.map(|answer| answer.reply) {
            Ok(Reply::Message(message)) => OpState::Settled(Settled::text(&message)),
            Ok(Reply::Verification(found)) => {
                let settled = Settled::verification(&found, skew_seconds);
                verification = Some(Box::new(found));
                OpState::Settled(settled)
            }
            Ok(Reply::Lookup(lookup)) => OpState::Settled(Settled::lookup(&lookup)),
            Ok(_) => OpState::Unknown(Failure::new(
                FailureKind::OutcomeUnknown,
                "Twilio's answer was not one to this question.",
            )),
            Err(failure) => of_failure(&operation.intent, failure),
        };
        debug_assert!(
            OpState::Intended.may_become(&state),
            "{} has no outcome",
            operation.id
        );
        self.open.insert(
            op,
            Stage::Settling {
                state: state.clone(),
            },
        );
        let effect = Effect::Settle {
            op,
            state: state.clone(),
        };
        Some((
            Progress::Outcome {
                state,
                verification,
                skew_seconds,
            },
            Some(effect),
        ))
    }

    /// Its outcome was written down, or was not.
    pub fn settled(
        &mut self,
        op: OpId,
        result: Result<Box<HistoryRow>, Failure>,
    ) -> Option<Progress> {
        let Some(Stage::Settling { state }) = self.open.remove(&op) else {
            return None;
        };
        Some(match result {
            Ok(row) => Progress::Written(row),
            Err(failure) => Progress::NotWritten { state, failure },
        })
    }

    /// This one is under way here.
    pub fn is_open(&self, op: OpId) -> bool {
        self.open.contains_key(&op)
    }

    /// Something is under way.
    pub fn any_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// Something is not answered yet: leaving now would leave it to be looked up. What is answered is
    /// written down also when the program ends, which waits for that.
    pub fn any_unanswered(&self) -> bool {
        let mut stages = self.open.values();
        stages.any(|stage| !matches!(stage, Stage::Settling { .. }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{NewMessage, PhoneNumber, Sender};

    #[test]
    fn only_what_was_done_under_this_account_and_in_this_region_is_looked_up() {
        let account =
            |digit: &str| -> AccountSid { format!("AC{}", digit.repeat(32)).parse().unwrap() };
        let mut operations = Operations::new(1, None);
        assert!(!operations.act_for(account("1"), Some("us1".to_owned())));
        for (whose, home, ours) in [
            (Some("1"), Some("us1"), true),
            (Some("1"), Some("ie1"), false),
            (Some("2"), Some("us1"), false),
            // From before it was noted.
            (Some("1"), None, true),
            (None, None, true),
        ] {
            let operation = Operation {
                id: OpId { session: 1, seq: 1 },
                intent: Intent::LookUp {
                    number: PhoneNumber::from_e164("+14155550123").unwrap(),
                    line_type: false,
                },
                at: Timestamp::UNIX_EPOCH,
                account: whose.map(account),
                home: home.map(str::to_owned),
                ticket: None,
                agent: None,
                skew_seconds: None,
            };
            assert_eq!(operations.is_ours(&operation), ours, "{whose:?} {home:?}");
        }
        assert!(!operations.act_for(account("1"), Some("us1".to_owned())));
        assert!(operations.act_for(account("1"), Some("ie1".to_owned())));
        assert!(operations.act_for(account("2"), Some("ie1".to_owned())));
    }

    #[test]
    fn what_was_written_down_is_sent_now_or_not_at_all() {
        for (seconds, sent) in [(0, true), (30, true), (31, false), (36_000, false)] {
            let at = Timestamp::from_second(1_800_000_000).unwrap();
            let later = at + SignedDuration::from_secs(seconds);
            let to = PhoneNumber::from_e164("+14155550123").unwrap();
            let text = NewMessage::new(to, Sender::Name("Acme".to_owned()), "hello");
            let order = Order::of(Intent::Text(text));
            let mut operations = Operations::new(1, None);
            let begun = operations.begin(order, &Policy::default(), at, &TimeZone::UTC);
            let (op, effect) = begun.unwrap();
            let Effect::Intend { operation, .. } = effect else {
                panic!("{effect:?}")
            };
            let row = HistoryRow {
                row: 1,
                operation,
                state: OpState::Intended,
                updated_at: at,
                audit: None,
            };
            match operations.intended(op, Ok(Box::new(row)), later) {
                Some((Progress::Calling(_), Some(Effect::Call { .. }))) => assert!(sent),
                Some((
                    Progress::Outcome { .. },
                    Some(Effect::Settle {
                        state: OpState::NotSent(failure),
                        ..
                    }),
                )) => assert!(!sent && failure.kind == FailureKind::NotSent),
                step => panic!("{step:?}"),
            }
        }
    }
}
