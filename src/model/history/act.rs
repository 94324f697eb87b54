//! What the keys of the history pane do.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use crate::domain::export::Format;
use crate::domain::history_query::Reader;
use crate::domain::record::Found;
use crate::domain::verification::Recipient;
use crate::domain::{
    Failure, HistoryRow, Intent, NewMessage, OpId, OpState, PhoneNumber, Phrase,
    VerificationChannel, console, phrase,
};
use crate::keymap::{Action, Chord, Place};
use crate::layout;

use super::super::effect::Effect;
use super::super::offers::acts_on_entry;
use super::super::pasted::answer_first;
use super::super::{Model, Pane, compose, evidence};
use super::filter::{Filter, Taken};

/// What Enter does where a check is begun anew.
fn new_code() -> Phrase {
    phrase!("Enter sends a new code.")
}

/// A clock that is as far ahead makes a day of the history too old.
const A_DAY: SignedDuration = SignedDuration::from_hours(24);

impl Model {
    pub(in super::super) fn act_on_history(&mut self, action: Action) -> Vec<Effect> {
        if self.history.deleting.is_some() {
            return self.answer_deletion(action == Action::Yes);
        }
        if acts_on_entry(action)
            && let Some(whose) = self.marked_of_another()
        {
            self.notify(whose);
            return Vec::new();
        }
        match action {
            Action::Down
            | Action::Up
            | Action::PageDown
            | Action::PageUp
            | Action::First
            | Action::Last => return self.move_mark(action),
            Action::Submit if self.is_filtering() => self.type_filter(false),
            Action::Submit => self.history.detail = self.history.marked().is_some(),
            Action::Filter => {
                self.type_filter(true);
                // Others write into the same history.
                return vec![Effect::LoadPage { before: None }];
            }
            Action::ByTicket => self.turn_order(),
            Action::Reveal => match self.policy.revealing() {
                Ok(()) => self.history.reveal(self.now),
                Err(why) => self.notify(why),
            },
            Action::AskNow => {
                self.follow.ask_now(self.now);
                self.searches.ask_now(self.now);
                if let Some(whose) = self.marked_elsewhere().or(self.marked_of_another()) {
                    self.notify(whose);
                }
                return vec![Effect::LoadPage { before: None }];
            }
            Action::Yes => return self.send_marked_once_more(),
            Action::Withdraw => {
                if let Some(op) = self.history.marked().map(|row| row.operation.id) {
                    self.withdraw_question(op);
                }
            }
            Action::Copy => return self.copy_evidence_of_marked(),
            Action::Again => return self.again(VerificationChannel::Sms),
            Action::AgainByCall => return self.again(VerificationChannel::Call),
            Action::Console => {
                let address = self.history.marked().and_then(console::address);
                return address.map(Effect::Copy).into_iter().collect();
            }
            Action::Export => return self.export(Format::Csv),
            Action::ExportLines => return self.export(Format::JsonLines),
            Action::Delete => self.ask_deletion(),
            Action::Back => return self.leave_history(),
            _ => {}
        }
        Vec::new()
    }

    fn is_filtering(&self) -> bool {
        let filter = self.history.filter.as_ref();
        !self.history.detail && filter.is_some_and(|filter| filter.typing)
    }

    fn type_filter(&mut self, typing: bool) {
        self.history.detail = false;
        let filter = self.history.filter.get_or_insert_default();
        filter.typing = typing;
        if !typing && filter.field.is_empty() {
            self.history.filter = None;
        }
    }

    /// A key is typed into the filter.
    pub(in super::super) fn typed_on_history(&mut self, chord: Chord) {
        if self.is_filtering()
            && let Some(filter) = &mut self.history.filter
            && filter.field.edit(chord)
        {
            self.filter_edited();
        }
    }

    /// A paste opens the filter: a number asks for all about it.
    pub(in super::super) fn pasted_on_history(&mut self, text: &str) -> Vec<Effect> {
        if self.history.deleting.is_some() {
            self.notify(answer_first());
            return Vec::new();
        }
        let number = PhoneNumber::parse(text, &self.setting.default_country);
        let adds = self.is_filtering();
        self.type_filter(true);
        if let Some(filter) = &mut self.history.filter {
            match number {
                Ok(parsed) => filter.field.set(&parsed.number.grouped()),
                Err(_) if adds => filter.field.insert(text),
                Err(_) => filter.field.set(text),
            }
        }
        self.filter_edited();
        vec![Effect::LoadPage { before: None }]
    }

