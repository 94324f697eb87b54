//! How the desk looks here: what the flag, the environment and the settings say of colours and marks.

use std::io::IsTerminal;
use std::sync::OnceLock;

use clap::ValueEnum;

use crate::config::Config;
use crate::domain::{Phrase, phrase};
use crate::model::setting::AUTO;
use crate::paths::{Paths, regular};
use crate::view::{Depth, Look, Theme};

use super::session;

/// Whether there are colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Colors {
    /// Where the terminal has them and nobody minds.
    #[default]
    Auto,
    /// In any case.
    Always,
    /// Not at all.
    Never,
}

/// So many themes of the reader's own are offered.
const MOST_OWN: usize = 30;

/// What was asked for on the line.
static ASKED: OnceLock<Colors> = OnceLock::new();

static NO_LINKS: OnceLock<()> = OnceLock::new();

/// Whoever started the program said this of colours.
pub fn ask_for(colors: Colors) {
    ASKED.get_or_init(|| colors);
}

/// Whoever started the program wants no links.
pub fn without_links() {
    NO_LINKS.get_or_init(|| ());
}

/// Whether there are links, where the settings say so.
pub fn links(setting: bool) -> bool {
    setting && NO_LINKS.get().is_none()
}

/// How many colours the desk uses here; none where it uses none.
pub fn colors() -> u32 {
    let asked = ASKED.get().copied().unwrap_or_default();
    match depth(asked, session::env, std::io::stdout().is_terminal()) {
        None => 0,
        Some(Depth::Sixteen) => 16,
        Some(Depth::Indexed) => 256,
        Some(Depth::Full) => 1 << 24,
    }
}

/// How the desk looks, and what is wrong with the theme that was asked for, or with another one of the
/// reader's own, if anything.
pub fn look(config: &Config) -> (Look, Option<Phrase>) {
    let asked = ASKED.get().copied().unwrap_or_default();
    let depth = depth(asked, session::env, std::io::stdout().is_terminal());
    let poor = session::env("TERM").is_some_and(|term| term == "dumb" || term == "linux");
    let ascii = session::env("TUILIO_ASCII").is_some_and(|value| !value.is_empty());
    let (own, unreadable) = own_themes(session::paths().ok().as_ref(), depth);
    let mut look = Look {
        own,
        color: depth.is_some(),
        ascii: ascii || config.ascii.unwrap_or(poor),
        depth: depth.unwrap_or(Depth::Sixteen),
        ..Look::default()
    };
    let (Some(depth), Some(name)) = (depth, &config.theme) else {
        return (look, unreadable);
    };
    if name == AUTO {
        return (look, unreadable);
    }
    match theme(name, session::paths().ok().as_ref()) {
        Ok(theme) => {
            look.theme = theme.at(depth);
            (look, unreadable)
        }
        Err(complaint) => (look, Some(complaint)),
    }
}

/// The themes of the reader's folder that can be read, in the order of their names, in so many colours, and
/// what is wrong with the first that cannot. They are read once and stay as long as the program does.
fn own_themes(
    paths: Option<&Paths>,
    depth: Option<Depth>,
) -> (&'static [(String, Theme)], Option<Phrase>) {
    let depth = depth.unwrap_or(Depth::Sixteen);
    let mut themes = Vec::new();
    let mut unreadable = None;
    for name in names(paths) {
        match theme(&name, paths) {
            Ok(theme) => themes.push((name, theme.at(depth))),
            Err(complaint) => unreadable = unreadable.or(Some(complaint)),
        }
    }
    (Box::leak(themes.into_boxed_slice()), unreadable)
}

/// The names of the themes in the reader's folder.
fn names(paths: Option<&Paths>) -> Vec<String> {
    let folder = paths.and_then(|paths| std::fs::read_dir(paths.themes_dir()).ok());
    let files = folder.into_iter().flatten().flatten();
    let mut names: Vec<String> = files
        .filter_map(|file| Some(file.file_name().to_str()?.strip_suffix(".toml")?.to_owned()))
        .filter(|name| Theme::named(name).is_none() && name != AUTO)
        .collect();
    names.sort();
    names.truncate(MOST_OWN);
    names
}

/// A theme of the program, or one from the reader's folder.
fn theme(name: &str, paths: Option<&Paths>) -> Result<Theme, Phrase> {
    if let Some(theme) = Theme::named(name) {
        return Ok(theme);
    }
    let missing = || {
        phrase!(
            "There is no theme {name}: it would be a file in the folder themes beside the settings.",
            name = name
        )
    };
    // A name is a name, and no way to another folder.
    let is_name = name
        .chars()
        .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    let path = paths.filter(|_| is_name).ok_or_else(missing)?;
    let path = path.themes_dir().join(format!("{name}.toml"));
    let text = regular::read_to_string(&path).map_err(|_| missing())?;
    Theme::parse(&text).map_err(|error| {
        phrase!(
            "The theme {name} cannot be read, line {line}: {message}.",
            name = name,
            line = error.line,
            message = error.message
        )
    })
}

