//! Everything that an agent can ask of the desk by a key.

use super::table::TABLE;

/// An order of the agent's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(
    missing_docs,
    reason = "each is described in the keymap table, which is what people read"
)]
pub enum Action {
    Quit,
    Interrupt,
    Suspend,
    Redraw,
    Mouse,
    Help,
    Palette,
    GoVerify,
    GoMessage,
    GoHistory,
    GoSettings,
    ShowPhone,
    Doctor,
    Submit,
    Back,
    NextField,
    PreviousField,
    NewLine,
    Up,
    Down,
    PageUp,
    PageDown,
    First,
    Last,
    SendAgain,
    CallInstead,
    WhatsAppInstead,
    EmailInstead,
    StopCheck,
    StopWaiting,
    TellLead,
    AskNow,
    NextCustomer,
    OtherCheck,
    OtherNumber,
    OtherLanguage,
    LookUp,
    WhoIsCalling,
    Refuse,
    Copy,
    Yes,
    PlainText,
    TakeTemplate,
    SearchTemplates,
    SendLater,
    Withdraw,
    Undo,
    ThrowAway,
    Replies,
    Reveal,
    Again,
    AgainByCall,
    Filter,
    ByTicket,
    Delete,
    Export,
    ExportLines,
    Console,
    Introduce,
    Connect,
    UseProfile,
    SignOut,
    Unlock,
    Demo,
    SessionOnly,
    TourCard,
    NextStop,
    RestartStop,
    LeaveTour,
    Warnings,
    Recipe,
    Rules,
    Import,
    Theme,
    Bell,
    Masked,
    Notices,
    Links,
}

impl Action {
    /// Its name in the settings: `call_instead`.
    pub fn name(self) -> String {
        snake_case(&format!("{self:?}"))
    }

    /// From its name in the settings; only what has a key somewhere can get another one.
    pub fn named(name: &str) -> Option<Self> {
        TABLE
            .iter()
            .map(|binding| binding.action)
            .find(|action| action.name() == name)
    }
}

/// The name of a variant as it is written in settings.
pub(super) fn snake_case(variant: &str) -> String {
    let mut name = String::with_capacity(variant.len() + 4);
    for (at, c) in variant.char_indices() {
        if c.is_ascii_uppercase() && at > 0 {
            name.push('_');
        }
        name.push(c.to_ascii_lowercase());
    }
    name
}
