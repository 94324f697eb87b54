//! How a text comes to be: what is refused at once, and what becomes of what is taken.
//!
//! Timing of a text in reach, in seconds after its creation: `queued` 0, `sending` 0.4, `sent` 1,
//! `delivered` 3, price 4. With a Messaging Service it is `accepted` first and all of that begins 0.4
//! later; a scheduled one begins at its time. What a recipient does instead is in
//! `assets/recipients.toml`; the documented magic numbers work with these credentials too.

use jiff::SignedDuration;

use super::World;
use super::answer::{Answer, Refusal};
use super::codes;
use super::dates;
use super::messages::{Media, Message};
use super::numbers;
use super::phones::{PhoneItem, PhoneItemKind};
use super::recipient::{TextBehaviour, TextEnd};
use super::timeline::Timeline;
use crate::domain::message::Direction;
use crate::domain::sms_text::{self, SmsText};
use crate::domain::{MessageStatus, Timestamp};
use crate::twilio::wire::Request;

/// The most UTF-16 units in a text.
const MAX_BODY: usize = 1600;
/// The most media in a text.
const MAX_MEDIA: usize = 10;
/// The longest that a text may wait in the queue, in seconds.
const MAX_VALIDITY: u64 = 36_000;

/// Documented recipients that are always refused.
const MAGIC_TO: [(&str, u32); 5] = [
    ("+15005550001", 21211),
    ("+15005550002", 21612),
    ("+15005550003", 21408),
    ("+15005550004", 21610),
    ("+15005550009", 21614),
];
/// Documented senders that are always refused.
const MAGIC_FROM: [(&str, u32); 3] = [
    ("+15005550001", 21212),
    ("+15005550007", 21606),
    ("+15005550008", 21611),
];
/// What stands before each text of a trial account.
const TRIAL_PREFIX: &str = "Sent from your Twilio trial account - ";
/// The documented sender that always passes.
const MAGIC_SENDER: &str = "+15005550006";

/// Who a text comes from.
struct Origin {
    from: String,
    service: Option<String>,
    smart: bool,
}

impl World {
    pub(super) fn create_message(&mut self, request: &Request) -> Result<Answer, Refusal> {
        let to = self.message_recipient(request)?;
        let origin = self.message_sender(request, &to)?;
        let (body, media) = message_content(request)?;
        let validity = validity(request)?;
        let send_at = send_at(request, &origin, self.now)?;

        let smart = origin.smart || request.form_value("SmartEncoded") == Some("true");
        let body = if smart { sms_text::plain(&body) } else { body };
        let body = if self.is_trial() {
            format!("{TRIAL_PREFIX}{body}")
        } else {
            body
        };
        let behaviour = self.scene.recipient(&to).text;
        let begin = Begin {
            created: self.now,
            service: origin.service.is_some(),
            send_at,
        };
        let (timeline, error_code) = fare(&begin, &behaviour, validity);
        let sent = timeline.when(|status| *status == MessageStatus::Sent);
        let media: Vec<Media> = media
            .iter()
            .map(|url| Media {
                sid: self.dice.sid("ME"),
                content_type: content_type(url),
            })
            .collect();
        let message = Message {
            direction: Direction::OutboundApi,
            sid: self.dice.sid(if media.is_empty() { "SM" } else { "MM" }),
            segments: if media.is_empty() {
                SmsText::count(&body).segments
            } else {
                1
            },
            from: origin.from,
            service: origin.service,
            created: self.now,
            redacted: None,
            priced: sent.map(|at| dates::after(at, 3000)),
            wants_feedback: request.form_value("ProvideFeedback") == Some("true"),
            to,
            body,
            media,
            timeline,
            error_code,
        };
        self.agenda.extend(message.timeline.moments());
        self.agenda.extend(message.priced);
        if let (at, MessageStatus::Delivered) = message.timeline.end() {
            let item = PhoneItem {
                kind: PhoneItemKind::Sms,
                from: message.from.clone(),
                to: message.to.clone(),
                body: message.body.clone(),
                code: None,
                at: *at,
            };
            self.send_to_phone(&message.sid, item);
            self.expect_reply(&message, *at);
        }
        let answer = Answer::created(self.message(&message, &["media"]));
        let sid = message.sid.clone();
        self.messages.put(&sid, message);
        Ok(answer)
    }

