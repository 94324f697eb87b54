//! One check on the screen: its code box and counters, or what came of it.

use ratatui::text::Span;

use crate::domain::catalogue;
use crate::domain::place::Place;
use crate::domain::verification::Compared;
use crate::domain::{MessageStatus, Phrase, Recipient, Timestamp, phrase};
use crate::keymap::{self, Action};
use crate::model::Model;
use crate::model::check::{Check, Stage};
use crate::model::verify::clock;

use super::advice::{reference, ways};
use super::paper::{Paper, Piece, Weight};
use super::theme::Role;
use super::{asking, counters, ended, outcome, trouble, words};

/// Writes the check.
pub fn write(paper: &mut Paper, model: &Model, check: &Check) {
    heading(paper, model, check);
    match &check.stage {
        Stage::Sending { since, .. } => sending(paper, model, check, *since),
        Stage::Paused { until, .. } => paused(paper, model, check, *until),
        Stage::Waiting
        | Stage::Settling { .. }
        | Stage::Checking { .. }
        | Stage::Stopping { .. } => waiting(paper, model, check),
        Stage::Explaining { .. } => explaining(paper, check),
        Stage::Approved { .. } => outcome::approved(paper, model, check),
        Stage::Ended(ending) => ended::write(paper, model, check, ending),
        Stage::Unknown { op, what, .. } => outcome::unknown(paper, model, check, *op, *what),
    }
}

fn heading(paper: &mut Paper, model: &Model, check: &Check) {
    let in_full = !matches!(check.stage, Stage::Approved { .. }) && !model.hides_numbers();
    let to = paper
        .look()
        .text(&words::recipient(Some(&check.to), in_full));
    let mut pieces = vec![paper.span(Role::Strong, Phrase::verbatim(to))];
    let place = match &check.to {
        Recipient::Phone(number) => Place::of(number),
        Recipient::Email(_) => None,
    };
    let way = phrase!("by {channel}", channel = words::channel(&check.channel));
    pieces.push(paper.span(Role::Plain, way));
    if let Some(ticket) = &check.ticket {
        pieces.push(paper.span(
            Role::Plain,
            phrase!("ticket {ticket}", ticket = ticket.as_str()),
        ));
    }
    if check.on_file == Some(Compared::Differs) {
        pieces.push(paper.state(Role::Needs, phrase!("not the number on file")));
    }
    let place = place.map(|place| paper.span(Role::Plain, place.phrase()));
    if let Some(place) = place {
        // Where the number is from is worth no row of its own where rows are few.
        let mut with = pieces.clone();
        with.insert(1, place);
        if !paper.is_narrow() || paper.is_one_line(&with) {
            pieces = with;
        }
    }
    paper.section(Weight::Vital).flow(pieces);
}

fn sending(paper: &mut Paper, model: &Model, check: &Check, since: Timestamp) {
    let seconds = model.now.duration_since(since).as_secs();
    let word = if seconds >= 1 {
        phrase!("Sending the code {seconds} s", seconds = seconds)
    } else {
        phrase!("Sending the code")
    };
    paper.section(Weight::Vital).marked(Role::Working, word);
    delayed(paper, model, check);
    paper.say(phrase!("One moment."), check.language);
}

fn paused(paper: &mut Paper, model: &Model, check: &Check, until: Timestamp) {
    if check.overtaken().is_some() {
        // The question above it says the rest.
        paper.section(Weight::Vital).marked(
            Role::Needs,
            phrase!("The wait is over, and nothing was sent."),
        );
        return;
    }
    paper.section(Weight::Vital).marked(
        Role::Working,
        phrase!(
            "Twilio asks us to wait {wait}. It goes on by itself.",
            wait = clock(model.now.duration_until(until))
        ),
    );
    if let Stage::Paused { failure, .. } = &check.stage {
        let entry = catalogue::for_failure(failure);
        paper
            .section(Weight::Useful)
            .text(Role::Plain, Phrase::of(&entry.meaning));
        reference(paper, failure);
    }
    ways(
        paper,
        model,
        vec![
            (
                Action::StopWaiting,
                phrase!("do not wait; nothing was sent"),
            ),
            (Action::Back, phrase!("go on with other work meanwhile")),
        ],
    );
    paper.say(phrase!("One moment."), check.language);
}

