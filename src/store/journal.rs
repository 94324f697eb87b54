//! Writing: intend, settle, recover. Each is one transaction that says at its begin that it writes.

use rusqlite::Connection;
use rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE;

use super::audit::{Chain, Entry, Event};
use super::codec::{self, Stored};
use super::error::StoreError;
use super::owed::Owed;
use super::schema::Checked;
use super::{Home, Journal, Store, Twin, cap, history, lock, unsettled};
use crate::domain::message::may_be_one;
use crate::domain::operation::Delivery;
use crate::domain::policy::DayCap;
use crate::domain::remains::UNREADABLE;
use crate::domain::verification::{VALIDITY_SECONDS, VerificationStatus};
use crate::domain::{
    Draft, Failure, FailureKind, HistoryRow, Intent, NewMessage, OpId, OpState, Operation,
    Recipient, Remains, Settled, Timestamp, Was,
};

impl Journal for Store {
    fn session(&self) -> u32 {
        self.session
    }

    fn intend_within(
        &mut self,
        operation: &Operation,
        twin: Twin,
        day: Option<DayCap>,
    ) -> Result<HistoryRow, StoreError> {
        self.pay();
        if let Some(home) = &self.home {
            home.reserve.keep()?;
        }
        if !self.compared {
            unsettled::compare(&self.connection)?;
            self.compared = true;
        }
        let transaction = self.connection.write()?;
        match twin {
            Twin::Refuse => {
                if let Some(row) = twin_of(&transaction, operation, self.home.as_ref())? {
                    return Err(StoreError::Twin(Box::new(row)));
                }
            }
            Twin::Again(asked) => {
                let known = history::find(&transaction, asked)?;
                if let Some(row) = known.filter(|row| matches!(row.state, OpState::Settled(_))) {
                    return Err(StoreError::Found(Box::new(row)));
                }
                if let Some(row) = repeated_since(&transaction, operation, asked)? {
                    return Err(StoreError::SentAgain(row.operation.id));
                }
            }
        }
        if let Some(day) = day {
            cap::check(&transaction, &day)?;
        }
        let mut row = insert(&transaction, operation, &OpState::Intended, operation.at)?;
        let entry = Entry::of(Event::Intended, &row);
        row.audit = Some(self.chain.append(&transaction, entry, operation.at)?);
        transaction.commit()?;
        // What is on disk somewhere else is not what was promised.
        self.connection.is_in_place()?;
        self.chain.advance(&self.connection);
        Ok(row)
    }

    fn settle(
        &mut self,
        id: OpId,
        state: &OpState,
        at: Timestamp,
    ) -> Result<HistoryRow, StoreError> {
        self.pay();
        let written = self.write_outcome(id, state, at);
        if let Err(error) = &written {
            let state = state.clone();
            self.owe(Owed { id, state, at }, error);
        }
        written
    }

    fn recover(&mut self, at: Timestamp) -> Result<Vec<HistoryRow>, StoreError> {
        let session = self.session;
        let ended = |kind| Failure::new(kind, "The program ended before an answer came.");
        let unknown = OpState::Unknown(ended(FailureKind::OutcomeUnknown));
        let lost = OpState::NotSent(ended(FailureKind::NotSent));
        self.with_reserve(|connection, home, chain| {
            let Some(home) = home else {
                return Ok(Vec::new());
            };
            let transaction = connection.write()?;
            let begun = history::many(&transaction, history::INTENDED_BY_OTHERS, [session])?;
            let recovered = begun
                .into_iter()
                .filter(|row| !lock::is_alive(&home.locks, row.operation.id.session))
                .map(|row| {
                    let state = match row.operation.intent {
                        // It changed nothing, so there is nothing to be found out.
                        Intent::LookUp { .. }
                        | Intent::Unreadable(Remains {
                            was: Some(Was::LookUp),
                            ..
                        }) => &lost,
                        _ => &unknown,
                    };
                    let mut row = update(&transaction, row, state, at)?;
                    let entry = Entry::of(Event::Recovered, &row);
                    row.audit = Some(chain.append(&transaction, entry, at)?);
                    Ok(row)
                })
                .collect::<Result<_, StoreError>>()?;
            transaction.commit()?;
            chain.advance(connection);
            Ok(recovered)
        })
    }

    fn delete(&mut self, ops: &[OpId], now: Timestamp) -> Result<Vec<OpId>, StoreError> {
        self.remove(ops, now, false)
    }

    fn delete_given_up(&mut self, ops: &[OpId], now: Timestamp) -> Result<Vec<OpId>, StoreError> {
        self.remove(ops, now, true)
    }

