//! What is asked for before a code is sent: whom, by which way, for which ticket, in which language, and
//! whether the number is the one in the customer record.
//!
//! Only the first is needed. The others cost no key where they are left alone: Enter sends from each field.

use crate::domain::verification::Compared;
use crate::domain::{Language, Phrase, Recipient, Ticket, VerificationChannel, phrase};
use crate::keymap::{Chord, Place};
use crate::model::field::Field;
use crate::model::recipient::Reading;
use crate::model::setting::Setting;

use super::Verify;

/// The ways to reach a phone, in the order of the screen.
pub(super) const PHONE_CHANNELS: [VerificationChannel; 3] = [
    VerificationChannel::Sms,
    VerificationChannel::Call,
    VerificationChannel::WhatsApp,
];

/// The field that is being typed into.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Focus {
    /// Whom to check.
    #[default]
    To,
    /// The number in the customer record.
    OnFile,
    /// The ticket.
    Ticket,
}

/// A check that is about to begin.
#[derive(Debug, Clone, PartialEq)]
pub struct NewCheck {
    /// Whom.
    pub to: Recipient,
    /// By which way.
    pub channel: VerificationChannel,
    /// What to press after the call is answered.
    pub extension: Option<String>,
    /// In which language; none where nobody knows it.
    pub language: Option<Language>,
    /// For which ticket.
    pub ticket: Option<Ticket>,
    /// Whether it is the number in the customer record, where that was compared.
    pub on_file: Option<Compared>,
}

impl Verify {
    /// Where the agent's attention is while the next recipient is asked for, innermost first.
    pub(super) fn form_places(&self) -> Vec<Place> {
        match self.focus {
            Focus::OnFile => vec![Place::OnFile, Place::To],
            Focus::Ticket => vec![Place::Ticket, Place::To],
            // With nothing typed, the callers who wait are what Tab is for.
            Focus::To if self.to.is_empty() && self.others_waiting().next().is_some() => {
                vec![Place::Callers, Place::To]
            }
            Focus::To => vec![Place::To],
        }
    }

    fn focused(&mut self) -> &mut Field {
        match self.focus {
            Focus::To => &mut self.to,
            Focus::OnFile => &mut self.on_file.field,
            Focus::Ticket => &mut self.ticket,
        }
    }

    /// A key for the field that is being typed into.
    pub fn typed(&mut self, chord: Chord, default_country: &str) {
        if self.focused().edit(chord) {
            self.edited(default_country);
        }
    }

    /// A text for the field that is being typed into, in the place of what it held.
    pub(super) fn pasted(&mut self, text: &str, default_country: &str) {
        let field = self.focused();
        field.clear();
        field.insert(text);
        self.edited(default_country);
        if self.focus == Focus::OnFile {
            // Two numbers are asked about, and none of them is kept here.
            self.compare(default_country);
        }
    }

    /// A field changed.
    pub fn edited(&mut self, default_country: &str) {
        if self.focus == Focus::To {
            self.reading = Reading::of(self.to.text(), default_country);
            // What was compared was another number.
            self.on_file.verdict = None;
            let reading = self.reading.recipient();
            if self
                .once
                .as_ref()
                .is_some_and(|once| Some(&once.0) != reading.as_ref())
            {
                self.usual_channel();
            }
        }
        self.question = None;
        self.complaint = None;
    }

    /// Something else is typed than this ticket, though no number is.
    pub(in crate::model) fn is_filled_in_for_another(&self, ticket: &str) -> bool {
        let typed = self.ticket.text().trim();
        !self.on_file.field.is_empty() || (!typed.is_empty() && typed != ticket)
    }

    /// The form is for this one: number and ticket are read as if they had been typed, wherever the agent was.
    pub(in crate::model) fn fill_in(&mut self, to: &str, ticket: &str, default_country: &str) {
        self.forget_form();
        self.ticket.set(ticket);
        self.to.set(to);
        self.edited(default_country);
    }

    /// The next field, or the one before.
    pub fn turn_field(&mut self, forward: bool, default_country: &str) {
        let place = match (self.focus, forward) {
            (Focus::To, true) | (Focus::Ticket, false) => Place::OnFile,
            (Focus::OnFile, true) | (Focus::To, false) => Place::Ticket,
            (Focus::Ticket, true) | (Focus::OnFile, false) => Place::To,
        };
        self.focus_on(place, default_country);
    }

    /// The field of this place, where there is no question and no check on screen.
    pub fn focus_on(&mut self, place: Place, default_country: &str) {
        if self.question.is_some() || self.shown.is_some() {
            return;
        }
        let focus = match place {
            Place::OnFile => Focus::OnFile,
            Place::Ticket => Focus::Ticket,
            _ => Focus::To,
        };
        self.complaint = None;
        self.compare(default_country);
        self.focus = focus;
    }

