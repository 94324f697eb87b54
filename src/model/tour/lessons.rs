//! What each stop of the tour asks and teaches, and how it is seen that it was done.
//!
//! The numbers are those of `assets/recipients.toml`. All of them live in the first scene of the
//! simulator, so that the tour never changes the world.

use crate::domain::{MessageStatus, Phrase, VerificationChannel, phrase};
use crate::keymap::Action;
use crate::model::check::{Check, Ending, Stage};
use crate::model::{Model, Pane};

/// A stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Number, code, approved.
    HappyPath,
    /// An older code first.
    WrongCode,
    /// A phone without texts.
    Landline,
    /// A range that is held back.
    Blocked,
    /// A phone that is off.
    NotArrived,
    /// Somebody in a hurry.
    Pressure,
    /// What goes into the ticket.
    Evidence,
}

impl Stop {
    /// All of them, in their order.
    pub const ALL: [Self; 7] = [
        Self::HappyPath,
        Self::WrongCode,
        Self::Landline,
        Self::Blocked,
        Self::NotArrived,
        Self::Pressure,
        Self::Evidence,
    ];

    /// Its number in the order, from 1.
    pub fn number(self) -> usize {
        self as usize + 1
    }
}

/// What a stop asks and teaches.
pub struct Lesson {
    /// Its name.
    pub title: Phrase,
    /// What happens, in a sentence or two.
    pub about: Phrase,
    /// What the learner knows afterwards.
    pub learnt: Phrase,
    /// The number that the caller gives, in E.164.
    pub number: Option<&'static str>,
    /// What the learner does, one after another.
    pub(super) steps: Vec<Step>,
}

/// Something to do.
pub(super) struct Step {
    pub(super) turn: Phrase,
    pub(super) caller: Caller,
    pub(super) done: fn(&Seen<'_>) -> bool,
}

/// What the pretend caller does in the meantime.
pub(super) enum Caller {
    /// Says that.
    Says(Phrase),
    /// Reads the newest code out.
    Reads,
    /// Reads the code before it out.
    ReadsOlder,
}

/// The desk as a step looks at it.
pub(super) struct Seen<'a> {
    pub(super) model: &'a Model,
    /// The check of the number of this stop.
    pub(super) check: Option<&'a Check>,
    /// What was asked of the desk a moment ago.
    pub(super) did: Option<Action>,
}

fn is_out(seen: &Seen) -> bool {
    seen.check.is_some_and(|check| check.reached_by.is_some())
}

fn is_out_by_call(seen: &Seen) -> bool {
    seen.check
        .is_some_and(|check| check.reached_by == Some(VerificationChannel::Call))
}

fn is_refused(seen: &Seen) -> bool {
    ends(seen, |ending| matches!(ending, Ending::NotSent(_)))
}

fn is_stopped(seen: &Seen) -> bool {
    ends(seen, |ending| matches!(ending, Ending::Cancelled { .. }))
}

fn is_approved(seen: &Seen) -> bool {
    seen.check
        .is_some_and(|check| matches!(check.stage, Stage::Approved { .. }))
}

fn was_wrong(seen: &Seen) -> bool {
    seen.check.is_some_and(|check| check.wrong > 0)
}

fn is_undelivered(seen: &Seen) -> bool {
    let delivery = seen.check.and_then(|check| check.delivery.as_ref());
    delivery.is_some_and(|(delivery, _)| {
        matches!(
            delivery.status,
            MessageStatus::Undelivered | MessageStatus::Failed
        )
    })
}

fn ends(seen: &Seen, so: fn(&Ending) -> bool) -> bool {
    seen.check
        .is_some_and(|check| matches!(&check.stage, Stage::Ended(ending) if so(ending)))
}

