//! The table itself.
//!
//! Within a place, the order is the order of the footer: what matters most stands first, and what does
//! not fit is dropped whole, from the end.

use super::action::{Action, snake_case};
use super::chord::{Chord, Key};

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
    /// What a trainee is asked before anything is sent.
    SureQuestion,
    /// The desk is hidden from people who walk by.
    Locked,
    /// The question before a scheduled text is withdrawn.
    WithdrawQuestion,
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
        Self::SureQuestion,
        Self::Locked,
        Self::WithdrawQuestion,
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
            Self::Welcome => "First run",
            Self::Paste => "First run: paste",
            Self::SetupBusy => "First run: checking",
            Self::Pick => "First run: pick by name",
            Self::You => "First run: you",
            Self::Keep => "First run: keep the keys",
            Self::Keeping => "First run: the keyring is at work",
            Self::KeepFailed => "First run: no keyring",
            Self::StillPlain => "First run: plain text",
            Self::SetupDone => "First run: connected",
            Self::Note => "A page for your admin",
            Self::Help => "Help",
            Self::Palette => "All actions",
            Self::QuitQuestion => "Leaving",
            Self::SignOutQuestion => "Signing out",
            Self::SureQuestion => "Trainee: before a send",
            Self::Locked => "Hidden by the privacy screen",
            Self::WithdrawQuestion => "Withdrawing a text",
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

/// One line of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Binding {
    /// Where it holds.
    pub place: Place,
    /// The keys, the one to show first.
    pub chords: &'static [Chord],
    /// What they do.
    pub action: Action,
    /// Two or three words for the footer.
    pub hint: &'static str,
    /// A sentence for the help.
    pub help: &'static str,
}

const fn bind(
    place: Place,
    chords: &'static [Chord],
    action: Action,
    hint: &'static str,
    help: &'static str,
) -> Binding {
    Binding {
        place,
        chords,
        action,
        hint,
        help,
    }
}

const ENTER: Chord = Chord::plain(Key::Enter);
const ESC: Chord = Chord::plain(Key::Esc);
const TAB: Chord = Chord::plain(Key::Tab);
const BACK_TAB: Chord = Chord::plain(Key::BackTab);
const UP: Chord = Chord::plain(Key::Up);
const DOWN: Chord = Chord::plain(Key::Down);
const PAGE_UP: Chord = Chord::plain(Key::PageUp);
const PAGE_DOWN: Chord = Chord::plain(Key::PageDown);
const HOME: Chord = Chord::plain(Key::Home);
const END: Chord = Chord::plain(Key::End);
const DELETE: Chord = Chord::plain(Key::Delete);

const fn key(c: char) -> Chord {
    Chord::plain(Key::Char(c))
}

const fn f(n: u8) -> Chord {
    Chord::plain(Key::F(n))
}

