//! One check of one phone: from the send of its code to the approval, or to another end.
//!
//! A small machine. It knows no keys and no screen: it is told what the agent wants and what Twilio
//! answered, and says what is to be begun. The digits that are typed live here and nowhere else, and go
//! when the check of the code begins. How answers move it stands in `outcome`, what is counted in
//! `counters`, what a 404 meant in `truth`, what the history is told of it in `telling`, and how it comes back
//! after a restart in `restored`.

mod act;
mod counters;
mod outcome;
pub mod restored;
mod telling;
mod truth;
mod wait;

use jiff::SignedDuration;

use crate::domain::connection::NamedService;
use crate::domain::operation::Delivery;
use crate::domain::sid::VerificationSid;
use crate::domain::verification::{Compared, NewVerification};
use crate::domain::{
    AuditNumber, Code, Failure, Intent, Language, OpId, Recipient, Ticket, Timestamp,
    VerificationChannel, VerificationKey,
};

pub use super::stage::{Digits, Ending, Resumes, Stage, What};
pub use telling::Telling;
pub use truth::Inquiry;

/// The pause between the last digit and the check of the code, in which Backspace still helps.
const SETTLE: SignedDuration = SignedDuration::from_millis(400);
/// How long an approval stays on screen.
const APPROVED_STAYS: SignedDuration = SignedDuration::from_secs(60);
/// How long an ending that came by itself stands before Enter acts on it.
pub(super) const READ_AFTER: SignedDuration = SignedDuration::from_secs(1);
/// After so many wrong codes the next one waits for Enter.
const BRAKE: u32 = 2;
/// How many digits an extension may have.
const EXTENSION: usize = 12;
/// How many digits of a number are kept that is typed where a code belongs: more than any has.
const NUMBER: usize = 20;
/// A landline, by Twilio's code: it can be called, and may have a switchboard.
const LANDLINE: u32 = 60205;

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
    pub on_file: Option<Compared>,
    /// Under which service.
    pub service: NamedService,
    /// The way that is used: the last one by which a code went out, or the one that is being tried.
    pub channel: VerificationChannel,
    /// The last way by which a code went out.
    pub reached_by: Option<VerificationChannel>,
    /// All ways by which this code went out from here: any of them may be the one that it came back from.
    pub ways: Vec<VerificationChannel>,
    /// Where it stands.
    pub stage: Stage,
    /// What has been typed of the code.
    pub digits: Digits,
    /// Twilio's name for it, once it has one.
    pub sid: Option<VerificationSid>,
    /// Another hand had ended the one before when the code was sent again: this code is a new one.
    pub renewed: bool,
    /// The one before, until the history has been told what became of it.
    pub before: Option<Box<Check>>,
    /// How many times the code was sent, by whomever.
    pub sends: u32,
    /// How many times this desk sent it.
    pub sent_here: u32,
    /// How many wrong codes this desk has tried.
    pub wrong: u32,
    /// When the first code was sent from here.
    pub started_at: Timestamp,
    /// When the last code was sent.
    pub sent_at: Option<Timestamp>,
    /// Since when its approval is on screen.
    pub seen_at: Option<Timestamp>,
    /// The agent has pressed a key since: the approval stays until the next one is wanted.
    pub stays: bool,
    /// When a key came last that was meant for the code, after the end of it.
    pub(super) hurried_at: Option<Timestamp>,
    /// When the last wrong code was tried.
    pub wrong_at: Option<Timestamp>,
    /// Until when the code is good, where Twilio said when it was made.
    pub expires_at: Option<Timestamp>,
    /// When it came to its end.
    pub ended_at: Option<Timestamp>,
    /// The operation that was begun last.
    pub last_operation: Option<OpId>,
    /// The line of the audit that says what came of it.
    pub audit: Option<AuditNumber>,
    /// The operation that sent the code last.
    pub last_send: Option<OpId>,
    /// How far the history has been told how it ended, where nobody at this desk ended it.
    pub telling: Telling,
    /// Whether the last code arrived, once Twilio has said so, and since when we know.
    pub delivery: Option<Arrival>,
    /// The send before the one that is under way, and what is known of its arrival.
    pub(super) before_send: Option<(Option<OpId>, Option<Arrival>)>,
    /// Why the last thing that was tried did not work, while the check itself goes on.
    pub trouble: Option<Failure>,
    /// The answer to the last code was lost and nobody can tell whether it arrived: it is typed again.
    pub unheard: bool,
    /// The check of the last code did not leave: its digits stand in the box again.
    pub unchecked: bool,
    /// It was to be stopped and was not: its code still works.
    pub unstopped: bool,
    /// How many codes may have been counted by Twilio although no answer came.
    pub unheard_tries: u32,
    /// Twilio asked us to wait until then; what is under way goes on by itself.
    pub delayed_until: Option<Timestamp>,
    /// It has waited by itself already; a second time is the agent's to decide.
    pub waited: bool,
    /// What is to be asked about it.
    pub inquiry: Option<Inquiry>,
    /// When Twilio last said how it stands.
    pub heard_at: Option<Timestamp>,
    /// How many times it was looked at since it was begun or tried here.
    pub looks: u32,
    /// What our clock is ahead of Twilio's, in seconds.
    pub skew_seconds: i64,
}

