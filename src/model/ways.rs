//! The ways that a Verify service turned out not to have: WhatsApp or email that nobody has set up.
//!
//! Twilio tells only when it is asked to use one. What it said once holds for this run of the program, so
//! that the key for it is not offered again.

use std::collections::BTreeSet;

use crate::domain::VerificationChannel;
use crate::domain::sid::VerifyServiceSid;

/// Codes of Twilio's that say that a way is not set up for the service (Verify error dictionary).
const NOT_SET_UP: [u32; 5] = [60204, 60217, 60223, 60242, 68008];

/// What has been found out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ways(BTreeSet<(VerifyServiceSid, String)>);

impl Ways {
    /// Whether the way may be offered under the service.
    pub fn is_open(&self, service: &VerifyServiceSid, channel: &VerificationChannel) -> bool {
        !self
            .0
            .contains(&(service.clone(), channel.as_str().to_owned()))
    }

    /// A send by this way was refused with this code.
    pub fn refused(
        &mut self,
        service: &VerifyServiceSid,
        channel: &VerificationChannel,
        code: u32,
    ) {
        if NOT_SET_UP.contains(&code) {
            self.0
                .insert((service.clone(), channel.as_str().to_owned()));
        }
    }
}
