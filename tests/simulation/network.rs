//! The network between a desk and the simulated Twilio: it delays, loses and reorders as the dice fall.
//!
//! A request that has left is a packet of its own: it goes on when its sender has given up on it or is
//! dead, and may arrive long after. What the client is told is another matter, as it is with a real one.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};
use tuilio::model::Ask;
use tuilio::twilio::transport::{Sending, Transport, TransportError};
use tuilio::twilio::wire::{Method, Request, Response};

use crate::dice::Dice;
use crate::ledger::Ledger;
use crate::line::Line;

/// How long the shipped client waits for an answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// How bad the network is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    Calm,
    Rough,
    Storm,
}

/// What becomes of one request on its way.
#[derive(Debug, Clone, Copy)]
pub struct Passage {
    /// The connection never stands.
    refused: bool,
    there: Duration,
    back: Duration,
    arrives: bool,
    answered: bool,
    /// It is still in the sender's own buffers: it goes with it.
    goes_with_sender: bool,
    /// The answer is one of so long ago, where it is a list.
    lag: Duration,
}

impl Passage {
    /// It arrives nowhere, and nobody is told.
    pub fn nowhere() -> Self {
        Self {
            refused: false,
            there: Duration::ZERO,
            back: PATIENCE,
            arrives: false,
            answered: false,
            goes_with_sender: false,
            lag: Duration::ZERO,
        }
    }

    pub fn draw(weather: Weather, method: Method, dice: &mut Dice) -> Self {
        let quick = |dice: &mut Dice| Duration::from_millis(dice.pick(&[1, 20, 80, 300]));
        let mut passage = Self {
            refused: false,
            there: quick(dice),
            back: quick(dice),
            arrives: true,
            answered: true,
            goes_with_sender: dice.in_hundred(40),
            lag: Duration::ZERO,
        };
        let chance = match weather {
            Weather::Calm => return passage,
            Weather::Rough => 15,
            Weather::Storm => 50,
        };
        passage.lag = Duration::from_secs(dice.pick(&[0, 0, 2, 10, 30]));
        if !dice.in_hundred(chance) {
            return passage;
        }
        match dice.roll(10) {
            0 | 1 => passage.refused = true,
            2 | 3 => passage.arrives = false,
            // The client has long given up when it is stored.
            4 | 5 if method != Method::Get => {
                passage.there = Duration::from_secs(dice.between(11, 90));
            }
            6 => passage.back = Duration::from_secs(dice.between(1, 9)),
            _ => passage.answered = false,
        }
        passage
    }
}

/// The way of one question's requests.
pub struct Way {
    pub line: Arc<Line>,
    pub ledger: Arc<Mutex<Ledger>>,
    pub ask: Ask,
    /// Its desk lives.
    pub alive: Arc<AtomicBool>,
    /// Which of all programs asks.
    pub by: u32,
}

impl Transport for Way {
    fn send(&self, request: Request) -> Sending<'_> {
        Box::pin(async move {
            let now = self.line.now();
            let passage = self.ledger.lock().unwrap().leaves(
                self.ask,
                self.by,
                &request,
                now,
                self.line.slept(),
            );
            if passage.refused {
                sleep(passage.there).await;
                return Err(TransportError::NotSent("connection refused".to_owned()));
            }
            let (answer, answered) = oneshot::channel();
            let packet = Packet {
                line: Arc::clone(&self.line),
                ledger: Arc::clone(&self.ledger),
                alive: Arc::clone(&self.alive),
                ask: self.ask,
                passage,
                request,
            };
            tokio::spawn(packet.travel(answer));
            match timeout(PATIENCE, answered).await {
                Ok(Ok(result)) => {
                    if let (Ask::Operation(op), Ok(response)) = (self.ask, &result)
                        && response.status == 429
                    {
                        let slept = self.line.slept();
                        self.ledger.lock().unwrap().told_to_wait(op, slept);
                    }
                    result
                }
                Ok(Err(_)) => Err(lost("the connection was reset")),
                Err(_) => Err(lost("no answer within 10 s")),
            }
        })
    }
}

fn lost(why: &str) -> TransportError {
    TransportError::Lost(why.to_owned())
}

struct Packet {
    line: Arc<Line>,
    ledger: Arc<Mutex<Ledger>>,
    alive: Arc<AtomicBool>,
    ask: Ask,
    passage: Passage,
    request: Request,
}

impl Packet {
    async fn travel(self, answer: oneshot::Sender<Result<Response, TransportError>>) {
        let Passage {
            there,
            back,
            arrives,
            answered,
            goes_with_sender,
            lag,
            ..
        } = self.passage;
        tokio::select! {
            biased;
            () = sleep(there) => {}
            // It is no longer this machine's.
            () = self.line.nods_off.notified() => {}
        }
        let alive = self.alive.load(Ordering::SeqCst);
        if !arrives || (goes_with_sender && !alive) {
            self.ledger.lock().unwrap().counters.count("requests lost");
            // Nobody is told, or somebody resets the connection.
            return sleep(back).await;
        }
        let (takes, result) = {
            let mut ledger = self.ledger.lock().unwrap();
            if !alive {
                ledger.counters.count("requests in the air at a crash");
            }
            if there > PATIENCE {
                ledger.counters.count("requests that arrived late");
            }
            ledger.arrives(&self.line, self.ask, &self.request, lag)
        };
        sleep(takes + back).await;
        if answered {
            // The client may have given up.
            let _ = answer.send(result);
        } else {
            self.ledger.lock().unwrap().counters.count("answers lost");
        }
    }
}
