//! The first run, step by step.

mod keep;
mod note;
mod paste;
mod pick;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::domain::phrase::phrase;
use crate::domain::{Phrase, Untrusted};
use crate::model::Model;
use crate::model::setup::{SKEW_THAT_MATTERS, Setup, Step};

use super::paper::{Paper, Weight};
use super::theme::{Look, Role};

pub use note::draw as draw_note;

/// Draws the step.
pub fn draw(frame: &mut Frame, model: &Model, look: Look, area: Rect, setup: &Setup) {
    let mut paper = Paper::new(look, area.width);
    match &setup.step {
        Step::Welcome => welcome(&mut paper),
        Step::Paste => paste::draw(&mut paper, setup),
        Step::Checking(question) => {
            heading(&mut paper, phrase!("Connect to Twilio"));
            paste::found(&mut paper, setup);
            paper.section(Weight::Vital).marked(
                Role::Working,
                phrase!("Asking Twilio: {what}", what = question.what()),
            );
        }
        Step::PickService { services, marked } => {
            pick::service(&mut paper, setup, services, *marked);
        }
        Step::PickSender { senders, marked } => pick::sender(&mut paper, setup, senders, *marked),
        Step::Keep => keep::summary(&mut paper, model, setup),
        Step::Keeping => keep::under_way(&mut paper, setup),
        Step::KeepFailed(not_kept) => keep::failed(&mut paper, setup, not_kept),
    }
    paper.draw(frame, area);
}

fn heading(paper: &mut Paper, text: Phrase) {
    paper.section(Weight::Vital).text(Role::Strong, text);
}

fn welcome(paper: &mut Paper) {
    heading(paper, phrase!("Welcome to tuilio"));
    paper.section(Weight::Important).text(
        Role::Plain,
        phrase!("Check that a customer holds a phone number, send a text, see what became of it."),
    );
    paper.section(Weight::Vital);
    choice(paper, "Enter", phrase!("connect your Twilio account"), true);
    hint(paper, phrase!("Have ready what your lead sent you."));
    choice(paper, "r", phrase!("what to ask your lead for"), false);
    choice(
        paper,
        "d",
        phrase!("try the demo: no key, no network, no cost"),
        false,
    );
    paper
        .section(Weight::Extra)
        .text(Role::Dim, phrase!("Not affiliated with Twilio."));
}

/// Columns of a key and the gap after it.
const KEY: usize = 7;

/// A key and what it does.
fn choice(paper: &mut Paper, key: &str, what: Phrase, first: bool) {
    let look = paper.look();
    let mark = if first { look.mark(Role::Focus) } else { "" };
    let line = vec![
        paper.span(Role::Focus, crate::text::pad(mark, 2)),
        Span::raw(crate::text::pad(key, KEY)),
        paper.span(Role::Plain, what),
    ];
    paper.line(line);
}

/// A sentence under a choice.
fn hint(paper: &mut Paper, what: Phrase) {
    let line = vec![Span::raw(" ".repeat(KEY + 2)), paper.span(Role::Dim, what)];
    paper.line(line);
}

/// A key at the end of a page.
fn key(paper: &mut Paper, key: &str, what: Phrase) {
    let line = vec![
        Span::raw(crate::text::pad(key, KEY)),
        paper.span(Role::Plain, what),
    ];
    paper.line(line);
}

/// The way to Twilio: clocks that are apart, and what stands in between.
fn way(paper: &mut Paper, setup: &Setup) {
    let Some(skew) = setup.skew.filter(|skew| skew.abs() >= SKEW_THAT_MATTERS) else {
        return;
    };
    let apart = crate::model::verify::clock(jiff::SignedDuration::from_secs(skew.abs()));
    let said = if skew > 0 {
        phrase!(
            "The clock of this machine is {time} behind Twilio's. Waiting times are counted by Twilio's.",
            time = apart
        )
    } else {
        phrase!(
            "The clock of this machine is {time} ahead of Twilio's. Waiting times are counted by Twilio's.",
            time = apart
        )
    };
    paper
        .section(Weight::Useful)
        .labelled_marked(phrase!("Clock"), Role::Needs, said);
}

/// The name of an account, where the keys may read it.
fn account_name(connection: &crate::domain::Connection) -> String {
    connection
        .account_name
        .as_ref()
        .map_or_else(|| connection.account_sid.short(), Untrusted::visible)
}
