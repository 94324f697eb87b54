//! How the desk of a story lives: its loop in simulated time, and what is done about its orders.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use tuilio::config::Origin;
use tuilio::domain::{Call, Failure, FailureKind, Timestamp};
use tuilio::model::{Ask, Effect, Event, PhoneItem, Stamped};
use tuilio::runtime::carry_out;
use tuilio::twilio::Client;

use crate::desk::Desk;
use crate::picture;

impl Desk {
    pub(crate) fn live_for(&mut self, time: Duration) {
        let tokio = Rc::clone(&self.tokio);
        tokio.block_on(async {
            let until = Instant::now() + time;
            self.live(until).await;
        });
    }

    /// The desk's own loop in simulated time: what has arrived is taken in, then time goes on to the
    /// next deadline of the desk or the next change of the world.
    async fn live(&mut self, until: Instant) {
        let mut woken = (Instant::now(), 0);
        loop {
            self.ring();
            let change = self.line.world.lock().unwrap().next_change(self.line.now());
            let deadlines = [self.model.deadline(), change].into_iter().flatten();
            let next = deadlines
                .map(|at| self.line.instant(at))
                .fold(until, Instant::min);
            tokio::select! {
                biased;
                Some(event) = self.inbox.recv() => self.deliver(event),
                () = sleep_until(next) => {
                    let now = Instant::now();
                    woken = if woken.0 == now { (now, woken.1 + 1) } else { (now, 0) };
                    assert!(woken.1 < 50, "the desk asks for a deadline that has passed and does nothing about it:\n{}", self.screen());
                    if now >= until {
                        return;
                    }
                    self.line.world.lock().unwrap().advance(self.line.now());
                    self.ring();
                    self.deliver(Event::Woke);
                }
            }
        }
    }

    fn deliver(&mut self, event: Event) {
        let at = self.line.now();
        for effect in self.model.update(Stamped { at, event }) {
            self.perform(effect, at);
        }
    }

    /// What arrived at the pretend phones is told to the demo.
    fn ring(&mut self) {
        let items: Vec<PhoneItem> = {
            let world = self.line.world.lock().unwrap();
            if !self.model.setting.demo || world.phones().len() == self.rang {
                return;
            }
            let item = |item: &tuilio::simulator::PhoneItem| PhoneItem {
                to: item.to.clone(),
                kind: item.kind.as_str().to_owned(),
                from: item.from.clone(),
                body: item.body.clone(),
                code: item.code.clone(),
                at: item.at,
            };
            world.phones().iter().map(item).collect()
        };
        self.rang = items.len();
        self.deliver(Event::PhoneRang(items));
    }

    fn perform(&mut self, effect: Effect, now: Timestamp) {
        let effect = match carry_out(&mut self.store, effect, now) {
            Ok(event) => return self.events.send(event).unwrap(),
            Err(effect) => *effect,
        };
        let event = match effect {
            Effect::Call { ask, call } => {
                if let Some(client) = self.client.clone() {
                    return self.call(ask, call, client);
                }
                let failure = Failure::new(FailureKind::Credentials, "No account is connected.");
                Event::Replied {
                    ask,
                    result: Err(failure),
                }
            }
            Effect::TryKeys { ask, keys, call } => {
                return self.call(ask, call, self.client_with(&keys));
            }
            Effect::Keep {
                keys,
                connection,
                introduction,
                makes_active,
            } => {
                let kept = Some((Origin::Twilio, None));
                let said = introduction.as_deref();
                let result = self
                    .keeper
                    .keep(&keys, &connection, kept, said, makes_active);
                let event = Event::Kept(result);
                let (events, takes) = (self.events.clone(), self.keyring_takes);
                tokio::spawn(async move {
                    tokio::time::sleep(takes).await;
                    events.send(event).unwrap_or_default();
                });
                return;
            }
            Effect::ReadProfiles => Event::ProfilesRead(self.keeper.profiles()),
            Effect::ReadKeys { profile } => {
                Event::KeysRead(self.keeper.keys_for(&profile, |_| true).map(Box::new))
            }
            Effect::SaveSettings(choices) => Event::SettingsSaved(self.keeper.save(&choices)),
            Effect::LookAround => Event::LookedAround(Box::new(self.keeper.look_around())),
            Effect::RemovePlain { file, profile } => {
                Event::PlainRemoved(tuilio::runtime::remove_plain(&file, &profile))
            }
            Effect::SignOut { profile } => {
                self.client = None;
                Event::SignedOut(self.keeper.forget(&profile))
            }
            Effect::Use { keys, connection } => {
                self.client = Some(self.client_with(&keys));
                Event::Connected(connection)
            }
            Effect::Copy(line) => {
                self.copied.push(line);
                Event::Copied { by_system: false }
            }
            Effect::ReadTemplates => Event::TemplatesRead(self.shelf.read()),
            Effect::Redraw => return,
            Effect::Ring => {
                self.rings += 1;
                return;
            }
            effect => return self.left.push(effect),
        };
        self.events.send(event).unwrap();
    }

    fn call(&self, ask: Ask, call: Call, client: Client) {
        let (events, line) = (self.events.clone(), Arc::clone(&self.line));
        tokio::spawn(async move {
            let delays = events.clone();
            let on_wait = move |wait: Duration| {
                delays
                    .send(Event::Delayed {
                        ask,
                        until: line.now() + wait,
                    })
                    .unwrap_or_default();
            };
            let result = client
                .perform(call, &on_wait)
                .await
                .map(Box::new)
                .map_err(Failure::from);
            // The agent may have left meanwhile.
            events
                .send(Event::Replied { ask, result })
                .unwrap_or_default();
        });
    }

    /// Whatever led here, the desk can be drawn at any size and in any look, and nothing that came from
    /// outside reaches the terminal as it came.
    pub(crate) fn look_at_all_sizes(&self) {
        if self.looks_at_all_sizes {
            picture::check_sizes(&self.model);
        }
    }
}
