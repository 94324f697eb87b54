//! One check of one phone: from the send of its code to the approval, or to another end.
//!
//! A small machine. It knows no keys and no screen: it is told what the agent wants and what Twilio
//! answered, and says what is to be begun. The digits that are typed live here and nowhere else, and go
//! when the check of the code begins.

use jiff::SignedDuration;

use crate::domain::connection::NamedService;
use crate::domain::operation::Delivery;
use crate::domain::sid::VerificationSid;
use crate::domain::verification::{MAX_CHECKS, MAX_SENDS, NewVerification};
use crate::domain::{
    Code, Failure, FailureKind, HistoryRow, Intent, Language, OpId, OpState, Recipient, Settled,
    Ticket, Timestamp, Verification, VerificationChannel, VerificationKey, VerificationStatus,
};

use super::operations::Progress;
pub use super::stage::{Digits, Ending, Stage, What};
use super::verify::Verdict;

/// The pause between the last digit and the check of the code, in which Backspace still helps.
const SETTLE: SignedDuration = SignedDuration::from_millis(400);
/// How long an approval stays on screen.
const APPROVED_STAYS: SignedDuration = SignedDuration::from_secs(60);
/// Seconds to wait before the second, third, … send of a code.
const LADDER: [i64; 5] = [30, 40, 60, 90, 120];
/// Error codes of Twilio's that end a check or a send of a code (Verify error dictionary).
const CHECKS_USED_UP: u32 = 60202;

/// A check.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// Whose phone.
    pub to: Recipient,
    /// What is pressed after a call is answered: an extension behind a switchboard.
    pub extension: Option<String>,
    /// The request that it belongs to, in the agent's own system.
    pub ticket: Option<Ticket>,
    /// The language of the customer, in which the code is sent; none where nobody knows it.
    pub language: Option<Language>,
    /// Whether it is the number in the customer record, where that was compared.
    pub on_file: Option<Verdict>,
    /// Under which service.
    pub service: NamedService,
    /// The way that is used: the last one by which a code went out, or the one that is being tried.
    pub channel: VerificationChannel,
    /// The last way by which a code went out.
    pub reached_by: Option<VerificationChannel>,
    /// Where it stands.
    pub stage: Stage,
    /// What has been typed of the code.
    pub digits: Digits,
    /// Twilio's name for it, once it has one.
    pub sid: Option<VerificationSid>,
    /// How many times the code was sent.
    pub sends: u32,
    /// How many wrong codes this desk has tried.
    pub wrong: u32,
    /// When the first code was sent from here.
    pub started_at: Timestamp,
    /// When the last code was sent.
    pub sent_at: Option<Timestamp>,
    /// Since when its approval is on screen.
    pub seen_at: Option<Timestamp>,
    /// When the last wrong code was tried.
    pub wrong_at: Option<Timestamp>,
    /// Until when the code is good.
    pub expires_at: Option<Timestamp>,
    /// The operation that was begun last.
    pub last_operation: Option<OpId>,
    /// The operation that sent the code last.
    pub last_send: Option<OpId>,
    /// Whether the last code arrived, once Twilio has said so, and since when we know.
    pub delivery: Option<(Delivery, Timestamp)>,
    /// Why the last thing that was tried did not work, while the check itself goes on.
    pub trouble: Option<Failure>,
    /// The answer to the last code was lost and nobody can tell whether it arrived: it is typed again.
    pub unheard: bool,
    /// How many codes may have been counted by Twilio although no answer came.
    pub unheard_tries: u32,
    /// Twilio asked us to wait until then; what is under way goes on by itself.
    pub delayed_until: Option<Timestamp>,
}

/// Something that the check wants begun.
pub type Wanted = (Intent, Option<Code>);

impl Check {
    /// A check whose first code is about to be sent.
    pub fn new(
        to: Recipient,
        service: NamedService,
        channel: VerificationChannel,
        op: OpId,
        now: Timestamp,
    ) -> Self {
        Self {
            to,
            extension: None,
            ticket: None,
            on_file: None,
            language: None,
            service,
            channel,
            reached_by: None,
            stage: Stage::Sending { op, since: now },
            digits: Digits::default(),
            sid: None,
            sends: 0,
            wrong: 0,
            started_at: now,
            sent_at: None,
            seen_at: None,
            wrong_at: None,
            expires_at: None,
            last_operation: Some(op),
            last_send: Some(op),
            delivery: None,
            trouble: None,
            unheard: false,
            unheard_tries: 0,
            delayed_until: None,
        }
    }

