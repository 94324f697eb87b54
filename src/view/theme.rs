//! How meaning looks. A state has a word first, then a mark, then a colour: take the colour away and
//! nothing is lost; take the mark away, and the word stays.

mod file;

use crate::domain::{Language, Phrase, phrase};
use crate::keymap::{Binding, Chord, Key, Keymap};
use crate::model::setting::AUTO;
use crate::text;
use ratatui::style::{Modifier, Style};

pub use file::{Depth, Theme, ThemeError};

/// What a piece of text means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Nothing in particular.
    Plain,
    /// A heading, or what is asked.
    Strong,
    /// Approved, delivered, sent.
    Done,
    /// Wrong code, expired, failed.
    Wrong,
    /// Not sent, blocked: it needs the agent.
    Needs,
    /// Under way.
    Working,
    /// Not known.
    Unknown,
    /// Where the agent's attention is.
    Focus,
    /// Beside the point.
    Dim,
    /// The demo says so.
    Demo,
}

impl Role {
    /// All of them, with their names, for reading a picture of the screen.
    pub const ALL: [(Self, &'static str); 10] = [
        (Self::Plain, "plain"),
        (Self::Strong, "strong"),
        (Self::Done, "done"),
        (Self::Wrong, "wrong"),
        (Self::Needs, "needs"),
        (Self::Working, "working"),
        (Self::Unknown, "unknown"),
        (Self::Focus, "focus"),
        (Self::Dim, "dim"),
        (Self::Demo, "demo"),
    ];
}

/// How the desk looks: in which colours or without any, with marks or with ASCII alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Colours may be used (no `NO_COLOR`).
    pub color: bool,
    /// Nothing but ASCII is drawn by us.
    pub ascii: bool,
    /// The language of the screen.
    pub language: Language,
    /// The keys that are offered.
    pub keymap: Keymap,
    /// The colours.
    pub theme: Theme,
    /// The themes of the reader's own, by their names.
    pub own: &'static [(String, Theme)],
    /// How many colours there are.
    pub depth: Depth,
    /// The terminal's background is dark, or light, where the terminal has said so.
    pub background: Option<bool>,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            color: true,
            ascii: false,
            language: Language::English,
            keymap: Keymap::default(),
            theme: Theme::default(),
            own: &[],
            depth: Depth::Full,
            background: None,
        }
    }
}

impl Look {
    /// In the colours of the theme of that name: one that is part of the program, or one of the reader's own,
    /// which were read before.
    pub fn in_theme(self, name: &str) -> Self {
        let theme = if name == AUTO {
            // Until the terminal has said what its background is like, its own colours.
            Some(
                self.background
                    .map_or_else(Theme::default, Theme::of_background),
            )
        } else {
            let own = self.own.iter().find(|(own, _)| own == name);
            Theme::named(name).or(own.map(|(_, theme)| *theme))
        };
        Self {
            theme: theme.map_or(self.theme, |theme| theme.at(self.depth)),
            ..self
        }
    }

    /// The style of a meaning.
    pub fn style(self, role: Role) -> Style {
        if self.color {
            return self.theme.style(role);
        }
        let plain = Style::new();
        match role {
            Role::Plain | Role::Working | Role::Dim => plain,
            Role::Strong | Role::Done | Role::Needs | Role::Focus => {
                plain.add_modifier(Modifier::BOLD)
            }
            Role::Wrong => plain.add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
            Role::Unknown => plain.add_modifier(Modifier::UNDERLINED),
            Role::Demo => plain.add_modifier(Modifier::REVERSED),
        }
    }

    /// The mark before a word of this meaning.
    pub fn mark(self, role: Role) -> &'static str {
        match (role, self.ascii) {
            (Role::Done, false) => "✓",
            (Role::Done, true) => "[ok]",
            (Role::Wrong, false) => "✗",
            (Role::Wrong, true) => "[x]",
            (Role::Needs, false) => "!",
            (Role::Needs, true) => "[!]",
            (Role::Working, false) => "…",
            (Role::Working, true) => "...",
            (Role::Unknown, false) => "?",
            (Role::Unknown, true) => "[?]",
            (Role::Focus, false) => "▸",
            (Role::Focus, true) => ">",
            _ => "",
        }
    }

    /// A horizontal rule's character.
    pub fn rule(self) -> &'static str {
        if self.ascii { "-" } else { "─" }
    }

    /// A vertical rule's character.
    pub fn bar(self) -> &'static str {
        if self.ascii { "|" } else { "│" }
    }

    /// Words of ours in the language of the screen.
    pub fn say(self, phrase: impl Into<Phrase>) -> String {
        self.text(&self.language.say(&phrase.into()))
    }

    /// A key by the name that readers of the screen know it by.
    pub fn key(self, chord: Chord) -> String {
        let name = match chord.key {
            Key::Up => phrase!("Up"),
            Key::Down => phrase!("Down"),
            Key::Left => phrase!("Left"),
            Key::Right => phrase!("Right"),
            Key::Home => phrase!("Home"),
            Key::End => phrase!("End"),
            Key::PageUp => phrase!("PageUp"),
            Key::PageDown => phrase!("PageDown"),
            Key::Backspace => phrase!("Backspace"),
            Key::Delete => phrase!("Delete"),
            _ => return chord.to_string(),
        };
        if chord == Chord::plain(chord.key) {
            self.say(name)
        } else {
            chord.to_string()
        }
    }

    /// The keys of a binding: `Esc, n`.
    pub fn keys(self, binding: &Binding) -> String {
        let keys: Vec<String> = binding
            .chords
            .iter()
            .map(|chord| self.key(*chord))
            .collect();
        keys.join(", ")
    }

    /// Text of ours or of others in this look: in ASCII, letters stay as readable as they can be.
    pub fn text(self, text: &str) -> String {
        if self.ascii {
            text::ascii(text).into_owned()
        } else {
            text.to_owned()
        }
    }

    /// A counter as a row of dots, full ones first.
    pub fn dots(self, full: u32, of: u32) -> String {
        let (on, off) = if self.ascii {
            ("#", "-")
        } else {
            ("●", "○")
        };
        (0..of).map(|n| if n < full { on } else { off }).collect()
    }
}
