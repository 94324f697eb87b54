//! The keys under every pane, read from the table, in its order. What does not fit is dropped whole, by
//! weight: what the pane is for, the way out, the help and the list of all actions are the last to go. A
//! notice stands on the rule above them.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::domain::connection::Source;
use crate::domain::{HistoryRow, Intent, Phrase, Recipient, console, phrase};
use crate::keymap::{Action, Binding, Chord, Key, Place};
use crate::layout::Areas;
use crate::model::check::{Check, Ending, Stage};
use crate::model::setup::import::PlainPlace;
use crate::model::verify::clock;
use crate::model::{Click, Model, Pane, compose};
use crate::text;

use super::chrome::rule;
use super::frame::Frame;
use super::paper::rows;
use super::theme::{Look, Role};

/// Rows that a notice may take; ours take two.
const NOTICE_ROWS: usize = 3;
/// Columns between two keys.
const GAP: usize = 3;

/// A key of the footer, in the words of the screen.
struct Hint {
    words: String,
    /// Where there is no room for all.
    shorter: Option<String>,
    click: Option<Click>,
    weight: Weight,
}

impl Hint {
    fn width(&self) -> usize {
        text::width(&self.words)
    }
}

/// How long a key stays where there is no room for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// The way out.
    Out,
    /// Help, and all actions by name.
    Everywhere,
    /// What the pane is for.
    First,
    /// What cannot be found by looking for it: the phone that gets the code, how to stop, the evidence.
    Needed,
    /// What the words of the pane name as well.
    Named,
    /// The other keys of the pane.
    Pane,
    /// The other keys of the desk.
    Desk,
}

