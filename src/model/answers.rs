//! What the answers of the outside change: the history, the account, Twilio.
//!
//! A reply first clears what was waiting for it, then is judged; one that nobody waits for changes nothing.

use std::collections::BTreeSet;

use crate::domain::sid::MessageSid;
use crate::domain::verification::VALIDITY_SECONDS;
use crate::domain::{
    Answer, Call, Connection, Failure, FailureKind, HistoryRow, Intent, OpId, OpState, Page, Reply,
    Settled, Timestamp, phrase,
};

use super::effect::Effect;
use super::event::{Ask, Opened};
use super::operations::{Operations, Progress};
use super::stage::Stage;
use super::{Model, Pane, check};

impl Model {
    pub(super) fn opened(&mut self, opened: Opened) -> Vec<Effect> {
        self.operations = Operations::new(opened.session, self.setting.agent.clone());
        self.history.open(opened.page);
        // Whether they can be looked up is known once it is known which account is connected.
        self.unsettled = opened.unknown;
        self.unsettled.extend(opened.unfinished);
        if let Some(draft) = opened.draft {
            self.draft_found(draft);
        }
        vec![Effect::ReadTemplates]
    }

    pub(super) fn connected(&mut self, connection: Connection) -> Vec<Effect> {
        if let Some(service) = &connection.verify_service {
            for rows in open_verifications(self.history.rows(), self.now) {
                let known = self.verify.checks.iter().any(|check| {
                    rows.iter()
                        .any(|row| check.last_send == Some(row.operation.id))
                });
                if !known && let Some(check) = check::Check::from_rows(service, &rows) {
                    self.verify.checks.push(check);
                }
            }
        }
        self.operations.act_for(connection.account_sid.clone());
        for row in std::mem::take(&mut self.unsettled) {
            self.look_after(&row);
        }
        let service = connection
            .verify_service
            .as_ref()
            .map(|service| service.sid.clone());
        self.connection = Some(connection);
        self.connect_failure = None;
        self.setup = None;
        // Its name and the length of its codes may have changed since they were written down.
        service
            .map(|sid| Effect::Call {
                ask: Ask::Service,
                call: Call::FetchVerifyService(sid),
            })
            .into_iter()
            .collect()
    }

    /// What Twilio says of the service in use. Keys that may not read it may still send under it.
    pub(super) fn service_read(&mut self, result: Result<Box<Answer>, Failure>) {
        let known = self
            .connection
            .as_mut()
            .and_then(|connection| connection.verify_service.as_mut());
        match (result.map(|answer| answer.reply), known) {
            (Ok(Reply::VerifyService(service)), Some(known)) if known.sid == service.sid => {
                *known = service.into();
                // Checks that were taken up from the history did not know it yet.
                let known = known.clone();
                for check in &mut self.verify.checks {
                    if check.service.sid == known.sid {
                        check.service = known.clone();
                    }
                }
            }
            (Err(failure), _)
                if failure.kind == FailureKind::Credentials && failure.status == Some(401) =>
            {
                self.notify(failure.phrase());
            }
            _ => {}
        }
    }

    /// A scheduled text was withdrawn, or was not. Where that is not known the text itself is asked.
    fn withdrawn(&mut self, op: OpId, result: Result<Box<Answer>, Failure>) -> Vec<Effect> {
        let Err(failure) = result else {
            return self.follow.message(op, &result);
        };
        self.notify(phrase!(
            "It was not withdrawn: {why}",
            why = &failure.message
        ));
        self.follow.fetch(op).into_iter().collect()
    }

    /// What comes of something that is not on screen is said in a sentence, so that it is not missed.
    fn tell_of_background(&mut self, op: OpId, state: &OpState) {
        let shown = self.pane == Pane::Verify && self.setup.is_none();
        let hidden = self.verify.checks.iter().enumerate().find(|(at, check)| {
            check.last_operation == Some(op) && !(shown && self.verify.shown == Some(*at))
        });
        let word = match (hidden, state) {
            (Some((_, check)), OpState::Settled(_))
                if matches!(check.stage, Stage::Approved { .. }) =>
            {
                "Approved"
            }
            (Some((_, check)), OpState::Settled(_)) if check.wrong_at == Some(self.now) => {
                "Wrong code"
            }
            (Some(_), OpState::Refused(_) | OpState::NotSent(_)) => "It did not work",
            (Some(_), OpState::Unknown(_)) => "Not known",
            _ => return,
        };
        if let Some((_, check)) = hidden {
            self.notify(format!(
                "{word}: {}. F7, then Tab shows it.",
                check.to.masked()
            ));
        }
    }

    /// What others have written into the history meanwhile is news as well.
    pub(super) fn newest_rows(&mut self, page: Page) {
        for row in page.rows.into_iter().rev() {
            if self.history.row(row.operation.id) != Some(&row)
                && !self.operations.is_open(row.operation.id)
            {
                self.row_changed(row);
            }
        }
    }

