//! A theme: what each meaning looks like, read from TOML.
//!
//! The themes of the program and those of its reader are files of one form. A mistake is told with its
//! line; a meaning that is not named looks as in the terminal's own theme.

use std::str::FromStr;
use std::sync::LazyLock;

use ratatui::style::{Color, Modifier, Style};
use serde::{Deserialize, Deserializer};

use crate::domain::untrusted::visible;

use super::Role;

/// What each meaning looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme([Ink; Role::ALL.len()]);

/// How many colours the terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// The sixteen of its own palette.
    Sixteen,
    /// The 256 of xterm.
    Indexed,
    /// All.
    Full,
}

/// A theme that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct ThemeError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub message: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Ink {
    #[serde(deserialize_with = "color")]
    color: Option<Color>,
    #[serde(deserialize_with = "color")]
    background: Option<Color>,
    bold: bool,
    dim: bool,
    underlined: bool,
    reversed: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    plain: Option<Ink>,
    strong: Option<Ink>,
    done: Option<Ink>,
    wrong: Option<Ink>,
    needs: Option<Ink>,
    working: Option<Ink>,
    unknown: Option<Ink>,
    focus: Option<Ink>,
    dim: Option<Ink>,
    demo: Option<Ink>,
}

static TERMINAL: LazyLock<Theme> =
    LazyLock::new(|| built_in(include_str!("../../../assets/themes/terminal.toml")));
static DARK: LazyLock<Theme> =
    LazyLock::new(|| built_in(include_str!("../../../assets/themes/dark.toml")));
static LIGHT: LazyLock<Theme> =
    LazyLock::new(|| built_in(include_str!("../../../assets/themes/light.toml")));
static COLORBLIND: LazyLock<Theme> =
    LazyLock::new(|| built_in(include_str!("../../../assets/themes/colorblind.toml")));

const NONE: Theme = Theme(
    [Ink {
        color: None,
        background: None,
        bold: false,
        dim: false,
        underlined: false,
        reversed: false,
    }; Role::ALL.len()],
);

/// The files are part of the program, and a test reads each.
fn built_in(text: &str) -> Theme {
    Theme::over(NONE, text).unwrap_or(NONE)
}

impl Default for Theme {
    fn default() -> Self {
        *TERMINAL
    }
}

impl Theme {
    /// A theme of the program.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "terminal" => Some(*TERMINAL),
            "light" => Some(*LIGHT),
            "dark" => Some(*DARK),
            "colorblind" => Some(*COLORBLIND),
            _ => None,
        }
    }

    /// For a background that is dark, or light.
    pub fn of_background(dark: bool) -> Self {
        if dark { *DARK } else { *LIGHT }
    }

    /// From the text of a file.
    pub fn parse(text: &str) -> Result<Self, ThemeError> {
        Self::over(*TERMINAL, text)
    }

    fn over(base: Self, text: &str) -> Result<Self, ThemeError> {
        let file: File = toml::from_str(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            ThemeError {
                line: 1 + text.bytes().take(start).filter(|&b| b == b'\n').count(),
                message: visible(&error.message().replace('\n', ", ")),
            }
        })?;
        let said = [
            file.plain,
            file.strong,
            file.done,
            file.wrong,
            file.needs,
            file.working,
            file.unknown,
            file.focus,
            file.dim,
            file.demo,
        ];
        let mut theme = base;
        for (ink, said) in theme.0.iter_mut().zip(said) {
            *ink = said.unwrap_or(*ink);
        }
        Ok(theme)
    }

    /// With the colours that the terminal has. A theme of more colours than sixteen gives way to the
    /// terminal's own where there are no more.
    pub fn at(self, depth: Depth) -> Self {
        let inks = self.0.iter();
        let is_rgb = |color| matches!(color, Some(Color::Rgb(..)));
        let mut needs_more = inks.map(|ink| is_rgb(ink.color) || is_rgb(ink.background));
        match depth {
            Depth::Full => self,
            Depth::Indexed => Self(self.0.map(|ink| Ink {
                color: ink.color.map(indexed),
                background: ink.background.map(indexed),
                ..ink
            })),
            Depth::Sixteen if needs_more.any(|more| more) => *TERMINAL,
            Depth::Sixteen => self,
        }
    }

    /// What a meaning looks like.
    pub fn style(self, role: Role) -> Style {
        let ink = self.0[role as usize];
        let mut style = Style {
            fg: ink.color,
            bg: ink.background,
            ..Style::new()
        };
        for (on, modifier) in [
            (ink.bold, Modifier::BOLD),
            (ink.dim, Modifier::DIM),
            (ink.underlined, Modifier::UNDERLINED),
            (ink.reversed, Modifier::REVERSED),
        ] {
            if on {
                style = style.add_modifier(modifier);
            }
        }
        style
    }
}

fn color<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Color>, D::Error> {
    let name = String::deserialize(from)?;
    Color::from_str(&name).map(Some).map_err(|_| {
        serde::de::Error::custom("a colour is a name such as green, or #rrggbb, or a number to 255")
    })
}