fn explaining(paper: &mut Paper, check: &Check) {
    paper
        .section(Weight::Vital)
        .marked(
            Role::Working,
            phrase!("Twilio has no open check for this code any more. Finding out why."),
        )
        .text(
            Role::Plain,
            phrase!("Approved, too old, stopped, or used up: it is looked up now."),
        );
    paper.say(phrase!("One moment, please."), check.language);
}

/// A wait that the request makes by itself.
fn delayed(paper: &mut Paper, model: &Model, check: &Check) {
    if let Some(until) = check.delayed_until {
        paper.marked(
            Role::Working,
            phrase!(
                "Twilio asks us to wait {wait}. It goes on by itself.",
                wait = clock(model.now.duration_until(until))
            ),
        );
    }
}

fn waiting(paper: &mut Paper, model: &Model, check: &Check) {
    let lost = check
        .delivery
        .as_ref()
        .is_some_and(|(delivery, _)| words::is_lost(delivery));
    states(paper, model, check);
    code_box(paper, model, check);
    verdict(paper, model, check);
    trouble::write(paper, model, check);
    let busy = !matches!(check.stage, Stage::Waiting | Stage::Settling { .. });
    if lost && !busy {
        not_delivered(paper, model, check);
    }
    counters::write(paper, model, check);
    super::verify::waiting(paper, model);
    if busy {
        // Until it is answered, no key of the box does anything.
        paper.say(phrase!("One moment."), check.language);
        return;
    }
    let anew = check.renewed || model.has_older_code(check);
    let words = if model.policy.acting().is_ok() {
        asking::to_say(check, lost, anew)
    } else {
        phrase!("I cannot check a code from here.")
    };
    paper.say(words, check.language);
    if check.brakes() && model.policy.acting().is_ok() {
        let careful = phrase!(
            "Two wrong codes or more: Enter checks the next one. If the caller is guessing, or asks you to skip this step, press x and follow the refusal script (F3)."
        );
        paper
            .section(Weight::Important)
            .labelled_text(phrase!("Careful"), Role::Needs, careful)
            .or_shorter(|paper| {
                paper.marked(
                    Role::Needs,
                    phrase!("If the caller guesses: x stops it, F3 refuses."),
                );
            });
    } else if !lost && !paper.is_narrow() {
        nothing_arrived(paper, model, check, anew);
    }
    if !lost && (paper.is_narrow() || check.brakes()) {
        further_keys(paper, model);
    }
}

/// Keys that the footer has no room for.
fn further_keys(paper: &mut Paper, model: &Model) {
    let keys = keys_in_brief(paper, model);
    // The counters tell when a code may be sent again.
    let others = keys.get(1..).unwrap_or_default().to_vec();
    paper
        .section(Weight::Important)
        .flow(keys)
        .or_shorter(|paper| {
            paper.flow(others);
        });
}

/// The keys of a code that is awaited, with a word each.
fn keys_in_brief(paper: &Paper, model: &Model) -> Vec<Piece> {
    let keys = [
        (Action::SendAgain, phrase!("again")),
        (Action::CallInstead, phrase!("call")),
        (Action::StopCheck, phrase!("stop")),
        (Action::WhatsAppInstead, phrase!("WhatsApp")),
        (Action::EmailInstead, phrase!("email")),
    ];
    keys.into_iter()
        .filter(|(action, _)| model.offers(*action))
        .map(|(action, words)| paper.key(keymap::Place::Code, action, words))
        .collect()
}

