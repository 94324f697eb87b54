//! How a check ended without an approval: each end with its own sentence, the keys that help, and the
//! words to say. What Twilio has forgotten is told apart, and what cannot be told is said to be so.

use jiff::SignedDuration;

use crate::domain::catalogue::{self, Entry, Retry};
use crate::domain::{
    Failure, FailureKind, Phrase, Recipient, Timestamp, VerificationChannel, phrase,
};
use crate::keymap::Action;
use crate::model::Model;
use crate::model::check::{Check, Ending};

use super::advice::{advice_on, reference, ways};
use super::counters;
use super::paper::{Paper, Weight};
use super::theme::Role;
use super::trouble::failed_at;
use super::words;

/// A range that Fraud Guard holds, by Twilio's code, and for how long it does at most.
const BLOCKED_RANGE: u32 = 60410;
const HOLD: SignedDuration = SignedDuration::from_hours(12);
/// A service that has no email.
const NO_EMAIL: u32 = 60217;
/// A landline that the service does not send texts to.
const LANDLINE: u32 = 60205;

/// Writes the end.
pub fn write(paper: &mut Paper, model: &Model, check: &Check, ending: &Ending) {
    match ending {
        Ending::NotSent(failure) if failure.code == Some(BLOCKED_RANGE) => {
            blocked(paper, model, check, failure);
        }
        Ending::NotSent(failure) if failure.code == Some(LANDLINE) => {
            landline(paper, model, check, failure);
        }
        Ending::NotSent(failure) => not_sent(paper, model, check, failure),
        Ending::Cancelled { here } => cancelled(paper, model, check, *here),
        Ending::Expired => {
            let sentence = if check.is_cut_short() {
                phrase!("Expired. Twilio keeps codes for a shorter time here. Nothing went wrong.")
            } else {
                phrase!("Expired. The ten minutes are over. Nothing went wrong.")
            };
            paper.section(Weight::Vital).marked(Role::Wrong, sentence);
            anew(paper, model);
            paper.say(
                phrase!("That code is too old. I will send a new one."),
                check.language,
            );
        }
        Ending::UsedUp => used_up(paper, model, check),
        Ending::Failed => {
            paper.section(Weight::Vital).marked(
                Role::Needs,
                phrase!("Failed. Twilio could not send this code, and has given the check up."),
            );
            anew(paper, model);
            paper.say(
                phrase!("That did not work on our side. I will try once more."),
                check.language,
            );
        }
        Ending::Approved { at, here, .. } => approved_before(paper, model, check, *at, *here),
        Ending::NeverStarted => {
            paper
                .section(Weight::Vital)
                .marked(
                    Role::Wrong,
                    phrase!("Never started. Twilio has no trace of a code for this number."),
                )
                .text(
                    Role::Plain,
                    phrase!("A code that the customer has is not from this check."),
                );
            anew(paper, model);
            paper.say(
                phrase!("There is no open check for you. I will send you a new code."),
                check.language,
            );
        }
        Ending::Gone(failure) => {
            paper.section(Weight::Vital).marked(Role::Wrong, phrase!("Gone. Twilio has closed this check, and does not say why: it was neither approved nor too old."));
            paper.section(Weight::Useful).text(
                Role::Plain,
                phrase!("Perhaps somebody else stopped it or used up its tries."),
            );
            anew(paper, model);
            paper.say(
                phrase!("That code no longer works. I will send you a new one."),
                check.language,
            );
            reference(paper, failure);
        }
    }
}

/// The keys that begin anew after an end.
fn anew(paper: &mut Paper, model: &Model) {
    ways(
        paper,
        model,
        vec![
            (Action::SendAgain, phrase!("send a new code")),
            (Action::CallInstead, phrase!("call and speak a new code")),
            (Action::NextCustomer, phrase!("next customer")),
        ],
    );
}

fn cancelled(paper: &mut Paper, model: &Model, check: &Check, here: bool) {
    paper.section(Weight::Vital);
    if here {
        paper.marked(Role::Wrong, phrase!("Stopped. The code no longer works."));
    } else {
        paper.marked(
            Role::Wrong,
            phrase!("Stopped by somebody else. The code no longer works."),
        );
    }
    anew(paper, model);
    if !here {
        paper.say(
            phrase!("That code no longer works. I will send you a new one."),
            check.language,
        );
    }
}

