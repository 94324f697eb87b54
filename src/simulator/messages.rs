//! The Message resource: read, list, redact, withdraw, remove (Core API 2010-04-01).
//!
//! How a text comes to be is in [`sending`](super::sending). Its status, price and dates follow from its
//! timeline and the moment of asking.

use serde_json::{Value, json};

use super::World;
use super::answer::{Answer, Refusal};
use super::codes;
use super::dates;
use super::paging::Page;
use super::timeline::Timeline;
use crate::domain::message::Direction;
use crate::domain::{MessageStatus, Timestamp};
use crate::twilio::wire::Request;

/// A text.
#[derive(Clone)]
pub(super) struct Message {
    pub(super) sid: String,
    pub(super) direction: Direction,
    pub(super) to: String,
    /// Who it comes from; shown once a service has picked it.
    pub(super) from: String,
    pub(super) service: Option<String>,
    pub(super) body: String,
    pub(super) segments: usize,
    pub(super) media: Vec<Media>,
    pub(super) created: Timestamp,
    pub(super) redacted: Option<Timestamp>,
    pub(super) timeline: Timeline<MessageStatus>,
    pub(super) error_code: Option<u32>,
    pub(super) priced: Option<Timestamp>,
    pub(super) wants_feedback: bool,
}

/// A picture or a file in a text.
#[derive(Clone)]
pub(super) struct Media {
    pub(super) sid: String,
    pub(super) content_type: &'static str,
}

/// Five decimals of a dollar for one segment.
const PRICE: usize = 830;

impl Message {
    /// Where it stands.
    pub(super) fn status(&self, now: Timestamp) -> &MessageStatus {
        &self.timeline.now(now).1
    }

    /// No sender has been picked yet.
    fn is_waiting(&self, now: Timestamp) -> bool {
        matches!(
            self.timeline.now(now).1,
            MessageStatus::Accepted | MessageStatus::Scheduled | MessageStatus::Canceled
        )
    }

    /// When it was handed to the carrier.
    fn sent(&self, now: Timestamp) -> Option<Timestamp> {
        self.timeline
            .when(|status| matches!(status, MessageStatus::Sent | MessageStatus::Received))
            .filter(|at| *at <= now)
    }

    fn error(&self, now: Timestamp) -> Option<u32> {
        self.error_code.filter(|_| {
            matches!(
                self.status(now),
                MessageStatus::Undelivered | MessageStatus::Failed
            )
        })
    }

    fn updated(&self, now: Timestamp) -> Timestamp {
        let moments = [
            Some(self.timeline.now(now).0),
            self.priced.filter(|at| *at <= now),
            self.redacted,
        ];
        moments.into_iter().flatten().max().unwrap_or(self.created)
    }

    fn price(&self, now: Timestamp) -> Option<String> {
        let cost = self.segments * PRICE;
        self.priced
            .filter(|at| *at <= now)
            .map(|_| format!("-{}.{:05}", cost / 100_000, cost % 100_000))
    }
}

impl World {
    pub(super) fn message(&self, message: &Message, links: &[&str]) -> Value {
        let now = self.now;
        let uri = format!("{}/Messages/{}", self.account_path(), message.sid);
        let waiting = message.is_waiting(now);
        let error = message.error(now);
        let subresources: serde_json::Map<String, Value> = links
            .iter()
            .map(|link| {
                let file = if *link == "media" {
                    "Media"
                } else {
                    "Feedback"
                };
                ((*link).to_owned(), json!(format!("{uri}/{file}.json")))
            })
            .collect();
        json!({
            "sid": message.sid,
            "account_sid": self.credentials.account_sid,
            "api_version": "2010-04-01",
            "body": message.body,
            "date_created": dates::rfc2822(message.created),
            "date_sent": message.sent(now).map(dates::rfc2822),
            "date_updated": dates::rfc2822(message.updated(now)),
            "direction": message.direction.as_str(),
            "error_code": error,
            "error_message": error.map(codes::sentence),
            "from": (!waiting).then_some(&message.from),
            "to": message.to,
            "messaging_service_sid": message.service,
            "num_media": message.media.len().to_string(),
            "num_segments": if waiting { 0 } else { message.segments }.to_string(),
            "price": message.price(now),
            "price_unit": "USD",
            "status": message.status(now).as_str(),
            "subresource_uris": subresources,
            "uri": format!("{uri}.json"),
        })
    }

    pub(super) fn fetch_message(&self, sid: &str, path: &str) -> Result<Answer, Refusal> {
        let message = self.find_message(sid, path)?;
        Ok(Answer::ok(self.message(message, &["media", "feedback"])))
    }

    pub(super) fn list_messages(&self, request: &Request) -> Answer {
        let wanted = Wanted::read(request);
        let (serials, messages): (Vec<u64>, Vec<&Message>) = self
            .messages
            .newest_first()
            .filter(|(_, message)| wanted.covers(message, self.now))
            .unzip();
        let page = Page::cut(request, 50, &serials);
        let items = messages[page.range()]
            .iter()
            .map(|message| self.message(message, &["media", "feedback"]))
            .collect();
        Answer::ok(page.relative("messages", items))
    }