    /// A check that an earlier run of the program began, from its rows, oldest first.
    pub fn from_rows(service: &NamedService, rows: &[&HistoryRow]) -> Option<Self> {
        let start = rows
            .iter()
            .rev()
            .find(|row| matches!(row.operation.intent, Intent::VerifyStart(_)))?;
        let Intent::VerifyStart(NewVerification {
            to,
            channel,
            send_digits,
            locale,
            ..
        }) = &start.operation.intent
        else {
            return None;
        };
        let mut check = Self::new(
            to.clone(),
            service.clone(),
            channel.clone(),
            start.operation.id,
            rows[0].operation.at,
        );
        check.stage = match &start.state {
            OpState::Settled(_) => Stage::Waiting,
            OpState::Unknown(_) => Stage::Unknown {
                op: start.operation.id,
                what: What::Send,
                since: start.updated_at,
            },
            _ => return None,
        };
        check.sent_at = Some(start.operation.at);
        check.extension.clone_from(send_digits);
        check.ticket.clone_from(&start.operation.ticket);
        check.language = locale.as_deref().and_then(Language::from_tag);
        check.reached_by = Some(channel.clone());
        for row in rows {
            if let OpState::Settled(Settled::Verification {
                sid,
                sends,
                expires_at,
                delivery,
                status,
                ..
            }) = &row.state
            {
                check.sid = Some(sid.clone());
                check.sends = check.sends.max(sends.unwrap_or(0));
                check.expires_at = expires_at.or(check.expires_at);
                match row.operation.intent {
                    Intent::VerifyStart(_) => {
                        check.delivery =
                            delivery.clone().map(|delivery| (delivery, row.updated_at));
                    }
                    Intent::VerifyCheck { .. } if status.is_open() => check.wrong += 1,
                    _ => {}
                }
            }
        }
        (check.tries_left() > 0).then_some(check)
    }

    /// A code may be typed.
    pub fn is_open(&self) -> bool {
        matches!(
            self.stage,
            Stage::Waiting | Stage::Settling { .. } | Stage::Checking { .. }
        )
    }

    /// It still needs somebody: leaving it is worth a question.
    pub fn is_unfinished(&self) -> bool {
        !matches!(self.stage, Stage::Approved { .. } | Stage::Ended(_))
    }

    /// Tries that are left, as far as this desk has counted.
    pub fn tries_left(&self) -> u32 {
        MAX_CHECKS.saturating_sub(self.wrong)
    }

    /// Sends that are left.
    pub fn sends_left(&self) -> u32 {
        MAX_SENDS.saturating_sub(self.sends)
    }

    /// When the code may be sent again.
    pub fn next_send_at(&self) -> Option<Timestamp> {
        let rung = usize::try_from(self.sends.max(1) - 1)
            .unwrap_or(0)
            .min(LADDER.len() - 1);
        Some(self.sent_at? + SignedDuration::from_secs(LADDER[rung]))
    }

    /// How long until the code may be sent again; none when it may.
    pub fn send_wait(&self, now: Timestamp) -> Option<SignedDuration> {
        self.next_send_at()
            .map(|at| now.duration_until(at))
            .filter(SignedDuration::is_positive)
    }

    /// A digit is typed. The last one starts the pause before the check.
    pub fn digit(&mut self, digit: char, now: Timestamp) {
        if self.digits.0.len() < self.length() && matches!(self.stage, Stage::Waiting) {
            self.digits.0.push(digit);
            if self.digits.0.len() == self.length() {
                self.stage = Stage::Settling {
                    until: now + SETTLE,
                };
            }
        }
    }

    /// A whole code is pasted.
    pub fn paste(&mut self, code: &Code, now: Timestamp) {
        if matches!(self.stage, Stage::Waiting | Stage::Settling { .. }) {
            self.digits = Digits(code.expose().to_owned());
            self.stage = Stage::Settling {
                until: now + SETTLE,
            };
        }
    }

    /// A digit is taken back, also during the pause.
    pub fn backspace(&mut self) {
        if matches!(self.stage, Stage::Waiting | Stage::Settling { .. }) {
            self.digits.0.pop();
            self.stage = Stage::Waiting;
        }
    }

    /// The pause is over, or is cut short: what is to be checked.
    pub fn take_code(&mut self) -> Option<Wanted> {
        let code = Code::parse(&self.digits.0).ok()?;
        if !matches!(self.stage, Stage::Waiting | Stage::Settling { .. })
            || self.digits.0.len() < self.length()
        {
            return None;
        }
        self.digits = Digits::default();
        Some((
            Intent::VerifyCheck {
                service: self.service.sid.clone(),
                key: self.key(),
                to: Some(self.to.clone()),
            },
            Some(code),
        ))
    }

