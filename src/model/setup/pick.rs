//! Service and sender, by name. The only one is taken by itself, and so is what the paste names; what it
//! names and the account lacks is never replaced in silence.

use crate::domain::connection::{NamedSender, NamedService};
use crate::domain::phrase::phrase;
use crate::domain::sid::VerifyServiceSid;
use crate::domain::{Phrase, Sender, Untrusted};

use super::{Before, Question, Setup, Step};

impl Setup {
    /// Moves the mark of a list.
    pub fn mark(&mut self, forward: bool) {
        let Some(marked) = self.marked() else {
            return;
        };
        self.mark_row(if forward {
            marked + 1
        } else {
            marked.saturating_sub(1)
        });
    }

    /// The marked row of a list.
    pub fn marked(&self) -> Option<usize> {
        match &self.step {
            Step::PickImport { marked }
            | Step::PickProfile { marked }
            | Step::PickService { marked, .. }
            | Step::PickSender { marked, .. } => Some(*marked),
            _ => None,
        }
    }

    /// How many rows the list has; none where there is no list.
    pub fn rows(&self) -> usize {
        match &self.step {
            Step::PickImport { .. } => self.surroundings.imports.len(),
            Step::PickProfile { .. } => self.kept.len(),
            Step::PickService { services, .. } => services.len(),
            Step::PickSender { senders, .. } => senders.len(),
            _ => 0,
        }
    }

    /// Marks a row of a list; the last one where there are not so many.
    pub fn mark_row(&mut self, row: usize) {
        let last = self.rows().saturating_sub(1);
        if let Step::PickImport { marked }
        | Step::PickProfile { marked }
        | Step::PickService { marked, .. }
        | Step::PickSender { marked, .. } = &mut self.step
        {
            *marked = row.min(last);
        }
    }

    pub(super) fn choose_service(&mut self) {
        let services = self.services_where(true);
        let pasted = self.found.verify_service.clone();
        let judged = pasted.as_ref().map(|sid| self.policy.service(sid));
        self.forbidden = judged.and_then(Result::err);
        let meant = self.service_meant();
        let named = meant.and_then(|sid| services.iter().find(|service| service.sid == sid));
        match (named, pasted, services.as_slice()) {
            (Some(service), _, _) => self.take_service(Some(service.clone())),
            (None, None, []) => self.take_service(None),
            (None, None, [only]) => self.take_service(Some(only.clone())),
            (None, Some(_), []) if let Some(why) = self.forbidden.clone() => {
                self.refuse(why);
            }
            (None, Some(sid), []) => {
                self.refuse(phrase!(
                    "The Verify service {sid} of the paste is not on this account, and neither is another one. Paste the keys without it, or those of the right account.",
                    sid = sid.short()
                ));
            }
            (None, pasted, _) => {
                let unknown = pasted.map(|sid| {
                    phrase!(
                        "The Verify service {sid} of the paste is not on this account. Pick another one, or go back and paste again.",
                        sid = sid.short()
                    )
                });
                self.problem = self.forbidden.clone().or(unknown);
                self.step = Step::PickService {
                    services,
                    marked: 0,
                };
            }
        }
    }

    pub(super) fn take_service(&mut self, service: Option<NamedService>) {
        self.problem = None;
        if let Some(connection) = &mut self.connection {
            connection.verify_service = service;
        }
        let pasted = self.pasted_sender();
        let senders = self.senders_where(true);
        let judged = pasted
            .as_ref()
            .map(|pasted| self.policy.sender(&pasted.sender));
        self.forbidden = judged.and_then(Result::err);
        let before = || self.before()?.sender.clone().map(by_itself);
        let meant = pasted.clone().or_else(before);
        let named = meant
            .as_ref()
            .and_then(|meant| senders.iter().find(|named| named.sender == meant.sender));
        // What may not be listed may still send.
        let hidden = meant
            .clone()
            .filter(|meant| self.may_be_hidden(&meant.sender))
            .filter(|meant| self.policy.sender(&meant.sender).is_ok());
        match (named.cloned().or(hidden), pasted, senders.as_slice()) {
            (Some(sender), _, _) => self.take_sender(Some(sender)),
            (None, None, []) => self.take_sender(None),
            (None, None, [only]) => self.take_sender(Some(only.clone())),
            (None, Some(_), []) if let Some(why) = self.forbidden.clone() => {
                self.refuse(why);
            }
            (None, Some(pasted), []) => {
                self.refuse(phrase!(
                    "The sender {sender} of the paste is not on this account, and neither is another one. Paste the keys without it, or those of the right account.",
                    sender = written(&pasted.sender)
                ));
            }
            (None, pasted, _) => {
                let unknown = pasted.map(|pasted| {
                    phrase!(
                        "The sender {sender} of the paste is not on this account. Pick another one, or go back and paste again.",
                        sender = written(&pasted.sender)
                    )
                });
                self.problem = self.forbidden.clone().or(unknown);
                self.step = Step::PickSender { senders, marked: 0 };
            }
        }
    }

