//! Lines to hand on, masked and dated: to the lead, who can open what is closed, and for the ticket where
//! a phone was approved before this check.

use super::check::{Check, Ending, Stage};

/// Codes of Twilio's about which a lead can do something: a country or a range that is closed, a way that
/// is not set up, keys that are refused, an account under review.
const FOR_THE_LEAD: [u32; 12] = [
    20003, 20005, 20403, 60204, 60217, 60223, 60238, 60242, 60410, 60605, 68008, 70051,
];

/// What a lead has to know about a send that was refused.
pub fn lead(check: &Check) -> Option<String> {
    let failure = match &check.stage {
        Stage::Ended(Ending::NotSent(failure)) => failure,
        _ => check.trouble.as_ref()?,
    };
    let code = failure.code.filter(|code| FOR_THE_LEAD.contains(code))?;
    let at = check.ended_at.unwrap_or(check.started_at);
    let request = failure
        .request_id
        .as_ref()
        .map(|request| format!(", request {}", crate::domain::untrusted::visible(request)))
        .unwrap_or_default();
    Some(format!(
        "Twilio refused a code with {code} ({}): {}, by {}, {}, service {}{request}. {}",
        crate::domain::catalogue::entry(code).title,
        check.to.masked().replace('•', "*"),
        check.channel.as_str(),
        at.strftime("%Y-%m-%d %H:%M:%S UTC"),
        check.service.sid.short(),
        crate::domain::catalogue::link(code),
    ))
}

/// For the ticket, where the phone turned out to be approved before.
pub fn approved_before(check: &Check) -> Option<String> {
    let Stage::Ended(Ending::Approved { at, here, .. }) = &check.stage else {
        return None;
    };
    let when = at.map_or_else(
        || "before".to_owned(),
        |at| at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
    );
    let whom = match (*here, check.unheard_tries) {
        (true, _) => "from this desk",
        (false, 0) => "not from this desk",
        (false, _) => "not known whether from this desk",
    };
    let sid = check
        .sid
        .as_ref()
        .map(|sid| format!(", Twilio {}", sid.short()))
        .unwrap_or_default();
    Some(format!(
        "Phone check APPROVED {when}, {whom}. {}{sid}.",
        check.to.masked().replace('•', "*"),
    ))
}
