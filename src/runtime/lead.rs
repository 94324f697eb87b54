//! The policy of the lead, followed while a desk is open.

use std::future::{Future, pending};
use std::path::PathBuf;
use std::time::Duration;

use super::{Runtime, Shelf};
use crate::config::{PolicyNews, PolicyWatch};
use crate::domain::Policy;
use crate::model::Event;

/// How often somebody looks while nothing happens at the desk.
const LOOKS: Duration = Duration::from_mins(1);

/// What a policy comes to on this machine, and where its templates lie.
type Here = Box<dyn Fn(Policy) -> (Policy, Shelf) + Send>;

/// The policy in its place, and what it comes to here.
pub struct Lead {
    watch: PolicyWatch,
    here: Here,
}

impl Lead {
    /// The policy in this file.
    pub fn of(file: PathBuf, here: impl Fn(Policy) -> (Policy, Shelf) + Send + 'static) -> Self {
        Self {
            watch: PolicyWatch::of(file),
            here: Box::new(here),
        }
    }
}

impl Runtime {
    /// From now on the policy is followed as it changes.
    pub fn follow_policy(&mut self, lead: Lead) {
        self.lead = Some(lead);
    }

    /// What the lead has changed since it was asked last.
    pub fn news_of_lead(&mut self) -> Option<Event> {
        let lead = self.lead.as_mut()?;
        let policy = match lead.watch.look()? {
            PolicyNews::Removed => return Some(Event::PolicyRead(None)),
            PolicyNews::Changed(policy) => policy,
        };
        let (policy, shelf) = (lead.here)(*policy);
        self.shelf = shelf;
        if let Some(patient) = &mut self.patient {
            patient.off.clone_from(&policy.off);
        }
        Some(Event::PolicyRead(Some(Box::new(policy))))
    }

    /// Until it is to be asked although nothing has happened.
    pub fn looks_at_lead(&self) -> impl Future<Output = ()> + use<> {
        let follows = self.lead.is_some();
        async move {
            if follows {
                tokio::time::sleep(LOOKS).await;
            } else {
                pending::<()>().await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::{Clock, Keeper, Reach};
    use super::*;
    use crate::store::Store;
    use crate::twilio::Endpoint;
    use crate::vault::MemoryVault;

    #[tokio::test(start_paused = true)]
    async fn a_desk_where_nothing_happens_hears_of_a_policy_and_of_its_templates() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("policy.toml");
        let reach = Reach::Http {
            endpoint: Endpoint::Twilio,
            origin: None,
        };
        let keeper = Keeper::new(Arc::new(MemoryVault::default()), PathBuf::new());
        let store = Store::in_memory().unwrap();
        let (mut runtime, _inbox) = Runtime::new(store, Clock::start(), reach, keeper);
        let templates = folder.path().to_owned();
        runtime.follow_policy(Lead::of(file.clone(), move |policy| {
            (policy, Shelf::OfLead(templates.clone()))
        }));
        runtime.looks_at_lead().await;
        assert_eq!(runtime.news_of_lead(), None);
        std::fs::write(&file, "texts_a_day = 1\n").unwrap();
        runtime.looks_at_lead().await;
        let Some(Event::PolicyRead(Some(policy))) = runtime.news_of_lead() else {
            panic!("nothing was told");
        };
        assert_eq!(policy.texts_a_day, Some(1));
        assert!(matches!(&runtime.shelf, Shelf::OfLead(_)));
        assert_eq!(runtime.news_of_lead(), None);
    }
}
