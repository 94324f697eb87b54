//! The table as its readers want it: a footer that fits, a page of help, a Markdown list.

use super::map::Keymap;
use super::place::Place;
use super::table::Binding;

/// The keys of a binding, in words: `Esc, n`.
pub fn chords(binding: &Binding) -> String {
    binding
        .chords
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}

/// The table as it is shipped in Markdown, for the README.
pub fn markdown() -> String {
    let mut text = String::new();
    for &place in Place::ALL {
        text.extend([
            "\n**",
            place.title(),
            "**\n\n| Key | What it does |\n| --- | --- |\n",
        ]);
        for binding in Keymap::default().of(place) {
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
    use super::super::{Action, table};
    use super::*;

    #[test]
    fn an_inner_place_hides_the_keys_that_it_took() {
        let actions: Vec<Action> = Keymap::default()
            .in_force(&[Place::Help, Place::Always])
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
