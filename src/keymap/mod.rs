//! What each key does, and where. One [table], with the agent's own changes, is the truth: keys
//! are resolved by the [`Keymap`] made of it, and footer, help and palette are read from it.
//!
//! A [`Place`] is where the agent's attention is. The model names the places that are in force, innermost
//! first; the first one that knows a [`Chord`] decides. A place that takes text binds no bare letter, and
//! a place that binds letters takes no text, so that a letter is never both.

pub mod action;
pub mod chord;
pub mod map;
pub mod place;
pub mod read;
pub mod table;

pub use action::Action;
pub use chord::{Chord, Key};
pub use map::{Change, Clash, Keymap};
pub use place::Place;
pub use table::Binding;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_chord_means_two_things_in_one_place() {
        for &place in Place::ALL {
            let mut seen = Vec::new();
            for binding in Keymap::default().of(place) {
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
            for chord in Keymap::default()
                .of(place)
                .flat_map(|binding| binding.chords)
            {
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
            Keymap::default().resolve(&[Place::Help, Place::Always], esc),
            Some(Action::Back)
        );
        assert_eq!(
            Keymap::default().resolve(
                &[Place::Code, Place::Desk, Place::Always],
                Chord::parse("r").unwrap()
            ),
            Some(Action::SendAgain)
        );
        assert_eq!(
            Keymap::default().resolve(
                &[Place::To, Place::Desk, Place::Always],
                Chord::parse("r").unwrap()
            ),
            None
        );
        assert_eq!(
            Keymap::default().resolve(
                &[Place::Help, Place::Always],
                Chord::parse("Ctrl-Q").unwrap()
            ),
            Some(Action::Quit)
        );
    }
}
