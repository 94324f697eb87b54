//! The text as it will go out, what is odd about it (that stands first), and when it leaves.

use ratatui::text::Span;

use crate::domain::place::Place;
use crate::domain::{PhoneNumber, Phrase, Timestamp, phrase, untrusted};
use crate::model::Model;
use crate::model::compose::{self, later};
use crate::model::field::Field;
use crate::model::verify::clock;
use crate::view::paper::{Paper, Weight};
use crate::view::theme::Role;

use super::{before, both_clocks, counter, from, keys};

pub fn write(paper: &mut Paper, model: &Model, cautions: &[Phrase], scroll: usize) {
    let Some(number) = model.compose.number() else {
        return;
    };
    let forbidden = model.forbidden();
    // What is odd comes first: all else gives way to it.
    let odd = forbidden.is_some() || !cautions.is_empty();
    let weight = if odd {
        Weight::Important
    } else {
        Weight::Vital
    };
    paper
        .section(weight)
        .text(Role::Strong, phrase!("Send this text?"));
    let sheet = model.sheet();
    if let Some(why) = &forbidden {
        paper.section(Weight::Vital).marked(Role::Needs, why);
    } else if odd {
        paper.section(Weight::Vital);
        let shown = sheet.cautions.clone();
        for caution in &cautions[shown.clone()] {
            paper.marked(Role::Needs, caution);
        }
        if shown.len() < cautions.len() {
            paper.text(
                Role::Dim,
                phrase!("{n} of {all}", n = shown.end, all = cautions.len()),
            );
        }
    }
    paper.section(Weight::Vital);
    recipient(paper, model, number);
    from(paper, model);
    leaves(paper, model, number);
    paper.or_shorter(|paper| {
        to(paper, number);
        leaves(paper, model, number);
    });
    text(paper, model, scroll);
    counter(paper, model, "p", weight);
    before(paper, model, number);
    let (weight, offered) = if forbidden.is_some() {
        let later = model.forbidden_today().is_none();
        let later = later.then(|| ("s", phrase!("send later")));
        let back = ("Esc", phrase!("back to the text"));
        (Weight::Vital, later.into_iter().chain([back]).collect())
    } else if !odd {
        let all = vec![
            ("Enter", phrase!("send")),
            ("s", phrase!("send later")),
            ("Esc", phrase!("back to the text")),
        ];
        (Weight::Important, all)
    } else {
        let yes = if sheet.is_last() {
            phrase!("yes, send it")
        } else {
            phrase!("yes, go on")
        };
        let all = vec![("y", yes), ("Esc", phrase!("no, back to the text"))];
        (Weight::Important, all)
    };
    keys(paper, weight, &offered);
}

/// When it leaves, where that is not at once.
fn leaves(paper: &mut Paper, model: &Model, number: &PhoneNumber) {
    if let Some(at) = waits(model) {
        paper.labelled_text(
            phrase!("Leaves"),
            Role::Needs,
            both_clocks(model, number, at),
        );
    }
}

/// Until when it waits at Twilio, where it does.
fn waits(model: &Model) -> Option<Timestamp> {
    let at = model.compose.send_at?;
    later::is_still_taken(at, model.now).then_some(at)
}

fn to(paper: &mut Paper, number: &PhoneNumber) {
    let to = paper.span(Role::Strong, Phrase::verbatim(number.grouped()));
    paper.labelled(phrase!("To"), vec![to]);
}

/// The whole number, and where and when it is there.
fn recipient(paper: &mut Paper, model: &Model, number: &PhoneNumber) {
    let place = Place::of(number);
    let time = place
        .as_ref()
        .and_then(|place| place.local_time(model.now))
        .map(|time| time.strftime("%H:%M").to_string());
    to(paper, number);
    let where_and_when = match (place, time) {
        (Some(place), Some(time)) => phrase!(
            "{place} · about {time} there",
            place = place.phrase(),
            time = time
        ),
        (Some(place), None) => place.phrase(),
        (None, _) => return,
    };
    paper.labelled_text(Phrase::of(""), Role::Plain, where_and_when);
}

/// The whole text can be read, a window of it at a time.
fn text(paper: &mut Paper, model: &Model, scroll: usize) {
    paper.section(Weight::Vital);
    window(paper, model, scroll);
    let ascii = phrase!(
        "This terminal shows ASCII alone: accents are left out here, and other characters are spelled as <U+4F60>. The text goes out as it was written."
    );
    signs(paper, model, ascii);
    paper.or_shorter(|paper| {
        window(paper, model, scroll);
        let ascii = phrase!("It goes out as written, not in ASCII.");
        signs(paper, model, ascii);
    });
}

