//! The verify pane: whom to check next, and all checks that wait for their codes.

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

/// The ways to reach a phone, in the order of the screen.
const PHONE_CHANNELS: [VerificationChannel; 3] = [
    VerificationChannel::Sms,
    VerificationChannel::Call,
    VerificationChannel::WhatsApp,
];

/// The pane.
#[derive(Debug, Clone, PartialEq)]
pub struct Verify {
    /// Whom to check next.
    pub to: Field,
    /// What the field holds, read anew with each key.
    pub reading: Reading,
    /// The way that the next code goes to a phone.
    pub channel: VerificationChannel,
    /// The language of the customer, where the agent has said which.
    pub language: Option<Language>,
    /// One line of caution that waits for a `y`.
    pub caution: Option<Phrase>,
    /// Why the last Enter did nothing.
    pub complaint: Option<Phrase>,
    /// All checks of this run, oldest first.
    pub checks: Vec<Check>,
    /// The one on screen; none while the next recipient is being typed.
    pub shown: Option<usize>,
}

/// What the pane wants begun for the check on screen, or for a new one.
#[derive(Debug, Clone, PartialEq)]
pub enum Start {
    /// A check that does not exist yet.
    New {
        /// Whom.
        to: Recipient,
        /// By which way.
        channel: VerificationChannel,
        /// What to press after the call is answered.
        extension: Option<String>,
        /// In which language; none where nobody knows it.
        language: Option<Language>,
    },
    /// Something for a check that does.
    Of(usize, Wanted),
}

impl Default for Verify {
    fn default() -> Self {
        Self {
            to: Field::line(),
            reading: Reading::Empty,
            channel: VerificationChannel::Sms,
            language: None,
            caution: None,
            complaint: None,
            checks: Vec::new(),
            shown: None,
        }
    }
}

impl Verify {
    /// The check on screen.
    pub fn check(&self) -> Option<&Check> {
        self.checks.get(self.shown?)
    }

