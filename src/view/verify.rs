//! The verify pane: whom to check next, or the check on screen.

use super::frame::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::domain::place::Place;
use crate::domain::{Phrase, Recipient, VerificationChannel, phrase};
use crate::model::Model;
use crate::model::check::{Check, Stage};
use crate::model::recipient::Reading;
use crate::model::verify::clock;

use super::paper::{Paper, Weight};
use super::theme::{Look, Role};
use super::words;

/// Draws the pane.
pub fn draw(frame: &mut Frame, model: &Model, look: Look, area: Rect) {
    let mut paper = Paper::new(look, area.width);
    match model.verify.check() {
        None => asking(&mut paper, model),
        Some(check) => super::check::write(&mut paper, model, check),
    }
    paper.draw(frame, area);
}

/// What stands beside the pane in wide terminals.
pub fn draw_beside(frame: &mut Frame, model: &Model, look: Look, area: Rect) {
    let area = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(1),
        ..area
    };
    let mut paper = Paper::new(look, area.width);
    let waiting: Vec<&Check> = model.verify.others_waiting().collect();
    if !waiting.is_empty() {
        paper
            .section(Weight::Vital)
            .text(Role::Strong, "Waiting too");
        for check in waiting {
            let (role, line) = other(model, check);
            paper.text(role, &line);
        }
    }
    paper
        .section(Weight::Useful)
        .text(Role::Strong, "Keep in mind");
    for line in [
        "The caller must have called us, or you called the number on file. Otherwise stop.",
        "You never read a code out. The customer reads it to you.",
        "Pressure, hurry, \"just this once\": stop, and ask your lead.",
    ] {
        paper.section(Weight::Extra).text(Role::Plain, line);
    }
    if !model.history.is_empty() {
        paper.section(Weight::Extra).text(Role::Strong, "Lately");
    }
    for at in 0..model.history.len().min(8) {
        let rows = model.history.entry(at);
        let Some(newest) = model.history.entry(at).next() else {
            continue;
        };
        let (role, state) = words::entry(&rows.collect::<Vec<_>>(), model.now);
        let to = words::recipient(newest.operation.intent.to().as_ref(), false);
        paper.line(vec![
            Span::raw(format!(
                "{}  ",
                words::when(newest.operation.at, model.now, &model.setting.zone)
            )),
            Span::raw(look.text(&format!("{to}  "))),
            paper.state(role, &state),
        ]);
    }
    paper.draw(frame, area);
}

/// Whom are we checking?
fn asking(paper: &mut Paper, model: &Model) {
    let verify = &model.verify;
    paper
        .section(Weight::Vital)
        .text(Role::Strong, "Whose phone are we checking?");
    paper.section(Weight::Vital).field(
        "To",
        verify.caution.is_none(),
        verify.to.text(),
        verify.to.cursor(),
        "number or email address, typed or pasted",
    );
    let (role, sentence) = read_back(model, &verify.reading);
    if let Some(complaint) = &verify.complaint {
        paper.labelled_marked("", Role::Wrong, complaint);
    } else if !sentence.is_empty() {
        paper.labelled_marked("", role, &sentence);
    }
    if let Some(caution) = &verify.caution {
        paper
            .section(Weight::Vital)
            .marked(Role::Needs, caution)
            .text(Role::Plain, "y  yes, send the code      Esc  no, go back");
    }
    let channel = verify.next_channel();
    let turn = if channel == VerificationChannel::Email {
        "an address goes by email"
    } else {
        "Up, Down: SMS, call, WhatsApp"
    };
    let by = vec![
        paper.span(Role::Strong, format!("{:<10}", words::channel(&channel))),
        paper.span(Role::Dim, turn),
    ];
    paper.section(Weight::Important).labelled("By", by);
    let language = match verify.customer_language() {
        Some(language) => paper.span(Role::Plain, format!("{:<10}", language.name())),
        None => paper.span(Role::Dim, phrase!("of the number's country")),
    };
    let turn = paper.span(Role::Dim, phrase!("Ctrl-G: another language"));
    paper.labelled(phrase!("Language"), vec![language, Span::raw(" "), turn]);
    if let Some(failure) = &model.connect_failure {
        paper
            .section(Weight::Vital)
            .marked(Role::Needs, failure.phrase());
    } else if let Some(connection) = &model.connection {
        let service = connection.verify_service.as_ref().map_or_else(
            || "none: ask your lead for a Verify service".to_owned(),
            |service| service.name.visible(),
        );
        paper.labelled("From", vec![Span::raw(paper.look().text(&service))]);
    }
    if let Some(to) = verify.reading.recipient() {
        paper.say(
            Weight::Useful,
            say_first(&to, &channel),
            verify.customer_language(),
        );
    }
    if verify.others_waiting().next().is_some() {
        paper.section(Weight::Important);
        for check in verify.others_waiting() {
            let (role, line) = other(model, check);
            let line = paper.span(role, paper.look().text(&format!("{line}   Tab")));
            paper.labelled("Waiting", vec![line]);
        }
    }
    if model.setting.demo && verify.to.is_empty() {
        paper.section(Weight::Extra).labelled_text(
            "Try",
            Role::Plain,
            "415 555 0100, then Enter. The pretend customer's phone gets the code; type it here.",
        );
    }
}

