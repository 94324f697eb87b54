//! What is wrong with the history, as whole sentences for whoever reads another language than English.
//!
//! The words are those of [`StoreError`]. What the system or SQLite says stands in them as it is.

use super::error::StoreError;
use crate::domain::{HistoryRow, Intent, OpState, Phrase, phrase};

impl StoreError {
    /// The sentence, where there is one.
    pub fn said(&self) -> Option<Phrase> {
        Some(match self {
            Self::Unwritable { path, cause } => phrase!(
                "The history cannot be written at {path}: {why}.",
                path = path.display().to_string(),
                why = cause.to_string()
            ),
            Self::Network { path } => phrase!(
                "The history cannot be kept on a network file system such as that of {path}: set TUILIO_DATA_DIR to a folder on this machine.",
                path = path.display().to_string()
            ),
            Self::Foreign { path } => phrase!(
                "{path} is not a history of tuilio, so it was left as it is.",
                path = path.display().to_string()
            ),
            Self::Newer { found, known } => phrase!(
                "The history has format {found} and this tuilio knows formats up to {known}: a newer tuilio is needed, and the file was left as it is.",
                found = *found,
                known = *known
            ),
            Self::Damaged { what, .. } => {
                phrase!("The history file is damaged: {what}.", what = what.as_str())
            }
            Self::Altered { what } => phrase!(
                "Another program has changed the history file: {what}.",
                what = what.as_str()
            ),
            Self::OpenElsewhere => {
                phrase!("Another window or script has the history open, so it was left as it is.")
            }
            Self::InUse => phrase!(
                "The history file is damaged, and another window or script has it open, so it was left as it is."
            ),
            Self::Displaced { path } => phrase!(
                "{path} was moved, removed or cut short while it was open: leave with Ctrl-Q and start again.",
                path = path.display().to_string()
            ),
            Self::Removed { path } => phrase!(
                "{path} was moved or removed, and another window or script still has it open, so no new one was made.",
                path = path.display().to_string()
            ),
            Self::Full => phrase!("The disk that holds the history is full."),
            Self::Busy => phrase!("Another process is writing the history for too long."),
            Self::Unaudited => phrase!(
                "The history was written by an earlier tuilio, so its audit begins with the next start of the desk."
            ),
            Self::Broken(cause) => phrase!(
                "The history file cannot be read or written: {why}.",
                why = cause.to_string()
            ),
            Self::Twin(twin) => not_settled(twin),
            Self::SentAgain(op) => phrase!(
                "It was sent again meanwhile, by another window or script (operation {op}), so it was not sent once more.",
                op = op.to_string()
            ),
            Self::Found(row) => phrase!(
                "It was found at Twilio meanwhile, by another window or script (operation {op}), so it was not sent once more.",
                op = row.operation.id.to_string()
            ),
            Self::Capped(cap) => cap.reached(),
            _ => return None,
        })
    }
}

/// Why the same is not sent once more.
fn not_settled(twin: &HistoryRow) -> Phrase {
    let op = twin.operation.id.to_string();
    match twin.operation.intent {
        Intent::VerifyStart(_) => phrase!(
            "It is not known yet whether a code went to this phone or address (operation {op}), so nothing was sent.",
            op = op
        ),
        Intent::Unreadable(_) => phrase!(
            "Operation {op} cannot be read any more and may have been this same one, so nothing was sent. Look in Twilio's console, then delete its entry in the history.",
            op = op
        ),
        Intent::Text(_) if matches!(twin.state, OpState::Unknown(_)) => phrase!(
            "The same text to the same number is not settled yet (operation {op}), so it was not sent once more. F4 and Enter open that one: y there looks for it at Twilio, and sends it once more.",
            op = op
        ),
        _ => phrase!(
            "The same text to the same number is not settled yet (operation {op}), so it was not sent once more.",
            op = op
        ),
    }
}
