//! The counters of a check, always in the same place: tries, sends, minutes, next send.

use ratatui::text::Span;

use crate::domain::verification::{MAX_CHECKS, MAX_SENDS};
use crate::domain::{Phrase, phrase};
use crate::model::Model;
use crate::model::check::{Check, Stage};
use crate::model::verify::clock;
use crate::text;

use super::paper::{Paper, Weight};
use super::words;

/// Writes them.
pub fn write(paper: &mut Paper, model: &Model, check: &Check) {
    let zone = &model.setting.zone;
    let narrow = paper.is_narrow();
    let look = paper.look();
    let (until, left) = match check.good_until() {
        None => (Phrase::of(""), Phrase::of("")),
        Some((at, certain)) => {
            let time = words::hour(at, zone);
            let until = match (certain, narrow) {
                (true, false) => phrase!("Good until {time}", time = time),
                (true, true) => phrase!("until {time}", time = time),
                (false, false) => phrase!("Good until about {time}", time = time),
                (false, true) => phrase!("until about {time}", time = time),
            };
            let left = phrase!("{time} left", time = clock(model.now.duration_until(at)));
            (until, left)
        }
    };
    let waits = matches!(check.stage, Stage::Waiting | Stage::Settling { .. });
    let (again, wait) = match (check.send_wait(model.now), check.sends_left()) {
        (Some(_), 0) => {
            let at = check.next_send_at().unwrap_or(model.now);
            (phrase!("Next send"), words::hour(at, zone))
        }
        (Some(wait), _) if narrow => (phrase!("again in"), clock(wait)),
        (Some(wait), _) => (phrase!("Send again in"), clock(wait)),
        // While something is under way no key of the box does anything.
        (None, _) if !waits || model.policy.acting().is_err() => (Phrase::of(""), String::new()),
        (None, _) if narrow => (phrase!("again now"), "r".to_owned()),
        (None, _) => (phrase!("Send again now"), "r".to_owned()),
    };
    let of = |left: u32, of: u32| phrase!("{left} of {of}", left = left, of = of);
    let dots = |left: u32, of: u32| look.dots(left, of);
    let sure = check.tries_are_certain();
    let tries = match (sure, narrow) {
        (true, _) => of(check.tries_left(), MAX_CHECKS),
        (false, true) => phrase!("at most {left}", left = check.tries_left()),
        (false, false) => phrase!(
            "at most {left} of {of}",
            left = check.tries_left(),
            of = MAX_CHECKS
        ),
    };
    let tries_in_words = tries.clone();
    let tries = if sure {
        format!(
            "{}  {}",
            look.say(tries),
            dots(check.tries_left(), MAX_CHECKS)
        )
    } else {
        look.say(tries)
    };
    let sends_in_words = of(check.sends_left(), MAX_SENDS);
    let sends = format!(
        "{}  {}",
        look.say(&sends_in_words),
        dots(check.sends_left(), MAX_SENDS)
    );
    let (until, again) = (look.say(until), look.say(again));
    // The columns are as wide as their words.
    let (least, gap) = if narrow { ((13, 10), 3) } else { ((18, 20), 2) };
    let column = |one: &str, two: &str, least: usize| {
        text::width(one).max(text::width(two)).max(least) + gap
    };
    let first = column(&tries, &sends, least.0);
    let second = column(&until, &again, least.1);
    let row = |counter: &str, what: &str, rest: &str| {
        let (counter, what) = (text::pad(counter, first), text::pad(what, second));
        vec![Span::raw(format!("{counter}{what}{rest}"))]
    };
    paper
        .section(Weight::Vital)
        .labelled(phrase!("Tries left"), row(&tries, &until, &look.say(left)))
        .labelled(phrase!("Sends left"), row(&sends, &again, &wait));
    if narrow {
        // Where rows are few, the words to say are worth more than the dots.
        let (tries, sends) = (look.say(tries_in_words), look.say(sends_in_words));
        let sends = format!("{tries}   {} {sends}", look.say(phrase!("Sends left")));
        paper.or_shorter(|paper| {
            paper.labelled(phrase!("Tries left"), vec![Span::raw(sends)]);
        });
    }
}
