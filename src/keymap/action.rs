//! Everything that an agent can ask of the desk by a key.

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
    Help,
    Palette,
    GoVerify,
    GoMessage,
    GoHistory,
    GoSettings,
    ShowPhone,
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
    AskNow,
    NextCustomer,
    OtherCheck,
    OtherNumber,
    Copy,
    Yes,
    PlainText,
    Reveal,
    Connect,
    SignOut,
    Demo,
    SessionOnly,
}