/// Whether a code arrived, and since when that is known.
pub type Arrival = (Delivery, Timestamp);

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
            ways: Vec::new(),
            stage: Stage::Sending { op, since: now },
            digits: Digits::default(),
            sid: None,
            renewed: false,
            before: None,
            sends: 0,
            sent_here: 0,
            wrong: 0,
            started_at: now,
            sent_at: None,
            seen_at: None,
            stays: false,
            hurried_at: None,
            wrong_at: None,
            expires_at: None,
            ended_at: None,
            last_operation: Some(op),
            audit: None,
            last_send: Some(op),
            telling: Telling::default(),
            delivery: None,
            before_send: None,
            trouble: None,
            unheard: false,
            unchecked: false,
            unstopped: false,
            unheard_tries: 0,
            delayed_until: None,
            waited: false,
            inquiry: None,
            heard_at: None,
            looks: 0,
            skew_seconds: 0,
        }
    }

    /// After two wrong codes none goes by itself any more: a caller who guesses is heard out first.
    pub fn brakes(&self) -> bool {
        self.wrong >= BRAKE
    }

    /// All digits stand in the box, and Enter checks them.
    pub fn is_full(&self) -> bool {
        matches!(self.stage, Stage::Waiting) && self.digits.0.len() == self.length()
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

    /// An extension may be typed: the number is a landline that is about to be called.
    pub fn takes_extension(&self) -> bool {
        matches!(&self.stage, Stage::Ended(Ending::NotSent(failure)) if failure.code == Some(LANDLINE))
    }

    /// A digit is typed. The last one starts the pause before the check; one more in that pause says that it
    /// is no code.
    pub fn digit(&mut self, digit: char, now: Timestamp) {
        if self.takes_extension() {
            let extension = self.extension.get_or_insert_default();
            if extension.len() < EXTENSION {
                extension.push(digit);
            }
        }
        if self.is_full() {
            // Else Enter would check older digits than those that were read out last, and cost a try.
            self.digits = Digits::default();
            self.unchecked = false;
        }
        let room = match self.stage {
            Stage::Waiting => self.length(),
            Stage::Settling { .. } => NUMBER,
            _ => 0,
        };
        if self.digits.0.len() < room {
            self.digits.0.push(digit);
            if self.digits.0.len() >= self.length() {
                self.stage = Stage::Settling {
                    until: now + SETTLE,
                };
            }
            if self.digits.0.len() == 1 {
                self.look_before_typing(now);
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

    /// The whole code stands, but Enter starts the check.
    pub fn wait_for_enter(&mut self) {
        if matches!(self.stage, Stage::Settling { .. }) {
            self.stage = Stage::Waiting;
        }
    }

    /// A digit is taken back, also during the pause.
    pub fn backspace(&mut self) {
        if self.takes_extension()
            && let Some(extension) = &mut self.extension
        {
            extension.pop();
            self.extension.take_if(|extension| extension.is_empty());
        }
        if matches!(self.stage, Stage::Waiting | Stage::Settling { .. }) {
            self.digits.0.pop();
            if self.digits.0.len() <= self.length() {
                self.stage = Stage::Waiting;
            }
        }
    }

    /// More digits than a code has were typed in one go, and no more come: what they are is asked.
    pub(super) fn take_number(&mut self, now: Timestamp) -> Option<String> {
        let is_over = matches!(self.stage, Stage::Settling { until } if now >= until);
        if !is_over || self.digits.0.len() <= self.length() {
            return None;
        }
        self.stage = Stage::Waiting;
        Some(std::mem::take(&mut self.digits.0))
    }

    /// The pause is over, or is cut short: what is to be checked.
    pub fn take_code(&mut self) -> Option<Wanted> {
        let code = Code::parse(&self.digits.0).ok()?;
        if !matches!(self.stage, Stage::Waiting | Stage::Settling { .. })
            || self.digits.0.len() != self.length()
        {
            return None;
        }
        // The digits go with the answer; where nothing left, they stand in the box again.
        self.stage = Stage::Waiting;
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
                on_file: self.on_file,
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
        let open = match &self.stage {
            Stage::Ended(ending) => *ending == Ending::UsedUp,
            Stage::Approved { .. } | Stage::Explaining { .. } => false,
            _ => true,
        };
        open.then(|| self.stop())
    }

    /// What was wanted has begun under this name.
    pub fn begun(&mut self, intent: &Intent, op: OpId, now: Timestamp) {
        self.trouble = None;
        self.unheard = false;
        self.unchecked = false;
        self.unstopped = false;
        if !matches!(intent, Intent::VerifyCheck { .. }) {
            // What was typed of a code belongs to before; it must neither be sent later nor fill the box.
            self.digits = Digits::default();
        }
        self.last_operation = Some(op);
        self.heard_at = Some(now);
        self.looks = 0;
        match intent {
            Intent::VerifyStart(verification) => {
                self.channel = verification.channel.clone();
                let before = (self.last_send.replace(op), self.delivery.take());
                self.before_send.get_or_insert(before);
                self.stage = Stage::Sending { op, since: now };
            }
            Intent::VerifyCheck { .. } => self.stage = Stage::Checking { op, since: now },
            Intent::VerifyCancel { .. } => self.stage = Stage::Stopping { op },
            Intent::Text(_) | Intent::LookUp { .. } | Intent::Unreadable(_) => {}
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

    /// Time went on.
    pub fn woke(&mut self, now: Timestamp) -> Option<Wanted> {
        let over = self.good_until().is_some_and(|(at, _)| now >= at);
        if over && matches!(self.stage, Stage::Waiting | Stage::Settling { .. }) {
            self.end(Ending::Expired, now);
        }
        match &self.stage {
            Stage::Settling { until } if now >= *until => self.take_code(),
            _ => None,
        }
    }

    /// When time has to be told to it next, whether it is on screen or not.
    pub fn deadline(&self) -> Option<Timestamp> {
        match self.stage {
            Stage::Settling { until }
            | Stage::Paused {
                until,
                resumes: Resumes::ByItself,
                ..
            } => Some(until),
            Stage::Waiting => self.good_until().map(|(at, _)| at),
            _ => None,
        }
    }

    /// When what is said of its age changes: `4 minutes ago`.
    pub fn ages_at(&self, now: Timestamp) -> Option<Timestamp> {
        match self.stage {
            Stage::Ended(Ending::Approved { at: Some(at), .. }) => {
                let minutes = now.duration_since(at).as_secs().max(0) / 60;
                Some(at + SignedDuration::from_mins(minutes + 1))
            }
            _ => None,
        }
    }

    /// It is on screen. An approval counts from here, since it may have come while another one was.
    pub fn seen(&mut self, now: Timestamp) {
        if matches!(self.stage, Stage::Approved { .. }) {
            self.seen_at.get_or_insert(now);
        }
    }

    /// A key was pressed while it was on screen: somebody is reading it.
    pub fn touched(&mut self) {
        self.stays |= self.seen_at.is_some();
    }

    /// A key came that was meant for the code, and it is over.
    pub(super) fn hurried(&mut self, now: Timestamp) {
        self.hurried_at = Some(now);
    }

    /// From when on Enter acts on the end of it: it may have been pressed for the code that was asked for a
    /// moment ago. Who has stopped it was waiting for that.
    pub(super) fn read_from(&self) -> Option<Timestamp> {
        let over = match self.stage {
            Stage::Approved { at, .. } => Some(at),
            Stage::Ended(Ending::Cancelled { here: true }) => None,
            Stage::Ended(_) => self.ended_at,
            _ => return None,
        };
        over.max(self.hurried_at)?.checked_add(READ_AFTER).ok()
    }

    /// Until when an approval stays on screen; none where a key has stopped the clock.
    pub fn clears_at(&self) -> Option<Timestamp> {
        match self.stage {
            Stage::Approved { .. } if !self.stays => Some(self.seen_at? + APPROVED_STAYS),
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

    fn end(&mut self, ending: Ending, now: Timestamp) {
        self.digits = Digits::default();
        self.inquiry = None;
        self.ended_at = Some(now);
        self.stage = Stage::Ended(ending);
    }
}
