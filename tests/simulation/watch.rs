//! Who looks on while a desk lives: counts the yeses, remembers every order, and lets things go wrong.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use tuilio::domain::{Failure, FailureKind, Intent, OpId, OpState, Recipient, Timestamp};
use tuilio::keymap::{Chord, Key};
use tuilio::model::check::Check;
use tuilio::model::compose::Stage;
use tuilio::model::{Ask, Click, Effect, Event, Model};
use tuilio::plain::Spoken;
use tuilio::view::Look;

use crate::ledger::Ledger;
use crate::life::{Mishap, Onlooker};
use crate::line::Line;
use crate::picture;
use crate::secrets::Secrets;
use crate::step::Failing;
use crate::waits::{Waits, is_late};

/// Looks on at one desk.
pub struct Watch {
    pub ledger: Arc<Mutex<Ledger>>,
    pub secrets: Arc<Mutex<Secrets>>,
    line: Arc<Line>,
    before: RefCell<Before>,
    /// What is said, at a desk of lines.
    spoken: Option<(RefCell<Spoken>, Look)>,
    /// What it was like when something was said last.
    heard: RefCell<Option<Model>>,
    /// Events that the line which was typed last stands for and that have not come yet: nothing is said
    /// between them.
    pub awaits: Cell<usize>,
    /// The program ends after so many more orders.
    pub fuse: Cell<Option<u32>>,
    /// What fails at the history, and how often.
    pub failing: Cell<Option<(Failing, u32)>>,
    /// Operations that were found at Twilio, or were answered from there.
    found: RefCell<BTreeSet<OpId>>,
    /// A person said yes to a text that is held back for a while.
    yes_to_held: Cell<bool>,
    /// What waits and would go on by itself.
    waits: RefCell<Waits>,
    /// When a person said yes to sending once more what is looked for first.
    yes_to_more: RefCell<BTreeMap<OpId, Timestamp>>,
}

#[derive(Default)]
struct Before {
    event: String,
    /// A key that was not held, or a click.
    by_hand: bool,
    pasted: bool,
    held_key: bool,
    /// `y`, a click, or an entry of the palette.
    firm: bool,
    /// Twilio answered the look for this one.
    answered: Option<OpId>,
    held: bool,
    /// Checks that have ended, by whom and when they were begun.
    ended: Vec<Identity>,
}

impl Watch {
    pub fn new(
        ledger: Arc<Mutex<Ledger>>,
        secrets: Arc<Mutex<Secrets>>,
        line: Arc<Line>,
        spoken: Option<Look>,
    ) -> Self {
        Self {
            ledger,
            secrets,
            line,
            before: RefCell::default(),
            spoken: spoken.map(|look| (RefCell::default(), look)),
            heard: RefCell::default(),
            awaits: Cell::new(0),
            fuse: Cell::new(None),
            failing: Cell::new(None),
            found: RefCell::default(),
            yes_to_held: Cell::new(false),
            waits: RefCell::default(),
            yes_to_more: RefCell::default(),
        }
    }

    /// How much of what waits will be overslept when the machine wakes up then.
    pub fn oversleeps(&self, wakes: Timestamp) -> usize {
        self.waits.borrow().overslept(wakes)
    }

    /// A yes to sending once more may wait for a look. Only a person gives one.
    fn hear_yes(&self, ledger: &mut Ledger, before: &Before, model: &Model) {
        let said: Vec<OpId> = ledger.truths.keys().copied().collect();
        let said = said
            .into_iter()
            .filter(|op| model.searches.said(*op).is_some());
        let mut was = self.yes_to_more.replace(BTreeMap::new());
        for op in said {
            let at = was.remove(&op).unwrap_or_else(|| {
                if !before.firm {
                    let what = format!("{} made {op} be sent once more", before.event);
                    ledger.broken("a second send needs a yes of its own", what);
                }
                model.now
            });
            self.yes_to_more.borrow_mut().insert(op, at);
        }
    }

