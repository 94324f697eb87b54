//! The text as it will go out, what is odd about it, and when it leaves.

use ratatui::text::Span;

use crate::domain::place::Place;
use crate::domain::{PhoneNumber, Phrase, phrase, untrusted};
use crate::layout;
use crate::model::Model;
use crate::model::compose::later;
use crate::model::field::Field;
use crate::model::verify::clock;
use crate::view::paper::{Paper, Weight};
use crate::view::theme::Role;

use super::{before, both_clocks, counter, from, keys};

pub fn write(paper: &mut Paper, model: &Model, cautions: &[Phrase], scroll: usize) {
    let Some(number) = model.compose.number() else {
        return;
    };
    paper
        .section(Weight::Vital)
        .text(Role::Strong, phrase!("Send this text?"));
    paper.section(Weight::Vital);
    recipient(paper, model, number);
    from(paper, model);
    if let Some(at) = model.compose.send_at {
        paper.labelled_text(
            phrase!("Leaves"),
            Role::Needs,
            both_clocks(model, number, at),
        );
    }
    text(paper, model, scroll);
    counter(paper, model, "p");
    before(paper, model, number);
    if let Some(why) = model.forbidden_at_this_hour() {
        paper.section(Weight::Vital).marked(Role::Needs, why);
        keys(
            paper,
            Weight::Vital,
            &[
                ("s", phrase!("send later")),
                ("Esc", phrase!("back to the text")),
            ],
        );
    } else if cautions.is_empty() {
        keys(
            paper,
            Weight::Important,
            &[
                ("Enter", phrase!("send")),
                ("s", phrase!("send later")),
                ("Esc", phrase!("back to the text")),
            ],
        );
    } else {
        paper.section(Weight::Vital);
        for caution in cautions {
            paper.marked(Role::Needs, caution);
        }
        keys(
            paper,
            Weight::Vital,
            &[
                ("y", phrase!("yes, send it")),
                ("Esc", phrase!("no, back to the text")),
            ],
        );
    }
}

/// The whole number, and where and when it is there.
fn recipient(paper: &mut Paper, model: &Model, number: &PhoneNumber) {
    let place = Place::of(number);
    let time = place
        .as_ref()
        .and_then(|place| place.local_time(model.now))
        .map(|time| time.strftime("%H:%M").to_string());
    let to = paper.span(Role::Strong, Phrase::verbatim(number.grouped()));
    paper.labelled(phrase!("To"), vec![to]);
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
    let (width, room) = layout::review_text(model.room());
    let rows = model.compose.rows(width, model.setting.ascii);
    let first = scroll.min(rows.len().saturating_sub(room));
    paper.section(Weight::Vital);
    for (n, row) in rows.iter().enumerate().skip(first).take(room) {
        let label = if n == first {
            phrase!("Text")
        } else {
            Phrase::of("")
        };
        let row = paper.span(Role::Plain, Phrase::verbatim(row.as_str()));
        paper.labelled(label, vec![row]);
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
    if model.setting.ascii && !model.compose.body.text().is_ascii() {
        paper.labelled_marked(
            Phrase::of(""),
            Role::Needs,
            phrase!("This terminal shows ASCII alone: accents are left out here, and other characters are spelled as <U+4F60>. The text goes out as it was written."),
        );
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
    paper.section(Weight::Vital).marked(
        Role::Working,
        phrase!("Held back: it leaves in {time}.", time = clock(left)),
    );
    paper.section(Weight::Vital);
    recipient(paper, model, number);
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
