//! The office: desks, their history, the machine that they stand on, and the world outside.
//!
//! Everything that ships is what ships. Only time, chance and mishaps are the simulation's.

mod folder;
mod hands;
mod seats;
mod start;

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::SignedDuration;
use tokio::time::Instant;
use tuilio::domain::connection::{Keys, Source};
use tuilio::domain::{Connection, Policy, Timestamp};
use tuilio::model::Setting;
use tuilio::simulator::{Scene, World};
use tuilio::twilio::wire::Method;
use tuilio::view::Look;

pub use folder::copy;
use start::Kind;

use crate::audit;
use crate::desk::{Desk, START, account};
use crate::dice::Dice;
use crate::invariants;
use crate::ledger::Ledger;
use crate::life::live_together;
use crate::line::{Line, Road};
use crate::network::{Way, Weather};
use crate::picture;
use crate::secrets::Secrets;
use crate::vault::MoodyVault;
use crate::watch::Watch;
use crate::world;

/// Longer than anything that a send may take: what is not known by then is called so.
const QUIET: Duration = Duration::from_mins(25);
/// After so long nothing on the desk has a deadline.
const REST: Duration = Duration::from_hours(5);

/// A desk and those who look on at it.
pub struct Seat {
    pub desk: Desk,
    pub watch: Rc<Watch>,
    alive: Arc<AtomicBool>,
    session: u32,
    /// It is one of lines.
    spoken: bool,
}

/// The office.
pub struct Office {
    root: PathBuf,
    home: PathBuf,
    homes: u32,
    line: Arc<Line>,
    tokio: Rc<tokio::runtime::Runtime>,
    pub ledger: Arc<Mutex<Ledger>>,
    pub secrets: Arc<Mutex<Secrets>>,
    vault: Arc<MoodyVault>,
    /// The history as it was once.
    earlier: Option<PathBuf>,
    kinds: [Kind; 2],
    pub seats: [Option<Seat>; 2],
    at: usize,
    ahead: SignedDuration,
    /// What the clock of the machine has been set to since.
    set_to: SignedDuration,
    /// What it was ahead when nothing was open last.
    steady: SignedDuration,
    policy: Policy,
    setting: Setting,
    look: Look,
    /// For what is looked at, so that leaving out a step changes nothing of the others.
    pub eyes: Dice,
    as_it_lay: bool,
    scripts: Vec<(tokio::task::JoinHandle<()>, Arc<AtomicBool>)>,
}

impl Office {
    /// Opens in a folder of its own.
    pub fn open(root: &Path, seed: u64) -> Self {
        let mut dice = Dice::new(seed ^ 0x5eed);
        let tokio = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        let start: Timestamp = START.parse().unwrap();
        let scene = dice.pick(start::SCENES);
        let has_colleague = scene == "two_desks";
        let scene = Scene::named(scene).unwrap();
        let world = World::new(seed, scene, start);
        let secrets = Secrets::of(&world);
        let line = {
            let _inside = tokio.enter();
            Arc::new(Line::new(world, start))
        };
        std::fs::create_dir_all(root).unwrap();
        let mut office = Self {
            root: root.to_owned(),
            home: root.join("home-0"),
            homes: 0,
            line,
            tokio: Rc::new(tokio),
            ledger: Arc::new(Mutex::new(Ledger::new(Dice::new(seed ^ 0x17)))),
            secrets: Arc::new(Mutex::new(secrets)),
            vault: Arc::new(MoodyVault::with_key(seed)),
            earlier: None,
            kinds: start::kinds(seed),
            seats: [None, None],
            at: 0,
            ahead: SignedDuration::ZERO,
            set_to: SignedDuration::ZERO,
            steady: SignedDuration::ZERO,
            policy: start::policy(&mut dice),
            setting: start::setting(&mut dice),
            look: start::look(&mut dice),
            eyes: Dice::new(seed ^ 0xe7e5),
            as_it_lay: false,
            scripts: Vec::new(),
        };
        office.ledger.lock().unwrap().has_colleague = has_colleague;
        office.sit_down(0);
        office
    }

    /// The time, by the world's clock.
    pub fn now(&self) -> Timestamp {
        let _inside = self.tokio.enter();
        self.line.now()
    }

    /// The desk at the front.
    pub fn seat(&self) -> Option<&Seat> {
        self.seats[self.at].as_ref()
    }

