//! The keys in force: the table, with what the agent has changed in it.
//!
//! A change is taken whole or refused with a sentence: no chord means two things at once, no place that
//! takes text loses a letter to a command, and Enter, Esc and Ctrl-Q stay what they are everywhere. What
//! is risky asks with a letter, so no change puts a yes on Enter.

use super::action::Action;
use super::chord::{Chord, Key};
use super::place::Place;
use super::table::{Binding, TABLE};

const ENTER: Chord = Chord::plain(Key::Enter);
const ESC: Chord = Chord::plain(Key::Esc);
const QUIT: Chord = Chord::ctrl('q');
const INTERRUPT: Chord = Chord::ctrl('c');

/// The keys in force. Made once, when the program starts, and kept until it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keymap {
    bindings: &'static [Binding],
}

/// A change: these keys for an action, in one place or wherever it has keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Where; everywhere where it is none.
    pub place: Option<Place>,
    /// What is done.
    pub action: Action,
    /// By which keys, the one to show first.
    pub chords: Vec<Chord>,
}

/// Why a change is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Clash {
    /// The action has no keys there.
    #[error("{action} has no key in {place}")]
    NotThere {
        /// The action.
        action: String,
        /// The place.
        place: String,
    },
    /// No key is left.
    #[error("{0} needs a key")]
    NoKey(String),
    /// Something else is on the key.
    #[error("{chord} is {other} in {place} already")]
    Twice {
        /// The key.
        chord: Chord,
        /// What it does.
        other: String,
        /// Where.
        place: String,
    },
    /// A character in a place that takes text.
    #[error(
        "{chord} is typed in {place}, so it cannot be a command: use Ctrl, Alt or a function key"
    )]
    Typed {
        /// The key.
        chord: Chord,
        /// The place.
        place: String,
    },
    /// A key that means the same everywhere.
    #[error("{0} means the same everywhere and cannot be given away")]
    Reserved(Chord),
    /// A key that most terminals cannot tell from another one.
    #[error("most terminals send {sends} for {chord}, so it cannot be a command of its own")]
    Same {
        /// The key.
        chord: Chord,
        /// What arrives.
        sends: Chord,
    },
    /// A key that has to stay.
    #[error(
        "in {place}, {action} cannot lose {chord}: put {chord} in the list beside your own key"
    )]
    Lost {
        /// The key.
        chord: Chord,
        /// The action.
        action: String,
        /// The place.
        place: String,
    },
    /// A yes on Enter.
    #[error("yes is no answer by Enter: what is risky asks with a letter")]
    YesOnEnter,
}

impl Default for Keymap {
    fn default() -> Self {
        Self { bindings: TABLE }
    }
}

impl Keymap {
    /// The table with changes; else which of them is refused, by its place in the list, and why.
    pub fn with(changes: &[Change]) -> Result<Self, (usize, Clash)> {
        if changes.is_empty() {
            return Ok(Self::default());
        }
        let mut bindings = TABLE.to_vec();
        let mut changed: Vec<(usize, usize)> = Vec::new();
        for (at, change) in changes.iter().enumerate() {
            if change.chords.is_empty() {
                return Err((at, Clash::NoKey(change.action.name())));
            }
            for &chord in &change.chords {
                if let Some(sends) = sent_for(chord, change.action) {
                    return Err((at, Clash::Same { chord, sends }));
                }
            }
            // What was made for one map is kept as long as the program runs, as the table itself is.
            let chords: &'static [Chord] = Box::leak(change.chords.clone().into_boxed_slice());
            let before = changed.len();
            for (index, binding) in bindings.iter_mut().enumerate() {
                let meant = binding.action == change.action
                    && change.place.is_none_or(|place| place == binding.place);
                if meant {
                    binding.chords = chords;
                    changed.push((index, at));
                }
            }
            if changed.len() == before {
                let place = change.place.map_or_else(String::new, Place::name);
                let action = change.action.name();
                return Err((at, Clash::NotThere { action, place }));
            }
        }
        for &(index, at) in &changed {
            check(&bindings, index).map_err(|clash| (at, clash))?;
        }
        Ok(Self {
            bindings: Box::leak(bindings.into_boxed_slice()),
        })
    }