    /// Compares the number on file with the one that is to be checked, and forgets it. Whether there was
    /// nothing to complain of.
    pub(super) fn compare(&mut self, default_country: &str) -> bool {
        let compared = self
            .on_file
            .compare(self.reading.recipient().as_ref(), default_country);
        match compared {
            Ok(()) => true,
            Err(why) => {
                self.complaint = Some(why);
                false
            }
        }
    }

    /// Esc: back to the first field, and from there to an empty form: a ticket that stayed behind would go
    /// to the next customer.
    pub(super) fn step_back(&mut self) {
        if self.focus == Focus::To {
            self.forget_form();
        } else {
            self.on_file.field.clear();
            self.focus = Focus::To;
            self.complaint = None;
        }
    }

    /// The way that the next code takes, of those to a phone that are open: an address goes by email,
    /// whatever was chosen for phones.
    pub fn next_channel(&self, open: &[VerificationChannel]) -> VerificationChannel {
        if matches!(self.reading, Reading::Email(_)) {
            return VerificationChannel::Email;
        }
        let chosen = open.iter().find(|channel| **channel == self.channel);
        chosen.or(open.first()).unwrap_or(&self.channel).clone()
    }

    /// This person is reached by this way, and the next one as ever.
    pub(in crate::model) fn reach_once(&mut self, to: &Recipient, channel: VerificationChannel) {
        self.usual_channel();
        let usual = std::mem::replace(&mut self.channel, channel);
        self.once = Some(Box::new((to.clone(), usual)));
    }

    fn usual_channel(&mut self) {
        if let Some(once) = self.once.take() {
            self.channel = once.1;
        }
    }

    /// The next of these ways to reach a phone, or the one before.
    pub fn turn_channel(&mut self, forward: bool, open: &[VerificationChannel]) {
        if open.is_empty() {
            return;
        }
        self.once = None;
        let step = if forward { 1 } else { open.len() - 1 };
        let at = open.iter().position(|channel| *channel == self.channel);
        self.channel = at.map_or_else(
            || open[0].clone(),
            |at| open[(at + step) % open.len()].clone(),
        );
        self.question = None;
    }

    /// The language of the next customer: as the agent has said, or that of the number's country, or the
    /// usual one. None where nobody knows; then Twilio chooses by the country.
    pub fn next_language(&self, setting: &Setting) -> Option<Language> {
        let spoken = match &self.reading {
            Reading::Phone { number, .. } => {
                number.country().as_deref().and_then(Language::of_country)
            }
            _ => None,
        };
        self.language.or(spoken).or(setting.customer_language)
    }

    /// The customer speaks another language, the next of ours: for the words to say and for every send from
    /// now on, also of a check that is on screen.
    pub fn turn_language(&mut self, setting: &Setting) {
        let turned = |known: Option<Language>| Some(known.map_or(setting.language, Language::next));
        let shown = self.shown.and_then(|at| self.checks.get_mut(at));
        match shown {
            Some(check) => check.language = turned(check.language),
            None => self.language = turned(self.next_language(setting)),
        }
    }

    /// What the form asks for, or what keeps it from being sent.
    pub(super) fn order(
        &mut self,
        setting: &Setting,
        open: &[VerificationChannel],
    ) -> Result<NewCheck, Phrase> {
        let Some(to) = self.reading.recipient() else {
            let why = self
                .reading
                .complaint(self.to.text(), &setting.default_country);
            return Err(why.unwrap_or_else(|| phrase!("Type a number or an email address.")));
        };
        let ticket = match self.ticket.text().trim() {
            "" => None,
            text => Some(Ticket::parse(text).map_err(|problem| {
                self.focus = Focus::Ticket;
                problem.phrase()
            })?),
        };
        let extension = match &self.reading {
            Reading::Phone { extension, .. } => extension.clone(),
            _ => None,
        };
        Ok(NewCheck {
            to,
            channel: self.next_channel(open),
            extension,
            language: self.next_language(setting),
            ticket,
            on_file: self.on_file.verdict,
        })
    }

    /// The form is for another customer now.
    pub(super) fn forget_form(&mut self) {
        self.usual_channel();
        self.to.clear();
        self.on_file = super::on_file::OnFile::default();
        self.ticket.clear();
        self.reading = Reading::Empty;
        self.language = None;
        self.focus = Focus::To;
        self.question = None;
        self.complaint = None;
    }

    /// The same customer by another number or address: ticket and language stay.
    pub fn same_customer(&mut self) {
        let kept = self
            .check()
            .map(|check| (check.ticket.clone(), check.language));
        if let Some((ticket, language)) = kept {
            self.next_customer();
            self.forget_form();
            let ticket = ticket.as_ref().map_or("", Ticket::as_str);
            self.ticket.set(ticket);
            self.language = language;
        }
    }
}
