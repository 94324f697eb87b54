//! The office: desks, their history, the machine that they stand on, and the world outside.
//!
//! Everything that ships is what ships. Only time, chance and mishaps are the simulation's.

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::SignedDuration;
use tokio::time::Instant;
use tuilio::domain::connection::{Keys, Source};
use tuilio::domain::policy::{Mode, Quiet, QuietHours};
use tuilio::domain::{
    Connection, Intent, Language, NewMessage, PhoneNumber, Policy, Recipient, Timestamp,
};
use tuilio::keymap::{Chord, Key, Place};
use tuilio::layout::Size;
use tuilio::model::{Event, Model, Pasted, Setting};
use tuilio::runtime::Keeper;
use tuilio::simulator::{Scene, World};
use tuilio::store::Store;
use tuilio::twilio::wire::Method;
use tuilio::view::Look;

use crate::desk::{Desk, START, account, chords};
use crate::dice::Dice;
use crate::invariants;
use crate::ledger::Ledger;
use crate::life::{Onlooker, live_together};
use crate::line::{Line, Road};
use crate::network::{Way, Weather};
use crate::picture;
use crate::script::Script;
use crate::secrets::Secrets;
use crate::step::{self, BODIES, PEOPLE, Step};
use crate::vault::MoodyVault;
use crate::watch::Watch;
use crate::world;

/// Longer than anything that a send may take: what is not known by then is called so.
const QUIET: Duration = Duration::from_mins(25);
/// After so long nothing on the desk has a deadline.
const REST: Duration = Duration::from_hours(5);
const SCENES: &[&str] = &[
    "happy",
    "happy",
    "happy",
    "happy",
    "trial",
    "two_desks",
    "conversation",
    "slow_network",
    "approved_elsewhere",
    "sms_and_calls_only",
];