/// Draws the rule, or the rows of the notice in its place, and the keys.
pub fn draw(frame: &mut Frame, model: &Model, look: Look, areas: &Areas, notice: Vec<String>) {
    if notice.is_empty() {
        rule(frame, look, areas.lower_rule);
    }
    let first = areas
        .lower_rule
        .bottom()
        .saturating_sub(notice.len() as u16);
    for (line, y) in notice.into_iter().zip(first..) {
        let line = vec![Span::raw(" "), Span::styled(line, look.style(Role::Strong))];
        frame.render_widget(
            Line::from(line),
            Rect {
                y,
                ..areas.lower_rule
            },
        );
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

/// The rows of the notice: the last stands on the rule, those before take their room from the pane.
pub fn notice(model: &Model, look: Look) -> Vec<String> {
    let Some(notice) = &model.notice else {
        return Vec::new();
    };
    let width = usize::from(model.size.width).saturating_sub(2);
    let mut rows = rows(&look.say(&notice.text), width);
    rows.truncate(NOTICE_ROWS);
    rows
}

/// The keys that fit, in the order in which they stand.
fn fitting(model: &Model, look: Look, areas: &Areas) -> Vec<Hint> {
    let width = usize::from(areas.footer.width);
    let mut hints = all(model, look, areas.beside.is_none());
    if !fit(&hints, width).into_iter().all(|fits| fits) {
        // What has no room here is in the list of all actions, so that stands for it in one word.
        for hint in &mut hints {
            if let Some(shorter) = hint.shorter.take() {
                hint.words = shorter;
            }
        }
    }
    let fits = fit(&hints, width);
    let fitting = hints.into_iter().zip(fits).filter(|(_, fits)| *fits);
    fitting.map(|(hint, _)| hint).collect()
}

/// Which of them fit, what matters most first.
fn fit(hints: &[Hint], width: usize) -> Vec<bool> {
    let mut by_weight: Vec<usize> = (0..hints.len()).collect();
    by_weight.sort_by_key(|&at| hints[at].weight);
    let mut fits = vec![false; hints.len()];
    let mut used = 1;
    for at in by_weight {
        if used + hints[at].width() <= width {
            used += hints[at].width() + GAP;
            fits[at] = true;
        }
    }
    fits
}

/// All keys that may stand there, in their order.
fn all(model: &Model, look: Look, is_alone: bool) -> Vec<Hint> {
    let places = model.places();
    let here = places.iter().find(|place| !place.is_around());
    let (outer, inner): (Vec<&Binding>, Vec<&Binding>) = look
        .keymap
        .in_force(&places)
        .into_iter()
        .partition(|binding| !is_of_the_pane(binding));
    let has_phone = model.setting.demo && is_alone;
    let last = outer
        .iter()
        .filter(|binding| match binding.action {
            Action::Help | Action::Palette | Action::Quit => true,
            Action::ShowPhone => has_phone,
            Action::WhoIsCalling => matches!(here, Some(Place::To | Place::Callers)),
            Action::Refuse => here == Some(&Place::Code) || is_used_up(model),
            _ => false,
        })
        .map(|binding| {
            let weight = match binding.action {
                Action::Help | Action::Palette => Weight::Everywhere,
                Action::ShowPhone if here == Some(&Place::Code) => Weight::Needed,
                Action::Refuse if is_used_up(model) => Weight::Needed,
                Action::Refuse if brakes(model) => Weight::Needed,
                _ => Weight::Desk,
            };
            hint(model, look, &places, binding, weight)
        });
    let digits = (here == Some(&Place::Code)).then(|| Hint {
        words: look.say(phrase!("0-9 code")),
        shorter: None,
        click: None,
        weight: Weight::First,
    });
    let mut first = digits.is_none();
    let inner = inner
        .iter()
        .filter(|binding| shown(model, binding))
        // How to skip a stop stands beside its name.
        .filter(|binding| binding.place != Place::Tour)
        .map(|binding| {
            let leaves = binding.action == Action::Back && binding.place != Place::To;
            let weight = match binding.action {
                _ if leaves => Weight::Out,
                // There the next stop is the way out.
                Action::NextCustomer if places[0] == Place::TourDone => Weight::Pane,
                Action::NextCustomer => Weight::Out,
                _ if std::mem::take(&mut first) => Weight::First,
                // In the demo the pretend phone has the code, and its key the room.
                Action::StopCheck if brakes(model) && has_phone => Weight::Named,
                _ if is_needed(binding) => Weight::Needed,
                _ => Weight::Pane,
            };
            hint(model, look, &places, binding, weight)
        });
    digits.into_iter().chain(inner).chain(last).collect()
}

/// What ends something, proves something or sends once more is not to be looked for.
fn is_needed(binding: &Binding) -> bool {
    match binding.action {
        Action::StopCheck | Action::Withdraw | Action::Yes => true,
        Action::Copy => matches!(binding.place, Place::Over | Place::Approved),
        _ => false,
    }
}

/// Five wrong codes: what is left is to refuse.
fn is_used_up(model: &Model) -> bool {
    let check = model.verify.check().filter(|_| model.pane == Pane::Verify);
    check.is_some_and(|check| check.stage == Stage::Ended(Ending::UsedUp))
}

/// Two wrong codes or more: who guesses is to be refused.
fn brakes(model: &Model) -> bool {
    let check = model.verify.check().filter(|_| model.pane == Pane::Verify);
    check.is_some_and(Check::brakes)
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
        Action::Delete if model.policy.deleting().is_err() => false,
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
        Action::Rules => !model.lead_rules().is_empty(),
        Action::UseProfile => {
            let setup = model.setup.as_ref();
            setup.is_some_and(|setup| !setup.kept.is_empty())
        }
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
            let sheet = model.sheet();
            model.compose.rows(sheet.width, model.setting.ascii).len() > sheet.rows
        }
        Action::PlainText => model.compose.has_plainer(),
        Action::ThrowAway => model.compose.can_throw_away(),
        Action::NextField if binding.place == Place::Body => !model.compose.blanks.is_empty(),
        Action::PreviousField if binding.place == Place::Body => false,
        Action::Down if binding.place == Place::MessageTo => !model.recent_numbers().is_empty(),
        Action::Withdraw => match (binding.place, &model.compose.stage) {
            (Place::Detail, _) => model
                .history
                .marked()
                .is_some_and(|row| model.may_withdraw(row.operation.id)),
            (_, compose::Stage::Out { op, .. }) => model.may_withdraw(*op),
            _ => false,
        },
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
            model.evidence_of_marked().is_some()
        }
        Action::Again | Action::AgainByCall
            if matches!(binding.place, Place::Detail | Place::DetailUnknown)
                && model
                    .history
                    .marked()
                    .is_some_and(|row| row.operation.intent.is_unreadable()) =>
        {
            false
        }
        Action::AgainByCall => {
            let text = |row: &HistoryRow| matches!(row.operation.intent, Intent::Text(_));
            !model.history.marked().is_some_and(text) && model.offers(Action::AgainByCall)
        }
        Action::ByTicket => model.history.all().any_ticket(),
        Action::Console if model.pane == Pane::History => {
            let marked = model.history.marked();
            marked.is_some_and(|row| console::address(row).is_some())
        }
        Action::Export | Action::ExportLines | Action::Filter
            if binding.place == Place::History =>
        {
            !model.history.is_empty()
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
        Action::Submit => matches!(binding.place, Place::To | Place::Code | Place::Review),
        Action::Yes => matches!(
            binding.place,
            Place::Caution | Place::DetailUnknown | Place::VerifyUnknown | Place::MessageUnknown
        ),
        _ => false,
    }
}