    /// The same code once more, by this way.
    pub fn send_by(&self, channel: VerificationChannel) -> Wanted {
        (
            Intent::VerifyStart(NewVerification {
                // Without it a switchboard would hear the code.
                send_digits: self
                    .extension
                    .clone()
                    .filter(|_| channel == VerificationChannel::Call),
                locale: self.language.map(|language| language.tag().to_owned()),
                ..NewVerification::new(self.service.sid.clone(), self.to.clone(), channel)
            }),
            None,
        )
    }

    /// The end of it, at Twilio.
    pub fn stop(&self) -> Wanted {
        (
            Intent::VerifyCancel {
                service: self.service.sid.clone(),
                key: self.key(),
                to: Some(self.to.clone()),
            },
            None,
        )
    }

    /// The end of it, where there is something at Twilio to end: also after five wrong codes, so that a new
    /// one can be sent.
    pub fn stoppable(&self) -> Option<Wanted> {
        let ended = matches!(&self.stage, Stage::Ended(ending) if *ending != Ending::UsedUp);
        (!ended && !matches!(self.stage, Stage::Approved { .. })).then(|| self.stop())
    }

    /// What was wanted has begun under this name.
    pub fn begun(&mut self, intent: &Intent, op: OpId, now: Timestamp) {
        self.trouble = None;
        self.unheard = false;
        // What was typed of a code belongs to before; it must neither be sent later nor fill the box.
        self.digits = Digits::default();
        self.last_operation = Some(op);
        match intent {
            Intent::VerifyStart(verification) => {
                self.channel = verification.channel.clone();
                self.last_send = Some(op);
                self.delivery = None;
                self.stage = Stage::Sending { op, since: now };
            }
            Intent::VerifyCheck { .. } => self.stage = Stage::Checking { op, since: now },
            Intent::VerifyCancel { .. } => self.stage = Stage::Stopping { op },
            Intent::Text(_) | Intent::LookUp { .. } => {}
        }
    }

    /// The operation that is under way, and what it is for.
    pub fn under_way(&self) -> Option<(OpId, What)> {
        match self.stage {
            Stage::Sending { op, .. } => Some((op, What::Send)),
            Stage::Checking { op, .. } => Some((op, What::Check)),
            Stage::Stopping { op } => Some((op, What::Stop)),
            Stage::Unknown { op, what, .. } => Some((op, what)),
            _ => None,
        }
    }

    /// What was begun has come further.
    pub fn progress(&mut self, op: OpId, progress: &Progress, now: Timestamp) {
        let Some((_, what)) = self.under_way().filter(|(under_way, _)| *under_way == op) else {
            return;
        };
        match progress {
            Progress::NotIntended(failure) => self.failed(what, failure.clone(), now),
            Progress::Outcome {
                state,
                verification,
                skew_seconds,
            } => {
                self.delayed_until = None;
                if let Some(verification) = verification {
                    self.take_counters(verification, *skew_seconds);
                }
                self.outcome(op, what, state, now);
            }
            Progress::Calling(_) | Progress::Written(_) | Progress::NotWritten { .. } => {}
        }
    }

    /// The history has news of an operation of this check: found again, or delivered.
    pub fn row_changed(&mut self, row: &HistoryRow, now: Timestamp) {
        let op = row.operation.id;
        if self.last_send == Some(op)
            && let OpState::Settled(Settled::Verification {
                delivery: Some(delivery),
                ..
            }) = &row.state
            && self
                .delivery
                .as_ref()
                .is_none_or(|(known, _)| known != delivery)
        {
            self.delivery = Some((delivery.clone(), now));
        }
        if let Stage::Unknown {
            op: unknown, what, ..
        } = self.stage
            && unknown == op
            && !matches!(row.state, OpState::Unknown(_))
        {
            if let OpState::Settled(Settled::Verification {
                sid,
                sends,
                expires_at,
                ..
            }) = &row.state
            {
                self.sid = Some(sid.clone());
                self.sends = sends.unwrap_or(self.sends);
                self.expires_at = expires_at.or(self.expires_at);
            }
            // Still pending: the code did not arrive, or was wrong. To call it wrong could be a lie.
            if what == What::Check
                && let OpState::Settled(Settled::Verification { status, .. }) = &row.state
                && status.is_open()
            {
                self.unheard = true;
                self.unheard_tries += 1;
                self.stage = Stage::Waiting;
                return;
            }
            self.outcome(op, what, &row.state, now);
        }
    }

    /// Time went on.
    pub fn woke(&mut self, now: Timestamp) -> Option<Wanted> {
        if self.expires_at.is_some_and(|at| now >= at)
            && matches!(self.stage, Stage::Waiting | Stage::Settling { .. })
        {
            self.digits = Digits::default();
            self.stage = Stage::Ended(Ending::Expired);
        }
        match self.stage {
            Stage::Settling { until } if now >= until => self.take_code(),
            _ => None,
        }
    }

