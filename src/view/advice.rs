//! What stands beside a state: the keys that help, what to do, what Twilio's support asks for.

use jiff::SignedDuration;

use crate::domain::catalogue::{self, Entry};
use crate::domain::{Failure, FailureKind, Language, Phrase, Timestamp, phrase};
use crate::keymap::{Action, Place};
use crate::model::Model;

use super::paper::{Paper, Piece, Weight};
use super::theme::Role;
use super::words;

/// Too many requests, and a limit of the Verify service, by Twilio's codes.
const TOO_MUCH: u32 = 20429;
const SERVICE_LIMIT: u32 = 60207;

/// The keys that help in this state, one under the other, the best one first and marked. What would do
/// nothing is left out.
pub fn ways(paper: &mut Paper, model: &Model, ways: Vec<(Action, Phrase)>) {
    let here = model.pane_place();
    let place = |action| {
        [here, Place::Desk]
            .into_iter()
            .find(|&place| model.setting.keymap.chord(place, action).is_some())
            .unwrap_or(Place::Always)
    };
    let open: Vec<(Action, Phrase)> = ways
        .into_iter()
        .filter(|(action, _)| model.offers(*action))
        .collect();
    paper.section(Weight::Important);
    for (n, (action, words)) in open.iter().enumerate() {
        let place = place(*action);
        if n == 0 {
            paper.best_offer(place, *action, words);
        } else {
            paper.offer(place, *action, words);
        }
    }
    let hints = open.iter().filter_map(|(action, _)| {
        let mut bindings = model.setting.keymap.of(place(*action));
        let binding = bindings.find(|binding| binding.action == *action)?;
        Some(paper.key(binding.place, *action, Phrase::of(binding.hint)))
    });
    let hints: Vec<Piece> = hints.collect();
    paper.or_shorter(|paper| {
        paper.flow(hints);
    });
}

/// What to do about a failure of that moment: until when Twilio asks to wait, where it does, and what the
/// catalogue says. Where that is only to wait for a while, Twilio's own time stands in its place.
pub fn todo(model: &Model, failure: &Failure, at: Option<Timestamp>) -> Vec<Phrase> {
    let entry = catalogue::for_failure(failure);
    let said = Phrase::of(&entry.todo);
    let (Some(seconds), FailureKind::RateLimit) = (failure.retry_after, failure.kind) else {
        return vec![said];
    };
    let at = at.unwrap_or(model.now);
    let until = at + SignedDuration::from_secs(seconds.into());
    let wait = wait_until(model, until);
    match failure.code {
        None | Some(TOO_MUCH | SERVICE_LIMIT) => vec![wait],
        Some(_) => vec![wait, said],
    }
}

fn wait_until(model: &Model, until: Timestamp) -> Phrase {
    let zone = &model.setting.zone;
    let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
    if until <= model.now {
        phrase!("The time that Twilio asked to wait is over; it is safe to try again.")
    } else if day(until) != day(model.now) {
        phrase!(
            "Twilio asks to wait until {date}, {time}; it is safe to try again then.",
            date = day(until).to_string(),
            time = words::hour(until, zone)
        )
    } else {
        phrase!(
            "Twilio asks to wait until {time}; it is safe to try again then.",
            time = words::time(until, zone)
        )
    }
}

/// What to do about a failure of that moment, and what to say.
pub fn advice_on(
    paper: &mut Paper,
    model: &Model,
    failure: &Failure,
    at: Option<Timestamp>,
    customer: Option<Language>,
) {
    let entry = catalogue::for_failure(failure);
    what_to_do(paper, todo(model, failure, at));
    say(paper, entry, customer);
}

/// What to do, and what to say, from the catalogue.
pub fn advice(paper: &mut Paper, entry: &'static Entry, customer: Option<Language>) {
    what_to_do(paper, vec![Phrase::of(&entry.todo)]);
    say(paper, entry, customer);
}

fn what_to_do(paper: &mut Paper, todo: Vec<Phrase>) {
    paper.section(Weight::Useful);
    for (n, sentence) in todo.into_iter().enumerate() {
        let label = if n == 0 {
            phrase!("What to do")
        } else {
            Phrase::of("")
        };
        paper.labelled_text(label, Role::Plain, sentence);
    }
}

fn say(paper: &mut Paper, entry: &'static Entry, customer: Option<Language>) {
    if !entry.say.is_empty() {
        paper.say(Phrase::of(&entry.say), customer);
    }
}

/// What Twilio's support asks for: code and request.
pub fn reference(paper: &mut Paper, failure: &Failure) {
    let request = failure
        .request_id
        .as_deref()
        .map(crate::domain::untrusted::visible);
    let line = match (failure.code, failure.status, request) {
        (Some(code), _, Some(request)) => {
            phrase!(
                "Twilio {code} · request {request}",
                code = code,
                request = request
            )
        }
        (Some(code), _, None) => phrase!("Twilio {code}", code = code),
        (None, Some(status), Some(request)) => phrase!(
            "HTTP {status} · request {request}",
            status = u32::from(status),
            request = request
        ),
        (None, Some(status), None) => phrase!("HTTP {status}", status = u32::from(status)),
        (None, None, _) => failure.phrase(),
    };
    paper.section(Weight::Extra).text(Role::Dim, line);
    if let Some(code) = failure.code {
        paper.link(&format!("https://www.twilio.com/docs/errors/{code}"));
    }
}
