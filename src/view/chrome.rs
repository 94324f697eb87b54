//! What stands around every pane: tabs and account above, questions in between.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::domain::connection::Source;
use crate::domain::policy::Mode;
use crate::domain::{Phrase, phrase};
use crate::keymap::{Action, Place};
use crate::layout::{Areas, SMALLEST};
use crate::model::setup::Setup;
use crate::model::verify::clock;
use crate::model::{Click, Model, Overlay, Pane, compose};
use crate::text;

use super::frame::Frame;
use super::paper::{Paper, Weight, rows};
use super::theme::{Look, Role};

/// What is left of an account's name says nothing where it is shorter.
const NAME: usize = 4;

/// A window that is too small for the desk: nothing is lost, and it says so.
pub fn too_small(frame: &mut Frame, model: &Model, look: Look) {
    let area = frame.area();
    let mut lines = vec![phrase!(
        "tuilio needs {columns} x {rows}. This window is {width} x {height}.",
        columns = SMALLEST.width,
        rows = SMALLEST.height,
        width = area.width,
        height = area.height,
    )];
    let waiting = &mut model.verify.checks.iter();
    if let Some(check) = waiting.find(|check| check.is_unfinished()) {
        let to = check.to.masked();
        lines.push(match check.expires_at {
            Some(at) => phrase!(
                "A check is waiting: {to}, {time} left.",
                to = to,
                time = clock(model.now.duration_until(at)),
            ),
            None => phrase!("A check is waiting: {to}.", to = to),
        });
    }
    lines.push(phrase!(
        "Make the window larger. Nothing is lost. Ctrl-Q quits."
    ));
    let width = usize::from(area.width);
    let lines: Vec<Line> = lines
        .iter()
        .flat_map(|line| rows(&look.say(line), width.max(1)))
        .map(Line::from)
        .collect();
    frame.render_widget(Paragraph::new(lines), area);
}

/// Tabs and account, and the rule under them.
pub fn header(frame: &mut Frame, model: &Model, look: Look, areas: &Areas) {
    let width = usize::from(areas.header.width);
    let left = match &model.setup {
        Some(setup) => {
            let title = if setup.from_desk {
                phrase!("Connect to Twilio")
            } else {
                phrase!("First run")
            };
            let title = format!(" {}", look.say(title));
            vec![Span::styled(title, look.style(Role::Strong))]
        }
        None => tabs(frame, model, look, areas.header),
    };
    let used: usize = left.iter().map(|span| text::width(&span.content)).sum();
    let room = width.saturating_sub(used + 3);
    let right = match &model.setup {
        Some(setup) if setup.number() > 0 => look.say(phrase!("step {n} of 5", n = setup.number())),
        Some(_) => String::new(),
        None => account(model, look, room),
    };
    let cut = |room| look.text(&text::truncate(&right, room));
    let right = match cut(room) {
        // In ASCII the dots that stand for the rest are three.
        wider if text::width(&wider) > room => cut(room.saturating_sub(2)),
        right => right,
    };
    let gap = width.saturating_sub(used + text::width(&right) + 1);
    let role = if model.setting.demo {
        Role::Demo
    } else {
        Role::Plain
    };
    let mut spans = left;
    spans.push(Span::raw(" ".repeat(gap)));
    spans.push(Span::styled(right, look.style(role)));
    frame.render_widget(Line::from(spans), areas.header);
    rule(frame, look, areas.upper_rule);
}