fn step(turn: Phrase, caller: Caller, done: fn(&Seen<'_>) -> bool) -> Step {
    Step { turn, caller, done }
}

fn type_the_code() -> Step {
    step(
        phrase!("Type the six digits as they are read to you. The last one starts the check."),
        Caller::Reads,
        is_approved,
    )
}

impl Lesson {
    /// Of a stop.
    pub fn of(stop: Stop) -> Self {
        match stop {
            Stop::HappyPath => happy_path(),
            Stop::WrongCode => wrong_code(),
            Stop::Landline => landline(),
            Stop::Blocked => blocked(),
            Stop::NotArrived => not_arrived(),
            Stop::Pressure => pressure(),
            Stop::Evidence => evidence(),
        }
    }
}

fn happy_path() -> Lesson {
    Lesson {
        title: phrase!("All goes well"),
        about: phrase!(
            "A customer calls. A code goes to the phone, the customer reads it to you, you type it."
        ),
        learnt: phrase!(
            "With a paste it is eight keys: number, Enter, six digits. The words to say stand on the screen."
        ),
        number: Some("+14155550100"),
        steps: vec![
            step(
                phrase!("Type {number}, then press Enter.", number = "415 555 0100"),
                Caller::Says(phrase!(
                    "Hello, I want to change my address. My number is {number}.",
                    number = "415 555 0100"
                )),
                is_out,
            ),
            type_the_code(),
        ],
    }
}

fn wrong_code() -> Lesson {
    Lesson {
        title: phrase!("A wrong code"),
        about: phrase!("The caller opens an older message first."),
        learnt: phrase!(
            "A wrong code costs one of five tries. The box clears itself, and no digit is kept."
        ),
        number: Some("+14155550101"),
        steps: vec![
            step(
                phrase!("Type {number}, then press Enter.", number = "415 555 0101"),
                Caller::Says(phrase!("My number is {number}.", number = "415 555 0101")),
                is_out,
            ),
            step(
                phrase!("Type what the caller reads out."),
                Caller::ReadsOlder,
                |seen| was_wrong(seen) || is_approved(seen),
            ),
            step(
                phrase!(
                    "The box is empty again. Say the words on the screen, then type the new digits."
                ),
                Caller::Reads,
                is_approved,
            ),
        ],
    }
}

fn landline() -> Lesson {
    Lesson {
        title: phrase!("The landline"),
        about: phrase!("The caller gives a number that cannot get texts."),
        learnt: phrase!("One key moves to a call. Tries and minutes do not start again."),
        number: Some("+14155550188"),
        steps: vec![
            step(
                phrase!("Type {number}, then press Enter.", number = "415 555 0188"),
                Caller::Says(phrase!(
                    "It is the phone on my desk, {number}.",
                    number = "415 555 0188"
                )),
                |seen| is_refused(seen) || is_out(seen),
            ),
            step(
                phrase!("Nothing was sent. Press c to call."),
                Caller::Says(phrase!("All right, call me.")),
                is_out_by_call,
            ),
            type_the_code(),
        ],
    }
}

fn blocked() -> Lesson {
    Lesson {
        title: phrase!("The blocked range"),
        about: phrase!("Twilio holds texts to a range of numbers, and the caller has one of them."),
        learnt: phrase!(
            "The customer did nothing wrong, and sending the text again does not help. Other ways are open."
        ),
        number: Some("+12645550140"),
        steps: vec![
            step(
                phrase!(
                    "Type {number} and Enter, then answer the caution with y.",
                    number = "+1 264 555 0140"
                ),
                Caller::Says(phrase!(
                    "I am on an island: {number}.",
                    number = "+1 264 555 0140"
                )),
                |seen| is_refused(seen) || is_out(seen),
            ),
            step(
                phrase!("Press c for a call, e for an email, or l for a note to your lead."),
                Caller::Says(phrase!("A call is fine.")),
                |seen| {
                    let did = [Action::EmailInstead, Action::TellLead].map(Some);
                    is_out(seen) || did.contains(&seen.did)
                },
            ),
        ],
    }
}

fn not_arrived() -> Lesson {
    Lesson {
        title: phrase!("Nothing arrives"),
        about: phrase!("The phone is off. The desk sees it before the caller does."),
        learnt: phrase!(
            "Whether the code arrives is watched for you. A call may get through where a text does not."
        ),
        number: Some("+14155550105"),
        steps: vec![
            step(
                phrase!("Type {number}, then press Enter.", number = "415 555 0105"),
                Caller::Says(phrase!("My number is {number}.", number = "415 555 0105")),
                is_out,
            ),
            step(
                phrase!("Wait a few seconds, and look at the line above the code."),
                Caller::Says(phrase!("Nothing has come yet.")),
                |seen| is_undelivered(seen) || is_out_by_call(seen),
            ),
            step(
                phrase!("It was not delivered. Press c to call."),
                Caller::Says(phrase!("It was off. Now it is on, please call.")),
                is_out_by_call,
            ),
            type_the_code(),
        ],
    }
}

fn pressure() -> Lesson {
    Lesson {
        title: phrase!("Pressure"),
        about: phrase!(
            "The caller does not have the phone, and wants to be approved all the same."
        ),
        learnt: phrase!(
            "Nothing approves without the code. Hurry is a reason to stop, and the desk takes the blame."
        ),
        number: Some("+14155550106"),
        steps: vec![
            step(
                phrase!("Type {number}, then press Enter.", number = "415 555 0106"),
                Caller::Says(phrase!(
                    "Quick, my number is {number}.",
                    number = "415 555 0106"
                )),
                is_out,
            ),
            step(
                phrase!("Press F2: who is calling? Then Esc."),
                Caller::Says(phrase!(
                    "I do not have that phone here. Just approve me, I am in a hurry."
                )),
                |seen| seen.did == Some(Action::WhoIsCalling) || is_stopped(seen),
            ),
            step(
                phrase!("Press F3: how to say no. Then Esc."),
                Caller::Says(phrase!("Your colleague did it yesterday. Just this once!")),
                |seen| seen.did == Some(Action::Refuse) || is_stopped(seen),
            ),
            step(
                phrase!("Look for a key that approves: there is none. Press x to stop the check."),
                Caller::Says(phrase!("I am going to complain about you.")),
                is_stopped,
            ),
        ],
    }
}

fn evidence() -> Lesson {
    Lesson {
        title: phrase!("What goes into the ticket"),
        about: phrase!("All calls are over. Your lead asks what was done."),
        learnt: phrase!(
            "One masked line is the evidence: when, which way, how long, how many wrong codes."
        ),
        number: None,
        steps: vec![
            step(
                phrase!("Press F4: everything that was done stands there."),
                Caller::Says(phrase!("Thank you. Goodbye.")),
                |seen| seen.model.pane == Pane::History,
            ),
            step(
                phrase!("Press / and type 0100: only that number is left. Then Enter."),
                Caller::Says(phrase!("Thank you. Goodbye.")),
                |seen| {
                    let filter = seen.model.history.filter.as_ref();
                    // While it is typed, the next key would be typed as well.
                    filter.is_some_and(|filter| {
                        !filter.typing && filter.field.text().contains("0100")
                    }) || seen.did == Some(Action::Copy)
                },
            ),
            step(
                phrase!("Press y on an approved check: the line for the ticket is copied."),
                Caller::Says(phrase!("Thank you. Goodbye.")),
                |seen| seen.did == Some(Action::Copy),
            ),
            step(
                phrase!("Press x: at work, all that is shown becomes a file, numbers masked."),
                Caller::Says(phrase!("Thank you. Goodbye.")),
                |seen| matches!(seen.did, Some(Action::Export | Action::ExportLines)),
            ),
        ],
    }
}
