//! `tuilio keys`: the table of keys, as the desk resolves them.

use crate::keymap::{Place, read};

use super::Exit;
use super::output::page;

/// Prints it.
pub fn run() -> Exit {
    page(&text())
}

fn text() -> String {
    let mut text = String::new();
    for &place in Place::ALL {
        let bindings = read::in_force(&[place]);
        let width = bindings
            .iter()
            .map(|binding| read::chords(binding).chars().count())
            .max()
            .unwrap_or(0);
        text.push_str(place.title());
        text.push('\n');
        for binding in bindings {
            text.push_str(&format!(
                "  {:width$}  {}\n",
                read::chords(binding),
                binding.help
            ));
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_and_every_key_is_in_the_table() {
        let text = text();
        for &place in Place::ALL {
            assert!(text.contains(place.title()), "{place:?}");
            for binding in read::in_force(&[place]) {
                assert!(
                    text.contains(&read::chords(binding)) && text.contains(binding.help),
                    "{:?}",
                    binding.action
                );
            }
        }
    }
}
