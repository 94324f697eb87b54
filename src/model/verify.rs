//! The verify pane: whom to check next, and all checks that wait for their codes.
//!
//! Either the form is on screen or one of the checks. What is typed into the form stays there while a
//! check is looked at; it goes when it has become a check, or when the agent empties it.

mod act;
mod cautions;
mod form;
mod look_back;
mod on_file;

use jiff::SignedDuration;

use crate::domain::connection::NamedService;
use crate::domain::paste;
use crate::domain::verification::NewVerification;
use crate::domain::{
    Code, HistoryRow, Intent, Language, OpId, Phrase, Recipient, Timestamp, VerificationChannel,
    phrase,
};
use crate::keymap::Place;

use super::check::{Check, Ending, Stage, Wanted};
use super::field::Field;
use super::operations::Progress;
use super::recipient::Reading;

pub use cautions::{Question, Yes, ago};
pub(super) use cautions::{is_start, may_be_out};
pub use form::{Focus, NewCheck};
pub use on_file::OnFile;

/// The pane.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Verify {
    /// Whom to check next.
    pub to: Field,
    /// What the field holds, read anew with each key.
    pub reading: Reading,
    /// The way that the next code goes to a phone.
    pub channel: VerificationChannel,
    /// Whom that way is for alone, and the way that all others get.
    once: Option<Box<(Recipient, VerificationChannel)>>,
    /// The language of the customer, where the agent has said which.
    pub language: Option<Language>,
    /// The number in the customer record.
    pub on_file: OnFile,
    /// The request that the check is for, in the agent's own system.
    pub ticket: Field,
    /// The field that is being typed into.
    pub focus: Focus,
    /// What is odd, and waits for a `y`.
    pub question: Option<Question>,
    /// Why the last Enter did nothing.
    pub complaint: Option<Phrase>,
    /// All checks of this run, oldest first.
    pub checks: Vec<Check>,
    /// Those that were over when their code was sent again: what became of them is told to the history.
    pub past: Vec<Check>,
    /// The one on screen; none while the next recipient is being typed.
    pub shown: Option<usize>,
    /// When the history is read anew, because another window may have news of what waits here.
    pub(super) reads_at: Option<Timestamp>,
    /// About whom the history was asked last.
    looked_back: Option<look_back::Whom>,
}

/// What the pane wants begun for the check on screen, or for a new one.
#[derive(Debug, Clone, PartialEq)]
pub enum Start {
    /// A check that does not exist yet.
    New(NewCheck),
    /// Something for a check that does.
    Of(usize, Wanted),
}

impl Verify {
    /// The check on screen.
    pub fn check(&self) -> Option<&Check> {
        self.checks.get(self.shown?)
    }

    /// The same, to be told something.
    pub(super) fn check_mut(&mut self) -> Option<&mut Check> {
        self.checks.get_mut(self.shown?)
    }

    /// Where the agent's attention is on this pane, innermost first.
    pub fn places(&self) -> Vec<Place> {
        match self.check() {
            _ if self.question.is_some() => vec![Place::Caution],
            None => self.form_places(),
            Some(_) => vec![self.place()],
        }
    }

    /// The innermost of its places.
    pub fn place(&self) -> Place {
        match self.check().map(|check| &check.stage) {
            _ if self.question.is_some() => Place::Caution,
            None => Place::To,
            Some(Stage::Waiting | Stage::Settling { .. }) => Place::Code,
            Some(
                Stage::Sending { .. }
                | Stage::Checking { .. }
                | Stage::Stopping { .. }
                | Stage::Explaining { .. },
            ) => Place::Busy,
            Some(Stage::Paused { .. }) => Place::Paused,
            Some(Stage::Ended(ending)) if ending.allows_a_new_code() => Place::Over,
            Some(Stage::Approved { .. }) => Place::Approved,
            Some(Stage::Ended(_)) => Place::Ended,
            Some(Stage::Unknown { .. }) => Place::VerifyUnknown,
        }
    }

    /// The intent behind a start.
    pub fn intent(&self, start: &Start, service: &NamedService) -> (Intent, Option<Code>) {
        match start {
            Start::New(new) => {
                let verification = NewVerification {
                    send_digits: new
                        .extension
                        .clone()
                        .filter(|_| new.channel == VerificationChannel::Call),
                    locale: new.language.map(|language| language.tag().to_owned()),
                    on_file: new.on_file,
                    ..NewVerification::new(service.sid.clone(), new.to.clone(), new.channel.clone())
                };
                (Intent::VerifyStart(verification), None)
            }
            Start::Of(_, wanted) => wanted.clone(),
        }
    }

