//! What came of a check: approved, or not known yet; with what to do and what to say.

use ratatui::text::Span;

use crate::domain::{Intent, OpId, Phrase, VerificationChannel, phrase};
use crate::keymap::Action;
use crate::model::check::{Check, Stage, What};
use crate::model::verify::{clock, took};
use crate::model::{Model, evidence};

use super::advice::ways;
use super::paper::{Paper, Weight};
use super::theme::Role;
use super::{counters, words};

/// The right code was read back: what that shows, and what it does not.
pub fn approved(paper: &mut Paper, model: &Model, check: &Check) {
    let Stage::Approved { at, read_back } = check.stage else {
        return;
    };
    let at = read_back.unwrap_or(at);
    let state = paper.state(Role::Done, phrase!("Approved"));
    let when = Span::raw(format!("    {}", words::time(at, &model.setting.zone)));
    paper.section(Weight::Vital).line(vec![state, when]);
    if read_back.is_some() {
        paper.section(Weight::Important).text(
            Role::Plain,
            phrase!(
                "The answer to this check was lost. Twilio says that a right code came at that time, not from whom."
            ),
        );
    }
    let took = took(at.duration_since(check.started_at));
    let how = match check.wrong {
        0 => phrase!("In {time}.", time = took),
        1 => phrase!("In {time}, after 1 wrong code.", time = took),
        n => phrase!("In {time}, after {n} wrong codes.", time = took, n = n),
    };
    paper.section(Weight::Extra).text(Role::Plain, how);
    let shown = shows(paper, check);
    paper
        .section(Weight::Important)
        .labelled_text(phrase!("Shows"), Role::Plain, shown)
        .labelled_text(
            phrase!("Not shown"),
            Role::Plain,
            phrase!("who the caller is. Follow your policy for the rest."),
        );
    if let Some(line) = evidence::line(check, model.setting.agent.as_deref()) {
        paper
            .section(Weight::Useful)
            .text(Role::Strong, phrase!("Evidence for the ticket"))
            .text(Role::Plain, Phrase::verbatim(&line));
    }
    ways(
        paper,
        model,
        vec![
            (Action::Copy, phrase!("copy this evidence")),
            (Action::NextCustomer, phrase!("next customer")),
        ],
    );
    paper.say(phrase!("Thank you, that is done."), check.language);
    let clears = match check.clears_at() {
        Some(at) => phrase!(
            "This screen clears in {wait}. Any key stops that.",
            wait = clock(model.now.duration_until(at))
        ),
        None if check.stays => phrase!("This screen stays until you leave it."),
        None => Phrase::of(""),
    };
    if !clears.is_empty() {
        // Whoever reads on must know that it will go.
        paper.section(Weight::Vital).text(Role::Dim, clears);
    }
}

/// What a code shows that was read back, by the ways that it may have come back from.
fn shows(paper: &Paper, check: &Check) -> Phrase {
    match check.ways_used() {
        [VerificationChannel::Sms] => phrase!("the caller can read messages on this phone, now."),
        [VerificationChannel::Call] => phrase!("the caller answers calls on this line, now."),
        [VerificationChannel::WhatsApp] => phrase!("the caller reads this WhatsApp account, now."),
        [VerificationChannel::Email] => phrase!("the caller reads this mailbox, now."),
        ways => {
            let names: Vec<String> = ways
                .iter()
                .map(|way| paper.look().say(words::channel(way)))
                .collect();
            phrase!(
                "the caller got the code, now, by one of these ways: {ways}.",
                ways = names.join(", ")
            )
        }
    }
}

/// The line dropped, and nobody knows yet.
pub fn unknown(paper: &mut Paper, model: &Model, check: &Check, op: OpId, what: What) {
    let sentence = match what {
        What::Send => {
            phrase!("Not known. The line dropped while sending. The code may have gone out.")
        }
        What::Check => phrase!(
            "Not known. The line dropped while the code was checked. It may have been approved."
        ),
        What::Stop => phrase!("Not known. The line dropped while the check was being stopped."),
    };
    paper.section(Weight::Vital).marked(Role::Unknown, sentence);
    search_line(paper, model, op);
    let words = match what {
        What::Send => phrase!("If a message comes, keep it."),
        What::Check | What::Stop => phrase!("One moment, please."),
    };
    paper.say(words, check.language);
    if check.sends > 0 {
        counters::write(paper, model, check);
    }
}

/// How far the look for an operation is.
pub fn search_line(paper: &mut Paper, model: &Model, op: OpId) {
    if let Some(whose) = model.elsewhere_by_name(op) {
        return not_ours(paper, model, op, whose);
    }
    let Some(search) = model.searches.of(op) else {
        return;
    };
    let wait = search.due.map(|due| {
        clock(
            model
                .now
                .duration_until(due)
                .max(jiff::SignedDuration::ZERO),
        )
    });
    let line = match (search.looks, wait) {
        (1, Some(wait)) => {
            phrase!(
                "Looking for it at Twilio: 1 look, next in {wait}",
                wait = wait
            )
        }
        (n, Some(wait)) => {
            phrase!(
                "Looking for it at Twilio: {n} looks, next in {wait}",
                n = n,
                wait = wait
            )
        }
        (1, None) => phrase!("Looking for it at Twilio: 1 look"),
        (n, None) => phrase!("Looking for it at Twilio: {n} looks", n = n),
    };
    paper.section(Weight::Vital).marked(Role::Working, line);
    let row = model.history.row(op);
    let is_repeated = row.is_some_and(|row| model.history.is_repeated(row));
    let (not_found, not_read) = (
        search.not_found_yet(model.now),
        search.is_not_read(model.now),
    );
    let sentence = match search.intent() {
        intent if intent.is_unreadable() => {
            phrase!(
                "It is looked up by Twilio's own name for it. From here it is never sent again."
            )
        }
        _ if is_repeated => phrase!(
            "It was sent once more since, so from here it does not go again. It is looked for until it is known whether it went."
        ),
        // A code is typed again instead.
        Intent::VerifyCheck { .. } => phrase!("It is being found out whether it was the code."),
        Intent::VerifyCancel { .. } if not_read => phrase!(
            "Twilio could not be asked yet whether it was stopped. Until then its code may still work."
        ),
        Intent::VerifyCancel { .. } => phrase!(
            "It is being found out whether it was stopped. Until then its code may still work."
        ),
        _ if not_found => {
            phrase!(
                "Not found yet. It may still arrive. y sends once more, and may then arrive twice."
            )
        }
        _ if not_read => {
            phrase!("Twilio could not be asked yet whether it went. Please do not send again yet.")
        }
        _ => phrase!(
            "Please do not send again yet. If it is not found in about 20 seconds, you decide."
        ),
    };
    paper
        .section(Weight::Important)
        .text(Role::Plain, sentence)
        .text(
            Role::Plain,
            phrase!("You can do other work: it stays in the history."),
        );
}

/// Nobody looks for it here: whose it is, and that a person may decide.
fn not_ours(paper: &mut Paper, model: &Model, op: OpId, whose: Phrase) {
    paper.section(Weight::Vital).marked(Role::Unknown, whose);
    let may_be_resent = model.history.row(op).is_some_and(|row| {
        matches!(row.operation.intent, Intent::Text(_))
            && !model.is_of_another_account(&row.operation)
            && !model.history.is_repeated(row)
    });
    if may_be_resent {
        paper.section(Weight::Important).text(
            Role::Plain,
            phrase!("Until then nobody knows whether it went. y sends it once more, and it may then arrive twice."),
        );
    }
}
