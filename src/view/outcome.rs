//! What came of a check, in words: approved, ended, not known; and what to do and to say.

use ratatui::text::Span;

use crate::domain::catalogue::{self, Entry};
use crate::domain::{Failure, FailureKind, Intent, Recipient, phrase};
use crate::keymap::{Action, Place};
use crate::model::check::{Check, Ending, Stage, What};
use crate::model::verify::clock;
use crate::model::{Model, evidence};

use super::check::counters;
use super::paper::{Paper, Weight};
use super::theme::Role;
use super::words;

pub fn approved(paper: &mut Paper, model: &Model, check: &Check) {
    let Stage::Approved { at } = check.stage else {
        return;
    };
    let state = paper.state(Role::Done, "Approved");
    let when = Span::raw(format!("    {}", words::time(at, &model.setting.zone)));
    paper.section(Weight::Vital).line(vec![state, when]);
    paper
        .section(Weight::Important)
        .labelled_text(
            "Shows",
            Role::Plain,
            "the caller can read messages on this phone, now.",
        )
        .labelled_text(
            "Shows not",
            Role::Plain,
            "who the caller is. Follow your policy for the rest.",
        );
    if let Some(line) = evidence::line(check, model.setting.agent.as_deref()) {
        paper
            .section(Weight::Useful)
            .text(Role::Strong, "Evidence for the ticket")
            .text(Role::Plain, &line);
    }
    paper
        .section(Weight::Important)
        .best_offer(Place::Approved, Action::Copy, phrase!("copy this evidence"))
        .offer(
            Place::Approved,
            Action::NextCustomer,
            phrase!("next customer"),
        );
    if let Some(clears) = check.clears_at() {
        paper.section(Weight::Extra).text(
            Role::Dim,
            format!(
                "This screen clears in {}.",
                clock(model.now.duration_until(clears))
            ),
        );
    }
}

pub fn ended(paper: &mut Paper, model: &Model, check: &Check, ending: &Ending) {
    match ending {
        Ending::NotSent(failure) => {
            let entry = catalogue::for_failure(failure);
            paper
                .section(Weight::Vital)
                .marked(Role::Needs, not_sent(entry))
                .text(Role::Plain, &entry.meaning);
            ways_on(paper, failure, check);
            advice(paper, entry);
            reference(paper, failure);
        }
        Ending::Cancelled => {
            paper
                .section(Weight::Vital)
                .marked(Role::Wrong, "Stopped. The code no longer works.");
            paper.section(Weight::Important).flow(vec![
                Span::raw("Enter or n  next customer"),
                Span::raw("r  send a new code"),
            ]);
        }
        Ending::Expired => {
            paper.section(Weight::Vital).marked(
                Role::Wrong,
                "Expired. The ten minutes are over. Nothing went wrong.",
            );
            new_code(paper);
            paper.section(Weight::Useful).labelled_text(
                "Say",
                Role::Plain,
                "\"That code is too old. I will send a new one.\"",
            );
        }
        Ending::UsedUp => {
            let until = check
                .expires_at
                .map(|at| {
                    format!(
                        " until {}",
                        at.to_zoned(model.setting.zone.clone()).strftime("%H:%M")
                    )
                })
                .unwrap_or_default();
            paper.section(Weight::Vital).marked(
                Role::Wrong,
                format!("Five wrong codes. Twilio closed this check{until}."),
            );
            paper.section(Weight::Important).flow(vec![
                Span::raw("n  next customer"),
                Span::raw("x  stop it, for a new code"),
                Span::raw("Do not go on without the check; ask your lead."),
            ]);
            paper.section(Weight::Useful).labelled_text("Say", Role::Plain, "\"I could not confirm your phone today, so I cannot go on with this on the phone.\"");
        }
        Ending::Gone(failure) => {
            let entry = catalogue::for_failure(failure);
            paper
                .section(Weight::Vital)
                .marked(Role::Wrong, &entry.meaning);
            new_code(paper);
            advice(paper, entry);
            reference(paper, failure);
        }
    }
}

/// The keys that begin anew after an end.
fn new_code(paper: &mut Paper) {
    let keys = vec![
        paper.key(
            Place::Ended,
            Action::SendAgain,
            phrase!("send a new code by SMS"),
        ),
        paper.key(Place::Ended, Action::CallInstead, phrase!("call")),
        paper.key(Place::Ended, Action::NextCustomer, phrase!("next customer")),
    ];
    paper.section(Weight::Important).flow(keys);
}

/// That it was not sent, and why, in a few words.
fn not_sent(entry: &Entry) -> String {
    if entry.title == "Not sent" {
        return "Not sent".to_owned();
    }
    format!("Not sent: {}", entry.title)
}