    fn filter_edited(&mut self) {
        let Self {
            history,
            setting,
            now,
            ..
        } = self;
        let reader = Reader {
            now: *now,
            zone: &setting.zone,
            default_country: &setting.default_country,
            language: setting.language,
        };
        if let Some(filter) = &mut history.filter
            && filter.edited(reader)
        {
            history.selected = 0;
            history.conceal();
        }
    }

    /// What the filter has to ask the store.
    pub(in super::super) fn search_history(&mut self) -> Option<Effect> {
        let history = &mut self.history;
        history.filter.as_mut()?.ask(&mut history.questions)
    }

    /// The store has found something.
    pub(in super::super) fn found(
        &mut self,
        number: u32,
        before: Option<i64>,
        result: Result<Box<Found>, Failure>,
    ) {
        let by_ticket = self.history.all.by_ticket;
        self.history.keep_mark(|history| {
            let taken = history.filter.as_mut().map(|filter| {
                filter.answered(number, before, result.map(|found| *found), by_ticket)
            });
            if taken == Some(Taken::Renewed) && history.selected == 0 {
                history.detail = false;
            }
        });
    }

    fn move_mark(&mut self, action: Action) -> Vec<Effect> {
        let page = usize::from(layout::history_rows(self.room())).max(1);
        let selected = self.history.selected;
        let last = self.history.shown().len().saturating_sub(1);
        let target = match action {
            Action::Down => selected + 1,
            Action::Up => selected.saturating_sub(1),
            Action::PageDown => selected + page,
            Action::PageUp => selected.saturating_sub(page),
            Action::First => 0,
            _ => last,
        };
        self.mark_entry(target)
    }

    /// Marks an entry; older ones are read as they are needed.
    pub(in super::super) fn mark_entry(&mut self, at: usize) -> Vec<Effect> {
        let history = &mut self.history;
        let len = history.shown().len();
        let at = at.min(len.saturating_sub(1));
        history.selected = at;
        if history.selected + 20 < len {
            return Vec::new();
        }
        let effect = match &mut history.filter {
            Some(filter) if filter.found().is_some() => filter.ask_older(&mut history.questions),
            _ if history.all.has_more() && !history.all.loading => {
                history.all.loading = true;
                let before = history.all.rows().last().map(|row| row.row);
                before.map(|before| Effect::LoadPage {
                    before: Some(before),
                })
            }
            _ => None,
        };
        effect.into_iter().collect()
    }

    fn turn_order(&mut self) {
        let history = &mut self.history;
        let by_ticket = !history.all.by_ticket;
        let marked = history.marked().map(|row| row.operation.id);
        history.all.order(by_ticket);
        if let Some(found) = history.filter.as_mut().and_then(Filter::found_mut) {
            found.order(by_ticket);
        }
        // Also where it was the newest: nothing has come, so that there is nothing newer to be seen.
        if let Some(at) = marked.and_then(|marked| history.shown().position(marked)) {
            history.selected = at;
        }
    }

    /// Esc: out of the entry, then out of the filter, then off the pane.
    fn leave_history(&mut self) -> Vec<Effect> {
        if self.history.detail {
            self.history.detail = false;
            return Vec::new();
        }
        match &mut self.history.filter {
            Some(filter) if filter.typing && !filter.field.is_empty() => {
                filter.field.clear();
                self.filter_edited();
                Vec::new()
            }
            Some(_) => {
                self.history.keep_mark(|history| history.filter = None);
                Vec::new()
            }
            None => self.go(Pane::Verify),
        }
    }

    /// The marked text: once more, on a yes.
    fn send_marked_once_more(&mut self) -> Vec<Effect> {
        let Some(marked) = self.history.marked() else {
            return Vec::new();
        };
        let op = marked.operation.id;
        if !self.history.may_be_sent_again() {
            return Vec::new();
        }
        if matches!(marked.state, OpState::Unknown(_)) && self.too_early(op) {
            return self.not_yet(op);
        }
        let sent = marked.operation.clone();
        self.text_once_more(sent)
    }

    fn copy_evidence_of_marked(&mut self) -> Vec<Effect> {
        let rows = self.history.shown().entry(self.history.selected);
        if let Some(line) = evidence::of_entry(rows, self.now) {
            return vec![Effect::Copy(line)];
        }
        self.notify(phrase!("Only a check that is over has evidence."));
        Vec::new()
    }