    fn forget_before(
        &mut self,
        before: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<OpId>, StoreError> {
        self.remove_older(before, now)
    }

    fn save_draft(&mut self, draft: &Draft) -> Result<(), StoreError> {
        self.write_draft(draft)
    }

    fn take_draft(&mut self) -> Result<Option<Draft>, StoreError> {
        self.adopt_draft()
    }
}

impl Store {
    /// Writes down what has become of an operation.
    pub(super) fn write_outcome(
        &mut self,
        id: OpId,
        state: &OpState,
        at: Timestamp,
    ) -> Result<HistoryRow, StoreError> {
        self.with_reserve(|connection, _, chain| {
            let transaction = connection.write()?;
            let row = history::find(&transaction, id)?.ok_or(StoreError::Absent(id))?;
            let held = is_held(&transaction, &row, state)?;
            if !row.state.may_become(state) || held && row.state != OpState::Intended {
                return Ok(row);
            }
            let another = OpState::Unknown(Failure::new(
                FailureKind::OutcomeUnknown,
                "Twilio's answer was about an earlier operation of this history.",
            ));
            let state = if held { &another } else { state };
            let event = match row.state {
                OpState::Unknown(_) if matches!(state, OpState::Settled(_)) => Event::Adopted,
                _ => Event::Settled,
            };
            let mut row = update(&transaction, row, state, at)?;
            row.audit = Some(chain.append(&transaction, Entry::of(event, &row), at)?);
            transaction.commit()?;
            chain.advance(connection);
            Ok(row)
        })
    }