    /// All desks that live.
    pub fn desks(&self) -> impl Iterator<Item = &Desk> {
        self.seats.iter().flatten().map(|seat| &seat.desk)
    }

    /// Looks at the world.
    pub fn with_world<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        look(&self.line.world.lock().unwrap())
    }

    fn keys(&self) -> (Keys, Connection) {
        account(
            &self.line.world.lock().unwrap(),
            Source::Profile("acme".to_owned()),
        )
    }

    fn road(&self, alive: &Arc<AtomicBool>, by: u32) -> Road {
        let (line, ledger) = (Arc::clone(&self.line), Arc::clone(&self.ledger));
        let alive = Arc::clone(alive);
        Rc::new(move |ask| {
            Arc::new(Way {
                line: Arc::clone(&line),
                ledger: Arc::clone(&ledger),
                ask,
                alive: Arc::clone(&alive),
                by,
            })
        })
    }

    /// Looks at the audit of the history.
    pub fn audit(&self) {
        let mut ledger = self.ledger.lock().unwrap();
        let rows = ledger.on_disk();
        let key = self.vault.audit_key();
        audit::is_whole(&mut ledger, &rows, &self.home, key.as_ref());
    }

    /// Keeps the history as it is now aside.
    pub fn keep_aside(&mut self) {
        let aside = self.root.join("earlier");
        copy(&self.home, &aside);
        self.earlier = Some(aside);
    }

    /// When all is over, somebody changes the record.
    pub fn tamper(&mut self) {
        for at in 0..self.seats.len() {
            self.end(at, false);
        }
        let mut ledger = self.ledger.lock().unwrap();
        let (earlier, key) = (self.earlier.as_deref(), self.vault.audit_key());
        audit::tampering_shows(
            &mut ledger,
            &self.home,
            earlier,
            key.as_ref(),
            &mut self.eyes,
        );
    }

    /// Lets time pass for all of them.
    pub fn live(&mut self, time: Duration) {
        let tokio = Rc::clone(&self.tokio);
        let until = {
            let _inside = tokio.enter();
            Instant::now() + time
        };
        let over = || {
            let _inside = tokio.enter();
            Instant::now() >= until
        };
        loop {
            let mut desks: Vec<&mut Desk> = self
                .seats
                .iter_mut()
                .flatten()
                .map(|seat| &mut seat.desk)
                .collect();
            tokio.block_on(live_together(&mut desks, until));
            drop(desks);
            let buried = self.bury();
            self.clear();
            if !buried || over() {
                break;
            }
        }
        let world = self.line.world.lock().unwrap();
        self.secrets.lock().unwrap().learn(&world);
    }

    /// What there is to see when something was broken.
    pub fn show(&self) {
        let now = self.now();
        println!("{now} ahead {:?}", self.ahead);
        for desk in self.desks() {
            println!("{}", desk.screen());
            for row in desk.rows() {
                println!(
                    "{} {:?} {}",
                    row.operation.at,
                    row.operation,
                    picture::state(&row.state)
                );
                println!("    {:?}", row.state);
            }
            for text in desk.messages() {
                println!("{text}");
            }
            for attempt in desk.attempts() {
                println!("{attempt}");
            }
            for request in desk.line.log.lock().unwrap().iter() {
                println!(
                    "{} {} {:?}",
                    request.method.as_str(),
                    request.path,
                    request.query
                );
            }
        }
    }

    /// Everything works again, and everybody waits: what is open comes to an end.
    pub fn come_to_rest(&mut self, glance: bool) {
        {
            let mut ledger = self.ledger.lock().unwrap();
            ledger.weather = Weather::Calm;
        }
        self.vault.fails(false);
        for at in 0..self.seats.len() {
            self.end(at, false);
        }
        self.at = 0;
        self.front();
        self.live(Duration::from_mins(2));
        // Scripts have ended; what they left is for the next start.
        self.end(0, false);
        {
            let (now, faults) = (self.now(), "/simulator/faults");
            let mut world = self.line.world.lock().unwrap();
            world::ask(&mut world, now, Method::Delete, faults, &[], "");
        }
        self.front();
        if !glance {
            self.press("<Esc><Esc><Esc><Esc>");
        }
        self.live(QUIET);
        invariants::everything_has_an_outcome(self);
        self.live(REST);
        invariants::rests(self);
    }
}
