//! Where the agent's attention is: the first column of the table.
//!
//! The model names the places that are in force, innermost first. A place either takes text, and then binds
//! no bare letter, or it binds letters, and then takes no text.

use super::action::snake_case;

/// Where the agent's attention is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Typing whom to verify.
    To,
    /// Nothing is typed yet, and other callers wait.
    Callers,
    /// Typing the number in the customer record.
    OnFile,
    /// Typing the ticket.
    Ticket,
    /// Waiting for the code: the box takes digits, so letters are commands.
    Code,
    /// A request is under way.
    Busy,
    /// The check is approved.
    Approved,
    /// The code could not be sent, or five wrong ones were tried.
    Ended,
    /// The check is over in another way, and a new code can be sent.
    Over,
    /// Twilio asked us to wait; it goes on by itself.
    Paused,
    /// It is not known whether the code went out.
    VerifyUnknown,
    /// One line of caution; `y` overrules it.
    Caution,
    /// Typing whom to text.
    MessageTo,
    /// Typing the ticket of a text.
    MessageTicket,
    /// The text is empty, and there are templates for it.
    EmptyText,
    /// Writing the text.
    Body,
    /// Looking for a template by its name.
    TemplateSearch,
    /// The review before a text is sent.
    Review,
    /// The same, with something odd about it; `y` overrules it.
    ReviewCaution,
    /// Typing when a text shall leave.
    SendTime,
    /// A text is held for a few seconds, in which it can be taken back.
    Held,
    /// A text is out; what became of it is on screen.
    MessageDone,
    /// It is not known whether the text went out.
    MessageUnknown,
    /// The list of what was done.
    History,
    /// Typing a filter of it.
    Filter,
    /// One entry of it.
    Detail,
    /// One entry of it: a text that may be sent once more.
    DetailUnknown,
    /// The question before an entry is deleted.
    DeleteQuestion,
    /// Account, service, sender, files.
    Settings,
    /// Typing alias and country.
    Introduction,
    /// Choosing between the demo and a real account.
    Welcome,
    /// Pasting credentials.
    Paste,
    /// Credentials are being checked or stored.
    SetupBusy,
    /// Picking a Verify service or a sender by name.
    Pick,
    /// Alias, country and language of who sits at the desk.
    You,
    /// The summary before the keys are kept.
    Keep,
    /// The keyring is at work.
    Keeping,
    /// The keyring did not take the keys.
    KeepFailed,
    /// Keys that were moved and lie in plain text as well.
    StillPlain,
    /// The end of the first run: typing one's own number.
    SetupDone,
    /// A page for the admin: to be read, and copied.
    Note,
    /// The page of help.
    Help,
    /// The list of all actions.
    Palette,
    /// The question before leaving with work under way.
    QuitQuestion,
    /// The question before signing out.
    SignOutQuestion,
    /// The question about the history, after signing out.
    ForgetQuestion,
    /// What a trainee is asked before anything is sent.
    SureQuestion,
    /// The desk is hidden from people who walk by.
    Locked,
    /// The question before a scheduled text is withdrawn.
    WithdrawQuestion,
    /// The question before a number is looked up for money.
    LookUpQuestion,
    /// The numbers of a paste that had several.
    Numbers,
    /// What the customer answered, in a narrow terminal.
    Replies,
    /// The pretend customer's phone, in a narrow terminal.
    Phone,
    /// A stop of the tour, around whatever place of the desk it is about.
    Tour,
    /// A stop of the tour whose every step is done.
    TourDone,
    /// The list of the stops.
    TourCard,
    /// A card to read in the middle of a call.
    Card,
    /// Any pane of the desk.
    Desk,
    /// Everywhere, under every page.
    Always,
}