/// The nearest of xterm's 256: in the cube of six steps, or in the row of greys.
fn indexed(color: Color) -> Color {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    let Color::Rgb(red, green, blue) = color else {
        return color;
    };
    let nearest = |value: u8| {
        let steps = STEPS.iter().enumerate();
        steps
            .min_by_key(|(_, step)| step.abs_diff(value))
            .map_or((0, 0), |(at, step)| (at as u8, *step))
    };
    let cube = [red, green, blue].map(nearest);
    let grey = (red / 3 + green / 3 + blue / 3).clamp(8, 238);
    let grey = (grey - 8 + 5) / 10;
    let distance = |to: [u8; 3]| -> u32 {
        let pairs = to.into_iter().zip([red, green, blue]);
        pairs.map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
    };
    if distance(cube.map(|(_, step)| step)) <= distance([8 + grey * 10; 3]) {
        Color::Indexed(16 + 36 * cube[0].0 + 6 * cube[1].0 + cube[2].0)
    } else {
        Color::Indexed(232 + grey)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::setting::{AUTO, THEMES};

    const DARK_BACKGROUNDS: &[&str] = &["#000000", "#1e1e1e", "#282c34", "#002b36", "#300a24"];
    const LIGHT_BACKGROUNDS: &[&str] = &["#ffffff", "#fdf6e3", "#eeeeee"];

    /// WCAG 2: how much brighter one of two colours is than the other.
    fn contrast(one: Color, other: Color) -> f64 {
        let light = |color| {
            let Color::Rgb(red, green, blue) = color else {
                panic!("{color} is the terminal's");
            };
            let linear = |part: u8| {
                let part = f64::from(part) / 255.0;
                if part <= 0.040_45 {
                    part / 12.92
                } else {
                    ((part + 0.055) / 1.055).powf(2.4)
                }
            };
            0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
        };
        let (one, other) = (light(one), light(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn the_measure_of_contrast_is_that_of_wcag() {
        let [black, white] = ["#000000", "#ffffff"].map(|name| Color::from_str(name).unwrap());
        assert!((contrast(black, white) - 21.0).abs() < 1e-9);
        let grey = Color::from_str("#767676").unwrap();
        assert!((contrast(grey, white) - 4.54).abs() < 0.01);
    }

    #[test]
    fn every_colour_stands_out_from_its_background() {
        for (name, backgrounds) in [
            ("dark", DARK_BACKGROUNDS),
            ("light", LIGHT_BACKGROUNDS),
            ("colorblind", &["#000000"]),
        ] {
            let theme = Theme::named(name).unwrap();
            for (role, meaning) in Role::ALL {
                let Some(color) = theme.style(role).fg else {
                    continue;
                };
                for background in backgrounds {
                    let ratio = contrast(color, Color::from_str(background).unwrap());
                    assert!(ratio >= 4.5, "{name} {meaning} on {background}: {ratio:.2}");
                }
            }
        }
    }

    #[test]
    fn well_and_wrong_never_differ_in_hue_alone() {
        for name in THEMES.into_iter().filter(|name| *name != AUTO) {
            let theme = Theme::named(name).unwrap();
            let [done, wrong] = [Role::Done, Role::Wrong].map(|role| theme.style(role));
            assert_ne!(done.add_modifier, wrong.add_modifier, "{name}");
        }
    }

    #[test]
    fn the_themes_of_the_program_can_be_read_and_the_default_is_the_terminals() {
        for name in THEMES.into_iter().filter(|name| *name != AUTO) {
            assert_ne!(Theme::named(name), Some(NONE), "{name}");
        }
        assert_eq!(Theme::named("dusk"), None);
        for (role, _) in Role::ALL {
            let style = TERMINAL.style(role);
            assert!(!matches!(style.fg, Some(Color::Rgb(..))) && style.bg.is_none());
        }
    }

    #[test]
    fn a_theme_of_the_reader_says_what_differs() {
        let theme = Theme::parse("done = { color = \"#00ff00\" }\n").unwrap();
        assert_eq!(theme.style(Role::Done).fg, Some(Color::Rgb(0, 255, 0)));
        assert_eq!(theme.style(Role::Wrong), TERMINAL.style(Role::Wrong));
    }

    #[test]
    fn a_mistake_in_a_theme_is_told_with_its_line() {
        for (text, line, words) in [
            ("\nbogus = {}\n", 2, "unknown field"),
            ("done = { colour = \"red\" }\n", 1, "unknown field"),
            ("\n\ndone = { color = \"reddish\" }\n", 3, "a colour is"),
            ("done = { color = 3 }\n", 1, "invalid type"),
        ] {
            let error = Theme::parse(text).unwrap_err();
            assert_eq!(error.line, line, "{text}");
            assert!(error.message.contains(words), "{error}");
        }
    }

    #[test]
    fn fewer_colours_are_near_ones_and_sixteen_are_the_terminals() {
        for (name, index) in [
            ("#ffffff", 231),
            ("#000000", 16),
            ("#5fd7a7", 79),
            ("#a8a8a8", 248),
            ("#595959", 240),
        ] {
            let color = Color::from_str(name).unwrap();
            assert_eq!(indexed(color), Color::Indexed(index), "{name}");
        }
        assert_eq!(DARK.at(Depth::Sixteen), *TERMINAL);
        assert_eq!(DARK.at(Depth::Full), *DARK);
        assert_eq!(TERMINAL.at(Depth::Sixteen), *TERMINAL);
    }
}
