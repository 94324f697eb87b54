//! Who sits at a desk: the program starts, ends, dies, and starts again.

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::SignedDuration;
use tuilio::layout::Size;
use tuilio::model::{Model, Setting};
use tuilio::runtime::{Keeper, audit};
use tuilio::store::Store;
use tuilio::view::lines;

use super::folder::copy;
use super::start::Kind;
use super::{Office, Seat};
use crate::desk::Desk;
use crate::life::Onlooker;
use crate::vault::MoodyVault;
use crate::watch::Watch;

impl Office {
    /// The clock by which the next program starts. What is open was written down by the clock of before and
    /// is looked for by this one: where it does not say what that clock was ahead, they are within the minute
    /// by which clocks may be apart.
    fn look_at_the_clock(&mut self) {
        let rows = self.ledger.lock().unwrap().on_disk();
        let mut open = rows.values().filter(|row| !row.is_settled());
        if open.any(|row| !row.is_placed) {
            let apart = SignedDuration::from_secs(30);
            self.ahead = self.set_to.clamp(self.steady - apart, self.steady + apart);
        } else {
            self.ahead = self.set_to;
            self.steady = self.set_to;
        }
    }

    /// Starts the program.
    pub(super) fn sit_down(&mut self, at: usize) {
        self.look_at_the_clock();
        let store = Store::open(&self.home).unwrap();
        self.ledger
            .lock()
            .unwrap()
            .read_from(&self.home.join("history.db"));
        let vault: Arc<MoodyVault> = Arc::clone(&self.vault);
        let keeper = Keeper::new(vault, self.root.join("config.toml"));
        let mut desk = Desk::around(
            Arc::clone(&self.line),
            Rc::clone(&self.tokio),
            store,
            keeper,
            false,
        );
        let kind = self.kinds[at];
        let size = match kind {
            Kind::Lines => lines::SIZE,
            Kind::Screen | Kind::Demo => Size {
                width: 80,
                height: 24,
            },
        };
        let setting = Setting {
            plain: kind == Kind::Lines,
            demo: kind == Kind::Demo,
            ..self.setting.clone()
        };
        let now = self.now() + self.ahead;
        desk.model = Model::new(setting, self.policy.clone(), size, now);
        desk.look = self.look;
        desk.looks_at_all_sizes = false;
        desk.ahead = self.ahead;
        let alive = Arc::new(AtomicBool::new(true));
        let session = tuilio::store::Journal::session(&desk.store);
        desk.road = self.road(&alive, session);
        let watch = Rc::new(Watch::new(
            Arc::clone(&self.ledger),
            Arc::clone(&self.secrets),
            Arc::clone(&self.line),
            (kind == Kind::Lines).then_some(self.look),
        ));
        desk.onlooker = Some(Rc::clone(&watch) as Rc<dyn Onlooker>);
        {
            let mut ledger = self.ledger.lock().unwrap();
            ledger.living.insert(session);
            let orphans = ledger.on_disk();
            let orphans = orphans.iter().filter(|(op, row)| {
                row.state == "intended" && !ledger.living.contains(&op.session)
            });
            let orphans = orphans.count();
            for _ in 0..orphans {
                ledger.counters.count("recovered by another run");
            }
        }
        self.seats[at] = Some(Seat {
            desk,
            watch,
            alive,
            session,
            spoken: kind == Kind::Lines,
        });
        let (keys, connection) = self.keys();
        let seat = self.seats[at].as_mut().unwrap();
        seat.desk.open();
        // The keyring is asked when its history is open: what was taken over is sealed with what comes next.
        if let Ok(Some(key)) = audit::read(&*self.vault) {
            let now = seat.desk.now();
            seat.desk.store.seal_with(key, None, now).unwrap();
        }
        seat.desk.connect(&keys, connection);
        if self.seats.iter().flatten().count() == 2 {
            self.ledger
                .lock()
                .unwrap()
                .counters
                .count("two desks at once");
        }
    }

    /// Those that died are gone; whether there were any.
    pub(super) fn bury(&mut self) -> bool {
        let mut any = false;
        for at in 0..self.seats.len() {
            if self.seats[at].as_ref().is_some_and(|seat| seat.desk.dead) {
                any = true;
                self.end(at, true);
            }
        }
        any
    }

    /// Desks whose agents have left are closed.
    pub(super) fn clear(&mut self) {
        use tuilio::model::Effect;
        for at in 0..self.seats.len() {
            let left = self.seats[at].as_ref().is_some_and(|seat| {
                let mut left = seat.desk.left.iter();
                left.any(|effect| matches!(effect, Effect::Quit | Effect::StartDemo))
            });
            if left {
                self.end(at, false);
            }
        }
    }

    pub(super) fn end(&mut self, at: usize, crash: bool) {
        let Some(seat) = self.seats[at].take() else {
            return;
        };
        seat.alive.store(false, Ordering::SeqCst);
        {
            let mut ledger = self.ledger.lock().unwrap();
            ledger.living.remove(&seat.session);
            if crash {
                ledger.counters.count("crashes");
                let rows = ledger.on_disk();
                let between = ledger.truths.iter().filter(|(op, truth)| {
                    op.session == seat.session
                        && truth.open_posts > 0
                        && rows.get(op).is_some_and(|row| row.state == "intended")
                });
                for _ in 0..between.count() {
                    ledger.counters.count("crashes between POST and settle");
                }
            }
        }
        let alone = self.seats.iter().all(Option::is_none) && self.scripts_ended();
        if crash && self.as_it_lay && alone {
            self.homes += 1;
            let home = self.root.join(format!("home-{}", self.homes));
            copy(&self.home, &home);
            self.home = home;
            let mut ledger = self.ledger.lock().unwrap();
            ledger.look_away();
            ledger.counters.count("crashes found as the folder lay");
            ledger.read_from(&self.home.join("history.db"));
        }
        drop(seat);
    }

    pub(super) fn scripts_ended(&mut self) -> bool {
        self.scripts.retain(|(script, _)| !script.is_finished());
        self.scripts.is_empty()
    }

    pub(super) fn front(&mut self) -> &mut Seat {
        if self.seats[self.at].is_none() {
            self.sit_down(self.at);
        }
        self.seats[self.at].as_mut().unwrap()
    }
}
