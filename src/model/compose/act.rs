//! What keys and pastes do to the message pane.

use jiff::Zoned;

use crate::domain::place::Place as Where;
use crate::domain::untrusted::visible;
use crate::domain::{OpState, PhoneNumber, Phrase, Recipient, Sender, Ticket, phrase};
use crate::keymap::{Action, Chord, Place};

use super::super::effect::Effect;
use super::super::field::Field;
use super::super::{Model, Overlay, Pane};
use super::{Stage, later};

/// How many recent numbers are offered.
const RECENT: usize = 5;

impl Model {
    /// What an action does on this pane.
    pub(in crate::model) fn act_on_message(&mut self, action: Action) -> Vec<Effect> {
        match (&self.compose.stage, action) {
            (_, Action::Replies) if self.compose.number().is_some() => {
                self.overlay = Some(Overlay::Replies { scroll: 0 });
                self.thread.ask_now(self.now);
            }
            (Stage::Out { .. }, _) => return self.act_on_sent(action),
            (_, Action::AskNow) => self.thread.ask_now(self.now),
            (Stage::Held { .. }, Action::Undo | Action::Back) => self.review_text(),
            (Stage::To | Stage::Ticket, Action::Submit) | (Stage::Ticket, Action::NextField) => {
                self.compose.to_body(&self.setting.default_country);
            }
            (Stage::To, Action::NextField) => {
                self.compose.to_ticket(&self.setting.default_country);
            }
            (Stage::Ticket, Action::PreviousField) => self.compose.back(),
            (Stage::To, Action::Down | Action::Up) => {
                let recent: Vec<PhoneNumber> = self.recent_numbers();
                let country = self.setting.default_country.clone();
                self.compose
                    .turn_recent(&recent, action == Action::Down, &country);
            }
            (Stage::To | Stage::Ticket | Stage::Body, Action::ThrowAway) => self.throw_draft_away(),
            (Stage::Body, Action::Submit) => self.submit_text(),
            (Stage::Body, Action::NextField) => {
                self.compose.turn_blank(true);
            }
            (Stage::Body, Action::PreviousField) => self.compose.previous(),
            (Stage::Body, Action::NewLine) => {
                self.change_text(|compose| compose.insert_into_body("\n"));
            }
            (Stage::Body, Action::PlainText) => self.compose.plain(),
            (Stage::Body, Action::SearchTemplates | Action::TakeTemplate) => {
                self.search_templates();
            }
            (Stage::Search { .. }, _) => self.act_on_search(action),
            (Stage::Review { .. }, Action::Submit) if !self.is_read() => {
                // A key that is held comes again and again, so that the moment begins anew with each.
                self.compose.shown_at = Some(self.now);
                self.notify(phrase!("Read it first. Enter once more sends it."));
            }
            (Stage::Review { cautions, .. }, Action::Submit) if cautions.is_empty() => {
                return self.send_reviewed();
            }
            (Stage::Review { cautions, .. }, Action::Yes) if !cautions.is_empty() => {
                return self.overrule();
            }
            (Stage::Review { .. }, Action::PlainText) => {
                self.compose.plain();
                self.review_text();
            }
            (Stage::Review { .. }, Action::SendLater) => self.ask_when(),
            (Stage::Review { .. }, Action::Down | Action::PageDown) => self.scroll_review(true),
            (Stage::Review { .. }, Action::Up | Action::PageUp) => self.scroll_review(false),
            (Stage::Later { .. }, Action::Submit) => self.take_time(),
            (Stage::Later { .. }, Action::Back) => self.review_text(),
            (_, Action::Back) => self.compose.back(),
            _ => {}
        }
        Vec::new()
    }

    fn act_on_sent(&mut self, action: Action) -> Vec<Effect> {
        let Stage::Out { op, state, .. } = &self.compose.stage else {
            return Vec::new();
        };
        let op = *op;
        match action {
            Action::Yes if !matches!(state, OpState::Unknown(_)) => {}
            Action::Yes if self.too_early(op) => return self.not_yet(op),
            Action::Yes => {
                let sent = self.history.row(op).map(|row| row.operation.clone());
                return sent.map_or_else(Vec::new, |sent| self.text_once_more(sent));
            }
            Action::Withdraw => self.withdraw_question(op),
            Action::PreviousField => self.compose.edit_anew(),
            // What is being sent stays here until it is known what came of it.
            Action::Back if self.compose.place() == Place::Busy => return self.go(Pane::Verify),
            Action::OtherCheck => return self.go(Pane::Verify),
            Action::Back | Action::NextCustomer => self.compose.next(),
            Action::AskNow => {
                self.follow.ask_now(self.now);
                self.searches.ask_now(self.now);
                self.thread.ask_now(self.now);
            }
            _ => {}
        }
        Vec::new()
    }

