//! What is to be expected of a row, and what a list says of it.

use jiff::SignedDuration;

use crate::domain::operation::Delivery;
use crate::domain::verification::Attempt;
use crate::domain::{
    HistoryRow, Intent, Message, MessageStatus, OpState, Settled, Timestamp, VerificationChannel,
    VerificationStatus,
};

use super::super::effect::Effect;
use super::super::search::CLOCKS_APART;
use super::super::skews::Skews;
use super::CODE_LIFE;

/// A text that the carrier never confirms is not asked about for ever.
const GIVE_UP: SignedDuration = SignedDuration::from_hours(4);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Code,
}

/// What is still to be expected of a row.
pub(super) fn expected(row: &HistoryRow, now: Timestamp) -> Option<Kind> {
    let age = now.duration_since(departure(row));
    match &row.state {
        OpState::Settled(Settled::Text { status, .. }) => {
            (!status.is_final() && age < GIVE_UP).then_some(Kind::Text)
        }
        OpState::Settled(Settled::Verification {
            channel,
            delivery,
            status,
            ..
        }) => {
            // When it ended is not overwritten by what nobody waits for any more.
            let over = matches!(
                status,
                VerificationStatus::Expired | VerificationStatus::MaxAttemptsReached
            );
            let sent = matches!(row.operation.intent, Intent::VerifyStart(_));
            let reported = !matches!(
                channel,
                VerificationChannel::Email | VerificationChannel::Other(_)
            );
            let open = delivery
                .as_ref()
                .is_none_or(|delivery| !delivery.status.is_final());
            (sent && reported && open && !over && age < CODE_LIFE).then_some(Kind::Code)
        }
        _ => None,
    }
}

/// When it leaves: at once, or at the time that was set for it.
pub(super) fn departure(row: &HistoryRow) -> Timestamp {
    match &row.operation.intent {
        Intent::Text(text) => text.send_at.unwrap_or(row.operation.at),
        _ => row.operation.at,
    }
}

/// It is scheduled, and its time has not come.
pub(super) fn waits(row: &HistoryRow, now: Timestamp) -> bool {
    departure(row) > now
        && matches!(
            &row.state,
            OpState::Settled(Settled::Text {
                status: MessageStatus::Scheduled,
                ..
            })
        )
}

/// The send in Twilio's list that a row stands for: the one that it is known to be, else the first one of its verification, the second, … as
/// Twilio counted it when it was sent. Where it did not count, the one that is nearest in time.
pub(super) fn attempt_of<'a>(
    row: &HistoryRow,
    attempts: &'a [Attempt],
    skews: &Skews,
) -> Option<&'a Attempt> {
    let OpState::Settled(Settled::Verification {
        sid,
        channel,
        sends,
        delivery,
        ..
    }) = &row.state
    else {
        return None;
    };
    if let Some(known) = delivery
        .as_ref()
        .and_then(|delivery| delivery.attempt.as_ref())
    {
        return attempts.iter().find(|attempt| attempt.sid == *known);
    }
    // Newest first in the list; the order of those within one second is the list's.
    let mut ours: Vec<&Attempt> = attempts
        .iter()
        .rev()
        .filter(|attempt| attempt.verification_sid == *sid)
        .collect();
    ours.sort_by_key(|attempt| attempt.date_created);
    let at = skews.asked_at(&row.operation);
    let apart = |attempt: &&Attempt| {
        attempt
            .date_created
            .map_or(SignedDuration::MAX, |date| date.duration_since(at).abs())
    };
    match sends {
        Some(sends) => ours
            .get((*sends as usize).checked_sub(1)?)
            .copied()
            .filter(|attempt| attempt.channel == *channel),
        None => ours
            .into_iter()
            .filter(|attempt| attempt.channel == *channel && apart(attempt) <= CLOCKS_APART)
            .min_by_key(apart),
    }
}

pub(super) fn of_text(row: &HistoryRow, message: &Message) -> Option<Effect> {
    let state = OpState::Settled(Settled::text(message));
    row.state.may_become(&state).then(|| Effect::Settle {
        op: row.operation.id,
        state,
    })
}

pub(super) fn of_code(row: &HistoryRow, attempt: &Attempt) -> Option<Effect> {
    let OpState::Settled(settled @ Settled::Verification { delivery, .. }) = &row.state else {
        return None;
    };
    let now = attempt
        .message_status
        .clone()
        .or_else(|| attempt.call_status.as_deref().map(of_call))?;
    let forward = delivery
        .as_ref()
        .is_none_or(|known| known.status.may_become(&now));
    if !forward {
        return None;
    }
    let mut settled = settled.clone();
    if let Settled::Verification { delivery, .. } = &mut settled {
        *delivery = Some(Delivery {
            status: now,
            error_code: attempt.error_code,
            attempt: Some(attempt.sid.clone()),
            call: attempt.call_status.clone(),
            carrier: attempt.carrier.clone(),
        });
    }
    Some(Effect::Settle {
        op: row.operation.id,
        state: OpState::Settled(settled),
    })
}

/// A call's progress in the words of a text's: what matters to the agent is whether it got through.
fn of_call(status: &str) -> MessageStatus {
    match status {
        "queued" => MessageStatus::Queued,
        "ringing" => MessageStatus::Sending,
        "in-progress" => MessageStatus::Sent,
        "completed" => MessageStatus::Delivered,
        "busy" | "no-answer" => MessageStatus::Undelivered,
        "failed" | "canceled" => MessageStatus::Failed,
        other => MessageStatus::Other(other.to_owned()),
    }
}
