//! What became of a text.

use crate::domain::{
    MessageStatus, OpId, OpState, PhoneNumber, Phrase, Settled, Timestamp, catalogue, phrase,
    untrusted,
};
use crate::layout;
use crate::model::Model;
use crate::text;
use crate::view::advice::{advice, advice_on, reference};
use crate::view::outcome::search_line;
use crate::view::paper::{Paper, Weight, rows};
use crate::view::theme::Role;
use crate::view::words;

use super::{both_clocks, keys, thread};

pub fn write(
    paper: &mut Paper,
    model: &Model,
    op: OpId,
    to: &PhoneNumber,
    since: Timestamp,
    state: &OpState,
) {
    let row = model.history.row(op);
    let (role, word) = match (state, row) {
        (OpState::Unknown(_), _) => (
            Role::Unknown,
            phrase!("Not known. The line dropped while sending. It may have gone out."),
        ),
        (_, Some(row)) => {
            let (role, word) = words::row_at(model, row);
            (role, word)
        }
        (_, None) => (Role::Working, phrase!("Sending")),
    };
    let seconds = model.now.duration_since(since).as_secs();
    let word = if *state == OpState::Intended && seconds >= 1 {
        phrase!("{word} {n} s", word = word, n = seconds)
    } else {
        word
    };
    paper.section(Weight::Vital).marked(role, word);
    let number = paper.span(
        Role::Strong,
        Phrase::verbatim(if model.hides_numbers() {
            to.masked()
        } else {
            to.grouped()
        }),
    );
    paper
        .section(Weight::Vital)
        .labelled(phrase!("To"), vec![number]);
    if paper.is_read_out() {
        let lines = model.compose.lines(model.setting.ascii);
        paper.quoted(phrase!("Text"), Role::Plain, &lines);
    } else {
        body(paper, model);
    }
    if !layout::has_beside(model.size) {
        thread::newest(paper, model, to);
    }
    if let Some(at) = model.scheduled(op) {
        scheduled(paper, model, op, to, at);
        return;
    }
    match state {
        OpState::Unknown(_) => search_line(paper, model, op),
        OpState::NotSent(failure) | OpState::Refused(failure) => {
            let entry = catalogue::for_failure(failure);
            paper
                .section(Weight::Important)
                .text(Role::Plain, Phrase::of(&entry.meaning));
            let at = model.history.row(op).map(|row| row.updated_at);
            advice_on(paper, model, failure, at, None);
            reference(paper, failure);
            keys(
                paper,
                Weight::Useful,
                &[
                    ("e", phrase!("take number and text back into the fields")),
                    ("n", phrase!("next text")),
                ],
            );
        }
        OpState::Settled(Settled::Text {
            error_code: Some(code),
            ..
        }) => {
            let entry = catalogue::entry(*code);
            paper
                .section(Weight::Important)
                .text(Role::Plain, Phrase::of(&entry.meaning));
            advice(paper, entry, None);
        }
        OpState::Settled(Settled::Text {
            status: MessageStatus::Canceled,
            ..
        }) => {
            paper.section(Weight::Useful).text(
                Role::Plain,
                phrase!("It was withdrawn before its time, and does not leave."),
            );
        }
        OpState::Settled(Settled::Text { status, .. }) if status.is_final() => {}
        OpState::Settled(_) | OpState::Intended => {
            paper.section(Weight::Useful).text(
                Role::Dim,
                phrase!("The state follows by itself, here and in the history."),
            );
        }
    }
}

/// The text, where there is room for it; a long one stands whole in the history.
fn body(paper: &mut Paper, model: &Model) {
    let body = untrusted::visible(model.compose.body.text());
    let shown = if rows(&body, paper.text_width()).len() <= ROWS {
        body
    } else {
        text::truncate(&body, paper.text_width()).into_owned()
    };
    paper.labelled_text(phrase!("Text"), Role::Plain, Phrase::verbatim(shown));
}

/// Rows that the text may take beside what became of it.
const ROWS: usize = 3;

/// It waits at Twilio for its time.
fn scheduled(paper: &mut Paper, model: &Model, op: OpId, to: &PhoneNumber, at: Timestamp) {
    paper.labelled_text(phrase!("Leaves"), Role::Strong, both_clocks(model, to, at));
    paper.section(Weight::Useful).text(
        Role::Plain,
        phrase!("Twilio keeps it until then. tuilio need not run."),
    );
    let mut offered = vec![("n", phrase!("next text"))];
    if model.may_withdraw(op) {
        offered.insert(0, ("x", phrase!("withdraw it")));
    }
    keys(paper, Weight::Important, &offered);
}
