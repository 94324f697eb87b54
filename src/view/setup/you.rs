//! Who sits at this desk, and the page at the end.

use crate::domain::phrase::phrase;
use crate::domain::place::country_name;
use crate::domain::{Connection, Phrase};
use crate::keymap::{Action, Place};
use crate::model::setup::you::{Row, You};
use crate::model::setup::{Question, Setup, none_known};

use super::super::paper::{Paper, Weight};
use super::super::theme::Role;
use super::{account_name, heading};

pub fn draw(paper: &mut Paper, setup: &Setup, you: &You) {
    heading(paper, phrase!("You"));
    paper.section(Weight::Useful).text(
        Role::Plain,
        phrase!("All of it can be left as it is. Later, the settings change it."),
    );
    alias_and_country(paper, you);
    rest(paper, setup, you);
}

/// The fields that stay on the settings pane as well.
pub fn alias_and_country(paper: &mut Paper, you: &You) {
    let here = |row: Row| you.row == row;
    paper.section(Weight::Vital).field(
        phrase!("Your alias"),
        here(Row::Agent),
        you.agent.text(),
        you.agent.cursor(),
        phrase!("stands in the history and at Twilio, such as desk-7"),
    );
    paper.field(
        phrase!("Country"),
        here(Row::Country),
        you.country.text(),
        you.country.cursor(),
        phrase!("two letters, such as US"),
    );
    let country = you.country.text().trim().to_ascii_uppercase();
    let country = country_name(&country);
    paper.labelled_text(
        Phrase::of(""),
        Role::Dim,
        match country {
            Some(name) => phrase!(
                "{country}, for numbers without a country code",
                country = Phrase::of(name)
            ),
            None => phrase!("for numbers without a country code"),
        },
    );
}

fn rest(paper: &mut Paper, setup: &Setup, you: &You) {
    let here = |row: Row| you.row == row;
    let masked = if you.masked {
        phrase!("masked where they need not be read")
    } else {
        phrase!("shown whole while you work")
    };
    let masked = paper.span(Role::Plain, masked);
    paper.focus_line(phrase!("Numbers"), here(Row::Masked), vec![masked]);
    paper.labelled_text(Phrase::of(""), Role::Dim, phrase!("any key changes it"));
    let language = paper.span(
        Role::Plain,
        Phrase::verbatim(you.language.name().to_owned()),
    );
    let how = paper.key(
        Place::You,
        Action::OtherLanguage,
        phrase!("another language"),
    );
    paper.focus_line(phrase!("Language"), here(Row::Language), vec![language]);
    paper.section(Weight::Useful).line(vec![how]);
    if let Some(problem) = &setup.problem {
        paper.section(Weight::Vital).marked(Role::Wrong, problem);
    }
}

pub fn done(paper: &mut Paper, setup: &Setup) {
    let name = setup.connection.as_ref().map(account_name);
    heading(
        paper,
        name.map_or_else(
            || phrase!("You are connected"),
            |name| phrase!("You are connected to {account}", account = name),
        ),
    );
    let connection = setup.connection.as_ref();
    let lacks = |has: fn(&Connection) -> bool| connection.is_some_and(|known| !has(known));
    let no_codes = lacks(|known| known.verify_service.is_some());
    let no_texts = lacks(|known| known.sender.is_some());
    if no_codes || no_texts {
        paper.section(Weight::Vital);
    }
    if no_codes {
        let why = none_known(setup, Question::VerifyServices);
        paper.labelled_marked(phrase!("Codes by"), Role::Needs, why);
    }
    if no_texts {
        let why = none_known(setup, Question::Numbers);
        paper.labelled_marked(phrase!("Texts from"), Role::Needs, why);
    }
    if no_codes {
        paper
            .section(Weight::Important)
            .text(Role::Plain, phrase!("Enter goes on to the desk."));
        return;
    }
    paper.section(Weight::Important).text(
        Role::Plain,
        phrase!("Try it on yourself: type your own number, and send yourself a code. Or press Enter and begin."),
    );
    paper.section(Weight::Vital).field(
        phrase!("Your number"),
        true,
        setup.own_number.text(),
        setup.own_number.cursor(),
        phrase!("such as +1 415 555 0123"),
    );
    paper.section(Weight::Useful).text(
        Role::Dim,
        phrase!("The tour shows every situation on a Twilio inside the program, in four minutes: tuilio tour."),
    );
}