/// Sent, delivered, waiting: each with its time.
fn states(paper: &mut Paper, model: &Model, check: &Check) {
    let zone = &model.setting.zone;
    let timed = |word: Phrase, at: Timestamp| {
        phrase!("{word} {time}", word = word, time = words::time(at, zone))
    };
    let sent = check.sent_at.map(|at| timed(phrase!("Sent"), at));
    let sent = sent.map(|sent| paper.state(Role::Done, sent));
    let mut states: Vec<Span> = sent.iter().cloned().collect();
    if let Some((delivery, at)) = &check.delivery {
        let (role, word) = words::delivery(delivery);
        let says_no_more = delivery.call.is_none() && delivery.status == MessageStatus::Sent;
        if !says_no_more {
            let word = if delivery.status.is_final() {
                timed(word, *at)
            } else {
                word
            };
            let carrier = delivery.carrier.as_ref().filter(|_| !paper.is_narrow());
            let word = match carrier {
                Some(network) => {
                    phrase!(
                        "{word} · {network}",
                        word = word,
                        network = network.visible()
                    )
                }
                None => word,
            };
            let state = paper.state(role, word);
            if check.sent_at.is_some_and(|sent| *at < sent) {
                // A colleague has sent it once more since: what arrived is the one before.
                states.insert(0, state);
            } else {
                states.push(state);
            }
        }
    }
    let waits = match (check.wrong_at, &check.stage) {
        (_, Stage::Checking { .. }) => (Role::Working, phrase!("Checking the code")),
        (_, Stage::Stopping { .. }) => (Role::Working, phrase!("Stopping this check")),
        (Some(at), _) => (Role::Wrong, timed(phrase!("Wrong code"), at)),
        (None, _) => (Role::Working, phrase!("Waiting for the code")),
    };
    states.push(paper.state(waits.0, waits.1));
    if states.len() > 2 && paper.is_narrow() && !paper.is_one_line(&states) {
        // What is on its way or there was sent.
        states.retain(|state| Some(state) != sent.as_ref());
    }
    paper.section(Weight::Vital).flow(states);
    delayed(paper, model, check);
    if let Some(due) = model.follow.slowed() {
        paper.marked(
            Role::Working,
            phrase!(
                "Twilio asks us to ask less often. The next look is in {wait}.",
                wait = clock(
                    model
                        .now
                        .duration_until(due)
                        .max(jiff::SignedDuration::ZERO)
                )
            ),
        );
    }
}

/// What came of the last code, under the box.
fn verdict(paper: &mut Paper, model: &Model, check: &Check) {
    if let Some(mixed_up) = model.verify.mixed_up() {
        paper.labelled_marked(Phrase::of(""), Role::Needs, mixed_up);
    }
    if check.renewed && check.wrong == 0 {
        paper.labelled_marked(
            Phrase::of(""),
            Role::Needs,
            phrase!(
                "The check before was over already: this is a new code, and only the newest message has it."
            ),
        );
    }
    if check.unheard {
        paper.labelled_marked(
            Phrase::of(""),
            Role::Needs,
            phrase!("The line dropped while the code was checked. Type it again."),
        );
    } else if let Err(why) = model.policy.acting() {
        paper.labelled_marked(Phrase::of(""), Role::Needs, why);
    } else if check.is_full() && !check.unchecked && !model.setting.plain {
        paper.labelled_marked(
            Phrase::of(""),
            Role::Working,
            phrase!("Enter checks this code."),
        );
    } else if check.wrong > 0
        && matches!(check.stage, Stage::Waiting | Stage::Settling { .. })
        && check.digits.as_str().is_empty()
        // Its row is wanted for the other ways; the line above the box and the counter say as much.
        && !(paper.is_narrow() && check.brakes() && check.tries_left() > 1)
    {
        let sentence = match (check.tries_left(), check.tries_are_certain()) {
            // The counter says how many are left.
            (2.., _) if paper.is_narrow() => phrase!("That was not the code."),
            (1, _) => phrase!("That was not the code. 1 try left, then this check ends."),
            (n, true) => phrase!(
                "That was not the code. {n} tries left, then this check ends.",
                n = n
            ),
            (n, false) => phrase!(
                "That was not the code. At most {n} tries left, then this check ends.",
                n = n
            ),
        };
        paper.labelled_marked(Phrase::of(""), Role::Wrong, sentence);
        // The line above the box and the counter say as much, and the words to say want the row.
        let said_twice = check.tries_left() > 1 && model.verify.mixed_up().is_none();
        if paper.is_narrow() && said_twice {
            paper.or_shorter(|paper| code_box(paper, model, check));
        }
    }
}

