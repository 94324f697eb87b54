//! What the keys of the history pane do.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use crate::domain::export::Format;
use crate::domain::history_query::Reader;
use crate::domain::record::Found;
use crate::domain::{Failure, HistoryRow, OpId, PhoneNumber, VerificationChannel, console, phrase};
use crate::keymap::{Action, Chord};
use crate::layout;

use super::super::effect::Effect;
use super::super::offers::acts_on_entry;
use super::super::pasted::answer_first;
use super::super::{Model, Pane, evidence};
use super::filter::{Filter, Taken};

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

    /// The evidence of the marked entry, once it is over.
    pub fn evidence_of_marked(&self) -> Option<String> {
        let rows: Vec<&HistoryRow> = self.history.shown().entry(self.history.selected).collect();
        let account = self.other_account_of(&rows);
        evidence::of_entry(&rows, account.as_deref(), self.now)
    }

    fn copy_evidence_of_marked(&mut self) -> Vec<Effect> {
        if let Some(line) = self.evidence_of_marked() {
            return vec![Effect::Copy(line)];
        }
        self.notify(phrase!("Only a check that is over has evidence."));
        Vec::new()
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
}
