//! The keys under every pane, read from the table: what matters most stands first, and what does not fit
//! is dropped whole. A notice stands on the rule above them.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::domain::connection::Source;
use crate::domain::{HistoryRow, Intent, Phrase, Recipient, phrase};
use crate::keymap::{Action, Binding, Chord, Key, Place};
use crate::layout::{self, Areas};
use crate::model::check::{Check, Ending, Stage, What};
use crate::model::setup::import::PlainPlace;
use crate::model::verify::clock;
use crate::model::{Click, Model, Pane, compose};
use crate::text;

use super::chrome::rule;
use super::frame::Frame;
use super::theme::{Look, Role};

/// Columns between two keys.
const GAP: usize = 3;

/// A key of the footer, in the words of the screen.
struct Hint {
    words: String,
    click: Option<Click>,
}

impl Hint {
    fn width(&self) -> usize {
        text::width(&self.words)
    }
}

/// Draws the rule and the keys; help and quit stay as long as anything does.
pub fn draw(frame: &mut Frame, model: &Model, look: Look, areas: &Areas) {
    let width = usize::from(areas.footer.width);
    match &model.notice {
        Some(notice) => {
            let said = look.say(&notice.text);
            let line = text::truncate(&said, width.saturating_sub(2)).into_owned();
            let line = vec![Span::raw(" "), Span::styled(line, look.style(Role::Strong))];
            frame.render_widget(Line::from(line), areas.lower_rule);
        }
        None => rule(frame, look, areas.lower_rule),
    }
    let mut line = String::from(" ");
    for hint in fitting(model, look, areas) {
        if let Some(click) = &hint.click {
            let area = Rect {
                x: areas.footer.x + text::width(&line) as u16,
                width: hint.width() as u16,
                ..areas.footer
            };
            frame.clickable(area, click.clone());
        }
        line.push_str(&hint.words);
        line.push_str(&" ".repeat(GAP));
    }
    frame.render_widget(Line::from(line.trim_end().to_owned()), areas.footer);
}

/// The keys that fit, in the order in which they stand.
fn fitting(model: &Model, look: Look, areas: &Areas) -> Vec<Hint> {
    let width = usize::from(areas.footer.width);
    let places = model.places();
    let here = places.iter().find(|place| !place.is_around());
    let (outer, inner): (Vec<&Binding>, Vec<&Binding>) = look
        .keymap
        .in_force(&places)
        .into_iter()
        .partition(|binding| !is_of_the_pane(binding));
    let has_phone = model.setting.demo && areas.beside.is_none();
    let last: Vec<Hint> = outer
        .iter()
        .filter(|binding| match binding.action {
            Action::Help | Action::Palette | Action::Quit => true,
            Action::ShowPhone => has_phone,
            Action::WhoIsCalling => matches!(here, Some(Place::To | Place::Callers)),
            Action::Refuse => here == Some(&Place::Code) || is_used_up(model),
            _ => false,
        })
        .map(|binding| hint(model, look, &places, binding))
        .collect();
    let digits = (here == Some(&Place::Code)).then(|| Hint {
        words: look.say(phrase!("0-9 code")),
        click: None,
    });
    let hints = inner
        .iter()
        .filter(|binding| shown(model, binding))
        // How to skip a stop stands beside its name.
        .filter(|binding| binding.place != Place::Tour)
        .map(|binding| hint(model, look, &places, binding));
    // The help is always offered, and in the demo the phone, without which there is no code to type.
    let kept = if has_phone { 2 } else { 1 };
    let reserved: usize = last.iter().take(kept).map(|hint| hint.width() + GAP).sum();
    let mut used = 1;
    let mut fitting = Vec::new();
    for hint in digits.into_iter().chain(hints) {
        if used + hint.width() + reserved > width {
            break;
        }
        used += hint.width() + GAP;
        fitting.push(hint);
    }
    for hint in last {
        if used + hint.width() <= width {
            used += hint.width() + GAP;
            fitting.push(hint);
        }
    }
    fitting
}

/// Five wrong codes: what is left is to refuse.
fn is_used_up(model: &Model) -> bool {
    let check = model.verify.check().filter(|_| model.pane == Pane::Verify);
    check.is_some_and(|check| check.stage == Stage::Ended(Ending::UsedUp))
}

/// It belongs to where the agent is, and not to every pane.
pub fn is_of_the_pane(binding: &Binding) -> bool {
    !matches!(binding.place, Place::Desk | Place::Always)
}

/// Whether a key of a place is offered now.
pub fn offers(model: &Model, place: Place, action: Action) -> bool {
    let bindings = model.setting.keymap.in_force(&[place]);
    let mut bindings = bindings.iter().filter(|binding| binding.action == action);
    bindings.any(|binding| shown(model, binding))
}

