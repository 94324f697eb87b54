//! The settings.

use super::{Action, Binding, DOWN, ENTER, ESC, Place, UP, bind, key};

/// Its keys, in the order of the footer.
pub const KEYS: &[Binding] = &[
    bind(
        Place::Settings,
        &[key('c')],
        Action::Connect,
        "connect an account",
        "Connect another Twilio account.",
    ),
    bind(
        Place::Settings,
        &[key('o')],
        Action::SignOut,
        "sign out",
        "Remove the keys of this profile from the keyring.",
    ),
    bind(
        Place::Settings,
        &[key('w')],
        Action::Warnings,
        "warnings",
        "What is unsafe about the Verify service, and what to change.",
    ),
    bind(
        Place::Settings,
        &[key('r')],
        Action::Recipe,
        "narrow key",
        "The recipe of a narrow key, for your admin.",
    ),
    bind(
        Place::Settings,
        &[key('p')],
        Action::Rules,
        "rules",
        "What your lead has set, all of it.",
    ),
    bind(
        Place::Settings,
        &[key('l')],
        Action::OtherLanguage,
        "language",
        "Another language of the screen, at once.",
    ),
    bind(
        Place::Settings,
        &[key('t')],
        Action::Theme,
        "theme",
        "Another theme, at once.",
    ),
    bind(
        Place::Settings,
        &[key('m')],
        Action::Mouse,
        "mouse",
        "The mouse is for the desk, or left to the terminal.",
    ),
    bind(
        Place::Settings,
        &[key('h')],
        Action::Masked,
        "hide numbers",
        "Whether numbers are masked wherever they need not be read whole.",
    ),
    bind(
        Place::Settings,
        &[key('b')],
        Action::Bell,
        "bell",
        "Whether the bell rings for what ends while you look elsewhere.",
    ),
    bind(
        Place::Settings,
        &[key('n')],
        Action::Notices,
        "notices",
        "Whether the terminal shows a notice for what ends while you look elsewhere, and in which form.",
    ),
    bind(
        Place::Settings,
        &[key('i')],
        Action::Links,
        "links",
        "Whether identifiers are links, in terminals that know links.",
    ),
    bind(
        Place::Settings,
        &[ENTER],
        Action::Submit,
        "use this profile",
        "Use the marked profile, and have it used by the next start.",
    ),
    bind(
        Place::Settings,
        &[DOWN, key('j')],
        Action::Down,
        "down",
        "To the next profile.",
    ),
    bind(
        Place::Settings,
        &[UP, key('k')],
        Action::Up,
        "up",
        "To the profile before.",
    ),
    bind(
        Place::Settings,
        &[ESC],
        Action::Back,
        "back",
        "Back to the pane before.",
    ),
];