    /// To the pane where it is begun anew, with everything filled in: Enter there sends it.
    fn again(&mut self, channel: VerificationChannel) -> Vec<Effect> {
        let Some(marked) = self.history.marked() else {
            return Vec::new();
        };
        let ticket = self.history.shown().ticket(self.history.selected);
        let ticket = ticket.map_or_else(String::new, ToString::to_string);
        match (&marked.operation.intent, marked.operation.intent.to()) {
            (Intent::Text(text), _) if channel == VerificationChannel::Sms => {
                let text = text.clone();
                self.text_again(&text, &ticket)
            }
            (Intent::Unreadable(_), _) => {
                self.notify(phrase!(
                    "It cannot be read what this was, so it cannot be begun anew from here."
                ));
                Vec::new()
            }
            (Intent::Text(_), _) | (_, None) => Vec::new(),
            (_, Some(to)) => self.check_again(&to, channel, &ticket),
        }
    }

    /// That Enter sends a new code goes with the number that it was said of.
    pub(in super::super) fn enter_sends(&mut self) {
        let sends = self.pane == Pane::Verify
            && self.verify.place() == Place::To
            && self.verify.reading.recipient().is_some();
        self.notice
            .take_if(|notice| !sends && notice.text == new_code());
    }

    fn text_again(&mut self, text: &NewMessage, ticket: &str) -> Vec<Effect> {
        let is_out = matches!(
            &self.compose.stage,
            compose::Stage::Out { state, .. } if !matches!(state, OpState::Intended | OpState::Unknown(_))
        );
        if is_out {
            self.compose.next();
        } else if !self.compose.is_empty() {
            self.notify(phrase!(
                "Another text is being written (F6): send it or empty it first."
            ));
            return Vec::new();
        }
        self.compose.to.set(text.to.e164());
        self.compose.to_edited(&self.setting.default_country);
        self.compose.to_body(&self.setting.default_country);
        self.compose.put_back(text.body.raw());
        self.compose.ticket.set(ticket);
        // The time that was chosen for it, as long as Twilio would take it.
        self.compose.send_at = text
            .send_at
            .filter(|&at| compose::later::is_still_taken(at, self.now));
        self.go(Pane::Message)
    }

    fn check_again(
        &mut self,
        to: &Recipient,
        channel: VerificationChannel,
        ticket: &str,
    ) -> Vec<Effect> {
        let waiting = self
            .verify
            .checks
            .iter()
            .rposition(|check| check.to == *to && check.is_unfinished());
        if waiting.is_some() {
            // It is not over: it goes on where it stands.
            self.verify.shown = waiting;
            return self.go(Pane::Verify);
        }
        if !self.verify.to.is_empty() {
            self.notify(phrase!(
                "Another number is being typed (F7): check it or empty the field first."
            ));
            return Vec::new();
        }
        if self.verify.is_filled_in_for_another(ticket) {
            self.notify(phrase!(
                "Another check is being filled in (F7): begin it or empty its fields first."
            ));
            return Vec::new();
        }
        self.verify.next_customer();
        let country = &self.setting.default_country;
        self.verify.fill_in(to.as_str(), ticket, country);
        self.verify.reach_once(to, channel);
        self.notify(new_code());
        self.go(Pane::Verify)
    }

    /// What the filter shows, into a file.
    fn export(&mut self, format: Format) -> Vec<Effect> {
        if self.setting.demo {
            self.notify(phrase!(
                "The demo writes no file. At work this writes the list beside the history."
            ));
            return Vec::new();
        }
        let query = self.history.filter.as_ref().map(Filter::query);
        vec![Effect::Export {
            query: query.cloned().unwrap_or_default(),
            format,
        }]
    }

    /// It was written, or could not be.
    pub(in super::super) fn exported(&mut self, result: Result<(usize, String), Failure>) {
        self.notify(match result {
            Ok((0, _)) => phrase!("There is nothing to write: no file was made."),
            Ok((1, path)) => phrase!("1 operation, numbers masked, is in {path}", path = path),
            Ok((n, path)) => {
                phrase!(
                    "{n} operations, numbers masked, are in {path}",
                    n = n,
                    path = path
                )
            }
            Err(failure) => failure.phrase(),
        });
    }