    /// All bindings, in the order of the table.
    pub fn bindings(self) -> &'static [Binding] {
        self.bindings
    }

    /// The bindings of one place.
    pub fn of(self, place: Place) -> impl Iterator<Item = &'static Binding> {
        let bindings = self.bindings;
        bindings
            .iter()
            .filter(move |binding| binding.place == place)
    }

    /// What a key does in the places that are in force, innermost first. A character in a place that takes
    /// text is typed, unless that very place binds it: over an empty text, digits take a template.
    pub fn resolve(self, places: &[Place], chord: Chord) -> Option<Action> {
        let inner = places.iter().position(|place| !place.is_around());
        let inner = inner.unwrap_or_default();
        let takes_text = places.get(inner).is_some_and(|place| place.takes_text());
        let in_force = if takes_text && chord.text().is_some() {
            inner + 1
        } else {
            places.len()
        };
        places[..in_force].iter().find_map(|&place| {
            self.of(place)
                .find(|binding| binding.chords.contains(&chord))
                .map(|binding| binding.action)
        })
    }

    /// The bindings in force, innermost place first, each action once and no key that an inner place took.
    pub fn in_force(self, places: &[Place]) -> Vec<&'static Binding> {
        let mut taken: Vec<Chord> = Vec::new();
        let mut seen: Vec<Action> = Vec::new();
        let mut bindings = Vec::new();
        for &place in places {
            for binding in self.of(place) {
                let free = binding.chords.iter().any(|chord| !taken.contains(chord));
                if free && !seen.contains(&binding.action) {
                    seen.push(binding.action);
                    bindings.push(binding);
                }
                taken.extend(binding.chords);
            }
        }
        bindings
    }

    /// The key to show for an action in a place.
    pub fn chord(self, place: Place, action: Action) -> Option<Chord> {
        self.of(place)
            .find(|binding| binding.action == action)
            .and_then(|binding| binding.chords.first().copied())
    }
}

/// Whether a changed binding may stand.
fn check(bindings: &[Binding], index: usize) -> Result<(), Clash> {
    let binding = &bindings[index];
    // The table and its copy have the same order.
    let (own, place) = (TABLE[index].chords, binding.place);
    for &chord in binding.chords.iter().filter(|chord| !own.contains(chord)) {
        if [ESC, QUIT, INTERRUPT].contains(&chord) {
            return Err(Clash::Reserved(chord));
        }
        if chord == ENTER && binding.action == Action::Yes {
            return Err(Clash::YesOnEnter);
        }
        if is_typed(place, chord) {
            let place = place.name();
            return Err(Clash::Typed { chord, place });
        }
        let other = bindings.iter().enumerate().find(|&(at, other)| {
            let same = place != other.place && other.action == binding.action;
            at != index && !same && other.chords.contains(&chord) && meet(place, other.place)
        });
        if let Some((_, other)) = other {
            return Err(Clash::Twice {
                chord,
                other: other.action.name(),
                place: other.place.name(),
            });
        }
    }
    let stays = |chord: Chord| match chord {
        ESC | QUIT | INTERRUPT => true,
        ENTER => place.takes_text(),
        _ => false,
    };
    let lost = own
        .iter()
        .find(|&&chord| stays(chord) && !binding.chords.contains(&chord));
    match lost {
        Some(&chord) => Err(Clash::Lost {
            chord,
            action: binding.action.name(),
            place: place.name(),
        }),
        None => Ok(()),
    }
}

/// Both may be in force at once.
fn meet(one: Place, other: Place) -> bool {
    let outer = |place: Place| matches!(place, Place::Desk | Place::Always) || place.is_around();
    one == other || outer(one) || outer(other)
}

/// The key is data there: a character, or what moves within a text.
fn is_typed(place: Place, chord: Chord) -> bool {
    let moves = matches!(
        chord.key,
        Key::Left | Key::Right | Key::Home | Key::End | Key::Backspace | Key::Delete
    );
    match place {
        Place::Code => {
            chord.key == Key::Backspace || chord.text().is_some_and(|c| c.is_ascii_digit())
        }
        Place::Desk | Place::Always => chord.text().is_some() || moves,
        place => place.takes_text() && (chord.text().is_some() || moves),
    }
}

