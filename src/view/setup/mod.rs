//! The first run, step by step.

mod import;
mod keep;
mod note;
mod paste;
mod pick;
mod you;

use ratatui::layout::Rect;

use crate::domain::phrase::phrase;
use crate::domain::{Phrase, Untrusted};
use crate::keymap::{Action, Place};
use crate::model::Model;
use crate::model::setup::{SKEW_THAT_MATTERS, Setup, Step};

use super::frame::Frame;
use super::paper::{Paper, Weight};
use super::theme::{Look, Role};

pub use note::draw as draw_note;
pub use you::alias_and_country;

/// Draws the step.
pub fn draw(frame: &mut Frame, model: &Model, look: Look, area: Rect, setup: &Setup) {
    let mut paper = Paper::new(look, area.width);
    match &setup.step {
        Step::Welcome => welcome(&mut paper, setup),
        Step::PickImport { marked } => import::pick(&mut paper, setup, *marked),
        Step::PickProfile { marked } => pick::profile(&mut paper, setup, *marked),
        Step::StillPlain => import::still_plain(&mut paper, setup),
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
        Step::You => {
            if let Some(said) = &setup.you {
                you::draw(&mut paper, setup, said);
            }
        }
        Step::Done => you::done(&mut paper, setup),
        Step::Keep => keep::summary(&mut paper, model, setup),
        Step::Keeping => keep::under_way(&mut paper, setup),
        Step::KeepFailed(not_kept) => keep::failed(&mut paper, setup, not_kept),
    }
    paper.draw(frame, area);
}

fn heading(paper: &mut Paper, text: Phrase) {
    paper.section(Weight::Vital).text(Role::Strong, text);
}

fn welcome(paper: &mut Paper, setup: &Setup) {
    heading(paper, phrase!("Welcome to tuilio"));
    paper.section(Weight::Important).text(
        Role::Plain,
        phrase!("Check that a customer holds a phone number, send a text, see what became of it."),
    );
    paper.section(Weight::Vital).best_offer(
        Place::Welcome,
        Action::Submit,
        phrase!("connect your Twilio account: have ready what your lead sent you"),
    );
    if let Some(kept) = pick::kept(setup) {
        paper.offer(Place::Welcome, Action::UseProfile, kept);
    }
    paper
        .offer(
            Place::Welcome,
            Action::Demo,
            phrase!("try the demo: no key, no network, no cost"),
        )
        .offer(
            Place::Welcome,
            Action::Recipe,
            phrase!("what to ask your lead for"),
        );
    import::offer(paper, setup, Place::Welcome);
    paper
        .section(Weight::Extra)
        .text(Role::Dim, phrase!("Not affiliated with Twilio."));
}

/// The way to Twilio: clocks that are apart, and what stands in between.
fn way(paper: &mut Paper, setup: &Setup) {
    let around = &setup.surroundings;
    if around.proxy.is_some() || around.certificates.is_some() {
        paper.section(Weight::Extra);
    }
    if let Some(proxy) = &around.proxy {
        paper.labelled_text(phrase!("Proxy"), Role::Plain, Phrase::verbatim(proxy));
    }
    if let Some(path) = &around.certificates {
        paper.labelled_text(phrase!("Trusted"), Role::Plain, Phrase::verbatim(path));
    }
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

/// What is to be known of a connection before the first send: unsafe settings, and the limits of a trial.
pub fn judgement(paper: &mut Paper, connection: &crate::domain::Connection) {
    let concerns = connection.verify_service.as_ref();
    let concerns = concerns.and_then(|service| service.concerns.as_ref());
    let said = match concerns.map_or(0, Vec::len) {
        0 => None,
        1 => Some(phrase!(
            "1 about the Verify service   w  what, and what to change"
        )),
        n => Some(phrase!(
            "{n} about the Verify service   w  what, and what to change",
            n = n
        )),
    };
    if let Some(said) = said {
        paper
            .section(Weight::Important)
            .labelled_marked(phrase!("Warnings"), Role::Needs, said);
    }
    if connection.is_trial {
        paper
            .section(Weight::Important)
            .labelled_marked(phrase!("Trial"), Role::Needs, keep::trial_reach())
            .labelled_text(Phrase::of(""), Role::Plain, keep::trial_prefix());
    }
}

/// The name of an account, where the keys may read it.
fn account_name(connection: &crate::domain::Connection) -> String {
    connection
        .account_name
        .as_ref()
        .map_or_else(|| connection.account_sid.short(), Untrusted::visible)
}