/// A check that is not on screen: whose, by which way, and where it stands.
fn other(model: &Model, check: &Check) -> (Role, String) {
    let (role, state) = match (&check.stage, check.expires_at) {
        (Stage::Approved { .. }, _) => (Role::Done, "Approved".to_owned()),
        (Stage::Ended(_), _) => (Role::Wrong, "Ended".to_owned()),
        (Stage::Unknown { .. }, _) => (Role::Unknown, "Not known, checking".to_owned()),
        (_, Some(at)) => {
            let left = clock(model.now.duration_until(at));
            (Role::Plain, format!("{left} left"))
        }
        (_, None) => (Role::Working, "Sending".to_owned()),
    };
    let channel = words::channel(&check.channel);
    (role, format!("{}  {channel}  {state}", check.to.masked()))
}

/// What the field holds, in words, while it is being typed.
pub fn read_back(model: &Model, reading: &Reading) -> (Role, Phrase) {
    match reading {
        Reading::Empty => (Role::Dim, Phrase::of("")),
        Reading::Unfinished => (Role::Dim, phrase!("not whole yet")),
        Reading::Wrong(why) => (Role::Wrong, why.clone()),
        Reading::Email(_) => (Role::Done, phrase!("an email address")),
        Reading::Phone {
            number,
            doubtful,
            extension,
        } => {
            let place = Place::of(number)
                .map(|place| place.name())
                .unwrap_or_default();
            let there = Place::of(number)
                .and_then(|place| place.local_time(model.now))
                .map_or(Phrase::of(""), |time| {
                    phrase!(
                        " · about {time} there",
                        time = time.strftime("%H:%M").to_string()
                    )
                });
            let extension = extension.as_ref().map_or(Phrase::of(""), |extension| {
                phrase!(" · extension {digits}", digits = extension)
            });
            let doubt = if *doubtful {
                phrase!(" · not known to be in use")
            } else {
                Phrase::of("")
            };
            let role = if *doubtful { Role::Needs } else { Role::Done };
            (
                role,
                phrase!(
                    "{number}  {place}{there}{extension}{doubt}",
                    number = number.grouped(),
                    place = place,
                    there = there,
                    extension = extension,
                    doubt = doubt
                ),
            )
        }
    }
}

/// What the agent says before the code is sent.
fn say_first(to: &Recipient, channel: &VerificationChannel) -> Phrase {
    match (to, channel) {
        (Recipient::Email(_), _) => phrase!(
            "You called us, so I am sending a code to your email address. It is only for this call. Please read it back to me."
        ),
        (Recipient::Phone(number), VerificationChannel::Call) => phrase!(
            "You called us, so I am calling the phone ending {digits} with a code. Please write it down and read it back to me.",
            digits = number.ends_with_digits()
        ),
        (Recipient::Phone(number), _) => phrase!(
            "You called us, so I am sending a code to the phone ending {digits}. It is only for this call. Please read it back to me.",
            digits = number.ends_with_digits()
        ),
    }
}
