//! `tuilio keys`: the keys in force, as the desk resolves them, with the names by which they are changed.

use std::fmt::Write;

use crate::keymap::{Binding, Keymap, Place, read};

use super::Exit;
use super::output::page;
use super::session::settings_if_any;

/// Prints them: as a table to read, or as one to be put into the settings.
pub fn run(as_config: bool) -> Exit {
    match settings_if_any() {
        Ok(config) if as_config => page(&toml(config.keymap)),
        Ok(config) => page(&text(config.keymap)),
        Err(exit) => exit,
    }
}

fn text(keymap: Keymap) -> String {
    let mut text = String::new();
    for &place in Place::ALL {
        let bindings: Vec<&Binding> = keymap.of(place).collect();
        let wide = |column: fn(&Binding) -> String| {
            let widths = bindings
                .iter()
                .map(|binding| column(binding).chars().count());
            widths.max().unwrap_or(0)
        };
        let keys = wide(|binding| read::chords(binding));
        let names = wide(|binding| binding.action.name());
        // Writing into a string cannot fail.
        let _ = writeln!(text, "{} ({})", place.title(), place.name());
        for binding in bindings {
            let (chords, name) = (read::chords(binding), binding.action.name());
            let _ = writeln!(text, "  {chords:keys$}  {name:names$}  {}", binding.help);
        }
        text.push('\n');
    }
    text
}

fn toml(keymap: Keymap) -> String {
    let mut text = String::from("# Keep the lines that you change.\n[keys]\n");
    for &place in Place::ALL {
        let _ = writeln!(text, "\n[keys.{}]", place.name());
        for binding in keymap.of(place) {
            let names: Vec<String> = binding
                .chords
                .iter()
                .map(|chord| ::toml::Value::from(chord.to_string()).to_string())
                .collect();
            let keys = match names.as_slice() {
                [one] => one.clone(),
                several => format!("[{}]", several.join(", ")),
            };
            let _ = writeln!(text, "{} = {keys}", binding.action.name());
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_and_every_key_is_in_the_table() {
        let text = text(Keymap::default());
        for &place in Place::ALL {
            assert!(text.contains(place.title()), "{place:?}");
            for binding in Keymap::default().of(place) {
                assert!(
                    text.contains(&read::chords(binding))
                        && text.contains(&binding.action.name())
                        && text.contains(binding.help),
                    "{:?}",
                    binding.action
                );
            }
        }
    }

    #[test]
    fn what_is_printed_as_settings_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, toml(Keymap::default())).unwrap();
        let read = crate::config::Config::load(&path).unwrap().keymap;
        assert_eq!(read, Keymap::default());
    }
}
