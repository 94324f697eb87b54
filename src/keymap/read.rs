//! The table as its readers want it: a footer that fits, a page of help, a Markdown list.

use super::action::Action;
use super::chord::Chord;
use super::table::{self, Binding, Place};

/// The bindings in force, innermost place first, each action once and no key that an inner place took.
pub fn in_force(places: &[Place]) -> Vec<&'static Binding> {
    let mut taken: Vec<Chord> = Vec::new();
    let mut seen: Vec<Action> = Vec::new();
    let mut bindings = Vec::new();
    for &place in places {
        for binding in table::of(place) {
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
pub fn chord(place: Place, action: Action) -> Option<Chord> {
    table::of(place)
        .find(|binding| binding.action == action)
        .and_then(|binding| binding.chords.first().copied())
}

/// The keys of a binding, in words: `Esc, n`.
pub fn chords(binding: &Binding) -> String {
    binding
        .chords
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}

/// The whole table in Markdown, for the README.
pub fn markdown() -> String {
    let mut text = String::new();
    for &place in Place::ALL {
        text.extend([
            "\n**",
            place.title(),
            "**\n\n| Key | What it does |\n| --- | --- |\n",
        ]);
        for binding in table::of(place) {
            let keys = binding
                .chords
                .iter()
                .map(|chord| format!("`{chord}`"))
                .collect::<Vec<_>>()
                .join(" ");
            text.extend(["| ", &keys, " | ", binding.help, " |\n"]);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inner_place_hides_the_keys_that_it_took() {
        let actions: Vec<Action> = in_force(&[Place::Help, Place::Always])
            .iter()
            .map(|binding| binding.action)
            .collect();
        assert_eq!(actions[0], Action::Back);
        assert!(actions.contains(&Action::Quit) && !actions.contains(&Action::Help));
    }

    #[test]
    fn the_markdown_names_every_key() {
        let text = markdown();
        for binding in table::TABLE {
            assert!(
                text.contains(&format!("`{}`", binding.chords[0])) && text.contains(binding.help)
            );
        }
    }
}
