//! Why the last thing that was tried with a check did not work, while the check itself goes on: what did not
//! happen is named, so that nobody takes a check for stopped, or a code for checked, that is not.

use crate::domain::{Failure, FailureKind, Phrase, Timestamp, catalogue, phrase};
use crate::keymap::Action;
use crate::model::Model;
use crate::model::check::Check;

use super::advice::{reference, todo, ways};
use super::paper::{Paper, Weight};
use super::theme::Role;
use super::words;

/// Five sends, by Twilio's code.
const SENDS_USED_UP: u32 = 60203;

/// Why the last thing that was tried did not work, while the check goes on.
pub fn write(paper: &mut Paper, model: &Model, check: &Check) {
    let Some(trouble) = &check.trouble else {
        return;
    };
    paper.section(Weight::Important);
    if check.unchecked {
        let unreached = trouble.kind == FailureKind::NotSent && !trouble.is_overslept();
        let sentence = if unreached {
            phrase!(
                "Twilio could not be reached, so the code was not checked. Enter tries it again."
            )
        } else {
            phrase!("The code was not checked. Enter tries it again.")
        };
        paper.marked(Role::Needs, sentence);
        what_to_do(paper, model, check, trouble);
        if trouble.kind == FailureKind::NotSent {
            // How a socket words it helps nobody on the line; it stands in the history.
            return;
        }
    } else if check.unstopped {
        return not_stopped(paper, model, trouble);
    } else if trouble.code == Some(SENDS_USED_UP) {
        let sentence = match check.next_send_at() {
            Some(at) => phrase!(
                "Five sends, and that is the most. Next send at {time}. A code already sent still works.",
                time = words::hour(at, &model.setting.zone)
            ),
            None => {
                phrase!("Five sends, and that is the most. A code already sent still works.")
            }
        };
        paper.marked(Role::Needs, sentence);
    } else {
        let entry = catalogue::for_failure(trouble);
        paper.marked(Role::Needs, Phrase::of(&entry.meaning));
        what_to_do(paper, model, check, trouble);
    }
    reference(paper, trouble);
}

/// When the last thing that was tried failed.
pub fn failed_at(model: &Model, check: &Check) -> Option<Timestamp> {
    let row = check.last_operation.and_then(|op| model.history.row(op));
    row.map(|row| row.updated_at).or(check.ended_at)
}

fn what_to_do(paper: &mut Paper, model: &Model, check: &Check, trouble: &Failure) {
    for sentence in todo(model, trouble, failed_at(model, check)) {
        paper.text(Role::Plain, sentence);
    }
}

fn not_stopped(paper: &mut Paper, model: &Model, failure: &Failure) {
    let entry = catalogue::for_failure(failure);
    paper.marked(
        Role::Needs,
        phrase!("This check was not stopped, and its code still works."),
    );
    if failure.is_overslept() {
        paper.text(Role::Plain, Phrase::of(&entry.meaning));
    } else if failure.kind == FailureKind::NotSent {
        paper.text(Role::Plain, phrase!("Twilio could not be reached."));
    } else {
        paper.text(Role::Plain, Phrase::of(&entry.meaning));
        reference(paper, failure);
    }
    ways(
        paper,
        model,
        vec![(Action::StopCheck, phrase!("try again to stop it"))],
    );
}
