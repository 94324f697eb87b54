//! Anywhere on the desk, and everywhere under every page.

use super::{Action, Binding, Chord, Place, bind, f, key};

/// Its keys, in the order of the footer.
pub const KEYS: &[Binding] = &[
    bind(
        Place::Desk,
        &[f(1), key('?')],
        Action::Help,
        "help",
        "Help for where you are.",
    ),
    bind(
        Place::Desk,
        &[f(2)],
        Action::WhoIsCalling,
        "who is calling?",
        "The card with what to ask before a code is asked for.",
    ),
    bind(
        Place::Desk,
        &[f(3)],
        Action::Refuse,
        "how to refuse",
        "The card with what to say to somebody who has no code.",
    ),
    bind(
        Place::Desk,
        &[f(7)],
        Action::GoVerify,
        "verify",
        "To the verify pane.",
    ),
    bind(
        Place::Desk,
        &[f(6)],
        Action::GoMessage,
        "message",
        "To the message pane.",
    ),
    bind(
        Place::Desk,
        &[f(4)],
        Action::GoHistory,
        "history",
        "To the history.",
    ),
    bind(
        Place::Desk,
        &[f(8)],
        Action::GoSettings,
        "settings",
        "To the settings.",
    ),
    bind(
        Place::Desk,
        &[f(9)],
        Action::ShowPhone,
        "phone",
        "The pretend customer's phone in the demo, where it is not beside the desk.",
    ),
    bind(
        Place::Desk,
        &[Chord::ctrl('o')],
        Action::TourCard,
        "the tour",
        "The stops of the tour in the demo, to begin, repeat or leave it.",
    ),
    bind(
        Place::Desk,
        &[Chord::ctrl('k'), Chord::ctrl('p')],
        Action::Palette,
        "all actions",
        "All actions, by name.",
    ),
    bind(
        Place::Always,
        &[Chord::ctrl('q')],
        Action::Quit,
        "quit",
        "Quit. Asks first where something waits; a second Ctrl-Q is a yes.",
    ),
    bind(
        Place::Always,
        &[Chord::ctrl('c')],
        Action::Interrupt,
        "back or quit",
        "Leave the page; with nothing open, quit on the second press.",
    ),
    bind(
        Place::Always,
        &[Chord::ctrl('z')],
        Action::Suspend,
        "to the shell",
        "Back to the shell; fg returns.",
    ),
    bind(
        Place::Always,
        &[f(9)],
        Action::Doctor,
        "what is wrong",
        "Prove each link to the customer's phone, with what to do where one does not hold.",
    ),
    bind(
        Place::Always,
        &[f(12)],
        Action::Mouse,
        "free the mouse",
        "Leave the mouse to the terminal, to select text with; F12 takes it back.",
    ),
    bind(
        Place::Always,
        &[Chord::ctrl('l')],
        Action::Redraw,
        "redraw",
        "Draw the screen anew.",
    ),
];