    /// What came of an operation must find room: where the disk is full, the reserve is given up for it.
    fn with_reserve<T>(
        &mut self,
        deed: impl Fn(&mut Checked, Option<&Home>, &Chain) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let home = self.home.as_ref();
        match deed(&mut self.connection, home, &self.chain) {
            Err(error)
                if error.may_want_room() && home.is_some_and(|home| home.reserve.release()) =>
            {
                deed(&mut self.connection, home, &self.chain)
            }
            answer => answer,
        }
    }
}

/// What is answered by Twilio, or found there, belongs to one operation alone: what another row has been credited with,
/// by this process or by another, is not taken for this one. Neither is a text found while the same one is being sent by
/// another row, or an approval while another code of the same customer is being checked, for it may be of that one:
/// its intent was on disk before it could be found.
fn is_held(connection: &Connection, row: &HistoryRow, state: &OpState) -> Result<bool, StoreError> {
    let unknown = matches!(row.state, OpState::Unknown(_));
    if unknown && may_be_of_one_under_way(connection, row, state)? {
        return Ok(true);
    }
    let OpState::Settled(settled) = state else {
        return Ok(false);
    };
    let is_new = unknown || row.state == OpState::Intended;
    let (question, sid) = match (&row.operation.intent, settled) {
        (_, Settled::Text { sid, .. }) if is_new => (history::TEXT_OF_ANOTHER, sid.as_str()),
        (
            Intent::VerifyCheck { .. },
            Settled::Verification {
                sid,
                status: VerificationStatus::Approved,
                ..
            },
        ) if is_new => (history::APPROVAL_OF_ANOTHER, sid.as_str()),
        (
            _,
            Settled::Verification {
                delivery:
                    Some(Delivery {
                        attempt: Some(attempt),
                        ..
                    }),
                ..
            },
        ) => (history::ATTEMPT_OF_ANOTHER, attempt.as_str()),
        _ => return Ok(false),
    };
    Ok(connection
        .prepare_cached(question)?
        .exists((sid, row.row))?)
}

/// Whether what was found may be of a row that awaits its answer.
fn may_be_of_one_under_way(
    connection: &Connection,
    row: &HistoryRow,
    state: &OpState,
) -> Result<bool, StoreError> {
    let intent = &row.operation.intent;
    let is_like = |other: &HistoryRow| match (intent, state) {
        (Intent::Text(text), OpState::Settled(_)) => says(other, text),
        (Intent::VerifyCheck { .. }, OpState::Settled(Settled::Verification { status, .. })) => {
            *status == VerificationStatus::Approved
        }
        _ => false,
    };
    let unsettled = |to: Recipient| {
        history::many(
            connection,
            history::UNSETTLED_TO,
            (to.as_str(), intent.kind()),
        )
    };
    let rows = intent.to().map(unsettled).transpose()?;
    Ok(rows
        .into_iter()
        .flatten()
        .any(|other| other.row != row.row && other.state == OpState::Intended && is_like(&other)))
}

/// The same to the same recipient, not settled yet.
fn twin_of(
    connection: &Connection,
    operation: &Operation,
    home: Option<&Home>,
) -> Result<Option<HistoryRow>, StoreError> {
    let Some((to, kind)) = may_have_twins(operation) else {
        return Ok(None);
    };
    // Two windows may have come to it in one moment, by ways of their own: neither saw the other's.
    let under_way = |row: &HistoryRow| {
        matches!(
            (&row.operation.intent, &operation.intent),
            (Intent::VerifyStart(_), Intent::VerifyStart(_))
        ) && row.state == OpState::Intended
            && home.is_none_or(|home| lock::is_alive(&home.locks, row.operation.id.session))
            && is_young(row, operation)
    };
    for kind in [kind, UNREADABLE] {
        let rows = history::many(connection, history::UNSETTLED_TO, (to.as_str(), kind))?;
        let mut rows = rows.into_iter();
        if let Some(twin) = rows.find(|row| is_twin(row, operation) || under_way(row)) {
            return Ok(Some(twin));
        }
    }
    Ok(None)
}

/// What a later look at Twilio could take for another one of its kind.
fn may_have_twins(operation: &Operation) -> Option<(Recipient, &'static str)> {
    let intent = &operation.intent;
    matches!(intent, Intent::Text(_) | Intent::VerifyStart(_))
        .then(|| Some((intent.to()?, intent.kind())))
        .flatten()
}

/// Whether a row of the same kind to the same recipient is the same send: a text of the same words, or a
/// code by the same way while the first one is good.
fn is_twin(row: &HistoryRow, operation: &Operation) -> bool {
    match (&row.operation.intent, &operation.intent) {
        (Intent::VerifyStart(first), Intent::VerifyStart(start)) => {
            first.channel == start.channel && is_young(row, operation)
        }
        (Intent::Unreadable(left), Intent::Text(text)) => left.may_have_said(text.body.raw()),
        (Intent::Unreadable(left), Intent::VerifyStart(start)) => {
            matches!(left.was, None | Some(Was::Start))
                && left
                    .channel
                    .as_ref()
                    .is_none_or(|way| *way == start.channel)
                && is_young(row, operation)
        }
        (_, other) => matches!(other, Intent::Text(text) if says(row, text)),
    }
}

/// Whether the code of a row is still good when this one is asked for.
fn is_young(row: &HistoryRow, operation: &Operation) -> bool {
    operation.at.duration_since(row.operation.at).as_secs() < VALIDITY_SECONDS
}

/// Whether a row is a text of these words, as far as a look at Twilio could tell.
fn says(row: &HistoryRow, message: &NewMessage) -> bool {
    matches!(&row.operation.intent, Intent::Text(text)
        if may_be_one(text.body.raw(), message.body.raw()))
}

/// The same, begun after the one that was asked about, unless it never left.
fn repeated_since(
    connection: &Connection,
    operation: &Operation,
    asked: OpId,
) -> Result<Option<HistoryRow>, StoreError> {
    let Some((to, kind)) = may_have_twins(operation) else {
        return Ok(None);
    };
    let since = (to.as_str(), kind, asked.session, asked.seq);
    let rows = history::many(connection, history::BEGUN_SINCE, since)?;
    Ok(rows.into_iter().find(|row| is_twin(row, operation)))
}

/// Writes a new row.
pub fn insert(
    connection: &Connection,
    operation: &Operation,
    state: &OpState,
    updated_at: Timestamp,
) -> Result<HistoryRow, StoreError> {
    let mut row = HistoryRow {
        row: 0,
        operation: operation.clone(),
        state: state.clone(),
        updated_at,
        audit: None,
    };
    let stored = Stored::encode(&row)?;
    let written = connection
        .prepare_cached(codec::INSERT)?
        .insert(stored.params());
    row.row = written.map_err(|error| {
        let repeated = error
            .sqlite_error()
            .is_some_and(|error| error.extended_code == SQLITE_CONSTRAINT_UNIQUE);
        if repeated {
            StoreError::Repeated(operation.id)
        } else {
            error.into()
        }
    })?;
    Ok(row)
}

const UPDATE: &str = "UPDATE operations
    SET state = ?2, sid = ?3, status = ?4, open = ?5, outcome = ?6, updated_at = ?7 WHERE row = ?1";

/// Writes a new state over the old one.
fn update(
    connection: &Connection,
    row: HistoryRow,
    state: &OpState,
    at: Timestamp,
) -> Result<HistoryRow, StoreError> {
    let row = HistoryRow {
        state: state.clone(),
        updated_at: at,
        ..row
    };
    let stored = Stored::encode(&row)?;
    connection.prepare_cached(UPDATE)?.execute((
        row.row,
        &stored.state,
        &stored.sid,
        &stored.status,
        stored.open,
        &stored.outcome,
        &stored.updated_at,
    ))?;
    Ok(row)
}

#[cfg(test)]
mod tests;