    fn message_recipient(&self, request: &Request) -> Result<String, Refusal> {
        let to = given(request, "To").ok_or_else(|| refused(21604, "A 'To' number is needed"))?;
        if let Some((_, code)) = MAGIC_TO.iter().find(|(number, _)| *number == to) {
            return Err(refused(*code, codes::sentence(*code)));
        }
        if (3..=6).contains(&to.len()) && to.bytes().all(|b| b.is_ascii_digit()) {
            return Err(refused(21265, "The recipient is a short code"));
        }
        if to.contains(':') {
            return Err(refused(
                21612,
                "No sender of this account is on that channel",
            ));
        }
        if numbers::possible(to).is_none() {
            return Err(refused(21211, format!("The 'To' number {to} is not valid")));
        }
        if !self.may_be_reached(to) {
            return Err(refused(21608, codes::sentence(21608)));
        }
        match self.scene.recipient(to).message_refused {
            Some(code) => Err(refused(code, codes::sentence(code))),
            None => Ok(to.to_owned()),
        }
    }

    fn message_sender(&self, request: &Request, to: &str) -> Result<Origin, Refusal> {
        let from = given(request, "From");
        let service = given(request, "MessagingServiceSid");
        // A service is accepted in the place of a number too.
        let (from, service) = match (from, service) {
            (Some(sid), None) if sid.len() == 34 && sid.starts_with("MG") => (None, Some(sid)),
            both => both,
        };
        let origin = match (from, service) {
            (None, None) => Err(refused(
                21603,
                "A 'From' number or a Messaging Service is needed",
            )),
            (Some(from), None) => Ok(Origin {
                from: self.own_sender(from, to)?,
                service: None,
                smart: false,
            }),
            (from, Some(sid)) => self.service_sender(sid, from),
        }?;
        if self.has_opted_out(to, &origin.from, origin.service.as_deref()) {
            return Err(refused(21610, codes::sentence(21610)));
        }
        Ok(origin)
    }

    /// A trial account reaches the numbers that were verified for it, and no others.
    pub(super) fn may_be_reached(&self, to: &str) -> bool {
        let account = &self.scene.account;
        !account.trial || account.verified.iter().any(|number| number == to)
    }

    fn own_sender(&self, from: &str, to: &str) -> Result<String, Refusal> {
        if let Some((_, code)) = MAGIC_FROM.iter().find(|(number, _)| *number == from) {
            return Err(refused(*code, codes::sentence(*code)));
        }
        if from == to {
            return Err(refused(21266, "'To' and 'From' are the same number"));
        }
        if from == MAGIC_SENDER {
            return Ok(from.to_owned());
        }
        if from.starts_with('+') {
            return match self.numbers.iter().find(|own| own.number == from) {
                Some(own) if own.sms => Ok(from.to_owned()),
                Some(_) => Err(refused(21606, codes::sentence(21606))),
                None if numbers::possible(from).is_some() => {
                    Err(refused(21659, "'From' is not a number of Twilio's"))
                }
                None => Err(refused(21212, codes::sentence(21212))),
            };
        }
        let named = from.len() <= 11
            && from.bytes().any(|b| b.is_ascii_alphabetic())
            && from.bytes().all(|b| b.is_ascii_alphanumeric() || b == b' ');
        match (named, numbers::country(to).as_deref()) {
            (true, _) if self.is_trial() => Err(refused(21267, codes::sentence(21267))),
            (false, _) => Err(refused(21212, codes::sentence(21212))),
            (true, Some("US" | "CA")) => Err(refused(
                21612,
                "Names cannot be senders to the recipient's country",
            )),
            (true, _) => Ok(from.to_owned()),
        }
    }

    fn service_sender(&self, sid: &str, from: Option<&str>) -> Result<Origin, Refusal> {
        let well_formed = sid.len() == 34
            && sid.starts_with("MG")
            && sid.bytes().skip(2).all(|b| b.is_ascii_hexdigit());
        if !well_formed {
            return Err(refused(21705, "The Messaging Service SID is malformed"));
        }
        let service = self
            .messaging_services
            .iter()
            .find(|service| service.sid == sid)
            .ok_or_else(|| refused(21701, "There is no such Messaging Service"))?;
        let picked = match from {
            None => service
                .pool
                .first()
                .ok_or_else(|| refused(21704, "The Messaging Service has no senders"))?,
            Some(from) => service
                .pool
                .iter()
                .find(|number| **number == from)
                .ok_or_else(|| refused(21606, codes::sentence(21606)))?,
        };
        Ok(Origin {
            from: (*picked).to_owned(),
            service: Some(sid.to_owned()),
            smart: service.smart_encoding,
        })
    }
}

fn refused(code: u32, message: impl Into<String>) -> Refusal {
    Refusal::new(codes::status(code), code, message)
}

fn given<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.form_value(name).filter(|value| !value.is_empty())
}

