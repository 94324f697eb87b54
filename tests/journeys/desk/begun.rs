//! The desks that a story may begin with: the demo, one at work, one with a wrong clock, the next run of one.

use tempfile::TempDir;
use tokio::sync::mpsc::unbounded_channel;
use tuilio::domain::Policy;
use tuilio::domain::policy::{Quiet, QuietHours};
use tuilio::model::Setting;
use tuilio::runtime::Around;
use tuilio::simulator::Scene;
use tuilio::vault::{MemoryVault, Vault};

use super::{
    Arc, Desk, Duration, Event, JoinSet, Keeper, Line, Look, Model, Rc, START, Shelf,
    SignedDuration, Size, Source, Store, Timestamp, World, account,
};
use crate::line::Wire;

impl Desk {
    /// The demo, as `tuilio demo --scene` opens it.
    pub fn demo(scene: &str) -> Self {
        let mut desk = Self::closed(
            scene,
            Store::in_memory().unwrap(),
            keeper_of_nothing(),
            true,
        );
        desk.open();
        let (keys, connection) = desk.account(Source::Demo);
        desk.connect(&keys, connection);
        desk
    }

    /// A desk at work: a profile, no pretend phone.
    pub fn at_work(scene: &str) -> Self {
        Self::with_history(scene, Store::in_memory().unwrap())
    }

    /// A desk at work with the keys of a settings file that says this.
    pub fn with_keys(config: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        std::fs::write(&file, config).unwrap();
        let mut desk = Self::under("");
        desk.model.setting.keymap = tuilio::config::Config::load(&file).unwrap().keymap;
        desk
    }

    /// The next run of the program, once the lead has put a policy file there that says this.
    pub fn run_again_under(self, policy: &str) -> Self {
        let mut desk = self.restarted(|old| old);
        desk.model.policy = policy_of(policy);
        desk
    }

    /// The lead puts a policy file there that says this, while the desk is open.
    pub fn lead_sets(&mut self, policy: &str) -> &mut Self {
        self.happen(Event::PolicyRead(Some(Box::new(policy_of(policy)))));
        self
    }

    /// The first run again, once the lead has put a policy file there that says this.
    pub fn first_run_under(mut self, policy: &str) -> Self {
        self.model.policy = policy_of(policy);
        self.happen(Event::NotConnected);
        self
    }

    /// A desk at work under a policy file that says this.
    pub fn under(policy: &str) -> Self {
        let mut desk = Self::closed(
            "happy",
            Store::in_memory().unwrap(),
            keeper_of_nothing(),
            false,
        );
        desk.model.policy = policy_of(policy);
        desk.open();
        let (keys, connection) = desk.account(Source::Profile("acme".to_owned()));
        desk.connect(&keys, connection);
        desk
    }

    /// A desk at work whose history lies in this folder.
    pub fn on_disk(folder: &TempDir) -> Self {
        Self::with_history("happy", Store::open(folder.path()).unwrap())
    }

    /// The next run of the program on the history in this folder.
    pub fn run_again(self, folder: &TempDir) -> Self {
        self.restarted(|old| {
            drop(old);
            Store::open(folder.path()).unwrap()
        })
    }

    /// Two windows on one history, and the folder that it lies in as long as somebody holds it.
    pub fn two() -> (TempDir, Self, Self) {
        let folder = tempfile::tempdir().unwrap();
        let open = || Store::open(folder.path()).unwrap();
        let desk = Self::with_history("happy", open());
        let other = desk.beside(open());
        (folder, desk, other)
    }

    /// A desk at work over a history that was there before.
    pub fn with_history(scene: &str, store: Store) -> Self {
        Self::with_setting(scene, store, |_| {})
    }

    /// The same, set up in another way.
    pub fn with_setting(scene: &str, store: Store, set: impl FnOnce(&mut Setting)) -> Self {
        let mut desk = Self::unconnected(scene, store, set);
        let (keys, connection) = desk.account(Source::Profile("acme".to_owned()));
        desk.connect(&keys, connection);
        desk
    }

    /// The same before the keyring has answered.
    pub fn unconnected(scene: &str, store: Store, set: impl FnOnce(&mut Setting)) -> Self {
        let mut desk = Self::closed(scene, store, keeper_of_nothing(), false);
        set(&mut desk.model.setting);
        desk.open();
        desk
    }

    /// A desk at work on a machine whose clock is wrong.
    pub fn ahead_by(ahead: SignedDuration) -> Self {
        Self::set_and_ahead_by(ahead, Store::in_memory().unwrap(), |_| {})
    }

