//! A colleague at another desk, who works on the same verification.
//!
//! Sends, tries, approvals and withdrawals of hers count at Twilio like ours: this desk learns of them
//! from what it is answered, and from nothing else. Which numbers have a colleague is data.

use jiff::SignedDuration;

use super::World;
use super::dates;
use super::recipient::{Does, Earlier, Recipient};
use super::services::VerifyService;
use super::starting::Start;
use super::world::Plan;
use crate::domain::VerificationStatus;
use crate::domain::verification::{MAX_CHECKS, MAX_SENDS};

impl World {
    /// She began a check before this desk did.
    pub(super) fn colleague_began(
        &mut self,
        service: &VerifyService,
        start: &Start<'_>,
        recipient: &Recipient,
        earlier: Earlier,
    ) {
        let now = self.now;
        let ago = SignedDuration::from_secs(earlier.seconds.into());
        self.now = now.saturating_sub(ago).unwrap_or(now);
        let sid = self.open(service, start, recipient);
        for _ in 0..earlier.sends {
            self.send_code(&sid, service, start, recipient);
        }
        self.now = now;
        self.arrive();
        self.expect_colleague(&sid, recipient);
    }

    /// What she is going to do to a check that has just been begun.
    pub(super) fn expect_colleague(&mut self, verification: &str, recipient: &Recipient) {
        for deed in &recipient.colleague {
            for _ in 0..deed.times {
                let plan = Plan::Colleague {
                    verification: verification.to_owned(),
                    does: deed.does,
                };
                self.plan(dates::after(self.now, deed.after_seconds * 1000), plan);
            }
        }
    }

    /// She does it, where there is still something to do it to.
    pub(super) fn colleague_does(&mut self, sid: &str, does: Does) {
        let Some(found) = self
            .verifications
            .find(sid)
            .filter(|found| found.is_alive(self.now))
            .cloned()
        else {
            return;
        };
        match does {
            Does::Approves if found.checks < MAX_CHECKS => {
                self.close(sid, VerificationStatus::Approved);
            }
            Does::Cancels => self.close(sid, VerificationStatus::Canceled),
            Does::Guesses => {
                let now = self.now;
                if let Some(found) = self.verifications.find_mut(sid) {
                    found.checks = (found.checks + 1).min(MAX_CHECKS);
                    found.updated = now;
                }
            }
            Does::Sends if found.sends.len() < MAX_SENDS as usize => {
                let service = self
                    .verify_services
                    .iter()
                    .find(|service| service.sid == found.service)
                    .cloned();
                if let Some(service) = service {
                    let start = Start {
                        to: &found.to,
                        channel: found.channel.clone(),
                        locale: "en",
                        name: service.name,
                        custom_code: None,
                    };
                    let recipient = self.scene.recipient(&found.to);
                    self.send_code(sid, &service, &start, &recipient);
                }
            }
            Does::Removes => {
                self.withdraw_from_phone(sid);
                for send in &found.sends {
                    self.attempts.remove(&send.attempt);
                }
                self.latest.remove(&(found.service, found.to));
                self.verifications.remove(sid);
            }
            Does::Approves | Does::Sends => {}
        }
    }
}
