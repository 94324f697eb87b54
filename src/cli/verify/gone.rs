//! What a 404 meant, as far as this history tells: Twilio answers alike of a verification that was approved, has
//! expired or was used up, and of one that never was.

use jiff::SignedDuration;

use crate::domain::outcome::Verifications;
use crate::domain::verification::VALIDITY_SECONDS;
use crate::domain::{
    Failure, HistoryRow, OpState, Phrase, Settled, Timestamp, VerificationKey, phrase,
};
use crate::paths::own;

use super::super::Exit;
use super::super::one_shot::OneShot;

/// How a command ends to which Twilio said that it has no such open verification.
pub async fn exit(
    one_shot: &mut OneShot,
    key: &VerificationKey,
    failure: Failure,
) -> Result<Exit, Exit> {
    let why = match one_shot.find_start(key).await? {
        Some(start) => {
            let reaches = |rows: &[HistoryRow]| rows.last().is_some_and(|row| row.row <= start.row);
            let rows = one_shot.rows(reaches).await?;
            told(&start, &rows, one_shot.now())
        }
        None => unheard_of(),
    };
    let sentence = match failure.code {
        Some(code) => phrase!("{why} (Twilio {code})", why = why, code = code),
        None => why,
    };
    Ok(Exit::failed(failure, sentence))
}

/// By the word that the history has for it.
fn told(start: &HistoryRow, rows: &[HistoryRow], now: Timestamp) -> Phrase {
    match Verifications::of(rows).outcome(start, now).as_str() {
        "approved" => match approved_at(start, rows) {
            Some(at) => phrase!(
                "Nothing is open: this history approved it, at {time}.",
                time = time(at)
            ),
            None => phrase!("Nothing is open: this history approved it."),
        },
        "approved, not known by whom" => phrase!(
            "Nothing is open: it was approved, and it is not known by whom, since an answer to a code that was checked here was lost."
        ),
        "approved elsewhere" => phrase!("Nothing is open: it was approved elsewhere."),
        "expired" | "undelivered" if now >= expired_at(start) => phrase!(
            "Nothing is open: the code expired at {time}. Send a new one.",
            time = time(expired_at(start))
        ),
        "five wrong codes" => phrase!("Nothing is open: five wrong codes were checked."),
        "stopped" => phrase!("Nothing is open: it was stopped. Send a new code."),
        "not known" => phrase!(
            "Nothing is open: it is not known what came of an earlier step, which may have approved it. tuilio history --refresh looks it up."
        ),
        "not sent" | "refused" => unheard_of(),
        _ => phrase!(
            "Nothing is open: Twilio has closed it, and this history does not tell why. Send a new code."
        ),
    }
}

fn unheard_of() -> Phrase {
    phrase!("Nothing is open, and this history knows of no code that was sent there.")
}

fn approved_at(start: &HistoryRow, rows: &[HistoryRow]) -> Option<Timestamp> {
    let is_it = |row: &&HistoryRow| row.is_approval() && row.verification() == start.verification();
    rows.iter().find(is_it).map(|row| row.updated_at)
}

fn expired_at(start: &HistoryRow) -> Timestamp {
    match &start.state {
        OpState::Settled(Settled::Verification {
            expires_at: Some(at),
            ..
        }) => *at,
        _ => start.operation.at + SignedDuration::from_secs(VALIDITY_SECONDS),
    }
}

fn time(at: Timestamp) -> String {
    at.to_zoned(own::zone())
        .strftime("%Y-%m-%d %H:%M")
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sid::VerificationSid;
    use crate::domain::verification::NewVerification;
    use crate::domain::{
        FailureKind, Intent, OpId, Operation, PhoneNumber, Recipient, VerificationChannel,
        VerificationStatus,
    };

    const MADE: Timestamp = Timestamp::UNIX_EPOCH;

    fn sid() -> VerificationSid {
        format!("VE{:032x}", 1).parse().unwrap()
    }

    fn settled(status: VerificationStatus) -> OpState {
        OpState::Settled(Settled::Verification {
            sid: sid(),
            status,
            channel: VerificationChannel::Sms,
            sends: None,
            expires_at: None,
            delivery: None,
            approved_at: None,
        })
    }

    fn row(intent: Intent, state: OpState) -> HistoryRow {
        HistoryRow {
            row: 1,
            operation: Operation {
                id: OpId { session: 1, seq: 1 },
                intent,
                at: MADE,
                account: None,
                home: None,
                ticket: None,
                agent: None,
                skew_seconds: None,
            },
            state,
            updated_at: MADE,
            audit: None,
        }
    }

    #[test]
    fn each_end_that_the_history_knows_has_a_sentence_of_its_own() {
        use VerificationStatus::{Approved, Canceled, Deleted, MaxAttemptsReached, Pending};
        let service: crate::domain::sid::VerifyServiceSid =
            format!("VA{:032x}", 1).parse().unwrap();
        let to = Recipient::Phone(PhoneNumber::from_e164("+14155550123").unwrap());
        let start = |state| {
            let start = NewVerification::new(service.clone(), to.clone(), VerificationChannel::Sms);
            row(Intent::VerifyStart(start), state)
        };
        let check = |state| {
            let key = VerificationKey::Sid(sid());
            let to = Some(to.clone());
            row(
                Intent::VerifyCheck {
                    service: service.clone(),
                    key,
                    to,
                },
                state,
            )
        };
        let mut expired = start(settled(Pending));
        if let OpState::Settled(Settled::Verification { expires_at, .. }) = &mut expired.state {
            *expires_at = Some(MADE);
        }
        let lost = Failure::new(FailureKind::OutcomeUnknown, "why");
        let refused = OpState::Refused(Failure::new(FailureKind::Refused, "why"));
        for (rows, said) in [
            (
                vec![check(settled(Approved)), start(settled(Pending))],
                "this history approved it, at 1970",
            ),
            (vec![start(settled(Approved))], "approved elsewhere"),
            (
                vec![
                    check(OpState::Unknown(lost.clone())),
                    start(settled(Approved)),
                ],
                "not known by whom",
            ),
            (vec![expired.clone()], "expired at 1970"),
            (
                vec![check(OpState::Unknown(lost)), expired],
                "which may have approved it",
            ),
            (vec![start(settled(MaxAttemptsReached))], "five wrong codes"),
            (vec![start(settled(Canceled))], "it was stopped"),
            (vec![start(settled(Deleted))], "does not tell why"),
            (vec![start(settled(Pending))], "does not tell why"),
            (vec![start(refused)], "knows of no code"),
        ] {
            let told = told(rows.last().unwrap(), &rows, MADE).to_string();
            assert!(told.contains(said), "{told}");
        }
    }
}
