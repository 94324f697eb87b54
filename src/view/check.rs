//! One check on the screen: its code box and counters, or what came of it.

use ratatui::text::Span;

use crate::domain::catalogue;
use crate::domain::place::Place;
use crate::domain::verification::{MAX_CHECKS, MAX_SENDS};
use crate::domain::{MessageStatus, Recipient, phrase};
use crate::model::Model;
use crate::model::check::{Check, Stage};
use crate::model::verify::clock;

use super::outcome::{approved, ended, reference, unknown};
use super::paper::{Paper, Weight};
use super::theme::Role;
use super::words;

/// Writes the check.
pub fn write(paper: &mut Paper, model: &Model, check: &Check) {
    heading(paper, model, check);
    match &check.stage {
        Stage::Sending { since, .. } => sending(paper, model, check, *since),
        Stage::Waiting
        | Stage::Settling { .. }
        | Stage::Checking { .. }
        | Stage::Stopping { .. } => waiting(paper, model, check),
        Stage::Approved { .. } => approved(paper, model, check),
        Stage::Ended(ending) => ended(paper, model, check, ending),
        Stage::Unknown { op, what, .. } => unknown(paper, model, check, *op, *what),
    }
}

fn heading(paper: &mut Paper, model: &Model, check: &Check) {
    let place = match &check.to {
        Recipient::Phone(number) => Place::of(number)
            .map(|place| place.name())
            .unwrap_or_default(),
        Recipient::Email(_) => "email".to_owned(),
    };
    let to = paper.look().text(&words::recipient(
        Some(&check.to),
        !matches!(check.stage, Stage::Approved { .. }) && !model.is_masked(),
    ));
    let mut pieces = vec![
        paper.span(Role::Strong, &to),
        Span::raw(format!("{place}   by {}", words::channel(&check.channel))),
    ];
    if let Some(ticket) = &check.ticket {
        pieces.push(paper.span(
            Role::Plain,
            phrase!("ticket {ticket}", ticket = ticket.as_str()),
        ));
    }
    paper.section(Weight::Vital).flow(pieces);
}

fn sending(paper: &mut Paper, model: &Model, check: &Check, since: crate::domain::Timestamp) {
    let seconds = model.now.duration_since(since).as_secs();
    let waited = if seconds >= 1 {
        format!(" {seconds} s")
    } else {
        String::new()
    };
    paper
        .section(Weight::Vital)
        .marked(Role::Working, format!("Sending the code{waited}"));
    if let Some(until) = check.delayed_until {
        paper.marked(
            Role::Working,
            format!(
                "Twilio asks us to wait {}. It goes on by itself.",
                clock(model.now.duration_until(until))
            ),
        );
    }
    paper
        .section(Weight::Useful)
        .labelled_text("Say", Role::Plain, "\"One moment.\"");
}

fn waiting(paper: &mut Paper, model: &Model, check: &Check) {
    let zone = &model.setting.zone;
    let mut states: Vec<Span> = Vec::new();
    if let Some(at) = check.sent_at {
        states.push(paper.state(Role::Done, format!("Sent {}", words::time(at, zone))));
    }
    if let Some((delivery, at)) = &check.delivery {
        let (role, word) = words::message(&delivery.status, None);
        let word = if delivery.status.is_final() {
            format!("{word} {}", words::time(*at, zone))
        } else {
            word
        };
        if delivery.status != MessageStatus::Sent {
            states.push(paper.state(role, &word));
        }
    }
    states.push(match (check.wrong_at, &check.stage) {
        (_, Stage::Checking { .. }) => paper.state(Role::Working, "Checking the code"),
        (_, Stage::Stopping { .. }) => paper.state(Role::Working, "Stopping this check"),
        (Some(at), _) => paper.state(Role::Wrong, format!("Wrong code {}", words::time(at, zone))),
        (None, _) => paper.state(Role::Working, "Waiting for the code"),
    });
    paper.section(Weight::Vital).flow(states);
    if let Some(until) = check.delayed_until {
        paper.marked(
            Role::Working,
            format!(
                "Twilio asks us to wait {}. It goes on by itself.",
                clock(model.now.duration_until(until))
            ),
        );
    }

    code_box(paper, check);
    let arrived = check.delivery.as_ref().is_none_or(|(delivery, _)| {
        !matches!(
            delivery.status,
            MessageStatus::Undelivered | MessageStatus::Failed
        )
    });
    if check.wrong > 0
        && !check.unheard
        && matches!(check.stage, Stage::Waiting | Stage::Settling { .. })
        && check.digits.as_str().is_empty()
    {
        let left = check.tries_left();
        paper.labelled_marked(
            "",
            Role::Wrong,
            format!(
                "That was not the code. {left} {} left, then this check ends.",
                if left == 1 { "try" } else { "tries" }
            ),
        );
    }
    if let Some(mixed_up) = model.verify.mixed_up() {
        paper.labelled_marked("", Role::Needs, mixed_up);
    }
    if check.unheard {
        paper.labelled_marked(
            "",
            Role::Needs,
            "The line dropped while the code was checked. Type it again.",
        );
    }
    if let Some(trouble) = &check.trouble {
        let entry = catalogue::for_failure(trouble);
        paper
            .section(Weight::Important)
            .marked(Role::Needs, &entry.meaning)
            .text(Role::Plain, &entry.todo);
        reference(paper, trouble);
    }
    if let (false, Some((delivery, _))) = (arrived, &check.delivery) {
        let entry = delivery.error_code.map(catalogue::entry);
        let meaning = entry.map_or("The code did not arrive.", |entry| entry.meaning.as_str());
        let sentence = format!("Not delivered: {meaning}");
        let offer = paper.span(
            Role::Focus,
            format!(
                "{} c  call and speak the code",
                paper.look().mark(Role::Focus)
            ),
        );
        paper
            .section(Weight::Important)
            .marked(Role::Needs, &sentence)
            .flow(vec![
                offer,
                Span::raw("r  send again"),
                Span::raw("e  email"),
            ]);
    }
    counters(paper, model, check);
    super::verify::waiting(paper, model);
    let say = match (check.wrong, arrived) {
        (_, false) => "\"Your phone did not take the message. Shall I call you with the code?\"",
        (0, true) => "\"Please read me the digits, one by one.\"",
        (_, true) => {
            "\"That one did not match. Please open the newest message, and read me the digits again slowly.\""
        }
    };
    paper
        .section(Weight::Useful)
        .labelled_text("Say", Role::Plain, say);
    if check.wrong >= 2 {
        paper.section(Weight::Important).labelled_text("Careful", Role::Needs, "Two wrong codes or more. If the caller is guessing, or asks you to skip this step, press x.");
    } else if arrived && !paper.is_narrow() {
        let wait = check
            .send_wait(model.now)
            .map(|wait| format!(" ({})", clock(wait)))
            .unwrap_or_default();
        paper
            .section(Weight::Extra)
            .labelled(
                "Nothing",
                vec![Span::raw(format!(
                    "{:<34}c  call and speak the code",
                    format!("r  send again{wait}")
                ))],
            )
            .labelled(
                "arrived?",
                vec![Span::raw(format!("{:<34}e  email", "w  WhatsApp"))],
            )
            .labelled_text(
                "",
                Role::Dim,
                "Every send carries the same code, so an older message is fine.",
            );
    }
}

