//! What the keys do while the next recipient is asked for, and while a question is.

use crate::domain::connection::NamedService;
use crate::domain::policy::Circumstances;
use crate::domain::{Phrase, Recipient, VerificationChannel, phrase};
use crate::keymap::Action;
use crate::model::Model;
use crate::model::effect::Effect;

use super::Start;
use super::cautions::{Question, Yes};
use super::form::{Focus, NewCheck, PHONE_CHANNELS};

impl Model {
    /// Does what an action says on the form, or to its question; none where a check is on screen.
    pub(in crate::model) fn act_on_form(&mut self, action: Action) -> Option<Vec<Effect>> {
        if self.verify.question.is_some() {
            return Some(self.answer(action));
        }
        if action == Action::OtherCheck {
            self.show_other_check();
            return Some(Vec::new());
        }
        if self.verify.shown.is_some() {
            return None;
        }
        let country = &self.setting.default_country;
        match action {
            Action::Submit => return Some(self.submit()),
            Action::NextField => self.verify.turn_field(true, country),
            Action::PreviousField => self.verify.turn_field(false, country),
            Action::Down | Action::Up => {
                let open = self.phone_channels();
                self.verify.turn_channel(action == Action::Down, &open);
            }
            Action::OtherLanguage => self.verify.turn_language(&self.setting),
            Action::LookUp => self.ask_to_look_up(),
            Action::Back => self.verify.step_back(),
            _ => {}
        }
        Some(Vec::new())
    }

    /// A question takes `y`, or is left.
    fn answer(&mut self, action: Action) -> Vec<Effect> {
        let yes = match (action, self.verify.question.take()) {
            (Action::Yes, Some(question)) => question.yes,
            (Action::Back, Some(question)) if question.yes == Yes::GoOn => {
                return self.answer_wait(false);
            }
            (Action::Back, _) => return Vec::new(),
            (_, question) => {
                self.verify.question = question;
                return Vec::new();
            }
        };
        match yes {
            Yes::GoTo(at) => {
                let typed = self.verify.reading.recipient();
                if typed.is_some()
                    && typed == self.verify.checks.get(at).map(|check| check.to.clone())
                {
                    // What was typed is that check; its ticket is not the next customer's.
                    self.verify.forget_form();
                }
                self.verify.show(at);
                Vec::new()
            }
            Yes::GoOn => self.answer_wait(true),
            Yes::Anew(channel) => self.send_anew(&channel),
            Yes::Send => match self.ordered() {
                Ok(new) => self.begin(Start::New(new)),
                Err(why) => {
                    self.verify.complaint = Some(why);
                    Vec::new()
                }
            },
        }
    }

    /// Enter on the form: a complaint, a check that is there already, a question, or the code is sent.
    fn submit(&mut self) -> Vec<Effect> {
        self.verify.complaint = None;
        if !self.verify.compare(&self.setting.default_country) {
            return Vec::new();
        }
        let new = match self.ordered() {
            Ok(new) => new,
            Err(why) => {
                self.verify.complaint = Some(why);
                return Vec::new();
            }
        };
        if let Some(at) = self.verify.unfinished(&new) {
            self.already_waiting(at, &new);
            return Vec::new();
        }
        if !self.is_permitted(&new) {
            return Vec::new();
        }
        let odd = self.oddities(&new);
        if odd.is_empty() {
            return self.begin(Start::New(new));
        }
        self.verify.question = Some(Question {
            odd,
            yes: Yes::Send,
        });
        Vec::new()
    }

    /// Twilio would send the same code into the same check: two customers must not share it.
    fn already_waiting(&mut self, at: usize, new: &NewCheck) {
        let waiting = &self.verify.checks[at];
        match (&waiting.ticket, &new.ticket) {
            (known, Some(ticket)) if known.as_ref() != Some(ticket) => {
                let odd = match known {
                    Some(known) => phrase!(
                        "One number, two tickets: this number waits for its code already, for ticket {known}. Two callers cannot share a code. Show that check?",
                        known = known.as_str()
                    ),
                    None => phrase!(
                        "This number waits for its code already, without a ticket. Show that check?"
                    ),
                };
                self.verify.question = Some(Question {
                    odd: vec![odd],
                    yes: Yes::GoTo(at),
                });
            }
            _ => {
                self.verify.forget_form();
                self.verify.show(at);
                self.notify(phrase!(
                    "This number waits for its code already. Nothing was sent again."
                ));
            }
        }
    }

    /// Whether the lead's policy lets it leave; the complaint says why not.
    fn is_permitted(&mut self, new: &NewCheck) -> bool {
        if let Err(why) = self.policy.recipient(&new.to) {
            self.verify.complaint = Some(why);
            return false;
        }
        let ticket = new.ticket.as_ref().map(crate::domain::Ticket::as_str);
        if let Err(why) = self.policy.ticket(ticket) {
            self.verify.complaint = Some(why);
            self.verify.focus = Focus::Ticket;
            return false;
        }
        let service = self
            .connection
            .as_ref()
            .and_then(|connection| connection.verify_service.clone());
        // Without a service nothing leaves anyway, and that is said where it begins.
        let Some(service) = service else { return true };
        let (intent, _) = self.verify.intent(&Start::New(new.clone()), &service);
        let circumstances = Circumstances {
            ticket,
            // Who has to say it is asked next.
            yes: true,
            ..Circumstances::at(self.now)
        };
        match self.policy.permits(&intent, &circumstances) {
            Ok(()) => true,
            Err(why) => {
                self.verify.complaint = Some(why);
                false
            }
        }
    }

    /// No code can go there from this desk, whatever else is filled in: nobody may be told that one comes.
    pub fn refuses_code(&self, to: &Recipient) -> bool {
        let channel = self.verify.next_channel(&self.phone_channels());
        let service = self
            .connection
            .as_ref()
            .map(|connection| connection.verify_service.as_ref());
        let without = |service: Option<&NamedService>| {
            service.is_none_or(|service| self.policy.service(&service.sid).is_err())
        };
        self.policy.acting().is_err()
            || self.policy.recipient(to).is_err()
            || self.policy.channel(&channel).is_err()
            || service.is_some_and(without)
    }

    /// What the form asks for, or what keeps it from being sent.
    fn ordered(&mut self) -> Result<NewCheck, Phrase> {
        let open = self.phone_channels();
        self.verify.order(&self.setting, &open)
    }

    /// The ways to reach a phone that the lead allows and that the service turned out to have, in the order
    /// of the screen.
    pub fn phone_channels(&self) -> Vec<VerificationChannel> {
        let service = self
            .connection
            .as_ref()
            .and_then(|connection| connection.verify_service.as_ref());
        PHONE_CHANNELS
            .into_iter()
            .filter(|channel| self.policy.channel(channel).is_ok())
            .filter(|channel| {
                service.is_none_or(|service| self.ways.is_open(&service.sid, channel))
            })
            .collect()
    }
}
