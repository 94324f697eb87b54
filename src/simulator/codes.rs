//! The sentences that go with Twilio's codes, in our own words; clients must branch on the code alone.

/// Why a request was refused or a text did not arrive.
pub(super) fn sentence(code: u32) -> &'static str {
    match code {
        21211 => "The recipient's number is not valid",
        21212 => "The sender is not valid",
        21408 => "Sending to the recipient's country is switched off",
        21606 => "The sender cannot send texts from this account",
        20003 => "Authenticate",
        20403 => "The account may not use the API",
        21267 => "A trial account cannot send from a name",
        21608 => "A trial account sends to verified numbers alone",
        21610 => "The recipient has opted out of texts from this sender",
        21611 => "The sender's queue is full",
        21612 => "No route leads from this sender to this recipient",
        21614 => "The recipient's number is not a mobile",
        30001 => "The queue overflowed",
        30003 => "The handset cannot be reached",
        30005 => "The number is not known",
        30006 => "The number is a landline, or its carrier cannot be reached",
        30007 => "The carrier filtered the text",
        30008 => "The carrier gave no reason",
        30036 => "The text waited longer than its validity period",
        30450 => "The destination is blocked for a while against pumping",
        60205 => "A text cannot be sent to a landline",
        60202 => "Max check attempts reached",
        60203 => "Max send attempts reached",
        60207 => "Max rate limit reached",
        60212 => "Too many concurrent requests for the phone number",
        60410 => "The destination is blocked by Fraud Guard",
        60605 => "The country is switched off for verifications",
        68008 => "WhatsApp is not set up for this service",
        70051 => "The key does not permit this",
        _ => "The request was refused",
    }
}

/// The HTTP status that goes with a refusal.
pub(super) fn status(code: u32) -> u16 {
    match code {
        21611 | 60202 | 60203 | 60212 => 429,
        60204 | 60205 | 60223 | 60238 | 60410 | 60605 => 403,
        20404 | 21701 => 404,
        _ => 400,
    }
}
