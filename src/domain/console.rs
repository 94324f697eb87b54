//! Where an entry is found in Twilio's own Console: an address that holds identifiers and nothing personal.

use super::operation::{Intent, OpState, Settled};
use super::record::HistoryRow;

/// The address of what a row speaks of, where Twilio has a page for it.
pub fn address(row: &HistoryRow) -> Option<String> {
    match (&row.state, &row.operation.intent) {
        (OpState::Settled(Settled::Text { sid, .. }), _) => {
            Some(format!("https://www.twilio.com/console/sms/logs/{sid}"))
        }
        (_, Intent::VerifyCheck { service, .. } | Intent::VerifyCancel { service, .. }) => {
            Some(of_service(service.as_str()))
        }
        (_, Intent::VerifyStart(start)) => Some(of_service(start.service.as_str())),
        _ => None,
    }
}

// The Console lists the sends of a service; a verification has no page of its own.
fn of_service(sid: &str) -> String {
    format!("https://www.twilio.com/console/verify/services/{sid}")
}