    /// A key that is no command: text for the field that waits for it.
    pub(in crate::model) fn typed_on_message(&mut self, chord: Chord) {
        let country = self.setting.default_country.clone();
        let compose = &mut self.compose;
        match &mut compose.stage {
            Stage::To => {
                if compose.to.edit(chord) {
                    compose.to_edited(&country);
                }
            }
            Stage::Ticket => {
                if compose.ticket.edit(chord) {
                    compose.complaint = None;
                }
            }
            Stage::Body => self.change_text(|compose| {
                compose.type_into_body(chord);
            }),
            Stage::Search { part, marked } => {
                if part.edit(chord) {
                    *marked = 0;
                }
            }
            Stage::Later { when } => {
                if when.edit(chord) {
                    compose.complaint = None;
                }
            }
            Stage::Review { .. } | Stage::Held { .. } | Stage::Out { .. } => {}
        }
    }

    /// A paste is data for the field that waits for it.
    pub(in crate::model) fn pasted_on_message(&mut self, text: &str) {
        let country = self.setting.default_country.clone();
        let compose = &mut self.compose;
        let begins_next = compose.begins_next(text, &country);
        match &mut compose.stage {
            Stage::To => {
                compose.to.clear();
                compose.to.insert(text);
                compose.to_edited(&country);
            }
            Stage::Ticket => {
                compose.ticket.insert(text);
                compose.complaint = None;
            }
            Stage::Body => self.change_text(|compose| compose.insert_into_body(text)),
            Stage::Search { part, marked } => {
                part.insert(text);
                *marked = 0;
            }
            Stage::Later { when } => {
                when.insert(text);
                compose.complaint = None;
            }
            Stage::Review { .. } => self.notify(phrase!(
                "What you pasted was not taken: Esc goes back to the text."
            )),
            // The next customer: what was sent stays in the history, with what becomes of it.
            Stage::Out { .. } if begins_next => {
                compose.next();
                self.pasted_on_message(text);
            }
            Stage::Held { .. } | Stage::Out { .. } => self.notify(phrase!(
                "What you pasted was not taken: nothing is being written here."
            )),
        }
    }

    /// Changes the text. Where nothing but templates may be sent only their blanks change, and what is
    /// deleted outside of them puts the template away.
    fn change_text(&mut self, change: impl FnOnce(&mut super::Compose)) {
        let compose = &mut self.compose;
        if !self.policy.templates_only {
            return change(compose);
        }
        let (body, blanks) = (compose.body.clone(), compose.blanks.clone());
        change(compose);
        if blanks.around(body.text()) == compose.blanks.around(compose.body.text()) {
            return;
        }
        if compose.body.text().len() < body.text().len() {
            compose.put_back("");
            return;
        }
        (compose.body, compose.blanks) = (body, blanks);
        self.compose.complaint = self.templates_wanted().or_else(|| {
            Some(phrase!(
                "Set by your lead: texts are made from templates only. Of a template only the blanks are filled."
            ))
        });
    }

    /// What is said while nothing but templates may be sent, and no template stands in the text: where they
    /// come from, where there are none.
    fn templates_wanted(&self) -> Option<Phrase> {
        let why = self.policy.wording(self.compose.is_from_template()).err()?;
        if self.compose.templates.list.is_empty()
            && let Some(folder) = &self.policy.templates
        {
            let folder = visible(&folder.to_string_lossy());
            return Some(phrase!(
                "Set by your lead: texts are made from templates only, and there are none in {folder}. Tell your lead.",
                folder = folder
            ));
        }
        if self.compose.templates.list.is_empty() {
            return Some(phrase!(
                "Set by your lead: texts are made from templates only, and there are none yet. Text files in the folder \"templates\" beside {file} are offered here.",
                file = self.setting.configured_in.as_str()
            ));
        }
        Some(if self.compose.body.is_empty() {
            phrase!("Set by your lead: texts are made from templates only. Take one of these.")
        } else {
            why
        })
    }

    /// Takes the template of a digit; whether there is one.
    pub(in crate::model) fn take_template(&mut self, chord: Chord) -> bool {
        let digit = chord.text().and_then(|c| c.to_digit(10)).unwrap_or(0) as usize;
        self.compose.offers_templates()
            && self.compose.stage == Stage::Body
            && self.compose.take_number(digit)
    }

    fn search_templates(&mut self) {
        self.compose.complaint = None;
        self.compose.stage = Stage::Search {
            part: Field::line(),
            marked: 0,
        };
    }

    fn act_on_search(&mut self, action: Action) {
        let compose = &mut self.compose;
        let Stage::Search { part, marked } = &mut compose.stage else {
            return;
        };
        let found: Vec<usize> = compose
            .templates
            .named(part.text())
            .map(|(at, _)| at)
            .collect();
        match action {
            Action::Down => *marked = (*marked + 1).min(found.len().saturating_sub(1)),
            Action::Up => *marked = marked.saturating_sub(1),
            Action::Submit => {
                if let Some(&at) = found.get(*marked) {
                    compose.take_number(at + 1);
                }
            }
            Action::Back => compose.back(),
            _ => {}
        }
    }

