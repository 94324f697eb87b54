//! The paste: dots, and what was found in it. The text itself holds a secret and is never drawn.

use crate::domain::Phrase;
use crate::domain::phrase::phrase;
use crate::domain::sid::{AccountSid, VerifyServiceSid};
use crate::keymap::{Action, Place};
use crate::model::setup::Setup;

use super::super::paper::{Paper, Weight};
use super::super::theme::Role;
use super::heading;

pub fn draw(paper: &mut Paper, setup: &Setup) {
    heading(paper, phrase!("Connect to Twilio"));
    paper.section(Weight::Important).text(
        Role::Plain,
        phrase!("Paste what your lead sent you. Any order, any layout. It is shown as dots, and no secret is written to a file."),
    );
    let dot = if paper.look().ascii { "*" } else { "•" };
    let count = setup
        .paste
        .text()
        .chars()
        .filter(|c| !c.is_whitespace())
        .count()
        .min(paper.text_width().saturating_sub(2));
    let dots = dot.repeat(count);
    paper.section(Weight::Vital).field(
        phrase!("Paste here"),
        true,
        &dots,
        dots.len(),
        phrase!("account SID, API key and its secret"),
    );
    if let Some(problem) = &setup.problem {
        paper.labelled_marked(Phrase::of(""), Role::Wrong, problem);
        // Twilio was asked, so it may be the way there.
        if setup.is_refused() {
            paper.section(Weight::Useful).offer(
                Place::Always,
                Action::Doctor,
                phrase!("what is wrong, link by link"),
            );
        }
    }
    found(paper, setup);
    if setup.paste.is_empty() && !setup.surroundings.imports.is_empty() {
        paper.section(Weight::Useful);
        super::import::offer(paper, setup, Place::Paste);
    }
    if setup.found.token.is_some() && setup.found.key_sid.is_none() {
        paper.section(Weight::Useful).marked(
            Role::Needs,
            phrase!("This is the account's auth token: it may do everything. An API key (SK…) with its secret is better. Ctrl-R shows what to ask your lead for."),
        );
    }
}

/// What was found in the paste, never the secrets themselves.
pub fn found(paper: &mut Paper, setup: &Setup) {
    let found = &setup.found;
    let account = found.account_sid.as_ref().map(AccountSid::short);
    let key = match (&found.key_sid, &found.secret, &found.token) {
        (Some(sid), Some(_), _) => Some(phrase!("{sid}, with its secret", sid = sid.short())),
        (Some(sid), None, None) => Some(phrase!("{sid}, its secret is missing", sid = sid.short())),
        (_, _, Some(_)) => Some(phrase!("auth token")),
        (None, Some(_), None) => Some(phrase!("a secret, its SK… is missing")),
        _ => None,
    };
    let service = found.verify_service.as_ref().map(VerifyServiceSid::short);
    if setup.paste.is_empty() && account.is_none() {
        return;
    }
    paper.section(Weight::Important);
    let wanted = phrase!("not found yet");
    for (label, value, otherwise) in [
        (
            phrase!("Account"),
            account.map(Phrase::verbatim),
            wanted.clone(),
        ),
        (phrase!("Key"), key, wanted),
        (
            phrase!("Service"),
            service.map(Phrase::verbatim),
            phrase!("picked by name in a moment"),
        ),
    ] {
        let span = match value {
            // It was found, but what Twilio has refused is no good news.
            Some(value) if setup.is_refused() => paper.span(Role::Plain, value),
            Some(value) => paper.state(Role::Done, value),
            None => paper.span(Role::Dim, otherwise),
        };
        paper.labelled(label, vec![span]);
    }
}