    /// What there is to be said by lines, and nothing of it must not be.
    fn listen(&self, model: &Model) {
        let Some((spoken, look)) = &self.spoken else {
            return;
        };
        if self.awaits.get() > 0 {
            return;
        }
        // A clock that goes on says nothing new.
        let at_its_time = Model {
            now: Timestamp::UNIX_EPOCH,
            ..model.clone()
        };
        if self.heard.borrow().as_ref() == Some(&at_its_time) {
            return;
        }
        self.heard.replace(Some(at_its_time));
        let said = spoken.borrow_mut().news(model, *look);
        let mut ledger = self.ledger.lock().unwrap();
        let secrets = self.secrets.lock().unwrap();
        for line in said {
            ledger.saw(&line);
            if let Some(found) = secrets.found_in(&line) {
                ledger.broken(
                    "no secret and no code in what is said",
                    format!("{found}: {line}"),
                );
            }
            if !line.chars().all(picture::is_harmless) {
                ledger.broken("nothing steers the terminal", line);
            }
        }
    }
}

/// Which check it is.
type Identity = (Recipient, Timestamp, Option<OpId>);

/// Two checks of one number may have been taken up again in one moment, so their sends tell them apart.
fn identity(check: &Check) -> Identity {
    (check.to.clone(), check.started_at, check.last_send)
}

fn held(model: &Model) -> bool {
    matches!(model.compose.stage, Stage::Held { .. })
}

impl Onlooker for Watch {
    fn comes(&self, event: &Event, model: &Model) {
        let (key, held_key) = match event {
            Event::Key { chord, held } => (Some(*chord), *held),
            Event::Clicked(Click::Press(chord)) => (Some(*chord), false),
            _ => (None, false),
        };
        let clicked = matches!(event, Event::Clicked(_));
        let palette = matches!(model.overlay, Some(tuilio::model::Overlay::Palette(_)));
        *self.before.borrow_mut() = Before {
            event: format!("{event:?}"),
            by_hand: (key.is_some() && !held_key) || clicked,
            pasted: matches!(event, Event::Pasted(_)),
            held_key,
            firm: key == Some(Chord::plain(Key::Char('y')))
                || clicked
                || (palette && key == Some(Chord::plain(Key::Enter))),
            answered: match event {
                Event::Replied {
                    ask: Ask::Search(op),
                    result: Ok(_),
                } => Some(*op),
                _ => None,
            },
            held: held(model),
            ended: model
                .verify
                .checks
                .iter()
                .filter(|check| !check.is_unfinished())
                .map(identity)
                .collect(),
        };
        let mut ledger = self.ledger.lock().unwrap();
        if let Some(secret) = self
            .secrets
            .lock()
            .unwrap()
            .found_in(&self.before.borrow().event)
        {
            ledger.broken(
                "no secret and no code in an event's Debug",
                format!("{secret} in {}", self.before.borrow().event),
            );
        }
        match event {
            Event::Intended {
                result: Err(failure),
                ..
            } if failure.kind == FailureKind::OutcomeUnknown => {
                ledger.counters.count("twins refused");
            }
            Event::Settled {
                op,
                result: Ok(row),
            } => {
                ledger.unwritten.remove(op);
                let open = matches!(row.state, OpState::Unknown(_));
                if open && self.found.borrow().contains(op) {
                    ledger.counters.count("finds of another row");
                }
            }
            Event::Settled { op, result: Err(_) } => {
                ledger.unwritten.insert(*op);
                ledger.counters.count("outcome not written");
            }
            Event::Kept(Err(_)) | Event::KeysRead(Err(_)) => {
                ledger.counters.count("keyring failed");
            }
            Event::Deleted(Ok(ops)) => ledger.deleted.extend(ops.iter().copied()),
            Event::PhoneRang(_) => ledger.counters.count("pretend phone rang"),
            Event::Key { held: true, .. } => ledger.counters.count("held keys"),
            _ => {}
        }
    }