    /// When time has to be told to it next, whether it is on screen or not.
    pub fn deadline(&self) -> Option<Timestamp> {
        match self.stage {
            Stage::Settling { until } => Some(until),
            Stage::Waiting => self.expires_at,
            _ => None,
        }
    }

    /// It is on screen. An approval counts from here, since it may have come while another one was.
    pub fn seen(&mut self, now: Timestamp) {
        if matches!(self.stage, Stage::Approved { .. }) {
            self.seen_at.get_or_insert(now);
        }
    }

    /// Until when an approval stays on screen.
    pub fn clears_at(&self) -> Option<Timestamp> {
        match self.stage {
            Stage::Approved { .. } => Some(self.seen_at? + APPROVED_STAYS),
            _ => None,
        }
    }

    /// Digits in a code of this service.
    pub fn length(&self) -> usize {
        usize::try_from(self.service.code_length).unwrap_or(6)
    }

    fn key(&self) -> VerificationKey {
        self.sid.clone().map_or_else(
            || VerificationKey::To(self.to.clone()),
            VerificationKey::Sid,
        )
    }

    fn take_counters(&mut self, verification: &Verification, skew_seconds: i64) {
        self.sid = Some(verification.sid.clone());
        if !verification.sends.is_empty() {
            self.sends = u32::try_from(verification.sends.len()).unwrap_or(MAX_SENDS);
        }
        if let OpState::Settled(Settled::Verification {
            expires_at: Some(at),
            ..
        }) = OpState::Settled(Settled::verification(verification, skew_seconds))
        {
            self.expires_at = Some(at);
        }
    }

    fn outcome(&mut self, op: OpId, what: What, state: &OpState, now: Timestamp) {
        match state {
            OpState::Settled(Settled::Verification { status, .. }) => {
                self.settled(what, status, now);
            }
            OpState::Settled(Settled::Text { .. } | Settled::Lookup { .. }) | OpState::Intended => {
            }
            OpState::Unknown(_) => {
                self.stage = Stage::Unknown {
                    op,
                    what,
                    since: now,
                }
            }
            OpState::NotSent(failure) | OpState::Refused(failure) => {
                self.failed(what, failure.clone(), now);
            }
        }
    }

    fn settled(&mut self, what: What, status: &VerificationStatus, now: Timestamp) {
        self.stage = match (what, status) {
            // Only a code that was checked approves.
            (What::Check, VerificationStatus::Approved) => Stage::Approved { at: now },
            (_, VerificationStatus::Approved) => Stage::Ended(Ending::Expired),
            (What::Stop, _) | (_, VerificationStatus::Canceled) => Stage::Ended(Ending::Cancelled),
            (_, VerificationStatus::MaxAttemptsReached) => Stage::Ended(Ending::UsedUp),
            (
                _,
                VerificationStatus::Expired
                | VerificationStatus::Deleted
                | VerificationStatus::Failed,
            ) => Stage::Ended(Ending::Expired),
            (What::Send, _) => {
                self.sent_at = Some(now);
                self.reached_by = Some(self.channel.clone());
                Stage::Waiting
            }
            (What::Check, _) => {
                self.wrong += 1;
                self.wrong_at = Some(now);
                // Twilio still calls it pending, and refuses whatever comes next.
                if self.tries_left() == 0 {
                    Stage::Ended(Ending::UsedUp)
                } else {
                    Stage::Waiting
                }
            }
        };
    }

    fn failed(&mut self, what: What, failure: Failure, now: Timestamp) {
        if what == What::Send
            && let Some(reached_by) = &self.reached_by
        {
            // The code that is out went another way, and that is what counts for the evidence.
            self.channel = reached_by.clone();
        }
        let expired = self.expires_at.is_some_and(|at| now >= at);
        self.stage = match (what, failure.kind, failure.code) {
            (What::Check, FailureKind::NotFound, _) if expired => Stage::Ended(Ending::Expired),
            (What::Check | What::Stop, FailureKind::NotFound, _) => {
                Stage::Ended(Ending::Gone(failure))
            }
            (What::Check, _, Some(CHECKS_USED_UP)) => Stage::Ended(Ending::UsedUp),
            (What::Send, _, _) if self.sends == 0 => Stage::Ended(Ending::NotSent(failure)),
            (What::Stop, _, _) if self.tries_left() == 0 => Stage::Ended(Ending::UsedUp),
            _ => {
                self.trouble = Some(failure);
                Stage::Waiting
            }
        };
    }
}