    /// What was wanted has begun.
    pub fn begun(
        &mut self,
        start: Start,
        intent: &Intent,
        service: &NamedService,
        op: OpId,
        now: Timestamp,
    ) {
        match start {
            Start::New(new) => {
                let check = Check::new(new.to, service.clone(), new.channel, op, now);
                self.checks.push(Check {
                    extension: new.extension,
                    language: new.language,
                    ticket: new.ticket,
                    on_file: new.on_file,
                    ..check
                });
                self.forget_form();
                self.shown = Some(self.checks.len() - 1);
            }
            Start::Of(at, _) => self.checks[at].begun(intent, op, now),
        }
    }

    /// The same code once more, by this way; or the reason why not yet. After an end it is a new one.
    pub fn send_by(
        &self,
        channel: VerificationChannel,
        now: Timestamp,
    ) -> Result<Option<Start>, Phrase> {
        let Some((at, check)) = self.shown.and_then(|at| Some((at, self.checks.get(at)?))) else {
            return Ok(None);
        };
        if let Recipient::Email(_) = check.to
            && channel != VerificationChannel::Email
        {
            return Err(phrase!(
                "This check goes to an email address. Press n, then type a phone number."
            ));
        }
        let channel = if matches!(check.to, Recipient::Email(_)) {
            VerificationChannel::Email
        } else {
            channel
        };
        if let Stage::Ended(Ending::UsedUp) = check.stage {
            return Err(phrase!(
                "Twilio closed this check. Press x to stop it; then a new code can be sent."
            ));
        }
        if let Stage::Ended(_) = check.stage {
            return Ok(Some(Start::New(NewCheck {
                to: check.to.clone(),
                channel,
                extension: check.extension.clone(),
                language: check.language,
                ticket: check.ticket.clone(),
                on_file: check.on_file,
            })));
        }
        if check.sends_left() == 0 {
            return Err(phrase!(
                "All five sends are used. A code that was sent already still works."
            ));
        }
        if matches!(check.stage, Stage::Paused { .. }) {
            return Ok(None);
        }
        if let Some(wait) = check.send_wait(now).filter(|_| channel == check.channel) {
            return Err(phrase!(
                "You can send again in {wait}. The message may still be on its way.",
                wait = clock(wait)
            ));
        }
        Ok(Some(Start::Of(at, check.send_by(channel))))
    }

    /// A pasted text goes to whatever is asked for: a field of the form, or a code. A number that is pasted
    /// for a code belongs to somebody else.
    pub fn paste(&mut self, text: &str, default_country: &str, now: Timestamp) -> Option<Phrase> {
        let Some(check) = self.shown.and_then(|at| self.checks.get_mut(at)) else {
            self.pasted(text, default_country);
            return None;
        };
        match &check.stage {
            Stage::Waiting | Stage::Settling { .. } => {}
            Stage::Approved { .. } | Stage::Ended(_) => {
                return Some(phrase!(
                    "What you pasted was not taken: this check is over. Press n, then paste it there."
                ));
            }
            _ => {
                return Some(phrase!(
                    "What you pasted was not taken: something is still under way here."
                ));
            }
        }
        let problem = match paste::find_code(text, check.length()) {
            Ok(code) => {
                check.paste(&code, now);
                if paste::is_only_code(text, &code) {
                    return None;
                }
                // Whoever pasted that may have meant something else by it, and a wrong code costs a try.
                check.wait_for_enter();
                return Some(phrase!(
                    "More than the code was pasted: compare it, then press Enter."
                ));
            }
            Err(problem) => problem,
        };
        let Some(to) = Reading::of(text, default_country).recipient() else {
            return Some(problem.phrase());
        };
        if check.to == to {
            return Some(phrase!(
                "That is the number of this check. What is missing is the code."
            ));
        }
        let Some(at) = self.checks.iter().position(|check| check.to == to) else {
            return Some(phrase!(
                "That is a number, not a code. Esc, then paste it there to check it: this check waits."
            ));
        };
        self.question = Some(Question {
            odd: vec![phrase!(
                "That is the number of another caller who waits: {to}. Go there?",
                to = to.masked()
            )],
            yes: Yes::GoTo(at),
        });
        None
    }

    /// Where a check of the same recipient waits.
    fn unfinished(&self, new: &NewCheck) -> Option<usize> {
        self.checks
            .iter()
            .position(|check| check.to == new.to && check.is_unfinished())
    }

    /// Puts a check on the screen.
    pub(super) fn show(&mut self, at: usize) {
        self.question = None;
        self.shown = Some(at).filter(|&at| at < self.checks.len());
    }

    /// What to ask after a wrong code while other callers wait: it may be one of theirs.
    pub fn mixed_up(&self) -> Option<Phrase> {
        let check = self.check()?;
        check.wrong_at?;
        let mut others = self
            .checks
            .iter()
            .enumerate()
            .filter(|(at, other)| Some(*at) != self.shown && other.is_open())
            .map(|(_, other)| other);
        let first = others.next()?;
        Some(match others.count() {
            0 => phrase!(
                "Two callers wait: is this code for {to}? Tab goes there.",
                to = first.to.masked()
            ),
            more => phrase!(
                "{n} callers wait: is this code for another one of them? Tab goes there.",
                n = more + 2
            ),
        })
    }