impl Place {
    /// All of them, in the order of the help.
    pub const ALL: &'static [Self] = &[
        Self::To,
        Self::Callers,
        Self::OnFile,
        Self::Ticket,
        Self::Code,
        Self::Busy,
        Self::Approved,
        Self::Ended,
        Self::Over,
        Self::Paused,
        Self::VerifyUnknown,
        Self::Caution,
        Self::MessageTo,
        Self::MessageTicket,
        Self::EmptyText,
        Self::Body,
        Self::TemplateSearch,
        Self::Review,
        Self::ReviewCaution,
        Self::SendTime,
        Self::Held,
        Self::MessageDone,
        Self::MessageUnknown,
        Self::History,
        Self::Filter,
        Self::Detail,
        Self::DetailUnknown,
        Self::DeleteQuestion,
        Self::Settings,
        Self::Introduction,
        Self::Welcome,
        Self::Paste,
        Self::SetupBusy,
        Self::Pick,
        Self::You,
        Self::Keep,
        Self::Keeping,
        Self::KeepFailed,
        Self::StillPlain,
        Self::SetupDone,
        Self::Note,
        Self::Help,
        Self::Palette,
        Self::QuitQuestion,
        Self::SignOutQuestion,
        Self::ForgetQuestion,
        Self::SureQuestion,
        Self::Locked,
        Self::WithdrawQuestion,
        Self::LookUpQuestion,
        Self::Numbers,
        Self::Replies,
        Self::Phone,
        Self::Tour,
        Self::TourDone,
        Self::TourCard,
        Self::Card,
        Self::Desk,
        Self::Always,
    ];

    /// Characters are data here, so no bare letter can be a command.
    pub fn takes_text(self) -> bool {
        matches!(
            self,
            Self::To
                | Self::Filter
                | Self::Callers
                | Self::OnFile
                | Self::Ticket
                | Self::MessageTo
                | Self::MessageTicket
                | Self::EmptyText
                | Self::Body
                | Self::TemplateSearch
                | Self::SendTime
                | Self::Paste
                | Self::You
                | Self::Introduction
                | Self::SetupDone
                | Self::Palette
                | Self::Help
        )
    }

    /// Up and Down move through what is shown here, and the wheel does what they do.
    pub fn scrolls(self) -> bool {
        matches!(
            self,
            Self::History
                | Self::Filter
                | Self::Detail
                | Self::DetailUnknown
                | Self::Settings
                | Self::Review
                | Self::Pick
                | Self::Note
                | Self::Help
                | Self::Palette
                | Self::Numbers
                | Self::Card
                | Self::Replies
                | Self::TourCard
        )
    }

    /// Its name in the settings: `code`, `message_to`.
    pub fn name(self) -> String {
        snake_case(&format!("{self:?}"))
    }

    /// From its name in the settings.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|place| place.name() == name)
    }

    /// It lies around a place of the desk rather than being one.
    pub fn is_around(self) -> bool {
        matches!(self, Self::Tour | Self::TourDone)
    }

    /// Its name in the help and in the README.
    pub fn title(self) -> &'static str {
        match self {
            Self::To => "Verify: whom",
            Self::Callers => "Verify: while callers wait",
            Self::OnFile => "Verify: the number on file",
            Self::Ticket => "Verify: the ticket",
            Self::Code => "Verify: the code",
            Self::Busy => "Sending",
            Self::Approved => "Verify: approved",
            Self::Ended => "Verify: ended",
            Self::Over => "Verify: over",
            Self::Paused => "Verify: asked to wait",
            Self::VerifyUnknown => "Verify: not known",
            Self::Caution => "A caution",
            Self::MessageTo => "Message: whom",
            Self::MessageTicket => "Message: the ticket",
            Self::EmptyText => "Message: a template",
            Self::Body => "Message: the text",
            Self::TemplateSearch => "Message: search a template",
            Self::Review => "Message: review",
            Self::ReviewCaution => "Message: review with a caution",
            Self::SendTime => "Message: when",
            Self::Held => "Message: held back",
            Self::MessageDone => "Message: sent",
            Self::MessageUnknown => "Message: not known",
            Self::History => "History",
            Self::Filter => "History: filter",
            Self::Detail => "History: one entry",
            Self::DetailUnknown => "History: a text that is not known",
            Self::DeleteQuestion => "History: deleting",
            Self::Settings => "Settings",
            Self::Introduction => "Settings: you",
            Self::Welcome => "First run",
            Self::Paste => "Connecting: paste",
            Self::SetupBusy => "Connecting: checking",
            Self::Pick => "Connecting: pick by name",
            Self::You => "First run: you",
            Self::Keep => "Connecting: keep the keys",
            Self::Keeping => "Connecting: the keyring is at work",
            Self::KeepFailed => "Connecting: no keyring",
            Self::StillPlain => "Connecting: plain text",
            Self::SetupDone => "First run: connected",
            Self::Note => "A page for your admin",
            Self::Help => "Help",
            Self::Palette => "All actions",
            Self::QuitQuestion => "Leaving",
            Self::SignOutQuestion => "Signing out",
            Self::ForgetQuestion => "Signing out: the history",
            Self::SureQuestion => "Trainee: before a send",
            Self::Locked => "Hidden by the privacy screen",
            Self::WithdrawQuestion => "Withdrawing a text",
            Self::LookUpQuestion => "Looking a number up",
            Self::Numbers => "Several numbers",
            Self::Replies => "Replies",
            Self::Phone => "The pretend phone",
            Self::Tour => "The tour",
            Self::TourDone => "The tour: a stop is done",
            Self::TourCard => "The tour: its stops",
            Self::Card => "A card",
            Self::Desk => "Anywhere on the desk",
            Self::Always => "Everywhere",
        }
    }
}
