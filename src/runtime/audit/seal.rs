//! When the key comes to the history, and when the keyring remembers how far the audit has come.
//!
//! The key comes as soon as keys are read or kept. From then on a thread of its own has the keyring remember the
//! last line: a moment after something was written, at most once in [`GAP`], and when the program ends. Nobody
//! waits for it but the end, and that not for long. It wakes up only where something was written.
//!
//! Invariant: the keyring is never told to remember a line of an audit that does not hold the line which it
//! remembers. What a person accepts elsewhere meanwhile is taken up with the next thing that is written.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::keyring::{obtain, read, remember, remembered};
use crate::runtime::store::{Order, Seal};
use crate::store::{Key, Point};
use crate::vault::{DEADLINE, Vault, VaultError};

/// So long is between two things that the keyring is told while the program runs.
const GAP: Duration = Duration::from_secs(3);
/// So long the end of the program waits for a keyring that has answered until then.
const PATIENCE: Duration = Duration::from_secs(5);

/// Brings the key from the keyring to the history.
pub struct Sealer {
    orders: Sender<Order>,
    may_make: bool,
    /// Where the history lies; none in memory.
    place: Option<PathBuf>,
    witness: Witness,
}

impl Sealer {
    /// Orders go there. A key may be made where no line was made with one.
    pub fn new(
        orders: Sender<Order>,
        may_make: bool,
        place: Option<PathBuf>,
        witness: Witness,
    ) -> Self {
        Self {
            orders,
            may_make,
            place,
            witness,
        }
    }

    /// Reads the key, or makes it, and hands it over; then has the keyring remember how far the audit is, now
    /// and later.
    pub fn seal(&self, vault: &Arc<dyn Vault>) {
        let Ok(Some(key)) = obtain(vault.as_ref(), self.may_make) else {
            self.compare(vault);
            return;
        };
        let Some(folder) = &self.place else {
            // Nobody is left to change a history in memory.
            let (sealed, _) = channel();
            let _ = self.orders.send(Order::Seal(Seal {
                key,
                remembered: None,
                sealed,
            }));
            return;
        };
        let round = Round {
            orders: self.orders.clone(),
            vault: Arc::clone(vault),
            folder: folder.clone(),
        };
        // Before, so that nothing is missed that is written in between.
        self.witness.watch(round.clone());
        // Whoever does not know what was sealed, seals nothing.
        let _ =
            remembered(vault.as_ref(), folder).and_then(|known| round.bring(key, known.as_ref()));
    }
}

impl Sealer {
    /// Without a key nothing is sealed; that a line is gone which is remembered is to be known all the same.
    fn compare(&self, vault: &Arc<dyn Vault>) {
        let place = self.place.as_ref();
        let known = place.and_then(|place| remembered(vault.as_ref(), place).ok().flatten());
        if let Some(remembered) = known {
            let (sealed, answer) = channel();
            let _ = self.orders.send(Order::Remember { remembered, sealed });
            let _ = answer.recv_timeout(DEADLINE);
        }
    }
}

/// Has the keyring remember what is written from now on.
#[derive(Clone, Default)]
pub struct Witness {
    wakes: Arc<Mutex<Option<Sender<Wake>>>>,
}

/// What the thread is told.
enum Wake {
    /// Something was written.
    Written,
    /// To end, and who waits for it.
    End(Sender<()>),
}

impl Witness {
    /// Something was ordered to be written.
    pub fn written(&self) {
        self.tell(Wake::Written);
    }

    /// The keyring is told what it was not told yet, if it answers soon.
    pub fn end(&self) {
        let (ended, answer) = channel();
        self.tell(Wake::End(ended));
        // Where nobody listens, nobody holds the other end.
        let _ = answer.recv_timeout(PATIENCE);
    }

    fn tell(&self, wake: Wake) {
        let wakes = self.wakes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(wakes) = &*wakes {
            // One whose keyring has failed has ended.
            let _ = wakes.send(wake);
        }
    }

    /// From now on, with this keyring.
    fn watch(&self, round: Round) {
        let (wakes, waking) = channel();
        *self.wakes.lock().unwrap_or_else(PoisonError::into_inner) = Some(wakes);
        // Without a thread it stays at what was remembered at the start.
        let _ = std::thread::Builder::new()
            .name("witness".to_owned())
            .spawn(move || round.go(&waking));
    }
}

/// What is done again and again.
#[derive(Clone)]
struct Round {
    orders: Sender<Order>,
    vault: Arc<dyn Vault>,
    folder: PathBuf,
}

impl Round {
    fn go(&self, waking: &Receiver<Wake>) {
        let mut told = Instant::now();
        while let Ok(Wake::Written) = waking.recv() {
            let mut end = None;
            while end.is_none() {
                match waking.recv_timeout((told + GAP).saturating_duration_since(Instant::now())) {
                    Ok(Wake::Written) => {}
                    Ok(Wake::End(ended)) => end = Some(ended),
                    Err(RecvTimeoutError::Timeout) => break,
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
            // One that is locked is not asked again and again: it may be asking a person. What is none of ours in
            // its place may be put right.
            if !matches!(self.tell(), Ok(()) | Err(VaultError::BadData)) || end.is_some() {
                return;
            }
            told = Instant::now();
        }
    }

    /// Has the keyring remember the last line, where the one is there that it remembers. Where the key is not in
    /// use, since that line was not there before, it is brought again.
    fn tell(&self) -> Result<(), VaultError> {
        let Some(known) = remembered(self.vault.as_ref(), &self.folder)? else {
            // It was erased meanwhile.
            return Ok(());
        };
        let (sealed, answer) = channel();
        let remembered = known.clone();
        let _ = self.orders.send(Order::Remember { remembered, sealed });
        if let Ok(Some(point)) = answer.recv() {
            return self.keep(&point, Some(&known));
        }
        match read(self.vault.as_ref())? {
            Some(key) => self.bring(key, Some(&known)),
            None => Ok(()),
        }
    }

    /// Hands the key over, and has the keyring remember what was sealed with it.
    fn bring(&self, key: Key, known: Option<&Point>) -> Result<(), VaultError> {
        let (sealed, answer) = channel();
        let remembered = known.cloned();
        // The history may be closed by now.
        let _ = self.orders.send(Order::Seal(Seal {
            key,
            remembered,
            sealed,
        }));
        match answer.recv_timeout(DEADLINE) {
            Ok(Some(point)) => self.keep(&point, known),
            _ => Ok(()),
        }
    }

    fn keep(&self, point: &Point, known: Option<&Point>) -> Result<(), VaultError> {
        // Another process may have been quicker; what the keyring remembers already stays true.
        if known.is_some_and(|known| known.number >= point.number) {
            return Ok(());
        }
        remember(self.vault.as_ref(), &self.folder, point)
    }
}