/// How many colours there are; none where there shall be none.
fn depth(
    asked: Colors,
    lookup: impl Fn(&str) -> Option<String>,
    is_terminal: bool,
) -> Option<Depth> {
    let value = |name| lookup(name).filter(|value| !value.is_empty());
    let term = value("TERM").unwrap_or_default();
    let wanted = match asked {
        Colors::Always => true,
        Colors::Never => false,
        Colors::Auto if value("NO_COLOR").is_some() => false,
        Colors::Auto if value("CLICOLOR_FORCE").is_some_and(|value| value != "0") => true,
        Colors::Auto => is_terminal && term != "dumb",
    };
    if !wanted {
        return None;
    }
    let color_term = value("COLORTERM").unwrap_or_default();
    Some(
        if color_term.contains("truecolor")
            || color_term.contains("24bit")
            || term.ends_with("-direct")
        {
            Depth::Full
        } else if term.contains("256color") {
            Depth::Indexed
        } else {
            Depth::Sixteen
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depth_with(asked: Colors, set: &[(&str, &str)], is_terminal: bool) -> Option<Depth> {
        let lookup = |name: &str| {
            let found = set.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        depth(asked, lookup, is_terminal)
    }

    #[test]
    fn the_flag_wins_over_the_environment_and_no_color_over_the_rest() {
        use Colors::{Always, Auto, Never};
        for (asked, set, is_terminal, colors) in [
            (Auto, &[][..], true, true),
            (Auto, &[], false, false),
            (Auto, &[("TERM", "dumb")], true, false),
            (Auto, &[("NO_COLOR", "1")], true, false),
            (Auto, &[("NO_COLOR", "")], true, true),
            (Auto, &[("CLICOLOR_FORCE", "1")], false, true),
            (Auto, &[("CLICOLOR_FORCE", "0")], false, false),
            (
                Auto,
                &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")],
                true,
                false,
            ),
            (Always, &[("NO_COLOR", "1")], false, true),
            (Never, &[("CLICOLOR_FORCE", "1")], true, false),
        ] {
            let found = depth_with(asked, set, is_terminal).is_some();
            assert_eq!(found, colors, "{asked:?} {set:?} {is_terminal}");
        }
    }

    #[test]
    fn as_many_colours_as_the_terminal_says() {
        for (set, depth) in [
            (&[("TERM", "xterm")][..], Depth::Sixteen),
            (&[("TERM", "xterm-256color")], Depth::Indexed),
            (
                &[("TERM", "xterm"), ("COLORTERM", "truecolor")],
                Depth::Full,
            ),
            (&[("TERM", "xterm-direct")], Depth::Full),
        ] {
            assert_eq!(depth_with(Colors::Auto, set, true), Some(depth), "{set:?}");
        }
    }

    #[test]
    fn a_theme_of_the_reader_is_found_and_a_broken_one_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths {
            config_dir: folder.path().to_owned(),
            data_dir: folder.path().to_owned(),
        };
        std::fs::create_dir(paths.themes_dir()).unwrap();
        let write = |name: &str, text: &str| {
            std::fs::write(paths.themes_dir().join(name), text).unwrap();
        };
        write("mine.toml", "done = { color = \"blue\" }\n");
        write("broken.toml", "\nbogus = 1\n");
        assert!(theme("mine", Some(&paths)).is_ok());
        assert!(theme("dark", Some(&paths)).is_ok());
        write("dusk.toml", "");
        write("dark.toml", "");
        write("notes.txt", "");
        let (own, unreadable) = own_themes(Some(&paths), Some(Depth::Full));
        let names: Vec<&str> = own.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["dusk", "mine"], "those that can be read");
        let unreadable = unreadable.unwrap().to_string();
        assert!(
            unreadable.contains("The theme broken cannot be read"),
            "{unreadable}"
        );
        let (own, unreadable) = own_themes(None, None);
        assert!(own.is_empty() && unreadable.is_none());
        for (name, words) in [
            ("broken", "line 2"),
            ("none", "no theme none"),
            ("../themes/mine", "no theme"),
        ] {
            let complaint = theme(name, Some(&paths)).unwrap_err().to_string();
            assert!(complaint.contains(words), "{complaint}");
        }
    }
}