/// The keys that help after this failure, the best one first.
fn ways_on(paper: &mut Paper, failure: &Failure, check: &Check) {
    let phone = matches!(check.to, Recipient::Phone(_));
    let call = failure
        .code
        .is_some_and(|code| matches!(code, 60205 | 21614 | 21635 | 60410))
        && phone;
    let mark = paper.look().mark(Role::Focus);
    let first = |paper: &Paper, key: &str| paper.span(Role::Focus, format!("{mark} {key}"));
    paper.section(Weight::Important);
    if failure.kind == FailureKind::Credentials {
        // Neither another number nor another way gets past keys that are refused.
        paper.line(vec![
            first(paper, "F8"),
            Span::raw("  Settings: which account and keys are used"),
        ]);
    } else if call {
        paper.line(vec![
            first(paper, "c"),
            Span::raw("  Call it and speak the code"),
        ]);
        paper.line(vec![Span::raw("  e  Send the code to an email address")]);
        paper.line(vec![Span::raw("  m  Ask for another number instead")]);
    } else {
        paper.line(vec![
            first(paper, "m"),
            Span::raw("  Type it again, or another number"),
        ]);
        if phone {
            paper.line(vec![Span::raw(
                "  c  Call it and speak the code      r  try SMS again",
            )]);
        }
        paper.line(vec![Span::raw("  e  Send the code to an email address")]);
    }
}

/// What to do, and what to say, from the catalogue.
pub fn advice(paper: &mut Paper, entry: &Entry) {
    paper
        .section(Weight::Useful)
        .labelled_text("What to do", Role::Plain, &entry.todo);
    if !entry.say.is_empty() {
        paper.section(Weight::Useful).labelled_text(
            "Say",
            Role::Plain,
            format!("\"{}\"", entry.say),
        );
    }
}

/// What Twilio's support asks for: code and request.
pub fn reference(paper: &mut Paper, failure: &Failure) {
    let mut parts = Vec::new();
    if let Some(code) = failure.code {
        parts.push(format!("Twilio {code}"));
    } else if let Some(status) = failure.status {
        parts.push(format!("HTTP {status}"));
    }
    if let Some(request) = &failure.request_id {
        parts.push(format!(
            "request {}",
            crate::domain::untrusted::visible(request)
        ));
    }
    if parts.is_empty() {
        parts.push(failure.message.clone());
    }
    paper
        .section(Weight::Extra)
        .text(Role::Dim, parts.join(" · "));
}

pub fn unknown(
    paper: &mut Paper,
    model: &Model,
    check: &Check,
    op: crate::domain::OpId,
    what: What,
) {
    let what_word = match what {
        What::Send => "The line dropped while sending. The code may have gone out.",
        What::Check => "The line dropped while the code was checked. It may have been approved.",
        What::Stop => "The line dropped while the check was being stopped.",
    };
    paper
        .section(Weight::Vital)
        .marked(Role::Unknown, format!("Not known. {what_word}"));
    search_line(paper, model, op);
    let say = match what {
        What::Send => "\"If a message comes, keep it.\"",
        What::Check | What::Stop => "\"One moment, please.\"",
    };
    paper
        .section(Weight::Useful)
        .labelled_text("Say", Role::Plain, say);
    if check.sends > 0 {
        counters(paper, model, check);
    }
}

/// How far the look for an operation is.
pub fn search_line(paper: &mut Paper, model: &Model, op: crate::domain::OpId) {
    let Some(search) = model.searches.of(op) else {
        return;
    };
    let next = search
        .due
        .map(|due| {
            format!(
                ", next in {}",
                clock(
                    model
                        .now
                        .duration_until(due)
                        .max(jiff::SignedDuration::ZERO)
                )
            )
        })
        .unwrap_or_default();
    paper.section(Weight::Vital).marked(
        Role::Working,
        format!(
            "Looking for it at Twilio: {} {}{next}",
            search.looks,
            if search.looks == 1 { "look" } else { "looks" }
        ),
    );
    // A code is typed again instead.
    let may_resend = !matches!(search.intent(), Intent::VerifyCheck { .. });
    let sentence = if !may_resend {
        "In a few seconds it is known whether it was the code."
    } else if search.not_found_yet(model.now) {
        "Not found yet. It may still arrive. y sends once more, and may then arrive twice."
    } else {
        "Please do not send again yet. In about 20 seconds it is known whether it went."
    };
    paper
        .section(Weight::Important)
        .text(Role::Plain, sentence)
        .text(
            Role::Plain,
            "You can do other work: it stays in the history.",
        );
}
