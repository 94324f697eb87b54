//! What each key does, and where. One [table] is the truth: keys are resolved by it, and footer, help,
//! palette and README are read from it.
//!
//! A [`Place`] is where the agent's attention is. The model names the places that are in force, innermost
//! first; the first one that knows a [`Chord`] decides. A place that takes text binds no bare letter, and
//! a place that binds letters takes no text, so that a letter is never both.

pub mod action;
pub mod chord;
pub mod read;
pub mod table;

pub use action::Action;
pub use chord::{Chord, Key};
pub use table::{Binding, Place};

/// What a key does in the places that are in force, innermost first. A character in a place that takes
/// text is typed, unless that very place binds it: over an empty text, digits take a template.
pub fn resolve(places: &[Place], chord: Chord) -> Option<Action> {
    let inner = places.iter().position(|place| !place.is_around());
    let inner = inner.unwrap_or_default();
    let takes_text = places.get(inner).is_some_and(|place| place.takes_text());
    let in_force = if takes_text && chord.text().is_some() {
        inner + 1
    } else {
        places.len()
    };
    places[..in_force].iter().find_map(|&place| {
        table::of(place)
            .find(|binding| binding.chords.contains(&chord))
            .map(|binding| binding.action)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_chord_means_two_things_in_one_place() {
        for &place in Place::ALL {
            let mut seen = Vec::new();
            for binding in table::of(place) {
                for chord in binding.chords {
                    assert!(!seen.contains(chord), "{chord} is bound twice in {place:?}");
                    seen.push(*chord);
                }
            }
        }
    }

    #[test]
    fn a_place_that_takes_text_binds_no_letter() {
        for &place in Place::ALL.iter().filter(|place| place.takes_text()) {
            for chord in table::of(place).flat_map(|binding| binding.chords) {
                assert!(
                    !chord.text().is_some_and(char::is_alphabetic),
                    "{chord} in {place:?} would be typed and done at once"
                );
            }
        }
    }

    #[test]
    fn every_binding_says_what_it_does() {
        for binding in table::TABLE {
            assert!(
                !binding.hint.is_empty() && !binding.help.is_empty() && !binding.chords.is_empty(),
                "{:?}",
                binding.action
            );
        }
    }

    #[test]
    fn the_innermost_place_wins() {
        let esc = Chord::parse("Esc").unwrap();
        assert_eq!(
            resolve(&[Place::Help, Place::Always], esc),
            Some(Action::Back)
        );
        assert_eq!(
            resolve(
                &[Place::Code, Place::Desk, Place::Always],
                Chord::parse("r").unwrap()
            ),
            Some(Action::SendAgain)
        );
        assert_eq!(
            resolve(
                &[Place::To, Place::Desk, Place::Always],
                Chord::parse("r").unwrap()
            ),
            None
        );
        assert_eq!(
            resolve(
                &[Place::Help, Place::Always],
                Chord::parse("Ctrl-Q").unwrap()
            ),
            Some(Action::Quit)
        );
    }
}
