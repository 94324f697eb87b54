//! The thread that owns the history.
//!
//! Orders go in by a queue and are answered by events, one after another, each durable before its event
//! is sent. The thread ends when the queue does.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;

use crate::domain::policy::DayCap;
use crate::domain::{Draft, Failure, OpId, OpState, Operation};
use crate::model::Event;
use crate::store::{History, Journal, Store, StoreError, Twin};

use super::clock::Clock;

/// How many rows a page has.
pub const PAGE: usize = 100;

enum Order {
    Intend(Operation, Twin, Option<DayCap>),
    Settle(OpId, OpState),
    LoadPage(Option<i64>),
    SaveDraft(Draft),
}

/// The way to the thread.
pub struct StoreThread {
    orders: Sender<Order>,
    ended: Receiver<()>,
}

impl StoreThread {
    /// Hands the history over to a thread of its own.
    pub fn start(mut store: Store, clock: Clock, events: UnboundedSender<Event>) -> Self {
        let (orders, queue) = channel();
        let (end, ended) = channel();
        std::thread::spawn(move || {
            while let Ok(order) = queue.recv() {
                // A closed inbox means that the program is ending; what is queued is written all the same.
                let _ = events.send(carry_out(&mut store, clock, order));
            }
            drop(store);
            let _ = end.send(());
        });
        Self { orders, ended }
    }

    /// Writes an operation down.
    pub fn intend(&self, operation: Operation, allow_twin: bool, cap: Option<DayCap>) {
        self.order(Order::Intend(
            operation,
            if allow_twin {
                Twin::Allow
            } else {
                Twin::Refuse
            },
            cap,
        ));
    }

    /// Writes down what became of one.
    pub fn settle(&self, op: OpId, state: OpState) {
        self.order(Order::Settle(op, state));
    }

    /// Reads the page before a row, or the newest one.
    pub fn load_page(&self, before: Option<i64>) {
        self.order(Order::LoadPage(before));
    }

    /// Keeps a draft.
    pub fn save_draft(&self, draft: Draft) {
        self.order(Order::SaveDraft(draft));
    }

    /// Waits until all orders are carried out and the history is closed, but no longer than this.
    pub fn finish(self, patience: Duration) {
        drop(self.orders);
        match self.ended.recv_timeout(patience) {
            Ok(()) | Err(RecvTimeoutError::Disconnected | RecvTimeoutError::Timeout) => {}
        }
    }

    fn order(&self, order: Order) {
        // The thread ends before the queue only by a panic, which ends the program in its own way.
        let _ = self.orders.send(order);
    }
}

fn carry_out(store: &mut Store, clock: Clock, order: Order) -> Event {
    let failed = |error: StoreError| Failure::from(&error);
    match order {
        Order::Intend(operation, twin, cap) => Event::Intended {
            op: operation.id,
            result: store
                .intend_within(&operation, twin, cap)
                .map(Box::new)
                .map_err(failed),
        },
        Order::Settle(op, state) => Event::Settled {
            op,
            result: store
                .settle(op, &state, clock.now())
                .map(Box::new)
                .map_err(failed),
        },
        Order::SaveDraft(draft) => Event::DraftSaved(store.save_draft(&draft).map_err(failed)),
        Order::LoadPage(before) => Event::PageLoaded {
            before,
            result: store.page(before, PAGE).map_err(failed),
        },
    }
}