    pub(super) fn take_sender(&mut self, sender: Option<NamedSender>) {
        self.problem = None;
        if let Some(connection) = &mut self.connection {
            connection.sender = sender;
        }
        match self.you {
            Some(_) => self.step = Step::You,
            None => self.summarise(),
        }
    }

    /// The services of the account that the lead allows, or those that the lead does not.
    pub fn services_where(&self, allowed: bool) -> Vec<NamedService> {
        let services = self.services.iter();
        let meant = services.filter(|service| self.policy.service(&service.sid).is_ok() == allowed);
        meant.cloned().collect()
    }

    /// The senders of the account that the lead allows, or those that the lead does not.
    pub fn senders_where(&self, allowed: bool) -> Vec<NamedSender> {
        let senders = self.senders.iter();
        let meant = senders.filter(|named| self.policy.sender(&named.sender).is_ok() == allowed);
        meant.cloned().collect()
    }

    fn pasted_sender(&self) -> Option<NamedSender> {
        let service = self.found.messaging_service.clone().map(Sender::Service);
        let sender = service.or_else(|| self.found.from_number.clone().map(Sender::Number));
        sender.map(by_itself)
    }

    /// The service that the paste names, else that of the profile which is replaced.
    pub(super) fn service_meant(&self) -> Option<VerifyServiceSid> {
        let before = || self.before()?.verify_service.clone();
        self.found.verify_service.clone().or_else(before)
    }

    /// What the profile held, where it was of the same account.
    fn before(&self) -> Option<&Before> {
        let account = &self.connection.as_ref()?.account_sid;
        self.before
            .as_ref()
            .filter(|before| before.account_sid == *account)
    }

    fn may_be_hidden(&self, sender: &Sender) -> bool {
        let question = match sender {
            Sender::Service(_) => Question::MessagingServices,
            _ => Question::Numbers,
        };
        self.unreadable.contains(&question)
    }
}

fn by_itself(sender: Sender) -> NamedSender {
    NamedSender {
        name: Untrusted::new(written(&sender)),
        sender,
    }
}

/// A sender of one's own, as it is known without its name.
fn written(sender: &Sender) -> String {
    match sender {
        Sender::Service(sid) => sid.short(),
        Sender::Number(number) => number.grouped(),
        Sender::Name(name) => name.clone(),
    }
}

/// What the summary says where there is nothing to choose from.
pub fn none_known(setup: &Setup, question: Question) -> Phrase {
    let hidden = setup.unreadable.contains(&question);
    let closed = match question {
        Question::VerifyServices => !setup.services_where(false).is_empty(),
        _ => !setup.senders_where(false).is_empty(),
    };
    if closed {
        return phrase!("set by your lead: what this account has may not be used");
    }
    match (question, hidden) {
        (Question::VerifyServices, true) => {
            phrase!("not known: this key may not list services. Paste its SID (VA…) with the keys")
        }
        (Question::VerifyServices, false) => phrase!("none on this account: codes cannot be sent"),
        (_, true) => {
            phrase!(
                "not known: this key may not list senders. Paste its SID or number with the keys"
            )
        }
        (_, false) => phrase!("none on this account: texts cannot be sent"),
    }
}