fn message_content(request: &Request) -> Result<(String, Vec<String>), Refusal> {
    let media: Vec<String> = request
        .form
        .iter()
        .filter(|(name, _)| name == "MediaUrl")
        .map(|(_, url)| url.clone())
        .collect();
    if media.len() > MAX_MEDIA {
        return Err(refused(21623, "More than ten media"));
    }
    if media
        .iter()
        .any(|url| !url.starts_with("https://") && !url.starts_with("http://"))
    {
        return Err(refused(21620, "A media URL is not valid"));
    }
    if given(request, "ContentVariables").is_some() && given(request, "ContentSid").is_none() {
        return Err(refused(21654, "ContentVariables need a ContentSid"));
    }
    if given(request, "ContentSid").is_some() {
        return Err(refused(21655, "There is no such content template"));
    }
    let body = request.form_value("Body");
    match body {
        None if media.is_empty() => {
            return Err(refused(21619, "A body, media or a template is needed"));
        }
        Some("") if media.is_empty() => return Err(refused(21602, "A body is needed")),
        _ => {}
    }
    let body = body.unwrap_or_default();
    if body.encode_utf16().count() > MAX_BODY {
        return Err(refused(21617, "The body is longer than 1600 characters"));
    }
    Ok((body.to_owned(), media))
}

fn validity(request: &Request) -> Result<u64, Refusal> {
    given(request, "ValidityPeriod").map_or(Ok(MAX_VALIDITY), |text| {
        text.parse()
            .ok()
            .filter(|seconds| (1..=MAX_VALIDITY).contains(seconds))
            .ok_or_else(|| refused(21624, "The validity period is 1 to 36000 seconds"))
    })
}

fn send_at(
    request: &Request,
    origin: &Origin,
    now: Timestamp,
) -> Result<Option<Timestamp>, Refusal> {
    match given(request, "ScheduleType") {
        None => return Ok(None),
        Some("fixed") => {}
        Some(_) => return Err(refused(35126, "The schedule type is not supported")),
    }
    if origin.service.is_none() {
        return Err(refused(35118, "Scheduling needs a Messaging Service"));
    }
    let text = given(request, "SendAt").ok_or_else(|| refused(35111, "SendAt is needed"))?;
    let at =
        dates::moment(text).ok_or_else(|| refused(35114, "SendAt is not a moment in ISO 8601"))?;
    let ahead = at.duration_since(now);
    if ahead <= SignedDuration::from_secs(300) || ahead > SignedDuration::from_hours(35 * 24) {
        return Err(refused(
            35117,
            "SendAt is not between 300 seconds and 35 days ahead",
        ));
    }
    Ok(Some(at))
}

/// How a text begins.
struct Begin {
    created: Timestamp,
    service: bool,
    send_at: Option<Timestamp>,
}

/// Everything that becomes of a text, and the code of its failure.
fn fare(
    begin: &Begin,
    behaviour: &TextBehaviour,
    validity: u64,
) -> (Timeline<MessageStatus>, Option<u32>) {
    use MessageStatus::{Accepted, Queued, Scheduled};
    let (mut timeline, queued) = match begin {
        Begin {
            send_at: Some(at), ..
        } => (Timeline::new(begin.created, Scheduled), *at),
        Begin { service: true, .. } => (
            Timeline::new(begin.created, Accepted),
            dates::after(begin.created, 400),
        ),
        Begin { .. } => {
            let mut timeline = Timeline::new(begin.created, Queued);
            let error_code = travel(&mut timeline, begin.created, behaviour, validity);
            return (timeline, error_code);
        }
    };
    timeline.then(queued, Queued);
    let error_code = travel(&mut timeline, queued, behaviour, validity);
    (timeline, error_code)
}

/// The way from the queue on; the same for the text that carries a code.
pub(super) fn travel(
    timeline: &mut Timeline<MessageStatus>,
    queued: Timestamp,
    behaviour: &TextBehaviour,
    validity: u64,
) -> Option<u32> {
    use MessageStatus::{Delivered, Failed, Sending, Sent, Undelivered};
    if behaviour.queued_seconds > validity {
        timeline.then(dates::after(queued, validity * 1000), Failed);
        return Some(30036);
    }
    let left = dates::after(queued, behaviour.queued_seconds * 1000);
    timeline.then(dates::after(left, 400), Sending);
    if behaviour.ends == TextEnd::Failed {
        timeline.then(dates::after(left, 800), Failed);
        return behaviour.error_code;
    }
    let sent = dates::after(left, 1000);
    timeline.then(sent, Sent);
    let receipt = dates::after(sent, behaviour.receipt_seconds.unwrap_or(2) * 1000);
    match behaviour.ends {
        TextEnd::Delivered => timeline.then(receipt, Delivered),
        TextEnd::Undelivered => timeline.then(receipt, Undelivered),
        TextEnd::Sent | TextEnd::Failed => {}
    }
    behaviour.error_code
}

fn content_type(url: &str) -> &'static str {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    match path.rsplit('.').next() {
        Some("png") => "image/png",
        Some("gif") => "image/gif",
        Some("pdf") => "application/pdf",
        _ => "image/jpeg",
    }
}
