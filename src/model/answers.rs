//! What the answers of the outside change: the history, the account, Twilio.
//!
//! A reply first clears what was waiting for it, then is judged; one that nobody waits for changes nothing.

use crate::domain::connection::{NamedSender, NamedService};
use crate::domain::verification::Attempt;
use crate::domain::{
    Answer, Call, Connection, Failure, FailureKind, HistoryRow, OpId, OpState, Page, Reply, Sender,
    phrase,
};

use super::check::Check;
use super::effect::Effect;
use super::event::{Ask, Opened};
use super::follow::Follow;
use super::operations::{Operations, Progress};
use super::search::{Claims, Searches};
use super::thread::Thread;
use super::{Model, Pane, check, compose, offers};

impl Model {
    pub(super) fn opened(&mut self, opened: Opened) -> Vec<Effect> {
        self.operations = Operations::new(opened.session, self.setting.agent.clone());
        self.history.open(opened.page);
        self.unaccepted = opened.unaccepted;
        // Whether they can be looked up is known once it is known which account is connected.
        self.unsettled = opened.unknown;
        self.unsettled.extend(opened.unfinished);
        // It is in no index of what is on its way, and few are so young that something may come of them.
        let rows = self.history.rows().iter();
        let unreadable = rows.filter(|row| row.operation.intent.is_unreadable());
        self.unsettled.extend(unreadable.cloned());
        if let Some(draft) = opened.draft {
            self.draft_found(draft);
        }
        vec![Effect::ReadTemplates]
    }

    /// A person is asked before each text and code from now on, until somebody has accepted it.
    pub(super) fn loss_proved(&mut self) {
        // Where a damaged history was kept aside, the end stands in that file, and what became of it was said.
        if !std::mem::replace(&mut self.unaccepted, true) {
            self.notify(phrase!(
                "The end of the history is missing here. Ask your admin: tuilio audit verify."
            ));
        }
    }

    pub(super) fn connected(&mut self, connection: Connection) -> Vec<Effect> {
        let known = self.connection.as_ref().map(|known| &known.account_sid);
        if known != Some(&connection.account_sid) {
            self.history.recount();
        }
        let mut left = None;
        if self
            .operations
            .act_for(connection.account_sid.clone(), connection.home.clone())
        {
            left = self.left_unknown();
            self.leave_account();
        }
        for row in std::mem::take(&mut self.unsettled) {
            self.take_up(&row);
        }
        let active = connection.verify_service.clone();
        let sender = connection.sender.as_ref();
        let wants_name = sender.is_some_and(NamedSender::wants_name);
        let known: Vec<OpId> = self
            .verify
            .checks
            .iter()
            .filter_map(|check| check.last_send)
            .collect();
        let rows = self.history.rows().iter();
        let ours = rows.filter(|row| self.operations.is_ours(&row.operation));
        let restored = check::restored::checks(ours, active.as_ref(), self.now);
        self.verify.checks.extend(
            restored
                .into_iter()
                .filter(|check| check.last_send.is_none_or(|op| !known.contains(&op))),
        );
        // What could not be sent without keys, or by others, may well be now.
        self.verify.complaint = None;
        let no_sender = self.no_sender();
        self.compose.complaint.take_if(|why| *why == no_sender);
        self.connection = Some(connection);
        self.connect_failure = None;
        if let Some(setup) = self.setup.take() {
            // The first run has a page of its own at its end.
            self.settings.since = setup.from_desk.then_some(self.now);
            self.setup = setup.finished();
        }
        let mut effects = self.switched();
        if let Some(left) = left {
            self.notify(left);
        }
        // Names and the length of codes may have changed since they were written down.
        let others = check::restored::other_services(&self.verify.checks, active.as_ref());
        let services = active.map(|service| service.sid).into_iter().chain(others);
        effects.extend(services.map(|sid| Effect::Call {
            ask: Ask::Service,
            call: Call::FetchVerifyService(sid),
        }));
        effects.extend(wants_name.then_some(Effect::Call {
            ask: Ask::Sender,
            call: Call::ListMessagingServices,
        }));
        effects
    }

    /// Another account is connected: nothing of the one before is asked of it. What waits there is in the
    /// history, and is taken up again when that account is.
    fn leave_account(&mut self) {
        self.searches = Searches::default();
        self.follow = Follow::default();
        self.thread = Thread::default();
        if matches!(self.compose.stage, compose::Stage::Out { .. }) {
            self.compose.next();
        }
        if !self.operations.any_open() {
            self.verify.leave_checks();
        }
        for row in self.history.rows().to_vec() {
            self.take_up(&row);
        }
    }

