//! The verify pane: whom to check next, or the check on screen.

use super::frame::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::domain::place;
use crate::domain::verification::Compared;
use crate::domain::{Failure, Phrase, Recipient, VerificationChannel, phrase};
use crate::keymap::{Action, Chord, Place};
use crate::layout;
use crate::model::check::{Check, Stage};
use crate::model::field::Field;
use crate::model::lookup;
use crate::model::recipient::Reading;
use crate::model::verify::{Focus, Question, Yes, clock};
use crate::model::{Click, Model};

use super::paper::{Paper, Weight};
use super::theme::{Look, Role};
use super::words;

/// So many waiting callers are named in the pane; the column beside it names all.
const MOST_NAMED: usize = 3;

/// Columns that the whole sentence of a verdict takes, in a wordy language.
const ROOM_FOR_VERDICT: usize = 38;

/// Draws the pane.
pub fn draw(frame: &mut Frame, model: &Model, look: Look, area: Rect) {
    let mut paper = Paper::new(look, area.width);
    if model.places().first() == Some(&Place::TourDone) {
        paper.under(Place::TourDone);
    }
    match model.verify.check() {
        None => asking(&mut paper, model),
        Some(check) => {
            if let Some(asked) = &model.verify.question {
                question(&mut paper, asked);
            }
            super::check::write(&mut paper, model, check);
        }
    }
    paper.draw(frame, area);
}

/// Whom are we checking?
fn asking(paper: &mut Paper, model: &Model) {
    let verify = &model.verify;
    paper
        .section(Weight::Vital)
        .text(Role::Strong, phrase!("Whose phone are we checking?"));
    let asked = verify.question.is_some();
    // While the agent looks elsewhere, nobody else shall read the number.
    let masked = verify.reading.recipient().filter(|_| model.is_masked());
    let masked = masked.map(|to| to.masked());
    let (shown, cursor) = masked
        .as_ref()
        .map_or((verify.to.text(), verify.to.cursor()), |masked| {
            (masked.as_str(), masked.len())
        });
    paper.section(Weight::Vital).field(
        phrase!("To"),
        !asked && verify.focus == Focus::To,
        shown,
        cursor,
        phrase!("number or email address, typed or pasted"),
    );
    paper.clickable(Click::Field(Place::To));
    let (role, sentence) = if masked.is_some() {
        (Role::Dim, Phrase::of(""))
    } else {
        read_back(model, &verify.reading)
    };
    if let Some(complaint) = &verify.complaint {
        paper.labelled_marked(Phrase::of(""), Role::Wrong, complaint);
    } else if !sentence.is_empty() {
        paper.labelled_marked(Phrase::of(""), role, &sentence);
        forbidden(paper, model, &verify.reading);
    }
    if let Some(asked) = &verify.question {
        question(paper, asked);
    }
    line(paper, model);
    let channel = way(paper, model);
    optional(paper, model);
    account(paper, model);
    if let Some(to) = verify.reading.recipient() {
        let words = if model.refuses_code(&to) {
            say_no(&to)
        } else {
            say_first(&to, &channel)
        };
        paper.say(words, verify.next_language(&model.setting));
    }
    waiting(paper, model);
    if verify.to.is_empty()
        && let Some(today) = today(paper.look(), model)
    {
        paper.section(Weight::Useful).labelled_text(
            phrase!("Today"),
            Role::Plain,
            Phrase::verbatim(today),
        );
    }
    if model.setting.demo && model.tour.is_none() && verify.to.is_empty() {
        paper.section(Weight::Useful).labelled_text(
            phrase!("New here?"),
            Role::Strong,
            phrase!("Ctrl-O begins the tour: seven calls, four minutes."),
        );
        paper.section(Weight::Extra).labelled_text(
            phrase!("Try"),
            Role::Plain,
            phrase!(
                "415 555 0100, then Enter. The pretend customer's phone gets the code; type it here."
            ),
        );
    }
}

/// The day in one line; nothing where nothing was done.
pub fn today(look: Look, model: &Model) -> Option<String> {
    let today = model.history.today(model.midnight())?;
    let pieces: Vec<String> = today
        .phrases()
        .iter()
        .map(|piece| look.say(piece))
        .collect();
    (!pieces.is_empty()).then(|| pieces.join("   "))
}

/// What is odd, and what a yes does.
fn question(paper: &mut Paper, question: &Question) {
    paper.section(Weight::Vital);
    for odd in &question.odd {
        paper.marked(Role::Needs, odd);
    }
    let (yes, no) = match question.yes {
        Yes::Send | Yes::Anew(_) | Yes::GoOn => {
            paper.text(Role::Strong, phrase!("Send all the same?"));
            (phrase!("yes, send the code"), phrase!("no, go back"))
        }
        Yes::GoTo(_) => (
            phrase!("yes, show that check"),
            phrase!("no, stay here: nothing is sent"),
        ),
    };
    let yes = paper.key(Place::Caution, Action::Yes, yes);
    let no = paper.key(Place::Caution, Action::Back, no);
    paper.flow(vec![yes, no]);
}