/// The names of the panes; a click on one is its key.
fn tabs(frame: &mut Frame, model: &Model, look: Look, header: Rect) -> Vec<Span<'static>> {
    let panes = [
        (Pane::Verify, Action::GoVerify, phrase!("Verify")),
        (Pane::Message, Action::GoMessage, phrase!("Message")),
        (Pane::History, Action::GoHistory, phrase!("History")),
        (Pane::Settings, Action::GoSettings, phrase!("Settings")),
    ];
    let mut spans = vec![Span::raw(" ")];
    let mut x = header.x + 1;
    for (n, (pane, action, name)) in panes.into_iter().enumerate() {
        if n > 0 && model.size.width >= 80 {
            spans.push(Span::raw("  "));
            x += 2;
        }
        let name = look.say(name);
        let (shown, role) = if pane == model.pane {
            (format!("[{name}]"), Role::Strong)
        } else {
            (format!(" {name} "), Role::Plain)
        };
        let width = text::width(&shown) as u16;
        if let Some(chord) = look.keymap.chord(Place::Desk, action) {
            frame.clickable(Rect { x, width, ..header }, Click::Press(chord));
        }
        x += width;
        spans.push(Span::styled(shown, look.style(role)));
    }
    spans
}

/// Which account is used, on every screen.
fn account(model: &Model, look: Look, room: usize) -> String {
    if model.setting.demo {
        let whole = look.say(phrase!("DEMO · not connected · DEMO"));
        return if text::width(&whole) <= room {
            whole
        } else {
            look.say(phrase!("DEMO · DEMO"))
        };
    }
    // What may be done here and where the keys come from is always there; the name of the account gives way.
    let (account, trial, from) = match (&model.connection, &model.connect_failure) {
        (Some(connection), _) => {
            let name = connection.account_name.as_ref().map_or_else(
                || connection.account_sid.short(),
                crate::domain::Untrusted::visible,
            );
            let from = match &connection.source {
                Source::Profile(profile) => Phrase::verbatim(profile),
                Source::Environment => phrase!("environment"),
                Source::Session => phrase!("this session"),
                Source::Demo => phrase!("demo"),
            };
            let trial = connection.is_trial.then(|| phrase!("trial"));
            (Phrase::verbatim(name), trial, Some(from))
        }
        (None, Some(_)) => (phrase!("not connected"), None, None),
        (None, None) => (phrase!("connecting"), None, None),
    };
    let mode = match (&model.policy.off, model.policy.mode) {
        (Some(_), _) => Some(phrase!("SENDING IS OFF")),
        (None, Mode::ReadOnly) => Some(phrase!("LOOKING ONLY")),
        (None, Mode::Trainee) => Some(phrase!("TRAINEE")),
        (None, Mode::Full) => None,
    };
    let [mode, trial, from] = [mode, trial, from].map(|piece| piece.map(|piece| look.say(piece)));
    let account = look.say(account);
    let joined = |account: Option<&str>, trial: Option<&str>| {
        let pieces = [mode.as_deref(), account, trial, from.as_deref()];
        let pieces: Vec<&str> = pieces.into_iter().flatten().collect();
        look.text(&pieces.join(" · "))
    };
    let fits = |said: &String| text::width(said) <= room;
    for trial in [trial.as_deref(), None] {
        let whole = joined(Some(&account), trial);
        if fits(&whole) {
            return whole;
        }
    }
    let beside = text::width(&joined(Some(""), None));
    // In ASCII the dots that stand for the rest are three.
    let shorter = [0, 2].into_iter().find_map(|less| {
        let name = text::truncate(&account, room.saturating_sub(beside + less));
        let said = joined(Some(&name), None);
        (text::width(&name) >= NAME && fits(&said)).then_some(said)
    });
    shorter.unwrap_or_else(|| joined(None, None))
}