/// A desk and those who look on at it.
pub struct Seat {
    pub desk: Desk,
    pub watch: Rc<Watch>,
    alive: Arc<AtomicBool>,
    session: u32,
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
        let scene = Scene::named(dice.pick(SCENES)).unwrap();
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
            vault: Arc::default(),
            seats: [None, None],
            at: 0,
            ahead: SignedDuration::ZERO,
            set_to: SignedDuration::ZERO,
            steady: SignedDuration::ZERO,
            policy: policy(&mut dice),
            setting: setting(&mut dice),
            look: look(&mut dice),
            eyes: Dice::new(seed ^ 0xe7e5),
            as_it_lay: false,
            scripts: Vec::new(),
        };
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

    /// The clock by which the next program starts. What is open was written down by the clock of before and
    /// is looked for by this one: then they are within the minute by which clocks may be apart.
    fn look_at_the_clock(&mut self) {
        let rows = self.ledger.lock().unwrap().on_disk();
        if rows.values().any(|row| !row.is_settled()) {
            let apart = SignedDuration::from_secs(30);
            self.ahead = self.set_to.clamp(self.steady - apart, self.steady + apart);
        } else {
            self.ahead = self.set_to;
            self.steady = self.set_to;
        }
    }

    /// Starts the program.
    fn sit_down(&mut self, at: usize) {
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
        let size = Size {
            width: 80,
            height: 24,
        };
        let now = self.now() + self.ahead;
        desk.model = Model::new(self.setting.clone(), self.policy.clone(), size, now);
        desk.look = self.look;
        desk.looks_at_all_sizes = false;
        desk.ahead = self.ahead;
        let alive = Arc::new(AtomicBool::new(true));
        desk.road = self.road(&alive);
        let watch = Rc::new(Watch::new(
            Arc::clone(&self.ledger),
            Arc::clone(&self.secrets),
        ));
        desk.onlooker = Some(Rc::clone(&watch) as Rc<dyn Onlooker>);
        let session = tuilio::store::Journal::session(&desk.store);
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
        });
        let (keys, connection) = self.keys();
        let seat = self.seats[at].as_mut().unwrap();
        seat.desk.open();
        seat.desk.connect(&keys, connection);
        if self.seats.iter().flatten().count() == 2 {
            self.ledger
                .lock()
                .unwrap()
                .counters
                .count("two desks at once");
        }
    }

    fn keys(&self) -> (Keys, Connection) {
        account(
            &self.line.world.lock().unwrap(),
            Source::Profile("acme".to_owned()),
        )
    }

    fn road(&self, alive: &Arc<AtomicBool>) -> Road {
        let (line, ledger) = (Arc::clone(&self.line), Arc::clone(&self.ledger));
        let alive = Arc::clone(alive);
        Rc::new(move |ask| {
            Arc::new(Way {
                line: Arc::clone(&line),
                ledger: Arc::clone(&ledger),
                ask,
                alive: Arc::clone(&alive),
            })
        })
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

    /// Those that died are gone; whether there were any.
    fn bury(&mut self) -> bool {
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
    fn clear(&mut self) {
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

    fn end(&mut self, at: usize, crash: bool) {
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

    fn scripts_ended(&mut self) -> bool {
        self.scripts.retain(|(script, _)| !script.is_finished());
        self.scripts.is_empty()
    }

    fn front(&mut self) -> &mut Seat {
        if self.seats[self.at].is_none() {
            self.sit_down(self.at);
        }
        self.seats[self.at].as_mut().unwrap()
    }

    fn happen(&mut self, event: Event) {
        let seat = self.front();
        seat.desk.events.send(event).unwrap();
        self.live(Duration::from_millis(1));
    }

    fn press(&mut self, keys: &str) {
        for chord in chords(keys) {
            if chord == Chord::plain(Key::Enter)
                && self.front().desk.model.places()[0] == Place::Review
            {
                // A review is read before it is sent.
                self.live(Duration::from_secs(1));
            }
            self.happen(Event::Key { chord, held: false });
        }
    }

    fn paste(&mut self, text: &str) {
        self.happen(Event::Pasted(Pasted(text.to_owned().into())));
    }

    /// Takes a step.
    pub fn take(&mut self, step: &Step) {
        match *step {
            Step::Keys(keys) => self.press(keys),
            Step::Held(key) => {
                for chord in chords(key).repeat(5) {
                    self.happen(Event::Key { chord, held: true });
                }
            }
            Step::Paste(text) => self.paste(text),
            Step::Check(who) => {
                self.press("<Esc><Esc><F7><Esc><Esc>");
                self.paste(PEOPLE[who]);
                self.press("<Enter>");
            }
            Step::Text { to, body } => {
                self.press("<Esc><Esc><F6><Esc><Esc><Esc><Esc>");
                self.paste(PEOPLE[to]);
                self.press("<Enter>");
                self.paste(BODIES[body]);
                self.press("<Enter><Enter>");
            }
            Step::Code { right, pasted } => self.read_out(right, pasted),
            Step::Click { column, row } => {
                let desk = &self.front().desk;
                let click = picture::spots(&desk.model, desk.look).at(column, row);
                if let Some(click) = click {
                    self.happen(Event::Clicked(click));
                }
            }
            Step::Scroll { down } => self.happen(Event::Scrolled { down }),
            Step::Size { width, height } => self.happen(Event::Resized(Size { width, height })),
            Step::Focus(here) => self.happen(Event::Focused(here)),
            Step::Wait(milliseconds) => self.live(Duration::from_millis(milliseconds)),
            Step::Weather(weather) => self.ledger.lock().unwrap().weather = weather,
            Step::Fault { fault, times } => {
                let (method, path, kind, mut more) = step::fault(fault);
                let times = times.to_string();
                more.push(("times", &times));
                self.front().desk.plant(method, path, kind, &more);
            }
            Step::CustomerWrites(who) => self.customer_writes(PEOPLE[who]),
            Step::HistoryFails(failing, times) => {
                self.front().watch.failing.set(Some((failing, times)));
            }
            Step::KeyringFails(fails) => self.vault.fails(fails),
            Step::Connect => self.connect_anew(),
            Step::Crash { after, as_it_lay } => {
                self.as_it_lay = as_it_lay;
                self.front().watch.fuse.set(Some(after));
            }
            Step::Leave => {
                self.press("<Ctrl-Q>");
                if self.seat().is_some() {
                    self.press("y");
                }
                self.end(self.at, false);
            }
            Step::OtherDesk => {
                self.at = 1 - self.at;
                self.front();
                self.live(Duration::from_millis(1));
            }
            Step::Script { to, body } => self.run_script(PEOPLE[to], BODIES[body]),
            Step::Clock(seconds) => {
                self.set_to = SignedDuration::from_secs(seconds);
                self.ledger.lock().unwrap().counters.count("clock set");
            }
        }
    }

    /// The customer of the check on screen reads out the newest code on the phone, or another one.
    fn read_out(&mut self, right: bool, pasted: bool) {
        let model = &self.front().desk.model;
        let (Some(Place::Code), Some(check)) = (model.places().first(), model.verify.check())
        else {
            return;
        };
        let to = match &check.to {
            Recipient::Phone(number) => number.e164().to_owned(),
            Recipient::Email(address) => address.as_str().to_owned(),
        };
        let code =
            self.with_world(|world| world.phone(&to).filter_map(|item| item.code.clone()).last());
        let Some(code) = code else { return };
        let code = if right {
            code
        } else {
            self.ledger.lock().unwrap().counters.count("wrong codes");
            "999999".to_owned()
        };
        if pasted {
            self.paste(&code);
        } else {
            self.press(&code);
        }
        self.live(Duration::from_millis(500));
    }

    fn customer_writes(&mut self, number: &'static str) {
        let heard = self.with_world(|world| world.phone(number).any(|item| item.code.is_none()));
        if heard {
            self.front()
                .desk
                .customer_writes(number, "Thanks \u{1b}[31m");
            self.live(Duration::from_millis(1));
        }
    }

    fn connect_anew(&mut self) {
        let (keys, _) = self.keys();
        let tuilio::domain::connection::Credentials::ApiKey { sid, secret } = &keys.credentials
        else {
            return;
        };
        let account = &keys.account_sid;
        let paste = format!(
            "Account: {account}\nkey is {sid}, secret: {}",
            secret.expose()
        );
        self.press("<Esc><Esc><Esc><F8>c");
        // Keys are pasted where they are asked for, and nowhere else.
        if self
            .seat()
            .is_some_and(|seat| seat.desk.model.setup.is_some())
        {
            self.paste(&paste);
            for _ in 0..8 {
                self.press("<Enter>");
                self.live(Duration::from_secs(2));
                if self
                    .seat()
                    .is_none_or(|seat| seat.desk.model.setup.is_none())
                {
                    break;
                }
            }
        }
    }

    fn run_script(&mut self, to: &str, body: &str) {
        let (keys, connection) = self.keys();
        let sender = connection.sender.unwrap().sender;
        let message = NewMessage::new(PhoneNumber::from_e164(to).unwrap(), sender, body);
        let alive = Arc::new(AtomicBool::new(true));
        let script = Script {
            home: self.home.clone(),
            line: Arc::clone(&self.line),
            ledger: Arc::clone(&self.ledger),
            alive: Arc::clone(&alive),
            keys,
            ahead: self.ahead,
            intent: Intent::Text(message),
        };
        self.ledger.lock().unwrap().counters.count("scripts");
        let task = {
            let _inside = self.tokio.enter();
            tokio::spawn(script.run())
        };
        self.scripts.push((task, alive));
        self.live(Duration::from_millis(1));
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

/// The folder as it lies there, but for what holds no record.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (path, there) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &there);
        } else if !path.to_string_lossy().ends_with("-shm") {
            std::fs::copy(&path, &there).unwrap();
        }
    }
}

fn policy(dice: &mut Dice) -> Policy {
    let never = QuietHours {
        from: jiff::civil::Time::midnight(),
        to: jiff::civil::Time::midnight(),
        then: Quiet::Caution,
    };
    let mut policy = Policy {
        quiet_hours: Some(never),
        ..Policy::default()
    };
    match dice.roll(10) {
        0 => policy.hold_seconds = 5,
        1 => policy.mode = Mode::Trainee,
        2 => policy.idle_lock_minutes = Some(3),
        3 => policy.auto_check = false,
        4 => policy.mask_on_focus_loss = true,
        _ => {}
    }
    policy
}

fn setting(dice: &mut Dice) -> Setting {
    Setting {
        default_country: "US".to_owned(),
        language: dice.pick(&[
            Language::English,
            Language::English,
            Language::Spanish,
            Language::French,
            Language::German,
        ]),
        agent: dice.in_hundred(50).then(|| "kim".to_owned()),
        auto_check: dice.in_hundred(80),
        bell: dice.in_hundred(50),
        kept_in: "/home/desk/history.db".to_owned(),
        configured_in: "/home/desk/config.toml".to_owned(),
        ..Setting::default()
    }
}

fn look(dice: &mut Dice) -> Look {
    Look {
        color: dice.in_hundred(70),
        ascii: dice.in_hundred(30),
        ..Look::default()
    }
}
