//! How desks live: their loop in simulated time, and what is done about their orders.
//!
//! Orders are carried out by what ships: the history by its own functions, the rest by those that the
//! runtime has for its tasks. Several desks may live beside each other, one event after another.

use std::future::poll_fn;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use tuilio::config::Origin;
use tuilio::domain::connection::Keys;
use tuilio::domain::{Call, Failure, FailureKind, Timestamp};
use tuilio::model::{Ask, Effect, Event, Model, PhoneItem, Stamped};
use tuilio::runtime::{Reach, carry_out, put_question, run_errand};
use tuilio::twilio::config::Endpoint;

use crate::desk::Desk;
use crate::picture;

/// What befalls an order.
pub(crate) enum Mishap {
    /// Nothing: it is carried out.
    None,
    /// It fails, and nothing is done.
    Fails(Failure),
    /// The program ends before it.
    EndsBefore,
    /// The program ends when it has been carried out, before anybody heard of it.
    EndsAfter,
}

/// Somebody who sees everything that happens to a desk, and may put something in its way.
pub(crate) trait Onlooker {
    /// An event is about to be taken in.
    fn comes(&self, event: &Event, model: &Model);
    /// It was, and these orders came of it.
    fn came(&self, effects: &[Effect], model: &Model);
    /// An order is about to be carried out.
    fn befalls(&self, effect: &Effect) -> Mishap;
}

/// How often a desk may be woken at one moment before it is said that it does nothing about it.
const RESTLESS: u32 = 50;

/// Lets desks live until then, or until one of them dies: what has arrived is taken in, then time goes on
/// to the next deadline of a desk or the next change of the world.
pub(crate) async fn live_together(desks: &mut [&mut Desk], until: Instant) {
    let Some(line) = desks.first().map(|desk| Arc::clone(&desk.line)) else {
        return sleep_until(until).await;
    };
    let mut woken = (Instant::now(), 0);
    loop {
        for desk in &mut *desks {
            desk.ring();
        }
        let change = line.world.lock().unwrap().next_change(line.now());
        let change = change.map(|at| line.instant(at));
        let due = desks.iter().filter_map(|desk| desk.due());
        let next = due.chain(change).fold(until, Instant::min);
        let arrives = poll_fn(|context| {
            for (at, desk) in desks.iter_mut().enumerate() {
                if let Poll::Ready(Some(event)) = desk.inbox.poll_recv(context) {
                    return Poll::Ready((at, event));
                }
            }
            Poll::Pending
        });
        tokio::select! {
            biased;
            (at, event) = arrives => desks[at].deliver(event),
            () = sleep_until(next) => {
                let now = Instant::now();
                woken = if woken.0 == now { (now, woken.1 + 1) } else { (now, 0) };
                if woken.1 >= RESTLESS {
                    let restless = desks.iter().find(|desk| desk.due().is_some_and(|due| due <= now));
                    panic!("the desk asks for a deadline that has passed and does nothing about it:\n{}", restless.map(|desk| desk.screen()).unwrap_or_default());
                }
                if now >= until {
                    return;
                }
                line.world.lock().unwrap().advance(line.now());
                for desk in &mut *desks {
                    desk.ring();
                    desk.deliver(Event::Woke);
                }
            }
        }
        if desks.iter().any(|desk| desk.dead) {
            return;
        }
    }
}

impl Desk {
    pub(crate) fn live_for(&mut self, time: Duration) {
        let tokio = Rc::clone(&self.tokio);
        tokio.block_on(async {
            let until = Instant::now() + time;
            live_together(&mut [self], until).await;
        });
    }

    /// When it wants to be told the time next.
    fn due(&self) -> Option<Instant> {
        let deadline = self.model.deadline()?;
        Some(self.line.instant(deadline - self.ahead))
    }