    /// Where the agent's attention is on this pane.
    pub fn place(&self) -> Place {
        match self.check().map(|check| &check.stage) {
            None if self.caution.is_some() => Place::Caution,
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

    /// The way that the next code takes: an address goes by email, whatever was chosen for phones.
    pub fn next_channel(&self) -> VerificationChannel {
        if matches!(self.reading, Reading::Email(_)) {
            VerificationChannel::Email
        } else {
            self.channel.clone()
        }
    }

    /// The language of the customer: as the agent has said, or that of the number's country. None where
    /// neither is known; then Twilio chooses by the country, and we speak that of the screen.
    pub fn customer_language(&self) -> Option<Language> {
        match (&self.reading, self.language) {
            (_, Some(said)) => Some(said),
            (Reading::Phone { number, .. }, None) => {
                number.country().as_deref().and_then(Language::of_country)
            }
            _ => None,
        }
    }

    /// The customer speaks another language: the next of ours.
    pub fn turn_language(&mut self) {
        let now = self.customer_language();
        self.language = Some(now.map_or(Language::default(), Language::next));
    }

    /// The field changed.
    pub fn edited(&mut self, default_country: &str) {
        self.reading = Reading::of(self.to.text(), default_country);
        self.caution = None;
        self.complaint = None;
    }

    /// The next way to reach a phone, or the one before.
    pub fn turn_channel(&mut self, forward: bool) {
        let at = PHONE_CHANNELS
            .iter()
            .position(|channel| *channel == self.channel)
            .unwrap_or(0);
        let step = if forward { 1 } else { PHONE_CHANNELS.len() - 1 };
        self.channel = PHONE_CHANNELS[(at + step) % PHONE_CHANNELS.len()].clone();
    }

    /// Enter on the field: what to begin, or a caution, or a complaint. `agreed` overrules the caution.
    pub fn submit(&mut self, default_country: &str, agreed: bool) -> Option<Start> {
        let Some(to) = self.reading.recipient() else {
            self.complaint = self.reading.complaint(self.to.text(), default_country);
            return None;
        };
        if let Some(open) = self
            .checks
            .iter()
            .position(|check| check.to == to && check.is_unfinished())
        {
            self.shown = Some(open);
            self.forget_recipient();
            return None;
        }
        let (doubtful, extension) = match &self.reading {
            Reading::Phone {
                doubtful,
                extension,
                ..
            } => (*doubtful, extension.clone()),
            _ => (false, None),
        };
        if doubtful && !agreed {
            self.caution = Some(phrase!(
                "This number has the right length, but is not known to be in use. Send all the same?"
            ));
            return None;
        }
        self.caution = None;
        let channel = self.next_channel();
        Some(Start::New {
            to,
            channel,
            extension,
            language: self.customer_language(),
        })
    }

    /// The intent behind a start.
    pub fn intent(&self, start: &Start, service: &NamedService) -> (Intent, Option<Code>) {
        match start {
            Start::New {
                to,
                channel,
                extension,
                language,
            } => {
                let verification = NewVerification {
                    send_digits: extension
                        .clone()
                        .filter(|_| *channel == VerificationChannel::Call),
                    locale: language.map(|language| language.tag().to_owned()),
                    ..NewVerification::new(service.sid.clone(), to.clone(), channel.clone())
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
            Start::New {
                to,
                channel,
                extension,
                language,
            } => {
                let check = Check::new(to, service.clone(), channel, op, now);
                self.checks.push(Check {
                    extension,
                    language,
                    ..check
                });
                self.shown = Some(self.checks.len() - 1);
                self.forget_recipient();
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
            return Ok(Some(Start::New {
                to: check.to.clone(),
                channel,
                extension: check.extension.clone(),
                language: check.language,
            }));
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

    /// An address instead of this phone.
    pub fn email_instead(&mut self) {
        self.shown = None;
        self.forget_recipient();
    }

    /// A pasted text goes to whatever is asked for: a recipient or a code.
    pub fn paste(&mut self, text: &str, default_country: &str, now: Timestamp) -> Option<Phrase> {
        let Some(check) = self.shown.and_then(|at| self.checks.get_mut(at)) else {
            self.to.clear();
            self.to.insert(text);
            self.edited(default_country);
            return None;
        };
        if !check.is_open() {
            return None;
        }
        match paste::find_code(text, check.length()) {
            Ok(code) => {
                check.paste(&code, now);
                None
            }
            Err(problem) => Some(problem.phrase()),
        }
    }

    /// The next check after the one on screen, and after the last one the first.
    pub fn other_check(&mut self) {
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

    /// Checks other than the one on screen: they wait, or came to an end in the background.
    pub fn others_waiting(&self) -> impl Iterator<Item = &Check> {
        self.checks
            .iter()
            .enumerate()
            .filter(|(at, _)| Some(*at) != self.shown)
            .map(|(_, check)| check)
    }

    /// To the next customer: an ended check goes, one that waits stays in the list.
    pub fn next_customer(&mut self) {
        if let Some(at) = self.shown.take()
            && !self.checks[at].is_unfinished()
        {
            self.checks.remove(at);
        }
        self.forget_recipient();
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
            .is_some_and(|check| !matches!(check.stage, Stage::Ended(_)))
            .then(|| next_second(now));
        self.checks
            .iter()
            .filter_map(Check::deadline)
            .chain(seconds)
            .min()
    }

    fn forget_recipient(&mut self) {
        self.to.clear();
        self.reading = Reading::Empty;
        self.language = None;
        self.caution = None;
        self.complaint = None;
    }
}

/// The next whole second: when a clock on the screen changes.
pub fn next_second(now: Timestamp) -> Timestamp {
    Timestamp::from_second(now.as_second() + 1).unwrap_or(Timestamp::MAX)
}

/// Minutes and seconds, such as `8:42`.
pub fn clock(duration: SignedDuration) -> String {
    let seconds = duration.as_secs() + i64::from(duration.subsec_nanos() > 0);
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
