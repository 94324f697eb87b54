//! What became of an operation, in a word or two for other programs: the screen's words, where Twilio's own
//! say too little.
//!
//! Twilio calls a code *pending* that was wrong, has expired or was stopped since. What is said here is what
//! the desk shows, in English and never changing, so that a spreadsheet and the screen agree.

use std::collections::BTreeMap;

use super::sid::VerificationSid;
use super::verification::Compared;
use super::{HistoryRow, Intent, MessageStatus, OpState, Settled, Timestamp, VerificationStatus};

/// Where the right code of an approved verification was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Approval {
    /// Here.
    Here,
    /// Here or elsewhere: the answer to a code that was checked here is not known.
    NotKnown,
    /// Elsewhere: Twilio alone tells of it.
    Elsewhere,
}

impl Approval {
    /// As the rows of the verification tell, in any order, and checks among all that are known of which nobody can
    /// read what they checked.
    pub fn of<'a>(rows: &[&HistoryRow], mut known: impl Iterator<Item = &'a HistoryRow>) -> Self {
        let is_answer = |row: &&HistoryRow| row.is_approval() && !row.lost_its_answer();
        if rows.iter().any(is_answer) {
            Self::Here
        } else if rows.iter().any(|row| row.lost_its_answer())
            || known.any(|row| row.may_have_checked(rows))
        {
            Self::NotKnown
        } else {
            Self::Elsewhere
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Here => "approved",
            Self::NotKnown => "approved, not known by whom",
            Self::Elsewhere => "approved elsewhere",
        }
    }
}

/// The rows of each verification among some rows: what one of them says holds for the others as well.
#[derive(Debug, Default)]
pub struct Verifications<'a> {
    rows: BTreeMap<&'a VerificationSid, Vec<&'a HistoryRow>>,
    unreadable: Vec<&'a HistoryRow>,
}

impl<'a> Verifications<'a> {
    /// Of these rows, in any order.
    pub fn of(rows: &'a [HistoryRow]) -> Self {
        let mut verifications = Self::default();
        for row in rows {
            if row.operation.intent.is_unreadable() {
                verifications.unreadable.push(row);
            } else if let Some(sid) = row.verification() {
                verifications.rows.entry(sid).or_default().push(row);
            }
        }
        verifications
    }

    /// Whether the code went to the number in the customer record, where that was compared.
    pub fn on_file(&self, row: &HistoryRow) -> Option<Compared> {
        let rows = self.of_the_same(row).iter();
        row.on_file()
            .or_else(|| rows.copied().find_map(HistoryRow::on_file))
    }

    fn of_the_same(&self, row: &HistoryRow) -> &[&'a HistoryRow] {
        let rows = row.verification().and_then(|sid| self.rows.get(sid));
        rows.map_or(&[], Vec::as_slice)
    }

    /// Where the right code of its verification was checked, once that is approved.
    fn approval(&self, row: &HistoryRow) -> Approval {
        Approval::of(self.of_the_same(row), self.unreadable.iter().copied())
    }

    /// A check of its verification may yet turn out to have had the right code.
    fn may_be_approved(&self, row: &HistoryRow) -> bool {
        let rows = self.of_the_same(row);
        let unreadable = self.unreadable.iter();
        let unreadable = unreadable.filter(|check| check.may_have_checked(rows));
        rows.iter()
            .chain(unreadable)
            .any(|check| check.may_be_right())
    }

    /// How the verification of a row ended: nothing follows an end.
    fn end(&self, row: &HistoryRow) -> Option<&VerificationStatus> {
        let mut rows = self.of_the_same(row).iter();
        rows.find_map(|row| match &row.state {
            OpState::Settled(Settled::Verification { status, .. }) if !status.is_open() => {
                Some(status)
            }
            _ => None,
        })
    }

