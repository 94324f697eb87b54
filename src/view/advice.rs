//! What stands beside a state: the keys that help, what to do, what Twilio's support asks for.

use crate::domain::catalogue::Entry;
use crate::domain::{Failure, Language, Phrase, phrase};
use crate::keymap::{Action, Place};
use crate::model::Model;

use super::paper::{Paper, Piece, Weight};
use super::theme::Role;

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

/// What to do, and what to say, from the catalogue.
pub fn advice(paper: &mut Paper, entry: &'static Entry, customer: Option<Language>) {
    paper.section(Weight::Useful).labelled_text(
        phrase!("What to do"),
        Role::Plain,
        Phrase::of(&entry.todo),
    );
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