    /// The numbers that were texted or checked last, newest first.
    pub fn recent_numbers(&self) -> Vec<PhoneNumber> {
        self.recent()
            .into_iter()
            .map(|(number, _)| number)
            .collect()
    }

    /// The same, with the ticket that each was last reached for.
    pub fn recent(&self) -> Vec<(PhoneNumber, Option<&Ticket>)> {
        let mut recent: Vec<(PhoneNumber, Option<&Ticket>)> = Vec::new();
        for row in self.history.rows() {
            if let Some(Recipient::Phone(number)) = row.operation.intent.to()
                && !recent.iter().any(|(known, _)| *known == number)
            {
                recent.push((number, row.operation.ticket.as_ref()));
                if recent.len() == RECENT {
                    break;
                }
            }
        }
        recent
    }

    /// Twilio puts something before each text of this account.
    pub fn is_trial(&self) -> bool {
        self.connection
            .as_ref()
            .is_some_and(|connection| connection.is_trial)
    }

    /// On to the review, where the text stands.
    fn submit_text(&mut self) {
        let complaint = self
            .templates_wanted()
            .or_else(|| self.compose.unready())
            .or_else(|| self.forbidden_now())
            .or_else(|| self.third_has_to_wait())
            .or_else(|| self.unready_ticket());
        match complaint {
            Some(complaint) => self.compose.complaint = Some(complaint),
            None => self.review_text(),
        }
    }

    /// What the lead says against the text, whenever it leaves: an hour may be waited for.
    pub(in crate::model) fn forbidden_now(&self) -> Option<Phrase> {
        let policy = &self.policy;
        policy
            .acting()
            .and_then(|()| policy.wording(self.compose.is_from_template()))
            .and_then(|()| match self.compose.number() {
                Some(number) => policy.recipient(&Recipient::Phone(number.clone())),
                None => Ok(()),
            })
            .and_then(|()| match self.sender() {
                Some(sender) => policy.sender(sender),
                None => Ok(()),
            })
            .err()
    }

    pub(in crate::model) fn sender(&self) -> Option<&Sender> {
        let connection = self.connection.as_ref()?;
        connection.sender.as_ref().map(|sender| &sender.sender)
    }

    /// What is wrong with the ticket, or that there has to be one.
    fn unready_ticket(&mut self) -> Option<Phrase> {
        let ticket = match self.compose.read_ticket() {
            Ok(ticket) => ticket,
            Err(why) => return Some(why),
        };
        let why = self
            .policy
            .ticket(ticket.as_ref().map(Ticket::as_str))
            .err()?;
        self.compose.stage = Stage::Ticket;
        Some(why)
    }

    /// Somebody new is written to: what is known of them is asked for.
    pub(in crate::model) fn about_somebody_new(&mut self) -> Vec<Effect> {
        let Some(number) = self.compose.new_number() else {
            return Vec::new();
        };
        self.thread.open(number.clone(), self.now);
        vec![Effect::LookBack {
            to: Recipient::Phone(number),
            ticket: None,
        }]
    }

    /// Shows the text as it will go out, judged anew.
    pub(in crate::model) fn review_text(&mut self) {
        let cautions = self.cautions();
        let lost = self.lost_elsewhere().or_else(|| self.lost_as_written());
        self.compose.asked_about = lost.map(|row| row.operation.id);
        self.compose.asked_the_hour = self.hour_needs_a_yes();
        self.compose.reviewed_for = self.reviews_for();
        self.compose.review(cautions, self.now);
    }

    fn scroll_review(&mut self, down: bool) {
        let sheet = self.sheet();
        let rows = self.compose.rows(sheet.width, self.setting.ascii).len();
        self.compose.scroll(down, rows.saturating_sub(sheet.rows));
    }

    /// The clock of the customer where it is known, else ours: times of day are meant by it.
    pub fn clock_there(&self) -> Zoned {
        let there = self.compose.number().and_then(Where::of);
        there
            .and_then(|place| place.local_time(self.now))
            .unwrap_or_else(|| self.now.to_zoned(self.setting.zone.clone()))
    }

    fn ask_when(&mut self) {
        if !matches!(self.sender(), Some(Sender::Service(_))) {
            self.notify(phrase!(
                "Only a Messaging Service can send later, and the sender here is a number. Your lead can set one up."
            ));
            return;
        }
        self.compose.stage = Stage::Later {
            when: Field::line(),
        };
        self.compose.complaint = None;
    }

    fn take_time(&mut self) {
        let clock = self.clock_there();
        let Stage::Later { when } = &self.compose.stage else {
            return;
        };
        if when.text().trim().is_empty() && self.compose.send_at.take().is_some() {
            self.review_text();
            return self.notify(phrase!("The time is taken away: it leaves at once."));
        }
        match later::read(when.text(), &clock) {
            Ok(at) => {
                self.compose.send_at = Some(at);
                self.review_text();
            }
            Err(why) => self.compose.complaint = Some(why),
        }
    }
}