    fn deliver(&mut self, event: Event) {
        let at = self.line.now() + self.ahead;
        if let Some(onlooker) = &self.onlooker {
            onlooker.comes(&event, &self.model);
        }
        let effects = self.model.update(Stamped { at, event });
        if let Some(onlooker) = &self.onlooker {
            onlooker.came(&effects, &self.model);
        }
        for effect in effects {
            let befalls = match &self.onlooker {
                Some(onlooker) => onlooker.befalls(&effect),
                None => Mishap::None,
            };
            match befalls {
                Mishap::None => self.perform(effect, at),
                Mishap::Fails(failure) => self.fail(effect, failure),
                Mishap::EndsBefore => self.dead = true,
                Mishap::EndsAfter => {
                    self.perform(effect, at);
                    self.dead = true;
                }
            }
            if self.dead {
                return;
            }
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
        let reach = Reach::Http {
            endpoint: Endpoint::Twilio,
            origin: Some(Origin::Twilio),
        };
        let takes = match effect {
            Effect::Keep { .. } => self.keyring_takes,
            _ => Duration::ZERO,
        };
        let effect = match run_errand(&self.keeper, &reach, &self.shelf, effect) {
            Ok(event) => return self.tell_after(takes, event),
            Err(effect) => *effect,
        };
        let event = match effect {
            Effect::Call { ask, call } => {
                if let Some(keys) = self.keys.clone() {
                    return self.call(ask, call, &keys);
                }
                let failure = Failure::new(FailureKind::Credentials, "No account is connected.");
                Event::Replied {
                    ask,
                    result: Err(failure),
                }
            }
            Effect::TryKeys { ask, keys, call } => return self.call(ask, call, &keys),
            Effect::Use { keys, connection } => {
                self.keys = Some(keys);
                Event::Connected(connection)
            }
            Effect::Copy(line) => {
                self.copied.push(line);
                Event::Copied { by_system: false }
            }
            Effect::Redraw | Effect::NoteRefusal { .. } => return,
            Effect::Disconnect => {
                self.keys = None;
                return;
            }
            Effect::Ring => {
                self.rings += 1;
                return;
            }
            effect => return self.left.push(effect),
        };
        self.events.send(event).unwrap();
    }

    /// An order could not be carried out.
    fn fail(&self, effect: Effect, failure: Failure) {
        let event = match effect {
            Effect::Intend { operation, .. } => Event::Intended {
                op: operation.id,
                result: Err(failure),
            },
            Effect::Settle { op, .. } => Event::Settled {
                op,
                result: Err(failure),
            },
            Effect::LoadPage { before } => Event::PageLoaded {
                before,
                result: Err(failure),
            },
            Effect::Tally { .. } => Event::Tallied(Err(failure)),
            Effect::LookBack { .. } => Event::LookedBack(Err(failure)),
            Effect::Find { number, before, .. } => Event::Found {
                number,
                before,
                result: Err(failure),
            },
            Effect::Export { .. } => Event::Exported(Err(failure)),
            Effect::Delete { .. } => Event::Deleted(Err(failure)),
            Effect::Forget { .. } => Event::Forgotten(Err(failure)),
            Effect::SaveDraft(_) => Event::DraftSaved(Err(failure)),
            other => panic!("{other:?} cannot fail"),
        };
        self.events.send(event).unwrap();
    }

    fn tell_after(&mut self, time: Duration, event: Event) {
        if time.is_zero() {
            return self.events.send(event).unwrap();
        }
        let events = self.events.clone();
        self.asked.spawn(async move {
            tokio::time::sleep(time).await;
            events.send(event).unwrap_or_default();
        });
    }

    fn call(&mut self, ask: Ask, call: Call, keys: &Keys) {
        let client = self.client(ask, keys);
        let (events, line, ahead) = (self.events.clone(), Arc::clone(&self.line), self.ahead);
        self.asked.spawn(async move {
            let now = || line.now() + ahead;
            // The agent may have left meanwhile.
            let tell = |event| events.send(event).unwrap_or_default();
            put_question(&client, ask, call, &now, &tell).await;
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