/// As many of its rows as there is room for, and which of them these are.
fn window(paper: &mut Paper, model: &Model, scroll: usize) {
    let sheet = model.sheet();
    let lines = model.compose.lines(model.setting.ascii);
    let rows = compose::rows(&lines, sheet.width);
    let room = if paper.is_read_out() {
        rows.len()
    } else {
        sheet.rows
    };
    let first = scroll.min(rows.len().saturating_sub(room));
    if paper.is_read_out() {
        paper.quoted(phrase!("Text"), Role::Plain, &lines);
    } else {
        let shown = &rows[first..rows.len().min(first + room)];
        paper.quoted(phrase!("Text"), Role::Plain, shown);
    }
    if rows.len() > room {
        let last = (first + room).min(rows.len());
        paper.labelled_text(
            Phrase::of(""),
            Role::Needs,
            phrase!(
                "rows {first} to {last} of {all}: Down and Up show the rest",
                first = first + 1,
                last = last,
                all = rows.len()
            ),
        );
    }
}

/// What of it is shown otherwise than it goes out.
fn signs(paper: &mut Paper, model: &Model, ascii: Phrase) {
    if model.setting.ascii && !model.compose.body.text().is_ascii() {
        paper.labelled_marked(Phrase::of(""), Role::Needs, ascii);
    }
    if untrusted::has_hidden(model.compose.body.text()) {
        paper.labelled_marked(
            Phrase::of(""),
            Role::Needs,
            phrase!("It holds characters that nobody sees; here they have a sign."),
        );
    }
}

/// When it shall leave is being typed.
pub fn when(paper: &mut Paper, model: &Model, field: &Field) {
    let Some(number) = model.compose.number() else {
        return;
    };
    paper
        .section(Weight::Vital)
        .text(Role::Strong, phrase!("When shall it leave?"));
    paper.section(Weight::Vital);
    recipient(paper, model, number);
    paper.section(Weight::Vital).field(
        phrase!("When"),
        true,
        field.text(),
        field.cursor(),
        phrase!("in 2h, 18:30, tomorrow 9:00, mon 14:30"),
    );
    let read = later::read(field.text(), &model.clock_there());
    match (&model.compose.complaint, read) {
        (Some(complaint), _) => {
            paper.labelled_marked(Phrase::of(""), Role::Wrong, complaint);
        }
        (None, Ok(at)) => {
            paper.labelled_marked(Phrase::of(""), Role::Done, both_clocks(model, number, at));
        }
        (None, Err(_)) => {}
    }
    if model.compose.send_at.is_some() {
        leaves(paper, model, number);
        paper.labelled_text(
            Phrase::of(""),
            Role::Dim,
            phrase!("Enter on an empty field takes this time away."),
        );
    }
    let meant = if Place::of(number).is_some_and(|place| place.zone.is_some()) {
        phrase!("Times of day are by the customer's clock.")
    } else {
        phrase!("Times of day are by our clock: the customer's cannot be told from the number.")
    };
    paper
        .section(Weight::Useful)
        .labelled_text(Phrase::of(""), Role::Dim, meant)
        .labelled_text(
            Phrase::of(""),
            Role::Dim,
            phrase!("Twilio keeps the text until then, for 35 days at most. It can be withdrawn."),
        );
}

/// It is held for a few seconds.
pub fn held(paper: &mut Paper, model: &Model) {
    let (Some(number), Some(left)) = (model.compose.number(), model.compose.held_for(model.now))
    else {
        return;
    };
    let sentence = match waits(model) {
        Some(_) => phrase!("Held back: Twilio gets it in {time}.", time = clock(left)),
        None => phrase!("Held back: it leaves in {time}.", time = clock(left)),
    };
    paper.section(Weight::Vital).marked(Role::Working, sentence);
    paper.section(Weight::Vital);
    recipient(paper, model, number);
    leaves(paper, model, number);
    text(paper, model, 0);
    let undo = Span::styled(
        format!("{} u", paper.look().mark(Role::Focus)),
        paper.look().style(Role::Focus),
    );
    let words = paper.span(Role::Plain, phrase!("take it back: nothing was sent"));
    paper
        .section(Weight::Vital)
        .line(vec![undo, Span::raw("  "), words]);
}