    /// The next check after the one on screen, and after the last one the first.
    pub fn other_check(&mut self) {
        self.question = None;
        let from = self.shown.map_or(0, |at| at + 1);
        // Those that came to an end in the background count: nobody has seen yet how.
        self.shown = if from < self.checks.len() {
            Some(from)
        } else if self.checks.is_empty() || self.shown.is_none() {
            None
        } else {
            Some(0)
        };
    }

    /// Checks other than the one on screen, the one that comes next first: they wait, or came to an end in
    /// the background.
    pub fn others_waiting(&self) -> impl Iterator<Item = &Check> {
        let (before, after) = self.checks.split_at(self.shown.unwrap_or(0));
        let after = after.iter().skip(usize::from(self.shown.is_some()));
        after.chain(before)
    }

    /// To the next customer: an ended check goes, one that waits stays in the list.
    pub fn next_customer(&mut self) {
        if let Some(at) = self.shown.take()
            && !self.checks[at].is_unfinished()
        {
            self.checks.remove(at);
        }
        self.question = None;
        self.complaint = None;
    }

    /// Its account is connected no more: what waits there is in the history.
    pub(super) fn leave_checks(&mut self) {
        self.shown = None;
        self.question = None;
        self.checks.clear();
        self.past.clear();
    }

    /// What is typed and what is over goes; what still waits at Twilio stays.
    pub(super) fn forget(&mut self) {
        let going_on = std::mem::take(&mut self.checks);
        *self = Self {
            checks: going_on.into_iter().filter(Check::is_unfinished).collect(),
            past: std::mem::take(&mut self.past),
            ..Self::default()
        };
    }

    /// Each check, and each of which only the history has still to be told.
    pub(super) fn all(&mut self) -> impl Iterator<Item = &mut Check> {
        self.checks.iter_mut().chain(&mut self.past)
    }

    /// An operation has come further.
    pub fn progress(&mut self, op: OpId, progress: &Progress, now: Timestamp) {
        for check in &mut self.checks {
            check.progress(op, progress, now);
        }
    }

    /// Twilio asked us to wait with an operation.
    pub fn delayed(&mut self, op: OpId, until: Timestamp) {
        for check in self.checks.iter_mut().filter(|check| {
            check
                .under_way()
                .is_some_and(|(under_way, _)| under_way == op)
        }) {
            check.delayed_until = Some(until);
        }
    }

    /// The history has news.
    pub fn row_changed(&mut self, row: &HistoryRow, now: Timestamp) {
        for check in &mut self.checks {
            check.row_changed(row, now);
        }
    }

    /// Time went on; what is to be begun because of it.
    pub fn woke(&mut self, now: Timestamp, on_screen: bool) -> Vec<Start> {
        if on_screen && let Some(check) = self.shown.and_then(|at| self.checks.get_mut(at)) {
            check.seen(now);
        }
        if self
            .check()
            .and_then(Check::clears_at)
            .is_some_and(|at| now >= at)
        {
            self.next_customer();
        }
        if let Some(check) = self.shown.and_then(|at| self.checks.get_mut(at)) {
            check.look(now);
        }
        self.checks
            .iter_mut()
            .enumerate()
            .filter_map(|(at, check)| check.woke(now).map(|wanted| Start::Of(at, wanted)))
            .collect()
    }

    /// When time has to be told next. What is on screen counts in seconds.
    pub fn deadline(&self, now: Timestamp) -> Option<Timestamp> {
        let seconds = self
            .check()
            .is_some_and(|check| {
                !matches!(check.stage, Stage::Ended(_)) && check.overtaken().is_none()
            })
            .then(|| next_second(now));
        self.checks
            .iter()
            .filter_map(Check::deadline)
            .chain(seconds)
            .chain(self.check().and_then(|check| check.ages_at(now)))
            .chain(self.check().and_then(Check::looks_at))
            .min()
    }
}

/// The next whole second: when a clock on the screen changes.
pub fn next_second(now: Timestamp) -> Timestamp {
    Timestamp::from_second(now.as_second() + 1).unwrap_or(Timestamp::MAX)
}

/// How long something took, such as `56 s` or `1 min 19 s`.
pub fn took(duration: SignedDuration) -> Phrase {
    let seconds = duration.as_secs().max(0);
    match (seconds / 60, seconds % 60) {
        (0, seconds) => phrase!("{s} s", s = seconds),
        (minutes, seconds) => phrase!("{min} min {s} s", min = minutes, s = seconds),
    }
}

/// Minutes and seconds, such as `8:42`.
pub fn clock(duration: SignedDuration) -> String {
    let duration = duration.max(SignedDuration::ZERO);
    let seconds = duration.as_secs() + i64::from(duration.subsec_nanos() > 0);
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