    fn came(&self, effects: &[Effect], model: &Model) {
        let before = self.before.borrow();
        if before.by_hand {
            self.yes_to_held
                .set(held(model) && (!before.held || self.yes_to_held.get()));
        }
        let mut ledger = self.ledger.lock().unwrap();
        let reopened = model
            .verify
            .checks
            .iter()
            .find(|check| check.is_unfinished() && before.ended.contains(&identity(check)));
        if let Some(check) = reopened.filter(|_| !before.by_hand) {
            ledger.broken(
                "no late news reopens a check that has ended",
                format!("{} led to {:?}", before.event, check.stage),
            );
        }
        let mut sends = 0;
        for effect in effects {
            let said = format!("{effect:?}");
            ledger.saw(&said);
            if let Some(secret) = self.secrets.lock().unwrap().found_in(&said) {
                ledger.broken(
                    "no secret and no code in an order's Debug",
                    format!("{secret} in {said}"),
                );
            }
            match effect {
                Effect::Settle {
                    op,
                    state: OpState::Settled(_),
                } => {
                    self.found.borrow_mut().insert(*op);
                }
                Effect::Settle {
                    state: OpState::NotSent(failure),
                    ..
                } if failure.is_overslept() => ledger.counters.count("a request was overslept"),
                _ => {}
            }
            let Effect::Intend {
                operation,
                again_after,
                ..
            } = effect
            else {
                continue;
            };
            let is_text = matches!(operation.intent, Intent::Text(_));
            let asks = is_text || matches!(operation.intent, Intent::VerifyStart(_));
            // What was held back is a text: a code that is sent meanwhile leaves its yes alone.
            let was_held = is_text && before.held && self.yes_to_held.get();
            let waits = self.waits.borrow();
            let waited = (!is_text || was_held)
                .then(|| waits.of(&operation.intent))
                .flatten();
            let looked = again_after
                .filter(|first| before.answered == Some(*first))
                .and_then(|first| self.yes_to_more.borrow().get(&first).copied())
                .is_some_and(|said| !is_late(said, model.now));
            let yes = !asks || before.by_hand || waited.is_some() || looked;
            sends += u32::from(asks);
            if is_text {
                self.yes_to_held.set(false);
            }
            let content = ledger.ordered(operation, *again_after, yes, self.line.now());
            if let Some(wait) = waited.filter(|_| !before.by_hand) {
                wait.goes_on(&mut ledger, operation.id, model.now);
            }
            if before.held_key && asks && !was_held {
                ledger.broken(
                    "a key that is held sends nothing",
                    format!("{} sent {content}", before.event),
                );
            }
            if let Some(first) = again_after {
                if self.found.borrow().contains(first) {
                    let what = format!("{} sent {content} again after {first}", before.event);
                    ledger.broken("what was found is not sent again", what);
                }
                ledger.counters.count("sent again on a yes");
                if !before.firm && looked {
                    ledger.counters.count("sent again after a last look");
                } else if !before.firm {
                    ledger.broken(
                        "a second send needs a yes of its own",
                        format!("{} sent {content} again", before.event),
                    );
                }
            }
        }
        if sends > 1 {
            ledger.broken(
                "one yes sends one thing",
                format!("{} sent {sends}", before.event),
            );
        }
        self.hear_yes(&mut ledger, &before, model);
        let looked = before.event.starts_with("LookedBack");
        self.waits
            .borrow_mut()
            .follow(&mut ledger, model, looked && sends == 0);
        drop(ledger);
        if before.by_hand || before.pasted {
            self.awaits.set(self.awaits.get().saturating_sub(1));
        }
        self.listen(model);
    }

    fn befalls(&self, effect: &Effect) -> Mishap {
        if let Some(left) = self.fuse.get() {
            let Some(left) = left.checked_sub(1) else {
                return Mishap::EndsBefore;
            };
            self.fuse.set(Some(left));
            if left == 0 && matches!(effect, Effect::Intend { .. } | Effect::Settle { .. }) {
                return Mishap::EndsAfter;
            }
        }
        let Some((failing, times)) = self.failing.get() else {
            return Mishap::None;
        };
        let hit = match effect {
            Effect::Intend { .. } => failing != Failing::Settle,
            Effect::Settle { .. } => failing != Failing::Intend,
            Effect::LoadPage { .. }
            | Effect::Tally { .. }
            | Effect::LookBack { .. }
            | Effect::Find { .. }
            | Effect::Export { .. }
            | Effect::Delete { .. }
            | Effect::Forget { .. }
            | Effect::SaveDraft(_) => failing == Failing::All,
            _ => false,
        };
        if !hit {
            return Mishap::None;
        }
        self.failing
            .set((times > 1).then_some((failing, times - 1)));
        self.ledger.lock().unwrap().counters.count("history failed");
        Mishap::Fails(Failure::new(FailureKind::Store, "The disk is full."))
    }
}