fn hint(model: &Model, look: Look, places: &[Place], binding: &Binding, weight: Weight) -> Hint {
    // Its first key may mean something else in a place further inside.
    let mut chords = binding.chords.iter();
    let key = *chords
        .find(|chord| look.keymap.resolve(places, **chord) == Some(binding.action))
        .unwrap_or(&binding.chords[0]);
    // Both ways in one word.
    let both = binding.action == Action::Down && binding.hint == "down";
    let letters = binding.chords.contains(&Chord::plain(Key::Char('j')));
    let chord = if both && letters {
        "j k".to_owned()
    } else if both {
        let (down, up) = (Chord::plain(Key::Down), Chord::plain(Key::Up));
        format!("{} {}", look.key(up), look.key(down))
    } else if binding.action == Action::TakeTemplate {
        match model.compose.templates.list.len() {
            1 => "1".to_owned(),
            n => format!("1-{}", n.min(9)),
        }
    } else {
        look.key(key)
    };
    let words = if both {
        phrase!("move")
    } else if binding.action == Action::Refuse {
        phrase!("refuse")
    } else {
        model.hint(binding)
    };
    let words = look.say(words);
    let words = match wait(model, binding) {
        Some(wait) => format!("{chord} {words} ({wait})"),
        None => format!("{chord} {words}"),
    };
    let shorter = shorter(model, binding.action);
    Hint {
        words,
        shorter: shorter.map(|shorter| format!("{chord} {}", look.say(shorter))),
        click: Some(Click::Press(key)),
        weight,
    }
}

/// What a key does in fewer words, where room is wanted for one that has to stand there.
fn shorter(model: &Model, action: Action) -> Option<Phrase> {
    match action {
        // What has no room here is in the list of all actions, so that stands for it.
        Action::Palette => Some(phrase!("more")),
        Action::Copy if is_used_up(model) => Some(phrase!("evidence")),
        Action::StopCheck if is_used_up(model) => Some(phrase!("stop")),
        Action::Back if brakes(model) && !is_used_up(model) => Some(phrase!("next")),
        _ => None,
    }
}

/// How long a key has to wait, where it has to.
fn wait(model: &Model, binding: &Binding) -> Option<String> {
    if binding.action != Action::SendAgain || binding.place != Place::Code {
        return None;
    }
    model.verify.check()?.send_wait(model.now).map(clock)
}