/// What a lookup or an earlier delivery has told of the line; in a wide terminal it stands beside the pane.
fn line(paper: &mut Paper, model: &Model) {
    let beside = layout::has_beside(model.size) && !model.setting.demo;
    let Some(to) = model.verify.reading.recipient().filter(|_| !beside) else {
        return;
    };
    let (kind, network) = model.line_of(&to);
    if let Some(line) = lookup::line(kind, network) {
        paper
            .section(Weight::Useful)
            .labelled_text(phrase!("Line"), Role::Plain, line);
    }
}

/// By which way the code goes, and in which language.
fn way(paper: &mut Paper, model: &Model) -> VerificationChannel {
    let open = model.phone_channels();
    let channel = model.verify.next_channel(&open);
    let others: Vec<String> = open
        .iter()
        .filter(|other| **other != channel)
        .map(|other| paper.look().say(words::channel(other)))
        .collect();
    let turn = if channel == VerificationChannel::Email {
        phrase!("an address goes by email")
    } else if others.is_empty() {
        phrase!("the only way that is open")
    } else if model.setting.plain {
        phrase!("or {ways}", ways = others.join(", "))
    } else {
        phrase!("Up, Down: {ways}", ways = others.join(", "))
    };
    let name = paper.look().say(words::channel(&channel));
    let by = vec![
        paper.span(Role::Strong, Phrase::verbatim(format!("{name:<10} "))),
        paper.span(Role::Dim, turn),
    ];
    paper.section(Weight::Important).labelled(phrase!("By"), by);
    // Before it is known who is called there is nobody to speak to.
    let known = model.verify.reading.recipient().is_some() || model.verify.language.is_some();
    if known {
        let language = match model.verify.next_language(&model.setting) {
            Some(language) => paper.span(
                Role::Plain,
                Phrase::verbatim(format!("{:<10} ", language.name())),
            ),
            None => paper.span(Role::Plain, phrase!("as usual there  ")),
        };
        let mut pieces = vec![language.into()];
        // A question takes no other key.
        if model.verify.question.is_none() {
            pieces.push(paper.key(Place::To, Action::OtherLanguage, phrase!("another one")));
        }
        paper
            .section(Weight::Useful)
            .labelled(phrase!("Language"), pieces);
    }
    channel
}

/// What may stay empty: the number on file, and the ticket.
fn optional(paper: &mut Paper, model: &Model) {
    let verify = &model.verify;
    let focused = |focus| verify.question.is_none() && verify.focus == focus;
    let in_use = verify.focus != Focus::To || verify.on_file.verdict.is_some();
    let weight = if in_use || !verify.ticket.is_empty() {
        Weight::Vital
    } else {
        Weight::Important
    };
    paper.section(weight);
    match verify.on_file.verdict {
        Some(verdict) if verify.on_file.field.is_empty() => {
            let verdict = on_file(paper, verdict);
            paper
                .focus_line(phrase!("On file"), focused(Focus::OnFile), vec![verdict])
                .clickable(Click::Field(Place::OnFile));
            if focused(Focus::OnFile) {
                paper.cursor_at(Paper::text_column());
            }
        }
        _ => field(
            paper,
            Place::OnFile,
            phrase!("On file"),
            focused(Focus::OnFile),
            &verify.on_file.field,
            phrase!("to compare: paste it from the record"),
        ),
    }
    let needed = model.policy.ticket_required;
    field(
        paper,
        Place::Ticket,
        phrase!("Ticket"),
        focused(Focus::Ticket),
        &verify.ticket,
        if needed {
            phrase!("needed: set by your lead")
        } else {
            phrase!("optional")
        },
    );
}

fn field(
    paper: &mut Paper,
    place: Place,
    label: Phrase,
    focused: bool,
    field: &Field,
    placeholder: Phrase,
) {
    paper
        .field(label, focused, field.text(), field.cursor(), placeholder)
        .clickable(Click::Field(place));
}

/// Whether the number is the one in the customer record.
pub fn on_file(paper: &Paper, verdict: Compared) -> Span<'static> {
    match (verdict, paper.text_width() < ROOM_FOR_VERDICT) {
        (Compared::Same, true) => paper.state(Role::Done, phrase!("same")),
        (Compared::Differs, true) => paper.state(Role::Needs, phrase!("differs")),
        (Compared::Same, false) => paper.state(Role::Done, phrase!("same as the customer record")),
        (Compared::Differs, false) => {
            paper.state(Role::Needs, phrase!("differs from the customer record"))
        }
    }
}