    /// What is not known is looked for and what is on its way is followed, under its own account alone:
    /// another one would say that there is no trace of it.
    fn look_after(&mut self, row: &HistoryRow) {
        if self.operations.is_ours(&row.operation) {
            self.searches.row_changed(row, self.now);
            self.follow.row_changed(row, self.now);
        }
    }

    /// A new row, or a changed one, goes to everybody who may care.
    pub(super) fn row_changed(&mut self, row: HistoryRow) {
        self.look_after(&row);
        self.verify.row_changed(&row, self.now);
        self.compose.row_changed(row.operation.id, &row.state);
        self.history.upsert(row);
    }

    pub(super) fn progressed(
        &mut self,
        op: OpId,
        step: Option<(Progress, Option<Effect>)>,
    ) -> Vec<Effect> {
        let Some((progress, effect)) = step else {
            return Vec::new();
        };
        self.verify.progress(op, &progress, self.now);
        if let Progress::Outcome { state, .. } = &progress {
            self.tell_of_background(op, state);
        }
        self.compose.progress(op, &progress);
        match progress {
            Progress::Calling(row) | Progress::Written(row) => self.row_changed(*row),
            Progress::NotIntended(failure) => self.notify(failure.phrase()),
            Progress::NotWritten { failure, .. } => {
                self.notify(phrase!("It was done, but could not be written into the history: {why} It will be looked up at the next start.", why = failure.phrase()));
            }
            Progress::Outcome { .. } => {}
        }
        effect.into_iter().collect()
    }

    pub(super) fn replied(
        &mut self,
        ask: Ask,
        result: Result<Box<Answer>, Failure>,
    ) -> Vec<Effect> {
        match ask {
            Ask::Operation(op) => {
                let step = self.operations.replied(op, result, self.now);
                self.progressed(op, step)
            }
            Ask::Search(op) => {
                let claimed = self.claimed_messages();
                self.searches
                    .replied(op, &result, &claimed, self.now)
                    .into_iter()
                    .collect()
            }
            Ask::Messages => self.follow.messages(&result, self.now),
            Ask::Message(op) => self.follow.message(op, &result),
            Ask::Withdrawal(op) => self.withdrawn(op, result),
            Ask::Attempts => self.follow.attempts(&result, self.now),
            Ask::Service => {
                self.service_read(result);
                Vec::new()
            }
            // A desk never asks it.
            Ask::Once => Vec::new(),
            Ask::Setup(number) => self
                .setup
                .as_mut()
                .map(|setup| setup.replied(number, result, self.now))
                .unwrap_or_default(),
        }
    }

    pub(super) fn settled(
        &mut self,
        op: OpId,
        result: Result<Box<HistoryRow>, Failure>,
    ) -> Vec<Effect> {
        if let Some(progress) = self.operations.settled(op, result.clone()) {
            return self.progressed(op, Some((progress, None)));
        }
        match result {
            Ok(row) => self.row_changed(*row),
            Err(failure) => self.notify(failure.phrase()),
        }
        Vec::new()
    }

    pub(super) fn claimed_messages(&self) -> BTreeSet<MessageSid> {
        let sids = self
            .history
            .rows()
            .iter()
            .filter_map(|row| match &row.state {
                OpState::Settled(Settled::Text { sid, .. }) => Some(sid.clone()),
                _ => None,
            });
        sids.collect()
    }
}

/// The rows of each verification that may still be open, oldest first.
fn open_verifications(rows: &[HistoryRow], now: Timestamp) -> Vec<Vec<&HistoryRow>> {
    let mut grouped: std::collections::BTreeMap<
        &crate::domain::sid::VerificationSid,
        Vec<&HistoryRow>,
    > = std::collections::BTreeMap::new();
    for row in rows.iter().rev() {
        if let OpState::Settled(Settled::Verification { sid, .. }) = &row.state {
            grouped.entry(sid).or_default().push(row);
        }
    }
    let open = |rows: &Vec<&HistoryRow>| {
        let over = rows.iter().any(|row| matches!(&row.state, OpState::Settled(Settled::Verification { status, .. }) if !status.is_open()));
        let expires = rows.iter().find_map(|row| match &row.state {
            OpState::Settled(Settled::Verification { expires_at, .. }) => *expires_at,
            _ => None,
        });
        !over && expires.is_some_and(|at| at > now)
    };
    let mut open: Vec<Vec<&HistoryRow>> = grouped.into_values().filter(open).collect();
    // A send whose outcome is not known may have put a code on a phone just as well.
    for row in rows.iter().rev().filter(|row| may_be_out(row, now)) {
        let to = row.operation.intent.to();
        let known =
            |rows: &Vec<&HistoryRow>| rows.iter().any(|row| row.operation.intent.to() == to);
        if !open.iter().any(known) {
            open.push(vec![row]);
        }
    }
    open
}

fn may_be_out(row: &HistoryRow, now: Timestamp) -> bool {
    let age = now.duration_since(row.operation.at).as_secs();
    matches!(
        (&row.operation.intent, &row.state),
        (Intent::VerifyStart(_), OpState::Unknown(_))
    ) && age < VALIDITY_SECONDS
}
