//! The thread that owns the history.
//!
//! Orders go in by a queue and are answered by events, one after another, each durable before its event
//! is sent. The thread ends when it is told to.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::mpsc::UnboundedSender;

use crate::domain::export::{self, Format};
use crate::domain::failure::with_causes;
use crate::domain::history_query::HistoryQuery;
use crate::domain::{Failure, FailureKind, Intent, Operation, Phrase, Timestamp, phrase};
use crate::model::{Effect, Event};
use crate::store::{History, Journal, Key, Point, Store, StoreError, Twin, suspect};

use super::audit::{Sealer, Witness};
use super::clock::Clock;
use super::log::Log;

/// How many rows a page has.
pub const PAGE: usize = 100;
/// How far back the weather is looked at.
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// What the thread is told.
pub enum Order {
    /// To do what an effect says.
    Perform(Box<Effect>),
    /// To make the hashes of the audit with this key from now on.
    Seal(Seal),
    /// To name the last line, where the key is in use and the line is there that the keyring remembers.
    Remember {
        /// The line.
        remembered: Point,
        /// Who waits for the answer.
        sealed: Sender<Option<Point>>,
    },
    /// To end, after all that was ordered before.
    End,
}

/// A key, what the keyring remembers of the audit, and who waits for what it is to remember.
pub struct Seal {
    /// The key.
    pub key: Key,
    /// The last line that the keyring has seen.
    pub remembered: Option<Point>,
    /// The last line now; none where nothing was sealed.
    pub sealed: Sender<Option<Point>>,
}

/// The way to the thread.
pub struct StoreThread {
    orders: Sender<Order>,
    may_make_key: bool,
    place: Option<PathBuf>,
    witness: Witness,
    ended: Receiver<()>,
}

impl StoreThread {
    /// Hands the history over to a thread of its own.
    pub fn start(mut store: Store, clock: Clock, events: UnboundedSender<Event>, log: Log) -> Self {
        let (orders, queue) = channel();
        let (end, ended) = channel();
        // Where that cannot be told, none is made.
        let may_make_key = !store.has_sealed_audit().unwrap_or(true);
        let place = store.place().map(Path::to_owned);
        std::thread::spawn(move || {
            while let Ok(order) = queue.recv() {
                let order = match order {
                    Order::Perform(effect) => *effect,
                    Order::Seal(seal) => {
                        // Without it the audit goes on as it was.
                        let remembered = seal.remembered.as_ref();
                        let sealed = telling_of_loss(&mut store, &events, |store| {
                            store.seal_with(seal.key, remembered, clock.now())
                        });
                        // Who waits may have lost patience.
                        let _ = seal.sealed.send(sealed.ok().flatten());
                        continue;
                    }
                    Order::Remember { remembered, sealed } => {
                        let point = telling_of_loss(&mut store, &events, |store| {
                            store.goes_on_from(&remembered)
                        });
                        let _ = sealed.send(point.ok().flatten());
                        continue;
                    }
                    Order::End => break,
                };
                // A closed inbox means that the program is ending; what is queued is written all the same.
                if let Ok(event) = carry_out(&mut store, order, clock.now()) {
                    log.note_event(&event);
                    let _ = events.send(event);
                }
            }
            drop(store);
            let _ = end.send(());
        });
        Self {
            orders,
            may_make_key,
            place,
            witness: Witness::default(),
            ended,
        }
    }

    /// Has an order carried out that is for the history.
    pub fn order(&self, order: Effect) {
        let writes = writes_lines(&order);
        // The thread ends before the queue only by a panic, which ends the program in its own way.
        let _ = self.orders.send(Order::Perform(Box::new(order)));
        if writes {
            // It asks for the last line by the same queue.
            self.witness.written();
        }
    }

    /// Who brings the key of the audit. It may be kept longer than the thread lives.
    pub fn sealer(&self) -> Sealer {
        Sealer::new(
            self.orders.clone(),
            self.may_make_key,
            self.place.clone(),
            self.witness.clone(),
        )
    }

    /// Waits until all orders are carried out and the history is closed, but no longer than this.
    pub fn finish(self, patience: Duration) {
        // What was ordered is written before.
        self.witness.end();
        let _ = self.orders.send(Order::End);
        match self.ended.recv_timeout(patience) {
            Ok(()) | Err(RecvTimeoutError::Disconnected | RecvTimeoutError::Timeout) => {}
        }
    }
}

/// Holds the history against the keyring, and says before whoever waits goes on where that has shown a loss.
fn telling_of_loss<T>(
    store: &mut Store,
    events: &UnboundedSender<Event>,
    hold: impl FnOnce(&mut Store) -> T,
) -> T {
    let lacks = |store: &Store| store.lacks_what_is_remembered().unwrap_or_default();
    let lacked = lacks(store);
    let held = hold(store);
    if !lacked && lacks(store) {
        let _ = events.send(Event::LossProved);
    }
    held
}

/// What the history could not do. A value that cannot be read has the next start look for all of them.
fn failed(place: Option<&Path>, error: &StoreError) -> Failure {
    if let Some(place) = place {
        suspect(place, error);
    }
    Failure::from(error)
}

