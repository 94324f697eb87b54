//! What the agent's orders begin: the one way by which an operation comes into being.

use crate::domain::policy::Circumstances;
use crate::domain::{OpId, Operation, Phrase, Ticket, phrase};

use super::Model;
use super::effect::Effect;
use super::verify::Start;

impl Model {
    /// Begins something on the verify pane.
    pub(super) fn begin(&mut self, start: Start) -> Vec<Effect> {
        let service = match &start {
            Start::Of(at, _) => self
                .verify
                .checks
                .get(*at)
                .map(|check| check.service.clone()),
            Start::New { .. } => self
                .connection
                .as_ref()
                .and_then(|connection| connection.verify_service.clone()),
        };
        let Some(service) = service else {
            self.verify.complaint = Some(self.why_not_connected(phrase!("There is no Verify service on this account, so no code can be sent. Ask your lead to create one, then connect again (F8).")));
            return Vec::new();
        };
        let (intent, code) = self.verify.intent(&start, &service);
        let ticket = match &start {
            Start::Of(at, _) => self.verify.checks[*at].ticket.clone(),
            Start::New(new) => new.ticket.clone(),
        };
        let (op, effect) = self
            .operations
            .begin(intent.clone(), code, ticket, false, self.now);
        self.verify.begun(start, &intent, &service, op, self.now);
        vec![effect]
    }

    /// Sends the text under review.
    pub(super) fn send_text(&mut self, allow_twin: bool) -> Vec<Effect> {
        let Some(sender) = self
            .connection
            .as_ref()
            .and_then(|connection| connection.sender.as_ref())
        else {
            let why = self.why_not_connected(phrase!("There is no sender on this account, so no text can be sent. Ask your lead for a number or a Messaging Service, then connect again (F8)."));
            self.cannot_send(why);
            return Vec::new();
        };
        let Some(intent) = self.compose.intent(&sender.sender) else {
            return Vec::new();
        };
        let ticket = match self.compose.read_ticket() {
            Ok(ticket) => ticket,
            Err(why) => {
                self.compose.complaint = Some(why);
                return Vec::new();
            }
        };
        let circumstances = Circumstances {
            now: self.now,
            ticket: ticket.as_ref().map(Ticket::as_str),
            from_template: self.compose.is_from_template(),
        };
        if let Err(why) = self.policy.permits(&intent, &circumstances) {
            self.cannot_send(why);
            return Vec::new();
        }
        let (op, effect) = self
            .operations
            .begin(intent, None, ticket, allow_twin, self.now);
        self.compose.begun(op, self.now);
        vec![effect]
    }

    /// Sends once more what is not known to have gone out. Only ever on a person's yes.
    pub(super) fn send_once_more(&mut self, sent: Operation) -> (OpId, Vec<Effect>) {
        let (op, effect) = self
            .operations
            .begin(sent.intent, None, sent.ticket, true, self.now);
        (op, vec![effect])
    }

    pub(super) fn why_not_connected(&self, connected: Phrase) -> Phrase {
        match (&self.connection, &self.connect_failure) {
            (Some(_), _) => connected,
            (None, Some(failure)) => failure.phrase(),
            (None, None) => phrase!("The keys are still being read. Try again in a moment."),
        }
    }
}