    /// Once a day, and at the start: what is older than it may be kept. A clock of this machine that is set
    /// far ahead must not empty the history: nothing is too old before Twilio has told the time in this run,
    /// and the earlier of the two clocks counts.
    pub(in super::super) fn forget_history(&mut self) -> Option<Effect> {
        // What the agent would have deleted stays where nothing may be.
        let own = self.setting.retention_days;
        let own = own.filter(|_| self.policy.deleting().is_ok());
        let days = [own, self.policy.retention_days];
        let days = days.into_iter().flatten().min()?;
        let ahead = SignedDuration::from_secs(self.operations.skews().ours()?.max(0));
        let now = self.now.checked_sub(ahead).ok()?;
        let midnight = self.midnight_of(now);
        if !self.history.is_open() || self.history.forgot_on == Some(midnight) {
            return None;
        }
        if ahead >= A_DAY && self.history.forgot_on.is_none() {
            self.notify(phrase!(
                "The clock of this computer is days ahead. Old entries are deleted by Twilio's clock."
            ));
        }
        self.history.forgot_on = Some(midnight);
        let kept = SignedDuration::from_hours(24 * i64::from(days.max(1)));
        let before = midnight.checked_sub(kept).ok()?;
        Some(Effect::Forget { before })
    }

    /// It was deleted, or could not be.
    pub(in super::super) fn forgotten(&mut self, result: Result<Vec<OpId>, Failure>) {
        match result {
            Ok(ops) if ops.is_empty() => {}
            Ok(ops) => {
                let ops: BTreeSet<OpId> = ops.into_iter().collect();
                self.history.remove(|row| ops.contains(&row.operation.id));
            }
            Err(failure) => self.notify(failure.phrase()),
        }
    }

    fn ask_deletion(&mut self) {
        let rows: Vec<&HistoryRow> = self.history.shown().entry(self.history.selected).collect();
        if rows.is_empty() {
            return;
        }
        let day = self.day_of_counts();
        let kept = rows
            .iter()
            .find_map(|row| self.policy.deleting_of(row, day).err());
        if let Some(why) = kept {
            return self.notify(why);
        }
        let whose = self.marked_elsewhere();
        let is_unreadable = rows.iter().any(|row| row.operation.intent.is_unreadable());
        let given_up =
            |row: &&HistoryRow| self.is_beyond_reach(row) && row.may_be_given_up(self.now);
        let may_go = |row: &&HistoryRow| row.is_settled_among(&rows, self.now) || given_up(row);
        if !rows.iter().all(may_go) {
            let why = phrase!(
                "This is not finished yet. It can be deleted once it is known what came of it."
            );
            self.notify(match whose {
                Some(whose) => phrase!(
                    "It is not known yet what came of it. It can be deleted after ten minutes. {whose}",
                    whose = whose
                ),
                None if is_unreadable => phrase!(
                    "It is not known yet what came of it. It can be deleted after ten minutes."
                ),
                None => why,
            });
            return;
        }
        let ops = rows.iter().map(|row| row.operation.id).collect();
        self.history.deleting = Some(ops);
        if let Some(whose) = whose {
            self.notify(phrase!(
                "It is not known what came of it, and whoever deletes it never learns. {whose}",
                whose = whose
            ));
        }
    }

    fn answer_deletion(&mut self, yes: bool) -> Vec<Effect> {
        match self.history.deleting.take() {
            Some(ops) if yes => {
                let beyond_reach = |op: &OpId| {
                    let row = self.history.row(*op);
                    row.is_some_and(|row| self.is_beyond_reach(row))
                };
                let given_up = ops.iter().any(beyond_reach);
                vec![Effect::Delete { ops, given_up }]
            }
            _ => Vec::new(),
        }
    }

    /// Entries are gone from the history, or could not be removed.
    pub(in super::super) fn deleted(&mut self, result: Result<Vec<OpId>, Failure>) {
        match result {
            Ok(ops) => {
                self.history.remove(|row| ops.contains(&row.operation.id));
                self.follow.forget(&ops);
                self.notify(if ops.is_empty() {
                    phrase!("This is not finished yet, so it was not deleted.")
                } else {
                    phrase!("Deleted from the history of this computer. Twilio keeps its own.")
                });
            }
            Err(failure) => self.notify(failure.phrase()),
        }
    }
}
