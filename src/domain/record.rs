//! The history as it is read: rows, newest first, in pages.

use jiff::SignedDuration;

use super::Timestamp;
use super::audit::AuditNumber;
use super::operation::{Intent, OpState, Operation, Settled};
use super::remains::Was;
use super::sid::VerificationSid;
use super::verification::{
    Compared, Recipient, VALIDITY_SECONDS, VerificationKey, VerificationStatus,
};

/// A carrier that has not confirmed a text by then never will.
const CONFIRMED_WITHIN: SignedDuration = SignedDuration::from_hours(4);
/// What is not known and cannot be looked up here may be given up by a person after that.
const GIVEN_UP_AFTER: SignedDuration = SignedDuration::from_mins(10);

/// One operation in the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryRow {
    /// Its place: later rows have larger ones. Pages are cut by it.
    pub row: i64,
    /// What was asked for.
    pub operation: Operation,
    /// What has become of it.
    pub state: OpState,
    /// When its state last changed.
    pub updated_at: Timestamp,
    /// The last line of the audit about it; none of one that was not written down yet.
    pub audit: Option<AuditNumber>,
}

impl HistoryRow {
    /// Whether the code went to the number in the customer record, where that was compared.
    pub fn on_file(&self) -> Option<Compared> {
        match &self.operation.intent {
            Intent::VerifyStart(start) => start.on_file,
            _ => None,
        }
    }

    /// The verification that it is about, where that is known by its name.
    pub fn verification(&self) -> Option<&VerificationSid> {
        match (&self.state, &self.operation.intent) {
            (OpState::Settled(Settled::Verification { sid, .. }), _)
            | (
                _,
                Intent::VerifyCheck {
                    key: VerificationKey::Sid(sid),
                    ..
                }
                | Intent::VerifyCancel {
                    key: VerificationKey::Sid(sid),
                    ..
                },
            ) => Some(sid),
            _ => None,
        }
    }

    /// A code that was checked, and that was the code.
    pub fn is_approval(&self) -> bool {
        matches!(self.operation.intent, Intent::VerifyCheck { .. })
            && matches!(
                self.state,
                OpState::Settled(Settled::Verification {
                    status: VerificationStatus::Approved,
                    ..
                })
            )
    }

    /// A code that was checked, and that was not the code.
    pub fn was_wrong_code(&self) -> bool {
        self.is_check_that_goes_on(|sends| sends.is_none())
    }

    /// A code that was checked, and of which only what became of its verification is known.
    pub fn has_no_answer(&self) -> bool {
        self.is_check_that_goes_on(|sends| sends.is_some())
    }

    /// A code that was checked, and of which Twilio's own answer does not tell whether it was the code: none came, or
    /// nobody can read any more which check it was the answer to.
    pub fn lost_its_answer(&self) -> bool {
        let is_readable = match &self.operation.intent {
            Intent::VerifyCheck { .. } => true,
            Intent::Unreadable(remains) if remains.was == Some(Was::Check) => false,
            _ => return false,
        };
        match &self.state {
            OpState::Intended | OpState::Unknown(_) => true,
            OpState::Settled(Settled::Verification {
                status: VerificationStatus::Approved,
                approved_at,
                ..
            }) => !is_readable || approved_at.is_some(),
            OpState::Settled(Settled::Verification {
                status: VerificationStatus::Pending,
                sends,
                ..
            }) => sends.is_some(),
            _ => false,
        }
    }

    /// A code that was checked, and that may yet turn out to have been the code.
    pub fn may_be_right(&self) -> bool {
        matches!(self.state, OpState::Intended | OpState::Unknown(_)) && self.lost_its_answer()
    }