/// A question in the middle of the pane, which owns all keys.
pub fn question(frame: &mut Frame, model: &Model, look: Look, area: Rect, overlay: &Overlay) {
    let (title, why, place) = match overlay {
        Overlay::Quit => {
            let waiting = &model.verify.checks;
            let waiting = waiting.iter().filter(|check| check.is_unfinished()).count();
            let keeping = model.setup.as_ref().is_some_and(Setup::is_keeping);
            let why = match waiting {
                0 if keeping => phrase!(
                    "The keyring is still writing the keys. Wait for its answer; leaving now may lose them."
                ),
                0 if matches!(model.compose.stage, compose::Stage::Held { .. }) => phrase!(
                    "A text is held back and has not left. Leaving now keeps it as a draft, and sends nothing."
                ),
                0 if !model.operations.any_unanswered() => phrase!(
                    "It is not known yet what came of something. Leaving now leaves it to be looked up at the next start."
                ),
                0 => phrase!(
                    "Something is still being sent. Leaving now leaves it to be looked up at the next start."
                ),
                1 => {
                    phrase!("One check is waiting. It goes on at Twilio, and stays in the history.")
                }
                n => phrase!(
                    "{n} checks are waiting. They go on at Twilio, and stay in the history.",
                    n = n
                ),
            };
            (phrase!("Leave tuilio?"), why, Place::QuitQuestion)
        }
        Overlay::SignOut => (
            phrase!("Sign out?"),
            phrase!("The keys of this profile are removed from the keyring. The history stays."),
            Place::SignOutQuestion,
        ),
        Overlay::ForgetAll => (
            phrase!("Delete the history of this computer as well?"),
            phrase!(
                "Numbers and texts stand in it, and what was written and not sent goes as well. What is not known yet stays until it is; everything else is gone for good."
            ),
            Place::ForgetQuestion,
        ),
        Overlay::Sure(sure) => (
            phrase!("Do you want to send this?"),
            sure.what.clone(),
            Place::SureQuestion,
        ),
        Overlay::LookUp(number) => (
            phrase!("Look this number up?"),
            phrase!(
                "Twilio charges your account for each one, about as much as for a text. It tells the kind of line and the network of {number}. The customer notices nothing.",
                number = number.masked()
            ),
            Place::LookUpQuestion,
        ),
        Overlay::Withdraw(_) => (
            phrase!("Withdraw this text?"),
            phrase!("Twilio has not sent it yet. Withdrawn, it does not leave."),
            Place::WithdrawQuestion,
        ),
        _ => return,
    };
    let width = area.width.saturating_sub(8).min(64);
    let mut paper = Paper::new(look, width);
    paper
        .section(Weight::Vital)
        .text(Role::Strong, title)
        .text(Role::Plain, why);
    if *overlay == Overlay::SignOut {
        for left in model.left_by_signing_out() {
            paper.section(Weight::Vital).marked(Role::Needs, left);
        }
    }
    let answers = look
        .keymap
        .of(place)
        .map(|binding| paper.key(place, binding.action, Phrase::of(binding.hint)))
        .collect();
    // The field under it takes no keys now, so the cursor stands at the answers.
    paper
        .section(Weight::Vital)
        .flow(answers)
        .cursor_at(Paper::margin());
    let height = (paper.height() + 4).min(area.height);
    let place = Rect::new(
        area.x + (area.width - width) / 2,
        area.y + (area.height - height) / 2,
        width,
        height,
    );
    // The whole rows, so that no half of a word looks out beside it.
    let across = Rect {
        x: area.x,
        width: area.width,
        ..place
    };
    frame.wipe(across, look);
    let inner = Rect {
        y: place.y + 1,
        height: height.saturating_sub(2),
        ..place
    };
    rule(frame, look, Rect { height: 1, ..place });
    paper.draw(frame, inner);
    let lower = place.bottom().saturating_sub(1);
    rule(
        frame,
        look,
        Rect {
            y: lower,
            height: 1,
            ..place
        },
    );
}

/// The bar between the pane and what is beside it.
pub fn bar(frame: &mut Frame, look: Look, beside: Rect) {
    let lines = vec![Line::from(look.bar()); usize::from(beside.height)];
    frame.render_widget(Paragraph::new(lines), Rect { width: 1, ..beside });
}

/// A rule across an area of one row.
pub fn rule(frame: &mut Frame, look: Look, area: Rect) {
    frame.render_widget(
        Line::from(look.rule().repeat(usize::from(area.width))),
        area,
    );
}