    /// What Twilio says of a service in use. Keys that may not read it may still send under it.
    pub(super) fn service_read(&mut self, result: Result<Box<Answer>, Failure>) {
        match result.map(|answer| answer.reply) {
            Ok(Reply::VerifyService(service)) => {
                let read = NamedService::from(service);
                let active = self
                    .connection
                    .as_mut()
                    .and_then(|connection| connection.verify_service.as_mut());
                // Checks that were taken up from the history did not know it yet.
                let theirs = self
                    .verify
                    .checks
                    .iter_mut()
                    .map(|check| &mut check.service);
                for known in theirs.chain(active).filter(|known| known.sid == read.sid) {
                    *known = read.clone();
                }
            }
            // In the demo F9 is the pretend phone, and the keys are as the scene wants them.
            Err(failure)
                if failure.kind == FailureKind::Credentials
                    && failure.status == Some(401)
                    && !self.setting.demo =>
            {
                self.notify(phrase!(
                    "Twilio did not take the keys. F9 shows what is wrong."
                ));
            }
            _ => {}
        }
    }

    /// What the Messaging Service in use is called. Keys that may not read it may still send from it.
    fn sender_read(&mut self, result: Result<Box<Answer>, Failure>) {
        let connection = self.connection.as_mut();
        let Some(known) = connection.and_then(|connection| connection.sender.as_mut()) else {
            return;
        };
        let Ok(Reply::MessagingServices(services)) = result.map(|answer| answer.reply) else {
            return;
        };
        let Sender::Service(sid) = &known.sender else {
            return;
        };
        let read = services.into_iter().find(|service| service.sid == *sid);
        if let Some(service) = read.filter(|service| !service.friendly_name.raw().is_empty()) {
            known.name = service.friendly_name;
        }
    }

    /// What the list of sends says reaches each check, also of what a colleague did.
    /// Where one is approved by another hand, it may be that of another window, which our history knows.
    fn attempts_seen(&mut self, attempts: &[Attempt]) -> Vec<Effect> {
        let mut ended = false;
        for check in &mut self.verify.checks {
            ended |= check.attempts_seen(attempts, self.now);
        }
        ended
            .then_some(Effect::LoadPage { before: None })
            .into_iter()
            .collect()
    }

    /// A way that is not set up is not offered again.
    fn learn_ways(&mut self, op: OpId, state: &OpState) {
        let check = self
            .verify
            .checks
            .iter()
            .find(|check| check.last_operation == Some(op));
        if let (Some(check), OpState::Refused(failure)) = (check, state)
            && let Some(code) = failure.code
        {
            self.ways.refused(&check.service.sid, &check.channel, code);
        }
    }

    /// A scheduled text was withdrawn, or was not. Where that is not known the text itself is asked about until it is.
    fn withdrawn(&mut self, op: OpId, result: Result<Box<Answer>, Failure>) -> Vec<Effect> {
        let Err(failure) = result else {
            return self.follow.message(op, &result);
        };
        let why = failure.phrase();
        if failure.kind == FailureKind::NotSent {
            self.notify(phrase!(
                "It was not withdrawn, and leaves at its time: {why}",
                why = why
            ));
            return Vec::new();
        }
        self.notify(if failure.may_have_taken_effect() {
            phrase!(
                "Whether it was withdrawn is not known yet: {why} Twilio is asked about it.",
                why = why
            )
        } else {
            phrase!(
                "Twilio did not withdraw it now: {why} How it stands is in its entry.",
                why = why
            )
        });
        self.follow.doubt(op, self.now);
        self.follow.fetch(op).into_iter().collect()
    }

