//! The summary before the keys are kept, and what came of keeping them.

use crate::domain::connection::Rights;
use crate::domain::phrase::phrase;
use crate::domain::{Connection, Phrase};
use crate::keymap::{Action, Place};
use crate::model::Model;
use crate::model::setup::{NotKept, Part, Question, Setup, none_known};

use super::super::paper::{Paper, Weight};
use super::super::theme::Role;
use super::{account_name, heading, pick, way};

pub fn summary(paper: &mut Paper, _model: &Model, setup: &Setup) {
    heading(paper, phrase!("Keep the keys"));
    let Some(connection) = &setup.connection else {
        return;
    };
    paper.section(Weight::Vital);
    let account = paper.state(Role::Done, account(connection));
    paper.labelled(phrase!("Account"), vec![account]);
    if let Some((role, rights)) = rights(setup) {
        paper.labelled_marked(phrase!("Key rights"), role, rights);
    }
    let (role, service) = match &connection.verify_service {
        Some(service) => (Role::Done, Phrase::verbatim(service.name.visible())),
        None => (Role::Needs, none_known(setup, Question::VerifyServices)),
    };
    paper.labelled_marked(phrase!("Codes by"), role, service);
    let (role, sender) = match &connection.sender {
        Some(sender) => (Role::Done, pick::sender_line(sender)),
        None => (Role::Needs, none_known(setup, Question::Numbers)),
    };
    paper.labelled_marked(phrase!("Texts from"), role, sender);
    if connection.is_trial {
        paper.labelled_marked(phrase!("Trial"), Role::Needs, trial_reach());
    }
    let place = connection.source.phrase();
    let kept = match (setup.kept_already(), setup.name_of_others()) {
        (Some(_), _) => phrase!(
            "{place}, where the same keys are already. No secret is written to a file.",
            place = place
        ),
        (None, Some(name)) => phrase!(
            "{place}, because {name} holds other keys, which stay. No secret is written to a file.",
            place = place,
            name = name
        ),
        (None, None) => phrase!("{place}. No secret is written to a file.", place = place),
    };
    paper
        .section(Weight::Important)
        .labelled_text(phrase!("Kept in"), Role::Plain, kept);
    if let Some(service) = &connection.verify_service {
        pick::warnings(paper, service);
    }
    if connection.is_trial {
        paper
            .section(Weight::Useful)
            .labelled_text(Phrase::of(""), Role::Plain, trial_prefix());
    }
    way(paper, setup);
    paper
        .section(Weight::Vital)
        .best_offer(
            Place::Keep,
            Action::Submit,
            phrase!("keep them there, and read them back"),
        )
        .offer(
            Place::Keep,
            Action::SessionOnly,
            phrase!("use them for this session only"),
        );
}

fn account(connection: &Connection) -> Phrase {
    let name = account_name(connection);
    match (&connection.account_name, connection.is_trial) {
        (Some(_), true) => phrase!("{name}, trial", name = name),
        (Some(_), false) => phrase!("{name}, full account", name = name),
        (None, _) => phrase!("{name}, works", name = name),
    }
}

/// How much the keys may do, in words.
fn rights(setup: &Setup) -> Option<(Role, Phrase)> {
    Some(match setup.rights? {
        Rights::Everything => (
            Role::Needs,
            phrase!("may do everything in this account   r  a narrower key"),
        ),
        Rights::TooMuch => (
            Role::Needs,
            phrase!("may do more than this desk needs   r  a narrower key"),
        ),
        Rights::Narrow => (Role::Done, phrase!("only what this desk needs")),
    })
}

/// Whom a trial account reaches, told before it is tried.
pub fn trial_reach() -> Phrase {
    phrase!("Only numbers that were confirmed in the Twilio Console are reached.")
}

/// What a trial account puts before each text.
pub fn trial_prefix() -> Phrase {
    phrase!("Each text begins with \"Sent from your Twilio trial account\".")
}

pub fn under_way(paper: &mut Paper, setup: &Setup) {
    heading(paper, phrase!("Keep the keys"));
    let place = place(setup);
    paper.section(Weight::Vital).marked(
        Role::Working,
        phrase!(
            "Writing them into {place}, and reading them back. It may be asking you to unlock it.",
            place = place
        ),
    );
}

pub fn failed(paper: &mut Paper, setup: &Setup, not_kept: &NotKept) {
    heading(paper, phrase!("Keep the keys"));
    let (done, failed) = match not_kept.part {
        Part::Preparing => (None, phrase!("Nothing was written.")),
        Part::Writing => (None, phrase!("Writing failed.")),
        Part::ReadingBack => (
            Some(phrase!("Written.")),
            phrase!("Reading back failed, so it is not sure that they would be there tomorrow."),
        ),
        Part::Settings => (
            Some(phrase!("Written and read back, and taken out again.")),
            phrase!("The settings could not be written."),
        ),
    };
    paper
        .section(Weight::Important)
        .labelled_text(phrase!("Kept in"), Role::Plain, place(setup));
    paper.section(Weight::Vital);
    if let Some(done) = done {
        paper.marked(Role::Done, done);
    }
    paper
        .marked(Role::Wrong, failed)
        .marked(Role::Needs, not_kept.failure.phrase());
    paper
        .section(Weight::Vital)
        .best_offer(Place::KeepFailed, Action::Submit, phrase!("try again"))
        .offer(
            Place::KeepFailed,
            Action::SessionOnly,
            phrase!("use them for this session only, and keep them nowhere"),
        );
}

fn place(setup: &Setup) -> Phrase {
    let source = setup
        .connection
        .as_ref()
        .map(|connection| &connection.source);
    source.map_or_else(
        || phrase!("the keyring"),
        crate::domain::connection::Source::phrase,
    )
}