/// The network says that the code did not arrive: why, and what helps.
fn not_delivered(paper: &mut Paper, model: &Model, check: &Check) {
    let Some((delivery, _)) = &check.delivery else {
        return;
    };
    let why = match (delivery.error_code, &delivery.call) {
        (Some(code), _) => Phrase::of(&catalogue::entry(code).meaning),
        (None, Some(_)) => phrase!("The call did not reach anybody."),
        (None, None) => phrase!("The network gives no reason."),
    };
    paper
        .section(Weight::Important)
        .marked(Role::Needs, phrase!("Not delivered: {why}", why = why))
        // The line above the box says as much, and the keys that help want the rows.
        .or_shorter(|_| {});
    let again = (Action::SendAgain, phrase!("send again, in a moment"));
    let call = (Action::CallInstead, phrase!("call and speak the code"));
    let email = (Action::EmailInstead, phrase!("send a code by email"));
    let helps = if delivery.call.is_some() {
        vec![(Action::SendAgain, phrase!("call again")), email]
    } else {
        vec![call, again, email]
    };
    ways(paper, model, helps);
}

fn nothing_arrived(paper: &mut Paper, model: &Model, check: &Check, anew: bool) {
    let again = match check.send_wait(model.now) {
        Some(wait) => phrase!("send again ({wait})", wait = clock(wait)),
        None => phrase!("send again"),
    };
    let ways = [
        (Action::SendAgain, again),
        (Action::CallInstead, phrase!("call and speak the code")),
        (Action::WhatsAppInstead, phrase!("WhatsApp")),
        (Action::EmailInstead, phrase!("email")),
    ];
    let sendable = check.sends_left() > 0;
    let offered: Vec<Piece> = ways
        .into_iter()
        .filter(|(action, _)| sendable || *action != Action::SendAgain)
        .filter(|(action, _)| model.offers(*action))
        .map(|(action, words)| paper.key(keymap::Place::Code, action, words))
        .collect();
    if offered.is_empty() {
        return;
    }
    paper.section(Weight::Extra);
    let widest = offered.iter().map(Piece::width).max();
    let column = widest.unwrap_or_default() + 3;
    let abreast = if 2 * column <= paper.text_width() + 3 {
        2
    } else {
        1
    };
    for (n, row) in offered.chunks(abreast).enumerate() {
        let label = if n == 0 {
            phrase!("No code?")
        } else {
            Phrase::of("")
        };
        let mut pieces: Vec<Piece> = Vec::new();
        for way in row {
            // A column begins where it began in the row above.
            if let Some(before) = pieces.last() {
                let gap = column - before.width();
                pieces.push(Span::raw(" ".repeat(gap)).into());
            }
            pieces.push(way.clone());
        }
        paper.labelled(label, pieces);
    }
    let older = if !sendable {
        phrase!("An email address has five sends of its own.")
    } else if anew {
        phrase!("An older message has an older code, which does not work any more.")
    } else {
        phrase!("Every send carries the same code, so an older message is fine.")
    };
    let brief = keys_in_brief(paper, model);
    paper
        .labelled_text(Phrase::of(""), Role::Dim, older)
        .or_shorter(|paper| {
            paper.flow(brief);
        });
}

/// Digits in groups of three, and where the next one goes.
fn code_box(paper: &mut Paper, model: &Model, check: &Check) {
    let open = matches!(check.stage, Stage::Waiting | Stage::Settling { .. });
    // A code that is read out line by line would be said aloud.
    let digits = if open && !model.setting.plain {
        check.digits.as_str()
    } else {
        ""
    };
    let length = check.length();
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
    let spans = vec![paper.span(Role::Strong, Phrase::verbatim(&shown))];
    paper
        .section(Weight::Vital)
        .focus_line(phrase!("Code"), open, spans);
    if open {
        paper.cursor_at(Paper::text_column() + cursor.unwrap_or(shown.len()));
    }
}