    /// The pane on screen says in full why something was not sent.
    fn says(&self, failure: &Failure) -> bool {
        match self.pane {
            Pane::Verify => self.verify.check().is_some_and(offers::is_capped),
            Pane::Message => self.compose.complaint == Some(failure.phrase()),
            _ => false,
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
        for check in &mut self.verify.checks {
            check.count_tries(self.history.rows(), self.now);
        }
        self.verify.all().for_each(Check::history_read);
        self.recall_held_back();
        self.await_other_window();
    }

    /// A code was not sent, because another window or script may have sent it: what the history holds of
    /// that one stands in its place.
    fn recall_held_back(&mut self) {
        if !self.verify.checks.iter().any(Check::was_held_back) {
            return;
        }
        let connection = self.connection.as_ref();
        let active = connection.and_then(|connection| connection.verify_service.as_ref());
        let rows = self.history.rows().iter();
        let ours = rows.filter(|row| self.operations.is_ours(&row.operation));
        for known in check::restored::checks(ours, active, self.now) {
            let mut checks = self.verify.checks.iter_mut();
            if let Some(check) = checks.find(|check| check.was_held_back() && check.to == known.to)
            {
                let on_file = check.on_file.or(known.on_file);
                *check = Check { on_file, ..known };
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

    /// The same of what was begun before: a scheduled text may have been withdrawn, and nobody have learnt of it.
    fn take_up(&mut self, row: &HistoryRow) {
        self.look_after(row);
        self.follow.doubt(row.operation.id, self.now);
    }

    /// A new row, or a changed one, goes to everybody who may care.
    pub(super) fn row_changed(&mut self, row: HistoryRow) {
        self.count_undelivered(&row);
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
        if let Progress::Outcome { state, .. } = &progress {
            self.learn_ways(op, state);
        }
        self.verify.progress(op, &progress, self.now);
        if let Progress::Outcome { state, .. } = &progress {
            self.tell_of_background(op, state);
        }
        self.compose.progress(op, &progress);
        match progress {
            Progress::Calling(row) => self.row_changed(*row),
            Progress::Written(row) => {
                self.tell_lookup(&row);
                self.row_changed(*row);
            }
            Progress::NotIntended(failure) => {
                if !self.says(&failure) {
                    self.notify(failure.phrase());
                }
                // Another window or script may have done it, or found out what came of it: that is shown.
                if failure.kind == FailureKind::OutcomeUnknown {
                    return vec![Effect::LoadPage { before: None }];
                }
            }
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
        self.operations.hear(&result, self.now);
        match ask {
            Ask::Operation(op) => {
                let mut effects = self.learn_trial(op, &result);
                let step = self.operations.replied(op, result, self.now);
                effects.extend(self.progressed(op, step));
                effects
            }
            Ask::Search(op) => {
                let skews = self.operations.skews().clone();
                let skews = skews.with(self.history.rows());
                let claimed = Claims::of(self.history.rows(), &skews);
                let said = self.searches.said(op);
                let comes = self
                    .searches
                    .replied(op, &result, &claimed, &skews, self.now);
                let once_more = self.looked_first(op, said, comes.as_ref());
                comes.into_iter().chain(once_more).collect()
            }
            Ask::Messages => {
                self.replies_among(&result);
                self.follow.messages(&result, self.now)
            }
            Ask::Replies => {
                self.replies_read(result);
                Vec::new()
            }
            Ask::Message(op) => self.follow.message(op, &result),
            Ask::Withdrawal(op) => self.withdrawn(op, result),
            Ask::Attempts => {
                let mut effects = match result.as_ref().map(|answer| &answer.reply) {
                    Ok(Reply::Attempts(page)) => self.attempts_seen(&page.items),
                    _ => Vec::new(),
                };
                effects.extend(
                    self.follow
                        .attempts(&result, self.operations.skews(), self.now),
                );
                effects
            }
            Ask::AttemptsOf(op) => match result.map(|answer| answer.reply) {
                Ok(Reply::Attempts(page)) => {
                    let mut effects = self.attempts_seen(&page.items);
                    effects.extend(self.follow.attempts_of(
                        op,
                        &page.items,
                        self.operations.skews(),
                    ));
                    effects
                }
                _ => Vec::new(),
            },
            Ask::Inquiry(op) => {
                let asked = |check: &&mut Check| check.last_operation == Some(op);
                let Some(check) = self.verify.all().find(asked) else {
                    return Vec::new();
                };
                let open = check.is_open();
                let skew = self.operations.skews().now().as_secs();
                check.answered(&result, skew, self.now);
                // The other hand may be that of another window, which our history knows.
                (open && !check.is_open())
                    .then_some(Effect::LoadPage { before: None })
                    .into_iter()
                    .collect()
            }
            Ask::Service => {
                self.service_read(result);
                Vec::new()
            }
            Ask::Sender => {
                self.sender_read(result);
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
            Ok(row) => {
                // What was found was not given to it: others who write into the history may know why.
                let denied = matches!(row.state, OpState::Unknown(_));
                self.row_changed(*row);
                if denied {
                    return vec![Effect::LoadPage { before: None }];
                }
            }
            Err(failure) => {
                self.notify(failure.phrase());
                let row = self.history.row(op);
                if let Some(row) = row.filter(|row| self.operations.is_ours(&row.operation)) {
                    self.searches.not_written(row, self.now);
                }
            }
        }
        Vec::new()
    }
}
