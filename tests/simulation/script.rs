//! A script that sends one text: the path of the one-shot commands, on the history of the desks.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use tuilio::domain::connection::Keys;
use tuilio::domain::{FailureKind, Intent, Policy};
use tuilio::model::operations::{Operations, Order, Progress};
use tuilio::model::{Effect, Event};
use tuilio::runtime::{audit, carry_out, look_into, put_question};
use tuilio::store::Store;
use tuilio::twilio::{Client, TwilioConfig};

use crate::ledger::Ledger;
use crate::line::Line;
use crate::network::Way;
use crate::vault::MoodyVault;

/// One run of it.
pub struct Script {
    pub home: PathBuf,
    pub line: Arc<Line>,
    pub ledger: Arc<Mutex<Ledger>>,
    pub alive: Arc<AtomicBool>,
    pub keys: Keys,
    pub ahead: SignedDuration,
    pub intent: Intent,
    pub vault: Arc<MoodyVault>,
}

impl Script {
    /// Intends, calls, settles, and ends.
    pub async fn run(self) {
        let Self {
            home,
            line,
            ledger,
            alive,
            keys,
            ahead,
            intent,
            vault,
        } = self;
        let now = || line.now() + ahead;
        let mut store = Store::open(&home).unwrap();
        let (opened, _) = look_into(&mut store, now()).unwrap();
        ledger.lock().unwrap().living.insert(opened.session);
        if let Ok(Some(key)) = audit::read(&*vault) {
            store.seal_with(key, None, now()).unwrap();
        }
        let mut operations = Operations::new(opened.session, None);
        operations.act_for(keys.account_sid.clone(), None);
        let order = Order::of(intent);
        let Ok((_, effect)) = operations.begin(order, &Policy::default(), now(), &TimeZone::UTC)
        else {
            return;
        };
        if let Effect::Intend { operation, .. } = &effect {
            let now = line.now();
            ledger.lock().unwrap().ordered(operation, None, true, now);
        }
        let mut next = Some(effect);
        while let Some(effect) = next.take() {
            let event = match carry_out(&mut store, effect, now()) {
                Ok(event) => event,
                Err(effect) => {
                    let Effect::Call { ask, call } = *effect else {
                        break;
                    };
                    let config =
                        TwilioConfig::new(keys.account_sid.clone(), keys.credentials.clone());
                    let way = Way {
                        line: Arc::clone(&line),
                        ledger: Arc::clone(&ledger),
                        ask,
                        alive: Arc::clone(&alive),
                        by: opened.session,
                    };
                    let clock = Arc::clone(&line);
                    let client = Client::new(config, Arc::new(way))
                        .with_steady_clock(move || clock.steady());
                    let answer = Mutex::new(None);
                    let tell = |event| {
                        if matches!(event, Event::Replied { .. }) {
                            *answer.lock().unwrap() = Some(event);
                        }
                    };
                    put_question(&client, ask, call, &now, &tell).await;
                    let Some(event) = answer.into_inner().unwrap() else {
                        break;
                    };
                    event
                }
            };
            if let Event::Intended {
                result: Err(failure),
                ..
            } = &event
                && failure.kind == FailureKind::OutcomeUnknown
            {
                ledger.lock().unwrap().counters.count("twins refused");
            }
            match operations.take(event, now()) {
                Some((Progress::Written(_) | Progress::NotWritten { .. }, _)) | None => break,
                Some((_, effect)) => next = effect,
            }
        }
        ledger.lock().unwrap().living.remove(&opened.session);
        drop(store);
    }
}
