//! What stands beside a state: the keys that help, the words to say, what Twilio's support asks for.

use crate::domain::catalogue::Entry;
use crate::domain::{Failure, Phrase, phrase};
use crate::keymap::{Action, Place, table};
use crate::model::Model;

use super::paper::{Paper, Weight};
use super::theme::Role;

/// The words for the customer.
pub fn say(paper: &mut Paper, weight: Weight, words: impl Into<Phrase>) {
    let words = words.into();
    if words.is_empty() {
        return;
    }
    paper.section(weight).labelled_text(
        phrase!("Say"),
        Role::Plain,
        phrase!("\"{words}\"", words = words),
    );
}

/// The key of an action where the agent is.
pub fn key(place: Place, action: Action) -> Option<String> {
    table::of(place)
        .find(|binding| binding.action == action)
        .map(|binding| binding.chords[0].to_string())
}

/// The keys that help in this state, one under the other, the best one first and marked. What would do
/// nothing is left out.
pub fn ways(paper: &mut Paper, model: &Model, ways: Vec<(Action, Phrase)>) {
    paper.section(Weight::Important);
    let mark = paper.look().mark(Role::Focus);
    let keys: Vec<(String, Phrase)> = ways
        .into_iter()
        .filter(|(action, _)| model.offers(*action))
        .filter_map(|(action, words)| Some((key(model.pane_place(), action)?, words)))
        .collect();
    let width = keys.iter().map(|(key, _)| key.len()).max().unwrap_or(0);
    for (n, (key, words)) in keys.into_iter().enumerate() {
        let (role, before) = if n == 0 {
            (Role::Focus, mark)
        } else {
            (Role::Plain, " ")
        };
        let key = paper.span(role, format!("{before} {key:<width$}  "));
        let words = paper.span(Role::Plain, words);
        paper.line(vec![key, words]);
    }
}

/// What to do, and what to say, from the catalogue.
pub fn advice(paper: &mut Paper, entry: &'static Entry) {
    paper.section(Weight::Useful).labelled_text(
        phrase!("What to do"),
        Role::Plain,
        Phrase::of(&entry.todo),
    );
    say(paper, Weight::Useful, Phrase::of(&entry.say));
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
        (None, None, _) => Phrase::from(&failure.message),
    };
    paper.section(Weight::Extra).text(Role::Dim, line);
}