    /// The same over a history that was there before, set up in another way.
    pub fn set_and_ahead_by(
        ahead: SignedDuration,
        store: Store,
        set: impl FnOnce(&mut Setting),
    ) -> Self {
        let mut desk = Self::closed("happy", store, keeper_of_nothing(), false);
        set(&mut desk.model.setting);
        desk.ahead = ahead;
        desk.looks_at_all_sizes = false;
        desk.model.now = desk.now();
        desk.open();
        let (keys, connection) = desk.account(Source::Profile("acme".to_owned()));
        desk.connect(&keys, connection);
        desk
    }

    /// A desk that has no keys yet.
    pub fn first_run(vault: Arc<dyn Vault>, config: &std::path::Path) -> Self {
        Self::first_run_on("happy", vault, config)
    }

    /// The same with an account as this scene has it.
    pub fn first_run_on(scene: &str, vault: Arc<dyn Vault>, config: &std::path::Path) -> Self {
        let around = Around {
            twilio_cli: Some(config.with_file_name("twilio-cli.json")),
            environment: false,
        };
        let keeper = Keeper::new(vault, config.to_owned()).looking(around);
        let mut desk = Self::closed(scene, Store::in_memory().unwrap(), keeper, false);
        desk.open();
        desk.happen(Event::NotConnected);
        desk
    }

    /// The agent leaves; the next run of the program finds the history and, at Twilio, the world.
    pub fn restarted(self, store: impl FnOnce(Store) -> Store) -> Self {
        let Self {
            store: old,
            line,
            tokio,
            look,
            ..
        } = self;
        let source = Source::Profile("acme".to_owned());
        let (keys, connection) = account(&line.world.lock().unwrap(), source);
        let mut desk = Self::around(line, tokio, store(old), keeper_of_nothing(), false);
        desk.look = look;
        desk.open();
        desk.connect(&keys, connection);
        desk
    }

    /// Another desk, of another colleague, on the same Twilio at the same time.
    pub fn beside(&self, store: Store) -> Self {
        let (line, tokio) = (Arc::clone(&self.line), Rc::clone(&self.tokio));
        let (keys, connection) = self.account(Source::Profile("acme".to_owned()));
        let mut desk = Self::around(line, tokio, store, keeper_of_nothing(), false);
        desk.open();
        desk.connect(&keys, connection);
        desk
    }

    fn closed(scene: &str, store: Store, keeper: Keeper, demo: bool) -> Self {
        let tokio = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        let start: Timestamp = START.parse().unwrap();
        let world = World::new(7, Scene::named(scene).unwrap(), start);
        let line = {
            let _inside = tokio.enter();
            Line::new(world, start)
        };
        Self::around(Arc::new(line), Rc::new(tokio), store, keeper, demo)
    }

    pub(crate) fn around(
        line: Arc<Line>,
        tokio: Rc<tokio::runtime::Runtime>,
        store: Store,
        keeper: Keeper,
        demo: bool,
    ) -> Self {
        let (events, inbox) = unbounded_channel();
        let setting = Setting {
            demo,
            default_country: "US".to_owned(),
            zone: jiff::tz::TimeZone::UTC,
            agent: None,
            kept_in: "/home/desk/.local/share/tuilio/history.db".to_owned(),
            configured_in: "/home/desk/.config/tuilio/config.toml".to_owned(),
            logged_in: (!demo).then(|| "/home/desk/.local/share/tuilio/log/tuilio.log".to_owned()),
            ..Setting::default()
        };
        let now = {
            let _inside = tokio.enter();
            line.now()
        };
        Self {
            model: Model::new(
                setting,
                wide_awake(),
                Size {
                    width: 80,
                    height: 24,
                },
                now,
            ),
            look: Look::default(),
            looks_at_all_sizes: true,
            pressed: 0,
            copied: Vec::new(),
            left: Vec::new(),
            rings: 0,
            store,
            road: Wire::road(&line),
            line,
            keys: None,
            ahead: SignedDuration::ZERO,
            asked: JoinSet::new(),
            onlooker: None,
            dead: false,
            keeper,
            shelf: Shelf::Examples,
            keyring_takes: Duration::ZERO,
            rang: 0,
            events,
            inbox,
            tokio,
        }
    }
}

/// It is six in the morning in California when the stories begin, and most of them are not about that.
fn wide_awake() -> Policy {
    let never = QuietHours {
        from: jiff::civil::Time::midnight(),
        to: jiff::civil::Time::midnight(),
        then: Quiet::Caution,
    };
    Policy {
        quiet_hours: Some(never),
        ..Policy::default()
    }
}

/// What a policy file that says this comes to.
fn policy_of(text: &str) -> Policy {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("policy.toml");
    std::fs::write(&file, text).unwrap();
    tuilio::config::load_policy(&file)
}

fn keeper_of_nothing() -> Keeper {
    Keeper::new(Arc::new(MemoryVault::default()), std::path::PathBuf::new())
}