    /// What became of the operation of a row.
    pub fn outcome(&self, row: &HistoryRow, now: Timestamp) -> String {
        if row.operation.intent.is_unreadable() {
            // How it stands for Twilio has a field of its own.
            let word = match &row.state {
                OpState::Settled(_) => "not readable",
                OpState::Intended | OpState::Unknown(_) => "not readable, not known",
                OpState::NotSent(_) => "not readable, not sent",
                OpState::Refused(_) => "not readable, refused",
            };
            return word.to_owned();
        }
        let word = match &row.state {
            OpState::Intended => "sending",
            OpState::Unknown(_) => "not known",
            OpState::NotSent(_) if matches!(row.operation.intent, Intent::LookUp { .. }) => {
                "not looked up"
            }
            OpState::NotSent(_) => "not sent",
            OpState::Refused(_) => "refused",
            OpState::Settled(Settled::Lookup { valid: true, .. }) => "exists",
            OpState::Settled(Settled::Lookup { valid: false, .. }) => "cannot exist",
            OpState::Settled(Settled::Text { status, .. }) => return status.as_str().to_owned(),
            OpState::Settled(Settled::Verification {
                status,
                expires_at,
                delivery,
                ..
            }) => {
                let is_check = matches!(row.operation.intent, Intent::VerifyCheck { .. });
                let arrived = delivery.as_ref().map(|delivery| &delivery.status);
                let ended = self.end(row).filter(|_| !is_check);
                match (ended.unwrap_or(status), arrived) {
                    _ if row.has_no_answer() => "no answer came",
                    _ if row.was_wrong_code() => "wrong code",
                    (VerificationStatus::Pending, _)
                        if expires_at.is_some_and(|at| now >= at) && self.may_be_approved(row) =>
                    {
                        "not known"
                    }
                    (VerificationStatus::Pending, Some(MessageStatus::Undelivered)) => {
                        "undelivered"
                    }
                    (VerificationStatus::Pending, Some(MessageStatus::Failed)) => "failed",
                    (VerificationStatus::Pending, _) if expires_at.is_some_and(|at| now >= at) => {
                        "expired"
                    }
                    (VerificationStatus::Pending, Some(MessageStatus::Delivered)) => "delivered",
                    (VerificationStatus::Pending, _) => "code sent",
                    (VerificationStatus::Approved, _) => self.approval(row).word(),
                    (VerificationStatus::Canceled, _) => "stopped",
                    (VerificationStatus::MaxAttemptsReached, _) => "five wrong codes",
                    (VerificationStatus::Expired, _) => "expired",
                    (VerificationStatus::Deleted, _) => "closed elsewhere",
                    (VerificationStatus::Failed, _) => "failed",
                    (VerificationStatus::Other(word), _) => return word.clone(),
                }
            }
        };
        word.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::operation::Delivery;
    use crate::domain::verification::NewVerification;
    use crate::domain::{
        Failure, FailureKind, OpId, Operation, PhoneNumber, Recipient, Remains,
        VerificationChannel, VerificationKey, Was,
    };

    const MADE: Timestamp = Timestamp::UNIX_EPOCH;

    fn start(status: VerificationStatus, arrived: Option<MessageStatus>) -> HistoryRow {
        let to = Recipient::Phone(PhoneNumber::from_e164("+14155550123").unwrap());
        let service = format!("VA{:032x}", 1).parse().unwrap();
        let delivery = arrived.map(|status| Delivery {
            status,
            error_code: None,
            attempt: None,
            call: None,
            carrier: None,
        });
        HistoryRow {
            row: 1,
            operation: Operation {
                id: OpId { session: 1, seq: 1 },
                intent: Intent::VerifyStart(NewVerification::new(
                    service,
                    to,
                    VerificationChannel::Sms,
                )),
                at: MADE,
                account: None,
                home: None,
                ticket: None,
                agent: None,
                skew_seconds: None,
            },
            state: OpState::Settled(Settled::Verification {
                sid: format!("VE{:032x}", 1).parse().unwrap(),
                status,
                channel: VerificationChannel::Sms,
                sends: Some(1),
                expires_at: Some(MADE + jiff::SignedDuration::from_mins(10)),
                delivery,
                approved_at: None,
            }),
            updated_at: MADE,
            audit: None,
        }
    }

    fn check(status: VerificationStatus) -> HistoryRow {
        let mut row = start(status, None);
        if let (
            Intent::VerifyStart(start),
            OpState::Settled(Settled::Verification { sid, sends, .. }),
        ) = (row.operation.intent.clone(), &mut row.state)
        {
            *sends = None;
            row.operation.intent = Intent::VerifyCheck {
                service: start.service,
                key: VerificationKey::Sid(sid.clone()),
                to: Some(start.to),
            };
        }
        row
    }

    #[test]
    fn what_twilio_calls_pending_has_the_word_that_the_screen_has() {
        use VerificationStatus::{Approved, Canceled, Pending};
        for (rows, minutes, words) in [
            (vec![start(Pending, None)], 0, vec!["code sent"]),
            (vec![start(Pending, None)], 10, vec!["expired"]),
            (
                vec![start(Pending, Some(MessageStatus::Delivered))],
                0,
                vec!["delivered"],
            ),
            (
                vec![start(Pending, Some(MessageStatus::Undelivered))],
                10,
                vec!["undelivered"],
            ),
            (
                vec![check(Approved), check(Pending), start(Pending, None)],
                10,
                vec!["approved", "wrong code", "approved"],
            ),
            (vec![start(Canceled, None)], 0, vec!["stopped"]),
        ] {
            let now = MADE + jiff::SignedDuration::from_mins(minutes);
            let verifications = Verifications::of(&rows);
            let said = rows.iter().map(|row| verifications.outcome(row, now));
            assert_eq!(said.collect::<Vec<_>>(), words);
        }
    }

    #[test]
    fn an_approval_of_which_only_twilio_tells_is_told_apart_from_one_of_ours() {
        use VerificationStatus::{Approved, Pending};
        let mut unanswered = check(Pending);
        if let OpState::Settled(Settled::Verification { sends, .. }) = &mut unanswered.state {
            *sends = Some(1);
        }
        for (rows, words) in [
            (vec![start(Approved, None)], vec!["approved elsewhere"]),
            (
                vec![check(Pending), start(Approved, None)],
                vec!["wrong code", "approved elsewhere"],
            ),
            (
                vec![unanswered.clone(), start(Approved, None)],
                vec!["no answer came", "approved, not known by whom"],
            ),
            (
                vec![check(Approved), unanswered, start(Approved, None)],
                vec!["approved", "no answer came", "approved"],
            ),
        ] {
            let verifications = Verifications::of(&rows);
            let said = rows.iter().map(|row| verifications.outcome(row, MADE));
            assert_eq!(said.collect::<Vec<_>>(), words);
        }
    }

    /// A check of which nobody can read what it checked, to the same number.
    fn unreadable_check(state: OpState) -> HistoryRow {
        let mut row = check(VerificationStatus::Pending);
        row.operation.intent = Intent::Unreadable(Remains {
            was: Some(Was::Check),
            to: row.operation.intent.to(),
            ..Remains::default()
        });
        row.state = state;
        row
    }

    fn unknown() -> OpState {
        OpState::Unknown(Failure::new(FailureKind::OutcomeUnknown, "why"))
    }

    #[test]
    fn an_approval_that_was_read_back_is_no_plain_one() {
        use VerificationStatus::{Approved, Pending};
        let mut read_back = check(Approved);
        if let OpState::Settled(Settled::Verification { approved_at, .. }) = &mut read_back.state {
            *approved_at = Some(MADE);
        }
        let rows = [read_back, start(Pending, None)];
        let verifications = Verifications::of(&rows);
        for row in &rows {
            let said = verifications.outcome(row, MADE);
            assert_eq!(said, "approved, not known by whom");
        }
    }

    #[test]
    fn a_check_that_cannot_be_read_may_have_been_the_one_that_was_approved() {
        type Change<'a> = &'a dyn Fn(&mut HistoryRow);
        use VerificationStatus::{Approved, Pending};
        let elsewhere = |row: &mut HistoryRow| {
            if let Intent::Unreadable(remains) = &mut row.operation.intent {
                remains.to = None;
            }
        };
        let named = |row: &mut HistoryRow| {
            elsewhere(row);
            if let Intent::Unreadable(remains) = &mut row.operation.intent {
                remains.sid = Some(format!("VE{:032x}", 1));
            }
        };
        let late = |row: &mut HistoryRow| row.operation.at += jiff::SignedDuration::from_mins(10);
        let unchanged = |_: &mut HistoryRow| {};
        let changes: [(Change<'_>, bool); 4] = [
            (&unchanged, true),
            (&named, true),
            (&elsewhere, false),
            (&late, false),
        ];
        for (change, may_be_it) in changes {
            let mut lost = unreadable_check(unknown());
            change(&mut lost);
            let word = if may_be_it {
                ["approved, not known by whom", "not known"]
            } else {
                ["approved elsewhere", "expired"]
            };
            let after = MADE + jiff::SignedDuration::from_mins(10);
            for (status, word) in [Approved, Pending].into_iter().zip(word) {
                let rows = [lost.clone(), start(status, None)];
                assert_eq!(Verifications::of(&rows).outcome(&rows[1], after), word);
            }
        }
    }

    #[test]
    fn a_code_has_not_expired_for_certain_while_a_check_of_it_is_not_known() {
        use VerificationStatus::Pending;
        let mut lost = check(Pending);
        lost.state = unknown();
        let rows = [check(Pending), lost, start(Pending, None)];
        let verifications = Verifications::of(&rows);
        let said = |minutes| {
            let now = MADE + jiff::SignedDuration::from_mins(minutes);
            verifications.outcome(&rows[2], now)
        };
        assert_eq!(
            (said(0), said(10)),
            ("code sent".into(), "not known".into())
        );
    }

    #[test]
    fn each_row_of_a_verification_says_whether_its_number_was_on_file() {
        use VerificationStatus::{Approved, Pending};
        let mut first = start(Pending, None);
        if let Intent::VerifyStart(start) = &mut first.operation.intent {
            start.on_file = Some(Compared::Differs);
        }
        let mut refused = check(Pending);
        refused.state = OpState::Refused(Failure::new(FailureKind::Refused, "why"));
        let mut other = check(Approved);
        if let OpState::Settled(Settled::Verification { sid, .. }) = &mut other.state {
            *sid = format!("VE{:032x}", 2).parse().unwrap();
        }
        let rows = [other, check(Approved), refused, check(Pending), first];
        let verifications = Verifications::of(&rows);
        let said = rows.iter().map(|row| verifications.on_file(row));
        let differs = Some(Compared::Differs);
        let expected = [None, differs, differs, differs, differs];
        assert_eq!(said.collect::<Vec<_>>(), expected);
    }
}
