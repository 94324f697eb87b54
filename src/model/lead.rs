//! What the lead sets while the desk is open. Rules are asked when something is done, so that the new ones hold
//! for what was begun before as well; here is what had been asked already.

use crate::domain::{Policy, phrase};

use super::effect::Effect;
use super::{Model, compose};

impl Model {
    /// The policy has changed. One that was removed goes on here: whoever replaces a file may remove it first.
    pub(super) fn policy_read(&mut self, policy: Option<Policy>) -> Vec<Effect> {
        let Some(policy) = policy else {
            self.notify(phrase!(
                "The policy of your lead was removed. It holds here until you leave the desk."
            ));
            return Vec::new();
        };
        if policy == self.policy {
            return Vec::new();
        }
        self.policy = policy;
        // What may be kept no longer goes today as well.
        self.history.forget_anew();
        if let Some(setup) = &mut self.setup {
            setup.policy = self.policy.clone();
        }
        if self.policy.revealing().is_err() {
            self.history.conceal();
        }
        let held = matches!(self.compose.stage, compose::Stage::Held { .. });
        if held {
            self.review_text();
        }
        self.notify(match &self.policy.off {
            Some(why) => why.clone(),
            None if held => phrase!(
                "The policy of your lead has changed, so the text that was held has not left. Read it once more (F6)."
            ),
            None => phrase!("The policy of your lead has changed, and holds from now on: F8 shows it."),
        });
        vec![Effect::ReadTemplates]
    }
}