/// Whether lines of the audit come of it.
fn writes_lines(order: &Effect) -> bool {
    matches!(
        order,
        Effect::Intend { .. }
            | Effect::Settle { .. }
            | Effect::Delete { .. }
            | Effect::Forget { .. }
    )
}

/// Writes what fits a filter into a file beside the history.
fn export(
    store: &Store,
    query: &HistoryQuery,
    format: Format,
    now: Timestamp,
) -> Result<(usize, String), Failure> {
    let failed = |error: StoreError| failed(store.place(), &error);
    let found = store.find(query, None, usize::MAX, now).map_err(failed)?;
    let rows = found.page.rows;
    if rows.is_empty() {
        return Ok((0, String::new()));
    }
    let file = export::export(&rows, format, false, now)
        .map_err(|error| Failure::new(FailureKind::Store, with_causes(&error)))?;
    let name = format!("history-{}.{format}", now.strftime("%Y%m%d-%H%M%S"));
    let path = store.keep_file(&name, &file).map_err(failed)?;
    Ok((rows.len(), path.display().to_string()))
}

/// What could not be written down was not sent, which its author wants to know before anything else.
fn not_begun(operation: &Operation, error: &StoreError, failure: Failure) -> Failure {
    match failure.kind {
        _ if let StoreError::Twin(twin) = error
            && !twin.operation.is_at_home_with(operation) =>
        {
            let why = lost_elsewhere(&twin.operation);
            Failure::new(failure.kind, why.to_string()).in_words(Some(why))
        }
        FailureKind::Store => {
            let why = format!("{}, so nothing was sent", with_causes(error));
            let said = match error {
                StoreError::Full => Some(phrase!(
                    "The disk that holds the history is full, so nothing was sent."
                )),
                _ => error
                    .said()
                    .map(|what| phrase!("{what} Nothing was sent.", what = what)),
            };
            Failure::new(FailureKind::Store, why).in_words(said)
        }
        _ => failure,
    }
}

/// What is not settled cannot be looked up under the account that is connected, so it is said whose it is.
fn lost_elsewhere(twin: &Operation) -> Phrase {
    let (op, whose) = (twin.id.to_string(), twin.whose());
    match twin.intent {
        Intent::VerifyStart(_) => phrase!(
            "It is not known yet whether a code of {whose} went to this phone or address (operation {op}), so nothing was sent: connect that one, and it is looked up.",
            whose = whose,
            op = op
        ),
        _ => phrase!(
            "The same text to the same number, of {whose}, is not settled yet (operation {op}), so it was not sent once more: connect that one, and it is looked up.",
            whose = whose,
            op = op
        ),
    }
}

/// Does what is ordered of the history; an order that is for others comes back.
pub fn carry_out(store: &mut Store, order: Effect, now: Timestamp) -> Result<Event, Box<Effect>> {
    let place = store.place().map(Path::to_owned);
    let place = place.as_deref();
    let not_begun = |operation: &Operation, error: StoreError| {
        not_begun(operation, &error, failed(place, &error))
    };
    let failed = |error: StoreError| failed(place, &error);
    Ok(match order {
        Effect::Intend {
            operation,
            again_after,
            cap,
        } => {
            let twin = again_after.map_or(Twin::Refuse, Twin::Again);
            Event::Intended {
                op: operation.id,
                result: store
                    .intend_within(&operation, twin, cap)
                    .map(Box::new)
                    .map_err(|error| not_begun(&operation, error)),
            }
        }
        Effect::Settle { op, state } => Event::Settled {
            op,
            result: store.settle(op, &state, now).map(Box::new).map_err(failed),
        },
        Effect::LoadPage { before } => Event::PageLoaded {
            before,
            result: store.page(before, PAGE).map_err(failed),
        },
        Effect::Tally { midnight, account } => {
            let counted = store.tally(midnight, now - HOUR, now, account.as_ref());
            Event::Tallied(counted.map_err(failed))
        }
        Effect::LookBack { to, ticket } => Event::LookedBack(
            store
                .look_back(&to, ticket.as_ref())
                .map(Box::new)
                .map_err(failed),
        ),
        Effect::Find {
            number,
            query,
            before,
            limit,
        } => Event::Found {
            number,
            before,
            result: store
                .find(&query, before, limit, now)
                .map(Box::new)
                .map_err(failed),
        },
        Effect::Export { query, format } => Event::Exported(export(store, &query, format, now)),
        Effect::Delete { ops, given_up } => {
            let deleted = if given_up {
                store.delete_given_up(&ops, now)
            } else {
                store.delete(&ops, now)
            };
            Event::Deleted(deleted.map_err(failed))
        }
        Effect::Forget { before } => {
            Event::Forgotten(store.forget_before(before, now).map_err(failed))
        }
        Effect::FindStart { key, account, home } => Event::StartFound(
            store
                .open_verification(&key, account.as_ref(), home.as_deref())
                .map(|row| row.map(Box::new))
                .map_err(failed),
        ),
        Effect::SaveDraft(draft) => Event::DraftSaved(store.save_draft(&draft).map_err(failed)),
        other => return Err(Box::new(other)),
    })
}