/// From which service, or why from none.
fn account(paper: &mut Paper, model: &Model) {
    // Where the complaint says why, it is said.
    let unsaid = |failure: &&Failure| model.verify.complaint != Some(failure.phrase());
    if let Some(failure) = model.connect_failure.as_ref().filter(unsaid) {
        paper
            .section(Weight::Vital)
            .marked(Role::Needs, failure.phrase());
    } else if let Some(connection) = &model.connection {
        let service = connection.verify_service.as_ref().map_or_else(
            || phrase!("none known: paste its SID (VA…) together with the keys"),
            |service| Phrase::verbatim(service.name.visible()),
        );
        paper
            .section(Weight::Useful)
            .labelled_text(phrase!("From"), Role::Plain, service);
    }
}

/// The other callers, where there are any: whose, by which way, how it stands, and the key that goes there.
pub fn waiting(paper: &mut Paper, model: &Model) {
    let key = key_for_others(model);
    let others: Vec<&Check> = model.others_waiting().collect();
    // At work the column beside the pane names them.
    let beside = layout::has_beside(model.size) && !model.setting.demo;
    if others.is_empty() || beside {
        return;
    }
    paper.section(Weight::Important);
    for (n, check) in others.iter().take(MOST_NAMED).enumerate() {
        let label = if n == 0 {
            phrase!("Waiting")
        } else {
            Phrase::of("")
        };
        let mut pieces = other(paper, model, check);
        if paper.is_narrow() {
            // The key behind the ticket matters more.
            pieces.truncate(2);
        }
        pieces.extend(key.filter(|_| n == 0).map(|key| Span::raw(key.to_string())));
        let spans: Vec<Span> = pieces
            .into_iter()
            .flat_map(|piece| [piece, Span::raw("  ")])
            .collect();
        paper.labelled(label, spans);
        if let Some(key) = key.filter(|_| n == 0) {
            paper.clickable(Click::Press(key));
        }
    }
    if others.len() > MOST_NAMED {
        let more = others.len() - MOST_NAMED;
        paper.labelled_text(
            Phrase::of(""),
            Role::Plain,
            phrase!("and {n} more", n = more),
        );
    }
}

/// The key that goes to another caller from where the agent is.
pub fn key_for_others(model: &Model) -> Option<Chord> {
    let places = model.places();
    places
        .into_iter()
        .find_map(|place| model.setting.keymap.chord(place, Action::OtherCheck))
}

/// A check that is not on screen: whose and by which way, where it stands, and for which ticket.
pub fn other(paper: &Paper, model: &Model, check: &Check) -> Vec<Span<'static>> {
    let pause = match check.stage {
        Stage::Paused { until, .. } => Some(until),
        _ => check.delayed_until,
    };
    let (role, state) = match (&check.stage, check.expires_at.filter(|_| pause.is_none())) {
        (Stage::Approved { .. }, _) => (Role::Done, phrase!("Approved")),
        (Stage::Ended(_), _) => (Role::Wrong, phrase!("Ended")),
        (Stage::Unknown { .. }, _) => (Role::Unknown, phrase!("Not known, checking")),
        (Stage::Paused { .. }, _) if check.overtaken().is_some() => {
            (Role::Needs, phrase!("Waits for your answer"))
        }
        (_, Some(at)) => {
            let left = clock(model.now.duration_until(at));
            (Role::Plain, phrase!("{time} left", time = left))
        }
        (_, None) => {
            let word = pause.map_or_else(
                || phrase!("Sending"),
                |until| {
                    let time = words::time(until, &model.setting.zone);
                    phrase!("Waits until {time}", time = time)
                },
            );
            (Role::Working, word)
        }
    };
    let channel = paper.look().say(words::channel(&check.channel));
    let whose = format!("{}  {channel}", check.to.masked());
    let mut spans = vec![
        paper.span(Role::Plain, Phrase::verbatim(whose)),
        paper.state(role, state),
    ];
    let ticket = check.ticket.as_ref();
    spans.extend(ticket.map(|ticket| paper.span(Role::Dim, Phrase::verbatim(ticket.as_str()))));
    spans
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
            let place = place::Place::of(number).map_or(Phrase::of(""), |place| place.phrase());
            let there = place::Place::of(number)
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
            let premium = number.is_premium();
            let doubt = match (*doubtful, premium) {
                (true, _) => phrase!(" · not known to be in use"),
                (false, true) => phrase!(" · premium rate"),
                (false, false) => Phrase::of(""),
            };
            let closed = model
                .policy
                .recipient(&Recipient::Phone(number.clone()))
                .is_err();
            let role = if *doubtful || premium || closed {
                Role::Needs
            } else {
                Role::Done
            };
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

/// What the lead says against whoever was typed, before anything else is asked for.
pub fn forbidden(paper: &mut Paper, model: &Model, reading: &Reading) {
    let verdict = reading.recipient().map(|to| model.policy.recipient(&to));
    if let Some(Err(why)) = verdict {
        paper.labelled_marked(Phrase::of(""), Role::Needs, why);
    }
}

/// What the agent says where no code can be sent.
fn say_no(to: &Recipient) -> Phrase {
    match to {
        Recipient::Email(_) => phrase!("I cannot send a code to that address from here."),
        Recipient::Phone(_) => phrase!("I cannot send a code to that number from here."),
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