    /// A check that cannot be read any more may have been one of the verification that these rows are about: it names
    /// it, or a code of it was good then, and had gone to whom it concerned.
    pub fn may_have_checked(&self, rows: &[&Self]) -> bool {
        let Intent::Unreadable(remains) = &self.operation.intent else {
            return false;
        };
        if !self.lost_its_answer() {
            return false;
        }
        if let Some(sid) = remains.sid.as_deref() {
            return rows.iter().any(|row| {
                row.verification()
                    .is_some_and(|theirs| theirs.as_str() == sid)
            });
        }
        let was_good = |row: &Self| {
            let age = self.operation.at.duration_since(row.operation.at);
            age >= SignedDuration::ZERO && age < SignedDuration::from_secs(VALIDITY_SECONDS)
        };
        rows.iter().any(|row| match &row.operation.intent {
            Intent::VerifyStart(start) => Some(&start.to) == remains.to.as_ref() && was_good(row),
            _ => false,
        })
    }

    /// Twilio counts the sends of a verification only where it is asked for the verification itself, which is done when
    /// the answer to a check was lost.
    fn is_check_that_goes_on(&self, is_counted: impl Fn(Option<u32>) -> bool) -> bool {
        let is_check = matches!(self.operation.intent, Intent::VerifyCheck { .. });
        let OpState::Settled(Settled::Verification { status, sends, .. }) = &self.state else {
            return false;
        };
        is_check && *status == VerificationStatus::Pending && is_counted(*sends)
    }

    /// The same, where these are all rows of its entry: a code that was sent is settled once any of them
    /// says that its check is over.
    pub fn is_settled_among(&self, rows: &[&Self], now: Timestamp) -> bool {
        let OpState::Settled(Settled::Verification { sid, .. }) = &self.state else {
            return self.is_settled(now);
        };
        let is_over = |row: &&&Self| matches!(&row.state, OpState::Settled(Settled::Verification { sid: theirs, status, .. }) if theirs == sid && !status.is_open());
        self.is_settled(now) || rows.iter().any(|row| is_over(&row))
    }

    /// It is not known for so long that whoever could look it up would have found it.
    pub fn may_be_given_up(&self, now: Timestamp) -> bool {
        let since = self.operation.at.max(self.updated_at);
        matches!(self.state, OpState::Unknown(_)) && now.duration_since(since) >= GIVEN_UP_AFTER
    }

    /// Nothing more is to be expected of it, so that it may be deleted.
    pub fn is_settled(&self, now: Timestamp) -> bool {
        match &self.state {
            OpState::Intended | OpState::Unknown(_) => false,
            // A text that no carrier ever confirms does not stay for ever.
            OpState::Settled(Settled::Text { status, .. }) => {
                status.is_final() || now.duration_since(self.operation.at) >= CONFIRMED_WITHIN
            }
            OpState::Settled(Settled::Verification {
                status, expires_at, ..
            }) => !status.is_open() || expires_at.is_none_or(|at| now >= at),
            OpState::Settled(Settled::Lookup { .. })
            | OpState::NotSent(_)
            | OpState::Refused(_) => true,
        }
    }
}

/// A page of the history, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The rows.
    pub rows: Vec<HistoryRow>,
    /// There are older ones.
    pub more: bool,
}

/// Entries that fit a filter: whole ones, with all their rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The rows, newest first.
    pub page: Page,
    /// Before which row the next page begins, where there is one.
    pub next: Option<i64>,
    /// How many entries fit.
    pub matches: u32,
    /// How many there are.
    pub total: u32,
}

/// What the history holds about one person: what the panes show before they act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookBack {
    /// Whom.
    pub to: Recipient,
    /// The newest texts, newest first, whatever became of them.
    pub texts: Vec<HistoryRow>,
    /// The newest verification, its rows newest first.
    pub check: Vec<HistoryRow>,
    /// The newest verification of which a code is out or may be, where a later one was refused; its rows newest
    /// first.
    pub out: Vec<HistoryRow>,
    /// The newest approved verification of the ticket that was asked about, its rows newest first.
    pub of_ticket: Vec<HistoryRow>,
    /// What is not settled and cannot be read any more, not even whom it was for.
    pub to_nobody_knows: Vec<HistoryRow>,
    /// Something of the history may be lost, whoever it was about, and nobody has taken it as it is.
    pub unaccepted: bool,
}
