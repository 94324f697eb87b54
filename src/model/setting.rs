//! What the settings say: how the desk speaks, looks and sounds for this agent.
//!
//! Read once, when the program starts, from `config.toml` and the environment; a few of them are changed
//! on the settings pane, and written there at the same time. What the lead has set is no setting but a
//! [`Policy`](crate::domain::Policy), which wins.

use jiff::tz::TimeZone;

use crate::domain::{Language, Notices};
use crate::keymap::Keymap;

/// The names of the themes that are part of the program.
pub const THEMES: [&str; 5] = ["terminal", AUTO, "light", "dark", "colorblind"];

/// The theme that is the light or the dark one, as the terminal's background is.
pub const AUTO: &str = "auto";

/// Something that was changed on the settings pane, and is to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// The language of the screen.
    Language(Language),
    /// The theme, by its name.
    Theme(String),
    /// Clicks and the wheel are for the desk.
    Mouse(bool),
    /// The bell rings.
    Bell(bool),
    /// Notices of the terminal.
    Notices(Notices),
    /// Numbers are masked wherever they need not be read whole.
    Masked(bool),
    /// Identifiers are links.
    Links(bool),
    /// What the agent is called; nothing any more where it is none.
    Agent(Option<String>),
    /// The country of numbers without a country code.
    Country(String),
    /// The profile that is used where nothing else is asked for, by its name.
    Active(String),
    /// The account of a profile turned out to be a trial one.
    Trial(String),
}

/// What the settings say.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// On the simulator inside the program.
    pub demo: bool,
    /// The demo begins with the tour.
    pub tour: bool,
    /// Line by line, for whoever listens: no time limit of ours runs.
    pub plain: bool,
    /// Nobody sits there: what comes in is a file or a pipe, so that no `y` of it is a person's.
    pub unattended: bool,
    /// Numbers are masked wherever they need not be read whole: not in a field, and not in a review.
    pub masked: bool,
    /// Nothing but ASCII can be shown.
    pub ascii: bool,
    /// The country of numbers without a country code, ISO 3166 alpha-2.
    pub default_country: String,
    /// The time zone of this machine.
    pub zone: TimeZone,
    /// That of the computer itself, which no variable of the agent's moves: what the lead has set for a day is
    /// counted by it.
    pub own_zone: TimeZone,
    /// Where the history is kept, in words.
    pub kept_in: String,
    /// Where the configuration is kept, in words.
    pub configured_in: String,
    /// Where the log is written, in words; nowhere where it is off.
    pub logged_in: Option<String>,
    /// The language of the screen.
    pub language: Language,
    /// The language that customers are usually spoken to in, where it is another one.
    pub customer_language: Option<Language>,
    /// The profile that the desk starts with.
    pub profile: Option<String>,
    /// What the agent is called in the history and at Twilio: an alias, not a name.
    pub agent: Option<String>,
    /// The last digit of a code starts the check. The policy may say no.
    pub auto_check: bool,
    /// The terminal's bell rings on an approval and on a failure.
    pub bell: bool,
    /// The terminal shows a notice on an approval and on a failure.
    pub notices: Notices,
    /// Clicks and the wheel are for the desk.
    pub mouse: bool,
    /// Identifiers are links to Twilio's console, in terminals that know links.
    pub links: bool,
    /// The name of the theme; the terminal's own colours where it is none.
    pub theme: Option<String>,
    /// The themes of the agent's own, by their names.
    pub own_themes: Vec<String>,
    /// The keys in force.
    pub keymap: Keymap,
    /// After how many days an entry of the history goes; the policy may say fewer.
    pub retention_days: Option<u32>,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            demo: false,
            tour: false,
            plain: false,
            unattended: false,
            ascii: false,
            masked: false,
            default_country: "US".to_owned(),
            zone: TimeZone::UTC,
            own_zone: TimeZone::UTC,
            kept_in: String::new(),
            configured_in: String::new(),
            logged_in: None,
            language: Language::English,
            customer_language: None,
            profile: None,
            agent: None,
            auto_check: true,
            bell: false,
            notices: Notices::Off,
            mouse: true,
            links: true,
            theme: None,
            own_themes: Vec::new(),
            keymap: Keymap::default(),
            retention_days: None,
        }
    }
}