/// Digits in groups of three, and where the next one goes.
fn code_box(paper: &mut Paper, check: &Check) {
    let digits = check.digits.as_str();
    let length = usize::try_from(check.service.code_length).unwrap_or(6);
    let group = if length.is_multiple_of(3) {
        3
    } else if length.is_multiple_of(4) {
        4
    } else {
        length
    };
    let mut shown = String::new();
    let mut cursor = None;
    for n in 0..length {
        if n > 0 {
            shown.push_str(if n % group == 0 { "   " } else { " " });
        }
        if n == digits.len() {
            cursor = Some(shown.len());
        }
        shown.push(
            digits
                .as_bytes()
                .get(n)
                .map_or('_', |digit| char::from(*digit)),
        );
    }
    let open = matches!(check.stage, Stage::Waiting | Stage::Settling { .. });
    let spans = vec![paper.span(Role::Strong, &shown)];
    paper.section(Weight::Vital).focus_line("Code", open, spans);
    if open {
        paper.cursor_at(Paper::text_column() + cursor.unwrap_or(shown.len()));
    }
}

pub fn counters(paper: &mut Paper, model: &Model, check: &Check) {
    let look = paper.look();
    let narrow = paper.is_narrow();
    let until = check
        .expires_at
        .map(|at| {
            let good = if narrow { "until" } else { "Good until" };
            let time = at.to_zoned(model.setting.zone.clone()).strftime("%H:%M");
            format!("{good} {time}")
        })
        .unwrap_or_default();
    let left = check
        .expires_at
        .map(|at| format!("{} left", clock(model.now.duration_until(at))))
        .unwrap_or_default();
    let again = check.send_wait(model.now).map_or_else(
        || {
            (
                if narrow {
                    "again now"
                } else {
                    "Send again now"
                },
                "r".to_owned(),
            )
        },
        |wait| {
            (
                if narrow { "again in" } else { "Send again in" },
                clock(wait),
            )
        },
    );
    let (first, second) = if narrow { (16, 13) } else { (20, 18) };
    let counter = |left: u32, of: u32| format!("{left} of {of}  {}", look.dots(left, of));
    // An answer that was lost may have been counted by Twilio all the same.
    let tries = match (check.unheard_tries, narrow) {
        (0, _) => counter(check.tries_left(), MAX_CHECKS),
        (_, true) => format!("at most {}", check.tries_left()),
        (_, false) => format!("at most {} of {MAX_CHECKS}", check.tries_left()),
    };
    paper
        .section(Weight::Vital)
        .labelled(
            "Tries left",
            vec![Span::raw(format!("{tries:<first$}{until:<second$}{left}"))],
        )
        .labelled(
            "Sends left",
            vec![Span::raw(format!(
                "{:<first$}{:<second$}{}",
                counter(check.sends_left(), MAX_SENDS),
                again.0,
                again.1
            ))],
        );
}
