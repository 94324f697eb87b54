//! Customers who write: inbound texts, and the words by which they opt out and in again.
//!
//! A word such as STOP counts only where it is the whole text. It blocks the sender and its whole
//! Messaging Service for that number, Twilio answers by itself, and the text is recorded all the same.

use super::World;
use super::answer::{Answer, Refusal};
use super::dates;
use super::messages::Message;
use super::numbers;
use super::phones::{PhoneItem, PhoneItemKind};
use super::timeline::Timeline;
use super::world::Plan;
use crate::domain::message::Direction;
use crate::domain::opt_out::opts_out;
use crate::domain::sms_text::SmsText;
use crate::domain::{MessageStatus, Timestamp};
use crate::twilio::wire::Request;

/// How long a customer takes to answer, in milliseconds.
const THINKS: u64 = 8000;
const HELP_WORDS: [&str; 2] = ["HELP", "INFO"];

/// What a whole text of one word asks Twilio for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keyword {
    Stop,
    Start,
    Help,
}

impl Keyword {
    fn of(body: &str) -> Option<Self> {
        match opts_out(body) {
            Some(true) => Some(Self::Stop),
            Some(false) => Some(Self::Start),
            None => {
                let word = body.trim();
                let help = HELP_WORDS
                    .iter()
                    .any(|known| known.eq_ignore_ascii_case(word));
                help.then_some(Self::Help)
            }
        }
    }

    /// Twilio's own answer, in our words.
    fn answer(self) -> &'static str {
        match self {
            Self::Stop => {
                "You have opted out and will get no more messages from us. Reply START to get them again."
            }
            Self::Start => "You will get our messages again. Reply STOP to opt out.",
            Self::Help => "Reply STOP to opt out. Message and data rates may apply.",
        }
    }
}

impl World {
    /// The customer is going to answer a text that arrives at that moment, if the number is one that does.
    pub(super) fn expect_reply(&mut self, message: &Message, arrives: Timestamp) {
        let earlier = self
            .messages
            .newest_first()
            .filter(|(_, old)| old.direction == Direction::OutboundApi && old.to == message.to)
            .count();
        let replies = self.scene.recipient(&message.to).replies;
        if let Some(body) = replies.into_iter().nth(earlier) {
            let plan = Plan::Reply {
                from: message.to.clone(),
                to: message.from.clone(),
                body,
            };
            self.plan(dates::after(arrives, THINKS), plan);
        }
    }

    /// Somebody writes from a pretend phone: `Body`, and `To` where it is not the number that wrote last.
    pub(super) fn write_from_phone(
        &mut self,
        from: &str,
        request: &Request,
    ) -> Result<Answer, Refusal> {
        if numbers::possible(from).is_none() {
            return Err(Refusal::bad(21211, "Only a number can write"));
        }
        let body = request
            .form_value("Body")
            .or_else(|| request.form_value("body"))
            .ok_or_else(|| Refusal::bad(20422, "A body is needed"))?;
        let to = request
            .form_value("To")
            .or_else(|| request.form_value("to"))
            .map_or_else(|| self.who_wrote_last(from), str::to_owned);
        if !self.numbers.iter().any(|own| own.number == to) {
            return Err(Refusal::bad(20422, "The account has no such number"));
        }
        self.customer_writes(from, &to, body);
        let newest = self
            .messages
            .newest_first()
            .find(|(_, message)| message.direction == Direction::Inbound && message.from == from);
        newest
            .map(|(_, message)| Answer::created(self.message(message, &["media"])))
            .ok_or_else(|| Refusal::not_found(&request.path))
    }

    fn who_wrote_last(&self, customer: &str) -> String {
        self.messages
            .newest_first()
            .find(|(_, message)| message.to == customer)
            .map_or_else(
                || super::account::FROM_NUMBER.to_owned(),
                |(_, message)| message.from.clone(),
            )
    }

    /// A text of a customer's comes in at one of our numbers.
    pub(super) fn customer_writes(&mut self, customer: &str, ours: &str, body: &str) {
        self.record(Direction::Inbound, customer, ours, body);
        let Some(keyword) = Keyword::of(body) else {
            return;
        };
        let scopes = [Some(ours.to_owned()), self.service_of(ours)];
        for scope in scopes.into_iter().flatten() {
            let pair = (scope, customer.to_owned());
            match keyword {
                Keyword::Stop => self.opted_out.insert(pair),
                Keyword::Start => self.opted_out.remove(&pair),
                Keyword::Help => false,
            };
        }
        self.record(Direction::OutboundReply, ours, customer, keyword.answer());
        let item = PhoneItem {
            kind: PhoneItemKind::Sms,
            from: ours.to_owned(),
            to: customer.to_owned(),
            body: keyword.answer().to_owned(),
            code: None,
            at: dates::after(self.now, 1000),
        };
        self.send_to_phone("", item);
    }

    /// That number wants no texts from that sender or its service.
    pub(super) fn has_opted_out(&self, to: &str, from: &str, service: Option<&str>) -> bool {
        [Some(from), service]
            .into_iter()
            .flatten()
            .any(|scope| self.opted_out.contains(&(scope.to_owned(), to.to_owned())))
    }

    fn service_of(&self, number: &str) -> Option<String> {
        self.messaging_services
            .iter()
            .find(|service| service.pool.contains(&number))
            .map(|service| service.sid.clone())
    }

    fn record(&mut self, direction: Direction, from: &str, to: &str, body: &str) {
        let now = self.now;
        let inbound = direction == Direction::Inbound;
        let service = self.service_of(if inbound { to } else { from });
        let mut timeline = Timeline::new(
            now,
            if inbound {
                MessageStatus::Received
            } else {
                MessageStatus::Sent
            },
        );
        if !inbound {
            timeline.then(dates::after(now, 1000), MessageStatus::Delivered);
        }
        let priced = dates::after(now, 3000);
        self.agenda.extend(timeline.moments());
        self.agenda.insert(priced);
        let sid = self.dice.sid("SM");
        let message = Message {
            sid: sid.clone(),
            direction,
            to: to.to_owned(),
            from: from.to_owned(),
            service,
            body: body.to_owned(),
            segments: SmsText::count(body).segments,
            media: Vec::new(),
            created: now,
            redacted: None,
            timeline,
            error_code: None,
            priced: Some(priced),
            wants_feedback: false,
        };
        self.messages.put(&sid, message);
    }
}