    /// Empties the body, or withdraws what is scheduled.
    pub(super) fn update_message(
        &mut self,
        sid: &str,
        request: &Request,
    ) -> Result<Answer, Refusal> {
        let now = self.now;
        let scheduled =
            *self.find_message(sid, &request.path)?.status(now) == MessageStatus::Scheduled;
        match (request.form_value("Status"), request.form_value("Body")) {
            (Some("canceled"), _) if scheduled => {
                self.change_message(sid, |message| {
                    message.timeline.turn(now, MessageStatus::Canceled);
                    message.priced = None;
                });
                self.withdraw_from_phone(sid);
            }
            (Some("canceled"), _) => {
                return Err(Refusal::new(
                    409,
                    30409,
                    "The message can no longer be canceled",
                ));
            }
            (None, Some("")) => self.change_message(sid, |message| {
                message.body.clear();
                message.redacted = Some(now);
            }),
            _ => {
                return Err(Refusal::new(
                    422,
                    20422,
                    "Body can only be emptied, and Status only become canceled",
                ));
            }
        }
        self.fetch_message(sid, &request.path)
    }

    /// Removes it, once nothing more is to be expected of it.
    pub(super) fn delete_message(&mut self, sid: &str, path: &str) -> Result<Answer, Refusal> {
        let message = self.find_message(sid, path)?;
        // What stays `sent` for ever is finished too.
        let (since, status) = message.timeline.now(self.now);
        let settled = status.is_final()
            || (*status == MessageStatus::Sent && message.timeline.end().0 == *since);
        if !settled {
            return Err(Refusal::new(
                409,
                20009,
                "The message cannot be deleted before it is finished",
            ));
        }
        self.messages.remove(sid);
        Ok(Answer::deleted())
    }

    pub(super) fn list_media(&self, sid: &str, request: &Request) -> Result<Answer, Refusal> {
        let message = self.find_message(sid, &request.path)?;
        let page = Page::cut(request, 50, &super::account::serials(message.media.len()));
        let items = message.media[page.range()]
            .iter()
            .map(|media| self.media(message, media))
            .collect();
        Ok(Answer::ok(page.relative("media_list", items)))
    }

    pub(super) fn fetch_media(
        &self,
        message: &str,
        sid: &str,
        path: &str,
    ) -> Result<Answer, Refusal> {
        let message = self.find_message(message, path)?;
        message
            .media
            .iter()
            .find(|media| media.sid == sid)
            .map(|media| Answer::ok(self.media(message, media)))
            .ok_or_else(|| Refusal::not_found(path))
    }

    fn media(&self, message: &Message, media: &Media) -> Value {
        let date = dates::rfc2822(message.created);
        json!({
            "sid": media.sid,
            "account_sid": self.credentials.account_sid,
            "parent_sid": message.sid,
            "content_type": media.content_type,
            "date_created": date,
            "date_updated": date,
            "uri": format!(
                "{}/Messages/{}/Media/{}.json",
                self.account_path(), message.sid, media.sid
            ),
        })
    }

    pub(super) fn create_feedback(&self, sid: &str, request: &Request) -> Result<Answer, Refusal> {
        let message = self.find_message(sid, &request.path)?;
        if !message.wants_feedback {
            return Err(Refusal::not_found(&request.path));
        }
        let outcome = request.form_value("Outcome").unwrap_or("unconfirmed");
        if !["confirmed", "unconfirmed"].contains(&outcome) {
            return Err(Refusal::new(
                422,
                20422,
                "Outcome is confirmed or unconfirmed",
            ));
        }
        let date = dates::rfc2822(self.now);
        Ok(Answer::ok(json!({
            "account_sid": self.credentials.account_sid,
            "message_sid": message.sid,
            "outcome": outcome,
            "date_created": date,
            "date_updated": date,
            "uri": request.path,
        })))
    }

    fn find_message(&self, sid: &str, path: &str) -> Result<&Message, Refusal> {
        self.messages
            .find(sid)
            .ok_or_else(|| Refusal::not_found(path))
    }

    fn change_message(&mut self, sid: &str, change: impl FnOnce(&mut Message)) {
        if let Some(message) = self.messages.find_mut(sid) {
            change(message);
        }
    }
}

/// The filters of a list. A date hides what has not been sent yet.
struct Wanted<'a> {
    to: Option<&'a str>,
    from: Option<&'a str>,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
}

impl<'a> Wanted<'a> {
    fn read(request: &'a Request) -> Self {
        let given = |name: &str| request.query_value(name).filter(|text| !text.is_empty());
        let span = |name: &str| given(name).and_then(dates::span);
        let on = span("DateSent");
        Self {
            to: given("To"),
            from: given("From"),
            since: on.or_else(|| span("DateSent>")).map(|(first, _)| first),
            until: on.or_else(|| span("DateSent<")).map(|(_, last)| last),
        }
    }

    fn covers(&self, message: &Message, now: Timestamp) -> bool {
        let sent = message.sent(now);
        self.to.is_none_or(|to| to == message.to)
            && self
                .from
                .is_none_or(|from| from == message.from && !message.is_waiting(now))
            && self
                .since
                .is_none_or(|since| sent.is_some_and(|at| at >= since))
            && self
                .until
                .is_none_or(|until| sent.is_some_and(|at| at <= until))
    }
}