/// A binding that would do nothing now is not offered.
pub fn shown(model: &Model, binding: &Binding) -> bool {
    if sends(binding) && model.policy.acting().is_err() {
        return false;
    }
    match binding.action {
        Action::Submit | Action::Down | Action::Reveal if binding.place == Place::History => {
            model.history.marked().is_some()
        }
        Action::Submit | Action::Down if binding.place == Place::Settings => {
            model.settings.profiles.len() > 1
        }
        Action::LookUp => {
            let number = matches!(model.verify.reading.recipient(), Some(Recipient::Phone(_)));
            number && model.policy.paying_for_lookups().is_ok() && model.policy.acting().is_ok()
        }
        Action::Connect => !model.setting.demo,
        Action::Warnings => model.noted_service().is_some(),
        Action::Import => {
            let setup = model.setup.as_ref();
            setup.is_some_and(|setup| !setup.surroundings.imports.is_empty())
        }
        Action::Yes if binding.place == Place::StillPlain => model
            .setup
            .as_ref()
            .is_some_and(|setup| setup.imported != Some(PlainPlace::Environment)),
        Action::SignOut => {
            let source = model
                .connection
                .as_ref()
                .map(|connection| &connection.source);
            matches!(source, Some(Source::Profile(_)))
        }
        Action::Down if matches!(binding.place, Place::Review | Place::ReviewCaution) => {
            let (width, room) = layout::review_text(model.room());
            model.compose.rows(width, model.setting.ascii).len() > room
        }
        Action::PlainText => model.compose.has_plainer(),
        Action::ThrowAway => model.compose.can_throw_away(),
        Action::NextField if binding.place == Place::Body => !model.compose.blanks.is_empty(),
        Action::PreviousField if binding.place == Place::Body => false,
        Action::Down if binding.place == Place::MessageTo => !model.recent_numbers().is_empty(),
        Action::Withdraw => matches!(
            model.compose.stage,
            compose::Stage::Out { op, .. } if model.scheduled(op).is_some()
        ),
        Action::Up | Action::Down
            if matches!(
                binding.place,
                Place::History
                    | Place::Filter
                    | Place::Detail
                    | Place::DetailUnknown
                    | Place::Pick
                    | Place::Note
                    | Place::Help
                    | Place::Card
                    | Place::Numbers
            ) =>
        {
            binding.action == Action::Down
        }
        Action::PreviousField if binding.place == Place::To => false,
        Action::Up | Action::First | Action::Last | Action::PageUp | Action::PageDown => false,
        Action::Copy if matches!(binding.place, Place::History | Place::Detail) => {
            super::history::has_evidence(model)
        }
        Action::AgainByCall => {
            let text = |row: &HistoryRow| matches!(row.operation.intent, Intent::Text(_));
            !model.history.marked().is_some_and(text)
        }
        Action::ByTicket => model.history.all().any_ticket(),
        Action::Delete | Action::Export | Action::ExportLines | Action::Filter
            if binding.place == Place::History =>
        {
            !model.history.is_empty()
        }
        Action::Yes if binding.place == Place::VerifyUnknown => {
            let under_way = model.verify.check().and_then(Check::under_way);
            under_way.is_some_and(|(_, what)| what != What::Check)
        }
        Action::AskNow if binding.place != Place::Code => {
            !model.searches.is_empty() || model.follow.deadline().is_some()
        }
        action => model.offers(action),
    }
}

/// What would reach a customer or Twilio.
fn sends(binding: &Binding) -> bool {
    match binding.action {
        Action::SendAgain
        | Action::CallInstead
        | Action::WhatsAppInstead
        | Action::EmailInstead
        | Action::StopCheck => true,
        Action::Submit => matches!(binding.place, Place::To | Place::Code | Place::Review),
        Action::Yes => matches!(
            binding.place,
            Place::Caution | Place::DetailUnknown | Place::VerifyUnknown | Place::MessageUnknown
        ),
        _ => false,
    }
}

fn hint(model: &Model, look: Look, places: &[Place], binding: &Binding) -> Hint {
    // Its first key may mean something else in a place further inside.
    let mut chords = binding.chords.iter();
    let key = *chords
        .find(|chord| look.keymap.resolve(places, **chord) == Some(binding.action))
        .unwrap_or(&binding.chords[0]);
    let letters = binding.chords.contains(&Chord::plain(Key::Char('j')));
    let chord = if binding.action == Action::Down && letters {
        "j k".to_owned()
    } else if matches!(binding.place, Place::Palette | Place::Help)
        && binding.action == Action::Down
    {
        "Up Down".to_owned()
    } else if binding.action == Action::TakeTemplate {
        match model.compose.templates.list.len() {
            1 => "1".to_owned(),
            n => format!("1-{}", n.min(9)),
        }
    } else {
        key.to_string()
    };
    let words = if matches!(chord.as_str(), "j k" | "Up Down") {
        phrase!("move")
    } else {
        Phrase::of(binding.hint)
    };
    let words = look.say(words);
    let words = match wait(model, binding) {
        Some(wait) => format!("{chord} {words} ({wait})"),
        None => format!("{chord} {words}"),
    };
    Hint {
        words,
        click: Some(Click::Press(key)),
    }
}

/// How long a key has to wait, where it has to.
fn wait(model: &Model, binding: &Binding) -> Option<String> {
    if binding.action != Action::SendAgain || binding.place != Place::Code {
        return None;
    }
    model.verify.check()?.send_wait(model.now).map(clock)
}