/// What most terminals send for a key, where that is another key.
fn sent_for(chord: Chord, action: Action) -> Option<Chord> {
    let key = match chord.key {
        _ if !chord.ctrl => return None,
        Key::Char('i') => Key::Tab,
        // Those that tell it from Enter make a new line with it.
        Key::Char('j') if action == Action::NewLine => return None,
        Key::Char('j' | 'm') => Key::Enter,
        Key::Char('h' | '?') => Key::Backspace,
        Key::Char('[' | '3') => Key::Esc,
        _ => return None,
    };
    Some(Chord {
        ctrl: false,
        key,
        ..chord
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(place: Option<Place>, action: Action, chords: &[&str]) -> Change {
        Change {
            place,
            action,
            chords: chords
                .iter()
                .map(|name| Chord::parse(name).unwrap())
                .collect(),
        }
    }

    fn refused(place: Option<Place>, action: Action, chords: &[&str]) -> String {
        let good = change(Some(Place::Code), Action::CallInstead, &["k"]);
        let (at, clash) = Keymap::with(&[good, change(place, action, chords)]).unwrap_err();
        assert_eq!(at, 1);
        clash.to_string()
    }

    #[test]
    fn a_change_holds_where_it_is_made_and_for_every_reader() {
        let code = [Place::Code, Place::Desk, Place::Always];
        let key = |name: &str| Chord::parse(name).unwrap();
        let map = Keymap::with(&[change(Some(Place::Code), Action::CallInstead, &["k"])]).unwrap();
        assert_eq!(map.resolve(&code, key("k")), Some(Action::CallInstead));
        assert_eq!(map.resolve(&code, key("c")), None);
        assert_eq!(map.chord(Place::Code, Action::CallInstead), Some(key("k")));
        let ended = map.chord(Place::Ended, Action::CallInstead);
        assert_eq!(ended, Some(key("c")), "elsewhere nothing changes");
        let everywhere = Keymap::with(&[change(None, Action::CallInstead, &["k"])]).unwrap();
        assert_eq!(
            everywhere.chord(Place::Ended, Action::CallInstead),
            Some(key("k"))
        );
        assert_eq!(Keymap::with(&[]).unwrap(), Keymap::default());
    }

    #[test]
    fn two_actions_may_trade_their_keys() {
        let map = Keymap::with(&[
            change(Some(Place::Code), Action::CallInstead, &["r"]),
            change(Some(Place::Code), Action::SendAgain, &["c"]),
        ]);
        assert!(map.is_ok(), "{map:?}");
    }

    #[test]
    fn a_key_that_terminals_send_as_another_one_is_refused() {
        for (key, sent) in [
            ("Ctrl-I", "Tab"),
            ("Ctrl-M", "Enter"),
            ("Ctrl-J", "Enter"),
            ("Ctrl-H", "Backspace"),
            ("Ctrl-?", "Backspace"),
            ("Ctrl-[", "Esc"),
            ("Ctrl-Alt-I", "Alt-Tab"),
        ] {
            let why = refused(None, Action::GoHistory, &["F4", key]);
            let said = format!("most terminals send {sent} for {key}, so it");
            assert!(why.starts_with(&said), "{why}");
        }
        let newline = change(None, Action::NewLine, &["Ctrl-J", "Alt-Enter"]);
        assert!(Keymap::with(&[newline]).is_ok());
    }

    #[test]
    fn a_clash_is_told_in_one_sentence() {
        for (place, action, chords, sentence) in [
            (
                Some(Place::Code),
                Action::StopCheck,
                &["r"][..],
                "r is send_again in code already",
            ),
            (
                Some(Place::Code),
                Action::StopCheck,
                &["F4"],
                "F4 is go_history in desk already",
            ),
            (
                Some(Place::To),
                Action::Down,
                &["d"],
                "d is typed in to, so it cannot be a command: use Ctrl, Alt or a function key",
            ),
            (
                Some(Place::Code),
                Action::StopCheck,
                &["7"],
                "7 is typed in code, so it cannot be a command: use Ctrl, Alt or a function key",
            ),
            (
                None,
                Action::GoHistory,
                &["h"],
                "h is typed in desk, so it cannot be a command: use Ctrl, Alt or a function key",
            ),
            (
                Some(Place::Code),
                Action::StopCheck,
                &["Ctrl-Q"],
                "Ctrl-Q means the same everywhere and cannot be given away",
            ),
            (
                Some(Place::To),
                Action::Submit,
                &["F11"],
                "in to, submit cannot lose Enter: put Enter in the list beside your own key",
            ),
            (
                Some(Place::Code),
                Action::Back,
                &["b"],
                "in code, back cannot lose Esc: put Esc in the list beside your own key",
            ),
            (
                Some(Place::Always),
                Action::Quit,
                &["F10"],
                "in always, quit cannot lose Ctrl-Q: put Ctrl-Q in the list beside your own key",
            ),
            (
                Some(Place::QuitQuestion),
                Action::Yes,
                &["Enter"],
                "yes is no answer by Enter: what is risky asks with a letter",
            ),
            (
                Some(Place::Code),
                Action::Copy,
                &["k"],
                "copy has no key in code",
            ),
            (
                Some(Place::Code),
                Action::StopCheck,
                &[],
                "stop_check needs a key",
            ),
        ] {
            assert_eq!(refused(place, action, chords), sentence);
        }
    }

    #[test]
    fn every_action_and_place_is_found_by_its_name() {
        for binding in TABLE {
            assert_eq!(Action::named(&binding.action.name()), Some(binding.action));
        }
        for &place in Place::ALL {
            assert_eq!(Place::named(&place.name()), Some(place));
        }
        assert_eq!(Action::CallInstead.name(), "call_instead");
        assert_eq!(Action::named("nothing"), None);
    }
}
