//! Where an entry is found in Twilio's own Console: an address that holds identifiers and nothing personal.

use super::operation::{Intent, OpState, Settled};
use super::record::HistoryRow;
use super::remains::{Remains, Was};

/// The log of all verifications, as Twilio's own documentation links it (Verify API, "Verification Check"):
/// one of them has no address of its own that is documented.
pub const VERIFY_LOGS: &str = "https://console.twilio.com/us1/monitor/logs/verify-logs";

/// The address of what a row speaks of, where Twilio has a page for it.
pub fn address(row: &HistoryRow) -> Option<String> {
    match (&row.state, &row.operation.intent) {
        (OpState::Settled(Settled::Text { sid, .. }), _) => {
            Some(format!("https://www.twilio.com/console/sms/logs/{sid}"))
        }
        (_, Intent::VerifyStart(_) | Intent::VerifyCheck { .. } | Intent::VerifyCancel { .. }) => {
            Some(VERIFY_LOGS.to_owned())
        }
        (
            _,
            Intent::Unreadable(Remains {
                was: Some(Was::Start | Was::Check | Was::Cancel),
                ..
            }),
        ) => Some(VERIFY_LOGS.to_owned()),
        _ => None,
    }
}