fn used_up(paper: &mut Paper, model: &Model, check: &Check) {
    let sentence = match check.good_until() {
        Some((at, true)) => phrase!(
            "Five wrong codes. Twilio closed this check until {time}.",
            time = words::hour(at, &model.setting.zone)
        ),
        Some((at, false)) => phrase!(
            "Five wrong codes. Twilio closed this check until about {time}.",
            time = words::hour(at, &model.setting.zone)
        ),
        None => phrase!("Five wrong codes. Twilio closed this check."),
    };
    paper.section(Weight::Vital).marked(Role::Wrong, sentence);
    if check.unstopped {
        paper.marked(
            Role::Needs,
            phrase!("This check was not stopped. Please try again."),
        );
    }
    paper.section(Weight::Important).text(
        Role::Plain,
        phrase!("Do not go on without the check; ask your lead."),
    );
    ways(
        paper,
        model,
        vec![
            (Action::Refuse, phrase!("the words to refuse with")),
            (Action::NextCustomer, phrase!("next customer")),
            (
                Action::StopCheck,
                phrase!("stop it at Twilio, so that a new code can be sent"),
            ),
        ],
    );
    paper.say(
        phrase!("I could not confirm your phone today, so I cannot go on with this on the phone."),
        check.language,
    );
}

fn approved_before(
    paper: &mut Paper,
    model: &Model,
    check: &Check,
    at: Option<Timestamp>,
    here: bool,
) {
    let time = at.map(|at| words::hour(at, &model.setting.zone));
    let ago = at.map(|at| model.now.duration_since(at).as_secs() / 60);
    let sentence = match (here, time, ago) {
        (false, Some(time), _) if check.unheard_tries > 0 => phrase!(
            "Approved at {time}. By whom is not known: the answer to a code typed here was lost.",
            time = time
        ),
        (true, Some(time), Some(0)) => phrase!(
            "Already approved, from this desk, at {time}, a moment ago.",
            time = time
        ),
        (true, Some(time), Some(1)) => phrase!(
            "Already approved, from this desk, at {time}, 1 minute ago.",
            time = time
        ),
        (true, Some(time), Some(n)) => phrase!(
            "Already approved, from this desk, at {time}, {n} minutes ago.",
            time = time,
            n = n
        ),
        (true, ..) => phrase!("Already approved, from this desk."),
        (false, Some(time), Some(0)) => phrase!(
            "Already approved, by somebody else, at {time}, a moment ago.",
            time = time
        ),
        (false, Some(time), Some(1)) => phrase!(
            "Already approved, by somebody else, at {time}, 1 minute ago.",
            time = time
        ),
        (false, Some(time), Some(n)) => phrase!(
            "Already approved, by somebody else, at {time}, {n} minutes ago.",
            time = time,
            n = n
        ),
        (false, ..) => phrase!("Already approved, by somebody else."),
    };
    paper.section(Weight::Vital).marked(Role::Done, sentence);
    if !here {
        paper.section(Weight::Useful).text(
            Role::Plain,
            phrase!("Twilio does not say who typed the code. Ask before you rely on it."),
        );
    }
    ways(
        paper,
        model,
        vec![
            (Action::Copy, phrase!("copy the evidence")),
            (Action::SendAgain, phrase!("check again, with a new code")),
            (Action::NextCustomer, phrase!("next customer")),
        ],
    );
    let words = if here {
        phrase!("You are already checked.")
    } else {
        phrase!("Have you just read a code to one of my colleagues?")
    };
    paper.say(words, check.language);
}

fn blocked(paper: &mut Paper, model: &Model, check: &Check, failure: &Failure) {
    paper.section(Weight::Vital).marked(
        Role::Needs,
        phrase!("Not sent: blocked. Twilio is holding texts to numbers like this one."),
    );
    if let Some(at) = check.ended_at {
        paper.text(
            Role::Plain,
            phrase!(
                "It lifts by itself within 12 hours, by about {time}.",
                time = words::hour(at + HOLD, &model.setting.zone)
            ),
        );
    }
    paper.section(Weight::Useful).labelled_text(
        phrase!("Why"),
        Role::Plain,
        phrase!("Fraud protection saw odd traffic on this number range. It does not mean this customer did anything wrong."),
    );
    ways(
        paper,
        model,
        vec![
            (
                Action::CallInstead,
                phrase!("Call it and speak the code: calls are not held"),
            ),
            (Action::WhatsAppInstead, phrase!("WhatsApp: it is not held")),
            (
                Action::EmailInstead,
                phrase!("Send the code to an email address"),
            ),
            (
                Action::TellLead,
                phrase!("Tell your lead: copies a note with the details"),
            ),
        ],
    );
    paper.say(phrase!(
            "Texts to your number are paused on our side today. I can call you with the code instead. Is that all right?"
        ), check.language);
    reference(paper, failure);
}

