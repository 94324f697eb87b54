//! What the agent's orders begin: the one way by which an operation comes into being.
//!
//! A trainee is asked once more before anything is sent, in words that say what will happen; everything
//! else that the lead may have set is asked by [`Operations::begin`](super::operations::Operations::begin).

use crate::domain::policy::Mode;
use crate::domain::{Intent, OpId, Operation, Phrase, VerificationChannel, phrase};

use super::Model;
use super::Overlay;
use super::act::which_address;
use super::check::{Stage, What};
use super::effect::Effect;
use super::operations::{Order, Whose};
use super::verify::Start;

/// What a trainee has not said yes to yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Sure {
    /// What will happen.
    pub what: Phrase,
    then: Then,
}

#[derive(Debug, Clone, PartialEq)]
enum Then {
    Start(Start),
    Text,
}

impl Model {
    /// Begins something on the verify pane.
    pub(super) fn begin(&mut self, start: Start) -> Vec<Effect> {
        self.begin_surely(start, self.policy.mode != Mode::Trainee)
    }

    /// The same, where a trainee is not asked any more.
    pub(super) fn begin_surely(&mut self, start: Start, sure: bool) -> Vec<Effect> {
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
            if let Some(look) = self.look_again() {
                return vec![look];
            }
            self.verify.complaint = Some(self.why_not_connected(phrase!("No Verify service of this account is known here, so no code can be sent. Paste its SID (VA…) together with the keys (F8, then c); where the account has none, your lead creates one.")));
            return Vec::new();
        };
        let (intent, code) = self.verify.intent(&start, &service);
        if !sure && let Some(what) = explained(&intent) {
            return self.ask_whether_sure(what, Then::Start(start));
        }
        let again_after = self.asked_about(&start, &intent);
        if again_after.is_some_and(|op| self.looks_first(op)) {
            return Vec::new();
        }
        let ticket = match &start {
            Start::Of(at, _) => self.verify.checks[*at].ticket.clone(),
            Start::New(new) => new.ticket.clone(),
        };
        let whose = match &start {
            Start::Of(at, _) => self.whose_check(&self.verify.checks[*at]),
            Start::New(_) => None,
        };
        let order = Order {
            code,
            ticket,
            yes: sure,
            again_after,
            whose,
            ..Order::of(intent.clone())
        };
        match self.order(order) {
            Ok((op, effect)) => {
                self.notice.take_if(|notice| notice.text == which_address());
                self.verify.begun(start, &intent, &service, op, self.now);
                vec![effect]
            }
            Err(why) => {
                match self.verify.shown {
                    None => self.verify.complaint = Some(why),
                    Some(_) => self.notify(why),
                }
                vec![Effect::NoteRefusal {
                    kind: intent.kind(),
                }]
            }
        }
    }

    /// The send of a code that is not known to have gone out, where this one is the same once more: on a yes.
    fn asked_about(&self, start: &Start, intent: &Intent) -> Option<OpId> {
        let Start::Of(at, _) = start else { return None };
        match (&self.verify.checks.get(*at)?.stage, intent) {
            (
                Stage::Unknown {
                    op,
                    what: What::Send,
                    ..
                },
                Intent::VerifyStart(_),
            ) => Some(*op),
            _ => None,
        }
    }

    /// Sends the text under review.
    pub(super) fn send_text(&mut self) -> Vec<Effect> {
        let Some(sender) = self
            .connection
            .as_ref()
            .and_then(|connection| connection.sender.as_ref())
        else {
            if let Some(look) = self.look_again() {
                return vec![look];
            }
            self.cannot_send(self.no_sender());
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
        if self.compose.reviewed_for != self.reviews_for() {
            self.review_for_another();
            return Vec::new();
        }
        if self.asked_is_found() {
            // The yes was to what was not known then.
            self.review_what_was_held();
            self.notify(phrase!(
                "It was found at Twilio, so nothing was sent again."
            ));
            return Vec::new();
        }
        if let Some(lost) = self.lost_as_written()
            && self.compose.asked_about == Some(lost.operation.id)
        {
            let lost = lost.clone();
            return self.goes_on_as(lost);
        }
        if let Some(why) = self.third_has_to_wait() {
            self.cannot_send(why);
            return Vec::new();
        }
        let kind = intent.kind();
        let order = Order {
            from_template: self.compose.is_from_template(),
            ticket,
            yes: true,
            again_after: self.compose.asked_about,
            ..Order::of(intent)
        };
        match self.order(order) {
            Ok((op, effect)) => {
                self.compose.begun(op, self.now);
                self.thread.touch(self.now);
                vec![effect]
            }
            Err(why) => {
                self.cannot_send(why);
                vec![Effect::NoteRefusal { kind }]
            }
        }
    }

    /// Sends once more what is not known to have gone out. Only ever on a person's yes.
    pub(super) fn send_once_more(&mut self, sent: Operation) -> Option<(OpId, Effect)> {
        let whose = Whose::in_account(&sent);
        let order = Order {
            ticket: sent.ticket,
            from_template: match &sent.intent {
                Intent::Text(text) => self.compose.templates.allow(text.body.raw()),
                _ => true,
            },
            yes: true,
            again_after: Some(sent.id),
            whose: Some(whose),
            ..Order::of(sent.intent)
        };
        self.order(order).map_err(|why| self.notify(why)).ok()
    }

    /// Why no text can be sent where no sender is known.
    pub(super) fn no_sender(&self) -> Phrase {
        self.why_not_connected(phrase!("No sender of this account is known here, so no text can be sent. Paste its number or SID (MG…) together with the keys (F8, then c); where the account has none, your lead gets one."))
    }

    /// Begins it, where the lead's policy permits it.
    pub(super) fn order(&mut self, order: Order) -> Result<(OpId, Effect), Phrase> {
        let mut order = order;
        if self.setting.unattended {
            if order.again_after.is_some() {
                return Err(phrase!(
                    "It may have gone out already, so it was not sent once more: that needs the y of a person, and these lines come from a file or a pipe. Run tuilio on a terminal."
                ));
            }
            order.yes = false;
        }
        self.operations
            .begin(order, &self.policy, self.now, &self.setting.own_zone)
    }

    /// Whether a trainee has to be asked before the text under review goes its way.
    pub(super) fn asks_before_text(&mut self) -> bool {
        let Some(number) = self
            .compose
            .number()
            .filter(|_| self.policy.mode == Mode::Trainee)
        else {
            return false;
        };
        let what = phrase!(
            "A real text goes to {to}. It costs money, and cannot be taken back.",
            to = number.masked()
        );
        self.overlay = Some(Overlay::Sure(Box::new(Sure {
            what,
            then: Then::Text,
        })));
        true
    }

    fn ask_whether_sure(&mut self, what: Phrase, then: Then) -> Vec<Effect> {
        self.overlay = Some(Overlay::Sure(Box::new(Sure { what, then })));
        Vec::new()
    }

    /// The trainee said yes.
    pub(super) fn is_sure(&mut self, sure: Sure) -> Vec<Effect> {
        match sure.then {
            Then::Start(start) => self.begin_surely(start, true),
            Then::Text => self.send_sure_text(),
        }
    }

    pub(super) fn why_not_connected(&self, connected: Phrase) -> Phrase {
        match (&self.connection, &self.connect_failure) {
            (Some(_), _) => connected,
            (None, Some(failure)) => failure.phrase(),
            (None, None) => phrase!("The keys are still being read. Try again in a moment."),
        }
    }
}

/// What will happen, for somebody who learns; none where nothing reaches a customer.
fn explained(intent: &Intent) -> Option<Phrase> {
    let to = intent.to()?.masked();
    Some(match intent {
        Intent::VerifyStart(start) => match start.channel {
            VerificationChannel::Call => phrase!(
                "The phone of {to} rings, and a voice speaks the code. Only somebody who called you may be asked for it.",
                to = to
            ),
            VerificationChannel::Email => phrase!(
                "A real code goes to {to} by email. Only somebody who called you may be asked for it.",
                to = to
            ),
            _ => phrase!(
                "A real code goes to the phone {to}. It costs money. Only somebody who called you may be asked for it.",
                to = to
            ),
        },
        _ => return None,
    })
}
