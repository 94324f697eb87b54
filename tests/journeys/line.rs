//! The way from the desk's client to the simulated Twilio, in simulated time.

use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;
use tuilio::domain::Timestamp;
use tuilio::model::Ask;
use tuilio::simulator::{Fate, World};
use tuilio::twilio::transport::{Sending, Transport, TransportError};
use tuilio::twilio::wire::{Request, Response};

/// How the requests of a question travel.
pub(crate) type Road = Rc<dyn Fn(Ask) -> Arc<dyn Transport>>;

/// The way to the world, and what went along it.
pub(crate) struct Line {
    pub(crate) world: Mutex<World>,
    start: Timestamp,
    began: Instant,
    /// How long the machine has slept, in milliseconds: timers stood still meanwhile, as on Linux.
    slept: AtomicU64,
    /// It falls asleep.
    pub(crate) nods_off: Notify,
    pub(crate) log: Mutex<Vec<Request>>,
}

impl Line {
    /// From this moment on; to be called within tokio.
    pub(crate) fn new(world: World, start: Timestamp) -> Self {
        Self {
            world: Mutex::new(world),
            start,
            began: Instant::now(),
            slept: AtomicU64::new(0),
            nods_off: Notify::new(),
            log: Mutex::default(),
        }
    }

    pub(crate) fn at(&self, instant: Instant) -> Timestamp {
        self.start + instant.duration_since(self.began) + self.slept()
    }

    pub(crate) fn instant(&self, at: Timestamp) -> Instant {
        let passes = Duration::try_from(self.start.duration_until(at)).unwrap_or_default();
        self.began + passes.saturating_sub(self.slept())
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.at(Instant::now())
    }

    /// How long the machine has slept in all.
    pub(crate) fn slept(&self) -> Duration {
        Duration::from_millis(self.slept.load(Ordering::SeqCst))
    }

    /// The clock of a client that goes on while the machine sleeps.
    pub(crate) fn steady(&self) -> Duration {
        self.began.elapsed() + self.slept()
    }

    /// The machine sleeps: time passes, and nothing here runs. What is on its way arrives meanwhile.
    pub(crate) async fn sleep(&self, time: Duration) {
        self.nods_off.notify_waiters();
        // Those who are on their way are each let run before time goes on.
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        let time = u64::try_from(time.as_millis()).unwrap();
        self.slept.fetch_add(time, Ordering::SeqCst);
    }

    /// A request arrives: what comes back, and how long the world takes for it.
    pub(crate) fn arrive(&self, request: &Request) -> (Duration, Result<Response, TransportError>) {
        self.log.lock().unwrap().push(request.clone());
        self.arrive_at(&mut self.world.lock().unwrap(), request)
    }

    /// The same at another world, of which nothing is logged.
    pub(crate) fn arrive_at(
        &self,
        world: &mut World,
        request: &Request,
    ) -> (Duration, Result<Response, TransportError>) {
        let fate = world.handle(self.now(), request);
        let lost = |why: &str| Err(TransportError::Lost(why.to_owned()));
        match fate {
            Fate::Answer { response, delay } => (delay, Ok(response)),
            Fate::Cut { delay } => (delay, lost("the connection closed before an answer")),
            Fate::CutMidBody { delay, .. } => {
                (delay, lost("the connection closed within the answer"))
            }
        }
    }
}

/// A way without mishaps of its own, for the client.
#[derive(Clone)]
pub(crate) struct Wire(Arc<Line>);

impl Wire {
    pub(crate) fn road(line: &Arc<Line>) -> Road {
        let line = Arc::clone(line);
        Rc::new(move |_| Arc::new(Self(Arc::clone(&line))))
    }
}

impl Transport for Wire {
    fn send(&self, request: Request) -> Sending<'_> {
        Box::pin(async move {
            let (delay, result) = self.0.arrive(&request);
            tokio::time::sleep(delay).await;
            result
        })
    }
}