fn landline(paper: &mut Paper, model: &Model, check: &Check, failure: &Failure) {
    paper.section(Weight::Vital).marked(
        Role::Needs,
        phrase!("Not sent. This is a landline, and it cannot get texts."),
    );
    ways(
        paper,
        model,
        vec![
            (Action::CallInstead, phrase!("Call it and speak the code")),
            (
                Action::EmailInstead,
                phrase!("Send the code to an email address"),
            ),
            (
                Action::OtherNumber,
                phrase!("Ask for a mobile number instead"),
            ),
        ],
    );
    paper.say(phrase!(
            "That number cannot get texts. May I call it now? You will hear a recording with the code. Please write it down."
        ), check.language);
    let extension = match &check.extension {
        Some(digits) => phrase!("{digits}   pressed when it answers", digits = digits),
        None => phrase!("none   type it if a switchboard answers"),
    };
    paper
        .section(Weight::Important)
        .labelled_text(phrase!("Extension"), Role::Plain, extension);
    counters::write(paper, model, check);
    reference(paper, failure);
}

/// Any other send that was refused or did not leave.
fn not_sent(paper: &mut Paper, model: &Model, check: &Check, failure: &Failure) {
    if failure.kind == FailureKind::Policy {
        return capped(paper, model, check, failure);
    }
    let entry = catalogue::for_failure(failure);
    paper
        .section(Weight::Vital)
        .marked(Role::Needs, headline(entry))
        .text(Role::Plain, Phrase::of(&entry.meaning));
    let mut keys = Vec::new();
    if failure.kind == FailureKind::Credentials {
        // Neither another number nor another way gets past keys that are refused.
        keys.push((
            Action::TellLead,
            phrase!("Tell your lead: copies a note with the details"),
        ));
        keys.push((Action::Doctor, phrase!("what is wrong, link by link")));
        keys.push((Action::NextCustomer, phrase!("next customer")));
        keys.push((Action::Demo, phrase!("try the demo in the meantime")));
        if model.setting.demo {
            paper.section(Weight::Useful).text(
                Role::Plain,
                phrase!("At work F9 says here what is wrong, link by link, and d opens the demo."),
            );
        }
    } else if matches!(check.to, Recipient::Phone(_)) {
        // What can be called is called, where a text cannot arrive.
        let cannot_text = failure
            .code
            .is_some_and(|code| matches!(code, 21614 | 21635 | 68008 | 60242 | 60223));
        let number = (
            Action::OtherNumber,
            phrase!("Type it again, or another number"),
        );
        let call = (Action::CallInstead, phrase!("Call it and speak the code"));
        let sms = (Action::SendAgain, phrase!("Send the code by SMS"));
        let email = (
            Action::EmailInstead,
            phrase!("Send the code to an email address"),
        );
        let safe = entry.retry == Retry::Later;
        keys = if safe && check.channel == VerificationChannel::Call {
            vec![call, sms, email, number]
        } else if safe && check.channel == VerificationChannel::WhatsApp {
            let again = (
                Action::WhatsAppInstead,
                phrase!("Send the code by WhatsApp"),
            );
            vec![again, sms, call, email, number]
        } else if safe || cannot_text {
            vec![sms, call, email, number]
        } else if note_first(failure) {
            vec![email, number]
        } else {
            vec![number, call, sms, email]
        };
        keys.push((
            Action::TellLead,
            phrase!("Tell your lead: copies a note with the details"),
        ));
    } else if failure.code == Some(NO_EMAIL) {
        keys.push((
            Action::OtherNumber,
            phrase!("Type a phone number: a code goes there by text or call"),
        ));
        keys.push((
            Action::TellLead,
            phrase!("Tell your lead: copies a note with the details"),
        ));
    } else {
        keys.push((
            Action::OtherNumber,
            phrase!("Type it again, or another number"),
        ));
    }
    ways(paper, model, keys);
    let at = failed_at(model, check);
    advice_on(paper, model, failure, at, check.language);
    reference(paper, failure);
}

/// The lead's count for the day is reached: no way is open before tomorrow.
fn capped(paper: &mut Paper, model: &Model, check: &Check, failure: &Failure) {
    paper
        .section(Weight::Vital)
        .marked(Role::Needs, phrase!("Not sent"))
        .text(Role::Plain, failure.phrase());
    ways(
        paper,
        model,
        vec![(Action::NextCustomer, phrase!("next customer"))],
    );
    paper.section(Weight::Useful).labelled_text(
        phrase!("What to do"),
        Role::Plain,
        phrase!("No other way is open today. Ask your lead."),
    );
    let entry = catalogue::for_failure(failure);
    paper.say(Phrase::of(&entry.say), check.language);
}

/// A whole country is closed: no way to a phone helps.
fn note_first(failure: &Failure) -> bool {
    failure.code == Some(60605)
}

/// That it was not sent, and why, in a few words.
fn headline(entry: &'static Entry) -> Phrase {
    if entry.title == "Not sent" {
        return phrase!("Not sent");
    }
    phrase!("Not sent: {why}", why = Phrase::of(&entry.title))
}