/// All bindings. Footer, help, palette and README show them in this order.
pub const TABLE: &[Binding] = &[
    bind(
        Place::To,
        &[ENTER],
        Action::Submit,
        "send the code",
        "Send the code to this number or address.",
    ),
    bind(
        Place::To,
        &[DOWN],
        Action::Down,
        "other way",
        "Change the way: SMS, call, WhatsApp. An email address goes by email.",
    ),
    bind(
        Place::To,
        &[UP],
        Action::Up,
        "other way back",
        "Change the way, in the other direction.",
    ),
    bind(
        Place::To,
        &[TAB],
        Action::NextField,
        "number on file, ticket",
        "Go to the next field: the number in the customer record, then the ticket. Both may stay empty.",
    ),
    bind(
        Place::To,
        &[BACK_TAB],
        Action::PreviousField,
        "field before",
        "Go to the field before.",
    ),
    bind(
        Place::To,
        &[Chord::ctrl('n')],
        Action::OtherCheck,
        "waiting caller",
        "Go to a check that is waiting for its code. What is typed here stays.",
    ),
    bind(
        Place::To,
        &[Chord::ctrl('g')],
        Action::OtherLanguage,
        "language",
        "Change the language of the customer: of the code, and of the words to say.",
    ),
    bind(
        Place::To,
        &[ESC],
        Action::Back,
        "clear",
        "Empty all fields, for another customer.",
    ),
    bind(
        Place::Callers,
        &[TAB, Chord::ctrl('n')],
        Action::OtherCheck,
        "waiting caller",
        "Go to a check that is waiting for its code.",
    ),
    bind(
        Place::OnFile,
        &[TAB],
        Action::NextField,
        "ticket",
        "Compare, and go to the ticket. What was pasted is forgotten; same or differs is kept.",
    ),
    bind(
        Place::OnFile,
        &[ESC],
        Action::Back,
        "back",
        "Back to the number to be checked. Nothing is compared.",
    ),
    bind(
        Place::Ticket,
        &[TAB],
        Action::NextField,
        "number",
        "Back to the number to be checked.",
    ),
    bind(
        Place::Ticket,
        &[ESC],
        Action::Back,
        "back",
        "Back to the number to be checked. The ticket stays.",
    ),
    bind(
        Place::Code,
        &[key('r')],
        Action::SendAgain,
        "again",
        "Send the same code again, by the same way. Every send carries the same code.",
    ),
    bind(
        Place::Code,
        &[key('c')],
        Action::CallInstead,
        "call",
        "Call the number and speak the code. Same code, same tries.",
    ),
    bind(
        Place::Code,
        &[key('x')],
        Action::StopCheck,
        "stop",
        "Stop this check at Twilio. Its code no longer works.",
    ),
    bind(
        Place::Code,
        &[ESC, key('n')],
        Action::Back,
        "next customer",
        "Go on with the next customer. This check waits, nothing is lost.",
    ),
    bind(
        Place::Code,
        &[key('w')],
        Action::WhatsAppInstead,
        "WhatsApp",
        "Send the same code by WhatsApp.",
    ),
    bind(
        Place::Code,
        &[key('e')],
        Action::EmailInstead,
        "email",
        "Send a code to an email address instead.",
    ),
    bind(
        Place::Code,
        &[ENTER],
        Action::Submit,
        "check now",
        "Check the digits now, without the short pause after the last one.",
    ),
    bind(
        Place::Code,
        &[TAB, Chord::ctrl('n')],
        Action::OtherCheck,
        "other caller",
        "Go to another check that is waiting for its code.",
    ),
    bind(
        Place::Code,
        &[Chord::ctrl('g')],
        Action::OtherLanguage,
        "language",
        "Change the language of the customer: of the words to say, and of every send from now on.",
    ),
    bind(
        Place::Code,
        &[f(5)],
        Action::AskNow,
        "did it arrive?",
        "Ask Twilio now whether the code arrived.",
    ),
    bind(
        Place::Busy,
        &[ESC],
        Action::Back,
        "go on meanwhile",
        "Go on with other work. What is being sent is not stopped by it.",
    ),
    bind(
        Place::Busy,
        &[TAB, Chord::ctrl('n')],
        Action::OtherCheck,
        "other caller",
        "Go to another check that is waiting for its code.",
    ),
    bind(
        Place::Approved,
        &[key('y')],
        Action::Copy,
        "copy evidence",
        "Copy a masked, dated line for the ticket.",
    ),
    bind(
        Place::Approved,
        &[key('n'), ENTER, ESC],
        Action::NextCustomer,
        "next customer",
        "Clear the screen for the next customer.",
    ),
    bind(
        Place::Approved,
        &[key('o')],
        Action::Console,
        "copy its link",
        "Copy the address of Verify's log in Twilio's Console.",
    ),
    bind(
        Place::Approved,
        &[TAB, Chord::ctrl('n')],
        Action::OtherCheck,
        "other caller",
        "Go to another check that is waiting for its code.",
    ),
    bind(
        Place::Ended,
        &[key('c')],
        Action::CallInstead,
        "call",
        "Call the number and speak the code.",
    ),
    bind(
        Place::Ended,
        &[key('r')],
        Action::SendAgain,
        "SMS",
        "Send a code by SMS.",
    ),
    bind(
        Place::Ended,
        &[key('w')],
        Action::WhatsAppInstead,
        "WhatsApp",
        "Send a code by WhatsApp.",
    ),
    bind(
        Place::Ended,
        &[key('e')],
        Action::EmailInstead,
        "email",
        "Send a code to an email address instead.",
    ),
    bind(
        Place::Ended,
        &[key('l')],
        Action::TellLead,
        "note for lead",
        "Copy a masked note with the details, for whoever can open what is closed.",
    ),
    bind(
        Place::Ended,
        &[key('y')],
        Action::Copy,
        "copy evidence",
        "Copy a masked, dated line for the ticket: that it was not approved, and why.",
    ),
    bind(
        Place::Ended,
        &[key('x')],
        Action::StopCheck,
        "stop it",
        "After five wrong codes: stop the check at Twilio, so that a new code can be sent.",
    ),
    bind(
        Place::Ended,
        &[key('m')],
        Action::OtherNumber,
        "other number",
        "Type another number for this customer.",
    ),
    bind(
        Place::Ended,
        &[key('n'), ENTER, ESC],
        Action::NextCustomer,
        "next customer",
        "Clear the screen for the next customer.",
    ),
    bind(
        Place::Ended,
        &[TAB, Chord::ctrl('n')],
        Action::OtherCheck,
        "other caller",
        "Go to another check that is waiting for its code.",
    ),
    bind(
        Place::Over,
        &[ENTER, key('r')],
        Action::SendAgain,
        "new code",
        "Send a new code to the same phone, as a check of its own.",
    ),
    bind(
        Place::Over,
        &[key('y')],
        Action::Copy,
        "copy evidence",
        "Where the phone was approved before: copy a masked, dated line for the ticket.",
    ),
    bind(
        Place::Over,
        &[key('c')],
        Action::CallInstead,
        "call",
        "Call the number and speak a new code.",
    ),
    bind(
        Place::Over,
        &[key('w')],
        Action::WhatsAppInstead,
        "WhatsApp",
        "Send a new code by WhatsApp.",
    ),
    bind(
        Place::Over,
        &[key('e')],
        Action::EmailInstead,
        "email",
        "Send a code to an email address instead.",
    ),
    bind(
        Place::Over,
        &[key('n'), ESC],
        Action::NextCustomer,
        "next customer",
        "Clear the screen for the next customer.",
    ),
    bind(
        Place::Over,
        &[TAB, Chord::ctrl('n')],
        Action::OtherCheck,
        "other caller",
        "Go to another check that is waiting for its code.",
    ),
    bind(
        Place::Paused,
        &[ESC],
        Action::StopWaiting,
        "do not wait",
        "Do not go on by itself. Nothing was sent.",
    ),
    bind(
        Place::Paused,
        &[key('n')],
        Action::Back,
        "go on meanwhile",
        "Go on with other work. It goes on by itself all the same.",
    ),
    bind(
        Place::Paused,
        &[TAB, Chord::ctrl('n')],
        Action::OtherCheck,
        "other caller",
        "Go to another check that is waiting for its code.",
    ),
    bind(
        Place::VerifyUnknown,
        &[ESC, key('n')],
        Action::Back,
        "go on meanwhile",
        "Go on with other work. It is looked up all the while.",
    ),
    bind(
        Place::VerifyUnknown,
        &[key('y')],
        Action::Yes,
        "send once more",
        "Send once more although the first one may still arrive.",
    ),
    bind(
        Place::VerifyUnknown,
        &[f(5)],
        Action::AskNow,
        "look now",
        "Look for it at Twilio now.",
    ),
    bind(
        Place::VerifyUnknown,
        &[TAB, Chord::ctrl('n')],
        Action::OtherCheck,
        "other caller",
        "Go to another check that is waiting for its code.",
    ),
    bind(
        Place::Caution,
        &[key('y')],
        Action::Yes,
        "yes, go on",
        "Go on although something is odd.",
    ),
    bind(
        Place::Caution,
        &[ESC, key('n')],
        Action::Back,
        "back",
        "Go back and change it. Nothing was sent.",
    ),
    bind(
        Place::MessageTo,
        &[ENTER],
        Action::Submit,
        "to the text",
        "Go on to the text.",
    ),
    bind(
        Place::MessageTo,
        &[TAB],
        Action::NextField,
        "ticket",
        "Go on to the ticket that the text is for.",
    ),
    bind(
        Place::MessageTicket,
        &[ENTER, TAB],
        Action::Submit,
        "to the text",
        "Go on to the text.",
    ),
    bind(
        Place::MessageTicket,
        &[ESC, BACK_TAB],
        Action::Back,
        "back",
        "Back to the number. The ticket stays.",
    ),
    bind(
        Place::MessageTo,
        &[DOWN],
        Action::Down,
        "recent number",
        "Put in the number that was texted or checked last; again for older ones.",
    ),
    bind(
        Place::MessageTo,
        &[UP],
        Action::Up,
        "newer number",
        "Put in the newer one of the recent numbers.",
    ),
    bind(
        Place::MessageTo,
        &[ESC],
        Action::Back,
        "clear",
        "Empty the field. The text stays.",
    ),
    bind(
        Place::EmptyText,
        &[
            key('1'),
            key('2'),
            key('3'),
            key('4'),
            key('5'),
            key('6'),
            key('7'),
            key('8'),
            key('9'),
        ],
        Action::TakeTemplate,
        "template",
        "Take the template of that number. A text of your own begins with any other key.",
    ),
    bind(
        Place::EmptyText,
        &[key('/')],
        Action::SearchTemplates,
        "search",
        "Look for a template by its name.",
    ),
    bind(
        Place::Body,
        &[ENTER],
        Action::Submit,
        "review",
        "Show the text as it will go out. Nothing is sent yet.",
    ),
    bind(
        Place::Body,
        &[Chord::ctrl('j'), Chord::alt(Key::Enter)],
        Action::NewLine,
        "new line",
        "Begin a new line.",
    ),
    bind(
        Place::Body,
        &[Chord::ctrl('t')],
        Action::PlainText,
        "plain letters",
        "Put plain letters for those that make the text cost more.",
    ),
    bind(
        Place::Body,
        &[TAB],
        Action::NextField,
        "next blank",
        "Go to the next blank of the template; what you type takes its place.",
    ),
    bind(
        Place::Body,
        &[ESC],
        Action::Back,
        "back",
        "Go back to the number. The text stays.",
    ),
    bind(
        Place::Body,
        &[BACK_TAB],
        Action::PreviousField,
        "blank before",
        "Go to the blank before; in a text without blanks, back to the number.",
    ),
    bind(
        Place::Body,
        &[Chord::ctrl('r')],
        Action::Replies,
        "replies",
        "What was sent to this customer and what they answered, in one thread.",
    ),
    bind(
        Place::Body,
        &[f(5)],
        Action::AskNow,
        "ask for replies",
        "Ask Twilio now whether this customer has answered.",
    ),
    bind(
        Place::TemplateSearch,
        &[ENTER],
        Action::Submit,
        "take it",
        "Take the marked template.",
    ),
    bind(
        Place::TemplateSearch,
        &[DOWN],
        Action::Down,
        "down",
        "One down.",
    ),
    bind(Place::TemplateSearch, &[UP], Action::Up, "up", "One up."),
    bind(
        Place::TemplateSearch,
        &[ESC],
        Action::Back,
        "back",
        "Back to the text.",
    ),
    bind(
        Place::Review,
        &[ENTER],
        Action::Submit,
        "send",
        "Send the text.",
    ),
    bind(
        Place::Review,
        &[key('s')],
        Action::SendLater,
        "send later",
        "Choose when the text shall leave: a Messaging Service keeps it until then.",
    ),
    bind(
        Place::Review,
        &[key('p')],
        Action::PlainText,
        "plain letters",
        "Put plain letters for those that make the text cost more.",
    ),
    bind(
        Place::Review,
        &[DOWN, PAGE_DOWN],
        Action::Down,
        "more of the text",
        "Show the next row of a long text.",
    ),
    bind(
        Place::Review,
        &[UP, PAGE_UP],
        Action::Up,
        "back",
        "Show the row before.",
    ),
    bind(
        Place::Review,
        &[ESC],
        Action::Back,
        "back",
        "Go back to the text. Nothing was sent.",
    ),
    bind(
        Place::Review,
        &[key('t'), Chord::ctrl('r')],
        Action::Replies,
        "replies",
        "What was sent to this customer and what they answered, in one thread.",
    ),
    bind(
        Place::ReviewCaution,
        &[key('y')],
        Action::Yes,
        "yes, send it",
        "Send the text although something is odd.",
    ),
    bind(
        Place::ReviewCaution,
        &[ESC, key('n')],
        Action::Back,
        "back",
        "Go back to the text. Nothing was sent.",
    ),
    bind(
        Place::ReviewCaution,
        &[key('s')],
        Action::SendLater,
        "send later",
        "Choose when the text shall leave: a Messaging Service keeps it until then.",
    ),
    bind(
        Place::ReviewCaution,
        &[key('p')],
        Action::PlainText,
        "plain letters",
        "Put plain letters for those that make the text cost more.",
    ),
    bind(
        Place::ReviewCaution,
        &[DOWN, PAGE_DOWN],
        Action::Down,
        "more of the text",
        "Show the next row of a long text.",
    ),
    bind(
        Place::ReviewCaution,
        &[UP, PAGE_UP],
        Action::Up,
        "back",
        "Show the row before.",
    ),
    bind(
        Place::ReviewCaution,
        &[key('t'), Chord::ctrl('r')],
        Action::Replies,
        "replies",
        "What was sent to this customer and what they answered, in one thread.",
    ),
    bind(
        Place::SendTime,
        &[ENTER],
        Action::Submit,
        "take the time",
        "Take this time, and go back to the review.",
    ),
    bind(
        Place::SendTime,
        &[ESC],
        Action::Back,
        "back",
        "Back to the review, without another time.",
    ),
    bind(
        Place::Held,
        &[key('u'), ESC],
        Action::Undo,
        "undo",
        "Take the text back before it leaves. Nothing was sent.",
    ),
    bind(
        Place::MessageDone,
        &[ENTER, key('n'), ESC],
        Action::NextCustomer,
        "next text",
        "Clear the screen for the next text.",
    ),
    bind(
        Place::MessageDone,
        &[key('e')],
        Action::PreviousField,
        "edit and send anew",
        "Take number and text back into the fields.",
    ),
    bind(
        Place::MessageDone,
        &[key('x')],
        Action::Withdraw,
        "withdraw",
        "Withdraw a scheduled text at Twilio before it leaves. Asks first.",
    ),
    bind(
        Place::MessageDone,
        &[key('t'), Chord::ctrl('r')],
        Action::Replies,
        "replies",
        "What was sent to this customer and what they answered, in one thread.",
    ),
    bind(
        Place::MessageDone,
        &[f(5)],
        Action::AskNow,
        "ask now",
        "Ask Twilio now what became of it, and whether the customer has answered.",
    ),
    bind(
        Place::MessageUnknown,
        &[ESC, key('n')],
        Action::Back,
        "go on meanwhile",
        "Go on with other work. It is looked up all the while.",
    ),
    bind(
        Place::MessageUnknown,
        &[key('y')],
        Action::Yes,
        "send once more",
        "Send once more although the first one may still arrive.",
    ),
    bind(
        Place::MessageUnknown,
        &[f(5)],
        Action::AskNow,
        "look now",
        "Look for it at Twilio now.",
    ),
    bind(
        Place::MessageUnknown,
        &[key('t'), Chord::ctrl('r')],
        Action::Replies,
        "replies",
        "What was sent to this customer and what they answered, in one thread.",
    ),
    bind(
        Place::History,
        &[ENTER],
        Action::Submit,
        "details",
        "What happened, what to do, what to say.",
    ),
    bind(
        Place::History,
        &[key('/')],
        Action::Filter,
        "filter",
        "Filter while typing: status:failed since:7d ticket:48213 to:+1415, or any word. A paste does it, too.",
    ),
    bind(
        Place::History,
        &[DOWN, key('j')],
        Action::Down,
        "down",
        "One down.",
    ),
    bind(Place::History, &[UP, key('k')], Action::Up, "up", "One up."),
    bind(
        Place::History,
        &[PAGE_DOWN],
        Action::PageDown,
        "page down",
        "A page down; older entries are read as they are needed.",
    ),
    bind(
        Place::History,
        &[PAGE_UP],
        Action::PageUp,
        "page up",
        "A page up.",
    ),
    bind(
        Place::History,
        &[HOME, key('g')],
        Action::First,
        "newest",
        "To the newest.",
    ),
    bind(
        Place::History,
        &[END, key('G')],
        Action::Last,
        "oldest shown",
        "To the oldest that has been read.",
    ),
    bind(
        Place::History,
        &[key('u')],
        Action::Reveal,
        "show number (10 s)",
        "Show the whole number for ten seconds.",
    ),
    bind(
        Place::History,
        &[key('y')],
        Action::Copy,
        "copy evidence",
        "Of an approved check: copy a masked, dated line for the ticket.",
    ),
    bind(
        Place::History,
        &[key('t')],
        Action::ByTicket,
        "group by ticket",
        "Put the entries of one ticket together, or take them apart again.",
    ),
    bind(
        Place::History,
        &[key('x')],
        Action::Export,
        "export",
        "Write what the filter shows into a CSV file, numbers masked.",
    ),
    bind(
        Place::History,
        &[key('X')],
        Action::ExportLines,
        "export JSON lines",
        "Write what the filter shows into a file of JSON lines, numbers masked.",
    ),
    bind(
        Place::History,
        &[key('d'), DELETE],
        Action::Delete,
        "delete",
        "Delete this entry from the history of this computer. It asks first.",
    ),
    bind(
        Place::History,
        &[f(5)],
        Action::AskNow,
        "ask Twilio",
        "Ask Twilio now about everything that is still on its way.",
    ),
    bind(
        Place::History,
        &[ESC],
        Action::Back,
        "back",
        "Back to the pane before.",
    ),
    bind(
        Place::Detail,
        &[ESC, ENTER],
        Action::Back,
        "back",
        "Back to the list.",
    ),
    bind(
        Place::Detail,
        &[DOWN, key('j')],
        Action::Down,
        "down",
        "The next entry.",
    ),
    bind(
        Place::Detail,
        &[UP, key('k')],
        Action::Up,
        "up",
        "The entry before.",
    ),
    bind(
        Place::Detail,
        &[key('u')],
        Action::Reveal,
        "show number (10 s)",
        "Show the whole number for ten seconds.",
    ),
    bind(
        Place::Detail,
        &[key('y')],
        Action::Copy,
        "copy evidence",
        "Of an approved check: copy a masked, dated line for the ticket.",
    ),
    bind(
        Place::Detail,
        &[key('r')],
        Action::Again,
        "again",
        "Begin it anew: on its own pane, with everything filled in. Enter there sends it.",
    ),
    bind(
        Place::Detail,
        &[key('c')],
        Action::AgainByCall,
        "call",
        "Check the number by a call: on its own pane. Enter there sends it.",
    ),
    bind(
        Place::Detail,
        &[key('o')],
        Action::Console,
        "copy its link",
        "Copy the address of this entry in Twilio's Console.",
    ),
    bind(
        Place::Detail,
        &[key('d'), DELETE],
        Action::Delete,
        "delete",
        "Delete this entry from the history of this computer. It asks first.",
    ),
    bind(
        Place::DetailUnknown,
        &[key('y')],
        Action::Yes,
        "send once more",
        "Where it is not known whether it went out: send once more.",
    ),
    bind(
        Place::DetailUnknown,
        &[ESC, ENTER],
        Action::Back,
        "back",
        "Back to the list.",
    ),
    bind(
        Place::DetailUnknown,
        &[DOWN, key('j')],
        Action::Down,
        "down",
        "The next entry.",
    ),
    bind(
        Place::DetailUnknown,
        &[UP, key('k')],
        Action::Up,
        "up",
        "The entry before.",
    ),
    bind(
        Place::DetailUnknown,
        &[key('u')],
        Action::Reveal,
        "show number (10 s)",
        "Show the whole number for ten seconds.",
    ),
    bind(
        Place::DetailUnknown,
        &[key('r')],
        Action::Again,
        "again",
        "Begin it anew: on its own pane, with everything filled in. Enter there sends it.",
    ),
    bind(
        Place::DetailUnknown,
        &[key('c')],
        Action::AgainByCall,
        "call",
        "Check the number by a call: on its own pane. Enter there sends it.",
    ),
    bind(
        Place::DetailUnknown,
        &[key('o')],
        Action::Console,
        "copy its link",
        "Copy the address of this entry in Twilio's Console.",
    ),
    bind(
        Place::DetailUnknown,
        &[key('d'), DELETE],
        Action::Delete,
        "delete",
        "Delete this entry from the history of this computer. It asks first.",
    ),
    bind(
        Place::Filter,
        &[ENTER],
        Action::Submit,
        "to the list",
        "Keep the filter, and give the keys to the list.",
    ),
    bind(Place::Filter, &[DOWN], Action::Down, "down", "One down."),
    bind(Place::Filter, &[UP], Action::Up, "up", "One up."),
    bind(
        Place::Filter,
        &[PAGE_DOWN],
        Action::PageDown,
        "page down",
        "A page down.",
    ),
    bind(
        Place::Filter,
        &[PAGE_UP],
        Action::PageUp,
        "page up",
        "A page up.",
    ),
    bind(
        Place::Filter,
        &[ESC],
        Action::Back,
        "clear",
        "Empty the filter; empty, close it.",
    ),
    bind(
        Place::DeleteQuestion,
        &[key('y')],
        Action::Yes,
        "delete",
        "Delete the entry from the history of this computer.",
    ),
    bind(
        Place::DeleteQuestion,
        &[ESC, key('n')],
        Action::Back,
        "keep it",
        "Keep the entry.",
    ),
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
        &[key('b')],
        Action::Bell,
        "bell",
        "Whether the bell rings for what ends while you look elsewhere.",
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
    bind(
        Place::Welcome,
        &[ENTER],
        Action::Submit,
        "connect",
        "Connect your Twilio account.",
    ),
    bind(
        Place::Welcome,
        &[key('d')],
        Action::Demo,
        "try the demo",
        "Try everything on a Twilio inside the program: no key, no network, no cost.",
    ),
    bind(
        Place::Welcome,
        &[key('i')],
        Action::Import,
        "move keys here",
        "Move the keys of twilio-cli, or of the environment, into the keyring.",
    ),
    bind(
        Place::Welcome,
        &[key('r')],
        Action::Recipe,
        "what to ask for",
        "What to ask your admin for: the recipe of a narrow key.",
    ),
    bind(
        Place::Paste,
        &[ENTER],
        Action::Submit,
        "check them",
        "Ask Twilio whether the keys work.",
    ),
    bind(
        Place::Paste,
        &[Chord::ctrl('r')],
        Action::Recipe,
        "what to ask for",
        "What to ask your admin for: the recipe of a narrow key.",
    ),
    bind(
        Place::Paste,
        &[ESC],
        Action::Back,
        "back",
        "Back; what was pasted is forgotten.",
    ),
    bind(
        Place::SetupBusy,
        &[ESC],
        Action::Back,
        "back",
        "Stop waiting and go back.",
    ),
    bind(
        Place::Pick,
        &[ENTER],
        Action::Submit,
        "take it",
        "Take the marked one.",
    ),
    bind(
        Place::Pick,
        &[DOWN, key('j')],
        Action::Down,
        "down",
        "One down.",
    ),
    bind(Place::Pick, &[UP, key('k')], Action::Up, "up", "One up."),
    bind(
        Place::Pick,
        &[key('w')],
        Action::Warnings,
        "warnings",
        "What is unsafe about the marked Verify service, and what to change.",
    ),
    bind(Place::Pick, &[ESC], Action::Back, "back", "One step back."),
    bind(
        Place::You,
        &[ENTER],
        Action::Submit,
        "go on",
        "Take what stands there.",
    ),
    bind(
        Place::You,
        &[TAB, DOWN],
        Action::NextField,
        "next",
        "The next line.",
    ),
    bind(
        Place::You,
        &[BACK_TAB, UP],
        Action::PreviousField,
        "back",
        "The line before.",
    ),
    bind(
        Place::You,
        &[Chord::ctrl('g')],
        Action::OtherLanguage,
        "language",
        "Another language of the screen, at once.",
    ),
    bind(
        Place::You,
        &[ESC],
        Action::Back,
        "paste again",
        "Back to the paste.",
    ),
    bind(
        Place::StillPlain,
        &[key('y')],
        Action::Yes,
        "take them out",
        "Take the keys out of the file in which they lie in plain text.",
    ),
    bind(
        Place::StillPlain,
        &[ESC, key('n')],
        Action::Back,
        "leave them",
        "Leave them where they are.",
    ),
    bind(
        Place::SetupDone,
        &[ENTER],
        Action::Submit,
        "to the desk",
        "To the desk, with the number that was typed; nothing is sent yet.",
    ),
    bind(
        Place::SetupDone,
        &[ESC],
        Action::Back,
        "to the desk",
        "To the desk.",
    ),
    bind(
        Place::Keep,
        &[ENTER],
        Action::Submit,
        "keep the keys",
        "Keep the keys in the keyring of this computer, and read them back.",
    ),
    bind(
        Place::Keep,
        &[key('s')],
        Action::SessionOnly,
        "this session only",
        "Use the keys until tuilio ends, and keep them nowhere.",
    ),
    bind(
        Place::Keep,
        &[key('w')],
        Action::Warnings,
        "warnings",
        "What is unsafe about the Verify service, and what to change.",
    ),
    bind(
        Place::Keep,
        &[key('r')],
        Action::Recipe,
        "narrow key",
        "The recipe of a narrow key, for your admin.",
    ),
    bind(Place::Keep, &[ESC], Action::Back, "back", "One step back."),
    bind(
        Place::Keeping,
        &[ESC],
        Action::Back,
        "wait",
        "The keyring answers within seconds; until then nothing else is done.",
    ),
    bind(
        Place::KeepFailed,
        &[ENTER],
        Action::Submit,
        "try again",
        "Try the keyring again.",
    ),
    bind(
        Place::KeepFailed,
        &[key('s')],
        Action::SessionOnly,
        "this session only",
        "Use the keys until tuilio ends, and keep them nowhere.",
    ),
    bind(
        Place::KeepFailed,
        &[ESC],
        Action::Back,
        "back",
        "One step back.",
    ),
    bind(
        Place::Note,
        &[key('y')],
        Action::Copy,
        "copy",
        "Copy the whole page, to send it to your admin.",
    ),
    bind(
        Place::Note,
        &[ESC, key('w'), key('q')],
        Action::Back,
        "close",
        "Close the page.",
    ),
    bind(
        Place::Note,
        &[DOWN, key('j')],
        Action::Down,
        "down",
        "Scroll down.",
    ),
    bind(Place::Note, &[UP, key('k')], Action::Up, "up", "Scroll up."),
    bind(
        Place::Help,
        &[ESC, f(1), key('?')],
        Action::Back,
        "close",
        "Close the help.",
    ),
    bind(Place::Help, &[DOWN], Action::Down, "down", "Scroll down."),
    bind(Place::Help, &[UP], Action::Up, "up", "Scroll up."),
    bind(
        Place::Help,
        &[PAGE_DOWN],
        Action::PageDown,
        "page down",
        "A page down.",
    ),
    bind(
        Place::Help,
        &[PAGE_UP],
        Action::PageUp,
        "page up",
        "A page up.",
    ),
    bind(
        Place::Palette,
        &[ENTER],
        Action::Submit,
        "do it",
        "Do the marked action.",
    ),
    bind(Place::Palette, &[DOWN], Action::Down, "down", "One down."),
    bind(Place::Palette, &[UP], Action::Up, "up", "One up."),
    bind(
        Place::Palette,
        &[ESC],
        Action::Back,
        "close",
        "Close the list.",
    ),
    bind(
        Place::QuitQuestion,
        &[key('y')],
        Action::Yes,
        "leave",
        "Leave all the same. What waits stays in the history.",
    ),
    bind(
        Place::QuitQuestion,
        &[ESC, key('n')],
        Action::Back,
        "stay",
        "Stay.",
    ),
    bind(
        Place::SignOutQuestion,
        &[key('y')],
        Action::Yes,
        "sign out",
        "Remove the keys from the keyring.",
    ),
    bind(
        Place::SignOutQuestion,
        &[ESC, key('n')],
        Action::Back,
        "stay",
        "Keep them.",
    ),
    bind(
        Place::Locked,
        &[ENTER],
        Action::Unlock,
        "twice shows the desk",
        "Show the desk again, by Enter twice. Everything went on meanwhile.",
    ),
    bind(
        Place::Locked,
        &[Chord::ctrl('q')],
        Action::Quit,
        "quit",
        "Quit. Asks first where something waits.",
    ),
    bind(
        Place::SureQuestion,
        &[key('y')],
        Action::Yes,
        "send it",
        "Send it, as was explained.",
    ),
    bind(
        Place::SureQuestion,
        &[ESC, key('n')],
        Action::Back,
        "not yet",
        "Send nothing. What you typed stays.",
    ),
    bind(
        Place::WithdrawQuestion,
        &[key('y')],
        Action::Yes,
        "withdraw",
        "Withdraw the text. It will not leave.",
    ),
    bind(
        Place::WithdrawQuestion,
        &[ESC, key('n')],
        Action::Back,
        "keep it",
        "Leave it as it is: it leaves at its time.",
    ),
    bind(
        Place::Replies,
        &[ESC, key('t'), Chord::ctrl('r')],
        Action::Back,
        "close",
        "Back to the text.",
    ),
    bind(
        Place::Replies,
        &[UP, key('k'), PAGE_UP],
        Action::Up,
        "older",
        "Show older texts.",
    ),
    bind(
        Place::Replies,
        &[DOWN, key('j'), PAGE_DOWN],
        Action::Down,
        "newer",
        "Show newer texts.",
    ),
    bind(
        Place::Replies,
        &[f(5)],
        Action::AskNow,
        "ask now",
        "Ask Twilio now whether this customer has answered.",
    ),
    bind(
        Place::Phone,
        &[ESC, f(9)],
        Action::Back,
        "close",
        "Put the pretend phone away.",
    ),
    bind(
        Place::Tour,
        &[ESC],
        Action::NextStop,
        "skip this stop",
        "Skip this stop of the tour and go to the next one.",
    ),
    bind(
        Place::TourDone,
        &[ENTER, ESC],
        Action::NextStop,
        "next stop",
        "Go to the next stop of the tour.",
    ),
    bind(
        Place::TourCard,
        &[ENTER],
        Action::Submit,
        "begin here",
        "Begin at the marked stop.",
    ),
    bind(Place::TourCard, &[DOWN], Action::Down, "down", "One down."),
    bind(Place::TourCard, &[UP], Action::Up, "up", "One up."),
    bind(
        Place::TourCard,
        &[key('n')],
        Action::NextStop,
        "next stop",
        "Go to the next stop.",
    ),
    bind(
        Place::TourCard,
        &[key('r')],
        Action::RestartStop,
        "this stop again",
        "Begin this stop once more.",
    ),
    bind(
        Place::TourCard,
        &[key('q')],
        Action::LeaveTour,
        "leave the tour",
        "Leave the tour; the demo goes on.",
    ),
    bind(
        Place::TourCard,
        &[ESC, Chord::ctrl('o')],
        Action::Back,
        "close",
        "Back to where you were.",
    ),
    bind(
        Place::Card,
        &[ESC],
        Action::Back,
        "close",
        "Put the card away.",
    ),
    bind(
        Place::Card,
        &[DOWN, key('j')],
        Action::Down,
        "down",
        "Scroll down.",
    ),
    bind(Place::Card, &[UP, key('k')], Action::Up, "up", "Scroll up."),
    bind(
        Place::Card,
        &[PAGE_DOWN],
        Action::PageDown,
        "page down",
        "A page down.",
    ),
    bind(
        Place::Card,
        &[PAGE_UP],
        Action::PageUp,
        "page up",
        "A page up.",
    ),
    bind(
        Place::Card,
        &[f(2)],
        Action::WhoIsCalling,
        "who is calling?",
        "The card with what to ask before a code is asked for.",
    ),
    bind(
        Place::Card,
        &[f(3)],
        Action::Refuse,
        "how to refuse",
        "The card with what to say to somebody who has no code.",
    ),
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
        "In the demo: the pretend customer's phone, where it is not beside the desk.",
    ),
    bind(
        Place::Desk,
        &[Chord::ctrl('o')],
        Action::TourCard,
        "the tour",
        "In the demo: the stops of the tour, to begin, repeat or leave it.",
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
